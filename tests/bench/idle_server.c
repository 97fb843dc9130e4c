/* idle_server.c - an IMAP server for thousands of sessions that idle, in one thread.
 *
 *     idle_server STILL NEWS [CERT KEY]
 *
 * It prints its port. Any log-in is right, each mailbox has three messages. After a line on its
 * standard input each session that idles is told "* OK Still here" every STILL seconds and of a new
 * message every NEWS seconds (0: never), the sessions one after the other. It ends when its
 * standard input does. */
#define _GNU_SOURCE /* accept4, strcasestr */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#define CAPABILITIES                                                                               \
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES "        \
    "THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN "        \
    "NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES "       \
    "WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW "           \
    "STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE"

enum { MOST = 16384, TICK_MS = 20 };

struct peer {
    int fd;
    mbedtls_ssl_context *ssl; /* NULL: plain */
    int up;
    int idles;
    unsigned exists;
    char idle_tag[32];
    char in[512];
    size_t len;
    size_t at; /* in peers */
};

static struct peer *peers[MOST];
static size_t peer_count;
static mbedtls_ssl_config conf;
static int have_tls;
static int loop;

static int tls_send(void *ctx, const unsigned char *p, size_t n)
{
    ssize_t k = send(((struct peer *)ctx)->fd, p, n, MSG_NOSIGNAL);

    return k < 0 ? MBEDTLS_ERR_SSL_WANT_WRITE : (int)k;
}

static int tls_recv(void *ctx, unsigned char *p, size_t n)
{
    ssize_t k = recv(((struct peer *)ctx)->fd, p, n, MSG_DONTWAIT);

    return k < 0 ? MBEDTLS_ERR_SSL_WANT_READ : (int)k;
}

static void say(struct peer *p, const char *text)
{
    size_t n = strlen(text);

    if (p->ssl != NULL)
        (void)mbedtls_ssl_write(p->ssl, (const unsigned char *)text, n);
    else
        (void)!send(p->fd, text, n, MSG_NOSIGNAL);
}

static void gone(struct peer *p)
{
    close(p->fd);
    if (p->ssl != NULL) {
        mbedtls_ssl_free(p->ssl);
        free(p->ssl);
    }
    peers[p->at] = peers[--peer_count];
    peers[p->at]->at = p->at;
    free(p);
}

static void finish(struct peer *p, const char *line, const char *what)
{
    char text[1024];

    snprintf(text, sizeof text, "%.*s OK %s\r\n", (int)strcspn(line, " "), line, what);
    say(p, text);
}

static void command(struct peer *p, const char *line)
{
    const char *verb = line + strcspn(line, " ");

    if (strcasecmp(line, "DONE") == 0) {
        p->idles = 0;
        finish(p, p->idle_tag, "Idle completed.");
    } else if (strcasestr(verb, " IDLE") == verb) {
        snprintf(p->idle_tag, sizeof p->idle_tag, "%.*s", (int)(verb - line), line);
        p->idles = 1;
        say(p, "+ idling\r\n");
    } else if (strcasestr(verb, " CAPABILITY") == verb) {
        say(p, "* CAPABILITY " CAPABILITIES " AUTH=PLAIN\r\n");
        finish(p, line, "done");
    } else if (strcasestr(verb, " AUTHENTICATE") == verb || strcasestr(verb, " LOGIN") == verb) {
        finish(p, line, "[CAPABILITY " CAPABILITIES "] Logged in");
    } else if (strcasestr(verb, " SELECT") == verb || strcasestr(verb, " EXAMINE") == verb) {
        say(p, "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $MDNSent)\r\n"
               "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded "
               "$MDNSent \\*)] Flags permitted.\r\n* 3 EXISTS\r\n* 0 RECENT\r\n"
               "* OK [UIDVALIDITY 1700000000] UIDs valid\r\n* OK [UIDNEXT 4] Predicted\r\n"
               "* OK [HIGHESTMODSEQ 5] Highest\r\n");
        finish(p, line, "[READ-WRITE] Select completed");
    } else {
        finish(p, line, "done");
    }
}

