/* config.h - the configuration that sessions are made from.
 *
 * Make one, set what differs from the defaults, make any number of sessions from it, free it. The
 * first session freezes it: a set function then fails with MLA_E_STATE. Sessions hold a reference,
 * so the configuration may be freed while they live. Setting is for one thread at a time; a frozen
 * configuration is shared by all threads. Defaults are the safe ones: TLS 1.2 or newer, chain and
 * host name verified against the system's roots, no password in clear. */
#ifndef MAILACCESS_CONFIG_H
#define MAILACCESS_CONFIG_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_config mla_config;

/* A caller's allocator, for all memory of the configuration and of its sessions (not for what the
 * TLS library and the system's resolver allocate for themselves). Called on whatever thread uses
 * the session; it must outlive everything made with it. All three functions are needed. Inside them
 * handles must not be read; what would change one, or a configuration, is MLA_E_STATE, and freeing
 * one does nothing (docs/threading.md, "Callbacks"). No lock of the library is held. */
typedef struct mla_allocator {
    uint32_t struct_size;                    /* sizeof(mla_allocator) in the caller's header */
    uint32_t reserved;                       /* 0 */
    void *(*alloc)(void *user, size_t size); /* NULL when memory is short */
    void *(*resize)(void *user, void *ptr, size_t size); /* like realloc */
    void (*release)(void *user, void *ptr);              /* never called with NULL */
    void *user;                                          /* handed back in each call */
} mla_allocator;

/* Makes a configuration. allocator: NULL for the C library's; the record is copied. *out_cfg is
 * yours until mla_config_free(), NULL on failure. 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_config_new(const mla_allocator *allocator, mla_config **out_cfg);

/* Drops the caller's reference; NULL is accepted. The memory goes when the last session goes. */
MLA_API void mla_config_free(mla_config *cfg);

/* --- whom to trust (RFC 9525, RFC 8314) --- */

/* Trust the certificates in a PEM file (path, UTF-8) instead of the system's; several calls add
 * up. The file is read at once. 0, MLA_E_ARG (*out_err says why: not there, no certificate in it),
 * MLA_E_STATE, MLA_E_NOMEM. out_err may be NULL. */
MLA_API int mla_config_add_ca_file(mla_config *cfg, const char *path, mla_error *out_err);

/* The same for each file of a folder. */
MLA_API int mla_config_add_ca_path(mla_config *cfg, const char *path, mla_error *out_err);

/* The same for len octets of PEM text in memory, which is not kept. */
MLA_API int mla_config_add_ca_pem(mla_config *cfg, const char *pem, size_t len, mla_error *out_err);

/* The server's public key must have this SHA-256 (32 octets over the SubjectPublicKeyInfo). It
 * stands in for a chain that no root vouches for; name and dates are checked all the same. Several
 * calls, 16 at most: any one of them. 0, MLA_E_ARG, MLA_E_STATE, MLA_E_LIMIT. */
MLA_API int mla_config_add_pin_sha256(mla_config *cfg, const uint8_t digest[32]);

/* on != 0: neither chain nor name nor dates of the server's certificate are verified. Whoever sits
 * on the network can then read everything, the password first, unless a key is pinned: a pin still
 * holds. The session does not count as verified, with a pin or without. 0, MLA_E_STATE. */
MLA_API int mla_config_set_insecure(mla_config *cfg, int32_t on);

/* The oldest TLS accepted: 12 (the default) or 13. 0, MLA_E_ARG, MLA_E_STATE, MLA_E_UNSUPPORTED
 * (the TLS library built in has no TLS 1.3). */
MLA_API int mla_config_set_tls_min(mla_config *cfg, int32_t version);

/* on == 0: each TLS handshake is a full one. The default, 1: sessions of one configuration take up
 * each other's TLS sessions, by host and port, which saves most of the arithmetic and, with TLS 1.2
 * behind STARTTLS, a round trip (RFC 5077, RFC 8446 section 2.2). What is kept for that was
 * verified, is in memory alone, expires with the certificate or after a day, and goes with the
 * configuration. 0, MLA_E_ARG, MLA_E_STATE.
 */
MLA_API int mla_config_set_tls_resumption(mla_config *cfg, int32_t on);

/* The certificate that is shown to a server that asks for one, for log-in by the mechanism EXTERNAL
 * (RFC 4422 appendix A). cert: PEM text of cert_len octets, those that vouch for it behind it; key:
 * PEM text of its key, key_len octets; password opens the key, or is NULL. All are copied; the
 * copies of key and password are wiped. 0, MLA_E_ARG (*out_err says why: one cannot be read, or
 * they do not belong together), MLA_E_STATE, MLA_E_NOMEM, MLA_E_TLS. out_err may be NULL. */
MLA_API int mla_config_set_client_certificate(mla_config *cfg, const char *cert, size_t cert_len,
                                              const char *key, size_t key_len, const char *password,
                                              mla_error *out_err);

