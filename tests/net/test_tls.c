/* test_tls.c - sessions over TLS: certificates, STARTTLS, truncation */
#include "mailaccess/error.h"
#include "net/tls.h"
#include "peer.h"
#include "test.h"
#include "toy.h"

#include <stdio.h>

#include <sys/socket.h>

static mla_config *config_with(const char *root)
{
    char path[512];
    mla_config *cfg;
    mla_error err;

    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    if (root != NULL) {
        snprintf(path, sizeof path, "%s/%s.pem", peer_certs, root);
        assert_int_equal(mla_config_add_ca_file(cfg, path, &err), 0);
    }
    return cfg;
}

/* Connects to the peer as host. A name need not resolve, since the address is given; of another
 * address the socket is handed over. */
static struct toy *start(struct peer *p, const char *host, uint32_t security, mla_config *cfg,
                         uint64_t *out_ticket)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = security, .host = host};
    int is_name = strspn(host, "0123456789abcdef.:") != strlen(host);
    struct toy *t;

    a.port = (uint32_t)p->port;
    a.address = is_name ? "127.0.0.1" : NULL;
    assert_int_equal(toy_new(cfg, &t), 0);
    if (is_name || strcmp(host, "127.0.0.1") == 0)
        assert_int_equal(mla_session_connect(&t->session, &a, out_ticket), 0);
    else
        assert_int_equal(mla_session_adopt_fd(&t->session, peer_dial(p), &a, out_ticket), 0);
    return t;
}

