/* field.c - see field.h */
#include "mime/field.h"

#include "base/ascii.h"

#include <string.h>

/* RFC 5322 section 3.6.8, ftext */
static int is_ftext(int c)
{
    return c > 32 && c < 127 && c != ':';
}

int field_split(const uint8_t *p, size_t n, struct field *out)
{
    size_t i = 0;

    while (i < n && is_ftext(p[i]))
        i++;
    if (i == 0)
        return 0;
    out->name_len = i;
    while (i < n && (p[i] == ' ' || p[i] == '\t'))
        i++;
    if (i == n || p[i] != ':')
        return 0;
    out->space = i != out->name_len;
    out->value = i + 1;
    out->end = n - field_line_end(p, n);
    if (out->end < out->value)
        out->end = out->value;
    return 1;
}

size_t field_line_end(const uint8_t *p, size_t n)
{
    if (n == 0 || p[n - 1] != '\n')
        return 0;
    return n > 1 && p[n - 2] == '\r' ? 2 : 1;
}

void field_trim(const uint8_t **p, size_t *n)
{
    while (*n > 0 && ascii_is_space(**p)) {
        (*p)++;
        (*n)--;
    }
    while (*n > 0 && ascii_is_space((*p)[*n - 1]))
        (*n)--;
}

int field_unfold(const uint8_t *p, size_t n, struct buf *b)
{
    field_trim(&p, &n);
    while (n > 0) {
        const uint8_t *lf = memchr(p, '\n', n);
        size_t line = lf != NULL ? (size_t)(lf - p) : n;
        size_t keep = line;

        if (lf != NULL && keep > 0 && p[keep - 1] == '\r')
            keep--;
        if (buf_add(b, p, keep) != 0)
            break;
        if (lf != NULL)
            line++;
        p += line;
        n -= line;
    }
    return b->failed;
}
