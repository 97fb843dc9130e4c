/* tls_mbedtls.c - tls.h over mbedTLS 2.28, 3.6 and 4.x: set-up, the handshake, the stream. */
#include "net/tls_mbedtls.h"

#include "base/fail.h"
#include "base/wipe.h"

#if HAVE_UNIQUE
#include <mbedtls/ssl_internal.h>
#endif

#if MBEDTLS_VERSION_NUMBER < 0x03000000
#include <pthread.h>
#define HAVE_QUIET 1
#else
#define HAVE_QUIET 0
#endif

#include <stdio.h>
#include <string.h>

static const struct stream_ops tls_ops;

static struct tls *tls_of(struct stream *s)
{
    return (struct tls *)s;
}

int tls_newest(void)
{
    return HAVE_TLS13 ? 13 : 12;
}

int tls_is_nomem(int code)
{
    return code == MBEDTLS_ERR_X509_ALLOC_FAILED || code == MBEDTLS_ERR_SSL_ALLOC_FAILED;
}

/* --- the layer below, as mbedTLS wants it --- */

/* What may come without one octet for us in it: far more than any handshake, and than the tickets
 * of a day. Whoever sends more keeps us busy with records of TLS itself: renegotiation, tickets,
 * alerts (T37). mbedTLS takes them on in a loop of its own, where no time is looked at. */
#define IDLE_MAX (1U << 20)

static int below_recv(void *arg, unsigned char *p, size_t n)
{
    struct tls *t = arg;
    size_t got = 0;
    int rc;

    if (t->ended)
        return 0;
    rc = t->below->ops->read(t->below, p, n, &got, t->err);
    switch (rc) {
    case STREAM_SOME:
    case STREAM_LAST:
        t->idle_octets += got;
        if (t->idle_octets <= IDLE_MAX)
            return (int)got;
        t->io = fail(t->err, MLA_E_FLOOD,
                     "the server sends TLS records without end and nothing in them");
        return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    case 0:
        return MBEDTLS_ERR_SSL_WANT_READ;
    case STREAM_END:
    case STREAM_BROKEN:
        t->ended = 1;
        return 0;
    default:
        t->io = rc;
        return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    }
}

