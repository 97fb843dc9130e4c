/* guard.h - allocators for the runner: one that fails on demand, one whose blocks end where a page
 * begins that nobody may touch. */
#ifndef GUARD_H
#define GUARD_H

#include "mailaccess/config.h"

struct guard {
    size_t calls;
    size_t fail_at; /* the call that fails, from 1; 0: none */
    int from_then_on;
    int pages;   /* each block ends at a page of PROT_NONE */
    size_t held; /* blocks not given back */
};

/* Fills a; it refers to g. */
void guard_allocator(struct guard *g, mla_allocator *a);
/* len octets that end at a forbidden page, and their release. */
void *guard_alloc(size_t len);
void guard_release(void *ptr);
/* The same from one piece of memory that stays, which takes no system call: the octets are the
 * caller's until guard_edge_end(), which leaves rubbish in them, or the next guard_edge(). */
void *guard_edge(size_t len);
void guard_edge_end(void);

#endif
