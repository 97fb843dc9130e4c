/* test_blocking.c - nothing that mla_session_process() does ever waits: each system call in which a
 * thread can sleep is wrapped here, and a call inside of process() that could is a failure. */
#define _GNU_SOURCE

#include "mailaccess/imap.h"
#include "mailaccess/mailaccess.h"
#include "peer.h"
#include "test.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>

/* --- what is watched --- */

/* Of this thread: it is inside of process(). */
static _Thread_local int inside;
static atomic_int seen; /* how many of the wrapped calls there were inside */
static char offence[128];

static void offend(const char *what)
{
    if (offence[0] == '\0')
        snprintf(offence, sizeof offence, "%s", what);
}

/* Reading or writing waits unless the descriptor, or the call, says otherwise. */
static void check_fd(const char *what, int fd, int flags)
{
    if (!inside)
        return;
    atomic_fetch_add(&seen, 1);
    if ((flags & MSG_DONTWAIT) == 0 && (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0)
        offend(what);
}

static void check_wait(const char *what, int waits)
{
    if (!inside)
        return;
    atomic_fetch_add(&seen, 1);
    if (waits)
        offend(what);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    check_fd("connect", fd, 0);
    return REAL(connect)(fd, addr, len);
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
    check_fd("recv", fd, flags);
    return REAL(recv)(fd, p, n, flags);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
    check_fd("send", fd, flags);
    return REAL(send)(fd, p, n, flags);
}

ssize_t read(int fd, void *p, size_t n)
{
    check_fd("read", fd, 0);
    return REAL(read)(fd, p, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
    check_fd("write", fd, 0);
    return REAL(write)(fd, p, n);
}

int poll(struct pollfd *p, nfds_t n, int timeout)
{
    check_wait("poll", timeout != 0);
    return REAL(poll)(p, n, timeout);
}

int select(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *t)
{
    check_wait("select", t == NULL || t->tv_sec != 0 || t->tv_usec != 0);
    return REAL(select)(n, r, w, e, t);
}

int epoll_wait(int fd, struct epoll_event *ev, int n, int timeout)
{
    check_wait("epoll_wait", timeout != 0);
    return REAL(epoll_wait)(fd, ev, n, timeout);
}

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                struct addrinfo **out)
{
    /* For an address it only reads text. */
    check_wait("getaddrinfo", hints == NULL || (hints->ai_flags & AI_NUMERICHOST) == 0);
    if (!inside && hints != NULL && (hints->ai_flags & AI_NUMERICHOST) == 0)
        peer_nap(200); /* a slow name server */
    return REAL(getaddrinfo)(host, port, hints, out);
}

int getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hlen, char *port,
                socklen_t plen, int flags)
{
    check_wait("getnameinfo", (flags & NI_NUMERICHOST) == 0);
    return REAL(getnameinfo)(addr, len, host, hlen, port, plen, flags);
}

int nanosleep(const struct timespec *t, struct timespec *left)
{
    check_wait("nanosleep", 1);
    return REAL(nanosleep)(t, left);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *left)
{
    check_wait("clock_nanosleep", 1);
    return REAL(clock_nanosleep)(clock, flags, t, left);
}

int usleep(useconds_t t)
{
    check_wait("usleep", 1);
    return REAL(usleep)(t);
}

int flock(int fd, int how)
{
    check_wait("flock", (how & LOCK_NB) == 0);
    return REAL(flock)(fd, how);
}

int pthread_join(pthread_t thread, void **out)
{
    check_wait("pthread_join", 1);
    return REAL(pthread_join)(thread, out);
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    check_wait("pthread_cond_wait", 1);
    return REAL(pthread_cond_wait)(c, m);
}

/* Where a lock is held for long, it is somebody's wait: none of the library's is. */
int pthread_mutex_lock(pthread_mutex_t *m)
{
    if (inside && pthread_mutex_trylock(m) == 0)
        return 0;
    check_wait("pthread_mutex_lock: held by another thread", inside);
    return REAL(pthread_mutex_lock)(m);
}

/* --- a session that does all there is --- */

/* Time on a processor alone may pass inside: what TLS reckons. */
static double now_s(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double slept;

static int process(mla_session *ss)
{
    double wall = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_THREAD_CPUTIME_ID);
    int rc;

    inside = 1;
    rc = mla_session_process(ss);
    inside = 0;
    wall = now_s(CLOCK_MONOTONIC) - wall;
    cpu = now_s(CLOCK_THREAD_CPUTIME_ID) - cpu;
    if (wall - cpu > slept)
        slept = wall - cpu;
    return rc;
}

/* The loop of a caller who watches the descriptor. 0, or the error that ended the session; events
 * counts those of the kind. */
static int run(mla_imap *s, int32_t until, int turns)
{
    mla_session *ss = mla_imap_session(s);

    while (turns-- > 0) {
        uint32_t wants = mla_session_wants(ss);
        struct pollfd p = {mla_session_fd(ss), 0, 0};
        const mla_imap_event *ev;
        int rc = process(ss), got;

        while ((got = mla_imap_next(s, &ev)) == 1)
            if (mla_imap_event_type(ev) == until)
                return 0;
        if (got < 0 || rc < 0)
            return got < 0 ? got : rc;
        wants = mla_session_wants(ss);
        p.fd = mla_session_fd(ss);
        p.events = (short)(((wants & MLA_WANT_READ) ? POLLIN : 0) |
                           ((wants & MLA_WANT_WRITE) ? POLLOUT : 0));
        if ((wants & MLA_WANT_NOW) == 0)
            poll(&p, 1, mla_session_timeout_ms(ss));
    }
    return MLA_E_TIMEOUT;
}

