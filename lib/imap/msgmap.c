/* msgmap.c - see msgmap.h: what is told of messages. */
#include "imap/msgmap_block.h"

/* 1 when a message k of block i (or behind it) can have that UID: there is a UID for each message
 * between it and those around that are known. A block farther away than the next is not looked at.
 */
static int in_order(const struct msgmap *m, size_t i, uint32_t k, uint32_t uid)
{
    const struct msgmap_block *b = m->blocks[i];
    uint32_t at = 0;
    uint64_t low = msgmap_high(b, k < b->count ? k : b->count, &at);
    uint64_t high;

    if (low != 0) {
        low += k - at;
    } else if (i > 0) {
        const struct msgmap_block *before = m->blocks[i - 1];

        low = msgmap_high(before, before->count, &at);
        if (low != 0)
            low += (uint64_t)before->count - at + k;
    }
    if (uid < low)
        return 0;
    if (k >= b->count) /* behind all */
        return 1;
    high = msgmap_low(b, k + 1, &at);
    if (high != 0)
        return uid <= high - (at - k);
    if (i + 1 == m->block_count || m->lows[i + 1] == 0)
        return 1;
    high = msgmap_low(m->blocks[i + 1], 0, &at);
    return uid <= high - (at + b->count - k);
}

/* Messages nothing is known of, up to the one behind s others. 0 or MLA_E_NOMEM. */
static int cover(struct msgmap *m, uint32_t s)
{
    struct msgmap_block *b;

    if (m->block_count > 0) {
        b = m->blocks[m->block_count - 1];
        if (msgmap_is_plain(b) && b->col[0].base == 0 && b->col[1].base == 0 &&
            b->col[2].base == 0) {
            b->count += s - m->covered;
            m->covered = s;
            return 0;
        }
    }
    b = msgmap_put_block(m, m->block_count, m->covered);
    if (b == NULL)
        return MLA_E_NOMEM;
    b->count = s - m->covered;
    m->covered = s;
    msgmap_account(m, b, 1);
    return 0;
}

/* The values of a row for message k of a block. */
static void values(const struct msgmap_row *told, uint32_t k, uint64_t v[])
{
    v[MSGMAP_UID] = told->uid != 0 ? told->uid - k : 0;
    v[MSGMAP_FLAGS] = told->flags;
    v[MSGMAP_MODSEQ] = told->modseq;
}

/* A value behind the n of a column of the last block, which has room for it. */
static void push_value(struct msgmap *m, struct numcol *c, uint32_t n, unsigned which, uint64_t v)
{
    uint32_t known = numcol_known(c, n);

    m->held -= numcol_octets(c);
    if (numcol_push(c, m->mem, n, v) == 0) {
        m->known[which] += v != 0;
    } else {
        m->known[which] -= known;
        m->forgets++;
        if (which == MSGMAP_UID)
            m->lows[m->block_count - 1] = 0;
    }
    m->held += numcol_octets(c);
}

static inline void push_row(struct msgmap *m, struct msgmap_block *b, const uint64_t v[])
{
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        if (numcol_push_fast(&b->col[c], b->count, v[c]))
            m->known[c] += v[c] != 0;
        else
            push_value(m, &b->col[c], b->count, c, v[c]);
    }
    b->count++;
    m->covered++;
}

static inline int fits_row(const struct msgmap_block *b, const uint64_t v[])
{
    return b->count < NUMCOL_MAX ||
           (numcol_fits(&b->col[0], v[0]) && numcol_fits(&b->col[1], v[1]) &&
            numcol_fits(&b->col[2], v[2]));
}

/* One more message behind all that are in blocks. 0 or MLA_E_NOMEM. */
static int append_row(struct msgmap *m, const struct msgmap_row *told)
{
    size_t i = m->block_count;
    struct msgmap_block *b = i != 0 ? m->blocks[--i] : NULL;
    uint64_t v[MSGMAP_COLUMNS];

    if (b != NULL)
        values(told, b->count, v);
    if (b == NULL || !fits_row(b, v)) {
        i = m->block_count;
        b = msgmap_put_block(m, i, m->covered);
        if (b == NULL)
            return MLA_E_NOMEM;
        m->held += sizeof *b;
        values(told, 0, v);
    }
    push_row(m, b, v);
    if (m->lows[i] == 0)
        msgmap_find_low(m, i);
    msgmap_remember(m, i);
    return 0;
}

/* Makes block i, if it is a long one that is all the same, into one of at most NUMCOL_MAX around
 * message *k. 0 or MLA_E_NOMEM. */
static int carve(struct msgmap *m, size_t *i, uint32_t *k)
{
    const struct msgmap_block *b = m->blocks[*i];
    uint32_t from = *k - *k % NUMCOL_MAX;

    if (b->count <= NUMCOL_MAX)
        return 0;
    if (b->count - from > NUMCOL_MAX && msgmap_split_plain(m, *i, from + NUMCOL_MAX) != 0)
        return MLA_E_NOMEM;
    if (from == 0)
        return 0;
    if (msgmap_split_plain(m, *i, from) != 0)
        return MLA_E_NOMEM;
    ++*i;
    *k -= from;
    return 0;
}

