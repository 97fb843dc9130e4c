/* test_ascii.c - lib/base/ascii */
#include "base/ascii.h"
#include "test.h"

static void compares_by_length(void **state)
{
    (void)state;
    assert_true(ascii_equal("Inbox", 5, "INBOX", 5));
    assert_false(ascii_equal("Inbox", 5, "INBOXES", 7));
    assert_false(ascii_equal("a\0b", 3, "a\0c", 3));
    assert_true(ascii_equal_word("FeTcH", 5, "fetch"));
    assert_true(ascii_starts("FETCH (", 7, "fetch"));
    assert_false(ascii_starts("FET", 3, "fetch"));
    assert_int_equal(ascii_compare("abc", 3, "ABD", 3), -1);
    assert_int_equal(ascii_compare("abcd", 4, "ABC", 3), 1);
}

static void only_ascii_letters_fold(void **state)
{
    (void)state;
    assert_false(ascii_equal("\xc4", 1, "\xe4", 1));
    assert_int_equal(ascii_lower(0xc4), 0xc4);
    assert_int_equal(ascii_upper('z'), 'Z');
    assert_false(ascii_equal("[", 1, "{", 1));
}

/* Each octet against each other, in each place of texts of several lengths. */
static void equal_in_every_place(void **state)
{
    (void)state;
    for (size_t n = 1; n < 20; n += 3)
        for (int c = 0; c < 256; c++)
            for (int d = 0; d < 256; d++) {
                unsigned char a[20];
                unsigned char b[20];
                size_t at = (size_t)(c * 7 + d) % n;

                memset(a, 'k', sizeof a);
                memset(b, 'K', sizeof b);
                a[at] = (unsigned char)c;
                b[at] = (unsigned char)d;
                if (ascii_equal(a, n, b, n) != (ascii_lower(c) == ascii_lower(d)))
                    fail_msg("%zu octets, %d and %d at %zu", n, c, d, at);
            }
}

static void classes(void **state)
{
    (void)state;
    assert_int_equal(ascii_hex('f'), 15);
    assert_int_equal(ascii_hex('F'), 15);
    assert_int_equal(ascii_hex('g'), -1);
    assert_true(ascii_is_control(0x7f));
    assert_true(ascii_is_control(0));
    assert_false(ascii_is_control(0x80));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_by_length),
        cmocka_unit_test(only_ascii_letters_fold),
        cmocka_unit_test(equal_in_every_place),
        cmocka_unit_test(classes),
    };

    return cmocka_run_group_tests_name("base/ascii", tests, NULL, NULL);
}
