/* keep.h - keeping one mailbox in sight across connections: when to connect, what to send, what was
 * missed. No I/O and no clock; see mailaccess/imap_keep.h for what it does.
 *
 * Its driver makes a connection when keep_due() says so and hands the engine over by keep_begin();
 * then it asks keep_own(), and when that has no event the engine, whose event it hands to
 * keep_take(), and so on. When the engine gives no more events it says keep_dead(). When
 * keep_drops() the engine is not used any more and the driver ends the connection. */
#ifndef MLA_KEEP_KEEP_H
#define MLA_KEEP_KEEP_H

#include "imap/engine.h"
#include "keep/backoff.h"
#include "keep/known.h"
#include "keep/saved.h"
#include "mailaccess/imap_keep_types.h"
#include "sasl/creds.h"

enum {
    KEEP_OFFLINE = 0,   /* until backoff.at_ms */
    KEEP_ASKING = 1,    /* for credentials */
    KEEP_LOGIN = 2,     /* connecting and logging in */
    KEEP_OPENING = 3,   /* ENABLE, SELECT */
    KEEP_CHANGES = 4,   /* FETCH CHANGEDSINCE */
    KEEP_SEARCHING = 5, /* which UIDs are there still */
    KEEP_LISTING = 6,   /* FETCH of all flags */
    KEEP_LOOKING = 7,   /* is there such a mailbox? */
    KEEP_ONLINE = 8,
    KEEP_OVER = 9
};

/* Events that are due, told in this order. */
enum { DUE_VOID = 1, DUE_ONLINE = 2, DUE_OFFLINE = 4, DUE_ASK = 8, DUE_OVER = 16 };

struct mla_imap_keep_event {
    int32_t type; /* MLA_KEEP_EV_* */
    mla_imap_keep_line line;
    mla_imap_keep_news news;
    const struct mla_imap_event *imap;
};

struct keep_opts {
    mla_str mailbox;
    int raw;
    int read_only;
    int ask;
    int no_watch;
    uint64_t poll_ms;
    uint32_t tries_max;
};

struct keep {
    const struct mem *mem;
    struct keep_opts opts; /* its text lives as long */
    struct backoff backoff;
    struct known known;
    struct sasl_creds creds;
    int has_creds;
    int refused;           /* MLA_E_AUTH: they were */
    struct imap_engine *e; /* NULL: no connection */
    int state;
    int drops;
    int closing;
    int was_online; /* ever */
    uint64_t now_ms;
    uint64_t online_ms;  /* since when; 0: not in this connection */
    uint64_t asked_ms;   /* how long the server wants to be left alone */
    uint32_t reason;     /* its last */
    uint64_t poll_at_ms; /* when NOOP is due; UINT64_MAX: never */
    /* tickets of ours, 0: none */
    uint64_t login;
    uint64_t step; /* of what the state is about */
    uint64_t enable;
    uint64_t fetch; /* of new messages */
    uint64_t idle;
    uint64_t noop;
    uint64_t logout;
    /* the resumption under way */
    int extensions;     /* how much to ask of SELECT: 3 QRESYNC with the known UIDs, 2 QRESYNC,
                           1 CONDSTORE, 0 nothing */
    int unsure;         /* what was told does not add up: compare everything */
    uint32_t asked_end; /* for messages behind the known ones, when there were so many; 0: not */
    int again;          /* how often a question was put again in vain */
    uint32_t had;       /* when it was put: so many were known */
    int found;          /* LIST has the mailbox */
    uint32_t how;
    uint32_t gone_at; /* searching: up to there nothing was found */
    /* events */
    uint32_t due;       /* DUE_* */
    int is_missed;      /* news are about what was missed */
    struct runs lent;   /* of ev */
    struct saved saved; /* lent to be stored */
    struct mla_imap_keep_event ev;
    uint64_t counts[NEWS_KINDS];
    int void_error;
    mla_error error; /* why offline, or over */
    uint32_t error_reason;
    uint64_t wait_ms;
};

void keep_init(struct keep *k, const struct mem *mem, const struct keep_opts *opts,
               const mla_imap_keep_args *args, uint64_t seed);
void keep_free(struct keep *k);
/* What was stored is known, before the first connection. As saved_load(). */
int keep_load(struct keep *k, const mla_imap_keep_state *state, mla_error *err);
/* 1: *out is what was told, up to the next call of this or keep_own(). 0: what is known was not all
 * told. MLA_E_NOMEM. */
int keep_state(struct keep *k, int with_flags, const mla_imap_keep_state **out);
/* Takes credentials over. */
void keep_set_creds(struct keep *k, struct sasl_creds *creds);

/* 1 when a connection is to be made now. */
int keep_due(struct keep *k, uint64_t now_ms);
/* The engine that is being connected. 0; else the try has failed, and is over. */
int keep_begin(struct keep *k, struct imap_engine *e);
/* No connection can be made: the error. */
void keep_not_begun(struct keep *k, const mla_error *err);
/* Time passes: questions are asked when it is time. */
void keep_tick(struct keep *k, uint64_t now_ms);
/* When keep_due() or keep_tick() want to be called; UINT64_MAX: never. */
uint64_t keep_deadline(const struct keep *k);

int keep_own(struct keep *k, const struct mla_imap_keep_event **out);
/* 1: *out is for the caller; 0: it was for us alone. */
int keep_take(struct keep *k, const struct mla_imap_event *ev,
              const struct mla_imap_keep_event **out);
/* The engine gives no more events, for that reason. */
void keep_dead(struct keep *k, const mla_error *err);
int keep_drops(const struct keep *k);
/* The driver has ended it. */
void keep_dropped(struct keep *k);

/* The network is back, or another one: try now, ask a connection that stands whether it lives. */
void keep_hint(struct keep *k, uint64_t now_ms);
void keep_close(struct keep *k);

/* --- for resume.c and keep.c --- */

/* This try is over. text: in words; reason: MLA_REASON_*. */
void keep_lost(struct keep *k, int code, const char *text, uint32_t reason, uint64_t asked_ms);
/* Logged in: begins to open the mailbox. */
void keep_open(struct keep *k);
/* A step of the resumption has ended. */
void keep_step_done(struct keep *k, const mla_imap_done *d);
/* What happens to the mailbox. */
void keep_heard(struct keep *k, const struct mla_imap_event *ev);
/* The FETCH of new messages has ended. */
void keep_fetch_done(struct keep *k);
/* Online: asks for what is missing. */
void keep_settle(struct keep *k);
/* Queueing a command failed: the try is over unless rc is 0. */
void keep_queued(struct keep *k, int rc, const mla_error *err);

#endif
