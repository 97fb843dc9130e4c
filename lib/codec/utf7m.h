/* utf7m.h - modified UTF-7, the mailbox names of IMAP4rev1 (RFC 3501 section 5.1.3).
 *
 * Printable US-ASCII stands for itself, "&" is "&-", and everything else is UTF-16 in a base64 of
 * its own between "&" and "-". There is exactly one way to write a name. */
#ifndef MLA_CODEC_UTF7M_H
#define MLA_CODEC_UTF7M_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* The room that utf7m_decode() may need for n octets. */
static inline size_t utf7m_decoded_max(size_t n)
{
    return n + n / 4 + 4;
}

/* Decodes n octets to UTF-8 at out (utf7m_decoded_max(n) octets): 1 and the length without a final
 * NUL (none is written), or 0 when they are not modified UTF-7 in its one form, or stand for a NUL.
 * What was decoded turns into the same octets by utf7m_encode(). */
int utf7m_decode(const uint8_t *p, size_t n, char *out, size_t *out_len);
/* Appends the modified UTF-7 of n octets of UTF-8. 0, MLA_E_CHARSET when they are not UTF-8 or hold
 * a NUL, or the error of b. */
int utf7m_encode(struct buf *b, const char *p, size_t n);

#endif
