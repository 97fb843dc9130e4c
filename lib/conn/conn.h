/* conn.h - moves octets between a stream and an engine, changes layers, keeps time. */
#ifndef MLA_CONN_CONN_H
#define MLA_CONN_CONN_H

#include "mailaccess/types.h"
#include "net/stream.h"
#include "net/tcp.h"
#include "net/tls.h"
#include "wire/engine.h"

struct conn;

struct conn_proxy {
    const char *host; /* of the proxy; ASCII, for the resolver */
    uint32_t port;
    int kind;             /* PROXY_* */
    const char *user;     /* or NULL */
    const char *password; /* or NULL */
};

struct conn_options {
    const char *host; /* ASCII, for the resolver */
    uint32_t port;
    int tls_first;                  /* TLS from the first octet */
    const struct tls_options *tls;  /* copied; what it points to must outlive the connection. NULL:
                                     * there is none to be */
    const struct conn_proxy *proxy; /* NULL: none; lives until the connection stands */
    uint64_t write_ms;              /* how long the peer may take nothing; 0: no limit */
    struct tcp_alive alive;         /* what the system does to notice a dead connection */
};

/* Begin to connect, or take over a connected socket (which stays the caller's on failure). Nothing
 * waits. 0 or the error. */
int conn_open(struct conn **out, struct engine *e, const struct conn_options *o, mla_error *err);
int conn_adopt(struct conn **out, struct engine *e, int fd, const struct conn_options *o,
               mla_error *err);
/* Gives the descriptor of conn_adopt() back to whoever gave it, for a start that failed. NULL is
 * accepted. */
void conn_release(struct conn *c);
/* Closes at once; what is left can still be asked, and freed. The trace is ended. NULL is accepted.
 */
void conn_shut(struct conn *c);
/* The same; but the descriptor that a caller may watch still is left open, for whoever called this
 * to close. -1: there is none. */
int conn_leave(struct conn *c);
/* As conn_shut(), and frees. NULL is accepted. */
void conn_free(struct conn *c);

/* One turn: time, writing, the change of layers, reading until that would block or the parser has
 * enough to do, writing again. 1: something moved; 0: nothing; or the error that killed the engine.
 */
int conn_process(struct conn *c, uint64_t now_ms);
/* The descriptor to watch, -1 for none. */
int conn_fd(const struct conn *c);
/* STREAM_* bits: for what; STREAM_NOW: call conn_process() without waiting. */
uint32_t conn_wants(const struct conn *c);
/* When conn_process() wants to be called at the latest; UINT64_MAX when never. */
uint64_t conn_deadline(const struct conn *c);
/* 1 when the conversation is over and the connection closed. */
int conn_closed(const struct conn *c);
/* What the connection is about until it stands: "connecting to NAME port N", else "". */
const char *conn_stage(const struct conn *c);
/* All that was received is read. Shows what was still to be shown, then engine_rest(); and what
 * DEFLATE holds is given back, at once or when it was silent for a while (conn_deadline()). */
void conn_rest(struct conn *c);
/* 1 when the octets go through DEFLATE. */
int conn_compressed(const struct conn *c);
/* 1 when TLS waits for somebody to say whether the server's certificate is good enough: nothing
 * moves and no time runs before conn_answer(). Its refusal ends the session with MLA_E_CERT, which
 * it returns; else 0. */
int conn_asks(const struct conn *c);
int conn_answer(struct conn *c, int accept, uint64_t now_ms);
/* The TLS layer once its handshake is over, or NULL. */
struct stream *conn_tls_layer(const struct conn *c);
/* The TLS that is up, or NULL. */
const struct engine_tls *conn_tls(const struct conn *c);

#endif
