/* session_api.h - what IMAP and POP3 handles share: the driver, the blocking loop, errors.
 *
 * How a protocol's api file (imap_api.c, pop3_api.c) uses it:
 *
 *   struct mla_imap {
 *       struct mla_session session;   // mla_imap_session() hands out &s->session
 *       struct imap_engine *engine;   // its struct engine is what session_init() gets
 *   };
 *
 *   new:   config_hold(cfg, &held)                     freezes cfg and takes a reference
 *          mem_zero(&held->mem, sizeof *s), the engine made with &held->mem, SESSION_IN_FIRST,
 *          held->limits[MLA_LIMIT_*] and session_pace(held, &limits)
 *          session_init(&s->session, held, &imap_protocol, s, &engine->port)
 *          on failure: free what there is, config_drop(held) last
 *   free:  held = s->session.cfg; session_free(&s->session); free the engine;
 *          mem_free(&held->mem, s); config_drop(held) - last, since the memory is its
 *   next:  session_next(&s->session, &ev)
 *   step:  session_step(&s->session, ticket, timeout_ms, &ev)
 *   finish: session_finish(&s->session, ticket, timeout_ms, &done)
 *   a command: session_begin(&s->session) gives the place for its error; then
 *          return session_done(&s->session, rc), where rc is what the engine's function returned.
 *
 * Everything in mailaccess/session.h is done here for both. The engine must keep three rules:
 *   - next() goes on delivering what is complete in engine.in after engine.dead was set by the
 *     layer below, then a DONE with that error for each open ticket, and only then returns the
 *     error.
 *   - result() says that a ticket is over only once its DONE came out of next().
 *   - the connect ticket is over when the greeting was read and, with MLA_SECURITY_STARTTLS, TLS is
 *     up and the capabilities behind it are known as far as the protocol wants them. */
#ifndef MLA_API_SESSION_API_H
#define MLA_API_SESSION_API_H

#include "api/config_api.h"
#include "api/trace_file.h"
#include "conn/errands.h"
#include "mailaccess/certificate_types.h"
#include "mailaccess/session.h"
#include "mailaccess/token_types.h"
#include "wire/engine.h"

struct chain;
struct conn;
struct wake;

/* Capacity of an engine's receive buffer to begin with. */
enum { SESSION_IN_FIRST = 131072 };

/* What the engine is told when the connection is started. */
struct session_start {
    uint32_t security; /* MLA_SECURITY_* */
    const char *host;  /* lives as long as the session */
    uint32_t port;
};

/* What a protocol's api file provides. handle is the one given to session_init(). */
struct session_protocol {
    uint16_t port_tls;   /* 993, 995 */
    uint16_t port_plain; /* 143, 110 */
    const char *alpn;    /* "imap", "pop3" */
    /* The caller asked to connect, once in a session's life: make the ticket. Nothing may be sent
     * before engine_ops.connected(). 0 and *out_ticket, or an error. */
    int (*start)(void *handle, const struct session_start *how, uint64_t *out_ticket);
    /* The next event: 1; 0 when more octets are needed; the fatal error when the session is dead
     * and every event was given. The event lives until the next call. */
    int (*next)(void *handle, const void **out_ev);
    /* 1: the ticket is over, *out_result is 0 or its error; 0: still open; MLA_E_ARG: never given
     * out. */
    int (*result)(const void *handle, uint64_t ticket, int *out_result);
    /* 1 when ev is a DONE, else 0; *out_ticket is whose event it is, 0 for nobody's. */
    int (*about)(const void *ev, uint64_t *out_ticket);
    /* How the command of a DONE ended: its error (0: well, or ev is no DONE), and whose words
     * *out_text are: *out_status is 0 when they are the library's, not the server's. */
    int (*ended)(const void *ev, mla_str *out_text, uint32_t *out_status);
    /* 1 when a ticket other than this one is open. */
    int (*others)(const void *handle, uint64_t ticket);
    /* Makes the event that asks about the server's certificate, after next() has said 0; it lives
     * until the next call of that. */
    void (*ask)(void *handle, uint64_t ticket, const mla_certificate_chain *what,
                const void **out_ev);
    /* token.h: 1 when a token is asked for; the answer, or an error in *err; the last refusal. */
    int (*is_asking)(const void *handle);
    int (*give_token)(void *handle, uint64_t ticket, mla_str token, mla_error *err);
    const mla_token_info *(*token_refused)(const void *handle);
};

/* Of the last command that failed. */
struct session_story {
    mla_error failure;
    char cause[224]; /* of the last that failed by itself, not for an earlier one's sake */
};

