/* reader_tls.c - the limit for a client with TLS: mbedtls_ssl_read() into one buffer. */
#include "reader.h"

#include <errno.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>

static unsigned char buffer[READER_BUFFER];

static int tls_send(void *ctx, const unsigned char *p, size_t n)
{
    ssize_t k = send(*(int *)ctx, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (k < 0)
        return errno == EAGAIN ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    return (int)k;
}

static int tls_recv(void *ctx, unsigned char *p, size_t n)
{
    ssize_t k = recv(*(int *)ctx, p, n, 0);

    return k < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)k;
}

static void start_tls(struct reader *r, mbedtls_ssl_context *ssl)
{
    static mbedtls_entropy_context entropy;
    static mbedtls_ctr_drbg_context drbg;
    static mbedtls_ssl_config conf;
    int rc;

    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&conf);
    mbedtls_ssl_init(ssl);
    rc = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0);
    if (rc == 0)
        rc = mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                         MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &drbg);
    mbedtls_ssl_conf_authmode(&conf, MBEDTLS_SSL_VERIFY_NONE);
    if (rc == 0)
        rc = mbedtls_ssl_setup(ssl, &conf);
    if (rc == 0)
        rc = mbedtls_ssl_set_hostname(ssl, "localhost");
    mbedtls_ssl_set_bio(ssl, &r->fd, tls_send, tls_recv, NULL);
    if (rc == 0)
        rc = mbedtls_ssl_handshake(ssl);
    if (rc != 0)
        bench_die("reader_tls", "handshake failed");
}

int main(int argc, char **argv)
{
    static mbedtls_ssl_context ssl;
    struct reader r;
    const unsigned char *p;

    bench_args(&r.b, argc, argv);
    reader_commands(&r);
    reader_connect(&r);
    start_tls(&r, &ssl);
    p = (const unsigned char *)r.commands;
    for (;;) {
        int n = r.left > 0 ? mbedtls_ssl_write(&ssl, p, r.left < 4096 ? r.left : 4096) : 0;

        if (n > 0) {
            p += n;
            r.left -= (size_t)n;
        }
        n = mbedtls_ssl_read(&ssl, buffer, sizeof buffer);
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
        if (n == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
            continue;
#endif
        if (n <= 0)
            break;
        r.b.octets += (uint64_t)n;
    }
    free(r.commands);
    close(r.fd);
    return bench_done(&r.b);
}
