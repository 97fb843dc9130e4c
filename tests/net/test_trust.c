/* test_trust.c - what IMAP and POP3 sessions make of servers with a fault in their TLS: each row of
 * certificates by TLS and by STARTTLS, and what comes with TLS besides. */
#include "mailaccess/certificate.h"
#include "mailaccess/error.h"
#include "net/tls.h"
#include "peer.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>

#include <sys/resource.h>
#include <sys/socket.h>

static const char password[] = "open-sesame";

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

/* --- a server of either protocol --- */

struct way {
    const char *name;
    int pop3;
    uint32_t security;
};

static const struct way ways[] = {{"imap, TLS", 0, MLA_SECURITY_TLS},
                                  {"imap, STARTTLS", 0, MLA_SECURITY_STARTTLS},
                                  {"pop3, TLS", 1, MLA_SECURITY_TLS},
                                  {"pop3, STLS", 1, MLA_SECURITY_STARTTLS}};
enum { WAYS = 4 };

static int is_word(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* Answers one command; 1 when it asks for TLS. */
static int answer(struct peer *p, int pop3)
{
    char text[128];
    char *word;

    if (pop3) {
        peer_say(p, is_word(p->line, "CAPA")   ? "+OK\r\nSTLS\r\nUSER\r\nSASL PLAIN\r\n.\r\n"
                    : is_word(p->line, "AUTH") ? "+OK\r\n"
                                               : "+OK\r\n");
        return is_word(p->line, "STLS");
    }
    word = strchr(p->line, ' ');
    if (word == NULL)
        return 0;
    *word++ = '\0';
    if (is_word(word, "CAPABILITY"))
        peer_say(p, p->tls != NULL ? "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n"
                                   : "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n");
    snprintf(text, sizeof text, "%.40s OK done\r\n", p->line);
    peer_say(p, text);
    return is_word(word, "STARTTLS");
}

static void greet(struct peer *p, const struct way *w)
{
    peer_say(p, w->pop3          ? "+OK hello\r\n"
                : p->tls != NULL ? "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n"
                                 : "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\r\n");
}

/* As far as the end of TLS's handshake: 1. Counts the octets that come behind it. */
static int as_far_as_tls(struct peer *p, const struct way *w)
{
    if (!peer_accept(p))
        return 0;
    if (w->security == MLA_SECURITY_STARTTLS) {
        greet(p, w);
        do {
            if (!peer_line(p))
                return 0;
        } while (!answer(p, w->pop3));
    }
    if (!peer_tls(p))
        return 0;
    if (w->security == MLA_SECURITY_TLS)
        greet(p, w);
    return 1;
}

static void script_mail(struct peer *p)
{
    const struct way *w = p->arg;

    if (!as_far_as_tls(p, w))
        return;
    while (peer_line(p)) {
        p->octets += strlen(p->line);
        (void)answer(p, w->pop3);
    }
}

/* --- a client of either protocol --- */

struct client {
    mla_imap *imap; /* one of the two */
    mla_pop3 *pop3;
    mla_session *ss;
    uint64_t connecting;
    uint64_t login;
};

static void client_new(struct client *c, struct peer *p, const struct way *w, const char *host,
                       mla_config *cfg)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = w->security, .host = host};
    mla_credentials cred = {.struct_size = sizeof cred, .user = "alice", .password = password};
    mla_error err;

    memset(c, 0, sizeof *c);
    cred.password_len = strlen(password);
    assert_int_equal(
        w->pop3 ? mla_pop3_new(cfg, &c->pop3, &err) : mla_imap_new(cfg, &c->imap, &err), 0);
    c->ss = w->pop3 ? mla_pop3_session(c->pop3) : mla_imap_session(c->imap);
    a.port = 993; /* one server, as far as the client is concerned */
    assert_int_equal(mla_session_adopt_fd(c->ss, peer_dial(p), &a, &c->connecting), 0);
    /* the log-in waits for nothing but the connection */
    assert_int_equal(w->pop3 ? mla_pop3_authenticate(c->pop3, &cred, &c->login)
                             : mla_imap_authenticate(c->imap, &cred, &c->login),
                     0);
}

