/* known.h - the mailbox as it was told last, across connections: UIDs and flags.
 *
 * The messages stand in a map by UID (msgmap_add(), msgmap_drop()), so the place of one in it is
 * its message number whenever the map is complete. \Recent is each session's own and left out. What
 * changes goes into the groups of news. */
#ifndef MLA_KEEP_KNOWN_H
#define MLA_KEEP_KNOWN_H

#include "imap/flagbook.h"
#include "imap/msgmap.h"
#include "imap/state.h"
#include "keep/groups.h"

struct known {
    struct msgmap map;
    struct flagbook flags;
    struct groups news;
    uint32_t uidvalidity; /* 0: nothing is known */
    uint32_t uidnext;     /* as told last; 0: it was not */
    uint64_t modseq;      /* all that happened up to it is known (RFC 7162); 0: there is none */
    int error;            /* MLA_E_NOMEM: something was lost; what is here is not to be relied on */
    /* from another mailbox's flags to these */
    uint64_t from;
    uint64_t to;
};

void known_init(struct known *k, const struct mem *mem);
void known_free(struct known *k);
/* Nothing is known any more, and no news are due about it. */
void known_void(struct known *k);

/* What FETCH told of the message with that UID; without flags it only exists. */
void known_fetched(struct known *k, uint32_t uid, const mla_imap_fetch *f);
/* The messages with these UIDs, of those that are known, are gone. */
void known_gone(struct known *k, uint32_t first, uint32_t last);
/* All messages are gone that are not in the sorted ranges; more of them follow behind end. Begin
 * with *at 1; end 0: those were the last. */
void known_gone_between(struct known *k, uint32_t *at, const mla_range *uids, size_t count,
                        int is_last);
/* The mailbox is as box says, of all whose messages the UID is known. */
void known_compare(struct known *k, const struct imap_state *box);

#endif
