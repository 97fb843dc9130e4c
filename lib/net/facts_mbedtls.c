/* facts_mbedtls.c - what there is to tell of a connection that is up: version, suite, protocol, and
 * what ties a log-in to it. */
#include "net/tls_mbedtls.h"

#include <string.h>

int tls_verified(const struct stream *s)
{
    const struct tls *t = (const struct tls *)s;

    return t->up && t->verified;
}

int tls_resumed(const struct stream *s)
{
    return ((const struct tls *)s)->resumed;
}

const char *tls_alpn(const struct stream *s)
{
#if defined(MBEDTLS_SSL_ALPN)
    const char *name = mbedtls_ssl_get_alpn_protocol(&((const struct tls *)s)->ssl);

    return name != NULL ? name : "";
#else
    (void)s;
    return "";
#endif
}

const char *tls_version(const struct stream *s)
{
    return mbedtls_ssl_get_version(&((const struct tls *)s)->ssl);
}

const char *tls_cipher(const struct stream *s)
{
    const char *name = mbedtls_ssl_get_ciphersuite(&((const struct tls *)s)->ssl);

    return name != NULL ? name : "";
}

/* RFC 9266 section 2. TLS 1.2 has it as well, with the extended master secret, which 2.28 does not
 * tell of; there the end point has to do. */
static int exporter(struct tls *t, uint8_t out[TLS_BINDING_MAX], size_t *out_len)
{
#if HAVE_TLS13 && defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)
    static const char label[] = "EXPORTER-Channel-Binding";
    enum { LEN = 32 };

    if (mbedtls_ssl_get_version_number(&t->ssl) != MBEDTLS_SSL_VERSION_TLS1_3)
        return MLA_E_UNSUPPORTED;
    if (mbedtls_ssl_export_keying_material(&t->ssl, out, LEN, label, sizeof label - 1,
                                           (const unsigned char *)"", 0, 1) != 0)
        return MLA_E_INTERNAL;
    *out_len = LEN;
    return 0;
#else
    (void)t;
    (void)out;
    (void)out_len;
    return MLA_E_UNSUPPORTED;
#endif
}

/* RFC 5929 section 3: the first Finished message of the handshake, which is ours, or the server's
 * where an earlier session was taken up. Without the extended master secret somebody in between can
 * make two connections that have the same one (RFC 7627 section 1). */
static int unique(struct tls *t, uint8_t out[TLS_BINDING_MAX], size_t *out_len)
{
#if HAVE_UNIQUE
    const char *p = t->resumed ? t->ssl.peer_verify_data : t->ssl.own_verify_data;

    if (!t->extended_ms || t->ssl.verify_data_len == 0 || t->ssl.verify_data_len > TLS_BINDING_MAX)
        return MLA_E_UNSUPPORTED;
    memcpy(out, p, t->ssl.verify_data_len);
    *out_len = t->ssl.verify_data_len;
    return 0;
#else
    (void)t;
    (void)out;
    (void)out_len;
    return MLA_E_UNSUPPORTED;
#endif
}

int tls_binding(struct stream *s, int kind, uint8_t out[TLS_BINDING_MAX], size_t *out_len)
{
    struct tls *t = (struct tls *)s;

    *out_len = 0;
    if (!t->up)
        return MLA_E_STATE;
    if (kind == TLS_BINDING_EXPORTER)
        return exporter(t, out, out_len);
    if (kind == TLS_BINDING_UNIQUE)
        return unique(t, out, out_len);
    if (t->chain->end_point_len == 0)
        return MLA_E_UNSUPPORTED;
    memcpy(out, t->chain->end_point, t->chain->end_point_len);
    *out_len = t->chain->end_point_len;
    return 0;
}
