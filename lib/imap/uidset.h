/* uidset.h - a set of UIDs that grows: the messages whose body a command was given (P06).
 *
 * Kept as ranges, in blocks; servers answer in ascending order, and then nothing is moved. */
#ifndef MLA_IMAP_UIDSET_H
#define MLA_IMAP_UIDSET_H

#include "base/mem.h"
#include "mailaccess/types.h"

enum { UIDSET_BLOCK = 256, UIDSET_BLOCKS_MAX = 16384 };

struct uidset_block {
    uint32_t count;
    mla_range ranges[UIDSET_BLOCK];
};

struct uidset {
    const struct mem *mem;
    mla_range top; /* the highest range; first 0: the set is empty */
    struct uidset_block **blocks;
    size_t count;
    size_t cap;
};

/* Allocates nothing. */
void uidset_init(struct uidset *s, const struct mem *mem);
void uidset_free(struct uidset *s);
/* uid > 0. 0, MLA_E_NOMEM, MLA_E_LIMIT (4 million ranges are in it). */
int uidset_add(struct uidset *s, uint32_t uid);
int uidset_has(const struct uidset *s, uint32_t uid);
/* Checks the invariants (tests). */
int uidset_sane(const struct uidset *s);

#endif
