/* msgmap_gone.c - see msgmap.h: messages that go, and what is not known any more. */
#include "imap/msgmap_block.h"

/* n messages of a block, not all of it, from message k of it on. */
static void erase_part(struct msgmap *m, size_t i, uint32_t k, uint32_t n)
{
    struct msgmap_block *b = m->blocks[i];
    struct numcol *uids = &b->col[MSGMAP_UID];

    if (b->count > NUMCOL_MAX && k != 0 && k + n != b->count && uids->base != 0 &&
        msgmap_split_plain(m, i, k + n) != 0) {
        msgmap_account(m, b, -1);
        numcol_fill(uids, m->mem, 0);
        msgmap_account(m, b, 1);
        m->forgets++;
    }
    msgmap_account(m, b, -1);
    if (msgmap_is_plain(b) && (uids->base == 0 || k == 0 || k + n == b->count)) {
        if (k == 0 && uids->base != 0)
            uids->base += n;
        b->count -= n;
    } else {
        for (uint32_t x = 0; x < n; x++, b->count--)
            for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
                if (numcol_erase(&b->col[c], m->mem, b->count, k, c == MSGMAP_UID) != 0)
                    m->forgets++;
    }
    msgmap_account(m, b, 1);
    msgmap_find_low(m, i);
    msgmap_shift(m, i + 1, n);
}

/* Blocks from i on that n messages fill. How many messages went. */
static uint32_t erase_blocks(struct msgmap *m, size_t i, uint32_t n)
{
    uint32_t gone = 0;
    size_t end = i;

    for (; end < m->block_count && m->blocks[end]->count <= n - gone; end++) {
        msgmap_account(m, m->blocks[end], -1);
        gone += m->blocks[end]->count;
    }
    msgmap_drop_blocks(m, i, end - i);
    msgmap_shift(m, i, gone);
    return gone;
}

void msgmap_erase(struct msgmap *m, uint32_t seq, uint32_t n)
{
    const uint32_t s = seq - 1;

    while (n > 0 && s < m->covered) {
        size_t i = msgmap_find(m, s);
        uint32_t k = s - msgmap_first(m, i);
        uint32_t gone = m->blocks[i]->count - k;

        if (k == 0 && gone <= n) {
            gone = erase_blocks(m, i, n);
        } else {
            gone = gone < n ? gone : n;
            erase_part(m, i, k, gone);
        }
        m->covered -= gone;
        m->count -= gone;
        n -= gone;
        msgmap_join(m, i);
    }
    m->count -= n;
}

/* How many of the messages from seq on in its block have the UIDs uid, uid + 1, ... up to last. */
static uint32_t run_at(const struct msgmap *m, uint32_t seq, uint32_t uid, uint32_t last)
{
    size_t i = msgmap_find(m, seq - 1);
    const struct msgmap_block *b = m->blocks[i];
    const struct numcol *c = &b->col[MSGMAP_UID];
    uint32_t k = seq - 1 - msgmap_first(m, i);
    uint32_t max = b->count - k;
    uint32_t n = 1;

    if (max > last - uid)
        max = last - uid + 1;
    if (c->data == NULL)
        return max;
    while (n < max && numcol_get(c, k + n) == numcol_get(c, k))
        n++;
    return n;
}

uint32_t msgmap_drop(struct msgmap *m, uint32_t first, uint32_t last)
{
    uint32_t gone = 0;

    for (;;) {
        uint32_t uid;
        uint32_t seq = msgmap_at_or_above(m, first, &uid);
        uint32_t n;

        if (seq == 0 || uid > last)
            return gone;
        n = run_at(m, seq, uid, last);
        msgmap_erase(m, seq, n);
        gone += n;
    }
}

/* So many UIDs vanish that belong somewhere among the messages in front of seq whose UID is not
 * known. How many went. */
static uint32_t vanish_unknown(struct msgmap *m, uint32_t seq, uint32_t uids)
{
    uint32_t below = msgmap_known_below(m, seq);
    uint32_t gap = seq - below - 1;
    uint32_t gone = uids < gap ? uids : gap;

    if (gone == 0)
        return 0;
    msgmap_erase(m, below + 1, gone);
    if (gone < gap)
        msgmap_unlearn(m, below + 1, gap - gone, 1U << MSGMAP_FLAGS | 1U << MSGMAP_MODSEQ);
    return gone;
}

uint32_t msgmap_vanish(struct msgmap *m, uint32_t first, uint32_t last)
{
    uint64_t at = first;
    uint32_t gone = 0;

    while (at != 0 && at <= last && m->count > 0) {
        uint32_t uid;
        uint32_t seq = msgmap_at_or_above(m, (uint32_t)at, &uid);
        uint32_t end = seq == 0 || uid > last ? last : uid - 1; /* of those not known */
        uint32_t n = 0;

        if (m->known[MSGMAP_UID] < m->count && end >= at) {
            n = vanish_unknown(m, seq != 0 ? seq : m->count + 1, (uint32_t)(end - at + 1));
            gone += n;
        }
        if (seq == 0 || uid > last)
            break;
        seq -= n;
        n = run_at(m, seq, uid, last);
        msgmap_erase(m, seq, n);
        gone += n;
        at = (uint64_t)uid + n;
    }
    return gone;
}

void msgmap_unlearn(struct msgmap *m, uint32_t seq, uint32_t n, unsigned columns)
{
    uint32_t s = seq - 1;
    uint32_t end = n < m->covered && s < m->covered - n ? s + n : m->covered;
    uint32_t part;

    for (; s < end; s += part) {
        size_t i = msgmap_find(m, s);
        struct msgmap_block *b = m->blocks[i];
        uint32_t k = s - msgmap_first(m, i);
        unsigned still = 0;

        part = b->count - k < end - s ? b->count - k : end - s;
        for (unsigned c = MSGMAP_FLAGS; c < MSGMAP_COLUMNS; c++)
            if ((columns & 1U << c) != 0 && !numcol_fits(&b->col[c], 0))
                still |= 1U << c;
        if (still == 0)
            continue;
        if (b->count > NUMCOL_MAX && part < b->count &&
            msgmap_split_plain(m, i, k != 0 ? k : part) == 0) {
            part = 0; /* again, with the pieces */
            continue;
        }
        msgmap_account(m, b, -1);
        for (unsigned c = MSGMAP_FLAGS; c < MSGMAP_COLUMNS; c++) {
            if ((still & 1U << c) == 0)
                continue;
            if (part == b->count || b->count > NUMCOL_MAX)
                numcol_fill(&b->col[c], m->mem, 0);
            for (uint32_t x = k; x < k + part && !numcol_fits(&b->col[c], 0); x++)
                if (numcol_set(&b->col[c], m->mem, b->count, x, 0) != 0)
                    m->forgets++;
        }
        msgmap_account(m, b, 1);
        if (msgmap_is_plain(b))
            msgmap_join(m, i);
    }
}
