/* test_starved.c - T44: allocations that fail while TLS is set up, those of the TLS library above
 * all, which no allocator of the caller's reaches. The outcome is a session that is verified, or an
 * error and not one octet behind the handshake. */
#include "test.h"

#include "interpose.h"
#include "mailaccess/error.h"
#include "peer.h"
#include "toy.h"

#include <stdio.h>

/* The server, on its thread, has enough. */
static _Thread_local size_t calls;
static _Thread_local size_t fail_at;
static _Thread_local int from_then_on;

#if INTERPOSE
static int refused(void)
{
    calls++;
    return fail_at != 0 && (calls == fail_at || (from_then_on && calls > fail_at));
}

void *malloc(size_t n)
{
    return refused() ? NULL : __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
    return refused() ? NULL : __libc_calloc(count, n);
}

void *realloc(void *p, size_t n)
{
    return refused() ? NULL : __libc_realloc(p, n);
}

void free(void *p)
{
    __libc_free(p);
}
#endif

static void script(struct peer *p)
{
    if (!peer_accept(p))
        return;
    if (p->arg != NULL && (!peer_say(p, "HELLO\n") || !peer_line(p) || !peer_say(p, "OK\n")))
        return;
    if (!peer_tls(p))
        return;
    if (p->arg == NULL)
        peer_say(p, "HELLO\n");
    if (peer_line(p))
        p->octets = strlen(p->line);
    peer_say(p, "OK\n");
}

/* A session whose n-th allocation fails. 1 when it was set up all the same. */
static int attempt(mla_config *cfg, uint32_t security, size_t n, int sticky, size_t *out_calls)
{
    mla_connect_args a = {.struct_size = sizeof a, .host = "127.0.0.1", .security = security};
    struct peer p = {.arg = security == MLA_SECURITY_STARTTLS ? &p : NULL};
    uint64_t ticket;
    mla_error err;
    struct toy *t;
    int rc;

    assert_int_equal(peer_start(&p, script, 4), 0);
    a.port = (uint32_t)p.port;
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    calls = 0;
    from_then_on = sticky;
    fail_at = n;
    rc = toy_wait(t, ticket, 20000);
    fail_at = 0;
    *out_calls = calls;
    if (rc == 0) {
        assert_true(t->tls && t->verified && mla_session_is_verified(&t->session));
        assert_int_equal(toy_send(t, "secret", 1, &ticket), 0);
        assert_int_equal(toy_wait(t, ticket, 20000), 0);
    } else {
        mla_session_error(&t->session, &err);
        if (!mla_error_is_fatal(rc) || err.code != rc || err.message[0] == '\0')
            fail_msg("%zu: %d, %d \"%s\"", n, rc, err.code, err.message);
        if (mla_session_is_verified(&t->session) && !t->tls)
            fail_msg("%zu: verified without TLS", n);
    }
    toy_free(t);
    peer_stop(&p);
    assert_int_equal(p.octets, rc == 0 ? 6 : 0);
    return rc == 0;
}

static void handshakes_survive_failing_memory(void **state) /* T44 */
{
    const int every = getenv("MLA_LONG") != NULL;

    (void)state;
    if (!INTERPOSE)
        skip();
    for (int round = 0; round < 3; round++) {
        uint32_t security = round == 1 ? MLA_SECURITY_STARTTLS : MLA_SECURITY_TLS;
        size_t failed = 0;
        size_t most = 1;
        mla_config *cfg;
        char path[512];

        assert_int_equal(mla_config_new(NULL, &cfg), 0);
        snprintf(path, sizeof path, "%s/root.pem", peer_certs);
        assert_int_equal(mla_config_add_ca_file(cfg, path, NULL), 0);
        assert_int_equal(mla_config_set_tls_resumption(cfg, round == 2), 0);
        assert_true(attempt(cfg, security, 0, 0, &most));
        assert_true(most > 100);
        for (size_t n = 1; n <= most; n += every || n < 16 ? 1 : 1 + n / 4) {
            size_t made;

            failed += !attempt(cfg, security, n, round == 2, &made);
        }
        assert_true(failed > 20);
        assert_true(attempt(cfg, security, 0, 0, &most));
        mla_config_free(cfg);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshakes_survive_failing_memory),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/starved", tests, NULL, NULL);
}
