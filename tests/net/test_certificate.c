/* test_certificate.c - the question about a certificate that is not trusted, and its answers */
#include "mailaccess/certificate.h"
#include "mailaccess/error.h"
#include "peer.h"
#include "test.h"
#include "toy.h"

#include <stdatomic.h>
#include <stdio.h>

#include <sys/socket.h>

enum { ROUNDS = 12 };

static mla_config *config_new(int question)
{
    char path[512];
    mla_config *cfg;
    mla_error err;

    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    assert_int_equal(mla_config_add_ca_file(cfg, path, &err), 0);
    assert_int_equal(mla_config_set_certificate_question(cfg, question), 0);
    return cfg;
}

/* Connects as host, which need not resolve. */
static struct toy *start(struct peer *p, const char *host, uint32_t security, mla_config *cfg,
                         uint64_t *out_ticket)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = security, .host = host};
    struct toy *t;

    a.port = (uint32_t)p->port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_adopt_fd(&t->session, peer_dial(p), &a, out_ticket), 0);
    return t;
}

/* Steps to the question; NULL when the ticket ended without one, which *out_rc then tells. */
static const mla_certificate_chain *question(struct toy *t, uint64_t ticket, int *out_rc)
{
    const void *ev = NULL;

    while ((*out_rc = session_step(&t->session, ticket, 10000, &ev)) == 1)
        if (((const struct toy_event *)ev)->question != NULL)
            return ((const struct toy_event *)ev)->question;
    return NULL;
}

