/* test_list.c - lib/discover/list */
#include "discover/list.h"
#include "test.h"

#include <stdio.h>

static struct arena arena;
static struct list list;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, mem_default(), 1048576);
    list_init(&list, &arena, "example.org");
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static mla_discover_candidate candidate(const char *host, uint32_t source)
{
    mla_discover_candidate c = {.protocol = MLA_DISCOVER_IMAP, .host = host, .port = 993};

    c.sources = source;
    c.user = "alice@example.org";
    c.user_kind = MLA_DISCOVER_USER_GUESS;
    return c;
}

static void add(const char *host, uint32_t source, uint32_t tier, int authenticated)
{
    mla_discover_candidate c = candidate(host, source);

    assert_int_equal(list_add(&list, &c, tier, authenticated), 0);
}

static void better_tiers_come_first(void **state)
{
    static const char *const order[] = {"t", "a1", "a2", "s", "g1", "g2", "clear"};

    (void)state;
    add("g1", MLA_DISCOVER_FROM_GUESS, TIER_GUESS, 0);
    add("a1", MLA_DISCOVER_FROM_AUTOCONFIG, TIER_AUTOCONFIG, 1);
    add("clear", MLA_DISCOVER_FROM_AUTOCONFIG, TIER_CLEARTEXT, 1);
    add("g2", MLA_DISCOVER_FROM_GUESS, TIER_GUESS, 0);
    add("t", MLA_DISCOVER_FROM_TABLE, TIER_TABLE, 1);
    add("s", MLA_DISCOVER_FROM_SRV, TIER_SRV, 0);
    add("a2", MLA_DISCOVER_FROM_AUTOCONFIG, TIER_AUTOCONFIG, 1);
    assert_int_equal(list.count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(list.entries[i].c.host, order[i]);
        assert_int_equal(list.entries[i].c.struct_size, sizeof(mla_discover_candidate));
    }
}

static void flags_say_where_a_host_is(void **state)
{
    static const struct {
        const char *host;
        int authenticated;
        uint32_t flags;
    } rows[] = {
        {"example.org", 0, 0},
        {"imap.example.org", 0, 0},
        {"imap.example.org.evil.test", 0, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM},
        {"badexample.org", 0, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_CONFIRM},
        {"imap.example.net", 1, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_AUTHENTICATED},
        {"pop.example.org", 1, MLA_DISCOVER_AUTHENTICATED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        add(rows[i].host, MLA_DISCOVER_FROM_SRV, TIER_SRV, rows[i].authenticated);
        assert_int_equal(list.entries[i].c.flags, rows[i].flags);
    }
}

/* The same server named twice is one, at the better place, with what both know. */
static void the_same_server_is_there_once(void **state)
{
    mla_discover_candidate c = candidate("IMAP.example.net", MLA_DISCOVER_FROM_MX);
    const mla_discover_candidate *first;

    (void)state;
    add("imap.example.net", MLA_DISCOVER_FROM_ISPDB, TIER_ISPDB, 0);
    add("other.example.net", MLA_DISCOVER_FROM_SRV, TIER_SRV, 0);
    add("imap.example.net", MLA_DISCOVER_FROM_SRV, TIER_SRV, 0);
    c.user = "alice";
    c.user_kind = MLA_DISCOVER_USER_LOCAL;
    c.auth = MLA_DISCOVER_AUTH_OAUTH2;
    c.hints = MLA_DISCOVER_HINT_SWITCH_ON;
    c.provider = "Some";
    c.help_url = "https://help.test/";
    c.oauth_issuer = "issuer.test";
    assert_int_equal(list_add(&list, &c, TIER_MX, 1), 0);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.entries[0].c.host, "other.example.net");
    first = &list.entries[1].c;
    assert_string_equal(first->host, "imap.example.net");
    assert_int_equal(list.entries[1].tier, TIER_SRV);
    assert_int_equal(first->sources,
                     MLA_DISCOVER_FROM_ISPDB | MLA_DISCOVER_FROM_SRV | MLA_DISCOVER_FROM_MX);
    assert_string_equal(first->user, "alice");
    assert_int_equal(first->user_kind, MLA_DISCOVER_USER_LOCAL);
    assert_int_equal(first->auth, MLA_DISCOVER_AUTH_OAUTH2);
    assert_int_equal(first->hints, MLA_DISCOVER_HINT_SWITCH_ON);
    assert_string_equal(first->provider, "Some");
    assert_string_equal(first->oauth_issuer, "issuer.test");
    assert_int_equal(first->flags, MLA_DISCOVER_OUTSIDE | MLA_DISCOVER_AUTHENTICATED);
    /* another port, protection or protocol is another server */
    c.port = 143;
    assert_int_equal(list_add(&list, &c, TIER_MX, 1), 0);
    c.security = LIST_STARTTLS;
    assert_int_equal(list_add(&list, &c, TIER_MX, 1), 0);
    c.protocol = MLA_DISCOVER_POP3;
    assert_int_equal(list_add(&list, &c, TIER_MX, 1), 0);
    assert_int_equal(list.count, 5);
}

static void there_is_a_most(void **state)
{
    char host[32];

    (void)state;
    for (int i = 0; i < LIST_MAX + 3; i++) {
        snprintf(host, sizeof host, "h%d.example.org", i);
        add(host, MLA_DISCOVER_FROM_SRV, TIER_SRV, 0);
    }
    assert_int_equal(list.count, LIST_MAX);
    add("h0.example.org", MLA_DISCOVER_FROM_MX, TIER_TABLE, 0); /* known ones still join */
    assert_int_equal(list.count, LIST_MAX);
    assert_string_equal(list.entries[0].c.host, "h0.example.org");
    assert_int_equal(list.entries[0].c.sources, MLA_DISCOVER_FROM_SRV | MLA_DISCOVER_FROM_MX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(better_tiers_come_first, begin, end),
        cmocka_unit_test_setup_teardown(flags_say_where_a_host_is, begin, end),
        cmocka_unit_test_setup_teardown(the_same_server_is_there_once, begin, end),
        cmocka_unit_test_setup_teardown(there_is_a_most, begin, end),
    };

    return cmocka_run_group_tests_name("discover/list", tests, NULL, NULL);
}
