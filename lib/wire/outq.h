/* outq.h - octets to be sent, in chunks that never move once they were offered.
 *
 * mbedTLS demands that a write that would block is repeated with the same pointer and length, so
 * an offered chunk is sealed: later octets go into a new one. Secret chunks are wiped when sent. */
#ifndef MLA_WIRE_OUTQ_H
#define MLA_WIRE_OUTQ_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

struct outq_chunk;

struct outq {
    const struct mem *mem;
    struct outq_chunk *head;
    struct outq_chunk *tail;
    size_t held;    /* octets not yet sent */
    size_t max;     /* the most that may be held */
    uint64_t added; /* octets ever added: the position behind the last one */
    uint64_t sent;  /* octets ever sent: a command is on the wire when sent >= its end position */
};

void outq_init(struct outq *q, const struct mem *mem, size_t max);
/* 0, MLA_E_NOMEM or MLA_E_LIMIT; on failure nothing was added. */
int outq_add(struct outq *q, const void *ptr, size_t len);
int outq_add_word(struct outq *q, const char *word);
/* The same for secrets: kept apart, wiped after sending, shown as "<secret N>" in traces. */
int outq_add_secret(struct outq *q, const void *ptr, size_t len);
/* Cuts back to an earlier value of q->added, for a command that failed while it was encoded.
 * Only octets that were never offered may be dropped. */
void outq_rewind(struct outq *q, uint64_t added);
/* The next octets to send: 1 and the chunk, or 0 when there are none. The same answer until
 * outq_sent(). *out_secret says whether a trace must hide them. */
int outq_peek(struct outq *q, const uint8_t **out_p, size_t *out_n, int *out_secret);
void outq_sent(struct outq *q, size_t n);
void outq_free(struct outq *q);

#endif
