/* charset_block.c - many characters of a set by one call of the C library.
 *
 * A call for each character costs several times what the character does. So a run of them goes to
 * the C library at once, and where it stops, the character there is dealt with alone. C libraries
 * do not all stop where the fault is (glibc's CP949 goes beyond 0xa2e8), and some put something of
 * their own in its place and count it: when what the library says does not hold, the block is done
 * again character by character.
 *
 * In longer texts, the C library is asked once for some neighbours of each character, and what they
 * are is kept: looking there is faster than the C library. However it is done, the same text comes
 * out. */
#include "codec/charset_kinds.h"

#include "codec/utf8.h"

#include <string.h>

/* Characters that the Encoding Standard has and some C library has not. */
struct extra {
    int set;
    uint32_t first; /* the octets */
    uint32_t count; /* how many follow each other */
    uint32_t ch;
};

static const struct extra extras[] = {
    {CHARSET_BIG5, 0xa145, 1, 0x2027},   {CHARSET_BIG5, 0xa14e, 1, 0xfe51},
    {CHARSET_BIG5, 0xa15a, 1, 0x2574},   {CHARSET_BIG5, 0xa1c3, 1, 0xffe3},
    {CHARSET_BIG5, 0xa1c5, 1, 0x02cd},   {CHARSET_GB, 0x82359037, 3, 0x9fb4},
    {CHARSET_GB, 0x82359130, 5, 0x9fb7}, {CHARSET_GB, 0x84318236, 4, 0xfe10},
    {CHARSET_GB, 0x84318330, 6, 0xfe14},
};

/* 1 when the character of len octets at p was put out without the C library's table. */
static int extra(struct charset_conv *c, int set, const uint8_t *p, size_t len, struct buf *out)
{
    uint32_t code = 0;

    for (size_t i = 0; i < len; i++)
        code = code << 8 | p[i];
    if (set == CHARSET_SJIS && len == 2 && p[0] >= 0xf0 && p[0] <= 0xf9) { /* private use */
        uint32_t trail = p[1] - (p[1] < 0x7f ? 0x40U : 0x41U);

        charset_put(c, 0xe000 + (p[0] - 0xf0U) * 188 + trail, out);
        return 1;
    }
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        const struct extra *x = &extras[i];

        if (x->set == set && code >= x->first && code - x->first < x->count) {
            charset_put(c, x->ch + (code - x->first), out);
            return 1;
        }
    }
    return 0;
}

/* Some octets of a block; the fault in the i-th of them is at from[i], or at + i. */
struct block {
    struct charset_conv *c;
    struct buf *out;
    const uint8_t *p;
    size_t n;
    const ptrdiff_t *from;
    ptrdiff_t at;
    int set;
};

/* What is kept of a character: the UTF-8, and how long that is; 0: not known. */
struct charset_met {
    uint8_t text[3];
    uint8_t len;
};

enum {
    WORTH_IT = 32768, /* octets by the C library before anything is kept: a table costs as much */
    ROWS = 126,
    COLUMNS = 192,
    GROUP = 32,     /* columns that are asked for at a time */
    HOLES = 8,      /* so many faults end that */
    NO_SUCH = 0xff, /* len of a character that the C library does not know */
    KNOWN_RUN = 8   /* so many known characters end what the C library is asked */
};

struct charset_kept {
    uint8_t asked[ROWS];      /* a bit for each group of columns */
    struct charset_met met[]; /* by row and column */
};

enum {
    SIZE_94 = sizeof(struct charset_kept) + sizeof(struct charset_met) * 94 * 96,
    SIZE_WIDE = sizeof(struct charset_kept) + sizeof(struct charset_met) * ROWS * COLUMNS
};

static int is_94(int set)
{
    return set == CHARSET_JP || set == CHARSET_TW;
}

static inline size_t row_of(int set, unsigned first)
{
    return first - (is_94(set) ? 0xa1U : 0x81U);
}

static inline size_t column_of(int set, unsigned second)
{
    return second - (is_94(set) ? 0xa0U : 0x40U);
}

static inline size_t place(int set, const uint8_t *p)
{
    return row_of(set, p[0]) * (is_94(set) ? 96 : COLUMNS) + column_of(set, p[1]);
}

/* Of a character at p with n octets behind it: 1 when it is one that is kept. */
static inline int has_place(int set, const uint8_t *p, size_t n)
{
    if (n < 2)
        return 0;
    if (is_94(set))
        return p[0] >= 0xa1;
    return p[0] >= 0x81 && p[1] >= 0x40 && (set != CHARSET_SJIS || p[0] < 0xa0 || p[0] > 0xdf);
}

