/* idle_bare.c - the limit: connections of mbedTLS and nothing else, which share one configuration
 * with the roots, verify the certificate, and have read the greeting. See idle.h. */
#define _GNU_SOURCE

#include "idle.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

static int tls_send(void *ctx, const unsigned char *p, size_t n)
{
    return (int)send((int)(intptr_t)ctx, p, n, MSG_NOSIGNAL);
}

static int tls_recv(void *ctx, unsigned char *p, size_t n)
{
    return (int)recv((int)(intptr_t)ctx, p, n, 0);
}

static void check(int rc, const char *what)
{
    char text[64];

    if (rc >= 0)
        return;
    snprintf(text, sizeof text, "-0x%x", (unsigned)-rc);
    idle_die(what, text);
}

static int dial(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        idle_die("idle_bare", "cannot connect");
    return fd;
}

int main(int argc, char **argv)
{
    static mbedtls_entropy_context entropy;
    static mbedtls_ctr_drbg_context drbg;
    static mbedtls_ssl_config conf;
    static mbedtls_x509_crt roots;
    unsigned char greeting[2048];
    struct idle idle;

    idle_begin(&idle, argc, argv);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&conf);
    mbedtls_x509_crt_init(&roots);
    check(mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
    check(idle.tls ? mbedtls_x509_crt_parse_file(&roots, idle.ca) : 0, idle.ca);
    check(mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT),
          "configuration");
    mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &drbg);
    mbedtls_ssl_conf_ca_chain(&conf, &roots, NULL);
    idle_start(&idle);
    for (unsigned i = 0; i < idle.count; i++) {
        int fd = dial(idle.port);
        mbedtls_ssl_context *ssl;

        if (!idle.tls) {
            check((int)recv(fd, greeting, sizeof greeting, 0), "greeting");
            continue;
        }
        ssl = malloc(sizeof *ssl); /* both stay until the end */
        if (ssl == NULL)
            return 1;
        mbedtls_ssl_init(ssl);
        check(mbedtls_ssl_setup(ssl, &conf), "set-up");
        check(mbedtls_ssl_set_hostname(ssl, "localhost"), "name");
        mbedtls_ssl_set_bio(ssl, (void *)(intptr_t)fd, tls_send, tls_recv, NULL);
        check(mbedtls_ssl_handshake(ssl), "handshake");
        check(mbedtls_ssl_read(ssl, greeting, sizeof greeting), "greeting");
    }
    idle_tell(&idle);
    putchar('\n');
    return 0;
}
