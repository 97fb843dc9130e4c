/* charset.c - see charset.h */
#include "codec/charset.h"

#include "base/ascii.h"
#include "codec/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum kind { UTF8, ASCII, LATIN1, CP1252, UTF16, ICONV };

struct alias {
    const char *name;
    enum kind kind;
    const char *iconv; /* with ICONV: the name to ask for */
};

/* Our own character sets, and names that mail uses but iconv does not know, or knows as a smaller
 * set than the one that senders mean. */
static const struct alias aliases[] = {
    {"utf-8", UTF8, NULL},
    {"utf8", UTF8, NULL},
    {"unicode-1-1-utf-8", UTF8, NULL},
    {"us-ascii", ASCII, NULL},
    {"ascii", ASCII, NULL},
    {"ansi_x3.4-1968", ASCII, NULL},
    {"iso646-us", ASCII, NULL},
    {"iso-8859-1", LATIN1, NULL},
    {"iso8859-1", LATIN1, NULL},
    {"iso_8859-1", LATIN1, NULL},
    {"latin1", LATIN1, NULL},
    {"l1", LATIN1, NULL},
    {"windows-1252", CP1252, NULL},
    {"cp1252", CP1252, NULL},
    {"x-cp1252", CP1252, NULL},
    {"utf-16", UTF16, NULL},
    {"gb2312", ICONV, "GB18030"},
    {"gbk", ICONV, "GB18030"},
    {"x-gbk", ICONV, "GB18030"},
    {"ks_c_5601-1987", ICONV, "CP949"},
    {"euc-kr", ICONV, "CP949"},
    {"shift_jis", ICONV, "CP932"},
    {"shift-jis", ICONV, "CP932"},
    {"x-sjis", ICONV, "CP932"},
    {"iso-8859-8-i", ICONV, "ISO-8859-8"},
    {"iso-8859-8-e", ICONV, "ISO-8859-8"},
    {"unicode-1-1-utf-7", ICONV, "UTF-7"},
    {"x-unicode-2-0-utf-7", ICONV, "UTF-7"},
};

/* Windows-1252 from 0x80 to 0x9f; 0: not assigned. */
static const uint16_t cp1252_high[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static void note_invalid(struct charset_note *note, size_t at)
{
    if ((note->flags & CHARSET_INVALID) == 0)
        note->at = at;
    note->flags |= CHARSET_INVALID;
}

static uint32_t eight_bit(enum kind kind, uint8_t c)
{
    if (kind == ASCII)
        return UTF8_REPLACEMENT;
    if (kind == CP1252 && c < 0xa0)
        return cp1252_high[c - 0x80] != 0 ? cp1252_high[c - 0x80] : UTF8_REPLACEMENT;
    return c;
}

static int from_eight_bit(enum kind kind, const uint8_t *p, size_t n, struct buf *out,
                          struct charset_note *note)
{
    size_t at = 0;

    while (at < n && out->failed == 0) {
        size_t run = utf8_ascii_run(p + at, n - at);

        buf_add(out, p + at, run);
        for (at += run; at < n && p[at] >= 0x80; at++) {
            uint8_t u[UTF8_MAX];
            uint32_t c = eight_bit(kind, p[at]);

            if (c == UTF8_REPLACEMENT)
                note_invalid(note, at);
            buf_add(out, u, utf8_write(c, u));
        }
    }
    return out->failed;
}

static int from_utf8(const uint8_t *p, size_t n, struct buf *out, struct charset_note *note)
{
    size_t bad = SIZE_MAX;

    utf8_repair(out, p, n, &bad);
    if (bad != SIZE_MAX)
        note_invalid(note, bad);
    return out->failed;
}

/* Only plain names go to iconv: no "//TRANSLIT", nothing that means the locale or C's own types. */
static int name_for_iconv(const char *name, size_t len, char out[CHARSET_NAME])
{
    static const char *const internal[] = {"char", "wchar_t", "internal", "ucs-4-internal"};

    if (len == 0 || len >= CHARSET_NAME)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (!ascii_is_alpha(name[i]) && !ascii_is_digit(name[i]) &&
            strchr("-_.:+()", name[i]) == NULL)
            return 0;
        if (name[i] == '\0')
            return 0;
        out[i] = (char)ascii_upper(name[i]);
    }
    out[len] = '\0';
    for (size_t i = 0; i < sizeof internal / sizeof internal[0]; i++)
        if (ascii_equal_word(out, len, internal[i]))
            return 0;
    return 1;
}

static const struct alias *alias_of(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (ascii_equal_word(name, len, aliases[i].name))
            return &aliases[i];
    return NULL;
}

static iconv_t cache_open(struct charset_cache *cache, const char *name)
{
    iconv_t cd;

    if (cache->cd != NULL && strcmp(cache->name, name) == 0) {
        cd = cache->cd;
        (void)iconv(cd, NULL, NULL, NULL, NULL);
        return cd;
    }
    cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return cd;
    charset_cache_free(cache);
    cache->cd = cd;
    memcpy(cache->name, name, strlen(name) + 1);
    return cd;
}