static uint8_t group_bit(int set, unsigned second)
{
    return (uint8_t)(1U << column_of(set, second) / GROUP);
}

/* What is kept of a set; made when the text turns out to be long. */
static struct charset_kept *kept_of(const struct block *b)
{
    struct charset_cache *cache = b->c->cache;
    size_t size = is_94(b->set) ? SIZE_94 : SIZE_WIDE;

    if (cache->kept[b->set] == NULL && cache->asked[b->set] >= WORTH_IT) {
        cache->asked[b->set] = 0; /* where memory is short, it is tried again much later */
        cache->mem = *b->out->mem;
        cache->kept[b->set] = mem_zero(&cache->mem, size);
    }
    return cache->kept[b->set];
}

/* The character of len octets at i, which the table does not know. */
static void unknown(const struct block *b, size_t i, size_t len)
{
    const uint8_t *p = b->p + i;

    if (extra(b->c, b->set, p, len, b->out))
        return;
    charset_bad(b->c, b->from != NULL ? b->from[i] : b->at + (ptrdiff_t)i, b->out);
    if (len == 2 && p[1] < 0x80) /* the trail octet stands for itself */
        buf_add_byte(b->out, p[1]);
}

static int table_has(const struct block *b, size_t i, size_t len)
{
    size_t before = b->out->len;
    size_t used;

    if (charset_table(b->c->cache, b->set, b->p + i, len, b->out, &used) && used == len)
        return 1;
    if (b->out->failed == 0)
        b->out->len = before;
    return 0;
}

static size_t unit_at(const struct block *b, size_t i)
{
    return (size_t)charset_double_unit(b->set, b->p + i, b->n - i);
}

static void one_by_one(const struct block *b, size_t i)
{
    while (i < b->n && b->out->failed == 0) {
        size_t len = unit_at(b, i);

        if (b->p[i] < 0x80)
            buf_add_byte(b->out, b->p[i]);
        else if (!table_has(b, i, len))
            unknown(b, i, len);
        i += len;
    }
}

static size_t letters(const uint8_t *p, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += (p[i] & 0xc0) != 0x80;
    return count;
}

/* Big5-HKSCS has four characters, in one row, that become two letters: these would hide a fault. */
static int is_two_letters(int set, unsigned first)
{
    return set == CHARSET_BIG5 && first == 0x88;
}

/* 1 when what is in out behind before can be the characters from i to end: one ends there, and each
 * became one letter. */
static int is_prefix(const struct block *b, size_t i, size_t end, size_t before)
{
    size_t len = b->out->len - before;
    size_t count = 0;

    for (; i < end; count++) {
        if (is_two_letters(b->set, b->p[i]))
            return 0;
        i += unit_at(b, i);
    }
    return i == end && count == (len != 0 ? letters(b->out->ptr + before, len) : 0);
}

/* n octets at p, characters of two, became that text: keep it, if each became one letter. 1 when
 * that is so. */
static int keep(int set, struct charset_kept *kept, const uint8_t *p, size_t n, const uint8_t *text,
                size_t len)
{
    struct charset_met met[GROUP];
    size_t at = 0;

    if (!utf8_valid(text, len) || is_two_letters(set, p[0]))
        return 0;
    for (size_t i = 0; i < n / 2; i++) {
        size_t k = at == len         ? 0
                   : text[at] < 0x80 ? 1
                   : text[at] < 0xe0 ? 2
                   : text[at] < 0xf0 ? 3
                                     : 4;

        if (k == 0)
            return 0;
        memcpy(met[i].text, text + at, sizeof met[i].text); /* there is room behind text */
        met[i].len = (uint8_t)(k < 4 ? k : 0);
        at += k;
    }
    if (at != len)
        return 0;
    for (size_t i = 0; i < n; i += 2)
        kept->met[place(set, p + i)] = met[i / 2];
    return 1;
}

/* The character at c and the others of its group. One that is full of holes stays as it is. */
static void keep_group(const struct block *b, struct charset_kept *kept, const uint8_t *c)
{
    uint8_t p[2 * GROUP];
    uint8_t text[4 * sizeof p + sizeof(struct charset_met)];
    unsigned low = c[1] & ~(GROUP - 1U);
    size_t n = 0;
    size_t i = 0;

    kept->asked[row_of(b->set, c[0])] |= group_bit(b->set, c[1]);
    for (unsigned second = low; second < low + GROUP; second++) {
        p[n] = c[0];
        p[n + 1] = (uint8_t)second;
        if (charset_double_unit(b->set, p + n, 2) == 2)
            n += 2;
    }
    for (int holes = 0; i < n && holes < HOLES; holes++) {
        size_t used;
        size_t len = 4 * sizeof p;

        if (!charset_table_raw(b->c->cache, b->set, p + i, n - i, text, &len, &used) ||
            used % 2 != 0 || !keep(b->set, kept, p + i, used, text, len))
            return;
        i += used;
        if (i == n)
            return;
        len = 4 * sizeof p;
        if (charset_table_raw(b->c->cache, b->set, p + i, 2, text, &len, &used) && used == 2)
            return;
        kept->met[place(b->set, p + i)].len = NO_SUCH;
        i += 2;
    }
}

