/* config_api.h - the configuration behind mla_config, as the rest of api/ reads it. */
#ifndef MLA_API_CONFIG_API_H
#define MLA_API_CONFIG_API_H

#include "base/mem.h"
#include "base/record.h"
#include "conn/conn.h"
#include "imap/engine.h"
#include "mailaccess/config.h"

#include <pthread.h>
#include <stdatomic.h>

struct accepted;
struct shared;
struct tls_cache;
struct tls_identity;
struct trace_file;
struct tls_roots;

enum { CONFIG_DEADLINES = 9, CONFIG_LIMITS = 7, CONFIG_PINS = 16 };

struct mla_config {
    struct mem mem;
    atomic_int refs;
    atomic_int frozen;
    pthread_mutex_t lock;    /* for what the first session makes: the system's roots, the cache */
    struct tls_roots *roots; /* NULL: the system's, not loaded yet */
    struct tls_cache *cache; /* NULL: not made yet */
    struct shared *shared;   /* what servers say to many sessions */
    struct conn_proxy proxy; /* its texts are the configuration's; kind 0: none */
    int full_handshakes;     /* no cache */
    struct tls_identity *identity; /* NULL: none */
    uint8_t pins[CONFIG_PINS][32];
    size_t pin_count;
    struct accepted *accepted; /* faulty certificates that are good enough; NULL: none */
    int certificate_question;
    int insecure;
    int tls_min;
    int cleartext_password;
    int strength; /* MLA_STRENGTH_* */
    int stay_rev1;
    int compress;
    char *mechanisms;                     /* NULL: the strongest */
    uint32_t deadlines[CONFIG_DEADLINES]; /* by MLA_DEADLINE_* */
    uint64_t limits[CONFIG_LIMITS];       /* by MLA_LIMIT_* */
    struct tcp_alive alive;
    mla_trace_fn trace;
    void *trace_user;
    struct trace_file *trace_file; /* NULL: none */
    struct imap_opts imap;         /* in_first 0: not made yet; under the lock */
};

/* Freezes cfg and takes a reference. NULL stands for the defaults: a new configuration is made.
 * 0 and *out_cfg, or MLA_E_NOMEM. */
int config_hold(mla_config *cfg, mla_config **out_cfg);
void config_drop(mla_config *cfg);

/* The certificates to trust, parsed once and shared; any thread. 0 and *out_roots, MLA_E_ARG (the
 * file that SSL_CERT_FILE names is no good), MLA_E_NOMEM. */
int config_roots(mla_config *cfg, const struct tls_roots **out_roots, mla_error *err);

/* The TLS sessions to take up again, made with the first call; any thread. NULL when there are to
 * be none, or memory is short: then each handshake is a full one. */
struct tls_cache *config_tls_cache(mla_config *cfg);

#endif
