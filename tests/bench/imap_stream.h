/* imap_stream.h - streams of FETCH responses to read: all of them different, the same in each run.
 */
#ifndef BENCH_IMAP_STREAM_H
#define BENCH_IMAP_STREAM_H

#include <stddef.h>
#include <stdint.h>

enum {
    STREAM_LARGE = 0, /* UID, FLAGS, INTERNALDATE, RFC822.SIZE, ENVELOPE, BODYSTRUCTURE; 1 KB */
    STREAM_FLAGS = 1  /* FLAGS and UID; 48 octets */
};

struct stream {
    uint8_t *text;
    size_t size; /* octets */
    size_t count;
    uint64_t uids; /* the sum of all UIDs, to see that each was read */
};

/* `count` responses in the order of the message numbers 1, 2, ... The caller frees s->text. */
void stream_make(struct stream *s, int kind, size_t count);

#endif
