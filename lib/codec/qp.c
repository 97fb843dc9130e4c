/* qp.c - see qp.h */
#include "codec/qp.h"

#include "base/ascii.h"

#include <string.h>

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

size_t qp_feed(struct qp_dec *d, const void *in, size_t n, uint8_t *out)
{
    const uint8_t *p = in;
    const uint8_t *end = p + n;
    uint8_t *o = out;

    while (p < end) {
        uint64_t at = d->pos + (uint64_t)(p - (const uint8_t *)in);

        if (d->held != 0) {
            p += d->hold[0] == '=' ? after_equals(d, *p, at, &o) : after_blank(d, *p, &o);
        } else if (is_special(*p)) {
            keep(d, *p++);
        } else {
            *o++ = *p++;
        }
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
