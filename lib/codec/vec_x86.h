/* vec_x86.h - words of 16 octets for SSE2, and base64 and UTF-8 for SSSE3 and AVX2.
 *
 * base64: the two halves of a character are looked up; a bit that both answers have means that it
 * is none of the alphabet, and the upper half tells what to add to get its value (Mula and Lemire,
 * "Faster Base64 Encoding and Decoding using AVX2 Instructions", 2018). */
#ifndef MLA_CODEC_VEC_X86_H
#define MLA_CODEC_VEC_X86_H

#include <immintrin.h>

#define LOAD16(p)     _mm_loadu_si128((const __m128i *)(const void *)(p))
#define STORE16(p, v) _mm_storeu_si128((__m128i *)(void *)(p), v)

#ifdef __SSSE3__

/* 16 characters to 16 values below 64; in *bad a bit for each that is not of the alphabet. */
static inline __m128i base64_values(__m128i v, uint32_t *bad)
{
    const __m128i by_lower = _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                           0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
    const __m128i by_upper =
        _mm_setr_epi8(0x10, 0x10, 1, 2, 4, 8, 4, 8, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m128i to_add = _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i slash = _mm_set1_epi8('/'); /* 0x2f: as good a mask for half octets */
    __m128i upper = _mm_and_si128(_mm_srli_epi32(v, 4), slash);
    __m128i faults = _mm_and_si128(_mm_shuffle_epi8(by_lower, _mm_and_si128(v, slash)),
                                   _mm_shuffle_epi8(by_upper, upper));
    __m128i row = _mm_add_epi8(_mm_cmpeq_epi8(v, slash), upper);

    *bad = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(faults, _mm_setzero_si128()));
    return _mm_add_epi8(v, _mm_shuffle_epi8(to_add, row));
}

/* 16 values to 12 octets. */
static inline __m128i base64_pack(__m128i v)
{
    const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    __m128i pairs = _mm_maddubs_epi16(v, _mm_set1_epi32(0x01400140));

    return _mm_shuffle_epi8(_mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000)), order);
}

/* Three octets in each group of four, any two neighbours swapped as _mm_mulhi_epu16 wants them, to
 * four characters. */
static inline __m128i base64_characters(__m128i v)
{
    const __m128i to_add =
        _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                      '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    __m128i a =
        _mm_mulhi_epu16(_mm_and_si128(v, _mm_set1_epi32(0x0fc0fc00)), _mm_set1_epi32(0x04000040));
    __m128i b =
        _mm_mullo_epi16(_mm_and_si128(v, _mm_set1_epi32(0x003f03f0)), _mm_set1_epi32(0x01000010));
    __m128i value = _mm_or_si128(a, b);
    __m128i row = _mm_subs_epu8(value, _mm_set1_epi8(51));
    __m128i upper_case = _mm_cmpgt_epi8(_mm_set1_epi8(26), value);

    row = _mm_or_si128(row, _mm_and_si128(upper_case, _mm_set1_epi8(13)));
    return _mm_add_epi8(value, _mm_shuffle_epi8(to_add, row));
}

#define BASE64_SPREAD _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10)

#endif

#endif