static void talk(struct peer *p)
{
    char tag[64];

    if (!peer_accept(p) || (p->arg != NULL && !peer_tls(p)))
        return;
    peer_nap(20);
    peer_say(p, "* OK [CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN SASL-IR LITERAL+]");
    peer_nap(20);
    peer_say(p, " hi\r\n");
    while (peer_line(p)) {
        snprintf(tag, sizeof tag, "%.*s", (int)strcspn(p->line, " "), p->line);
        peer_nap(10);
        if (strstr(p->line, " IDLE") != NULL) {
            peer_say(p, "+ idling\r\n* 4 EXI");
            peer_nap(30);
            peer_say(p, "STS\r\n");
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

static void begin(mla_config *cfg, mla_imap **s, uint32_t security, const char *host, int port)
{
    mla_connect_args to = {.struct_size = sizeof to, .security = security, .host = host};
    mla_credentials who = {.struct_size = sizeof who, .user = "alice", .password = "secret"};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX", .read_only = 1};
    uint64_t t;

    to.port = (uint32_t)port;
    who.password_len = 6;
    assert_int_equal(mla_imap_new(cfg, s, NULL), 0);
    inside = 1; /* this one starts the resolver and must not wait, either */
    assert_int_equal(mla_session_connect(mla_imap_session(*s), &to, &t), 0);
    inside = 0;
    assert_int_equal(mla_imap_authenticate(*s, &who, &t), 0);
    assert_int_equal(mla_imap_select(*s, &box, &t), 0);
    assert_int_equal(mla_imap_idle(*s, &t), 0);
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

static void assert_never_waited(void)
{
    if (offence[0] != '\0')
        fail_msg("inside of process(): %s", offence);
    /* Another process may have had the processor meanwhile; the name server's 0.2 s would show. */
    assert_true(slept < 0.15);
    assert_true(atomic_load(&seen) > 5); /* the wrappers are in force */
}

static void whole_sessions(uint32_t security, void *tls)
{
    struct peer p = {.arg = tls};
    mla_config *cfg = configured();
    mla_imap *s;

    offence[0] = '\0';
    slept = 0;
    atomic_store(&seen, 0);
    assert_int_equal(peer_start(&p, talk, 4), 0);
    begin(cfg, &s, security, "localhost", p.port); /* a name: the resolver's thread */
    assert_int_equal(run(s, MLA_IMAP_EV_EXISTS, 2000), 0);
    assert_int_equal(run(s, MLA_IMAP_EV_EXISTS, 2000), 0); /* the news while it idles */
    inside = 1;
    mla_imap_free(s);
    inside = 0;
    assert_never_waited();
    peer_stop(&p);
    mla_config_free(cfg);
}

static void plain_never_waits(void **state)
{
    (void)state;
    whole_sessions(MLA_SECURITY_NONE, NULL);
}

static void tls_never_waits(void **state)
{
    (void)state;
    whole_sessions(MLA_SECURITY_TLS, &slept);
}

static void silent(struct peer *p)
{
    if (peer_accept(p))
        peer_wait_close(p);
}

/* Ended while it resolves, connects or shakes hands: the end does not wait, either, and the
 * resolver's thread outlives it. */
static void ends_without_waiting(void **state)
{
    (void)state;
    for (int turns = 0; turns < 6; turns++) {
        struct peer p = {0};
        mla_config *cfg = configured();
        mla_imap *s;

        offence[0] = '\0';
        slept = 0;
        assert_int_equal(peer_start(&p, silent, 4), 0);
        begin(cfg, &s, MLA_SECURITY_TLS, turns < 3 ? "localhost" : "127.0.0.1", p.port);
        for (int i = 0; i < turns % 3; i++)
            process(mla_imap_session(s));
        inside = 1;
        mla_imap_free(s);
        inside = 0;
        if (offence[0] != '\0')
            fail_msg("inside of free(): %s", offence);
        close(peer_dial(&p)); /* where the session had not dialled */
        peer_stop(&p);
        mla_config_free(cfg);
    }
}

/* The wrappers see what they shall see. */
static void waits_are_noticed(void **state)
{
    struct timespec t = {0, 1};
    int fds[2];
    char c;

    (void)state;
    assert_int_equal(pipe(fds), 0);
    for (int i = 0; i < 4; i++) {
        struct addrinfo *list = NULL;
        struct pollfd p = {fds[0], POLLIN, 0};

        offence[0] = '\0';
        assert_int_equal(write(fds[1], "x", 1), 1);
        inside = 1;
        if (i == 0)
            (void)nanosleep(&t, NULL);
        else if (i == 1)
            (void)!read(fds[0], &c, 1);
        else if (i == 2)
            (void)poll(&p, 1, 1);
        else if (getaddrinfo("127.0.0.1", NULL, NULL, &list) == 0)
            freeaddrinfo(list);
        inside = 0;
        assert_string_not_equal(offence, "");
    }
    offence[0] = '\0';
    close(fds[0]);
    close(fds[1]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_are_noticed),
        cmocka_unit_test(plain_never_waits),
        cmocka_unit_test(tls_never_waits),
        cmocka_unit_test(ends_without_waiting),
    };

    if (argc < 2)
        return 64;
    peer_certs = argv[1];
    return cmocka_run_group_tests_name("net/blocking", tests, NULL, NULL);
}
