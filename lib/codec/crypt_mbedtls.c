/* crypt_mbedtls.c - crypt.h over mbedTLS's PSA hashes, the one interface that 2.28, 3.6 and 4.x
 * share. HMAC is done here over plain hashes: the PSA key store, which psa_mac_* needs, is not
 * thread-safe in 2.28. */
#define _DEFAULT_SOURCE /* getentropy(), which POSIX.1-2008 does not have yet */

#include "codec/crypt.h"

#include "base/wipe.h"
#include "mailaccess/types.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include <psa/crypto.h>

enum { BLOCK_MAX = 128 };

struct hash_row {
    psa_algorithm_t alg;
    size_t len;
    size_t block;
};

/* A hash that has already eaten the inner and the outer block of an HMAC: each further HMAC with
 * the same key costs two blocks less (PBKDF2 makes thousands). */
struct hmac {
    psa_hash_operation_t inner;
    psa_hash_operation_t outer;
};

static pthread_once_t init_once = PTHREAD_ONCE_INIT;
static psa_status_t init_status;

static void init_run(void)
{
    init_status = psa_crypto_init();
}

int crypt_init(void)
{
    if (pthread_once(&init_once, init_run) != 0 || init_status != PSA_SUCCESS)
        return MLA_E_INTERNAL;
    return 0;
}

static int row_of(int hash, struct hash_row *out)
{
    static const struct hash_row rows[] = {
        {PSA_ALG_MD5, CRYPT_MD5_LEN, 64},         {PSA_ALG_SHA_1, CRYPT_SHA1_LEN, 64},
        {PSA_ALG_SHA_256, CRYPT_SHA256_LEN, 64},  {PSA_ALG_SHA_512, CRYPT_SHA512_LEN, 128},
        {PSA_ALG_SHA_384, CRYPT_SHA384_LEN, 128},
    };

    if (hash < CRYPT_MD5 || hash > CRYPT_SHA384)
        return MLA_E_UNSUPPORTED;
    *out = rows[hash - CRYPT_MD5];
    return crypt_init();
}

static int code_of(psa_status_t st)
{
    switch (st) {
    case PSA_SUCCESS:
        return 0;
    case PSA_ERROR_NOT_SUPPORTED:
        return MLA_E_UNSUPPORTED;
    case PSA_ERROR_INSUFFICIENT_MEMORY:
        return MLA_E_NOMEM;
    default:
        return MLA_E_INTERNAL;
    }
}

size_t crypt_hash_len(int hash)
{
    static const size_t lens[] = {CRYPT_MD5_LEN, CRYPT_SHA1_LEN, CRYPT_SHA256_LEN, CRYPT_SHA512_LEN,
                                  CRYPT_SHA384_LEN};

    return hash < CRYPT_MD5 || hash > CRYPT_SHA384 ? 0 : lens[hash - CRYPT_MD5];
}

/* PSA takes a NULL pointer for no octets in some versions only. */
static const uint8_t *octets(const void *p)
{
    static const uint8_t none[1];

    return p != NULL ? p : none;
}

static psa_status_t hash_run(const struct hash_row *r, const void *data, size_t len, uint8_t *out)
{
    psa_hash_operation_t op = PSA_HASH_OPERATION_INIT;
    psa_status_t st = psa_hash_setup(&op, r->alg);
    size_t n;

    if (st == PSA_SUCCESS)
        st = psa_hash_update(&op, octets(data), len);
    if (st == PSA_SUCCESS)
        st = psa_hash_finish(&op, out, r->len, &n);
    if (st != PSA_SUCCESS)
        (void)psa_hash_abort(&op); /* frees; the first error is the one to report */
    return st;
}

int crypt_hash(int hash, const void *data, size_t len, uint8_t *out)
{
    struct hash_row r;
    int rc = row_of(hash, &r);

    return rc != 0 ? rc : code_of(hash_run(&r, data, len, out));
}

/* --- in pieces --- */

_Static_assert(sizeof(psa_hash_operation_t) <= sizeof(((struct crypt_running *)0)->room),
               "a hash of the TLS library has no room");

static psa_hash_operation_t *running_op(struct crypt_running *r)
{
    return (psa_hash_operation_t *)(void *)r->room;
}

int crypt_begin(struct crypt_running *r, int hash)
{
    struct hash_row row;
    int rc = row_of(hash, &row);

    memset(r, 0, sizeof *r);
    if (rc == 0)
        rc = code_of(psa_hash_setup(running_op(r), row.alg));
    r->open = rc == 0;
    return rc;
}

void crypt_add(struct crypt_running *r, const void *data, size_t len)
{
    if (r->open && r->error == 0 && len != 0)
        r->error = code_of(psa_hash_update(running_op(r), data, len));
}

int crypt_end(struct crypt_running *r, uint8_t *out)
{
    int rc = r->open ? r->error : MLA_E_INTERNAL;
    size_t n;

    if (rc == 0)
        rc = code_of(psa_hash_finish(running_op(r), out, CRYPT_HASH_MAX, &n));
    crypt_drop(r);
    return rc;
}

void crypt_drop(struct crypt_running *r)
{
    if (r->open)
        (void)psa_hash_abort(running_op(r));
    memset(r, 0, sizeof *r);
}

static void hmac_free(struct hmac *h)
{
    (void)psa_hash_abort(&h->inner);
    (void)psa_hash_abort(&h->outer);
    wipe(h, sizeof *h);
}

