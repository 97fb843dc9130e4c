/* strict.h - reading what keeps to the grammar, with one blank between words.
 *
 * Nearly all that servers send does: it needs no looking back and no second thought. Each of these
 * reads what it names at p and returns what is behind it, or NULL: then the tolerant reader (lex.h)
 * has its turn where the caller began. What both kinds of reader take means the same to both: a
 * test compares them.
 *
 * A quote ends a string here only where a blank or a parenthesis follows. Who reads a string looks
 * at what is behind it, by strict_space() or strict_take(). */
#ifndef MLA_IMAP_STRICT_H
#define MLA_IMAP_STRICT_H

#include "imap/lex.h"

/* Looks for the next backslash at or behind l. */
void strict_find_slash(struct ilex *l);
/* The quote that ends a string of any length, whose first octet is at from. NULL: there is none, or
 * a backslash in front of it. */
const uint8_t *strict_far(const struct ilex *l, const uint8_t *from);

/* Where l is; NULL: l has to read tolerantly. */
static inline const uint8_t *strict_begin(struct ilex *l)
{
    if (l->p < l->plain || l->p >= l->slash)
        strict_find_slash(l);
    return (l->wary | l->opts->tolerant) == 0 ? l->p : NULL;
}

static inline const uint8_t *strict_take(const uint8_t *p, int c)
{
    return *p == c ? p + 1 : NULL;
}

/* One blank; or the parenthesis that ends the list, which is left. */
static inline const uint8_t *strict_space(const uint8_t *p)
{
    return *p == ' ' ? p + 1 : *p == ')' ? p : NULL;
}

/* As nearly all servers write it. The octets end in a line end, which stops this. */
static inline const uint8_t *strict_nil(const uint8_t *p)
{
    return p[0] == 'N' && p[1] == 'I' && p[2] == 'L' ? p + 3 : NULL;
}

/* A quoted string without a backslash. */
static inline const uint8_t *strict_string(const struct ilex *l, const uint8_t *p, mla_str *out)
{
    const uint8_t *from = p + 1;
    const uint8_t *to;
    uint32_t mask = 0;

    if (*p != '"')
        return NULL;
    if (p < l->near)
        mask = scan_32(from, '"');
    to = mask != 0 ? from + scan_first(mask) : strict_far(l, from);
    if (to == NULL || to > l->slash)
        return NULL;
    *out = ilex_slice(from, to);
    return to + 1;
}

/* A string, or NIL. */
static inline const uint8_t *strict_nstring(const struct ilex *l, const uint8_t *p, mla_str *out)
{
    if (*p == '"')
        return strict_string(l, p, out);
    out->ptr = NULL;
    out->len = 0;
    return strict_nil(p);
}

/* The same with one blank behind it. */
static inline const uint8_t *strict_string_space(const struct ilex *l, const uint8_t *p,
                                                 mla_str *out)
{
    p = strict_string(l, p, out);
    return p != NULL ? strict_take(p, ' ') : NULL;
}

static inline const uint8_t *strict_nstring_space(const struct ilex *l, const uint8_t *p,
                                                  mla_str *out)
{
    p = strict_nstring(l, p, out);
    return p != NULL ? strict_take(p, ' ') : NULL;
}

/* Is there an octet c in the text, which strict_string() has read? */
static inline int strict_has(const struct ilex *l, mla_str text, char c)
{
    const uint8_t *p = (const uint8_t *)text.ptr;

    if (text.len < 32 && p - 1 < l->near)
        return (scan_32(p, (uint8_t)c) & ((UINT32_C(1) << text.len) - 1)) != 0;
    return memchr(p, c, text.len) != NULL;
}

/* A number of at most seven digits. */
const uint8_t *strict_number_near(const uint8_t *p, uint64_t *out);
static inline const uint8_t *strict_number(const struct ilex *l, const uint8_t *p, uint64_t *out)
{
    size_t n;

    if (l->limit - p < 8)
        return strict_number_near(p, out);
    n = scan_number(p, out);
    return n - 1 < 7 ? p + n : NULL;
}

#endif
