/* guard.h - octets that end right before a page nobody may touch: reading one too many is a crash.
 */
#ifndef GUARD_H
#define GUARD_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
    uint8_t *base;
    size_t room; /* readable octets; the unreadable page comes behind them */
    size_t page;
};

/* Room for up to max octets. 1 when it could be made. */
static inline int guard_init(struct guard *g, size_t max)
{
    int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);

    g->page = (size_t)sysconf(_SC_PAGESIZE);
    g->room = (max / g->page + 1) * g->page;
    g->base = NULL;
    if (fd < 0)
        return 0;
    g->base = mmap(NULL, g->room + g->page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    close(fd);
    if (g->base == MAP_FAILED)
        return 0;
    return mprotect(g->base + g->room, g->page, PROT_NONE) == 0;
}

/* A copy of n <= max octets whose last one is the last that can be read. */
static inline uint8_t *guard_put(struct guard *g, const void *ptr, size_t n)
{
    uint8_t *p = g->base + g->room - n;

    if (n != 0)
        memcpy(p, ptr, n);
    return p;
}

static inline void guard_free(struct guard *g)
{
    munmap(g->base, g->room + g->page);
}

#endif
