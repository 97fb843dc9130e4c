/* test_connection.c - sessions over TCP without TLS: connecting, much data, waiting */
#include "base/clock.h"
#include "mailaccess/error.h"
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

/* --- failing to connect --- */

static int closed_port(void)
{
    struct sockaddr_in addr = {.sin_family = AF_INET};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    close(fd);
    return ntohs(addr.sin_port);
}

static void refused_connection_says_where(void **state)
{
    struct toy *t = connected_to("127.0.0.1", closed_port(), NULL, MLA_E_CONNECT);

    (void)state;
    assert_error(t, MLA_E_CONNECT, "cannot connect to 127.0.0.1 port ");
    assert_error(t, MLA_E_CONNECT, "Connection refused");
    assert_int_equal(t->engine.why.sys_code, ECONNREFUSED);
    toy_free(t);
}

static void unknown_name_says_which(void **state)
{
    struct toy *t = connected_to("no-such-host.invalid", 1, NULL, MLA_E_RESOLVE);

    (void)state;
    assert_error(t, MLA_E_RESOLVE, "cannot resolve no-such-host.invalid");
    toy_free(t);
}

/* M15: a listener that never accepts; its queue is full. */
static void script_silent(struct peer *p)
{
    if (peer_accept(p))
        peer_wait_close(p);
}

static void silent_server_meets_the_deadline(void **state)
{
    struct peer p = {0};
    mla_config *cfg;
    struct toy *t;
    uint64_t began;

    (void)state;
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 300), 0);
    assert_int_equal(peer_start(&p, script_silent, 4), 0);
    began = clock_now_ms();
    t = connected_to("127.0.0.1", p.port, cfg, MLA_E_DEADLINE);
    assert_in_range(clock_now_ms() - began, 290, 5000);
    assert_error(t, MLA_E_DEADLINE, "127.0.0.1");
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* A port whose queue of connections is full answers nothing to a SYN: a black hole. */
static void black_hole_meets_the_deadline(void **state)
{
    struct sockaddr_in addr = {.sin_family = AF_INET};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int fill[4];
    mla_config *cfg;
    struct toy *t;

    (void)state;
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    for (int i = 0; i < 4; i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(fill[i], F_SETFL, O_NONBLOCK);
        (void)connect(fill[i], (struct sockaddr *)&addr, len);
    }
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT, 300), 0);
    t = connected_to("127.0.0.1", ntohs(addr.sin_port), cfg, MLA_E_DEADLINE);
    assert_error(t, MLA_E_DEADLINE, "connecting to 127.0.0.1 port");
    toy_free(t);
    mla_config_free(cfg);
    for (int i = 0; i < 4; i++)
        close(fill[i]);
    close(fd);
}

/* localhost resolves to ::1 and 127.0.0.1 on most machines; only the second listens. */
static void script_hello(struct peer *p)
{
    if (peer_accept(p) && peer_say(p, "HELLO\n"))
        peer_wait_close(p);
}

static void names_are_resolved(void **state)
{
    struct peer p = {0};
    struct toy *t;

    (void)state;
    assert_int_equal(peer_start(&p, script_hello, 4), 0);
    t = connected_to("LOCALHOST.", p.port, NULL, 0);
    toy_free(t);
    peer_stop(&p);
}

/* --- sockets handed over --- */

