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
    both.token.ptr = NULL; /* it is asked for: that is a token as well */
    both.token_requests = 1;
    assert_string_equal(chosen(&c), "OAUTHBEARER");
    both.token.ptr = "t";
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
    struct sasl_tried tried = {0};

    (void)state;
    c.tried = &tried;
    sasl_tried_add(&tried, &sasl_plain, NULL);
    assert_string_equal(chosen(&c), "USER");
    sasl_tried_add(&tried, sasl_find("USER", 4), NULL);
    assert_string_equal(chosen(&c), "LOGIN");
    sasl_tried_add(&tried, &sasl_login, NULL);
    assert_string_equal(chosen(&c), "none");
}

static struct sasl_bindings two_bindings(void)
{
    struct sasl_bindings b = {0};

    sasl_bindings_add(&b, "tls-exporter", (const uint8_t *)"e", 1);
    sasl_bindings_add(&b, "tls-unique", NULL, 0); /* none */
    sasl_bindings_add(&b, "tls-server-end-point", (const uint8_t *)"p", 1);
    assert_int_equal(b.count, 2);
    return b;
}

/* A08: what binds comes first, whatever its hash, where there is something to bind with. */
static void what_binds_comes_first_A08(void **state)
{
    struct sasl_choice c = offer("SCRAM-SHA-512", "scram-sha-1-plus", "PLAIN");
    struct sasl_bindings b = two_bindings();
    struct sasl_peer peer = {0};

    (void)state;
    assert_string_equal(chosen(&c), "SCRAM-SHA-512");
    c.bindings = &b;
    assert_string_equal(chosen(&c), "SCRAM-SHA-1-PLUS");
    sasl_bind(&c, &sasl_scram_sha1_plus, &peer);
    assert_string_equal(peer.binding.name, "tls-exporter");
    c = offer("SCRAM-SHA-1-PLUS", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS");
    c.bindings = &b;
    assert_string_equal(chosen(&c), "SCRAM-SHA-512-PLUS");
}

/* A08: "y" exactly where we can bind and nothing of the kind is offered. */
static void says_that_it_could_bind_A08(void **state)
{
    struct sasl_choice c = offer("SCRAM-SHA-256", "PLAIN", NULL);
    struct sasl_bindings b = two_bindings();
    struct sasl_peer peer = {0};

    (void)state;
    sasl_bind(&c, &sasl_scram_sha256, &peer);
    assert_int_equal(peer.no_plus, 0);
    c.bindings = &b;
    sasl_bind(&c, &sasl_scram_sha256, &peer);
    assert_int_equal(peer.no_plus, 1);
    assert_null(peer.binding.name);
    c = offer("SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", NULL);
    c.bindings = &b;
    c.list = "SCRAM-SHA-256";
    sasl_bind(&c, &sasl_scram_sha256, &peer);
    assert_int_equal(peer.no_plus, 0);
}

/* One binding after the other, then no -PLUS at all: the hash is not what the server minds. */
static void tries_each_binding(void **state)
{
    struct sasl_choice c = offer("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256");
    struct sasl_bindings b = two_bindings();
    struct sasl_tried tried = {0};
    struct sasl_peer peer = {0};

    (void)state;
    c.bindings = &b;
    c.tried = &tried;
    sasl_tried_add(&tried, &sasl_scram_sha256_plus, &b);
    assert_string_equal(chosen(&c), "SCRAM-SHA-256-PLUS");
    sasl_bind(&c, &sasl_scram_sha256_plus, &peer);
    assert_string_equal(peer.binding.name, "tls-server-end-point");
    sasl_tried_add(&tried, &sasl_scram_sha256_plus, &b);
    assert_string_equal(chosen(&c), "SCRAM-SHA-256");
    sasl_bind(&c, &sasl_scram_sha256, &peer);
    assert_null(peer.binding.name);
    assert_int_equal(peer.no_plus, 0); /* it was offered */
    sasl_tried_add(&tried, &sasl_scram_sha256, &b);
    assert_string_equal(chosen(&c), "none");
}

/* Cyrus knows tls-unique alone, and says so too late. */
static void leaves_what_the_server_knows(void **state)
{
    const mla_str none = {NULL, 0};
    struct sasl_bindings b = two_bindings();
    int is_cyrus = 0;

    (void)state;
    sasl_bindings_known(&b, (mla_str){"Cyrus", 5}, &is_cyrus);
    sasl_bindings_known(&b, none, &is_cyrus);
    assert_int_equal(b.count, 2);
    sasl_bindings_known(&b, (mla_str){"mail Cyrus IMAP 3.6.1 server ready", 34}, &is_cyrus);
    assert_int_equal(b.count, 0);
    b = two_bindings();
    sasl_bindings_add(&b, "tls-unique", (const uint8_t *)"u", 1);
    sasl_bindings_known(&b, none, &is_cyrus); /* it was said before STARTTLS */
    assert_int_equal(b.count, 1);
    assert_string_equal(b.list[0].name, "tls-unique");
}

/* A02: nothing weaker than what the configuration demands, even if it is named. */
static void nothing_weaker_than_demanded_A02(void **state)
{
    static const struct {
        const char *name;
        int strength;
    } all[] = {
        {"ANONYMOUS", SASL_STRENGTH_NONE},
        {"PLAIN", SASL_STRENGTH_SHOWN},
        {"LOGIN", SASL_STRENGTH_SHOWN},
        {"USER", SASL_STRENGTH_SHOWN},
        {"IMAPLOGIN", SASL_STRENGTH_SHOWN},
        {"OAUTHBEARER", SASL_STRENGTH_SHOWN},
        {"XOAUTH2", SASL_STRENGTH_SHOWN},
        {"CRAM-MD5", SASL_STRENGTH_HIDDEN},
        {"APOP", SASL_STRENGTH_HIDDEN},
        {"SCRAM-SHA-1", SASL_STRENGTH_MUTUAL},
        {"SCRAM-SHA-256", SASL_STRENGTH_MUTUAL},
        {"SCRAM-SHA-512", SASL_STRENGTH_MUTUAL},
        {"SCRAM-SHA-1-PLUS", SASL_STRENGTH_BOUND},
        {"SCRAM-SHA-256-PLUS", SASL_STRENGTH_BOUND},
        {"EXTERNAL", SASL_STRENGTH_BOUND},
        {"SCRAM-SHA-512-PLUS", SASL_STRENGTH_BOUND},
    };
    struct sasl_choice c = offer("PLAIN", "CRAM-MD5", "SCRAM-SHA-1");
    const struct sasl_mech *m = NULL;
    mla_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_int_equal(sasl_strength(sasl_find(all[i].name, strlen(all[i].name))),
                         all[i].strength);
    for (int min = 0; min <= SASL_STRENGTH_MUTUAL; min++) {
        c.min = min;
        assert_string_equal(chosen(&c), "SCRAM-SHA-1");
    }
    c.min = SASL_STRENGTH_BOUND;
    assert_int_equal(sasl_choose(&c, &m, &err), MLA_E_POLICY);
    assert_non_null(strstr(err.message, "weaker than what is demanded"));
    c = offer("PLAIN", "CRAM-MD5", "LOGIN");
    c.min = SASL_STRENGTH_HIDDEN;
    assert_string_equal(chosen(&c), "CRAM-MD5");
    c.list = "PLAIN LOGIN";
    assert_int_equal(sasl_choose(&c, &m, NULL), MLA_E_POLICY);
    c.min = SASL_STRENGTH_SHOWN;
    assert_string_equal(chosen(&c), "PLAIN");
}

/* A password that SASLprep does not let through (U+1F600: Unicode 3.2 did not know it) can be sent
 * as it is, where that may be; else it is said what is wrong with it. A22 */
static void what_cannot_be_prepared_is_not_for_scram_A22(void **state)
{
    struct sasl_creds emoji = with_password;
    struct sasl_choice c = offer("SCRAM-SHA-256", "CRAM-MD5", "PLAIN");
    const struct sasl_mech *m = NULL;
    mla_error err = {0};

    (void)state;
    emoji.mem = mem_default();
    emoji.password = (mla_str){"\xf0\x9f\x98\x80", 4};
    assert_string_equal(chosen(&c), "SCRAM-SHA-256");
    c.creds = &emoji;
    assert_string_equal(chosen(&c), "PLAIN");
    c.tls = 0;
    assert_string_equal(chosen(&c), "CRAM-MD5");
    c.min = SASL_STRENGTH_MUTUAL;
    assert_int_equal(sasl_choose(&c, &m, &err), MLA_E_ARG);
    assert_non_null(strstr(err.message, "characters"));
    emoji.password = (mla_str){"\xc3\xa4", 2};
    assert_string_equal(chosen(&c), "SCRAM-SHA-256");
    emoji.authzid = (mla_str){"\xe2\x80\xae", 3}; /* U+202E changes the direction */
    assert_string_equal(chosen(&c), "none");
    emoji.authzid = (mla_str){NULL, 0};
    emoji.user = (mla_str){"\xc2\xad", 2}; /* nothing is left of it */
    assert_string_equal(chosen(&c), "none");
    emoji.user = (mla_str){"\xf0\x9f\x98\x80", 4}; /* names are asked for, not stored */
    assert_string_equal(chosen(&c), "SCRAM-SHA-256");
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
        cmocka_unit_test(what_binds_comes_first_A08),
        cmocka_unit_test(says_that_it_could_bind_A08),
        cmocka_unit_test(tries_each_binding),
        cmocka_unit_test(leaves_what_the_server_knows),
        cmocka_unit_test(nothing_weaker_than_demanded_A02),
        cmocka_unit_test(what_cannot_be_prepared_is_not_for_scram_A22),
        cmocka_unit_test(lists_are_checked),
    };

    return cmocka_run_group_tests_name("sasl/choose", tests, NULL, NULL);
}
