/* wipe.c - see wipe.h */
#include "base/wipe.h"

#include <string.h>

void wipe(void *ptr, size_t len)
{
    if (len == 0)
        return;
    memset(ptr, 0, len);
    /* The barrier makes the compiler believe that the zeros are read. */
    __asm__ __volatile__("" : : "r"(ptr) : "memory");
}

int wipe_equal(const void *a, const void *b, size_t len)
{
    const volatile unsigned char *x = a;
    const volatile unsigned char *y = b;
    unsigned diff = 0;

    for (size_t i = 0; i < len; i++)
        diff |= (unsigned)(x[i] ^ y[i]);
    return diff == 0;
}
