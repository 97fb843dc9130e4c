/* lex.h - the words of a response, read in place.
 *
 * The octets of one whole response lie together, and the last of them is its line end, which no
 * word may hold: it stops every loop, so that looking at *p needs no test for the end. Strings are
 * slices of the response; only a quoted string with a backslash is copied. */
#ifndef MLA_IMAP_LEX_H
#define MLA_IMAP_LEX_H

#include "base/ascii.h"
#include "base/scan.h"
#include "base/zero.h"
#include "imap/resp.h"

#include <string.h>

/* What readers return besides 0 and MLA_E_NOMEM. None of them leaves imap_resp_parse(). */
enum {
    ILEX_BAD = MLA_E_SYNTAX, /* not what was expected */
    ILEX_OVER = MLA_E_LIMIT, /* too deep, or more parsed data than allowed */
    ILEX_RANGE = -60         /* a number out of range: it was read, its value is of no use */
};

struct ilex {
    const uint8_t *p;
    const uint8_t *end;   /* the final line end: *end is CR or LF */
    const uint8_t *limit; /* behind the last octet that can be read */
    const uint8_t *base;
    const uint8_t *near;  /* from here on fewer than STRICT_NEAR octets can be read */
    const uint8_t *plain; /* from here on ... */
    const uint8_t *slash; /* ... up to here there is no backslash */
    size_t cut;           /* the next of opts->cuts that may come */
    struct arena *arena;
    const struct imap_resp_opts *opts;
    struct imap_resp *out; /* takes the warning */
    int wary;              /* reading again what made no sense: see quote_ends() */
};

/* Classes of octets. */
enum {
    ILEX_ATOM = 1,  /* may be inside an atom, by the widest reading: all but SP CTL ( ) " { */
    ILEX_DIGIT = 2, /* 0-9 */
    ILEX_NAME = 4,  /* A-Z a-z 0-9 . - _ : names of FETCH items and the like */
    ILEX_ENDS = 8   /* what literal_ends_quoted() is true of */
};
extern const uint8_t ilex_class[256];

static inline int ilex_is(int c, int classes)
{
    return (ilex_class[c & 0xff] & classes) != 0;
}

/* 1 when all was read. */
static inline int ilex_at_end(const struct ilex *l)
{
    return l->p >= l->end;
}

static inline int ilex_take(struct ilex *l, int c)
{
    if (*l->p != c)
        return 0;
    l->p++;
    return 1;
}

/* Usually one SP; several servers send none or more. */
static inline void ilex_spaces(struct ilex *l)
{
    const uint8_t *p = l->p;

    while (*p == ' ')
        p++;
    l->p = p;
}

/* The octets [p, p + n) are the word, whose letters are given in upper case; n must fit. Servers
 * spell it so, other spellings take longer. */
static inline int ilex_word_is(const uint8_t *p, const char *word, size_t n)
{
    return memcmp(p, word, n) == 0 || ascii_equal(p, n, word, n);
}

static inline mla_str ilex_slice(const uint8_t *from, const uint8_t *to)
{
    mla_str s = {(const char *)from, (size_t)(to - from)};

    return s;
}

/* NIL and nothing that only begins so. */
static inline int ilex_is_nil(const struct ilex *l)
{
    const uint8_t *p = l->p;

    return (p[0] | 0x20) == 'n' && (p[1] | 0x20) == 'i' && (p[2] | 0x20) == 'l' &&
           (!ilex_is(p[3], ILEX_ATOM) || p[3] == ']');
}

static inline int ilex_take_nil(struct ilex *l)
{
    if (!ilex_is_nil(l))
        return 0;
    l->p += 3;
    return 1;
}

/* 1 when the word stands at l, a literal of the usual spelling. For what nearly all servers write
 * in the same way; whatever else they write takes longer. */
#define ilex_stands_at(l, p, word)                                                                 \
    ((size_t)((l)->limit - (p)) >= sizeof(word) - 1 && memcmp((p), word, sizeof(word) - 1) == 0)
#define ilex_stands(l, word) ilex_stands_at(l, (l)->p, word)

/* 0, or 1 for a run of atom octets. */
static inline int ilex_atom(struct ilex *l, mla_str *out)
{
    const uint8_t *p = l->p;

    while (ilex_is(*p, ILEX_ATOM))
        p++;
    *out = ilex_slice(l->p, p);
    l->p = p;
    return out->len > 0;
}

/* A quote, 32 octets, and one behind. */
enum { STRICT_NEAR = 34 };

