/* cmd.h - what a command is: a row of a constant table, and what was asked for.
 *
 * Adding a command: a row and its functions in one cmd_*.c file, a constructor in this header, and
 * the call of it in api/. */
#ifndef MLA_IMAP_CMD_H
#define MLA_IMAP_CMD_H

#include "base/arena.h"
#include "imap/enc.h"
#include "imap/state.h"
#include "imap/uidset.h"
#include "mailaccess/imap_args.h"
#include "mailaccess/imap_command_types.h"
#include "mailaccess/imap_notify_types.h"
#include "mailaccess/imap_search_types.h"
#include "mailaccess/types.h"

struct imap_engine;
struct imap_cmd;

/* States of the conversation; the same numbers as MLA_IMAP_STATE_*. */
enum {
    IMAP_STATE_START = 0,
    IMAP_STATE_NOT_AUTHENTICATED = 1,
    IMAP_STATE_AUTHENTICATED = 2,
    IMAP_STATE_SELECTED = 3,
    IMAP_STATE_LOGOUT = 4
};

/* Sets of states in which a command may be sent. */
enum {
    IN_NOT_AUTHENTICATED = 1 << IMAP_STATE_NOT_AUTHENTICATED,
    IN_SELECTED = 1 << IMAP_STATE_SELECTED,
    IN_AUTHENTICATED = 1 << IMAP_STATE_AUTHENTICATED | IN_SELECTED,
    IN_ANY = IN_NOT_AUTHENTICATED | IN_AUTHENTICATED
};

/* What decides about pipelining (queue.h), and what a command's answers are. */
enum {
    CMD_ALONE = 1,       /* nothing else is under way while it is */
    CMD_SEQS = 2,        /* names messages by number */
    CMD_MAY_EXPUNGE = 4, /* the server may tell EXPUNGE while it is under way */
    CMD_READS = 8,       /* its result depends on flags or on which messages there are */
    CMD_WRITES = 16,     /* it changes those */
    CMD_SEARCHES = 32,   /* answered by SEARCH or ESEARCH; SEARCH does not say for which command */
    CMD_LISTS = 64,      /* by LIST or LSUB */
    CMD_STATUS = 128,    /* by STATUS */
    CMD_FETCHES = 256,   /* by FETCH */
    CMD_SECTIONS = 512,  /* ... with sections */
    CMD_CAPS = 1024,     /* what the server can do must be known before it is written */
    CMD_APPENDUID = 2048,
    CMD_COPYUID = 4096,
    CMD_LOGS_IN = 8192,
    CMD_SELECTS = 16384,
    CMD_BOX = 32768,     /* about the selected mailbox: set by imap_cmd_new() */
    CMD_ENABLES = 65536, /* it changes how text is written */
    CMD_TEXT = 131072,   /* it holds text that is written in another way then */
    CMD_LAST = 262144,   /* nothing is sent behind it before its answer */
    CMD_IDLES = 1 << 21,
    CMD_GENERIC = 1 << 27,   /* not known here: whatever comes meanwhile is its answer */
    CMD_MULTI = 1 << 25,     /* it searches in several mailboxes */
    CMD_SORTS = 1 << 26,     /* its ESEARCH answers are in an order */
    CMD_SILENT = 524288,     /* it changes flags and wants no answer about that */
    CMD_BY_NUMBER = 1 << 20, /* it is answered in message numbers */
    CMD_TAGGED = 1 << 22,    /* it searches, and is answered by ESEARCH with its tag (RFC 4731) */
    CMD_SAVES = 1 << 28,     /* the server keeps its result as "$" (RFC 5182) */
    CMD_USES_SAVED = 1 << 29 /* and this one names messages by it */
};

/* What imap_cmd_def.done says beside errors. */
/* AGAIN: before all that was not begun; LATER: behind it. */
enum { CMD_OVER = 0, CMD_AGAIN = 1, CMD_LATER = 2 };
/* What imap_cmd_def.encode says where the caller has to answer, or an errand is to be done, first:
 * c->held is set. */
enum { CMD_HOLD = 1 };

/* The bit of a kind of event in imap_cmd.answers. */
#define IMAP_ANSWERS(kind) ((uint64_t)1 << ((kind)&63))

