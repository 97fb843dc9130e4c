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

enum { ROOM = 512 };

/* Characters that follow each other, however many shifts lie between them, as the sets with high
 * octets have them: one call of the C library for all. Whatever else goes to out waits for them. */
struct run {
    struct charset_conv *c;
    struct buf *out;
    int table; /* whose characters */
    int knows; /* CHARSET_KNOWS_* of that */
    size_t len;
    uint8_t u[ROOM];
    ptrdiff_t from[ROOM]; /* where a character stood */
};

/* Not all zero: the arrays are large, and the texts often small. */
static void run_begin(struct run *r, struct charset_conv *c, struct buf *out)
{
    r->c = c;
    r->out = out;
    r->table = CHARSET_ANY;
    r->knows = 0;
    r->len = 0;
}

static void run_end(struct run *r)
{
    if (r->len != 0)
        charset_block(r->c, r->table, r->u, r->len, r->from, 0, r->out);
    r->len = 0;
}

static void bad(struct run *r, ptrdiff_t at)
{
    run_end(r);
    charset_bad(r->c, at, r->out);
}

static void put(struct run *r, uint32_t ch)
{
    run_end(r);
    charset_put(r->c, ch, r->out);
}

/* Some US-ASCII. */
static void ascii(struct run *r, const uint8_t *p, size_t n, ptrdiff_t at)
{
    if (r->len == 0 || n > ROOM - r->len || (r->knows & CHARSET_KNOWS_ASCII) == 0) {
        run_end(r);
        buf_add(r->out, p, n);
        return;
    }
    memcpy(r->u + r->len, p, n);
    for (size_t i = 0; i < n; i++)
        r->from[r->len + i] = at + (ptrdiff_t)i;
    r->len += n;
}

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
        size_t k = 0;

        while (k < n && text[k] == escapes[i].text[k])
            k++;
        if (k < n)
            continue;
        if (escapes[i].text[n] != '\0')
            return 0;
        if (escapes[i].set != 0xff)
            c->g[escapes[i].g] = escapes[i].set;
        return 1;
    }
    return -1;
}

static int table_of(int set)
{
    switch (set) {
    case GB:
        return CHARSET_GB;
    case KS:
        return CHARSET_KR;
    case CNS1:
    case CNS2:
        return CHARSET_TW;
    default:
        return CHARSET_JP;
    }
}

/* A run of characters of that set can take one more. */
static void run_for(struct run *r, int set)
{
    int table = table_of(set);

    if (r->table != table) {
        run_end(r);
        r->table = table;
        r->knows = charset_table_knows(r->c->cache, table);
    }
    if (r->len > ROOM - CHARSET_UNIT)
        run_end(r);
}

/* Two octets of a table with 94 rows. */
static void pair(struct run *r, int set, uint8_t first, uint8_t second, ptrdiff_t at)
{
    run_for(r, set);
    r->from[r->len] = at;
    if (set == JIS2)
        r->u[r->len++] = 0x8f;
    if (set == CNS2) {
        r->u[r->len++] = 0x8e;
        r->u[r->len++] = 0xa2;
    }
    r->u[r->len++] = first | 0x80;
    r->u[r->len++] = second | 0x80;
}

