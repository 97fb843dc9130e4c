/* msgmap_block.h - the list of blocks under a map (msgmap.h). Private to msgmap_*.c.
 *
 * Blocks are named by their index; each of these may move those behind. What a block holds is kept
 * in sums (known, held): it is taken out of them before it changes, and put in again behind that.
 */
#ifndef MLA_IMAP_MSGMAP_BLOCK_H
#define MLA_IMAP_MSGMAP_BLOCK_H

#include "imap/msgmap.h"

/* Takes what a block holds out of the sums (sign -1), or puts it in (1). */
void msgmap_account(struct msgmap *m, const struct msgmap_block *b, int sign);
/* All from block `at` on have n messages fewer in front of them; n may have wrapped around. */
void msgmap_shift(struct msgmap *m, size_t at, uint32_t n);
/* A new block at index i, not accounted for, with no message in it. NULL: no memory. */
struct msgmap_block *msgmap_put_block(struct msgmap *m, size_t i, uint32_t first);
/* The blocks [i, i + n) go, which are not accounted for any more. */
void msgmap_drop_blocks(struct msgmap *m, size_t i, size_t n);
/* The lowest UID of block i may have changed. */
void msgmap_find_low(struct msgmap *m, size_t i);
/* A block that is all the same, cut in two in front of message k of it. 0 or MLA_E_NOMEM. */
int msgmap_split_plain(struct msgmap *m, size_t i, uint32_t k);
/* Block i and those beside it become one where that saves memory. */
void msgmap_join(struct msgmap *m, size_t i);

/* 1 when in each column all numbers are the same. */
static inline int msgmap_is_plain(const struct msgmap_block *b)
{
    return b->col[0].data == NULL && b->col[1].data == NULL && b->col[2].data == NULL;
}

/* The next message is probably in the same block. */
static inline void msgmap_remember(struct msgmap *m, size_t i)
{
    m->hint = i;
    m->at = m->blocks[i];
    m->at_first = msgmap_first(m, i);
    m->at_count = m->at->count;
}

#endif
