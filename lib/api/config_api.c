/* config_api.c - see mailaccess/config.h */
#include "api/config_api.h"

#include "api/trace_file.h"
#include "base/fail.h"
#include "base/shared.h"
#include "net/accepted.h"
#include "net/deflate.h"
#include "net/hostname.h"
#include "net/proxy.h"
#include "net/roots.h"
#include "net/tls.h"
#include "sasl/choose.h"

#include <string.h>

static const struct tcp_alive alive_default = {300, 30, 4};

static void set_defaults(mla_config *cfg)
{
    cfg->tls_min = 12;
    cfg->deadlines[MLA_DEADLINE_CONNECT] = 30000;
    cfg->deadlines[MLA_DEADLINE_SILENCE] = 30000;
    cfg->deadlines[MLA_DEADLINE_ANSWER] = 60000;
    cfg->deadlines[MLA_DEADLINE_BULK_WINDOW] = 60000;
    cfg->deadlines[MLA_DEADLINE_IDLE] = 28 * 60 * 1000; /* RFC 2177: before 29 minutes */
    cfg->deadlines[MLA_DEADLINE_PROBE] = 15000;
    cfg->alive = alive_default;
    cfg->limits[MLA_LIMIT_RESPONSE] = 8 << 20;
    cfg->limits[MLA_LIMIT_INLINE] = 65536;
    cfg->limits[MLA_LIMIT_DEPTH] = 64;
    cfg->limits[MLA_LIMIT_QUEUE] = 4 << 20;
    cfg->limits[MLA_LIMIT_CAPABILITIES] = 1000;
    cfg->limits[MLA_LIMIT_EVENT] = 32 << 20;
}

static int allocator_in(const mla_allocator *in, struct mem *out)
{
    mla_allocator a;
    int rc;

    if (in == NULL) {
        *out = *mem_default();
        return 0;
    }
    rc = record_in(in, sizeof a, sizeof a, &a);
    if (rc != 0)
        return rc;
    if (a.alloc == NULL || a.resize == NULL || a.release == NULL || a.reserved != 0)
        return MLA_E_ARG;
    out->alloc = a.alloc;
    out->resize = a.resize;
    out->release = a.release;
    out->user = a.user;
    return 0;
}

int mla_config_new(const mla_allocator *allocator, mla_config **out_cfg)
{
    struct mem mem;
    mla_config *cfg;
    int rc;

    if (out_cfg == NULL)
        return MLA_E_ARG;
    *out_cfg = NULL;
    rc = allocator_in(allocator, &mem);
    if (rc != 0)
        return rc;
    cfg = mem_zero(&mem, sizeof *cfg);
    if (cfg == NULL)
        return MLA_E_NOMEM;
    cfg->mem = mem;
    rc = shared_new(&cfg->mem, &cfg->shared);
    if (rc != 0 || pthread_mutex_init(&cfg->lock, NULL) != 0) {
        shared_free(cfg->shared);
        mem_free(&mem, cfg);
        return MLA_E_NOMEM;
    }
    atomic_init(&cfg->refs, 1);
    atomic_init(&cfg->frozen, 0);
    set_defaults(cfg);
    *out_cfg = cfg;
    return 0;
}

static void proxy_drop(mla_config *cfg)
{
    struct conn_proxy *p = &cfg->proxy;

    mem_free(&cfg->mem, (char *)(uintptr_t)p->host);
    mem_free(&cfg->mem, (char *)(uintptr_t)p->user);
    if (p->password != NULL)
        mem_free_secret(&cfg->mem, (char *)(uintptr_t)p->password, strlen(p->password));
    memset(p, 0, sizeof *p);
}