/* A single octet by itself in G0 or, behind SO, G1. */
static void lone(struct run *r, int set, uint8_t ch, ptrdiff_t at)
{
    if (ch >= 0x80 || (set == KANA && ch > 0x5f))
        bad(r, at);
    else if (set == KANA)
        put(r, 0xff61U + ch - 0x21);
    else if (set == ROMAN && ch == '\\')
        put(r, 0xa5);
    else if (set == ROMAN && ch == '~')
        put(r, 0x203e);
    else
        ascii(r, &ch, 1, at);
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
static void control(struct run *r, uint8_t ch, ptrdiff_t at)
{
    struct charset_conv *c = r->c;

    if (ch == SO || ch == SI) {
        if (c->row.kind == CHARSET_KIND_ISO2022JP && ch == SO && c->g[1] == NOTHING)
            c->g[1] = KANA;
        c->shifted = ch == SO;
        return;
    }
    if (ch == '\n' || ch == '\r')
        line_end(c);
    ascii(r, &ch, 1, at);
}

/* The character behind ESC N. pending: ESC, N, and its first octets. */
static int single_shift(struct run *r, ptrdiff_t at)
{
    const struct charset_conv *c = r->c;
    const uint8_t *p = c->pending + 2;
    size_t n = c->pending_len - 2;
    int set = c->g[2];

    if (n == 0)
        return 0;
    if ((p[0] & 0x7f) <= 0x20 || (p[0] & 0x7f) == 0x7f)
        return -1;
    if (set == LATIN1) {
        put(r, p[0] | 0x80U);
        return 1;
    }
    if (set == GREEK) {
        const struct charset_row *row = charset_find("iso-8859-7", 10);
        uint32_t ch = charset_high[row->arg][p[0] & 0x7f];

        if (ch == 0)
            bad(r, at);
        else
            put(r, ch);
        return 1;
    }
    if (n < 2)
        return 0;
    if ((p[1] & 0x7f) <= 0x20 || (p[1] & 0x7f) == 0x7f)
        return -1;
    pair(r, set, p[0] & 0x7f, p[1] & 0x7f, at);
    return 1;
}

static void fresh(struct run *r, uint8_t ch, ptrdiff_t at);

/* What was gathered is nothing: its first octet is the fault, the others are read again. pending
 * has at most five octets, and none of those read again begins an escape sequence. */
static void give_up(struct run *r, ptrdiff_t at)
{
    struct charset_conv *c = r->c;
    uint8_t again[CHARSET_PENDING];
    size_t n = c->pending_len - 1;

    memcpy(again, c->pending + 1, n);
    c->pending_len = 0;
    bad(r, at);
    for (size_t i = 0; i < n; i++) {
        if (again[i] == ESC && c->pending_len != 0) { /* a lead octet waits */
            bad(r, at + (ptrdiff_t)i);
            c->pending_len = 0;
        }
        if (c->pending_len != 0) {
            uint8_t lead = c->pending[0];

            c->pending_len = 0;
            if (again[i] > 0x20 && again[i] < 0x7f) {
                pair(r, set_now(c), lead, again[i], at + (ptrdiff_t)i);
                continue;
            }
            bad(r, at + (ptrdiff_t)i);
        }
        fresh(r, again[i], at + 1 + (ptrdiff_t)i);
    }
}

/* An octet where nothing is pending. */
static void fresh(struct run *r, uint8_t ch, ptrdiff_t at)
{
    struct charset_conv *c = r->c;
    int set = set_now(c);

    if (ch == ESC || (is_pair_set(set) && ch > 0x20 && ch < 0x7f)) {
        c->pending[0] = ch;
        c->pending_len = 1;
    } else if (ch <= 0x20 || ch == 0x7f) {
        control(r, ch, at);
    } else {
        lone(r, is_pair_set(set) ? NOTHING : set, ch, at);
    }
}

/* An octet behind others. */
static void next(struct run *r, uint8_t ch, ptrdiff_t at)
{
    struct charset_conv *c = r->c;
    ptrdiff_t from = at - (ptrdiff_t)c->pending_len;
    int rc;

    if (c->pending[0] != ESC) { /* a lead octet */
        uint8_t lead = c->pending[0];

        c->pending_len = 0;
        if (ch > 0x20 && ch < 0x7f) {
            pair(r, set_now(c), lead, ch, from);
            return;
        }
        bad(r, from);
        if (ch < 0x80)
            fresh(r, ch, at);
        return;
    }
    c->pending[c->pending_len++] = ch;
    if (c->pending_len > 2 && c->pending[1] == 'N') {
        rc = single_shift(r, from);
    } else {
        rc = escape(c);
        if (rc == 2)
            return;
    }
    if (rc > 0)
        c->pending_len = 0;
    else if (rc < 0)
        give_up(r, from);
}

/* In HZ, "~" does not begin one. */
static int is_pair(const uint8_t *p, int hz)
{
    return (p[0] > 0x20) & (p[0] < 0x7f - hz) & (p[1] > 0x20) & (p[1] < 0x7f);
}

/* Pairs of octets, as many as follow each other. How many octets that is. */
static size_t pairs(struct run *r, int set, const uint8_t *p, size_t n, ptrdiff_t at)
{
    int hz = r->c->row.kind == CHARSET_KIND_HZ;
    size_t i = 0;

    if (n < 2 || !is_pair(p, hz))
        return 0;
    if (set == JIS2 || set == CNS2) { /* they become longer */
        pair(r, set, p[0], p[1], at);
        return 2;
    }
    run_for(r, set);
    for (size_t len = r->len; n - i >= 2 && len <= ROOM - 2 && is_pair(p + i, hz); i += 2) {
        r->from[len] = at + (ptrdiff_t)i;
        r->u[len++] = p[i] | 0x80;
        r->u[len++] = p[i + 1] | 0x80;
        r->len = len;
    }
    return i;
}

/* US-ASCII that means nothing but itself. */
static size_t plain(struct run *r, int set, const uint8_t *p, size_t n, ptrdiff_t at)
{
    size_t i = 0;

    while (i < n && p[i] >= 0x20 && p[i] < 0x7f && (set != ROMAN || (p[i] != '\\' && p[i] != '~')))
        i++;
    if (i != 0)
        ascii(r, p, i, at);
    return i;
}

void charset_iso2022(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    struct run r;

    run_begin(&r, c, out);
    for (size_t at = 0; at < n && out->failed == 0;) {
        size_t some = 0;

        if (c->pending_len == 0) {
            int set = set_now(c);

            if (is_pair_set(set))
                some = pairs(&r, set, p + at, n - at, (ptrdiff_t)at);
            else if (set != KANA)
                some = plain(&r, set, p + at, n - at, (ptrdiff_t)at);
        }
        if (some == 0 && c->pending_len != 0)
            next(&r, p[at], (ptrdiff_t)at);
        else if (some == 0)
            fresh(&r, p[at], (ptrdiff_t)at);
        at += some != 0 ? some : 1;
    }
    run_end(&r);
}

/* "~" in text, or a lead octet or "~" between "~{" and "~}". */
static void hz_next(struct run *r, uint8_t ch, ptrdiff_t at)
{
    struct charset_conv *c = r->c;
    uint8_t lead = c->pending[0];

    c->pending_len = 0;
    if (lead == '~' && (ch == '{' || ch == '}')) {
        c->shifted = ch == '{';
        return;
    }
    if (lead == '~' && !c->shifted && (ch == '~' || ch == '\n')) { /* "~" LF: the line goes on */
        if (ch == '~')
            ascii(r, &ch, 1, at);
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
        bad(r, at - 2);
        ascii(r, &lead, 1, at - 1);
        if (ch == '~') {
            c->pending[c->pending_len++] = ch;
            return;
        }
        if (ch < 0x80)
            ascii(r, &ch, 1, at);
        else
            bad(r, at);
        return;
    }
    if (c->shifted && ch > 0x20 && ch < 0x7f) {
        pair(r, GB, lead, ch, at - 1);
        return;
    }
    bad(r, at - 1);
    if (ch == '\n')
        c->shifted = 0;
    if (ch < 0x80)
        ascii(r, &ch, 1, at);
    else if (!c->shifted)
        bad(r, at);
}

/* An octet where nothing is pending. */
static void hz_fresh(struct run *r, uint8_t ch, ptrdiff_t at)
{
    struct charset_conv *c = r->c;

    if (ch == '~' || (c->shifted && ch > 0x20 && ch < 0x7f)) {
        c->pending[0] = ch;
        c->pending_len = 1;
    } else if (ch >= 0x80) {
        bad(r, at);
    } else {
        if (ch == '\n')
            c->shifted = 0;
        ascii(r, &ch, 1, at);
    }
}

/* Pairs between "~{" and "~}", or text outside, up to what may be a shift. */
static size_t hz_some(struct run *r, const uint8_t *p, size_t n, ptrdiff_t at)
{
    size_t i = 0;

    if (r->c->shifted)
        return pairs(r, GB, p, n, at);
    while (i < n && p[i] < 0x80 && p[i] != '~')
        i++;
    if (i != 0)
        ascii(r, p, i, at);
    return i;
}

void charset_hz(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    struct run r;

    run_begin(&r, c, out);
    for (size_t at = 0; at < n && out->failed == 0;) {
        size_t some = c->pending_len == 0 ? hz_some(&r, p + at, n - at, (ptrdiff_t)at) : 0;

        if (some == 0 && c->pending_len != 0)
            hz_next(&r, p[at], (ptrdiff_t)at);
        else if (some == 0)
            hz_fresh(&r, p[at], (ptrdiff_t)at);
        at += some != 0 ? some : 1;
    }
    run_end(&r);
}

static void end(struct run *r)
{
    const struct charset_conv *c = r->c;
    ptrdiff_t from = -(ptrdiff_t)c->pending_len;

    if (c->pending[0] != ESC) {
        bad(r, from);
        return;
    }
    give_up(r, from);
    if (c->pending_len != 0) /* a lead octet that came out of it */
        bad(r, -1);
}

void charset_escape_end(struct charset_conv *c, struct buf *out)
{
    struct run r;

    if (c->pending_len == 0)
        return;
    run_begin(&r, c, out);
    end(&r);
    run_end(&r);
}
