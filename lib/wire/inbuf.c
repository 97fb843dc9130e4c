/* inbuf.c - see inbuf.h */
#include "wire/inbuf.h"

#include "base/wipe.h"
#include "mailaccess/types.h"

#include <string.h>

enum { SMALL = 4096 };

void inbuf_init(struct inbuf *b, const struct mem *mem, size_t first, size_t max)
{
    memset(b, 0, sizeof *b);
    b->mem = mem;
    b->first = first < max ? first : max;
    b->small = b->first < SMALL ? b->first : SMALL;
    b->max = max;
    b->hungry = 1;
}

static size_t next_cap(const struct inbuf *b)
{
    if (b->cap == 0 && b->calm)
        return b->small;
    if (b->cap < b->first)
        return b->first;
    return b->cap > b->max / 2 ? b->max : b->cap * 2;
}

static int inbuf_grow(struct inbuf *b)
{
    const size_t cap = next_cap(b);
    uint8_t *p;

    if (b->cap >= b->max)
        return MLA_E_FLOOD;
    p = mem_alloc(b->mem, cap);
    if (p == NULL)
        return MLA_E_NOMEM;
    if (b->end != 0)
        memcpy(p, b->ptr, b->end);
    mem_free_secret(b->mem, b->ptr, b->cap); /* realloc could leave the old copy behind */
    b->ptr = p;
    b->cap = cap;
    return 0;
}

int inbuf_room(struct inbuf *b, uint8_t **out_p, size_t *out_n)
{
    int rc = 0;

    if (!b->lent) {
        if (b->start == b->end)
            b->start = b->end = 0;
        /* A response cut by the end of the buffer goes to the front once little room is left. */
        if (b->hungry && b->start > 0 && b->cap - b->end < b->cap / 2) {
            memmove(b->ptr, b->ptr + b->start, b->end - b->start);
            b->end -= b->start;
            b->start = 0;
        }
        if (b->cap == 0 || (b->hungry && b->end == b->cap) ||
            (b->cap < b->first && !b->calm && (b->hungry || b->end == 0)))
            rc = inbuf_grow(b);
    }
    if (rc != 0)
        return rc;
    *out_p = b->ptr + b->end;
    *out_n = b->cap - b->end;
    return 0;
}

void inbuf_put(struct inbuf *b, size_t n)
{
    b->end += n;
    if (b->end > b->high)
        b->high = b->end;
    if (b->end == b->cap)
        b->calm = 0; /* there is more than news */
    if (n != 0)
        b->hungry = 0;
}

void inbuf_drop(struct inbuf *b)
{
    b->end = b->start;
    b->hungry = 1;
}

void inbuf_rest(struct inbuf *b)
{
    if (b->ptr == NULL || b->lent || b->start != b->end)
        return;
    inbuf_free(b);
    b->calm = 1;
}

void inbuf_free(struct inbuf *b)
{
    /* Servers echo what they were told: received octets may hold secrets. */
    mem_free_secret(b->mem, b->ptr, b->high);
    b->ptr = NULL;
    b->cap = b->start = b->end = b->high = 0;
}
