/* date.c - see date.h */
#include "mime/date.h"

#include "base/ascii.h"
#include "base/num.h"
#include "mailaccess/types.h"
#include "mime/lex822.h"

#include <string.h>

/* What has been read so far; -1: not yet. */
struct fields {
    int day;
    int month; /* 0-11 */
    int year;
    int hour;
    int minute;
    int second;
    int zone_seen;
    int32_t zone;
    int32_t zone_unknown;
};

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
static const char days[] = "monthuwedtuefrisatsun";

/* The place of a three-letter word in a list of such words, or -1. */
static int word_at(const char *list, const uint8_t *p, size_t n)
{
    if (n < 3)
        return -1;
    for (int i = 0; list[i] != '\0'; i += 3)
        if (ascii_equal(list + i, 3, p, 3))
            return i / 3;
    return -1;
}

static int days_in(int month, int year)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return length[month] + (month == 1 && leap);
}

/* Days from 1970-01-01, by years that begin in March. */
static int64_t days_from_epoch(int year, int month, int day)
{
    int64_t y = month < 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t of_era = y - era * 400;
    int64_t m = (month + 10) % 12;
    int64_t of_year = (153 * m + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Section 4.3, obs-year: two digits and three digits. */
static int full_year(uint64_t value, size_t digits)
{
    if (digits == 2)
        return (int)value + (value < 50 ? 2000 : 1900);
    return (int)value + (digits == 3 ? 1900 : 0);
}

/* hour ":" minute [":" second ["." fraction]] from the ":" on */
static int read_clock(struct fields *f, struct slice *s, uint64_t hour)
{
    uint64_t v = 0;
    size_t n;

    if (f->hour >= 0 || hour > 23)
        return 0;
    f->hour = (int)hour;
    slice_take(s, ':');
    lex_skip_cfws(s, NULL);
    n = num_parse_prefix(s->p, slice_left(s), 59, &v);
    if (n == 0 || n > 2)
        return 0;
    f->minute = (int)v;
    f->second = 0;
    s->p += n;
    lex_skip_cfws(s, NULL);
    if (!slice_take(s, ':'))
        return 1;
    lex_skip_cfws(s, NULL);
    n = num_parse_prefix(s->p, slice_left(s), 60, &v);
    if (n == 0 || n > 2)
        return 0;
    f->second = (int)v;
    s->p += n;
    if (slice_take(s, '.'))
        while (ascii_is_digit(slice_peek(s)))
            s->p++;
    return 1;
}

static int read_number(struct fields *f, struct slice *s)
{
    uint64_t v;
    size_t n = num_parse_prefix(s->p, slice_left(s), 9999, &v);

    if (n == 0 || n > 4)
        return 0;
    s->p += n;
    lex_skip_cfws(s, NULL);
    if (slice_peek(s) == ':' && n <= 2)
        return read_clock(f, s, v);
    if (f->day < 0 && n <= 2 && v >= 1 && v <= 31) {
        f->day = (int)v;
        return 1;
    }
    if (f->year >= 0 || n < 2)
        return 0;
    f->year = full_year(v, n);
    return 1;
}

/* "+hhmm" or "-hhmm". A zone out of range leaves the date, but says nothing (X21). */
static int read_offset(struct fields *f, struct slice *s)
{
    int minus = *s->p == '-';
    uint64_t v = 0;
    size_t n;

    s->p++;
    for (n = 0; ascii_is_digit(slice_peek(s)); s->p++)
        n++;
    if (n == 0 || f->zone_seen)
        return 0;
    f->zone_seen = 1;
    f->zone_unknown = 1;
    if (n != 4 || !num_parse(s->p - 4, 4, 9999, &v) || v % 100 > 59 || v / 100 > 23)
        return 1;
    f->zone = (int32_t)(v / 100 * 60 + v % 100);
    f->zone_unknown = minus && v == 0; /* section 3.3: "-0000" */
    if (minus)
        f->zone = -f->zone;
    return 1;
}

/* Section 4.3, obs-zone. Military letters and unknown names count as "-0000". */
static void zone_name(struct fields *f, const uint8_t *p, size_t n)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
                 {"PST", -8}, {"PDT", -7}, {"UT", 0},   {"GMT", 0},  {"UTC", 0},  {"Z", 0}};

    f->zone_seen = 1;
    f->zone_unknown = 1;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (ascii_equal_word(p, n, zones[i].name)) {
            f->zone = zones[i].hours * 60;
            f->zone_unknown = 0;
        }
}

static int read_word(struct fields *f, struct slice *s)
{
    const uint8_t *p = s->p;
    size_t n;

    while (ascii_is_alpha(slice_peek(s)))
        s->p++;
    n = (size_t)(s->p - p);
    if (n == 0)
        return 0;
    if (f->month < 0 && word_at(months, p, n) >= 0) {
        f->month = word_at(months, p, n);
        return 1;
    }
    if (word_at(days, p, n) >= 0 && f->hour < 0) {
        slice_take(s, '.');
        return 1;
    }
    /* a second zone is a comment without parentheses: "+0100 CET" */
    if (f->hour >= 0 && !f->zone_seen)
        zone_name(f, p, n);
    return f->hour >= 0;
}

static int read_all(struct fields *f, struct slice *s)
{
    for (;;) {
        int c;

        lex_skip_cfws(s, NULL);
        c = slice_peek(s);
        if (c < 0)
            return 1;
        if (ascii_is_digit(c)) {
            if (!read_number(f, s))
                return 0;
        } else if ((c == '+' || c == '-') && f->hour >= 0) {
            if (!read_offset(f, s))
                return 0;
        } else if (c == ',' || c == '-') {
            s->p++;
        } else if (!read_word(f, s)) {
            return 0;
        }
    }
}

int date_parse(const uint8_t *p, size_t n, struct date *out)
{
    struct fields f = {-1, -1, -1, -1, 0, 0, 0, 0, 1};
    struct slice s = slice_of(p, n);

    if (!read_all(&f, &s) || f.day < 0 || f.month < 0 || f.year < 1 || f.hour < 0 ||
        f.day > days_in(f.month, f.year))
        return MLA_E_SYNTAX;
    out->seconds = days_from_epoch(f.year, f.month, f.day) * 86400 + f.hour * 3600 + f.minute * 60 +
                   f.second - (int64_t)f.zone * 60;
    out->zone_minutes = f.zone;
    out->zone_unknown = f.zone_unknown;
    return 0;
}
