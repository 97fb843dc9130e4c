/* date.c - see date.h */
#include "imap/date.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/slice.h"

enum { DAY = 86400 };

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Days from 1970-01-01 to a day of the Gregorian calendar, in years that begin on 1 March so that
 * the leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400; /* years are positive */
    int64_t in_era = y - era * 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static int days_in(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

/* A number of at most `digits` digits, up to max. */
static int take_number(struct slice *s, size_t digits, uint64_t max, int64_t *out)
{
    uint64_t v;
    size_t n = slice_left(s) < digits ? slice_left(s) : digits;

    n = num_parse_prefix(s->p, n, max, &v);
    if (n == 0)
        return 0;
    s->p += n;
    *out = (int64_t)v;
    return 1;
}

static int take_month(struct slice *s, int64_t *out)
{
    if (slice_left(s) < 3)
        return 0;
    for (int64_t m = 0; m < 12; m++)
        if (ascii_equal(s->p, 3, months + m * 3, 3)) {
            s->p += 3;
            *out = m + 1;
            return 1;
        }
    return 0;
}

/* "-0700"; nothing counts as UTC. */
static int take_zone(struct slice *s, int32_t *out)
{
    int minus = slice_peek(s) == '-';
    int64_t hhmm;

    *out = 0;
    if (slice_left(s) == 0)
        return 1;
    if (!slice_take(s, '+') && !slice_take(s, '-'))
        return 0;
    if (slice_left(s) != 4 || !take_number(s, 4, 2359, &hhmm) || slice_left(s) != 0 ||
        hhmm % 100 > 59)
        return 0;
    *out = (int32_t)(hhmm / 100 * 60 + hhmm % 100);
    if (minus)
        *out = -*out;
    return 1;
}

static int take_time(struct slice *s, int64_t *out)
{
    int64_t h;
    int64_t m;
    int64_t sec = 0;

    if (!take_number(s, 2, 23, &h) || !slice_take(s, ':') || !take_number(s, 2, 59, &m))
        return 0;
    /* 60 is a leap second: it becomes the next minute */
    if (slice_take(s, ':') && !take_number(s, 2, 60, &sec))
        return 0;
    *out = h * 3600 + m * 60 + sec;
    return 1;
}

/* Two digits, or a number above 99. */
static unsigned two(const uint8_t *p)
{
    unsigned tens = (unsigned)p[0] - '0';
    unsigned ones = (unsigned)p[1] - '0';

    return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/* The month, 0 to 11, whose name in the RFC's spelling is at p; 12: none. The sum of the second and
 * third letter tells the twelve apart. */
static unsigned month_at(const uint8_t *p)
{
    static const uint8_t by_letters[32] = {
        [15] = 0, [7] = 1,  [19] = 2, [2] = 3,  [26] = 4, [3] = 5,
        [1] = 6,  [28] = 7, [21] = 8, [23] = 9, [5] = 10, [8] = 11};
    unsigned month = by_letters[(p[1] + p[2]) & 31];

    return memcmp(p, months + month * 3, 3) == 0 ? month : 12;
}

/* The form of the RFC, which nearly all servers send: each octet has its place. */
static int parse_fixed(const uint8_t *p, int64_t *out_seconds, int32_t *out_zone)
{
    unsigned day = p[0] == ' ' ? two((const uint8_t[]){'0', p[1]}) : two(p);
    unsigned year = two(p + 7) * 100 + two(p + 9);
    unsigned hour = two(p + 12);
    unsigned minute = two(p + 15);
    unsigned second = two(p + 18);
    unsigned zone = two(p + 22) * 60 + two(p + 24);
    unsigned month = month_at(p + 3);

    if (p[2] != '-' || p[6] != '-' || p[11] != ' ' || p[14] != ':' || p[17] != ':' ||
        p[20] != ' ' || (p[21] != '+' && p[21] != '-'))
        return 0;
    if (month == 12 || year == 0 || year > 9999 || day == 0 ||
        day > (unsigned)days_in(year, month + 1) || hour > 23 || minute > 59 || second > 60 ||
        two(p + 24) > 59 || zone >= 1440)
        return 0;
    *out_zone = p[21] == '-' ? -(int32_t)zone : (int32_t)zone;
    *out_seconds = days_of(year, month + 1, day) * DAY + hour * 3600 + minute * 60 + second -
                   (int64_t)*out_zone * 60;
    return 1;
}

int imap_date_parse(const void *ptr, size_t len, int64_t *out_seconds, int32_t *out_zone)
{
    struct slice s = slice_of(ptr, len);
    int64_t day;
    int64_t month;
    int64_t year;
    int64_t time;
    int32_t zone;

    if (len == IMAP_DATE_TIME_SIZE && parse_fixed(ptr, out_seconds, out_zone))
        return 1;
    slice_skip_spaces(&s);
    if (!take_number(&s, 2, 31, &day) || !slice_take(&s, '-') || !take_month(&s, &month) ||
        !slice_take(&s, '-') || !take_number(&s, 4, 9999, &year))
        return 0;
    if (year == 0 || day == 0 || day > days_in(year, month))
        return 0;
    if (!slice_take(&s, ' '))
        return 0;
    slice_skip_spaces(&s);
    if (!take_time(&s, &time))
        return 0;
    slice_skip_spaces(&s);
    if (!take_zone(&s, &zone))
        return 0;
    *out_seconds = days_of(year, month, day) * DAY + time - (int64_t)zone * 60;
    *out_zone = zone;
    return 1;
}

static void put(char *out, size_t digits, int64_t value)
{
    for (; digits > 0; digits--, value /= 10)
        out[digits - 1] = (char)('0' + value % 10);
}

/* The calendar day of a number of days since 1970-01-01. */
static void put_day(char out[IMAP_DATE_SIZE], int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097; /* z is positive from the year 1 on */
    int64_t in_era = z - era * 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153;
    int64_t month = m < 10 ? m + 3 : m - 9;

    put(out, 2, in_year - (153 * m + 2) / 5 + 1);
    out[2] = '-';
    memcpy(out + 3, months + (month - 1) * 3, 3);
    out[6] = '-';
    put(out + 7, 4, y + era * 400 + (month <= 2));
}

static int in_years(int64_t seconds)
{
    return seconds >= days_of(1, 1, 1) * DAY && seconds < days_of(10000, 1, 1) * DAY;
}

int imap_date_format_day(char out[IMAP_DATE_SIZE], int64_t seconds)
{
    if (!in_years(seconds))
        return 0;
    put_day(out, (seconds - (seconds % DAY + DAY) % DAY) / DAY);
    return 1;
}

int imap_date_format_time(char out[IMAP_DATE_TIME_SIZE], int64_t seconds, int32_t zone)
{
    int32_t east;
    int64_t time;

    if (zone <= -1440 || zone >= 1440 || !in_years(seconds))
        return 0;
    east = zone < 0 ? -zone : zone;
    seconds += (int64_t)zone * 60;
    if (!imap_date_format_day(out, seconds))
        return 0;
    time = (seconds % DAY + DAY) % DAY;
    out[11] = ' ';
    put(out + 12, 2, time / 3600);
    out[14] = ':';
    put(out + 15, 2, time / 60 % 60);
    out[17] = ':';
    put(out + 18, 2, time % 60);
    out[20] = ' ';
    out[21] = zone < 0 ? '-' : '+';
    put(out + 22, 2, east / 60);
    put(out + 24, 2, east % 60);
    return 1;
}
