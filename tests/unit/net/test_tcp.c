/* test_tcp.c - lib/net/tcp: the stream; sessions over it are tried in tests/net */
#include "base/clock.h"
#include "net/tcp.h"
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static const struct tcp_alive alive = {77, 11, 3};

static void assert_peer(const struct stream *s, const char *address)
{
    char peer[TCP_PEER];

    tcp_peer(s, peer);
    assert_string_equal(peer, address);
}

/* A socket that listens on a free port of 127.0.0.1 alone. */
static int listener(int backlog, uint32_t *out_port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    if (backlog > 0)
        assert_int_equal(listen(fd, backlog), 0);
    *out_port = ntohs(addr.sin_port);
    return fd;
}

/* Drives open() as a caller would: 1 or the error. */
static int open_now(struct stream *s, mla_error *err)
{
    for (int i = 0; i < 1000; i++) {
        struct pollfd p = {0};
        uint64_t at = s->ops->deadline(s);
        uint64_t now = clock_now_ms();
        int rc = s->ops->open(s, now, err);

        if (rc != 0)
            return rc;
        at = s->ops->deadline(s);
        p.fd = s->ops->fd(s);
        p.events = POLLIN;
        poll(&p, 1, at == UINT64_MAX ? 5000 : at <= now ? 0 : (int)(at - now));
    }
    return 0;
}

static int option(struct stream *s, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;

    assert_int_equal(getsockopt(s->ops->fd(s), level, name, &value, &len), 0);
    return value;
}

static void keep_alive_can_be_off(void **state)
{
    static const struct tcp_alive off = {0, 30, 4};
    mla_error err = {0};
    struct stream *s;
    uint32_t port;
    int fd = listener(4, &port);

    (void)state;
    assert_int_equal(tcp_connect(mem_default(), "127.0.0.1", port, &off, &s, &err), 0);
    assert_int_equal(open_now(s, &err), 1);
    assert_int_equal(option(s, SOL_SOCKET, SO_KEEPALIVE), 0);
    s->ops->free(s);
    close(fd);
}

