/* dns_answer.h - reads an answer of DNS (RFC 1035 section 4) as far as SRV and MX need it. */
#ifndef MLA_NET_DNS_ANSWER_H
#define MLA_NET_DNS_ANSWER_H

#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

enum { DNS_TYPE_CNAME = 5, DNS_TYPE_MX = 15, DNS_TYPE_SRV = 33 };
enum { DNS_NAME_MAX = 253, DNS_RECORDS_MAX = 32 };

/* One SRV (RFC 2782) or MX record. */
struct dns_record {
    uint16_t priority; /* MX: the preference */
    uint16_t weight;
    uint16_t port;
    char target[DNS_NAME_MAX + 1]; /* lower case, without a final dot; "" for the root, "." */
};

struct dns_answer {
    struct dns_record records[DNS_RECORDS_MAX];
    size_t count;
    size_t unusable;   /* records left out: no host name, port 0, or above DNS_RECORDS_MAX */
    int authenticated; /* the AD bit, where the resolver is to be believed; set by who asked */
};

/* Reads the n octets at p as the answer to the question for name (ASCII, without a final dot) and
 * type. Names that are aliases are followed within the answer. 0, also when there are no such
 * records or no such name; MLA_E_RESOLVE: the server says that it failed; MLA_E_PROTOCOL: it is not
 * an answer to that, or not well-formed, or cut off. */
int dns_answer_read(const uint8_t *p, size_t n, const char *name, int type, struct dns_answer *out,
                    mla_error *err);

#endif
