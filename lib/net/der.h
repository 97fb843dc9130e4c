/* der.h - reading DER (ITU-T X.690), as far as certificates need it. */
#ifndef MLA_NET_DER_H
#define MLA_NET_DER_H

#include <stddef.h>
#include <stdint.h>

/* A run of octets; len 0: none. */
struct der {
    const uint8_t *p;
    size_t len;
};

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};

/* Takes the next element from in: its tag, its contents and, where all is not NULL, the whole of
 * it. 1; 0 when nothing is left or what is there is no DER of definite length. */
int der_take(struct der *in, uint8_t *out_tag, struct der *out, struct der *out_all);
/* The same when its tag is this one; else 0, and in stays as it is. */
int der_take_tag(struct der *in, uint8_t tag, struct der *out);
/* 1 when the contents of an object identifier are these octets. */
int der_is_oid(struct der oid, const void *octets, size_t len);
/* UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5) in seconds since 1970: 1 or 0. */
int der_time(uint8_t tag, struct der text, int64_t *out_seconds);

#endif
