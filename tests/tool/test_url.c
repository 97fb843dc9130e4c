/* test_url.c - examples/mailaccess/url */
#include "tool_test.h"

#include "url.h"

static struct url good(const char *text)
{
    struct url u;
    const char *why = NULL;

    if (url_parse(&u, text, &why) != 0)
        fail_msg("%s: %s", text, why);
    return u;
}

static void bad(const char *text, const char *word)
{
    struct url u;
    const char *why = NULL;

    if (url_parse(&u, text, &why) == 0)
        fail_msg("%s was taken", text);
    if (strstr(why, word) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", text, why, word);
}

static void reads_all_its_parts(void **state)
{
    struct url u = good("imaps://alice@mail.example.org:1993/INBOX");

    (void)state;
    assert_int_equal(u.protocol, URL_IMAP);
    assert_int_equal(u.is_tls, 1);
    assert_int_equal(u.port, 1993);
    assert_string_equal(u.user, "alice");
    assert_string_equal(u.host, "mail.example.org");
    assert_string_equal(u.mailbox, "INBOX");
    url_free(&u);
    u = good("POP3://bob@example.org");
    assert_int_equal(u.protocol, URL_POP3);
    assert_int_equal(u.is_tls, 0);
    assert_int_equal(u.port, 0);
    assert_null(u.mailbox);
    url_free(&u);
    u = good("imap://example.org/");
    assert_null(u.user);
    assert_null(u.mailbox);
    url_free(&u);
    u = good("pop3s://alice@example.org/");
    url_free(&u);
}

static void decodes_percent_signs(void **state)
{
    struct url u = good("imap://al%40ice%2B@h/Entw%C3%BCrfe%2F2024/x%3Fy%3B");

    (void)state;
    assert_string_equal(u.user, "al@ice+");
    assert_string_equal(u.mailbox, "Entw\xc3\xbcrfe/2024/x?y;");
    url_free(&u);
    u = good("imap://alice@example.org@h/"); /* wrong, but meant well */
    assert_string_equal(u.user, "alice@example.org");
    assert_string_equal(u.host, "h");
    url_free(&u);
    bad("imap://a%4@h/", "hexadecimal");
    bad("imap://a%@h/", "hexadecimal");
    bad("imap://a@h/%zz", "hexadecimal");
    bad("imap://a@h/%C3", "UTF-8");
    bad("imap://a@h/%C0%80", "UTF-8");
}

/* I09: decoded first, then looked at. */
static void refuses_control_characters_i09(void **state)
{
    (void)state;
    bad("imap://a%0D%0AX@h/", "control");
    bad("imap://a@h/INBOX%0d%0aA1 LOGOUT", "control");
    bad("imap://a@h/a\r\nb", "control");
    bad("imap://a@h/a%00b", "control");
    bad("imap://a%00@h/", "control");
    bad("imap://a@h%0a/", "control");
    bad("pop3://a%7F@h", "control");
    bad("pop3://a%C2%85@h", "control");
}

static void refuses_a_password(void **state)
{
    (void)state;
    bad("imap://alice:secret@h/", "password");
    bad("pop3://alice:@h", "password");
}

static void reads_the_mechanism(void **state)
{
    struct url u = good("imap://alice;AUTH=PLAIN@h/");

    (void)state;
    assert_string_equal(u.auth, "PLAIN");
    url_free(&u);
    u = good("imap://alice;auth=*@h/");
    assert_null(u.auth);
    url_free(&u);
    bad("imap://alice;x=y@h/", "AUTH");
}

static void reads_addresses_and_ports(void **state)
{
    struct url u = good("imap://a@[::1]:143/");

    (void)state;
    assert_string_equal(u.host, "::1");
    assert_int_equal(u.port, 143);
    url_free(&u);
    u = good("imap://a@h:/");
    assert_int_equal(u.port, 0);
    url_free(&u);
    bad("imap://a@[::1/", "IPv6");
    bad("imap://a@[::1]x/", "IPv6");
    bad("imap://a@[h]/", "IPv6");
    bad("imap://a@h:0/", "port");
    bad("imap://a@h:65536/", "port");
    bad("imap://a@h:14x/", "port");
    bad("imap://a@h:4294967439/", "port");
    bad("imap://a@/", "no host");
    bad("imap://", "no host");
    bad("imap://a@h%2fx/", "no host name");
}

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    bad("http://h/", "imap://");
    bad("INBOX", "imap://");
    bad("", "imap://");
    bad("pop3://a@h/INBOX", "no path");
    bad("imap://a@h/INBOX;UIDVALIDITY=1", "mailbox");
    bad("imap://a@h/INBOX?SUBJECT%20x", "mailbox");
}

static void proxies_have_schemes_of_their_own(void **state)
{
    static const char *const refused[] = {
        "imap://h",          "socks4://h", "socks5://", "http://u:p@h",
        "socks5://h/INBOX",  "http://h:0", "h:1080",    "http://u;auth=plain@h",
        "socks5://h%0d%0a:1"};
    const char *why;
    struct url u;

    (void)state;
    assert_int_equal(url_parse_proxy(&u, "SOCKS5://an%20n@proxy.example:1081", &why), 0);
    assert_int_equal(u.protocol, URL_SOCKS5);
    assert_string_equal(u.user, "an n");
    assert_string_equal(u.host, "proxy.example");
    assert_int_equal(u.port, 1081);
    url_free(&u);
    assert_int_equal(url_parse_proxy(&u, "http://[2001:db8::1]/", &why), 0);
    assert_int_equal(u.protocol, URL_HTTP);
    assert_string_equal(u.host, "2001:db8::1");
    url_free(&u);
    assert_int_equal(url_parse_proxy(&u, "socks4a://h", &why), 0);
    assert_int_equal(u.protocol, URL_SOCKS4A);
    url_free(&u);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (url_parse_proxy(&u, refused[i], &why) == 0)
            fail_msg("%s was taken", refused[i]);
    bad("socks5://h", "not an imap://");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_its_parts),
        cmocka_unit_test(decodes_percent_signs),
        cmocka_unit_test(refuses_control_characters_i09),
        cmocka_unit_test(refuses_a_password),
        cmocka_unit_test(reads_the_mechanism),
        cmocka_unit_test(reads_addresses_and_ports),
        cmocka_unit_test(refuses_what_it_does_not_know),
        cmocka_unit_test(proxies_have_schemes_of_their_own),
    };

    return cmocka_run_group_tests_name("tool/url", tests, NULL, NULL);
}
