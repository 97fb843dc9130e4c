/* test_crypt.c - lib/codec/crypt */
#include "codec/crypt.h"
#include "mailaccess/types.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>

static const int hashes[] = {CRYPT_MD5, CRYPT_SHA1, CRYPT_SHA256, CRYPT_SHA512};

static void assert_hex(const uint8_t *got, size_t len, const char *want)
{
    char text[2 * CRYPT_HASH_MAX + 1];

    for (size_t i = 0; i < len; i++)
        snprintf(text + 2 * i, 3, "%02x", got[i]);
    assert_string_equal(text, want);
}

static void hashes_known_texts(void **state)
{
    /* RFC 1321 A.5, RFC 3174 and FIPS 180-2: "abc" */
    static const char *const want[] = {
        "900150983cd24fb0d6963f7d28e17f72",
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
    };
    uint8_t out[CRYPT_HASH_MAX];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(crypt_hash(hashes[i], "abc", 3, out), 0);
        assert_hex(out, crypt_hash_len(hashes[i]), want[i]);
    }
    assert_int_equal(crypt_hash(CRYPT_MD5, NULL, 0, out), 0);
    assert_hex(out, 16, "d41d8cd98f00b204e9800998ecf8427e");
}

static void hashes_in_pieces(void **state)
{
    static const char text[] =
        "octets that come in pieces, more of them than a block of the hash has room "
        "for, whichever it is: 128 octets are the largest, and these are more";
    uint8_t want[CRYPT_HASH_MAX];
    uint8_t got[CRYPT_HASH_MAX];
    struct crypt_running r;
    struct crypt_running nothing = {0};

    (void)state;
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
        for (size_t piece = 1; piece <= sizeof text; piece += 13) {
            assert_int_equal(crypt_hash(hashes[i], text, sizeof text, want), 0);
            assert_int_equal(crypt_begin(&r, hashes[i]), 0);
            for (size_t at = 0; at < sizeof text; at += piece)
                crypt_add(&r, text + at, sizeof text - at < piece ? sizeof text - at : piece);
            crypt_add(&r, NULL, 0);
            assert_int_equal(crypt_end(&r, got), 0);
            assert_memory_equal(got, want, crypt_hash_len(hashes[i]));
        }
    assert_int_equal(crypt_end(&r, got), MLA_E_INTERNAL);
    assert_int_equal(crypt_begin(&r, 99), MLA_E_UNSUPPORTED);
    crypt_add(&r, "x", 1);
    crypt_drop(&r);
    crypt_drop(&nothing);
    assert_int_equal(crypt_begin(&r, CRYPT_SHA256), 0);
    crypt_add(&r, "x", 1);
    crypt_drop(&r);
}

/* In turns of so many rounds; 0: all at once. */
static int derive(int hash, const char *password, size_t password_len, const void *salt,
                  size_t salt_len, uint32_t rounds, uint32_t turn, uint8_t *out)
{
    struct crypt_derive d;
    int rc = crypt_derive_begin(&d, hash, password, password_len, salt, salt_len, rounds);

    while (rc == 0 && turn != 0 && (rc = crypt_derive_run(&d, turn)) == 1) {
        assert_true(rounds > turn);
        rounds -= turn;
        rc = 0;
    }
    if (rc == 0)
        rc = crypt_derive_run(&d, UINT32_MAX);
    if (rc == 0)
        memcpy(out, d.key, crypt_hash_len(hash));
    crypt_derive_drop(&d);
    crypt_derive_drop(&d);
    return rc;
}

static void refuses_unknown_hashes(void **state)
{
    uint8_t out[CRYPT_HASH_MAX];

    (void)state;
    assert_int_equal(crypt_hash(0, "", 0, out), MLA_E_UNSUPPORTED);
    assert_int_equal(crypt_hash(6, "", 0, out), MLA_E_UNSUPPORTED);
    assert_int_equal(crypt_hmac(-1, "", 0, "", 0, out), MLA_E_UNSUPPORTED);
    assert_int_equal(derive(99, "", 0, "", 0, 1, 0, out), MLA_E_UNSUPPORTED);
    assert_int_equal(crypt_hash_len(0), 0);
    assert_int_equal(crypt_hash_len(6), 0);
}

