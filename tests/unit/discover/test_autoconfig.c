/* test_autoconfig.c - lib/discover/autoconfig */
#include "discover/autoconfig.h"
#include "discover/list.h"
#include "test.h"

#include <stdio.h>

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?><clientConfig version=\"1.1\"><emailProvider id=\"example.org\">"
#define TAIL           "</emailProvider></clientConfig>"
#define SERVER(inside) "<incomingServer type=\"imap\">" inside "</incomingServer>"
#define GOOD                                                                                       \
    SERVER("<hostname>imap.example.org</hostname><port>993</port><socketType>SSL</socketType>")

static struct arena arena;
static struct autoconfig got;
static mla_error error;
static const struct account alice = {"alice@example.org", "alice", "example.org", "example.org"};

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, mem_default(), 1048576);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static int read_it(const char *text, size_t len)
{
    memset(&error, 0, sizeof error);
    return autoconfig_read(text, len, &alice, &arena, &got, &error);
}

static int read_text(const char *text)
{
    return read_it(text, strlen(text));
}

static void files_are_read(void **state)
{
    static const char text[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a comment -->\n"
        "<clientConfig version=\"1.1\">\n <emailProvider id=\"example.org\">\n"
        "  <domain>example.org</domain>\n  <displayName>Example &amp; Sons</displayName>\n"
        "  <displayShortName>Ex</displayShortName>\n"
        "  <incomingServer type=\"imap\">\n"
        "   <hostname> IMAP.%EMAILDOMAIN% </hostname>\n   <port>993</port>\n"
        "   <socketType>SSL</socketType>\n   <username>%EMAILADDRESS%</username>\n"
        "   <authentication>OAuth2</authentication>\n"
        "   <authentication>password-cleartext</authentication>\n"
        "  </incomingServer>\n"
        "  <incomingServer type=\"pop3\"><hostname>pop.example.net</hostname><port>110</port>"
        "<socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username>"
        "<authentication>password-encrypted</authentication>"
        "<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3></incomingServer>\n"
        "  <incomingServer type=\"imap\"><hostname>old.example.org</hostname><port>143</port>"
        "<socketType>plain</socketType><username>x-%EMAILLOCALPART%.%EMAILDOMAIN%%20</username>"
        "<authentication>GSSAPI</authentication><authentication>NTLM</authentication>"
        "<authentication>TLS-client-cert</authentication></incomingServer>\n"
        "  <outgoingServer type=\"smtp\"><hostname>smtp.example.org</hostname><port>465</port>"
        "<socketType>SSL</socketType></outgoingServer>\n"
        "  <documentation url=\"https://example.org/help\"><descr lang=\"en\">x</descr>"
        "</documentation>\n"
        " </emailProvider>\n"
        " <oAuth2><issuer>login.example.org</issuer><scope>mail offline</scope>"
        "<authURL>https://login.example.org/auth</authURL>"
        "<tokenURL>https://login.example.org/token</tokenURL></oAuth2>\n"
        "</clientConfig>\n";
    const mla_discover_candidate *c = got.servers;

    (void)state;
    if (read_text(text) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(got.count, 3);
    assert_int_equal(got.unusable, 0);
    assert_int_equal(c[0].protocol, MLA_DISCOVER_IMAP);
    assert_string_equal(c[0].host, "imap.example.org");
    assert_int_equal(c[0].port, 993);
    assert_int_equal(c[0].security, LIST_TLS);
    assert_string_equal(c[0].user, "alice@example.org");
    assert_int_equal(c[0].user_kind, MLA_DISCOVER_USER_ADDRESS);
    assert_int_equal(c[0].auth, MLA_DISCOVER_AUTH_OAUTH2 | MLA_DISCOVER_AUTH_PASSWORD);
    assert_string_equal(c[0].provider, "Example & Sons");
    assert_string_equal(c[0].help_url, "https://example.org/help");
    assert_string_equal(c[0].oauth_issuer, "login.example.org");
    assert_string_equal(c[0].oauth_scope, "mail offline");
    assert_string_equal(c[0].oauth_auth_url, "https://login.example.org/auth");
    assert_string_equal(c[0].oauth_token_url, "https://login.example.org/token");
    assert_int_equal(c[1].protocol, MLA_DISCOVER_POP3);
    assert_int_equal(c[1].security, LIST_STARTTLS);
    assert_string_equal(c[1].user, "alice");
    assert_int_equal(c[1].user_kind, MLA_DISCOVER_USER_LOCAL);
    assert_int_equal(c[1].auth, MLA_DISCOVER_AUTH_CHALLENGE);
    assert_null(c[1].oauth_issuer);
    assert_int_equal(c[2].security, LIST_CLEARTEXT);
    assert_string_equal(c[2].user, "x-alice.example.org%20");
    assert_int_equal(c[2].user_kind, MLA_DISCOVER_USER_OTHER);
    assert_int_equal(c[2].auth, MLA_DISCOVER_AUTH_KERBEROS | MLA_DISCOVER_AUTH_CERTIFICATE);
}

static void a_name_that_is_missing_is_guessed(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEAD GOOD TAIL), 0);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.servers[0].user, "alice@example.org");
    assert_int_equal(got.servers[0].user_kind, MLA_DISCOVER_USER_GUESS);
    assert_null(got.servers[0].provider);
}

