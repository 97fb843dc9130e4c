/* dotline.h - POP3 multi-line answers (RFC 1939 section 3): where they end, and dots undone.
 *
 * Nothing is copied: content comes out as slices of the input. The end is CRLF "." CRLF, and a line
 * begins only behind a CRLF, so a bare LF in a message can neither end it nor hide a dot (P15,
 * P16). One leniency, for old UNIX servers that end every line in a bare LF: there, and only as
 * long as the status line and each line so far did so, LF counts as the line end. */
#ifndef MLA_WIRE_DOTLINE_H
#define MLA_WIRE_DOTLINE_H

#include <stddef.h>
#include <stdint.h>

struct dotline {
    int at_start; /* the next octet is the first of a line */
    int cr;       /* the last octet was CR */
    int lf_only;  /* every line end so far was a bare LF */
};

enum { DOTLINE_MORE = 0, DOTLINE_DATA = 1, DOTLINE_END = 2 };

/* Behind a status line; lf_only: it ended in a bare LF. */
void dotline_begin(struct dotline *d, int lf_only);
/* Looks at the n octets that come next.
 *   DOTLINE_DATA  *out, *out_n: content, not empty, a part of p; *out_used octets are done with
 *   DOTLINE_END   that was all; *out_used octets are done with (the final dot and its line end)
 *   DOTLINE_MORE  come again with more: *out_used is 0, and n is at most 2 */
int dotline_next(struct dotline *d, const uint8_t *p, size_t n, const uint8_t **out, size_t *out_n,
                 size_t *out_used);

/* The first place where LF "." stands in n octets, as the offset of the dot; n when there is none.
 */
size_t dotline_find(const uint8_t *p, size_t n);

#endif