static void assert_says(struct toy *t, const char *part)
{
    mla_error err;

    mla_session_error(&t->session, &err);
    if (strstr(err.message, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
}

/* A script counts what it hears behind the handshake in p->octets. */
static void script_tls(struct peer *p)
{
    if (!peer_accept(p) || !peer_tls(p))
        return;
    peer_say(p, "HELLO\n");
    while (peer_line(p)) {
        p->octets += strlen(p->line);
        peer_say(p, strcmp(p->line, "bye") == 0 ? "BYE\n" : "OK\n");
    }
}

static void talks_over_tls(void **state)
{
    mla_config *cfg = config_with("root");
    struct peer p = {0};
    uint64_t ticket;
    struct toy *t;
    const void *ev;

    (void)state;
    assert_int_equal(peer_start(&p, script_tls, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    assert_true(mla_session_is_tls(&t->session));
    assert_true(mla_session_is_verified(&t->session));
    assert_true(t->tls && t->verified);
    assert_int_equal(strncmp(mla_session_tls_version(&t->session), "TLSv1.", 6), 0);
    assert_non_null(strstr(mla_session_tls_cipher(&t->session), "CHACHA20"));
    assert_int_equal(toy_send(t, "hi", 0, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    assert_int_equal(toy_send(t, "bye", 1, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    /* T35 */
    assert_int_equal(session_step(&t->session, 0, 5000, &ev), MLA_E_CLOSED);
    toy_free(t);
    peer_stop(&p);
    assert_int_equal(p.octets, 5);
    assert_string_equal(p.sni, "localhost");
    assert_true(p.alpn_is_imap); /* T41 */
    mla_config_free(cfg);
}

struct cert_case {
    const char *cert;
    const char *host;
    const char *why; /* NULL: accepted */
};

static const struct cert_case cert_cases[] = {
    {"right", "localhost", NULL},
    {"right", "LocalHost.", NULL}, /* T40 */
    {"right", "127.0.0.1", NULL},  /* T21 */
    {"right", "127.0.0.2", NULL},
    {"right", "::1", NULL},
    {"right", "0:0:0:0:0:0:0:1", NULL},
    {"right-rsa", "localhost", NULL},
    {"right-upper", "localhost", NULL},
    {"right-ip", "127.0.0.1", NULL},
    {"right-ip", "localhost", "not for localhost but for 127.0.0.1"},
    {"right-many", "localhost", NULL},
    {"right-many", "host300.example.test", "and 29"},
    {"via-intermediate", "localhost", NULL},
    {"right", "127.0.0.3", "not for 127.0.0.3 but for localhost, 127.0.0.1, ::1, 127.0.0.2"},
    {"wrong-host", "localhost", "not for localhost but for mail.example.test"}, /* T20 */
    {"wrong-host", "mail.example.test", NULL},
    {"wrong-ip", "127.0.0.1", "not for 127.0.0.1 but for mail.example.test, 192.0.2.1"},
    {"expired", "localhost", "expired on 2002-01-01"}, /* T26 */
    {"not-yet-valid", "localhost", "not valid before 2048-01-01"},
    {"self-signed", "localhost", "self-signed"}, /* T27 */
    {"unknown-root", "localhost", "not signed by a root we know"},
    {"cn-only", "localhost", "names no host"}, /* T23 */
    {"cn-right-san-wrong", "localhost", "but for mail.example.test"},
    {"ip-in-dnsname", "127.0.0.1", "not for 127.0.0.1"}, /* T22 */
    {"ip-in-dnsname", "localhost", "not for localhost"},
    {"wildcard-example", "a.example.test", NULL}, /* T25 */
    {"wildcard-example", "A.Example.Test", NULL},
    {"wildcard-example", "example.test", "but for *.example.test"},
    {"wildcard-example", "a.b.example.test", "but for *.example.test"},
    {"wildcard-partial", "localhost", "but for l*calhost"},
    {"wildcard-middle", "mail.a.test", "but for mail.*.test"},
    {"wildcard-all", "localhost", "but for *"},
    {"wildcard-top", "a.test", "but for *.test"},
    {"wildcard-twice", "a.b.test", "but for *.*.test"},
    {"nul-in-san", "localhost", "localhost?.example.test"}, /* T24 */
    {"space-in-san", "localhost", "not for localhost"},
    {"client-only", "localhost", "not meant for a server"}, /* T28 */
    {"no-key-usage", "localhost", "not meant for a server"},
    {"critical-unknown", "localhost", "cannot be read"},         /* it does not even parse */
    {"leaf-as-ca", "localhost", "not signed by a root we know"}, /* T29 */
    {"no-certsign", "localhost", "not signed by a root we know"},
    {"pathlen", "localhost", "not signed by a root we know"},
    {"expired-intermediate", "localhost", "a certificate that vouches"}, /* T31 */
    {"missing-intermediate", "localhost", "not signed by a root we know"},
    {"rsa1024", "localhost", "weak key"}, /* T33 */
    {"sha1-signed", "localhost", "broken hash"},
};

static void try_cert(const struct cert_case *c, mla_config *cfg, uint32_t security,
                     void (*script)(struct peer *))
{
    struct peer p = {.cert = c->cert};
    uint64_t ticket;
    struct toy *t;
    int rc;

    assert_int_equal(peer_start(&p, script, 4), 0);
    t = start(&p, c->host, security, cfg, &ticket);
    rc = toy_wait(t, ticket, 10000);
    if (c->why == NULL ? rc != 0 : !mla_error_is_fatal(rc))
        fail_msg("%s as %s: %d %s", c->cert, c->host, rc, t->engine.why.message);
    if (c->why != NULL) {
        if (rc != MLA_E_CERT)
            fail_msg("%s as %s: %d %s", c->cert, c->host, rc, t->engine.why.message);
        assert_says(t, c->why);
        assert_false(t->tls);
        assert_false(mla_session_is_tls(&t->session));
    } else {
        assert_true(t->verified);
    }
    toy_free(t);
    peer_stop(&p);
    if (c->why != NULL)
        assert_int_equal(p.octets, 0);
    /* RFC 6066 section 3: no address as server name */
    if (c->host[0] < 'A')
        assert_string_equal(p.sni, "");
}

static void certificates_are_judged(void **state)
{
    mla_config *cfg = config_with("root");

    (void)state;
    for (size_t i = 0; i < sizeof cert_cases / sizeof cert_cases[0]; i++)
        try_cert(&cert_cases[i], cfg, MLA_SECURITY_TLS, script_tls);
    mla_config_free(cfg);
}

/* --- STARTTLS --- */

static void script_starttls(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p) ||
        strcmp(p->line, "STARTTLS") != 0 || !peer_say(p, "OK\n") || !peer_tls(p))
        return;
    while (peer_line(p)) {
        p->octets += strlen(p->line);
        peer_say(p, "OK\n");
    }
}

static void starttls_is_judged_the_same_way(void **state) /* T13 */
{
    static const struct cert_case some[] = {
        {"right", "localhost", NULL},
        {"right", "127.0.0.1", NULL},
        {"wrong-host", "localhost", "not for localhost"},
        {"expired", "localhost", "expired on"},
        {"unknown-root", "localhost", "not signed by a root we know"},
    };
    mla_config *cfg = config_with("root");

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        try_cert(&some[i], cfg, MLA_SECURITY_STARTTLS, script_starttls);
    mla_config_free(cfg);
}

/* Says p->arg behind STARTTLS and counts what comes then. */
static void script_answer(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, p->arg);
    peer_wait_close(p);
}

static void fails_after_starttls(const char *answer, int code, const char *why)
{
    struct peer p = {.arg = (void *)(uintptr_t)answer};
    mla_config *cfg = config_with("root");
    uint64_t ticket;
    struct toy *t;

    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 400), 0);
    assert_int_equal(peer_start(&p, script_answer, 4), 0);
    t = start(&p, "127.0.0.1", MLA_SECURITY_STARTTLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), code);
    assert_says(t, why);
    assert_false(t->tls);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
    /* not even a ClientHello */
    assert_int_equal(p.octets, 0);
}

static void injected_octets_are_an_error(void **state) /* T07, T14 */
{
    (void)state;
    fails_after_starttls("OK\n* injected\n", MLA_E_PROTOCOL, "11 octets were injected");
    fails_after_starttls("OK\nBYE\n", MLA_E_PROTOCOL, "injected");
    fails_after_starttls("OK\n.", MLA_E_PROTOCOL, "1 octets were injected");
}

static void refusal_of_starttls_is_an_error(void **state) /* T02 */
{
    (void)state;
    fails_after_starttls("NO\n", MLA_E_NO, "");
}

static void script_goes_on_in_clear(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p) || !peer_say(p, "OK\n"))
        return;
    recv(p->fd, p->line, 5, MSG_PEEK);
    peer_say(p, "* going on in clear, for all the world to read\n");
    peer_wait_close(p);
}

