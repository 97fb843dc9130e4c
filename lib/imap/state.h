/* state.h - the selected mailbox as the server's answers describe it (RFC 9051 section 7.4, 7.5).
 */
#ifndef MLA_IMAP_STATE_H
#define MLA_IMAP_STATE_H

#include "base/shared.h"
#include "imap/context.h"
#include "imap/event.h"
#include "imap/flagbook.h"
#include "imap/msgmap.h"
#include "imap/set.h"

/* A list of words, in one block of memory. */
struct imap_word_copy {
    const mla_str *words; /* NULL: none */
    uint32_t count;
};

enum { STATE_WORDS_MAX = 65536 }; /* octets of such a list; a longer one is not kept */

struct imap_state {
    const struct mem *mem;
    struct shared *shared; /* for lists; set behind imap_state_init(), NULL: they are its own */
    char *name;            /* UTF-8, NULL: no mailbox is selected or being selected */
    char *raw; /* as on the wire when the caller gave it so; NULL: name is what was given */
    int has_exists;
    uint32_t exists;
    uint32_t uidvalidity;
    uint32_t uidnext;
    uint32_t permanent_flags;
    int has_permanent;
    int read_only;
    int uid_not_sticky;
    int saved;                     /* a search has saved its result (RFC 5182) */
    struct imap_contexts contexts; /* searches whose results are kept up to date */
    int no_modseq;                 /* NOMODSEQ was said (RFC 7162 section 3.1.2.2) */
    uint32_t recent;
    uint64_t highestmodseq; /* as the server said it last */
    uint64_t modseq_seen;   /* the highest of a FETCH answer */
    int uid_only;           /* there are no message numbers (RFC 9586): the map has what is known */
    char *id;               /* MAILBOXID (RFC 8474), NULL: not told */
    struct imap_word_copy flag_words;
    struct imap_word_copy permanent_words;
    struct flagbook flags; /* what the map's flags mean */
    struct msgmap map;
};

void imap_state_init(struct imap_state *s, const struct mem *mem);
/* No mailbox any more. */
void imap_state_clear(struct imap_state *s);
/* A mailbox is being selected: what is told from now on is about it. raw: name is as on the wire;
 * utf8: names are UTF-8 there. 0 or MLA_E_NOMEM. */
int imap_state_begin(struct imap_state *s, mla_str name, int raw, int utf8);
/* [CLOSED] (RFC 9051 section 7.1): what was told since imap_state_begin() was about the old one. */
void imap_state_forget(struct imap_state *s);

/* From now on there are no message numbers (RFC 9586). */
void imap_state_uid_only(struct imap_state *s);

/* Applies one event that belongs to the mailbox. 0; MLA_IMAP_WARN_UNKNOWN_NUMBER when it names a
 * message that does not exist: it must be dropped then. Where memory is short less is known. */
int imap_state_apply(struct imap_state *s, const struct mla_imap_event *ev);
/* The same for what FETCH has told of a message. */
int imap_state_fetch(struct imap_state *s, const mla_imap_fetch *f);
/* What a response code says about the mailbox. */
void imap_state_code(struct imap_state *s, const mla_imap_code *code);
/* The flags of these messages may have changed without a word about it: they are not known any
 * more. set NULL or empty: of all. */
void imap_state_flags_lost(struct imap_state *s, const struct imap_set *set, int is_uid);
/* A body was read in the way that sets \Seen, and the answer said nothing of flags (RFC 9051
 * section 6.4.5 only says that it should). seq 0: the message is named by uid. */
void imap_state_seen(struct imap_state *s, uint32_t seq, uint32_t uid);
/* 1 when a message of that number may exist. */
int imap_state_has(const struct imap_state *s, uint32_t seq);

/* The UID of a message number, 0 when it is not known. */
static inline uint32_t imap_state_uid(const struct imap_state *s, uint32_t seq)
{
    return msgmap_uid(&s->map, seq);
}
/* Checks the invariants (tests). */
int imap_state_sane(const struct imap_state *s);

#endif