struct mla_session {
    struct trace_writer trace_writer; /* where the configuration has a file for it */
    const struct session_protocol *protocol;
    void *handle;
    struct engine *engine;
    mla_config *cfg;        /* held; the caller of session_free() drops it */
    struct conn *conn;      /* NULL before connect() and with attach() */
    struct errands errands; /* of the engine of an attached session */
    struct wake *wake;      /* interrupts */
    char *host;
    char *address; /* the caller's, in place of resolving host; or NULL */
    uint32_t port;
    uint32_t security;
    int mode;                /* SESSION_* */
    int ticked;              /* attach(): the caller told the time once */
    int tls;                 /* octets go through TLS */
    int compressed;          /* ... and through DEFLATE */
    int verified;            /* ... whose certificate was verified */
    const char *tls_version; /* never NULL */
    const char *tls_cipher;
    const char *tls_alpn;
    struct chain *question;      /* about the server's certificate; NULL: none */
    int question_told;           /* its event came out */
    uint64_t question_ms;        /* when it was asked; while it is open no limit runs */
    struct chain *shown;         /* what mla_session_certificates() gave last */
    uint64_t connect_ticket;     /* 0 before connect() */
    uint64_t connect_by_ms;      /* until when it must be over; UINT64_MAX: no limit */
    int connect_late;            /* ... which has passed while octets waited for the consumer */
    struct session_story *story; /* NULL: no command failed, or memory was short */
    int calling;                 /* a function of the caller's runs, see session_inside() */
    void (*drop)(void *whom);    /* the handle was freed meanwhile: how, once nothing uses it */
    void *dropped;
};

enum { SESSION_NEW = 0, SESSION_CONNECTED = 1, SESSION_ATTACHED = 2 };

/* Fills ss. Takes over the reference that cfg is. 0, or MLA_E_NOMEM and nothing to free. */
int session_init(struct mla_session *ss, mla_config *cfg, const struct session_protocol *protocol,
                 void *handle, struct engine *engine);
/* Closes the connection at once, wipes and frees what the session holds. Neither the engine nor
 * cfg: see above. */
void session_free(struct mla_session *ss);

/* A call begins: forgets the last failed one's error and gives the place for this one's. */
mla_error *session_begin(struct mla_session *ss);
/* A call ends with rc: sees to it that mla_session_error() has something to say when rc < 0.
 * Returns rc. */
int session_done(struct mla_session *ss, int rc);

/* The engine's limits on time, from the configuration. */
void session_pace(const mla_config *cfg, struct pace_limits *out);

/* 1 inside the caller's own functions that this session calls, the trace or a collector's store,
 * and inside any function of an allocator: what would change the session is refused then, at once,
 * with MLA_E_STATE and nothing else; mla_session_error() stays as it is. Public functions ask;
 * those below do not. */
int session_inside(const struct mla_session *ss);
/* The handle is to be freed: 1 when that is not possible now. Inside a function that the session
 * calls, drop(whom) is then done by session_leave(), and nobody is called any more until then;
 * inside an allocator's the handle stays. */
int session_put_off(struct mla_session *ss, void (*drop)(void *whom), void *whom);
/* The last thing that a public function does that may have called the caller's: frees what was to
 * be freed and returns MLA_E_CLOSED; else returns rc. */
int session_leave(struct mla_session *ss, int rc);
/* mla_session_process() without session_leave(). */
int session_process(struct mla_session *ss);

/* The next event without waiting: 1; 0 for none now; the fatal error when the session is dead and
 * nothing is left to read. */
int session_next(struct mla_session *ss, const void **out_ev);
/* What session_next() does behind the protocol's next(), for who has called that directly: a DONE
 * came; or no event, and rc is what next() said: returns what session_next() does, which may be an
 * event of the session's own. */
void session_told_done(struct mla_session *ss, const void *ev);
int session_no_event(struct mla_session *ss, int rc, const void **out_ev);
/* 1 and an event, anybody's, in the order of the wire; 0 or its error when the ticket is over, at
 * once; the fatal error when the session is dead and no event is left; MLA_E_TIMEOUT when
 * timeout_ms are over (-1: no limit of the wait's own), MLA_E_CANCELLED after an interrupt - the
 * command goes on after both. ticket 0: any event. After attach() it never waits: MLA_E_TIMEOUT
 * when there is nothing to read. */
int session_step(struct mla_session *ss, uint64_t ticket, int32_t timeout_ms, const void **out_ev);
/* Steps to the end of the ticket and drops the events in between; timeout_ms is for all of it,
 * however much comes. 0 or its error, as session_step(): *out_ev is then the DONE event, or NULL
 * when that came out before. MLA_E_BUSY: another ticket is open. */
int session_finish(struct mla_session *ss, uint64_t ticket, int32_t timeout_ms,
                   const void **out_ev);

#endif