static int client_finish(struct client *c, uint64_t ticket)
{
    const mla_imap_event *iev;
    const mla_pop3_event *pev;
    int rc;

    do
        rc = c->imap != NULL ? mla_imap_step(c->imap, ticket, 10000, &iev)
                             : mla_pop3_step(c->pop3, ticket, 10000, &pev);
    while (rc == 1);
    return rc;
}

static void client_free(struct client *c)
{
    mla_imap_free(c->imap);
    mla_pop3_free(c->pop3);
}

/* --- certificates --- */

struct row {
    const char *id;
    const char *cert;
    const char *host;
    const char *why; /* NULL: accepted */
};

static const struct row rows[] = {
    {"T20", "right", "localhost", NULL},
    {"T20", "wrong-host", "localhost", "not for localhost but for mail.example.test"},
    {"T21", "right", "127.0.0.1", NULL},
    {"T21", "right", "127.0.0.3", "not for 127.0.0.3"},
    {"T21", "right-ip", "127.0.0.1", NULL},
    {"T21", "right-ip", "localhost", "not for localhost but for 127.0.0.1"},
    {"T21", "wrong-ip", "127.0.0.1", "not for 127.0.0.1"},
    {"T22", "ip-in-dnsname", "127.0.0.1", "not for 127.0.0.1"},
    {"T22", "ip-in-dnsname", "localhost", "not for localhost"},
    {"T23", "cn-only", "localhost", "names no host"},
    {"T23", "cn-right-san-wrong", "localhost", "but for mail.example.test"},
    {"T24", "nul-in-san", "localhost", "localhost?.example.test"},
    {"T24", "space-in-san", "localhost", "not for localhost"},
    {"T25", "wildcard-example", "a.example.test", NULL},
    {"T25", "wildcard-example", "example.test", "but for *.example.test"},
    {"T25", "wildcard-example", "a.b.example.test", "but for *.example.test"},
    {"T25", "wildcard-partial", "localhost", "but for l*calhost"},
    {"T25", "wildcard-middle", "mail.a.test", "but for mail.*.test"},
    {"T25", "wildcard-all", "localhost", "but for *"},
    {"T25", "wildcard-top", "a.test", "but for *.test"},
    {"T25", "wildcard-twice", "a.b.test", "but for *.*.test"},
    {"T26", "expired", "localhost", "the certificate expired on 2002-01-01"},
    {"T26", "not-yet-valid", "localhost", "not valid before 2048-01-01"},
    {"T27", "self-signed", "localhost", "self-signed"},
    {"T27", "unknown-root", "localhost", "not signed by a root we know"},
    {"T27", "endless", "localhost", "vouch for the server's are too many"},
    {"T28", "client-only", "localhost", "not meant for a server"},
    {"T28", "no-key-usage", "localhost", "not meant for a server"},
    {"T29", "leaf-as-ca", "localhost", "not signed by a root we know"},
    {"T29", "number-as-ca", "localhost", "not signed by a root we know"},
    {"T29", "no-certsign", "localhost", "not signed by a root we know"},
    {"T29", "pathlen", "localhost", "not signed by a root we know"},
    {"T30", "constrained-right", "localhost", NULL},
    {"T30", "constrained-critical", "localhost", "such as name constraints"},
    {"T30", "constrained-name", "localhost", "may not do so for its names"},
    {"T30", "constrained-ip", "localhost", "may not do so for its names"},
    {"T30", "constrained-excluded", "localhost", "may not do so for its names"},
    {"T30", "constrained-directory", "localhost", "may not do so for its names"},
    {"T30", "constrained-email", "localhost", "may not do so for its names"},
    {"T30", "constrained-deep", "localhost", "may not do so for its names"},
    {"T31", "via-intermediate", "localhost", NULL},
    {"T31", "expired-intermediate", "localhost", "vouches for the server's expired on 2002-01-01"},
    {"T31", "missing-intermediate", "localhost", "not signed by a root we know"},
    {"T33", "rsa1024", "localhost", "weak key"},
    {"T33", "sha1-signed", "localhost", "broken hash"},
    {"T33", "weak-curve", "localhost", "weak key"},
    {"T40", "right", "LOCALHOST.", NULL},
    {"T40", "right-upper", "localhost", NULL},
    {"T40", "right-idn", "b\303\274cher.example.test", NULL},
    {"T40", "right-idn", "xn--bcher-kva.example.test", NULL},
};

