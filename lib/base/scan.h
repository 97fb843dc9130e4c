/* scan.h - looks at several octets at a time.
 *
 * Texts are short and of any length; a loop that ends at an octet the processor could not foresee
 * costs more than looking at sixteen of them. With SSE2 that is an instruction or two; elsewhere
 * 64-bit words do the same (MLA_SCAN_PLAIN forces that, for tests). */
#ifndef MLA_BASE_SCAN_H
#define MLA_BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(MLA_SCAN_PLAIN)
#include <emmintrin.h>
#define SCAN_SSE2 1
#else
#define SCAN_SSE2 0
#endif

/* The 8 octets at p as a number whose lowest octet is the first. */
static inline uint64_t scan_load(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* A bit for each of the 8 octets of v, the first one's lowest: it is c. */
static inline unsigned scan_word(uint64_t v, uint8_t c)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t x = v ^ (UINT64_C(0x0101010101010101) * c);
    uint64_t zero = ~(((x & low) + low) | x | low); /* 0x80 where an octet of x is 0 */

    /* each product puts one octet's bit next to the others, in the highest octet */
    return (unsigned)(((zero >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

/* The same for the 16 octets at p: it is a or b. */
static inline unsigned scan_either(const uint8_t *p, uint8_t a, uint8_t b)
{
#if SCAN_SSE2
    __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8((char)a)),
                                _mm_cmpeq_epi8(octets, _mm_set1_epi8((char)b)));

    return (unsigned)_mm_movemask_epi8(hits);
#else
    uint64_t first = scan_load(p);
    uint64_t second = scan_load(p + 8);

    return scan_word(first, a) | scan_word(first, b) |
           (scan_word(second, a) | scan_word(second, b)) << 8;
#endif
}

/* The same for the 32 octets at p: it is c. */
static inline uint32_t scan_32(const uint8_t *p, uint8_t c)
{
#if SCAN_SSE2
    const __m128i *at = (const __m128i *)(const void *)p;
    const __m128i all = _mm_set1_epi8((char)c);
    unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(at), all));
    unsigned high = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(at + 1), all));

    return low | (uint32_t)high << 16;
#else
    return scan_word(scan_load(p), c) | scan_word(scan_load(p + 8), c) << 8 |
           (uint32_t)scan_word(scan_load(p + 16), c) << 16 |
           (uint32_t)scan_word(scan_load(p + 24), c) << 24;
#endif
}

/* The first octet c at p, which has n octets; NULL: there is none. For what is usually near. */
static inline const uint8_t *scan_near(const uint8_t *p, size_t n, uint8_t c)
{
    uint32_t mask;

    if (n < 64)
        return memchr(p, c, n);
    mask = scan_32(p, c);
    if (mask != 0)
        return p + (unsigned)__builtin_ctz(mask);
    mask = scan_32(p + 32, c);
    return mask != 0 ? p + 32 + (unsigned)__builtin_ctz(mask) : memchr(p + 64, c, n - 64);
}

/* The place of the lowest bit of a mask that is not 0: of the first octet that was found. */
static inline unsigned scan_first(unsigned mask)
{
    return (unsigned)__builtin_ctz(mask);
}

/* Reads the decimal digits at p, of which 8 octets can be read: returns how many there are, and
 * their value in *out. 0: there is none; 8: there are 8 or more, and *out is not set. */
static inline size_t scan_number(const uint8_t *p, uint64_t *out)
{
    uint64_t v = scan_load(p) ^ UINT64_C(0x3030303030303030); /* digits are 0 to 9 now */
    /* 0x80 at the first octet that is none, and perhaps behind it */
    uint64_t stop = ((v + UINT64_C(0x7676767676767676)) | v) & UINT64_C(0x8080808080808080);
    size_t n;

    if (stop == 0)
        return 8;
    n = (size_t)__builtin_ctzll(stop) / 8;
    if (n == 0)
        return 0;
    v <<= (8 - n) * 8;     /* zeros in front */
    v = v * 10 + (v >> 8); /* pairs of digits, in each second octet */
    *out = (((v & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064)) +
            (((v >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001))) >>
           32;
    return n;
}

#endif