static void what_is_of_no_use_is_left_out(void **state)
{
    static const char *const rows[] = {
        SERVER("<port>993</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a b</hostname><port>993</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a/b</hostname><port>993</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><port>0</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><port>65536</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><port>-1</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><port>9 3</port><socketType>SSL</socketType>"),
        SERVER("<hostname>a.test</hostname><port>993</port>"),
        SERVER("<hostname>a.test</hostname><port>993</port><socketType>TLS?</socketType>"),
        SERVER("<x><hostname>a.test</hostname></x><port>993</port><socketType>SSL</socketType>"),
        "<incomingServer type=\"exchange\"><hostname>a.test</hostname><port>993</port>"
        "<socketType>SSL</socketType></incomingServer>",
        "<incomingServer><hostname>a.test</hostname><port>993</port>"
        "<socketType>SSL</socketType></incomingServer>",
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, HEAD "%s" GOOD TAIL, rows[i]);
        assert_int_equal(read_text(text), 0);
        if (got.count != 1 || got.unusable != 1)
            fail_msg("%s: %u, %u", rows[i], got.count, got.unusable);
        assert_string_equal(got.servers[0].host, "imap.example.org");
    }
    /* links that are none for a browser to follow, and values with controls */
    assert_int_equal(read_text(HEAD "<documentation url=\"http://a.test/\"/>"
                                    "<documentation url=\"javascript:x\"/>" GOOD TAIL),
                     0);
    assert_null(got.servers[0].help_url);
    assert_int_equal(read_text(HEAD SERVER("<hostname>a.test</hostname><port>993</port><socketType>"
                                           "SSL</socketType><username>a&#10;b</username>") TAIL),
                     0);
    assert_int_equal(got.servers[0].user_kind, MLA_DISCOVER_USER_GUESS);
}

static void other_files_are_refused(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "<",
        "not xml",
        "<html><body>404</body></html>",
        "<clientConfig>",
        HEAD GOOD "</emailProvider>",
        HEAD GOOD TAIL "<more/>",
        HEAD "&undefined;" TAIL,
        HEAD "\x01" TAIL,
        HEAD "\xff\xfe" TAIL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (read_text(rows[i]) != MLA_E_SYNTAX)
            fail_msg("%s", rows[i]);
        assert_int_equal(got.count, 0);
        assert_int_not_equal(error.message[0], '\0');
    }
}

/* Entities that grow, and such as reach out of the file. */
static void document_types_are_refused(void **state)
{
    static const char *const rows[] = {
        ("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
         "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>"),
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x SYSTEM \"http://evil.test/x.dtd\">",
        "<!DOCTYPE x>",
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text,
                 "%s<clientConfig><emailProvider><displayName>x</displayName>" GOOD TAIL, rows[i]);
        assert_int_equal(read_text(text), MLA_E_SYNTAX);
        assert_non_null(strstr(error.message, "document type"));
        assert_int_equal(got.count, 0);
    }
}

static char *repeated(const char *before, const char *unit, size_t count, const char *after)
{
    size_t len = strlen(unit);
    char *out = malloc(strlen(before) + len * count + strlen(after) + 1);
    char *w = out;

    memcpy(w, before, strlen(before));
    w += strlen(before);
    for (size_t i = 0; i < count; i++, w += len)
        memcpy(w, unit, len);
    memcpy(w, after, strlen(after) + 1);
    return out;
}

static int read_repeated(const char *before, const char *unit, size_t count, const char *after)
{
    char *text = repeated(before, unit, count, after);
    int rc = read_text(text);

    free(text);
    return rc;
}

