/* backoff.c - see backoff.h */
#include "keep/backoff.h"

#include <string.h>

void backoff_init(struct backoff *b, uint64_t first_ms, uint64_t max_ms, uint64_t seed)
{
    memset(b, 0, sizeof *b);
    b->first_ms = first_ms;
    b->max_ms = max_ms > first_ms ? max_ms : first_ms;
    b->random = seed;
}

/* SplitMix64: not for secrets, and the same from the same seed everywhere. */
static uint64_t draw(struct backoff *b, uint64_t below)
{
    uint64_t x;

    b->random += UINT64_C(0x9e3779b97f4a7c15);
    x = b->random;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return below != 0 ? x % below : 0;
}

/* The first wait is anything up to first_ms, so that those whom one server has thrown out together
 * do not come back together; later ones are between a half and the whole of what has doubled. */
static uint64_t length(struct backoff *b)
{
    uint64_t whole = b->first_ms;

    if (b->tries == 1)
        return draw(b, whole + 1);
    for (uint32_t i = 1; i < b->tries && whole < b->max_ms; i++)
        whole = whole > b->max_ms / 2 ? b->max_ms : whole * 2;
    return whole / 2 + draw(b, whole - whole / 2 + 1);
}

uint64_t backoff_failed(struct backoff *b, uint64_t now_ms, uint64_t lasted_ms, uint64_t asked_ms)
{
    uint64_t wait;

    if (lasted_ms >= BACKOFF_STABLE_MS)
        b->tries = 0;
    if (b->tries < UINT32_MAX)
        b->tries++;
    wait = length(b);
    if (asked_ms > BACKOFF_ASKED_MAX_MS)
        asked_ms = BACKOFF_ASKED_MAX_MS;
    if (asked_ms != 0)
        b->held_ms = now_ms + asked_ms;
    if (wait < asked_ms)
        wait = asked_ms + wait;
    b->at_ms = now_ms + wait;
    return wait;
}

void backoff_hope(struct backoff *b, uint64_t now_ms)
{
    b->tries = 0;
    b->at_ms = now_ms > b->held_ms ? now_ms : b->held_ms;
}
