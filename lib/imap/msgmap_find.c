/* msgmap_find.c - see msgmap.h: what only looks. */
#include "imap/msgmap.h"

size_t msgmap_find(const struct msgmap *m, uint32_t s)
{
    size_t low = 0;
    size_t high = m->block_count;

    if (s - m->at_first < m->at_count)
        return m->hint;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;

        if (msgmap_first(m, mid) <= s)
            low = mid;
        else
            high = mid;
    }
    return low;
}

uint32_t msgmap_low(const struct msgmap_block *b, uint32_t from, uint32_t *out_at)
{
    const struct numcol *c = &b->col[MSGMAP_UID];
    const uint32_t end = c->data == NULL && c->base == 0 ? 0 : b->count;

    for (uint32_t k = from; k < end; k++) {
        uint64_t v = numcol_get(c, k);

        if (v != 0) {
            *out_at = k;
            return (uint32_t)(v + k);
        }
    }
    return 0;
}

uint32_t msgmap_high(const struct msgmap_block *b, uint32_t end, uint32_t *out_at)
{
    const struct numcol *c = &b->col[MSGMAP_UID];

    if (c->data == NULL && c->base == 0)
        return 0;
    while (end-- > 0) {
        uint64_t v = numcol_get(c, end);

        if (v != 0) {
            *out_at = end;
            return (uint32_t)(v + end);
        }
    }
    return 0;
}

void msgmap_row(const struct msgmap *m, uint32_t seq, struct msgmap_row *out)
{
    const struct msgmap_block *b;
    uint32_t k;
    uint64_t v;
    size_t i;

    out->uid = 0;
    out->flags = out->modseq = 0;
    if (seq == 0 || seq > m->covered)
        return;
    i = msgmap_find(m, seq - 1);
    b = m->blocks[i];
    k = seq - 1 - msgmap_first(m, i);
    v = numcol_get(&b->col[MSGMAP_UID], k);
    out->uid = v != 0 ? (uint32_t)(v + k) : 0;
    out->flags = numcol_get(&b->col[MSGMAP_FLAGS], k);
    out->modseq = numcol_get(&b->col[MSGMAP_MODSEQ], k);
}

uint32_t msgmap_uid(const struct msgmap *m, uint32_t seq)
{
    struct msgmap_row row;

    msgmap_row(m, seq, &row);
    return row.uid;
}

/* The first message of a block whose UID is known and not below uid. */
static uint32_t in_block(const struct msgmap_block *b, uint32_t uid, uint32_t *out_at)
{
    const struct numcol *c = &b->col[MSGMAP_UID];
    uint32_t low = 0;
    uint32_t high = b->count;
    uint32_t found;

    if (c->data == NULL) {
        if (c->base == 0 || uid > c->base + b->count - 1)
            return 0;
        *out_at = uid > c->base ? uid - (uint32_t)c->base : 0;
        return (uint32_t)c->base + *out_at;
    }
    while (c->zeros == 0 && low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (numcol_get(c, mid) + mid < uid)
            low = mid + 1;
        else
            high = mid;
    }
    do {
        found = msgmap_low(b, low, out_at);
        low = *out_at + 1;
    } while (found != 0 && found < uid);
    return found;
}

/* The last block that begins not above uid, or the first one. Blocks in which no UID is known are
 * gone over. */
static size_t block_of(const struct msgmap *m, uint32_t uid)
{
    size_t low = 0;
    size_t high = m->block_count;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        size_t i = mid;

        while (i > low && m->lows[i] == 0)
            i--;
        if (i > low && m->lows[i] > uid)
            high = i;
        else if (i > low)
            low = mid;
        else if (m->lows[low] > uid)
            break;
        else
            low = mid;
    }
    while (low > 0 && m->lows[low] == 0)
        low--;
    return low;
}

uint32_t msgmap_at_or_above(const struct msgmap *m, uint32_t uid, uint32_t *out_uid)
{
    size_t i;

    *out_uid = 0;
    if (m->known[MSGMAP_UID] == 0)
        return 0;
    for (i = block_of(m, uid); i < m->block_count; i++) {
        uint32_t at = 0;
        uint32_t found = m->lows[i] != 0 ? in_block(m->blocks[i], uid, &at) : 0;

        if (found != 0) {
            *out_uid = found;
            return msgmap_first(m, i) + at + 1;
        }
    }
    return 0;
}

uint32_t msgmap_seq(const struct msgmap *m, uint32_t uid)
{
    uint32_t found;
    uint32_t seq = uid != 0 ? msgmap_at_or_above(m, uid, &found) : 0;

    return seq != 0 && found == uid ? seq : 0;
}

uint32_t msgmap_known_below(const struct msgmap *m, uint32_t seq)
{
    size_t i = m->block_count;
    uint32_t end = UINT32_MAX;

    if (seq - 1 <= m->covered && seq > 1) {
        i = msgmap_find(m, seq - 2);
        end = seq - 1 - msgmap_first(m, i);
        i++;
    }
    if (seq == 1)
        return 0;
    for (; i > 0; i--, end = UINT32_MAX) {
        const struct msgmap_block *b = m->blocks[i - 1];
        uint32_t at;

        if (m->lows[i - 1] != 0 && msgmap_high(b, end < b->count ? end : b->count, &at) != 0)
            return msgmap_first(m, i - 1) + at + 1;
    }
    return 0;
}

