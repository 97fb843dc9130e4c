/* inside.h - what the files of the engine share: engine (life and port), send (what may be sent),
 * answer (octets to events), auth (the log-in). */
#ifndef MLA_POP3_INSIDE_H
#define MLA_POP3_INSIDE_H

#include "pop3/caps.h"
#include "pop3/cmd.h"
#include "pop3/engine.h"
#include "pop3/reply.h"
#include "sasl/choose.h"
#include "sasl/mech.h"
#include "wire/dotline.h"

enum {
    POP3_ITEMS = 256,    /* lines in one event */
    POP3_FLIGHT = 4096,  /* octets of commands without an answer: fits any send buffer, so that
                            neither side can block while both write (RFC 2449 section 6.6) */
    POP3_RESULTS = 1024, /* failed tickets that are remembered */
    POP3_OUT_MAX = 1048576
};

/* How far the connection is. */
enum {
    LINK_GREETING = 0,
    LINK_GREETED,   /* STLS is to be sent */
    LINK_STLS,      /* it was sent */
    LINK_HANDSHAKE, /* TLS is wanted */
    LINK_UP,        /* the connect ticket is to be ended */
    LINK_DONE
};

/* How far the log-in is. */
enum {
    AUTH_CAPA = 1,
    AUTH_USER,
    AUTH_BOTH,    /* USER and PASS were sent: the answer to USER is next */
    AUTH_NO_USER, /* ... and was -ERR: that to PASS is next */
    AUTH_LAST,    /* PASS or APOP was sent: the answer decides */
    AUTH_SASL,
    AUTH_CANCEL, /* "*" was sent */
    AUTH_AGAIN,  /* another mechanism is to be tried */
    AUTH_ASK,    /* a token is to be asked for */
    AUTH_ASKED,  /* ... and to be waited for */
    AUTH_FIRST   /* an errand is under way for the initial response: nothing was sent */
};

struct pop3_auth {
    int stage;
    const struct sasl_mech *mech;
    struct sasl sasl;
    struct buf held; /* the first response, which does not fit the line of AUTH */
    int is_held;
    int computes; /* the next response takes long: see pop3_auth_tick() */
    struct sasl_peer peer;
    struct sasl_tried tried;
    uint32_t asked;    /* how often for a token */
    int token_refused; /* ... since the last one was */
    mla_error why;
};

struct pop3_reason {
    uint32_t reason;  /* MLA_REASON_* */
    uint32_t wait_ms; /* 0: nothing was said */
};

struct pop3_failed {
    uint64_t ticket;
    int error;
};

/* One line of the input; ptr and len leave out its end. */
struct pop3_line {
    const uint8_t *ptr;
    size_t len;
    size_t total;
    int bare; /* ended in a bare LF */
};

struct pop3_engine {
    struct engine port; /* the first member: ops get a pointer to it */
    struct pop3_config cfg;
    uint32_t security;
    const char *host;
    uint32_t host_port;
    int state;     /* POP3_* */
    int predicted; /* ... that will hold when a command queued now has its turn */
    int link;
    int tls;
    int verified;
    struct sasl_bindings bindings; /* of this TLS connection */
    int is_cyrus;                  /* sasl_bindings_known() */
    int stopped; /* nothing is read any more: the open tickets end, one after the other */

    struct pop3_queue queue;
    struct pop3_cmd *waiting; /* the first one that was not looked at */
    size_t in_flight;
    size_t flight_octets;
    int barrier; /* what is in flight must be answered first */
    uint64_t last_ticket;
    struct pop3_failed failed[POP3_RESULTS];
    size_t failed_count;  /* ever */
    uint64_t failed_lost; /* of tickets up to this one failures may be forgotten */

    struct pop3_caps caps;
    struct pop3_caps caps_next;
    int no_uidl; /* it was tried, and is not there */
    int no_top;
    int uidl_works; /* it was answered with +OK */
    int top_works;
    int utf8;                /* UTF-8 mode is on (RFC 6856 section 2.1) */
    size_t deleted;          /* DELEs sent and not refused since the last RSET */
    struct buf stamp;        /* of the greeting */
    struct buf status;       /* text of the status line of an answer with a body */
    struct pop3_line line;   /* the status line read last */
    struct pop3_reply reply; /* ... and what it says */
    mla_error last_words;    /* what the server said with its last -ERR, made visible */
    struct pop3_reason said; /* ... and why that was, where it ended the session with it */

    int unasked;    /* the line at the front of the input was not asked for */
    int valued;     /* the value of a status line was given, DONE is next */
    uint64_t ended; /* commands taken off the queue */
    enum pop3_body body;
    struct dotline dot;
    uint64_t body_offset;
    uint64_t listed;
    size_t scanned; /* octets of the input known to have no line end */
    mla_pop3_item *items;

    struct pop3_auth auth;
    struct sasl_token token; /* asked for, or refused, in the last log-in */
    const char *auth_name;   /* the mechanism that succeeded; NULL: none yet */
    struct mla_pop3_event ev;
    mla_error text; /* words of ours that an event points to */
};

/* engine.c */

/* Kills the session: no more is read. Returns code. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
int pop3_fatal(struct pop3_engine *e, int code, const char *fmt, ...);
/* Ends the first command of the queue by the DONE event in e->ev, whose error and text are set
 * here; the rest of e->ev.done was filled by the caller or is zero. Returns 1. */
int pop3_end(struct pop3_engine *e, int error, mla_str text);

/* send.c */

/* Sends whatever may be sent now. 0 or fatal. */
int pop3_pump(struct pop3_engine *e);
/* Octets of the command under way were written: its answer is due. rc is what outq said. */
int pop3_wrote(struct pop3_engine *e, struct pop3_cmd *cmd, int rc);
/* Asks for the capabilities, in front of what waits, without anybody hearing of it. 0 or fatal. */
int pop3_ask_capabilities(struct pop3_engine *e);
/* Some -ERR or +OK decided that this command failed or not: what the state will be. */
void pop3_predict(struct pop3_engine *e);

/* reason.c */

/* when: REASON_*. */
struct pop3_reason pop3_reason_of(const struct pop3_reply *r, unsigned when);
/* e->reply refuses: fills reason and wait of the DONE event. error, or MLA_E_THROTTLED where
 * waiting helps. */
int pop3_reason_note(struct pop3_engine *e, int logging_in, int error);

/* auth.c: each 0 to go on, 1 with an event in e->ev, or fatal */

int pop3_auth_begin(struct pop3_engine *e, struct pop3_cmd *cmd);
int pop3_auth_answer(struct pop3_engine *e, struct pop3_cmd *cmd);
/* The capabilities that it asked for are there. */
int pop3_auth_capa(struct pop3_engine *e, struct pop3_cmd *cmd);
/* Goes on where an event came in between. */
int pop3_auth_again(struct pop3_engine *e, struct pop3_cmd *cmd);
void pop3_auth_end(struct pop3_engine *e);
/* Goes on with a response that takes long to compute, where there is one. 0 or fatal. */
int pop3_auth_tick(struct pop3_engine *e);
/* What the log-in had to have done first was done (engine.errand). 0 or fatal. */
int pop3_auth_errand_done(struct pop3_engine *e);
/* The event that asks for a token. 1. */
int pop3_auth_ask(struct pop3_engine *e, struct pop3_cmd *cmd);

/* answer.c */

/* Reads what there is: 1 with e->ev, 0 when more is needed, or fatal. */
int pop3_read(struct pop3_engine *e);

#endif
