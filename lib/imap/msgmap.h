/* msgmap.h - what is known of the messages of a mailbox: number, UID, flags, mod-sequence.
 *
 * Messages stand in blocks, in the order of their numbers; a block has a column (numcol.h) for each
 * of the three. UIDs are kept as their distance from the message's place, so that in a block
 * without gaps all are the same number: a block in which all numbers are the same is as long as it
 * likes and takes no more memory than a short one. Others have at most NUMCOL_MAX messages. What
 * happens to one message (learning, EXPUNGE) touches one block, and in the list of blocks at most
 * the numbers of those between this change and the last one.
 *
 * The map only ever errs by knowing less: where memory is short, the maximum of what may be held is
 * exceeded or the server contradicts itself, it forgets, and counts that in `forgets`. */
#ifndef MLA_IMAP_MSGMAP_H
#define MLA_IMAP_MSGMAP_H

#include "imap/numcol.h"
#include "mailaccess/types.h"

enum { MSGMAP_UID = 0, MSGMAP_FLAGS = 1, MSGMAP_MODSEQ = 2, MSGMAP_COLUMNS = 3 };

enum { MSGMAP_HELD_MAX = 64 * 1024 * 1024 }; /* octets */

struct msgmap_block {
    uint32_t count;
    struct numcol col[MSGMAP_COLUMNS]; /* UID: less its place in the block */
};

struct msgmap {
    const struct mem *mem;
    uint32_t count;   /* messages */
    uint32_t covered; /* of them those in blocks; of those behind nothing is known */
    uint32_t known[MSGMAP_COLUMNS];
    uint32_t forgets; /* how often something that was known had to be forgotten */
    size_t held;      /* octets of blocks and columns */
    size_t held_max;
    /* the blocks, in order: */
    struct msgmap_block **blocks;
    uint32_t *firsts; /* how many messages there are in front of it; see lag */
    uint32_t *lows;   /* the lowest UID known in it, 0: none */
    size_t block_count;
    size_t block_cap;
    size_t lag_at; /* from this block on, firsts are too high by lag (which may wrap around) */
    uint32_t lag;
    /* the block that was used last, as long as no other changes: */
    size_t hint;
    const struct msgmap_block *at;
    uint32_t at_first;
    uint32_t at_count; /* 0: there is none */
};

/* What is known of one message; 0: not known. */
struct msgmap_row {
    uint32_t uid;
    uint64_t flags;
    uint64_t modseq;
};

void msgmap_init(struct msgmap *m, const struct mem *mem);
/* No messages. */
void msgmap_clear(struct msgmap *m);
/* There are count messages now; nothing is known of new ones. Fewer than before: nothing is known
 * of any. */
void msgmap_resize(struct msgmap *m, uint32_t count);
/* Nothing is known any more. */
void msgmap_forget(struct msgmap *m);

/* What was told about message seq; what is 0 was not told. */
static inline void msgmap_learn(struct msgmap *m, uint32_t seq, const struct msgmap_row *told);
void msgmap_learn_more(struct msgmap *m, uint32_t seq, const struct msgmap_row *told);
/* Without message numbers (RFC 9586): what was told of the message with told->uid, which is new
 * where it is not known. Its place among the known, 0 without memory. */
uint32_t msgmap_add(struct msgmap *m, const struct msgmap_row *told);
/* The same of n messages with the UIDs from uid on, which are above all that are known. 0,
 * MLA_E_NOMEM, MLA_E_LIMIT: more than may be held; there are no messages then. */
int msgmap_append(struct msgmap *m, uint32_t uid, uint32_t n, uint64_t flags);
/* What is known about message seq. */
void msgmap_row(const struct msgmap *m, uint32_t seq, struct msgmap_row *out);
/* Not known any more of messages [seq, seq + n): the columns (bits 1 << MSGMAP_..., not UID). */
void msgmap_unlearn(struct msgmap *m, uint32_t seq, uint32_t n, unsigned columns);

/* The UID of a message, 0 when it is not known. */
uint32_t msgmap_uid(const struct msgmap *m, uint32_t seq);
/* The number of the first message whose UID is known and not below uid, and that UID; 0: none. */
uint32_t msgmap_at_or_above(const struct msgmap *m, uint32_t uid, uint32_t *out_uid);
/* The number of the last message in front of message seq whose UID is known; 0: none. */
uint32_t msgmap_known_below(const struct msgmap *m, uint32_t seq);
/* The number of a UID, 0 when it is not known. */
uint32_t msgmap_seq(const struct msgmap *m, uint32_t uid);
/* The first run of known UIDs without gaps that begins at or above uid (or has it inside). 1, 0. */
int msgmap_next_uids(const struct msgmap *m, uint32_t uid, mla_range *out);
/* *out_flags: those of message seq; how many from it on have the same at least. 0: there is no such
 * message. */
uint32_t msgmap_same_flags(const struct msgmap *m, uint32_t seq, uint64_t *out_flags);
/* The first run of message numbers from seq on of which one of the columns (bits 1 << MSGMAP_...)
 * is not known. 1, 0. */
int msgmap_next_missing(const struct msgmap *m, unsigned columns, uint32_t seq, mla_range *out);

/* EXPUNGE of messages [seq, seq + n), all of which exist. */
void msgmap_erase(struct msgmap *m, uint32_t seq, uint32_t n);
/* VANISHED (RFC 7162 section 3.2.10.2): all UIDs in [first, last] are those of messages that were
 * there. How many went. Of unknown ones among known ones it is not certain which went: nothing is
 * known of those any more. */
uint32_t msgmap_vanish(struct msgmap *m, uint32_t first, uint32_t last);
/* The same where the map holds only what is known (RFC 9586). */
uint32_t msgmap_drop(struct msgmap *m, uint32_t first, uint32_t last);

/* Octets of memory in all. */
size_t msgmap_octets(const struct msgmap *m);
/* Checks the invariants (tests). */
int msgmap_sane(const struct msgmap *m);

/* --- for msgmap_*.c --- */

static inline uint32_t msgmap_first(const struct msgmap *m, size_t i)
{
    return m->firsts[i] - (i >= m->lag_at ? m->lag : 0);
}
/* The block of the message behind s others, s < covered. */
size_t msgmap_find(const struct msgmap *m, uint32_t s);
/* The first or last UID known in a block, and its place there; 0: none is. */
uint32_t msgmap_low(const struct msgmap_block *b, uint32_t from, uint32_t *out_at);
uint32_t msgmap_high(const struct msgmap_block *b, uint32_t end, uint32_t *out_at);

/* Most of what is told is known already, of a message in the same block as the one before. */
static inline void msgmap_learn(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    uint32_t k = seq - 1 - m->at_first;

    if (k < m->at_count) {
        const struct numcol *c = m->at->col;

        if ((told->flags == 0 || numcol_get(&c[MSGMAP_FLAGS], k) == told->flags) &&
            (told->uid == 0 || numcol_get(&c[MSGMAP_UID], k) + k == told->uid) &&
            (told->modseq == 0 || numcol_get(&c[MSGMAP_MODSEQ], k) == told->modseq))
            return;
    }
    msgmap_learn_more(m, seq, told);
}

#endif
