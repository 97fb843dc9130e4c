/* test_slice.c - lib/base/slice */
#include "base/slice.h"
#include "test.h"

static void takes_in_order(void **state)
{
    struct slice s = slice_of("Ab c:d", 6);
    struct slice head;

    (void)state;
    assert_int_equal(slice_peek(&s), 'A');
    assert_true(slice_take_word(&s, "aB"));
    assert_false(slice_take(&s, 'c'));
    slice_skip_spaces(&s);
    head = slice_until(&s, ':');
    assert_int_equal(slice_left(&head), 1);
    assert_true(slice_take(&s, ':'));
    head = slice_until(&s, ':');
    assert_int_equal(slice_left(&head), 1);
    assert_int_equal(slice_peek(&s), -1);
    assert_false(slice_take(&s, 'x'));
    assert_false(slice_take_word(&s, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_in_order),
    };

    return cmocka_run_group_tests_name("base/slice", tests, NULL, NULL);
}
