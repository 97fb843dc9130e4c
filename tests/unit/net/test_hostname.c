/* test_hostname.c - lib/net/hostname */
#include "net/hostname.h"
#include "test.h"

static struct hostname parsed(const char *text)
{
    struct hostname h;
    mla_error err = {0};

    if (hostname_parse(text, &h, &err) != 0)
        fail_msg("%s: %s", text, err.message);
    return h;
}

static void names_become_ascii(void **state)
{
    static const struct {
        const char *text;
        const char *ascii;
    } rows[] = {
        {"localhost", "localhost"},
        {"Mail.Example.ORG.", "mail.example.org"}, /* T40 */
        {"a_b-c.example", "a_b-c.example"},
        /* RFC 3492 section 7.1 (B), (I) in lower case, (L), and common ones */
        {"b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example"},
        {"m\xc3\xbcnchen.de", "xn--mnchen-3ya.de"},
        {"\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4"
         "\xb8\xad\xe6\x96\x87",
         "xn--ihqwcrb4cv8a8dqg056pqjye"},
        {"3\xe5\xb9\xb4"
         "b\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab\xe5\x85\x88\xe7\x94\x9f",
         "xn--3b-ww4c5e180e575a65lsy2b"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hostname h = parsed(rows[i].text);

        assert_string_equal(h.ascii, rows[i].ascii);
        assert_int_equal(h.ip_len, 0);
    }
}

static void addresses_are_known(void **state)
{
    static const uint8_t one[16] = {[15] = 1};
    struct hostname h = parsed("127.0.0.1");

    (void)state;
    assert_int_equal(h.ip_len, 4);
    assert_memory_equal(h.ip, "\x7f\0\0\1", 4);
    assert_string_equal(h.ascii, "127.0.0.1");
    h = parsed("::1");
    assert_int_equal(h.ip_len, 16);
    assert_memory_equal(h.ip, one, 16);
    h = parsed("fe80::1%eth0");
    assert_int_equal(h.ip_len, 16);
    assert_string_equal(h.ascii, "fe80::1%eth0");
}

static void nonsense_is_refused(void **state)
{
    char label[70];
    char longest[260];
    static const char *const rows[] = {
        "", ".", "a..b", ".a", "a b", "a/b", "a\nb", "[::1]", "a:b", "user@host", "*.example.org",
        /* what some resolvers take for addresses */
        "127.1", "1", "0x7f000001", "0x7f.1", "256.256.256.256", "1.2.3.4.5", "example.0xa",
        "127.0.0.1%eth0", "::1%", "::1%a b",
        /* not UTF-8: cut, overlong, a surrogate, above the last character */
        "\xc3.example", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xff",
        /* C1 controls */
        ("a\xc2\x85"
         "b")};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hostname h;
        mla_error err = {0};

        if (hostname_parse(rows[i], &h, &err) != MLA_E_ARG)
            fail_msg("\"%s\" was taken", rows[i]);
        assert_int_not_equal(err.message[0], '\0');
    }
    memset(label, 'a', sizeof label);
    label[64] = '\0';
    assert_int_equal(hostname_parse(label, &(struct hostname){0}, NULL), MLA_E_ARG);
    label[63] = '\0';
    assert_int_equal(hostname_parse(label, &(struct hostname){0}, NULL), 0);
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = i % 50 == 49 ? '.' : 'b';
    longest[254] = '\0';
    assert_int_equal(hostname_parse(longest, &(struct hostname){0}, NULL), MLA_E_ARG);
    longest[253] = '\0';
    assert_int_equal(hostname_parse(longest, &(struct hostname){0}, NULL), 0);
}

static void certificates_names_match_by_the_rules(void **state)
{
    static const struct {
        const char *host;
        const char *san;
        int match;
    } rows[] = {
        {"mail.example.org", "mail.example.org", 1},
        {"mail.example.org", "MAIL.Example.org", 1},
        {"mail.example.org.", "mail.example.org", 1},
        {"mail.example.org", "mail.example.org.", 0},
        {"mail.example.org", "example.org", 0},
        {"mail.example.org", "mail.example.or", 0},
        {"mail.example.org", "", 0},
        {"mail.example.org", "*.example.org", 1}, /* T25 */
        {"MAIL.example.org", "*.EXAMPLE.org", 1},
        {"a.b.example.org", "*.example.org", 0},
        {"example.org", "*.example.org", 0},
        {"example.org", "*.org", 0},
        {"localhost", "*", 0},
        {"localhost", "*.", 0},
        {"mail.example.org", "*", 0},
        {"mail.example.org", "*.*", 0},
        {"mail.example.org", "*.*.org", 0},
        {"mail.example.org", "m*.example.org", 0},
        {"mail.example.org", "*l.example.org", 0},
        {"mail.example.org", "mail.*.org", 0},
        {"mail.example.org", "mail.example.*", 0},
        {"mail.example.org", "**.example.org", 0},
        {"127.0.0.1", "127.0.0.1", 0}, /* T22 */
        {"127.0.0.1", "*.0.0.1", 0},
        {"xn--bcher-kva.example.org", "*.example.org", 1},
    };
    struct hostname h;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        h = parsed(rows[i].host);
        if (hostname_matches_dns(&h, (const uint8_t *)rows[i].san, strlen(rows[i].san)) !=
            rows[i].match)
            fail_msg("%s against %s", rows[i].host, rows[i].san);
    }
    /* T24: the length counts, not the NUL */
    h = parsed("localhost");
    assert_false(hostname_matches_dns(&h, (const uint8_t *)"localhost\0.evil.test", 20));
    assert_false(hostname_matches_dns(&h, (const uint8_t *)"localhost\0", 10));
    assert_true(hostname_matches_dns(&h, (const uint8_t *)"localhost\0.evil.test", 9));
}

static void certificates_addresses_match_octet_by_octet(void **state)
{
    struct hostname four = parsed("127.0.0.1");
    struct hostname six = parsed("0:0::1");
    struct hostname name = parsed("localhost");
    static const uint8_t one[16] = {[15] = 1};
    char text[HOSTNAME_IP_TEXT];

    (void)state;
    assert_true(hostname_matches_ip(&four, (const uint8_t *)"\x7f\0\0\1", 4));
    assert_false(hostname_matches_ip(&four, (const uint8_t *)"\x7f\0\0\2", 4));
    assert_false(hostname_matches_ip(&four, (const uint8_t *)"\x7f\0\0\1\0", 5));
    assert_false(hostname_matches_ip(&four, (const uint8_t *)"\x7f\0\0\1", 0));
    assert_true(hostname_matches_ip(&six, one, 16));
    assert_false(hostname_matches_ip(&six, one, 4));
    assert_false(hostname_matches_ip(&name, (const uint8_t *)"", 0));
    assert_int_equal(hostname_ip_text(one, 16, text), 1);
    assert_string_equal(text, "::1");
    assert_int_equal(hostname_ip_text(four.ip, 4, text), 1);
    assert_string_equal(text, "127.0.0.1");
    assert_int_equal(hostname_ip_text(one, 5, text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_ascii),
        cmocka_unit_test(addresses_are_known),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(certificates_names_match_by_the_rules),
        cmocka_unit_test(certificates_addresses_match_octet_by_octet),
    };

    return cmocka_run_group_tests_name("net/hostname", tests, NULL, NULL);
}
