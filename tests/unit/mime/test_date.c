/* test_date.c - dates as RFC 5322 has them, as old programs had them, and as nobody has (X21) */
#include "test.h"

#include <stdio.h>

#include "mailaccess/types.h"
#include "mime/date.h"

struct row {
    const char *text;
    int64_t seconds;
    int32_t zone;
    int32_t unknown;
};

static const struct row good[] = {
    {"Thu, 01 Jan 1970 00:00:00 +0000", 0, 0, 0},
    {"1 Jan 1970 00:00 +0000", 0, 0, 0},
    {"Fri, 21 Nov 1997 09:55:06 -0600", 880127706, -360, 0},
    {"Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n -0330 (Newfoundland "
     "Time)",
     -27723480, -210, 0},
    {"21 Nov 97 09:55:06 GMT", 880106106, 0, 0},
    {"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", 880127706, -360, 0},
    {"Thu, 13 Feb 2020 10:00:00 +0100 (CET)", 1581584400, 60, 0},
    {"Thu, 13 Feb 2020 10:00:00 +0100 CET", 1581584400, 60, 0},
    {"Thu, 13 Feb 2020 10:00:00 EST", 1581606000, -300, 0},
    {"Thu, 13 Feb 2020 10:00:00 -0000", 1581588000, 0, 1},
    {"Thu, 13 Feb 2020 10:00:00", 1581588000, 0, 1},
    {"Thu, 13 Feb 2020 10:00:00 X", 1581588000, 0, 1},
    {"Thu Feb 13 10:00:00 2020", 1581588000, 0, 1},
    {"13-Feb-2020 10:00:00 +0000", 1581588000, 0, 0},
    {"13 February 2020 10:00:00.123 +0000", 1581588000, 0, 0},
    {"29 Feb 2000 23:59:60 +0000", 951868800, 0, 0},
    {"1 Jan 49 00:00:00 +0000", 2493072000, 0, 0},
    {"1 Jan 50 00:00:00 +0000", -631152000, 0, 0},
    {"1 Jan 103 00:00:00 +0000", 1041379200, 0, 0},
    {"31 Dec 9999 23:59:59 +0000", INT64_C(253402300799), 0, 0},
    {"1 Jan 0001 00:00:00 +0000", INT64_C(-62135596800), 0, 0},
    {"Thu, 13 Feb 2020 10:00:00 +9999", 1581588000, 0, 1},
    {"Thu, 13 Feb 2020 10:00:00 -99999999999999999999", 1581588000, 0, 1},
    {"19 Jan 2038 03:14:08 +0000", INT64_C(2147483648), 0, 0},
};