void mla_config_free(mla_config *cfg)
{
    struct mem mem;

    if (cfg == NULL || mem_inside() || atomic_fetch_sub(&cfg->refs, 1) != 1)
        return;
    mem = cfg->mem;
    tls_roots_free(cfg->roots);
    tls_cache_free(cfg->cache);
    shared_free(cfg->shared); /* behind what holds some of it */
    tls_identity_free(cfg->identity);
    accepted_free(cfg->accepted);
    proxy_drop(cfg);
    trace_file_free(cfg->trace_file);
    mem_free(&mem, cfg->mechanisms);
    pthread_mutex_destroy(&cfg->lock);
    mem_free(&mem, cfg);
}

int config_hold(mla_config *cfg, mla_config **out_cfg)
{
    if (mem_inside())
        return MLA_E_STATE;
    if (cfg == NULL) {
        int rc = mla_config_new(NULL, &cfg);

        if (rc != 0)
            return rc;
    } else {
        atomic_fetch_add(&cfg->refs, 1);
    }
    atomic_store(&cfg->frozen, 1);
    *out_cfg = cfg;
    return 0;
}

void config_drop(mla_config *cfg)
{
    mla_config_free(cfg);
}

/* What is made on demand is made outside the lock: no function of the caller's, such as an
 * allocator's, runs while one is held. */
int config_roots(mla_config *cfg, const struct tls_roots **out_roots, mla_error *err)
{
    struct tls_roots *fresh = NULL;
    int rc = 0;

    pthread_mutex_lock(&cfg->lock);
    *out_roots = cfg->roots;
    pthread_mutex_unlock(&cfg->lock);
    if (*out_roots != NULL)
        return 0;
    rc = tls_roots_new(&cfg->mem, &fresh);
    if (rc != 0)
        return fail(err, rc, "out of memory");
    rc = roots_add_system(fresh, err);
    if (rc == 0) { /* of two threads that got here the first one's are kept */
        pthread_mutex_lock(&cfg->lock);
        if (cfg->roots == NULL) {
            cfg->roots = fresh;
            fresh = NULL;
        }
        *out_roots = cfg->roots;
        pthread_mutex_unlock(&cfg->lock);
    }
    tls_roots_free(fresh);
    return rc;
}

struct tls_cache *config_tls_cache(mla_config *cfg)
{
    struct tls_cache *fresh = NULL;
    struct tls_cache *cache;

    if (cfg->full_handshakes)
        return NULL;
    pthread_mutex_lock(&cfg->lock);
    cache = cfg->cache;
    pthread_mutex_unlock(&cfg->lock);
    if (cache != NULL || tls_cache_new(&cfg->mem, &fresh) != 0)
        return cache;
    pthread_mutex_lock(&cfg->lock);
    cache = cfg->cache;
    if (cache == NULL) {
        cache = cfg->cache = fresh;
        fresh = NULL;
    }
    pthread_mutex_unlock(&cfg->lock);
    tls_cache_free(fresh);
    return cache;
}

/* 0 when cfg can still be changed. */
static int open_for_change(const mla_config *cfg, mla_error *err)
{
    if (cfg == NULL)
        return fail(err, MLA_E_ARG, "no configuration");
    if (mem_inside())
        return fail(err, MLA_E_STATE, "called by a function of an allocator");
    if (atomic_load(&cfg->frozen))
        return fail(err, MLA_E_STATE, "a session uses the configuration already");
    return 0;
}

/* --- whom to trust --- */

enum { ADD_FILE, ADD_PATH, ADD_PEM };

static int add_roots(mla_config *cfg, int how, const char *what, size_t len, mla_error *out_err)
{
    mla_error own = {0};
    mla_error *err = out_err != NULL ? out_err : &own;
    int fresh;
    int rc;

    memset(err, 0, sizeof *err);
    rc = open_for_change(cfg, err);
    if (rc == 0 && what == NULL)
        rc = fail(err, MLA_E_ARG, "no certificate given");
    if (rc != 0)
        return rc;
    fresh = cfg->roots == NULL;
    if (fresh)
        rc = tls_roots_new(&cfg->mem, &cfg->roots);
    if (rc != 0)
        return fail(err, rc, "out of memory");
    if (how == ADD_FILE)
        rc = roots_add_file(cfg->roots, what, err);
    else if (how == ADD_PATH)
        rc = roots_add_path(cfg->roots, what, err);
    else
        rc = tls_roots_add(cfg->roots, what, len, "the PEM text", err);
    /* An error must not leave the configuration trusting nobody instead of the system's roots. */
    if (rc != 0 && fresh) {
        tls_roots_free(cfg->roots);
        cfg->roots = NULL;
    }
    return rc;
}

