/* msgmap_block.c - see msgmap_block.h; making, emptying and resizing a map (msgmap.h). */
#include "imap/msgmap_block.h"

#include <string.h>

/* Neighbours that have no more messages than this together become one block. */
enum { JOIN_MAX = 200 };

void msgmap_init(struct msgmap *m, const struct mem *mem)
{
    memset(m, 0, sizeof *m);
    m->mem = mem;
    m->held_max = MSGMAP_HELD_MAX;
}

static void free_block(struct msgmap *m, struct msgmap_block *b)
{
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        numcol_fill(&b->col[c], m->mem, 0);
    mem_free(m->mem, b);
}

static void drop_all(struct msgmap *m)
{
    for (size_t i = 0; i < m->block_count; i++)
        free_block(m, m->blocks[i]);
    memset(m->known, 0, sizeof m->known);
    m->block_count = m->lag_at = 0;
    m->at_count = 0;
    m->lag = 0;
    m->held = 0;
    m->covered = 0;
}

void msgmap_clear(struct msgmap *m)
{
    size_t held_max = m->held_max;

    drop_all(m);
    mem_free(m->mem, m->blocks);
    mem_free(m->mem, m->firsts);
    mem_free(m->mem, m->lows);
    msgmap_init(m, m->mem);
    m->held_max = held_max;
}

void msgmap_forget(struct msgmap *m)
{
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        if (m->known[c] != 0) {
            m->forgets++;
            break;
        }
    }
    drop_all(m);
}

void msgmap_resize(struct msgmap *m, uint32_t count)
{
    if (count < m->count) /* not allowed, and then nothing is sure */
        msgmap_forget(m);
    m->count = count;
}

/* --- the list of blocks --- */

/* Takes what a block holds out of the sums, or puts it in. */
void msgmap_account(struct msgmap *m, const struct msgmap_block *b, int sign)
{
    size_t held = sizeof *b;

    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        uint32_t known = numcol_known(&b->col[c], b->count);

        m->known[c] = sign > 0 ? m->known[c] + known : m->known[c] - known;
        held += numcol_octets(&b->col[c]);
    }
    m->held = sign > 0 ? m->held + held : m->held - held;
}

/* All from block `at` on have n messages fewer in front of them; n may have wrapped around. */
void msgmap_shift(struct msgmap *m, size_t at, uint32_t n)
{
    for (size_t i = at; i < m->lag_at; i++)
        m->firsts[i] += m->lag;
    for (size_t i = m->lag_at; i < at; i++)
        m->firsts[i] -= m->lag;
    m->lag_at = at;
    m->lag += n;
    m->at_count = 0;
}

/* Room for one block more. 0 or MLA_E_NOMEM. */
static int reserve(struct msgmap *m)
{
    size_t cap = m->block_cap < 8 ? 8 : m->block_cap + m->block_cap / 2;
    struct msgmap_block **blocks;
    uint32_t *numbers;

    if (m->block_count < m->block_cap)
        return 0;
    blocks = mem_resize_array(m->mem, m->blocks, cap, sizeof *blocks);
    if (blocks == NULL)
        return MLA_E_NOMEM;
    m->blocks = blocks;
    numbers = mem_resize_array(m->mem, m->firsts, cap, sizeof *numbers);
    if (numbers == NULL)
        return MLA_E_NOMEM;
    m->firsts = numbers;
    numbers = mem_resize_array(m->mem, m->lows, cap, sizeof *numbers);
    if (numbers == NULL)
        return MLA_E_NOMEM;
    m->lows = numbers;
    m->block_cap = cap;
    return 0;
}

/* Moves the blocks from `from` on to `to`; there is room. */
static void move_blocks(struct msgmap *m, size_t to, size_t from)
{
    size_t n = m->block_count - from;

    memmove(m->blocks + to, m->blocks + from, n * sizeof(struct msgmap_block *));
    memmove(m->firsts + to, m->firsts + from, n * sizeof *m->firsts);
    memmove(m->lows + to, m->lows + from, n * sizeof *m->lows);
    m->block_count = to + n;
    m->at_count = 0;
}

