/* lzfu.h - compressed RTF ([MS-OXRTFCP]). */
#ifndef MLA_MIME_LZFU_H
#define MLA_MIME_LZFU_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Appends the RTF that n octets hold, as far as they go, never more than they name. 0, MLA_E_SYNTAX
 * when they are no compressed RTF, or the error of out. */
int lzfu_decode(const uint8_t *p, size_t n, struct buf *out);

#endif