static void script_handshake_closed(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p) || !peer_say(p, "OK\n"))
        return;
    if (recv(p->fd, p->line, 5, MSG_PEEK | MSG_WAITALL) == 5)
        recv(p->fd, p->line, sizeof p->line, 0);
    peer_close(p, 0);
}

static void script_alert(struct peer *p)
{
    /* a fatal alert, protocol_version: what a server of TLS 1.0 alone says */
    static const unsigned char alert[] = {0x15, 3, 1, 0, 2, 2, 70};

    if (!peer_accept(p) || recv(p->fd, p->line, sizeof p->line, 0) <= 0)
        return;
    peer_send(p, alert, sizeof alert);
    peer_wait_close(p);
}

static void script_handshake_silent(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "HELLO\n") && peer_line(p) && peer_say(p, "OK\n"))
        peer_wait_close(p);
}

static void fails_in_handshake(void (*script)(struct peer *), uint32_t security, int max_tls,
                               int code, const char *why)
{
    struct peer p = {.max_tls = max_tls};
    mla_config *cfg = config_with("root");
    uint64_t ticket;
    struct toy *t;

    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 400), 0);
    assert_int_equal(peer_start(&p, script, 4), 0);
    t = start(&p, "127.0.0.1", security, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), code);
    assert_says(t, why);
    assert_false(t->tls);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

