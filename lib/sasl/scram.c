/* scram.c - SCRAM-SHA-1, -256 and -512 (RFC 5802, RFC 7677): the password is never shown, and the
 * server must prove that it knows it. Their -PLUS names tie that to the TLS connection: a server
 * that somebody passes the exchange on to sees another connection, and refuses. */
#include "base/fail.h"
#include "base/num.h"
#include "base/slice.h"
#include "base/wipe.h"
#include "codec/crypt.h"
#include "sasl/line.h"
#include "sasl/mech.h"
#include "sasl/saslprep.h"

#include <string.h>

enum {
    NONCE_OCTETS = 24,                /* of ours, before base64 */
    NONCE_LEN = NONCE_OCTETS / 3 * 4, /* and behind it */
    NONCE_MAX = 1024,                 /* of both together */
    SALT_MAX = 1024,                  /* octets */
    ROUNDS_MIN = 4096,                /* fewer are cheap to crack (A06; RFC 5802 section 5.1) */
    ROUNDS_MAX = 1000000,             /* more would keep us busy (A05) */
    ROUNDS_TURN = 4096,               /* what is usual goes in one turn: some 10 ms */
    STAGE_FIRST = 0,
    STAGE_FINAL = 1,
    STAGE_VERIFY = 2,
    STAGE_OVER = 3
};

/* Wiped at the end. */
struct scram {
    int stage;
    size_t nonce_len;
    char nonce[NONCE_LEN];
    int computes;               /* SaltedPassword is under way */
    struct crypt_derive salted; /* ... here */
    struct buf message;         /* AuthMessage */
    size_t both_at;             /* where both nonces stand in it */
    size_t both_len;
    uint8_t server_signature[CRYPT_HASH_MAX]; /* what the server must say */
};

/* What the server says first (RFC 5802 section 7, server-first-message). Slices. */
struct server_first {
    mla_str nonce;
    mla_str salt; /* base64 */
    uint32_t rounds;
};

static int hash_of(const struct sasl_mech *mech)
{
    if (mech == &sasl_scram_sha1 || mech == &sasl_scram_sha1_plus)
        return CRYPT_SHA1;
    if (mech == &sasl_scram_sha256 || mech == &sasl_scram_sha256_plus)
        return CRYPT_SHA256;
    return CRYPT_SHA512;
}

/* --- texts --- */

/* A name, prepared; what is what it is for. */
static int add_name(const struct sasl *s, struct buf *out, mla_str name, const char *what,
                    mla_error *err)
{
    int rc = sasl_add_prepared(out, name);

    if (rc == MLA_E_SYNTAX)
        return fail(err, MLA_E_ARG, "%s: %s cannot be prepared", s->mech->name, what);
    return rc;
}

static int binds(const struct sasl *s)
{
    return (s->mech->flags & SASL_BINDS) != 0;
}

/* gs2-header (RFC 5802 sections 6 and 7): which channel binding, and whom to act as. "y" says that
 * we could bind and the server seems not to: one that can knows then that somebody in between took
 * the -PLUS names out of what it offers (A08). */
static int add_gs2(const struct sasl *s, struct buf *out, mla_error *err)
{
    int rc = 0;

    if (binds(s)) {
        buf_add_word(out, "p=");
        buf_add_word(out, s->peer.binding.name);
        buf_add_byte(out, ',');
    } else {
        buf_add_word(out, s->peer.no_plus ? "y," : "n,");
    }
    if (s->creds->authzid.len != 0) {
        buf_add_word(out, "a=");
        rc = add_name(s, out, s->creds->authzid, "the authorization identity", err);
    }
    return rc != 0 ? rc : buf_add_byte(out, ',');
}

/* client-first-message-bare */
static int add_first_bare(const struct sasl *s, struct buf *out, mla_error *err)
{
    const struct scram *x = s->state;
    int rc;

    buf_add_word(out, "n=");
    rc = add_name(s, out, s->creds->user, "the user name", err);
    buf_add_word(out, ",r=");
    buf_add(out, x->nonce, x->nonce_len);
    return rc != 0 ? rc : out->failed;
}

