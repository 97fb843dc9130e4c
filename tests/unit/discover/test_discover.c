/* test_discover.c - lib/discover/discover: what is asked, and what comes of the answers */
#include "discover/discover.h"
#include "discover/list.h"
#include "test.h"

#include <stdio.h>

static struct discover *d;
static mla_error error;

static int end(void **state)
{
    (void)state;
    discover_free(d);
    d = NULL;
    return 0;
}

static void open_with(const char *address, mla_discover_args args)
{
    args.struct_size = sizeof args;
    args.address = address;
    memset(&error, 0, sizeof error);
    if (discover_new(mem_default(), &args, 7, &d, &error) != 0)
        fail_msg("%s", error.message);
}

static void open_at(const char *address)
{
    open_with(address, (mla_discover_args){0});
}

static size_t question(const char *name)
{
    int type;

    for (size_t i = 0; i < discover_question_count(d); i++)
        if (strcmp(discover_question(d, i, &type), name) == 0)
            return i;
    fail_msg("%s is not asked for", name);
    return 0;
}

/* "priority weight port target" */
static void answer(const char *name, size_t count, const char *const *records)
{
    static struct dns_answer a;

    memset(&a, 0, sizeof a);
    for (size_t i = 0; i < count; i++) {
        struct dns_record *r = &a.records[a.count++];
        unsigned v[3] = {0};

        r->target[0] = '\0';
        assert_true(sscanf(records[i], "%u %u %u %253s", &v[0], &v[1], &v[2], r->target) >= 3);
        r->priority = (uint16_t)v[0];
        r->weight = (uint16_t)v[1];
        r->port = (uint16_t)v[2];
    }
    a.authenticated = error.code != 0; /* a test that sets it wants DNSSEC */
    assert_int_equal(discover_answer(d, question(name), 0, &a), 0);
}

#define ANSWER(name, ...)                                                                          \
    answer(name, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),                           \
           (const char *[]){__VA_ARGS__})
#define NOTHING(name) answer(name, 0, NULL)

static const struct mla_discover_event *next(int32_t type)
{
    const struct mla_discover_event *ev = NULL;

    if (discover_next(d, &ev) != 1 || ev->type != type)
        fail_msg("event %d instead of %d", ev != NULL ? ev->type : 0, type);
    return ev;
}

static void no_more(void)
{
    const struct mla_discover_event *ev;

    assert_int_equal(discover_next(d, &ev), 0);
}

/* "i imap.example.org:993 t": protocol, host, port, protection */
static const char *line_of(const mla_discover_candidate *c)
{
    static char text[400];

    snprintf(text, sizeof text, "%c %s:%u %c", c->protocol == MLA_DISCOVER_IMAP ? 'i' : 'p',
             c->host, c->port, "tsn"[c->security]);
    return text;
}

static void has(size_t count, const char *const *lines)
{
    for (uint32_t i = 0; i < count; i++) {
        const mla_discover_candidate *c = discover_candidate(d, i);

        if (c == NULL || strcmp(line_of(c), lines[i]) != 0)
            fail_msg("%u: %s instead of %s", i, c != NULL ? line_of(c) : "nothing", lines[i]);
    }
}

#define HAS(...)                                                                                   \
    has(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__})

static void who_is_known_is_not_asked_about(void **state)
{
    const mla_discover_candidate *c;

    (void)state;
    open_at("Alice@GMail.com");
    assert_int_equal(discover_question_count(d), 0);
    next(MLA_DISCOVER_EV_DONE);
    no_more();
    assert_true(discover_is_over(d));
    HAS("i imap.gmail.com:993 t", "p pop.gmail.com:995 t");
    assert_int_equal(discover_candidate_count(d), 2);
    c = discover_candidate(d, 0);
    assert_string_equal(c->user, "Alice@GMail.com");
    assert_int_equal(c->sources, MLA_DISCOVER_FROM_TABLE);
    assert_int_equal(c->flags, MLA_DISCOVER_AUTHENTICATED);
    assert_true((c->auth & MLA_DISCOVER_AUTH_OAUTH2) != 0);
    assert_string_equal(c->oauth_issuer, "accounts.google.com");
    end(NULL);
    open_at("alice@web.de");
    assert_string_equal(discover_candidate(d, 0)->user, "alice");
    end(NULL);
    open_with("alice@gmail.com", (mla_discover_args){.protocols = MLA_DISCOVER_POP3});
    assert_int_equal(discover_candidate_count(d), 1);
    HAS("p pop.gmail.com:995 t");
    end(NULL);
    open_with("alice@gmail.com", (mla_discover_args){.thorough = 1});
    assert_int_equal(discover_question_count(d), 5);
    end(NULL);
    open_with("alice@gmail.com", (mla_discover_args){.skip = MLA_DISCOVER_FROM_TABLE});
    assert_int_equal(discover_candidate_count(d), 0);
}

