/* text.h - decoded text on its way to a person: no control characters (X12, O02). */
#ifndef MLA_MIME_TEXT_H
#define MLA_MIME_TEXT_H

#include "base/buf.h"

#include <stddef.h>

/* Appends UTF-8 text: CR and LF become spaces, TAB stays, other C0 and C1 controls and DEL become
 * U+FFFD. 0 or the error of b. */
int text_add_clean(struct buf *b, const void *utf8, size_t n);
/* Appends octets of no known character set: UTF-8 where valid, else Windows-1252; cleaned. Returns
 * CHARSET_* flags through *out_flags (NULL is accepted). tmp is emptied first. */
int text_add_guess(struct buf *b, struct buf *tmp, const void *p, size_t n, uint32_t *out_flags);
/* Appends text in a named character set, cleaned; name_len 0: a guess. */
struct charset_cache;
int text_add_charset(struct buf *b, struct buf *tmp, struct charset_cache *cache, const char *name,
                     size_t name_len, const void *p, size_t n, uint32_t *out_flags);

#endif
