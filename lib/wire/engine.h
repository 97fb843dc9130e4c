/* engine.h - the port between a protocol engine and whatever moves its octets.
 *
 * An engine does no I/O and reads no clock. Octets go into engine.in, come out of engine.out, time
 * comes by tick(). Parsing is by pull: octets wait in engine.in until the engine's own next()
 * function is called (imap_engine_next, pop3_engine_next), so a slow consumer stops the reading and
 * TCP slows the server down; nothing is queued without bound. */
#ifndef MLA_WIRE_ENGINE_H
#define MLA_WIRE_ENGINE_H

#include "base/errand.h"
#include "mailaccess/types.h"
#include "wire/inbuf.h"
#include "wire/mask.h"
#include "wire/outq.h"
#include "wire/pace.h"
#include "wire/trace.h"

struct engine;

enum {
    ENGINE_READ = 1,     /* more octets are welcome */
    ENGINE_TLS = 2,      /* start TLS now: nothing else is read or written before it is up */
    ENGINE_COMPRESS = 4, /* start DEFLATE now, both ways */
    ENGINE_CLOSE = 8,    /* the conversation is over: close the connection */
    ENGINE_LAYER = 16    /* the answer that starts DEFLATE may be in what comes next: octets behind
                          * its line belong to the new layer and not into engine.in */
};

/* What the layer below found out about TLS. */
struct engine_tls {
    int verified;        /* chain and name were checked and are good */
    const char *version; /* "TLSv1.2"; owned by the layer below, lives as long as the connection */
    const char *cipher;
    int resumed; /* the handshake took up an earlier session */
    /* What ties a log-in to the connection (RFC 5929 sections 3 and 4; RFC 9266); no octets: there
     * is no such thing. They live as long as the connection. */
    const uint8_t *end_point;
    size_t end_point_len;
    const uint8_t *exporter;
    size_t exporter_len;
    const uint8_t *unique;
    size_t unique_len;
    const char *alpn; /* "imap"; "" where nothing was agreed on; NULL: not known. Lives for ever */
};

struct engine_ops {
    /* The connection stands (implicit TLS included, after tls_up): the greeting is due. */
    int (*connected)(struct engine *e);
    /* The peer closed. clean: with close_notify, or without TLS by FIN. Answers that are complete
     * in engine.in stay readable. 0, or the error that the session ends with. */
    int (*eof)(struct engine *e, int clean);
    /* ENGINE_* bits. */
    uint32_t (*wants)(const struct engine *e);
    /* TLS is up. Everything learned before it is forgotten. 0 or a fatal error. */
    int (*tls_up)(struct engine *e, const struct engine_tls *facts);
    /* DEFLATE is up. */
    int (*compress_up)(struct engine *e);
    /* Called by engine_tick() after the deadlines were checked; may be NULL. */
    int (*tick)(struct engine *e);
    /* Called by engine_rest(); may be NULL. */
    void (*rest)(struct engine *e);
    /* The errand in engine.errand was done. 0 or a fatal error. NULL: it never has one. */
    int (*errand_done)(struct engine *e);
};

struct engine {
    const struct engine_ops *ops;
    const struct mem *mem;
    struct inbuf in;
    struct outq out;
    struct pace pace;
    uint64_t now_ms;     /* the time of the last tick */
    uint64_t wake_ms;    /* when ops->tick wants to be called; UINT64_MAX: never */
    int dead;            /* the error that the session ended with, 0: none */
    mla_error why;       /* it was dead of this; before that, why the last call failed */
    struct mask mask;    /* the secrets of this session */
    struct trace *trace; /* NULL: nobody looks on */
    /* What the driver is to have done on another thread before the engine can go on, and since
     * when; NULL: nothing. The engine has a share in it. */
    struct errand *errand;
    uint64_t errand_ms;
};

/* ops, mem and limits are borrowed for as long as it lives. */
void engine_init(struct engine *e, const struct engine_ops *ops, const struct mem *mem,
                 size_t in_first, size_t in_max, size_t out_max, const struct pace_limits *limits);
/* Time passes; 0, or the fatal error in e->why (a deadline). */
int engine_tick(struct engine *e, uint64_t now_ms);
/* 1 when a deadline has passed so long ago that nobody can have waited for it: the machine slept,
 * or the program did. What came meanwhile is then to be read before the server is blamed. */
int engine_overslept(const struct engine *e, uint64_t now_ms);
/* When engine_tick() wants to be called at the latest; UINT64_MAX when never. */
uint64_t engine_deadline(const struct engine *e);
/* Where the next octets go: inbuf_room(), with as much as what is due may need. */
int engine_room(struct engine *e, uint8_t **out_p, size_t *out_n);
/* Octets were put into e->in. */
void engine_got(struct engine *e, size_t n);
/* The parser has looked at everything that was received and needs more. The time since the last
 * octet was the consumer's, not the server's, and counts for no deadline. */
void engine_drained(struct engine *e, uint64_t now_ms);
/* Ends the session with the error of the layer below (or of the engine itself); the first one wins.
 * Returns the code that stands. */
int engine_dead(struct engine *e, const mla_error *err);
/* Hands x to the driver, in the place of an earlier one; NULL: nothing is to be done any more. */
void engine_errand(struct engine *e, struct errand *x);
/* When the time for it is over; UINT64_MAX: there is none, or no limit. */
uint64_t engine_errand_deadline(const struct engine *e);
/* Looks for this secret from now on, in whatever is told to anybody. 0 or MLA_E_NOMEM. */
int engine_knows(struct engine *e, const void *secret, size_t len);
/* Adds octets to e->out that are a secret, and looks for them as well. As outq_add_secret(). */
int engine_secret(struct engine *e, const void *secret, size_t len);
/* Makes the secrets in a text of the server's unreadable, where it is; for what is for people, not
 * for what is parsed. */
void engine_hide(const struct engine *e, mla_str text);
/* Nothing is held and no answer is due: gives back what is only room to work in. A session that
 * waits for news for days is most of the time so; what it needs is made again when something comes.
 */
void engine_rest(struct engine *e);
/* 1 when it would. */
int engine_rests(const struct engine *e);
void engine_free(struct engine *e);

#endif
