/* date.c - see date.h */
#include "mime/date.h"

#include "base/ascii.h"
#include "base/num.h"
#include "mailaccess/types.h"
#include "mime/date_zone.h"
#include "mime/lex822.h"

#include <string.h>

enum { UNSET = -1, NOON = 12 };

/* What has been read so far; -1: not yet. */
struct fields {
    int day;
    int month; /* 0-11 */
    int year;
    int hour;
    int minute;
    int second;
    int weekday;  /* 0: Monday */
    int half_day; /* 0: AM, 1: PM */
    int zone_seen;
    int32_t zone;
    int32_t zone_unknown;
    uint32_t odd;
};

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
static const char days[] = "montuewedthufrisatsun";

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

/* One or two digits, at most max: 1, else 0. */
static int two_digits(struct slice *s, uint64_t max, int *out)
{
    uint64_t v = 0;
    size_t n = num_parse_prefix(s->p, slice_left(s), max, &v);

    if (n == 0 || n > 2)
        return 0;
    s->p += n;
    *out = (int)v;
    return 1;
}

/* Behind the hour: minute [sep second ["." fraction]], sep being ":" or, in some places of the
 * world, ".". */
static int read_clock(struct fields *f, struct slice *s, uint64_t hour, int sep)
{
    if (f->hour >= 0 || hour > 23)
        return 0;
    f->second = 0;
    if (sep == '.')
        f->odd |= DATE_ODD;
    slice_take(s, sep);
    lex_skip_cfws(s, NULL);
    if (!two_digits(s, 59, &f->minute))
        return 0;
    lex_skip_cfws(s, NULL);
    if (slice_take(s, sep)) {
        lex_skip_cfws(s, NULL);
        if (!two_digits(s, 60, &f->second))
            return 0;
    }
    f->hour = (int)hour;
    if (slice_peek(s) == '.' ||
        (slice_peek(s) == ',' && s->end - s->p > 1 && ascii_is_digit(s->p[1]) && f->year >= 0)) {
        s->p++;
        f->odd |= DATE_ODD;
        while (ascii_is_digit(slice_peek(s)))
            s->p++;
    }
    return 1;
}

/* A number that is the month by its place: 1 to 12. */
static int set_month(struct fields *f, uint64_t v)
{
    if (f->month >= 0 || v < 1 || v > 12)
        return 0;
    f->month = (int)v - 1;
    return 1;
}

static int set_day(struct fields *f, uint64_t v)
{
    if (f->day >= 0 || v < 1 || v > 31)
        return 0;
    f->day = (int)v;
    return 1;
}

/* The numbers of a date written with one kind of separator, "2024-11-21", "21.11.24", "11/21/2024".
 * 1; 0 when it is none, and nothing was taken; -1 when it is one and wrong. */
static int read_numeric(struct fields *f, struct slice *s)
{
    uint64_t v[3] = {0, 0, 0};
    size_t digits[3] = {0, 0, 0};
    struct slice t = *s;
    int sep = 0;

    for (int i = 0; i < 3; i++) {
        digits[i] = num_parse_prefix(t.p, slice_left(&t), 9999, &v[i]);
        if (digits[i] == 0 || digits[i] > 4)
            return 0;
        t.p += digits[i];
        if (i == 0)
            sep = slice_peek(&t);
        if (i < 2 && ((sep != '-' && sep != '/' && sep != '.') || !slice_take(&t, sep)))
            return 0;
    }
    if (f->day >= 0 || f->month >= 0 || f->year >= 0 || digits[1] > 2)
        return 0;
    if (digits[0] > 2) { /* ISO 8601 and its like */
        f->year = full_year(v[0], digits[0]);
        if (!set_month(f, v[1]) || digits[2] > 2 || !set_day(f, v[2]))
            return -1;
    } else {
        int american = sep == '/' && v[0] <= 12;

        if (sep == '.' && digits[2] < 2) /* "10.00.0" */
            return 0;
        f->year = full_year(v[2], digits[2] == 1 ? 2 : digits[2]);
        if (!set_month(f, v[american ? 0 : 1]) || !set_day(f, v[american ? 1 : 0]))
            return -1;
    }
    f->odd |= DATE_ODD;
    *s = t;
    return 1;
}