void charset_cache_free(struct charset_cache *cache)
{
    if (cache->cd != NULL)
        iconv_close(cache->cd);
    cache->cd = NULL;
}

/* iconv takes a pointer that is not const, but writes nothing there. */
static char *unconst(const uint8_t *p)
{
    union {
        const uint8_t *in;
        char *out;
    } u = {p};

    return u.out;
}

/* How many octets are passed over after a fault, so that wide characters stay in step. */
static size_t unit_of(const char *name)
{
    if (strncmp(name, "UTF-16", 6) == 0 || strncmp(name, "UCS-2", 5) == 0)
        return 2;
    return strncmp(name, "UTF-32", 6) == 0 || strncmp(name, "UCS-4", 5) == 0 ? 4 : 1;
}

static int from_iconv(iconv_t cd, size_t unit, const uint8_t *p, size_t n, struct buf *out,
                      struct charset_note *note)
{
    char *in = unconst(p);
    size_t left = n;
    int over = 0; /* the input is used up: bring back the initial state */

    for (;;) {
        char piece[1024];
        char *o = piece;
        size_t room = sizeof piece;
        size_t bad = SIZE_MAX;
        size_t rc = iconv(cd, over ? NULL : &in, &left, &o, &room);
        int why = rc == (size_t)-1 ? errno : 0;

        /* Some of the C library's sets go beyond U+10FFFF, and write what is no UTF-8. */
        if (utf8_repair(out, piece, sizeof piece - room, &bad) != 0)
            return out->failed;
        if (bad != SIZE_MAX)
            note_invalid(note, n - left);
        if (why == E2BIG)
            continue;
        if (over)
            return 0;
        if (why != 0) {
            note_invalid(note, n - left);
            buf_add(out, "\xef\xbf\xbd", 3);
            if (why == EILSEQ && left > unit) {
                in += unit;
                left -= unit;
                continue;
            }
        }
        left = 0; /* with EINVAL the text ends inside a character */
        over = 1;
    }
}

static int by_name(struct charset_cache *cache, const char *name, const uint8_t *p, size_t n,
                   struct buf *out, struct charset_note *note)
{
    iconv_t cd = cache_open(cache, name);

    if (cd == (iconv_t)-1) {
        note->flags |= CHARSET_UNKNOWN;
        return from_utf8(p, n, out, note);
    }
    if (strcmp(name, "UTF-7") == 0)
        note->flags |= CHARSET_UTF7;
    return from_iconv(cd, unit_of(name), p, n, out, note);
}

/* RFC 2781 section 4.3: the mark tells the order; without one, the order that senders use. */
static int from_utf16(struct charset_cache *cache, const uint8_t *p, size_t n, struct buf *out,
                      struct charset_note *note)
{
    int big = n >= 2 && p[0] == 0xfe && p[1] == 0xff;
    int mark = big || (n >= 2 && p[0] == 0xff && p[1] == 0xfe);

    return by_name(cache, big ? "UTF-16BE" : "UTF-16LE", p + (mark ? 2 : 0), n - (mark ? 2 : 0),
                   out, note);
}

static int guess(const uint8_t *p, size_t n, struct buf *out, struct charset_note *note)
{
    if (utf8_ascii_run(p, n) == n)
        return buf_add(out, p, n);
    note->flags |= CHARSET_GUESSED;
    return utf8_valid(p, n) ? buf_add(out, p, n) : from_eight_bit(CP1252, p, n, out, note);
}

static int convert(struct charset_cache *cache, const char *name, size_t name_len, const uint8_t *p,
                   size_t n, struct buf *out, struct charset_note *note)
{
    const struct alias *a = alias_of(name, name_len);
    char word[CHARSET_NAME];

    if (name_len == 0)
        return guess(p, n, out, note);
    if (a != NULL && a->kind == UTF8)
        return from_utf8(p, n, out, note);
    if (a != NULL && a->kind == UTF16)
        return from_utf16(cache, p, n, out, note);
    if (a != NULL && a->kind != ICONV)
        return from_eight_bit(a->kind, p, n, out, note);
    if (a != NULL)
        return by_name(cache, a->iconv, p, n, out, note);
    if (name_for_iconv(name, name_len, word))
        return by_name(cache, word, p, n, out, note);
    note->flags |= CHARSET_UNKNOWN;
    return from_utf8(p, n, out, note);
}

int charset_to_utf8(struct charset_cache *cache, const char *name, size_t name_len,
                    const void *text, size_t len, struct buf *out, struct charset_note *note)
{
    struct charset_note unused = {0, 0};
    struct charset_cache own = {NULL, ""};
    int rc;

    if (len == 0)
        return out->failed;
    rc = convert(cache != NULL ? cache : &own, name, name_len, text, len, out,
                 note != NULL ? note : &unused);
    charset_cache_free(&own);
    return rc;
}

int charset_known(const char *name, size_t name_len)
{
    struct charset_cache own = {NULL, ""};
    char word[CHARSET_NAME];
    int known;

    if (alias_of(name, name_len) != NULL)
        return 1;
    if (!name_for_iconv(name, name_len, word))
        return 0;
    known = cache_open(&own, word) != (iconv_t)-1;
    charset_cache_free(&own);
    return known;
}