/* client-final-message-without-proof */
static int add_final_bare(struct sasl *s, mla_str nonce, struct buf *out, mla_error *err)
{
    struct buf gs2;
    int rc;

    buf_init(&gs2, s->mem, SASL_RESPONSE_MAX);
    rc = add_gs2(s, &gs2, err);
    if (rc == 0 && binds(s))
        rc = buf_add(&gs2, s->peer.binding.ptr, s->peer.binding.len);
    buf_add_word(out, "c=");
    if (rc == 0)
        rc = sasl_base64_add(out, gs2.ptr, gs2.len);
    buf_free(&gs2);
    buf_add_word(out, ",r=");
    buf_add(out, nonce.ptr, nonce.len);
    return rc != 0 ? rc : out->failed;
}

/* --- what the server says --- */

/* The value of the attribute that is next, up to a comma: 1, or 0. */
static int take(struct slice *in, char name, mla_str *out)
{
    struct slice value;

    if (!slice_take(in, name) || !slice_take(in, '='))
        return 0;
    value = slice_until(in, ',');
    *out = (mla_str){(const char *)value.p, slice_left(&value)};
    return 1;
}

static int is_printable(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 0x21 || s.ptr[i] > 0x7e)
            return 0;
    return 1;
}

static int bad(const struct sasl *s, mla_error *err, const char *what)
{
    return fail(err, MLA_E_AUTH, "%s: %s", s->mech->name, what);
}

static int is_text(mla_str s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.ptr, text, s.len) == 0;
}

/* "e=" and why not (RFC 5802 section 7, server-error-value). */
static int server_error(struct sasl *s, mla_str text, mla_error *err)
{
    /* These two are no refusals but alarms: nothing else may be tried then (A08). */
    if (is_text(text, "server-does-support-channel-binding"))
        return bad(
            s, err,
            "somebody in between may have taken channel binding out of what the server offers");
    if (is_text(text, "channel-bindings-dont-match"))
        return bad(s, err,
                   "the server sees another TLS connection than this one: somebody is in between");
    if (is_text(text, "invalid-proof") || is_text(text, "unknown-user"))
        s->reason = MLA_REASON_PASSWORD_WRONG;
    else if (is_text(text, "no-resources"))
        s->reason = MLA_REASON_SERVER_UNAVAILABLE;
    s->refused = !s->proof;
    return fail(err, MLA_E_AUTH, "%s: the server says: %.*s", s->mech->name,
                (int)(text.len < 100 ? text.len : 100), text.ptr);
}

/* A mandatory extension ("m=") comes first and is one that we do not have (A07). */
static int read_first(struct sasl *s, struct slice in, struct server_first *out, mla_error *err)
{
    const struct scram *x = s->state;
    mla_str rounds;
    uint64_t n;

    if (take(&in, 'e', &rounds))
        return server_error(s, rounds, err);
    if (slice_peek(&in) == 'm')
        return bad(s, err, "the server demands an extension");
    if (!take(&in, 'r', &out->nonce) || !slice_take(&in, ',') || !take(&in, 's', &out->salt) ||
        !slice_take(&in, ',') || !take(&in, 'i', &rounds))
        return bad(s, err, "the server's first message cannot be read");
    if (out->nonce.len <= x->nonce_len || out->nonce.len > NONCE_MAX ||
        memcmp(out->nonce.ptr, x->nonce, x->nonce_len) != 0 || !is_printable(out->nonce))
        return bad(s, err, "the server's nonce does not continue ours");
    if (!num_parse(rounds.ptr, rounds.len, UINT32_MAX, &n))
        return bad(s, err, "the iteration count is no number");
    if (n < ROUNDS_MIN || n > ROUNDS_MAX)
        return fail(err, MLA_E_AUTH, "%s: an iteration count of %lu, not %d to %d", s->mech->name,
                    (unsigned long)n, ROUNDS_MIN, ROUNDS_MAX);
    out->rounds = (uint32_t)n;
    return 0;
}

/* --- keys (RFC 5802 section 3) --- */

