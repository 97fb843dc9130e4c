/* test_provider.c - lib/discover/provider and the table */
#include "discover/list.h"
#include "discover/provider.h"
#include "net/hostname.h"
#include "test.h"

static void domains_find_their_provider(void **state)
{
    static const struct {
        const char *domain;
        const char *imap;
    } rows[] = {
        {"gmail.com", "imap.gmail.com"},
        {"googlemail.com", "imap.gmail.com"},
        {"hotmail.co.uk", "outlook.office365.com"},
        {"gmx.de", "imap.gmx.net"},
        {"gmx.co.uk", "imap.gmx.com"},
        {"t-online.de", "secureimap.t-online.de"},
        {"qq.com", "imap.qq.com"},
        {"icloud.com", "imap.mail.me.com"},
        {"posteo.us", "posteo.de"},
        {"livemail.tw", "outlook.office365.com"},
        {"mail.com", "imap.mail.com"},
        {"free.fr", "imap.free.fr"},
    };
    static const char *const none[] = {
        "",      "example.org", "com", "ail.com", "gmail.com.evil.test", "sub.gmail.com",
        "gmail", "GMAIL.COM"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct provider *p = provider_by_domain(rows[i].domain);

        if (p == NULL)
            fail_msg("%s is not there", rows[i].domain);
        assert_string_equal(p->imap.host, rows[i].imap);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (provider_by_domain(none[i]) != NULL)
            fail_msg("\"%s\" is there", none[i]);
}

static void exchangers_find_their_provider(void **state)
{
    static const struct {
        const char *mx;
        const char *name;
    } rows[] = {
        {"aspmx.l.google.com", "Gmail"},
        {"alt1.aspmx.l.google.com", "Gmail"},
        {"aspmx2.googlemail.com", "Gmail"},
        {"example-org.mail.protection.outlook.com", "Microsoft 365"},
        {"outlook-com.olc.protection.outlook.com", "Outlook.com"},
        {"example-org.a-v1.mx.microsoft", "Microsoft 365"},
        {"in1-smtp.messagingengine.com", "Fastmail"},
        {"smtpin.rzone.de", "STRATO"},
        {"mx1.mail.ovh.net", "OVHcloud"},
        {"mx.zoho.eu", "Zoho (Europe, own domain)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct provider *p = provider_by_mx(rows[i].mx);

        if (p == NULL)
            fail_msg("%s is not there", rows[i].mx);
        assert_string_equal(p->name, rows[i].name);
    }
    assert_null(provider_by_mx("mx.example.org"));
    assert_null(provider_by_mx("notgoogle.com"));
    assert_null(provider_by_mx("google.com.evil.test"));
    assert_null(provider_by_mx(""));
}

static void check_host(const char *host)
{
    struct hostname h;

    if (hostname_parse(host, &h, NULL) != 0 || strcmp(h.ascii, host) != 0)
        fail_msg("%s is no host name in lower case", host);
}

static void check_server(const struct provider *p, const struct provider_server *s, uint32_t port)
{
    if (s->host == NULL)
        return;
    check_host(s->host);
    if ((p->hints & MLA_DISCOVER_HINT_BRIDGE) != 0) {
        assert_string_equal(s->host, "127.0.0.1");
        assert_int_equal(s->security, LIST_STARTTLS);
        return;
    }
    assert_int_equal(s->port, port);
    assert_int_equal(s->security, LIST_TLS);
    assert_int_equal(s->hints & ~63U, 0);
    assert_non_null(strchr(s->host, '.'));
}

/* Every word of every row, against all rows before. */
static void check_words(size_t row, const char *list, int is_mx)
{
    char word[128];

    assert_int_not_equal(list[0], ' ');
    while (*list != '\0') {
        size_t len = strcspn(list, " ");

        assert_in_range(len, 3, sizeof word - 1);
        memcpy(word, list, len);
        word[len] = '\0';
        check_host(word);
        if (strchr(word, '.') == NULL)
            fail_msg("%s: %s", provider_table[row].name, word);
        if ((is_mx ? provider_by_mx : provider_by_domain)(word) != &provider_table[row])
            fail_msg("%s: %s is another row's", provider_table[row].name, word);
        list += len;
        if (*list == ' ')
            list++;
        assert_int_not_equal(*list, ' ');
    }
}

static void every_row_is_sane(void **state)
{
    (void)state;
    assert_in_range(provider_count, 50, 200);
    for (size_t i = 0; i < provider_count; i++) {
        const struct provider *p = &provider_table[i];

        if (i > 0 && strcmp(provider_table[i - 1].name, p->name) >= 0)
            fail_msg("%s is not in order", p->name);
        check_words(i, p->domains, 0);
        check_words(i, p->mx, 1);
        assert_true(p->domains[0] != '\0' || p->mx[0] != '\0');
        assert_true(p->imap.host != NULL || p->pop3.host != NULL);
        check_server(p, &p->imap, 993);
        check_server(p, &p->pop3, 995);
        assert_in_range(p->user_kind, MLA_DISCOVER_USER_ADDRESS, MLA_DISCOVER_USER_LOCAL);
        assert_true(p->auth != 0 && (p->auth & ~31U) == 0);
        assert_int_equal(p->hints & ~63U, 0);
        if (p->help_url != NULL && strncmp(p->help_url, "https://", 8) != 0)
            fail_msg("%s: %s", p->name, p->help_url);
        if (p->oauth != NULL) {
            assert_true((p->auth & MLA_DISCOVER_AUTH_OAUTH2) != 0);
            check_host(p->oauth->issuer);
            assert_memory_equal(p->oauth->auth_url, "https://", 8);
            assert_memory_equal(p->oauth->token_url, "https://", 8);
            assert_true(p->oauth->imap_scope[0] != '\0' && p->oauth->pop3_scope[0] != '\0');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains_find_their_provider),
        cmocka_unit_test(exchangers_find_their_provider),
        cmocka_unit_test(every_row_is_sane),
    };

    return cmocka_run_group_tests_name("discover/provider", tests, NULL, NULL);
}