static void files_are_named_in_order(void **state)
{
    static const char *const urls[] = {
        "https://autoconfig.xn--bcher-kva.example/mail/config-v1.1.xml",
        "https://xn--bcher-kva.example/.well-known/autoconfig/mail/config-v1.1.xml",
        "https://autoconfig.thunderbird.net/v1.1/xn--bcher-kva.example"};

    (void)state;
    open_at("al+ice@b\xc3\xbc"
            "cher.example");
    for (uint32_t i = 0; i < 3; i++) {
        const struct mla_discover_event *ev = next(MLA_DISCOVER_EV_URL);

        assert_string_equal(ev->url.url, urls[i]);
        assert_int_equal(ev->url.id, i);
        assert_int_equal(ev->url.source,
                         i < 2 ? MLA_DISCOVER_FROM_AUTOCONFIG : MLA_DISCOVER_FROM_ISPDB);
        assert_int_equal(ev->url.by_mx, 0);
    }
    no_more();
    end(NULL);
    /* the address is for the domain alone, and for https alone */
    open_with("al+ice@example.org", (mla_discover_args){.url_address = 1});
    assert_string_equal(next(MLA_DISCOVER_EV_URL)->url.url,
                        "https://autoconfig.example.org/mail/config-v1.1.xml"
                        "?emailaddress=al%2Bice%40example.org");
    assert_null(strstr(next(MLA_DISCOVER_EV_URL)->url.url, "ice"));
    assert_null(strstr(next(MLA_DISCOVER_EV_URL)->url.url, "ice"));
    end(NULL);
    open_with("a@example.org",
              (mla_discover_args){.skip = MLA_DISCOVER_FROM_AUTOCONFIG | MLA_DISCOVER_FROM_ISPDB});
    no_more();
}

static void services_are_asked_for(void **state)
{
    static const char *const names[] = {"_imaps._tcp.example.org", "_imap._tcp.example.org",
                                        "_pop3s._tcp.example.org", "_pop3._tcp.example.org",
                                        "example.org"};

    (void)state;
    open_at("alice@Example.org");
    assert_string_equal(discover_domain(d), "example.org");
    assert_int_equal(discover_question_count(d), 5);
    for (size_t i = 0; i < 5; i++) {
        int type = 0;

        assert_string_equal(discover_question(d, i, &type), names[i]);
        assert_int_equal(type, i < 4 ? DNS_TYPE_SRV : DNS_TYPE_MX);
    }
    end(NULL);
    open_with("alice@example.org",
              (mla_discover_args){.protocols = MLA_DISCOVER_IMAP, .skip = MLA_DISCOVER_FROM_MX});
    assert_int_equal(discover_question_count(d), 2);
    end(NULL);
    open_with("alice@example.org",
              (mla_discover_args){.skip = MLA_DISCOVER_FROM_SRV | MLA_DISCOVER_FROM_MX |
                                          MLA_DISCOVER_FROM_AUTOCONFIG | MLA_DISCOVER_FROM_ISPDB});
    assert_int_equal(discover_question_count(d), 0);
    next(MLA_DISCOVER_EV_DONE); /* guesses need nobody */
    HAS("i imap.example.org:993 t");
}

