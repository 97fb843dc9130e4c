/* der_build.h - certificates put together by hand, as wrong as a test wants them. */
#ifndef DER_BUILD_H
#define DER_BUILD_H

#include "net/der.h"
#include "test.h"

#include <string.h>

struct built {
    uint8_t p[2048];
    size_t len;
};

/* tag, length, and what it holds. */
static inline struct built der_put(uint8_t tag, const void *data, size_t len)
{
    struct built b = {{tag}, 1};

    assert_true(len < sizeof b.p - 4);
    if (len >= 0x100) {
        b.p[b.len++] = 0x82;
        b.p[b.len++] = (uint8_t)(len >> 8);
    } else if (len >= 0x80) {
        b.p[b.len++] = 0x81;
    }
    b.p[b.len++] = (uint8_t)len;
    memcpy(b.p + b.len, data, len);
    b.len += len;
    return b;
}

static inline void der_add(struct built *to, struct built one)
{
    assert_true(to->len + one.len <= sizeof to->p);
    memcpy(to->p + to->len, one.p, one.len);
    to->len += one.len;
}

static inline struct built der_wrap(uint8_t tag, const struct built *inner)
{
    return der_put(tag, inner->p, inner->len);
}

static inline struct der der_of(const struct built *b)
{
    return (struct der){b->p, b->len};
}

/* SET { SEQUENCE { 2.5.4.TYPE, value } } */
static inline struct built der_rdn(uint8_t type, uint8_t tag, const void *value, size_t len)
{
    const uint8_t oid[] = {0x55, 0x04, type};
    struct built pair = der_put(DER_OID, oid, sizeof oid);
    struct built seq;

    der_add(&pair, der_put(tag, value, len));
    seq = der_wrap(DER_SEQUENCE, &pair);
    return der_wrap(DER_SET, &seq);
}

/* SEQUENCE { 2.5.29.N, OCTET STRING { SEQUENCE { contents } } } */
static inline struct built der_extension(uint8_t n, const struct built *contents)
{
    const uint8_t oid[] = {0x55, 0x1d, n};
    struct built seq = der_wrap(DER_SEQUENCE, contents);
    struct built all = der_put(DER_OID, oid, sizeof oid);

    der_add(&all, der_wrap(DER_OCTET_STRING, &seq));
    return der_wrap(DER_SEQUENCE, &all);
}

/* A certificate with a key of nothing, this subject (an RDNSequence's contents) and these
 * extensions, one behind the other. */
static inline struct built der_certificate(const struct built *subject,
                                           const struct built *extensions)
{
    static const uint8_t algorithm[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03};
    struct built tbs = der_put(0xa0, "\x02\x01\x02", 3);
    struct built part;
    struct built list;
    struct built cert;

    der_add(&tbs, der_put(DER_INTEGER, "\x00\xab\xcd", 3));
    der_add(&tbs, der_put(DER_SEQUENCE, algorithm, sizeof algorithm));
    part = der_rdn(3, 12, "Root", 4);
    der_add(&tbs, der_wrap(DER_SEQUENCE, &part));
    part = der_put(0x17, "491231235959Z", 13);
    der_add(&part, der_put(0x18, "20500101000000Z", 15));
    der_add(&tbs, der_wrap(DER_SEQUENCE, &part));
    der_add(&tbs, der_wrap(DER_SEQUENCE, subject));
    part = der_put(DER_SEQUENCE, "\x06\x03\x2b\x65\x70", 5); /* Ed25519 */
    der_add(&part, der_put(DER_BIT_STRING, "\0key", 4));
    der_add(&tbs, der_wrap(DER_SEQUENCE, &part));
    if (extensions->len != 0) {
        list = der_wrap(DER_SEQUENCE, extensions);
        der_add(&tbs, der_wrap(0xa3, &list));
    }
    cert = der_wrap(DER_SEQUENCE, &tbs);
    der_add(&cert, der_put(DER_SEQUENCE, algorithm, sizeof algorithm));
    der_add(&cert, der_put(DER_BIT_STRING, "\0signed", 7));
    return der_wrap(DER_SEQUENCE, &cert);
}

#endif