static void try_row(const struct row *r, const struct way *w, mla_config *cfg)
{
    struct way here = *w;
    struct peer p = {.cert = r->cert, .arg = &here, .alpn = w->pop3 ? "pop3" : "imap"};
    struct client c;
    mla_error err;
    int rc;

    assert_int_equal(peer_start(&p, script_mail, 4), 0);
    client_new(&c, &p, w, r->host, cfg);
    rc = client_finish(&c, c.connecting);
    mla_session_error(c.ss, &err);
    if (rc != (r->why == NULL ? 0 : MLA_E_CERT))
        fail_msg("%s, %s, %s as %s: %d %s", r->id, w->name, r->cert, r->host, rc, err.message);
    if (r->why != NULL && strstr(err.message, r->why) == NULL)
        fail_msg("%s, %s, %s: \"%s\"", r->id, w->name, r->cert, err.message);
    if (r->why == NULL) {
        assert_int_equal(client_finish(&c, c.login), 0);
        assert_true(mla_session_is_verified(c.ss));
        assert_string_equal(mla_session_tls_alpn(c.ss), p.alpn); /* T41 */
    } else {
        assert_int_equal(client_finish(&c, c.login), MLA_E_CERT);
        assert_false(mla_session_is_tls(c.ss));
    }
    client_free(&c);
    peer_stop(&p);
    if (r->why != NULL && p.octets != 0) /* not a word inside that TLS */
        fail_msg("%s, %s, %s: %zu octets were sent", r->id, w->name, r->cert, p.octets);
    if (r->why == NULL && p.octets == 0)
        fail_msg("%s, %s: nothing was sent", r->id, w->name);
}

/* Builds with sanitizers, which are slow, take two of the four ways for each row. */
#if defined(__SANITIZE_ADDRESS__)
enum { STEP = 2 };
#else
enum { STEP = 1 };
#endif

/* T20 to T31, T33, T40 */
static void faulty_certificates_end_it(void **state)
{
    mla_config *cfg = config_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t k = 0; k < WAYS; k++)
            if ((strcmp(rows[i].cert, "weak-curve") != 0 || peer_has_weak_curves()) &&
                (i + k + k / 2) % STEP == 0)
                try_row(&rows[i], &ways[k], cfg);
    mla_config_free(cfg);
}

/* T40: no name, or none that a certificate can be for */
static void odd_hosts_are_refused(void **state)
{
    static const char *const hosts[] = {"",     ".",     "a..b",   "bad host",
                                        "-\n-", "1.2.3", "0x7f.1", NULL};

    (void)state;
    for (size_t i = 0; hosts[i] != NULL; i++)
        for (uint32_t security = 0; security < 3; security++) {
            mla_connect_args a = {.struct_size = sizeof a, .security = security, .host = hosts[i]};
            mla_imap *s;
            int rc;

            assert_int_equal(mla_imap_new(NULL, &s, NULL), 0);
            rc = mla_session_connect(mla_imap_session(s), &a, NULL);
            if (rc != MLA_E_ARG)
                fail_msg("T40, \"%s\": %d", hosts[i], rc);
            mla_imap_free(s);
        }
}

/* --- the question, by the real handles --- */

static const mla_certificate_chain *question(struct client *c, int take)
{
    const mla_imap_event *iev;
    const mla_pop3_event *pev;

    if (c->imap != NULL) {
        while (mla_imap_step(c->imap, c->login, 10000, &iev) == 1)
            if (mla_imap_event_type(iev) == MLA_IMAP_EV_CERTIFICATE) {
                assert_true(mla_imap_event_ticket(iev) == c->connecting);
                if (take) {
                    mla_imap_event *mine;

                    assert_int_equal(mla_imap_event_take(c->imap, &mine), 0);
                    assert_string_equal(mla_imap_event_certificate(mine)->certificates[0]->subject,
                                        "CN=localhost");
                    mla_imap_event_free(mine);
                }
                return mla_imap_event_certificate(iev);
            }
        return NULL;
    }
    while (mla_pop3_step(c->pop3, c->login, 10000, &pev) == 1)
        if (mla_pop3_event_type(pev) == MLA_POP3_EV_CERTIFICATE) {
            assert_true(mla_pop3_event_ticket(pev) == c->connecting);
            if (take) {
                mla_pop3_event *mine;

                assert_int_equal(mla_pop3_event_take(c->pop3, &mine), 0);
                assert_string_equal(mla_pop3_event_certificate(mine)->certificates[0]->subject,
                                    "CN=localhost");
                mla_pop3_event_free(mine);
            }
            return mla_pop3_event_certificate(pev);
        }
    return NULL;
}

