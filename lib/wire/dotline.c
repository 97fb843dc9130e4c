/* dotline.c - see dotline.h */
#include "wire/dotline.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

void dotline_begin(struct dotline *d, int lf_only)
{
    d->at_start = 1;
    d->cr = 0;
    d->lf_only = lf_only;
}

static size_t find_plain(const uint8_t *p, size_t n, size_t from)
{
    while (from + 1 < n) {
        const uint8_t *lf = memchr(p + from, '\n', n - 1 - from);

        if (lf == NULL)
            break;
        from = (size_t)(lf - p) + 1;
        if (p[from] == '.')
            return from;
    }
    return n;
}

#if defined(__SSE2__)
/* Lines that begin with a dot are rare: looking for the pair instead of for line ends leaves a
 * message in one piece and costs two comparisons an octet, sixteen octets at a time. */
size_t dotline_find(const uint8_t *p, size_t n)
{
    const __m128i lf = _mm_set1_epi8('\n');
    const __m128i dot = _mm_set1_epi8('.');
    size_t i = 0;

    for (; i + 17 <= n; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + i + 1));
        int hit = _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, lf), _mm_cmpeq_epi8(b, dot)));

        if (hit != 0)
            return i + (size_t)__builtin_ctz((unsigned)hit) + 1;
    }
    return find_plain(p, n, i);
}
#else
size_t dotline_find(const uint8_t *p, size_t n)
{
    return find_plain(p, n, 0);
}
#endif

/* How many of the n octets are content before the next place where a dot counts. Ends behind a line
 * end or at n. Sets what is known about the octet behind. */
static size_t run_crlf(struct dotline *d, const uint8_t *p, size_t n)
{
    size_t from = 0;

    for (;;) {
        size_t dot = from + dotline_find(p + from, n - from);

        if (dot >= n)
            break;
        /* dot - 1 is the LF; in front of it must be a CR, maybe the last octet of the piece before
         */
        if (dot >= 2 ? p[dot - 2] == '\r' : d->cr) {
            d->at_start = 1;
            d->cr = 0;
            return dot;
        }
        from = dot;
    }
    d->at_start = p[n - 1] == '\n' && (n >= 2 ? p[n - 2] == '\r' : d->cr);
    d->cr = p[n - 1] == '\r';
    return n;
}

/* The same while every line has ended in a bare LF: one line at a time. */
static size_t run_lf(struct dotline *d, const uint8_t *p, size_t n)
{
    const uint8_t *lf = memchr(p, '\n', n);
    size_t len = lf == NULL ? n : (size_t)(lf - p) + 1;

    d->at_start = lf != NULL;
    if (lf != NULL && (len >= 2 ? p[len - 2] == '\r' : d->cr))
        d->lf_only = 0; /* and this CRLF began a line in each mode */
    d->cr = p[len - 1] == '\r';
    return len;
}

/* A dot begins the line. 0: not known yet; else how many octets the end has; or -1: it is stuffing.
 */
static int dot_end(const struct dotline *d, const uint8_t *p, size_t n)
{
    if (n < 2)
        return 0;
    if (p[1] == '\n')
        return d->lf_only ? 2 : -1;
    if (p[1] != '\r')
        return -1;
    if (n < 3)
        return 0;
    return p[2] == '\n' ? 3 : -1;
}

int dotline_next(struct dotline *d, const uint8_t *p, size_t n, const uint8_t **out, size_t *out_n,
                 size_t *out_used)
{
    size_t skip = 0;

    *out_used = 0;
    if (n == 0)
        return DOTLINE_MORE;
    if (d->at_start && p[0] == '.') {
        int end = dot_end(d, p, n);

        if (end == 0)
            return DOTLINE_MORE;
        if (end > 0) {
            *out_used = (size_t)end;
            return DOTLINE_END;
        }
        skip = 1;
    }
    d->at_start = 0;
    *out = p + skip;
    *out_n = d->lf_only ? run_lf(d, p + skip, n - skip) : run_crlf(d, p + skip, n - skip);
    *out_used = skip + *out_n;
    return DOTLINE_DATA;
}
