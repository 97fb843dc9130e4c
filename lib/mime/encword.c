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
    struct base64_dec b; /* of the last word, where it ended inside a quantum */
    const uint8_t *b_at; /* that word's text; NULL: there is none */
    struct charset_cache cache;
    const uint8_t *no_end;  /* from here on there is no "?=": not to be searched again (X06) */
    const uint8_t *raw_set; /* the character set that raw octets probably have; NULL: none named */
    size_t raw_set_len;
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

/* Section 2, token: what a character set name may be made of. Some have a colon, or quotes. */
static int is_token(int c)
{
    return c > 32 && c < 127 && strchr("()<>@,;\\/[]?=", c) == NULL;
}

static const uint8_t *skip_blanks(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* "=?charset*language?encoding?" at p: where its text begins, or NULL. Blanks around the parts are
 * a mistake of some senders. */
static const uint8_t *read_start(const uint8_t *p, const uint8_t *end, struct word *w)
{
    w->charset = p = skip_blanks(p + 2, end);
    while (p < end && p - w->charset < CHARSET_NAME && is_token(*p) && *p != '*')
        p++;
    w->charset_len = (size_t)(p - w->charset);
    if (p < end && *p == '*') /* RFC 2231 section 5: a language */
        while (p < end && p - w->charset < 2 * CHARSET_NAME && is_token(*p))
            p++;
    p = skip_blanks(p, end);
    if (w->charset_len == 0 || p == end || *p != '?')
        return NULL;
    p = skip_blanks(p + 1, end);
    if (p == end)
        return NULL;
    w->encoding = ascii_lower(*p);
    p = skip_blanks(p + 1, end);
    if (p == end || *p != '?' || (w->encoding != 'b' && w->encoding != 'q'))
        return NULL;
    return p + 1;
}

/* The "?=" that ends the text at p, or the place where another word begins before it; NULL when
 * there is neither. */
static const uint8_t *find_end(struct decoder *d, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p;
    struct word other;

    if (d->no_end != NULL && p >= d->no_end)
        return NULL;
    while (q < end && (q = memchr(q, '?', (size_t)(end - q))) != NULL) {
        if (q > p && q[-1] == '=' && read_start(q - 1, end, &other) != NULL)
            return q - 1;
        if (q + 1 < end && q[1] == '=')
            return q;
        q++;
    }
    d->no_end = p;
    return NULL;
}

/* A word that has no "?=": its text goes on to the next white space or what else ends it (stop), if
 * its character set is a known one. */
static int unended(struct decoder *d, const uint8_t *stop, struct word *w)
{
    const uint8_t *p = w->text;

    if (charset_find((const char *)w->charset, w->charset_len) == NULL)
        return 0;
    while (p < stop && !ascii_is_space(*p) && strchr("<>,;\"", *p) == NULL)
        p++;
    w->end = p;
    w->text_len = (size_t)(p - w->text);
    if (w->text_len != 0 && p[-1] == '?') /* the "=" alone is missing */
        w->text_len--;
    if (w->text_len == 0)
        return 0;
    warn(d, MLA_MIME_WARN_UNENDED_WORD, w->text);
    return 1;
}

/* At "=?": 1 when a word stands here. */
static int read_word(struct decoder *d, const uint8_t *p, const uint8_t *end, struct word *w)
{
    const uint8_t *stop;

    w->text = read_start(p, end, w);
    if (w->text == NULL)
        return 0;
    stop = find_end(d, w->text, end);
    if (stop == NULL || *stop == '=')
        return unended(d, stop != NULL ? stop : end, w);
    w->text_len = (size_t)(stop - w->text);
    w->end = stop + 2;
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

/* Section 4.1. The octets of a text that some senders cut inside a quantum, to go on with it in the
 * next word, are kept until that has come (close_b). */
static void decode_b(struct decoder *d, const struct word *w)
{
    uint8_t *room;

    if (d->b_at == NULL)
        memset(&d->b, 0, sizeof d->b);
    d->b_at = w->text;
    room = buf_room(&d->octets, base64_room(w->text_len));
    if (room == NULL)
        return;
    buf_grew(&d->octets, base64_feed(&d->b, w->text, w->text_len, room));
}

static void close_b(struct decoder *d)
{
    uint8_t *room;

    if (d->b_at == NULL)
        return;
    room = buf_room(&d->octets, base64_room(0));
    if (room != NULL)
        buf_grew(&d->octets, base64_end(&d->b, room));
    if (d->b.defects != 0)
        warn(d, MLA_MIME_WARN_BAD_WORD, d->b_at);
    d->b_at = NULL;
}

/* Converts what adjacent words have left. */
static void flush(struct decoder *d, const uint8_t *at)
{
    uint32_t flags = 0;

    if (d->charset == NULL)
        return;
    close_b(d);
    if (d->octets.failed != 0 && d->out->failed == 0)
        d->out->failed = d->octets.failed;
    text_add_charset(d->out, &d->tmp, &d->cache, (const char *)d->charset, d->charset_len,
                     d->octets.ptr, d->octets.len, &flags);
    warn_charset(d, flags, at);
    buf_clear(&d->octets);
    d->charset = NULL;
}

/* 1 when a text has padding and is not whole by itself, but behind so many letters of a quantum. */
static int is_rest(const struct word *w, unsigned have)
{
    size_t n = have;
    int is_padded = 0;

    for (size_t i = 0; i < w->text_len; i++) {
        is_padded |= w->text[i] == '=';
        n += w->text[i] == '=' || base64_value[w->text[i]] != BASE64_NO;
    }
    return is_padded && n % 4 == 0;
}

/* Does base64 go on in the next word? RFC 2047 section 2 forbids that, and there are two kinds of
 * senders who leave a word without padding: those that cut the base64 of the whole text where the
 * word has to end, and those that never pad. GMime and MimeKit take all for the first kind and lose
 * text of the second ("=?utf-8?B?YQ?= =?utf-8?B?Yg?=" is no "ab" to them), Python takes all for the
 * second, and what was cut becomes garbage or an error. The bits that are left tell: behind the
 * last octet they are zero; where they are not, there is more to come. A cut leaves them zero too,
 * once in 16 or 4 times: who pads the next word has not left out padding here, so it goes on if
 * that makes the next word whole. */
static int goes_on(const struct base64_dec *b, const struct word *next)
{
    if (b->ended || b->have == 0)
        return 0;
    return b->have == 1 || (b->bits & (b->have == 2 ? 0xfU : 0x3U)) != 0 ||
           is_rest(next, (unsigned)b->have);
}

static void add_word(struct decoder *d, const struct word *w)
{
    if (d->charset != NULL && !ascii_equal(d->charset, d->charset_len, w->charset, w->charset_len))
        flush(d, w->charset);
    d->charset = w->charset;
    d->charset_len = w->charset_len;
    if (w->end - w->charset > 73)
        warn(d, MLA_MIME_WARN_BAD_WORD, w->charset);
    if (w->encoding == 'q' || !goes_on(&d->b, w))
        close_b(d);
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

/* Octets above 127 in no stated set: UTF-8 (RFC 6532), else what the part around them is in, else
 * Windows-1252. */
static void add_guess(struct decoder *d, const uint8_t *p, size_t n, uint32_t *flags)
{
    struct charset_note note = {0, 0};

    if (d->raw_set != NULL && !utf8_valid(p, n)) {
        buf_clear(&d->tmp);
        charset_to_utf8(&d->cache, (const char *)d->raw_set, d->raw_set_len, p, n, &d->tmp, &note);
        if (d->tmp.failed == 0 && (note.flags & (CHARSET_INVALID | CHARSET_UNKNOWN)) == 0) {
            *flags |= CHARSET_GUESSED;
            text_add_clean(d->out, d->tmp.ptr, d->tmp.len);
            return;
        }
    }
    text_add_charset(d->out, &d->tmp, NULL, NULL, 0, p, n, flags);
}

/* Text outside of words. */
static void add_raw(struct decoder *d, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *from = p;
    uint32_t flags = 0;

    while (p < end) {
        const uint8_t *next;
        const uint8_t *q = line_end(p, end, &next);

        if (d->raw_utf8)
            text_add_clean(d->out, p, (size_t)(q - p));
        else
            add_guess(d, p, (size_t)(q - p), &flags);
        p = next;
    }
    if (flags & CHARSET_GUESSED) {
        while (*from < 0x80)
            from++;
        warn(d, MLA_MIME_WARN_GUESSED_CHARSET, from);
    }
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

int encword_decode_in(const uint8_t *p, size_t n, const char *charset, uint32_t max_words,
                      struct buf *out, struct warn_set *w, uint64_t base)
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
    d.raw_set = (const uint8_t *)charset;
    d.raw_set_len = charset != NULL ? strlen(charset) : 0;
    d.warn = w;
    d.base = base;
    if (n != 0)
        decode(&d, p, p + n);
    charset_cache_free(&d.cache);
    buf_free(&d.octets);
    buf_free(&d.tmp);
    return out->failed;
}

int encword_decode(const uint8_t *p, size_t n, uint32_t max_words, struct buf *out,
                   struct warn_set *w, uint64_t base)
{
    return encword_decode_in(p, n, NULL, max_words, out, w, base);
}
