/* crypt.h - hashes, HMAC, key derivation and random octets, without the TLS library's types. */
#ifndef MLA_CODEC_CRYPT_H
#define MLA_CODEC_CRYPT_H

#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

enum { CRYPT_MD5 = 1, CRYPT_SHA1 = 2, CRYPT_SHA256 = 3, CRYPT_SHA512 = 4, CRYPT_SHA384 = 5 };
enum {
    CRYPT_MD5_LEN = 16,
    CRYPT_SHA1_LEN = 20,
    CRYPT_SHA256_LEN = 32,
    CRYPT_SHA512_LEN = 64,
    CRYPT_SHA384_LEN = 48
};
enum { CRYPT_HASH_MAX = 64 };

/* How many octets the hash has; 0 for an unknown one. */
size_t crypt_hash_len(int hash);

/* All return 0; MLA_E_UNSUPPORTED for a hash that is unknown or not in the TLS library that is
 * linked (distributions begin to leave MD5 out); MLA_E_NOMEM; MLA_E_INTERNAL. out holds
 * crypt_hash_len() octets, of unknown content on failure. Any thread, no state is shared. */
int crypt_hash(int hash, const void *data, size_t len, uint8_t *out) MLA_MUST_CHECK;
/* A hash of what comes in pieces. After begin() either end() or drop() is due; a failure of add()
 * is told by end(). One that is all zero may be dropped, and ended: MLA_E_INTERNAL. */
struct crypt_running {
    uint64_t room[64]; /* the TLS library's; it holds no pointers to itself */
    int error;
    int open;
};
int crypt_begin(struct crypt_running *r, int hash) MLA_MUST_CHECK;
void crypt_add(struct crypt_running *r, const void *data, size_t len);
int crypt_end(struct crypt_running *r, uint8_t *out) MLA_MUST_CHECK;
void crypt_drop(struct crypt_running *r);

/* HMAC (RFC 2104). */
int crypt_hmac(int hash, const void *key, size_t key_len, const void *data, size_t len,
               uint8_t *out) MLA_MUST_CHECK;

/* The first block of PBKDF2 with HMAC (RFC 8018 section 5.2), which is SCRAM's Hi() (RFC 5802
 * section 2.2), in pieces: the time grows with the rounds, and who computes may have others to
 * serve (M22). */
struct crypt_derive {
    uint64_t room[144]; /* the TLS library's; it holds no pointers to itself */
    uint8_t last[CRYPT_HASH_MAX];
    uint8_t key[CRYPT_HASH_MAX]; /* crypt_hash_len() octets of it, once all rounds are made */
    uint32_t left;
    int open;
};
/* rounds: at least 1. Nothing of password and salt is needed afterwards. drop() is due, also when
 * this fails. */
int crypt_derive_begin(struct crypt_derive *d, int hash, const void *password, size_t password_len,
                       const void *salt, size_t salt_len, uint32_t rounds) MLA_MUST_CHECK;
/* Makes most rounds more. 1: that was not all of them; 0: key is there. */
int crypt_derive_run(struct crypt_derive *d, uint32_t most) MLA_MUST_CHECK;
/* Wipes; may be called twice, and on one that is all zero. */
void crypt_derive_drop(struct crypt_derive *d);
/* Octets that nobody can foretell, from the system's generator. 0 or MLA_E_INTERNAL. */
int crypt_random(void *out, size_t len) MLA_MUST_CHECK;

/* Readies the TLS library's cryptography, once for the process; every function above calls it where
 * it is needed. 0 or MLA_E_INTERNAL. */
int crypt_init(void) MLA_MUST_CHECK;

#endif
