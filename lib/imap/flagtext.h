/* flagtext.h - sets of flags that were read before.
 *
 * The messages of a mailbox have few different sets of flags, and servers write each of them in the
 * same way every time. What a text came apart into once is found again by the text itself. */
#ifndef MLA_IMAP_FLAGTEXT_H
#define MLA_IMAP_FLAGTEXT_H

#include "base/scan.h"
#include "mailaccess/types.h"

enum {
    FLAGTEXT_WORDS = 4,
    FLAGTEXT_ROWS = 32 /* texts kept; a new one takes the place of another */
};

/* "\Seen $Junk": at most 15 octets between the parentheses. All zero: the empty set. */
struct imap_flagtext {
    uint64_t text[2]; /* with zeros behind */
    uint32_t len;
    uint32_t flags; /* MLA_IMAP_FLAG_* */
    uint32_t count; /* of words */
    struct {
        uint8_t at;
        uint8_t len;
    } words[FLAGTEXT_WORDS];
};

/* Zeroed memory is an empty one: every row stands for the empty set. */
struct imap_flagtexts {
    struct imap_flagtext rows[FLAGTEXT_ROWS];
};

/* The row for the text that begins at p and goes up to a ")"; left octets can be read. *out_key has
 * the text and its length. NULL: too long, or too near the end. */
static inline struct imap_flagtext *imap_flagtext_row(struct imap_flagtexts *sets, const uint8_t *p,
                                                      size_t left, struct imap_flagtext *out_key)
{
    /* 16 octets from the right place on keep the first n of a text */
    static const uint8_t keep[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                     255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t first;
    uint64_t second;
    unsigned ends;

    if (left < 9)
        return NULL;
    first = scan_load(p);
    second = left >= 16 ? scan_load(p + 8) : scan_load(p + left - 8) >> (16 - left) * 8;
    ends = scan_word(first, ')') | scan_word(second, ')') << 8;
    if (ends == 0)
        return NULL;
    out_key->len = scan_first(ends);
    out_key->text[0] = first & scan_load(keep + 16 - out_key->len);
    out_key->text[1] = second & scan_load(keep + 24 - out_key->len);
    first = (out_key->text[0] ^ out_key->text[1] << 7) * UINT64_C(0x9e3779b97f4a7c15);
    return &sets->rows[first >> 59];
}

static inline int imap_flagtext_is(const struct imap_flagtext *row, const struct imap_flagtext *key)
{
    return ((row->text[0] ^ key->text[0]) | (row->text[1] ^ key->text[1]) |
            (row->len ^ key->len)) == 0;
}

#endif