int mla_config_add_ca_file(mla_config *cfg, const char *path, mla_error *out_err)
{
    return add_roots(cfg, ADD_FILE, path, 0, out_err);
}

int mla_config_add_ca_path(mla_config *cfg, const char *path, mla_error *out_err)
{
    return add_roots(cfg, ADD_PATH, path, 0, out_err);
}

int mla_config_add_ca_pem(mla_config *cfg, const char *pem, size_t len, mla_error *out_err)
{
    return add_roots(cfg, ADD_PEM, pem, len, out_err);
}

int mla_config_add_pin_sha256(mla_config *cfg, const uint8_t digest[32])
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (digest == NULL)
        return MLA_E_ARG;
    if (cfg->pin_count == CONFIG_PINS)
        return MLA_E_LIMIT;
    memcpy(cfg->pins[cfg->pin_count++], digest, 32);
    return 0;
}

int mla_config_set_insecure(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg, NULL);

    if (rc == 0)
        cfg->insecure = on != 0;
    return rc;
}

int mla_config_set_tls_min(mla_config *cfg, int32_t version)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (version != 12 && version != 13)
        return MLA_E_ARG;
    if (version > tls_newest())
        return MLA_E_UNSUPPORTED;
    cfg->tls_min = version;
    return 0;
}

int mla_config_set_tls_resumption(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg, NULL);

    if (rc == 0)
        cfg->full_handshakes = on == 0;
    return rc;
}

int mla_config_set_client_certificate(mla_config *cfg, const char *cert, size_t cert_len,
                                      const char *key, size_t key_len, const char *password,
                                      mla_error *out_err)
{
    mla_error own = {0};
    mla_error *err = out_err != NULL ? out_err : &own;
    struct tls_identity *id;
    int rc;

    memset(err, 0, sizeof *err);
    rc = open_for_change(cfg, err);
    if (rc == 0 && (cert == NULL || key == NULL))
        rc = fail(err, MLA_E_ARG, "certificate or key is missing");
    if (rc == 0)
        rc = tls_identity_new(&cfg->mem, cert, cert_len, key, key_len, password, &id, err);
    if (rc != 0)
        return rc;
    tls_identity_free(cfg->identity);
    cfg->identity = id;
    return 0;
}

/* --- how to get there --- */

static char *copy(const mla_config *cfg, const char *text)
{
    return text != NULL ? mem_dup(&cfg->mem, text, strlen(text)) : NULL;
}

int mla_config_set_proxy(mla_config *cfg, const mla_proxy *proxy)
{
    struct hostname name;
    mla_error err = {0};
    mla_proxy p;
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (proxy == NULL) {
        proxy_drop(cfg);
        return 0;
    }
    rc = record_in(proxy, sizeof *proxy, sizeof p, &p);
    if (rc != 0)
        return rc;
    if (p.port > 65535 || p.reserved != 0 || p.host == NULL ||
        proxy_check((int)p.kind, p.user, p.password) != 0 ||
        hostname_parse(p.host, &name, &err) != 0)
        return MLA_E_ARG;
    proxy_drop(cfg);
    cfg->proxy.host = copy(cfg, name.ascii);
    cfg->proxy.user = copy(cfg, p.user);
    cfg->proxy.password = copy(cfg, p.password);
    if (cfg->proxy.host == NULL || (p.user != NULL && cfg->proxy.user == NULL) ||
        (p.password != NULL && cfg->proxy.password == NULL)) {
        proxy_drop(cfg);
        return MLA_E_NOMEM;
    }
    cfg->proxy.kind = (int)p.kind;
    cfg->proxy.port = p.port != 0 ? p.port : p.kind == MLA_PROXY_HTTP ? 8080 : 1080;
    return 0;
}