/* The characters from i to end by the C library. kept: NULL while nothing is. */
static void ask(const struct block *b, struct charset_kept *kept, size_t i, size_t end)
{
    struct block some = *b;

    some.n = end;
    b->c->cache->asked[b->set] += (uint32_t)(end - i);
    while (i < end && b->out->failed == 0) {
        size_t before = b->out->len;
        size_t used;
        int said = charset_table(b->c->cache, b->set, b->p + i, end - i, b->out, &used);

        if ((said && i + used == end) || b->out->failed != 0)
            return;
        if (said && b->p[i + used] >= 0x80 && is_prefix(&some, i, i + used, before)) {
            size_t len = unit_at(&some, i + used);

            if (!table_has(&some, i + used, len)) {
                if (kept != NULL && has_place(b->set, b->p + i + used, len))
                    kept->met[place(b->set, b->p + i + used)].len = NO_SUCH;
                unknown(&some, i + used, len);
                i += used + len;
                continue;
            }
        }
        b->out->len = before;
        one_by_one(&some, i);
        return;
    }
}

/* Characters that are kept, from i on; where that ends. */
static size_t by_heart(const struct block *b, const struct charset_kept *kept, size_t i)
{
    uint8_t text[3 * CHARSET_BLOCK + sizeof(struct charset_met)];
    const uint8_t *p = b->p;
    size_t n = b->n;
    unsigned low = is_94(b->set) ? 0xa1 : 0x81; /* place() and has_place(), once for all */
    unsigned left = is_94(b->set) ? 0xa0 : 0x40;
    size_t width = is_94(b->set) ? 96 : COLUMNS;
    unsigned kana = b->set == CHARSET_SJIS ? 0xe0 - 0xa0 : 0;
    size_t len = 0;

    while (i < n) {
        const struct charset_met *m;

        if (p[i] < 0x80) {
            text[len++] = p[i++];
            continue;
        }
        if (n - i < 2 || p[i] < low || p[i + 1] < left || p[i] - 0xa0U < kana)
            break;
        m = &kept->met[(p[i] - low) * width + (p[i + 1] - left)];
        if ((uint8_t)(m->len - 1) >= sizeof m->text) /* 0, NO_SUCH */
            break;
        memcpy(text + len, m, sizeof *m);
        len += m->len;
        i += 2;
    }
    buf_add(b->out, text, len);
    return i;
}

/* From i up to some characters that are kept. */
static size_t not_kept(const struct block *b, const struct charset_kept *kept, size_t i)
{
    size_t known = 0;

    while (i < b->n && known < KNOWN_RUN) {
        int is = b->p[i] < 0x80 || (has_place(b->set, b->p + i, b->n - i) &&
                                    kept->met[place(b->set, b->p + i)].len != 0);

        known = is ? known + 1 : 0;
        i += unit_at(b, i);
    }
    return i;
}

/* The character at i is not kept: what is done about that. Where it goes on. */
static size_t look(const struct block *b, struct charset_kept *kept, size_t i)
{
    size_t end;

    if (has_place(b->set, b->p + i, b->n - i)) {
        if (kept->met[place(b->set, b->p + i)].len == NO_SUCH) {
            unknown(b, i, 2);
            return i + 2;
        }
        if ((kept->asked[row_of(b->set, b->p[i])] & group_bit(b->set, b->p[i + 1])) == 0) {
            keep_group(b, kept, b->p + i);
            return i;
        }
    }
    end = not_kept(b, kept, i);
    ask(b, kept, i, end);
    return end;
}

void charset_block(struct charset_conv *c, int set, const uint8_t *p, size_t n,
                   const ptrdiff_t *from, ptrdiff_t at, struct buf *out)
{
    struct block b = {c, out, p, n, from, at, set};
    struct charset_kept *kept = kept_of(&b);

    if (kept == NULL) {
        ask(&b, kept, 0, n);
        return;
    }
    for (size_t i = by_heart(&b, kept, 0); i < n && out->failed == 0; i = by_heart(&b, kept, i))
        i = look(&b, kept, i);
}