/* Columns (bits) of message k of block i get new values. */
static void change(struct msgmap *m, size_t i, uint32_t k, unsigned columns, const uint64_t v[])
{
    struct msgmap_block *b;
    int rc = carve(m, &i, &k);

    b = m->blocks[i];
    msgmap_account(m, b, -1);
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        int rc2 = 0;

        if ((columns & 1U << c) == 0)
            continue;
        if (rc != 0)
            numcol_fill(&b->col[c], m->mem, 0); /* whatever it was for the others, too */
        else
            rc2 = numcol_set(&b->col[c], m->mem, b->count, k, c == MSGMAP_UID ? v[c] - k : v[c]);
        if (rc != 0 || rc2 != 0)
            m->forgets++;
    }
    msgmap_account(m, b, 1);
    if (rc != 0 || (columns & 1U << MSGMAP_UID) != 0)
        msgmap_find_low(m, i);
    if (msgmap_is_plain(b))
        msgmap_join(m, i);
    else
        msgmap_remember(m, i);
}

/* It contradicts what was told before: nothing is sure any more. */
static void contradicted(struct msgmap *m, uint32_t s, const struct msgmap_row *told)
{
    msgmap_forget(m);
    if (told->uid > s && (s == 0 || cover(m, s) == 0))
        append_row(m, told);
}

/* A message that stands in a block. */
static void learn_known(struct msgmap *m, uint32_t s, const struct msgmap_row *told)
{
    size_t i = msgmap_find(m, s);
    const struct msgmap_block *b = m->blocks[i];
    uint32_t k = s - msgmap_first(m, i);
    uint64_t v[MSGMAP_COLUMNS];
    unsigned columns = 0;

    msgmap_remember(m, i);
    v[MSGMAP_UID] = told->uid;
    v[MSGMAP_FLAGS] = told->flags;
    v[MSGMAP_MODSEQ] = told->modseq;
    if (told->uid != 0) {
        uint64_t was = numcol_get(&b->col[MSGMAP_UID], k);

        if (was == 0 && told->uid > s && in_order(m, i, k, told->uid)) {
            columns = 1U << MSGMAP_UID;
        } else if (was == 0 || was + k != told->uid) {
            contradicted(m, s, told);
            return;
        }
    }
    for (unsigned c = MSGMAP_FLAGS; c < MSGMAP_COLUMNS; c++)
        if (v[c] != 0 && numcol_get(&b->col[c], k) != v[c])
            columns |= 1U << c;
    if (columns != 0)
        change(m, i, k, columns, v);
}

/* The message behind the one that was told of last, both of them new. 0: it is not as simple. */
static inline int append_fast(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    struct msgmap_block *b;
    uint64_t v[MSGMAP_COLUMNS];
    uint64_t last;

    if (seq - 1 != m->covered || m->at_count == 0 || m->hint + 1 != m->block_count)
        return 0;
    b = m->blocks[m->hint];
    values(told, b->count, v);
    last = numcol_get(&b->col[MSGMAP_UID], b->count - 1);
    if (!fits_row(b, v) || (told->uid != 0 && (last == 0 || last > v[MSGMAP_UID])))
        return 0;
    push_row(m, b, v);
    m->at_count = b->count;
    return m->held <= m->held_max;
}

void msgmap_learn_more(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    if (seq == 0 || seq > m->count || seq == UINT32_MAX || append_fast(m, seq, told))
        return;
    if (seq <= m->covered) {
        learn_known(m, seq - 1, told);
    } else {
        size_t i = m->block_count - 1;

        if (told->uid != 0 &&
            (told->uid < seq ||
             (m->block_count != 0 && !in_order(m, i, seq - 1 - msgmap_first(m, i), told->uid)))) {
            contradicted(m, seq - 1, told);
            return;
        }
        if ((seq - 1 > m->covered && cover(m, seq - 1) != 0) || append_row(m, told) != 0)
            m->forgets++;
    }
    if (m->held > m->held_max)
        msgmap_forget(m);
}

/* --- without message numbers --- */

/* Cuts a block in two in front of message k of it. 0 or MLA_E_NOMEM. */
static int split(struct msgmap *m, size_t i, uint32_t k)
{
    struct msgmap_block *a = m->blocks[i];
    struct msgmap_block *b;

    if (msgmap_is_plain(a))
        return msgmap_split_plain(m, i, k);
    b = msgmap_put_block(m, i + 1, msgmap_first(m, i) + k);
    if (b == NULL)
        return MLA_E_NOMEM;
    msgmap_account(m, a, -1);
    for (uint32_t x = k; x < a->count; x++, b->count++)
        for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
            uint64_t v = numcol_get(&a->col[c], x);

            if (c == MSGMAP_UID && v != 0)
                v += k;
            if (numcol_push(&b->col[c], m->mem, b->count, v) != 0)
                m->forgets++;
        }
    a->count = k;
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        numcol_cut(&a->col[c], m->mem, k);
    msgmap_account(m, a, 1);
    msgmap_account(m, b, 1);
    msgmap_find_low(m, i);
    msgmap_find_low(m, i + 1);
    return 0;
}

