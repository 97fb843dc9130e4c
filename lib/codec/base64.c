/* base64.c - see base64.h */
#include "codec/base64.h"

#include "base/ascii.h"
#include "codec/vec.h"
#include "mailaccess/types.h"

const char base64_alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO = BASE64_NO };

#define N16 NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO
const uint8_t base64_value[256] = {
    N16, N16, NO, NO, NO, NO, NO, NO, NO, NO, NO,  NO,  NO,  62,  NO,  NO,  NO,  63, 52, 53, 54, 55,
    56,  57,  58, 59, 60, 61, NO, NO, NO, NO, NO,  NO,  NO,  0,   1,   2,   3,   4,  5,  6,  7,  8,
    9,   10,  11, 12, 13, 14, 15, 16, 17, 18, 19,  20,  21,  22,  23,  24,  25,  NO, NO, NO, NO, NO,
    NO,  26,  27, 28, 29, 30, 31, 32, 33, 34, 35,  36,  37,  38,  39,  40,  41,  42, 43, 44, 45, 46,
    47,  48,  49, 50, 51, NO, NO, NO, NO, NO, N16, N16, N16, N16, N16, N16, N16, N16};
#undef N16

size_t base64_encoded_len(size_t n)
{
    size_t quanta = n / 3 + (n % 3 != 0);

    return quanta > SIZE_MAX / 4 ? 0 : quanta * 4;
}

void base64_encode(const void *in, size_t n, char *out)
{
    size_t used = vec_now()->base64_encode(in, n, out);
    const uint8_t *p = (const uint8_t *)in + used;

    out += used / 3 * 4;
    n -= used;
    if (n != 0) {
        uint32_t v = (uint32_t)p[0] << 16 | (n == 2 ? (uint32_t)p[1] << 8 : 0);

        *out++ = base64_alphabet[v >> 18];
        *out++ = base64_alphabet[v >> 12 & 63];
        *out++ = n == 2 ? base64_alphabet[v >> 6 & 63] : '=';
        *out++ = '=';
    }
}

/* The last quantum, which may be padded: 1 to 3 octets into out, 0 when it is malformed. */
static size_t last_quantum(const uint8_t *p, uint8_t out[3])
{
    uint32_t a = base64_value[p[0]];
    uint32_t b = base64_value[p[1]];
    uint32_t c = base64_value[p[2]];
    uint32_t d = base64_value[p[3]];

    if ((a | b) & NO)
        return 0;
    out[0] = (uint8_t)(a << 2 | b >> 4);
    if (p[2] == '=' && p[3] == '=')
        return (b & 15) == 0 ? 1 : 0;
    if (c & NO)
        return 0;
    out[1] = (uint8_t)(b << 4 | c >> 2);
    if (p[3] == '=')
        return (c & 3) == 0 ? 2 : 0;
    if (d & NO)
        return 0;
    out[2] = (uint8_t)(c << 6 | d);
    return 3;
}

int base64_decode_strict(const void *in, size_t n, uint8_t *out, size_t cap, size_t *out_n)
{
    const uint8_t *p = in;
    size_t at = 0;

    if (n % 4 != 0)
        return MLA_E_SYNTAX;
    for (size_t i = 0; i < n; i += 4) {
        uint8_t three[3];
        size_t got = last_quantum(p + i, three);

        if (got == 0 || (got < 3 && i + 4 != n))
            return MLA_E_SYNTAX;
        if (got > cap - at)
            return MLA_E_LIMIT;
        for (size_t k = 0; k < got; k++)
            out[at++] = three[k];
    }
    *out_n = at;
    return 0;
}

static void note(struct base64_dec *d, int defect, uint64_t at)
{
    if ((d->defects & 1U << defect) == 0)
        d->at[defect] = at;
    d->defects |= 1U << defect;
}

/* The octets of an unfinished quantum. */
static size_t flush(struct base64_dec *d, uint8_t *out)
{
    size_t n = d->have < 2 ? 0 : d->have - 1;

    if (n == 1)
        out[0] = (uint8_t)(d->bits >> 4);
    if (n == 2) {
        out[0] = (uint8_t)(d->bits >> 10);
        out[1] = (uint8_t)(d->bits >> 2);
    }
    d->bits = d->have = 0;
    return n;
}

/* Behind the padding: only spaces and more padding are expected. */
static void after_end(struct base64_dec *d, const uint8_t *p, const uint8_t *end, const uint8_t *in)
{
    for (; p < end; p++)
        if (*p != '=' && !ascii_is_space(*p)) {
            note(d, BASE64_AFTER, d->pos + (uint64_t)(p - in));
            return;
        }
}

/* One character by the long way; how many octets it completed. */
static size_t one(struct base64_dec *d, uint8_t c, uint64_t at, uint8_t *out)
{
    uint32_t v = base64_value[c];

    if ((v & NO) == 0) {
        d->bits = d->bits << 6 | v;
        if (++d->have < 4)
            return 0;
        out[0] = (uint8_t)(d->bits >> 16);
        out[1] = (uint8_t)(d->bits >> 8);
        out[2] = (uint8_t)d->bits;
        d->bits = d->have = 0;
        return 3;
    }
    if (c == '=' && d->have >= 2) {
        d->ended = 1;
        return flush(d, out);
    }
    if (!ascii_is_space(c))
        note(d, BASE64_JUNK, at);
    return 0;
}

size_t base64_feed(struct base64_dec *d, const void *in, size_t n, uint8_t *out)
{
    const struct vec *vec = vec_now();
    const uint8_t *p = in;
    const uint8_t *end = p + n;
    uint8_t *o = out;

    while (p < end && !d->ended) {
        if (d->have == 0 && (base64_value[*p] & NO) == 0) {
            size_t got;

            p += vec->base64_decode(p, (size_t)(end - p), o, &got);
            o += got;
        }
        if (p < end) {
            o += one(d, *p, d->pos + (uint64_t)(p - (const uint8_t *)in), o);
            p++;
        }
    }
    if (p < end)
        after_end(d, p, end, in);
    d->pos += n;
    return (size_t)(o - out);
}

size_t base64_end(struct base64_dec *d, uint8_t *out)
{
    if (d->have == 1)
        note(d, BASE64_CUT, d->pos);
    if (d->have > 1)
        note(d, BASE64_UNPADDED, d->pos);
    return flush(d, out);
}
