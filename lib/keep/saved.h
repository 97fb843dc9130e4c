/* saved.h - what is known of a mailbox as a record that an application stores, and back again. */
#ifndef MLA_KEEP_SAVED_H
#define MLA_KEEP_SAVED_H

#include "keep/known.h"
#include "mailaccess/imap_keep_types.h"

struct saved {
    mla_imap_keep_state state; /* what follows is its */
    mla_range *uids;
    mla_imap_keep_flags *flags;
};

/* What was stored becomes known; nothing was before, and nothing is where that fails: MLA_E_ARG
 * (something is out of order), MLA_E_LIMIT, MLA_E_NOMEM. */
int saved_load(struct known *k, const mla_imap_keep_state *in, mla_error *err);
/* Reads what is known. Words are those of k, up to the next change. 0, MLA_E_NOMEM. */
int saved_read(struct saved *s, const struct known *k, int with_flags);
void saved_clear(struct saved *s, const struct mem *mem);

#endif
