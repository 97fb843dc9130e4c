/* record.c - input records of any age (docs/abi.md) */
#include "api/config_api.h"

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
