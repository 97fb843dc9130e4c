/* test_choose.c - lib/sasl/choose */
#include "sasl/choose.h"
#include "test.h"

static mla_str words[8];

static struct sasl_creds with_password = {.user = {"u", 1}, .password = {"p", 1}};

static struct sasl_choice offer(const char *a, const char *b, const char *c)
{
    struct sasl_choice choice = {0};
    const char *names[3] = {a, b, c};

    for (size_t i = 0; i < 3 && names[i] != NULL; i++)
        words[choice.word_count++] = (mla_str){names[i], strlen(names[i])};
    choice.words = words;
    choice.creds = &with_password;
    choice.tls = 1;
    return choice;
}

static const char *chosen(const struct sasl_choice *c)
{
    const struct sasl_mech *m = NULL;

    return sasl_choose(c, &m, NULL) == 0 ? m->name : "none";
}

static void takes_the_strongest_announced(void **state)
{
    struct sasl_choice c = offer("LOGIN", "USER", "plain");

    (void)state;
    assert_string_equal(chosen(&c), "PLAIN");
    c = offer("LOGIN", "USER", "GSSAPI");
    assert_string_equal(chosen(&c), "USER");
    c = offer("LOGIN", "X-PLAIN", "GSSAPI");
    assert_string_equal(chosen(&c), "LOGIN");
}

static void strong_ones_come_first(void **state)
{
    struct sasl_choice c = offer("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256");

    (void)state;
    assert_string_equal(chosen(&c), "SCRAM-SHA-256");
    c = offer("SCRAM-SHA-1", "SCRAM-SHA-512", "SCRAM-SHA-256");
    assert_string_equal(chosen(&c), "SCRAM-SHA-512");
    /* never one that binds to a channel, for there is nothing to bind with (A08) */
    c = offer("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", NULL);
    assert_string_equal(chosen(&c), "SCRAM-SHA-1");
    /* what CRAM-MD5 is good for TLS does better */
    c = offer("CRAM-MD5", "LOGIN", NULL);
    assert_string_equal(chosen(&c), "LOGIN");
    c.tls = 0;
    assert_string_equal(chosen(&c), "CRAM-MD5");
    c.cleartext = 1;
    assert_string_equal(chosen(&c), "CRAM-MD5");
    c = offer("CRAM-MD5", "ANONYMOUS", "EXTERNAL");
    assert_string_equal(chosen(&c), "CRAM-MD5");
    c.list = "LOGIN cram-md5";
    assert_string_equal(chosen(&c), "CRAM-MD5");
}

static void credentials_decide(void **state)
{
    struct sasl_creds token = {.user = {"u", 1}, .token = {"t", 1}};
    struct sasl_creds both = {.user = {"u", 1}, .password = {"p", 1}, .token = {"t", 1}};
    struct sasl_creds none = {.user = {"u", 1}};
    struct sasl_choice c = offer("XOAUTH2", "OAUTHBEARER", "PLAIN");
    const struct sasl_mech *m = NULL;

    (void)state;
    assert_string_equal(chosen(&c), "PLAIN");
    c.creds = &token;
    assert_string_equal(chosen(&c), "OAUTHBEARER");
    c.creds = &both;
    assert_string_equal(chosen(&c), "OAUTHBEARER");
    c.tls = 0; /* a token is a password */
    assert_int_equal(sasl_choose(&c, &m, NULL), MLA_E_POLICY);
    /* never a password mechanism with a token */
    c = offer("PLAIN", "SCRAM-SHA-256", "EXTERNAL");
    c.creds = &both;
    assert_string_equal(chosen(&c), "none");
    c.creds = &none;
    assert_string_equal(chosen(&c), "EXTERNAL");
    c = offer("ANONYMOUS", "PLAIN", NULL);
    c.creds = &none;
    assert_string_equal(chosen(&c), "none"); /* only where it is named */
    c.list = "ANONYMOUS";
    assert_string_equal(chosen(&c), "ANONYMOUS");
}

