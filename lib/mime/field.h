/* field.h - raw header fields: where name and value are, and unfolding (RFC 5322 section 2.2). */
#ifndef MLA_MIME_FIELD_H
#define MLA_MIME_FIELD_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

struct field {
    size_t name_len;
    int space;    /* white space stands before the colon (section 4.5.8) */
    size_t value; /* behind the colon */
    size_t end;   /* behind the value, without its last line end */
};

/* Takes apart one field (n octets, all its lines). 1, or 0 when it does not begin with a name and a
 * colon. */
int field_split(const uint8_t *p, size_t n, struct field *out);
/* The line ends at p + n - 1, which is LF: the octets of its end, 1 or 2. 0 when it is not LF. */
size_t field_line_end(const uint8_t *p, size_t n);
/* Appends the value on one line: the line ends of folding go, white space at both ends too. 0 or
 * the error of b. */
int field_unfold(const uint8_t *p, size_t n, struct buf *b);
/* Narrows a value to what is between white space and line ends at both ends. */
void field_trim(const uint8_t **p, size_t *n);

#endif
