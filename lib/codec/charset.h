/* charset.h - text in the character sets of mail, to UTF-8.
 *
 * UTF-8, US-ASCII, ISO-8859-1 and Windows-1252 are ours; the rest comes from the C library's iconv,
 * whose own working memory is the C library's. Text is never refused and never cut: what is not
 * valid becomes U+FFFD. */
#ifndef MLA_CODEC_CHARSET_H
#define MLA_CODEC_CHARSET_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CHARSET_UNKNOWN = 1, /* the name means nothing here: read as UTF-8 */
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

/* Keeps the last converter open: text in many small pieces mostly comes in one character set. */
struct charset_cache {
    void *cd; /* NULL: none */
    char name[CHARSET_NAME];
};

/* Appends the text, converted, to out. name NULL or empty: UTF-8 where it is valid, else
 * Windows-1252 (CHARSET_GUESSED unless US-ASCII). cache and note may be NULL. 0 or the error of
 * out. */
int charset_to_utf8(struct charset_cache *cache, const char *name, size_t name_len,
                    const void *text, size_t len, struct buf *out, struct charset_note *note);
/* 1 when the name is one that can be converted. */
int charset_known(const char *name, size_t name_len);
/* Closes what the cache holds; it may be used again. */
void charset_cache_free(struct charset_cache *cache);

#endif
