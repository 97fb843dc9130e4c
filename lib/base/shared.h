/* shared.h - octets that never change, kept once however many hold the same: what a server says to
 * each of a thousand sessions takes the room of one. Any thread. */
#ifndef MLA_BASE_SHARED_H
#define MLA_BASE_SHARED_H

#include "base/mem.h"

/* Where it is kept; nothing is in it that nobody holds. */
struct shared;

/* 0 or MLA_E_NOMEM. */
int shared_new(const struct mem *mem, struct shared **out);
/* Nothing of it is held any more. NULL is accepted. */
void shared_free(struct shared *s);
/* len octets that equal these, aligned for any object; held until shared_drop(). NULL when memory
 * is short. Without s they are the caller's alone, and so is the thread. */
const void *shared_keep(struct shared *s, const struct mem *mem, const void *octets,
                        size_t len) MLA_MUST_CHECK;
/* The same, but for the first head octets: they are not compared, fill() writes them once, where
 * the block will stay. For what points into the rest. */
const void *shared_make(struct shared *s, const struct mem *mem, const void *octets, size_t len,
                        size_t head, void (*fill)(void *block, size_t head)) MLA_MUST_CHECK;
/* Holds what either gave once more; returns it. */
const void *shared_hold(const void *p);
void shared_drop(const void *p); /* NULL is accepted */

#endif
