/* test_resume.c - TLS sessions taken up again, what a log-in can be tied to, client certificates */
#include "mailaccess/certificate.h"
#include "mailaccess/error.h"
#include "peer.h"
#include "test.h"
#include "toy.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 8 };

static mla_config *config_new(void)
{
    char path[512];
    mla_config *cfg;
    mla_error err;

    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    assert_int_equal(mla_config_add_ca_file(cfg, path, &err), 0);
    return cfg;
}

/* Serves one connection after the other until one says "stop". */
static void script_rounds(struct peer *p)
{
    int stop = 0;

    for (int i = 0; i < ROUNDS && !stop; i++) {
        if (!peer_accept(p))
            return;
        if (peer_tls(p)) {
            peer_say(p, "HELLO\n");
            while (peer_line(p)) {
                stop |= strcmp(p->line, "stop") == 0;
                peer_say(p, strcmp(p->line, "bye") == 0 || stop ? "BYE\n" : "OK\n");
            }
        }
        peer_close(p, 1);
    }
}

/* What a verified session has shown last. */
static struct {
    uint32_t count;
    uint8_t certs[4][32];
    uint8_t key[32];
} shown;

static void look_at_chain(mla_session *ss)
{
    const mla_certificate_chain *chain;

    assert_int_equal(mla_session_certificates(ss, &chain), 0);
    memset(&shown, 0, sizeof shown);
    shown.count = chain->count;
    assert_in_range(chain->count, 1, 4);
    assert_int_equal(chain->reasons, 0);
    for (uint32_t i = 0; i < chain->count; i++)
        memcpy(shown.certs[i], chain->certificates[i]->sha256, 32);
    assert_int_equal(mla_session_key_sha256(ss, shown.key), 0);
    assert_memory_equal(shown.key, chain->certificates[0]->key_sha256, 32);
}

/* One connection, as far as its answer to word: 1 when it took up an earlier session, 0 when not;
 * always verified unless insecure. */