struct imap_cmd_def {
    const char *verb;
    uint32_t states; /* in which it may be sent */
    uint32_t flags;
    int next_state;         /* after success; 0: the same */
    const char *capability; /* needed; NULL: none */
    uint64_t answers;       /* kinds of events that answer it: IMAP_ANSWERS() of each */
    /* Writes the command behind its tag, without the final line end. 0; an error (not fatal) with
     * which the command ends without being sent; or a fatal one. CMD_HOLD: not yet. */
    int (*encode)(struct imap_engine *e, struct imap_cmd *c);
    /* A "+" that belongs to no literal; NULL: there is none in this command. text is what follows.
     * 0 or a fatal error. */
    int (*plus)(struct imap_engine *e, struct imap_cmd *c, mla_str text);
    /* The tagged answer came, d->error has its usual meaning and may be changed. CMD_OVER; or
     * CMD_AGAIN: another command follows under the same ticket; or a fatal error. NULL: over. */
    int (*done)(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d);
    /* Untagged data that answers it (LIST, STATUS, and kinds with a record) is told next: to keep
     * in c->args what done() wants to know of it. No allocation. NULL: it does not care. */
    void (*heard)(struct imap_cmd *c, const struct mla_imap_event *ev);
    /* Frees what is not in the arena; may be NULL. */
    void (*forget)(struct imap_cmd *c);
};

enum {
    CMD_QUEUED = 0,
    CMD_SENDING = 1, /* a part is handed over to the output; the rest waits for a "+" or for room */
    CMD_SENT = 2,
    CMD_FAILED = 3 /* never sent: its DONE is still to be told */
};

/* The event is to be told; was told; an errand is under way. */
enum { HELD_ASKS = 1, HELD_ASKED = 2, HELD_ERRAND = 3 };
enum { CMD_MESSAGE = 160 };

struct imap_cmd {
    struct imap_cmd *next;
    const struct imap_cmd_def *def;
    uint64_t ticket;   /* 0: the engine's own */
    uint32_t states;   /* the row's, or fewer by argument */
    uint32_t flags;    /* the row's, and more by argument */
    uint64_t answers;  /* the row's, and more by argument */
    int phase;         /* CMD_QUEUED ... */
    int error;         /* CMD_FAILED */
    char *message;     /* why: CMD_MESSAGE octets, which are there before they are needed */
    const char *fixed; /* the same where that is no memory's: static, or NULL */
    unsigned stage;    /* of a command that is several on the wire */
    uint64_t tag;      /* its number */
    struct arena arena;
    void *args; /* in the arena; the command's own record */
    struct imap_set set;
    int no_update;   /* the server refused to keep its result up to date (RFC 5267) */
    int saved;       /* the messages are "$", set is empty */
    size_t set_at;   /* where the next command on the wire begins in the set */
    size_t set_next; /* and the one after it */
    /* MESSAGELIMIT (RFC 9738): of the ranges up to set_end only the UIDs below are left to do. */
    uint32_t below;
    size_t set_end;
    uint32_t limit_uid; /* what an untagged NO said of it */

    struct imap_enc *enc; /* from when it is written until all was handed over; else NULL */
    size_t enc_at;        /* handed over so far */
    size_t stop;          /* index of the next stop in enc->stops */
    int waits;            /* for a "+" */
    uint64_t end;         /* position in the output behind what was handed over */
    int orphan;           /* sent behind a SELECT that was refused then */

    /* Behind a body: writes what follows it into enc, up to the next body. NULL: the line ends. */
    int (*more)(struct imap_engine *e, struct imap_cmd *c);
    uint64_t body_size; /* a literal whose octets follow enc.out (APPEND) */
    uint64_t body_left;
    int has_body;
    int in_body;
    int send_told;       /* a SEND event is out */
    const uint8_t *body; /* NULL: handed in piece by piece */
    int body_binary;

    int one_section;       /* FETCH of one section: a message has one answer (P06) */
    struct uidset *served; /* the UIDs that were answered; NULL: none */
    size_t asked_at;       /* the range of the set that the last answer was in: others will be */

    int held; /* HELD_*: not sent, nor what is behind it */

    int idling;
    int idle_stop;
    int idle_over;          /* the caller has ended it */
    uint64_t idle_since_ms; /* the time of the "+" */
};

/* Makes a command whose record args has args_size octets, zeroed. 0, or MLA_E_NOMEM, MLA_E_LIMIT.
 */
int imap_cmd_new(struct imap_engine *e, const struct imap_cmd_def *def, size_t args_size,
                 struct imap_cmd **out_c);
void imap_cmd_free(struct imap_engine *e, struct imap_cmd *c);
/* Makes c->enc, empty. 0 or MLA_E_NOMEM. */
int imap_cmd_enc_new(struct imap_engine *e, struct imap_cmd *c);
void imap_cmd_enc_free(struct imap_engine *e, struct imap_cmd *c);
/* Keeps why it failed, unless that was said before. */
void imap_cmd_say(struct imap_engine *e, struct imap_cmd *c, const char *why);
/* Copies into the command's arena. 0, MLA_E_ARG (ptr NULL but a length), MLA_E_LIMIT, MLA_E_NOMEM.
 */
