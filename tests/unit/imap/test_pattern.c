#include "test.h"

#include "imap/enc.h"
#include "imap/pattern.h"

static int matches(const char *pattern, const char *name, uint32_t delimiter)
{
    return imap_pattern_matches(imap_str(pattern), imap_str(name), delimiter);
}

static void knows_wildcards(void **state)
{
    (void)state;
    assert_true(matches("*", "a/b/c", '/'));
    assert_true(matches("*", "", '/'));
    assert_true(matches("%", "a", '/'));
    assert_false(matches("%", "a/b", '/'));
    assert_true(matches("%", "a/b", '.'));
    assert_true(matches("%", "a/b", 0)); /* flat: nothing is a delimiter */
    assert_true(matches("Work/%", "Work/a", '/'));
    assert_false(matches("Work/%", "Work/a/b", '/'));
    assert_false(matches("Work/%", "Other", '/'));
    assert_true(matches("Work/*", "Work/a/b", '/'));
    assert_true(matches("%/b", "a/b", '/'));
    assert_false(matches("%/b", "a/c/b", '/'));
    assert_true(matches("*/b", "a/c/b", '/'));
    assert_true(matches("*%b", "a/c/xb", '/'));
    assert_true(matches("%b*", "aab/c", '/'));
    assert_false(matches("%b*c", "a/b/c", '/'));
    assert_true(matches("*b%", "a/b/b1", '/'));
    assert_false(matches("*b%", "a/b/c", '/'));
    assert_true(matches("a*b*c", "aXbYbZc", '/'));
    assert_false(matches("a*b*c", "aXbYbZ", '/'));
    assert_true(matches("a%%b", "ab", '/'));
}

static void is_not_strict(void **state)
{
    (void)state;
    assert_true(matches("INBOX", "INBOX", '/'));
    assert_true(matches("inbox", "INBOX", '/'));
    assert_true(matches("M\xc3\xbcll", "m\xc3\xbcll", '/'));
    assert_false(matches("INBOX", "INBOX2", '/'));
    assert_false(matches("INBOX", "INBO", '/'));
    assert_false(matches("", "x", '/'));
    assert_true(matches("", "", '/'));
    /* Exchange ends names in the delimiter, others begin with it */
    assert_true(matches("%", "Public Folders/", '/'));
    assert_true(matches("%", "/shared", '/'));
    assert_true(matches("/", "/", '/'));
}

/* No name takes long. */
static void is_quick(void **state)
{
    static char pattern[2001];
    static char name[20001];

    (void)state;
    for (size_t i = 0; i < 2000; i++)
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    memset(name, 'a', 20000);
    name[19999] = 'b';
    assert_false(matches(pattern, name, '/'));
    for (size_t i = 0; i < 2000; i++)
        pattern[i] = i % 2 == 0 ? '%' : 'a';
    assert_false(matches(pattern, name, '/'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_wildcards),
        cmocka_unit_test(is_not_strict),
        cmocka_unit_test(is_quick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
