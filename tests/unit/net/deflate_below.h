/* deflate_below.h - for tests of lib/net/deflate: a stream in memory below it, and zlib's other end
 */
#ifndef DEFLATE_BELOW_H
#define DEFLATE_BELOW_H

#include "test.h"

#include "net/deflate.h"

#if MLA_ZLIB

#include <stdio.h>

#include <zlib.h>

enum { BELOW_MAX = 4 << 20 };

/* The layer below: what it gives, in pieces, and what it has taken. */
struct below {
    struct stream base;
    const uint8_t *in;
    size_t in_len;
    size_t in_at;
    size_t piece; /* the most a read gives; 0: all */
    int blocks;   /* every second read and write would block */
    int turn;
    int end;     /* STREAM_END or STREAM_BROKEN behind in; 0: would block */
    int last;    /* says STREAM_LAST with the last octets */
    size_t take; /* the most a write takes; 0: all */
    uint8_t *out;
    size_t out_len;
    const uint8_t *refused; /* a refused write must be repeated with the same octets */
    size_t refused_len;
    int closed;
    int freed;
    int reads;
};

static inline struct below *below_of(struct stream *s)
{
    return (struct below *)s;
}

static inline int below_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct below *b = below_of(s);
    size_t left = b->in_len - b->in_at;

    (void)err;
    b->reads++;
    if (b->blocks && ++b->turn % 2 != 0) {
        s->read_wants = STREAM_READABLE;
        return 0;
    }
    if (left == 0) {
        s->read_wants = STREAM_READABLE;
        return b->end;
    }
    n = n < left ? n : left;
    if (b->piece != 0 && n > b->piece)
        n = b->piece;
    memcpy(p, b->in + b->in_at, n);
    b->in_at += n;
    *out_n = n;
    return b->last && n == left ? STREAM_LAST : STREAM_SOME;
}

static inline int below_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                              mla_error *err)
{
    struct below *b = below_of(s);

    (void)more;
    (void)err;
    if (b->refused != NULL) {
        assert_ptr_equal(p, b->refused);
        assert_int_equal(n, b->refused_len);
    }
    b->refused = NULL;
    if (b->blocks && ++b->turn % 2 != 0) {
        b->refused = p;
        b->refused_len = n;
        s->write_wants = STREAM_WRITABLE;
        return 0;
    }
    if (b->take != 0 && n > b->take)
        n = b->take;
    assert_true(b->out_len + n <= BELOW_MAX);
    memcpy(b->out + b->out_len, p, n);
    b->out_len += n;
    *out_n = n;
    s->write_wants = 0;
    return 1;
}

static inline void below_close(struct stream *s)
{
    below_of(s)->closed = 1;
}

static inline void below_free(struct stream *s)
{
    below_of(s)->freed++;
}

static inline uint32_t below_held(const struct stream *s)
{
    (void)s;
    return 0;
}

static inline int below_fd(const struct stream *s)
{
    (void)s;
    return 77;
}

static const struct stream_ops below_ops = {.read = below_read,
                                            .write = below_write,
                                            .close = below_close,
                                            .free = below_free,
                                            .held = below_held,
                                            .fd = below_fd};

static inline void below_init(struct below *b, const uint8_t *in, size_t n)
{
    memset(b, 0, sizeof *b);
    b->base.ops = &below_ops;
    b->in = in;
    b->in_len = n;
}

/* What a server would send: len octets of text, flushed, or ended with the last block. */
static inline size_t packed(const void *text, size_t len, int flush, uint8_t *out, size_t max)
{
    z_stream z;

    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (unsigned)len;
    z.next_out = out;
    z.avail_out = (unsigned)max;
    assert_true(deflate(&z, flush) >= 0);
    assert_int_not_equal(z.avail_out, 0);
    deflateEnd(&z);
    return max - z.avail_out;
}

/* Lines as a server writes them, no two alike. */
static inline size_t lines(uint8_t *out, size_t max)
{
    size_t n = 0;

    for (unsigned i = 1; n + 100 < max; i++)
        n += (size_t)snprintf((char *)out + n, max - n,
                              "* %u FETCH (UID %u FLAGS (\\Seen) RFC822.SIZE %u)\r\n", i, i * 7,
                              i * 2654435761U);
    return n;
}

/* Reads until there is no more or an end: the octets, and what the last read returned in *out_rc.
 */
static inline size_t read_to_end(struct stream *s, const struct below *b, uint8_t *out, size_t max,
                                 size_t room, int *out_rc, mla_error *err)
{
    size_t n = 0;
    int idle = 0;

    for (;;) {
        size_t got = 0;
        size_t ask = room < max - n ? room : max - n;
        int rc = s->ops->read(s, out + n, ask, &got, err);

        assert_true(got <= ask);
        if (rc == STREAM_SOME || rc == STREAM_LAST) {
            assert_true(got > 0);
            n += got;
            idle = 0;
        } else if (rc != 0 || (b->in_at == b->in_len && ++idle > 1)) {
            *out_rc = rc;
            return n;
        } else {
            assert_int_equal(s->read_wants, STREAM_READABLE);
        }
    }
}

/* Writes len octets, size at a time, as the connection does; more: others follow. */
static inline void write_all(struct stream *s, const uint8_t *p, size_t len, size_t size)
{
    mla_error err = {0};
    size_t at = 0;
    unsigned refused = 0;

    while (at < len) {
        size_t n = size < len - at ? size : len - at;
        size_t put = 0;
        int rc = s->ops->write(s, p + at, n, at + n < len, &put, &err);

        assert_true(rc >= 0);
        assert_true(put <= n);
        assert_true(rc == 1 || ++refused < 1000000);
        if (rc == 0)
            assert_int_equal(s->write_wants, STREAM_WRITABLE);
        at += rc == 1 ? put : 0;
    }
}

static inline size_t unpacked(const uint8_t *wire, size_t n, uint8_t *out, size_t max)
{
    z_stream z;

    memset(&z, 0, sizeof z);
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)wire;
    z.avail_in = (unsigned)n;
    z.next_out = out;
    z.avail_out = (unsigned)max;
    assert_true(inflate(&z, Z_SYNC_FLUSH) >= 0);
    assert_int_equal(z.avail_in, 0);
    inflateEnd(&z);
    return max - z.avail_out;
}

#endif

#endif
