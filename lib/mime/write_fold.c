/* write_fold.c - see write_fold.h */
#include "mime/write_fold.h"

#include "base/ascii.h"
#include "codec/base64.h"
#include "codec/utf8.h"
#include "mailaccess/types.h"

#include <string.h>

enum {
    FIELD_MAX = 1 << 20,        /* octets of one field, folded */
    WORD_LINE = WRITE_LINE - 3, /* ":;," may follow */
    WORD_EXTRA = 12,            /* "=?utf-8?B?" and "?=" */
    WORD_LEAST = 12             /* the longest character, in either encoding */
};

/* RFC 5322 section 3.2.3, atext */
#define ATOM_SPECIALS "()<>[]:;@\\,.\""

void fold_begin(struct fold *f, const struct mem *mem, const char *name)
{
    buf_init(&f->text, mem, FIELD_MAX);
    buf_add_word(&f->text, name);
    buf_add_byte(&f->text, ':');
    f->col = f->text.len;
}

void fold_free(struct fold *f)
{
    buf_free(&f->text);
}

void fold_raw(struct fold *f, const void *p, size_t n)
{
    buf_add(&f->text, p, n);
    f->col += n;
}

static void new_line(struct fold *f)
{
    buf_add_word(&f->text, "\r\n");
    f->col = 0;
}

void fold_token(struct fold *f, const void *sp, size_t sp_n, const void *p, size_t n)
{
    if (sp_n != 0 && f->col + sp_n + n > WORD_LINE)
        new_line(f);
    fold_raw(f, sp, sp_n);
    fold_raw(f, p, n);
}

/* ------------------------------------------------------------------ what is allowed */

int write_check_text(const void *text, size_t n)
{
    const uint8_t *p = text;

    if (n > WRITE_VALUE_MAX)
        return MLA_E_LIMIT;
    if (!utf8_valid(text, n))
        return MLA_E_CHARSET;
    for (size_t i = 0; i < n; i++)
        if ((ascii_is_control(p[i]) && p[i] != '\t') ||
            (p[i] == 0xc2 && p[i + 1] >= 0x80 && p[i + 1] < 0xa0)) /* C1 */
            return MLA_E_ARG;
    return 0;
}

int write_is_name(const char *name)
{
    size_t n = strlen(name);

    return n <= 70 && write_all_plain(name, n, ":", 0);
}

int write_all_plain(const void *text, size_t n, const char *but, int utf8)
{
    const uint8_t *p = text;

    for (size_t i = 0; i < n; i++)
        if (p[i] <= ' ' || p[i] == 0x7f || (p[i] > 0x7f && !utf8) ||
            (p[i] < 0x7f && strchr(but, p[i]) != NULL))
            return 0;
    return n > 0;
}

int write_looks_encoded(const void *text, size_t n)
{
    const char *p = text;

    for (size_t i = 0; i + 1 < n; i++)
        if (p[i] == '=' && p[i + 1] == '?')
            return 1;
    return 0;
}

/* ------------------------------------------------------------------ encoded words */

/* The only octets that mean themselves in Q wherever a word may stand (RFC 2047 section 5). */
static int is_q_plain(int c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '!' || c == '*' || c == '+' || c == '-' ||
           c == '/';
}

static size_t q_cost(const uint8_t *p, size_t n)
{
    size_t cost = 0;

    for (size_t i = 0; i < n; i++)
        cost += is_q_plain(p[i]) || p[i] == ' ' ? 1 : 3;
    return cost;
}

static size_t char_len(const uint8_t *p, size_t n)
{
    size_t len = 1;

    while (len < n && (p[len] & 0xc0) == 0x80)
        len++;
    return len;
}

/* How many octets, whole characters, fit into room characters of a word. */
static size_t word_fits(const uint8_t *p, size_t n, size_t room, int is_q)
{
    size_t used = 0;
    size_t at = 0;

    while (at < n) {
        size_t len = char_len(p + at, n - at);
        size_t cost = is_q ? q_cost(p + at, len) : len;

        if (used + cost > (is_q ? room : room / 4 * 3))
            break;
        used += cost;
        at += len;
    }
    return at;
}

static void add_q(struct fold *f, const uint8_t *p, size_t n)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < n; i++) {
        char out[3] = {'=', hex[p[i] >> 4], hex[p[i] & 15]};

        if (is_q_plain(p[i]))
            fold_raw(f, p + i, 1);
        else if (p[i] == ' ')
            fold_raw(f, "_", 1);
        else
            fold_raw(f, out, 3);
    }
}

static void add_b(struct fold *f, const uint8_t *p, size_t n)
{
    char out[WRITE_LINE + 1];

    base64_encode(p, n, out); /* n is at most 47: a word has 63 characters */
    fold_raw(f, out, base64_encoded_len(n));
}

