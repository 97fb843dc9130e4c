/* engine.h - an IMAP conversation without input or output.
 *
 * queue decides what is sent, resp turns octets into records, state applies them to the mailbox;
 * this wires them: whose answer is it, may it come now, what is told to the user. */
#ifndef MLA_IMAP_ENGINE_H
#define MLA_IMAP_ENGINE_H

#include "base/buf.h"
#include "imap/caps.h"
#include "imap/event.h"
#include "imap/queue.h"
#include "imap/reason.h"
#include "imap/resp.h"
#include "imap/state.h"
#include "sasl/mech.h"
#include "wire/engine.h"
#include "wire/literal.h"

/* What engines are made with: borrowed for as long as they live, so many can share one. */
struct imap_opts {
    size_t in_first;        /* capacity of the receive buffer to begin with */
    size_t response_max;    /* MLA_LIMIT_RESPONSE */
    size_t inline_max;      /* MLA_LIMIT_INLINE */
    size_t queue_max;       /* MLA_LIMIT_QUEUE */
    size_t words_max;       /* MLA_LIMIT_CAPABILITIES */
    size_t event_max;       /* MLA_LIMIT_EVENT */
    unsigned depth_max;     /* MLA_LIMIT_DEPTH */
    uint64_t idle_ms;       /* how long to idle before it is renewed; 0: for ever */
    uint64_t quiet_ms;      /* so much silence while idling, and it is probed; 0: never */
    uint64_t probe_ms;      /* how long a probe's answer may take; 0: as any answer */
    int cleartext;          /* passwords may be sent without TLS */
    int stay_rev1;          /* IMAP4rev2 is not enabled by itself */
    int compress;           /* COMPRESS after the log-in, where it is announced */
    const char *mechanisms; /* NULL: the strongest */
    int auth_min;           /* MLA_STRENGTH_*: no weaker one */
    const char *tag_prefix; /* NULL: letters that cannot be guessed (T10) */
    struct pace_limits pace;
    struct shared *shared; /* for what servers say to many sessions; NULL: it is not shared */
};

enum {
    IMAP_PHASE_NEW = 0,      /* not connected */
    IMAP_PHASE_GREETING = 1, /* the greeting is due */
    IMAP_PHASE_STARTTLS = 2, /* STARTTLS was sent or will be */
    IMAP_PHASE_TLS = 3,      /* TLS is being set up: nothing is read or written */
    IMAP_PHASE_RUN = 4,
    IMAP_PHASE_OVER = 5,    /* LOGOUT was answered */
    IMAP_PHASE_COMPRESS = 6 /* DEFLATE is being set up: nothing is read or written */
};

/* The same numbers as MLA_SECURITY_*. */
enum { IMAP_SECURITY_TLS = 0, IMAP_SECURITY_STARTTLS = 1, IMAP_SECURITY_NONE = 2 };

/* How ev was made, for taking it: see event.c. */
enum { IMAP_EV_SYNTH = 0, IMAP_EV_PARSED = 1, IMAP_EV_BATCH = 2, IMAP_EV_HEAD = 3, IMAP_EV_CHUNK };

enum { IMAP_FAILURES = 256, IMAP_FAILURES_FIRST = 4, IMAP_TAG_PREFIX = 8, IMAP_BATCH = 65536 };

/* What of LIST-EXTENDED the server announces and refuses: not tried again in this session. */
enum { LIST_NO_EXTENDED = 1, LIST_NO_SPECIAL_USE = 2 };

/* What reading needs and nobody else: made when octets come, and given back when all is quiet. */
struct imap_work {
    struct literal frame;
    struct imap_resp_opts resp_opts; /* imap_engine_resp_opts() */
    struct buf assembly;             /* a response whose large sections are taken out */
    struct buf cuts;                 /* struct imap_cut */
    struct imap_flagtexts flagtexts;
    struct imap_batch batch;
    struct imap_batch ev_batch; /* before the event's batch */
    uint8_t warn_raw[1024];
    char bye_text[160]; /* what BYE said; there is no rest behind it */
};

struct imap_failure {
    uint64_t ticket;
    int error;
};

struct imap_engine {
    struct engine port;
    const struct imap_opts *opts;
    int phase;
    int state;                     /* IMAP_STATE_* */
    int tls;                       /* octets go through TLS */
    int verified;                  /* ... to a server whose certificate is good */
    int compressed;                /* ... and through DEFLATE above that */
    struct sasl_bindings bindings; /* of this TLS connection */
    int is_cyrus;                  /* sasl_bindings_known() */
    int layer_due;                 /* COMPRESS is under way: its OK may be in what comes next */
    int eof;                       /* 1: the peer closed in order; -1: it did not */
    int bye;                       /* BYE was said ... */
    int broken;        /* we ended the session ourselves: what is in the buffer makes no sense */
    uint32_t security; /* MLA_SECURITY_* */
    const char *host;
    uint32_t port_number;
    const char *auth_name;
    struct sasl_token *token; /* asked for, or refused, in the last log-in; NULL: none was */
    struct imap_reason said;  /* by words that no command has used up yet */

