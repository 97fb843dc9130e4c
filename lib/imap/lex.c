/* lex.c - see lex.h */
#include "imap/lex.h"

#include "base/num.h"
#include "wire/literal.h"

#define A ILEX_ATOM
#define N (ILEX_ATOM | ILEX_NAME)
#define D (ILEX_ATOM | ILEX_NAME | ILEX_DIGIT)
#define E ILEX_ENDS
#define B (ILEX_ATOM | ILEX_ENDS)

/* RFC 9051 section 9, ATOM-CHAR, and what servers put into atoms all the same: "]" in Gmail's
 * flags, "[" "<" "*" "%" "\" in names of mailboxes and flags, 8-bit octets. */
const uint8_t ilex_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, E, 0, 0, E, 0, 0, /* 00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 10 */
    E, A, 0, A, A, A, A, A, E, E, A, A, A, N, N, A, /* SP ! " # $ % & ' ( ) * + , - . / */
    D, D, D, D, D, D, D, D, D, D, A, A, A, A, A, A, /* 0-9 : ; < = > ? */
    A, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, /* @ A-O */
    N, N, N, N, N, N, N, N, N, N, N, A, A, B, A, N, /* P-Z [ \ ] ^ _ */
    A, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, /* ` a-o */
    N, N, N, N, N, N, N, N, N, N, N, 0, A, A, A, 0, /* p-z { | } ~ DEL */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* 80 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* 90 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* a0 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* b0 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* c0 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* d0 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* e0 */
    A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* f0 */
};

#undef A
#undef N
#undef D
#undef E
#undef B

int ilex_no_memory(struct ilex *l)
{
    if (!l->arena->over)
        return MLA_E_NOMEM;
    l->arena->over = 0;
    return ILEX_OVER;
}

uint32_t ilex_warning_of(int rc)
{
    return rc == ILEX_RANGE  ? MLA_IMAP_WARN_RANGE
           : rc == ILEX_OVER ? MLA_IMAP_WARN_LIMIT
                             : MLA_IMAP_WARN_SYNTAX;
}

void ilex_warn(struct ilex *l, uint32_t id, const uint8_t *from)
{
    struct imap_warn *w = &l->out->warn;

    if (w->id != 0)
        return;
    w->id = id;
    w->at = (size_t)(from - l->base);
    w->len = l->p > from ? (size_t)(l->p - from) : 0;
}

/* Takes the backslashes away. RFC 9051 section 9: only quote and backslash are escaped; a backslash
 * before anything else is one that the server forgot to escape. */
static int unescape(struct ilex *l, const uint8_t *from, const uint8_t *to, mla_str *out)
{
    char *copy = ilex_alloc(l, (size_t)(to - from) + 1);
    size_t n = 0;

    if (copy == NULL)
        return ilex_no_memory(l);
    for (const uint8_t *p = from; p < to; p++) {
        if (*p == '\\' && p + 1 < to && (p[1] == '"' || p[1] == '\\'))
            p++;
        copy[n++] = (char)*p;
    }
    out->ptr = copy;
    out->len = n;
    return 0;
}

