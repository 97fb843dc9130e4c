/* record.c - see record.h */
#include "base/record.h"

#include "mailaccess/types.h"

#include <string.h>

int record_in(const void *in, size_t min, size_t size_here, void *out)
{
    const unsigned char *p = in;
    uint32_t size;

    if (in == NULL)
        return MLA_E_ARG;
    memcpy(&size, in, sizeof size);
    if (size < min)
        return MLA_E_ARG;
    for (size_t i = size_here; i < size; i++)
        if (p[i] != 0)
            return MLA_E_UNSUPPORTED;
    memset(out, 0, size_here);
    memcpy(out, in, size < size_here ? size : size_here);
    return 0;
}

int record_at(const void *array, size_t i, size_t min, size_t size_here, void *out)
{
    const unsigned char *p = array;
    uint32_t stride;
    uint32_t own;

    if (p == NULL)
        return MLA_E_ARG;
    memcpy(&stride, p, sizeof stride);
    if (stride < sizeof own)
        return MLA_E_ARG;
    p += i * (size_t)stride;
    memcpy(&own, p, sizeof own);
    return own == stride ? record_in(p, min, size_here, out) : MLA_E_ARG;
}
