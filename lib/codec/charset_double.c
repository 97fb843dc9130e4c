/* charset_double.c - the sets of East Asia in which a character has one to four octets.
 *
 * What belongs together is decided here, as the WHATWG's Encoding Standard does: an octet of
 * US-ASCII is never swallowed by a character that is not valid. The C library is handed whole
 * characters alone. */
#include "codec/charset_kinds.h"

#include "codec/utf8.h"

#include <string.h>

static int in(int c, int low, int high)
{
    return c >= low && c <= high;
}

/* A trail octet that does not fit: US-ASCII is not part of the fault. */
static int wrong(int trail)
{
    return trail < 0x80 ? -1 : -2;
}

static int unit_gb(const uint8_t *p, size_t n)
{
    if (!in(p[0], 0x81, 0xfe))
        return p[0] == 0x80 ? 1 : -1;
    if (n < 2)
        return 0;
    if (in(p[1], 0x40, 0x7e) || in(p[1], 0x80, 0xfe))
        return 2;
    if (!in(p[1], '0', '9'))
        return wrong(p[1]);
    if (n < 3)
        return 0;
    if (!in(p[2], 0x81, 0xfe))
        return -1;
    if (n < 4)
        return 0;
    return in(p[3], '0', '9') ? 4 : -1;
}

static int unit_pair(const uint8_t *p, size_t n, int low, int high, int first, int gap, int gap_end)
{
    if (!in(p[0], low, high))
        return -1;
    if (n < 2)
        return 0;
    if (p[1] < first || p[1] == 0xff || in(p[1], gap, gap_end))
        return wrong(p[1]);
    return 2;
}

static int unit_sjis(const uint8_t *p, size_t n)
{
    if (p[0] == 0x80 || in(p[0], 0xa1, 0xdf))
        return 1;
    if (p[0] == 0xa0 || p[0] > 0xfc)
        return -1;
    if (n < 2)
        return 0;
    return in(p[1], 0x40, 0x7e) || in(p[1], 0x80, 0xfc) ? 2 : wrong(p[1]);
}

static int unit_jp(const uint8_t *p, size_t n)
{
    if (p[0] != 0x8e && p[0] != 0x8f && !in(p[0], 0xa1, 0xfe))
        return -1;
    if (n < 2)
        return 0;
    if (p[0] == 0x8e)
        return in(p[1], 0xa1, 0xdf) ? 2 : wrong(p[1]);
    if (!in(p[1], 0xa1, 0xfe))
        return wrong(p[1]);
    if (p[0] != 0x8f)
        return 2;
    if (n < 3)
        return 0;
    return in(p[2], 0xa1, 0xfe) ? 3 : p[2] < 0x80 ? -2 : -3;
}

static int unit_tw(const uint8_t *p, size_t n)
{
    if (p[0] != 0x8e && !in(p[0], 0xa1, 0xfe))
        return -1;
    if (n < 2)
        return 0;
    if (!in(p[1], 0xa1, 0xfe))
        return wrong(p[1]);
    if (p[0] != 0x8e)
        return 2;
    for (size_t i = 2; i < 4; i++) {
        if (i == n)
            return 0;
        if (!in(p[i], 0xa1, 0xfe))
            return p[i] < 0x80 ? -(int)i : -(int)i - 1;
    }
    return 4;
}

int charset_double_unit(int set, const uint8_t *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    switch (set) {
    case CHARSET_GB:
        return unit_gb(p, n);
    case CHARSET_KR:
        return unit_pair(p, n, 0x81, 0xfe, 0x41, 0x7f, 0x80);
    case CHARSET_SJIS:
        return unit_sjis(p, n);
    case CHARSET_JP:
        return unit_jp(p, n);
    case CHARSET_BIG5:
        return unit_pair(p, n, 0x81, 0xfe, 0x40, 0x7f, 0xa0);
    default:
        return unit_tw(p, n);
    }
}

/* Characters that have one octet, which the C library's tables do not all know. 1 when it was one.
 */
static int lone(struct charset_conv *c, const uint8_t *p, struct buf *out)
{
    if (c->row.arg == CHARSET_GB && *p == 0x80)
        charset_put(c, 0x20ac, out);
    else if (c->row.arg == CHARSET_SJIS && *p == 0x80)
        charset_put(c, 0x80, out);
    else if (c->row.arg == CHARSET_SJIS && in(*p, 0xa1, 0xdf))
        charset_put(c, 0xff61U + *p - 0xa1, out);
    else
        return 0;
    return 1;
}

/* Characters that the Encoding Standard has and some C library has not. */
struct extra {
    int set;
    uint32_t first; /* the octets */
    uint32_t count; /* how many follow each other */
    uint32_t ch;
};

