/* test_oauth.c - lib/sasl/oauth, external, cram_md5 */
#include "sasl/mech.h"
#include "test.h"

static struct sasl s;
static const uint8_t *out;
static size_t len;

static void begin(const struct sasl_mech *mech, const struct sasl_creds *c)
{
    static const struct sasl_peer peer = {
        .service = "imap", .host = "server.example.com", .port = 143};

    assert_int_equal(sasl_start(&s, mech, mem_default(), c, &peer, NULL), 0);
}

static int say(const char *challenge)
{
    return sasl_step(&s, (const uint8_t *)challenge, challenge != NULL ? strlen(challenge) : 0,
                     &out, &len, NULL);
}

static void said(const char *challenge, const char *expected, size_t n)
{
    assert_int_equal(say(challenge), 0);
    assert_int_equal(len, n);
    if (n != 0)
        assert_memory_equal(out, expected, n);
}

static struct sasl_creds bearer(const char *token)
{
    struct sasl_creds c = {0};

    c.user = (mla_str){"user@example.com", 16};
    c.token = (mla_str){token, strlen(token)};
    return c;
}

/* RFC 7628 section 4.1 */
static void oauthbearer(void **state)
{
    static const char expected[] =
        "n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer "
        "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1";
    struct sasl_creds c = bearer("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");

    (void)state;
    begin(&sasl_oauthbearer, &c);
    said(NULL, expected, sizeof expected - 1);
    assert_int_equal(s.proof, 1);
    assert_int_equal(sasl_success(&s, NULL), 0);
    sasl_end(&s);
}

/* A09: the error is answered, and a server that says OK behind it is not believed. */
static void an_error_is_answered_A09(void **state)
{
    struct sasl_creds c = bearer("t");

    (void)state;
    begin(&sasl_oauthbearer, &c);
    assert_int_equal(say(""), 0);
    said("{\"status\":\"invalid_token\"}", "\1", 1);
    assert_int_equal(sasl_success(&s, NULL), MLA_E_AUTH);
    assert_int_equal(say("again"), MLA_E_AUTH);
    sasl_end(&s);
    begin(&sasl_xoauth2, &c);
    said(NULL, "user=user@example.com\1auth=Bearer t\1\1", 37);
    assert_int_equal(sasl_success(&s, NULL), 0);
    said("{\"status\":\"401\"}", "", 0);
    assert_int_equal(sasl_success(&s, NULL), MLA_E_AUTH);
    sasl_end(&s);
}

static void tokens_that_would_say_more(void **state)
{
    static const char *const bad[] = {"a\1b", "a b", "a\xc3\xa4", "a\r\n", ""};
    struct sasl_creds c;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        c = bearer(bad[i]);
        begin(&sasl_xoauth2, &c);
        assert_int_equal(say(NULL), MLA_E_ARG);
        assert_int_equal(s.proof, 0);
        sasl_end(&s);
    }
    c = bearer("t");
    c.user = (mla_str){"a\1b", 3};
    begin(&sasl_oauthbearer, &c);
    assert_int_equal(say(NULL), MLA_E_ARG);
    sasl_end(&s);
    c.user = (mla_str){"a", 1};
    c.authzid = (mla_str){"b,\1", 3};
    begin(&sasl_oauthbearer, &c);
    assert_int_equal(say(NULL), MLA_E_ARG);
    sasl_end(&s);
    c.authzid.len = 2;
    begin(&sasl_oauthbearer, &c);
    assert_int_equal(say(NULL), 0);
    assert_memory_equal(out, "n,a=b=2C,\1", 10);
    sasl_end(&s);
}

/* RFC 4422 appendix A, RFC 4505 section 4 */
static void without_a_secret(void **state)
{
    struct sasl_creds c = {0};

    (void)state;
    begin(&sasl_external, &c);
    said(NULL, "", 0);
    assert_int_equal(s.proof, 0);
    assert_int_equal(sasl_success(&s, NULL), 0);
    assert_int_equal(say(""), MLA_E_AUTH);
    sasl_end(&s);
    c.authzid = (mla_str){"fred@example.com", 16};
    begin(&sasl_external, &c);
    said("", "fred@example.com", 16);
    sasl_end(&s);
    c.authzid.len = 0;
    c.user = (mla_str){"sirhc", 5};
    begin(&sasl_anonymous, &c);
    said(NULL, "sirhc", 5);
    assert_int_equal(say(""), MLA_E_AUTH);
    sasl_end(&s);
    c.user.len = 256;
    begin(&sasl_anonymous, &c);
    assert_int_equal(say(NULL), MLA_E_ARG);
    sasl_end(&s);
    c.password = (mla_str){"p", 1};
    assert_int_equal(sasl_fits(&sasl_external, &c), 0);
    assert_int_equal(sasl_fits(&sasl_anonymous, &c), 0);
}

/* RFC 2195 section 2 */
static void cram_md5(void **state)
{
    struct sasl_creds c = {.user = {"tim", 3}, .password = {"tanstaaftanstaaf", 16}};

    (void)state;
    begin(&sasl_cram_md5, &c);
    assert_int_equal(s.proof, 0);
    said("<1896.697170952@postoffice.reston.mci.net>", "tim b913a602c7eda7a495b4e6e7334d3890", 36);
    assert_int_equal(s.proof, 1);
    assert_int_equal(sasl_success(&s, NULL), 0);
    assert_int_equal(say("<1>"), MLA_E_AUTH);
    sasl_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oauthbearer),
        cmocka_unit_test(an_error_is_answered_A09),
        cmocka_unit_test(tokens_that_would_say_more),
        cmocka_unit_test(without_a_secret),
        cmocka_unit_test(cram_md5),
    };

    return cmocka_run_group_tests_name("sasl/oauth", tests, NULL, NULL);
}
