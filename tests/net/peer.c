/* peer.c - see peer.h */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#define MBEDTLS_ALLOW_PRIVATE_ACCESS /* ext_types, see below */
#include <mbedtls/version.h>

#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/x509_crt.h>

#include "codec/crypt.h"

/* Not public, but there. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000
int mbedtls_ssl_write_record(mbedtls_ssl_context *ssl, uint8_t force_flush);
#else
int mbedtls_ssl_write_record(mbedtls_ssl_context *ssl, int force_flush);
#endif

enum { PATIENCE_S = 20 };

const char *peer_certs;

struct peer_tls {
    const char *alpn[3];
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config conf;
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
    mbedtls_x509_crt root;
};

struct peer_memory {
    int tickets;
    int mad;
    mbedtls_ssl_cache_context cache;
    mbedtls_ssl_ticket_context sealer;
};

static void *peer_run(void *arg)
{
    struct peer *p = arg;

    p->script(p);
    peer_close(p, 0);
    return NULL;
}

int peer_start(struct peer *p, void (*script)(struct peer *p), int family)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr *addr = family == 6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t len = family == 6 ? sizeof six : sizeof four;

    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->script = script;
    p->fd = -1;
    p->listen_fd = socket(addr->sa_family, SOCK_STREAM, 0);
    if (p->receive_buffer != 0)
        (void)setsockopt(p->listen_fd, SOL_SOCKET, SO_RCVBUF, &p->receive_buffer,
                         sizeof p->receive_buffer);
    if (p->listen_fd < 0 || bind(p->listen_fd, addr, len) != 0 || listen(p->listen_fd, 4) != 0 ||
        getsockname(p->listen_fd, addr, &len) != 0)
        return -1;
    p->port = ntohs(family == 6 ? six.sin6_port : four.sin_port);
    return pthread_create(&p->thread, NULL, peer_run, p);
}

int peer_dial(const struct peer *p)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)p->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)connect(fd, (struct sockaddr *)&addr, sizeof addr);
    return fd;
}

int peer_has_old_tls(void)
{
    return MBEDTLS_VERSION_NUMBER < 0x03000000;
}

int peer_has_weak_curves(void)
{
    return MBEDTLS_VERSION_NUMBER < 0x04000000;
}

static void tls_free(struct peer *p)
{
    if (p->tls == NULL)
        return;
    mbedtls_ssl_free(&p->tls->ssl);
    mbedtls_ssl_config_free(&p->tls->conf);
    mbedtls_x509_crt_free(&p->tls->cert);
    mbedtls_pk_free(&p->tls->key);
    mbedtls_x509_crt_free(&p->tls->root);
    free(p->tls);
    p->tls = NULL;
}

void peer_stop(struct peer *p)
{
    pthread_join(p->thread, NULL);
    peer_close(p, 0);
    if (p->listen_fd >= 0)
        close(p->listen_fd);
    p->listen_fd = -1;
}

int peer_accept(struct peer *p)
{
    const int at_once = 1;
    struct timeval patience = {PATIENCE_S, 0};
    struct pollfd waiting = {p->listen_fd, POLLIN, 0};

    if (poll(&waiting, 1, PATIENCE_S * 1000) != 1)
        return 0;
    p->fd = accept(p->listen_fd, NULL, NULL);
    if (p->fd < 0)
        return 0;
    setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    return 1;
}

int peer_send(struct peer *p, const void *data, size_t n)
{
    const unsigned char *at = data;

    while (n != 0) {
        long put = p->tls != NULL ? mbedtls_ssl_write(&p->tls->ssl, at, n)
                                  : send(p->fd, at, n, MSG_NOSIGNAL);

        if (put <= 0)
            return 0;
        at += put;
        n -= (size_t)put;
    }
    return 1;
}

int peer_say(struct peer *p, const char *text)
{
    return peer_send(p, text, strlen(text));
}

long peer_read(struct peer *p, void *to, size_t n)
{
    long got;

    if (p->tls == NULL)
        return recv(p->fd, to, n, 0);
    do /* it waits in below_recv(): this is a record that held nothing */
        got = mbedtls_ssl_read(&p->tls->ssl, to, n);
    while (got == MBEDTLS_ERR_SSL_WANT_READ);
    return got;
}