static void records_become_candidates(void **state)
{
    const mla_discover_candidate *c;

    (void)state;
    open_at("alice@example.org");
    ANSWER("_imaps._tcp.example.org", "20 0 993 second.example.org", "10 0 1993 first.example.org");
    ANSWER("_imap._tcp.example.org", "10 0 143 first.example.org");
    ANSWER("_pop3s._tcp.example.org", "10 0 995 pop.example.net");
    NOTHING("_pop3._tcp.example.org");
    assert_int_equal(discover_candidate_count(d), 0); /* an order needs all of them */
    NOTHING("example.org");
    HAS("i first.example.org:1993 t", "i second.example.org:993 t", "i first.example.org:143 s",
        "p pop.example.net:995 t", "i imap.example.org:993 t");
    c = discover_candidate(d, 0);
    assert_string_equal(c->user, "alice@example.org");
    assert_int_equal(c->user_kind, MLA_DISCOVER_USER_GUESS);
    assert_int_equal(c->sources, MLA_DISCOVER_FROM_SRV);
    assert_int_equal(c->flags, 0);
    assert_int_equal(discover_candidate(d, 3)->flags, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM);
    assert_int_equal(discover_candidate(d, 4)->sources, MLA_DISCOVER_FROM_GUESS);
}

/* RFC 6186 section 3.3 */
static void the_domain_may_prefer_pop3(void **state)
{
    (void)state;
    open_at("alice@example.org");
    ANSWER("_imaps._tcp.example.org", "20 0 993 a.example.org");
    NOTHING("_imap._tcp.example.org");
    ANSWER("_pop3s._tcp.example.org", "30 0 995 b.example.org");
    ANSWER("_pop3._tcp.example.org", "10 0 110 c.example.org");
    NOTHING("example.org");
    HAS("p b.example.org:995 t", "p c.example.org:110 s", "i a.example.org:993 t");
}

static void dnssec_needs_no_confirmation(void **state)
{
    (void)state;
    open_at("alice@example.org");
    error.code = 1; /* see answer() */
    ANSWER("_imaps._tcp.example.org", "1 0 993 imap.example.net");
    error.code = 0;
    NOTHING("_imap._tcp.example.org");
    NOTHING("_pop3s._tcp.example.org");
    NOTHING("_pop3._tcp.example.org");
    NOTHING("example.org");
    assert_int_equal(discover_candidate(d, 0)->flags,
                     MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_AUTHENTICATED);
}

/* RFC 2782: a target "." says that there is no such service. */
static void what_is_not_offered_is_not_guessed(void **state)
{
    const struct mla_discover_event *ev;

    (void)state;
    open_with("alice@example.org",
              (mla_discover_args){.skip = MLA_DISCOVER_FROM_ISPDB | MLA_DISCOVER_FROM_AUTOCONFIG});
    ANSWER("_imaps._tcp.example.org", "1 0 993 imap.example.org");
    ANSWER("_imap._tcp.example.org", "0 0 0");
    ANSWER("_pop3s._tcp.example.org", "0 0 0");
    ANSWER("_pop3._tcp.example.org", "0 0 0");
    ANSWER("example.org", "0 0 0");
    ev = next(MLA_DISCOVER_EV_LOOKUP);
    assert_int_equal(ev->lookup.count, 1);
    assert_int_equal(ev->lookup.not_offered, 0);
    for (int i = 0; i < 3; i++) {
        ev = next(MLA_DISCOVER_EV_LOOKUP);
        assert_int_equal(ev->lookup.count, 0);
        assert_int_equal(ev->lookup.not_offered, 1);
    }
    assert_int_equal(next(MLA_DISCOVER_EV_LOOKUP)->lookup.is_mx, 1);
    next(MLA_DISCOVER_EV_DONE);
    for (uint32_t i = 0; i < discover_candidate_count(d); i++) {
        assert_int_equal(discover_candidate(d, i)->protocol, MLA_DISCOVER_IMAP);
        assert_int_equal(discover_candidate(d, i)->security, LIST_TLS);
    }
}

