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

int ascii_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
    return a_len == b_len && ascii_compare(a, a_len, b, b_len) == 0;
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
