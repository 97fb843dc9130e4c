/* flagbook.h - the distinct sets of flags in a mailbox, each with a number.
 *
 * Sets of system flags alone are their bits and need no memory. Of others each keyword and each set
 * is kept once, up to a maximum, beyond which a set has no number: the flags of such a message are
 * not known. Keywords are equal when they differ in case alone (RFC 9051 section 2.3.2). */
#ifndef MLA_IMAP_FLAGBOOK_H
#define MLA_IMAP_FLAGBOOK_H

#include "base/mem.h"
#include "mailaccess/imap_types.h"

enum {
    FLAGBOOK_KEYWORDS_MAX = 1024, /* of a mailbox */
    FLAGBOOK_KEYWORD_MAX = 256,   /* octets of one */
    FLAGBOOK_SETS_MAX = 4096,     /* with keywords */
    FLAGBOOK_WORDS_MAX = 64,      /* keywords of one message */
    FLAGBOOK_MEMOS = 64,
    FLAGBOOK_MEMO_TEXT = 40,
    FLAGBOOK_SYSTEM = 6,      /* system flags of a message ... */
    FLAGBOOK_SYSTEM_BITS = 63 /* ... \\Seen to \\Recent */
};

struct flagbook_set {
    uint32_t hash;
    uint32_t flags;  /* MLA_IMAP_FLAG_* */
    uint32_t count;  /* of words */
    mla_str words[]; /* system flags, then keywords in the order in which they were first seen */
};

struct flagbook_keyword {
    uint32_t hash;
    mla_str word;
};

/* A text that was numbered before: servers write a set in the same way every time. */
struct flagbook_memo {
    uint16_t len;
    uint16_t count; /* words */
    uint32_t number;
    char text[FLAGBOOK_MEMO_TEXT];
};

struct flagbook {
    const struct mem *mem;
    struct flagbook_keyword *keywords;
    uint32_t keyword_count;
    struct flagbook_set **sets;
    uint32_t set_count;
    uint16_t *keyword_slots; /* index + 1, 0: free; twice as many as there can be keywords */
    uint16_t *set_slots;
    size_t held;                 /* octets of words and sets */
    struct flagbook_memo *memos; /* FLAGBOOK_MEMOS, NULL: none was needed yet */
};

void flagbook_init(struct flagbook *f, const struct mem *mem);
void flagbook_free(struct flagbook *f);
/* Forgets what only saves time. */
void flagbook_rest(struct flagbook *f);
/* The number of a set, never 0; 0: it has none, see above, or memory is short. flags as
 * mla_imap_fetch has them. */
uint32_t flagbook_keywords_number(struct flagbook *f, uint32_t flags, const mla_str *words,
                                  uint32_t count);
static inline uint32_t flagbook_number(struct flagbook *f, uint32_t flags, const mla_str *words,
                                       uint32_t count)
{
    return (flags & MLA_IMAP_FLAG_KEYWORDS) == 0 ? 1 + (flags & FLAGBOOK_SYSTEM_BITS)
                                                 : flagbook_keywords_number(f, flags, words, count);
}
/* What a number that was given out means: the flags and, for words, *out_words (of f, or there for
 * ever) and how many. */
uint32_t flagbook_words(const struct flagbook *f, uint32_t number, const mla_str **out_words,
                        uint32_t *out_count);

/* Octets of memory in all. */
size_t flagbook_octets(const struct flagbook *f);

#endif
