/* arena.h - memory that is freed all at once.
 *
 * One arena per event: the parser allocates into it, the user reads from it, one call ends it.
 * Built with MLA_ARENA_EXACT every allocation is a block of its own, so that ASan sees overflows
 * and a sweep of failing allocations meets each one. */
#ifndef MLA_BASE_ARENA_H
#define MLA_BASE_ARENA_H

#include "base/mem.h"

#include <stddef.h>

struct arena_chunk;

struct arena {
    const struct mem *mem;
    struct arena_chunk *head; /* the newest chunk */
    size_t used;              /* octets handed out since the last reset */
    size_t max;               /* the most that may be handed out between two resets */
    int over;                 /* a request failed because of max, not of memory */
};

/* Allocates nothing yet. mem must outlive the arena; max is in octets. */
void arena_init(struct arena *a, const struct mem *mem, size_t max);
/* Zeroed, aligned for any object. NULL when memory is short or max would be exceeded (a->over). */
void *arena_alloc(struct arena *a, size_t size) MLA_MUST_CHECK;
void *arena_array(struct arena *a, size_t count, size_t size) MLA_MUST_CHECK;
/* A copy with a final NUL. */
char *arena_dup(struct arena *a, const void *ptr, size_t len) MLA_MUST_CHECK;
/* Forgets every allocation and keeps one chunk for the next use. */
void arena_reset(struct arena *a);
/* Gives everything back; the arena may be used again. */
void arena_free(struct arena *a);
/* Checks the invariants; 1 when they hold (tests). */
int arena_sane(const struct arena *a);

#endif
