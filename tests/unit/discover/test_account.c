/* test_account.c - lib/discover/account */
#include "discover/account.h"
#include "test.h"

static struct arena arena;
static struct account got;

static int parse(const char *text)
{
    mla_error err = {0};
    int rc;

    arena_free(&arena);
    arena_init(&arena, mem_default(), 65536);
    rc = account_parse(text, &arena, &got, &err);
    if (rc != 0)
        assert_int_not_equal(err.message[0], '\0');
    return rc;
}

static void addresses_are_taken_apart(void **state)
{
    static const struct {
        const char *text;
        const char *local;
        const char *domain;
    } rows[] = {
        {"alice@example.org", "alice", "example.org"},
        {"Alice+tag@Example.ORG.", "Alice+tag", "example.org"},
        {"a@b@example.org", NULL, NULL},
        {"\"a@b c\"@example.org", "\"a@b c\"", "example.org"},
        {"\"a\\\"b\"@example.org", "\"a\\\"b\"", "example.org"},
        {"a..b.@example.org", "a..b.", "example.org"}, /* there are such at old providers */
        {"j\xc3\xbcrgen@b\xc3\xbc"
         "cher.example",
         "j\xc3\xbcrgen", "xn--bcher-kva.example"},
        {"alice@localhost", "alice", "localhost"},
        {"", NULL, NULL},
        {"alice", NULL, NULL},
        {"@example.org", NULL, NULL},
        {"alice@", NULL, NULL},
        {"alice@[192.0.2.1]", NULL, NULL},
        {"alice@192.0.2.1", NULL, NULL},
        {"alice@::1", NULL, NULL},
        {"al ice@example.org", NULL, NULL},
        {"alice@exam ple.org", NULL, NULL},
        {"alice@example.org/x", NULL, NULL},
        {"al\nice@example.org", NULL, NULL},
        {"al\xc2\x85ice@example.org", NULL, NULL},
        {"al\xffice@example.org", NULL, NULL},
        {"\"alice@example.org", NULL, NULL},
        {"\"a\"b\"@example.org", NULL, NULL},
        {"\"a\\\"@example.org", NULL, NULL},
        {"\"@example.org", NULL, NULL},
        {"<alice@example.org>", NULL, NULL},
        {"a,b@example.org", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int rc = parse(rows[i].text);

        if (rc != (rows[i].local != NULL ? 0 : MLA_E_ARG))
            fail_msg("%s: %d", rows[i].text, rc);
        if (rc != 0)
            continue;
        assert_string_equal(got.text, rows[i].text);
        assert_string_equal(got.local, rows[i].local);
        assert_string_equal(got.domain, rows[i].domain);
        assert_string_equal(got.given, strrchr(rows[i].text, '@') + 1);
    }
    assert_int_equal(parse(NULL), MLA_E_ARG);
    arena_free(&arena);
}

static void lengths_have_an_end(void **state)
{
    char text[ACCOUNT_MAX + 2];

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text + ACCOUNT_MAX - 4, "@b.c", 5);
    assert_int_equal(parse(text), 0);
    memcpy(text + ACCOUNT_MAX - 4, "a@b.c", 6);
    assert_int_equal(parse(text), MLA_E_ARG);
    memcpy(text, "a@", 2);
    for (size_t i = 0; i < ACCOUNT_DOMAIN_MAX + 1; i++)
        text[2 + i] = i % 50 == 49 ? '.' : 'b';
    text[2 + ACCOUNT_DOMAIN_MAX] = '\0';
    assert_int_equal(parse(text), 0);
    text[2 + ACCOUNT_DOMAIN_MAX] = 'b';
    text[3 + ACCOUNT_DOMAIN_MAX] = '\0';
    assert_int_equal(parse(text), MLA_E_ARG);
    arena_free(&arena);
}

static void within_ends_at_labels(void **state)
{
    (void)state;
    assert_true(account_is_within("example.org", "example.org"));
    assert_true(account_is_within("Mail.Example.ORG", "example.org"));
    assert_true(account_is_within("a.b.example.org", "example.org"));
    assert_false(account_is_within("badexample.org", "example.org"));
    assert_false(account_is_within("example.org.evil.test", "example.org"));
    assert_false(account_is_within("org", "example.org"));
    assert_false(account_is_within("", "example.org"));
}

static void urls_get_escaped_text(void **state)
{
    (void)state;
    arena_init(&arena, mem_default(), 65536);
    assert_string_equal(account_escape("Az09-._~", &arena), "Az09-._~");
    assert_string_equal(account_escape("a+b@c&d=\xc3\xbc\"", &arena), "a%2Bb%40c%26d%3D%C3%BC%22");
    arena_free(&arena);
}

static void memory_may_be_short(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct fail_mem f;
        int rc;

        fail_mem_init(&f, n, 1);
        arena_init(&arena, &f.mem, 65536);
        rc = account_parse("alice@example.org", &arena, &got, NULL);
        arena_free(&arena);
        assert_int_equal(f.held, 0);
        if (rc == 0)
            break;
        assert_int_equal(rc, MLA_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart), cmocka_unit_test(lengths_have_an_end),
        cmocka_unit_test(within_ends_at_labels),     cmocka_unit_test(urls_get_escaped_text),
        cmocka_unit_test(memory_may_be_short),
    };

    return cmocka_run_group_tests_name("discover/account", tests, NULL, NULL);
}
