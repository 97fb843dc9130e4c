/* strict.c - see strict.h */
#include "imap/strict.h"

void strict_find_slash(struct ilex *l)
{
    const uint8_t *hit = l->p < l->limit ? memchr(l->p, '\\', (size_t)(l->limit - l->p)) : NULL;

    l->plain = l->p;
    l->slash = hit != NULL ? hit : l->limit;
}

const uint8_t *strict_far(const struct ilex *l, const uint8_t *from)
{
    return from < l->slash ? memchr(from, '"', (size_t)(l->slash - from)) : NULL;
}

/* Near the end of what can be read, where a line end stops it: fewer than eight digits. */
const uint8_t *strict_number_near(const uint8_t *p, uint64_t *out)
{
    const uint8_t *from = p;

    for (*out = 0; ilex_is(*p, ILEX_DIGIT); p++)
        *out = *out * 10 + (unsigned)(*p - '0');
    return p > from ? p : NULL;
}
