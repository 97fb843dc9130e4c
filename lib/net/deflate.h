/* deflate.h - DEFLATE both ways over another stream (RFC 1951, RFC 4978), without zlib's types.
 *
 * What comes out of the inflater goes to the place that read() was given and nowhere else, so a
 * bomb (M20) meets the limits that every other octet meets: nothing in here grows, one read() works
 * for one buffer of the reader's, and the format itself allows no more than 1,032 octets for one.
 * Input that comes to nothing has a limit of its own, DEFLATE_IDLE_MAX. */
#ifndef MLA_NET_DEFLATE_H
#define MLA_NET_DEFLATE_H

#include "net/stream.h"

/* Compressed octets that may come without giving a single octet of text: room for some thousand
 * empty flushes, by which a peer may keep the connection alive. */
enum { DEFLATE_IDLE_MAX = 65536 };

/* What went through, on each side of the layer. */
struct deflate_counts {
    uint64_t text_in; /* received, as read() gave them */
    uint64_t wire_in; /* ... and as they came */
    uint64_t text_out;
    uint64_t wire_out;
};

/* 1 when zlib is built in. */
int deflate_built(void);

/* DEFLATE over below, which it owns from now on; on failure it is the caller's still. early: n
 * octets (n may be 0) that were received already and belong to the compressed stream; they are
 * copied. 0, MLA_E_UNSUPPORTED (not built in), MLA_E_NOMEM.
 *
 * read(): an error for what is not DEFLATE or follows its end is MLA_E_PROTOCOL, for input without
 * output MLA_E_FLOOD. The end of below within a block is STREAM_BROKEN; between blocks it is what
 * below says, since hardly anybody ends the compressed stream itself (RFC 4978 does not ask for
 * it). write(): what is ready is flushed when no more follows. */
int deflate_open(const struct mem *mem, struct stream *below, const uint8_t *early, size_t n,
                 struct stream **out, mla_error *err);

/* For a connection that will be silent: gives back the compressor, the inflater but for what it
 * must know of what it gave, and all room in which nothing lies. They are made again when octets
 * come or go, where memory that is short is MLA_E_NOMEM; nobody on the other side can tell. What is
 * in the middle of something stays. */
void deflate_rest(struct stream *s);

void deflate_counts(const struct stream *s, struct deflate_counts *out);

#endif