static void assert_says(struct toy *t, const char *part)
{
    mla_error err;

    mla_session_error(&t->session, &err);
    if (strstr(err.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

/* --- servers --- */

/* One connection: with p->arg STARTTLS comes first. Counts what it hears inside TLS. */
static void script_once(struct peer *p)
{
    if (!peer_accept(p))
        return;
    if (p->arg != NULL && (!peer_say(p, "HELLO\n") || !peer_line(p) || !peer_say(p, "OK\n")))
        return;
    if (!peer_tls(p))
        return;
    if (p->arg == NULL)
        peer_say(p, "HELLO\n");
    while (peer_line(p)) {
        p->octets += strlen(p->line);
        peer_say(p, "OK\n");
    }
}

/* One after the other, until one says "stop"; each shows the certificate whose name is next in
 * p->arg, the last one for all that follow. */
static void script_rounds(struct peer *p)
{
    const char *const *certs = p->arg;

    for (int i = 0, stop = 0; i < ROUNDS && !stop; i++) {
        p->cert = certs[0];
        if (certs[1] != NULL)
            certs++;
        if (!peer_accept(p))
            return;
        if (peer_tls(p)) {
            peer_say(p, "HELLO\n");
            while (peer_line(p)) {
                stop |= strcmp(p->line, "stop") == 0;
                peer_say(p, "OK\n");
            }
        }
        peer_close(p, 1);
    }
}

/* --- one question --- */

static void check_self_signed(const mla_certificate_chain *q)
{
    const mla_certificate *c;

    assert_int_equal(q->struct_size, sizeof *q);
    assert_int_equal(q->reasons, MLA_CERT_SELF_SIGNED);
    assert_string_equal(q->host, "localhost");
    assert_true(q->port != 0);
    assert_int_equal(q->is_changed, 0);
    assert_int_equal(q->sentence_count, 1);
    assert_string_equal(q->sentences[0].ptr, "the certificate of localhost is self-signed");
    assert_int_equal(q->sentences[0].len, strlen(q->sentences[0].ptr));
    assert_int_equal(q->count, 1);
    c = q->certificates[0];
    assert_int_equal(c->struct_size, sizeof *c);
    assert_int_equal(c->reasons, MLA_CERT_SELF_SIGNED);
    assert_string_equal(c->subject, "CN=localhost");
    assert_string_equal(c->issuer, "CN=localhost");
    assert_true(strlen(c->serial) >= 2);
    assert_int_equal(c->name_count, 4);
    assert_int_equal(c->names_left, 0);
    assert_string_equal(c->names[0].ptr, "DNS:localhost");
    assert_string_equal(c->names[1].ptr, "IP:127.0.0.1");
    assert_string_equal(c->names[2].ptr, "IP:::1");
    assert_true(c->not_before == 1577836800);  /* 2020-01-01 */
    assert_true(c->not_after == 2524607999LL); /* the last second of 2049 */
    assert_int_equal(c->key_kind, MLA_KEY_EC);
    assert_int_equal(c->key_bits, 256);
    assert_string_equal(c->hash, "SHA-256");
    assert_int_equal(c->is_ca, 0);
    assert_true(c->der_len > 200 && c->der[0] == 0x30);
    assert_memory_not_equal(c->sha256, c->key_sha256, 32);
}

/* Nothing moves before the answer, and nobody waits in vain for it. */
static void check_stands_still(struct toy *t, struct peer *p, uint64_t ticket)
{
    const void *ev;
    uint64_t hi;

    assert_int_equal(mla_session_is_asking(&t->session), 1);
    assert_int_equal(toy_send(t, "password", 1, &hi), 0); /* queued, and no more */
    for (int i = 0; i < 3; i++) {
        peer_nap(20); /* the server's greeting is here by now */
        assert_int_equal(mla_session_process(&t->session), 0);
        assert_int_equal(session_next(&t->session, &ev), 0);
    }
    assert_int_equal(mla_session_wants(&t->session), 0);
    assert_int_equal(mla_session_timeout_ms(&t->session), -1);
    assert_int_equal(session_step(&t->session, ticket, -1, &ev), MLA_E_STATE);
    assert_says(t, "certificate of localhost waits for its answer");
    assert_int_equal(mla_session_wait(&t->session, -1), MLA_E_STATE);
    assert_false(t->tls);
    assert_false(t->greeted && t->security == MLA_SECURITY_TLS);
    assert_false(mla_session_is_tls(&t->session));
    assert_false(mla_session_is_verified(&t->session));
    assert_int_equal(p->octets, 0);
}

static void nothing_moves_before_the_answer(void **state) /* T27 */
{
    (void)state;
    for (int starttls = 0; starttls < 2; starttls++)
        for (int accept = 0; accept < 2; accept++) {
            uint32_t security = starttls ? MLA_SECURITY_STARTTLS : MLA_SECURITY_TLS;
            struct peer p = {.cert = "self-signed", .arg = starttls ? &starttls : NULL};
            mla_config *cfg = config_new(1);
            const mla_certificate_chain *q;
            const mla_certificate_chain *again;
            uint64_t ticket;
            uint8_t key[32];
            struct toy *t;
            int rc;

            assert_int_equal(peer_start(&p, script_once, 4), 0);
            t = start(&p, "localhost", security, cfg, &ticket);
            assert_int_equal(mla_session_answer_certificate(&t->session, 1, 0), MLA_E_STATE);
            assert_int_equal(mla_session_certificates(&t->session, &again), MLA_E_STATE);
            assert_int_equal(mla_session_key_sha256(&t->session, key), MLA_E_STATE);
            q = question(t, ticket, &rc);
            assert_non_null(q);
            check_self_signed(q);
            check_stands_still(t, &p, ticket);
            assert_int_equal(mla_session_certificates(&t->session, &again), 0);
            check_self_signed(again);
            assert_int_equal(mla_session_key_sha256(&t->session, key), 0);
            assert_memory_equal(key, q->certificates[0]->key_sha256, 32);
            assert_int_equal(mla_session_answer_certificate(&t->session, accept, 0),
                             accept ? 0 : MLA_E_CERT);
            assert_int_equal(mla_session_is_asking(&t->session), 0);
            assert_int_equal(mla_session_answer_certificate(&t->session, 1, 0), MLA_E_STATE);
            assert_int_equal(toy_wait(t, ticket, 10000), accept ? 0 : MLA_E_CERT);
            if (accept) {
                assert_int_equal(toy_wait(t, ticket + 1, 10000), 0);
                assert_true(t->tls && !t->verified);
                assert_true(mla_session_is_tls(&t->session));
                assert_false(mla_session_is_verified(&t->session));
                assert_int_equal(mla_session_accepted_faults(&t->session), MLA_CERT_SELF_SIGNED);
                assert_string_equal(mla_session_tls_alpn(&t->session), "imap");
                assert_int_equal(mla_session_certificates(&t->session, &again), 0);
                check_self_signed(again);
            } else {
                assert_says(t, "is self-signed");
                assert_false(t->tls);
            }
            toy_free(t);
            peer_stop(&p);
            assert_int_equal(p.octets, accept ? 8 : 0);
            mla_config_free(cfg);
        }
}

/* T38: the verdict of a handshake that went on is ours, and only a person overrules it. */
static void every_fault_is_told(void **state)
{
    static const struct {
        const char *cert;
        const char *host;
        uint32_t reasons;
        uint32_t count;
        uint32_t above; /* the faults of the second of the chain */
        const char *words[3];
    } rows[] = {
        {"self-signed-old",
         "mail.example.test",
         MLA_CERT_EXPIRED | MLA_CERT_WRONG_HOST | MLA_CERT_SELF_SIGNED,
         1,
         0,
         {"expired on 2002-01-01", "not for mail.example.test but for localhost", "self-signed"}},
        {"not-yet-valid", "localhost", MLA_CERT_NOT_YET, 1, 0, {"not valid before 2048-01-01"}},
        {"unknown-root", "localhost", MLA_CERT_UNKNOWN_ROOT, 1, 0, {"not signed by a root"}},
        {"client-only", "localhost", MLA_CERT_USAGE, 1, 0, {"not meant for a server"}},
        {"no-key-usage", "localhost", MLA_CERT_USAGE, 1, 0, {"not meant for a server"}},
        {"expired-intermediate",
         "localhost",
         MLA_CERT_EXPIRED,
         2,
         MLA_CERT_EXPIRED,
         {"that vouches for the server's expired on 2002-01-01"}},
        {"rsa1024", "localhost", MLA_CERT_WEAK_KEY, 1, 0, {"weak key"}},
        {"sha1-signed", "localhost", MLA_CERT_WEAK_HASH, 1, 0, {"broken hash"}},
        {"weak-curve", "localhost", MLA_CERT_WEAK_KEY, 2, MLA_CERT_WEAK_KEY, {"weak key"}},
        {"constrained-name", "localhost", MLA_CERT_CONSTRAINTS, 2, 0, {"may not do so"}},
        {"cn-only", "localhost", MLA_CERT_WRONG_HOST, 1, 0, {"names no host"}},
    };
    mla_config *cfg = config_new(1);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct peer p = {.cert = rows[i].cert};
        const mla_certificate_chain *q;
        uint64_t ticket;
        struct toy *t;
        int rc;

        if (strcmp(p.cert, "weak-curve") == 0 && !peer_has_weak_curves())
            continue;
        assert_int_equal(peer_start(&p, script_once, 4), 0);
        t = start(&p, rows[i].host, MLA_SECURITY_TLS, cfg, &ticket);
        q = question(t, ticket, &rc);
        if (q == NULL)
            fail_msg("%s: %d %s", rows[i].cert, rc, t->engine.why.message);
        if (q->reasons != rows[i].reasons || q->count != rows[i].count)
            fail_msg("%s: %x, %u certificates", rows[i].cert, q->reasons, q->count);
        if (q->count > 1)
            assert_int_equal(q->certificates[1]->reasons, rows[i].above);
        for (size_t k = 0; k < 3 && rows[i].words[k] != NULL; k++) {
            assert_true(k < q->sentence_count);
            if (strstr(q->sentences[k].ptr, rows[i].words[k]) == NULL)
                fail_msg("%s: %s", rows[i].cert, q->sentences[k].ptr);
        }
        assert_int_equal(mla_session_answer_certificate(&t->session, 0, 1), MLA_E_CERT);
        toy_free(t);
        peer_stop(&p);
        assert_int_equal(p.octets, 0);
    }
    mla_config_free(cfg);
}

static void assert_clean(const char *text)
{
    for (const char *s = text; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || (unsigned char)*s == 0x7f)
            fail_msg("a control in \"%s\"", text);
    assert_null(strstr(text, "\342\200\256"));
}

static void texts_are_safe_to_show(void **state) /* O03 */
{
    struct peer p = {.cert = "self-signed-odd"};
    mla_config *cfg = config_new(1);
    const mla_certificate_chain *q;
    uint64_t ticket;
    struct toy *t;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_once, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    q = question(t, ticket, &rc);
    assert_non_null(q);
    assert_string_equal(q->certificates[0]->subject, "CN=odd\\1b[31m\\e2\\80\\ae\\,\\0ax");
    assert_string_equal(q->certificates[0]->names[0].ptr, "DNS:local\\1b[31mho");
    for (uint32_t i = 0; i < q->sentence_count; i++)
        assert_clean(q->sentences[i].ptr);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* --- remembering --- */

enum { VERIFIED = 1, RESUMED = 2, ASKED = 4, CHANGED = 8, REFUSED = 16 };

/* One connection whose question, if there is one, is answered yes: what happened. */
static int visit(struct peer *p, mla_config *cfg, const char *host, int remember, const char *word)
{
    const mla_certificate_chain *q;
    uint64_t ticket;
    struct toy *t;
    int seen = 0;
    int rc;

    t = start(p, host, MLA_SECURITY_TLS, cfg, &ticket);
    q = question(t, ticket, &rc);
    if (q != NULL) {
        seen |= ASKED | (q->is_changed ? CHANGED : 0);
        assert_int_equal(mla_session_answer_certificate(&t->session, 1, remember), 0);
        rc = toy_wait(t, ticket, 10000);
    }
    if (rc == MLA_E_CERT) {
        seen |= REFUSED;
    } else {
        assert_int_equal(rc, 0);
        assert_int_equal(toy_send(t, word, 0, &ticket), 0);
        assert_int_equal(toy_wait(t, ticket, 10000), 0);
        seen |= mla_session_is_verified(&t->session) ? VERIFIED : 0;
        seen |= mla_session_is_resumed(&t->session) ? RESUMED : 0;
        assert_int_equal(mla_session_accepted_faults(&t->session) == 0, (seen & VERIFIED) != 0);
    }
    toy_free(t);
    return seen;
}

/* T36: what was accepted is bound to host, key and faults, and never becomes a session that is
 * taken up again. */
static void answers_are_remembered(void **state)
{
    static const char *certs[] = {"self-signed",     "self-signed", "self-signed",
                                  "self-signed",     "self-signed", "unknown-root",
                                  "self-signed-old", "self-signed", NULL};
    struct peer p = {.arg = (void *)(uintptr_t)certs, .memory = peer_memory_new(1)};
    mla_config *cfg = config_new(1);
    mla_config *other = config_new(1);

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), ASKED); /* only for this once */
    assert_int_equal(visit(&p, cfg, "localhost", 1, "hi"), ASKED);
    assert_int_equal(visit(&p, cfg, "LOCALHOST.", 0, "hi"), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", 0, "hi"), ASKED);
    assert_int_equal(visit(&p, other, "localhost", 0, "hi"), ASKED);
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), ASKED | CHANGED);
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), ASKED); /* it has expired besides */
    assert_int_equal(visit(&p, cfg, "localhost", 0, "stop"), 0);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
    mla_config_free(other);
}

