/* encword.h - encoded words (RFC 2047) and raw 8-bit text in header fields, to UTF-8. */
#ifndef MLA_MIME_ENCWORD_H
#define MLA_MIME_ENCWORD_H

#include "base/buf.h"
#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

/* Appends a raw value, folded or not, as UTF-8 on one line without control characters.
 *
 * Adjacent words of one character set are joined before the text is converted, so a character, or a
 * quantum of base64, may be split between them; white space between two words goes. Accepted
 * against the RFC, because senders do it: words longer than 75 characters, white space and
 * unencoded characters inside, words that touch other text or stand inside quotes, missing padding,
 * a missing
 * "?=". At most max_words are decoded, the rest stays as it is. Warnings go to w (NULL is accepted)
 * with the offset base added. 0, or the error of out, or MLA_E_NOMEM. */
int encword_decode(const uint8_t *p, size_t n, uint32_t max_words, struct buf *out,
                   struct warn_set *w, uint64_t base);
/* The same, where raw octets above 127 that are no UTF-8 are probably in charset (NULL: unknown).
 */
int encword_decode_in(const uint8_t *p, size_t n, const char *charset, uint32_t max_words,
                      struct buf *out, struct warn_set *w, uint64_t base);

#endif
