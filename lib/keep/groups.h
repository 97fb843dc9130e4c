/* groups.h - news that wait to be told: which UIDs are gone, new, changed.
 *
 * Told in the order of the groups, and in each GONE before NEW before CHANGED. A message that came
 * and went is in two groups, so that whoever applies them one after the other ends where the
 * mailbox is. */
#ifndef MLA_KEEP_GROUPS_H
#define MLA_KEEP_GROUPS_H

#include "base/mem.h"
#include "mailaccess/types.h"

enum { NEWS_GONE = 0, NEWS_NEW = 1, NEWS_CHANGED = 2, NEWS_KINDS = 3 };

struct runs {
    mla_range *at;
    size_t count;
    size_t cap;
    uint64_t messages;
};

struct group {
    struct group *next;
    struct runs runs[NEWS_KINDS];
};

struct groups {
    const struct mem *mem;
    struct group *head;
    struct group *tail;
};

void groups_init(struct groups *g, const struct mem *mem);
void groups_clear(struct groups *g);
/* 0 or MLA_E_NOMEM. */
int groups_add(struct groups *g, int kind, uint32_t first, uint32_t last);
/* 1 when some wait. */
int groups_any(const struct groups *g);
/* Takes the next ones out: 1, *out_kind and *out, which is the caller's to mem_free(); 0: none. */
int groups_next(struct groups *g, int *out_kind, struct runs *out);

#endif