/* Forms of no RFC, and wrong days of the week. */
static const struct {
    const char *text;
    int64_t seconds;
    int32_t zone;
    int32_t unknown;
    uint32_t odd;
} wild[] = {
    {"Thursday, 13-Feb-20 10:00:00 GMT", 1581588000, 0, 0, DATE_ODD},
    {"Thu Feb 13 10:00:00 CET 2020", 1581584400, 60, 0, DATE_ODD},
    {"Thu Feb 13 10:00:00 +0100 2020", 1581584400, 60, 0, DATE_ODD},
    /* what stands behind day and time may be broken, or there twice */
    {"Thu, 13 Feb 2020 10:00:00 +01\r\n 00", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 -\r\n 0000", 1581588000, 0, 1, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 +0100 11:00", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 +0100 +0200", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 =?utf-8?q?=2B0100?=", 1581588000, 0, 1, DATE_ODD},
    {"2020-02-13T10:00:00Z", 1581588000, 0, 0, DATE_ODD},
    {"2020-02-13T10:00:00.123456+01:00", 1581584400, 60, 0, DATE_ODD},
    {"2020-02-13 10:00:00 +0100", 1581584400, 60, 0, DATE_ODD},
    {"2020-02-13 10:00:00", 1581588000, 0, 1, DATE_ODD},
    {"2020-02-13T10:00:00,5-05:00", 1581606000, -300, 0, DATE_ODD},
    {"20200213T100000Z", 1581588000, 0, 0, DATE_ODD},
    {"20200213T1000+01", 1581584400, 60, 0, DATE_ODD},
    {"2020/02/13 10:00", 1581588000, 0, 1, DATE_ODD},
    {"13.02.2020 10:00:00", 1581588000, 0, 1, DATE_ODD},
    {"13.02.20 10.00", 1581588000, 0, 1, DATE_ODD},
    {"Do, 13 Feb 2020 10:00:00 +0100", 1581584400, 60, 0, DATE_ODD},
    {"Do., 13. Feb 2020 10:00:00 +0100", 1581584400, 60, 0, DATE_ODD},
    {"13 Feb 2020 10.00.00 +0100", 1581584400, 60, 0, DATE_ODD},
    {"02/13/2020 10:00:00 AM", 1581588000, 0, 1, DATE_ODD},
    {"2/3/2020 10:00", 1580724000, 0, 1, DATE_ODD},
    {"13/02/2020 10:00", 1581588000, 0, 1, DATE_ODD},
    {"13-02-2020 10:00:00", 1581588000, 0, 1, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 PM +0100", 1581627600, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 12:00 AM GMT", 1581552000, 0, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 12:00 p.m. GMT", 1581595200, 0, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 22:00 PM GMT", 1581631200, 0, 0, DATE_ODD},
    {"February 13, 2020 10:00 AM", 1581588000, 0, 1, DATE_ODD},
    {"Thu, 13th of February 2020 at 10:00:00 GMT", 1581588000, 0, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 GMT+0100", 1581584400, 60, 0, 0},
    {"Thu, 13 Feb 2020 10:00:00 GMT+1", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 UTC-05:00", 1581606000, -300, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 +01:00", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 +1", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 CEST", 1581580800, 120, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 JST", 1581555600, 540, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 XYZ", 1581588000, 0, 1, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 (CET) +0100", 1581584400, 60, 0, 0},
    {"Fri, 13 Feb 2020 10:00:00 +0100", 1581584400, 60, 0, DATE_WRONG_WEEKDAY},
    {"Fri, 13 Feb 20 10:00 GMT", 1581588000, 0, 0, DATE_WRONG_WEEKDAY},
    {"13 Feb 120 10:00:00 +0000", 1581588000, 0, 0, 0},
    {"Thu,13Feb2020 10:00:00+0100", 1581584400, 60, 0, 0},
    {"\"Thu, 13 Feb 2020 10:00:00 +0100\"", 1581584400, 60, 0, DATE_ODD},
    {"Thu, 13 Feb 2020 10:00:00 +0100;", 1581584400, 60, 0, DATE_ODD},
};

static const char *const bad[] = {
    "2020-13-01T10:00:00Z",
    "20201301T100000Z",
    "2020-02-30 10:00",
    "13/13/2020 10:00",
    "Thu, 13 Feb 2020 0:30 PM",
    "20200213T250000Z",
    "hello world",
    "5",
    "10:00",
    "",
    "x",
    "Thu, 13 Feb 2020",
    "32 Jan 2020 00:00:00 +0000",
    "29 Feb 2021 00:00:00 +0000",
    "29 Feb 1900 00:00:00 +0000",
    "0 Jan 2020 00:00:00 +0000",
    "1 Foo 2020 00:00:00 +0000",
    "1 Jan 99999 00:00:00 +0000",
    "1 Jan 2020 24:00:00 +0000",
    "1 Jan 2020 00:60:00 +0000",
    "1 Jan 2020 00:00:61 +0000",
    "1 Jan 0000 00:00:00 +0000",
    "00-Jan-0000 00:00:00 +0000",
    "1 Jan 99999999999999999999 00:00:00",
    "1 Jan 2020 100:00:00",
    "\xff\xfe",
    "1 Jan 2020 1:",
    "(((((",
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct date d;

        if (date_parse((const uint8_t *)good[i].text, strlen(good[i].text), &d) != 0)
            fail_msg("%s", good[i].text);
        if (d.seconds != good[i].seconds || d.zone_minutes != good[i].zone ||
            d.zone_unknown != good[i].unknown)
            fail_msg("%s: %lld %d %d", good[i].text, (long long)d.seconds, (int)d.zone_minutes,
                     (int)d.zone_unknown);
    }
}

static void test_wild(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wild / sizeof wild[0]; i++) {
        struct date d;

        if (date_parse((const uint8_t *)wild[i].text, strlen(wild[i].text), &d) != 0)
            fail_msg("%s", wild[i].text);
        if (d.seconds != wild[i].seconds || d.zone_minutes != wild[i].zone ||
            d.zone_unknown != wild[i].unknown || d.odd != wild[i].odd)
            fail_msg("%s: %lld %d %d %u", wild[i].text, (long long)d.seconds, (int)d.zone_minutes,
                     (int)d.zone_unknown, (unsigned)d.odd);
    }
}

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct date d;

        if (date_parse((const uint8_t *)bad[i], strlen(bad[i]), &d) != MLA_E_SYNTAX)
            fail_msg("%s", bad[i]);
    }
}

/* Every day of 800 years follows the day before it. */
static void test_calendar(void **state)
{
    int64_t last = 0;
    int days = 0;
    char text[64];

    (void)state;
    for (int year = 1600; year < 2400; year++)
        for (int month = 0; month < 12; month++)
            for (int day = 1; day <= 31; day++) {
                struct date d;
                int n = snprintf(text, sizeof text, "%d %.3s %d 12:00 +0000", day,
                                 &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * month], year);

                if (date_parse((const uint8_t *)text, (size_t)n, &d) != 0)
                    continue;
                if (days++ != 0)
                    assert_int_equal(d.seconds - last, 86400);
                last = d.seconds;
            }
    assert_int_equal(days, 2 * 146097);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_wild),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
