/* test_date.c - lib/imap/date */
#include "test.h"

#include "guard.h"
#include "imap/date.h"

static int parse(const char *text, int64_t *seconds, int32_t *zone)
{
    size_t n = strlen(text);
    struct guard g;
    int rc;

    assert_true(guard_init(&g, n));
    rc = imap_date_parse(guard_put(&g, text, n), n, seconds, zone);
    for (size_t k = 0; k < n; k++) { /* cut anywhere: no crash */
        int64_t s;
        int32_t z;

        imap_date_parse(guard_put(&g, text, k), k, &s, &z);
    }
    guard_free(&g);
    return rc;
}

static void check(const char *text, int64_t seconds, int32_t zone)
{
    int64_t s = 0;
    int32_t z = 0;

    if (!parse(text, &s, &z))
        print_message("not taken: %s\n", text);
    assert_true(s == seconds);
    assert_int_equal(z, zone);
}

static void reads_dates(void **state)
{
    (void)state;
    check("17-Jul-1996 02:44:25 -0700", 837596665, -420);
    check(" 1-Jan-1970 00:00:00 +0000", 0, 0);
    check("01-Jan-1970 01:00:00 +0100", 0, 60);
    check("31-Dec-1969 23:59:59 +0000", -1, 0);
    check("29-Feb-2000 12:00:00 +0530", 951805800, 330);
    check("28-feb-2100 23:59:60 -1200", 4107585600, -720);
    check("01-Jan-0001 00:00:00 +0000", -62135596800, 0);
    check("31-Dec-9999 23:59:59 +0000", 253402300799, 0);
    check("19-Jan-2038 03:14:08 +0000", 2147483648, 0);
    /* several servers */
    check("1-Jan-1970 00:00:00 +0000", 0, 0);
    check("01-Jan-1970 00:00:00", 0, 0);
    check("01-Jan-1970 00:01", 60, 0);
    check("01-Jan-1970  0:00:00 +0000", 0, 0);
}

/* Z04, X21 */
static void z04_refuses_what_is_none(void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        "x",
        "00-Jan-2000 00:00:00 +0000",
        "32-Jan-2000 00:00:00 +0000",
        "30-Feb-2000 00:00:00 +0000",
        "29-Feb-1900 00:00:00 +0000",
        "01-Foo-2000 00:00:00 +0000",
        "01-Jan-0000 00:00:00 +0000",
        "01-Jan-10000 00:00:00 +0000",
        "01-Jan-99999 00:00:00 +0000",
        "01 Jan 2000 00:00:00 +0000",
        "01-Jan-2000",
        "01-Jan-2000T00:00:00 +0000",
        "01-Jan-2000 24:00:00 +0000",
        "01-Jan-2000 00:60:00 +0000",
        "01-Jan-2000 00:00:61 +0000",
        "01-Jan-2000 00:00:00 0000",
        "01-Jan-2000 00:00:00 +9999",
        "01-Jan-2000 00:00:00 +2400",
        "01-Jan-2000 00:00:00 +0060",
        "01-Jan-2000 00:00:00 +000",
        "01-Jan-2000 00:00:00 +00000",
        "01-Jan-2000 00:00:00 UTC",
        "01-Jan-2000 00:00:00 +0000 x",
        "001-Jan-2000 00:00:00 +0000",
        "-1-Jan-2000 00:00:00 +0000",
        "01-Jan-18446744073709551617 00:00:00 +0000",
    };
    int64_t s;
    int32_t z;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(bad[i], &s, &z))
            print_message("taken: %s\n", bad[i]);
        assert_int_equal(parse(bad[i], &s, &z), 0);
    }
}

static void writes_dates(void **state)
{
    char text[IMAP_DATE_TIME_SIZE + 1] = {0};

    (void)state;
    assert_int_equal(imap_date_format_time(text, 837596665, -420), 1);
    assert_string_equal(text, "17-Jul-1996 02:44:25 -0700");
    assert_int_equal(imap_date_format_time(text, -1, 0), 1);
    assert_string_equal(text, "31-Dec-1969 23:59:59 +0000");
    assert_int_equal(imap_date_format_time(text, 0, 1439), 1);
    assert_string_equal(text, "01-Jan-1970 23:59:00 +2359");
    memset(text, 0, sizeof text);
    assert_int_equal(imap_date_format_day(text, 951868800), 1);
    assert_string_equal(text, "01-Mar-2000");
    assert_int_equal(imap_date_format_day(text, 951868799), 1);
    assert_string_equal(text, "29-Feb-2000");
}

static void writes_none_out_of_range(void **state)
{
    char text[IMAP_DATE_TIME_SIZE];

    (void)state;
    assert_int_equal(imap_date_format_time(text, 253402300800, 0), 0);
    assert_int_equal(imap_date_format_time(text, 253402300799, 1), 0);
    assert_int_equal(imap_date_format_time(text, -62135596801, 0), 0);
    assert_int_equal(imap_date_format_time(text, -62135596800, -1), 0);
    assert_int_equal(imap_date_format_time(text, INT64_MAX, 1), 0);
    assert_int_equal(imap_date_format_time(text, INT64_MIN, -1), 0);
    assert_int_equal(imap_date_format_time(text, 0, 1440), 0);
    assert_int_equal(imap_date_format_time(text, 0, INT32_MIN), 0);
    assert_int_equal(imap_date_format_day(text, INT64_MAX), 0);
}

static void dates_come_back(void **state)
{
    (void)state;
    for (int64_t t = -62135510400; t < 253402214400; t += 86400 * 97 + 12345) {
        char text[IMAP_DATE_TIME_SIZE];
        int32_t zone = (int32_t)(t / 1000 % 1439);
        int64_t s;
        int32_t z;

        assert_int_equal(imap_date_format_time(text, t, zone), 1);
        assert_int_equal(imap_date_parse(text, sizeof text, &s, &z), 1);
        assert_true(s == t);
        assert_int_equal(z, zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_dates),     cmocka_unit_test(z04_refuses_what_is_none),
        cmocka_unit_test(writes_dates),    cmocka_unit_test(writes_none_out_of_range),
        cmocka_unit_test(dates_come_back),
    };

    return cmocka_run_group_tests_name("imap/date", tests, NULL, NULL);
}