static void verified_sessions_are_taken_up_all_the_same(void **state)
{
    static const char *certs[] = {"right", NULL};
    struct peer p = {.arg = (void *)(uintptr_t)certs, .memory = peer_memory_new(1)};
    mla_config *cfg = config_new(1);

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "localhost", 1, "hi"), VERIFIED);
    assert_int_equal(visit(&p, cfg, "localhost", 1, "stop"), VERIFIED | RESUMED);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
}

/* What a person said in an earlier run is brought back without a question. */
static void answers_can_be_brought_back(void **state)
{
    static const char *certs[] = {"self-signed",  "self-signed", "self-signed-old",
                                  "unknown-root", "self-signed", NULL};
    struct peer p = {.arg = (void *)(uintptr_t)certs, .memory = peer_memory_new(1)};
    mla_config *asking = config_new(1);
    mla_config *cfg = config_new(0);
    const mla_certificate_chain *q;
    uint64_t ticket;
    uint8_t key[32];
    struct toy *t;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, asking, &ticket);
    q = question(t, ticket, &rc);
    assert_non_null(q);
    assert_int_equal(mla_session_key_sha256(&t->session, key), 0);
    assert_int_equal(mla_config_accept_certificate(cfg, "localhost", key, q->reasons), 0);
    assert_int_equal(mla_config_accept_certificate(cfg, "", key, q->reasons), MLA_E_ARG);
    assert_int_equal(mla_config_accept_certificate(cfg, NULL, key, 1), MLA_E_ARG);
    assert_int_equal(mla_config_accept_certificate(cfg, "localhost", key, MLA_CERT_WRONG_PIN),
                     MLA_E_ARG);
    toy_free(t);
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), 0);
    assert_int_equal(mla_config_accept_certificate(cfg, "localhost", key, 1), MLA_E_STATE);
    assert_int_equal(mla_config_set_certificate_question(cfg, 1), MLA_E_STATE);
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), REFUSED); /* expired besides */
    assert_int_equal(visit(&p, cfg, "localhost", 0, "hi"), REFUSED); /* another key */
    assert_int_equal(visit(&p, cfg, "localhost", 0, "stop"), 0);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
    mla_config_free(asking);
}

