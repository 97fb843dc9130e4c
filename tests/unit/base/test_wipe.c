/* test_wipe.c - lib/base/wipe */
#include "base/wipe.h"
#include "test.h"

static void wipes(void **state)
{
    char s[6] = "hello";

    (void)state;
    wipe(s, 4);
    assert_memory_equal(s, "\0\0\0\0o", 5);
    wipe(NULL, 0);
}

static void compares(void **state)
{
    (void)state;
    assert_true(wipe_equal("abc", "abc", 3));
    assert_false(wipe_equal("abc", "abd", 3));
    assert_true(wipe_equal("abc", "abd", 2));
    assert_true(wipe_equal("", "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wipes),
        cmocka_unit_test(compares),
    };

    return cmocka_run_group_tests_name("base/wipe", tests, NULL, NULL);
}