static void broken_handshakes_are_errors(void **state)
{
    (void)state;
    /* T11, T18, T12 */
    fails_in_handshake(script_goes_on_in_clear, MLA_SECURITY_STARTTLS, 0, MLA_E_TLS, "not TLS");
    fails_in_handshake(script_handshake_closed, MLA_SECURITY_STARTTLS, 0, MLA_E_CLOSED,
                       "during the TLS handshake");
    fails_in_handshake(script_handshake_silent, MLA_SECURITY_STARTTLS, 0, MLA_E_DEADLINE,
                       "setting up TLS");
    /* T32 */
    fails_in_handshake(script_alert, MLA_SECURITY_TLS, 0, MLA_E_TLS, "refused the TLS handshake");
    if (peer_has_old_tls()) {
        fails_in_handshake(script_tls, MLA_SECURITY_TLS, 10, MLA_E_TLS, "TLS 1.2");
        fails_in_handshake(script_tls, MLA_SECURITY_TLS, 11, MLA_E_TLS, "TLS 1.2");
    }
}

/* What of a ClientHello stands behind the cipher suites: the methods of compression. */
static void script_hello(struct peer *p)
{
    unsigned char h[2048];
    size_t at = 5 + 4 + 2 + 32; /* record, message, version, random (RFC 5246 section 7.4.1.2) */
    ssize_t n;

    if (!peer_accept(p) || (n = recv(p->fd, h, sizeof h, 0)) < 100 || h[0] != 22 || h[5] != 1)
        return;
    at += 1U + h[at];
    at += 2U + ((size_t)h[at] << 8 | h[at + 1]);
    if (at + 1 < (size_t)n)
        p->octets = 256U * h[at] + h[at + 1];
}

static void tls_never_compresses(void **state) /* T39 */
{
    mla_config *cfg = config_with("root");
    struct peer p = {0};
    uint64_t ticket;
    struct toy *t;

    (void)state;
    assert_int_equal(peer_start(&p, script_hello, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), MLA_E_CLOSED);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
    assert_int_equal(p.octets, 256 * 1 + 0); /* one of them: none */
}

/* What nobody has set is TLS from the first octet, to the ports of that. */
static void tls_is_the_default(void **state) /* T42 */
{
    mla_connect_args a = {.struct_size = sizeof a, .host = "127.0.0.1"};
    mla_config *cfg = config_with("root");
    struct peer p = {0};
    uint64_t ticket;
    struct toy *t;

    (void)state;
    assert_int_equal(peer_start(&p, script_hello, 4), 0);
    a.port = (uint32_t)p.port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), MLA_E_CLOSED);
    toy_free(t);
    peer_stop(&p);
    assert_int_not_equal(p.octets, 0);
    /* none of the three is "if possible" */
    a.security = MLA_SECURITY_NONE + 1;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), MLA_E_ARG);
    toy_free(t);
    mla_config_free(cfg);
}

/* --- the end of TLS --- */

