/* counted.h - an allocator for mla_config_new() that counts octets and fails on demand */
#ifndef COUNTED_H
#define COUNTED_H

#include <stdlib.h>
#include <string.h>

static struct {
    size_t held;    /* octets asked for and not given back */
    size_t calls;   /* since this was set to 0 */
    size_t fail_at; /* the call that fails, from 1; 0: none */
} counted;

struct block {
    size_t size;
    size_t pad;
};

static void *counted_alloc(void *user, size_t size)
{
    struct block *b = ++counted.calls == counted.fail_at ? NULL : malloc(sizeof *b + size);

    (void)user;
    if (b == NULL)
        return NULL;
    b->size = size;
    counted.held += size;
    return b + 1;
}

static void counted_release(void *user, void *p)
{
    struct block *b = (struct block *)p - 1;

    (void)user;
    counted.held -= b->size;
    free(b);
}

static void *counted_resize(void *user, void *p, size_t size)
{
    void *q = counted_alloc(user, size);

    if (q != NULL && p != NULL) {
        size_t before = ((struct block *)p - 1)->size;

        memcpy(q, p, before < size ? before : size);
        counted_release(user, p);
    }
    return q;
}

#endif