int msgmap_next_uids(const struct msgmap *m, uint32_t uid, mla_range *out)
{
    uint32_t first;
    uint32_t seq = msgmap_at_or_above(m, uid != 0 ? uid : 1, &first);
    uint32_t last = first;
    int begun = 0;
    size_t i;
    uint32_t k;

    if (seq == 0)
        return 0;
    i = msgmap_find(m, seq - 1);
    k = seq - 1 - msgmap_first(m, i);
    for (; i < m->block_count; i++, k = 0) {
        const struct msgmap_block *b = m->blocks[i];
        const struct numcol *c = &b->col[MSGMAP_UID];

        for (; k < b->count; k++) {
            uint64_t v = numcol_get(c, k);

            if (v == 0 || (begun && v + k != (uint64_t)last + 1))
                break;
            if (c->data == NULL)
                k = b->count - 1;
            last = (uint32_t)(v + k);
            begun = 1;
        }
        if (k < b->count)
            break;
    }
    out->first = first;
    out->last = last;
    return 1;
}

uint32_t msgmap_same_flags(const struct msgmap *m, uint32_t seq, uint64_t *out_flags)
{
    const struct msgmap_block *b;
    const struct numcol *c;
    uint32_t n = 1;
    uint32_t k;
    size_t i;

    if (seq == 0 || seq > m->covered)
        return 0;
    i = msgmap_find(m, seq - 1);
    b = m->blocks[i];
    c = &b->col[MSGMAP_FLAGS];
    k = seq - 1 - msgmap_first(m, i);
    *out_flags = numcol_get(c, k);
    if (c->data == NULL)
        return b->count - k;
    while (k + n < b->count && numcol_get(c, k + n) == *out_flags)
        n++;
    return n;
}

/* 1 when one of the columns is not known of message k of a block. */
static int is_missing(const struct msgmap_block *b, unsigned columns, uint32_t k)
{
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        if ((columns & 1U << c) != 0 && numcol_get(&b->col[c], k) == 0)
            return 1;
    return 0;
}

/* 1: missing of all of them, 0: of none, -1: of some. */
static int all_missing(const struct msgmap_block *b, unsigned columns)
{
    int some = 0;

    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        uint32_t known = numcol_known(&b->col[c], b->count);

        if ((columns & 1U << c) != 0 && known == 0)
            return 1;
        if ((columns & 1U << c) != 0 && known != b->count)
            some = -1;
    }
    return some;
}

int msgmap_next_missing(const struct msgmap *m, unsigned columns, uint32_t seq, mla_range *out)
{
    uint32_t s = seq != 0 ? seq - 1 : 0;
    uint32_t from = s;
    int found = 0;

    if (s >= m->count)
        return 0;
    for (size_t i = s < m->covered ? msgmap_find(m, s) : m->block_count; i < m->block_count; i++) {
        const struct msgmap_block *b = m->blocks[i];
        uint32_t first = msgmap_first(m, i);
        int whole = all_missing(b, columns);

        for (uint32_t k = s - first; k < b->count; k++) {
            int missing = whole >= 0 ? whole : is_missing(b, columns, k);

            if (missing && !found)
                from = first + k;
            if (found && !missing) {
                out->first = from + 1;
                out->last = first + k;
                return 1;
            }
            found = missing;
            if (whole >= 0)
                break;
        }
        s = first + b->count;
    }
    if (!found)
        from = s;
    if (from >= m->count)
        return 0;
    out->first = from + 1;
    out->last = m->count;
    return 1;
}

size_t msgmap_octets(const struct msgmap *m)
{
    return m->held + m->block_cap * (sizeof *m->blocks + sizeof *m->firsts + sizeof *m->lows);
}

static int block_sane(const struct msgmap *m, size_t i, uint32_t known[])
{
    const struct msgmap_block *b = m->blocks[i];
    uint32_t at;
    uint32_t last = 0;

    if (b->count == 0 || m->lows[i] != msgmap_low(b, 0, &at))
        return 0;
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++) {
        if (!numcol_sane(&b->col[c], b->count))
            return 0;
        known[c] += numcol_known(&b->col[c], b->count);
    }
    for (uint32_t k = 0; k < b->count && b->col[MSGMAP_UID].data != NULL; k++) {
        uint64_t v = numcol_get(&b->col[MSGMAP_UID], k);

        if (v != 0 && v + k <= last)
            return 0;
        if (v != 0)
            last = (uint32_t)(v + k);
    }
    return 1;
}

int msgmap_sane(const struct msgmap *m)
{
    uint32_t known[MSGMAP_COLUMNS] = {0};
    uint32_t first = 0;
    size_t held = 0;

    for (size_t i = 0; i < m->block_count; i++) {
        const struct msgmap_block *b = m->blocks[i];

        if (msgmap_first(m, i) != first || !block_sane(m, i, known))
            return 0;
        first += b->count;
        held += sizeof *b;
        for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
            held += numcol_octets(&b->col[c]);
    }
    for (unsigned c = 0; c < MSGMAP_COLUMNS; c++)
        if (known[c] != m->known[c])
            return 0;
    return first == m->covered && m->covered <= m->count && held == m->held &&
           m->block_count <= m->block_cap;
}
