/* write_fold.h - header fields on their way out: folded lines, encoded words (RFC 5322 section
 * 2.2.3, RFC 2047), and what may stand in a field at all.
 *
 * A field is a run of tokens with white space between them; a line is ended before the token that
 * would make it too long. No line end ever comes from a value: those that hold one are refused by
 * write_check_text(), which everything passes first (I12). */
#ifndef MLA_MIME_WRITE_FOLD_H
#define MLA_MIME_WRITE_FOLD_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum {
    WRITE_LINE = 76,        /* where lines with encoded words end (RFC 2047 section 2) */
    WRITE_TOKEN_MAX = 900,  /* a longer one has to be divided: lines end at 998 */
    WRITE_VALUE_MAX = 65536 /* octets of one value */
};

struct fold {
    struct buf text; /* the whole field, name first; its last line has no end yet */
    size_t col;      /* characters on that line */
};

/* A field's name and colon. mem must outlive the field. The errors of all calls stick in text. */
void fold_begin(struct fold *f, const struct mem *mem, const char *name);
void fold_free(struct fold *f);
/* Octets that belong to what stands before. */
void fold_raw(struct fold *f, const void *p, size_t n);
/* The white space sp, then the token, both perhaps on a new line. */
void fold_token(struct fold *f, const void *sp, size_t sp_n, const void *p, size_t n);
/* UTF-8 text as encoded words, as many as are needed, each of whole characters. */
void fold_words(struct fold *f, const void *p, size_t n);
/* Text as RFC 5322 calls unstructured; what cannot be said in plain tokens becomes encoded words.
 * utf8 != 0: characters beyond US-ASCII are plain, too (RFC 6532). */
void fold_text(struct fold *f, const void *p, size_t n, int utf8);
/* A phrase: atoms, a quoted string, or encoded words. */
void fold_phrase(struct fold *f, const void *p, size_t n, int utf8);

/* 0, MLA_E_ARG (control characters but for TAB, line ends above all), MLA_E_CHARSET (not UTF-8),
 * MLA_E_LIMIT. */
int write_check_text(const void *p, size_t n);
/* 1 for the name of a field (RFC 5322 section 2.2), at most 70 characters. */
int write_is_name(const char *name);
/* 1 when all n > 0 octets are printable US-ASCII, none of those in but; utf8: or beyond. */
int write_all_plain(const void *p, size_t n, const char *but, int utf8);
/* 1 when the text holds "=?", with which an encoded word begins. */
int write_looks_encoded(const void *p, size_t n);

#endif