/* SaltedPassword is begun. */
static int begin_salted(struct sasl *s, const struct server_first *f, mla_error *err)
{
    struct scram *x = s->state;
    struct buf password;
    struct buf salt;
    int rc;

    buf_init(&password, s->mem, SASL_RESPONSE_MAX);
    password.secret = 1;
    buf_init(&salt, s->mem, SALT_MAX);
    rc = saslprep(s->creds->password, SASLPREP_STORED, &password);
    if (rc != 0) {
        rc = fail(err, rc == MLA_E_NOMEM ? rc : MLA_E_ARG, "%s: the password cannot be prepared",
                  s->mech->name);
    } else {
        rc = sasl_base64_decode(&salt, (const uint8_t *)f->salt.ptr, f->salt.len);
        if (rc == MLA_E_NOMEM)
            fail(err, rc, "out of memory in %s", s->mech->name);
        else if (rc != 0 || salt.len == 0)
            rc = bad(s, err, "the salt cannot be read");
    }
    if (rc == 0)
        rc = crypt_derive_begin(&x->salted, hash_of(s->mech), password.ptr, password.len, salt.ptr,
                                salt.len, f->rounds);
    x->computes = rc == 0;
    buf_free(&password);
    buf_free(&salt);
    return rc;
}

/* ClientProof in proof, and what the server will have to prove in the state. */
static int prove(struct sasl *s, uint8_t *proof)
{
    struct scram *x = s->state;
    const uint8_t *password = x->salted.key;
    const struct buf *message = &x->message;
    int hash = hash_of(s->mech);
    size_t n = crypt_hash_len(hash);
    uint8_t key[CRYPT_HASH_MAX];
    uint8_t other[CRYPT_HASH_MAX];
    int rc = crypt_hmac(hash, password, n, "Client Key", 10, key);

    if (rc == 0)
        rc = crypt_hash(hash, key, n, other); /* StoredKey */
    if (rc == 0)
        rc = crypt_hmac(hash, other, n, message->ptr, message->len, proof); /* ClientSignature */
    for (size_t i = 0; i < n; i++)
        proof[i] ^= key[i];
    if (rc == 0)
        rc = crypt_hmac(hash, password, n, "Server Key", 10, key);
    if (rc == 0)
        rc = crypt_hmac(hash, key, n, message->ptr, message->len, x->server_signature);
    wipe(key, sizeof key);
    wipe(other, sizeof other);
    return rc;
}

/* --- steps --- */

static int make_nonce(struct sasl *s, mla_error *err)
{
    struct scram *x = s->state;
    uint8_t octets[NONCE_OCTETS];
    struct buf text;
    int rc;

    buf_init(&text, s->mem, NONCE_LEN);
    if (s->peer.nonce != NULL) {
        rc = buf_add_word(&text, s->peer.nonce);
    } else {
        rc = crypt_random(octets, sizeof octets);
        if (rc != 0)
            return fail(err, rc, "%s: no random octets", s->mech->name);
        rc = sasl_base64_add(&text, octets, sizeof octets);
    }
    x->nonce_len = text.len;
    if (text.len != 0)
        memcpy(x->nonce, text.ptr, text.len);
    buf_free(&text);
    return rc;
}

static int client_first(struct sasl *s, mla_error *err)
{
    int rc = make_nonce(s, err);

    if (rc == 0)
        rc = add_gs2(s, &s->out, err);
    return rc == 0 ? add_first_bare(s, &s->out, err) : rc;
}

/* AuthMessage; the server's part of it begins with "r=" and the nonces. */
static int make_auth_message(struct sasl *s, struct slice server, mla_str nonce, mla_error *err)
{
    struct scram *x = s->state;
    struct buf *out = &x->message;
    int rc;

    buf_init(out, s->mem, 2 * SASL_RESPONSE_MAX);
    rc = add_first_bare(s, out, err);
    buf_add_byte(out, ',');
    x->both_at = out->len + 2;
    x->both_len = nonce.len;
    buf_add(out, server.p, slice_left(&server));
    buf_add_byte(out, ',');
    return rc != 0 ? rc : add_final_bare(s, nonce, out, err);
}

/* client-final-message, or 1: later. */
static int client_final(struct sasl *s, mla_error *err)
{
    struct scram *x = s->state;
    uint8_t proof[CRYPT_HASH_MAX];
    mla_str nonce = {(const char *)x->message.ptr + x->both_at, x->both_len};
    size_t at;
    int rc = crypt_derive_run(&x->salted, ROUNDS_TURN);

    if (rc == 1)
        return 1;
    x->computes = 0;
    if (rc == 0)
        rc = prove(s, proof);
    if (rc == 0)
        rc = add_final_bare(s, nonce, &s->out, err);
    buf_add_word(&s->out, ",p=");
    at = s->out.len;
    if (rc == 0)
        rc = sasl_base64_add(&s->out, proof, crypt_hash_len(hash_of(s->mech)));
    if (rc == 0)
        s->digest = (mla_str){(char *)s->out.ptr + at, s->out.len - at};
    s->proof = rc == 0;
    wipe(proof, sizeof proof);
    buf_free(&x->message);
    crypt_derive_drop(&x->salted);
    return rc;
}