/* A new block, not accounted for, with no message in it. NULL: no memory. */
struct msgmap_block *msgmap_put_block(struct msgmap *m, size_t i, uint32_t first)
{
    struct msgmap_block *b;

    if (reserve(m) != 0)
        return NULL;
    b = mem_zero(m->mem, sizeof *b);
    if (b == NULL)
        return NULL;
    move_blocks(m, i + 1, i);
    if (i < m->lag_at)
        m->lag_at++;
    else
        first += m->lag;
    m->firsts[i] = first;
    m->lows[i] = 0;
    m->blocks[i] = b;
    return b;
}

/* The blocks [i, i + n), which are not accounted for any more. */
void msgmap_drop_blocks(struct msgmap *m, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++)
        free_block(m, m->blocks[k]);
    move_blocks(m, i, i + n);
    if (m->lag_at > i)
        m->lag_at = m->lag_at > i + n ? m->lag_at - n : i;
}

void msgmap_find_low(struct msgmap *m, size_t i)
{
    uint32_t at;

    m->lows[i] = msgmap_low(m->blocks[i], 0, &at);
}

/* A block that is all the same, cut in two in front of message k of it. 0 or MLA_E_NOMEM. */
int msgmap_split_plain(struct msgmap *m, size_t i, uint32_t k)
{
    struct msgmap_block *a = m->blocks[i];
    struct msgmap_block *b = msgmap_put_block(m, i + 1, msgmap_first(m, i) + k);

    if (b == NULL)
        return MLA_E_NOMEM;
    b->count = a->count - k;
    a->count = k;
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        b->col[c].base = a->col[c].base;
    if (b->col[MSGMAP_UID].base != 0)
        b->col[MSGMAP_UID].base += k;
    m->held += sizeof *b;
    msgmap_find_low(m, i + 1);
    return 0;
}

/* 1 when b goes on where a ends, both all the same. */
static int goes_on(const struct msgmap_block *a, const struct msgmap_block *b)
{
    uint64_t uid = a->col[MSGMAP_UID].base;

    return msgmap_is_plain(a) && msgmap_is_plain(b) &&
           b->col[MSGMAP_UID].base == (uid != 0 ? uid + a->count : 0) &&
           a->col[MSGMAP_FLAGS].base == b->col[MSGMAP_FLAGS].base &&
           a->col[MSGMAP_MODSEQ].base == b->col[MSGMAP_MODSEQ].base;
}

/* Puts the messages of b behind those of a. */
static void append_block(struct msgmap *m, struct msgmap_block *a, const struct msgmap_block *b)
{
    const uint32_t n = a->count;

    for (uint32_t k = 0; k < b->count; k++, a->count++)
        for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
            uint64_t v = numcol_get(&b->col[c], k);

            if (c == MSGMAP_UID && v != 0)
                v -= n;
            if (numcol_push(&a->col[c], m->mem, a->count, v) != 0)
                m->forgets++;
        }
}

/* Blocks i and i + 1 become one where that saves memory. 1: they did. */
static int join_two(struct msgmap *m, size_t i)
{
    struct msgmap_block *a = m->blocks[i];
    struct msgmap_block *b;

    if (i + 1 >= m->block_count)
        return 0;
    b = m->blocks[i + 1];
    if (!goes_on(a, b) && (uint64_t)a->count + b->count > JOIN_MAX)
        return 0;
    msgmap_account(m, a, -1);
    msgmap_account(m, b, -1);
    if (goes_on(a, b))
        a->count += b->count;
    else
        append_block(m, a, b);
    msgmap_account(m, a, 1);
    msgmap_drop_blocks(m, i + 1, 1);
    msgmap_find_low(m, i);
    return 1;
}

void msgmap_join(struct msgmap *m, size_t i)
{
    if (i < m->block_count)
        join_two(m, i);
    if (i > 0 && i <= m->block_count)
        join_two(m, i - 1);
}
