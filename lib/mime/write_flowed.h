/* write_flowed.h - text as format=flowed (RFC 3676). */
#ifndef MLA_MIME_WRITE_FLOWED_H
#define MLA_MIME_WRITE_FLOWED_H

#include "base/buf.h"

/* Appends the text, whose lines are paragraphs; ">" at the start of a line marks what is quoted.
 * Lines become at most 72 characters where there are blanks to break at, anywhere with delsp. 0 or
 * the error of b. */
int write_flowed(struct buf *b, const char *text, size_t n, int delsp);

#endif
