/* peer_chain.c - see peer_chain.h */
#include "net/peer_chain.h"

#include <string.h>

const struct peer_chain *peer_chain_keep(struct shared *s, const struct mem *mem,
                                         const struct peer_chain *seen, const struct der *certs,
                                         size_t count)
{
    const struct peer_chain *kept;
    struct peer_chain *p;
    size_t size = sizeof *p;
    uint8_t *at;

    if (count > CHAIN_MAX)
        count = CHAIN_MAX;
    for (size_t i = 0; i < count; i++)
        size += certs[i].len; /* they are in memory already: no overflow */
    p = mem_alloc(mem, size);
    if (p == NULL)
        return NULL;
    memcpy(p, seen, sizeof *p);
    at = (uint8_t *)(p + 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, certs[i].p, certs[i].len);
        at += certs[i].len;
        p->len[i] = (uint32_t)certs[i].len;
    }
    p->count = (uint32_t)count;
    kept = shared_keep(s, mem, p, size);
    mem_free(mem, p);
    return kept;
}

size_t peer_chain_certs(const struct peer_chain *p, struct der out[CHAIN_MAX])
{
    const uint8_t *at = (const uint8_t *)(p + 1);

    for (size_t i = 0; i < p->count; i++) {
        out[i] = (struct der){at, p->len[i]};
        at += p->len[i];
    }
    return p->count;
}
