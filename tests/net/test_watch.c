/* test_watch.c - the descriptor as an event loop sees it: which number it has, and for how long;
 * one look for each edge (docs/event-loops.md) */
#include "mailaccess/error.h"
#include "mailaccess/imap_keep.h"
#include "peer.h"
#include "test.h"
#include "toy.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/wait.h>
#if defined(__linux__)
#include <sys/epoll.h>
#endif

static struct toy *begin(struct peer *p, void (*script)(struct peer *p), uint32_t security,
                         mla_config *cfg, uint64_t *out_ticket)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = security, .host = "localhost"};
    struct toy *t;

    assert_int_equal(peer_start(p, script, 4), 0);
    a.port = (uint32_t)p->port;
    a.address = "127.0.0.1";
    assert_int_equal(toy_new(cfg, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, out_ticket), 0);
    return t;
}

/* --- numbers --- */

static void script_parts(struct peer *p)
{
    p->octets = 0;
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, p->arg == NULL ? "BYE\n" : "OK\n?\n");
    p->octets = (size_t)peer_wait_close(p);
}

static int is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* One turn; the number that was watched before it belongs to nobody else behind it. */
static int turn(struct toy *t)
{
    struct pollfd pfd = {.fd = mla_session_fd(&t->session)};
    uint32_t wants = mla_session_wants(&t->session);
    const void *ev;
    int rc;
    int more;

    pfd.events = (short)(((wants & MLA_WANT_READ) != 0 ? POLLIN : 0) |
                         ((wants & MLA_WANT_WRITE) != 0 ? POLLOUT : 0));
    assert_true(pfd.fd >= 0);
    poll(&pfd, 1, mla_session_timeout_ms(&t->session));
    rc = mla_session_process(&t->session);
    assert_true(is_open(pfd.fd));
    while ((more = session_next(&t->session, &ev)) == 1)
        ;
    if (rc >= 0 && more < 0) /* what came is no protocol: that is seen only now */
        rc = mla_session_process(&t->session);
    assert_true(is_open(pfd.fd));
    return rc;
}

/* The set that is watched while connecting; the socket, when the server has said goodbye or what is
 * no protocol. */
static void numbers_stay_taken_until_the_next_turn(void **state)
{
    (void)state;
    for (int odd = 0; odd < 2; odd++) {
        struct peer p = {.arg = odd ? &p : NULL};
        uint64_t ticket = 0;
        struct toy *t = begin(&p, script_parts, MLA_SECURITY_NONE, NULL, &ticket);
        int set = mla_session_fd(&t->session);
        int fd = set;
        int result = 0;

        while (mla_session_fd(&t->session) == set)
            turn(t);
        assert_true(is_open(set));
        while (t->session.protocol->result(t, ticket, &result) == 0)
            turn(t);
        (void)mla_session_process(&t->session);
        assert_false(is_open(set));
        assert_int_equal(toy_send(t, "bye", 0, &ticket), 0);
        while (mla_session_fd(&t->session) >= 0) {
            fd = mla_session_fd(&t->session);
            turn(t);
        }
        peer_stop(&p); /* it has seen the end, whoever has not freed the handle yet */
        assert_int_equal(p.octets, 1);
        assert_true(is_open(fd));
        assert_int_equal(mla_session_process(&t->session), odd ? MLA_E_PROTOCOL : MLA_E_CLOSED);
        assert_false(is_open(fd));
        toy_free(t);
    }
}

/* An errand that the test begins and ends. */
static struct {
    struct errand errand;
    int gate[2];
    atomic_int ran;
    atomic_int ended;
} job;

static void job_run(struct errand *x)
{
    char c;

    (void)x;
    (void)!read(job.gate[0], &c, 1);
    atomic_store(&job.ran, 1);
}

static void job_end(struct errand *x)
{
    (void)x;
    atomic_store(&job.ended, 1);
}

static void job_begin(struct engine *e)
{
    assert_int_equal(pipe(job.gate), 0);
    atomic_init(&job.ran, 0);
    atomic_init(&job.ended, 0);
    errand_init(&job.errand, job_run, job_end, "somebody");
    engine_errand(e, &job.errand);
}