static void connects_and_moves_octets(void **state)
{
    uint8_t buf[16];
    mla_error err = {0};
    struct stream *s;
    socklen_t len = sizeof(int);
    uint32_t port;
    size_t n;
    int on = 0;
    int fd = listener(4, &port);
    int peer;

    (void)state;
    assert_int_equal(tcp_connect(mem_default(), "127.0.0.1", port, &alive, &s, &err), 0);
    assert_int_equal(s->ops->deadline(s), 0);
    assert_int_equal(open_now(s, &err), 1);
    assert_int_equal(s->ops->open(s, 0, &err), 1);
    assert_peer(s, "127.0.0.1");
    assert_string_equal(tcp_stage(s), "");
    assert_true(s->ops->deadline(s) == UINT64_MAX);
    peer = accept(fd, NULL, NULL);
    /* non-blocking, not for other programs, without Nagle's delay */
    assert_true((fcntl(s->ops->fd(s), F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(s->ops->fd(s), F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(getsockopt(s->ops->fd(s), IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
    assert_true(on);
    /* the system looks whether a silent peer is there */
    assert_int_equal(option(s, SOL_SOCKET, SO_KEEPALIVE), 1);
#ifdef TCP_KEEPIDLE
    assert_int_equal(option(s, IPPROTO_TCP, TCP_KEEPIDLE), 77);
    assert_int_equal(option(s, IPPROTO_TCP, TCP_KEEPINTVL), 11);
    assert_int_equal(option(s, IPPROTO_TCP, TCP_KEEPCNT), 3);
#endif

    assert_int_equal(s->ops->read(s, buf, sizeof buf, &n, &err), 0);
    assert_int_equal(s->read_wants, STREAM_READABLE);
    assert_int_equal(s->ops->held(s), 0);
    assert_int_equal(write(peer, "0123456789", 10), 10);
    /* a turn that saw the end of what there is does not ask again */
    assert_int_equal(s->ops->read(s, buf, sizeof buf, &n, &err), 0);
    tcp_turn(s);
    assert_int_equal(s->ops->read(s, buf, 4, &n, &err), STREAM_SOME);
    assert_int_equal(n, 4);
    assert_int_equal(s->ops->held(s), STREAM_NOW); /* it filled its room: more is likely */
    assert_int_equal(s->ops->read(s, buf, sizeof buf, &n, &err), STREAM_LAST);
    assert_int_equal(n, 6);
    assert_int_equal(s->ops->write(s, (const uint8_t *)"ab", 2, 1, &n, &err), 1);
    assert_int_equal(s->ops->write(s, (const uint8_t *)"cd", 2, 0, &n, &err), 1);
    assert_int_equal(recv(peer, buf, 4, MSG_WAITALL), 4);
    assert_memory_equal(buf, "abcd", 4);
    close(peer);
    tcp_turn(s);
    (void)poll(NULL, 0, 20);
    assert_int_equal(s->ops->read(s, buf, sizeof buf, &n, &err), STREAM_END);
    s->ops->close(s);
    s->ops->free(s);
    close(fd);
}

static void writing_to_a_closed_peer_is_an_error_not_a_signal(void **state)
{
    struct stream *s;
    mla_error err = {0};
    int pair[2];
    size_t n;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(tcp_adopt(mem_default(), pair[0], &alive, &s, &err), 0);
    assert_int_equal(s->ops->open(s, 0, &err), 1);
    close(pair[1]);
    assert_int_equal(s->ops->write(s, (const uint8_t *)"x", 1, 0, &n, &err), MLA_E_IO);
    assert_non_null(strstr(err.message, "cannot write to the server: Broken pipe"));
    s->ops->free(s);
}

static void a_full_socket_would_block(void **state)
{
    static uint8_t big[1 << 20];
    struct stream *s;
    mla_error err = {0};
    int pair[2];
    size_t n = 0;
    int rc;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(tcp_adopt(mem_default(), pair[0], &alive, &s, &err), 0);
    while ((rc = s->ops->write(s, big, sizeof big, 0, &n, &err)) == 1)
        ;
    assert_int_equal(rc, 0);
    assert_int_equal(s->write_wants, STREAM_WRITABLE);
    s->ops->free(s);
    close(pair[1]);
}

/* A host with several addresses: localhost is ::1 and 127.0.0.1. Only the second is listened on, so
 * the first is refused, and the race goes on at once. */
static void the_race_goes_on_after_a_failure(void **state)
{
    mla_error err = {0};
    struct stream *s;
    uint32_t port;
    int fd = listener(4, &port);
    uint64_t began = clock_now_ms();

    (void)state;
    assert_int_equal(tcp_connect(mem_default(), "localhost", port, &alive, &s, &err), 0);
    assert_string_equal(tcp_stage(s), "resolving localhost");
    assert_int_equal(open_now(s, &err), 1);
    assert_peer(s, "127.0.0.1");
    assert_in_range(clock_now_ms() - began, 0, TCP_STAGGER_MS * 8);
    s->ops->free(s);
    close(fd);
}

/* The first address hangs: a port of ::1 whose queue is full answers no SYN. */
static void a_hanging_address_does_not_hold_up_the_next(void **state)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    mla_error err = {0};
    struct stream *s;
    uint32_t port;
    int fill[4];
    int four = listener(4, &port);
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    uint64_t began;

    (void)state;
    six.sin6_port = htons((uint16_t)port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&six, sizeof six) != 0) {
        close(four);
        if (fd >= 0)
            close(fd);
        skip(); /* no IPv6 here, or the port is taken */
    }
    assert_int_equal(listen(fd, 0), 0);
    for (int i = 0; i < 4; i++) {
        fill[i] = socket(AF_INET6, SOCK_STREAM, 0);
        fcntl(fill[i], F_SETFL, O_NONBLOCK);
        (void)connect(fill[i], (struct sockaddr *)&six, sizeof six);
    }
    began = clock_now_ms();
    assert_int_equal(tcp_connect(mem_default(), "localhost", port, &alive, &s, &err), 0);
    assert_int_equal(open_now(s, &err), 1);
    assert_peer(s, "127.0.0.1");
    assert_in_range(clock_now_ms() - began, 0, 5000);
    s->ops->free(s);
    for (int i = 0; i < 4; i++)
        close(fill[i]);
    close(fd);
    close(four);
}

static void every_address_is_named_when_all_fail(void **state)
{
    mla_error err = {0};
    struct stream *s;
    uint32_t port;
    int fd = listener(0, &port); /* bound, so nobody else takes it; not listening */

    (void)state;
    assert_int_equal(tcp_connect(mem_default(), "localhost", port, &alive, &s, &err), 0);
    assert_int_equal(open_now(s, &err), MLA_E_CONNECT);
    assert_non_null(strstr(err.message, "cannot connect to localhost port "));
    assert_non_null(strstr(err.message, "127.0.0.1: Connection refused"));
    s->ops->free(s);
    close(fd);
}

static void freeing_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    for (int steps = 0; steps < 4; steps++) {
        mla_error err = {0};
        struct fail_mem f;
        struct stream *s;
        uint32_t port;
        int fd = listener(4, &port);

        fail_mem_init(&f, 0, 0);
        assert_int_equal(tcp_connect(&f.mem, "localhost", port, &alive, &s, &err), 0);
        for (int i = 0; i < steps; i++) {
            (void)poll(NULL, 0, 2);
            (void)s->ops->open(s, clock_now_ms(), &err);
        }
        s->ops->free(s);
        assert_int_equal(f.held, 0);
        close(fd);
    }
    (void)poll(NULL, 0, 100); /* for the resolver's threads */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keep_alive_can_be_off),
        cmocka_unit_test(connects_and_moves_octets),
        cmocka_unit_test(writing_to_a_closed_peer_is_an_error_not_a_signal),
        cmocka_unit_test(a_full_socket_would_block),
        cmocka_unit_test(the_race_goes_on_after_a_failure),
        cmocka_unit_test(a_hanging_address_does_not_hold_up_the_next),
        cmocka_unit_test(every_address_is_named_when_all_fail),
        cmocka_unit_test(freeing_in_the_middle_leaves_nothing),
    };

    return cmocka_run_group_tests_name("net/tcp", tests, NULL, NULL);
}
