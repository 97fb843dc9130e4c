/* arena.c - see arena.h */
#include "base/arena.h"

#include "base/num.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_MIN = 1024, CHUNK_KEEP = 16384, ALIGN = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* octets behind the header */
    size_t used;
    size_t pad; /* keeps the octets behind the header aligned */
};

void arena_init(struct arena *a, const struct mem *mem, size_t max)
{
    memset(a, 0, sizeof *a);
    a->mem = mem;
    a->max = max;
}

static struct arena_chunk *chunk_new(struct arena *a, size_t need)
{
    struct arena_chunk *c;
    size_t size = need;
    size_t total;

#ifndef MLA_ARENA_EXACT
    /* Doubling keeps the number of chunks logarithmic. */
    size_t grow = a->head != NULL ? a->head->size : CHUNK_MIN / 2;

    grow = grow < SIZE_MAX / 2 ? grow * 2 : grow;
    if (grow > 1 << 20)
        grow = 1 << 20;
    if (size < grow)
        size = grow;
#endif
    if (!num_add(size, sizeof *c, &total))
        return NULL;
    c = mem_alloc(a->mem, total);
    if (c == NULL)
        return NULL;
    c->size = size;
    c->used = 0;
    c->next = a->head;
    a->head = c;
    return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_chunk *c = a->head;
    size_t need;
    void *p;

    if (size == 0)
        size = 1;
    if (!num_add(size, ALIGN - 1, &need))
        need = SIZE_MAX;
    need &= ~(size_t)(ALIGN - 1);
    if (need > a->max || a->used > a->max - need) {
        a->over = 1;
        return NULL;
    }
#ifdef MLA_ARENA_EXACT
    c = NULL;
    need = size;
#endif
    if (c == NULL || c->size - c->used < need)
        c = chunk_new(a, need);
    if (c == NULL)
        return NULL;
    p = (unsigned char *)(c + 1) + c->used;
    c->used += need;
    a->used += need;
#ifndef MLA_ARENA_EXACT
    /* Most are small records: stores in place beat a call. */
    if (need <= 256) {
        for (size_t i = 0; i < need; i += ALIGN)
            memset((unsigned char *)p + i, 0, ALIGN);
        return p;
    }
#endif
    memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total;

    if (!num_mul(count, size, &total)) {
        a->over = 1;
        return NULL;
    }
    return arena_alloc(a, total);
}

char *arena_dup(struct arena *a, const void *ptr, size_t len)
{
    size_t total;
    char *p;

    if (!num_add(len, 1, &total))
        return NULL;
    p = arena_alloc(a, total);
    if (p != NULL && len != 0)
        memcpy(p, ptr, len);
    return p;
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *keep = NULL;

    a->used = 0;
    a->over = 0;
    if (a->head != NULL && a->head->next == NULL && a->head->size <= CHUNK_KEEP) {
        a->head->used = 0;
#ifndef MLA_ARENA_EXACT
        return;
#endif
    }
    while (a->head != NULL) {
        struct arena_chunk *next = a->head->next;

#ifndef MLA_ARENA_EXACT
        if (keep == NULL && a->head->size <= CHUNK_KEEP) {
            keep = a->head;
            a->head = next;
            continue;
        }
#endif
        mem_free(a->mem, a->head);
        a->head = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        keep->used = 0;
        a->head = keep;
    }
}

void arena_free(struct arena *a)
{
    while (a->head != NULL) {
        struct arena_chunk *next = a->head->next;

        mem_free(a->mem, a->head);
        a->head = next;
    }
    a->used = 0;
    a->over = 0;
}

int arena_sane(const struct arena *a)
{
    size_t sum = 0;

    for (const struct arena_chunk *c = a->head; c != NULL; c = c->next) {
        if (c->used > c->size)
            return 0;
        sum += c->used;
    }
    return sum == a->used && a->used <= a->max;
}
