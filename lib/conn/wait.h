/* wait.h - the only place that blocks, and what wakes it up. */
#ifndef MLA_CONN_WAIT_H
#define MLA_CONN_WAIT_H

#include "base/mem.h"

#include <stdint.h>

struct wake;

/* 0 or MLA_E_NOMEM. The descriptor behind it is made at the first wait. */
int wake_new(const struct mem *mem, struct wake **out);
void wake_free(struct wake *w);
/* Ends the wait that is going on, or else the next one. Any thread, and signal handlers. */
void wake_raise(struct wake *w);

/* Waits until fd (-1: none) is readable or writable (STREAM_* bits; STREAM_NOW: do not wait), at
 * most until the clock shows until_ms. 1: ready; 0: the time is over; MLA_E_CANCELLED: woken up;
 * MLA_E_IO: the descriptor is no good. */
int wait_for(struct wake *w, int fd, uint32_t wants, uint64_t until_ms);

#endif