static void exchangers_lead_to_providers(void **state)
{
    const mla_discover_candidate *c;

    (void)state;
    open_at("alice@example.org");
    for (int i = 0; i < 3; i++)
        next(MLA_DISCOVER_EV_URL);
    ANSWER("example.org", "20 0 0 alt1.aspmx.l.google.com", "10 0 0 aspmx.l.google.com");
    HAS("i imap.gmail.com:993 t", "p pop.gmail.com:995 t");
    c = discover_candidate(d, 0);
    assert_int_equal(c->sources, MLA_DISCOVER_FROM_MX);
    assert_int_equal(c->flags, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM);
    assert_string_equal(c->user, "alice@example.org");
    next(MLA_DISCOVER_EV_LOOKUP);
    no_more(); /* no file is needed */
    end(NULL);
    /* the local part of an own domain is nobody's name at the provider's */
    open_at("alice@example.org");
    ANSWER("example.org", "10 0 0 mx01.mail.icloud.com");
    assert_null(discover_candidate(d, 0)->user);
    assert_int_equal(discover_candidate(d, 0)->user_kind, MLA_DISCOVER_USER_ASK);
    end(NULL);
    /* a hoster that the table does not know may be in the list of files */
    open_at("alice@example.org");
    for (int i = 0; i < 3; i++)
        next(MLA_DISCOVER_EV_URL);
    ANSWER("example.org", "10 0 0 mx1.mail.hoster.test");
    next(MLA_DISCOVER_EV_LOOKUP);
    c = NULL;
    assert_string_equal(next(MLA_DISCOVER_EV_URL)->url.url,
                        "https://autoconfig.thunderbird.net/v1.1/mail.hoster.test");
    assert_string_equal(next(MLA_DISCOVER_EV_URL)->url.url,
                        "https://autoconfig.thunderbird.net/v1.1/hoster.test");
    no_more();
    end(NULL);
    /* an own exchanger tells nobody anything, but may have mailboxes */
    open_with("alice@example.org",
              (mla_discover_args){.skip = MLA_DISCOVER_FROM_SRV, .protocols = MLA_DISCOVER_IMAP});
    ANSWER("example.org", "10 0 0 box.example.org");
    HAS("i imap.example.org:993 t", "i mail.example.org:993 t", "i box.example.org:993 t",
        "i example.org:993 t", "i imap.example.org:143 s");
}

static void failures_are_told_and_guessed_around(void **state)
{
    (void)state;
    open_at("alice@example.org");
    for (int i = 0; i < 3; i++)
        next(MLA_DISCOVER_EV_URL);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(discover_answer(d, i, MLA_E_RESOLVE, NULL), 0);
    for (size_t i = 0; i < 5; i++) {
        const struct mla_discover_event *ev = next(MLA_DISCOVER_EV_LOOKUP);

        assert_int_equal(ev->lookup.error, MLA_E_RESOLVE);
        assert_int_equal(ev->lookup.count, 0);
    }
    next(MLA_DISCOVER_EV_DONE);
    no_more();
    assert_true(discover_candidate_count(d) > 0);
    for (uint32_t i = 0; i < discover_candidate_count(d); i++) {
        const mla_discover_candidate *c = discover_candidate(d, i);

        assert_int_equal(c->sources, MLA_DISCOVER_FROM_GUESS);
        assert_int_equal(c->flags, 0); /* all within the domain */
        assert_int_not_equal(c->security, LIST_CLEARTEXT);
    }
    assert_null(discover_candidate(d, discover_candidate_count(d)));
}

static void hostile_targets_are_left_out(void **state)
{
    (void)state;
    open_with("alice@example.org",
              (mla_discover_args){.protocols = MLA_DISCOVER_IMAP, .skip = MLA_DISCOVER_FROM_GUESS});
    ANSWER("_imaps._tcp.example.org", "1 0 993 127.0.0.1", "2 0 993 2130706433",
           "3 0 993 0x7f000001", "4 0 993 good.example.org");
    NOTHING("_imap._tcp.example.org");
    NOTHING("example.org");
    assert_int_equal(discover_candidate_count(d), 1);
    HAS("i good.example.org:993 t");
}

#define XML(servers) "<clientConfig><emailProvider>" servers "</emailProvider></clientConfig>"
#define ONE(type, host, port, how)                                                                 \
    "<incomingServer type=\"" type "\"><hostname>" host "</hostname><port>" port                   \
    "</port><socketType>" how                                                                      \
    "</socketType><username>%EMAILLOCALPART%</username></incomingServer>"