/* ISO 8601's "20241121T100000": eight digits, and six. */
static int read_compact(struct fields *f, struct slice *s, size_t run)
{
    uint64_t v = 0;

    if (run == 8 && f->year < 0 && f->month < 0 && f->day < 0 && num_parse(s->p, 8, 99999999, &v)) {
        f->year = (int)(v / 10000);
        if (!set_month(f, v / 100 % 100) || !set_day(f, v % 100))
            return 0;
    } else if ((run == 6 || run == 4) && f->day >= 0 && f->hour < 0 && f->year >= 0 &&
               num_parse(s->p, run, 999999, &v)) {
        v *= run == 4 ? 100 : 1;
        if (v / 10000 > 23 || v / 100 % 100 > 59 || v % 100 > 60)
            return 0;
        f->hour = (int)(v / 10000);
        f->minute = (int)(v / 100 % 100);
        f->second = (int)(v % 100);
    } else {
        return 0;
    }
    f->odd |= DATE_ODD;
    s->p += run;
    return 1;
}

static int read_number(struct fields *f, struct slice *s)
{
    uint64_t v;
    size_t n = 0;
    int numeric = read_numeric(f, s);

    if (numeric != 0)
        return numeric > 0;
    while (n < slice_left(s) && ascii_is_digit(s->p[n]))
        n++;
    if (n == 8 || n == 6 || (n == 4 && f->year >= 0))
        return read_compact(f, s, n);
    if (n > 4 || num_parse_prefix(s->p, slice_left(s), 9999, &v) != n)
        return 0;
    s->p += n;
    /* "10.00": a clock, once the day is known */
    if (slice_peek(s) == '.' && n <= 2 && f->day >= 0 && f->month >= 0 && s->end - s->p > 1 &&
        ascii_is_digit(s->p[1]))
        return read_clock(f, s, v, '.');
    lex_skip_cfws(s, NULL);
    if (slice_peek(s) == ':' && n <= 2)
        return read_clock(f, s, v, ':');
    if (f->day < 0 && n <= 2 && v >= 1 && v <= 31) {
        f->day = (int)v;
        if (slice_take(s, '.')) /* "21. Nov" */
            f->odd |= DATE_ODD;
        return 1;
    }
    if (f->year >= 0 || n < 2)
        return 0;
    f->year = full_year(v, n);
    return 1;
}

/* "+hhmm" and less exact forms. A zone out of range leaves the date, but says nothing (X21). */
static int read_offset(struct fields *f, struct slice *s)
{
    int exact = 0;

    if (f->zone_seen > 1)
        return 0;
    f->zone_seen = 2;
    f->zone_unknown = !date_zone_offset(s, &f->zone, &exact);
    if (!exact)
        f->odd |= DATE_ODD;
    return 1;
}

static void zone_name(struct fields *f, struct slice *s, const uint8_t *p, size_t n)
{
    int obsolete = 0;

    f->zone_seen = 2;
    f->zone_unknown = !date_zone_name(p, n, &f->zone, &obsolete);
    if (!obsolete)
        f->odd |= DATE_ODD;
    if (f->zone_unknown || f->zone != 0 || n == 1)
        return;
    /* "GMT+0100": more is said */
    if (slice_peek(s) == '+' || slice_peek(s) == '-')
        f->zone_seen = 0;
}

/* "th" of "21st", "of", "at", "o'clock": noise. */
static int is_noise(const uint8_t *p, size_t n)
{
    static const char *const words[] = {"st", "nd", "rd", "th", "of", "at", "T", "um", "den"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ascii_equal_word(p, n, words[i]))
            return 1;
    return 0;
}

static int half_day(struct fields *f, struct slice *s, const uint8_t *p, size_t n)
{
    int pm = ascii_lower(*p) == 'p';

    if (f->hour < 0 || f->half_day >= 0 || !(pm || ascii_lower(*p) == 'a'))
        return 0;
    if (n == 1 && slice_left(s) >= 2 && s->p[0] == '.' && ascii_lower(s->p[1]) == 'm') {
        s->p += 2; /* "p.m." */
        slice_take(s, '.');
    } else if (n != 2 || ascii_lower(p[1]) != 'm') {
        return 0;
    }
    f->half_day = pm;
    f->odd |= DATE_ODD;
    return 1;
}

