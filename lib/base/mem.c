/* mem.c - see mem.h */
#include "base/mem.h"

#include "base/num.h"
#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

/* Of the library's place in a thread's memory 4 octets are needed, so there is room for them
 * however the library was loaded; the usual way to get at them costs a call. */
#if defined(__GNUC__) && defined(__ELF__)
#define MEM_NEAR __attribute__((tls_model("initial-exec")))
#else
#define MEM_NEAR
#endif

static _Thread_local int inside MEM_NEAR;

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
    void *p;

    if (size == 0)
        size = 1;
    if (m->alloc == libc_alloc)
        return malloc(size);
    inside++;
    p = m->alloc(m->user, size);
    inside--;
    return p;
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
    void *p;

    if (size == 0)
        size = 1;
    if (m->resize == libc_resize)
        return realloc(ptr, size);
    inside++;
    p = m->resize(m->user, ptr, size);
    inside--;
    return p;
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

static void release(const struct mem *m, void *ptr)
{
    /* m may be in what is released */
    if (m->release == libc_release) {
        free(ptr);
        return;
    }
    inside++;
    m->release(m->user, ptr);
    inside--;
}

void mem_free(const struct mem *m, void *ptr)
{
    if (ptr != NULL)
        release(m, ptr);
}

void mem_free_secret(const struct mem *m, void *ptr, size_t len)
{
    if (ptr == NULL)
        return;
    wipe(ptr, len);
    release(m, ptr);
}

int mem_inside(void)
{
    return inside != 0;
}