int peer_line(struct peer *p)
{
    size_t at = 0;

    while (at < sizeof p->line - 1) {
        if (peer_read(p, p->line + at, 1) != 1)
            return 0;
        if (p->line[at] == '\n')
            break;
        at++;
    }
    p->line[at] = '\0';
    return 1;
}

int peer_wait_close(struct peer *p)
{
    char sink[4096];
    long n;

    while ((n = peer_read(p, sink, sizeof sink)) > 0)
        p->octets += (size_t)n;
    return p->tls != NULL ? n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY : n == 0;
}

static int below_send(void *arg, const unsigned char *data, size_t n)
{
    struct peer *p = arg;
    ssize_t put = send(p->fd, data, n, MSG_NOSIGNAL);

    return put >= 0 ? (int)put : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int below_recv(void *arg, unsigned char *to, size_t n)
{
    struct peer *p = arg;
    ssize_t got = recv(p->fd, to, n, 0);

    return got >= 0 ? (int)got : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

#if MBEDTLS_VERSION_NUMBER < 0x04000000
static int random_octets(void *arg, unsigned char *to, size_t n)
{
    (void)arg;
    return crypt_random(to, n);
}
#endif

static int on_sni(void *arg, mbedtls_ssl_context *ssl, const unsigned char *name, size_t n)
{
    struct peer *p = arg;

    (void)ssl;
    snprintf(p->sni, sizeof p->sni, "%.*s", (int)n, (const char *)name);
    return 0;
}

static int read_key(mbedtls_pk_context *key, const char *path)
{
#if MBEDTLS_VERSION_NUMBER >= 0x04000000 || MBEDTLS_VERSION_NUMBER < 0x03000000
    return mbedtls_pk_parse_keyfile(key, path, NULL);
#else
    return mbedtls_pk_parse_keyfile(key, path, NULL, random_octets, NULL);
#endif
}

static int any_extension(void *arg, const mbedtls_x509_crt *crt, const mbedtls_x509_buf *oid,
                         int critical, const unsigned char *p, const unsigned char *end)
{
    (void)arg, (void)crt, (void)oid, (void)critical, (void)p, (void)end;
    return 0;
}

/* The chain in a PEM file, with whatever is wrong about it. */
static int read_chain(mbedtls_x509_crt *chain, const char *path)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    static const char end[] = "-----END CERTIFICATE-----";
    char text[65536];
    FILE *f = fopen(path, "r");
    unsigned char *at = (unsigned char *)text;
    int rc = -1;

    if (f == NULL)
        return -1;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    while (strstr((char *)at, begin) != NULL) {
        mbedtls_pem_context pem;
        size_t used = 0;

        mbedtls_pem_init(&pem);
        rc = mbedtls_pem_read_buffer(&pem, begin, end, at, NULL, 0, &used);
        if (rc == 0)
            rc = mbedtls_x509_crt_parse_der_with_ext_cb(chain, pem.buf, pem.buflen, 1,
                                                        any_extension, NULL);
        mbedtls_pem_free(&pem);
        if (rc != 0)
            break;
        at += used;
    }
    return rc;
}

struct peer_memory *peer_memory_new(int tickets)
{
    struct peer_memory *m = calloc(1, sizeof *m);
    int rc = crypt_init();

    if (m == NULL || rc != 0)
        abort();
    m->tickets = tickets;
    mbedtls_ssl_cache_init(&m->cache);
    mbedtls_ssl_ticket_init(&m->sealer);
#if MBEDTLS_VERSION_NUMBER >= 0x04000000
    rc = mbedtls_ssl_ticket_setup(&m->sealer, PSA_ALG_GCM, PSA_KEY_TYPE_AES, 256, 3600);
#else
    rc =
        mbedtls_ssl_ticket_setup(&m->sealer, random_octets, NULL, MBEDTLS_CIPHER_AES_256_GCM, 3600);
#endif
    if (rc != 0)
        abort();
    return m;
}

struct peer_memory *peer_memory_mad(void)
{
    struct peer_memory *m = peer_memory_new(1);

    m->mad = 1;
    return m;
}

static int mad_write(void *arg, const mbedtls_ssl_session *session, unsigned char *start,
                     const unsigned char *end, size_t *out_len, uint32_t *out_lifetime)
{
    (void)arg, (void)session;
    *out_len = 200 < end - start ? 200 : (size_t)(end - start);
    *out_lifetime = 3600;
    return crypt_random(start, *out_len);
}

static int mad_parse(void *arg, mbedtls_ssl_session *session, unsigned char *p, size_t len)
{
    (void)arg, (void)session, (void)p, (void)len;
    return MBEDTLS_ERR_SSL_INVALID_MAC;
}

void peer_memory_free(struct peer_memory *m)
{
    mbedtls_ssl_cache_free(&m->cache);
    mbedtls_ssl_ticket_free(&m->sealer);
    free(m);
}

int peer_newest_tls(void)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_SSL_PROTO_TLS1_3)
    return 13;
