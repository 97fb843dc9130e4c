/* session.h - the connection under an IMAP or POP3 handle: fd, wants, timeout, process.
 *
 * Three ways to drive it, with the same commands and events:
 *   1. Blocking: mla_session_connect(), commands, mla_imap_step() or mla_pop3_step().
 *   2. In an event loop: watch mla_session_fd() for mla_session_wants(), wake up after
 *      mla_session_timeout_ms(), then call mla_session_process() and mla_imap_next() until it
 *      returns 0. Ask for fd, wants and timeout anew each time: all three change.
 *   3. With I/O of your own: mla_session_attach(), then feed, output, sent, tick, eof, tls_up.
 *
 * A session belongs to its mla_imap or mla_pop3 and dies with it. One thread at a time may use the
 * handle; mla_session_interrupt() alone may be called from any thread. */
#ifndef MAILACCESS_SESSION_H
#define MAILACCESS_SESSION_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_session mla_session;

/* How the connection is protected. There is no "if possible": what is asked for is had, or the
 * session ends with MLA_E_INSECURE before anything secret is sent (RFC 8314). */
enum {
    MLA_SECURITY_TLS = 0,      /* TLS from the first octet: ports 993, 995 */
    MLA_SECURITY_STARTTLS = 1, /* STARTTLS or STLS, required: ports 143, 110 */
    MLA_SECURITY_NONE = 2      /* no protection */
};

typedef struct mla_connect_args {
    uint32_t struct_size; /* sizeof(mla_connect_args) in the caller's header */
    uint32_t security;    /* MLA_SECURITY_* */
    const char *host;     /* UTF-8 name or IP address; also what the certificate must be for */
    uint32_t port;        /* 0: the protocol's port for that security */
    uint32_t reserved;    /* 0 */
    const char *address;  /* NULL: the system resolves host; else connect to this IP address, that
                             you have found yourself, where host is still whom the certificate must
                             be for. A proxy is asked for it in host's place. connect() only */
} mla_connect_args;

/* Starts to connect and returns at once; *out_ticket is done when the greeting was read and TLS is
 * up. Addresses of both families are tried in the way of RFC 8305. The record and its strings are
 * copied. 0, MLA_E_ARG, MLA_E_STATE (called before), MLA_E_NOMEM. Resolving a name: the blocking
 * calls wait for it; process() never does, a thread resolves and the descriptor becomes readable.
 */
MLA_API int mla_session_connect(mla_session *ss, const mla_connect_args *args,
                                uint64_t *out_ticket);

/* The same over a connected stream socket of the caller's (a tunnel, a Unix socket). It becomes
 * non-blocking and the session's own, closed with it; on failure it stays the caller's. args->host
 * names whom the certificate must be for; port is ignored. */
MLA_API int mla_session_adopt_fd(mla_session *ss, int32_t fd, const mla_connect_args *args,
                                 uint64_t *out_ticket);

/* The same without any I/O of the library's: the caller moves the octets with the functions at the
 * end of this file. */
MLA_API int mla_session_attach(mla_session *ss, const mla_connect_args *args, uint64_t *out_ticket);

enum {
    MLA_WANT_READ = 1,  /* call process() when the descriptor is readable */
    MLA_WANT_WRITE = 2, /* ... writable */
    MLA_WANT_NOW = 4,   /* call process() without waiting */
    MLA_WANT_TLS = 8,   /* attach() only: bring TLS up, then call mla_session_tls_up() */
    MLA_WANT_COMPRESS =
        16,             /* attach() only: start DEFLATE both ways, then mla_session_compress_up() */
    MLA_WANT_CLOSE = 32 /* the conversation is over: close */
};

/* The descriptor to watch, -1 when only the timeout matters. It may change at each process(); the
 * one before stays open until the next, so that its number is nobody else's while a loop has it. */
MLA_API int32_t mla_session_fd(const mla_session *ss);
/* MLA_WANT_* bits. */
MLA_API uint32_t mla_session_wants(const mla_session *ss);
/* Milliseconds until process() wants to be called even if nothing happens; -1: never; 0: now. */
MLA_API int32_t mla_session_timeout_ms(const mla_session *ss);
/* Reads, writes and keeps time without ever blocking. 1: something moved, ask for events; 0:
 * nothing; or the error that ended the session (events received before it can still be read). */
MLA_API int mla_session_process(mla_session *ss);
/* Blocks until process() has something to do, at most timeout_ms (-1: as long as the session's own
 * deadlines allow). 1: call process(); MLA_E_TIMEOUT; MLA_E_CANCELLED after
 * mla_session_interrupt(). */