static void sessions_ask(void **state)
{
    (void)state;
    for (size_t k = 0; k < WAYS; k++)
        for (int yes = 0; yes < 2; yes++) {
            struct way here = ways[k];
            struct peer p = {
                .cert = "self-signed", .arg = &here, .alpn = here.pop3 ? "pop3" : "imap"};
            mla_config *cfg = config_new();
            const mla_certificate_chain *q;
            struct client c;
            int want = yes ? 0 : MLA_E_CERT;

            assert_int_equal(mla_config_set_certificate_question(cfg, 1), 0);
            assert_int_equal(peer_start(&p, script_mail, 4), 0);
            client_new(&c, &p, &here, "localhost", cfg);
            q = question(&c, 1);
            assert_non_null(q);
            assert_int_equal(q->reasons, MLA_CERT_SELF_SIGNED);
            assert_int_equal(c.imap != NULL ? mla_imap_finish(c.imap, c.connecting, 1000)
                                            : mla_pop3_finish(c.pop3, c.connecting, 1000),
                             MLA_E_BUSY); /* the log-in waits as well */
            assert_int_equal(client_finish(&c, c.connecting), MLA_E_STATE);
            peer_nap(30);
            assert_int_equal(p.octets, 0);
            assert_int_equal(mla_session_answer_certificate(c.ss, yes, 0), want);
            assert_int_equal(client_finish(&c, c.connecting), want);
            assert_int_equal(client_finish(&c, c.login), want);
            assert_false(mla_session_is_verified(c.ss));
            client_free(&c);
            peer_stop(&p);
            assert_int_equal(p.octets != 0, yes);
            mla_config_free(cfg);
        }
}

/* --- versions, ALPN --- */

static int outcome(struct peer *p, const struct way *w, void (*script)(struct peer *p), char *why,
                   size_t size)
{
    struct way here = *w;
    mla_config *cfg = config_new();
    struct client c;
    mla_error err;
    int rc;

    p->arg = &here;
    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 20000), 0);
    assert_int_equal(peer_start(p, script, 4), 0);
    client_new(&c, p, w, "localhost", cfg);
    rc = client_finish(&c, c.login);
    mla_session_error(c.ss, &err);
    snprintf(why, size, "%s%s", err.message, mla_session_tls_alpn(c.ss));
    client_free(&c);
    peer_stop(p);
    mla_config_free(cfg);
    return rc;
}

/* A server that knows TLS 1.1 at most, with the one record that says so. */
static void script_old(struct peer *p)
{
    static const unsigned char hello[] = {0x16, 3,  2,  0,  42, 2,  0,  0,  38,   3,    2,  1,
                                          2,    3,  4,  5,  6,  7,  8,  9,  10,   11,   12, 13,
                                          14,   15, 16, 17, 18, 19, 20, 21, 22,   23,   24, 25,
                                          26,   27, 28, 29, 30, 31, 32, 0,  0xc0, 0x13, 0};
    const struct way *w = p->arg;

    if (!peer_accept(p))
        return;
    if (w->security == MLA_SECURITY_STARTTLS) {
        greet(p, w);
        do {
            if (!peer_line(p))
                return;
        } while (!answer(p, w->pop3));
    }
    if (recv(p->fd, p->line, sizeof p->line, 0) <= 0)
        return;
    peer_send(p, hello, sizeof hello);
    peer_wait_close(p);
}

static void old_versions_are_refused(void **state) /* T32 */
{
    char why[256];

    (void)state;
    for (size_t k = 0; k < WAYS; k++) {
        struct peer p = {.cert = "right"};

        assert_int_equal(outcome(&p, &ways[k], script_old, why, sizeof why), MLA_E_TLS);
        if (strstr(why, "no TLS 1.2 or newer") == NULL)
            fail_msg("T32, %s: %s", ways[k].name, why);
        assert_true(p.octets < 16); /* an alert, at most */
    }
}

