/* qp.c - see qp.h */
#include "codec/qp.h"

#include "base/ascii.h"
#include "codec/vec.h"

#include <string.h>

/* The value of a hexadecimal digit, -1 for other octets. */
#define NO4  -1, -1, -1, -1
#define NO16 NO4, NO4, NO4, NO4
static const int8_t hex[256] = {NO16, NO16, NO16, 0,    1,    2,    3,    4,    5,    6,   7,  8,
                                9,    -1,   -1,   NO4,  -1,   10,   11,   12,   13,   14,  15, -1,
                                NO4,  NO4,  NO16, -1,   10,   11,   12,   13,   14,   15,  -1, NO4,
                                NO4,  NO16, NO16, NO16, NO16, NO16, NO16, NO16, NO16, NO16};
#undef NO4
#undef NO16

static void note(struct qp_dec *d, int defect, uint64_t at)
{
    if ((d->defects & 1U << defect) == 0)
        d->at[defect] = at;
    d->defects |= 1U << defect;
}

static int is_blank(int c)
{
    return c == ' ' || c == '\t';
}

/* Hands on what is held as it is. */
static size_t spill(struct qp_dec *d, uint8_t *out)
{
    size_t n = d->held;

    memcpy(out, d->hold, n);
    d->held = 0;
    return n;
}

static void keep(struct qp_dec *d, uint8_t c)
{
    d->hold[d->held++] = c;
}

static int is_lower_hex(int c)
{
    return c >= 'a' && c <= 'f';
}

/* "=" is held, and perhaps more: take c. 1 when c was used, 0 when it starts afresh. */
static int after_equals(struct qp_dec *d, uint8_t c, uint64_t at, uint8_t **out)
{
    uint8_t last = d->hold[d->held - 1];

    if (d->held == 1 && ascii_hex(c) >= 0) {
        keep(d, c);
        return 1;
    }
    if (d->held == 2 && ascii_hex(last) >= 0 && ascii_hex(c) >= 0) {
        if (is_lower_hex(last) || is_lower_hex(c))
            note(d, QP_LOWER, at);
        *(*out)++ = (uint8_t)(ascii_hex(last) << 4 | ascii_hex(c));
        d->held = 0;
        return 1;
    }
    /* A soft line break; white space that was added on the way lies between (section 6.7, 3). */
    if (ascii_hex(last) < 0 && c == '\n') {
        d->held = 0;
        return 1;
    }
    if (ascii_hex(last) < 0 && last != '\r' && (is_blank(c) || c == '\r') && d->held < QP_HOLD) {
        keep(d, c);
        return 1;
    }
    note(d, QP_BAD, at);
    *out += spill(d, *out);
    return 0;
}

/* White space is held: take c. 1 when c was used. */
static int after_blank(struct qp_dec *d, uint8_t c, uint8_t **out)
{
    uint8_t last = d->hold[d->held - 1];

    if (c == '\n') {
        if (last == '\r')
            *(*out)++ = '\r';
        *(*out)++ = '\n';
        d->held = 0;
        return 1;
    }
    if (last != '\r' && (is_blank(c) || c == '\r') && d->held < QP_HOLD) {
        keep(d, c);
        return 1;
    }
    *out += spill(d, *out);
    return 0;
}

static int is_special(int c)
{
    return c == '=' || c == ' ' || c == '\t' || c == '\r';
}

/* "=" is at p and nothing is held: decodes it at once where all of it is there. How many octets it
 * took, or 0. */
static size_t at_equals(struct qp_dec *d, const uint8_t *p, const uint8_t *end, uint64_t at,
                        uint8_t **out)
{
    int high;
    int low;

    if (end - p < 3)
        return 0;
    high = hex[p[1]];
    low = hex[p[2]];
    if ((high | low) >= 0) {
        if (is_lower_hex(p[1]) || is_lower_hex(p[2]))
            note(d, QP_LOWER, at + 2);
        *(*out)++ = (uint8_t)(high << 4 | low);
        return 3;
    }
    if (p[1] == '\n')
        return 2;
    return p[1] == '\r' && p[2] == '\n' ? 3 : 0;
}

/* The octets from line to *out were copied as they are, and LF follows: it is added, and white
 * space before the line end goes. 0 when there is more of it than is held (QP_HOLD), perhaps. */
static int end_line(const uint8_t *line, uint8_t **out)
{
    uint8_t *o = *out;
    uint8_t *from;
    int cr = o > line && o[-1] == '\r';

    o -= cr;
    for (from = o; o > line && is_blank(o[-1]); o--)
        if (from - o == QP_HOLD / 2)
            return 0;
    if (cr)
        *o++ = '\r';
    *o++ = '\n';
    *out = o;
    return 1;
}

/* Nothing is held: takes what can be taken by the line, and says where it had to stop. What lies
 * before *out_slow must be taken the long way, or lines of white space would be looked at again and
 * again. */
static const uint8_t *fast(struct qp_dec *d, const uint8_t *p, const uint8_t *end, uint64_t at,
                           uint8_t **out, const uint8_t **out_slow)
{
    const struct vec *vec = vec_now();
    const uint8_t *in = p;
    uint8_t *o = *out;

    while (p < end) {
        uint8_t *line = o;
        size_t n = *p == '=' ? 0 : vec->qp_copy(p, (size_t)(end - p), o);

        if (p + n == end) {
            while (n > 0 && is_special(p[n - 1]))
                n--;
            p += n;
            o += n;
            *out_slow = end;
            break;
        }
        o += n;
        if (p[n] == '\n') {
            if (!end_line(line, &o)) {
                o = line;
                *out_slow = p + n + 1;
                break;
            }
            p += n + 1;
            continue;
        }
        p += n;
        n = at_equals(d, p, end, at + (uint64_t)(p - in), &o);
        if (n == 0)
            break;
        p += n;
    }
    *out = o;
    return p;
}

size_t qp_feed(struct qp_dec *d, const void *in, size_t n, uint8_t *out)
{
    const uint8_t *p = in;
    const uint8_t *end = p + n;
    const uint8_t *slow = p;
    uint8_t *o = out;

    while (p < end) {
        uint64_t at = d->pos + (uint64_t)(p - (const uint8_t *)in);

        if (d->held != 0) {
            p += d->hold[0] == '=' ? after_equals(d, *p, at, &o) : after_blank(d, *p, &o);
            continue;
        }
        if (p >= slow)
            p = fast(d, p, end, at, &o, &slow);
        if (p < end && is_special(*p))
            keep(d, *p++);
        else if (p < end)
            *o++ = *p++;
    }
    d->pos += n;
    return (size_t)(o - out);
}

size_t qp_end(struct qp_dec *d, uint8_t *out)
{
    size_t n = d->held;

    d->held = 0;
    if (n == 0 || is_blank(d->hold[0]))
        return 0;
    if (d->hold[0] == '=') {
        /* "=" at the very end is a soft line break that lost its line end. */
        if (n == 1 || ascii_hex(d->hold[1]) < 0)
            return 0;
        note(d, QP_CUT, d->pos);
    }
    memcpy(out, d->hold, n); /* "=X", or a lone CR */
    return n;
}
