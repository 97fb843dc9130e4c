/* test_threads.c - the rules of docs/threading.md, taken at their word: sessions of one
 * configuration on several threads, interrupts from another one at any moment, events that other
 * threads take and free, resolvers that outlive their sessions, sessions that change threads. The
 * test is for ThreadSanitizer (tests/run-long.sh threads); without it, it still must end well. */
#define _DEFAULT_SOURCE /* usleep() */

#include "mailaccess/imap.h"
#include "mailaccess/mailaccess.h"
#include "peer.h"
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 6, EVENTS = 64 };

static void talk(struct peer *p)
{
    char tag[64];

    if (!peer_accept(p) || (p->arg != NULL && !peer_tls(p)))
        return;
    peer_say(p, "* OK [CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN SASL-IR] hi\r\n");
    while (peer_line(p)) {
        snprintf(tag, sizeof tag, "%.*s", (int)strcspn(p->line, " "), p->line);
        if (strstr(p->line, " IDLE") != NULL) {
            peer_say(p, "+ idling\r\n* 4 EXISTS\r\n* 4 FETCH (FLAGS (\\Seen $Junk))\r\n");
            continue;
        }
        if (strstr(p->line, " EXAMINE") != NULL)
            peer_say(p, "* 3 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n");
        peer_say(p, tag);
        peer_say(p, strstr(p->line, " AUTHENTICATE") != NULL
                        ? " OK [CAPABILITY IMAP4rev1 IDLE] in\r\n"
                        : " OK done\r\n");
    }
}

static void silent(struct peer *p)
{
    if (peer_accept(p))
        peer_wait_close(p);
}

static mla_config *configured(void)
{
    char path[1024];
    mla_config *cfg;

    snprintf(path, sizeof path, "%s/root.pem", peer_certs);
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_add_ca_file(cfg, path, NULL), 0);
    assert_int_equal(mla_config_set_cleartext_password(cfg, 1), 0);
    return cfg;
}

/* --- events, handed from thread to thread --- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t some;
    mla_imap_event *events[EVENTS];
    size_t count;
    int over;
    atomic_uint freed;
} box = {.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER};

static void put(mla_imap_event *ev)
{
    pthread_mutex_lock(&box.lock);
    if (box.count < EVENTS) {
        box.events[box.count++] = ev;
        ev = NULL;
    }
    pthread_cond_signal(&box.some);
    pthread_mutex_unlock(&box.lock);
    mla_imap_event_free(ev);
}

static void *collector(void *arg)
{
    (void)arg;
    for (;;) {
        mla_imap_event *ev = NULL;

        pthread_mutex_lock(&box.lock);
        while (box.count == 0 && !box.over)
            pthread_cond_wait(&box.some, &box.lock);
        if (box.count != 0)
            ev = box.events[--box.count];
        pthread_mutex_unlock(&box.lock);
        if (ev == NULL)
            return NULL;
        if (mla_imap_event_fetch(ev) != NULL) /* it is read here, too */
            atomic_fetch_add(&box.freed, mla_imap_event_fetch(ev)->seq != 0);
        mla_imap_event_free(ev);
    }
}

/* --- interrupts --- */

struct victim {
    mla_session *ss;
    atomic_int over;
    unsigned pause_us;
};

static void *interrupter(void *arg)
{
    struct victim *v = arg;

    while (!atomic_load(&v->over)) {
        mla_session_interrupt(v->ss);
        usleep(v->pause_us);
    }
    return NULL;
}

/* --- sessions --- */

static int begin(mla_config *cfg, mla_imap **s, const char *host, int port, int tls)
{
    mla_connect_args to = {.struct_size = sizeof to, .host = host};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    mla_imap_select_args what = {.struct_size = sizeof what, .mailbox = "INBOX", .read_only = 1};
    uint64_t t;

    to.security = tls ? MLA_SECURITY_TLS : MLA_SECURITY_NONE;
    to.port = (uint32_t)port;
    who.password_len = 6;
    if (mla_imap_new(cfg, s, NULL) != 0 ||
        mla_session_connect(mla_imap_session(*s), &to, &t) != 0 ||
        mla_imap_authenticate(*s, &who, &t) != 0 || mla_imap_select(*s, &what, &t) != 0 ||
        mla_imap_idle(*s, &t) != 0)
        return -1;
    return 0;
}

/* Steps until the news came, whatever interrupts it meanwhile. How many interrupts, or -1. */
static int watch(mla_imap *s)
{
    const mla_imap_event *ev;
    mla_imap_event *mine;
    int cancelled = 0, rc;

    for (;;) {
        rc = mla_imap_step(s, 0, 20000, &ev);
        if (rc == MLA_E_CANCELLED) {
            cancelled++;
            continue;
        }
        if (rc != 1)
            return -1;
        if (mla_imap_event_take(s, &mine) == 0)
            put(mine);
        if (mla_imap_event_type(ev) == MLA_IMAP_EV_FETCH)
            return cancelled;
    }
}

static mla_config *shared;
static atomic_int failures;
static atomic_int cancelled;

