/* fields.c - header fields for output. */
#include "fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- times --- */

/* Days since 1970-01-01 to a date and back, by the proleptic Gregorian calendar; years are counted
 * from March, so that the leap day is the last. */
static void civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t era, doe, yoe, doy, mp;

    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    doe = days - era * 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;
    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * (month > 2 ? (int64_t)month - 3 : (int64_t)month + 9) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void field_time(char out[FIELD_TIME_SIZE], int64_t seconds, int32_t zone)
{
    const int64_t day_s = 86400, most = (int64_t)253402300799; /* the end of the year 9999 */
    int64_t local, days, rest, year;
    unsigned month, day;
    unsigned z;

    if (zone < -1439 || zone > 1439)
        zone = 0; /* no such zone */
    z = (unsigned)(zone < 0 ? -zone : zone);
    if (seconds > most)
        seconds = most;
    if (seconds < -62135596800) /* the year 1 */
        seconds = -62135596800;
    local = seconds + (int64_t)zone * 60;
    days = local / day_s;
    rest = local % day_s;
    if (rest < 0) {
        rest += day_s;
        days--;
    }
    civil(days, &year, &month, &day);
    snprintf(out, FIELD_TIME_SIZE, "%04d-%02u-%02uT%02d:%02d:%02d%c%02u:%02u", (int)year, month,
             day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60), zone < 0 ? '-' : '+',
             z / 60 % 100, z % 60);
}

static int two_digits(const char *p, unsigned most, unsigned *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return 0;
    *out = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
    return *out <= most;
}

/* RFC 3339 section 5.6, date-time; T and Z in either case, a space for the T; no fractions. */
int field_read_time(const char *text, int64_t *out_seconds, int32_t *out_zone)
{
    static const unsigned longest[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned century, year, month, day, hour, minute, second, zone_h = 0, zone_m = 0;
    size_t len = strlen(text);
    const char *z = text + 19;

    if (len < 20 || !two_digits(text, 99, &century) || !two_digits(text + 2, 99, &year) ||
        text[4] != '-' || !two_digits(text + 5, 12, &month) || text[7] != '-' ||
        !two_digits(text + 8, 31, &day) || strchr("Tt ", text[10]) == NULL ||
        !two_digits(text + 11, 23, &hour) || text[13] != ':' ||
        !two_digits(text + 14, 59, &minute) || text[16] != ':' ||
        !two_digits(text + 17, 60, &second))
        return 0;
    if (month < 1 || day < 1 || day > longest[month - 1])
        return 0;
    year += century * 100;
    if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return 0;
    if (*z != 'Z' && *z != 'z') {
        if ((*z != '+' && *z != '-') || len != 25 || !two_digits(z + 1, 23, &zone_h) ||
            z[3] != ':' || !two_digits(z + 4, 59, &zone_m))
            return 0;
    } else if (len != 20) {
        return 0;
    }
    *out_zone = (int32_t)(zone_h * 60 + zone_m) * (*z == '-' ? -1 : 1);
    *out_seconds = days_of(year, month, day) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 +
                   (int64_t)second - (int64_t)*out_zone * 60;
    return 1;
}

/* --- text --- */

/* The decoded text of a field; the caller's. NULL without memory. */
static char *decode(mla_str raw, size_t *out_len)
{
    char *text = NULL;

    return mla_mime_decode_header(NULL, raw.ptr, raw.len, &text, out_len) == 0 ? text : NULL;
}

void field_json_text(struct out *o, const char *key, mla_str raw)
{
    size_t len;
    char *text;

    if (raw.ptr == NULL)
        return;
    text = decode(raw, &len);
    if (text != NULL)
        json_text(o, key, text, len);
    else
        json_text(o, key, raw.ptr, raw.len);
    mla_free(text);
}

void field_json_plain(struct out *o, const char *key, mla_str raw)
{
    if (raw.ptr != NULL)
        json_text(o, key, raw.ptr, raw.len);
}

void field_column_text(struct out *o, size_t width, mla_str raw)
{
    size_t len = 0;
    char *text = raw.ptr != NULL ? decode(raw, &len) : NULL;

    out_column(o, width, text != NULL ? text : "", text != NULL ? len : 0);
    mla_free(text);
}

/* mailbox@host, or what there is of it. */
static char *address_text(const mla_address *a, size_t *out_len)
{
    char *text = malloc(a->mailbox.len + a->host.len + 2);
    size_t n = 0;

    if (text == NULL)
        return NULL;
    if (a->mailbox.len > 0)
        memcpy(text, a->mailbox.ptr, a->mailbox.len);
    n = a->mailbox.len;
    if (a->host.len > 0) {
        text[n++] = '@';
        memcpy(text + n, a->host.ptr, a->host.len);
        n += a->host.len;
    }
    *out_len = n;
    return text;
}

void field_json_address(struct out *o, const mla_address *a, int is_decoded)
{
    size_t len = 0;
    char *text;

    if (a->kind != MLA_ADDRESS_MAILBOX)
        return; /* the names of groups are no addresses */
    json_object(o, NULL);
    if (a->name.len > 0 && is_decoded)
        field_json_plain(o, "name", a->name);
    else if (a->name.len > 0)
        field_json_text(o, "name", a->name);
    text = address_text(a, &len);
    if (text != NULL && len > 0)
        json_text(o, "address", text, len);
    free(text);
    json_object_end(o);
}

void field_json_addresses(struct out *o, const char *key, const mla_address *list, size_t count)
{
    if (count == 0)
        return;
    json_array(o, key);
    for (size_t i = 0; i < count; i++)
        field_json_address(o, &list[i], 0);
    json_array_end(o);
}

void field_column_decoded_address(struct out *o, size_t width, const mla_address *a)
{
    size_t len = 0;
    char *text;

    if (a != NULL && a->name.len > 0) {
        out_column(o, width, a->name.ptr, a->name.len);
        return;
    }
    text = a != NULL ? address_text(a, &len) : NULL;
    out_column(o, width, text != NULL ? text : "", len);
    free(text);
}

void field_column_address(struct out *o, size_t width, const mla_address *list, size_t count)
{
    size_t i = 0;

    while (i < count && list[i].kind != MLA_ADDRESS_MAILBOX)
        i++;
    if (i < count && list[i].name.len > 0)
        field_column_text(o, width, list[i].name);
    else
        field_column_decoded_address(o, width, i < count ? &list[i] : NULL);
}

void field_json_date(struct out *o, const char *key, mla_str raw)
{
    char when[FIELD_TIME_SIZE];
    int64_t seconds;
    int32_t zone, known;

    if (raw.ptr == NULL || mla_mime_parse_date(raw.ptr, raw.len, &seconds, &zone, &known) != 0)
        return;
    field_time(when, seconds, zone);
    if (!known)
        when[19] = '-'; /* RFC 3339 section 4.3: -00:00, the zone is not known */
    json_string(o, key, when);
}
