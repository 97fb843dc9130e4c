/* test_constraints.c - lib/net/constraints (T30) */
#include "net/constraints.h"

#include "der_build.h"

enum { DNS = 0x82, EMAIL = 0x81, URI = 0x86, IP = 0x87, DIRECTORY = 0xa4 };
enum { PERMITTED = 0xa0, EXCLUDED = 0xa1 };

static struct built tree(uint8_t tag, const void *base, size_t len)
{
    struct built name = der_put(tag, base, len);

    return der_wrap(DER_SEQUENCE, &name);
}

/* What a CA with this one subtree says to a certificate with this one name and subject. */
static int allows_for(uint8_t list, struct built subtree, const struct built *names,
                      const struct built *subject)
{
    struct built nc = der_wrap(list, &subtree);
    struct built none = {{0}, 0};
    struct built ca_ext = der_extension(30, &nc);
    struct built ext = names->len != 0 ? der_extension(17, names) : none;
    struct built ca_der = der_certificate(&none, &ca_ext);
    struct built der = der_certificate(subject, &ext);
    struct certificate ca;
    struct certificate cert;

    assert_int_equal(certificate_split(ca_der.p, ca_der.len, &ca), 1);
    assert_int_equal(certificate_split(der.p, der.len, &cert), 1);
    assert_int_equal(ca.has_constraints, 1);
    assert_int_equal(constraints_allow(&cert, &ca), 1); /* who says nothing allows all */
    return constraints_allow(&ca, &cert);
}

static int allows(uint8_t list, struct built subtree, uint8_t tag, const void *name, size_t len)
{
    struct built names = der_put(tag, name, len);
    struct built none = {{0}, 0};

    return allows_for(list, subtree, &names, &none);
}

static int dns(uint8_t list, const char *base, const char *name)
{
    return allows(list, tree(DNS, base, strlen(base)), DNS, name, strlen(name));
}

static void dns_names(void **state)
{
    (void)state;
    assert_true(dns(PERMITTED, "example.test", "example.test"));
    assert_true(dns(PERMITTED, "example.test", "Mail.Example.TEST"));
    assert_true(dns(PERMITTED, "example.test", "a.b.example.test"));
    assert_true(dns(PERMITTED, "example.test", "*.example.test"));
    assert_true(dns(PERMITTED, "", "anything.test"));
    assert_false(dns(PERMITTED, "example.test", "badexample.test"));
    assert_false(dns(PERMITTED, "example.test", "test"));
    assert_false(dns(PERMITTED, "example.test", "*.test"));
    assert_false(dns(PERMITTED, "mail.example.test", "*.example.test"));
    assert_false(dns(PERMITTED, "example.test", "example.test.evil.test"));
    assert_true(dns(PERMITTED, ".example.test", "a.example.test"));
    assert_false(dns(PERMITTED, ".example.test", "example.test"));
    assert_false(dns(EXCLUDED, "example.test", "a.example.test"));
    assert_false(dns(EXCLUDED, "", "a.test"));
    assert_true(dns(EXCLUDED, "example.test", "example.org"));
    assert_false(dns(EXCLUDED, "mail.example.test", "*.example.test"));
    assert_true(dns(EXCLUDED, "mail.example.test", "*.example.org"));
    assert_true(dns(EXCLUDED, "a.b.example.test", "*.example.test"));
}

