/* vec_sse.c - see vec.h: 16 octets at a time. It is compiled twice: for SSE2, which every x86-64
 * has, and for SSSE3, whose octets can be looked up. */
#include "codec/vec.h"
#include "codec/vec_x86.h"

#define V             __m128i
#define V_SIZE        16
#define V_ALL         UINT32_C(0xffff)
#define V_LOAD(p)     LOAD16(p)
#define V_STORE(p, v) STORE16(p, v)
#define V_EQ(v, c)    _mm_cmpeq_epi8(v, _mm_set1_epi8((char)(c)))
#define V_NAME(v)                                                                                  \
    _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(127)), _mm_cmpgt_epi8(v, _mm_set1_epi8(32)))
#define V_OR(a, b)  _mm_or_si128(a, b)
#define V_AND(a, b) _mm_and_si128(a, b)
#define V_MASK(v)   ((uint32_t)_mm_movemask_epi8(v))
#include "codec/vec_scan.h"

#ifdef __SSSE3__

#define V_SET(c)             _mm_set1_epi8((char)(c))
#define V_XOR(a, b)          _mm_xor_si128(a, b)
#define V_TABLE(t, v)        _mm_shuffle_epi8(LOAD16(t), v)
#define V_HALF(v)            _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(15))
#define V_LESS(a, b)         _mm_subs_epu8(a, b)
#define V_BACK(v, before, k) _mm_alignr_epi8(v, before, 16 - (k))
#include "codec/vec_utf8.h"

#define B_SIZE 16

static inline uint32_t base64_word(const uint8_t *p, uint8_t *out)
{
    uint32_t bad;
    __m128i v = base64_values(LOAD16(p), &bad);

    STORE16(out, base64_pack(v));
    return bad;
}

static inline void base64_unword(const uint8_t *p, char *out)
{
    STORE16(out, base64_characters(_mm_shuffle_epi8(LOAD16(p), BASE64_SPREAD)));
}

#include "codec/vec_base64.h"

const struct vec vec_ssse3 = {
    .name = "SSSE3",
    .ascii_run = scan_ascii_run,
    .utf8_run = scan_utf8_run,
    .until_dash = scan_until_dash,
    .field = scan_field,
    .qp_copy = scan_qp_copy,
    .base64_decode = wide_base64_decode,
    .base64_encode = wide_base64_encode,
};

#else

/* What a table must do octet by octet here is done as the plain way does it. */
static size_t base64_decode(const uint8_t *p, size_t n, uint8_t *out, size_t *out_n)
{
    return vec_plain.base64_decode(p, n, out, out_n);
}

static size_t base64_encode(const uint8_t *p, size_t n, char *out)
{
    return vec_plain.base64_encode(p, n, out);
}

const struct vec vec_sse2 = {
    .name = "SSE2",
    .ascii_run = scan_ascii_run,
    .utf8_run = scan_ascii_run,
    .until_dash = scan_until_dash,
    .field = scan_field,
    .qp_copy = scan_qp_copy,
    .base64_decode = base64_decode,
    .base64_encode = base64_encode,
};

#endif
