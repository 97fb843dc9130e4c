/* mech.h - SASL (RFC 4422) as seen by a client: what a mechanism is, and one exchange.
 *
 * A mechanism sees raw octets. line.h puts base64 around them, which both IMAP and POP3 want.
 *
 *   sasl_start(&s, mech, ...)         nothing is on the wire yet
 *   sasl_step(&s, NULL, 0, ...)       the initial response, for a mechanism with SASL_INITIAL
 *   sasl_step(&s, challenge, n, ...)  one answer for each challenge
 *   sasl_success(&s, ...)             the server said OK: may we believe it?
 *   sasl_end(&s)                      always; wipes */
#ifndef MLA_SASL_MECH_H
#define MLA_SASL_MECH_H

#include "base/buf.h"
#include "base/errand.h"
#include "mailaccess/types.h"
#include "sasl/creds.h"
#include "sasl/token.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SASL_CHALLENGE_MAX = 65536, /* octets of one decoded challenge (A12) */
    SASL_RESPONSE_MAX = 262144, /* octets of one response before base64 (A14) */
    SASL_ROUNDS_MAX = 20        /* challenges of one exchange (A10) */
};

/* What a mechanism is like. */
enum {
    SASL_INITIAL = 1,   /* the client speaks first: sasl_step() without a challenge */
    SASL_PLAINTEXT = 2, /* shows a secret that can be used again: never without TLS */
    SASL_NATIVE = 4, /* not SASL: IMAP's LOGIN, POP3's USER and PASS or APOP; the engine does it */
    SASL_NAMED = 8,  /* only where the configuration names it (A11: APOP) */
    SASL_PASSWORD = 16,   /* needs user and password */
    SASL_TOKEN = 32,      /* needs user and token */
    SASL_AUTHZID = 64,    /* can act as somebody else */
    SASL_DEAF = 128,      /* what challenges say means nothing to it */
    SASL_NO_SECRET = 256, /* only where neither password nor token is given */
    SASL_NO_TLS = 512,    /* what it is good for TLS does better: there it comes last */
    SASL_BINDS = 1024,    /* ties itself to the TLS connection: the -PLUS names */
    SASL_MUTUAL = 2048,   /* the server proves that it knows the secret, too */
    SASL_PREPARES = 4096  /* names and password must pass SASLprep */
};

/* Something that both ends of a TLS connection know, and nobody in between (RFC 5056). */
struct sasl_binding {
    const char *name; /* as RFC 5929 and RFC 9266 register it; NULL: there is none */
    const uint8_t *ptr;
    size_t len;
};

/* All that a connection has, the best first. */
enum { SASL_BINDINGS_MAX = 3 };
struct sasl_bindings {
    struct sasl_binding list[SASL_BINDINGS_MAX];
    size_t count;
};

/* What the mechanism may need to know about the connection. All borrowed. */
struct sasl_peer {
    const char *service; /* "imap", "pop" */
    const char *host;    /* as the caller named it */
    uint32_t port;
    struct sasl_binding binding; /* for a mechanism with SASL_BINDS (A08) */
    int no_plus; /* we can bind, and the server offers nothing that does: it is told so (A08) */
    struct sasl_token *token; /* takes what the server says of a token; NULL: nobody wants it */
    const char *nonce;        /* NULL: a random one; tests name theirs */
};

struct sasl;

struct sasl_mech {
    const char *name;
    uint32_t flags;
    size_t state_size; /* octets of s->state, zeroed at the start, wiped at the end */
    /* Adds the answer to s->out. challenge is NULL for an initial response. s->proof is set before
     * a response is made that lets the server, or a listener, know or test the secret. 0,
     * MLA_E_AUTH (the server is not who it should be, or the exchange is not the mechanism's),
     * MLA_E_NOMEM, MLA_E_LIMIT; 1: it has computed for a while and is not through, and wants to be
     * called without a challenge; once s->errand was done, where it has set that, and
     * which it then clears. */
    int (*step)(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err);
    /* The server said OK. 0 when the mechanism is satisfied, MLA_E_AUTH otherwise (A03); NULL: the
     * exchange must be complete and nothing else is asked. */
    int (*success)(struct sasl *s, mla_error *err);
    /* Gives back what the state has of others; NULL: nothing. */
    void (*end)(struct sasl *s);
};

