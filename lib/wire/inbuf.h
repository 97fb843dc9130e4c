/* inbuf.h - the receive buffer: the socket writes into it, the parser reads in place.
 *
 * Octets are never copied between the two. What the parser has not taken stays contiguous; the
 * buffer moves or grows only when the parser is hungry (it has seen everything and needs more)
 * and nothing inside is lent to an event. */
#ifndef MLA_WIRE_INBUF_H
#define MLA_WIRE_INBUF_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

struct inbuf {
    const struct mem *mem;
    uint8_t *ptr;
    size_t cap;
    size_t start;   /* the first octet not taken */
    size_t end;     /* behind the last octet received */
    size_t first;   /* capacity to begin with */
    size_t small;   /* ... for news that nobody waits for, after inbuf_rest() */
    size_t high;    /* where octets were ever written: what there is to wipe */
    size_t max;     /* capacity never exceeded: the most that one response may hold */
    uint64_t taken; /* octets taken since the connection began: the offset in the stream of start */
    int hungry;     /* the parser has looked at everything and needs more */
    int lent;       /* an event points into the buffer: nothing may move */
    int calm;       /* nothing is asked of the peer: small is enough */
};

/* Allocates nothing yet. first and max are octets, first <= max. */
void inbuf_init(struct inbuf *b, const struct mem *mem, size_t first, size_t max);
/* Where the next octets go: 0 and room; *out_n is 0 when the parser has to work first.
 * MLA_E_NOMEM; MLA_E_FLOOD when max octets are held and the parser still needs more. */
int inbuf_room(struct inbuf *b, uint8_t **out_p, size_t *out_n);
/* n octets were written at the place that inbuf_room() gave. */
void inbuf_put(struct inbuf *b, size_t n);

static inline const uint8_t *inbuf_data(const struct inbuf *b)
{
    return b->ptr + b->start;
}

static inline size_t inbuf_len(const struct inbuf *b)
{
    return b->end - b->start;
}

/* How many octets have come since the connection began: one that stays the same heard nothing. */
static inline uint64_t inbuf_received(const struct inbuf *b)
{
    return b->taken + inbuf_len(b);
}

/* The parser is done with n octets; they stay readable until the buffer is given room again. */
static inline void inbuf_take(struct inbuf *b, size_t n)
{
    b->start += n;
    b->taken += n;
}
/* What is held was given to somebody else: it counts as never received. */
void inbuf_drop(struct inbuf *b);
/* Gives the memory back when nothing is held and nothing is lent: an idle session keeps none. What
 * comes next by itself gets little room, until it fills that or b->calm is taken back. */
void inbuf_rest(struct inbuf *b);
void inbuf_free(struct inbuf *b);

#endif
