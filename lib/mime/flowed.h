/* flowed.h - format=flowed undone (RFC 3676), streaming: a line a paragraph.
 *
 * Also for text that is not flowed: it is then cleaned alone (clean.h). */
#ifndef MLA_MIME_FLOWED_H
#define MLA_MIME_FLOWED_H

#include "mime/clean.h"

/* All zero but for out, flowed and delsp to begin with. */
struct flowed {
    struct buf *out;
    struct clean clean;
    int flowed;
    int delsp;
    /* the line under way */
    uint64_t depth; /* ">" at its start */
    int stage;      /* 0: in those, 1: behind them, 2: in its text */
    int sign;       /* so much of "-- " stands there, held back */
    int blank;      /* a blank is held back: the line's last? */
    int cr;         /* a CR is held back */
    int text_begun; /* something of the text went out */
    /* the line before */
    int open; /* it goes on */
    uint64_t open_depth;
    int any; /* there was one */
};

/* 0 or the error of out. Any split gives the same. */
int flowed_add(struct flowed *f, const void *p, size_t n);
int flowed_end(struct flowed *f);

#endif
