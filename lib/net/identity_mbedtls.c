/* identity_mbedtls.c - the certificate and key that say who we are (RFC 8446 section 4.4.2, SASL
 * EXTERNAL). The texts are kept, and parsed for each connection: a key changes while it signs, so
 * no two threads may share a parsed one. */
#include "net/tls_mbedtls.h"

#include "base/fail.h"

#include <string.h>

struct tls_identity {
    const struct mem *mem;
    char *cert; /* each with a NUL behind it, which mbedTLS wants of PEM */
    size_t cert_len;
    char *key;
    size_t key_len;
    char *password; /* or NULL */
};

#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && MBEDTLS_VERSION_NUMBER < 0x04000000
static int random_octets(void *arg, unsigned char *p, size_t n)
{
    (void)arg;
    return crypt_random(p, n) == 0 ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}
#define RANDOM , random_octets, NULL
#else
#define RANDOM
#endif

static int parse_key(const struct tls_identity *id, mbedtls_pk_context *key)
{
    const unsigned char *password = (const unsigned char *)id->password;

    return mbedtls_pk_parse_key(key, (const unsigned char *)id->key, id->key_len + 1, password,
                                password != NULL ? strlen(id->password) : 0 RANDOM);
}

static int parse_cert(const struct tls_identity *id, mbedtls_x509_crt *cert)
{
    return mbedtls_x509_crt_parse(cert, (const unsigned char *)id->cert, id->cert_len + 1);
}

/* Refuses what cannot work when the caller hands it over, not at some handshake later. */
static int check(const struct tls_identity *id, mla_error *err)
{
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
    int code;
    int rc = 0;

    if (crypt_init() != 0)
        return fail(err, MLA_E_TLS, "the TLS library's cryptography cannot be started");
    mbedtls_x509_crt_init(&cert);
    mbedtls_pk_init(&key);
    if ((code = parse_cert(id, &cert)) != 0)
        rc = tls_is_nomem(code)
                 ? fail(err, MLA_E_NOMEM, "out of memory")
                 : fail_tls(err, MLA_E_ARG, code, "the client certificate cannot be read");
    else if ((code = parse_key(id, &key)) != 0)
        rc = fail_tls(err, MLA_E_ARG, code,
                      "the key of the client certificate cannot be read, or not by this password");
    else if ((code = mbedtls_pk_check_pair(&cert.pk, &key RANDOM)) != 0)
        rc = fail_tls(err, MLA_E_ARG, code, "the client certificate has another key");
    mbedtls_pk_free(&key);
    mbedtls_x509_crt_free(&cert);
    return rc;
}

int tls_identity_new(const struct mem *mem, const void *cert, size_t cert_len, const void *key,
                     size_t key_len, const char *password, struct tls_identity **out,
                     mla_error *err)
{
    struct tls_identity *id = mem_zero(mem, sizeof *id);
    int rc;

    if (id == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    id->mem = mem;
    id->cert = mem_dup(mem, cert, cert_len);
    id->cert_len = cert_len;
    id->key = mem_dup(mem, key, key_len);
    id->key_len = key_len;
    if (password != NULL)
        id->password = mem_dup(mem, password, strlen(password));
    if (id->cert == NULL || id->key == NULL || (password != NULL && id->password == NULL))
        rc = fail(err, MLA_E_NOMEM, "out of memory");
    else
        rc = check(id, err);
    if (rc != 0) {
        tls_identity_free(id);
        return rc;
    }
    *out = id;
    return 0;
}

void tls_identity_free(struct tls_identity *id)
{
    if (id == NULL)
        return;
    mem_free(id->mem, id->cert);
    if (id->key != NULL)
        mem_free_secret(id->mem, id->key, id->key_len);
    if (id->password != NULL)
        mem_free_secret(id->mem, id->password, strlen(id->password));
    mem_free(id->mem, id);
}

int identity_set_up(struct tls *t, mbedtls_ssl_config *conf)
{
    struct tls_own *own = mem_zero(t->mem, sizeof *own);
    int code;

    if (own == NULL)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    mbedtls_x509_crt_init(&own->cert);
    mbedtls_pk_init(&own->key);
    t->setup->own = own;
    code = parse_cert(t->setup->opt.identity, &own->cert);
    if (code == 0)
        code = parse_key(t->setup->opt.identity, &own->key);
    return code != 0 ? code : mbedtls_ssl_conf_own_cert(conf, &own->cert, &own->key);
}

void identity_free(const struct mem *mem, struct tls_own *own)
{
    if (own == NULL)
        return;
    mbedtls_x509_crt_free(&own->cert);
    mbedtls_pk_free(&own->key);
    mem_free_secret(mem, own, sizeof *own);
}
