/* msgmap.c - see msgmap.h: what changes the map. */
#include "imap/msgmap.h"

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

static void drop_blocks(struct msgmap *m)
{
    for (size_t i = 0; i < m->place_count; i++)
        free_block(m, m->places[i].block);
    memset(m->known, 0, sizeof m->known);
    m->place_count = m->lag_at = m->hint = 0;
    m->lag = 0;
    m->held = 0;
    m->covered = 0;
}

void msgmap_clear(struct msgmap *m)
{
    size_t held_max = m->held_max;

    drop_blocks(m);
    mem_free(m->mem, m->places);
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
    drop_blocks(m);
}

void msgmap_resize(struct msgmap *m, uint32_t count)
{
    if (count < m->count) /* not allowed, and then nothing is sure */
        msgmap_forget(m);
    m->count = count;
}

/* --- the list of blocks --- */

/* Takes what a block holds out of the sums, or puts it in. */
static void account(struct msgmap *m, const struct msgmap_block *b, int sign)
{
    size_t held = sizeof *b;

    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        uint32_t known = numcol_known(&b->col[c], b->count);

        m->known[c] = sign > 0 ? m->known[c] + known : m->known[c] - known;
        held += numcol_octets(&b->col[c]);
    }
    m->held = sign > 0 ? m->held + held : m->held - held;
}

/* All from place `at` on have n messages fewer in front of them; n may have wrapped around. */
static void shift_from(struct msgmap *m, size_t at, uint32_t n)
{
    for (; m->lag_at > at; m->lag_at--)
        m->places[m->lag_at - 1].first += m->lag;
    for (; m->lag_at < at; m->lag_at++)
        m->places[m->lag_at].first -= m->lag;
    m->lag += n;
}

static int reserve(struct msgmap *m, size_t n)
{
    struct msgmap_place *p;
    size_t cap = m->place_cap;

    while (cap < m->place_count + n)
        cap = cap < 8 ? 8 : cap + cap / 2;
    if (cap == m->place_cap)
        return 0;
    p = mem_resize_array(m->mem, m->places, cap, sizeof *p);
    if (p == NULL)
        return MLA_E_NOMEM;
    m->places = p;
    m->place_cap = cap;
    return 0;
}

/* A new block, not accounted for, with no message in it. NULL: no memory. */
static struct msgmap_block *put_place(struct msgmap *m, size_t i, uint32_t first)
{
    struct msgmap_block *b;

    if (reserve(m, 1) != 0)
        return NULL;
    b = mem_zero(m->mem, sizeof *b);
    if (b == NULL)
        return NULL;
    memmove(m->places + i + 1, m->places + i, (m->place_count - i) * sizeof *m->places);
    m->place_count++;
    if (i < m->lag_at)
        m->lag_at++;
    else
        first += m->lag;
    m->places[i].first = first;
    m->places[i].low = 0;
    m->places[i].block = b;
    return b;
}

/* The blocks [i, i + n), which are not accounted for any more. */
static void drop_places(struct msgmap *m, size_t i, size_t n)
{
    for (size_t k = i; k < i + n; k++)
        free_block(m, m->places[k].block);
    m->place_count -= n;
    memmove(m->places + i, m->places + i + n, (m->place_count - i) * sizeof *m->places);
    if (m->lag_at > i)
        m->lag_at = m->lag_at > i + n ? m->lag_at - n : i;
}

static void find_low(struct msgmap *m, size_t i)
{
    uint32_t at;

    m->places[i].low = msgmap_low(m->places[i].block, 0, &at);
}

static int is_plain(const struct msgmap_block *b)
{
    return b->col[0].data == NULL && b->col[1].data == NULL && b->col[2].data == NULL;
}

/* A block that is all the same, cut in two in front of message k of it. 0 or MLA_E_NOMEM. */
static int split_plain(struct msgmap *m, size_t i, uint32_t k)
{
    struct msgmap_block *a = m->places[i].block;
    struct msgmap_block *b = put_place(m, i + 1, msgmap_first(m, i) + k);

    if (b == NULL)
        return MLA_E_NOMEM;
    b->count = a->count - k;
    a->count = k;
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        b->col[c].base = a->col[c].base;
    if (b->col[MSGMAP_UID].base != 0)
        b->col[MSGMAP_UID].base += k;
    m->held += sizeof *b;
    find_low(m, i + 1);
    return 0;
}