static int answer_first(struct sasl *s, struct slice in, mla_error *err)
{
    struct server_first f = {{NULL, 0}, {NULL, 0}, 0};
    int rc = read_first(s, in, &f, err);

    if (rc == 0)
        rc = make_auth_message(s, in, f.nonce, err);
    if (rc == 0)
        rc = begin_salted(s, &f, err);
    return rc == 0 ? client_final(s, err) : rc;
}

/* The time it takes does not tell how much of it is right (A04). */
static int is_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    unsigned differ = 0;

    for (size_t i = 0; i < n; i++)
        differ |= (unsigned)(a[i] ^ b[i]);
    return differ == 0;
}

/* server-final-message: "v=" and the signature, or "e=" and why not. */
static int verify(struct sasl *s, struct slice in, mla_error *err)
{
    const struct scram *x = s->state;
    size_t n = crypt_hash_len(hash_of(s->mech));
    struct buf got;
    mla_str text;
    int rc;

    if (take(&in, 'e', &text))
        return server_error(s, text, err);
    if (!take(&in, 'v', &text))
        return bad(s, err, "the server's last message cannot be read");
    buf_init(&got, s->mem, CRYPT_HASH_MAX);
    rc = sasl_base64_decode(&got, (const uint8_t *)text.ptr, text.len);
    if (rc == MLA_E_NOMEM)
        fail(err, rc, "out of memory in %s", s->mech->name);
    else if (rc != 0 || got.len != n || !is_equal(got.ptr, x->server_signature, n))
        rc = bad(s, err, "the server does not know the password: it may be another one");
    buf_free(&got);
    s->complete = rc == 0;
    return rc;
}

/* Errors that were not said in words yet. */
static int said(const struct sasl *s, int rc, mla_error *err)
{
    if (rc >= 0 || (err != NULL && err->code != 0))
        return rc;
    return fail(err, rc,
                rc == MLA_E_UNSUPPORTED ? "%s: this build does not have its hash"
                : rc == MLA_E_NOMEM     ? "out of memory in %s"
                                        : "%s failed",
                s->mech->name);
}

static int scram_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    struct scram *x = s->state;
    struct slice in = slice_of(challenge != NULL ? (const void *)challenge : "", len);

    if (x->computes)
        return challenge == NULL ? said(s, client_final(s, err), err)
                                 : bad(s, err, "a challenge before the answer to the last one");
    switch (x->stage++) {
    case STAGE_FIRST:
        return said(s, client_first(s, err), err);
    case STAGE_FINAL:
        return said(s, answer_first(s, in, err), err);
    case STAGE_VERIFY:
        return said(s, verify(s, in, err), err);
    default:
        x->stage = STAGE_OVER;
        return bad(s, err, "a challenge behind the last one");
    }
}

static void scram_over(struct sasl *s)
{
    struct scram *x = s->state;

    crypt_derive_drop(&x->salted);
    if (x->message.mem != NULL)
        buf_free(&x->message);
}

enum { FLAGS = SASL_INITIAL | SASL_PASSWORD | SASL_AUTHZID | SASL_MUTUAL | SASL_PREPARES };

#define MECHANISM(variable, name, flags)                                                           \
    const struct sasl_mech variable = {name,       flags, sizeof(struct scram),                    \
                                       scram_step, NULL,  scram_over}

MECHANISM(sasl_scram_sha1, "SCRAM-SHA-1", FLAGS);
MECHANISM(sasl_scram_sha256, "SCRAM-SHA-256", FLAGS);
MECHANISM(sasl_scram_sha512, "SCRAM-SHA-512", FLAGS);
MECHANISM(sasl_scram_sha1_plus, "SCRAM-SHA-1-PLUS", FLAGS | SASL_BINDS);
MECHANISM(sasl_scram_sha256_plus, "SCRAM-SHA-256-PLUS", FLAGS | SASL_BINDS);
MECHANISM(sasl_scram_sha512_plus, "SCRAM-SHA-512-PLUS", FLAGS | SASL_BINDS);