static int below_send(void *arg, const unsigned char *p, size_t n)
{
    struct tls *t = arg;
    size_t put = 0;
    int rc = t->below->ops->write(t->below, p, n, t->more, &put, t->err);

    if (rc == 0)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    if (rc > 0)
        return (int)put;
    t->io = rc;
    return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

#if MBEDTLS_VERSION_NUMBER < 0x04000000
static int random_octets(void *arg, unsigned char *p, size_t n)
{
    (void)arg;
    return crypt_random(p, n) == 0 ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}
#endif

/* --- set-up --- */

/* RFC 9325 section 4.2: forward secrecy and authenticated encryption only. The order is by speed in
 * mbedTLS, measured on a CPU with AES instructions: ChaCha20 198 MB/s, AES-128-GCM 165, AES-256-GCM
 * 157 in 2.28; 245, 165 and less in 3.6. Without such instructions they are farther apart. */
static const int suites[] = {
#if HAVE_TLS13
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    0,
};

static void set_versions(mbedtls_ssl_config *conf, int min_version)
{
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    static const mbedtls_ecp_group_id curves[] = {
        MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP384R1,
        MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_NONE};
    static const int hashes[] = {MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
                                 MBEDTLS_MD_NONE};

    (void)min_version;
    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_curves(conf, curves);     /* the default begins with the slowest */
    mbedtls_ssl_conf_sig_hashes(conf, hashes); /* the default has SHA-1 */
#else
    static const uint16_t groups[] = {
        MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
        MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP521R1,
        MBEDTLS_SSL_IANA_TLS_GROUP_NONE};
    /* PKCS #1 before PSS: a server of TLS 1.2 that takes the first one gets what mbedTLS can verify
     * there (it offers PSS for TLS 1.3 and refuses it in 1.2, against RFC 8446 section 4.2.3); in
     * TLS 1.3 nobody signs a handshake with PKCS #1. The shortest hash first, for short keys. */
    static const uint16_t signatures[] = {
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
#if HAVE_TLS13
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
#endif
        MBEDTLS_TLS1_3_SIG_NONE
    };

#if HAVE_TLS13
    mbedtls_ssl_conf_min_tls_version(conf, min_version >= 13 ? MBEDTLS_SSL_VERSION_TLS1_3
                                                             : MBEDTLS_SSL_VERSION_TLS1_2);
#else
    (void)min_version;
    mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
    mbedtls_ssl_conf_groups(conf, groups);
    mbedtls_ssl_conf_sig_algs(conf, signatures);
#endif
}

static int set_up(struct tls *t)
{
    struct tls_setup *s = t->setup;
    mbedtls_ssl_config *conf = &s->conf;
    int rc = mbedtls_ssl_config_defaults(conf, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                         MBEDTLS_SSL_PRESET_DEFAULT);

    if (rc != 0)
        return rc;
    set_versions(conf, s->opt.min_version);
    mbedtls_ssl_conf_ciphersuites(conf, suites);
    trust_set_up(t, conf);
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_ssl_conf_rng(conf, random_octets, NULL);
#endif
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(conf, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    resume_set_up(t, conf);
    if (s->opt.identity != NULL && (rc = identity_set_up(t, conf)) != 0)
        return rc;
#if defined(MBEDTLS_SSL_ALPN)
    s->alpn[0] = s->opt.alpn;
    if (s->opt.alpn != NULL && (rc = mbedtls_ssl_conf_alpn_protocols(conf, s->alpn)) != 0)
        return rc;
#endif
    rc = mbedtls_ssl_setup(&t->ssl, conf);
    /* Always called: without it some versions check no name and say nothing (T21). An address is no
     * server name (RFC 6066 section 3); NULL says that this is meant. */
    if (rc == 0)
        rc = mbedtls_ssl_set_hostname(&t->ssl,
                                      t->shake->name.ip_len != 0 ? NULL : t->shake->name.ascii);
    if (rc == 0)
        mbedtls_ssl_set_bio(&t->ssl, t, below_send, below_recv, NULL);
    return rc;
}

static struct tls_setup *setup_new(const struct mem *mem, const struct tls_options *o)
{
    struct tls_setup *s = mem_zero(mem, sizeof *s);

    if (s == NULL)
        return NULL;
    s->opt = *o;
    mbedtls_ssl_config_init(&s->conf);
    return s;
}

static void setup_free(struct tls *t)
{
    struct tls_setup *s = t->setup;

    if (s == NULL)
        return;
    mbedtls_ssl_config_free(&s->conf);
    identity_free(t->mem, s->own);
    shared_drop(s->offered);
    mem_free(t->mem, s);
    t->setup = NULL;
}

/* Most of a configuration is about the handshake, and from mbedTLS 3 on what comes behind one may
 * still need it. In 2.28, where nothing is negotiated again, a connection that is up needs only
 * what all have in common, so they share it: written once, never changed. */
#if HAVE_QUIET
static mbedtls_ssl_config quiet;
static int has_quiet;

static void make_quiet(void)
{
    mbedtls_ssl_config_init(&quiet);
    if (mbedtls_ssl_config_defaults(&quiet, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return;
    set_versions(&quiet, 12);
    mbedtls_ssl_conf_ciphersuites(&quiet, suites);
    mbedtls_ssl_conf_rng(&quiet, random_octets, NULL);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(&quiet, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    has_quiet = 1;
}
#endif

/* The handshake is over and nobody has a question: what only it needed goes. */
static void calm_down(struct tls *t)
{
    if (t->shake->verdict.why == 0) {
        mem_free(t->mem, t->shake);
        t->shake = NULL;
    }
#if HAVE_QUIET
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (pthread_once(&once, make_quiet) != 0 || !has_quiet)
        return;
    t->ssl.conf = &quiet;
    setup_free(t);
#endif
}

static void tls_clear(struct tls *t)
{
    mbedtls_ssl_free(&t->ssl);
    setup_free(t);
    shared_drop(t->chain);
    mem_free(t->mem, t->shake);
    mem_free_secret(t->mem, t, sizeof *t);
}

static int tls_fail(const struct tls *t, int code, const char *what, mla_error *err)
{
    char text[96] = "";

    if (t->io != 0) /* in this call, which has said more in *err, or in an earlier one */
        return fail(err, t->io, "%s", fail_text(t->io));
    if (tls_is_nomem(code))
        return fail_tls(err, MLA_E_NOMEM, code, "out of memory");
    mbedtls_strerror(code, text, sizeof text);
    return fail_tls(err, MLA_E_TLS, code, "%s: %s (-0x%04x)", what, text, (unsigned)-code);
}

int tls_open(const struct mem *mem, struct stream *below, const struct tls_options *o,
             struct stream **out, mla_error *err)
{
    struct tls *t;
    int rc;

    if (crypt_init() != 0)
        return fail(err, MLA_E_TLS, "the TLS library's cryptography cannot be started");
    t = mem_zero(mem, sizeof *t);
    if (t == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    t->base.ops = &tls_ops;
    t->mem = mem;
    mbedtls_ssl_init(&t->ssl);
    t->setup = setup_new(mem, o);
    t->shake = mem_zero(mem, sizeof *t->shake);
    if (t->setup == NULL || t->shake == NULL) {
        tls_clear(t);
        return fail(err, MLA_E_NOMEM, "out of memory");
    }
    t->shake->have_roots = o->roots != NULL && tls_roots_count(o->roots) != 0;
    rc = hostname_parse(o->host, &t->shake->name, err);
    if (rc == 0) {
        int code = set_up(t);

        rc = code == 0 ? 0 : tls_fail(t, code, "cannot set up TLS", err);
    }
    if (rc != 0) {
        tls_clear(t);
        return rc;
    }
    t->below = below;
    *out = &t->base;
    return 0;
}

/* --- the stream --- */

/* What a return code of mbedTLS asks to wait for; 0 when it is an error. */
static uint32_t wants_of(int code)
{
    if (code == MBEDTLS_ERR_SSL_WANT_READ)
        return STREAM_READABLE;
    return code == MBEDTLS_ERR_SSL_WANT_WRITE ? STREAM_WRITABLE : 0;
}

/* A TLS 1.3 server sends tickets when it likes; no more than that, or a flood of them would keep
 * the callers' loops from ever coming back. */
#define MAX_TICKETS 256

/* Half of a ticket that a read has met is taken on by the next call, which may be a write. */
static int is_ticket(struct tls *t, int code)
{
#if defined(MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
    if (code != MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
        return 0;
    if (t->tickets++ >= MAX_TICKETS) {
        t->io = fail(t->err, MLA_E_FLOOD, "the server sends TLS session tickets without end");
        return 0;
    }
    resume_keep(t);
    return 1;
#else
    (void)t;
    (void)code;
    return 0;
#endif
}

static int not_trusted(struct tls *t, mla_error *err)
{
    const struct tls_shake *shake = t->shake;

    return verdict_fail(&shake->verdict, shake->name.ascii, shake->have_roots, err);
}

static int handshake_failed(struct tls *t, int code, mla_error *err)
{
    uint32_t flags = mbedtls_ssl_get_verify_result(&t->ssl);
    struct tls_shake *shake = t->shake;

    /* What the certificate may be used for, mbedTLS looks at after our callback; all bits are set
     * when it did not get that far. */
    if (shake->judged && shake->verdict.why == 0 && flags != UINT32_MAX)
        shake->verdict.why = trust_why(flags);
    if (t->io == 0 && shake->judged && shake->verdict.why != 0)
        return not_trusted(t, err);
    if (t->io == 0 && t->ended)
        return fail_tls(err, MLA_E_CLOSED, code,
                        "the server closed the connection during the TLS handshake");
    if (t->io != 0)
        return tls_fail(t, code, "", err);
    if (trust_unreadable(code, err) != 0)
        return MLA_E_CERT;
    switch (code) {
    case MBEDTLS_ERR_X509_FATAL_ERROR: /* our callback never fails: nothing else is left */
        return fail_tls(err, MLA_E_CERT, code,
                        "the certificates that vouch for the server's are too many");
    case MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE: /* 2.28 wants each message in one record */
        return fail_tls(err, MLA_E_TLS, code,
                        "the server's handshake is larger than mbedTLS can read: its certificates "
                        "may be too large");
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
    case MBEDTLS_ERR_SSL_BAD_HS_SERVER_HELLO:
#else
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
#endif
        return fail_tls(err, MLA_E_TLS, code, "the server offers no TLS %s or newer that we accept",
                        t->setup->opt.min_version >= 13 ? "1.3" : "1.2");
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
        return fail_tls(err, MLA_E_TLS, code, "what the server sent is not TLS");
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return fail_tls(err, MLA_E_TLS, code,
                        "the server refused the TLS handshake: it may lack TLS 1.2 or all suites "
                        "that we accept");
    default:
        return tls_fail(t, code, "TLS handshake failed", err);
    }
}

/* The handshake, as far as it goes. Whether there is an extended master secret 2.28 knows only
 * while it lasts. */
static int handshake(struct tls *t)
{
#if HAVE_UNIQUE
    int code = 0;

    while (code == 0 && t->ssl.state != MBEDTLS_SSL_HANDSHAKE_OVER) {
        code = mbedtls_ssl_handshake_step(&t->ssl);
        if (t->ssl.handshake != NULL)
            t->extended_ms = t->ssl.handshake->extended_ms == MBEDTLS_SSL_EXTENDED_MS_ENABLED;
    }
    return code;
#else
    return mbedtls_ssl_handshake(&t->ssl);
#endif
}

/* Tells the server that the end has come for its certificate's sake. */
static int reject(struct tls *t, mla_error *err)
{
    mla_error unheard = {0}; /* the certificate is what is wrong, also if the server has gone */

    t->err = &unheard;
    (void)mbedtls_ssl_send_alert_message(&t->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                         MBEDTLS_SSL_ALERT_MSG_BAD_CERT);
    t->err = err;
    resume_forget(t);
    return not_trusted(t, err);
}

/* The handshake is over: was it with whom it should be? The handshake cannot have succeeded
 * unjudged; nothing is left to luck here (T38). */
static int settle(struct tls *t, mla_error *err)
{
    uint32_t flags = mbedtls_ssl_get_verify_result(&t->ssl);
    struct tls_options *o = &t->setup->opt;
    struct tls_shake *shake = t->shake;

    if (o->insecure && (o->pin_count == 0 || (shake->judged && shake->verdict.why == 0)))
        return 0;
    if (o->insecure && shake->judged)
        return reject(t, err);
    if (shake->verdict.why != 0)
        flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_OTHER; /* our callback's own mark */
    if (shake->judged && flags != 0)                    /* what mbedTLS found behind our callback */
        shake->verdict.why |= flags != UINT32_MAX ? trust_why(flags) : VERDICT_OTHER;
    if ((!shake->judged && !t->resumed) || (t->resumed && flags != 0))
        return fail(err, MLA_E_CERT, "the server's certificate was not verified");
    if (shake->verdict.why == 0)
        return 0;
    /* A pin is the caller's last word. */
    if (shake->seen.has_key && (shake->verdict.why & VERDICT_PIN) == 0) {
        if (accepted_has(o->accepted, &shake->name, shake->seen.key, shake->verdict.why,
                         &shake->is_changed))
            t->accepted = shake->verdict.why;
        else
            t->asking = o->ask;
    }
    if (t->accepted == 0 && !t->asking)
        return reject(t, err);
    resume_forget(t);
    o->cache = NULL; /* nobody shall take this session up again (T36) */
    return 0;
}

static int tls_handshake(struct stream *s, uint64_t now_ms, mla_error *err)
{
    struct tls *t = tls_of(s);
    int code;

    if (t->up)
        return 1;
    t->setup->now_ms = now_ms;
    t->err = err;
    if (!t->setup->started) {
        t->setup->started = 1;
        resume_offer(t);
    }
    code = handshake(t);
    s->open_wants = wants_of(code);
    if (s->open_wants != 0)
        return 0;
    if (code != 0) {
        resume_forget(t); /* the next attempt shall not fail for the same reason */
        return handshake_failed(t, code, err);
    }
    /* A session that is taken up again shows no certificate: it was judged when it began. */
    t->resumed = t->setup->offered != NULL && !t->shake->judged;
    /* Its master secret is the earlier handshake's, whatever is said in this one; mbedTLS does not
     * compare them (RFC 7627 section 5.3). */
    if (t->resumed && !t->setup->extended_ms)
        t->extended_ms = 0;
    code = settle(t, err);
    if (code != 0)
        return code;
    if (trust_keep_chain(t) != 0)
        return fail(err, MLA_E_NOMEM, "out of memory");
    t->up = 1;
    t->verified = !t->setup->opt.insecure && t->shake->verdict.why == 0;
    if (!resume_by_ticket(t))
        resume_keep(t);
    if (!t->asking)
        calm_down(t);
    return 1;
}

static int tls_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct tls *t = tls_of(s);

    if (t->asking)
        return fail(err, MLA_E_INTERNAL, "nobody has accepted the server's certificate yet");
    t->err = err;
    for (;;) {
        int code = mbedtls_ssl_read(&t->ssl, p, n);

        if (code > 0) {
            t->idle_octets = 0;
            *out_n = (size_t)code;
            return STREAM_SOME;
        }
        s->read_wants = wants_of(code);
        if (s->read_wants != 0)
            return 0;
        if (code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
            return STREAM_END;
        if (t->io == 0 && t->ended)
            return STREAM_BROKEN;
        if (is_ticket(t, code))
            continue;
        return tls_fail(t, code, "TLS failed", err);
    }
}

static int tls_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                     mla_error *err)
{
    struct tls *t = tls_of(s);
    int code;

    if (t->asking)
        return fail(err, MLA_E_INTERNAL, "nobody has accepted the server's certificate yet");
    t->err = err;
    t->more = more;
    do
        code = mbedtls_ssl_write(&t->ssl, p, n);
    while (is_ticket(t, code));
    t->more = 0;
    if (code > 0) {
        s->write_wants = 0;
        *out_n = (size_t)code;
        return 1;
    }
    s->write_wants = wants_of(code);
    if (s->write_wants != 0)
        return 0;
    return tls_fail(t, code, "TLS failed", err);
}

static void tls_close(struct stream *s)
{
    struct tls *t = tls_of(s);
    mla_error err = {0};

    t->err = &err;
    if (t->up && t->io == 0)
        (void)mbedtls_ssl_close_notify(&t->ssl); /* as far as it goes without waiting */
    t->below->ops->close(t->below);
}

static void tls_free(struct stream *s)
{
    struct tls *t = tls_of(s);

    t->below->ops->free(t->below);
    tls_clear(t);
}

static uint32_t tls_held(const struct stream *s)
{
    const struct tls *t = (const struct tls *)s;

    return t->up && mbedtls_ssl_get_bytes_avail(&t->ssl) != 0 ? STREAM_NOW
                                                              : t->below->ops->held(t->below);
}

static int tls_fd(const struct stream *s)
{
    const struct tls *t = (const struct tls *)s;

    return t->below->ops->fd(t->below);
}

static uint64_t tls_deadline(const struct stream *s)
{
    (void)s;
    return UINT64_MAX;
}

static const struct stream_ops tls_ops = {
    .open = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .close = tls_close,
    .free = tls_free,
    .held = tls_held,
    .fd = tls_fd,
    .deadline = tls_deadline,
};

/* --- a certificate that is not trusted --- */

int tls_asks(const struct stream *s)
{
    return ((const struct tls *)s)->asking;
}

void tls_accept(struct stream *s)
{
    struct tls *t = tls_of(s);

    t->asking = 0;
    t->accepted = t->shake->verdict.why;
    calm_down(t);
}

int tls_refuse(struct stream *s, mla_error *err)
{
    struct tls *t = tls_of(s);

    t->asking = 0;
    t->up = 0;
    return reject(t, err);
}

uint32_t tls_accepted_faults(const struct stream *s)
{
    return ((const struct tls *)s)->accepted;
}

int tls_remember(const struct stream *s)
{
    const struct tls *t = (const struct tls *)s;
    struct accepted *list = t->setup->opt.accepted;

    return list != NULL ? accepted_add(list, &t->shake->name, t->chain->key, t->shake->verdict.why)
                        : MLA_E_NOMEM;
}

int tls_key(const struct stream *s, uint8_t out[32])
{
    const struct peer_chain *chain = ((const struct tls *)s)->chain;

    if (chain == NULL || !chain->has_key)
        return 0;
    memcpy(out, chain->key, sizeof chain->key);
    return 1;
}

int tls_chain(const struct stream *s, struct chain_source *out)
{
    static const struct verdict good;
    const struct tls *t = (const struct tls *)s;

    memset(out, 0, sizeof *out);
    if (t->chain == NULL || t->chain->count == 0)
        return 0;
    out->count = peer_chain_certs(t->chain, out->certs);
    memcpy(out->why, t->chain->why, sizeof out->why);
    out->verdict = &good;
    if (t->shake != NULL) {
        out->verdict = &t->shake->verdict;
        out->have_roots = t->shake->have_roots;
        out->is_changed = t->shake->is_changed;
    }
    return 1;
}
