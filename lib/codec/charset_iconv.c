/* charset_iconv.c - the tables that are not ours: those of the C library. */
#include "codec/charset_kinds.h"

#include "base/ascii.h"
#include "codec/utf8.h"

#include <errno.h>
#include <string.h>

#ifdef MLA_HAVE_ICONV
#include <iconv.h>
#else
/* A system without iconv: no table opens, and every character that would need one is a fault. */
typedef void *iconv_t;
#define iconv_open(to, from) ((void)(to), (void)(from), (iconv_t)-1)
#define iconv_close(cd)      ((void)(cd))
#define iconv(cd, in, left, o, room)                                                               \
    ((void)(cd), (void)(in), (void)(left), (void)(o), (void)(room), (size_t)-1)
#endif

/* What the sets are called, the best first: Windows' extensions are what senders mean. */
static const char *const names[CHARSET_ANY][3] = {
    [CHARSET_GB] = {"GB18030", "GBK", "EUC-CN"},
    [CHARSET_KR] = {"CP949", "UHC", "EUC-KR"},
    [CHARSET_SJIS] = {"CP932", "WINDOWS-31J", "SHIFT_JIS"},
    [CHARSET_JP] = {"EUC-JP-MS", "CP51932", "EUC-JP"},
    [CHARSET_BIG5] = {"BIG5-HKSCS", "CP950", "BIG5"},
    [CHARSET_TW] = {"EUC-TW", "EUCTW", "CP51950"},
};

static int is_open(const void *cd)
{
    return cd != NULL && cd != (void *)(iconv_t)-1;
}

void charset_cache_free(struct charset_cache *cache)
{
    for (size_t i = 0; i < sizeof cache->cd / sizeof cache->cd[0]; i++) {
        if (is_open(cache->cd[i]))
            iconv_close(cache->cd[i]);
        cache->cd[i] = NULL;
    }
    for (size_t i = 0; i < sizeof cache->kept / sizeof cache->kept[0]; i++) {
        if (cache->kept[i] != NULL)
            mem_free(&cache->mem, cache->kept[i]);
        cache->kept[i] = NULL;
        cache->asked[i] = 0;
    }
    cache->name[0] = '\0';
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

/* Converts to the end, or to a fault. 0, EILSEQ or EINVAL; *used tells how far. */
static int convert(iconv_t cd, const uint8_t *p, size_t n, int last, size_t *used, struct buf *out)
{
    char *in = unconst(p);
    size_t left = n;
    int why = 0;
    int over = 0; /* the input is used up: get what is held back, and the initial state */

    while (out->failed == 0) {
        char piece[1024];
        char *o = piece;
        size_t room = sizeof piece;
        size_t rc = iconv(cd, over ? NULL : &in, over ? NULL : &left, &o, &room);
        int now = rc == (size_t)-1 ? errno : 0;

        /* Some of the C library's sets go beyond U+10FFFF, and write what is no UTF-8. */
        utf8_repair(out, piece, sizeof piece - room, NULL);
        if (now == E2BIG && room != sizeof piece)
            continue;
        if (over || !last) {
            why = over ? why : now;
            break;
        }
        why = now;
        over = 1;
    }
    *used = n - left;
    return why;
}

/* One call for all of p, and one for what was held back. 1, or 0 when that was not all of it or the
 * library did not stop at what it does not know: some put a "?" there and count it. */
static int at_once(iconv_t cd, const uint8_t *p, size_t n, size_t *used, char *o, size_t *out_len)
{
    char *in = unconst(p);
    char *begin = o;
    size_t left = n;
    size_t room = *out_len;
    size_t rc = iconv(cd, &in, &left, &o, &room);
    int good = rc == 0 || (rc == (size_t)-1 && errno != E2BIG);

    good = iconv(cd, NULL, NULL, &o, &room) != (size_t)-1 && good;
    *used = n - left;
    *out_len = (size_t)(o - begin);
    return good && (rc == 0) == (left == 0) && left <= n;
}

/* What the table makes of octets that are not always in it: some have the yen sign at 0x5c. */
static uint8_t knows(iconv_t cd, int set)
{
    uint8_t octets[128];
    char got[4 * sizeof octets];
    size_t len = sizeof got;
    size_t used;
    uint8_t is = 0;

    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)i;
    if (at_once(cd, octets, sizeof octets, &used, got, &len) && used == sizeof octets &&
        len == sizeof octets && memcmp(got, octets, len) == 0)
        is |= CHARSET_KNOWS_ASCII;
    if (set == CHARSET_SJIS) {
        uint8_t want[UTF8_MAX * 64];
        size_t n = 0;

        for (uint8_t i = 0; i < 0xdf - 0xa0; i++) {
            octets[i] = (uint8_t)(0xa1 + i);
            n += utf8_write(0xff61U + i, want + n);
        }
        len = sizeof got;
        if (at_once(cd, octets, 0xdf - 0xa0, &used, got, &len) && used == 0xdf - 0xa0 && len == n &&
            memcmp(got, want, n) == 0)
            is |= CHARSET_KNOWS_KANA;
    }
    return is;
}