/* --- how to get there --- */

enum {
    MLA_PROXY_SOCKS5 = 1,  /* RFC 1928; with user and password: RFC 1929 */
    MLA_PROXY_SOCKS4A = 2, /* with a user at most */
    MLA_PROXY_HTTP = 3     /* CONNECT (RFC 9110 section 9.3.6); with user and password: Basic */
};

typedef struct mla_proxy {
    uint32_t struct_size; /* sizeof(mla_proxy) in the caller's header */
    uint32_t kind;        /* MLA_PROXY_* */
    const char *host;     /* UTF-8 name or IP address of the proxy */
    uint32_t port;        /* 0: 1080, for HTTP 8080 */
    uint32_t reserved;    /* 0 */
    const char *user;     /* NULL: without log-in; up to 255 octets, none of them a control */
    const char *password; /* the same; goes to the proxy in clear */
} mla_proxy;

/* mla_session_connect() reaches servers through this proxy, which also resolves their names; an
 * adopted descriptor is used as it is. A proxy sees and can change what TLS does not protect. The
 * record and its texts are copied; the copy of the password is wiped. NULL: without a proxy (the
 * default). 0, MLA_E_ARG (out of range, a colon in HTTP's user, a password without a user or for
 * SOCKS4a), MLA_E_STATE, MLA_E_NOMEM. What the proxy answers becomes MLA_E_CONNECT in the session,
 * MLA_E_PROTOCOL when it is no answer at all. */
MLA_API int mla_config_set_proxy(mla_config *cfg, const mla_proxy *proxy);

/* --- log-in --- */

/* on != 0: passwords that can be used again may be sent over a connection without TLS. 0,
 * MLA_E_STATE. */
MLA_API int mla_config_set_cleartext_password(mla_config *cfg, int32_t on);

/* Only these SASL mechanisms and log-in commands, tried in this order: words separated by spaces,
 * such as "PLAIN LOGIN". The word "USER" stands for POP3's USER and PASS, "IMAPLOGIN" for IMAP's
 * LOGIN command, "APOP" for POP3's APOP (used only where it is named here). NULL: the strongest
 * that the server announces and the credentials fit (the default). 0, MLA_E_ARG (unknown name),
 * MLA_E_STATE, MLA_E_NOMEM. */
MLA_API int mla_config_set_mechanisms(mla_config *cfg, const char *names);

enum {
    MLA_STRENGTH_ANY = 0,    /* whatever the server offers (ANONYMOUS where it is named) */
    MLA_STRENGTH_SHOWN = 1,  /* a secret at least, which the server may get to see: PLAIN, LOGIN,
                              * USER, IMAPLOGIN, OAUTHBEARER, XOAUTH2 */
    MLA_STRENGTH_HIDDEN = 2, /* the server does not get to see it: CRAM-MD5, APOP */
    MLA_STRENGTH_MUTUAL = 3, /* and proves that it knows it: SCRAM (RFC 5802), GSSAPI */
    MLA_STRENGTH_BOUND = 4   /* and the log-in is worth nothing on another TLS connection, so that
                              * nobody in between can pass it on: SCRAM's -PLUS names, EXTERNAL */
};
/* No weaker way to log in than strength, an MLA_STRENGTH_*, is used, also where
 * mla_config_set_mechanisms() names one: where the server offers nothing better, or refuses that,
 * the log-in ends, with MLA_E_POLICY when it was not tried. The default is MLA_STRENGTH_ANY. 0,
 * MLA_E_ARG, MLA_E_STATE. */
MLA_API int mla_config_set_strength(mla_config *cfg, int32_t strength);

/* on == 0: IMAP4rev2 is not enabled by the library where a server speaks IMAP4rev1 as well (for one
 * whose IMAP4rev2 is broken). The default, 1: it is, right after the log-in (RFC 9051 section
 * 6.3.1). 0, MLA_E_STATE. */
MLA_API int mla_config_set_imap4rev2(mla_config *cfg, int32_t on);

/* on != 0: an IMAP session asks for compression once it is logged in, where the server announces
 * COMPRESS=DEFLATE (RFC 4978), and goes on without where it does not or refuses; see
 * imap_compress.h. It costs one round trip. After mla_session_attach() the session then wants
 * MLA_WANT_COMPRESS. POP3 has nothing of the kind. 0, MLA_E_STATE, MLA_E_UNSUPPORTED (zlib is not
 * built in). */
MLA_API int mla_config_set_compress(mla_config *cfg, int32_t on);

