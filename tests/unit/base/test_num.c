/* test_num.c - lib/base/num */
#include "base/num.h"
#include "test.h"

static void parses_within_bounds(void **state)
{
    uint64_t v = 7;

    (void)state;
    assert_int_equal(num_parse("4294967295", 10, UINT32_MAX, &v), 1);
    assert_int_equal(v, UINT32_MAX);
    assert_int_equal(num_parse("4294967296", 10, UINT32_MAX, &v), 0);
    assert_int_equal(num_parse("18446744073709551615", 20, UINT64_MAX, &v), 1);
    assert_true(v == UINT64_MAX);
    assert_int_equal(num_parse("18446744073709551616", 20, UINT64_MAX, &v), 0);
    assert_int_equal(num_parse("99999999999999999999999999", 26, UINT64_MAX, &v), 0);
    assert_int_equal(num_parse("", 0, 9, &v), 0);
    assert_int_equal(num_parse("-1", 2, 9, &v), 0);
    assert_int_equal(num_parse("+1", 2, 9, &v), 0);
    assert_int_equal(num_parse("1 ", 2, 9, &v), 0);
    assert_true(v == UINT64_MAX);
}

static void prefix_stops_at_the_first_other_octet(void **state)
{
    uint64_t v = 0;

    (void)state;
    assert_int_equal(num_parse_prefix("12}", 3, 99, &v), 2);
    assert_int_equal(v, 12);
    assert_int_equal(num_parse_prefix("100}", 4, 99, &v), 0);
    assert_int_equal(num_parse_prefix("x", 1, 99, &v), 0);
}

static void arithmetic_is_checked(void **state)
{
    size_t n = 5;

    (void)state;
    assert_int_equal(num_add(SIZE_MAX, 1, &n), 0);
    assert_int_equal(num_mul(SIZE_MAX / 2, 3, &n), 0);
    assert_int_equal(num_add(SIZE_MAX - 1, 1, &n), 1);
    assert_true(n == SIZE_MAX);
}

static void formats(void **state)
{
    char out[NUM_U64_DIGITS];

    (void)state;
    assert_int_equal(num_format(out, 0), 1);
    assert_memory_equal(out, "0", 1);
    assert_int_equal(num_format(out, UINT64_MAX), 20);
    assert_memory_equal(out, "18446744073709551615", 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_within_bounds),
        cmocka_unit_test(prefix_stops_at_the_first_other_octet),
        cmocka_unit_test(arithmetic_is_checked),
        cmocka_unit_test(formats),
    };

    return cmocka_run_group_tests_name("base/num", tests, NULL, NULL);
}
