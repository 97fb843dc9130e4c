/* vec_plain.c - see vec.h: eight octets at a time in C alone */
#include "base/scan.h"
#include "codec/base64.h"
#include "codec/vec.h"

#include <string.h>

#define LOW     UINT64_C(0x7f7f7f7f7f7f7f7f)
#define HIGH    UINT64_C(0x8080808080808080)
#define EACH(c) (UINT64_C(0x0101010101010101) * (uint8_t)(c))

/* 0x80 where an octet of v is c; the sum cannot carry from one octet into the next */
static inline uint64_t equal(uint64_t v, uint8_t c)
{
    uint64_t x = v ^ EACH(c);

    return ~(((x & LOW) + LOW) | x) & HIGH;
}

/* 0x80 where an octet is above 32 and below 127 */
static inline uint64_t name(uint64_t v)
{
    return ((v & LOW) + EACH(127 - 32)) & ~((v & LOW) + EACH(1)) & ~v & HIGH;
}

/* Each product puts one octet's bit next to the others, in the highest octet. */
static inline uint32_t mask(uint64_t v)
{
    return (uint32_t)((((v & HIGH) >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

#define V               uint64_t
#define V_SIZE          8
#define V_ALL           UINT32_C(0xff)
#define V_LOAD(p)       scan_load(p)
#define V_STORE(out, v) memcpy(out, p + i, 8)
#define V_EQ(v, c)      equal(v, c)
#define V_NAME(v)       name(v)
#define V_OR(a, b)      ((a) | (b))
#define V_AND(a, b)     ((a) & (b))
#define V_MASK(v)       mask(v)
#include "codec/vec_scan.h"

/* 1: a line end was passed over */
static inline int skip_line_end(const uint8_t **p, const uint8_t *end)
{
    if (**p == '\n') {
        ++*p;
        return 1;
    }
    if (**p != '\r' || end - *p < 2 || (*p)[1] != '\n')
        return 0;
    *p += 2;
    return 1;
}

static size_t base64_decode(const uint8_t *in, size_t n, uint8_t *out, size_t *out_n)
{
    const uint8_t *p = in;
    const uint8_t *end = in + n;
    uint8_t *o = out;

    for (;;) {
        for (; end - p >= 4; p += 4, o += 3) {
            uint32_t a = base64_value[p[0]];
            uint32_t b = base64_value[p[1]];
            uint32_t c = base64_value[p[2]];
            uint32_t d = base64_value[p[3]];
            uint32_t v = a << 18 | b << 12 | c << 6 | d;

            if ((a | b | c | d) & BASE64_NO)
                break;
            o[0] = (uint8_t)(v >> 16);
            o[1] = (uint8_t)(v >> 8);
            o[2] = (uint8_t)v;
        }
        if (p == end || !skip_line_end(&p, end))
            break;
    }
    *out_n = (size_t)(o - out);
    return (size_t)(p - in);
}

static size_t base64_encode3(const uint8_t *in, size_t n, char *out)
{
    size_t i = 0;

    for (; n - i >= 3; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];

        *out++ = base64_alphabet[v >> 18];
        *out++ = base64_alphabet[v >> 12 & 63];
        *out++ = base64_alphabet[v >> 6 & 63];
        *out++ = base64_alphabet[v & 63];
    }
    return i;
}

const struct vec vec_plain = {
    .name = "plain",
    .ascii_run = scan_ascii_run,
    .utf8_run = scan_ascii_run,
    .until_dash = scan_until_dash,
    .field = scan_field,
    .qp_copy = scan_qp_copy,
    .base64_decode = base64_decode,
    .base64_encode = base64_encode3,
};
