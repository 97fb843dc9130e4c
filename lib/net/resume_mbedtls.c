/* resume_mbedtls.c - TLS sessions that are taken up again: the handshake costs most of its
 * arithmetic less and, with TLS 1.2 behind STARTTLS, a round trip (docs/tls.md has figures).
 *
 * A session is kept only when its certificate was verified, and offered only to the host and port
 * that it was made with, while that chain would pass still; the cache belongs to one set of demands
 * (T36). Nothing of it leaves memory (T43), and what is dropped is wiped by mbedTLS. */
#include "net/tls_mbedtls.h"

#include <pthread.h>
#include <string.h>

/* Enough for a program with many accounts; each holds the server's certificate, too: some KiB. */
enum { KEPT_MAX = 64 };
/* RFC 9325 section 3.4: a stolen ticket key opens all that it sealed, so no session lives long. */
enum { KEPT_MS = 24 * 60 * 60 * 1000 };

struct kept {
    struct kept *next; /* the next older one */
    char *host;
    uint32_t port;
    uint64_t since_ms; /* of the full handshake: taking a session up makes it no younger */
    mbedtls_x509_time until;
    uint8_t end_point[TLS_BINDING_MAX];
    size_t end_point_len;
    mbedtls_ssl_session session;
};

struct tls_cache {
    const struct mem *mem;
    pthread_mutex_t lock;
    struct kept *newest;
};

int tls_cache_new(const struct mem *mem, struct tls_cache **out)
{
    struct tls_cache *c = mem_zero(mem, sizeof *c);

    if (c == NULL)
        return MLA_E_NOMEM;
    if (pthread_mutex_init(&c->lock, NULL) != 0) {
        mem_free(mem, c);
        return MLA_E_NOMEM;
    }
    c->mem = mem;
    *out = c;
    return 0;
}

static void kept_free(const struct mem *mem, struct kept *k)
{
    if (k == NULL)
        return;
    mbedtls_ssl_session_free(&k->session);
    mem_free(mem, k->host);
    mem_free_secret(mem, k, sizeof *k);
}

void tls_cache_free(struct tls_cache *c)
{
    struct kept *k;

    if (c == NULL)
        return;
    while ((k = c->newest) != NULL) {
        c->newest = k->next;
        kept_free(c->mem, k);
    }
    pthread_mutex_destroy(&c->lock);
    mem_free(c->mem, c);
}

/* The entry for t's server, taken out of the list; NULL when there is none. Under the lock. */
static struct kept *take(struct tls_cache *c, const struct tls *t)
{
    struct kept **at = &c->newest;
    struct kept *k;

    while ((k = *at) != NULL && (k->port != t->opt.port || strcmp(k->host, t->opt.host) != 0))
        at = &k->next;
    if (k != NULL)
        *at = k->next;
    return k;
}

/* Under the lock. The oldest one is returned when there are too many; the caller frees it. */
static struct kept *put(struct tls_cache *c, struct kept *k)
{
    struct kept **at = &c->newest;
    struct kept *old;
    size_t n = 0;

    k->next = c->newest;
    c->newest = k;
    while (*at != NULL && n++ < KEPT_MAX)
        at = &(*at)->next;
    old = *at;
    *at = NULL;
    return old;
}

static int is_stale(const struct kept *k, uint64_t now_ms)
{
    return now_ms < k->since_ms || now_ms - k->since_ms > KEPT_MS ||
           mbedtls_x509_time_is_past(&k->until);
}

void resume_set_up(struct tls *t, mbedtls_ssl_config *conf)
{
    int on;

    if (t->opt.insecure)
        t->opt.cache = NULL; /* what nobody has verified is not kept */
    on = t->opt.cache != NULL;
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
    mbedtls_ssl_conf_session_tickets(conf, on ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED
                                              : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
#if defined(MBEDTLS_SSL_SESSION_TICKETS) && HAVE_TLS13 &&                                          \
    defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        conf, on ? MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED
                 : MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_DISABLED);
#endif
    (void)conf;
    (void)on;
}

int resume_by_ticket(const struct tls *t)
{
#if HAVE_TLS13
    return mbedtls_ssl_get_version_number(&t->ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
#else
    (void)t;
    return 0;
#endif
}

/* A ticket of TLS 1.3 is for one use (RFC 8446 appendix C.4), a session of TLS 1.2 for many. What
 * mbedTLS says to the session is not asked about the version: from 3.6 on all are used once, the
 * server sends a new one each time. */
static int is_for_one_use(void)
{
    return HAVE_TLS13;
}

void resume_offer(struct tls *t)
{
    struct tls_cache *c = t->opt.cache;
    struct kept *k;

    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    k = take(c, t);
    if (k != NULL && !is_stale(k, t->now_ms) &&
        mbedtls_ssl_set_session(&t->ssl, &k->session) == 0) {
        t->offered = 1;
        t->since_ms = k->since_ms;
        t->until = k->until;
        memcpy(t->end_point, k->end_point, k->end_point_len);
        t->end_point_len = k->end_point_len;
        if (!is_for_one_use()) {
            (void)put(c, k);
            k = NULL;
        }
    }
    pthread_mutex_unlock(&c->lock);
    kept_free(c->mem, k);
}

void resume_forget(struct tls *t)
{
    struct kept *k;

    if (t->opt.cache == NULL || !t->offered)
        return;
    pthread_mutex_lock(&t->opt.cache->lock);
    k = take(t->opt.cache, t);
    pthread_mutex_unlock(&t->opt.cache->lock);
    kept_free(t->opt.cache->mem, k);
}

/* Without memory for it nothing is kept: the next handshake is a full one. */
static struct kept *kept_new(struct tls *t)
{
    struct kept *k = mem_zero(t->opt.cache->mem, sizeof *k);

    if (k == NULL)
        return NULL;
    mbedtls_ssl_session_init(&k->session);
    k->host = mem_dup(t->opt.cache->mem, t->opt.host, strlen(t->opt.host));
    if (k->host == NULL || mbedtls_ssl_get_session(&t->ssl, &k->session) != 0) {
        kept_free(t->opt.cache->mem, k);
        return NULL;
    }
    k->port = t->opt.port;
    k->since_ms = t->resumed ? t->since_ms : t->now_ms;
    k->until = t->until;
    memcpy(k->end_point, t->end_point, t->end_point_len);
    k->end_point_len = t->end_point_len;
    return k;
}

void resume_keep(struct tls *t)
{
    struct tls_cache *c = t->opt.cache;
    struct kept *k;
    struct kept *before;
    struct kept *old;

    if (c == NULL || (k = kept_new(t)) == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    before = take(c, t);
    old = put(c, k);
    pthread_mutex_unlock(&c->lock);
    kept_free(c->mem, before);
    kept_free(c->mem, old);
}
