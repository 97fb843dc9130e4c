/* vec_neon.c - see vec.h: 16 octets at a time on AArch64 */
#include "codec/vec.h"

#include <arm_neon.h>

/* The highest bit of each octet as a number: each is moved to a place of its own, and summed. */
static inline uint32_t mask(uint8x16_t v)
{
    static const int8_t places[16] = {-7, -6, -5, -4, -3, -2, -1, 0, -7, -6, -5, -4, -3, -2, -1, 0};
    uint8x16_t bits = vshlq_u8(vandq_u8(v, vdupq_n_u8(0x80)), vld1q_s8(places));

    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

#define V             uint8x16_t
#define V_SIZE        16
#define V_ALL         UINT32_C(0xffff)
#define V_LOAD(p)     vld1q_u8(p)
#define V_STORE(p, v) vst1q_u8(p, v)
#define V_EQ(v, c)    vceqq_u8(v, vdupq_n_u8((uint8_t)(c)))
#define V_NAME(v)     vcltq_u8(vsubq_u8(v, vdupq_n_u8(33)), vdupq_n_u8(127 - 33))
#define V_OR(a, b)    vorrq_u8(a, b)
#define V_AND(a, b)   vandq_u8(a, b)
#define V_MASK(v)     mask(v)
#include "codec/vec_scan.h"

#define V_SET(c)             vdupq_n_u8((uint8_t)(c))
#define V_XOR(a, b)          veorq_u8(a, b)
#define V_TABLE(t, v)        vqtbl1q_u8(vld1q_u8(t), v)
#define V_HALF(v)            vshrq_n_u8(v, 4)
#define V_LESS(a, b)         vqsubq_u8(a, b)
#define V_BACK(v, before, k) vextq_u8(before, v, 16 - (k))
#include "codec/vec_utf8.h"

#define B_SIZE 16

/* As vec_x86.h says. */
static inline uint32_t base64_word(const uint8_t *p, uint8_t *out)
{
    static const uint8_t by_lower[16] = {0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                         0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a};
    static const uint8_t by_upper[16] = {0x10, 0x10, 1,    2,    4,    8,    4,    8,
                                         0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10};
    static const uint8_t to_add[16] = {0, 16, 19, 4, 256 - 65, 256 - 65, 256 - 71, 256 - 71};
    static const uint8_t order[16] = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255};
    uint8x16_t v = vld1q_u8(p);
    uint8x16_t upper = vshrq_n_u8(v, 4);
    uint8x16_t faults = vandq_u8(vqtbl1q_u8(vld1q_u8(by_lower), vandq_u8(v, vdupq_n_u8(15))),
                                 vqtbl1q_u8(vld1q_u8(by_upper), upper));
    uint8x16_t row = vaddq_u8(vceqq_u8(v, vdupq_n_u8('/')), upper);
    uint32x4_t four;

    /* four values of six bits in each lane, the first one uppermost, become one of 24 */
    v = vrev32q_u8(vaddq_u8(v, vqtbl1q_u8(vld1q_u8(to_add), row)));
    four = vreinterpretq_u32_u8(v);
    four = vorrq_u32(vorrq_u32(vandq_u32(four, vdupq_n_u32(0x3f)),
                               vandq_u32(vshrq_n_u32(four, 2), vdupq_n_u32(0xfc0))),
                     vorrq_u32(vandq_u32(vshrq_n_u32(four, 4), vdupq_n_u32(0x3f000)),
                               vandq_u32(vshrq_n_u32(four, 6), vdupq_n_u32(0xfc0000))));
    vst1q_u8(out, vqtbl1q_u8(vreinterpretq_u8_u32(four), vld1q_u8(order)));
    return mask(vcgtq_u8(faults, vdupq_n_u8(0)));
}

static inline void base64_unword(const uint8_t *p, char *out)
{
    static const uint8_t spread[16] = {2, 1, 0, 255, 5, 4, 3, 255, 8, 7, 6, 255, 11, 10, 9, 255};
    static const uint8_t alphabet[64] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32x4_t three = vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(p), vld1q_u8(spread)));
    uint32x4_t four =
        vorrq_u32(vorrq_u32(vandq_u32(three, vdupq_n_u32(0x3f)),
                            vandq_u32(vshlq_n_u32(three, 2), vdupq_n_u32(0x3f00))),
                  vorrq_u32(vandq_u32(vshlq_n_u32(three, 4), vdupq_n_u32(0x3f0000)),
                            vandq_u32(vshlq_n_u32(three, 6), vdupq_n_u32(0x3f000000))));
    uint8x16x4_t table = vld1q_u8_x4(alphabet);

    vst1q_u8((uint8_t *)out, vqtbl4q_u8(table, vrev32q_u8(vreinterpretq_u8_u32(four))));
}

#include "codec/vec_base64.h"

const struct vec vec_neon = {
    .name = "NEON",
    .ascii_run = scan_ascii_run,
    .utf8_run = scan_utf8_run,
    .until_dash = scan_until_dash,
    .field = scan_field,
    .qp_copy = scan_qp_copy,
    .base64_decode = wide_base64_decode,
    .base64_encode = wide_base64_encode,
};
