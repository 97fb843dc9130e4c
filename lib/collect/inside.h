/* inside.h - what the files of the collector share: collect (life, the caller's side), decide (what
 * is new), work (the engine's answers), leave (what has vanished, QUIT). */
#ifndef MLA_COLLECT_INSIDE_H
#define MLA_COLLECT_INSIDE_H

#include "collect/collect.h"
#include "collect/drop.h"
#include "collect/seen_line.h"
#include "collect/seen_table.h"

enum {
    COLLECT_WINDOW = 512, /* commands that the engine has at a time where it may pipeline */
    COLLECT_FEW = 2,      /* ... and where not: one under way, one behind it */
    COLLECT_BATCH = 128,  /* records that wait to be committed */
    COLLECT_KEY_MAX = DROP_UIDL_MAX + 2 * DIGEST_LEN + 32
};

/* What the session is at. */
enum {
    PHASE_LISTING = 1, /* UIDL and LIST are under way */
    PHASE_WORK,
    PHASE_SWEEP, /* what does the store know that is not there any more? */
    PHASE_QUIT,
    PHASE_TELL, /* DELETED events */
    PHASE_END,  /* the DONE event is due */
    PHASE_OVER
};

/* Where a message stands. */
enum {
    AT_LISTED = 0,
    AT_PROBE,  /* TOP 0 is to be sent, or was */
    AT_FRESH,  /* RETR or TOP is to be sent, or was */
    AT_COMING, /* BEGIN was told */
    AT_WHOLE,  /* END was told: stored() is awaited */
    AT_STORED,
    AT_KNOWN, /* of earlier sessions */
    AT_LARGE, /* left where it is */
    AT_FAILED
};

enum { OP_UIDL = 1, OP_LIST, OP_PROBE, OP_FETCH, OP_DELE, OP_QUIT };

/* A command that the engine has. */
struct op {
    uint64_t ticket;
    uint32_t kind;
    uint32_t number;
};

struct collect {
    const struct mem *mem;
    struct pop3_engine *engine;
    mla_collect_args args;
    mla_seen_store store;
    int phase;
    int closing;
    int cut; /* closed before everything had come: not everything is known */
    int all_told;
    int no_uidl;
    int no_top;
    int store_failed;
    int was_empty;     /* the store knew nothing when the session began */
    int suspect;       /* a UIDL was found to be used twice: none is believed */
    uint32_t reused;   /* the message by which this was found, until the warning is told */
    uint32_t probing;  /* messages at AT_PROBE */
    uint32_t fetching; /* commands under way that bring octets of messages */
    uint32_t in_batch;
    int uidl_error; /* the server announces UIDL, and refuses it */

    struct drop drop;
    struct fifo probes;
    struct fifo fetches;
    struct fifo deles;
    struct fifo told;      /* KNOWN and LARGE, to be told once no header is waited for any more */
    struct seen_table met; /* how many of each key were met, where several may have it */

    struct op op[COLLECT_WINDOW];
    uint32_t op_first;
    uint32_t op_count;

    struct digest digest;              /* of the message that comes */
    uint64_t digest_of;                /* the ticket by which it comes */
    const struct mla_pop3_event *held; /* told after BEGIN */
    uint32_t asked;                    /* index + 1 of the message that keep() can save */
    uint32_t shared_at;                /* up to which UIDL was looked for warnings */
    int plan_due;
    int listing_odd; /* UIDL and LIST differ, until the warning is told */

    uint64_t cursor;    /* of the sweep */
    uint32_t gone_left; /* RECONCILED events that are due about the record in id and note */
    uint32_t tell_at;
    struct buf key;
    struct buf id; /* these are an event's */
    struct buf note;

    struct mla_collect_event ev;
    mla_collect_summary sum;
    mla_error error; /* what ended it, code 0: nothing did */
    mla_error call;  /* of the last failed call */
};

/* collect.c */

/* Ends the work. Returns code. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
int collect_fail(struct collect *c, int code, const char *fmt, ...);
/* The same when a function of the store has returned rc < 0. */
int collect_fail_store(struct collect *c, int rc);
/* Fills the event with a message. Returns 1. */
int collect_tell(struct collect *c, int32_t type, const struct mail *m);
/* The note of the message's record, for its event. 0 or fatal. */
int collect_add_note(struct collect *c, const struct mail *m);
int collect_warn(struct collect *c, uint32_t code, uint32_t number, mla_str text);
/* May the policy delete this message, recorded at first_s? */
int collect_may_delete(const struct collect *c, const struct mail *m, uint64_t first_s);
/* Adds or replaces a record; commits when many wait. 0 or fatal. */
int collect_put(struct collect *c, const mla_seen_record *r);
int collect_drop(struct collect *c, mla_str id);

static inline uint32_t collect_index(const struct collect *c, const struct mail *m)
{
    return (uint32_t)(m - c->drop.mail);
}

/* What was not asked for yet is not asked for any more. */
void collect_cut(struct collect *c);

/* decide.c */

/* The key of the message's record, in c->key: 1, or 0 when it is not known yet. < 0: fatal. */
int collect_key(struct collect *c, const struct mail *m, mla_str *out);
/* 1 and the record, which lives until the store is called again, 0, or fatal. */
int collect_lookup(struct collect *c, mla_str id, mla_seen_record *out);
/* The listing is whole: sorts out what is new. 0 or fatal. */
int collect_plan(struct collect *c);
/* Decides about one message, as far as is known. 0 or fatal. */
int collect_decide(struct collect *c, struct mail *m);
/* The header was read, or cannot be. 0 or fatal. */
int collect_probed(struct collect *c, struct mail *m);
/* All of it came: was it known after all? Sets MLA_COLLECT_SAME. 0 or fatal. */
int collect_compare(struct collect *c, struct mail *m);
/* Records that the message is stored. 0 or fatal. */
int collect_record(struct collect *c, struct mail *m, mla_str note);
/* How many messages with that key were met, where several may have it. */
uint32_t collect_met(const struct collect *c, mla_str key);

/* work.c */

/* Queues what may be queued. 0 or fatal. */
int collect_pump(struct collect *c);
/* An answer to one of the commands: 1 with an event in c->ev, or 0. */
int collect_answer(struct collect *c, const struct mla_pop3_event *ev);
/* Queues one command. 1, 0 when the engine has no room, or fatal. */
int collect_send(struct collect *c, uint32_t kind, uint32_t number);
/* No message is under way, or to be asked for. */
int collect_has_all(const struct collect *c);
/* The message is to be deleted. */
void collect_delete(struct collect *c, struct mail *m);

/* leave.c: 1 with an event, 0 */

int collect_sweep(struct collect *c);
/* Says in the store that it is not known whether the message is on the server, or that it is. */
int collect_doubt(struct collect *c, const struct mail *m, int doubt);
/* QUIT was answered, or not. */
void collect_left(struct collect *c, const mla_pop3_done *done);
int collect_tell_deleted(struct collect *c);

#endif
