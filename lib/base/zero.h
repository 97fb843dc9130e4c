/* zero.h - zeroes records whose size the compiler knows.
 *
 * gcc makes "rep stos" of such a memset() beyond 64 octets, which takes longer to begin than these
 * stores take altogether; it shows where a few are made for each response. */
#ifndef MLA_BASE_ZERO_H
#define MLA_BASE_ZERO_H

#include <stddef.h>
#include <string.h>

static inline void zero_record(void *p, size_t size)
{
    unsigned char *at = p;

#pragma GCC unroll 32
    for (; size >= 16; size -= 16, at += 16)
        memset(at, 0, 16);
    memset(at, 0, size);
}

#endif