/* --- what is never a question --- */

static void some_things_are_no_question(void **state)
{
    static const uint8_t nobody[32] = {1};
    static const char *const certs[] = {"critical-unknown", "constrained-critical", "self-signed"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct peer p = {.cert = certs[i]};
        mla_config *cfg = config_new(1);
        uint64_t ticket;
        struct toy *t;
        int rc;

        if (i == 2) /* a pin is the last word */
            assert_int_equal(mla_config_add_pin_sha256(cfg, nobody), 0);
        assert_int_equal(peer_start(&p, script_once, 4), 0);
        t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
        assert_null(question(t, ticket, &rc));
        assert_int_equal(rc, MLA_E_CERT);
        assert_says(t, i == 2 ? "not the pinned one" : "cannot be read");
        toy_free(t);
        peer_stop(&p);
        assert_int_equal(p.octets, 0);
        mla_config_free(cfg);
    }
}

/* --- time, threads, ends --- */

static void script_silent(struct peer *p)
{
    if (peer_accept(p) && peer_tls(p))
        peer_wait_close(p);
}

static void script_late(struct peer *p)
{
    if (!peer_accept(p) || !peer_tls(p))
        return;
    peer_nap(2300);
    peer_say(p, "HELLO\n");
    peer_wait_close(p);
}

