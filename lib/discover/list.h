/* list.h - the candidates, the best first, each named once. */
#ifndef MLA_DISCOVER_LIST_H
#define MLA_DISCOVER_LIST_H

#include "base/arena.h"
#include "mailaccess/discover_types.h"

enum { LIST_MAX = 128 };

/* The same numbers as MLA_SECURITY_*. */
enum { LIST_TLS = 0, LIST_STARTTLS = 1, LIST_CLEARTEXT = 2 };

/* Where a candidate stands in the list: a lower number is better. */
enum {
    TIER_TABLE = 0,
    TIER_AUTOCONFIG = 1,
    TIER_SRV = 2,
    TIER_MX = 3,
    TIER_ISPDB = 4,
    TIER_ISPDB_MX = 5,
    TIER_GUESS = 6,
    TIER_CLEARTEXT = 7 /* and any of the above */
};

struct list_entry {
    mla_discover_candidate c;
    uint32_t tier;
};

struct list {
    struct arena *arena;
    const char *domain; /* of the address; borrowed */
    struct list_entry *entries;
    uint32_t count;
    uint32_t cap;
};

void list_init(struct list *l, struct arena *arena, const char *domain);
/* Adds a copy of c behind all of its tier, or joins it with the one for the same server. Its flags
 * follow from authenticated: 1 when it is known that the domain wants that server. One more than
 * LIST_MAX is dropped. 0, or MLA_E_NOMEM. */
int list_add(struct list *l, const mla_discover_candidate *c, uint32_t tier, int authenticated);

#endif
