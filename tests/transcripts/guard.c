/* guard.c - see guard.h */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "guard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is out there; few enough to look through. */
struct block {
    void *ptr;
    uint8_t *map;
    size_t pages;
    size_t len;
};

static struct block *blocks;
static size_t block_count;
static size_t block_cap;

enum { FILL = 0xa5 }; /* nobody may rely on fresh memory */

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* pages of them, the last one forbidden. */
static uint8_t *map_pages(size_t pages)
{
    size_t page = page_size();
    uint8_t *map =
        mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED || mprotect(map + (pages - 1) * page, page, PROT_NONE) != 0)
        abort();
    return map;
}

static struct block edge;

void *guard_edge(size_t len)
{
    size_t page = page_size();
    size_t pages = (len + page - 1) / page + 1;

    if (pages > edge.pages) {
        if (edge.map != NULL)
            munmap(edge.map, edge.pages * page);
        edge.map = map_pages(pages);
        edge.pages = pages;
    }
    edge.len = len;
    edge.ptr = edge.map + (edge.pages - 1) * page - len;
    return edge.ptr;
}

void guard_edge_end(void)
{
    memset(edge.ptr, FILL, edge.len);
}

void *guard_alloc(size_t len)
{
    size_t page = page_size();
    /* Blocks of an allocator are aligned to 16, so an odd length leaves a little room behind. */
    size_t room = (len + 15) & ~(size_t)15;
    size_t pages = (room + page - 1) / page + 1;
    uint8_t *map = map_pages(pages);
    struct block b = {NULL, map, pages, len};

    b.ptr = map + (pages - 1) * page - room;
    memset(b.ptr, FILL, room);
    if (block_count == block_cap) {
        block_cap = block_cap == 0 ? 64 : block_cap * 2;
        blocks = realloc(blocks, block_cap * sizeof *blocks);
        if (blocks == NULL)
            abort();
    }
    blocks[block_count++] = b;
    return b.ptr;
}

static struct block *block_of(void *ptr)
{
    for (size_t i = block_count; i > 0; i--)
        if (blocks[i - 1].ptr == ptr)
            return &blocks[i - 1];
    abort();
}

void guard_release(void *ptr)
{
    struct block *b = block_of(ptr);

    munmap(b->map, b->pages * page_size());
    *b = blocks[--block_count];
}

static int refuse(struct guard *g)
{
    g->calls++;
    return g->fail_at != 0 &&
           (g->calls == g->fail_at || (g->from_then_on && g->calls > g->fail_at));
}

static void *on_alloc(void *user, size_t size)
{
    struct guard *g = user;
    void *p;

    if (refuse(g))
        return NULL;
    p = g->pages ? guard_alloc(size) : malloc(size);
    if (p == NULL)
        abort();
    if (!g->pages)
        memset(p, FILL, size);
    g->held++;
    return p;
}

static void on_release(void *user, void *ptr)
{
    struct guard *g = user;

    g->held--;
    if (g->pages)
        guard_release(ptr);
    else
        free(ptr);
}

static void *on_resize(void *user, void *ptr, size_t size)
{
    struct guard *g = user;
    size_t old;
    void *p;

    if (ptr == NULL)
        return on_alloc(user, size);
    if (refuse(g))
        return NULL;
    if (!g->pages) {
        p = realloc(ptr, size);
        if (p == NULL)
            abort();
        return p;
    }
    old = block_of(ptr)->len;
    p = guard_alloc(size);
    memcpy(p, ptr, old < size ? old : size);
    guard_release(ptr);
    return p;
}

void guard_allocator(struct guard *g, mla_allocator *a)
{
    memset(a, 0, sizeof *a);
    a->struct_size = sizeof *a;
    a->alloc = on_alloc;
    a->resize = on_resize;
    a->release = on_release;
    a->user = g;
}
