/* num.c - see num.h */
#include "base/num.h"

size_t num_parse_prefix(const void *ptr, size_t len, uint64_t max, uint64_t *out)
{
    const unsigned char *p = ptr;
    uint64_t v = 0;
    size_t i;

    for (i = 0; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
        unsigned digit = (unsigned)(p[i] - '0');

        if (v > (UINT64_MAX - digit) / 10)
            return 0;
        v = v * 10 + digit;
    }
    if (i == 0 || v > max)
        return 0;
    *out = v;
    return i;
}

int num_parse(const void *ptr, size_t len, uint64_t max, uint64_t *out)
{
    uint64_t v;

    if (len == 0 || num_parse_prefix(ptr, len, max, &v) != len)
        return 0;
    *out = v;
    return 1;
}

size_t num_format(char out[NUM_U64_DIGITS], uint64_t value)
{
    char tmp[NUM_U64_DIGITS];
    size_t n = 0;

    do {
        tmp[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (size_t i = 0; i < n; i++)
        out[i] = tmp[n - 1 - i];
    return n;
}
