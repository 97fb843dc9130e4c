/* tls_mbedtls.h - what the files behind tls.h share: tls_mbedtls.c (the stream), trust_mbedtls.c
 * (whom to believe), resume_mbedtls.c (sessions that are taken up again), identity_mbedtls.c (who
 * we are). */
#ifndef MLA_NET_TLS_MBEDTLS_H
#define MLA_NET_TLS_MBEDTLS_H

#include "codec/crypt.h"
#include "net/accepted.h"
#include "net/certificate.h"
#include "net/hostname.h"
#include "net/tls.h"
#include "net/verdict.h"

#include <mbedtls/version.h>

#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#if MBEDTLS_VERSION_NUMBER < 0x03000000 && defined(MBEDTLS_SSL_PROTO_TLS1_2)
#define HAVE_TLS13 0
#elif defined(MBEDTLS_SSL_PROTO_TLS1_3)
#define HAVE_TLS13 1
#else
#define HAVE_TLS13 0
#endif

struct tls_roots {
    const struct mem *mem;
    mbedtls_x509_crt list;
    size_t count;
};

/* Signing changes a key, so none is shared. */
struct tls_own {
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
};

/* What is made of the server's certificate, while there is something to make of it. */
struct tls_shake {
    struct hostname name;
    struct verdict verdict;
    uint32_t chain_why; /* VERDICT_* of the certificates above the server's */
    /* Those above the server's while they are looked at, from the root down, and VERDICT_* of each.
     */
    const mbedtls_x509_crt *above[CHAIN_MAX];
    uint32_t why_above[CHAIN_MAX];
    size_t above_count;
};

struct tls {
    struct stream base;
    const struct mem *mem;
    struct stream *below;
    struct tls_options opt;
    struct tls_shake *shake; /* until the certificate was found good */
    struct tls_own *own;     /* opt.identity, parsed; NULL: none */
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config *conf; /* NULL: everybody's, behind the handshake */
    const char *alpn[2];
    uint32_t why[CHAIN_MAX];   /* VERDICT_* of what the server sent, its own first */
    uint8_t key[ACCEPTED_KEY]; /* SHA-256 of the server's public key */
    int has_key;
    int asking;        /* handshake done, nobody has said yet whether that is good enough */
    int is_changed;    /* ... and another key was accepted for this host */
    uint32_t accepted; /* VERDICT_* in spite of which it was */
    mla_error *err;    /* of the call under way: where the layer below says what is wrong ... */
    int io;            /* ... and which error that was, behind mbedTLS's back; it stays */
    int ended;         /* the layer below is at its end */
    int judged;        /* the server's certificate was looked at */
    int verified;      /* ... and it, or an earlier session, is good */
    int up;
    int more;                           /* for the layer below: others follow at once */
    unsigned tickets;                   /* that the server has sent since the handshake */
    size_t idle_octets;                 /* that came below since the last for us */
    int started;                        /* the handshake has begun */
    int offered;                        /* ... with a session of the cache */
    int resumed;                        /* ... which the server took up again */
    uint64_t now_ms;                    /* as of the handshake */
    uint64_t since_ms;                  /* of the full handshake, when a session was offered */
    mbedtls_x509_time until;            /* when the first certificate of the chain expires */
    uint8_t end_point[TLS_BINDING_MAX]; /* tls-server-end-point (RFC 5929 section 4) */
    size_t end_point_len;               /* 0: it cannot be told */
    int extended_ms;                    /* the extended master secret is used (RFC 7627) */
};

/* 1 when code is mbedTLS's for too little memory. */
int tls_is_nomem(int code);

/* --- trust_mbedtls.c --- */

/* Whom conf shall believe; t decides about what the chain does not say. */
void trust_set_up(struct tls *t, mbedtls_ssl_config *conf);
/* VERDICT_* for MBEDTLS_X509_BADCERT_*. */
uint32_t trust_why(uint32_t flags);

/* --- resume_mbedtls.c: all do nothing where there is no cache, or nothing is verified --- */

void resume_set_up(struct tls *t, mbedtls_ssl_config *conf);
/* Before the handshake: offers the server the session that the cache has for it. */
void resume_offer(struct tls *t);
/* 1 when a session can be taken up only once a ticket has come (TLS 1.3). */
int resume_by_ticket(const struct tls *t);
/* Puts the session into the cache; only after all of it was verified. */
void resume_keep(struct tls *t);
/* Takes what was offered out of the cache. */
void resume_forget(struct tls *t);

/* --- identity_mbedtls.c --- */

/* 0 or mbedTLS's error. */
int identity_set_up(struct tls *t, mbedtls_ssl_config *conf);
void identity_clear(struct tls *t);

#endif