/* --- log-in --- */

int mla_config_set_cleartext_password(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg, NULL);

    if (rc == 0)
        cfg->cleartext_password = on != 0;
    return rc;
}

int mla_config_set_strength(mla_config *cfg, int32_t strength)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (strength < MLA_STRENGTH_ANY || strength > MLA_STRENGTH_BOUND)
        return MLA_E_ARG;
    cfg->strength = strength;
    return 0;
}

int mla_config_set_compress(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (on != 0 && !deflate_built())
        return MLA_E_UNSUPPORTED;
    cfg->compress = on != 0;
    return 0;
}

int mla_config_set_mechanisms(mla_config *cfg, const char *names)
{
    int rc = open_for_change(cfg, NULL);
    char *copy = NULL;

    if (rc != 0)
        return rc;
    if (names != NULL) {
        if (!sasl_list_valid(names))
            return MLA_E_ARG;
        copy = mem_dup(&cfg->mem, names, strlen(names));
        if (copy == NULL)
            return MLA_E_NOMEM;
    }
    mem_free(&cfg->mem, cfg->mechanisms);
    cfg->mechanisms = copy;
    return 0;
}

int mla_config_set_imap4rev2(mla_config *cfg, int32_t on)
{
    int rc = open_for_change(cfg, NULL);

    if (rc == 0)
        cfg->stay_rev1 = on == 0;
    return rc;
}

/* --- time, limits, trace --- */

int mla_config_set_deadline(mla_config *cfg, int32_t which, uint32_t milliseconds)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (which < MLA_DEADLINE_CONNECT || which > MLA_DEADLINE_QUIET)
        return MLA_E_ARG;
    cfg->deadlines[which] = milliseconds;
    return 0;
}

int mla_config_set_keepalive(mla_config *cfg, uint32_t idle_s, uint32_t interval_s, uint32_t count)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (idle_s > 32767 || interval_s > 32767 || count > 127)
        return MLA_E_ARG;
    cfg->alive.idle_s = idle_s;
    cfg->alive.interval_s = interval_s != 0 ? interval_s : alive_default.interval_s;
    cfg->alive.count = count != 0 ? count : alive_default.count;
    return 0;
}

int mla_config_set_limit(mla_config *cfg, int32_t which, uint64_t value)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    if (which < MLA_LIMIT_RESPONSE || which > MLA_LIMIT_EVENT || value == 0)
        return MLA_E_ARG;
    if (value > SIZE_MAX / 2)
        value = SIZE_MAX / 2;
    cfg->limits[which] = value;
    return 0;
}

int mla_config_set_trace(mla_config *cfg, mla_trace_fn fn, void *user)
{
    int rc = open_for_change(cfg, NULL);

    if (rc != 0)
        return rc;
    cfg->trace = fn;
    cfg->trace_user = user;
    trace_file_free(cfg->trace_file);
    cfg->trace_file = NULL;
    return 0;
}

int mla_config_set_trace_file(mla_config *cfg, const char *path, uint64_t most, mla_error *out_err)
{
    struct trace_file *f = NULL;
    int rc;

    if (out_err != NULL)
        memset(out_err, 0, sizeof *out_err);
    rc = open_for_change(cfg, out_err);
    if (rc == 0 && path == NULL)
        rc = fail(out_err, MLA_E_ARG, "no path given");
    if (rc == 0)
        rc = trace_file_open(&cfg->mem, path, most, &f, out_err);
    if (rc != 0)
        return rc;
    trace_file_free(cfg->trace_file);
    cfg->trace_file = f;
    cfg->trace = trace_file_write;
    cfg->trace_user = NULL;
    return 0;
}