/* The converter of a set, opened once; one that cannot be opened is not tried again. */
static iconv_t table_of(struct charset_cache *cache, int set)
{
    for (size_t i = 0; cache->cd[set] == NULL && i < 3; i++) {
        iconv_t cd = iconv_open("UTF-8", names[set][i]);

        if (is_open(cd) || i == 2)
            cache->cd[set] = cd;
        cache->knows[set] = is_open(cd) ? knows(cd, set) : 0;
    }
    return cache->cd[set];
}

int charset_table_knows(struct charset_cache *cache, int set)
{
    return is_open(table_of(cache, set)) ? cache->knows[set] : 0;
}

int charset_table_raw(struct charset_cache *cache, int set, const uint8_t *p, size_t n,
                      uint8_t *text, size_t *len, size_t *used)
{
    iconv_t cd = table_of(cache, set);

    *used = 0;
    return is_open(cd) && at_once(cd, p, n, used, (char *)text, len) && (*len != 0 || *used == 0);
}

int charset_table(struct charset_cache *cache, int set, const uint8_t *p, size_t n, struct buf *out,
                  size_t *used)
{
    uint8_t text[4 * CHARSET_BLOCK];
    size_t len = sizeof text;

    if (!charset_table_raw(cache, set, p, n, text, &len, used))
        return 0;
    /* Some of the C library's sets go beyond U+10FFFF, and write what is no UTF-8. */
    utf8_repair(out, text, len, NULL);
    return 1;
}

/* Only plain names go to iconv: no "//TRANSLIT", nothing that means the locale or C's own types. */
static int plain_name(const char *name, size_t len, char out[CHARSET_NAME])
{
    static const char *const internal[] = {"char",           "wchar_t",    "internal",
                                           "ucs-4-internal", "utf-7-imap", "utf7-imap"};

    if (len == 0 || len >= CHARSET_NAME)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '\0' || (!ascii_is_alpha(name[i]) && !ascii_is_digit(name[i]) &&
                                strchr("-_.:+()", name[i]) == NULL))
            return 0;
        out[i] = (char)ascii_upper(name[i]);
    }
    out[len] = '\0';
    for (size_t i = 0; i < sizeof internal / sizeof internal[0]; i++)
        if (ascii_equal_word(out, len, internal[i]))
            return 0;
    return 1;
}

int charset_other_begin(struct charset_cache *cache, const char *name, size_t len)
{
    void **cd = &cache->cd[CHARSET_ANY];
    char word[CHARSET_NAME];
    iconv_t opened;

    if (!plain_name(name, len, word))
        return 0;
    if (is_open(*cd) && strcmp(cache->name, word) == 0) {
        (void)iconv((iconv_t)*cd, NULL, NULL, NULL, NULL);
        return 1;
    }
    opened = iconv_open("UTF-8", word);
    if (!is_open(opened))
        return 0;
    if (is_open(*cd))
        iconv_close((iconv_t)*cd);
    *cd = opened;
    memcpy(cache->name, word, len + 1);
    return 1;
}

/* The octets that an earlier piece began, with one more at a time until they are a character. */
static size_t other_pending(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = 0;

    while (c->pending_len != 0 && at < n && out->failed == 0) {
        size_t used = 0;
        int why;

        c->pending[c->pending_len++] = p[at++];
        for (;;) {
            why = convert(c->cache->cd[CHARSET_ANY], c->pending, c->pending_len, 0, &used, out);
            c->pending_len -= used;
            memmove(c->pending, c->pending + used, c->pending_len);
            if (c->pending_len == 0 || (why == EINVAL && c->pending_len < CHARSET_PENDING) ||
                out->failed != 0)
                break;
            charset_bad(c, (ptrdiff_t)at - (ptrdiff_t)c->pending_len, out);
            c->pending_len--;
            memmove(c->pending, c->pending + 1, c->pending_len);
            if (c->pending_len == 0)
                break;
        }
    }
    return at;
}

void charset_other(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out)
{
    size_t at = other_pending(c, p, n, out);

    while (at < n && out->failed == 0) {
        size_t used = 0;
        int why = convert(c->cache->cd[CHARSET_ANY], p + at, n - at, 0, &used, out);

        at += used;
        if (at == n)
            return;
        if (why == EINVAL && n - at < CHARSET_PENDING) {
            c->pending_len = n - at;
            memcpy(c->pending, p + at, c->pending_len);
            return;
        }
        charset_bad(c, (ptrdiff_t)at++, out);
    }
}

void charset_other_end(struct charset_conv *c, struct buf *out)
{
    size_t used = 0;

    (void)convert(c->cache->cd[CHARSET_ANY], (const uint8_t *)"", 0, 1, &used, out);
    if (c->pending_len != 0)
        charset_bad(c, -(ptrdiff_t)c->pending_len, out);
}
