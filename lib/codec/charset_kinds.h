/* charset_kinds.h - what the files of the character sets share. */
#ifndef MLA_CODEC_CHARSET_KINDS_H
#define MLA_CODEC_CHARSET_KINDS_H

#include "codec/charset.h"

/* One U+FFFD for what begins at offset at of the piece (negative: in an earlier one). */
void charset_bad(struct charset_conv *c, ptrdiff_t at, struct buf *out);
void charset_put(struct charset_conv *c, uint32_t ch, struct buf *out);

/* charset_unicode.c: a piece of UTF-16, UTF-32, UTF-7; and the end. */
void charset_utf16(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_utf32(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_utf7(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_unicode_end(struct charset_conv *c, struct buf *out);

/* charset_double.c. A set's form: how many octets the character at p has (n of them are there); 0
 * when it goes on behind them; -k when k octets stand for one U+FFFD. */
int charset_double_unit(int set, const uint8_t *p, size_t n);
void charset_double(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_double_end(struct charset_conv *c, struct buf *out);

/* charset_escape.c */
void charset_iso2022(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_hz(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_escape_end(struct charset_conv *c, struct buf *out);

/* charset_block.c. n octets, at most CHARSET_BLOCK, that are whole characters of the set, and
 * US-ASCII when the table knows it. A fault in the character at p + i is at from[i]; from NULL: at
 * at + i. */
enum { CHARSET_BLOCK = 1024, CHARSET_UNIT = 4 };
void charset_block(struct charset_conv *c, int set, const uint8_t *p, size_t n,
                   const ptrdiff_t *from, ptrdiff_t at, struct buf *out);

/* charset_iconv.c. Whole characters of a set by the C library, at most CHARSET_BLOCK octets: 1 when
 * *used octets of them were, it says, and what they are is appended; the character behind them it
 * does not know. 0 and nothing appended when it cannot tell. */
int charset_table(struct charset_cache *cache, int set, const uint8_t *p, size_t n, struct buf *out,
                  size_t *used);
/* The same, put at text, where *len octets are; 4 * n are enough. *len: how many came. */
int charset_table_raw(struct charset_cache *cache, int set, const uint8_t *p, size_t n,
                      uint8_t *text, size_t *len, size_t *used);
/* What the C library's table has besides the set's characters of several octets. */
enum { CHARSET_KNOWS_ASCII = 1, CHARSET_KNOWS_KANA = 2 };
int charset_table_knows(struct charset_cache *cache, int set);
/* Opens the set of that name; 0 where there is none. */
int charset_other_begin(struct charset_cache *cache, const char *name, size_t len);
void charset_other(struct charset_conv *c, const uint8_t *p, size_t n, struct buf *out);
void charset_other_end(struct charset_conv *c, struct buf *out);

#endif
