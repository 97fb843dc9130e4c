/* utf8.h - UTF-8 (RFC 3629): check, read, write, repair. */
#ifndef MLA_CODEC_UTF8_H
#define MLA_CODEC_UTF8_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xfffd, UTF8_MAX = 4 };

/* Reads one character at p (n > 0 octets left): its length, 1-4, and *out_c. 0 when the octets are
 * not well-formed; *out_bad is then how many of them stand for one U+FFFD (the longest beginning
 * of a character, Unicode section 3.9). */
size_t utf8_read(const uint8_t *p, size_t n, uint32_t *out_c, size_t *out_bad);
/* Writes c, which must be a Unicode scalar value; the length, 1-4. */
size_t utf8_write(uint32_t c, uint8_t out[UTF8_MAX]);
/* 1 when all n octets are well-formed UTF-8. */
int utf8_valid(const void *ptr, size_t n);
/* How many octets at the start are US-ASCII. */
size_t utf8_ascii_run(const void *ptr, size_t n);
/* Appends the text with U+FFFD for what is not well-formed. *out_bad (NULL is accepted) becomes the
 * offset of the first fault, or stays alone when there is none. 0 or the error of b. */
int utf8_repair(struct buf *b, const void *ptr, size_t n, size_t *out_bad);

#endif
