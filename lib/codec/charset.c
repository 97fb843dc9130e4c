/* charset.c - see charset.h */
#include "codec/charset.h"

#include "codec/charset_kinds.h"
#include "codec/utf8.h"

#include <string.h>

void charset_bad(struct charset_conv *c, ptrdiff_t at, struct buf *out)
{
    if ((c->note.flags & CHARSET_INVALID) == 0)
        c->note.at = (size_t)((int64_t)c->fed + at);
    c->note.flags |= CHARSET_INVALID;
    buf_add(out, "\xef\xbf\xbd", 3);
}

void charset_put(struct charset_conv *c, uint32_t ch, struct buf *out)
{
    uint8_t u[UTF8_MAX];

    (void)c;
    buf_add(out, u, utf8_write(ch, u));
}

/* The upper half of a single-byte set. Characters are gathered, because a call for each costs more
 * than the character. */
static void high_run(struct charset_conv *c, const uint16_t *high, const uint8_t *p, size_t n,
                     size_t at, struct buf *out)
{
    uint8_t piece[600];
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t ch = p[i] < 0x80 ? p[i] : high != NULL ? high[p[i] - 0x80] : 0;

        if (ch == 0 && p[i] >= 0x80) {
            buf_add(out, piece, len);
            len = 0;
            charset_bad(c, (ptrdiff_t)(at + i), out);
            continue;
        }
        /* utf8_write() as far as these sets go, without the call */
        if (ch < 0x80) {
            piece[len++] = (uint8_t)ch;
        } else if (ch < 0x800) {
            piece[len++] = (uint8_t)(0xc0 | ch >> 6);
            piece[len++] = (uint8_t)(0x80 | (ch & 0x3f));
        } else {
            piece[len++] = (uint8_t)(0xe0 | ch >> 12);
            piece[len++] = (uint8_t)(0x80 | (ch >> 6 & 0x3f));
            piece[len++] = (uint8_t)(0x80 | (ch & 0x3f));
        }
        if (len > sizeof piece - UTF8_MAX) {
            buf_add(out, piece, len);
            len = 0;
        }
    }
    buf_add(out, piece, len);
}

/* 1 when the next 16 octets are US-ASCII. */
static int all_ascii16(const uint8_t *p)
{
    uint64_t w[2];

    memcpy(w, p, sizeof w);
    return ((w[0] | w[1]) & UINT64_C(0x8080808080808080)) == 0;
}

/* Short runs of US-ASCII between other letters are not worth looking for. */
static void single(struct charset_conv *c, const uint16_t *high, const uint8_t *p, size_t n,
                   struct buf *out)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        size_t run = utf8_ascii_run(p + at, n - at);
        size_t end;

        buf_add(out, p + at, run);
        at += run;
        for (end = at; end < n; end++)
            if (p[end] < 0x80 && n - end >= 16 && all_ascii16(p + end))
                break;
        high_run(c, high, p + at, end - at, at, out);
        at = end;
    }
}

static const uint16_t *windows_1252(void)
{
    return charset_high[charset_find("windows-1252", 12)->arg];
}

/* One character of UTF-8 that is not valid, in text of no known set. */
static void not_utf8(struct charset_conv *c, const uint8_t *p, size_t n, ptrdiff_t at,
                     struct buf *out)
{
    const uint16_t *high;

    if (c->row.kind != CHARSET_KIND_GUESS) {
        charset_bad(c, at, out);
        return;
    }
    high = windows_1252();
    for (size_t i = 0; i < n; i++)
        if (high[p[i] - 0x80] == 0)
            charset_bad(c, at + (ptrdiff_t)i, out);
        else
            charset_put(c, high[p[i] - 0x80], out);
}

/* The character that an earlier piece began. */
static size_t utf8_pending(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t used = 0;

    while (c->pending_len != 0 && used < n) {
        uint32_t ch;
        size_t bad;

        c->pending[c->pending_len++] = p[used++];
        if (utf8_read(c->pending, c->pending_len, &ch, &bad) != 0) {
            buf_add(out, c->pending, c->pending_len);
            c->pending_len = 0;
        } else if (bad < c->pending_len) { /* the last octet does not belong to it */
            used--;
            not_utf8(c, c->pending, bad, (ptrdiff_t)used - (ptrdiff_t)bad, out);
            c->pending_len = 0;
        }
    }
    return used;
}

/* How many octets at the end begin a character that is not whole. */
static size_t open_end(const uint8_t *p, size_t n)
{
    for (size_t k = 1; k < UTF8_MAX && k <= n; k++) {
        uint32_t ch;
        size_t bad;

        if (p[n - k] < 0x80)
            return 0;
        if (p[n - k] < 0xc2)
            continue;
        return p[n - k] <= 0xf4 && utf8_read(p + n - k, k, &ch, &bad) == 0 && bad == k ? k : 0;
    }
    return 0;
}

static void utf8(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = utf8_pending(c, p, n, out);
    size_t from = at;

    c->pending_len = at < n ? open_end(p + at, n - at) : c->pending_len;
    if (at < n)
        memcpy(c->pending, p + n - c->pending_len, c->pending_len);
    n -= at < n ? c->pending_len : 0;
    if (utf8_valid(p + at, n - at)) {
        buf_add(out, p + at, n - at);
        return;
    }
    while (at < n && out->failed == 0) {
        uint32_t ch;
        size_t bad;
        size_t len;

        at += utf8_ascii_run(p + at, n - at);
        len = at < n ? utf8_read(p + at, n - at, &ch, &bad) : 0;
        if (len != 0) {
            at += len;
            continue;
        }
        buf_add(out, p + from, at - from);
        if (at < n)
            not_utf8(c, p + at, bad, (ptrdiff_t)at, out);
        at += at < n ? bad : 0;
        from = at;
    }
    if (from < at)
        buf_add(out, p + from, at - from);
}