/* The first quote or backslash at or behind p, or end. */
static const uint8_t *find_stop(const uint8_t *p, const uint8_t *end)
{
    for (; end - p >= 16; p += 16) {
        unsigned mask = scan_either(p, '"', '\\');

        if (mask != 0)
            return p + scan_first(mask);
    }
    while (p < end && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* Does the quote at p end a string? Several servers do not escape quotes: one that nothing fitting
 * follows is text. Where that made no sense (`"a "b" c"`), a quote before a blank ends a string
 * only where the blank is followed by what a string, a list or a number begins with. */
static int quote_ends(const struct ilex *l, const uint8_t *p)
{
    struct ilex behind;

    if (!literal_ends_quoted(p[1]))
        return 0;
    if (!l->wary || p[1] != ' ')
        return 1;
    behind = *l;
    behind.p = p + 1;
    ilex_spaces(&behind);
    p = behind.p;
    return p == l->end || *p == '"' || *p == '(' || *p == ')' || *p == '{' || *p == '~' ||
           *p == '-' || ilex_is(*p, ILEX_DIGIT) || ilex_is_nil(&behind);
}

/* The quote that ends the string whose first octet is at p, or NULL. *out_escaped is 1 when there
 * is a backslash in it. Line ends are not legal in here, but Exchange sends control characters. */
static const uint8_t *find_quote(const struct ilex *l, const uint8_t *p, int *out_escaped)
{
    *out_escaped = 0;
    for (;; p++) {
        p = find_stop(p, l->end);
        if (p >= l->end)
            return NULL;
        if (*p == '\\') {
            *out_escaped = 1;
            p++;
        } else if (quote_ends(l, p)) {
            return p;
        }
    }
}

int ilex_quoted_slow(struct ilex *l, mla_str *out)
{
    const uint8_t *from = l->p + 1;
    int escaped;
    const uint8_t *to = find_quote(l, from, &escaped);

    if (to == NULL)
        return ILEX_BAD;
    l->p = to + 1;
    if (escaped)
        return unescape(l, from, to, out);
    *out = ilex_slice(from, to);
    return 0;
}

int ilex_quoted(struct ilex *l, mla_str *out)
{
    const uint8_t *from = l->p + 1;
    unsigned mask;
    const uint8_t *to;

    if (l->end - from <= 32 || l->wary)
        return ilex_quoted_slow(l, out);
    mask = scan_either(from, '"', '\\') | scan_either(from + 16, '"', '\\') << 16;
    if (mask == 0)
        return ilex_quoted_slow(l, out);
    to = from + scan_first(mask);
    if (*to != '"' || !ilex_is(to[1], ILEX_ENDS))
        return ilex_quoted_slow(l, out);
    out->ptr = (const char *)from;
    out->len = (size_t)(to - from);
    l->p = to + 1;
    return 0;
}

/* RFC 9051 section 9, literal and literal8, whose header the framer has checked. */
static int literal_header(struct ilex *l, uint64_t *out_size)
{
    const uint8_t *p = l->p + (*l->p == '~') + 1;
    size_t digits = num_parse_prefix(p, (size_t)(l->end - p), INT64_MAX, out_size);

    if (digits == 0)
        return ILEX_BAD;
    p += digits;
    while (*p == ' ' || *p == '\t')
        p++;
    if (*p++ != '}')
        return ILEX_BAD;
    p += *p == '\r';
    if (*p != '\n' || p > l->end)
        return ILEX_BAD;
    l->p = p + 1;
    return 0;
}

/* One line end too many behind a literal: the server announced a body without its last one. */
static void surplus_line_end(struct ilex *l)
{
    const uint8_t *from = l->p;
    const uint8_t *p = from + (*from == '\r');

    if (*p != '\n' || p >= l->end || (p[1] != ' ' && p[1] != ')'))
        return;
    l->p = p + 1;
    ilex_warn(l, MLA_IMAP_WARN_LITERAL, from);
}

int ilex_literal(struct ilex *l, mla_str *out, int *out_cut)
{
    const struct imap_resp_opts *o = l->opts;
    uint64_t size;
    size_t at;
    int rc = literal_header(l, &size);

    *out_cut = 0;
    if (rc != 0)
        return rc;
    at = (size_t)(l->p - l->base);
    while (l->cut < o->cut_count && o->cuts[l->cut].at < at)
        l->cut++;
    if (l->cut < o->cut_count && o->cuts[l->cut].at == at) {
        l->cut++;
        *out_cut = 1;
        out->ptr = NULL;
        out->len = 0;
        surplus_line_end(l);
        return 0;
    }
    if (l->p > l->end || size > (uint64_t)(l->end - l->p)) {
        /* the CR before the final LF may be the literal's own last octet */
        if (l->p > l->end || *l->end != '\r' || size != (uint64_t)(l->end - l->p) + 1)
            return ILEX_BAD;
        l->end++;
    }
    *out = ilex_slice(l->p, l->p + (size_t)size);
    l->p += (size_t)size;
    surplus_line_end(l);
    return 0;
}

int ilex_string(struct ilex *l, mla_str *out)
{
    int cut;
    int rc;

    if (*l->p == '"')
        return ilex_quoted(l, out);
    if (*l->p != '{' && (*l->p != '~' || l->p[1] != '{'))
        return ILEX_BAD;
    rc = ilex_literal(l, out, &cut);
    return rc == 0 && cut ? ILEX_BAD : rc;
}

int ilex_astring(struct ilex *l, mla_str *out)
{
    if (*l->p == '"' || *l->p == '{' || (*l->p == '~' && l->p[1] == '{'))
        return ilex_string(l, out);
    if (ilex_atom(l, out) && *l->p != '"') /* else a string has ended too early */
        return 0;
    out->ptr = NULL;
    out->len = 0;
    return ILEX_BAD;
}

int ilex_long_number(struct ilex *l, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;
    const uint8_t *p = l->p;
    int rc = 0;

    if (!ilex_is(*p, ILEX_DIGIT))
        return ILEX_BAD;
    for (; ilex_is(*p, ILEX_DIGIT); p++) {
        unsigned digit = (unsigned)(*p - '0');

        if (v > (UINT64_MAX - digit) / 10)
            rc = ILEX_RANGE;
        else
            v = v * 10 + digit;
    }
    l->p = p;
    if (rc != 0 || v > max)
        return ILEX_RANGE;
    *out = v;
    return 0;
}

/* mail.ru: 9.3736e+06. *out is what stands before the dot or exponent. */
static int exponent(struct ilex *l, uint64_t *out)
{
    uint64_t digits = *out;
    uint64_t power = 0;
    unsigned places = 0;

    if (ilex_take(l, '.'))
        for (; ilex_is(*l->p, ILEX_DIGIT); l->p++)
            if (digits < UINT64_MAX / 100 && places < 18) {
                digits = digits * 10 + (unsigned)(*l->p - '0');
                places++;
            }
    if (ascii_lower(*l->p) == 'e') {
        l->p++;
        if (*l->p == '-' || (*l->p == '+' && !ilex_is(l->p[1], ILEX_DIGIT)))
            return ILEX_RANGE;
        ilex_take(l, '+');
        if (ilex_number(l, 18, &power) != 0)
            return ILEX_RANGE;
    }
    for (; power > places; power--)
        if (__builtin_mul_overflow(digits, 10U, &digits))
            return ILEX_RANGE;
    for (; places > power; places--)
        digits /= 10;
    *out = digits;
    return 0;
}

/* What servers send where a size is due and no digit comes. */
static int odd_size(struct ilex *l, uint64_t *out)
{
    uint64_t ignored;
    mla_str s;
    int rc;

    if (ilex_take_nil(l)) /* Mbox Mail: NIL */
        return 0;
    if (*l->p == '-' && ilex_is(l->p[1], ILEX_DIGIT)) { /* Exchange and others: -1 */
        l->p++;
        return ilex_number(l, INT64_MAX, &ignored);
    }
    if (*l->p != '"')
        return ILEX_BAD;
    rc = ilex_quoted(l, &s);
    if (rc != 0)
        return rc;
    return num_parse(s.ptr, s.len, INT64_MAX, out) ? 0 : ILEX_BAD;
}

int ilex_size(struct ilex *l, uint64_t *out)
{
    uint64_t v = 0;
    int rc;

    *out = 0;
    if (!ilex_is(*l->p, ILEX_DIGIT))
        return odd_size(l, out);
    rc = ilex_number(l, INT64_MAX, &v);
    if (*l->p == '.' || ascii_lower(*l->p) == 'e')
        rc = rc == 0 ? exponent(l, &v) : rc;
    if (rc == 0)
        *out = v;
    else
        while (ilex_is(*l->p, ILEX_ATOM))
            l->p++;
    return rc;
}

/* Goes over one word that is no parenthesis. */
static int skip_word(struct ilex *l)
{
    mla_str s;
    int cut;

    if (*l->p == '"') {
        const uint8_t *to = find_quote(l, l->p + 1, &cut);

        if (to == NULL)
            return ILEX_BAD;
        l->p = to + 1;
        return 0;
    }
    if (*l->p == '{' || (*l->p == '~' && l->p[1] == '{'))
        return ilex_literal(l, &s, &cut);
    return ilex_atom(l, &s) ? 0 : ILEX_BAD;
}

/* Goes on until `depth` parentheses more were closed than opened; with 0, over one value. */
static int skip(struct ilex *l, size_t depth)
{
    do {
        int rc = 0;

        if (*l->p == '(') {
            depth++;
            l->p++;
        } else if (*l->p == ')' && depth > 0) {
            depth--;
            l->p++;
        } else if (*l->p == ' ' && depth > 0) {
            l->p++;
        } else {
            rc = skip_word(l);
        }
        if (rc == ILEX_BAD && depth > 0 && *l->p != '"' && l->p < l->end) {
            l->p++; /* an octet that no grammar has */
            rc = 0;
        }
        if (rc != 0)
            return rc;
    } while (depth > 0);
    return 0;
}

int ilex_skip(struct ilex *l)
{
    return skip(l, 0);
}

int ilex_skip_rest(struct ilex *l)
{
    return skip(l, 1);
}

int ilex_words_grow(struct ilex *l, struct ilex_words *w)
{
    mla_str *items = arena_array(l->arena, w->room * 4, sizeof *items);

    if (items == NULL)
        return ilex_no_memory(l);
    memcpy(items, w->items, w->count * sizeof *items);
    w->items = items;
    w->room *= 4;
    return 0;
}

int ilex_words_done(struct ilex *l, struct ilex_words *w, const mla_str **out, size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    if (w->count == 0)
        return 0;
    if (w->items == w->first) {
        mla_str *items = arena_raw(l->arena, w->count * sizeof *items);

        if (items == NULL)
            return ilex_no_memory(l);
        items[0] = w->first[0];
        if (w->count == 2) /* a parameter: the most frequent */
            items[1] = w->first[1];
        else
            memcpy(items, w->first, w->count * sizeof *items);
        w->items = items;
    }
    *out = w->items;
    *out_count = w->count;
    return 0;
}