static const struct extra extras[] = {
    {CHARSET_BIG5, 0xa145, 1, 0x2027},   {CHARSET_BIG5, 0xa14e, 1, 0xfe51},
    {CHARSET_BIG5, 0xa15a, 1, 0x2574},   {CHARSET_BIG5, 0xa1c3, 1, 0xffe3},
    {CHARSET_BIG5, 0xa1c5, 1, 0x02cd},   {CHARSET_GB, 0x82359037, 3, 0x9fb4},
    {CHARSET_GB, 0x82359130, 5, 0x9fb7}, {CHARSET_GB, 0x84318236, 4, 0xfe10},
    {CHARSET_GB, 0x84318330, 6, 0xfe14},
};

/* 1 when the character of len octets at p was put out without the C library's table. */
static int extra(struct charset_conv *c, const uint8_t *p, size_t len, struct buf *out)
{
    uint32_t code = 0;

    for (size_t i = 0; i < len; i++)
        code = code << 8 | p[i];
    if (c->row.arg == CHARSET_SJIS && len == 2 && in(p[0], 0xf0, 0xf9)) { /* private use */
        uint32_t trail = p[1] - (p[1] < 0x7f ? 0x40U : 0x41U);

        charset_put(c, 0xe000 + (p[0] - 0xf0U) * 188 + trail, out);
        return 1;
    }
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        const struct extra *x = &extras[i];

        if (x->set == c->row.arg && code >= x->first && code - x->first < x->count) {
            charset_put(c, x->ch + (code - x->first), out);
            return 1;
        }
    }
    return 0;
}

/* One whole character that the table may not know. How many octets of it are done with. */
static size_t convert_one(struct charset_conv *c, const uint8_t *p, size_t len, ptrdiff_t at,
                          struct buf *out)
{
    if (charset_table(c->cache, c->row.arg, p, len, out) || extra(c, p, len, out))
        return len;
    charset_bad(c, at, out);
    if (len == 2 && p[1] < 0x80) /* the trail octet stands for itself */
        buf_add_byte(out, p[1]);
    return len;
}

/* Whole characters, one behind the other; at: the offset of p. A block with a fault in it is
 * converted again, one character at a time: where in it the fault is, C libraries do not tell
 * reliably. */
static void convert(struct charset_conv *c, const uint8_t *p, size_t n, ptrdiff_t at,
                    struct buf *out)
{
    enum { BLOCK = 256 };
    size_t from = 0;

    while (from < n && out->failed == 0) {
        size_t end = from;

        while (end < n && end - from < BLOCK)
            end += (size_t)charset_double_unit(c->row.arg, p + end, n - end);
        if (charset_table(c->cache, c->row.arg, p + from, end - from, out)) {
            from = end;
            continue;
        }
        while (from < end && out->failed == 0) {
            size_t len = (size_t)charset_double_unit(c->row.arg, p + from, end - from);

            from += convert_one(c, p + from, len, at + (ptrdiff_t)from, out);
        }
    }
}

/* As much of p as is whole; how much that is. */
static size_t run(struct charset_conv *c, const uint8_t *p, size_t n, ptrdiff_t base,
                  struct buf *out)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        size_t from = at;
        int len = 1;

        at += utf8_ascii_run(p + at, n - at);
        buf_add(out, p + from, at - from);
        if (at == n)
            break;
        if (lone(c, p + at, out)) {
            at++;
            continue;
        }
        for (from = at; at < n && p[at] >= 0x80; at += (size_t)len) {
            len = charset_double_unit(c->row.arg, p + at, n - at);
            if (len < 2)
                break;
        }
        convert(c, p + from, at - from, base + (ptrdiff_t)from, out);
        if (at == n || len > 0)
            continue;
        if (len == 0)
            break;
        charset_bad(c, base + (ptrdiff_t)at, out);
        at += (size_t)-len;
    }
    return at < n ? at : n;
}

void charset_double(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = 0;
    size_t used;

    while (c->pending_len != 0 && at < n) {
        c->pending[c->pending_len++] = p[at++];
        used = run(c, c->pending, c->pending_len, (ptrdiff_t)at - (ptrdiff_t)c->pending_len, out);
        c->pending_len -= used;
        memmove(c->pending, c->pending + used, c->pending_len);
    }
    if (at == n)
        return;
    used = run(c, p + at, n - at, (ptrdiff_t)at, out);
    c->pending_len = out->failed == 0 ? n - at - used : 0;
    memcpy(c->pending, p + at + used, c->pending_len);
}

/* The text ends inside a character: one fault, but what is US-ASCII in it stays. */
void charset_double_end(struct charset_conv *c, struct buf *out)
{
    size_t at = 0;

    while (at < c->pending_len && out->failed == 0) {
        if (c->pending[at] < 0x80) {
            buf_add_byte(out, c->pending[at++]);
            continue;
        }
        charset_bad(c, (ptrdiff_t)at - (ptrdiff_t)c->pending_len, out);
        while (at < c->pending_len && c->pending[at] >= 0x80)
            at++;
    }
}