MLA_API int mla_session_wait(mla_session *ss, int32_t timeout_ms);

/* Makes the blocking call that waits now, or else the next one, return MLA_E_CANCELLED; the session
 * stays healthy and its commands go on. Any thread, at any time between new and free. 0. */
MLA_API int mla_session_interrupt(mla_session *ss);

/* Copies what the session or its last failed call has to say; code 0 when there is nothing. */
MLA_API void mla_session_error(const mla_session *ss, mla_error *out_err);

/* 1 when the octets go through TLS now. */
MLA_API int mla_session_is_tls(const mla_session *ss);
/* 1 when chain and name of the server's certificate were verified (or its pin). */
MLA_API int mla_session_is_verified(const mla_session *ss);
/* 1 when the octets are compressed (RFC 4978); they have been since the answer to COMPRESS. */
MLA_API int mla_session_is_compressed(const mla_session *ss);
/* "TLSv1.2" and "TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384", or "" without TLS. Borrowed from the
 * session until it is freed. */
MLA_API const char *mla_session_tls_version(const mla_session *ss);
MLA_API const char *mla_session_tls_cipher(const mla_session *ss);
/* The protocol that server and client agreed on in the TLS handshake (RFC 7301), "imap" or "pop3";
 * "" where the server does not take part in that. Borrowed from the session until it is freed. What
 * the server's certificates say is in certificate.h. */
MLA_API const char *mla_session_tls_alpn(const mla_session *ss);

/* 1 when the TLS handshake took up an earlier session (mla_config_set_tls_resumption()): what was
 * found out about the server's certificate then holds. */
MLA_API int mla_session_is_resumed(const mla_session *ss);

enum {
    MLA_BINDING_END_POINT = 1, /* tls-server-end-point: a hash of the server's certificate */
    MLA_BINDING_EXPORTER = 2,  /* tls-exporter: 32 octets of this TLS 1.3 connection alone */
    MLA_BINDING_UNIQUE = 3     /* tls-unique: the like of a TLS 1.2 connection with the extended
                                * master secret (RFC 7627); mbedTLS 2.28 alone tells it */
};
/* What a log-in can be tied to this connection with (RFC 5929, RFC 9266). kind:
 * MLA_BINDING_*; out has room for size octets, 64 are enough; *out_len says how many it got. 0,
 * MLA_E_ARG, MLA_E_STATE (no TLS of the library's is up), MLA_E_UNSUPPORTED (this connection has
 * none of that kind), MLA_E_LIMIT (size is too small). */
MLA_API int mla_session_channel_binding(const mla_session *ss, int32_t kind, uint8_t *out,
                                        size_t size, size_t *out_len);

/* --- I/O of the caller's own; only after mla_session_attach(), else MLA_E_STATE --- */

/* Hands over n octets that were received; they are copied. *out_used says how many were taken: when
 * fewer than n, read the events first, then feed the rest. While COMPRESS waits for its answer one
 * line at a time is taken, because what stands behind the answer is compressed already: once
 * mla_session_wants() has MLA_WANT_COMPRESS, the rest goes through the inflater first. 0 or a fatal
 * error. */
MLA_API int mla_session_feed(mla_session *ss, const uint8_t *data, size_t n, size_t *out_used);
/* The octets to send next, borrowed until mla_session_sent(): 1, or 0 when there are none. */
MLA_API int mla_session_output(mla_session *ss, const uint8_t **out_data, size_t *out_n);
/* n octets of them were sent. 0, MLA_E_ARG when that is more than there were. */
MLA_API int mla_session_sent(mla_session *ss, size_t n);
/* The peer closed; clean: with TLS close_notify, or in order where there is no TLS. 0 or the error
 * that the session ends with. */
MLA_API int mla_session_eof(mla_session *ss, int32_t clean);
/* The time in milliseconds on the caller's monotonic clock. 0 or a fatal error (a deadline). */
MLA_API int mla_session_tick(mla_session *ss, uint64_t now_ms);
/* The caller's TLS is up; verified says whether chain and name were verified. With
 * MLA_SECURITY_TLS call it before the first feed. */
MLA_API int mla_session_tls_up(mla_session *ss, int32_t verified);
/* The caller's DEFLATE is up. */
MLA_API int mla_session_compress_up(mla_session *ss);

#ifdef __cplusplus
}
#endif

#endif
