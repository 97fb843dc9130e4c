/* test_fields.c - examples/mailaccess/fields */
#include "tool_test.h"

#include "fields.h"

static const char *written(int64_t seconds, int32_t zone)
{
    static char out[FIELD_TIME_SIZE];

    field_time(out, seconds, zone);
    return out;
}

static void times_are_written(void **state)
{
    (void)state;
    assert_string_equal(written(0, 0), "1970-01-01T00:00:00+00:00");
    assert_string_equal(written(951782399, 60), "2000-02-29T00:59:59+01:00");
    assert_string_equal(written(-1, -330), "1969-12-31T18:29:59-05:30");
    assert_string_equal(written(4102444800, 0), "2100-01-01T00:00:00+00:00");
    assert_string_equal(written(INT64_MAX, 0), "9999-12-31T23:59:59+00:00");
    assert_string_equal(written(INT64_MIN, 0), "0001-01-01T00:00:00+00:00");
    assert_int_equal(strlen(written(INT64_MAX, INT32_MAX)), 25);
    assert_int_equal(strlen(written(0, INT32_MIN)), 25);
}

static void times_are_read(void **state)
{
    int64_t s = 0;
    int32_t z = 0;

    (void)state;
    assert_true(field_read_time("2000-02-29T00:59:59+01:00", &s, &z));
    assert_true(s == 951782399);
    assert_int_equal(z, 60);
    assert_true(field_read_time("1969-12-31t18:29:59-05:30", &s, &z));
    assert_true(s == -1);
    assert_int_equal(z, -330);
    assert_true(field_read_time("1970-01-01 00:00:00z", &s, &z));
    assert_true(s == 0);
    /* every day there and back */
    for (int64_t day = -1000; day < 60000; day += 13) {
        assert_true(field_read_time(written(day * 86400 + 43199, 0), &s, &z));
        assert_true(s == day * 86400 + 43199);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    const char *const bad[] = {"",
                               "yesterday",
                               "2001-02-29T00:00:00Z",
                               "1900-02-29T00:00:00Z",
                               "2000-13-01T00:00:00Z",
                               "2000-00-01T00:00:00Z",
                               "2000-01-32T00:00:00Z",
                               "2000-01-01T24:00:00Z",
                               "2000-01-01T00:00:00",
                               "2000-01-01T00:00:00Zx",
                               "2000-01-01T00:00:00+1:00",
                               "2000-01-01T00:00:00+01:00x",
                               "2000-01-01T00:00:00.5Z",
                               "+000-01-01T00:00:00Z"};
    int64_t s;
    int32_t z;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (field_read_time(bad[i], &s, &z))
            fail_msg("%s was taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(what_is_no_time_is_refused),
    };

    return cmocka_run_group_tests_name("tool/fields", tests, NULL, NULL);
}
