/* ascii.c - see ascii.h */
#include "base/ascii.h"

#include <string.h>

int ascii_compare(const void *a, size_t a_len, const void *b, size_t b_len)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    size_t n = a_len < b_len ? a_len : b_len;

    for (size_t i = 0; i < n; i++) {
        int d = ascii_lower(x[i]) - ascii_lower(y[i]);

        if (d != 0)
            return d < 0 ? -1 : 1;
    }
    if (a_len == b_len)
        return 0;
    return a_len < b_len ? -1 : 1;
}

/* Eight octets at a time: A-Z become a-z. 0x80 comes up where an octet is from 'A' on, and goes
 * where it is beyond 'Z'; octets above 127 stay. */
static uint64_t lower_word(const unsigned char *p)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t low = each * 0x7f;
    uint64_t upper;
    uint64_t v;

    memcpy(&v, p, sizeof v);
    upper = ((v & low) + each * (0x80 - 'A')) & ~((v & low) + each * (0x7f - 'Z')) & ~v & ~low;
    return v | upper >> 2;
}

int ascii_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    size_t i = 0;

    if (a_len != b_len)
        return 0;
    for (; a_len - i >= 8; i += 8)
        if (lower_word(x + i) != lower_word(y + i))
            return 0;
    for (; i < a_len; i++)
        if (ascii_lower(x[i]) != ascii_lower(y[i]))
            return 0;
    return 1;
}

int ascii_equal_word(const void *a, size_t a_len, const char *word)
{
    return ascii_equal(a, a_len, word, strlen(word));
}

int ascii_starts(const void *a, size_t a_len, const char *word)
{
    size_t n = strlen(word);

    return a_len >= n && ascii_compare(a, n, word, n) == 0;
}
