/* stream.h - a way for octets: TCP, TLS over it, DEFLATE over either.
 *
 * Nothing here blocks. A layer owns the one below and frees it with itself. */
#ifndef MLA_NET_STREAM_H
#define MLA_NET_STREAM_H

#include "base/mem.h"
#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

struct stream;

/* What must become true of the descriptor before a call that would block is tried again. */
enum {
    STREAM_READABLE = 1,
    STREAM_WRITABLE = 2,
    STREAM_NOW = 4 /* nothing: octets are held inside and can be read at once */
};

/* What read() returns beside 0 (would block) and errors. */
enum {
    STREAM_SOME = 1,  /* octets came */
    STREAM_LAST = 2,  /* octets came, and a further call now would block: saves the system call */
    STREAM_END = 3,   /* the peer closed in order */
    STREAM_BROKEN = 4 /* the peer closed without the layer's own farewell (TLS close_notify) */
};

struct stream_ops {
    /* Goes on with connecting or with the handshake: 1 when the layer is up, 0 when it has to wait
     * (wants, fd, deadline say for what), or the error in *err. */
    int (*open)(struct stream *s, uint64_t now_ms, mla_error *err);
    /* At most n octets to p: STREAM_*, 0, or the error in *err. */
    int (*read)(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err);
    /* 1 and how many of the n octets were taken, 0 when none can be now - the next call must then
     * repeat p and n - or the error in *err. more: others follow at once. */
    int (*write)(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                 mla_error *err);
    /* Says goodbye as far as that is possible without waiting. */
    void (*close)(struct stream *s);
    /* Closes the descriptor, frees everything, the stream itself last. */
    void (*free)(struct stream *s);
    /* STREAM_NOW when read() would give octets although the descriptor does not show it. */
    uint32_t (*held)(const struct stream *s);
    int (*fd)(const struct stream *s);
    /* When open() wants to be called again even if nothing happens; UINT64_MAX when never. */
    uint64_t (*deadline)(const struct stream *s);
};

struct stream {
    const struct stream_ops *ops;
    uint32_t open_wants;  /* STREAM_* for which open() waits */
    uint32_t read_wants;  /* ... for which read() waits */
    uint32_t write_wants; /* ... for which write() waits; 0 when it was not refused */
};

#endif