/* Sets l up over raw. 0, or ILEX_BAD when raw does not end in a line end. */
static inline int ilex_init(struct ilex *l, const struct imap_raw *raw,
                            const struct imap_resp_opts *opts, struct arena *arena,
                            struct imap_resp *out)
{
    size_t n = raw->len;

    if (n == 0 || raw->ptr[n - 1] != '\n')
        return ILEX_BAD;
    n -= n >= 2 && raw->ptr[n - 2] == '\r' ? 2 : 1;
    l->base = l->p = raw->ptr;
    l->end = raw->ptr + n;
    l->limit = raw->ptr + raw->len;
    l->near = raw->len > STRICT_NEAR ? l->limit - STRICT_NEAR : l->base;
    l->plain = l->slash = l->base;
    l->cut = 0;
    l->wary = 0;
    l->arena = arena;
    l->opts = opts;
    l->out = out;
    return 0;
}

/* Quoted string or literal. */
int ilex_string(struct ilex *l, mla_str *out);
/* The same, where l stands at a quote. Most strings end within 32 octets and have no backslash. */
int ilex_quoted(struct ilex *l, mla_str *out);
int ilex_quoted_slow(struct ilex *l, mla_str *out);
/* astring: here NIL is a word like others. */
int ilex_astring(struct ilex *l, mla_str *out);

/* nstring (RFC 9051 section 9), or an atom in its place: some servers send words unquoted. NIL has
 * ptr NULL. */
static inline int ilex_nstring(struct ilex *l, mla_str *out)
{
    if (*l->p == '"')
        return ilex_quoted(l, out);
    if (!ilex_take_nil(l))
        return ilex_astring(l, out);
    out->ptr = NULL;
    out->len = 0;
    return 0;
}

/* A literal. *out_cut is 1 when its octets were streamed: then out has ptr NULL and the size. */
int ilex_literal(struct ilex *l, mla_str *out, int *out_cut);
/* For numbers of any length. */
int ilex_long_number(struct ilex *l, uint64_t max, uint64_t *out);

/* A number up to max. 0, ILEX_RANGE when it is larger (all its digits are taken), ILEX_BAD. */
static inline int ilex_number(struct ilex *l, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;
    size_t n = l->limit - l->p >= 8 ? scan_number(l->p, &v) : 0;

    if (n - 1 >= 7) /* none, many, or near the end */
        return ilex_long_number(l, max, out);
    l->p += n;
    if (v > max)
        return ILEX_RANGE;
    *out = v;
    return 0;
}

/* The same with the shapes that servers give to sizes: NIL and negative numbers are 0, "12" is 12,
 * 9.3736e+06 is 9373600. */
int ilex_size(struct ilex *l, uint64_t *out);
/* Goes over one value: atom, string, or list to its end. Counts parentheses, so depth costs
 * nothing. */
int ilex_skip(struct ilex *l);
/* Goes over values up to the ")" of the list that l is in, which is taken. */
int ilex_skip_rest(struct ilex *l);

/* Zeroed memory of the event. NULL: ilex_no_memory() says which error that is. */
static inline void *ilex_alloc(struct ilex *l, size_t size)
{
    void *p = arena_raw(l->arena, size);

    if (p != NULL)
        zero_record(p, size);
    return p;
}
int ilex_no_memory(struct ilex *l);
/* Notes what was wrong with the octets from `from` up to l->p. The first warning of a response is
 * kept. rc is what a reader returned. */
void ilex_warn(struct ilex *l, uint32_t id, const uint8_t *from);
/* The warning that stands for a reader's error. */
uint32_t ilex_warning_of(int rc);

/* Growing lists: they begin on the stack and go to the arena when they are done. */
struct ilex_words {
    mla_str *items;
    size_t count;
    size_t room;
    mla_str first[16];
};
static inline void ilex_words_init(struct ilex_words *w)
{
    w->items = w->first;
    w->count = 0;
    w->room = sizeof w->first / sizeof w->first[0];
}
int ilex_words_grow(struct ilex *l, struct ilex_words *w);
static inline int ilex_words_add(struct ilex *l, struct ilex_words *w, mla_str s)
{
    if (w->count == w->room) {
        int rc = ilex_words_grow(l, w);

        if (rc != 0)
            return rc;
    }
    w->items[w->count++] = s;
    return 0;
}
/* Hands the list to the event; NULL for an empty one. */
int ilex_words_done(struct ilex *l, struct ilex_words *w, const mla_str **out, size_t *out_count);

#endif
