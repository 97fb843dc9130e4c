/* certificate.h - reading a certificate (RFC 5280) for people and for what the TLS library does not
 * check. Nothing is verified here. */
#ifndef MLA_NET_CERTIFICATE_H
#define MLA_NET_CERTIFICATE_H

#include "base/arena.h"
#include "mailaccess/certificate_types.h"
#include "net/der.h"
#include "net/verdict.h"

/* The parts of a certificate, in its own octets; what is not there is empty. */
struct certificate {
    struct der all;
    struct der serial;
    struct der algorithm; /* the contents of signatureAlgorithm */
    struct der issuer;    /* RDNSequence, its contents */
    struct der subject;
    uint8_t time_tag[2];
    struct der time[2];     /* notBefore, notAfter */
    struct der key;         /* the whole of subjectPublicKeyInfo */
    struct der names;       /* GeneralNames, its contents */
    struct der constraints; /* NameConstraints, its contents */
    int has_constraints;
    int is_ca;
};

/* 1 when der is a certificate, else 0. What extensions hold is not looked at. */
int certificate_split(const uint8_t *der, size_t len, struct certificate *out);

/* What is shown of a server's chain, in memory of its own. */
struct chain {
    struct arena arena;
    struct mem mem;
    mla_certificate_chain rec;
};

enum { CHAIN_MAX = 10, CHAIN_NAMES_MAX = 64 };

/* What a chain is made of: DER texts, the server's own first, and what was found out. */
struct chain_source {
    struct der certs[CHAIN_MAX];
    uint32_t why[CHAIN_MAX]; /* VERDICT_* of each */
    size_t count;
    const char *host;
    uint32_t port;
    const struct verdict *verdict; /* verdict->why: of the whole */
    int have_roots;
    int is_changed;
};

/* 0 and *out, or MLA_E_NOMEM. A certificate that cannot be read has empty texts and its digest. */
int chain_new(const struct mem *mem, const struct chain_source *from, struct chain **out);
/* The same once more, sharing nothing. */
int chain_copy(const struct mem *mem, const mla_certificate_chain *from, struct chain **out);
void chain_free(struct chain *c); /* NULL is accepted */
/* The chain whose record this is. */
struct chain *chain_of(const mla_certificate_chain *rec);

#endif
