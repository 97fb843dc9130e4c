/* filename.h - a name that is safe to create a file under (O04, O05, X17). */
#ifndef MLA_MIME_FILENAME_H
#define MLA_MIME_FILENAME_H

#include "base/buf.h"

#include <stddef.h>

enum { FILENAME_MAX_OCTETS = 200 };

/* Appends a safe form of a UTF-8 name: separators, controls, characters that Windows reserves,
 * marks that change the direction of text and ones that cannot be seen become "_"; no leading dot,
 * dash or space, no trailing dot or space, no device name; at most 200 octets, the extension kept.
 * Never empty. 0 or the error of b. */
int filename_safe(const void *utf8, size_t n, struct buf *b);

#endif