static int visit(struct peer *p, mla_config *cfg, const char *host, const char *word,
                 uint8_t end_point[64], size_t *end_point_len)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_TLS, .host = host};
    uint64_t ticket;
    struct toy *t;
    size_t n = 0;
    int resumed;

    a.port = (uint32_t)p->port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_false(mla_session_is_resumed(&t->session));
    if (end_point != NULL)
        assert_int_equal(
            mla_session_channel_binding(&t->session, MLA_BINDING_END_POINT, end_point, 64, &n),
            MLA_E_STATE);
    if (strcmp(host, "127.0.0.1") == 0)
        assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    else /* the name need not resolve */
        assert_int_equal(mla_session_adopt_fd(&t->session, peer_dial(p), &a, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    assert_true(mla_session_is_tls(&t->session));
    if (end_point != NULL) {
        assert_int_equal(mla_session_channel_binding(&t->session, MLA_BINDING_END_POINT, end_point,
                                                     64, end_point_len),
                         0);
        assert_true(mla_session_is_verified(&t->session));
        look_at_chain(&t->session);
    }
    /* The answer comes behind the tickets of TLS 1.3. */
    assert_int_equal(toy_send(t, word, 1, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    resumed = mla_session_is_resumed(&t->session);
    toy_free(t);
    return resumed;
}

static void sessions_are_taken_up(void **state)
{
    (void)state;
    for (int tickets = 0; tickets < 2; tickets++) {
        struct peer p = {.memory = peer_memory_new(tickets)};
        mla_config *cfg = config_new();
        uint8_t first[64];
        uint8_t again[64];
        size_t n;
        size_t m;
        int resumed;

        assert_int_equal(peer_start(&p, script_rounds, 4), 0);
        assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", first, &n), 0);
        resumed = visit(&p, cfg, "127.0.0.1", "bye", again, &m);
        /* TLS 1.3 has tickets alone. */
        assert_true(resumed || (tickets == 0 && peer_newest_tls() == 13));
        assert_int_equal(n, m);
        assert_int_equal(n, 32);
        assert_memory_equal(first, again, n);
        /* ... and once more, from what the second one left. */
        assert_int_equal(visit(&p, cfg, "127.0.0.1", "stop", again, &m), resumed);
        assert_memory_equal(first, again, n);
        peer_stop(&p);
        peer_memory_free(p.memory);
        mla_config_free(cfg);
    }
}

static void the_chain_is_known_again(void **state)
{
    struct peer p = {.memory = peer_memory_new(1), .cert = "via-intermediate"};
    mla_config *cfg = config_new();
    uint8_t b[64];
    size_t n;

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", b, &n), 0);
    assert_true(shown.count > 1);
    for (int i = 0; i < 2; i++) {
        const uint32_t count = shown.count;
        uint8_t certs[sizeof shown.certs];
        uint8_t key[32];

        memcpy(certs, shown.certs, sizeof certs);
        memcpy(key, shown.key, sizeof key);
        assert_int_equal(visit(&p, cfg, "127.0.0.1", i == 0 ? "bye" : "stop", b, &n), 1);
        assert_int_equal(shown.count, count);
        assert_memory_equal(shown.certs, certs, sizeof certs);
        assert_memory_equal(shown.key, key, sizeof key);
    }
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
}

/* T36 */
static void sessions_belong_to_host_and_demands(void **state)
{
    struct peer p = {.memory = peer_memory_new(1)};
    struct peer other = {.memory = p.memory};
    mla_config *cfg = config_new();
    mla_config *second = config_new();
    uint8_t b[64];
    size_t n;

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(peer_start(&other, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", b, &n), 0);
    assert_int_equal(visit(&p, cfg, "localhost", "bye", b, &n), 0);
    assert_int_equal(visit(&other, cfg, "127.0.0.1", "stop", b, &n), 0);
    assert_int_equal(visit(&p, second, "127.0.0.1", "bye", b, &n), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "stop", b, &n), 1);
    peer_stop(&p);
    peer_stop(&other);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
    mla_config_free(second);
}

static void resumption_can_be_off(void **state)
{
    struct peer p = {.memory = peer_memory_new(1)};
    mla_config *cfg = config_new();
    uint8_t b[64];
    size_t n;

    (void)state;
    assert_int_equal(mla_config_set_tls_resumption(cfg, 0), 0);
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", b, &n), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "stop", b, &n), 0);
    assert_int_equal(mla_config_set_tls_resumption(cfg, 1), MLA_E_STATE);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
}

/* T38: what nobody has verified must not come back as verified. */
static void unverified_sessions_are_not_kept(void **state)
{
    struct peer p = {.memory = peer_memory_new(1), .cert = "expired"};
    mla_config *cfg = config_new();

    (void)state;
    assert_int_equal(mla_config_set_insecure(cfg, 1), 0);
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", NULL, NULL), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "stop", NULL, NULL), 0);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
}

/* A server that has forgotten gets a full handshake, and is judged again. */
static void forgotten_sessions_cost_a_handshake(void **state)
{
    struct peer p = {.memory = peer_memory_new(1)};
    struct peer_memory *before = p.memory;
    mla_config *cfg = config_new();
    uint8_t b[64];
    size_t n;

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", b, &n), 0);
    p.memory = peer_memory_new(1); /* read at its next handshake, which follows a connect of ours */
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "bye", b, &n), 0);
    assert_int_equal(visit(&p, cfg, "127.0.0.1", "stop", b, &n), 1);
    peer_stop(&p);
    peer_memory_free(before);
    peer_memory_free(p.memory);
    mla_config_free(cfg);
}

static void logins_can_be_tied_to_tls13(void **state)
{
    struct peer p = {0};
    mla_connect_args a = {
        .struct_size = sizeof a, .security = MLA_SECURITY_TLS, .host = "127.0.0.1"};
    mla_config *cfg = config_new();
    uint8_t b[64];
    uint64_t ticket;
    struct toy *t;
    size_t n;

    (void)state;
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    a.port = (uint32_t)p.port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    if (strcmp(mla_session_tls_version(&t->session), "TLSv1.3") == 0) {
        assert_int_equal(
            mla_session_channel_binding(&t->session, MLA_BINDING_EXPORTER, b, sizeof b, &n), 0);
        assert_int_equal(n, 32);
    } else {
        assert_int_equal(
            mla_session_channel_binding(&t->session, MLA_BINDING_EXPORTER, b, sizeof b, &n),
            MLA_E_UNSUPPORTED);
    }
    assert_int_equal(mla_session_channel_binding(&t->session, MLA_BINDING_END_POINT, b, 31, &n),
                     MLA_E_LIMIT);
    assert_int_equal(mla_session_channel_binding(&t->session, 4, b, sizeof b, &n), MLA_E_ARG);
    assert_int_equal(toy_send(t, "stop", 1, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* The extended master secret from the second connection on. */
static void script_secrets(struct peer *p)
{
    for (int i = 0; i < 4; i++) {
        p->plain_secret = i == 0;
        if (!peer_accept(p) || !peer_tls(p))
            return;
        peer_say(p, "HELLO\n");
        peer_wait_close(p);
        peer_close(p, 1);
    }
}

/* What comes of asking for tls-unique; *out_resumed as visit(). */
static int unique_of(const struct peer *p, mla_config *cfg, int *out_resumed)
{
    mla_connect_args a = {
        .struct_size = sizeof a, .security = MLA_SECURITY_TLS, .host = "127.0.0.1"};
    uint64_t ticket;
    struct toy *t;
    uint8_t b[64];
    size_t n;
    int rc;

    a.port = (uint32_t)p->port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    *out_resumed = mla_session_is_resumed(&t->session);
    rc = mla_session_channel_binding(&t->session, MLA_BINDING_UNIQUE, b, sizeof b, &n);
    assert_int_equal(n, rc == 0 ? 12 : 0);
    toy_free(t);
    return rc;
}

/* RFC 7627 section 5.3: a session that began without it has none when it is taken up, whatever the
 * server says then. */
static void a_plain_secret_stays_one(void **state)
{
    struct peer p = {.memory = peer_memory_new(1), .max_tls = 12};
    mla_config *cfg[2] = {config_new(), config_new()};
    int expected = peer_has_old_tls() ? 0 : MLA_E_UNSUPPORTED; /* 2.28 alone tells of it */
    int resumed;

    (void)state;
    assert_int_equal(peer_start(&p, script_secrets, 4), 0);
    assert_int_equal(unique_of(&p, cfg[0], &resumed), MLA_E_UNSUPPORTED);
    assert_false(resumed);
    assert_int_equal(unique_of(&p, cfg[0], &resumed), MLA_E_UNSUPPORTED);
    assert_true(resumed);
    assert_int_equal(unique_of(&p, cfg[1], &resumed), expected);
    assert_false(resumed);
    assert_int_equal(unique_of(&p, cfg[1], &resumed), expected);
    assert_true(resumed);
    peer_stop(&p);
    peer_memory_free(p.memory);
    mla_config_free(cfg[0]);
    mla_config_free(cfg[1]);
}

static size_t slurp(const char *name, const char *kind, char *out, size_t size)
{
    char path[512];
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s.%s", peer_certs, name, kind);
    f = fopen(path, "r");
    assert_non_null(f);
    n = fread(out, 1, size - 1, f);
    fclose(f);
    out[n] = '\0';
    return n;
}

static void clients_show_who_they_are(void **state)
{
    mla_config *cfg = config_new();
    mla_config *nobody = config_new();
    struct peer p = {.asks_client = 1};
    char cert[8192];
    char key[8192];
    mla_error err;
    uint8_t b[64];
    size_t c;
    size_t k;
    size_t n;

    (void)state;
    c = slurp("client-alice", "pem", cert, sizeof cert);
    k = slurp("client-alice", "key", key, sizeof key);
    assert_int_equal(mla_config_set_client_certificate(cfg, cert, c, key, k, NULL, &err), 0);
    assert_int_equal(mla_config_set_client_certificate(cfg, cert, c, key, 10, NULL, &err),
                     MLA_E_ARG);
    assert_non_null(strstr(err.message, "key"));
    assert_int_equal(mla_config_set_client_certificate(cfg, cert, 10, key, k, NULL, &err),
                     MLA_E_ARG);
    assert_int_equal(mla_config_set_client_certificate(cfg, NULL, 0, key, k, NULL, &err),
                     MLA_E_ARG);
    assert_int_equal(peer_start(&p, script_rounds, 4), 0);
    (void)visit(&p, cfg, "127.0.0.1", "bye", b, &n);
    assert_non_null(strstr(p.client, "CN=alice"));
    p.client[0] = '\0';
    (void)visit(&p, nobody, "127.0.0.1", "stop", b, &n);
    assert_string_equal(p.client, "");
    assert_int_equal(mla_config_set_client_certificate(cfg, cert, c, key, k, NULL, NULL),
                     MLA_E_STATE);
    peer_stop(&p);
    k = slurp("client-bob", "key", key, sizeof key);
    mla_config_free(cfg);
    cfg = config_new();
    assert_int_equal(mla_config_set_client_certificate(cfg, cert, c, key, k, NULL, &err),
                     MLA_E_ARG);
    assert_non_null(strstr(err.message, "another key"));
    mla_config_free(cfg);
    mla_config_free(nobody);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_taken_up),
        cmocka_unit_test(the_chain_is_known_again),
        cmocka_unit_test(sessions_belong_to_host_and_demands),
        cmocka_unit_test(resumption_can_be_off),
        cmocka_unit_test(unverified_sessions_are_not_kept),
        cmocka_unit_test(forgotten_sessions_cost_a_handshake),
        cmocka_unit_test(logins_can_be_tied_to_tls13),
        cmocka_unit_test(a_plain_secret_stays_one),
        cmocka_unit_test(clients_show_who_they_are),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/resume", tests, NULL, NULL);
}
