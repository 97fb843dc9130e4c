/* utf7m.c - see utf7m.h */
#include "codec/utf7m.h"

#include "codec/utf8.h"
#include "mailaccess/types.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static int is_direct(uint32_t c)
{
    return c >= 0x20 && c <= 0x7e && c != '&';
}

/* The value of an octet of the modified base64, or -1. */
static int value_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == ',' ? 63 : -1;
}

/* UTF-16 in, UTF-8 out. */
struct units {
    char *out;
    size_t len;
    uint32_t high; /* a high surrogate that waits for its other half */
};

/* 1, or 0 for what may not stand in base64. */
static int add_unit(struct units *u, uint32_t unit)
{
    uint8_t octets[UTF8_MAX];
    uint32_t c = unit;
    size_t n;

    if (u->high != 0) {
        if (unit < 0xdc00 || unit > 0xdfff)
            return 0;
        c = 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00);
        u->high = 0;
    } else if (unit >= 0xd800 && unit <= 0xdbff) {
        u->high = unit;
        return 1;
    } else if ((unit >= 0xdc00 && unit <= 0xdfff) || unit == 0 || is_direct(unit) || unit == '&') {
        return 0;
    }
    n = utf8_write(c, octets);
    for (size_t i = 0; i < n; i++)
        u->out[u->len++] = (char)octets[i];
    return 1;
}

/* Base64 from p[0] up to its "-": the number of octets taken, "-" included, or 0. */
static size_t decode_shifted(struct units *u, const uint8_t *p, size_t n)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t i;

    for (i = 0; i < n && p[i] != '-'; i++) {
        int v = value_of(p[i]);

        if (v < 0)
            return 0;
        bits = (bits << 6 | (uint32_t)v) & 0x3fffff;
        have += 6;
        if (have >= 16) {
            have -= 16;
            if (!add_unit(u, bits >> have & 0xffff))
                return 0;
        }
    }
    /* fewer than six bits are left over, all of them 0 */
    if (i == n || have >= 6 || (bits & ((1U << have) - 1)) != 0 || u->high != 0)
        return 0;
    return i + 1;
}

int utf7m_decode(const uint8_t *p, size_t n, char *out, size_t *out_len)
{
    struct units u = {out, 0, 0};
    int after_shift = 0;

    for (size_t i = 0; i < n;) {
        size_t used;

        if (is_direct(p[i])) {
            u.out[u.len++] = (char)p[i++];
            after_shift = 0;
            continue;
        }
        if (p[i] != '&' || i + 1 == n)
            return 0;
        if (p[i + 1] == '-') {
            u.out[u.len++] = '&';
            i += 2;
            after_shift = 0;
            continue;
        }
        used = decode_shifted(&u, p + i + 1, n - i - 1);
        /* two shifts side by side have to be one */
        if (used == 0 || after_shift)
            return 0;
        i += 1 + used;
        after_shift = 1;
    }
    *out_len = u.len;
    return 1;
}

/* Bits on their way into base64. */
struct shifted {
    struct buf *b;
    uint32_t bits;
    unsigned have;
    int open;
};

static void put_unit(struct shifted *s, uint32_t unit)
{
    if (!s->open)
        buf_add_byte(s->b, '&');
    s->open = 1;
    s->bits = s->bits << 16 | unit;
    for (s->have += 16; s->have >= 6; s->have -= 6)
        buf_add_byte(s->b, (unsigned char)alphabet[s->bits >> (s->have - 6) & 63]);
    s->bits &= (1U << s->have) - 1;
}

static void put_end(struct shifted *s)
{
    if (!s->open)
        return;
    if (s->have > 0)
        buf_add_byte(s->b, (unsigned char)alphabet[s->bits << (6 - s->have) & 63]);
    buf_add_byte(s->b, '-');
    s->bits = 0;
    s->have = 0;
    s->open = 0;
}

int utf7m_encode(struct buf *b, const char *p, size_t n)
{
    const uint8_t *in = (const uint8_t *)p;
    struct shifted s = {b, 0, 0, 0};

    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t bad;
        size_t used = utf8_read(in + i, n - i, &c, &bad);

        if (used == 0 || c == 0)
            return MLA_E_CHARSET;
        i += used;
        if (is_direct(c) || c == '&') {
            put_end(&s);
            buf_add_byte(b, (unsigned char)c);
            if (c == '&')
                buf_add_byte(b, '-');
        } else if (c < 0x10000) {
            put_unit(&s, c);
        } else {
            put_unit(&s, 0xd800 + ((c - 0x10000) >> 10));
            put_unit(&s, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
    put_end(&s);
    return b->failed;
}
