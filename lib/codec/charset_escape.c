/* charset_escape.c - the 7-bit sets: ISO-2022-JP (RFC 1468, 1554), ISO-2022-KR (RFC 1557),
 * ISO-2022-CN (RFC 1922) and HZ (RFC 1843).
 *
 * Controls and line ends mean themselves in every state, and a line end ends every shift, as the
 * RFCs demand of those who write: a lost escape sequence spoils one line and swallows none. */
#include "codec/charset_kinds.h"

#include <string.h>

/* What may be designated. */
enum { NOTHING, ROMAN, KANA, JIS, JIS2, GB, KS, CNS1, CNS2, LATIN1, GREEK };

enum { ESC = 0x1b, SO = 0x0e, SI = 0x0f };

struct escape {
    char text[4]; /* behind ESC */
    uint8_t kind; /* CHARSET_KIND_* in which it counts; 0: in all */
    uint8_t g;    /* what it designates ... */
    uint8_t set;  /* ... to which of G0-G3 */
};

static const struct escape escapes[] = {
    {"(B", 0, 0, NOTHING}, {"(J", 0, 0, ROMAN}, {"(H", 0, 0, ROMAN}, /* a mistake of old programs */
    {"(I", 0, 0, KANA},    {"$@", 0, 0, JIS},   {"$B", 0, 0, JIS},   {"$(@", 0, 0, JIS},
    {"$(B", 0, 0, JIS},    {"$(D", 0, 0, JIS2}, {"$(O", 0, 0, JIS}, /* JIS X 0213: its first plane
                                                                       holds all of JIS X 0208 */
    {"$(Q", 0, 0, JIS},    {"$A", 0, 0, GB},    {"$(A", 0, 0, GB},   {"$(C", 0, 0, KS},
    {"&@", 0, 0, 0xff}, /* announces the edition of 1990 */
    {".A", 0, 2, LATIN1},  {".F", 0, 2, GREEK}, {"$)C", 0, 1, KS},   {"$)A", 0, 1, GB},
    {"$)E", 0, 1, GB}, /* ISO-IR-165 holds all of GB 2312 */
    {"$)G", 0, 1, CNS1},   {"$*H", 0, 2, CNS2}, {")I", 0, 1, KANA},
};

enum { ESCAPES = sizeof escapes / sizeof escapes[0] };

/* pending holds ESC and what came behind it: 1 done, 0 more is needed, -1 no escape sequence. */
static int escape(struct charset_conv *c)
{
    const char *text = (const char *)c->pending + 1;
    size_t n = c->pending_len - 1;

    if (n == 0)
        return 0;
    if (n == 1 && *text == 'N') /* SS2: for one character */
        return c->g[2] != NOTHING ? 2 : -1;
    for (size_t i = 0; i < ESCAPES; i++) {
        size_t len = strlen(escapes[i].text);

        if (n <= len && memcmp(text, escapes[i].text, n) == 0) {
            if (n < len)
                return 0;
            if (escapes[i].set != 0xff)
                c->g[escapes[i].g] = escapes[i].set;
            return 1;
        }
    }
    return -1;
}

/* Two octets of a table with 94 rows, as the sets with high octets have them. */
static void pair(struct charset_conv *c, int set, uint8_t first, uint8_t second, ptrdiff_t at,
                 struct buf *out)
{
    uint8_t u[4];
    size_t n = 0;
    int table = set == GB                    ? CHARSET_GB
                : set == KS                  ? CHARSET_KR
                : set == CNS1 || set == CNS2 ? CHARSET_TW
                                             : CHARSET_JP;

    if (set == JIS2)
        u[n++] = 0x8f;
    if (set == CNS2) {
        u[n++] = 0x8e;
        u[n++] = 0xa2;
    }
    u[n++] = first | 0x80;
    u[n++] = second | 0x80;
    if (!charset_table(c->cache, table, u, n, out))
        charset_bad(c, at, out);
}

