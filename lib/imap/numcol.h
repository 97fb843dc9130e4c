/* numcol.h - a short column of numbers, in as few octets as they need.
 *
 * A column whose numbers are all the same is one number and no memory, whatever its length. Another
 * one has at most NUMCOL_MAX numbers, each as its distance from the smallest, in 1, 2, 4 or 8
 * octets. 0 stands for "not known". The length is the caller's to keep: three columns of one block
 * share it.
 *
 * Where memory is short the whole column becomes "not known" and MLA_E_NOMEM is returned: less is
 * known then, and nothing wrong. The change itself has been made: the length counts as asked. */
#ifndef MLA_IMAP_NUMCOL_H
#define MLA_IMAP_NUMCOL_H

#include "base/mem.h"

#include <stdint.h>

enum { NUMCOL_MAX = 250 };

struct numcol {
    uint64_t base; /* data NULL: what all of them are; else the number that is stored as 1 */
    uint8_t *data;
    uint16_t runs;  /* of data: pieces of equal numbers; 0: two or more, not counted */
    uint16_t zeros; /* of data: how many are not known */
    uint8_t width;  /* of data: octets a number */
};

/* All n of them are v. */
void numcol_fill(struct numcol *c, const struct mem *mem, uint64_t v);
/* One of n <= NUMCOL_MAX (more where that changes nothing). 0 or MLA_E_NOMEM. */
int numcol_set(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint64_t v);
/* One more behind the n that there are: n < NUMCOL_MAX, or numcol_fits(). 0 or MLA_E_NOMEM. */
int numcol_push(struct numcol *c, const struct mem *mem, uint32_t n, uint64_t v);
/* Puts v in front of number i (or behind all); the known ones behind it become smaller by step, 0
 * or 1, and v is not larger than they are then. n < NUMCOL_MAX. */
int numcol_insert(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint64_t v,
                  uint32_t step);
/* Takes number i out; the known ones behind it grow by step, 0 or 1. n <= NUMCOL_MAX, or
 * numcol_can_erase(). 0 or MLA_E_NOMEM. */
int numcol_erase(struct numcol *c, const struct mem *mem, uint32_t n, uint32_t i, uint32_t step);
/* Only the first n of them stay, n > 0. */
void numcol_cut(struct numcol *c, const struct mem *mem, uint32_t n);
/* Checks the invariants (tests). */
int numcol_sane(const struct numcol *c, uint32_t n);

static inline uint64_t numcol_get(const struct numcol *c, uint32_t i)
{
    uint64_t raw;

    if (c->data == NULL)
        return c->base;
    if (c->width == 1)
        raw = c->data[i];
    else if (c->width == 2)
        raw = ((const uint16_t *)(const void *)c->data)[i];
    else if (c->width == 4)
        raw = ((const uint32_t *)(const void *)c->data)[i];
    else
        raw = ((const uint64_t *)(const void *)c->data)[i];
    return raw != 0 ? c->base + raw - 1 : 0;
}

/* 1 when v can stand behind all of them without memory, in a column of any length. */
static inline int numcol_fits(const struct numcol *c, uint64_t v)
{
    return c->data == NULL && c->base == v;
}

/* numcol_push() where that needs no memory and no thought, as nearly always: 1 when it did. */
static inline int numcol_push_fast(struct numcol *c, uint32_t n, uint64_t v)
{
    uint64_t raw = v - c->base + 1;

    if (c->data == NULL)
        return n != 0 && c->base == v;
    /* raw 0 and those of numbers below the base are above each maximum, less 1 */
    if (c->width == 1 && raw - 1 < UINT8_MAX)
        c->data[n] = (uint8_t)raw;
    else if (c->width == 2 && raw - 1 < UINT16_MAX)
        ((uint16_t *)(void *)c->data)[n] = (uint16_t)raw;
    else if (c->width == 4 && raw - 1 < UINT32_MAX)
        ((uint32_t *)(void *)c->data)[n] = (uint32_t)raw;
    else
        return 0;
    c->runs = 0;
    return 1;
}

/* 1 when number i can be taken out of a column of any length. */
static inline int numcol_can_erase(const struct numcol *c, uint32_t n, uint32_t i, uint32_t step)
{
    return c->data == NULL && (step == 0 || c->base == 0 || i == 0 || i == n - 1);
}

/* How many of n are known. */
static inline uint32_t numcol_known(const struct numcol *c, uint32_t n)
{
    return c->data != NULL ? n - c->zeros : c->base != 0 ? n : 0;
}

static inline size_t numcol_octets(const struct numcol *c)
{
    return c->data != NULL ? (size_t)NUMCOL_MAX * c->width : 0;
}

#endif
