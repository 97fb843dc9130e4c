/* uidset.c - see uidset.h */
#include "imap/uidset.h"

#include <string.h>

void uidset_init(struct uidset *s, const struct mem *mem)
{
    memset(s, 0, sizeof *s);
    s->mem = mem;
}

void uidset_free(struct uidset *s)
{
    for (size_t i = 0; i < s->count; i++)
        mem_free(s->mem, s->blocks[i]);
    mem_free(s->mem, s->blocks);
    uidset_init(s, s->mem);
}

/* The last block that begins not above uid, or the first one. */
static size_t find_block(const struct uidset *s, uint32_t uid)
{
    size_t low = 0;
    size_t high = s->count;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;

        if (s->blocks[mid]->ranges[0].first <= uid)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* The first range of a block that does not end below uid. */
static uint32_t find_range(const struct uidset_block *b, uint32_t uid)
{
    uint32_t low = 0;
    uint32_t high = b->count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (b->ranges[mid].last < uid)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

int uidset_has(const struct uidset *s, uint32_t uid)
{
    const struct uidset_block *b;
    uint32_t k;

    if (uid == 0 || s->top.first == 0 || uid > s->top.last)
        return 0;
    if (uid >= s->top.first)
        return 1;
    if (s->count == 0)
        return 0;
    b = s->blocks[find_block(s, uid)];
    k = find_range(b, uid);
    return k < b->count && b->ranges[k].first <= uid;
}

/* A new block in front of block i, with the ranges of block i - 1 from k on. */
static int put_block(struct uidset *s, size_t i, uint32_t k)
{
    struct uidset_block *b;

    if (s->count == UIDSET_BLOCKS_MAX)
        return MLA_E_LIMIT;
    if (s->count == s->cap) {
        size_t cap = s->cap == 0 ? 4 : s->cap * 2;
        struct uidset_block **p = mem_resize_array(s->mem, s->blocks, cap, sizeof *p);

        if (p == NULL)
            return MLA_E_NOMEM;
        s->blocks = p;
        s->cap = cap;
    }
    b = mem_alloc(s->mem, sizeof *b);
    if (b == NULL)
        return MLA_E_NOMEM;
    b->count = 0;
    if (i > 0) {
        struct uidset_block *before = s->blocks[i - 1];

        b->count = before->count - k;
        memcpy(b->ranges, before->ranges + k, b->count * sizeof b->ranges[0]);
        before->count = k;
    }
    memmove(s->blocks + i + 1, s->blocks + i, (s->count - i) * sizeof(struct uidset_block *));
    s->blocks[i] = b;
    s->count++;
    return 0;
}

/* The highest range goes into the blocks. */
static int push_top(struct uidset *s)
{
    struct uidset_block *b = s->count != 0 ? s->blocks[s->count - 1] : NULL;

    if (b == NULL || b->count == UIDSET_BLOCK) {
        int rc = put_block(s, s->count, UIDSET_BLOCK);

        if (rc != 0)
            return rc;
        b = s->blocks[s->count - 1];
    }
    b->ranges[b->count++] = s->top;
    return 0;
}

/* Somewhere below the highest range. */
static int add_below(struct uidset *s, uint32_t uid)
{
    struct uidset_block *b;
    size_t i;
    uint32_t k;
    int rc = s->count == 0 ? put_block(s, 0, 0) : 0;

    if (rc != 0)
        return rc;
    i = find_block(s, uid);
    b = s->blocks[i];
    k = find_range(b, uid);
    if (k < b->count && b->ranges[k].first <= uid)
        return 0;
    if (k < b->count && b->ranges[k].first == uid + 1) {
        b->ranges[k].first = uid;
    } else if (k > 0 && b->ranges[k - 1].last == uid - 1) {
        b->ranges[--k].last = uid;
        k++; /* the next one may follow it */
    } else if (b->count == UIDSET_BLOCK) {
        rc = put_block(s, i + 1, UIDSET_BLOCK / 2);
        return rc != 0 ? rc : add_below(s, uid); /* once: there is room now */
    } else {
        memmove(b->ranges + k + 1, b->ranges + k, (b->count - k) * sizeof b->ranges[0]);
        b->ranges[k].first = b->ranges[k].last = uid;
        b->count++;
        return 0;
    }
    if (k > 0 && k < b->count && b->ranges[k - 1].last + 1 == b->ranges[k].first) {
        b->ranges[k - 1].last = b->ranges[k].last;
        b->count--;
        memmove(b->ranges + k, b->ranges + k + 1, (b->count - k) * sizeof b->ranges[0]);
    }
    return 0;
}

int uidset_add(struct uidset *s, uint32_t uid)
{
    if (s->top.first != 0 && uid < s->top.first)
        return add_below(s, uid);
    if (s->top.first != 0 && uid > s->top.last) {
        int rc = uid - s->top.last == 1 ? 0 : push_top(s);

        if (rc != 0)
            return rc;
        if (uid - s->top.last != 1)
            s->top.first = uid;
    }
    if (s->top.first == 0)
        s->top.first = uid;
    if (uid > s->top.last)
        s->top.last = uid;
    return 0;
}

int uidset_sane(const struct uidset *s)
{
    uint32_t last = 0;

    for (size_t i = 0; i < s->count; i++) {
        const struct uidset_block *b = s->blocks[i];

        if ((b->count == 0 && s->count > 1) || b->count > UIDSET_BLOCK)
            return 0;
        for (uint32_t k = 0; k < b->count; k++) {
            if (b->ranges[k].first <= last || b->ranges[k].last < b->ranges[k].first)
                return 0;
            last = b->ranges[k].last;
        }
    }
    return (s->top.first == 0 && last == 0) || (s->top.first > last && s->top.last >= s->top.first);
}
