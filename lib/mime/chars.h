/* chars.h - classes of characters, by table: names and values are looked at octet by octet. */
#ifndef MLA_MIME_CHARS_H
#define MLA_MIME_CHARS_H

#include <stdint.h>

enum {
    CHAR_TOKEN = 1, /* RFC 2045 section 5.1, token */
    CHAR_ATOM = 2, /* RFC 5322 section 3.2.3, atext, with RFC 6532 and more leniently: no special */
    CHAR_BOUNDARY = 4 /* RFC 2046 section 5.1.1, bchars */
};

extern const uint8_t mime_chars[256];

/* Not 0 when c is of the class. */
static inline int char_is(uint8_t c, int class)
{
    return mime_chars[c] & class;
}

#endif
