/* date_zone.c - see date_zone.h */
#include "mime/date_zone.h"

#include "base/num.h"

int date_zone_offset(struct slice *s, int32_t *out_minutes, int *out_exact)
{
    int minus = *s->p == '-';
    const uint8_t *from = ++s->p;
    uint64_t hours = 0;
    uint64_t minutes = 0;
    size_t n;

    while (ascii_is_digit(slice_peek(s)))
        s->p++;
    n = (size_t)(s->p - from);
    *out_exact = n == 4;
    if (n <= 2 && slice_left(s) >= 3 && *s->p == ':' && ascii_is_digit(s->p[1]) &&
        ascii_is_digit(s->p[2])) {
        minutes = (uint64_t)(s->p[1] - '0') * 10 + (uint64_t)(s->p[2] - '0');
        s->p += 3;
    }
    if (n == 0 || n > 4)
        return 0;
    (void)num_parse(from, n, 9999, &hours);
    if (n > 2) {
        minutes = hours % 100;
        hours /= 100;
    }
    if (minutes > 59 || hours > 23)
        return 0;
    *out_minutes = (int32_t)(hours * 60 + minutes) * (minus ? -1 : 1);
    return !(minus && *out_minutes == 0);
}

int date_zone_name(const uint8_t *p, size_t n, int32_t *out_minutes, int *out_obsolete)
{
    /* Names that mean one thing in mail. "IST", "BST" of Bangladesh and the military letters, which
     * RFC 822 had wrong, are left out. */
    static const struct {
        const char *name;
        int minutes;
        int obsolete;
    } zones[] = {
        {"UT", 0, 1},      {"GMT", 0, 1},    {"EST", -300, 1},  {"EDT", -240, 1}, {"CST", -360, 1},
        {"CDT", -300, 1},  {"MST", -420, 1}, {"MDT", -360, 1},  {"PST", -480, 1}, {"PDT", -420, 1},
        {"UTC", 0, 0},     {"Z", 0, 0},      {"WET", 0, 0},     {"WEST", 60, 0},  {"BST", 60, 0},
        {"CET", 60, 0},    {"MET", 60, 0},   {"MEZ", 60, 0},    {"CEST", 120, 0}, {"MEST", 120, 0},
        {"MESZ", 120, 0},  {"EET", 120, 0},  {"SAST", 120, 0},  {"EEST", 180, 0}, {"MSK", 180, 0},
        {"MSD", 240, 0},   {"PKT", 300, 0},  {"HKT", 480, 0},   {"SGT", 480, 0},  {"AWST", 480, 0},
        {"JST", 540, 0},   {"KST", 540, 0},  {"ACST", 570, 0},  {"ACDT", 630, 0}, {"AEST", 600, 0},
        {"AEDT", 660, 0},  {"NZST", 720, 0}, {"NZDT", 780, 0},  {"HST", -600, 0}, {"AKST", -540, 0},
        {"AKDT", -480, 0}, {"AST", -240, 0}, {"ADT", -180, 0},  {"NST", -210, 0}, {"NDT", -150, 0},
        {"BRT", -180, 0},  {"ART", -180, 0}, {"BRST", -120, 0},
    };

    *out_obsolete = 0;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (ascii_equal_word(p, n, zones[i].name)) {
            *out_minutes = zones[i].minutes;
            *out_obsolete = zones[i].obsolete;
            return 1;
        }
    return 0;
}
