/* tls.h - TLS as a stream over another one, without the TLS library's types. */
#ifndef MLA_NET_TLS_H
#define MLA_NET_TLS_H

#include "net/stream.h"

struct accepted;
struct chain_source;
struct shared;
struct tls_roots;

/* Certificates to trust. Made once, then shared by threads without a lock. */
int tls_roots_new(const struct mem *mem, struct tls_roots **out);
void tls_roots_free(struct tls_roots *r);
/* Adds the certificates in len octets of PEM text. What is no certificate in it is passed over; 0,
 * or MLA_E_ARG when there is none at all, MLA_E_NOMEM. where is for the message. */
int tls_roots_add(struct tls_roots *r, const void *pem, size_t len, const char *where,
                  mla_error *err);
/* How many there are. */
size_t tls_roots_count(const struct tls_roots *r);

/* Sessions to take up again (RFC 5077, RFC 8446 section 2.2), of connections that share one set of
 * demands: roots, pins, version, identity. In memory alone, bounded, any thread (T36, T43). */
struct tls_cache;
int tls_cache_new(const struct mem *mem, struct tls_cache **out);
void tls_cache_free(struct tls_cache *c); /* NULL is accepted */

/* Who we are to a server that asks for a certificate: PEM texts of the certificate, with those that
 * vouch for it behind it, and of its key; password opens the key, or is NULL. 0, MLA_E_ARG (what is
 * wrong is in *err: cannot be read, do not belong together), MLA_E_NOMEM. Read-only from then on,
 * any thread. */
struct tls_identity;
int tls_identity_new(const struct mem *mem, const void *cert, size_t cert_len, const void *key,
                     size_t key_len, const char *password, struct tls_identity **out,
                     mla_error *err);
void tls_identity_free(struct tls_identity *id); /* NULL is accepted */

struct tls_options {
    const struct tls_roots *roots;
    const uint8_t (*pins)[32]; /* SHA-256 of public keys; any one of them */
    size_t pin_count;
    int insecure;            /* verify nothing but the pins */
    int min_version;         /* 12 or 13 */
    const char *host;        /* whom the certificate must be for: a name or an address */
    uint32_t port;           /* with host's text: which session of the cache; 0: not known */
    const char *alpn;        /* NULL: none */
    struct shared *shared;   /* for the certificates that servers show; not NULL with a cache */
    struct tls_cache *cache; /* NULL: each handshake is a full one */
    const struct tls_identity *identity; /* NULL: none */
    struct accepted *accepted;           /* faulty certificates that are good enough; NULL: none */
    int ask;                             /* about the others: see tls_asks() */
    /* Lines about the certificate, for a trace; or NULL. */
    void (*note)(void *user, const char *line);
    void *note_user;
};

/* The newest version that is built in: 12 or 13. */
int tls_newest(void);

/* TLS as a client over below, which it owns from now on; on failure it is the caller's still.
 * open() does the handshake. 0, MLA_E_ARG (no usable host), MLA_E_NOMEM, MLA_E_TLS. */
int tls_open(const struct mem *mem, struct stream *below, const struct tls_options *o,
             struct stream **out, mla_error *err);
/* After open(): whether chain and name were verified, "TLSv1.2", and the suite's name. They live as
 * long as the stream. */
int tls_verified(const struct stream *s);
const char *tls_version(const struct stream *s);
const char *tls_cipher(const struct stream *s);
/* 1 when the handshake took up an earlier session. */
int tls_resumed(const struct stream *s);
/* What the server took of what ALPN offered (RFC 7301), "" when nothing. */
const char *tls_alpn(const struct stream *s);

/* 1 when open() has brought the handshake to its end with a certificate that is not trusted: not an
 * octet goes either way before one of the two others was called. accept: the stream is up. refuse:
 * the server is told; fills *err and returns MLA_E_CERT. */
int tls_asks(const struct stream *s);
void tls_accept(struct stream *s);
int tls_refuse(struct stream *s, mla_error *err);
/* VERDICT_* in spite of which the certificate was accepted. */
uint32_t tls_accepted_faults(const struct stream *s);
/* SHA-256 of the server's public key: 1, or 0 when it is not known. */
int tls_key(const struct stream *s, uint8_t out[32]);
/* What there is to show of the certificates, but for host and port; it points into s. 1, or 0 when
 * they were not kept. */
int tls_chain(const struct stream *s, struct chain_source *out);
/* Keeps that the host of s may have this key and these faults. 0 or MLA_E_NOMEM. */
int tls_remember(const struct stream *s);

/* What ties a log-in to this connection (RFC 5929 sections 3 and 4, RFC 9266). */
enum { TLS_BINDING_END_POINT = 1, TLS_BINDING_EXPORTER = 2, TLS_BINDING_UNIQUE = 3 };
enum { TLS_BINDING_MAX = 64 };
/* 0 and *out_len octets in out, MLA_E_UNSUPPORTED (this connection or library has none),
 * MLA_E_STATE (not up), MLA_E_INTERNAL. */
int tls_binding(struct stream *s, int kind, uint8_t out[TLS_BINDING_MAX], size_t *out_len);

#endif
