/* test_rest.c - what an idle session with COMPRESS holds, with TLS and without, and that it goes on
 * from there */
#include "test.h"

#include "base/clock.h"
#include "counted.h"
#include "mailaccess/mailaccess.h"
#include "packer.h"

#include <stdatomic.h>
#include <stdio.h>

/* Time passes at the test's word, and slowly else, so that a busy machine does not change it. */
static uint64_t passed; /* milliseconds */

uint64_t __real_clock_now_ms(void);
uint64_t __wrap_clock_now_ms(void);

uint64_t __wrap_clock_now_ms(void)
{
    return __real_clock_now_ms() / 16 + passed;
}

/* --- the server --- */

#define NEWS "* OK Still here, and nothing has come\r\n"

static atomic_int news; /* how often it is to speak unasked */

static void wait_for_news(int n)
{
    for (int i = 0; atomic_load(&news) < n && i < 5000; i++)
        peer_nap(2);
}

static void script_idle(struct peer *p)
{
    struct packer *z = packer_new();
    char text[128];

    if (packer_begin(p, z) && packed_line(p, z)) {
        pack_text(z, NEWS);
        for (int i = 0; i < 400; i++) {
            snprintf(text, sizeof text, "* OK number %d of those that fill the window\r\n",
                     i * 7919);
            pack_text(z, text);
        }
        packer_answer(p, "done", text, sizeof text);
        pack_text(z, text);
        packer_ship(p, z);
        if (packed_line(p, z)) { /* IDLE */
            snprintf(text, sizeof text, "%.*s OK slept\r\n", (int)strcspn(p->line, " "), p->line);
            pack_text(z, "+ idling\r\n");
            packer_ship(p, z);
            for (int i = 1; i <= 2; i++) {
                wait_for_news(i);
                pack_text(z, NEWS);
                packer_ship(p, z);
            }
            if (packed_line(p, z) && strcmp(p->line, "DONE") == 0) {
                pack_text(z, text);
                packer_ship(p, z);
            }
            while (packed_line(p, z)) {
                packer_answer(p, "done", text, sizeof text);
                pack_text(z, text);
                packer_ship(p, z);
            }
        }
    }
    packer_free(z);
}

/* --- the session --- */

static mla_imap *connected(struct peer *p, int tls)
{
    static const mla_allocator memory = {.struct_size = sizeof memory,
                                         .alloc = counted_alloc,
                                         .resize = counted_resize,
                                         .release = counted_release};
    mla_connect_args to = {.struct_size = sizeof to, .security = MLA_SECURITY_NONE};
    char path[512];
    mla_config *cfg;
    mla_imap *s;
    uint64_t t;

    assert_int_equal(mla_config_new(&memory, &cfg), 0);
    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    assert_int_equal(mla_config_add_ca_file(cfg, path, NULL), 0);
    assert_int_equal(mla_imap_new(cfg, &s, NULL), 0);
    mla_config_free(cfg);
    atomic_store(&news, 0);
    p->arg = tls ? p : NULL;
    assert_int_equal(peer_start(p, script_idle, 4), 0);
    to.host = "localhost";
    to.address = "127.0.0.1";
    to.port = (uint32_t)p->port;
    to.security = tls ? MLA_SECURITY_TLS : MLA_SECURITY_NONE;
    assert_int_equal(mla_session_connect(mla_imap_session(s), &to, &t), 0);
    assert_int_equal(mla_imap_finish(s, t, 10000), 0);
    return s;
}

/* One turn of an event loop: how many texts, or the error. */
static int turn(mla_imap *s)
{
    const mla_imap_event *ev;
    int texts = 0;
    int rc = mla_session_wait(mla_imap_session(s), 5000);

    if (rc >= 0)
        rc = mla_session_process(mla_imap_session(s));
    while (rc >= 0 && (rc = mla_imap_next(s, &ev)) == 1)
        texts += mla_imap_event_text(ev) != NULL;
    return rc < 0 ? rc : texts;
}

