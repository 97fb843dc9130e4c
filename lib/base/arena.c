/* arena.c - see arena.h */
#include "base/arena.h"

#include "base/num.h"

#include <stdint.h>
#include <string.h>

enum { CHUNK_MIN = 1024, CHUNK_KEEP = 16384 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;   /* octets behind the header */
    size_t pad[2]; /* keeps them aligned */
};

void arena_init(struct arena *a, const struct mem *mem, size_t max)
{
    memset(a, 0, sizeof *a);
    a->mem = mem;
    a->max = max;
}

/* The newest chunk is empty. */
static void begin(struct arena *a)
{
    a->at = a->head != NULL ? (unsigned char *)(a->head + 1) : NULL;
    a->left = a->head != NULL ? a->head->size : 0;
    a->keep = 0;
#ifndef MLA_ARENA_EXACT
    if (a->head != NULL && a->head->next == NULL && a->head->size <= CHUNK_KEEP)
        a->keep = a->head->size;
#endif
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
    c->next = a->head;
    a->head = c;
    begin(a);
    return c;
}

void *arena_raw_slow(struct arena *a, size_t size)
{
    size_t need;
    void *p;

    if (size == 0)
        size = 1;
    if (!num_add(size, ARENA_ALIGN - 1, &need))
        need = SIZE_MAX;
    need &= ~(size_t)(ARENA_ALIGN - 1);
    if (need > a->max || a->used > a->max - need) {
        a->over = 1;
        return NULL;
    }
#ifdef MLA_ARENA_EXACT
    need = size;
    a->left = 0;
#endif
    if (a->left < need && chunk_new(a, need) == NULL)
        return NULL;
    p = a->at;
    a->at += need;
    a->left -= need;
    a->used += need;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = arena_raw(a, size);

    if (p != NULL)
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

void arena_reset_slow(struct arena *a)
{
    struct arena_chunk *keep = NULL;

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
    if (keep != NULL)
        keep->next = NULL;
    a->head = keep;
    begin(a);
    a->used = 0;
    a->over = 0;
}

void arena_free(struct arena *a)
{
    while (a->head != NULL) {
        struct arena_chunk *next = a->head->next;

        mem_free(a->mem, a->head);
        a->head = next;
    }
    begin(a);
    a->used = 0;
    a->over = 0;
}

int arena_sane(const struct arena *a)
{
    size_t sum = 0;

    for (const struct arena_chunk *c = a->head; c != NULL; c = c->next)
        sum += c->size;
    if (a->head == NULL)
        return sum == a->used && a->left == 0;
    return a->used + a->left <= sum && a->used <= a->max && a->left <= a->head->size &&
           a->at + a->left == (unsigned char *)(a->head + 1) + a->head->size;
}