struct sasl {
    const struct sasl_mech *mech; /* NULL: no exchange */
    const struct mem *mem;
    const struct sasl_creds *creds;
    struct sasl_peer peer;
    struct buf out; /* the response, a secret */
    void *state;
    uint32_t rounds;
    struct errand *errand; /* what has to be done first; the state's. NULL: nothing */
    int complete;          /* the mechanism has said all it has to say */
    int proof;             /* something was sent by which the secret is known or can be tested */
    mla_str digest;  /* the part of out that follows from the secret, where it is not all of it */
    uint32_t reason; /* MLA_REASON_*: why, where the server's last words within the exchange say */
    int refused;     /* the error of sasl_step() is the server's: it will not have this one */
};

/* Begins; creds and the strings of peer must outlive s. 0, or MLA_E_NOMEM, MLA_E_ARG (the
 * credentials do not fit the mechanism). sasl_end() is due in each case. */
int sasl_start(struct sasl *s, const struct sasl_mech *mech, const struct mem *mem,
               const struct sasl_creds *creds, const struct sasl_peer *peer, mla_error *err);
/* The response to a challenge, both raw octets. *out is borrowed until the next call. The codes of
 * sasl_mech.step; a caller that gets an error cancels the exchange. 1: there is none yet; call
 * again with challenge NULL when everybody else has had a turn or, where s->errand is set, once
 * that was done. */
int sasl_step(struct sasl *s, const uint8_t *challenge, size_t len, const uint8_t **out,
              size_t *out_len, mla_error *err);
int sasl_success(struct sasl *s, mla_error *err);
/* Wipes and frees; may be called twice (A20), and on a zeroed struct. */
void sasl_end(struct sasl *s);

/* The mechanism of that name (case ignored), SASL_NATIVE ones included: NULL when there is none. */
const struct sasl_mech *sasl_find(const char *name, size_t len);
/* All of them, the strongest first; *out_count entries. */
const struct sasl_mech *const *sasl_all(size_t *out_count);
/* 1 when the credentials have what the mechanism needs. */
int sasl_fits(const struct sasl_mech *mech, const struct sasl_creds *creds);
/* Adds a binding behind the others; without octets it is none. */
void sasl_bindings_add(struct sasl_bindings *b, const char *name, const uint8_t *ptr, size_t len);

extern const struct sasl_mech sasl_scram_sha512_plus;
extern const struct sasl_mech sasl_scram_sha256_plus;
extern const struct sasl_mech sasl_scram_sha1_plus;
extern const struct sasl_mech sasl_scram_sha512; /* as RFC 7677 makes SHA-256 of RFC 5802 */
extern const struct sasl_mech sasl_scram_sha256; /* RFC 7677 */
extern const struct sasl_mech sasl_scram_sha1;   /* RFC 5802 */
extern const struct sasl_mech sasl_oauthbearer;  /* RFC 7628 */
extern const struct sasl_mech sasl_xoauth2;
extern const struct sasl_mech sasl_gssapi;    /* RFC 4752; only where it is built in */
extern const struct sasl_mech sasl_external;  /* RFC 4422 appendix A */
extern const struct sasl_mech sasl_cram_md5;  /* RFC 2195 */
extern const struct sasl_mech sasl_anonymous; /* RFC 4505 */
extern const struct sasl_mech sasl_plain;     /* RFC 4616 */
extern const struct sasl_mech sasl_login;     /* draft-murchison-sasl-login */

#endif
