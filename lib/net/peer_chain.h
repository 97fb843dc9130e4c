/* peer_chain.h - the certificates that a server has shown and what was found out about them, in one
 * block: connections on which the same came share it. */
#ifndef MLA_NET_PEER_CHAIN_H
#define MLA_NET_PEER_CHAIN_H

#include "base/shared.h"
#include "net/certificate.h"

enum { PEER_KEY = 32, PEER_END_POINT = 64 };

/* Without gaps: it is compared octet by octet. */
struct peer_chain {
    uint32_t why[CHAIN_MAX]; /* VERDICT_* of each, the server's own first */
    uint32_t len[CHAIN_MAX]; /* its octets; all of them stand behind the struct, in that order */
    uint32_t count;          /* 0: they were not kept */
    uint32_t has_key;
    uint32_t end_point_len;            /* 0: it cannot be told */
    uint8_t key[PEER_KEY];             /* SHA-256 of the server's public key */
    uint8_t end_point[PEER_END_POINT]; /* tls-server-end-point (RFC 5929 section 4) */
};

/* What was found out in seen, with these certificates behind it. It is held until shared_drop();
 * NULL when memory is short. */
const struct peer_chain *peer_chain_keep(struct shared *s, const struct mem *mem,
                                         const struct peer_chain *seen, const struct der *certs,
                                         size_t count) MLA_MUST_CHECK;
/* The octets of its certificates; how many. */
size_t peer_chain_certs(const struct peer_chain *p, struct der out[CHAIN_MAX]);

#endif