int imap_cmd_str(struct imap_cmd *c, mla_str in, mla_str *out);
int imap_cmd_strs(struct imap_cmd *c, const mla_str *in, size_t count, const mla_str **out);
/* The error of a failed allocation in the command's arena. */
int imap_cmd_nomem(const struct imap_cmd *c);

/* A mailbox name as commands keep it. */
struct imap_box {
    mla_str name;
    int raw;
};
/* Copies what the caller named: UTF-8, or raw where raw.ptr is not NULL. Checks that it can be
 * written. */
int imap_cmd_box(struct imap_cmd *c, const char *name, mla_str raw, struct imap_box *out);
void imap_enc_box(struct imap_enc *e, const struct imap_box *box);

/* Ends a constructor: queues when rc is 0, else frees and says in *err why not; why is the text of
 * MLA_E_ARG. rc, or the error of queueing. */
int imap_cmd_queue(struct imap_engine *e, struct imap_cmd *c, int rc, const char *why,
                   uint64_t *out_ticket, mla_error *err);

/* --- commands about a set of messages, c->set --- */

/* Message numbers must be found unchanged; with UIDs the server may tell EXPUNGE meanwhile. */
void imap_cmd_by_seq(struct imap_cmd *c, uint32_t by_seq);
int imap_cmd_is_uid(const struct imap_cmd *c);
/* Takes over which messages: the ranges; saved: what a search saved, and no ranges. 0, MLA_E_ARG,
 * MLA_E_LIMIT, MLA_E_NOMEM. */
int imap_cmd_set(struct imap_cmd *c, const mla_range *ranges, size_t count, uint32_t saved);
/* Reads annotation_args of any size into the arena. 0, MLA_E_ARG, MLA_E_UNSUPPORTED, MLA_E_NOMEM.
 */
int imap_cmd_annotations(struct imap_cmd *c, const mla_imap_annotation_args *in, size_t count,
                         const mla_imap_annotation_args **out);
/* "ANNOTATION (entry (attribute value) ...)" (RFC 5257 section 5, att-annotate). */
void imap_enc_annotations(struct imap_enc *e, const mla_imap_annotation_args *a, size_t count);

/* Writes "UID VERB set" or "VERB set". A long set of UIDs goes out in several commands. */
void imap_cmd_enc_set(struct imap_cmd *c, const char *verb);
/* imap_cmd_def.done: asks for the rest of a set that did not fit into one command. */
int imap_cmd_set_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d);

/* --- what api/ calls: check, copy, queue. 0 and *out_ticket, or the errors of imap.h in *err. The
 * records have the size that this library knows (record_in). --- */

int imap_cmd_authenticate(struct imap_engine *e, const mla_credentials *in, uint64_t *out_ticket,
                          mla_error *err);
int imap_cmd_login(struct imap_engine *e, const mla_imap_login_args *in, uint64_t *out_ticket,
                   mla_error *err);
/* Answers the question for a token; token.ptr NULL: there is none. 0, MLA_E_ARG, MLA_E_STATE,
 * MLA_E_NOMEM. */
