/* test_end_point.c - lib/net/end_point; real certificates of each kind, beside another program's
 * reckoning: tests/live/test_ext_binding.py */
#include "net/end_point.h"

#include "codec/crypt.h"
#include "der_build.h"

#define PKCS1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define ECDSA "\x2a\x86\x48\xce\x3d\x04"
#define NIST  "\x60\x86\x48\x01\x65\x03\x04\x02"
#define SHA1  "\x2b\x0e\x03\x02\x1a"

static struct built oid(const char *octets)
{
    return der_put(DER_OID, octets, strlen(octets));
}

static int hash_of(struct built algorithm)
{
    return end_point_hash(der_of(&algorithm));
}

static void hashes_of_signatures(void **state)
{
    static const struct {
        const char *oid;
        int hash;
    } rows[] = {
        {PKCS1 "\x04", CRYPT_SHA256}, /* MD5 */
        {PKCS1 "\x05", CRYPT_SHA256}, /* SHA-1 */
        {PKCS1 "\x0b", CRYPT_SHA256},
        {PKCS1 "\x0c", CRYPT_SHA384},
        {PKCS1 "\x0d", CRYPT_SHA512},
        {PKCS1 "\x0e", 0},            /* SHA-224 is no hash of ours */
        {PKCS1 "\x01", 0},            /* a key is no signature */
        {ECDSA "\x01", CRYPT_SHA256}, /* SHA-1 */
        {ECDSA "\x03\x02", CRYPT_SHA256},
        {ECDSA "\x03\x03", CRYPT_SHA384},
        {ECDSA "\x03\x04", CRYPT_SHA512},
        {ECDSA "\x03\x01", 0},
        {"\x2b\x65\x70", 0}, /* Ed25519 has no hash of its own */
        {PKCS1 "\x0a", 0},   /* RSASSA-PSS without its parameters */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(hash_of(oid(rows[i].oid)), rows[i].hash);
    assert_int_equal(end_point_hash((struct der){NULL, 0}), 0);
    assert_int_equal(end_point_hash((struct der){(const uint8_t *)"\x06\x09\x2a", 3}), 0);
}

/* [tag] { SEQUENCE { oid, more } } */
static struct built tagged(uint8_t tag, const char *name, const struct built *more)
{
    struct built inner = oid(name);
    struct built seq;

    if (more != NULL)
        der_add(&inner, *more);
    seq = der_wrap(DER_SEQUENCE, &inner);
    return tag == DER_SEQUENCE ? seq : der_wrap(tag, &seq);
}

/* The hash of a PSS signature; NULL: left out. */
static int pss(const char *hash, const char *mask)
{
    struct built algorithm = oid(PKCS1 "\x0a");
    struct built params = {{0}, 0};

    if (hash != NULL)
        der_add(&params, tagged(0xa0, hash, NULL));
    if (mask != NULL) {
        struct built of = tagged(DER_SEQUENCE, mask, NULL);

        der_add(&params, tagged(0xa1, PKCS1 "\x08", &of));
    }
    der_add(&algorithm, der_wrap(DER_SEQUENCE, &params));
    return hash_of(algorithm);
}

/* RFC 4055 section 3.1; RFC 5929 section 4.1: more than one hash, and it is undefined. */
static void hashes_of_pss(void **state)
{
    (void)state;
    assert_int_equal(pss(NIST "\x01", NIST "\x01"), CRYPT_SHA256);
    assert_int_equal(pss(NIST "\x02", NIST "\x02"), CRYPT_SHA384);
    assert_int_equal(pss(NIST "\x03", NIST "\x03"), CRYPT_SHA512);
    assert_int_equal(pss(SHA1, SHA1), CRYPT_SHA256);
    assert_int_equal(pss(NULL, NULL), CRYPT_SHA256);
    assert_int_equal(pss(NULL, SHA1), CRYPT_SHA256);
    assert_int_equal(pss(NIST "\x01", NULL), 0);
    assert_int_equal(pss(NIST "\x01", NIST "\x02"), 0);
    assert_int_equal(pss(NIST "\x04", NIST "\x04"), 0);
    assert_int_equal(pss("\x2a", "\x2a"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_of_signatures),
        cmocka_unit_test(hashes_of_pss),
    };

    return cmocka_run_group_tests_name("net/end_point", tests, NULL, NULL);
}
