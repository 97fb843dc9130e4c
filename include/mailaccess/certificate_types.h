/* certificate_types.h - what a server's certificates say, and what is wrong with them. */
#ifndef MAILACCESS_CERTIFICATE_TYPES_H
#define MAILACCESS_CERTIFICATE_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What can be wrong with a chain of certificates (RFC 5280, RFC 9525, RFC 9325). */
enum {
    MLA_CERT_EXPIRED = 1,       /* its time, or that of one that vouches for it, is over */
    MLA_CERT_NOT_YET = 2,       /* ... has not begun */
    MLA_CERT_WRONG_HOST = 4,    /* it is not for the host that was asked for */
    MLA_CERT_UNKNOWN_ROOT = 8,  /* nobody whom we trust vouches for it */
    MLA_CERT_SELF_SIGNED = 16,  /* nobody but itself vouches for it */
    MLA_CERT_WEAK_KEY = 32,     /* RSA below 2,048 bits, or a curve that is too small */
    MLA_CERT_WEAK_HASH = 64,    /* a signature over MD5 or SHA-1 */
    MLA_CERT_USAGE = 128,       /* it is not meant for a server */
    MLA_CERT_WRONG_PIN = 256,   /* its key is none of the pinned ones; never a question */
    MLA_CERT_OTHER = 512,       /* the TLS library found something else */
    MLA_CERT_CONSTRAINTS = 1024 /* who vouches for it may not do so for these names */
};

/* Kinds of public keys. */
enum {
    MLA_KEY_OTHER = 0,
    MLA_KEY_RSA = 1,
    MLA_KEY_EC = 2, /* an elliptic curve of RFC 5480 */
    MLA_KEY_ED = 3  /* Ed25519, Ed448 (RFC 8410) */
};

/* One certificate. Texts are UTF-8 with a final NUL and never NULL; whatever a terminal or a person
 * could be misled by is written as in RFC 4514 section 2.4: a backslash and two hexadecimal digits
 * for each octet. What is too long ends in "...". */
typedef struct mla_certificate {
    uint32_t struct_size;
    uint32_t reasons;       /* MLA_CERT_*: what is wrong with this one of the chain */
    const char *subject;    /* "CN=mail.example.org,O=Example" (RFC 4514) */
    const char *issuer;     /* the same of who signed it */
    const char *serial;     /* hexadecimal digits */
    const mla_str *names;   /* "DNS:mail.example.org", "IP:192.0.2.1", "email:...", "URI:..." */
    uint32_t name_count;    /* 64 at most */
    uint32_t names_left;    /* how many more there are */
    int64_t not_before;     /* seconds since 1970-01-01T00:00:00Z */
    int64_t not_after;      /* the same, the last second that counts */
    uint8_t sha256[32];     /* of the certificate */
    uint8_t key_sha256[32]; /* of its public key: what mla_config_add_pin_sha256() takes */
    uint32_t key_kind;      /* MLA_KEY_* */
    uint32_t key_bits;      /* 0: not known */
    const char *hash;       /* that was signed: "SHA-256"; "" when it is none of those known here */
    const uint8_t *der;     /* the certificate itself (RFC 5280 section 4.1) */
    size_t der_len;         /* its octets */
    uint32_t is_ca;         /* 1: it may vouch for others */
    uint32_t reserved;
} mla_certificate;

/* The certificates that a server has shown, and what is wrong with them. */
typedef struct mla_certificate_chain {
    uint32_t struct_size;
    uint32_t reasons; /* MLA_CERT_* of the whole; 0: nothing */
    const char *host; /* whom it must be for, as the session was told */
    uint32_t port;    /* 0: not known */
    uint32_t count;   /* of certificates, the server's own first, as it sent them; 10 at most */
    const mla_certificate *const *certificates;
    const mla_str *sentences; /* one for each bit of reasons, in the order of the bits; with NUL */
    uint32_t sentence_count;
    uint32_t is_changed; /* 1: for this host another key was accepted before */
} mla_certificate_chain;

#ifdef __cplusplus
}
#endif

#endif