static uint32_t give(uint32_t id, const char *text, int verified)
{
    uint32_t count = 77;
    int rc = discover_give(d, id, text, strlen(text), verified, &count, &error);

    if (rc != 0)
        fail_msg("%s", error.message);
    return count;
}

static void files_become_candidates(void **state)
{
    static const char file[] =
        XML(ONE("imap", "old.example.org", "143", "plain") ONE("imap", "b.test", "143", "STARTTLS")
                ONE("pop3", "c.test", "995", "SSL") ONE("imap", "a.test", "993", "SSL"));
    uint32_t last;

    (void)state;
    open_at("alice@example.org");
    if (discover_give(d, 0, XML(""), strlen(XML("")), 0, NULL, &error) == MLA_E_UNSUPPORTED)
        skip();
    assert_int_equal(give(1, file, 1), 3);
    HAS("i a.test:993 t", "i b.test:143 s", "p c.test:995 t");
    assert_int_equal(discover_candidate_count(d), 3);
    assert_string_equal(discover_candidate(d, 0)->user, "alice");
    assert_int_equal(discover_candidate(d, 0)->sources, MLA_DISCOVER_FROM_AUTOCONFIG);
    assert_int_equal(discover_candidate(d, 0)->flags,
                     MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_AUTHENTICATED);
    /* the list of Mozilla's stands behind, and what was not verified needs the user's word */
    assert_int_equal(give(2, XML(ONE("imap", "d.test", "993", "SSL")), 0), 1);
    HAS("i a.test:993 t", "i b.test:143 s", "p c.test:995 t", "i d.test:993 t");
    assert_int_equal(discover_candidate(d, 3)->flags, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM);
    memset(&error, 0, sizeof error);
    assert_int_equal(discover_give(d, 2, file, sizeof file - 1, 1, NULL, &error), MLA_E_STATE);
    assert_int_equal(discover_give(d, 3, file, sizeof file - 1, 1, NULL, NULL), MLA_E_ARG);
    end(NULL);
    /* in clear: only where it is wanted, and last */
    open_with("alice@example.org", (mla_discover_args){.cleartext = 1});
    assert_int_equal(give(0, file, 1), 4);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(discover_answer(d, i, MLA_E_RESOLVE, NULL), 0);
    last = discover_candidate_count(d) - 1;
    assert_string_equal(line_of(discover_candidate(d, last)), "i old.example.org:143 n");
    assert_string_equal(line_of(discover_candidate(d, 0)), "i a.test:993 t");
}

#define PAGES                                                                                      \
    "<clientConfig><emailProvider><displayName>Us</displayName>"                                   \
    "<documentation url=\"https://evil.test/\"/><incomingServer type=\"imap\">"                    \
    "<hostname>imap.example.org</hostname><port>993</port><socketType>SSL</socketType>"            \
    "<authentication>OAuth2</authentication></incomingServer></emailProvider><oAuth2>"             \
    "<issuer>evil.test</issuer><scope>x</scope><authURL>https://evil.test/a</authURL>"             \
    "<tokenURL>https://evil.test/t</tokenURL></oAuth2></clientConfig>"

/* Pages on which people type passwords come from nobody who is not known, also not along with a
 * server that others name. */
static void pages_of_unverified_files_are_left_out(void **state)
{
    const mla_discover_candidate *c;

    (void)state;
    for (int verified = 0; verified < 2; verified++) {
        open_at("alice@example.org");
        if (discover_give(d, 0, PAGES, strlen(PAGES), verified, NULL, &error) == MLA_E_UNSUPPORTED)
            skip();
        ANSWER("_imaps._tcp.example.org", "1 1 993 imap.example.org");
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(discover_answer(d, i, MLA_E_RESOLVE, NULL), 0);
        c = discover_candidate(d, 0);
        assert_string_equal(c->host, "imap.example.org");
        assert_int_equal(c->sources, MLA_DISCOVER_FROM_AUTOCONFIG | MLA_DISCOVER_FROM_SRV |
                                         MLA_DISCOVER_FROM_GUESS);
        assert_int_equal(c->auth, MLA_DISCOVER_AUTH_OAUTH2);
        assert_int_equal(c->help_url != NULL, verified);
        assert_int_equal(c->provider != NULL, verified);
        assert_int_equal(c->oauth_issuer != NULL, verified);
        assert_int_equal(c->oauth_auth_url != NULL, verified);
        assert_int_equal(c->oauth_token_url != NULL, verified);
        assert_int_equal(c->oauth_scope != NULL, verified);
        end(NULL);
    }
}

