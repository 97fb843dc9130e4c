/* tcp.c - see tcp.h */
#include "net/tcp.h"

#include "base/fail.h"
#include "net/fd.h"
#include "net/resolve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS has SO_NOSIGPIPE instead */
#endif
#ifndef MSG_MORE
#define MSG_MORE 0
#endif

/* Connecting: freed once there is a connection. */
struct tcp_race {
    struct resolve_job *job; /* until the addresses are known */
    int set;                 /* the descriptor that the caller watches */
    int count;
    int next;         /* the next address to try */
    int open_count;   /* attempts under way */
    uint64_t next_ms; /* when the next address is tried at the latest */
    int fds[RESOLVE_MAX];
    int why[RESOLVE_MAX]; /* errno of an attempt that failed */
    struct resolve_address addrs[RESOLVE_MAX];
    struct tcp_alive alive;
    uint32_t port;
    char stage[320];
    char host[];
};

struct tcp {
    struct stream base;
    const struct mem *mem;
    struct tcp_race *race;
    int fd;
    int old;     /* the set that the caller watched while connecting, or -1 */
    int heard;   /* octets came in this turn */
    int drained; /* the last read was short: another one would block */
};

static const struct stream_ops tcp_ops;

static struct tcp *tcp_of(struct stream *s)
{
    return (struct tcp *)s;
}

static void race_free(struct tcp *t)
{
    struct tcp_race *r = t->race;

    if (r == NULL)
        return;
    resolve_drop(r->job);
    for (int i = 0; i < RESOLVE_MAX; i++)
        if (r->fds[i] >= 0)
            close(r->fds[i]);
    if (r->set >= 0)
        close(r->set);
    mem_free(t->mem, r);
    t->race = NULL;
}

static void tcp_free(struct stream *s)
{
    struct tcp *t = tcp_of(s);

    race_free(t);
    tcp_seen(s);
    if (t->fd >= 0)
        close(t->fd);
    mem_free(t->mem, t);
}

static struct tcp *tcp_new(const struct mem *mem)
{
    struct tcp *t = mem_zero(mem, sizeof *t);

    if (t == NULL)
        return NULL;
    t->base.ops = &tcp_ops;
    t->mem = mem;
    t->fd = t->old = -1;
    return t;
}

static struct tcp_race *race_new(const struct mem *mem, const char *host, uint32_t port,
                                 const struct tcp_alive *alive)
{
    size_t len = strlen(host);
    struct tcp_race *r = mem_zero(mem, sizeof *r + len + 1);

    if (r == NULL)
        return NULL;
    for (int i = 0; i < RESOLVE_MAX; i++)
        r->fds[i] = -1;
    r->set = -1;
    r->port = port;
    r->alive = *alive;
    memcpy(r->host, host, len + 1);
    return r;
}

static int race_begin(struct tcp *t, mla_error *err)
{
    struct tcp_race *r = t->race;
    int rc;

    r->set = fd_set_new();
    if (r->set < 0)
        return fail_sys(err, MLA_E_CONNECT, errno, "cannot connect to %s", r->host);
    t->base.open_wants = STREAM_READABLE; /* of the set */
    if (resolve_numeric(r->host, r->port, &r->addrs[0])) {
        r->count = 1;
        return 0;
    }
    snprintf(r->stage, sizeof r->stage, "resolving %s", r->host);
    rc = resolve_start(r->host, r->port, &r->job, err);
    if (rc == 0) {
        int sys_code = fd_set_add(r->set, resolve_fd(r->job), FD_SET_READ);

        if (sys_code != 0)
            rc = fail_sys(err, MLA_E_RESOLVE, sys_code, "cannot resolve %s", r->host);
    }
    return rc;
}

int tcp_connect(const struct mem *mem, const char *host, uint32_t port,
                const struct tcp_alive *alive, struct stream **out, mla_error *err)
{
    struct tcp *t = tcp_new(mem);
    int rc;

    if (t == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    t->race = race_new(mem, host, port, alive);
    rc = t->race != NULL ? race_begin(t, err) : fail(err, MLA_E_NOMEM, "out of memory");
    if (rc != 0) {
        tcp_free(&t->base);
        return rc;
    }
    *out = &t->base;
    return 0;
}

static void set_number(int fd, int level, int name, uint32_t value)
{
    int n = (int)value;

    (void)setsockopt(fd, level, name, &n, sizeof n);
}

/* Refused on sockets that are not TCP; nothing depends on them. */
static void set_options(const struct tcp_alive *alive, int fd)
{
    set_number(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_number(fd, SOL_SOCKET, SO_KEEPALIVE, alive->idle_s != 0);
    if (alive->idle_s != 0) {
#if defined(TCP_KEEPIDLE)
        set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, alive->idle_s);
#elif defined(TCP_KEEPALIVE)
        set_number(fd, IPPROTO_TCP, TCP_KEEPALIVE, alive->idle_s); /* macOS */
#endif
#ifdef TCP_KEEPINTVL
        set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, alive->interval_s);
#endif
#ifdef TCP_KEEPCNT
        set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, alive->count);
#endif
    }