static void *session_thread(void *arg)
{
    const int tls = *(const int *)arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct peer p = {.arg = tls ? &failures : NULL};
        struct victim v = {.pause_us = 50U << (i % 6)};
        pthread_t other;
        mla_imap *s = NULL;
        int n = -1;

        if (peer_start(&p, talk, 4) != 0 ||
            begin(shared, &s, i % 2 != 0 ? "localhost" : "127.0.0.1", p.port, tls) != 0) {
            atomic_fetch_add(&failures, 1);
            return NULL;
        }
        v.ss = mla_imap_session(s);
        if (pthread_create(&other, NULL, interrupter, &v) == 0) {
            n = watch(s);
            atomic_store(&v.over, 1);
            pthread_join(other, NULL); /* nobody may call into a session that is freed */
        }
        if (n < 0)
            atomic_fetch_add(&failures, 1);
        else
            atomic_fetch_add(&cancelled, n);
        if (mla_version() == 0 || mla_error_name(MLA_E_IO) == NULL ||
            mla_struct_size(MLA_STRUCT_IMAP_VIEW) == 0)
            atomic_fetch_add(&failures, 1);
        mla_imap_free(s);
        peer_stop(&p);
    }
    return NULL;
}

/* Threads that share roots, TLS sessions to take up again, and nothing else. */
static void sessions_on_several_threads(void **state)
{
    pthread_t threads[THREADS], free_thread;
    int kinds[2] = {0, 1};

    (void)state;
    shared = configured();
    atomic_store(&failures, 0);
    assert_int_equal(pthread_create(&free_thread, NULL, collector, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, session_thread, &kinds[i % 4 != 0]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_lock(&box.lock);
    box.over = 1;
    pthread_cond_signal(&box.some);
    pthread_mutex_unlock(&box.lock);
    pthread_join(free_thread, NULL);
    mla_config_free(shared);
    assert_int_equal(atomic_load(&failures), 0);
    assert_int_not_equal(atomic_load(&cancelled), 0);
    assert_int_not_equal(atomic_load(&box.freed), 0);
}

/* Threads that begin at once with a configuration nobody has used: it is frozen, and its roots and
 * its cache are made, once. */
static pthread_barrier_t line;

static void *first_use(void *arg)
{
    mla_connect_args to = {.struct_size = sizeof to, .host = "localhost"};
    uint64_t t;
    mla_imap *s;

    to.port = *(const uint16_t *)arg;
    pthread_barrier_wait(&line);
    if (mla_imap_new(shared, &s, NULL) != 0)
        return NULL;
    if (mla_session_connect(mla_imap_session(s), &to, &t) != 0)
        atomic_fetch_add(&failures, 1);
    mla_session_process(mla_imap_session(s));
    mla_imap_free(s); /* its resolver is still at work */
    return NULL;
}

static void a_configuration_is_first_used_by_several(void **state)
{
    uint16_t port = 9; /* whether anybody is there does not matter */
    pthread_t threads[THREADS];

    (void)state;
    atomic_store(&failures, 0);
    for (int i = 0; i < 5; i++) {
        shared = configured();
        pthread_barrier_init(&line, NULL, THREADS);
        for (int k = 0; k < THREADS; k++)
            assert_int_equal(pthread_create(&threads[k], NULL, first_use, &port), 0);
        for (int k = 0; k < THREADS; k++)
            pthread_join(threads[k], NULL);
        pthread_barrier_destroy(&line);
        mla_config_free(shared);
    }
    assert_int_equal(atomic_load(&failures), 0);
    peer_nap(300); /* the resolvers */
}

/* A session goes from thread to thread, as long as they take turns. */
static void *one_turn(void *arg)
{
    const mla_imap_event *ev;
    int rc = mla_imap_step(arg, 0, 20000, &ev);

    return rc == 1 && mla_imap_event_type(ev) == MLA_IMAP_EV_FETCH ? arg : NULL;
}

static void a_session_changes_threads(void **state)
{
    struct peer p = {.arg = &failures};
    mla_config *cfg = configured();
    void *done = NULL;
    pthread_t thread;
    mla_imap *s;

    (void)state;
    assert_int_equal(peer_start(&p, talk, 4), 0);
    assert_int_equal(begin(cfg, &s, "localhost", p.port, 1), 0);
    mla_config_free(cfg);
    for (int i = 0; i < 40 && done == NULL; i++) {
        assert_int_equal(pthread_create(&thread, NULL, one_turn, s), 0);
        pthread_join(thread, &done);
    }
    assert_non_null(done);
    mla_imap_free(s);
    peer_stop(&p);
}

/* An interrupt ends a wait within the session, whatever that waits for; then it goes on. */
static void interrupts_while_connecting(void **state)
{
    mla_config *cfg = configured();

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct peer p = {0};
        struct victim v = {.pause_us = 300};
        const mla_imap_event *ev;
        pthread_t other;
        mla_imap *s;

        assert_int_equal(peer_start(&p, silent, 4), 0);
        assert_int_equal(begin(cfg, &s, i < 4 ? "localhost" : "127.0.0.1", p.port, 1), 0);
        v.ss = mla_imap_session(s);
        assert_int_equal(pthread_create(&other, NULL, interrupter, &v), 0);
        for (int n = 0; n < 20; n++)
            assert_int_equal(mla_imap_step(s, 0, 10000, &ev), MLA_E_CANCELLED);
        atomic_store(&v.over, 1);
        pthread_join(other, NULL);
        mla_imap_free(s);
        close(peer_dial(&p)); /* where the session had not dialled */
        peer_stop(&p);
    }
    mla_config_free(cfg);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_configuration_is_first_used_by_several),
        cmocka_unit_test(sessions_on_several_threads),
        cmocka_unit_test(a_session_changes_threads),
        cmocka_unit_test(interrupts_while_connecting),
    };

    if (argc < 2)
        return 64;
    peer_certs = argv[1];
    return cmocka_run_group_tests_name("net/threads", tests, NULL, NULL);
}