static void job_go_on(void)
{
    assert_int_equal(write(job.gate[1], "", 1), 1);
    for (int i = 0; i < 1000 && !atomic_load(&job.ran); i++)
        peer_nap(10);
    assert_int_equal(atomic_load(&job.ran), 1);
}

/* Nobody has it any more. */
static void job_over(void)
{
    errand_drop(&job.errand);
    for (int i = 0; i < 1000 && !atomic_load(&job.ended); i++)
        peer_nap(10);
    assert_int_equal(atomic_load(&job.ended), 1);
    close(job.gate[0]);
    close(job.gate[1]);
}

static void script_goes_first(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "HELLO\n") && peer_line(p))
        peer_say(p, "OK\n");
}

/* A session that ends while somebody else is asked; then the answer comes. */
static void an_errands_number_stays_taken(void **state)
{
    struct peer p = {0};
    uint64_t ticket = 0;
    struct toy *t = begin(&p, script_goes_first, MLA_SECURITY_NONE, NULL, &ticket);
    int result = 0;
    int sock;
    int fd;

    (void)state;
    while (t->session.protocol->result(t, ticket, &result) == 0)
        turn(t);
    sock = mla_session_fd(&t->session);
    job_begin(&t->engine);
    assert_int_equal(mla_session_process(&t->session), 1);
    fd = mla_session_fd(&t->session);
    assert_int_not_equal(fd, sock);
    assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
    assert_int_equal(mla_session_process(&t->session), 1);
    while (mla_session_fd(&t->session) >= 0)
        turn(t);
    job_go_on();
    peer_nap(30); /* the thread lets go of what it holds */
    assert_true(is_open(fd));
    (void)mla_session_process(&t->session);
    for (int i = 0; i < 1000 && is_open(fd); i++)
        peer_nap(10);
    assert_false(is_open(fd));
    toy_free(t);
    job_over();
    peer_stop(&p);
}

/* Where nobody can watch it the caller looks every now and then, and at the end of its time. */
static void an_attached_sessions_errand_is_looked_at(void **state)
{
    mla_connect_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};
    const uint8_t *p;
    uint64_t ticket;
    struct toy *t;
    size_t n;

    (void)state;
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(mla_session_attach(&t->session, &a, &ticket), 0);
    assert_int_equal(mla_session_tick(&t->session, 1000), 0);
    job_begin(&t->engine);
    assert_int_equal(mla_session_timeout_ms(&t->session), 0);
    assert_int_equal(mla_session_output(&t->session, &p, &n), 0);
    assert_int_equal(mla_session_timeout_ms(&t->session), 20);
    assert_int_equal(mla_session_tick(&t->session, 30993), 0);
    assert_int_equal(mla_session_timeout_ms(&t->session), 7);
    job_go_on();
    toy_free(t);
    job_over();
}

static void script_hangs_up(struct peer *p)
{
    for (int i = 0; i < 3 && peer_accept(p); i++) {
        peer_say(p, "* OK hello\r\n");
        peer_close(p, 1);
    }
}

/* A keeper's connections come and go; so do the numbers, and not before a loop has looked. */
static void a_keepers_numbers_stay_taken_as_well(void **state)
{
    mla_imap_keep_args a = {.struct_size = sizeof a, .security = MLA_SECURITY_NONE};
    struct peer p = {0};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "x"};
    const mla_imap_keep_event *ev;
    mla_imap_keep *k;
    int seen = 0;
    int turns = 0;
    int rc;

    (void)state;
    assert_int_equal(peer_start(&p, script_hangs_up, 4), 0);
    a.host = "127.0.0.1";
    a.port = (uint32_t)p.port;
    a.mailbox = "INBOX";
    who.password_len = 1;
    a.credentials = &who;
    a.first_ms = a.max_ms = 1;
    a.tries_max = 3;
    assert_int_equal(mla_imap_keep_new(NULL, &a, &k, NULL), 0);
    do {
        struct pollfd pfd = {.fd = mla_imap_keep_fd(k), .events = POLLIN};
        int32_t ms = mla_imap_keep_timeout_ms(k);

        poll(&pfd, 1, ms >= 0 && ms < 5000 ? ms : 5000);
        mla_imap_keep_process(k);
        while ((rc = mla_imap_keep_next(k, &ev)) == 1)
            ;
        if (pfd.fd >= 0 && mla_imap_keep_fd(k) != pfd.fd) {
            assert_true(is_open(pfd.fd));
            seen++;
        }
        assert_true(turns++ < 1000);
    } while (rc == 0);
    assert_true(seen >= 6); /* a set and a socket, three times */
    mla_imap_keep_free(k);
    peer_stop(&p);
}