static void everything_has_a_most(void **state)
{
    char *deep;
    char *text;
    size_t room;

    (void)state;
    /* depth: two elements are there already */
    text = repeated("", "</x>", AUTOCONFIG_DEPTH_MAX - 2, TAIL);
    deep = repeated(HEAD, "<x>", AUTOCONFIG_DEPTH_MAX - 2, text);
    assert_int_equal(read_text(deep), 0);
    free(text);
    free(deep);
    assert_int_equal(read_repeated(HEAD, "<x>", AUTOCONFIG_DEPTH_MAX - 1, TAIL), MLA_E_LIMIT);
    /* elements */
    assert_int_equal(read_repeated(HEAD, "<x/>", AUTOCONFIG_ELEMENTS_MAX - 2, TAIL), 0);
    assert_int_equal(read_repeated(HEAD, "<x/>", AUTOCONFIG_ELEMENTS_MAX - 1, TAIL), MLA_E_LIMIT);
    /* servers */
    assert_int_equal(read_repeated(HEAD, GOOD, AUTOCONFIG_SERVERS_MAX + 2, TAIL), 0);
    assert_int_equal(got.count, AUTOCONFIG_SERVERS_MAX);
    assert_int_equal(got.unusable, 2);
    /* text */
    assert_int_equal(
        read_repeated(HEAD "<displayName>", "x", AUTOCONFIG_TEXT_MAX, "</displayName>" GOOD TAIL),
        0);
    assert_int_equal(strlen(got.servers[0].provider), AUTOCONFIG_TEXT_MAX);
    assert_int_equal(read_repeated(HEAD "<displayName>", "x", AUTOCONFIG_TEXT_MAX + 1,
                                   "</displayName>" GOOD TAIL),
                     MLA_E_LIMIT);
    assert_int_equal(read_repeated(HEAD, " ", 5000, GOOD TAIL), 0);
    /* variables that make a text long */
    assert_int_equal(read_repeated(HEAD "<incomingServer type=\"imap\"><username>", "%EMAILDOMAIN%",
                                   70, "</username></incomingServer>" TAIL),
                     0);
    /* attributes */
    {
        char attributes[AUTOCONFIG_ATTRIBUTES_MAX + 1][16];
        char line[512] = HEAD "<x";

        for (size_t i = 0; i <= AUTOCONFIG_ATTRIBUTES_MAX; i++) {
            snprintf(attributes[i], sizeof attributes[i], " a%zu=\"\"", i);
            strncat(line, attributes[i], sizeof line - strlen(line) - 1);
        }
        strncat(line, "/>" TAIL, sizeof line - strlen(line) - 1);
        assert_int_equal(read_text(line), MLA_E_LIMIT);
    }
    /* the whole */
    room = AUTOCONFIG_MAX - strlen(HEAD GOOD TAIL);
    assert_int_equal(read_repeated(HEAD, " ", room, GOOD TAIL), 0);
    assert_int_equal(read_repeated(HEAD, " ", room + 1, GOOD TAIL), MLA_E_LIMIT);
}

static void memory_may_be_short(void **state)
{
    static const char text[] = HEAD "<displayName>x</displayName>" SERVER(
        "<hostname>imap.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>"
        "<username>%EMAILADDRESS%</username>") TAIL;
    int rc = MLA_E_NOMEM;

    (void)state;
    for (size_t n = 1; rc != 0; n++) {
        struct fail_mem f;
        struct arena a;

        fail_mem_init(&f, n, 0);
        arena_init(&a, &f.mem, 65536);
        rc = autoconfig_read(text, sizeof text - 1, &alice, &a, &got, &error);
        arena_free(&a);
        assert_int_equal(f.held, 0);
        assert_true(rc == 0 || rc == MLA_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_read, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_is_missing_is_guessed, begin, end),
        cmocka_unit_test_setup_teardown(what_is_of_no_use_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(other_files_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(document_types_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(everything_has_a_most, begin, end),
        cmocka_unit_test_setup_teardown(memory_may_be_short, begin, end),
    };

    (void)begin(NULL);
    if (read_text(HEAD TAIL) == MLA_E_UNSUPPORTED) {
        printf("1..0 # SKIP expat is not built in\n");
        return 0;
    }
    (void)end(NULL);
    return cmocka_run_group_tests_name("discover/autoconfig", tests, NULL, NULL);
}