static void other_protocols_are_refused(void **state) /* T41 */
{
    char why[256];

    (void)state;
    for (size_t k = 0; k < WAYS; k++) {
        struct peer other = {.cert = "right", .alpn = "http/1.1"};
        struct peer swapped = {.cert = "right", .alpn = ways[k].pop3 ? "imap" : "pop3"};
        struct peer none = {.cert = "right", .alpn = ""};

        assert_int_equal(outcome(&other, &ways[k], script_mail, why, sizeof why), MLA_E_TLS);
        assert_int_equal(other.octets, 0);
        assert_int_equal(outcome(&swapped, &ways[k], script_mail, why, sizeof why), MLA_E_TLS);
        assert_int_equal(swapped.octets, 0);
        /* most servers of mail do not know ALPN at all */
        assert_int_equal(outcome(&none, &ways[k], script_mail, why, sizeof why), 0);
        assert_string_equal(why, "");
    }
}

/* T41: the server says that something was agreed on which we have not offered; or what we have, and
 * more behind it. In TLS 1.2 anybody can write that into its first message, in 1.3 only a server.
 */
static void protocols_that_were_not_offered_are_refused(void **state)
{
    static const char *const all[] = {"smtp", "imap4", "",
                                      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    char why[256];

    (void)state;
    for (int max = 12; max <= peer_newest_tls(); max++)
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            struct peer p = {.cert = "right", .max_tls = max == 12 ? 12 : 0, .forced_alpn = all[i]};
            int rc = outcome(&p, &ways[i % WAYS], script_mail, why, sizeof why);

            if (rc != MLA_E_TLS || p.octets != 0)
                fail_msg("T41, \"%s\": %d %s", all[i], rc, why);
        }
}

/* --- records without end --- */

struct asking {
    struct way way;
    int times;
};

static void script_asks_again(struct peer *p)
{
    const struct way *w = p->arg;

    if (!as_far_as_tls(p, w) || !peer_line(p))
        return;
    (void)peer_hello_requests(p, ((const struct asking *)p->arg)->times);
    (void)answer(p, w->pop3);
    while (peer_line(p)) /* warnings: no renegotiation */
        (void)answer(p, w->pop3);
}

/* One request is declined, and life goes on; many are the end. */
static void renegotiation_is_off(void **state) /* T37 */
{
    (void)state;
    for (size_t k = 0; k < WAYS; k++)
        for (int many = 0; many <= (k == 0); many++) {
            struct asking a = {ways[k], many ? 100000 : 1};
            struct peer p = {.cert = "right",
                             .max_tls = 12,
                             .renegotiates = 1,
                             .arg = &a,
                             .alpn = a.way.pop3 ? "pop3" : "imap"};
            mla_config *cfg = config_new();
            struct client c;
            mla_error err;
            int rc;

            assert_int_equal(peer_start(&p, script_asks_again, 4), 0);
            client_new(&c, &p, &a.way, "localhost", cfg);
            rc = client_finish(&c, c.login);
            mla_session_error(c.ss, &err);
            if (rc != (many ? MLA_E_FLOOD : 0))
                fail_msg("T37, %s: %d %s", ways[k].name, rc, err.message);
            client_free(&c);
            peer_stop(&p);
            mla_config_free(cfg);
        }
}

struct unasked {
    struct way way; /* the first member: what as_far_as_tls() looks at */
    const char *what;
    int type;
    size_t len;
    unsigned char body[32];
    int times;
};

static void script_unasked(struct peer *p)
{
    const struct unasked *u = p->arg;

    if (!as_far_as_tls(p, &u->way) || !peer_line(p))
        return;
    peer_handshake_messages(p, u->type, u->body, u->len, u->times);
    while (peer_line(p))
        (void)answer(p, u->way.pop3);
}

/* T37: handshake messages of TLS 1.3 behind the handshake, which no mbedTLS takes part in: an error
 * at once, one or many, also in TLS 1.2, where they have no place at all. */
