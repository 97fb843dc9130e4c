/* encword.c - see encword.h */
#include "mime/encword.h"

#include "base/ascii.h"
#include "codec/base64.h"
#include "codec/charset.h"
#include "codec/utf8.h"
#include "mime/field.h"
#include "mime/text.h"

#include <string.h>

/* One word: =?charset*language?encoding?text?= */
struct word {
    const uint8_t *charset;
    size_t charset_len;
    int encoding; /* 'b' or 'q' */
    const uint8_t *text;
    size_t text_len;
    const uint8_t *end;
};

struct decoder {
    struct buf *out;
    struct buf octets; /* decoded octets of adjacent words in one character set */
    struct buf tmp;
    const uint8_t *charset; /* of octets; NULL: there are none */
    size_t charset_len;
    struct charset_cache cache;
    const uint8_t *no_end; /* from here on there is no "?=": not to be searched again (X06) */
    uint32_t words_left;
    int raw_utf8; /* the whole value is valid UTF-8 */
    struct warn_set *warn;
    uint64_t base;
    const uint8_t *start;
};

static void warn(struct decoder *d, int code, const uint8_t *at)
{
    warn_add(d->warn, code, d->base + (uint64_t)(at - d->start));
}

static void warn_charset(struct decoder *d, uint32_t flags, const uint8_t *at)
{
    if (flags & CHARSET_UNKNOWN)
        warn(d, MLA_MIME_WARN_UNKNOWN_CHARSET, at);
    if (flags & CHARSET_INVALID)
        warn(d, MLA_MIME_WARN_INVALID_TEXT, at);
    if (flags & CHARSET_UTF7)
        warn(d, MLA_MIME_WARN_UTF7, at);
}

/* Section 2, token: what a character set name may be made of. */
static int is_token(int c)
{
    return c > 32 && c < 127 && strchr("()<>@,;:\\\"/[]?.=", c) == NULL;
}

/* The "?=" that ends the text at p, or NULL. */
static const uint8_t *find_end(struct decoder *d, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p;

    if (d->no_end != NULL && p >= d->no_end)
        return NULL;
    while (q < end && (q = memchr(q, '?', (size_t)(end - q))) != NULL) {
        if (q + 1 < end && q[1] == '=')
            return q;
        q++;
    }
    d->no_end = p;
    return NULL;
}

/* At "=?": 1 when a whole word stands here. */
static int read_word(struct decoder *d, const uint8_t *p, const uint8_t *end, struct word *w)
{
    w->charset = p += 2;
    while (p < end && p - w->charset < CHARSET_NAME && (is_token(*p) || *p == '.') && *p != '*')
        p++;
    w->charset_len = (size_t)(p - w->charset);
    if (p < end && *p == '*') /* RFC 2231 section 5: a language */
        while (p < end && p - w->charset < 2 * CHARSET_NAME && is_token(*p))
            p++;
    if (w->charset_len == 0 || end - p < 5 || p[0] != '?' || p[2] != '?')
        return 0;
    w->encoding = ascii_lower(p[1]);
    if (w->encoding != 'b' && w->encoding != 'q')
        return 0;
    w->text = p + 3;
    w->end = find_end(d, w->text, end);
    if (w->end == NULL)
        return 0;
    w->text_len = (size_t)(w->end - w->text);
    w->end += 2;
    return 1;
}

/* Section 4.2. What is not "=XX" stays as it is; the line ends of folding go. */
static void decode_q(struct decoder *d, const struct word *w)
{
    const uint8_t *p = w->text;
    const uint8_t *end = p + w->text_len;

    while (p < end) {
        if (*p == '=' && end - p >= 3 && ascii_hex(p[1]) >= 0 && ascii_hex(p[2]) >= 0) {
            buf_add_byte(&d->octets, (uint8_t)(ascii_hex(p[1]) << 4 | ascii_hex(p[2])));
            p += 3;
            continue;
        }
        if (*p == '=' || *p == ' ' || *p == '?')
            warn(d, MLA_MIME_WARN_BAD_WORD, p);
        if (*p != '\r' && *p != '\n')
            buf_add_byte(&d->octets, *p == '_' ? ' ' : *p);
        p++;
    }
}