/* A single octet by itself in G0 or, behind SO, G1. */
static void lone(struct charset_conv *c, int set, uint8_t ch, ptrdiff_t at, struct buf *out)
{
    if (ch >= 0x80 || (set == KANA && ch > 0x5f))
        charset_bad(c, at, out);
    else if (set == KANA)
        charset_put(c, 0xff61U + ch - 0x21, out);
    else if (set == ROMAN && ch == '\\')
        charset_put(c, 0xa5, out);
    else if (set == ROMAN && ch == '~')
        charset_put(c, 0x203e, out);
    else
        buf_add_byte(out, ch);
}

static int set_now(const struct charset_conv *c)
{
    if (!c->shifted)
        return c->g[0];
    /* the header that names the set is often lost between two encoded words */
    return c->g[1] != NOTHING ? c->g[1] : c->row.kind == CHARSET_KIND_ISO2022CN ? GB : KS;
}

static int is_pair_set(int set)
{
    return set >= JIS && set <= CNS2;
}

static void line_end(struct charset_conv *c)
{
    uint8_t g1 = c->row.kind == CHARSET_KIND_ISO2022KR ? c->g[1] : (uint8_t)NOTHING;

    memset(c->g, NOTHING, sizeof c->g);
    c->g[1] = g1; /* RFC 1557: designated once, at the beginning */
    c->shifted = 0;
}

/* Spaces and controls: what stands for itself, whatever is designated. */
static void control(struct charset_conv *c, uint8_t ch, ptrdiff_t at, struct buf *out)
{
    if (ch == SO || ch == SI) {
        if (c->row.kind == CHARSET_KIND_ISO2022JP && ch == SO && c->g[1] == NOTHING)
            c->g[1] = KANA;
        c->shifted = ch == SO;
        return;
    }
    if (ch == '\n' || ch == '\r')
        line_end(c);
    (void)at;
    buf_add_byte(out, ch);
}

/* The character behind ESC N. pending: ESC, N, and its first octets. */
static int single_shift(struct charset_conv *c, ptrdiff_t at, struct buf *out)
{
    const uint8_t *p = c->pending + 2;
    size_t n = c->pending_len - 2;
    int set = c->g[2];

    if (n == 0)
        return 0;
    if ((p[0] & 0x7f) <= 0x20 || (p[0] & 0x7f) == 0x7f)
        return -1;
    if (set == LATIN1) {
        charset_put(c, p[0] | 0x80U, out);
        return 1;
    }
    if (set == GREEK) {
        const struct charset_row *row = charset_find("iso-8859-7", 10);
        uint32_t ch = charset_high[row->arg][p[0] & 0x7f];

        if (ch == 0)
            charset_bad(c, at, out);
        else
            charset_put(c, ch, out);
        return 1;
    }
    if (n < 2)
        return 0;
    if ((p[1] & 0x7f) <= 0x20 || (p[1] & 0x7f) == 0x7f)
        return -1;
    pair(c, set, p[0] & 0x7f, p[1] & 0x7f, at, out);
    return 1;
}

static void fresh(struct charset_conv *c, uint8_t ch, ptrdiff_t at, struct buf *out);

/* What was gathered is nothing: its first octet is the fault, the others are read again. pending
 * has at most five octets, and none of those read again begins an escape sequence. */
static void give_up(struct charset_conv *c, ptrdiff_t at, struct buf *out)
{
    uint8_t again[CHARSET_PENDING];
    size_t n = c->pending_len - 1;

    memcpy(again, c->pending + 1, n);
    c->pending_len = 0;
    charset_bad(c, at, out);
    for (size_t i = 0; i < n; i++) {
        if (again[i] == ESC && c->pending_len != 0) { /* a lead octet waits */
            charset_bad(c, at + (ptrdiff_t)i, out);
            c->pending_len = 0;
        }
        if (c->pending_len != 0) {
            uint8_t lead = c->pending[0];

            c->pending_len = 0;
            if (again[i] > 0x20 && again[i] < 0x7f) {
                pair(c, set_now(c), lead, again[i], at + (ptrdiff_t)i, out);
                continue;
            }
            charset_bad(c, at + (ptrdiff_t)i, out);
        }
        fresh(c, again[i], at + 1 + (ptrdiff_t)i, out);
    }
}