static void messages_behind_the_handshake_end_it(void **state)
{
    static const struct unasked all[] = {
        {.what = "KeyUpdate", .type = 24, .len = 1, .body = {0}, .times = 1},
        {.what = "KeyUpdate, many", .type = 24, .len = 1, .body = {0}, .times = 100000},
        {.what = "KeyUpdate, ours wanted", .type = 24, .len = 1, .body = {1}, .times = 100000},
        {.what = "CertificateRequest",
         .type = 13,
         .len = 15,
         .body = {1, 7, 0, 11, 0, 13, 0, 6, 0, 4, 4, 3, 8, 4},
         .times = 1000},
        {.what = "ServerHello", .type = 2, .len = 1, .times = 1000},
        {.what = "a message that nobody knows", .type = 99, .len = 4, .times = 1000},
    };

    (void)state;
    for (int max = 12; max <= peer_newest_tls(); max++)
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            struct unasked u = all[i];
            struct peer p = {.cert = "right", .max_tls = max == 12 ? 12 : 0, .arg = &u};
            mla_config *cfg = config_new();
            struct client c;
            mla_error err;
            int rc;

            if (i % 3 != 1 && max < peer_newest_tls())
                continue; /* some are enough */
            u.way = ways[i % WAYS];
            p.alpn = u.way.pop3 ? "pop3" : "imap";
            assert_int_equal(peer_start(&p, script_unasked, 4), 0);
            client_new(&c, &p, &u.way, "localhost", cfg);
            rc = client_finish(&c, c.login);
            mla_session_error(c.ss, &err);
            if (rc != MLA_E_TLS && rc != MLA_E_FLOOD)
                fail_msg("T37, %s: %d %s", u.what, rc, err.message);
            client_free(&c);
            peer_stop(&p);
            mla_config_free(cfg);
        }
}

static void tickets_without_end_are_an_error(void **state) /* T37 */
{
    struct peer_memory *m = peer_memory_new(1);
    struct peer p = {.cert = "right", .memory = m, .many_tickets = 1000};
    char why[256];

    (void)state;
    if (peer_newest_tls() < 13 || tls_newest() < 13) {
        peer_memory_free(m);
        return; /* TLS 1.2 has one ticket a handshake, inside it */
    }
    assert_int_equal(outcome(&p, &ways[0], script_mail, why, sizeof why), MLA_E_FLOOD);
    assert_non_null(strstr(why, "tickets without end"));
    peer_memory_free(m);
}

/* --- nothing on disk --- */

/* T43: the disk takes not one octet while sessions are made and taken up again; tickets that are
 * not the server's own get a full handshake, and its certificate is judged again. */
static void sessions_stay_in_memory(void **state)
{
    struct peer_memory *memory[] = {peer_memory_new(1), peer_memory_mad()};
    struct rlimit before;
    struct rlimit none;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    for (size_t i = 0; i < 2; i++) {
        mla_config *cfg = config_new();
        int resumed = 0;
        int verified = 1;

        assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0); /* SIGXFSZ kills whoever writes */
        for (int round = 0; round < 3; round++) {
            struct way here = ways[0];
            struct peer p = {.cert = "right", .arg = &here, .memory = memory[i]};
            struct client c;

            if (peer_start(&p, script_mail, 4) != 0)
                abort();
            client_new(&c, &p, &here, "localhost", cfg);
            verified &= client_finish(&c, c.login) == 0 && mla_session_is_verified(c.ss);
            resumed += mla_session_is_resumed(c.ss);
            client_free(&c);
            peer_stop(&p);
        }
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_true(verified);
        assert_int_equal(resumed, i == 0 ? 2 : 0);
        mla_config_free(cfg);
    }
    peer_memory_free(memory[0]);
    peer_memory_free(memory[1]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_certificates_end_it),
        cmocka_unit_test(odd_hosts_are_refused),
        cmocka_unit_test(sessions_ask),
        cmocka_unit_test(old_versions_are_refused),
        cmocka_unit_test(other_protocols_are_refused),
        cmocka_unit_test(protocols_that_were_not_offered_are_refused),
        cmocka_unit_test(renegotiation_is_off),
        cmocka_unit_test(messages_behind_the_handshake_end_it),
        cmocka_unit_test(tickets_without_end_are_an_error),
        cmocka_unit_test(sessions_stay_in_memory),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/trust", tests, NULL, NULL);
}