static void script_gone(struct peer *p)
{
    if (peer_accept(p) && peer_tls(p))
        peer_close(p, 0);
}

static atomic_int asked;

/* Resets the connection once the question is asked, so that not even an alert can be sent. Earlier
 * it could overtake the end of the handshake. */
static void script_reset(struct peer *p)
{
    struct linger hard = {1, 0};

    if (!peer_accept(p) || !peer_tls(p))
        return;
    for (int i = 0; i < 1000 && atomic_load(&asked) == 0; i++)
        peer_nap(10);
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    peer_close(p, 0);
}

/* The certificate is what was wrong, whatever became of the server meanwhile. */
static void refusal_is_told_although_the_server_has_gone(void **state)
{
    struct peer p = {.cert = "self-signed"};
    mla_config *cfg = config_new(1);
    uint64_t ticket;
    struct toy *t;
    int rc;

    (void)state;
    atomic_store(&asked, 0);
    assert_int_equal(peer_start(&p, script_reset, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_non_null(question(t, ticket, &rc));
    atomic_store(&asked, 1);
    peer_stop(&p);
    assert_int_equal(mla_session_answer_certificate(&t->session, 0, 0), MLA_E_CERT);
    assert_int_equal(toy_wait(t, ticket, 1000), MLA_E_CERT);
    assert_says(t, "is self-signed");
    toy_free(t);
    mla_config_free(cfg);
}

static void no_limit_runs_while_asking(void **state)
{
    enum { LIMIT = 2000, ENDS = 5 };
    static int starttls;
    static const struct {
        void (*script)(struct peer *p);
        int rc;
        uint32_t security;
    } ends[ENDS] = {{script_once, 0, MLA_SECURITY_TLS},
                    {script_once, 0, MLA_SECURITY_STARTTLS}, /* an answer is due besides */
                    {script_late, 0, MLA_SECURITY_TLS},
                    {script_silent, MLA_E_DEADLINE, MLA_SECURITY_TLS},
                    {script_gone, MLA_E_CLOSED, MLA_SECURITY_TLS}};
    mla_config *cfg = config_new(1);
    struct peer p[ENDS] = {{0}};
    uint64_t tickets[ENDS];
    struct toy *t[ENDS];
    int rc;

    (void)state;
    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, LIMIT), 0);
    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_SILENCE, LIMIT / 2), 0);
    for (int i = 0; i < ENDS; i++) {
        p[i].cert = "self-signed";
        p[i].arg = ends[i].security == MLA_SECURITY_STARTTLS ? &starttls : NULL;
        assert_int_equal(peer_start(&p[i], ends[i].script, 4), 0);
        t[i] = start(&p[i], "localhost", ends[i].security, cfg, &tickets[i]);
        assert_non_null(question(t[i], tickets[i], &rc));
    }
    peer_nap(LIMIT + 100);
    for (int i = 0; i < ENDS; i++) {
        assert_int_equal(mla_session_process(&t[i]->session), 0);
        assert_int_equal(mla_session_is_asking(&t[i]->session), 1);
        assert_int_equal(mla_session_answer_certificate(&t[i]->session, 1, 0), 0);
        rc = toy_wait(t[i], tickets[i], 10000);
        if (rc != ends[i].rc)
            fail_msg("%d: %d %s", i, rc, t[i]->engine.why.message);
        toy_free(t[i]);
        peer_stop(&p[i]);
    }
    mla_config_free(cfg);
}

