/* charset_names.c - see charset_names.h */
#include "codec/charset_names.h"

#include "base/ascii.h"

#include <string.h>

/* Letters and digits in lower case; 0 when there are none. */
static size_t simplify(const char *name, size_t len, char out[CHARSET_ALIAS])
{
    size_t n = 0;

    for (size_t i = 0; i < len && n < CHARSET_ALIAS; i++) {
        int c = ascii_lower((unsigned char)name[i]);

        if (c == '*' || c == '\'') /* RFC 2231: a language follows */
            break;
        if ((c >= 'a' && c <= 'z') || ascii_is_digit(c))
            out[n++] = (char)c;
    }
    return n;
}

static const struct charset_row *search(const char *word, size_t n)
{
    size_t low = 0;
    size_t high = charset_alias_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *name = charset_aliases[mid].name;
        int order = strncmp(word, name, n);

        if (order == 0 && name[n] == '\0')
            return &charset_rows[charset_aliases[mid].row];
        if (order > 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* "cp850", "IBM-850", "windows-1252", "x-cp1252", "codepage 850": the number tells. */
static const struct charset_row *by_number(const char *word, size_t n)
{
    static const char *const prefixes[] = {"cp",       "windows", "ms",     "ibm",  "xcp",
                                           "codepage", "win",     "dos",    "oem",  "xwindows",
                                           "xibm",     "ansi",    "ansicp", "ibmcp"};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t at = strlen(prefixes[i]);
        size_t digits = 0;

        if (n <= at || memcmp(word, prefixes[i], at) != 0)
            continue;
        while (at < n && word[at] == '0')
            at++;
        while (at + digits < n && ascii_is_digit(word[at + digits]))
            digits++;
        if (digits >= 3 && at + digits == n)
            return search(word + at, digits);
    }
    return NULL;
}

/* A name with anything but printable US-ASCII in it is none: it might be cut at a NUL elsewhere. */
static int is_plain(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)name[i] < 32 && !ascii_is_space(name[i])) ||
            (unsigned char)name[i] > 126 || name[i] == '/')
            return 0;
    return 1;
}

const struct charset_row *charset_find(const char *name, size_t len)
{
    char word[CHARSET_ALIAS];
    size_t n;
    const struct charset_row *row;

    if (!is_plain(name, len))
        return NULL;
    n = simplify(name, len, word);
    if (n == 0)
        return NULL;
    row = search(word, n);
    return row != NULL ? row : by_number(word, n);
}
