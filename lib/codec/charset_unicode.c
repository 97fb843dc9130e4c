/* charset_unicode.c - UTF-16 (RFC 2781), UTF-32 and UTF-7 (RFC 2152). */
#include "codec/charset_kinds.h"

#include "codec/utf8.h"

#include <string.h>

static int is_high(uint32_t u)
{
    return u >= 0xd800 && u < 0xdc00;
}

static int is_low(uint32_t u)
{
    return u >= 0xdc00 && u < 0xe000;
}

/* One unit of UTF-16, size octets before offset end. */
static void unit(struct charset_conv *c, uint32_t u, ptrdiff_t at, struct buf *out)
{
    if (c->unit != 0) {
        uint32_t high = c->unit;

        c->unit = 0;
        if (is_low(u)) {
            charset_put(c, 0x10000 + ((high - 0xd800) << 10) + (u - 0xdc00), out);
            return;
        }
        charset_bad(c, at - 2, out);
    }
    if (is_high(u))
        c->unit = u;
    else if (is_low(u))
        charset_bad(c, at, out);
    else
        charset_put(c, u, out);
}

/* Gathers the octets of one unit; how many of p were used. */
static size_t gather(struct charset_conv *c, size_t size, const uint8_t *p, size_t n)
{
    size_t take = size - c->pending_len < n ? size - c->pending_len : n;

    memcpy(c->pending + c->pending_len, p, take);
    c->pending_len += take;
    return take;
}

static uint32_t read16(const uint8_t *p, int big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t read32(const uint8_t *p, int big)
{
    return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
               : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* RFC 2781 section 4.3: the mark tells the order, whatever the label says; without one, the order
 * that senders use. 1 when the first unit is a mark. */
static int order16(struct charset_conv *c)
{
    int mark = read16(c->pending, 1) == 0xfeff ? 1 : read16(c->pending, 0) == 0xfeff ? 2 : 0;

    c->big = mark != 0 ? mark : c->row.arg == 1 ? 1 : 2;
    return mark != 0;
}

void charset_utf16(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        at += gather(c, 2, p + at, n - at);
        if (c->pending_len < 2)
            return;
        c->pending_len = 0;
        if (c->big == 0 && order16(c))
            continue;
        unit(c, read16(c->pending, c->big == 1), (ptrdiff_t)at - 2, out);
    }
}

static int order32(struct charset_conv *c)
{
    uint32_t as_big = read32(c->pending, 1);
    int mark = as_big == 0xfeff ? 1 : read32(c->pending, 0) == 0xfeff ? 2 : 0;

    /* only one of the two orders gives a character */
    if (mark == 0 && c->row.arg == 2)
        c->big = as_big < 0x110000 ? 1 : 2;
    else
        c->big = mark != 0 ? mark : c->row.arg == 1 ? 1 : 2;
    return mark != 0;
}

void charset_utf32(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        uint32_t u;

        at += gather(c, 4, p + at, n - at);
        if (c->pending_len < 4)
            return;
        c->pending_len = 0;
        if (c->big == 0 && order32(c))
            continue;
        u = read32(c->pending, c->big == 1);
        if (u > 0x10ffff || is_high(u) || is_low(u))
            charset_bad(c, (ptrdiff_t)at - 4, out);
        else
            charset_put(c, u, out);
    }
}

static int base64_value(int ch)
{
    if (ch >= 'A' && ch <= 'Z')
        return ch - 'A';
    if (ch >= 'a' && ch <= 'z')
        return ch - 'a' + 26;
    if (ch >= '0' && ch <= '9')
        return ch - '0' + 52;
    return ch == '+' ? 62 : ch == '/' ? 63 : -1;
}

/* The base64 run is over: what is left must be less than a digit, and zero. */
static void utf7_close(struct charset_conv *c, ptrdiff_t at, struct buf *out)
{
    if (c->unit != 0 || c->bit_count >= 6 || (c->bits & ((1U << c->bit_count) - 1)) != 0)
        charset_bad(c, at, out);
    c->unit = c->bits = 0;
    c->bit_count = -1;
}

static void utf7_inside(struct charset_conv *c, int ch, ptrdiff_t at, struct buf *out)
{
    int v = base64_value(ch);

    if (v >= 0) {
        c->fresh = 0;
        c->bits = c->bits << 6 | (uint32_t)v;
        c->bit_count += 6;
        if (c->bit_count >= 16) {
            c->bit_count -= 16;
            unit(c, c->bits >> c->bit_count & 0xffff, at, out);
            c->bits &= (1U << c->bit_count) - 1;
        }
        return;
    }
    utf7_close(c, at, out);
    if (ch == '-') {
        if (c->fresh) /* "+-" */
            charset_put(c, '+', out);
        return;
    }
    if (c->fresh) /* "+" before something that is no base64 */
        charset_bad(c, at - 1, out);
    if (ch >= 0x80)
        charset_bad(c, at, out);
    else
        charset_put(c, (uint32_t)ch, out);
}

void charset_utf7(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    for (size_t at = 0; at < n && out->failed == 0; at++) {
        if (c->bit_count >= 0) {
            utf7_inside(c, p[at], (ptrdiff_t)at, out);
        } else if (p[at] == '+') {
            c->bit_count = 0;
            c->fresh = 1;
        } else if (p[at] >= 0x80) {
            charset_bad(c, (ptrdiff_t)at, out);
        } else {
            buf_add_byte(out, p[at]);
        }
    }
}

void charset_unicode_end(struct charset_conv *c, struct buf *out)
{
    if (c->row.kind == CHARSET_KIND_UTF7) {
        if (c->bit_count >= 0 && c->fresh)
            charset_bad(c, -1, out);
        else if (c->bit_count >= 0)
            utf7_close(c, -1, out);
    } else {
        if (c->unit != 0)
            charset_bad(c, -(ptrdiff_t)c->pending_len - 2, out);
        if (c->pending_len != 0)
            charset_bad(c, -(ptrdiff_t)c->pending_len, out);
    }
    c->unit = 0;
    c->bit_count = -1;
}
