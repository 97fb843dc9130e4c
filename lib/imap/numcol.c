/* numcol.c - see numcol.h */
#include "imap/numcol.h"

#include "mailaccess/types.h"

#include <string.h>

static uint64_t most(unsigned width)
{
    return width == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * width)) - 1;
}

static uint64_t load(const uint8_t *data, unsigned width, uint32_t i)
{
    if (width == 1)
        return data[i];
    if (width == 2)
        return ((const uint16_t *)(const void *)data)[i];
    if (width == 4)
        return ((const uint32_t *)(const void *)data)[i];
    return ((const uint64_t *)(const void *)data)[i];
}

static void store(uint8_t *data, unsigned width, uint32_t i, uint64_t raw)
{
    if (width == 1)
        data[i] = (uint8_t)raw;
    else if (width == 2)
        ((uint16_t *)(void *)data)[i] = (uint16_t)raw;
    else if (width == 4)
        ((uint32_t *)(void *)data)[i] = (uint32_t)raw;
    else
        ((uint64_t *)(void *)data)[i] = raw;
}

static uint64_t raw_of(const struct numcol *c, uint64_t v)
{
    return v != 0 ? v - c->base + 1 : 0;
}

static int has_place_for(const struct numcol *c, uint64_t v)
{
    return v == 0 || (v >= c->base && v - c->base < most(c->width));
}

void numcol_fill(struct numcol *c, const struct mem *mem, uint64_t v)
{
    mem_free(mem, c->data);
    memset(c, 0, sizeof *c);
    c->base = v;
}

static int forget(struct numcol *c, const struct mem *mem)
{
    numcol_fill(c, mem, 0);
    return MLA_E_NOMEM;
}

/* Numbers for the n there are, such that v, which may come next, has its place, too. */
static int repack(struct numcol *c, const struct mem *mem, uint32_t n, uint64_t v)
{
    uint64_t low = v != 0 ? v : UINT64_MAX;
    uint64_t high = v;
    unsigned width = 1;
    uint64_t base;
    uint8_t *data;

    for (uint32_t i = 0; i < n; i++) {
        uint64_t x = numcol_get(c, i);

        if (x != 0 && x < low)
            low = x;
        if (x > high)
            high = x;
    }
    base = high <= most(1) ? 1 : low;
    while (width < 8 && high - base >= most(width))
        width *= 2;
    data = mem_array(mem, NUMCOL_MAX, width);
    if (data == NULL)
        return forget(c, mem);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t x = numcol_get(c, i);

        store(data, width, i, x != 0 ? x - base + 1 : 0);
    }
    if (c->data == NULL) {
        c->runs = 1;
        c->zeros = (uint16_t)(c->base == 0 ? n : 0);
    }
    mem_free(mem, c->data);
    c->data = data;
    c->base = base;
    c->width = (uint8_t)width;
    return 0;
}

/* The memory goes where all n numbers are the same. */
static void collapse(struct numcol *c, const struct mem *mem)
{
    if (c->runs == 1)
        numcol_fill(c, mem, numcol_get(c, 0));
}

static int differs(const struct numcol *c, uint32_t i, uint32_t k)
{
    return load(c->data, c->width, i) != load(c->data, c->width, k);
}

static uint16_t count_runs(const struct numcol *c, uint32_t n)
{
    uint16_t runs = 1;

    if (c->runs != 0)
        return c->runs;
    for (uint32_t i = 1; i < n; i++)
        runs = (uint16_t)(runs + differs(c, i - 1, i));
    return runs;
}

int numcol_set(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint64_t v)
{
    uint64_t old = numcol_get(c, i);
    uint16_t runs;

    if (old == v)
        return 0;
    if (c->data == NULL && n == 1) {
        c->base = v;
        return 0;
    }
    if (c->data == NULL || !has_place_for(c, v)) {
        int rc = repack(c, mem, n, v);

        if (rc != 0)
            return rc;
    }
    runs = count_runs(c, n);
    if (i > 0)
        runs = (uint16_t)(runs - differs(c, i - 1, i));
    if (i + 1 < n)
        runs = (uint16_t)(runs - differs(c, i, i + 1));
    store(c->data, c->width, i, raw_of(c, v));
    if (i > 0)
        runs = (uint16_t)(runs + differs(c, i - 1, i));
    if (i + 1 < n)
        runs = (uint16_t)(runs + differs(c, i, i + 1));
    c->runs = runs;
    c->zeros = (uint16_t)(c->zeros + (v == 0) - (old == 0));
    collapse(c, mem);
    return 0;
}

