/* charset.h - text in the character sets of mail, to UTF-8.
 *
 * UTF-8, UTF-16, UTF-32, UTF-7, US-ASCII and the single-byte sets are ours. So is the form of the
 * sets of East Asia: which octets belong together, shifts and escape sequences; the tables behind
 * it are those of the C library's iconv, whose own working memory is the C library's. Text is never
 * refused and never cut: what is not valid becomes U+FFFD, as many of them as the WHATWG's Encoding
 * Standard wants. Text in pieces gives what it gives as a whole, however it is cut. */
#ifndef MLA_CODEC_CHARSET_H
#define MLA_CODEC_CHARSET_H

#include "base/buf.h"
#include "codec/charset_names.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CHARSET_UNKNOWN = 1, /* the name means nothing here: as without a name */
    CHARSET_INVALID = 2, /* something became U+FFFD */
    CHARSET_GUESSED = 4, /* no name was given and the text is not US-ASCII */
    CHARSET_UTF7 = 8     /* labelled UTF-7, which can hide markup from scanners */
};

/* What a conversion found. */
struct charset_note {
    uint32_t flags; /* CHARSET_* */
    size_t at;      /* the first invalid octet, with CHARSET_INVALID */
};

enum { CHARSET_NAME = 64 };

/* Keeps converters of the C library open: text in many small pieces mostly comes in one character
 * set, and ISO-2022 needs several tables at a time. All zero to begin with. */
struct charset_cache {
    void *cd[CHARSET_ANY + 1]; /* NULL: none yet */
    uint8_t knows[CHARSET_ANY];
    struct charset_kept *kept[CHARSET_ANY]; /* NULL: nothing is kept yet */
    uint32_t asked[CHARSET_ANY];            /* octets given to the C library */
    struct mem mem;                         /* of kept */
    char name[CHARSET_NAME];                /* of the last one */
};

enum { CHARSET_PENDING = 8 };

/* A conversion under way. */
struct charset_conv {
    struct charset_cache *cache;
    struct charset_row row; /* what kind of set */
    struct charset_note note;
    uint64_t fed;                     /* octets before the piece at hand */
    uint8_t pending[CHARSET_PENDING]; /* of a character that is not whole yet */
    size_t pending_len;
    int big;       /* UTF-16, UTF-32: the order is known: 1 big, 2 little; 0: not yet */
    uint32_t unit; /* UTF-16, UTF-7: the first half of a pair of surrogates, or 0 */
    uint32_t bits; /* UTF-7: not yet a whole unit */
    int bit_count; /* UTF-7: how many; -1 outside of base64 */
    int fresh;     /* UTF-7: directly behind the "+" */
    uint8_t g[4];  /* ISO-2022: what is designated to G0-G3 */
    int shifted;   /* ISO-2022: SO; HZ: inside "~{" */
};

/* Begins a conversion from the set of that name (NULL or empty: none named). cache must outlive it.
 * 1, or 0 when the name is not known; then the text is read as if it had none. */
int charset_begin(struct charset_conv *c, struct charset_cache *cache, const char *name,
                  size_t name_len);
/* Appends the next piece, converted. Text without a name is read here as UTF-8 with whatever is not
 * valid as Windows-1252. 0 or the error of out. */
int charset_feed(struct charset_conv *c, const void *text, size_t len, struct buf *out);
/* The text is over. c->note says what was wrong. 0 or the error of out. */
int charset_end(struct charset_conv *c, struct buf *out);

/* Appends the whole text, converted, to out. name NULL or empty: UTF-8 where it is valid, else
 * Windows-1252 (CHARSET_GUESSED unless US-ASCII); an unknown name, the same. cache and note may be
 * NULL. 0 or the error of out. */
int charset_to_utf8(struct charset_cache *cache, const char *name, size_t name_len,
                    const void *text, size_t len, struct buf *out, struct charset_note *note);
/* 1 when the name is one that can be converted. */
int charset_known(const char *name, size_t name_len);
/* Closes what the cache holds; it may be used again. */
void charset_cache_free(struct charset_cache *cache);

#endif