static int read_word(struct fields *f, struct slice *s)
{
    const uint8_t *p = s->p;
    size_t n;

    while (s->p < s->end && (ascii_is_alpha(*s->p) || *s->p >= 0x80))
        s->p++;
    n = (size_t)(s->p - p);
    if (n == 0)
        return 0;
    if (half_day(f, s, p, n))
        return 1;
    if (f->month < 0 && word_at(months, p, n) >= 0) {
        f->odd |= f->day < 0 ? (uint32_t)DATE_ODD : 0;
        f->month = word_at(months, p, n);
        slice_take(s, '.');
        return 1;
    }
    if (f->weekday < 0 && word_at(days, p, n) >= 0) {
        f->weekday = word_at(days, p, n);
        slice_take(s, '.');
        return 1;
    }
    if (is_noise(p, n)) {
        f->odd |= DATE_ODD;
        return 1;
    }
    if (f->hour >= 0) { /* a second zone is a comment without parentheses: "+0100 CET" */
        if (f->zone_seen == 0)
            zone_name(f, s, p, n);
        return 1;
    }
    /* a day of the week in another language, before all else */
    if (f->day >= 0 || f->month >= 0 || f->year >= 0 || f->weekday >= 0)
        return 0;
    f->odd |= DATE_ODD;
    f->weekday = 7;
    slice_take(s, '.');
    return 1;
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
        } else if ((c == '+' || c == '-') && f->hour >= 0 && f->zone_seen < 2 &&
                   s->end - s->p > 1 && ascii_is_digit(s->p[1]) && (c == '+' || f->day >= 0)) {
            if (!read_offset(f, s))
                return 0;
        } else if (c == ',') {
            s->p++;
        } else if (c == '-' || c == '"' || c == '\'' || c == '.' || c == ';' || c == '/') {
            f->odd |= DATE_ODD;
            s->p++;
        } else if (!read_word(f, s)) {
            return 0;
        }
    }
}

/* 12 AM is midnight, 12 PM is noon. */
static int apply_half_day(struct fields *f)
{
    if (f->half_day < 0 || f->hour > NOON)
        return 1;
    if (f->hour == 0)
        return f->half_day == 0;
    f->hour = f->hour % NOON + (f->half_day ? NOON : 0);
    return 1;
}

int date_parse(const uint8_t *p, size_t n, struct date *out)
{
    struct fields f = {UNSET, UNSET, UNSET, UNSET, 0, 0, UNSET, UNSET, 0, 0, 1, 0};
    struct slice s = slice_of(p, n);
    int64_t day;

    /* what cannot be read behind a day and a time does not unmake them: "... 10:00:00 +01 00" */
    if (!read_all(&f, &s)) {
        if (f.hour < 0)
            return MLA_E_SYNTAX;
        f.odd |= DATE_ODD;
    }
    if (!apply_half_day(&f) || f.day < 0 || f.month < 0 || f.year < 1 || f.hour < 0 ||
        f.day > days_in(f.month, f.year))
        return MLA_E_SYNTAX;
    day = days_from_epoch(f.year, f.month, f.day);
    if (f.weekday >= 0 && f.weekday < 7 && ((day + 3) % 7 + 7) % 7 != f.weekday)
        f.odd |= DATE_WRONG_WEEKDAY;
    out->seconds = day * 86400 + f.hour * 3600 + f.minute * 60 + f.second - (int64_t)f.zone * 60;
    out->zone_minutes = f.zone;
    out->zone_unknown = f.zone_unknown;
    out->odd = f.odd;
    return 0;
}

void date_warn(int rc, const struct date *d, struct warn_set *w, uint64_t at)
{
    if (rc != 0) {
        warn_add(w, MLA_MIME_WARN_BAD_DATE, at);
        return;
    }
    if (d->odd & DATE_ODD)
        warn_add(w, MLA_MIME_WARN_ODD_DATE, at);
    if (d->odd & DATE_WRONG_WEEKDAY)
        warn_add(w, MLA_MIME_WARN_WRONG_WEEKDAY, at);
    if (d->zone_unknown)
        warn_add(w, MLA_MIME_WARN_UNKNOWN_ZONE, at);
}
