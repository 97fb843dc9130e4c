/* backoff.h - when to try again. No clock in here: each call is told the time in milliseconds. */
#ifndef MLA_KEEP_BACKOFF_H
#define MLA_KEEP_BACKOFF_H

#include <stdint.h>

/* A connection that lasted so long was a good one: what follows it is a new series of tries. */
enum { BACKOFF_STABLE_MS = 60000 };
/* What a server asks for counts up to a day: no sentence of its keeps us away for weeks. */
enum { BACKOFF_ASKED_MAX_MS = 24 * 3600 * 1000 };

struct backoff {
    uint64_t first_ms; /* the wait behind the first failure ... */
    uint64_t max_ms;   /* ... doubles with each, up to this */
    uint64_t random;   /* state of the jitter */
    uint32_t tries;    /* failures in this series */
    uint64_t at_ms;    /* when to try again */
    uint64_t held_ms;  /* not before that, whatever happens: the server asked for it */
};

/* seed decides about the jitter. */
void backoff_init(struct backoff *b, uint64_t first_ms, uint64_t max_ms, uint64_t seed);
/* A try has failed, or a connection broke that had been good for lasted_ms; the server wants to be
 * left alone for asked_ms. How long the wait is. */
uint64_t backoff_failed(struct backoff *b, uint64_t now_ms, uint64_t lasted_ms, uint64_t asked_ms);
/* There is hope: a new series begins at once, or when the server's wait is over. */
void backoff_hope(struct backoff *b, uint64_t now_ms);

#endif