static void any(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    switch (c->row.kind) {
    case CHARSET_KIND_GUESS:
        if (utf8_ascii_run(p, n) != n)
            c->note.flags |= CHARSET_GUESSED;
        utf8(c, p, n, out);
        break;
    case CHARSET_KIND_UTF8:
        utf8(c, p, n, out);
        break;
    case CHARSET_KIND_ASCII:
        single(c, NULL, p, n, out);
        break;
    case CHARSET_KIND_SINGLE:
        single(c, charset_high[c->row.arg], p, n, out);
        break;
    case CHARSET_KIND_UTF16:
        charset_utf16(c, p, n, out);
        break;
    case CHARSET_KIND_UTF32:
        charset_utf32(c, p, n, out);
        break;
    case CHARSET_KIND_UTF7:
        charset_utf7(c, p, n, out);
        break;
    case CHARSET_KIND_DOUBLE:
        charset_double(c, p, n, out);
        break;
    case CHARSET_KIND_ISO2022JP:
    case CHARSET_KIND_ISO2022KR:
    case CHARSET_KIND_ISO2022CN:
        charset_iso2022(c, p, n, out);
        break;
    case CHARSET_KIND_HZ:
        charset_hz(c, p, n, out);
        break;
    default:
        charset_other(c, p, n, out);
    }
}

int charset_begin(struct charset_conv *c, struct charset_cache *cache, const char *name,
                  size_t name_len)
{
    static const struct charset_row none = {"", CHARSET_KIND_GUESS, 0};
    const struct charset_row *row = name_len != 0 ? charset_find(name, name_len) : &none;

    memset(c, 0, sizeof *c);
    c->cache = cache;
    c->bit_count = -1;
    c->row = row != NULL ? *row : none;
    if (row == NULL || row->kind == CHARSET_KIND_JOHAB) {
        const char *other = row != NULL ? "JOHAB" : name;

        if (charset_other_begin(cache, other, row != NULL ? 5 : name_len))
            c->row.kind = CHARSET_KIND_OTHER;
        else
            c->note.flags |= CHARSET_UNKNOWN;
    }
    if (c->row.kind == CHARSET_KIND_UTF7)
        c->note.flags |= CHARSET_UTF7;
    return (c->note.flags & CHARSET_UNKNOWN) == 0;
}

int charset_feed(struct charset_conv *c, const void *text, size_t len, struct buf *out)
{
    if (len != 0)
        any(c, text, len, out);
    c->fed += len;
    return out->failed;
}

int charset_end(struct charset_conv *c, struct buf *out)
{
    switch (c->row.kind) {
    case CHARSET_KIND_GUESS:
    case CHARSET_KIND_UTF8:
        if (c->pending_len != 0)
            not_utf8(c, c->pending, c->pending_len, -(ptrdiff_t)c->pending_len, out);
        break;
    case CHARSET_KIND_UTF16:
    case CHARSET_KIND_UTF32:
    case CHARSET_KIND_UTF7:
        charset_unicode_end(c, out);
        break;
    case CHARSET_KIND_DOUBLE:
        charset_double_end(c, out);
        break;
    case CHARSET_KIND_ISO2022JP:
    case CHARSET_KIND_ISO2022KR:
    case CHARSET_KIND_ISO2022CN:
    case CHARSET_KIND_HZ:
        charset_escape_end(c, out);
        break;
    case CHARSET_KIND_OTHER:
        charset_other_end(c, out);
        break;
    default:
        break;
    }
    c->pending_len = 0;
    return out->failed;
}

/* All of it at once. */
static int whole(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    if (c->row.kind == CHARSET_KIND_GUESS && utf8_ascii_run(p, n) != n) {
        c->note.flags |= CHARSET_GUESSED;
        c->row.kind = CHARSET_KIND_UTF8;
        if (!utf8_valid(p, n)) {
            single(c, windows_1252(), p, n, out);
            return out->failed;
        }
    }
    (void)charset_feed(c, p, n, out);
    return charset_end(c, out);
}

int charset_to_utf8(struct charset_cache *cache, const char *name, size_t name_len,
                    const void *text, size_t len, struct buf *out, struct charset_note *note)
{
    struct charset_cache own;
    struct charset_conv c;
    int rc;

    if (len == 0)
        return out->failed;
    memset(&own, 0, sizeof own);
    (void)charset_begin(&c, cache != NULL ? cache : &own, name, name != NULL ? name_len : 0);
    rc = whole(&c, text, len, out);
    charset_cache_free(&own);
    if (note != NULL) {
        if ((note->flags & CHARSET_INVALID) == 0)
            note->at = c.note.at;
        note->flags |= c.note.flags;
    }
    return rc;
}

int charset_known(const char *name, size_t name_len)
{
    struct charset_cache own;
    struct charset_conv c;
    int known;

    memset(&own, 0, sizeof own);
    known = name_len != 0 && charset_begin(&c, &own, name, name_len) &&
            c.row.kind != CHARSET_KIND_GUESS;
    charset_cache_free(&own);
    return known;
}
