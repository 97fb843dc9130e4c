/* test.h - what cmocka wants included first, and an allocator that fails on demand. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
/* fail is a function of ours, base/fail.h; cmocka's fail_msg() would call that. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                              \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        print_error("\n");                                                                         \
        _fail(__FILE__, __LINE__);                                                                 \
    } while (0)

#include "base/mem.h"

/* How often to do what is tried with many random values: n times, or the share of it that MLA_SHARE
 * says (0.2), where programs are slow. */
static inline int test_rounds(int n)
{
    const char *share = getenv("MLA_SHARE");
    double part = share != NULL ? strtod(share, NULL) : 1;

    return part > 0 && part < 1 ? (int)(n * part) + 1 : n;
}

/* Fails the n-th allocation (counting from 1), or from the n-th on; 0: none. Counts what is held.
 */
struct fail_mem {
    struct mem mem;
    size_t calls;
    size_t fail_at;
    int from_then_on;
    size_t held; /* blocks not yet given back */
};

static inline int fail_mem_refuse(struct fail_mem *f)
{
    f->calls++;
    return f->fail_at != 0 &&
           (f->calls == f->fail_at || (f->from_then_on && f->calls > f->fail_at));
}

static inline void *fail_mem_alloc(void *user, size_t size)
{
    struct fail_mem *f = user;
    void *p = fail_mem_refuse(f) ? NULL : malloc(size);

    f->held += p != NULL;
    return p;
}

static inline void *fail_mem_resize(void *user, void *ptr, size_t size)
{
    struct fail_mem *f = user;
    void *p = fail_mem_refuse(f) ? NULL : realloc(ptr, size);

    f->held += p != NULL && ptr == NULL;
    return p;
}

static inline void fail_mem_release(void *user, void *ptr)
{
    struct fail_mem *f = user;

    f->held -= ptr != NULL;
    free(ptr);
}

static inline void fail_mem_init(struct fail_mem *f, size_t fail_at, int from_then_on)
{
    memset(f, 0, sizeof *f);
    f->mem.alloc = fail_mem_alloc;
    f->mem.resize = fail_mem_resize;
    f->mem.release = fail_mem_release;
    f->mem.user = f;
    f->fail_at = fail_at;
    f->from_then_on = from_then_on;
}

#endif