#else
    return 12;
#endif
}

static void remember(struct peer_tls *t, struct peer_memory *m)
{
    if (m == NULL)
        return;
    if (m->mad)
        mbedtls_ssl_conf_session_tickets_cb(&t->conf, mad_write, mad_parse, NULL);
    else if (m->tickets)
        mbedtls_ssl_conf_session_tickets_cb(&t->conf, mbedtls_ssl_ticket_write,
                                            mbedtls_ssl_ticket_parse, &m->sealer);
    else
        mbedtls_ssl_conf_session_cache(&t->conf, &m->cache, mbedtls_ssl_cache_get,
                                       mbedtls_ssl_cache_set);
}

/* The root is of the same make as the server's own. */
static int ask_client(struct peer_tls *t)
{
    char path[512];
    int rc;

    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    rc = mbedtls_x509_crt_parse_file(&t->root, path);
    mbedtls_ssl_conf_ca_chain(&t->conf, &t->root, NULL);
    mbedtls_ssl_conf_authmode(&t->conf, MBEDTLS_SSL_VERIFY_OPTIONAL);
    return rc;
}

static void limit(const struct peer *p, struct peer_tls *t)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && defined(MBEDTLS_SSL_PROTO_TLS1_3)
    if (p->max_tls == 12)
        mbedtls_ssl_conf_max_tls_version(&t->conf, MBEDTLS_SSL_VERSION_TLS1_2);
    if (p->many_tickets != 0)
        mbedtls_ssl_conf_new_session_tickets(&t->conf, (uint16_t)p->many_tickets);