/* 1 while there is more; 0: none now; -1: the end. */
static int take(struct peer *p)
{
    ssize_t n;

    if (p->ssl != NULL && !p->up) {
        int rc = mbedtls_ssl_handshake(p->ssl);

        if (rc == MBEDTLS_ERR_SSL_WANT_READ || rc == MBEDTLS_ERR_SSL_WANT_WRITE)
            return 0;
        if (rc != 0)
            return -1;
        p->up = 1;
        say(p, "* OK [CAPABILITY " CAPABILITIES " AUTH=PLAIN] ready\r\n");
    }
    n = p->ssl != NULL
            ? mbedtls_ssl_read(p->ssl, (unsigned char *)p->in + p->len, sizeof p->in - p->len - 1)
            : recv(p->fd, p->in + p->len, sizeof p->in - p->len - 1, MSG_DONTWAIT);
    if (p->ssl != NULL && n == MBEDTLS_ERR_SSL_WANT_READ)
        return 0;
    if (p->ssl == NULL && n < 0)
        return 0;
    if (n <= 0)
        return -1;
    p->len += (size_t)n;
    p->in[p->len] = '\0';
    for (char *end; (end = strstr(p->in, "\r\n")) != NULL;) {
        *end = '\0';
        command(p, p->in);
        p->len -= (size_t)(end + 2 - p->in);
        memmove(p->in, end + 2, p->len + 1);
    }
    return 1;
}

static void arrived(int listener)
{
    int on = 1;
    int fd;

    while (peer_count < MOST && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct peer *p = calloc(1, sizeof *p);
        struct epoll_event e = {.events = EPOLLIN, .data = {.ptr = p}};

        if (p == NULL)
            exit(1);
        p->fd = fd;
        p->exists = 3;
        p->at = peer_count;
        peers[peer_count++] = p;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (have_tls) {
            p->ssl = calloc(1, sizeof *p->ssl);
            mbedtls_ssl_init(p->ssl);
            if (mbedtls_ssl_setup(p->ssl, &conf) != 0)
                exit(1);
            mbedtls_ssl_set_bio(p->ssl, p, tls_send, tls_recv, NULL);
        } else {
            say(p, "* OK [CAPABILITY " CAPABILITIES " AUTH=PLAIN] ready\r\n");
        }
        if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e) != 0)
            exit(1);
    }
}

static void tls_start(const char *cert, const char *key)
{
    static mbedtls_entropy_context entropy;
    static mbedtls_ctr_drbg_context drbg;
    static mbedtls_x509_crt chain;
    static mbedtls_pk_context pk;
    int rc;

    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&conf);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&pk);
    rc = mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0);
    if (rc == 0)
        rc = mbedtls_x509_crt_parse_file(&chain, cert);
    if (rc == 0)
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
        rc = mbedtls_pk_parse_keyfile(&pk, key, NULL, mbedtls_ctr_drbg_random, &drbg);
#else
        rc = mbedtls_pk_parse_keyfile(&pk, key, NULL);
#endif
    if (rc == 0)
        rc = mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                         MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &drbg);
    if (rc == 0)
        rc = mbedtls_ssl_conf_own_cert(&conf, &chain, &pk);
    if (rc != 0) {
        fprintf(stderr, "idle_server: TLS: -0x%x\n", (unsigned)-rc);
        exit(1);
    }
    have_tls = 1;
}

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Those whose turn it is when each has one in period seconds. */
static void turns(uint64_t since, unsigned period, uint64_t *done, int news)
{
    uint64_t due = period != 0 ? (now_ms() - since) * peer_count / (period * 1000ULL) : 0;

    for (; *done < due; ++*done) {
        struct peer *p = peers[*done % peer_count];
        char text[64];

        if (!p->idles)
            continue;
        snprintf(text, sizeof text, "* %u EXISTS\r\n", p->exists + 1);
        p->exists += news != 0;
        say(p, news ? text : "* OK Still here\r\n");
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t len = sizeof a;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct epoll_event e = {.events = EPOLLIN};
    struct rlimit files;
    uint64_t since = 0, still = 0, news = 0;

    if (argc != 3 && argc != 5)
        return 64;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    if (argc == 5)
        tls_start(argv[3], argv[4]);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    loop = epoll_create1(0);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &len) != 0)
        return 1;
    e.data.ptr = &listener;
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &e);
    e.data.ptr = NULL;
    epoll_ctl(loop, EPOLL_CTL_ADD, 0, &e);
    printf("%d\n", ntohs(a.sin_port));
    fflush(stdout);
    for (;;) {
        struct epoll_event ready[256];
        int n = epoll_wait(loop, ready, 256, since != 0 ? TICK_MS : -1);

        for (int i = 0; i < n; i++) {
            char c;
            int rc = 1;

            if (ready[i].data.ptr == NULL) {
                if (read(0, &c, 1) <= 0)
                    return 0;
                since = now_ms();
                still = news = 0;
            } else if (ready[i].data.ptr == &listener) {
                arrived(listener);
            } else {
                while ((rc = take(ready[i].data.ptr)) > 0)
                    continue;
                if (rc < 0)
                    gone(ready[i].data.ptr);
            }
        }
        if (since != 0 && peer_count != 0) {
            turns(since, (unsigned)strtoul(argv[1], NULL, 10), &still, 0);
            turns(since, (unsigned)strtoul(argv[2], NULL, 10), &news, 1);
        }
    }
}