/* The words, with the white space sp before the first one. */
static void add_words(struct fold *f, char sp, const void *text, size_t n)
{
    const uint8_t *p = text;
    int is_q = q_cost(p, n) <= base64_encoded_len(n);

    while (n > 0 && f->text.failed == 0) {
        size_t fits;

        if (f->col + 1 + WORD_EXTRA + WORD_LEAST > WORD_LINE)
            new_line(f);
        fits = word_fits(p, n, WORD_LINE - 1 - WORD_EXTRA - f->col, is_q);
        fold_raw(f, &sp, 1);
        sp = ' ';
        fold_raw(f, is_q ? "=?utf-8?Q?" : "=?utf-8?B?", 10);
        if (is_q)
            add_q(f, p, fits);
        else
            add_b(f, p, fits);
        fold_raw(f, "?=", 2);
        p += fits;
        n -= fits;
        if (n > 0)
            new_line(f);
    }
}

void fold_words(struct fold *f, const void *text, size_t n)
{
    add_words(f, ' ', text, n);
}

/* ------------------------------------------------------------------ text */

/* A token of unstructured text, with the white space before it. The last one has that behind it,
 * too. */
struct token {
    size_t space; /* where that begins */
    size_t at;
    size_t end;
};

static struct token next_token(const uint8_t *p, size_t n, size_t from)
{
    struct token t = {from, from, from};
    size_t behind;

    while (t.at < n && (p[t.at] == ' ' || p[t.at] == '\t'))
        t.at++;
    t.end = t.at;
    while (t.end < n && p[t.end] != ' ' && p[t.end] != '\t')
        t.end++;
    for (behind = t.end; behind < n && (p[behind] == ' ' || p[behind] == '\t');)
        behind++;
    if (behind == n)
        t.end = n;
    return t;
}

/* White space at the ends and runs of it do not survive on the way as they are. */
static int needs_word(const uint8_t *p, const struct token *t, int utf8)
{
    size_t len = t->end - t->at;

    if (t->space == 0 ? t->at != 0 : t->at - t->space != 1 || p[t->space] != ' ')
        return 1;
    return len > WRITE_TOKEN_MAX || !write_all_plain(p + t->at, len, "", utf8) ||
           write_looks_encoded(p + t->at, len);
}

void fold_text(struct fold *f, const void *text, size_t n, int utf8)
{
    const uint8_t *p = text;
    struct token t;

    for (size_t at = 0; at < n; at = t.end) {
        size_t from;

        t = next_token(p, n, at);
        if (!needs_word(p, &t, utf8)) {
            fold_token(f, " ", 1, p + t.at, t.end - t.at);
            continue;
        }
        /* one blank is what stands between words; the rest is said inside */
        from = t.space == 0 ? 0 : t.space + 1;
        while (t.end < n) {
            struct token more = next_token(p, n, t.end);

            if (!needs_word(p, &more, utf8))
                break;
            t.end = more.end;
        }
        add_words(f, from > at ? (char)p[at] : ' ', p + from, t.end - from);
    }
}

/* "..." with a fold allowed at each blank inside (RFC 5322 section 3.2.4). */
static void add_quoted(struct fold *f, const uint8_t *p, size_t n)
{
    size_t at = 0;

    do {
        struct token t = next_token(p, n, at);
        struct buf piece;

        buf_init(&piece, f->text.mem, 2 * n + 2);
        if (at == 0)
            buf_add_byte(&piece, '"');
        for (size_t i = t.at; i < t.end; i++) {
            if (p[i] == '"' || p[i] == '\\')
                buf_add_byte(&piece, '\\');
            buf_add_byte(&piece, p[i]);
        }
        if (t.end == n)
            buf_add_byte(&piece, '"');
        if (piece.failed != 0)
            f->text.failed = f->text.failed != 0 ? f->text.failed : piece.failed;
        else if (at == 0)
            fold_token(f, " ", 1, piece.ptr, piece.len);
        else
            fold_token(f, p + t.space, t.at - t.space, piece.ptr, piece.len);
        buf_free(&piece);
        at = t.end;
    } while (at < n);
}

/* How a phrase can be said. */
enum phrase_kind { PHRASE_ATOMS, PHRASE_QUOTED, PHRASE_WORDS };

static enum phrase_kind phrase_kind(const uint8_t *p, size_t n, int utf8)
{
    enum phrase_kind kind = PHRASE_ATOMS;
    struct token t;

    if (n == 0)
        return PHRASE_QUOTED;
    for (size_t at = 0; at < n; at = t.end) {
        t = next_token(p, n, at);
        if (needs_word(p, &t, utf8))
            return PHRASE_WORDS;
        if (!write_all_plain(p + t.at, t.end - t.at, ATOM_SPECIALS, utf8))
            kind = PHRASE_QUOTED;
    }
    return kind;
}

void fold_phrase(struct fold *f, const void *text, size_t n, int utf8)
{
    switch (phrase_kind(text, n, utf8)) {
    case PHRASE_ATOMS:
        fold_text(f, text, n, utf8);
        break;
    case PHRASE_QUOTED:
        add_quoted(f, text, n);
        break;
    case PHRASE_WORDS:
        fold_words(f, text, n);
        break;
    }
}
