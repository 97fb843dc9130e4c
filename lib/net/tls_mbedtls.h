/* tls_mbedtls.h - what the files behind tls.h share: tls_mbedtls.c (the stream), trust_mbedtls.c
 * (whom to believe), resume_mbedtls.c (sessions that are taken up again), identity_mbedtls.c (who
 * we are), facts_mbedtls.c (what there is to tell of it). */
#ifndef MLA_NET_TLS_MBEDTLS_H
#define MLA_NET_TLS_MBEDTLS_H

#include "codec/crypt.h"
#include "net/accepted.h"
#include "net/certificate.h"
#include "net/hostname.h"
#include "net/peer_chain.h"
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

/* tls-unique: only 2.28 shows the Finished messages. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000 && defined(MBEDTLS_SSL_RENEGOTIATION) &&                   \
    defined(MBEDTLS_SSL_EXTENDED_MASTER_SECRET)
#define HAVE_UNIQUE 1
#else
#define HAVE_UNIQUE 0
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

/* What the handshake is made with. From mbedTLS 3 on it stays, since tickets come behind one. */
struct tls_setup {
    struct tls_options opt;
    mbedtls_ssl_config conf;
    const char *alpn[2];
    struct tls_own *own;              /* opt.identity, parsed; NULL: none */
    uint64_t now_ms;                  /* as of the handshake */
    int started;                      /* it has begun */
    int extended_ms;                  /* of the session that was offered: tls.extended_ms */
    const struct peer_chain *offered; /* ... with a session of the cache, whose server has shown
                                       * this; NULL: without */
    uint64_t since_ms;                /* of that session's full handshake */
    mbedtls_x509_time until;          /* when the first certificate of the chain expires */
};

/* What is made of the server's certificate, while there is something to make of it. */
struct tls_shake {
    struct hostname name;
    struct verdict verdict;
    int have_roots;
    int judged;             /* the server's certificate was looked at ... */
    int is_changed;         /* ... and another key was accepted for this host */
    struct peer_chain seen; /* what was found out about it; the octets are mbedTLS's */
    uint32_t chain_why;     /* VERDICT_* of the certificates above the server's */
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
    struct tls_setup *setup;        /* NULL: behind the handshake, where it could go */
    struct tls_shake *shake;        /* until the certificate was found good */
    const struct peer_chain *chain; /* what the server has shown, held; NULL before the end of the
                                     * handshake */
    mbedtls_ssl_context ssl;
    int asking;         /* handshake done, nobody has said yet whether that is good enough */
    uint32_t accepted;  /* VERDICT_* in spite of which it was */
    mla_error *err;     /* of the call under way: where the layer below says what is wrong ... */
    int io;             /* ... and which error that was, behind mbedTLS's back; it stays */
    int ended;          /* the layer below is at its end */
    int verified;       /* the server's certificate, or an earlier session, is good */
    int resumed;        /* the server took up that session */
    int extended_ms;    /* the extended master secret is used (RFC 7627) */
    int up;             /* the handshake is over */
    int more;           /* for the layer below: others follow at once */
    unsigned tickets;   /* that the server has sent since the handshake */
    size_t idle_octets; /* that came below since the last for us */
};

_Static_assert((int)PEER_END_POINT == (int)TLS_BINDING_MAX && (int)PEER_KEY == (int)ACCEPTED_KEY,
               "the files beside this one keep the same octets");

/* 1 when code is mbedTLS's for too little memory. */
int tls_is_nomem(int code);

/* --- trust_mbedtls.c --- */

/* Whom conf shall believe; t decides about what the chain does not say. */
void trust_set_up(struct tls *t, mbedtls_ssl_config *conf);
/* MLA_E_CERT with *err filled when code is about certificates that cannot be read, else 0. */
int trust_unreadable(int code, mla_error *err);
/* VERDICT_* for MBEDTLS_X509_BADCERT_*. */
uint32_t trust_why(uint32_t flags);
/* The handshake is over: t->chain is what the server has shown. 0 or MLA_E_NOMEM. */
int trust_keep_chain(struct tls *t);

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
void identity_free(const struct mem *mem, struct tls_own *own); /* NULL is accepted */

#endif