int numcol_push(struct numcol *c, const struct mem *mem, uint32_t n, uint64_t v)
{
    if (n == 0) {
        numcol_fill(c, mem, v);
        return 0;
    }
    if (numcol_fits(c, v))
        return 0;
    if (c->data == NULL || !has_place_for(c, v)) {
        int rc = repack(c, mem, n, v);

        if (rc != 0)
            return rc;
    }
    store(c->data, c->width, n, raw_of(c, v));
    c->runs = 0;
    c->zeros = (uint16_t)(c->zeros + (v == 0));
    return 0;
}

/* Adds step, 1 or -1, to the known ones of [i, n). There is room for that. */
static void shift(struct numcol *c, uint32_t i, uint32_t n, int step)
{
    if (c->width == 1) {
        for (; i < n; i++)
            c->data[i] = (uint8_t)(c->data[i] + (c->data[i] != 0 ? step : 0));
        return;
    }
    for (; i < n; i++) {
        uint64_t raw = load(c->data, c->width, i);

        if (raw != 0)
            store(c->data, c->width, i, step > 0 ? raw + 1 : raw - 1);
    }
}

/* Counts what follows from the numbers. */
static void recount(struct numcol *c, const struct mem *mem, uint32_t n)
{
    c->runs = c->zeros = 0;
    for (uint32_t i = 0; i < n; i++)
        c->zeros = (uint16_t)(c->zeros + (load(c->data, c->width, i) == 0));
    c->runs = count_runs(c, n);
    collapse(c, mem);
}

/* 1 when one of [i, n) is the largest that its octets can hold. */
static int is_full(const struct numcol *c, uint32_t i, uint32_t n)
{
    if (c->width == 1)
        return i < n && memchr(c->data + i, UINT8_MAX, n - i) != NULL;
    for (; i < n; i++)
        if (load(c->data, c->width, i) == most(c->width))
            return 1;
    return 0;
}

void numcol_cut(struct numcol *c, const struct mem *mem, uint32_t n)
{
    if (c->data != NULL)
        recount(c, mem, n);
}

static void move(struct numcol *c, uint32_t to, uint32_t from, uint32_t count)
{
    memmove(c->data + (size_t)to * c->width, c->data + (size_t)from * c->width,
            (size_t)count * c->width);
}

int numcol_insert(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint64_t v,
                  uint32_t step)
{
    if (i == n)
        return numcol_push(c, mem, n, v);
    if (numcol_fits(c, v) && (step == 0 || v == 0))
        return 0;
    if (c->data == NULL || !has_place_for(c, v)) {
        int rc = repack(c, mem, n, v);

        if (rc != 0)
            return rc;
    }
    move(c, i + 1, i, n - i);
    if (step != 0)
        shift(c, i + 1, n + 1, -1);
    store(c->data, c->width, i, raw_of(c, v));
    recount(c, mem, n + 1);
    return 0;
}

int numcol_erase(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint32_t step)
{
    uint16_t runs;
    int rc = 0;

    if (n == 1) {
        numcol_fill(c, mem, 0);
        return 0;
    }
    if (numcol_can_erase(c, n, i, step)) {
        if (step != 0 && i == 0 && c->base != 0)
            c->base += step;
        return 0;
    }
    if (c->data == NULL)
        rc = repack(c, mem, n, c->base + step);
    else if (step != 0 && is_full(c, i + 1, n))
        rc = repack(c, mem, n, c->base + most(c->width));
    if (rc != 0)
        return rc;
    runs = count_runs(c, n);
    if (i > 0)
        runs = (uint16_t)(runs - differs(c, i - 1, i));
    if (i + 1 < n)
        runs = (uint16_t)(runs - differs(c, i, i + 1));
    c->zeros = (uint16_t)(c->zeros - (load(c->data, c->width, i) == 0));
    move(c, i, i + 1, n - i - 1);
    if (step != 0)
        shift(c, i, n - 1, 1);
    if (i > 0 && i < n - 1)
        runs = (uint16_t)(runs + differs(c, i - 1, i));
    c->runs = runs;
    collapse(c, mem);
    return 0;
}

int numcol_sane(const struct numcol *c, uint32_t n)
{
    uint32_t runs = 1;
    uint32_t zeros = 0;

    if (c->data == NULL)
        return 1;
    if (n < 2 || n > NUMCOL_MAX)
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        zeros += load(c->data, c->width, i) == 0;
        runs += i > 0 && differs(c, i - 1, i);
    }
    return (runs == c->runs || c->runs == 0) && zeros == c->zeros && runs > 1;
}