static void adopted_socket_becomes_the_sessions(void **state)
{
    mla_connect_args a = plain_to("tunnel.example", 0);
    struct toy *t;
    uint64_t ticket;
    char got[16] = "";
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(mla_session_adopt_fd(&t->session, pair[0], &a, &ticket), 0);
    assert_true((fcntl(pair[0], F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(pair[0], F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(write(pair[1], "HELLO\n", 6), 6);
    assert_int_equal(toy_wait(t, ticket, 5000), 0);
    assert_int_equal(mla_session_fd(&t->session), pair[0]);
    assert_int_equal(toy_send(t, "hi", 0, &ticket), 0);
    assert_int_equal(mla_session_process(&t->session), 1);
    assert_int_equal(read(pair[1], got, sizeof got), 3);
    assert_string_equal(got, "hi\n");
    toy_free(t);
    assert_int_equal(fcntl(pair[0], F_GETFD), -1);
    assert_int_equal(read(pair[1], got, sizeof got), 0);
    close(pair[1]);
}

static void refused_socket_stays_the_callers(void **state)
{
    mla_connect_args a = plain_to("x", 0);
    struct toy *t;
    uint64_t ticket;
    int pair[2];

    (void)state;
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(pipe(pair), 0);
    assert_int_equal(mla_session_adopt_fd(&t->session, pair[0], &a, &ticket), MLA_E_ARG);
    assert_error(t, MLA_E_ARG, "not a socket");
    assert_int_equal(fcntl(pair[0], F_GETFD), 0);
    close(pair[0]);
    close(pair[1]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    assert_int_equal(mla_session_adopt_fd(&t->session, pair[0], &a, &ticket), MLA_E_ARG);
    assert_error(t, MLA_E_ARG, "stream");
    /* a ticket cannot be made: the socket goes back */
    close(pair[1]);
    close(pair[0]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    t->last_ticket = TOY_TICKETS - 1;
    assert_int_equal(mla_session_adopt_fd(&t->session, pair[0], &a, &ticket), MLA_E_LIMIT);
    assert_int_equal(fcntl(pair[0], F_GETFD), FD_CLOEXEC);
    close(pair[0]);
    close(pair[1]);
    toy_free(t);
}

/* --- much data --- */

enum { LINES = 40000 };

static void script_flood(struct peer *p)
{
    char line[101];

    if (!peer_accept(p) || !peer_say(p, "HELLO\n") || !peer_line(p))
        return;
    memset(line, 'x', sizeof line);
    line[0] = '*';
    line[99] = '\n';
    for (int i = 0; i < LINES; i++)
        if (!peer_send(p, line, 100))
            return;
    peer_say(p, "OK\n");
    peer_wait_close(p);
}

static void much_data_passes_through_a_small_buffer(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;

    (void)state;
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    assert_int_equal(toy_wait(t, ticket, 20000), 0);
    assert_int_equal(t->octets, LINES * 99);
    assert_int_equal(t->engine.in.cap, SESSION_IN_FIRST);
    toy_free(t);
    peer_stop(&p);
}

static void script_endless_line(struct peer *p)
{
    char piece[4096];

    if (!peer_accept(p) || !peer_say(p, "HELLO\n"))
        return;
    memset(piece, 'x', sizeof piece);
    while (peer_send(p, piece, sizeof piece))
        ;
}

/* M01 */
static void endless_line_meets_the_limit(void **state)
{
    struct peer p = {0};
    mla_config *cfg;
    struct toy *t;
    const void *ev;

    (void)state;
    assert_int_equal(mla_config_new(NULL, &cfg), 0);
    assert_int_equal(mla_config_set_limit(cfg, MLA_LIMIT_RESPONSE, 300000), 0);
    assert_int_equal(peer_start(&p, script_endless_line, 4), 0);
    t = connected_to("127.0.0.1", p.port, cfg, 0);
    assert_int_equal(session_step(&t->session, 0, 20000, &ev), MLA_E_FLOOD);
    assert_error(t, MLA_E_FLOOD, "300000");
    assert_in_range(t->engine.in.cap, 1, 300000);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* A consumer who does not ask stops the reading, and nothing is lost (back-pressure). */
static void slow_consumer_stops_the_reading(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;

    (void)state;
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    for (int i = 0; i < 20; i++) {
        assert_true(mla_session_process(&t->session) >= 0);
        peer_nap(5);
    }
    assert_int_equal(inbuf_len(&t->engine.in), SESSION_IN_FIRST);
    assert_int_equal(mla_session_wants(&t->session), 0);
    assert_int_equal(toy_wait(t, ticket, 20000), 0);
    assert_int_equal(t->octets, LINES * 99);
    toy_free(t);
    peer_stop(&p);
}

enum { BIG = 12 << 20 };

static void script_slow_reader(struct peer *p)
{
    if (!peer_accept(p) || !peer_say(p, "HELLO\n"))
        return;
    peer_nap(p->arg != NULL ? 2000 : 300); /* until the client's send buffer is full */
    while (p->octets < BIG + 1) {
        char piece[65536];
        ssize_t n = recv(p->fd, piece, sizeof piece, 0);

        if (n <= 0)
            return;
        for (ssize_t i = 0; i < n; i++)
            p->handshake += piece[i] == 'y';
        p->octets += (size_t)n;
    }
    peer_say(p, "OK\n");
    peer_wait_close(p);
}

static struct toy *send_big(struct peer *p, uint32_t silence_ms, mla_config **out_cfg,
                            uint64_t *out_ticket)
{
    char *big = malloc(BIG + 1);
    struct toy *t;

    memset(big, 'y', BIG);
    big[BIG] = '\0';
    p->receive_buffer = 4096;
    assert_int_equal(mla_config_new(NULL, out_cfg), 0);
    assert_int_equal(mla_config_set_limit(*out_cfg, MLA_LIMIT_QUEUE, BIG + 1), 0);
    assert_int_equal(mla_config_set_deadline(*out_cfg, MLA_DEADLINE_SILENCE, silence_ms), 0);
    assert_int_equal(peer_start(p, script_slow_reader, 4), 0);
    t = connected_to("127.0.0.1", p->port, *out_cfg, 0);
    assert_int_equal(toy_send(t, big, 0, out_ticket), 0);
    /* the limit is met exactly */
    assert_int_equal(toy_send(t, "", 0, NULL), MLA_E_LIMIT);
    free(big);
    return t;
}

static void short_writes_lose_nothing(void **state)
{
    struct peer p = {0};
    mla_config *cfg;
    uint64_t ticket;
    struct toy *t = send_big(&p, 30000, &cfg, &ticket);

    (void)state;
    assert_int_equal(mla_session_process(&t->session), 1);
    assert_int_equal(mla_session_wants(&t->session), MLA_WANT_READ | MLA_WANT_WRITE);
    assert_int_equal(toy_wait(t, ticket, 20000), 0);
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
    assert_int_equal(p.handshake, BIG);
}

/* M24 */
static void peer_that_never_reads_meets_the_deadline(void **state)
{
    struct peer p = {.arg = &p};
    mla_config *cfg;
    uint64_t ticket;
    struct toy *t = send_big(&p, 400, &cfg, &ticket);

    (void)state;
    t->limits.silence_ms = 0; /* what is tested is the writing */
    assert_int_equal(toy_wait(t, ticket, 5000), MLA_E_DEADLINE);
    assert_error(t, MLA_E_DEADLINE, "taken nothing");
    toy_free(t);
    peer_stop(&p);
    mla_config_free(cfg);
}

/* --- waiting --- */

static void timeout_ends_the_wait_and_not_the_command(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;
    uint64_t began;
    const void *ev;

    (void)state;
    assert_int_equal(peer_start(&p, script_hello, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
    began = clock_now_ms();
    assert_int_equal(session_step(&t->session, ticket, 120, &ev), MLA_E_TIMEOUT);
    assert_in_range(clock_now_ms() - began, 115, 3000);
    assert_error(t, MLA_E_TIMEOUT, "wait");
    assert_int_equal(session_step(&t->session, ticket, 0, &ev), MLA_E_TIMEOUT);
    assert_int_equal(mla_session_wait(&t->session, 10), MLA_E_TIMEOUT);
    assert_int_equal(t->engine.dead, 0);
    assert_in_range(mla_session_timeout_ms(&t->session), 20000, 30000);
    assert_int_equal(mla_session_wants(&t->session), MLA_WANT_READ);
    toy_free(t);
    peer_stop(&p);
}

static void *interrupt_soon(void *arg)
{
    peer_nap(50);
    mla_session_interrupt(arg);
    return NULL;
}

static void interrupt_ends_one_wait(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;
    pthread_t thread;
    const void *ev;

    (void)state;
    assert_int_equal(peer_start(&p, script_hello, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "x", 0, &ticket), 0);
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, &t->session), 0);
    assert_int_equal(session_step(&t->session, ticket, 10000, &ev), MLA_E_CANCELLED);
    pthread_join(thread, NULL);
    assert_error(t, MLA_E_CANCELLED, "interrupted");
    /* the session is healthy and the next wait an ordinary one */
    assert_int_equal(session_step(&t->session, ticket, 20, &ev), MLA_E_TIMEOUT);
    /* one that comes before the wait ends the next */
    assert_int_equal(mla_session_interrupt(&t->session), 0);
    assert_int_equal(mla_session_wait(&t->session, 10000), MLA_E_CANCELLED);
    assert_int_equal(mla_session_wait(&t->session, 10), MLA_E_TIMEOUT);
    toy_free(t);
    peer_stop(&p);
}

static atomic_int storm_over;

static void *storm(void *arg)
{
    while (!atomic_load(&storm_over))
        mla_session_interrupt(arg);
    return NULL;
}

static void interrupts_in_a_storm_lose_no_data(void **state)
{
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;
    pthread_t thread;
    int rc;
    int cancelled = 0;

    (void)state;
    atomic_store(&storm_over, 0);
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    t = connected_to("127.0.0.1", p.port, NULL, 0);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    assert_int_equal(pthread_create(&thread, NULL, storm, &t->session), 0);
    while ((rc = toy_wait(t, ticket, 10000)) == MLA_E_CANCELLED)
        cancelled++;
    atomic_store(&storm_over, 1);
    pthread_join(thread, NULL);
    assert_int_equal(rc, 0);
    assert_int_equal(t->octets, LINES * 99);
    assert_true(cancelled > 0);
    toy_free(t);
    peer_stop(&p);
}

/* --- in an event loop, without ever blocking --- */

static void loop_until_over(struct toy *t, uint64_t ticket)
{
    const void *ev;
    int result = 0;
    int turns = 0;

    while (t->session.protocol->result(t, ticket, &result) == 0) {
        uint32_t wants = mla_session_wants(&t->session);
        struct pollfd pfd = {mla_session_fd(&t->session), 0, 0};
        int timeout = mla_session_timeout_ms(&t->session);

        pfd.events = (short)(((wants & MLA_WANT_READ) != 0 ? POLLIN : 0) |
                             ((wants & MLA_WANT_WRITE) != 0 ? POLLOUT : 0));
        poll(&pfd, 1,
             (wants & MLA_WANT_NOW) != 0 || timeout < 0 || timeout > 5000 ? 5000 : timeout);
        (void)mla_session_process(&t->session);
        while (session_next(&t->session, &ev) == 1)
            ;
        assert_true(++turns < 100000);
    }
    assert_int_equal(result, 0);
}

static void event_loop_needs_no_blocking_call(void **state)
{
    mla_connect_args a;
    struct peer p = {0};
    struct toy *t;
    uint64_t ticket;

    (void)state;
    assert_int_equal(peer_start(&p, script_flood, 4), 0);
    a = plain_to("localhost", p.port);
    assert_int_equal(toy_new(NULL, &t), 0);
    assert_int_equal(mla_session_connect(&t->session, &a, &ticket), 0);
    assert_true(mla_session_fd(&t->session) >= 0);
    assert_int_equal(mla_session_wants(&t->session), MLA_WANT_READ);
    loop_until_over(t, ticket);
    assert_int_equal(toy_send(t, "flood", 0, &ticket), 0);
    assert_int_equal(mla_session_timeout_ms(&t->session), 0);
    assert_true((mla_session_wants(&t->session) & MLA_WANT_NOW) != 0);
    loop_until_over(t, ticket);
    assert_int_equal(t->octets, LINES * 99);
    toy_free(t);
    peer_stop(&p);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_connection_says_where),
        cmocka_unit_test(unknown_name_says_which),
        cmocka_unit_test(silent_server_meets_the_deadline),
        cmocka_unit_test(black_hole_meets_the_deadline),
        cmocka_unit_test(names_are_resolved),
        cmocka_unit_test(much_data_passes_through_a_small_buffer),
        cmocka_unit_test(endless_line_meets_the_limit),
        cmocka_unit_test(slow_consumer_stops_the_reading),
        cmocka_unit_test(short_writes_lose_nothing),
        cmocka_unit_test(peer_that_never_reads_meets_the_deadline),
        cmocka_unit_test(timeout_ends_the_wait_and_not_the_command),
        cmocka_unit_test(interrupt_ends_one_wait),
        cmocka_unit_test(interrupts_in_a_storm_lose_no_data),
        cmocka_unit_test(event_loop_needs_no_blocking_call),
        cmocka_unit_test(adopted_socket_becomes_the_sessions),
        cmocka_unit_test(refused_socket_stays_the_callers),
    };

    peer_certs = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests_name("net/connection", tests, NULL, NULL);
}