/* --- time, in milliseconds; 0 switches a limit off (docs/limits.md) --- */
enum {
    MLA_DEADLINE_CONNECT = 1,     /* from the first packet to the end of TLS and greeting: 30,000 */
    MLA_DEADLINE_SILENCE = 2,     /* without an octet where an answer is due: 30,000 */
    MLA_DEADLINE_ANSWER = 3,      /* one answer, literals and messages apart: 60,000 */
    MLA_DEADLINE_BULK_WINDOW = 4, /* 1 KiB must come in each such window of bulk data: 60,000 */
    MLA_DEADLINE_IDLE = 5, /* IDLE is renewed, a silent NOTIFY probed after: 1,680,000 (28 min) */
    MLA_DEADLINE_COMMAND = 6, /* one command in whole, its data included, IDLE apart: 0, none */
    MLA_DEADLINE_PROBE = 7,   /* the answer to the renewal of IDLE, or to a probe: 15,000 */
    MLA_DEADLINE_QUIET = 8    /* IDLE and NOTIFY are probed after so much silence, too: 0, not */
};
/* which: MLA_DEADLINE_*. 0, MLA_E_ARG, MLA_E_STATE. */
MLA_API int mla_config_set_deadline(mla_config *cfg, int32_t which, uint32_t milliseconds);

/* TCP keep-alive (RFC 9293 section 3.8.4): after idle_s seconds without an octet the system asks
 * the other end every interval_s seconds whether it is there, and ends the connection with MLA_E_IO
 * when count questions had no answer; it also keeps routers from forgetting the connection. The
 * defaults are 300, 30 and 4: a connection that has died is noticed within 7 minutes even where
 * nothing is due. idle_s 0 switches it off; 0 for one of the others stands for its default. Where
 * the system cannot set the times, its own count. 0, MLA_E_ARG (idle_s or interval_s above 32,767,
 * count above 127), MLA_E_STATE. */
MLA_API int mla_config_set_keepalive(mla_config *cfg, uint32_t idle_s, uint32_t interval_s,
                                     uint32_t count);

/* --- limits on what is held, for one session (docs/limits.md) --- */
enum {
    MLA_LIMIT_RESPONSE = 1,     /* octets of one response outside streamed data: 8 MiB */
    MLA_LIMIT_INLINE = 2,       /* sections up to this size come inside the FETCH event: 65,536 */
    MLA_LIMIT_DEPTH = 3,        /* nesting of parentheses in a response: 64 */
    MLA_LIMIT_QUEUE = 4,        /* octets of commands waiting to be sent: 4 MiB */
    MLA_LIMIT_CAPABILITIES = 5, /* words in a capability list: 1,000 */
    MLA_LIMIT_EVENT = 6         /* octets of parsed data of one event: 32 MiB */
};
/* which: MLA_LIMIT_*. 0, MLA_E_ARG (unknown, or 0), MLA_E_STATE. */
MLA_API int mla_config_set_limit(mla_config *cfg, int32_t which, uint64_t value);

/* --- trace --- */
enum { MLA_TRACE_SENT = 1, MLA_TRACE_RECEIVED = 2, MLA_TRACE_NOTE = 3 };
/* Called with what is sent and received, inside TLS and compression, a line at a time, with its
 * end; lines of more than 16 KiB come in pieces. NOTE is a line about the connection itself,
 * without an end.
 *
 * Secrets are shown as "<secret N>", N octets: passwords and tokens, both sides of a SASL exchange,
 * APOP's digest, arguments of MLA_IMAP_ARG_SECRET, tokens of URLs (RFC 4467), and what the server
 * repeats of all these, in whatever case, in base64 or in quotation marks, from 4 octets on. User
 * names are shown.
 *
 * The function runs on the thread that drives the session. It may ask the session what it knows and
 * interrupt it; what would change or drive it is MLA_E_STATE there. A handle that it frees goes
 * when the call that is at work returns, with MLA_E_CLOSED; the function is not called again
 * (docs/threading.md, "Callbacks"). data is borrowed for the call. */
typedef void (*mla_trace_fn)(void *user, int32_t what, const uint8_t *data, size_t len);
/* fn NULL: off. 0, MLA_E_STATE. */
MLA_API int mla_config_set_trace(mla_config *cfg, mla_trace_fn fn, void *user);

/* The same into a file (path, UTF-8), which is made anew, readable for its owner alone; a symbolic
 * link is refused. A line has the time (RFC 3339, UTC), a number for the session, ">" for what is
 * sent, "<" for what is received, "*" for a note, and the text, up to 2,048 octets of it, with
 * control characters as \xNN. Behind most octets (0: 64 MiB) the trace ends. All sessions of the
 * configuration write to it, from any thread; it is closed with the configuration. The later of
 * both calls counts. 0, MLA_E_ARG (*out_err says why), MLA_E_STATE, MLA_E_NOMEM. out_err may be
 * NULL. */
MLA_API int mla_config_set_trace_file(mla_config *cfg, const char *path, uint64_t most,
                                      mla_error *out_err);

#ifdef __cplusplus
}
#endif

#endif