static void script_end(struct peer *p)
{
    if (!peer_accept(p) || !peer_tls(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, "* half of");
    peer_close(p, p->arg != NULL);
}

static void truncation_is_an_error(void **state) /* T34 */
{
    (void)state;
    for (int clean = 0; clean < 2; clean++) {
        mla_config *cfg = config_with("root");
        struct peer p = {0};
        uint64_t ticket;
        struct toy *t;

        p.arg = clean ? &p : NULL;
        assert_int_equal(peer_start(&p, script_end, 4), 0);
        t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
        assert_int_equal(toy_wait(t, ticket, 10000), 0);
        assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
        assert_int_equal(toy_wait(t, ticket, 10000), MLA_E_CLOSED);
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

/* --- much data --- */

enum { LINES = 20000, BIG = 3 << 20 };

static void script_flood(struct peer *p)
{
    static char many[LINES * 100];

    if (!peer_accept(p) || !peer_tls(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    memset(many, 'x', sizeof many);
    for (size_t i = 0; i < LINES; i++) {
        many[i * 100] = '*';
        many[i * 100 + 99] = '\n';
    }
    if (peer_send(p, many, sizeof many))
        peer_say(p, "OK\n");
    /* then 3 MiB the other way, from a client whose buffers are full */
    peer_nap(200);
    while (p->octets < BIG && peer_line(p))
        p->octets += strlen(p->line) + 1;
    peer_say(p, "OK\n");
    peer_wait_close(p);
}

static void much_data_both_ways(void **state)
{
    mla_config *cfg = config_with("root");
    struct peer p = {.receive_buffer = 4096};
    char line[512];
    uint64_t ticket;
    struct toy *t;
    size_t sent = 0;

    (void)state;
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 30000), 0);
    assert_int_equal(t->octets, LINES * 99);
    memset(line, 'y', sizeof line);
    line[510] = '\n';
    for (; sent + sizeof line < BIG; sent += 511)
        assert_int_equal(outq_add(&t->engine.out, line, 511), 0);
    line[BIG - sent - 1] = '\0';
    assert_int_equal(toy_send(t, line, 0, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 30000), 0);
    toy_free(t);
    peer_stop(&p);
    assert_int_equal(p.octets, BIG);
    mla_config_free(cfg);
}

/* A consumer who looks at one event at a time must be told of what TLS holds decrypted. */
static void decrypted_octets_are_not_forgotten(void **state)
{
    mla_config *cfg = config_with("root");
    struct peer p = {0};
    uint64_t ticket;
    struct toy *t;
    const void *ev;
    int result = 0;

    (void)state;
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    for (;;) {
        while (session_next(&t->session, &ev) == 1)
            ;
        if (t->session.protocol->result(t, ticket, &result) != 0)
            break;
        if ((mla_session_wants(&t->session) & MLA_WANT_NOW) == 0)
            assert_int_equal(mla_session_wait(&t->session, 10000), 1);
        assert_true(mla_session_process(&t->session) >= 0);
    }
    assert_int_equal(t->octets, LINES * 99);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* --- whom to trust --- */

static void hex_of(const char *text, uint8_t out[32])
{
    for (int i = 0; i < 32; i++) {
        unsigned v = 0;

        for (int k = 0; k < 2; k++) {
            char c = text[2 * i + k];

            v = v * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        out[i] = (uint8_t)v;
    }
}

static void find_key(void *user, int32_t what, const uint8_t *data, size_t len)
{
    static const char before[] = "the server's public key has the SHA-256 ";

    if (what == MLA_TRACE_NOTE && len == sizeof before - 1 + 64 &&
        memcmp(data, before, sizeof before - 1) == 0)
        hex_of((const char *)data + sizeof before - 1, user);
}

/* The digest that the trace tells, which is what a user copies. */
static void key_of(const char *cert, uint8_t digest[32])
{
    mla_config *cfg = config_with("root");
    struct peer p = {.cert = cert};
    uint64_t ticket;
    struct toy *t;

    memset(digest, 0, 32);
    assert_int_equal(mla_config_set_trace(cfg, find_key, digest), 0);
    assert_int_equal(peer_start(&p, script_tls, 4), 0);
    t = start(&p, "localhost", MLA_SECURITY_TLS, cfg, &ticket);
    (void)toy_wait(t, ticket, 10000);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

static void pins_stand_for_the_chain_alone(void **state)
{
    static const struct cert_case cases[] = {
        {"self-signed", "localhost", NULL},
        {"self-signed", "elsewhere.test", "not for elsewhere.test"},
        {"unknown-root", "localhost", NULL},
        {"expired", "localhost", "expired"},
        {"wrong-host", "localhost", "not for localhost"},
        {"expired-intermediate", "localhost", NULL},
        {"rsa1024", "localhost", "weak key"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t digest[32];
        mla_config *cfg;

        key_of(cases[i].cert, digest);
        cfg = config_with("root");
        assert_int_equal(mla_config_add_pin_sha256(cfg,
                                                   (const uint8_t *)"not the key at all, 32 oct"
                                                                    "ets..."),
                         0);
        assert_int_equal(mla_config_add_pin_sha256(cfg, digest), 0);
        try_cert(&cases[i], cfg, MLA_SECURITY_TLS, script_tls);
        mla_config_free(cfg);
    }
}

static void other_key_than_the_pinned_is_refused(void **state)
{
    static const struct cert_case wrong = {"right", "localhost", "is not the pinned one"};
    static const uint8_t digest[32] = {1};
    mla_config *cfg = config_with("root");

    (void)state;
    assert_int_equal(mla_config_add_pin_sha256(cfg, digest), 0);
    try_cert(&wrong, cfg, MLA_SECURITY_TLS, script_tls);
    mla_config_free(cfg);
}

/* T38: with a pin as well, the pin alone holds. */
static void a_pin_holds_where_nothing_else_is_verified(void **state)
{
    static const char *const certs[] = {"expired", "wrong-host", "right"};

    (void)state;
    for (size_t i = 0; i < sizeof certs / sizeof certs[0]; i++) {
        struct peer p = {.cert = certs[i]};
        mla_config *cfg = config_with(NULL);
        uint8_t digest[32];
        uint64_t ticket;
        struct toy *t;
        int right = strcmp(certs[i], "right") != 0;

        key_of(right ? certs[i] : "expired", digest);
        assert_int_equal(mla_config_set_insecure(cfg, 1), 0);
        assert_int_equal(mla_config_add_pin_sha256(cfg, digest), 0);
        assert_int_equal(peer_start(&p, script_tls, 4), 0);
        t = start(&p, "127.0.0.1", MLA_SECURITY_TLS, cfg, &ticket);
        assert_int_equal(toy_wait(t, ticket, 10000), right ? 0 : MLA_E_CERT);
        if (!right)
            assert_says(t, "is not the pinned one");
        assert_int_equal(mla_session_is_tls(&t->session), right);
        assert_false(mla_session_is_verified(&t->session));
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

static void insecure_is_a_call_of_its_own(void **state) /* T38 */
{
    static const char *const certs[] = {"self-signed", "expired", "wrong-host", "cn-only"};

    (void)state;
    for (size_t i = 0; i < sizeof certs / sizeof certs[0]; i++) {
        struct peer p = {.cert = certs[i]};
        mla_config *cfg = config_with(NULL);
        uint64_t ticket;
        struct toy *t;

        assert_int_equal(mla_config_set_insecure(cfg, 1), 0);
        assert_int_equal(peer_start(&p, script_tls, 4), 0);
        t = start(&p, "127.0.0.1", MLA_SECURITY_TLS, cfg, &ticket);
        if (toy_wait(t, ticket, 10000) != 0)
            fail_msg("%s: %s", certs[i], t->engine.why.message);
        assert_true(mla_session_is_tls(&t->session));
        assert_false(mla_session_is_verified(&t->session));
        assert_false(t->verified);
        toy_free(t);
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

static void roots_come_from_files_folders_and_memory(void **state)
{
    static const struct cert_case right = {"right", "localhost", NULL};
    static const struct cert_case other = {"unknown-root", "localhost", NULL};
    char path[600];
    char pem[8192];
    mla_config *cfg;
    mla_error err;
    size_t n;
    FILE *f;

    (void)state;
    /* two calls add up */
    cfg = config_with("other-root");
    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    f = fopen(path, "r");
    assert_non_null(f);
    n = fread(pem, 1, sizeof pem, f);
    fclose(f);
    assert_int_equal(mla_config_add_ca_pem(cfg, pem, n, &err), 0);
    try_cert(&right, cfg, MLA_SECURITY_TLS, script_tls);
    try_cert(&other, cfg, MLA_SECURITY_TLS, script_tls);
    /* frozen now */
    assert_int_equal(mla_config_add_ca_pem(cfg, pem, n, &err), MLA_E_STATE);
    assert_int_equal(mla_config_set_insecure(cfg, 1), MLA_E_STATE);
    mla_config_free(cfg);

    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_add_ca_file(cfg, "/nowhere/at all", &err), MLA_E_ARG);
    assert_non_null(strstr(err.message, "/nowhere/at all: No such file"));
    assert_int_equal(mla_config_add_ca_file(cfg, "/etc/passwd", &err), MLA_E_ARG);
    assert_non_null(strstr(err.message, "no certificate in /etc/passwd"));
    assert_int_equal(mla_config_add_ca_file(cfg, "/etc", &err), MLA_E_ARG);
    assert_int_equal(mla_config_add_ca_path(cfg, "/proc/self/fdinfo", &err), MLA_E_ARG);
    assert_int_equal(mla_config_add_ca_path(cfg, "/nowhere", &err), MLA_E_ARG);
    assert_int_equal(mla_config_add_ca_pem(cfg, "junk", 4, NULL), MLA_E_ARG);
    assert_int_equal(mla_config_add_ca_pem(cfg, NULL, 4, NULL), MLA_E_ARG);
    assert_null(cfg->roots);
    assert_int_equal(mla_config_add_ca_path(cfg, peer_certs, &err), 0);
    try_cert(&right, cfg, MLA_SECURITY_TLS, script_tls);
    mla_config_free(cfg);

    /* the system's own do not know our root */
    cfg = config_with(NULL);
    try_cert(&(struct cert_case){"right", "localhost", "not signed by a root we know"}, cfg,
             MLA_SECURITY_TLS, script_tls);
    assert_non_null(cfg->roots);
    mla_config_free(cfg);

    /* unless the environment names another file */
    setenv("SSL_CERT_FILE", path, 1);
    cfg = config_with(NULL);
    try_cert(&right, cfg, MLA_SECURITY_TLS, script_tls);
    mla_config_free(cfg);
    setenv("SSL_CERT_FILE", "/nowhere.pem", 1);
    {
        mla_connect_args a = {.struct_size = sizeof a, .host = "localhost"};
        struct toy *t;

        assert_int_equal(toy_new(NULL, &t), 0);
        assert_int_equal(mla_session_connect(&t->session, &a, NULL), MLA_E_ARG);
        assert_says(t, "/nowhere.pem");
        toy_free(t);
    }
    unsetenv("SSL_CERT_FILE");
}

static void oldest_version_can_be_raised(void **state)
{
    mla_config *cfg = config_with("root");
    static const struct cert_case right = {"right", "localhost", NULL};

    (void)state;
    assert_int_equal(mla_config_set_tls_min(cfg, 11), MLA_E_ARG);
    assert_int_equal(mla_config_set_tls_min(cfg, 12), 0);
    if (tls_newest() < 13) {
        assert_int_equal(mla_config_set_tls_min(cfg, 13), MLA_E_UNSUPPORTED);
    } else {
        assert_int_equal(mla_config_set_tls_min(cfg, 13), 0);
    }
    try_cert(&right, cfg, MLA_SECURITY_TLS, script_tls);
    mla_config_free(cfg);
}

/* --- threads --- */

static void *connect_once(void *arg)
{
    static const struct cert_case right = {"right", "localhost", NULL};
    struct peer p = {.cert = right.cert};
    uint64_t ticket;
    struct toy *t;
    int rc;

    if (peer_start(&p, script_tls, 4) != 0)
        return arg;
    t = start(&p, right.host, MLA_SECURITY_TLS, arg, &ticket);
    rc = toy_wait(t, ticket, 20000);
    toy_free(t);
    peer_stop(&p);
    return rc == 0 ? NULL : arg;
}

static void threads_share_a_configuration(void **state)
{
    mla_config *cfg = config_with("root");
    pthread_t threads[6];

    (void)state;
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, connect_once, cfg), 0);
    for (int i = 0; i < 6; i++) {
        void *bad;

        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    mla_config_free(cfg);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_over_tls),
        cmocka_unit_test(certificates_are_judged),
        cmocka_unit_test(starttls_is_judged_the_same_way),
        cmocka_unit_test(injected_octets_are_an_error),
        cmocka_unit_test(refusal_of_starttls_is_an_error),
        cmocka_unit_test(broken_handshakes_are_errors),
        cmocka_unit_test(tls_never_compresses),
        cmocka_unit_test(tls_is_the_default),
        cmocka_unit_test(truncation_is_an_error),
        cmocka_unit_test(much_data_both_ways),
        cmocka_unit_test(decrypted_octets_are_not_forgotten),
        cmocka_unit_test(pins_stand_for_the_chain_alone),
        cmocka_unit_test(other_key_than_the_pinned_is_refused),
        cmocka_unit_test(a_pin_holds_where_nothing_else_is_verified),
        cmocka_unit_test(insecure_is_a_call_of_its_own),
        cmocka_unit_test(roots_come_from_files_folders_and_memory),
        cmocka_unit_test(oldest_version_can_be_raised),
        cmocka_unit_test(threads_share_a_configuration),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/tls", tests, NULL, NULL);
}