/* --- another process --- */

static void script_twice(struct peer *p)
{
    if (!peer_accept(p) || !peer_tls(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_say(p, "OK\n");
    peer_wait_close(p);
}

static void a_forked_child_may_free_its_copy(void **state)
{
    struct peer p = {0};
    uint64_t ticket = 0;
    struct toy *t;
    mla_config *cfg;
    int status = -1;
    pid_t child;

    (void)state;
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_insecure(cfg, 1), 0);
    t = begin(&p, script_twice, MLA_SECURITY_TLS, cfg, &ticket);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    child = fork();
    if (child == 0) {
        toy_free(t);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 10000), 0);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* --- edges --- */

#if defined(__linux__)

static void script_last_words(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    peer_nap(30); /* the client waits already, and looks only when all is there */
    peer_say(p, "* one\n");
    peer_close(p, 1);
}

/* The beginning of a record, and no more. */
static void script_half_a_record(struct peer *p)
{
    if (!peer_accept(p) || recv(p->fd, p->line, sizeof p->line, 0) <= 0)
        return;
    peer_nap(30);
    peer_send(p, "\x16\x03\x03", 3);
    peer_close(p, 1);
}

/* Each descriptor is put into the set once, and process() is called after each edge
 * until it has nothing more to do. What ended the session. */
static int run_on_edges(struct toy *t, uint64_t until)
{
    int loop = epoll_create1(EPOLL_CLOEXEC);
    int armed = -1;
    int result = 0;
    int rc = 0;

    while (rc >= 0 && t->session.protocol->result(t, until, &result) == 0) {
        struct epoll_event e = {.events = EPOLLIN | EPOLLET};
        int32_t fd = mla_session_fd(&t->session);
        int32_t ms = mla_session_timeout_ms(&t->session);
        const void *ev;

        if (fd != armed)
            assert_int_equal(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e), 0);
        armed = fd;
        if (ms != 0)
            peer_nap(60); /* what the peer has to say, and its end, are one edge */
        if (epoll_wait(loop, &e, 1, ms >= 0 && ms < 5000 ? ms : 5000) == 0 && ms != 0)
            fail_msg("no edge for 5 s");
        do {
            rc = mla_session_process(&t->session);
            while (session_next(&t->session, &ev) == 1)
                ;
        } while (rc == 1);
    }
    close(loop);
    return rc < 0 ? rc : result;
}

static void an_end_behind_the_last_octets_is_seen(void **state)
{
    struct peer p = {0};
    uint64_t ticket = 0;
    struct toy *t = begin(&p, script_last_words, MLA_SECURITY_NONE, NULL, &ticket);

    (void)state;
    assert_int_equal(run_on_edges(t, ticket), 0);
    assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
    assert_int_equal(run_on_edges(t, ticket), MLA_E_CLOSED);
    toy_free(t);
    peer_stop(&p);
}

static void an_end_in_the_handshake_is_seen(void **state)
{
    struct peer p = {0};
    uint64_t ticket = 0;
    struct toy *t = begin(&p, script_half_a_record, MLA_SECURITY_TLS, NULL, &ticket);

    (void)state;
    assert_int_equal(run_on_edges(t, ticket), MLA_E_CLOSED);
    toy_free(t);
    peer_stop(&p);
}

#endif

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stay_taken_until_the_next_turn),
        cmocka_unit_test(an_errands_number_stays_taken),
        cmocka_unit_test(an_attached_sessions_errand_is_looked_at),
        cmocka_unit_test(a_keepers_numbers_stay_taken_as_well),
        cmocka_unit_test(a_forked_child_may_free_its_copy),
#if defined(__linux__)
        cmocka_unit_test(an_end_behind_the_last_octets_is_seen),
        cmocka_unit_test(an_end_in_the_handshake_is_seen),
#endif
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/watch", tests, NULL, NULL);
}
