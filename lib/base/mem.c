/* mem.c - see mem.h */
#include "base/mem.h"

#include "base/num.h"
#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

static void *libc_alloc(void *user, size_t size)
{
    (void)user;
    return malloc(size);
}

static void *libc_resize(void *user, void *ptr, size_t size)
{
    (void)user;
    return realloc(ptr, size);
}

static void libc_release(void *user, void *ptr)
{
    (void)user;
    free(ptr);
}

const struct mem *mem_default(void)
{
    static const struct mem libc_mem = {libc_alloc, libc_resize, libc_release, NULL};

    return &libc_mem;
}

void *mem_alloc(const struct mem *m, size_t size)
{
    return m->alloc(m->user, size == 0 ? 1 : size);
}

void *mem_zero(const struct mem *m, size_t size)
{
    void *p = mem_alloc(m, size);

    if (p != NULL)
        memset(p, 0, size);
    return p;
}

void *mem_array(const struct mem *m, size_t count, size_t size)
{
    size_t total;

    return num_mul(count, size, &total) ? mem_alloc(m, total) : NULL;
}

void *mem_resize(const struct mem *m, void *ptr, size_t size)
{
    return m->resize(m->user, ptr, size == 0 ? 1 : size);
}

void *mem_resize_array(const struct mem *m, void *ptr, size_t count, size_t size)
{
    size_t total;

    return num_mul(count, size, &total) ? mem_resize(m, ptr, total) : NULL;
}

char *mem_dup(const struct mem *m, const void *ptr, size_t len)
{
    size_t total;
    char *p;

    if (!num_add(len, 1, &total))
        return NULL;
    p = mem_alloc(m, total);
    if (p == NULL)
        return NULL;
    if (len != 0)
        memcpy(p, ptr, len);
    p[len] = '\0';
    return p;
}

void mem_free(const struct mem *m, void *ptr)
{
    if (ptr != NULL)
        m->release(m->user, ptr);
}

void mem_free_secret(const struct mem *m, void *ptr, size_t len)
{
    if (ptr == NULL)
        return;
    wipe(ptr, len);
    m->release(m->user, ptr);
}