    uint64_t next_ticket;
    uint64_t connect_ticket;
    int connect_open;
    int connect_done; /* its DONE is due */
    /* Tickets that ended with an error, the newest last written; all others that ended, ended well.
     * Older ones than known_from are not known any more. */
    struct imap_failure *failures;
    struct imap_failure first_failures[IMAP_FAILURES_FIRST];
    size_t failure_room;
    size_t failure_at;
    uint64_t known_from;

    char tag_prefix[IMAP_TAG_PREFIX];
    uint64_t next_tag;
    struct imap_queue queue;
    struct imap_caps caps;
    int caps_fresh; /* they came since the log-in began */
    int setup_due;  /* just logged in: IMAP4rev2 may have to be enabled */
    int maybe_rev2; /* it was announced before the log-in: worth a question */
    struct imap_state box;
    int notify_on;              /* the server tells by itself (RFC 5465) ... */
    int notify_expunges;        /* ... that messages are gone, too, at any time */
    int probing;                /* the server was asked whether it lives ... */
    uint64_t probe_at_ms;       /* ... then */
    uint64_t probe_silent_ms;   /* ... when it had been silent for so long */
    uint64_t probe_octets;      /* ... and so many octets had come */
    struct imap_cmd *selecting; /* SELECT under way */
    uint32_t list_refused;      /* LIST_NO_* */

    /* reading */
    struct imap_work *work; /* NULL: nothing was read since the session rested */
    int framed;             /* the whole response is there */
    int no_batch;           /* the response under way is none that comes in batches */
    int assembly_used;      /* ev points into work->assembly */
    uint64_t response_at;   /* offset in the stream of the response under way */
    uint64_t section_left;
    uint64_t section_at;
    int in_section;
    int discards;       /* the section is not for us */
    int warn_discarded; /* MLA_IMAP_WARN_* for it */
    uint64_t section_ticket;
    uint64_t sent_seen; /* outq.sent when last looked at */

    struct mla_imap_event ev;
    int has_event;
    int ev_how; /* IMAP_EV_* */
    int ev_tls;
    int ev_complete;  /* of a batch */
    uint64_t ev_size; /* of a section head */
    /* room for what the engine says itself: it needs no memory */
    mla_imap_done done;
    char
        *done_text; /* a command's message, where that is the text of done; NULL: it is another's */
    mla_imap_warning warning;
    int warn; /* a warning is due: MLA_IMAP_WARN_* */
    uint64_t warn_offset;
    size_t warn_len; /* octets of work->warn_raw */
};

/* 0, or MLA_E_NOMEM or MLA_E_INTERNAL with nothing to free. */
int imap_engine_init(struct imap_engine *e, const struct mem *mem, const struct imap_opts *opts);
void imap_engine_free(struct imap_engine *e);

/* The connection is being started: security is MLA_SECURITY_*; host is borrowed. */
int imap_engine_start(struct imap_engine *e, uint32_t security, const char *host, uint32_t port,
                      uint64_t *out_ticket);
/* The next event: 1; 0: none without more octets; the error when the session is dead and every
 * event was given. */
int imap_engine_next(struct imap_engine *e, const struct mla_imap_event **out_ev);
/* After next() has said 0: makes an event that is not the protocol's, e->ev. It lives until the
 * next call of next(); record must, too. */
void imap_engine_tell(struct imap_engine *e, int32_t type, uint64_t ticket, const void *record);
/* 1: the ticket is over, with *out_result; 0: open; MLA_E_ARG: never given out, or forgotten. */
int imap_engine_result(const struct imap_engine *e, uint64_t ticket, int *out_result);
/* 1 when a ticket other than this one is open. */
int imap_engine_others(const struct imap_engine *e, uint64_t ticket);

/* A copy of the present event that shares nothing with the engine, in one block of memory and its
 * arena. 0, MLA_E_STATE, MLA_E_NOMEM. */
int imap_event_take(struct imap_engine *e, struct mla_imap_event **out_ev);
void imap_event_free(struct mla_imap_event *ev);

/* --- for cmd_*.c and queue.c --- */

/* Queues c, which is freed when that fails. 0 and *out_ticket; MLA_E_STATE, MLA_E_LIMIT. */
int imap_engine_queue(struct imap_engine *e, struct imap_cmd *c, uint64_t *out_ticket,
                      mla_error *err);
/* Reads from the buffer: 1: e->ev is to be told; 0: more octets are needed; 2: something moved,
 * call again; or a fatal error. */
enum { IMAP_READ_MORE = 0, IMAP_READ_EVENT = 1, IMAP_READ_ON = 2 };
int imap_read(struct imap_engine *e);
/* A question is answered: goes on sending. */
void imap_engine_go_on(struct imap_engine *e);
/* Ends the session; returns the code. */
int imap_engine_fatal(struct imap_engine *e, int code, const char *why);
/* Makes e->work. 0 or MLA_E_NOMEM. */
int imap_engine_wake(struct imap_engine *e);
/* The options that responses are parsed with now; they hold until something changes. There is work.
 */
const struct imap_resp_opts *imap_engine_resp_opts(struct imap_engine *e);

#endif
