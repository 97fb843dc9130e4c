/* qp.h - quoted-printable (RFC 2045 section 6.7), forgiving and streaming. */
#ifndef MLA_CODEC_QP_H
#define MLA_CODEC_QP_H

#include <stddef.h>
#include <stdint.h>

enum {
    QP_BAD = 0,   /* "=" before something that is neither two hex digits nor a line end */
    QP_CUT = 1,   /* the input ends inside "=XX" */
    QP_LOWER = 2, /* lower-case hex digits: decoded, harmless */
    QP_DEFECTS = 3
};

enum { QP_HOLD = 1000 }; /* white space before a line end is dropped up to this many octets */

/* Any split of the input gives the same output. All zero to begin with. */
struct qp_dec {
    uint32_t defects; /* 1 << QP_... */
    uint32_t held;    /* octets waiting to be understood: "=", "=X", or white space */
    uint64_t pos;     /* octets fed so far */
    uint64_t at[QP_DEFECTS];
    uint8_t hold[QP_HOLD];
};

/* The most that one feed of n octets can write. */
static inline size_t qp_room(size_t n)
{
    return n + QP_HOLD;
}

/* Decode n octets into out (room for qp_room(n)); how many were written. What cannot be decoded is
 * handed on as it is; white space before a line end goes; line ends stay as they are. */
size_t qp_feed(struct qp_dec *d, const void *in, size_t n, uint8_t *out);
/* The input is over: writes at most 3 octets; white space at the very end goes. */
size_t qp_end(struct qp_dec *d, uint8_t *out);

#endif