#ifdef SO_NOSIGPIPE
    set_number(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
}

int tcp_adopt(const struct mem *mem, int fd, const struct tcp_alive *alive, struct stream **out,
              mla_error *err)
{
    int type = 0;
    socklen_t len = sizeof type;
    struct tcp *t;
    int sys_code;

    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
        return fail_sys(err, MLA_E_ARG, errno, "descriptor %d is not a socket", fd);
    if (type != SOCK_STREAM)
        return fail(err, MLA_E_ARG, "descriptor %d is not a stream socket", fd);
    t = tcp_new(mem);
    if (t == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    sys_code = fd_prepare(fd);
    if (sys_code != 0) {
        tcp_free(&t->base);
        return fail_sys(err, MLA_E_ARG, sys_code, "descriptor %d cannot be used", fd);
    }
    set_options(alive, fd);
    t->base.open_wants = STREAM_NOW; /* it is connected already */
    t->fd = fd;
    *out = &t->base;
    return 0;
}

/* --- connecting --- */

/* Starts one attempt; its failure is noted like a later one. */
static void attempt(struct tcp *t)
{
    struct tcp_race *r = t->race;
    int i = r->next++;
    const struct resolve_address *a = &r->addrs[i];
    int fd = socket(a->addr.ss_family, SOCK_STREAM, 0);
    int sys_code;

    if (fd < 0) {
        r->why[i] = errno;
        return;
    }
    sys_code = fd_prepare(fd);
    if (sys_code == 0 && connect(fd, (const struct sockaddr *)&a->addr, a->len) != 0 &&
        errno != EINPROGRESS && errno != EINTR)
        sys_code = errno;
    if (sys_code == 0)
        sys_code = fd_set_add(r->set, fd, FD_SET_WRITE);
    if (sys_code != 0) {
        r->why[i] = sys_code;
        close(fd);
        return;
    }
    r->fds[i] = fd;
    r->open_count++;
}

static void race_won(struct tcp *t, int i)
{
    struct tcp_race *r = t->race;

    t->fd = r->fds[i];
    r->fds[i] = -1;
    t->old = r->set;
    r->set = -1;
    set_options(&r->alive, t->fd);
    race_free(t);
    t->base.open_wants = 0;
}

/* 1 when the attempt with that descriptor stands, else 0. */
static int attempt_check(struct tcp *t, int fd)
{
    struct tcp_race *r = t->race;
    int i = 0;
    int sys_code = 0;
    socklen_t len = sizeof sys_code;

    while (i < r->count && r->fds[i] != fd)
        i++;
    if (i == r->count)
        return 0;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys_code, &len) != 0)
        sys_code = errno;
    if (sys_code == 0) {
        race_won(t, i);
        return 1;
    }
    r->why[i] = sys_code;
    close(fd);
    r->fds[i] = -1;
    r->open_count--;
    r->next_ms = 0; /* the next address does not wait for its turn */
    return 0;
}

/* "cannot connect to NAME port N: ADDRESS: why; ADDRESS: why" */
static int race_lost(struct tcp *t, mla_error *err)
{
    struct tcp_race *r = t->race;
    char all[sizeof err->message];
    size_t at = 0;

    all[0] = '\0';
    for (int i = 0; i < r->count && at < sizeof all; i++) {
        char addr[RESOLVE_TEXT];
        char why[96];
        int n;

        resolve_text(&r->addrs[i], addr);
        if (strerror_r(r->why[i], why, sizeof why) != 0)
            snprintf(why, sizeof why, "error %d", r->why[i]);
        n = strcmp(addr, r->host) == 0
                ? snprintf(all + at, sizeof all - at, "%s", why)
                : snprintf(all + at, sizeof all - at, "%s%s: %s", i == 0 ? "" : "; ", addr, why);
        at += n > 0 ? (size_t)n : 0;
    }
    if (err != NULL && err->code == 0)
        err->sys_code = r->why[0];
    return fail(err, MLA_E_CONNECT, "cannot connect to %s port %u: %s", r->host, (unsigned)r->port,
                all);
}

static int race_resolved(struct tcp *t, mla_error *err)
{
    struct tcp_race *r = t->race;
    int n;

    if (r->job == NULL)
        return 1;
    n = resolve_result(r->job, r->addrs, err);
    if (n <= 0)
        return n;
    r->count = n;
    /* Taken out by hand: the thread may keep the pipe open a little longer. The set itself stays,
     * since a caller's own epoll does not notice a descriptor that changes behind its number. */
    fd_set_remove(r->set, resolve_fd(r->job), FD_SET_READ);
    resolve_drop(r->job);
    r->job = NULL;
    return 1;
}

