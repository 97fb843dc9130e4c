/* trace.h - the conversation for somebody to read: whole lines, without secrets.
 *
 * Octets come in pieces as the wire gave them; a line is held until its end is there, since a
 * secret may be cut by the edge of a piece. Lines longer than TRACE_LINE_MAX go out in parts that
 * overlap by what the longest secret may need. Where a log-in exchanges challenges, what the server
 * says behind "+" is no less a secret than the answer to it (a salt and a proof are enough to try
 * passwords on). Tokens of URLAUTH (RFC 4467) open a message to whoever has them. */
#ifndef MLA_WIRE_TRACE_H
#define MLA_WIRE_TRACE_H

#include "base/buf.h"
#include "wire/mask.h"

/* The same numbers as MLA_TRACE_*. */
enum { TRACE_SENT = 1, TRACE_RECEIVED = 2, TRACE_NOTE = 3 };

enum { TRACE_LINE_MAX = 16384 };

struct trace_way {
    struct buf held; /* a line whose end is not there yet */
    int inside;      /* a part of the line was shown */
    int hidden;      /* ... and what follows of it is not */
};

struct trace {
    void (*fn)(void *user, int32_t what, const uint8_t *data, size_t len);
    void *user;
    const struct mem *mem;
    const struct mask *mask;
    int exchange; /* a SASL exchange is going on */
    struct trace_way sent;
    struct trace_way received;
    struct buf line; /* what is shown, until it is whole */
};

/* mask is looked at whenever something is shown. NULL when memory is short. */
struct trace *trace_new(const struct mem *mem, const struct mask *mask,
                        void (*fn)(void *user, int32_t what, const uint8_t *data, size_t len),
                        void *user);
/* All accept NULL: there is no trace. */
void trace_sent(struct trace *t, const void *data, size_t n, int secret);
void trace_received(struct trace *t, const void *data, size_t n);
/* A line about the connection, without a line end. */
void trace_note(struct trace *t, const char *text);
/* Nothing more comes: shows what is held. */
void trace_end(struct trace *t);
void trace_free(struct trace *t);

#endif
