/* pace.h - how long an answer may take: silence, the whole answer, and a floor for bulk data.
 *
 * No clock in here: each call is told the time in milliseconds. */
#ifndef MLA_WIRE_PACE_H
#define MLA_WIRE_PACE_H

#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

struct pace_limits {
    uint64_t silence_ms; /* longest wait without an octet while an answer is due; 0: no limit */
    uint64_t answer_ms;  /* longest time for one answer, bulk data apart; 0: no limit */
    uint64_t bulk_floor; /* octets that must come within bulk_ms inside literals and messages */
    uint64_t bulk_ms;    /* 0: no limit */
    uint64_t command_ms; /* longest time for one command, its data included; 0: no limit */
};

struct pace {
    const struct pace_limits *limits;
    int due;              /* an answer is due */
    int fresh;            /* it became due since the last tick */
    int bulk;             /* inside a literal or a message */
    uint64_t last_ms;     /* when the last octet came, or the answer became due */
    uint64_t answer_ms;   /* when the present answer began to be due */
    uint64_t bulk_ms;     /* when the present window of bulk data began */
    uint64_t bulk_octets; /* what came in it */
    uint64_t command;     /* which command is being answered; 0: none */
    uint64_t command_ms;  /* since when */
};

/* The limits are borrowed for as long as it is used. */
void pace_init(struct pace *p, const struct pace_limits *limits);

/* An answer is due from now on (nothing changes when one already is). */
static inline void pace_expect(struct pace *p, uint64_t now_ms)
{
    if (p->due)
        return;
    p->due = p->fresh = 1;
    p->last_ms = p->answer_ms = now_ms;
}

/* An answer is complete; due says whether another one is. */
static inline void pace_answered(struct pace *p, uint64_t now_ms, int due)
{
    p->due = due;
    p->answer_ms = now_ms;
    if (due && p->last_ms < now_ms)
        p->last_ms = now_ms;
}

/* Bulk data begins or ends; the answer's own clock stands still inside. */
void pace_bulk_turn(struct pace *p, uint64_t now_ms, int on);
static inline void pace_bulk(struct pace *p, uint64_t now_ms, int on)
{
    if (p->bulk != on)
        pace_bulk_turn(p, now_ms, on);
}

/* The command with that number is the one to be answered next (0: none is). Its time begins when it
 * was sent or, of several that were sent together, when the one before it was answered. */
static inline void pace_command(struct pace *p, uint64_t now_ms, uint64_t command)
{
    if (p->command == command)
        return;
    p->command = command;
    p->command_ms = now_ms;
}

/* n octets came. */
void pace_got(struct pace *p, uint64_t now_ms, size_t n);
/* The time since the last octet was not the server's: it counts for nothing. */
void pace_pause(struct pace *p, uint64_t now_ms);
/* The time is now_ms. What became due since the last tick may have been asked for long after it,
 * where the caller had nothing to do in between: while it has not even left (is_held), its time
 * begins now. */
static inline void pace_tick(struct pace *p, uint64_t now_ms, int is_held)
{
    if (p->fresh && p->due && is_held)
        pace_pause(p, now_ms);
    p->fresh = 0;
}
/* The time at which pace_check() will fail if nothing comes; UINT64_MAX when never. */
uint64_t pace_deadline(const struct pace *p);
/* 0, or MLA_E_DEADLINE with *err filled. */
int pace_check(const struct pace *p, uint64_t now_ms, mla_error *err);

#endif