static void makes_hmacs(void **state)
{
    /* RFC 2202 and RFC 4231 case 2; keys longer than the block as in RFC 4231 case 6 */
    static const char *const brief[] = {
        "750c783e6ab0b503eaa86e310a5db738",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
    };
    static const char *const lengthy[] = {
        "bfecaf4efff90a3a668f3922fec3762d",
        "90d0dace1c1bdc957339307803160335bde6df2b",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ("80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
         "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
    };
    static const char what[] = "what do ya want for nothing?";
    static const char larger[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    uint8_t out[CRYPT_HASH_MAX];
    uint8_t key[131];

    (void)state;
    memset(key, 0xaa, sizeof key);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(crypt_hmac(hashes[i], "Jefe", 4, what, sizeof what - 1, out), 0);
        assert_hex(out, crypt_hash_len(hashes[i]), brief[i]);
        assert_int_equal(crypt_hmac(hashes[i], key, 131, larger, sizeof larger - 1, out), 0);
        assert_hex(out, crypt_hash_len(hashes[i]), lengthy[i]);
    }
}

static void derives_keys(void **state)
{
    /* the salt of RFC 7677 section 3 */
    static const uint8_t salt[16] = {0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                     0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};
    uint8_t out[CRYPT_HASH_MAX];
    char many[200];

    (void)state;
    /* RFC 6070, the third case */
    for (uint32_t turn = 0; turn < 5000; turn = turn * 2 + 300) {
        assert_int_equal(derive(CRYPT_SHA1, "password", 8, "salt", 4, 4096, turn, out), 0);
        assert_hex(out, 20, "4b007901b765489abead49d926f721d065a429c1");
    }
    assert_int_equal(derive(CRYPT_SHA256, "pencil", 6, salt, 16, 4096, 0, out), 0);
    assert_hex(out, 32, "c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d");
    memset(many, 'x', sizeof many);
    assert_int_equal(derive(CRYPT_SHA512, many, sizeof many, NULL, 0, 2, 1, out), 0);
    assert_hex(out, 64,
               "7adefd629ef30510889f8443529dd289a5e2650b80961f7aa92e380904e57572"
               "05e561f01a2f17f534cf23fd42710061208b99dbd8e025299ab1f0ae2bb8f0bb");
}

static void random_octets_differ(void **state)
{
    uint8_t a[600] = {0};
    uint8_t b[600] = {0};

    (void)state;
    assert_int_equal(crypt_random(a, sizeof a), 0);
    assert_int_equal(crypt_random(b, sizeof b), 0);
    assert_memory_not_equal(a, b, sizeof a);
    /* every piece of a long request is filled */
    for (size_t at = 0; at + 40 <= sizeof a; at += 40) {
        static const uint8_t zeros[40];

        assert_memory_not_equal(a + at, zeros, 40);
    }
    assert_int_equal(crypt_random(a, 0), 0);
}

static void *hash_often(void *arg)
{
    uint8_t out[CRYPT_HASH_MAX];

    for (int i = 0; i < 200; i++)
        if (derive(CRYPT_SHA256, "a", 1, "b", 1, 5, 0, out) != 0 ||
            crypt_hash(CRYPT_SHA512, "abc", 3, out) != 0 || out[0] != 0xdd)
            return arg;
    return NULL;
}

static void threads_do_not_meet(void **state)
{
    pthread_t t[4];
    void *bad;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hash_often, &t), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(t[i], &bad), 0);
        assert_null(bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_meet), /* first: the library is not ready yet */
        cmocka_unit_test(hashes_known_texts),     cmocka_unit_test(hashes_in_pieces),
        cmocka_unit_test(refuses_unknown_hashes), cmocka_unit_test(makes_hmacs),
        cmocka_unit_test(derives_keys),           cmocka_unit_test(random_octets_differ),
    };

    return cmocka_run_group_tests_name("codec/crypt", tests, NULL, NULL);
}
