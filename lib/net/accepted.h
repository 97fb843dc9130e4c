/* accepted.h - certificates that somebody has accepted although something is wrong with them: by
 * host and public key. Any thread. */
#ifndef MLA_NET_ACCEPTED_H
#define MLA_NET_ACCEPTED_H

#include "base/mem.h"
#include "net/hostname.h"

enum { ACCEPTED_MAX = 64, ACCEPTED_KEY = 32 };

struct accepted;

/* 0 or MLA_E_NOMEM. */
int accepted_new(const struct mem *mem, struct accepted **out);
void accepted_free(struct accepted *a); /* NULL is accepted */
/* Keeps (or widens) that for host this key may have these faults. The oldest of more than
 * ACCEPTED_MAX goes. 0 or MLA_E_NOMEM. */
int accepted_add(struct accepted *a, const struct hostname *host, const uint8_t key[ACCEPTED_KEY],
                 uint32_t why);
/* 1 when all of why was accepted for this key; else 0, and *out_changed says whether another key
 * was for this host, but not this one. */
int accepted_has(struct accepted *a, const struct hostname *host, const uint8_t key[ACCEPTED_KEY],
                 uint32_t why, int *out_changed);
/* 1 when there is none at all. */
int accepted_is_empty(struct accepted *a);

#endif
