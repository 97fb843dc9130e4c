/* set.c - see set.h */
#include "imap/set.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

enum { RANGE_MAX = NUM_U64_DIGITS * 2 + 2 };

/* "*" sorts above every number. */
static uint64_t rank(uint32_t n)
{
    return n == 0 ? (uint64_t)UINT32_MAX + 1 : n;
}

static uint32_t unrank(uint64_t r)
{
    return r > UINT32_MAX ? 0 : (uint32_t)r;
}

static int by_first(const void *a, const void *b)
{
    const mla_range *x = a;
    const mla_range *y = b;

    if (rank(x->first) != rank(y->first))
        return rank(x->first) < rank(y->first) ? -1 : 1;
    return rank(x->last) < rank(y->last) ? -1 : rank(x->last) > rank(y->last);
}

static void merge(struct imap_set *s)
{
    size_t kept = 0;

    for (size_t i = 1; i < s->count; i++) {
        mla_range *a = &s->ranges[kept];
        const mla_range *b = &s->ranges[i];

        /* "*" touches nothing: the number before it is not known */
        if (rank(b->first) <= rank(a->last) ||
            (b->first != 0 && rank(b->first) == rank(a->last) + 1)) {
            if (rank(b->last) > rank(a->last))
                a->last = b->last;
        } else {
            s->ranges[++kept] = *b;
        }
    }
    s->count = kept + 1;
}

int imap_set_copy(struct imap_set *s, struct arena *a, const mla_range *ranges, size_t count)
{
    int sorted = 1;

    if (ranges == NULL || count == 0)
        return MLA_E_ARG;
    s->ranges = arena_array(a, count, sizeof *s->ranges);
    if (s->ranges == NULL)
        return a->over ? MLA_E_LIMIT : MLA_E_NOMEM;
    s->count = count;
    for (size_t i = 0; i < count; i++) {
        uint64_t first = rank(ranges[i].first);
        uint64_t last = rank(ranges[i].last);

        s->ranges[i].first = unrank(first < last ? first : last);
        s->ranges[i].last = unrank(first < last ? last : first);
        if (i > 0 && by_first(&s->ranges[i - 1], &s->ranges[i]) > 0)
            sorted = 0;
    }
    if (!sorted)
        qsort(s->ranges, count, sizeof *s->ranges, by_first);
    merge(s);
    return 0;
}

static size_t put_number(char *out, uint32_t n)
{
    if (n != 0)
        return num_format(out, n);
    out[0] = '*';
    return 1;
}

int imap_set_add(const struct imap_set *s, size_t *at, size_t room, struct buf *out)
{
    size_t begin = out->len;
    size_t i = *at;

    for (; i < s->count; i++) {
        char text[RANGE_MAX];
        size_t n = put_number(text, s->ranges[i].first);

        if (s->ranges[i].last != s->ranges[i].first) {
            text[n++] = ':';
            n += put_number(text + n, s->ranges[i].last);
        }
        if (i > *at && out->len - begin + n + 1 > room)
            break;
        if (i > *at)
            buf_add_byte(out, ',');
        if (buf_add(out, text, n) != 0)
            return out->failed;
    }
    *at = i;
    return out->failed;
}

int imap_set_has(const struct imap_set *s, uint32_t number, uint32_t highest, size_t *out_at)
{
    const mla_range *top = &s->ranges[s->count - 1];
    size_t low = 0;
    size_t high = s->count;

    while (low < high) { /* the first range that does not end below number */
        size_t mid = low + (high - low) / 2;

        if (rank(s->ranges[mid].last) < number)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < s->count && rank(s->ranges[low].first) <= number) {
        *out_at = low;
        return 1;
    }
    if (top->last != 0)
        return 0;
    return number == highest || (highest == 0 && top->first == 0);
}

int imap_set_apart(const struct imap_set *a, const struct imap_set *b)
{
    size_t i = 0;
    size_t k = 0;

    /* the highest message may be in any set */
    if (a->ranges[a->count - 1].last == 0 || b->ranges[b->count - 1].last == 0)
        return 0;
    while (i < a->count && k < b->count) {
        if (a->ranges[i].last < b->ranges[k].first)
            i++;
        else if (b->ranges[k].last < a->ranges[i].first)
            k++;
        else
            return 0;
    }
    return 1;
}