static int tcp_open(struct stream *s, uint64_t now_ms, mla_error *err)
{
    struct tcp *t = tcp_of(s);
    struct tcp_race *r = t->race;
    int ready[RESOLVE_MAX];
    int n;
    int rc;

    if (r == NULL)
        return 1;
    rc = race_resolved(t, err);
    if (rc <= 0)
        return rc;
    if (r->next == 0)
        snprintf(r->stage, sizeof r->stage, "connecting to %s port %u", r->host, (unsigned)r->port);
    n = fd_set_ready(r->set, ready, RESOLVE_MAX);
    for (int i = 0; i < n; i++)
        if (attempt_check(t, ready[i]))
            return 1;
    while (r->next < r->count && (r->open_count == 0 || now_ms >= r->next_ms)) {
        attempt(t);
        if (r->open_count != 0)
            r->next_ms = now_ms + TCP_STAGGER_MS;
    }
    return r->open_count == 0 ? race_lost(t, err) : 0;
}

static uint64_t tcp_deadline(const struct stream *s)
{
    const struct tcp_race *r = ((const struct tcp *)s)->race;

    if (r == NULL || r->job != NULL)
        return UINT64_MAX;
    if (r->next == 0)
        return 0;
    return r->next < r->count ? r->next_ms : UINT64_MAX;
}

/* --- connected --- */

static int tcp_read(struct stream *s, uint8_t *p, size_t n, size_t *out_n, mla_error *err)
{
    struct tcp *t = tcp_of(s);
    ssize_t got;

    s->read_wants = STREAM_READABLE;
    if (t->drained)
        return 0;
    do
        got = recv(t->fd, p, n, 0);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
        t->heard = 1;
        *out_n = (size_t)got;
        t->drained = *out_n < n;
        return t->drained ? STREAM_LAST : STREAM_SOME;
    }
    if (got == 0)
        return STREAM_END;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        t->drained = 1;
        return 0;
    }
    return fail_sys(err, MLA_E_IO, errno, "cannot read from the server");
}

static int tcp_write(struct stream *s, const uint8_t *p, size_t n, int more, size_t *out_n,
                     mla_error *err)
{
    struct tcp *t = tcp_of(s);
    ssize_t put;

    s->write_wants = 0;
    do
        put = send(t->fd, p, n, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    while (put < 0 && errno == EINTR);
    if (put >= 0) {
        *out_n = (size_t)put;
        return 1;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        s->write_wants = STREAM_WRITABLE;
        return 0;
    }
    return fail_sys(err, MLA_E_IO, errno, "cannot write to the server");
}

static void tcp_close(struct stream *s)
{
    struct tcp *t = tcp_of(s);

    if (t->fd >= 0)
        (void)shutdown(t->fd, SHUT_WR); /* the peer may have closed first */
}

/* The last read filled all the room it had: more is likely there, and poll() would only say so. */
static uint32_t tcp_held(const struct stream *s)
{
    const struct tcp *t = (const struct tcp *)s;

    return t->race == NULL && !t->drained ? STREAM_NOW : 0;
}

static int tcp_fd(const struct stream *s)
{
    const struct tcp *t = (const struct tcp *)s;

    return t->race != NULL ? t->race->set : t->fd;
}

static const struct stream_ops tcp_ops = {
    .open = tcp_open,
    .read = tcp_read,
    .write = tcp_write,
    .close = tcp_close,
    .free = tcp_free,
    .held = tcp_held,
    .fd = tcp_fd,
    .deadline = tcp_deadline,
};

void tcp_release(struct stream *s)
{
    tcp_of(s)->fd = -1;
}

void tcp_turn(struct stream *s)
{
    tcp_of(s)->drained = tcp_of(s)->heard = 0;
}

int tcp_heard(const struct stream *s)
{
    return ((const struct tcp *)s)->heard;
}

void tcp_seen(struct stream *s)
{
    struct tcp *t = tcp_of(s);

    if (t->old >= 0)
        close(t->old);
    t->old = -1;
}

int tcp_leave(struct stream *s)
{
    struct tcp *t = tcp_of(s);
    int *watched = t->old >= 0 ? &t->old : t->race != NULL ? &t->race->set : &t->fd;
    int fd = *watched;

    if (watched == &t->fd)
        (void)shutdown(fd, SHUT_RDWR);
    *watched = -1;
    return fd;
}

const char *tcp_stage(const struct stream *s)
{
    const struct tcp *t = (const struct tcp *)s;

    return t->race != NULL ? t->race->stage : "";
}

_Static_assert((int)TCP_PEER == (int)RESOLVE_TEXT, "any address fits");

void tcp_peer(const struct stream *s, char out[TCP_PEER])
{
    struct resolve_address a = {.len = sizeof a.addr};

    out[0] = '\0';
    if (getpeername(((const struct tcp *)s)->fd, (struct sockaddr *)&a.addr, &a.len) == 0 &&
        (a.addr.ss_family == AF_INET || a.addr.ss_family == AF_INET6))
        resolve_text(&a, out);
}
