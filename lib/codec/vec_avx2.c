/* vec_avx2.c - see vec.h: 32 octets at a time */
#include "codec/vec.h"
#include "codec/vec_x86.h"

#define LOAD32(p)     _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define STORE32(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), v)
#define TWICE(v)      _mm256_broadcastsi128_si256(v)

#define V             __m256i
#define V_SIZE        32
#define V_ALL         UINT32_MAX
#define V_LOAD(p)     LOAD32(p)
#define V_STORE(p, v) STORE32(p, v)
#define V_EQ(v, c)    _mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)(c)))
#define V_NAME(v)                                                                                  \
    _mm256_andnot_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(127)),                               \
                        _mm256_cmpgt_epi8(v, _mm256_set1_epi8(32)))
#define V_OR(a, b)  _mm256_or_si256(a, b)
#define V_AND(a, b) _mm256_and_si256(a, b)
#define V_MASK(v)   ((uint32_t)_mm256_movemask_epi8(v))
#include "codec/vec_scan.h"

#define V_SET(c)      _mm256_set1_epi8((char)(c))
#define V_XOR(a, b)   _mm256_xor_si256(a, b)
#define V_TABLE(t, v) _mm256_shuffle_epi8(TWICE(LOAD16(t)), v)
#define V_HALF(v)     _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15))
#define V_LESS(a, b)  _mm256_subs_epu8(a, b)
#define V_BACK(v, before, k)                                                                       \
    _mm256_alignr_epi8(v, _mm256_permute2x128_si256(before, v, 0x21), 16 - (k))
#include "codec/vec_utf8.h"

#define B_SIZE 32

/* As base64_values() and base64_pack() of vec_x86.h do it, with twice the width. */
static inline uint32_t base64_word(const uint8_t *p, uint8_t *out)
{
    const __m256i by_lower = TWICE(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                                 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a));
    const __m256i by_upper = TWICE(_mm_setr_epi8(0x10, 0x10, 1, 2, 4, 8, 4, 8, 0x10, 0x10, 0x10,
                                                 0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i to_add =
        TWICE(_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i order =
        TWICE(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    const __m256i slash = _mm256_set1_epi8('/');
    __m256i v = LOAD32(p);
    __m256i upper = _mm256_and_si256(_mm256_srli_epi32(v, 4), slash);
    __m256i faults = _mm256_and_si256(_mm256_shuffle_epi8(by_lower, _mm256_and_si256(v, slash)),
                                      _mm256_shuffle_epi8(by_upper, upper));
    __m256i row = _mm256_add_epi8(_mm256_cmpeq_epi8(v, slash), upper);
    __m256i pairs;

    v = _mm256_add_epi8(v, _mm256_shuffle_epi8(to_add, row));
    pairs = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
    v = _mm256_shuffle_epi8(_mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000)), order);
    STORE32(out, _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7)));
    return V_MASK(_mm256_cmpgt_epi8(faults, _mm256_setzero_si256()));
}

/* 24 octets as two times 12. */
static inline void base64_unword(const uint8_t *p, char *out)
{
    STORE16(out, base64_characters(_mm_shuffle_epi8(LOAD16(p), BASE64_SPREAD)));
    STORE16(out + 16, base64_characters(_mm_shuffle_epi8(LOAD16(p + 12), BASE64_SPREAD)));
}

#include "codec/vec_base64.h"

const struct vec vec_avx2 = {
    .name = "AVX2",
    .ascii_run = scan_ascii_run,
    .utf8_run = scan_utf8_run,
    .until_dash = scan_until_dash,
    .field = scan_field,
    .qp_copy = scan_qp_copy,
    .base64_decode = wide_base64_decode,
    .base64_encode = wide_base64_encode,
};