/* An octet where nothing is pending. */
static void fresh(struct charset_conv *c, uint8_t ch, ptrdiff_t at, struct buf *out)
{
    int set = set_now(c);

    if (ch == ESC || (is_pair_set(set) && ch > 0x20 && ch < 0x7f)) {
        c->pending[0] = ch;
        c->pending_len = 1;
    } else if (ch <= 0x20 || ch == 0x7f) {
        control(c, ch, at, out);
    } else {
        lone(c, is_pair_set(set) ? NOTHING : set, ch, at, out);
    }
}

/* An octet behind others. */
static void next(struct charset_conv *c, uint8_t ch, ptrdiff_t at, struct buf *out)
{
    ptrdiff_t from = at - (ptrdiff_t)c->pending_len;
    int rc;

    if (c->pending[0] != ESC) { /* a lead octet */
        uint8_t lead = c->pending[0];

        c->pending_len = 0;
        if (ch > 0x20 && ch < 0x7f) {
            pair(c, set_now(c), lead, ch, from, out);
            return;
        }
        charset_bad(c, from, out);
        if (ch < 0x80)
            fresh(c, ch, at, out);
        return;
    }
    c->pending[c->pending_len++] = ch;
    if (c->pending_len > 2 && c->pending[1] == 'N') {
        rc = single_shift(c, from, out);
    } else {
        rc = escape(c);
        if (rc == 2)
            return;
    }
    if (rc > 0)
        c->pending_len = 0;
    else if (rc < 0)
        give_up(c, from, out);
}

void charset_iso2022(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    for (size_t at = 0; at < n && out->failed == 0; at++) {
        if (c->pending_len != 0)
            next(c, p[at], (ptrdiff_t)at, out);
        else
            fresh(c, p[at], (ptrdiff_t)at, out);
    }
}

/* "~" in text, or a lead octet or "~" between "~{" and "~}". */
static void hz_next(struct charset_conv *c, uint8_t ch, ptrdiff_t at, struct buf *out)
{
    uint8_t lead = c->pending[0];

    c->pending_len = 0;
    if (lead == '~' && (ch == '{' || ch == '}')) {
        c->shifted = ch == '{';
        return;
    }
    if (lead == '~' && !c->shifted && (ch == '~' || ch == '\n')) { /* "~" LF: the line goes on */
        if (ch == '~')
            buf_add_byte(out, ch);
        return;
    }
    if (lead == '~' && !c->shifted && ch == '\r') {
        c->pending[0] = ch;
        c->pending_len = 1;
        return;
    }
    if (lead == '\r') { /* behind "~" */
        if (ch == '\n')
            return;
        charset_bad(c, at - 2, out);
        buf_add_byte(out, lead);
        if (ch == '~') {
            c->pending[c->pending_len++] = ch;
            return;
        }
        if (ch < 0x80)
            buf_add_byte(out, ch);
        else
            charset_bad(c, at, out);
        return;
    }
    if (c->shifted && ch > 0x20 && ch < 0x7f) {
        pair(c, GB, lead, ch, at - 1, out);
        return;
    }
    charset_bad(c, at - 1, out);
    if (ch == '\n')
        c->shifted = 0;
    if (ch < 0x80)
        buf_add_byte(out, ch);
    else if (!c->shifted)
        charset_bad(c, at, out);
}

void charset_hz(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    for (size_t at = 0; at < n && out->failed == 0; at++) {
        uint8_t ch = p[at];

        if (c->pending_len != 0) {
            hz_next(c, ch, (ptrdiff_t)at, out);
        } else if (ch == '~' || (c->shifted && ch > 0x20 && ch < 0x7f)) {
            c->pending[0] = ch;
            c->pending_len = 1;
        } else if (ch >= 0x80) {
            charset_bad(c, (ptrdiff_t)at, out);
        } else {
            if (ch == '\n')
                c->shifted = 0;
            buf_add_byte(out, ch);
        }
    }
}

void charset_escape_end(struct charset_conv *c, struct buf *out)
{
    ptrdiff_t from = -(ptrdiff_t)c->pending_len;

    if (c->pending_len == 0)
        return;
    if (c->pending[0] != ESC) {
        charset_bad(c, from, out);
        return;
    }
    give_up(c, from, out);
    if (c->pending_len != 0) /* a lead octet that came out of it */
        charset_bad(c, -1, out);
}
