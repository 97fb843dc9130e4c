/* state.h - the selected mailbox as the server's answers describe it (RFC 9051 section 7.4, 7.5).
 */
#ifndef MLA_IMAP_STATE_H
#define MLA_IMAP_STATE_H

#include "imap/event.h"

/* Messages seq, seq + 1, ... (count of them) have the UIDs uid, uid + 1, ... */
struct imap_run {
    uint32_t seq;
    uint32_t uid;
    uint32_t count;
};

enum { STATE_RUNS_MAX = 4096 };

struct imap_state {
    const struct mem *mem;
    char *name; /* UTF-8, NULL: no mailbox is selected or being selected */
    char *raw;  /* as on the wire when the caller gave it so; NULL: name is what was given */
    int has_exists;
    uint32_t exists;
    uint32_t uidvalidity;
    uint32_t uidnext;
    uint32_t permanent_flags;
    int has_permanent;
    int read_only;
    int uid_not_sticky;
    int saved;             /* a search has saved its result (RFC 5182) */
    struct imap_run *runs; /* what is known of message numbers and UIDs, by seq */
    size_t run_count;
    size_t run_cap;
};

void imap_state_init(struct imap_state *s, const struct mem *mem);
/* No mailbox any more. */
void imap_state_clear(struct imap_state *s);
/* A mailbox is being selected: what is told from now on is about it. raw: name is as on the wire;
 * utf8: names are UTF-8 there. 0 or MLA_E_NOMEM. */
int imap_state_begin(struct imap_state *s, mla_str name, int raw, int utf8);
/* [CLOSED] (RFC 9051 section 7.1): what was told since imap_state_begin() was about the old one. */
void imap_state_forget(struct imap_state *s);

/* Applies one event that belongs to the mailbox. 0; MLA_IMAP_WARN_UNKNOWN_NUMBER when it names a
 * message that does not exist: it must be dropped then. */
int imap_state_apply(struct imap_state *s, const struct mla_imap_event *ev);
/* What a response code says about the mailbox. */
void imap_state_code(struct imap_state *s, const mla_imap_code *code);
/* 1 when a message of that number may exist. */
int imap_state_has(const struct imap_state *s, uint32_t seq);

/* The UID of a message number, 0 when it is not known. */
uint32_t imap_state_uid(const struct imap_state *s, uint32_t seq);
/* A FETCH answer told it. Never fails: without memory it is not remembered. */
void imap_state_learn(struct imap_state *s, uint32_t seq, uint32_t uid);
/* Checks the invariants (tests). */
int imap_state_sane(const struct imap_state *s);

#endif
