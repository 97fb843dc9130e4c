/* mime_charset.h - text in the character sets of mail, to UTF-8, as a stream.
 *
 * mla_part_text() does this for a whole part. This is for those who stream: the octets that a
 * mla_decoder gives go in here. Nothing is refused and nothing is cut: what is not valid becomes
 * U+FFFD. How the text is cut into pieces makes no difference. */
#ifndef MAILACCESS_MIME_CHARSET_H
#define MAILACCESS_MIME_CHARSET_H

#include "config.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_charset mla_charset; /* a conversion under way, for one thread at a time */

/* What a conversion met: mla_charset_notes(). */
enum {
    MLA_CHARSET_UNKNOWN = 1, /* the name is not known: the text was read as if it had none */
    MLA_CHARSET_INVALID = 2, /* something was not valid and became U+FFFD */
    MLA_CHARSET_GUESSED = 4, /* no name, and the text is not US-ASCII */
    MLA_CHARSET_UTF7 = 8     /* labelled UTF-7, which can hide markup from those who look for it */
};

/* Begins a conversion to UTF-8. name: as the message gives it, "iso-8859-1", "x-sjis", "cp-850";
 * all names of IANA and of the WHATWG's Encoding Standard are known, and many that mailers made up.
 * An unknown one is as good as NULL: UTF-8, with what is not valid in it taken for Windows-1252.
 * cfg may be NULL; only its allocator is used. *out_c is yours until mla_charset_free(), NULL on
 * failure. 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_charset_new(const mla_config *cfg, const char *name, mla_charset **out_c);
/* NULL is accepted. */
MLA_API void mla_charset_free(mla_charset *c);
/* Hands over len octets, which must stay as they are until mla_charset_output() has returned 0. 0,
 * MLA_E_ARG, MLA_E_STATE (output is waiting, or after the end). */
MLA_API int mla_charset_feed(mla_charset *c, const uint8_t *data, size_t len);
/* The text is over; output may still come. 0 or MLA_E_STATE. */
MLA_API int mla_charset_end(mla_charset *c);
/* 1 and UTF-8 text of whole characters, at most some 64 KiB, good until the next call on c; 0 when
 * more must be fed or all is said. MLA_E_NOMEM, for good. */
MLA_API int mla_charset_output(mla_charset *c, const char **out_text, size_t *out_len);
/* What was met so far: MLA_CHARSET_*. out_offset (NULL is accepted) becomes the offset of the first
 * octet that was not valid, with MLA_CHARSET_INVALID. */
MLA_API uint32_t mla_charset_notes(const mla_charset *c, uint64_t *out_offset);

/* The set that name means, by its preferred name in lower case: "utf-8" for "UTF8", "shift_jis" for
 * "x-sjis". NULL where none of ours is known by it. The library's, for ever. Any thread. */
MLA_API const char *mla_charset_canonical(const char *name);

#ifdef __cplusplus
}
#endif

#endif
