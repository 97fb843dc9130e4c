/* test_verdict.c - lib/net/verdict */
#include "net/verdict.h"
#include "test.h"

#include <stdio.h>

static void assert_text(const struct verdict *v, const char *host, int have_roots, const char *want)
{
    mla_error err = {0};

    assert_int_equal(verdict_fail(v, host, have_roots, &err), MLA_E_CERT);
    assert_int_equal(err.code, MLA_E_CERT);
    assert_string_equal(err.message, want);
}

static void the_gravest_reason_is_told(void **state)
{
    struct verdict v = {0};

    (void)state;
    verdict_date(v.until, 2002, 1, 31);
    verdict_date(v.since, 2048, 12, 1);
    v.why = 0xffffffff;
    assert_text(&v, "h.test", 1, "the public key of h.test is not the pinned one");
    v.why &= ~(uint32_t)VERDICT_PIN;
    assert_text(&v, "h.test", 1, "the certificate is not for h.test: it names no host");
    v.why &= ~(uint32_t)VERDICT_NAME;
    assert_text(&v, "h.test", 1, "the certificate expired on 2002-01-31");
    v.why &= ~(uint32_t)VERDICT_EXPIRED;
    assert_text(&v, "h.test", 1, "the certificate is not valid before 2048-12-01");
    v.chain = 1;
    assert_text(&v, "h.test", 1,
                "a certificate that vouches for the server's is not valid before 2048-12-01");
    v.chain = 0;
    v.why &= ~(uint32_t)VERDICT_FUTURE;
    assert_text(&v, "h.test", 1, "the certificate has a weak key");
    v.why &= ~(uint32_t)VERDICT_WEAK_KEY;
    assert_text(&v, "h.test", 1, "the certificate is signed with a broken hash");
    v.why &= ~(uint32_t)VERDICT_WEAK_HASH;
    assert_text(&v, "h.test", 1, "the certificate is not meant for a server");
    v.why &= ~(uint32_t)VERDICT_USAGE;
    assert_text(&v, "h.test", 1,
                "a certificate that vouches for the server's may not do so for its names");
    v.why &= ~(uint32_t)VERDICT_CONSTRAINTS;
    assert_text(&v, "h.test", 1, "the certificate of h.test is self-signed");
    v.why &= ~(uint32_t)VERDICT_SELF_SIGNED;
    assert_text(&v, "h.test", 1, "the certificate of h.test is not signed by a root we know");
    assert_text(&v, "h.test", 0,
                "the certificate of h.test is not signed by a root we know (no root certificates "
                "were found on this system)");
    v.why = VERDICT_OTHER;
    assert_text(&v, "h.test", 1, "the certificate of h.test is not acceptable");
}

static void names_are_listed_as_far_as_they_fit(void **state)
{
    struct verdict v = {.why = VERDICT_NAME};
    char name[300];

    (void)state;
    verdict_name(&v, "a.test", 6);
    verdict_name(&v, "b\0\033.test", 8);
    assert_text(&v, "h.test", 1, "the certificate is not for h.test but for a.test, b?\\x1b.test");
    memset(name, 'x', sizeof name);
    verdict_name(&v, name, sizeof name);
    verdict_name(&v, "c.test", 6); /* the order is kept: nothing follows what did not fit */
    assert_text(&v, "h.test", 1,
                "the certificate is not for h.test but for a.test, b?\\x1b.test and 2 more");
    memset(&v, 0, sizeof v);
    v.why = VERDICT_NAME;
    verdict_name(&v, name, sizeof name);
    assert_text(&v, "h.test", 1,
                "the certificate is not for h.test but for a name too long to show and 1 more");
}

static void the_list_never_overflows(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 200; len++) {
        struct verdict v = {.why = VERDICT_NAME};
        char name[200];

        memset(name, 'y', sizeof name);
        for (int i = 0; i < 200; i++)
            verdict_name(&v, name, len);
        assert_in_range(v.names_len, 0, sizeof v.names - 1);
        assert_int_equal(strlen(v.names), v.names_len);
        assert_in_range(v.names_left, 1, 200);
    }
}

static void odd_dates_are_shown_as_such(void **state)
{
    char text[VERDICT_DATE];

    (void)state;
    verdict_date(text, 2026, 2, 3);
    assert_string_equal(text, "2026-02-03");
    verdict_date(text, -1, 2, 3);
    assert_string_equal(text, "an odd date");
    verdict_date(text, 2147483647, 2, 3);
    assert_string_equal(text, "an odd date");
    verdict_date(text, 2026, 13, 3);
    assert_string_equal(text, "an odd date");
    verdict_date(text, 2026, 12, 0);
    assert_string_equal(text, "an odd date");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gravest_reason_is_told),
        cmocka_unit_test(names_are_listed_as_far_as_they_fit),
        cmocka_unit_test(the_list_never_overflows),
        cmocka_unit_test(odd_dates_are_shown_as_such),
    };

    return cmocka_run_group_tests_name("net/verdict", tests, NULL, NULL);
}
