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

enum { ARENA_ALIGN = 16 };

struct arena {
    const struct mem *mem;
    struct arena_chunk *head; /* the newest chunk */
    unsigned char *at;        /* its first free octet ... */
    size_t left;              /* ... and how many there are, a multiple of ARENA_ALIGN */
    size_t keep;              /* what it holds, where it is the only one and stays; else 0 */
    size_t used;              /* octets handed out since the last reset */
    size_t max;               /* the most that may be handed out between two resets */
    int over;                 /* a request failed because of max, not of memory */
};

/* Allocates nothing yet. mem must outlive the arena; max is in octets. */
void arena_init(struct arena *a, const struct mem *mem, size_t max);
/* Zeroed, aligned for any object. NULL when memory is short or max would be exceeded (a->over). */
void *arena_alloc(struct arena *a, size_t size) MLA_MUST_CHECK;
void *arena_array(struct arena *a, size_t count, size_t size) MLA_MUST_CHECK;
/* The same, not zeroed: for what is written whole at once. */
void *arena_raw_slow(struct arena *a, size_t size) MLA_MUST_CHECK;
static inline void *arena_raw(struct arena *a, size_t size)
{
    const size_t need = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    void *p = a->at;

    if (size - 1 >= a->left || need > a->max - a->used) /* a size of 0, too */
        return arena_raw_slow(a, size);
    a->at += need;
    a->left -= need;
    a->used += need;
    return p;
}
/* A copy with a final NUL. */
char *arena_dup(struct arena *a, const void *ptr, size_t len) MLA_MUST_CHECK;
/* Forgets every allocation and keeps one chunk for the next use. */
void arena_reset_slow(struct arena *a);
static inline void arena_reset(struct arena *a)
{
    if (a->keep == 0) {
        arena_reset_slow(a);
        return;
    }
    a->at -= a->keep - a->left;
    a->left = a->keep;
    a->used = 0;
    a->over = 0;
}
/* Gives everything back; the arena may be used again. */
void arena_free(struct arena *a);
/* Checks the invariants; 1 when they hold (tests). */
int arena_sane(const struct arena *a);

#endif
