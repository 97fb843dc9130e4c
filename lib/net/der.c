/* der.c - see der.h */
#include "net/der.h"

#include "base/ascii.h"

#include <string.h>

int der_take(struct der *in, uint8_t *out_tag, struct der *out, struct der *out_all)
{
    const uint8_t *p = in->p;
    size_t left = in->len;
    size_t head = 2;
    size_t len;

    if (left < 2 || (p[0] & 0x1f) == 0x1f) /* no tag of more than one octet is in a certificate */
        return 0;
    len = p[1];
    if (len >= 0x80) {
        size_t more = len & 0x7f;

        if (more == 0 || more > 4 || left < 2 + more)
            return 0;
        len = 0;
        for (size_t i = 0; i < more; i++)
            len = len << 8 | p[2 + i];
        head += more;
    }
    if (len > left - head)
        return 0;
    *out_tag = p[0];
    *out = (struct der){p + head, len};
    if (out_all != NULL)
        *out_all = (struct der){p, head + len};
    *in = (struct der){p + head + len, left - head - len};
    return 1;
}

int der_take_tag(struct der *in, uint8_t tag, struct der *out)
{
    struct der rest = *in;
    uint8_t got;

    if (!der_take(&rest, &got, out, NULL) || got != tag)
        return 0;
    *in = rest;
    return 1;
}

int der_is_oid(struct der oid, const void *octets, size_t len)
{
    return oid.len == len && memcmp(oid.p, octets, len) == 0;
}

/* n digits at p; -1 when one is none. */
static int digits(const uint8_t *p, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(p[i]))
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

/* Days from 1970-01-01 in the Gregorian calendar, for years from 0 on. */
static int64_t days(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int der_time(uint8_t tag, struct der text, int64_t *out_seconds)
{
    enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };
    size_t wide = tag == GENERALIZED_TIME ? 4 : 2;
    int part[6];

    if ((tag != UTC_TIME && tag != GENERALIZED_TIME) || text.len != wide + 11 ||
        text.p[wide + 10] != 'Z')
        return 0;
    part[0] = digits(text.p, wide);
    for (size_t i = 1; i < 6; i++)
        part[i] = digits(text.p + wide + 2 * (i - 1), 2);
    for (size_t i = 0; i < 6; i++)
        if (part[i] < 0)
            return 0;
    if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 || part[3] > 23 ||
        part[4] > 59 || part[5] > 60)
        return 0;
    if (tag == UTC_TIME)
        part[0] += part[0] < 50 ? 2000 : 1900;
    *out_seconds =
        days(part[0], part[1], part[2]) * 86400 + part[3] * 3600 + part[4] * 60 + part[5];
    return 1;
}
