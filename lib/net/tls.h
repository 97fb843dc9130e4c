/* tls.h - TLS as a stream over another one, without the TLS library's types. */
#ifndef MLA_NET_TLS_H
#define MLA_NET_TLS_H

#include "net/stream.h"

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

struct tls_options {
    const struct tls_roots *roots;
    const uint8_t (*pins)[32]; /* SHA-256 of public keys; any one of them */
    size_t pin_count;
    int insecure;     /* verify nothing */
    int min_version;  /* 12 or 13 */
    const char *host; /* whom the certificate must be for: a name or an address */
    const char *alpn; /* NULL: none */
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

#endif
