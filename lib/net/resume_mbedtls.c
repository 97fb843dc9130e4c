/* resume_mbedtls.c - TLS sessions that are taken up again: the handshake costs most of its
 * arithmetic less and, with TLS 1.2 behind STARTTLS, a round trip (docs/tls.md has figures).
 *
 * A session is kept only when its certificate was verified, and offered only to the host and port
 * that it was made with, while that chain would pass still; the cache belongs to one set of demands
 * (T36). Nothing of it leaves memory (T43), and what is dropped is wiped by mbedTLS. */
#include "net/tls_mbedtls.h"

#include <pthread.h>
#include <string.h>

/* Enough for a program with many accounts. */
enum { KEPT_MAX = 64 };
/* RFC 9325 section 3.4: a stolen ticket key opens all that it sealed, so no session lives long. */
enum { KEPT_MS = 24 * 60 * 60 * 1000 };

struct kept {
    struct kept *next; /* the next older one */
    char *host;
    uint32_t port;
    int extended_ms;   /* of the full handshake */
    uint64_t since_ms; /* of the full handshake: taking a session up makes it no younger */
    mbedtls_x509_time until;
    const struct peer_chain *chain; /* what the server has shown then, held */
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
    shared_drop(k->chain);
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

/* The entry for the server, taken out of the list; NULL when there is none. Under the lock. */
static struct kept *take(struct tls_cache *c, const struct tls_options *o)
{
    struct kept **at = &c->newest;
    struct kept *k;

    while ((k = *at) != NULL && (k->port != o->port || strcmp(k->host, o->host) != 0))
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
    struct tls_options *o = &t->setup->opt;
    int on;

    if (o->insecure)
        o->cache = NULL; /* what nobody has verified is not kept */
    on = o->cache != NULL;
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
    struct tls_setup *s = t->setup;
    struct tls_cache *c = s->opt.cache;
    struct kept *k;

    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    k = take(c, &s->opt);
    if (k != NULL && !is_stale(k, s->now_ms) &&
        mbedtls_ssl_set_session(&t->ssl, &k->session) == 0) {
        s->offered = shared_hold(k->chain);
        s->since_ms = k->since_ms;
        s->until = k->until;
        s->extended_ms = k->extended_ms;
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
    const struct tls_options *o = &t->setup->opt;
    struct kept *k;

    if (o->cache == NULL || t->setup->offered == NULL)
        return;
    pthread_mutex_lock(&o->cache->lock);
    k = take(o->cache, o);
    pthread_mutex_unlock(&o->cache->lock);
    kept_free(o->cache->mem, k);
}

/* Without memory for it nothing is kept: the next handshake is a full one. */
static struct kept *kept_new(struct tls *t)
{
    const struct tls_setup *s = t->setup;
    const struct mem *mem = s->opt.cache->mem;
    struct kept *k = mem_zero(mem, sizeof *k);

    if (k == NULL)
        return NULL;
    mbedtls_ssl_session_init(&k->session);
    k->host = mem_dup(mem, s->opt.host, strlen(s->opt.host));
    if (k->host == NULL || mbedtls_ssl_get_session(&t->ssl, &k->session) != 0) {
        kept_free(mem, k);
        return NULL;
    }
    k->port = s->opt.port;
    k->since_ms = t->resumed ? s->since_ms : s->now_ms;
    k->until = s->until;
    k->extended_ms = t->extended_ms;
    k->chain = shared_hold(t->chain);
    return k;
}

void resume_keep(struct tls *t)
{
    struct tls_cache *c = t->setup->opt.cache;
    struct kept *k;
    struct kept *before;
    struct kept *old;

    if (c == NULL || (k = kept_new(t)) == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    before = take(c, &t->setup->opt);
    old = put(c, k);
    pthread_mutex_unlock(&c->lock);
    kept_free(c->mem, before);
    kept_free(c->mem, old);
}