static void decode_b(struct decoder *d, const struct word *w)
{
    struct base64_dec dec;
    uint8_t *room;

    memset(&dec, 0, sizeof dec);
    room = buf_room(&d->octets, base64_room(w->text_len));
    if (room == NULL)
        return;
    buf_grew(&d->octets, base64_feed(&dec, w->text, w->text_len, room));
    buf_grew(&d->octets, base64_end(&dec, d->octets.ptr + d->octets.len));
    if (dec.defects != 0)
        warn(d, MLA_MIME_WARN_BAD_WORD, w->text);
}

/* Converts what adjacent words have left. */
static void flush(struct decoder *d, const uint8_t *at)
{
    uint32_t flags = 0;

    if (d->charset == NULL)
        return;
    if (d->octets.failed != 0 && d->out->failed == 0)
        d->out->failed = d->octets.failed;
    text_add_charset(d->out, &d->tmp, &d->cache, (const char *)d->charset, d->charset_len,
                     d->octets.ptr, d->octets.len, &flags);
    warn_charset(d, flags, at);
    buf_clear(&d->octets);
    d->charset = NULL;
}

static void add_word(struct decoder *d, const struct word *w)
{
    if (d->charset != NULL && !ascii_equal(d->charset, d->charset_len, w->charset, w->charset_len))
        flush(d, w->charset);
    d->charset = w->charset;
    d->charset_len = w->charset_len;
    if (w->end - w->charset > 73)
        warn(d, MLA_MIME_WARN_BAD_WORD, w->charset);
    if (w->encoding == 'q')
        decode_q(d, w);
    else
        decode_b(d, w);
    d->words_left--;
}

/* Where the line that begins at p ends; *next is where the one behind it begins. A CR alone ends no
 * line: it is a control character in the text. */
static const uint8_t *line_end(const uint8_t *p, const uint8_t *end, const uint8_t **next)
{
    const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));

    *next = lf != NULL ? lf + 1 : end;
    if (lf == NULL)
        lf = end;
    if (lf > p && lf[-1] == '\r' && lf != end)
        lf--;
    return lf;
}

/* Text outside of words. */
static void add_raw(struct decoder *d, const uint8_t *p, const uint8_t *end)
{
    uint32_t flags = 0;

    while (p < end) {
        const uint8_t *next;
        const uint8_t *q = line_end(p, end, &next);

        if (d->raw_utf8)
            text_add_clean(d->out, p, (size_t)(q - p));
        else
            text_add_charset(d->out, &d->tmp, NULL, NULL, 0, p, (size_t)(q - p), &flags);
        p = next;
    }
    if (flags & CHARSET_GUESSED)
        warn(d, MLA_MIME_WARN_GUESSED_CHARSET, end);
}

static int all_space(const uint8_t *p, const uint8_t *end)
{
    while (p < end && ascii_is_space(*p))
        p++;
    return p == end;
}

static void decode(struct decoder *d, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *raw = p; /* where text not yet handed on begins */
    const uint8_t *hit;

    while (p < end && (hit = memchr(p, '=', (size_t)(end - p))) != NULL) {
        struct word w;

        p = hit + 1;
        if (p == end || *p != '?' || !read_word(d, hit, end, &w))
            continue;
        if (d->words_left == 0) {
            warn(d, MLA_MIME_WARN_LIMIT_WORDS, hit);
            break;
        }
        /* Section 6.2: white space between two words is not shown. */
        if (d->charset == NULL || !all_space(raw, hit)) {
            flush(d, hit);
            add_raw(d, raw, hit);
        }
        add_word(d, &w);
        p = raw = w.end;
    }
    flush(d, end);
    add_raw(d, raw, end);
}

int encword_decode(const uint8_t *p, size_t n, uint32_t max_words, struct buf *out,
                   struct warn_set *w, uint64_t base)
{
    struct decoder d;

    memset(&d, 0, sizeof d);
    d.start = p;
    field_trim(&p, &n);
    d.out = out;
    buf_init(&d.octets, out->mem, n + 16);
    buf_init(&d.tmp, out->mem, n < SIZE_MAX / 16 ? n * 8 + 16 : SIZE_MAX - 1);
    d.words_left = max_words;
    d.raw_utf8 = utf8_valid(p, n);
    d.warn = w;
    d.base = base;
    if (n != 0)
        decode(&d, p, p + n);
    charset_cache_free(&d.cache);
    buf_free(&d.octets);
    buf_free(&d.tmp);
    return out->failed;
}