int imap_cmd_give_token(struct imap_engine *e, uint64_t ticket, mla_str token, mla_error *err);
/* 1 when a question was told and not answered. */
int imap_cmd_is_asking(const struct imap_engine *e);
int imap_cmd_capability(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_enable(struct imap_engine *e, const mla_str *words, size_t count, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_noop(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_logout(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);

int imap_cmd_select(struct imap_engine *e, const mla_imap_select_args *in, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_close(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_unselect(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
enum { BOX_CREATE = 0, BOX_DELETE = 1, BOX_SUBSCRIBE = 2, BOX_UNSUBSCRIBE = 3 };
int imap_cmd_mailbox(struct imap_engine *e, int what, const mla_imap_mailbox_args *in,
                     uint64_t *out_ticket, mla_error *err);
int imap_cmd_rename(struct imap_engine *e, const mla_imap_rename_args *in, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_list(struct imap_engine *e, int lsub, const mla_imap_list_args *in,
                  uint64_t *out_ticket, mla_error *err);
/* 1 when c is a LIST that did not ask for that mailbox. */
int imap_list_is_surplus(const struct imap_cmd *c, const mla_imap_list *list);
int imap_cmd_status(struct imap_engine *e, const mla_imap_status_args *in, uint64_t *out_ticket,
                    mla_error *err);

int imap_cmd_append(struct imap_engine *e, const mla_imap_append_args *in, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_append_data(struct imap_engine *e, uint64_t ticket, const uint8_t *data, size_t len,
                         size_t *out_used, mla_error *err);

int imap_cmd_fetch(struct imap_engine *e, const mla_imap_fetch_args *in, uint64_t *out_ticket,
                   mla_error *err);
/* 1 when it asked for that section (of whatever message). */
int imap_fetch_wants(const struct imap_cmd *c, const mla_imap_section *section);
/* 0 when both are FETCHes with sections, and an answer could be either's. */
int imap_fetch_told_apart(const struct imap_cmd *a, const struct imap_cmd *b);
int imap_cmd_search(struct imap_engine *e, const mla_imap_search_args *in, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_sort(struct imap_engine *e, const mla_imap_sort_args *in, uint64_t *out_ticket,
                  mla_error *err);
int imap_cmd_thread(struct imap_engine *e, const mla_imap_thread_args *in, uint64_t *out_ticket,
                    mla_error *err);
int imap_cmd_multisearch(struct imap_engine *e, const mla_imap_multisearch_args *in,
                         uint64_t *out_ticket, mla_error *err);
int imap_cmd_cancel_update(struct imap_engine *e, const uint64_t *tickets, size_t count,
                           uint64_t *out_ticket, mla_error *err);
int imap_cmd_uidbatches(struct imap_engine *e, const mla_imap_uidbatches_args *in,
                        uint64_t *out_ticket, mla_error *err);
int imap_cmd_store(struct imap_engine *e, const mla_imap_store_args *in, uint64_t *out_ticket,
                   mla_error *err);
int imap_cmd_copy(struct imap_engine *e, int move, const mla_imap_copy_args *in,
                  uint64_t *out_ticket, mla_error *err);
int imap_cmd_generic(struct imap_engine *e, const mla_imap_command_args *in, uint64_t *out_ticket,
                     mla_error *err);
/* count 0: all that have \Deleted. */
int imap_cmd_expunge(struct imap_engine *e, const mla_range *ranges, size_t count,
                     uint64_t *out_ticket, mla_error *err);
int imap_cmd_expunge_saved(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_idle(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_idle_done(struct imap_engine *e, uint64_t ticket, mla_error *err);
int imap_cmd_notify(struct imap_engine *e, const mla_imap_notify_args *in, uint64_t *out_ticket,
                    mla_error *err);

int imap_cmd_compress(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
/* Puts it in front of all that waits, where the options ask for that. 0 or a fatal error. */
int imap_cmd_compress_first(struct imap_engine *e);

/* The engine's own. */
/* Ends an IDLE that is under way for the time of what is queued behind it. 0 or a fatal error. */
int imap_idle_give_way(struct imap_engine *e);
/* A log-in whose next response takes long to compute (SCRAM with many rounds) goes on with it, a
 * part each time, so that nobody else waits long. 0 or fatal. */
int imap_auth_tick(struct imap_engine *e);
/* 1 while there is one: imap_auth_tick() wants to be called at once. */
int imap_auth_computes(const struct imap_engine *e);
/* What a log-in had to have done first was done (engine.errand). 0 or fatal. */
int imap_auth_errand_done(struct imap_engine *e);
/* Renews an IDLE, or asks whether a server that we only listen to still lives, when it is time. 0
 * or a fatal error. */
int imap_idle_tick(struct imap_engine *e);
/* Asks at once whether the server still lives; the answer is due soon. 0 or a fatal error. */
int imap_idle_probe(struct imap_engine *e);
/* When that will be; UINT64_MAX: never. */
uint64_t imap_idle_wake(const struct imap_engine *e);
/* Sends a NOOP of the engine's own. 0 or a fatal error. */
int imap_cmd_probe(struct imap_engine *e);
/* "* ENABLED" came: 1, or 0 when nobody asked. */
int imap_enabled(struct imap_engine *e, const mla_str *words, size_t count);
/* After the log-in: queues ENABLE IMAP4rev2 in front of all else where the server has both
 * versions. 0 or a fatal error. */
int imap_enable_rev2(struct imap_engine *e);
extern const struct imap_cmd_def imap_def_starttls;
extern const struct imap_cmd_def imap_def_capability;
extern const struct imap_cmd_def imap_def_logout;

/* 1 when a FETCH answer about this message is what the command asked for; uid 0: not known. */
int imap_cmd_asked(const struct imap_engine *e, struct imap_cmd *c, uint32_t seq, uint32_t uid);

#endif