static void sessions_may_end_while_asking(void **state)
{
    struct peer p = {.cert = "self-signed"};
    mla_config *cfg = config_new(1);
    const void *ev;
    uint64_t ticket;
    struct toy *t;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_once, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    /* in an event loop: the question is there before its event is read */
    do
        (void)mla_session_wait(&t->session, 5000);
    while (mla_session_process(&t->session) >= 0 && !mla_session_is_asking(&t->session));
    assert_int_equal(mla_session_is_asking(&t->session), 1);
    assert_int_equal(mla_session_wait(&t->session, -1), 1);
    assert_int_equal(session_next(&t->session, &ev), 1);
    assert_non_null(((const struct toy_event *)ev)->question);
    assert_int_equal(mla_session_interrupt(&t->session), 0);
    assert_int_equal(session_step(&t->session, ticket, -1, &ev), MLA_E_STATE);
    assert_int_equal(mla_session_answer_certificate(&t->session, 1, 0), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), MLA_E_CANCELLED); /* the interrupt is not lost */
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    toy_free(t);
    peer_stop(&p);
    assert_int_equal(peer_start(&p, script_once, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_non_null(question(t, ticket, &rc));
    toy_free(t);
    peer_stop(&p);
    assert_int_equal(p.octets, 0);
    mla_config_free(cfg);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_moves_before_the_answer),
        cmocka_unit_test(every_fault_is_told),
        cmocka_unit_test(texts_are_safe_to_show),
        cmocka_unit_test(answers_are_remembered),
        cmocka_unit_test(verified_sessions_are_taken_up_all_the_same),
        cmocka_unit_test(answers_can_be_brought_back),
        cmocka_unit_test(some_things_are_no_question),
        cmocka_unit_test(refusal_is_told_although_the_server_has_gone),
        cmocka_unit_test(no_limit_runs_while_asking),
        cmocka_unit_test(sessions_may_end_while_asking),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/certificate", tests, NULL, NULL);
}