static void addresses(void **state)
{
    static const uint8_t net4[] = {127, 0, 0, 0, 255, 0, 0, 0};
    static const uint8_t net6[32] = {0xfe, 0x80, [16] = 0xff, 0xff};
    static const uint8_t ll[16] = {0xfe, 0x80, [15] = 1};
    static const uint8_t other[16] = {0x20, 1};

    (void)state;
    assert_true(allows(PERMITTED, tree(IP, net4, 8), IP, "\x7f\1\2\3", 4));
    assert_false(allows(PERMITTED, tree(IP, net4, 8), IP, "\x7e\1\2\3", 4));
    assert_false(allows(EXCLUDED, tree(IP, net4, 8), IP, "\x7f\1\2\3", 4));
    assert_true(allows(EXCLUDED, tree(IP, net4, 8), IP, "\x7e\1\2\3", 4));
    assert_true(allows(PERMITTED, tree(IP, net6, 32), IP, ll, 16));
    assert_false(allows(PERMITTED, tree(IP, net6, 32), IP, other, 16));
    assert_false(allows(PERMITTED, tree(IP, net4, 8), IP, ll, 16)); /* no IPv6 was permitted */
    assert_false(allows(EXCLUDED, tree(IP, net4, 7), IP, "\x7e\1\2\3", 4)); /* no mask */
    /* nothing was said about the other kind */
    assert_true(allows(PERMITTED, tree(IP, net4, 8), DNS, "a.test", 6));
    assert_true(allows(PERMITTED, tree(DNS, "a.test", 6), IP, "\x7f\1\2\3", 4));
}

static struct built directory(const char *o)
{
    struct built rdn = der_rdn(10, 12, o, strlen(o));
    struct built seq = der_wrap(DER_SEQUENCE, &rdn);

    return tree(DIRECTORY, seq.p, seq.len);
}

static void subjects(void **state)
{
    struct built none = {{0}, 0};
    struct built subject = der_rdn(10, 19, "example INC", 11);

    (void)state;
    der_add(&subject, der_rdn(3, 12, "mail", 4));
    assert_true(allows_for(PERMITTED, directory("Example Inc"), &none, &subject));
    assert_false(allows_for(PERMITTED, directory("Another"), &none, &subject));
    assert_false(allows_for(EXCLUDED, directory("Example Inc"), &none, &subject));
    assert_true(allows_for(EXCLUDED, directory("Another"), &none, &subject));
    assert_true(allows_for(PERMITTED, directory("Another"), &none, &none)); /* no subject */
}

/* What we do not compare refuses where it concerns the certificate, and only there. */
static void unknown_kinds(void **state)
{
    static const uint8_t email_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01};
    struct built none = {{0}, 0};
    struct built pair = der_put(DER_OID, email_oid, sizeof email_oid);
    struct built seq;
    struct built subject;

    (void)state;
    assert_false(allows(PERMITTED, tree(EMAIL, "a.test", 6), EMAIL, "x@a.test", 8));
    assert_false(allows(EXCLUDED, tree(EMAIL, "a.test", 6), EMAIL, "x@b.test", 8));
    assert_false(allows(PERMITTED, tree(URI, ".a.test", 7), URI, "imap://a.test", 13));
    assert_true(allows(PERMITTED, tree(EMAIL, "a.test", 6), DNS, "b.test", 6));
    der_add(&pair, der_put(22, "x@a.test", 8));
    seq = der_wrap(DER_SEQUENCE, &pair);
    subject = der_wrap(DER_SET, &seq);
    assert_false(allows_for(PERMITTED, tree(EMAIL, "a.test", 6), &none, &subject));
    assert_true(allows_for(PERMITTED, tree(URI, "a.test", 6), &none, &subject));
}

static void what_cannot_be_read_allows_nothing(void **state)
{
    struct built minimum = der_put(DNS, "a.test", 6);
    struct built empty = {{0}, 0};
    struct built ext = der_extension(30, &empty);
    struct built der = der_certificate(&empty, &ext);
    struct certificate c;

    (void)state;
    der_add(&minimum, der_put(0x80, "\1", 1));
    assert_false(allows(PERMITTED, der_wrap(DER_SEQUENCE, &minimum), DNS, "a.test", 6));
    assert_false(allows(PERMITTED, der_put(DER_SET, "", 0), DNS, "a.test", 6));
    assert_false(allows(0xa2, tree(DNS, "a.test", 6), DNS, "a.test", 6));
    assert_int_equal(certificate_split(der.p, der.len, &c), 1);
    assert_false(constraints_allow(&c, &c)); /* constraints of nothing (RFC 5280: MUST NOT be) */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dns_names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(subjects),
        cmocka_unit_test(unknown_kinds),
        cmocka_unit_test(what_cannot_be_read_allows_nothing),
    };

    return cmocka_run_group_tests_name("net/constraints", tests, NULL, NULL);
}
