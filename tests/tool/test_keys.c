/* test_keys.c - examples/mailaccess/keys and set */
#include "tool_test.h"

#include "keys.h"
#include "set.h"

#define WORDS(...)                                                                                 \
    (const char *[]){__VA_ARGS__}, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static void bad(const char *says, const char *const *words, int count)
{
    struct keys k;

    assert_int_equal(keys_parse(&k, words, count), -1);
    if (strstr(k.why, says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", k.why, says);
    keys_free(&k);
}

static void reads_flat_keys(void **state)
{
    struct keys k;

    (void)state;
    assert_int_equal(keys_parse(&k, WORDS("UNSEEN", "from", "alice b", "Since", "1-feb-2025",
                                          "LARGER", "10000", "HEADER", "X-A", "")),
                     0);
    assert_int_equal(k.count, 5);
    assert_int_equal(k.key[0].kind, MLA_IMAP_KEY_UNSEEN);
    assert_int_equal(k.key[1].kind, MLA_IMAP_KEY_FROM);
    assert_int_equal(k.key[1].text.len, 7);
    assert_memory_equal(k.key[1].text.ptr, "alice b", 7);
    assert_int_equal(k.key[2].kind, MLA_IMAP_KEY_SINCE);
    assert_int_equal(k.key[2].year * 10000 + k.key[2].month * 100 + k.key[2].day, 20250201);
    assert_int_equal(k.key[3].number, 10000);
    assert_memory_equal(k.key[4].name.ptr, "X-A", 3);
    assert_int_equal(k.key[4].text.len, 0);
    assert_int_equal(k.key[4].struct_size, sizeof k.key[4]);
    keys_free(&k);
    assert_int_equal(keys_parse(&k, NULL, 0), 0);
    assert_int_equal(k.count, 0);
    keys_free(&k);
}

static void reads_nested_keys(void **state)
{
    struct keys k;
    const uint32_t kinds[] = {MLA_IMAP_KEY_OR,  MLA_IMAP_KEY_TO,      MLA_IMAP_KEY_NOT,
                              MLA_IMAP_KEY_AND, MLA_IMAP_KEY_SUBJECT, MLA_IMAP_KEY_FLAGGED,
                              MLA_IMAP_KEY_SEEN};

    (void)state;
    assert_int_equal(keys_parse(&k, WORDS("OR", "TO", "(x)", "NOT", "(", "SUBJECT", "a\"b",
                                          "FLAGGED", ")", "SEEN")),
                     0);
    assert_int_equal(k.count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(k.key[i].kind, kinds[i]);
    assert_int_equal(k.key[3].number, 2);
    assert_memory_equal(k.key[1].text.ptr, "(x)", 3);
    keys_free(&k);
    assert_int_equal(
        keys_parse(&k, WORDS("OR TO \"(x)\" NOT (SUBJECT \"a\\\"b\" FLAGGED)", "SEEN")), 0);
    assert_int_equal(k.count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(k.key[i].kind, kinds[i]);
    assert_memory_equal(k.key[4].text.ptr, "a\"b", 4);
    keys_free(&k);
}

static void reads_sets(void **state)
{
    struct keys k;

    (void)state;
    assert_int_equal(keys_parse(&k, WORDS("UID", "4,7:9,20:*", "1:5", "SENTON", "2025-02-28")), 0);
    assert_int_equal(k.count, 3);
    assert_int_equal(k.key[0].range_count, 3);
    assert_int_equal(k.key[0].ranges[2].first, 20);
    assert_int_equal(k.key[0].ranges[2].last, 0);
    assert_int_equal(k.key[1].kind, MLA_IMAP_KEY_SEQS);
    assert_int_equal(k.key[2].day, 28);
    keys_free(&k);
}

/* I03: nothing is passed on unread. */
static void says_what_is_wrong_i03(void **state)
{
    const char *deep[120];

    (void)state;
    bad("FROMM: no such", WORDS("FROMM", "x"));
    bad("missing", WORDS("FROM"));
    bad("missing", WORDS("HEADER", "x"));
    bad("date", WORDS("SINCE", "yesterday"));
    bad("date", WORDS("SINCE", "32-Jan-2025"));
    bad("date", WORDS("SINCE", "1-Feb-2025x"));
    bad("date", WORDS("SINCE", "2025-13-01"));
    bad("number", WORDS("LARGER", "1e3"));
    bad("number", WORDS("LARGER", "-1"));
    bad("set", WORDS("UID", "1,"));
    bad("set", WORDS("UID", "0"));
    bad("set", WORDS("UID", "4294967296"));
    bad("set", WORDS("1:x"));
    bad("key is missing", WORDS("OR", "SEEN"));
    bad("key is missing", WORDS("NOT"));
    bad("not closed", WORDS("(", "SEEN"));
    bad("not closed", WORDS("FROM \"x"));
    bad("not closed", WORDS("SUBJECT \"x y"));
    bad("was not opened", WORDS("SEEN", ")"));
    bad("nothing stands", WORDS("(", ")"));
    bad("no such", WORDS("SEEN\r\nA1 LOGOUT"));
    for (size_t i = 0; i < 120; i++)
        deep[i] = "NOT";
    bad("deep", deep, 120);
}

static void sets_are_read_and_asked(void **state)
{
    mla_range *r;
    size_t n;
    char text[24];
    struct set s = {NULL, 0, 0};

    (void)state;
    assert_int_equal(set_read("9:7,20:*", &r, &n), 0);
    assert_int_equal(n, 2);
    assert_true(set_has(r, n, 8, 30));
    assert_false(set_has(r, n, 10, 30));
    assert_true(set_has(r, n, 30, 30));
    assert_false(set_has(r, n, 19, 30));
    assert_true(set_has(r, n, 19, 18)); /* 20:18 */
    set_print(text, sizeof text, r, n);
    assert_string_equal(text, "9:7,20:*");
    set_print(text, 9, r, n);
    assert_string_equal(text, "9:7...");
    free(r);
    assert_int_equal(set_read("", &r, &n), -1);
    assert_int_equal(set_read("1:", &r, &n), -1);
    assert_int_equal(set_read("1 2", &r, &n), -1);
    assert_int_equal(set_read("1:2:3", &r, &n), -1);
    for (uint32_t uid = 1; uid < 100; uid++)
        if (uid % 10 != 0)
            assert_int_equal(set_add(&s, uid), 0);
    assert_int_equal(s.count, 10);
    assert_int_equal(s.ranges[9].first, 91);
    assert_int_equal(s.ranges[9].last, 99);
    set_free(&s);
}

static void flags_are_read(void **state)
{
    struct flag_list l;

    (void)state;
    memset(&l, 0, sizeof l);
    assert_int_equal(flag_list_parse(&l, "\\Seen,flagged,$Junk"), 0);
    assert_int_equal(l.flags, MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_FLAGGED);
    assert_int_equal(l.keyword_count, 1);
    assert_memory_equal(l.keywords[0].ptr, "$Junk", 5);
    assert_int_equal(flag_list_parse(&l, "\\Nonsense"), EXIT_USAGE);
    assert_int_equal(flag_list_parse(&l, ""), EXIT_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_flat_keys),
        cmocka_unit_test(reads_nested_keys),
        cmocka_unit_test(reads_sets),
        cmocka_unit_test(says_what_is_wrong_i03),
        cmocka_unit_test(sets_are_read_and_asked),
        cmocka_unit_test(flags_are_read),
    };

    return cmocka_run_group_tests_name("tool/keys", tests, NULL, NULL);
}
