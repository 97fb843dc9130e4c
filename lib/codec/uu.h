/* uu.h - uuencode (POSIX), as mail and news have it: found in text, decoded as far as it goes. */
#ifndef MLA_CODEC_UU_H
#define MLA_CODEC_UU_H

#include "codec/base64.h"

#include <stddef.h>
#include <stdint.h>

enum {
    UU_CUT = 1, /* no "end" line */
    UU_BAD = 2  /* a line that is none was left out */
};
enum { UU_LINE = 160 };

/* Any split of the input gives the same output. All zero to begin with. */
struct uu_dec {
    int stage;        /* 0: before "begin", 1: in the data, 2: behind it */
    int is_base64;    /* "begin-base64" */
    uint32_t defects; /* UU_... */
    size_t len;       /* of the line; more than fits is no line of uuencode */
    uint8_t line[UU_LINE];
    struct base64_dec base64;
};

/* The most that one feed of n octets, or the end (n 0), can write. */
static inline size_t uu_room(size_t n)
{
    return n + UU_LINE;
}

size_t uu_feed(struct uu_dec *d, const void *in, size_t n, uint8_t *out);
size_t uu_end(struct uu_dec *d, uint8_t *out);

/* One file in a text. */
struct uu_file {
    size_t begin; /* of the "begin" line */
    size_t end;   /* behind the "end" line, or behind the last line that fits */
    size_t name;
    size_t name_len;
};

/* The next file at from or behind it: a "begin" line with a line of data below. 1, or 0 when there
 * is none. Linear in what is passed over. */
int uu_find(const uint8_t *p, size_t n, size_t from, struct uu_file *out);

#endif
