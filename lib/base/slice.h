/* slice.h - a cursor over octets that someone else holds. */
#ifndef MLA_BASE_SLICE_H
#define MLA_BASE_SLICE_H

#include "base/ascii.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *p;
    const uint8_t *end;
};

static inline struct slice slice_of(const void *ptr, size_t len)
{
    struct slice s = {ptr, (const uint8_t *)ptr + len};

    return s;
}

static inline size_t slice_left(const struct slice *s)
{
    return (size_t)(s->end - s->p);
}

/* The next octet, or -1 at the end. */
static inline int slice_peek(const struct slice *s)
{
    return s->p < s->end ? *s->p : -1;
}

/* Takes the next octet if it is c: 1, else 0. */
static inline int slice_take(struct slice *s, int c)
{
    if (s->p >= s->end || *s->p != c)
        return 0;
    s->p++;
    return 1;
}

/* Takes word if it is next, case ignored: 1, else 0. */
static inline int slice_take_word(struct slice *s, const char *word)
{
    if (!ascii_starts(s->p, slice_left(s), word))
        return 0;
    s->p += strlen(word);
    return 1;
}

/* Everything up to c or the end; c itself is not taken. */
static inline struct slice slice_until(struct slice *s, int c)
{
    struct slice out = {s->p, s->end};
    const uint8_t *hit = s->p < s->end ? memchr(s->p, c, slice_left(s)) : NULL;

    if (hit != NULL)
        out.end = hit;
    s->p = out.end;
    return out;
}

static inline void slice_skip_spaces(struct slice *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
        s->p++;
}

#endif