/* A file that forged DNS led to proves nothing. */
static void files_by_exchanger_are_not_believed(void **state)
{
    (void)state;
    open_at("alice@example.org");
    ANSWER("example.org", "10 0 0 mx.hoster.test");
    if (discover_give(d, 0, XML(""), strlen(XML("")), 1, NULL, &error) == MLA_E_UNSUPPORTED)
        skip();
    assert_int_equal(give(3, XML(ONE("imap", "imap.hoster.test", "993", "SSL")), 1), 1);
    assert_int_equal(discover_candidate(d, 0)->flags, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM);
    assert_int_equal(discover_candidate(d, 0)->sources, MLA_DISCOVER_FROM_ISPDB);
}

/* Every allocation of the answers' way fails once, and all from it on. */
static void memory_may_be_short(void **state)
{
    mla_discover_args args = {.struct_size = sizeof args, .address = "alice@example.org"};
    static struct dns_answer a;

    (void)state;
    a.count = 2;
    memcpy(a.records[0].target, "mx1.mail.hoster.test", 21);
    memcpy(a.records[1].target, "box.example.org", 16);
    a.records[0].port = a.records[1].port = 993;
    for (int from_then_on = 0; from_then_on < 2; from_then_on++)
        for (size_t n = 1, whole = 0; !whole; n++) {
            struct fail_mem f;
            int rc;

            fail_mem_init(&f, n, from_then_on);
            rc = discover_new(&f.mem, &args, 7, &d, NULL);
            for (size_t i = 0; rc == 0 && i < discover_question_count(d); i++) {
                int one = discover_answer(d, i, 0, &a);

                rc = one != 0 ? one : rc;
            }
            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            whole = rc == 0;
            if (whole)
                assert_true(discover_candidate_count(d) > 8);
            end(NULL);
            assert_int_equal(f.held, 0);
        }
}

static void wrong_arguments_are_refused(void **state)
{
    mla_discover_args args = {.address = "alice@example.org", .protocols = 4};

    (void)state;
    assert_int_equal(discover_new(mem_default(), &args, 0, &d, NULL), MLA_E_ARG);
    args.protocols = 0;
    args.skip = 64;
    assert_int_equal(discover_new(mem_default(), &args, 0, &d, NULL), MLA_E_ARG);
    args.skip = 0;
    args.name_server_port = 65536;
    assert_int_equal(discover_new(mem_default(), &args, 0, &d, NULL), MLA_E_ARG);
    args.name_server_port = 0;
    args.address = "alice";
    assert_int_equal(discover_new(mem_default(), &args, 0, &d, NULL), MLA_E_ARG);
    assert_null(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(who_is_known_is_not_asked_about, end),
        cmocka_unit_test_teardown(files_are_named_in_order, end),
        cmocka_unit_test_teardown(services_are_asked_for, end),
        cmocka_unit_test_teardown(records_become_candidates, end),
        cmocka_unit_test_teardown(the_domain_may_prefer_pop3, end),
        cmocka_unit_test_teardown(dnssec_needs_no_confirmation, end),
        cmocka_unit_test_teardown(what_is_not_offered_is_not_guessed, end),
        cmocka_unit_test_teardown(exchangers_lead_to_providers, end),
        cmocka_unit_test_teardown(failures_are_told_and_guessed_around, end),
        cmocka_unit_test_teardown(hostile_targets_are_left_out, end),
        cmocka_unit_test_teardown(files_become_candidates, end),
        cmocka_unit_test_teardown(pages_of_unverified_files_are_left_out, end),
        cmocka_unit_test_teardown(files_by_exchanger_are_not_believed, end),
        cmocka_unit_test_teardown(memory_may_be_short, end),
        cmocka_unit_test_teardown(wrong_arguments_are_refused, end),
    };

    return cmocka_run_group_tests_name("discover/discover", tests, NULL, NULL);
}
