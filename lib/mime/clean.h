/* clean.h - UTF-8 text on its way to a person, streaming: several lines, but nothing that a
 * terminal obeys and nothing that misleads the eye (O02, O04).
 *
 * Line ends become LF. Other control characters but for TAB, and what is not UTF-8, become U+FFFD.
 * Characters that cannot be seen or that turn the direction of text are left out, but for the
 * joiners that writing systems need (U+200C, U+200D). */
#ifndef MLA_MIME_CLEAN_H
#define MLA_MIME_CLEAN_H

#include "base/buf.h"
#include "codec/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* All zero to begin with. */
struct clean {
    uint8_t hold[UTF8_MAX]; /* the beginning of a character */
    unsigned held;
    int last_cr;
};

/* Appends n octets of text, cleaned. 0 or the error of b. Any split gives the same. */
int clean_add(struct clean *c, struct buf *b, const void *p, size_t n);
/* The text is over. */
int clean_end(struct clean *c, struct buf *b);

#endif