/* Compresses, is told much, and waits for news; 0 or the error. */
static int fall_silent(mla_imap *s, uint64_t *out_idle)
{
    mla_session *ss = mla_imap_session(s);
    uint64_t t;
    int rc = mla_imap_compress(s, &t);

    if (rc == 0)
        rc = mla_imap_finish(s, t, 10000);
    if (rc == 0)
        rc = mla_imap_noop(s, &t);
    if (rc == 0)
        rc = mla_imap_finish(s, t, 10000);
    if (rc == 0)
        rc = mla_imap_idle(s, out_idle);
    while (rc >= 0 &&
           ((mla_session_wants(ss) & MLA_WANT_NOW) != 0 || mla_session_timeout_ms(ss) > 1000))
        rc = turn(s);
    return rc < 0 ? rc : 0;
}

/* What it said last was a while ago. */
static int rest(mla_imap *s)
{
    passed += 1000;
    return turn(s);
}

static int hear_news(mla_imap *s)
{
    int rc;

    atomic_fetch_add(&news, 1);
    do
        rc = turn(s);
    while (rc == 0);
    return rc < 0 ? rc : 0;
}

static int wake(mla_imap *s, uint64_t idle)
{
    uint64_t t;
    int rc = mla_imap_idle_done(s, idle);

    if (rc == 0)
        rc = mla_imap_finish(s, idle, 10000);
    if (rc == 0)
        rc = mla_imap_noop(s, &t);
    if (rc == 0)
        rc = mla_imap_finish(s, t, 10000);
    return rc;
}

static void an_idle_session_keeps_only_the_window(void **state)
{
    enum { WINDOW = 32768, SESSION = 8192 };

    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        struct peer p = {0};
        size_t at_rest, awake;
        mla_session *ss;
        uint64_t idle;
        mla_imap *s;

        counted.held = counted.calls = counted.fail_at = 0;
        s = connected(&p, tls);
        ss = mla_imap_session(s);
        assert_int_equal(fall_silent(s, &idle), 0);
        assert_in_range(mla_session_timeout_ms(ss), 1, 1000);
        awake = counted.held;
        assert_int_equal(rest(s), 0);
        at_rest = counted.held;
        /* a loop is woken for it once */
        assert_true((uint32_t)mla_session_timeout_ms(ss) > 60000);
        assert_int_equal(mla_session_wants(ss), MLA_WANT_READ);
        if (at_rest > WINDOW + SESSION)
            fail_msg("an idle session with COMPRESS holds %zu octets", at_rest);
        assert_true(at_rest + 64 * 1024 < awake);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(hear_news(s), 0);
            assert_in_range(counted.held, at_rest,
                            at_rest + 2 * sizeof NEWS); /* the window grows */
            assert_true((uint32_t)mla_session_timeout_ms(ss) > 60000);
        }
        assert_int_equal(wake(s, idle), 0);
        mla_imap_free(s);
        assert_int_equal(counted.held, 0);
        peer_stop(&p);
    }
}

static void failing_memory_is_survived(void **state)
{
    int done = 0;

    (void)state;
    for (size_t at = 1; !done; at++) {
        struct peer p = {0};
        uint64_t idle;
        mla_imap *s;
        mla_error err;
        int rc;

        counted.held = counted.calls = counted.fail_at = 0;
        s = connected(&p, 0);
        assert_int_equal(fall_silent(s, &idle), 0);
        counted.calls = 0;
        counted.fail_at = at;
        rc = rest(s);
        for (int i = 0; i < 2 && rc == 0; i++)
            rc = hear_news(s);
        if (rc == 0)
            rc = wake(s, idle);
        mla_session_error(mla_imap_session(s), &err);
        assert_true(rc == 0 || rc == MLA_E_NOMEM);
        assert_true(rc == 0 || err.code == MLA_E_NOMEM);
        done = counted.calls < at;
        assert_true(!done || rc == 0);
        atomic_store(&news, 2);
        mla_imap_free(s);
        assert_int_equal(counted.held, 0);
        peer_stop(&p);
        assert_true(at < 300);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_session_keeps_only_the_window),
        cmocka_unit_test(failing_memory_is_survived),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/rest", tests, NULL, NULL);
}