static psa_status_t pad_start(psa_hash_operation_t *op, const struct hash_row *r,
                              const uint8_t *block, uint8_t with)
{
    uint8_t pad[BLOCK_MAX];
    psa_status_t st = psa_hash_setup(op, r->alg);

    for (size_t i = 0; i < r->block; i++)
        pad[i] = (uint8_t)(block[i] ^ with);
    if (st == PSA_SUCCESS)
        st = psa_hash_update(op, pad, r->block);
    wipe(pad, sizeof pad);
    return st;
}

static psa_status_t hmac_start(struct hmac *h, const struct hash_row *r, const void *key,
                               size_t key_len)
{
    uint8_t block[BLOCK_MAX] = {0};
    psa_status_t st = PSA_SUCCESS;

    memset(h, 0, sizeof *h);
    if (key_len > r->block)
        st = hash_run(r, key, key_len, block);
    else if (key_len != 0)
        memcpy(block, key, key_len);
    if (st == PSA_SUCCESS)
        st = pad_start(&h->inner, r, block, 0x36);
    if (st == PSA_SUCCESS)
        st = pad_start(&h->outer, r, block, 0x5c);
    wipe(block, sizeof block);
    if (st != PSA_SUCCESS)
        hmac_free(h);
    return st;
}

/* from, then up to two pieces, then the hash. */
static psa_status_t hmac_half(const psa_hash_operation_t *from, const struct hash_row *r,
                              const void *a, size_t a_len, const void *b, size_t b_len,
                              uint8_t *out)
{
    psa_hash_operation_t op = PSA_HASH_OPERATION_INIT;
    psa_status_t st = psa_hash_clone(from, &op);
    size_t n;

    if (st == PSA_SUCCESS)
        st = psa_hash_update(&op, octets(a), a_len);
    if (st == PSA_SUCCESS && b_len != 0)
        st = psa_hash_update(&op, octets(b), b_len);
    if (st == PSA_SUCCESS)
        st = psa_hash_finish(&op, out, r->len, &n);
    if (st != PSA_SUCCESS)
        (void)psa_hash_abort(&op);
    return st;
}

static psa_status_t hmac_run(const struct hmac *h, const struct hash_row *r, const void *a,
                             size_t a_len, const void *b, size_t b_len, uint8_t *out)
{
    uint8_t inner[CRYPT_HASH_MAX];
    psa_status_t st = hmac_half(&h->inner, r, a, a_len, b, b_len, inner);

    if (st == PSA_SUCCESS)
        st = hmac_half(&h->outer, r, inner, r->len, NULL, 0, out);
    wipe(inner, sizeof inner);
    return st;
}

int crypt_hmac(int hash, const void *key, size_t key_len, const void *data, size_t len,
               uint8_t *out)
{
    struct hash_row r;
    struct hmac h;
    psa_status_t st;
    int rc = row_of(hash, &r);

    if (rc != 0)
        return rc;
    st = hmac_start(&h, &r, key, key_len);
    if (st != PSA_SUCCESS)
        return code_of(st);
    st = hmac_run(&h, &r, data, len, NULL, 0, out);
    hmac_free(&h);
    return code_of(st);
}

struct derive {
    struct hmac hmac;
    struct hash_row row;
};

_Static_assert(sizeof(struct derive) <= sizeof(((struct crypt_derive *)0)->room),
               "two hashes of the TLS library have no room");

static struct derive *derive_of(struct crypt_derive *d)
{
    return (struct derive *)(void *)d->room;
}

int crypt_derive_begin(struct crypt_derive *d, int hash, const void *password, size_t password_len,
                       const void *salt, size_t salt_len, uint32_t rounds)
{
    static const uint8_t block_one[4] = {0, 0, 0, 1};
    struct derive *x = derive_of(d);
    psa_status_t st;
    int rc;

    memset(d, 0, sizeof *d);
    rc = row_of(hash, &x->row);
    if (rc != 0)
        return rc;
    st = hmac_start(&x->hmac, &x->row, password, password_len);
    if (st != PSA_SUCCESS)
        return code_of(st);
    d->open = 1;
    d->left = rounds - 1;
    st = hmac_run(&x->hmac, &x->row, salt, salt_len, block_one, sizeof block_one, d->last);
    memcpy(d->key, d->last, x->row.len);
    return code_of(st);
}

int crypt_derive_run(struct crypt_derive *d, uint32_t most)
{
    const struct derive *x = derive_of(d);
    psa_status_t st = d->open ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;

    for (; d->left != 0 && most != 0 && st == PSA_SUCCESS; d->left--, most--) {
        st = hmac_run(&x->hmac, &x->row, d->last, x->row.len, NULL, 0, d->last);
        for (size_t k = 0; k < x->row.len; k++)
            d->key[k] ^= d->last[k];
    }
    return st == PSA_SUCCESS ? d->left != 0 : code_of(st);
}

void crypt_derive_drop(struct crypt_derive *d)
{
    if (d->open)
        hmac_free(&derive_of(d)->hmac);
    wipe(d, sizeof *d);
}

int crypt_random(void *out, size_t len)
{
    uint8_t *p = out;

    while (len != 0) {
        size_t n = len < 256 ? len : 256; /* getentropy() gives no more in one call */

        if (getentropy(p, n) != 0)
            return MLA_E_INTERNAL;
        p += n;
        len -= n;
    }
    return 0;
}
