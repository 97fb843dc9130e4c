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

static inline int unit(int set, const uint8_t *p, size_t n)
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

int charset_double_unit(int set, const uint8_t *p, size_t n)
{
    return unit(set, p, n);
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

/* The characters of two octets that texts are full of, told without a branch: which ranges they lie
 * in is not to be foreseen. */
static inline int is_pair(int set, unsigned first, unsigned second)
{
    switch (set) {
    case CHARSET_GB:
        return (first - 0x81 <= 0xfe - 0x81) & (second - 0x40 <= 0xfe - 0x40) & (second != 0x7f);
    case CHARSET_KR:
        return (first - 0x81 <= 0xfe - 0x81) & (second - 0x41 <= 0xfe - 0x41) &
               (second - 0x7f > 0x80 - 0x7f);
    case CHARSET_SJIS:
        return ((first - 0x81 <= 0x9f - 0x81) | (first - 0xe0 <= 0xfc - 0xe0)) &
               (second - 0x40 <= 0xfc - 0x40) & (second != 0x7f);
    case CHARSET_BIG5:
        return (first - 0x81 <= 0xfe - 0x81) & (second - 0x40 <= 0xfe - 0x40) &
               (second - 0x7f > 0xa0 - 0x7f);
    default:
        return (first - 0xa1 <= 0xfe - 0xa1) & (second - 0xa1 <= 0xfe - 0xa1);
    }
}

/* 1 when the next octets are so much US-ASCII that copying them is worth more than a long run. */
static int much_ascii(const uint8_t *p, size_t n)
{
    uint64_t w[2];

    if (n < sizeof w)
        return 0;
    memcpy(w, p, sizeof w);
    return ((w[0] | w[1]) & UINT64_C(0x8080808080808080)) == 0;
}

/* How many octets at p are whole characters that the table can be given, at most a block of them.
 * *len: what unit() says of those that follow. */
static inline size_t span_of(int set, int knows, const uint8_t *p, size_t n, int *len)
{
    size_t at = 0;

    while (at < n && at < CHARSET_BLOCK - CHARSET_UNIT) {
        if (n - at >= 2 && is_pair(set, p[at], p[at + 1])) {
            at += 2;
            continue;
        }
        if (p[at] < 0x80) {
            if ((knows & CHARSET_KNOWS_ASCII) == 0 || much_ascii(p + at, n - at))
                break;
            at++;
            continue;
        }
        *len = unit(set, p + at, n - at);
        if (*len == 1 &&
            (set != CHARSET_SJIS || p[at] == 0x80 || (knows & CHARSET_KNOWS_KANA) == 0))
            break;
        if (*len <= 0)
            break;
        at += (size_t)*len;
    }
    return at;
}

/* The same, with a loop for each set. */
static size_t span(int set, int knows, const uint8_t *p, size_t n, int *len)
{
    switch (set) {
    case CHARSET_GB:
        return span_of(CHARSET_GB, knows, p, n, len);
    case CHARSET_KR:
        return span_of(CHARSET_KR, knows, p, n, len);
    case CHARSET_SJIS:
        return span_of(CHARSET_SJIS, knows, p, n, len);
    case CHARSET_JP:
        return span_of(CHARSET_JP, knows, p, n, len);
    case CHARSET_BIG5:
        return span_of(CHARSET_BIG5, knows, p, n, len);
    default:
        return span_of(set, knows, p, n, len);
    }
}

/* As much of p as is whole; how much that is. */
static size_t run(struct charset_conv *c, const uint8_t *p, size_t n, ptrdiff_t base,
                  struct buf *out)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        size_t ascii = utf8_ascii_run(p + at, n - at);
        int len = 1;
        size_t some;

        buf_add(out, p + at, ascii);
        at += ascii;
        if (at == n)
            break;
        some = span(c->row.arg, charset_table_knows(c->cache, c->row.arg), p + at, n - at, &len);
        if (some != 0) {
            charset_block(c, c->row.arg, p + at, some, NULL, base + (ptrdiff_t)at, out);
            at += some;
        } else if (lone(c, p + at, out)) {
            at++;
        } else if (len == 0) {
            break;
        } else {
            charset_bad(c, base + (ptrdiff_t)at, out);
            at += (size_t)-len;
        }
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
