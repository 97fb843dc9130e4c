/* base64.h - base64 (RFC 4648 section 4): strict for protocols, forgiving and streaming for mail.
 */
#ifndef MLA_CODEC_BASE64_H
#define MLA_CODEC_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* The alphabet and its inverse: a value below 64, or BASE64_NO, which no sum of values has. */
enum { BASE64_NO = 0x40 };
extern const char base64_alphabet[65];
extern const uint8_t base64_value[256];

/* Octets of output for n octets of input, without a final NUL; 0 when that does not fit. */
size_t base64_encoded_len(size_t n);
/* Writes base64_encoded_len(n) octets to out: padded, no line ends, no final NUL. */
void base64_encode(const void *in, size_t n, char *out);

/* The whole of in as a protocol demands it: whole quanta, padded, nothing foreign, spare bits zero.
 * Writes at most cap octets. 0 and *out_n, MLA_E_SYNTAX, or MLA_E_LIMIT when cap is too small.
 * (n / 4) * 3 octets are always enough. out may be in. */
int base64_decode_strict(const void *in, size_t n, uint8_t *out, size_t cap, size_t *out_n);

/* What is wrong with a body (RFC 2045 section 6.8). */
enum {
    BASE64_JUNK = 0,  /* characters that are neither of the alphabet nor space were passed over */
    BASE64_AFTER = 1, /* text behind the padding, which ends the data, was left out */
    BASE64_UNPADDED = 2, /* the last quantum lacks its padding; its octets were delivered */
    BASE64_CUT = 3,      /* one lone character at the end: six bits were lost */
    BASE64_DEFECTS = 4
};

/* Decodes mail, any split of the input giving the same output. All zero to begin with. */
struct base64_dec {
    uint32_t bits;
    uint32_t have;    /* characters in bits, 0-3 */
    uint32_t ended;   /* padding was seen */
    uint32_t defects; /* 1 << BASE64_... */
    uint64_t pos;     /* octets fed so far */
    uint64_t at[BASE64_DEFECTS];
};

/* The most that one feed of n octets can write. */
static inline size_t base64_room(size_t n)
{
    return n / 4 * 3 + 6;
}

/* Decode n octets into out (room for base64_room(n)); how many were written. */
size_t base64_feed(struct base64_dec *d, const void *in, size_t n, uint8_t *out);
/* The input is over: writes at most 2 octets. */
size_t base64_end(struct base64_dec *d, uint8_t *out);

#endif
