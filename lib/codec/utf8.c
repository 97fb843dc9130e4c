/* utf8.c - see utf8.h */
#include "codec/utf8.h"

#include "codec/vec.h"

#include <string.h>

enum { SLOW = 32 };

size_t utf8_read(const uint8_t *p, size_t n, uint32_t *out_c, size_t *out_bad)
{
    uint8_t lo = 0x80;
    uint8_t hi = 0xbf;
    uint32_t c;
    size_t len;

    *out_bad = 1;
    if (p[0] < 0x80) {
        *out_c = p[0];
        return 1;
    }
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    c = p[0] & (0x7fU >> len);
    /* The second octet tells overlong forms, surrogates and what is beyond U+10FFFF. */
    if (p[0] == 0xe0)
        lo = 0xa0;
    if (p[0] == 0xed)
        hi = 0x9f;
    if (p[0] == 0xf0)
        lo = 0x90;
    if (p[0] == 0xf4)
        hi = 0x8f;
    for (size_t i = 1; i < len; i++) {
        if (i == n || p[i] < lo || p[i] > hi) {
            *out_bad = i;
            return 0;
        }
        c = c << 6 | (p[i] & 0x3fU);
        lo = 0x80;
        hi = 0xbf;
    }
    *out_c = c;
    return len;
}

size_t utf8_write(uint32_t c, uint8_t out[UTF8_MAX])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

size_t utf8_ascii_run(const void *ptr, size_t n)
{
    return vec_now()->ascii_run(ptr, n);
}

/* How many octets at the start are well-formed. */
static size_t good_run(const uint8_t *p, size_t n, size_t *out_bad)
{
    const struct vec *vec = vec_now();
    size_t i = 0;

    for (;;) {
        size_t slow;

        i += vec->utf8_run(p + i, n - i);
        /* There may be a fault near here: not worth the long way round for some characters. */
        slow = n - i < SLOW ? n : i + SLOW;
        while (i < slow) {
            uint32_t c;
            size_t len = utf8_read(p + i, n - i, &c, out_bad);

            if (len == 0)
                return i;
            i += len;
        }
        if (i == n)
            return n;
    }
}

int utf8_valid(const void *ptr, size_t n)
{
    size_t bad;

    return n == 0 || good_run(ptr, n, &bad) == n;
}

int utf8_repair(struct buf *b, const void *ptr, size_t n, size_t *out_bad)
{
    const uint8_t *p = ptr;
    size_t at = 0;
    int seen = 0;

    while (at < n) {
        size_t bad = 0;
        size_t good = good_run(p + at, n - at, &bad);

        buf_add(b, p + at, good);
        at += good;
        if (at == n)
            break;
        buf_add(b, "\xef\xbf\xbd", 3);
        if (!seen && out_bad != NULL)
            *out_bad = at;
        seen = 1;
        at += bad;
    }
    return b->failed;
}