/* 1 when b goes on where a ends, both all the same. */
static int goes_on(const struct msgmap_block *a, const struct msgmap_block *b)
{
    uint64_t uid = a->col[MSGMAP_UID].base;

    return is_plain(a) && is_plain(b) &&
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

/* Places i and i + 1 become one where that saves memory. 1: they did. */
static int join_two(struct msgmap *m, size_t i)
{
    struct msgmap_block *a = m->places[i].block;
    struct msgmap_block *b;

    if (i + 1 >= m->place_count)
        return 0;
    b = m->places[i + 1].block;
    if (!goes_on(a, b) && (uint64_t)a->count + b->count > JOIN_MAX)
        return 0;
    account(m, a, -1);
    account(m, b, -1);
    if (goes_on(a, b))
        a->count += b->count;
    else
        append_block(m, a, b);
    account(m, a, 1);
    drop_places(m, i + 1, 1);
    find_low(m, i);
    return 1;
}

static void join(struct msgmap *m, size_t i)
{
    if (i < m->place_count)
        join_two(m, i);
    if (i > 0 && i <= m->place_count)
        join_two(m, i - 1);
}

/* --- learning --- */

/* 1 when a message k of place i (or behind it) can have that UID: there is a UID for each message
 * between it and those around that are known. A place farther away than the next is not looked at.
 */
static int in_order(const struct msgmap *m, size_t i, uint32_t k, uint32_t uid)
{
    const struct msgmap_block *b = m->places[i].block;
    const struct msgmap_place *next = i + 1 < m->place_count ? &m->places[i + 1] : NULL;
    uint32_t at = 0;
    uint32_t end = k < b->count ? k : b->count;
    uint64_t low = msgmap_high(b, end, &at);
    uint64_t high = k + 1 < b->count ? msgmap_low(b, k + 1, &at) : 0;

    if (low == 0 && i > 0) {
        const struct msgmap_block *before = m->places[i - 1].block;

        low = msgmap_high(before, before->count, &at);
        if (low != 0)
            low += (uint64_t)before->count - at + k;
    } else if (low != 0) {
        msgmap_high(b, end, &at);
        low += k - at;
    }
    if (high != 0) {
        msgmap_low(b, k + 1, &at);
        high -= at - k;
    } else if (next != NULL && next->low != 0) {
        high = msgmap_low(next->block, 0, &at);
        high -= at + b->count - end;
    }
    return low <= uid && (high == 0 || uid <= high);
}

/* Messages nothing is known of, up to the one behind s others. 0 or MLA_E_NOMEM. */
static int cover(struct msgmap *m, uint32_t s)
{
    struct msgmap_block *b;

    if (m->place_count > 0) {
        b = m->places[m->place_count - 1].block;
        if (is_plain(b) && b->col[0].base == 0 && b->col[1].base == 0 && b->col[2].base == 0) {
            b->count += s - m->covered;
            m->covered = s;
            return 0;
        }
    }
    b = put_place(m, m->place_count, m->covered);
    if (b == NULL)
        return MLA_E_NOMEM;
    b->count = s - m->covered;
    m->covered = s;
    account(m, b, 1);
    return 0;
}

/* The values of a row for message k of a block. */
static void values(const struct msgmap_row *told, uint32_t k, uint64_t v[])
{
    v[MSGMAP_UID] = told->uid != 0 ? told->uid - k : 0;
    v[MSGMAP_FLAGS] = told->flags;
    v[MSGMAP_MODSEQ] = told->modseq;
}

/* One more message behind all that are in blocks. 0 or MLA_E_NOMEM. */
static int append_row(struct msgmap *m, const struct msgmap_row *told)
{
    size_t i = m->place_count != 0 ? m->place_count - 1 : 0;
    struct msgmap_block *b = m->place_count != 0 ? m->places[i].block : NULL;
    uint64_t v[MSGMAP_COLUMNS];

    if (b != NULL) {
        values(told, b->count, v);
        if (numcol_fits(&b->col[0], v[0]) && numcol_fits(&b->col[1], v[1]) &&
            numcol_fits(&b->col[2], v[2])) {
            for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
                m->known[c] += v[c] != 0;
            b->count++;
            m->covered++;
            m->hint = i;
            return 0;
        }
    }
    if (b == NULL || b->count >= NUMCOL_MAX) {
        i = m->place_count;
        b = put_place(m, i, m->covered);
        if (b == NULL)
            return MLA_E_NOMEM;
        values(told, 0, v);
    } else {
        account(m, b, -1);
    }
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        if (numcol_push(&b->col[c], m->mem, b->count, v[c]) != 0)
            m->forgets++;
    b->count++;
    m->covered++;
    account(m, b, 1);
    if (m->places[i].low == 0 || b->col[MSGMAP_UID].data == NULL)
        find_low(m, i);
    m->hint = i;
    return 0;
}

/* Makes place i, if it is a long one that is all the same, into one of at most NUMCOL_MAX around
 * message *k. 0 or MLA_E_NOMEM. */
static int carve(struct msgmap *m, size_t *i, uint32_t *k)
{
    const struct msgmap_block *b = m->places[*i].block;
    uint32_t from = *k - *k % NUMCOL_MAX;

    if (b->count <= NUMCOL_MAX)
        return 0;
    if (b->count - from > NUMCOL_MAX && split_plain(m, *i, from + NUMCOL_MAX) != 0)
        return MLA_E_NOMEM;
    if (from == 0)
        return 0;
    if (split_plain(m, *i, from) != 0)
        return MLA_E_NOMEM;
    ++*i;
    *k -= from;
    return 0;
}

/* Columns (bits) of message k of place i get new values. */
static void change(struct msgmap *m, size_t i, uint32_t k, unsigned columns, const uint64_t v[])
{
    struct msgmap_block *b;
    int rc = carve(m, &i, &k);

    b = m->places[i].block;
    account(m, b, -1);
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
    account(m, b, 1);
    if (rc != 0 || (columns & 1U << MSGMAP_UID) != 0)
        find_low(m, i);
    m->hint = i;
    if (is_plain(b))
        join(m, i);
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
    const struct msgmap_block *b = m->places[i].block;
    uint32_t k = s - msgmap_first(m, i);
    uint64_t v[MSGMAP_COLUMNS];
    unsigned columns = 0;

    m->hint = i;
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

void msgmap_learn(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    if (seq == 0 || seq > m->count || seq == UINT32_MAX)
        return;
    if (seq <= m->covered) {
        learn_known(m, seq - 1, told);
    } else {
        size_t i = m->place_count - 1;

        if (told->uid != 0 &&
            (told->uid < seq ||
             (m->place_count != 0 && !in_order(m, i, seq - 1 - msgmap_first(m, i), told->uid)))) {
            contradicted(m, seq - 1, told);
            return;
        }
        if (seq - 1 > m->covered && cover(m, seq - 1) != 0)
            return;
        append_row(m, told);
    }
    if (m->held > m->held_max)
        msgmap_forget(m);
}

void msgmap_unlearn(struct msgmap *m, uint32_t seq, uint32_t n, unsigned columns)
{
    uint32_t s = seq - 1;
    uint32_t end = n < m->covered && s < m->covered - n ? s + n : m->covered;
    uint32_t part;

    for (; s < end; s += part) {
        size_t i = msgmap_find(m, s);
        struct msgmap_block *b = m->places[i].block;
        uint32_t k = s - msgmap_first(m, i);
        unsigned still = 0;

        part = b->count - k < end - s ? b->count - k : end - s;
        for (unsigned c = MSGMAP_FLAGS; c < MSGMAP_COLUMNS; c++)
            if ((columns & 1U << c) != 0 && !numcol_fits(&b->col[c], 0))
                still |= 1U << c;
        if (still == 0)
            continue;
        if (b->count > NUMCOL_MAX && part < b->count && split_plain(m, i, k != 0 ? k : part) == 0) {
            part = 0; /* again, with the pieces */
            continue;
        }
        account(m, b, -1);
        for (unsigned c = MSGMAP_FLAGS; c < MSGMAP_COLUMNS; c++) {
            if ((still & 1U << c) == 0)
                continue;
            if (part == b->count || b->count > NUMCOL_MAX)
                numcol_fill(&b->col[c], m->mem, 0);
            for (uint32_t x = k; x < k + part && !numcol_fits(&b->col[c], 0); x++)
                if (numcol_set(&b->col[c], m->mem, b->count, x, 0) != 0)
                    m->forgets++;
        }
        account(m, b, 1);
        if (is_plain(b))
            join(m, i);
    }
}

/* --- without message numbers --- */

/* Cuts a block in two in front of message k of it. 0 or MLA_E_NOMEM. */
static int split(struct msgmap *m, size_t i, uint32_t k)
{
    struct msgmap_block *a = m->places[i].block;
    struct msgmap_block *b;

    if (is_plain(a))
        return split_plain(m, i, k);
    b = put_place(m, i + 1, msgmap_first(m, i) + k);
    if (b == NULL)
        return MLA_E_NOMEM;
    account(m, a, -1);
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
    account(m, a, 1);
    account(m, b, 1);
    find_low(m, i);
    find_low(m, i + 1);
    return 0;
}

/* A row in front of message k of place i, which has room for it. */
static void insert_row(struct msgmap *m, size_t i, uint32_t k, const struct msgmap_row *told)
{
    struct msgmap_block *b = m->places[i].block;
    uint64_t v[MSGMAP_COLUMNS];

    values(told, k, v);
    account(m, b, -1);
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        if (numcol_insert(&b->col[c], m->mem, b->count, k, v[c], c == MSGMAP_UID) != 0)
            m->forgets++;
    b->count++;
    account(m, b, 1);
    find_low(m, i);
    m->covered++;
    m->count++;
    shift_from(m, i + 1, UINT32_MAX); /* one more */
}

/* A row in front of message seq. 0 or MLA_E_NOMEM. */
static int insert(struct msgmap *m, uint32_t seq, const struct msgmap_row *told)
{
    size_t i = msgmap_find(m, seq - 1);
    uint32_t k = seq - 1 - msgmap_first(m, i);
    uint32_t n = m->places[i].block->count;
    struct msgmap_block *b;

    if (k == 0 && i > 0)
        k = n = m->places[--i].block->count;
    if (n >= NUMCOL_MAX && k != 0 && k != n) {
        uint32_t half = n > NUMCOL_MAX ? k : n / 2;

        if (split(m, i, half) != 0)
            return MLA_E_NOMEM;
        n = half;
        if (k > half) {
            k -= half;
            n = m->places[++i].block->count;
        }
    }
    if (n >= NUMCOL_MAX) {
        i += k != 0;
        b = put_place(m, i, seq - 1);
        if (b == NULL)
            return MLA_E_NOMEM;
        account(m, b, 1);
        k = 0;
    }
    insert_row(m, i, k, told);
    join(m, i);
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

/* --- messages that go --- */

/* n messages of a block, not all of it, from message k of it on. */
static void erase_part(struct msgmap *m, size_t i, uint32_t k, uint32_t n)
{
    struct msgmap_block *b = m->places[i].block;
    struct numcol *uids = &b->col[MSGMAP_UID];

    if (b->count > NUMCOL_MAX && k != 0 && k + n != b->count && uids->base != 0 &&
        split_plain(m, i, k + n) != 0) {
        account(m, b, -1);
        numcol_fill(uids, m->mem, 0);
        account(m, b, 1);
        m->forgets++;
    }
    account(m, b, -1);
    if (is_plain(b) && (uids->base == 0 || k == 0 || k + n == b->count)) {
        if (k == 0 && uids->base != 0)
            uids->base += n;
        b->count -= n;
    } else {
        for (uint32_t x = 0; x < n; x++, b->count--)
            for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
                if (numcol_erase(&b->col[c], m->mem, b->count, k, c == MSGMAP_UID) != 0)
                    m->forgets++;
    }
    account(m, b, 1);
    find_low(m, i);
    shift_from(m, i + 1, n);
}

/* Blocks from place i on that n messages fill. How many messages went. */
static uint32_t erase_blocks(struct msgmap *m, size_t i, uint32_t n)
{
    uint32_t gone = 0;
    size_t end = i;

    for (; end < m->place_count && m->places[end].block->count <= n - gone; end++) {
        account(m, m->places[end].block, -1);
        gone += m->places[end].block->count;
    }
    drop_places(m, i, end - i);
    shift_from(m, i, gone);
    return gone;
}

void msgmap_erase(struct msgmap *m, uint32_t seq, uint32_t n)
{
    const uint32_t s = seq - 1;

    while (n > 0 && s < m->covered) {
        size_t i = msgmap_find(m, s);
        uint32_t k = s - msgmap_first(m, i);
        uint32_t gone = m->places[i].block->count - k;

        if (k == 0 && gone <= n) {
            gone = erase_blocks(m, i, n);
        } else {
            gone = gone < n ? gone : n;
            erase_part(m, i, k, gone);
        }
        m->covered -= gone;
        m->count -= gone;
        n -= gone;
        join(m, i);
    }
    m->count -= n;
}

/* How many of the messages from seq on in its block have the UIDs uid, uid + 1, ... up to last. */
static uint32_t run_at(const struct msgmap *m, uint32_t seq, uint32_t uid, uint32_t last)
{
    size_t i = msgmap_find(m, seq - 1);
    const struct msgmap_block *b = m->places[i].block;
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
