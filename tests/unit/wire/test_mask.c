/* test_mask.c - lib/wire/mask */
#include "mailaccess/types.h"
#include "test.h"
#include "wire/mask.h"

static struct mask m;

static void assert_hides(const char *text, const char *want)
{
    char copy[512];

    strcpy(copy, text);
    mask_hide(&m, copy, strlen(copy));
    assert_string_equal(copy, want);
}

static void finds_what_servers_repeat(void **state) /* A16 */
{
    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "Tr0ub4dor", 9), 0);
    assert_hides("alice/Tr0ub4dor: wrong", "alice/*********: wrong");
    assert_hides("Tr0ub4dor", "*********");
    assert_hides("tR0UB4DOR and Tr0ub4dorTr0ub4dor", "********* and ******************");
    assert_hides("Tr0ub4do Tr0ub4doR Tr0ub4do", "Tr0ub4do ********* Tr0ub4do");
    assert_hides("", "");
    assert_hides("Tr0", "Tr0");
    mask_free(&m, mem_default());
    assert_hides("Tr0ub4dor", "Tr0ub4dor");
}

/* "\0alice\0Tr0ub4dor" with names of three lengths in front, and behind them. */
static void finds_base64_at_each_place(void **state)
{
    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "Tr0ub4dor", 9), 0);
    assert_hides("AGFsaWNlAFRyMHViNGRvcg==.", "************************.");
    assert_hides("said: AGFsaWMAVHIwdWI0ZG9y and", "said: ******************** and");
    assert_hides("AGFsaWNpAHRhAFRyMHViNGRvcnRhaWw=", "********************************");
    assert_hides("auth=AGFsaQBUcjB1YjRkb3I=", "auth=********************");
    assert_hides("agfsaqbucjb1yjrkb3i=", "********************");
    assert_hides("AGFsaQBUcjB1YjRkbw==", "AGFsaQBUcjB1YjRkbw==");
    mask_free(&m, mem_default());
}

static void knows_several_and_what_was_sent(void **state)
{
    static char token[70000];

    (void)state;
    memset(token, 't', sizeof token);
    assert_int_equal(mask_secret(&m, mem_default(), "first", 5), 0);
    assert_int_equal(mask_secret(&m, mem_default(), "firstborn", 9), 0);
    assert_int_equal(mask_secret(&m, mem_default(), "abc", 3), 0); /* too short to be one */
    assert_int_equal(mask_sent(&m, mem_default(), "\"se\\\"cret\"", 10), 0);
    assert_hides("first, firstborn, firs abc", "*****, *********, firs abc");
    assert_hides("LOGIN a \"se\\\"cret\"", "LOGIN a **********");
    assert_int_equal(m.longest, 12); /* base64 of nine octets */
    assert_int_equal(mask_secret(&m, mem_default(), token, sizeof token), 0);
    mask_hide(&m, token, sizeof token);
    for (size_t i = 0; i < sizeof token; i++)
        assert_int_equal(token[i], '*');
    mask_free(&m, mem_default());
}

/* In quotation marks: ID values, names, JSON. */
static void finds_what_is_quoted_A16(void **state)
{
    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "a\"b\\c d", 7), 0);
    assert_hides("no \"a\\\"b\\\\c d\" here", "no \"*********\" here");
    assert_hides("no a\"b\\c d here", "no ******* here");
    assert_int_equal(m.count, 5);
    mask_free(&m, mem_default());
}

/* More than there is room for: nothing is left out, something more is hidden. */
static void spots_are_bounded(void **state)
{
    char text[400] = "";

    (void)state;
    assert_int_equal(mask_secret(&m, mem_default(), "wort", 4), 0);
    for (int i = 0; i < 60; i++)
        strcat(text, "wort, ");
    mask_hide(&m, text, strlen(text));
    assert_null(strstr(text, "wort"));
    assert_int_equal(strncmp(text, "****, ****, ", 12), 0);
    /* and forms are, too: the oldest is given up */
    for (unsigned char i = 0; i < 200; i++)
        assert_int_equal(mask_sent(&m, mem_default(), (unsigned char[]){'x', i, i, 'y'}, 4), 0);
    assert_int_equal(m.count, MASK_FORMS_MAX);
    assert_hides("x\300\300y x\301\301y", "**** ****");
    mask_free(&m, mem_default());
}

static void failing_memory_is_told(void **state)
{
    struct fail_mem f;

    (void)state;
    for (size_t at = 1; at <= 4; at++) {
        fail_mem_init(&f, at, 0);
        assert_int_equal(mask_secret(&m, &f.mem, "long enough", 11), MLA_E_NOMEM);
        mask_free(&m, &f.mem);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_servers_repeat),
        cmocka_unit_test(finds_base64_at_each_place),
        cmocka_unit_test(knows_several_and_what_was_sent),
        cmocka_unit_test(finds_what_is_quoted_A16),
        cmocka_unit_test(spots_are_bounded),
        cmocka_unit_test(failing_memory_is_told),
    };

    return cmocka_run_group_tests_name("wire/mask", tests, NULL, NULL);
}