/* A row in front of message k of block i, which has room for it. */
static void insert_row(struct msgmap *m, size_t i, uint32_t k, const struct msgmap_row *told)
{
    struct msgmap_block *b = m->blocks[i];
    uint64_t v[MSGMAP_COLUMNS];

    values(told, k, v);
    msgmap_account(m, b, -1);
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        if (numcol_insert(&b->col[c], m->mem, b->count, k, v[c], c == MSGMAP_UID) != 0)
            m->forgets++;
    b->count++;
    msgmap_account(m, b, 1);
    msgmap_find_low(m, i);
    m->covered++;
    m->count++;
    msgmap_shift(m, i + 1, UINT32_MAX); /* one more */
}

/* A row in front of message seq. 0 or MLA_E_NOMEM. */
static int insert(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    size_t i = msgmap_find(m, seq - 1);
    uint32_t k = seq - 1 - msgmap_first(m, i);
    uint32_t n = m->blocks[i]->count;
    struct msgmap_block *b;

    if (k == 0 && i > 0)
        k = n = m->blocks[--i]->count;
    if (n >= NUMCOL_MAX && k != 0 && k != n) {
        uint32_t half = n > NUMCOL_MAX ? k : n / 2;

        if (split(m, i, half) != 0)
            return MLA_E_NOMEM;
        n = half;
        if (k > half) {
            k -= half;
            n = m->blocks[++i]->count;
        }
    }
    if (n >= NUMCOL_MAX) {
        i += k != 0;
        b = msgmap_put_block(m, i, seq - 1);
        if (b == NULL)
            return MLA_E_NOMEM;
        msgmap_account(m, b, 1);
        k = 0;
    }
    insert_row(m, i, k, told);
    msgmap_join(m, i);
    return 0;
}

uint32_t msgmap_add(struct msgmap *m, const struct msgmap_row *told)
{
    uint32_t found;
    uint32_t seq = told->uid != 0 ? msgmap_at_or_above(m, told->uid, &found) : 0;

    if (told->uid == 0 || told->uid == UINT32_MAX)
        return 0;
    if (seq != 0 && found == told->uid) {
        msgmap_learn(m, seq, told);
    } else if (seq != 0) {
        if (insert(m, seq, told) != 0)
            m->forgets++;
    } else {
        seq = ++m->count;
        msgmap_learn(m, seq, told);
    }
    if (m->covered != m->count || m->known[MSGMAP_UID] != m->count) { /* without memory */
        msgmap_forget(m);
        m->count = 0;
    }
    return msgmap_uid(m, seq) == told->uid ? seq : 0;
}

enum { RUN_MIN = 64 }; /* messages for which a block of their own pays */

static int append_run(struct msgmap *m, uint32_t uid, uint32_t n, uint64_t flags)
{
    size_t i = m->block_count;
    struct msgmap_block *b = msgmap_put_block(m, i, m->covered);

    if (b == NULL)
        return MLA_E_NOMEM;
    numcol_fill(&b->col[MSGMAP_UID], m->mem, uid);
    numcol_fill(&b->col[MSGMAP_FLAGS], m->mem, flags);
    b->count = n;
    m->covered += n;
    m->count += n;
    msgmap_account(m, b, 1);
    msgmap_find_low(m, i);
    msgmap_join(m, i);
    return 0;
}

/* One by one, as long as there is room for a block more. */
static int append_rows(struct msgmap *m, uint32_t uid, uint32_t n, uint64_t flags)
{
    const size_t room = sizeof(struct msgmap_block) + 2 * NUMCOL_MAX * sizeof flags;
    struct msgmap_row row = {uid, flags, 0};

    for (; n > 0; n--, row.uid++) {
        if (m->held + room > m->held_max)
            return MLA_E_LIMIT;
        if (msgmap_add(m, &row) == 0)
            return MLA_E_NOMEM;
    }
    return 0;
}

int msgmap_append(struct msgmap *m, uint32_t uid, uint32_t n, uint64_t flags)
{
    uint32_t forgets = m->forgets;
    int rc = n < RUN_MIN ? append_rows(m, uid, n, flags) : append_run(m, uid, n, flags);

    if (rc == 0 && m->held > m->held_max)
        rc = MLA_E_LIMIT;
    if (rc == 0 && m->forgets != forgets)
        rc = MLA_E_NOMEM;
    if (rc != 0)
        msgmap_clear(m);
    return rc;
}
