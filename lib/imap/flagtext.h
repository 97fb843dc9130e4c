/* flagtext.h - sets of flags that were read before.
 *
 * The messages of a mailbox have few different sets of flags, and servers write each of them in the
 * same way every time. What a text came apart into once is found again by the text itself. */
#ifndef MLA_IMAP_FLAGTEXT_H
#define MLA_IMAP_FLAGTEXT_H

#include "base/scan.h"
#include "mailaccess/types.h"

enum {
    FLAGTEXT_MAX = 64, /* octets of a text that is kept */
    FLAGTEXT_WORDS = 6,
    FLAGTEXT_ROWS = 32 /* texts kept, two for each hash */
};

/* A text's length and octets at both ends: all of one of at most 16 octets. */
struct imap_flagkey {
    uint64_t first; /* the first 8, with zeros behind */
    uint64_t last;  /* the last 8, or the same as first */
    uint64_t len;
};

/* "\Seen $Junk": what stands between the parentheses. All zero: the empty set. */
struct imap_flagtext {
    struct imap_flagkey key;
    uint32_t flags;                /* MLA_IMAP_FLAG_* */
    uint32_t count;                /* of words */
    mla_str words[FLAGTEXT_WORDS]; /* in text */
    char text[FLAGTEXT_MAX];
};

/* Zeroed memory is an empty one: every row stands for the empty set. */
struct imap_flagtexts {
    struct imap_flagtext rows[FLAGTEXT_ROWS];
};

/* How far the first ")" is from p, where left octets can be read; FLAGTEXT_MAX when it is not near,
 * or the end is. */
static inline size_t imap_flagtext_len(const uint8_t *p, size_t left)
{
    const uint8_t *end;
    unsigned ends;

    if (left < 8)
        return FLAGTEXT_MAX;
    if (left < 16) {
        ends = scan_word(scan_load(p), ')') | scan_word(scan_load(p + left - 8), ')') << (left - 8);
        return ends != 0 ? scan_first(ends) : FLAGTEXT_MAX;
    }
    ends = scan_either(p, ')', ')');
    if (ends != 0)
        return scan_first(ends);
    end = memchr(p, ')', left < FLAGTEXT_MAX ? left : FLAGTEXT_MAX);
    return end != NULL ? (size_t)(end - p) : FLAGTEXT_MAX;
}

/* The first of the two rows for the text that begins at p and goes up to a ")"; left octets can be
 * read. NULL: none is for it. */
static inline struct imap_flagtext *imap_flagtext_row(struct imap_flagtexts *texts,
                                                      const uint8_t *p, size_t left,
                                                      struct imap_flagkey *out_key)
{
    /* 8 octets from the right place on keep the first n of a text */
    static const uint8_t keep[16] = {255, 255, 255, 255, 255, 255, 255, 255};
    const size_t n = imap_flagtext_len(p, left);
    const size_t behind = n > 8 ? n - 8 : 0;
    const uint64_t mask = scan_load(keep + 8 - (n - behind));
    uint64_t hash;

    if (n == FLAGTEXT_MAX)
        return NULL;
    out_key->first = scan_load(p) & mask;
    out_key->last = scan_load(p + behind) & mask;
    out_key->len = n;
    hash = (out_key->first ^ out_key->last << 7 ^ n) * UINT64_C(0x9e3779b97f4a7c15);
    return &texts->rows[(hash >> 60) * 2];
}

/* Nothing but 0 when the row has the key. */
static inline uint64_t imap_flagtext_differs(const struct imap_flagtext *row,
                                             const struct imap_flagkey *key)
{
    return (row->key.first ^ key->first) | (row->key.last ^ key->last) | (row->key.len ^ key->len);
}

/* That of the two rows which is for the text at p, whose key it is; NULL: neither. Which of them it
 * is cannot be foreseen, so no branch depends on it. */
static inline struct imap_flagtext *
imap_flagtext_find(struct imap_flagtext *row, const struct imap_flagkey *key, const uint8_t *p)
{
    const size_t second = imap_flagtext_differs(row, key) != 0;
    const uint64_t differs = imap_flagtext_differs(row + 1, key) & (0 - (uint64_t)second);

    row += second;
    if (differs != 0 || (key->len > 16 && memcmp(row->text, p, (size_t)key->len) != 0))
        return NULL;
    return row;
}

#endif