static void takes_only_what_was_announced_A01(void **state)
{
    struct sasl_choice c = offer("GSSAPI", NULL, NULL);
    const struct sasl_mech *m = NULL;
    mla_error err = {0};

    (void)state;
    assert_int_equal(sasl_choose(&c, &m, &err), MLA_E_UNSUPPORTED);
    c.list = "PLAIN LOGIN USER IMAPLOGIN";
    assert_int_equal(sasl_choose(&c, &m, NULL), MLA_E_UNSUPPORTED);
    c.word_count = 0;
    assert_int_equal(sasl_choose(&c, &m, NULL), MLA_E_UNSUPPORTED);
    assert_null(m);
}

static void follows_the_configured_order(void **state)
{
    struct sasl_choice c = offer("PLAIN", "LOGIN", "USER");

    (void)state;
    c.list = " user  PLAIN ";
    assert_string_equal(chosen(&c), "USER");
    c.list = "SCRAM-SHA-999 LOGIN";
    assert_string_equal(chosen(&c), "LOGIN");
    c.list = "IMAPLOGIN";
    assert_string_equal(chosen(&c), "none");
}

static void apop_must_be_named_A11(void **state)
{
    struct sasl_choice c = offer("APOP", NULL, NULL);

    (void)state;
    assert_string_equal(chosen(&c), "none");
    c.list = "APOP";
    assert_string_equal(chosen(&c), "APOP");
    c.tls = 0; /* it shows no password */
    assert_string_equal(chosen(&c), "APOP");
}

static void no_password_without_tls(void **state)
{
    struct sasl_choice c = offer("PLAIN", "LOGIN", "USER");
    const struct sasl_mech *m = NULL;
    mla_error err = {0};

    (void)state;
    c.tls = 0;
    assert_int_equal(sasl_choose(&c, &m, &err), MLA_E_POLICY);
    assert_string_equal(err.message, "no password is sent without TLS");
    c.list = "USER";
    assert_int_equal(sasl_choose(&c, &m, NULL), MLA_E_POLICY);
    c.cleartext = 1;
    assert_string_equal(chosen(&c), "USER");
}

static void credentials_must_fit(void **state)
{
    struct sasl_creds token = {.user = {"u", 1}, .token = {"t", 1}};
    struct sasl_creds boss = with_password;
    struct sasl_choice c = offer("LOGIN", "PLAIN", "USER");

    (void)state;
    c.creds = &token;
    assert_string_equal(chosen(&c), "none");
    boss.authzid = (mla_str){"boss", 4};
    c.creds = &boss;
    c.list = "LOGIN USER PLAIN"; /* only PLAIN can act as somebody else */
    assert_string_equal(chosen(&c), "PLAIN");
}

static void skips_what_was_tried(void **state)
{
    struct sasl_choice c = offer("LOGIN", "PLAIN", "USER");
    uint32_t skipped = 0;

    (void)state;
    c.skipped = &skipped;
    sasl_skip(&skipped, &sasl_plain);
    assert_string_equal(chosen(&c), "USER");
    sasl_skip(&skipped, sasl_find("USER", 4));
    assert_string_equal(chosen(&c), "LOGIN");
    sasl_skip(&skipped, &sasl_login);
    assert_string_equal(chosen(&c), "none");
}

static void lists_are_checked(void **state)
{
    (void)state;
    assert_int_equal(sasl_list_valid("PLAIN login APOP"), 1);
    assert_int_equal(sasl_list_valid("PLAIN NOSUCH"), 0);
    assert_int_equal(sasl_list_valid("PLAIN,LOGIN"), 0);
    assert_int_equal(sasl_list_valid(""), 0);
    assert_int_equal(sasl_list_valid("  "), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strong_ones_come_first),
        cmocka_unit_test(credentials_decide),
        cmocka_unit_test(takes_the_strongest_announced),
        cmocka_unit_test(takes_only_what_was_announced_A01),
        cmocka_unit_test(follows_the_configured_order),
        cmocka_unit_test(apop_must_be_named_A11),
        cmocka_unit_test(no_password_without_tls),
        cmocka_unit_test(credentials_must_fit),
        cmocka_unit_test(skips_what_was_tried),
        cmocka_unit_test(lists_are_checked),
    };

    return cmocka_run_group_tests_name("sasl/choose", tests, NULL, NULL);
}