#endif
#if defined(MBEDTLS_SSL_EXTENDED_MASTER_SECRET)
    if (p->plain_secret)
        mbedtls_ssl_conf_extended_master_secret(&t->conf, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
#endif
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    if (p->renegotiates) {
        mbedtls_ssl_conf_renegotiation(&t->conf, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
        mbedtls_ssl_conf_renegotiation_enforced(&t->conf, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
    }
#endif
    (void)p;
    (void)t;
}

int peer_hello_requests(struct peer *p, int n)
{
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    while (n-- > 0 && mbedtls_ssl_renegotiate(&p->tls->ssl) == 0)
        ;
    return 1;
#else
    (void)p;
    (void)n;
    return 0;
#endif
}

void peer_handshake_messages(struct peer *p, int type, const void *body, size_t len, int n)
{
    mbedtls_ssl_context *ssl = &p->tls->ssl;

    for (int rc = 0; n > 0 && rc == 0; n--) {
        ssl->out_msgtype = MBEDTLS_SSL_MSG_HANDSHAKE;
        ssl->out_msg[0] = (unsigned char)type;
        ssl->out_msg[1] = 0;
        ssl->out_msg[2] = (unsigned char)(len >> 8);
        ssl->out_msg[3] = (unsigned char)len;
        memcpy(ssl->out_msg + 4, body, len);
        ssl->out_msglen = 4 + len;
        rc = mbedtls_ssl_write_record(ssl, 1);
    }
}

/* The name is put in where mbedTLS has chosen one of the client's. */
static int handshake(const struct peer *p)
{
    mbedtls_ssl_context *ssl = &p->tls->ssl;
    int rc = 0;

    if (p->forced_alpn == NULL)
        return mbedtls_ssl_handshake(ssl);
    while (rc == 0 && ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER) {
#if MBEDTLS_VERSION_NUMBER < 0x03000000
        if (ssl->state == MBEDTLS_SSL_SERVER_HELLO)
#else
        if (ssl->state == MBEDTLS_SSL_SERVER_HELLO ||
            ssl->state == MBEDTLS_SSL_ENCRYPTED_EXTENSIONS)
#endif
            ssl->alpn_chosen = p->forced_alpn;
        rc = mbedtls_ssl_handshake_step(ssl);
    }
    return rc;
}

static int tls_new(struct peer *p)
{
    struct peer_tls *t = calloc(1, sizeof *t);
    const char *name = p->cert != NULL ? p->cert : "right";
    char path[512];
    int rc;

    if (t == NULL)
        return -1;
    p->tls = t;
    mbedtls_ssl_init(&t->ssl);
    mbedtls_ssl_config_init(&t->conf);
    mbedtls_x509_crt_init(&t->cert);
    mbedtls_pk_init(&t->key);
    mbedtls_x509_crt_init(&t->root);
    rc = crypt_init();
    snprintf(path, sizeof path, "%s/%s.pem", peer_certs, name);
    if (rc == 0)
        rc = read_chain(&t->cert, path);
    snprintf(path, sizeof path, "%s/%s.key", peer_certs, name);
    if (rc == 0)
        rc = read_key(&t->key, path);
    /* A server of mbedTLS would not show a certificate that is not meant for servers: let it
     * believe that nothing is said about it. The octets it sends stay the same. */
    t->cert.ext_types = 0;
    if (rc == 0)
        rc = mbedtls_ssl_config_defaults(&t->conf, MBEDTLS_SSL_IS_SERVER,
                                         MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (rc != 0)
        return rc;
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_ssl_conf_rng(&t->conf, random_octets, NULL);
#endif
    limit(p, t);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    if (p->max_tls == 10 || p->max_tls == 11)
        mbedtls_ssl_conf_max_version(&t->conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                     p->max_tls == 10 ? MBEDTLS_SSL_MINOR_VERSION_1
                                                      : MBEDTLS_SSL_MINOR_VERSION_2);
#endif
    remember(t, p->memory);
    if (p->asks_client)
        rc = ask_client(t);
    if (rc != 0)
        return rc;
    mbedtls_ssl_conf_sni(&t->conf, on_sni, p);
    t->alpn[0] = p->alpn != NULL ? p->alpn : "imap";
    t->alpn[1] = p->alpn != NULL ? NULL : "pop3";
    if (t->alpn[0][0] != '\0')
        rc = mbedtls_ssl_conf_alpn_protocols(&t->conf, t->alpn);
    if (rc == 0)
        rc = mbedtls_ssl_conf_own_cert(&t->conf, &t->cert, &t->key);
    if (rc == 0)
        rc = mbedtls_ssl_setup(&t->ssl, &t->conf);
    mbedtls_ssl_set_bio(&t->ssl, p, below_send, below_recv, NULL);
    return rc;
}

int peer_tls(struct peer *p)
{
    const char *alpn;
    int rc = tls_new(p);

    if (rc == 0)
        rc = handshake(p);
    p->handshake = rc;
    if (rc != 0) {
        tls_free(p);
        return 0;
    }
    if (mbedtls_ssl_get_peer_cert(&p->tls->ssl) != NULL &&
        mbedtls_ssl_get_verify_result(&p->tls->ssl) == 0)
        mbedtls_x509_dn_gets(p->client, sizeof p->client,
                             &mbedtls_ssl_get_peer_cert(&p->tls->ssl)->subject);
    alpn = mbedtls_ssl_get_alpn_protocol(&p->tls->ssl);
    p->alpn_is_imap = alpn != NULL && strcmp(alpn, "imap") == 0;
    return 1;
}

void peer_close(struct peer *p, int clean)
{
    if (p->tls != NULL && clean)
        mbedtls_ssl_close_notify(&p->tls->ssl);
    tls_free(p);
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

void peer_nap(int ms)
{
    (void)poll(NULL, 0, ms);
}
