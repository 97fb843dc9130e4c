/* idle_ours.c - thousands of idle sessions of the library in one thread and one epoll loop. See
 * idle.h. The second line says what they cost while they are watched: of COUNT sessions RENEWED
 * renew IDLE within the SECONDS, so many as would by default (28 minutes) of all. A line on
 * standard output goes out before that ("idle"), and one on standard input is waited for. */
#define _GNU_SOURCE

#include "idle.h"

#include <mailaccess/imap.h>
#include <mailaccess/mailaccess.h>

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 64 };

struct one {
    mla_imap *imap;
    mla_session *ss;
    int32_t fd;
    uint32_t events;
    uint64_t due;   /* when it wants to be called, UINT64_MAX: never */
    size_t heap_at; /* in heap */
    int idles;      /* all is said and answered */
    unsigned news;
};

static struct idle idle;
static struct one *all;
static size_t *heap; /* by due, the first one is next */
static size_t held;  /* octets that the library holds */
static size_t blocks;
static int loop;
static unsigned ready_count;
static uint64_t processed;

/* --- the library's memory --- */

static void *counted_alloc(void *user, size_t size)
{
    void *p = malloc(size);

    (void)user;
    if (p != NULL) {
        held += malloc_usable_size(p) + sizeof(size_t);
        blocks++;
    }
    return p;
}

static void counted_release(void *user, void *p)
{
    (void)user;
    held -= malloc_usable_size(p) + sizeof(size_t);
    blocks--;
    free(p);
}

static void *counted_resize(void *user, void *p, size_t size)
{
    size_t before = p != NULL ? malloc_usable_size(p) + sizeof(size_t) : 0;
    void *q = realloc(p, size);

    (void)user;
    if (q == NULL)
        return NULL;
    held += malloc_usable_size(q) + sizeof(size_t) - before;
    blocks += p == NULL;
    return q;
}

/* --- whose time comes first --- */

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void put_at(size_t i, size_t who)
{
    heap[i] = who;
    all[who].heap_at = i;
}

static void set_due(struct one *o, uint64_t due)
{
    size_t who = (size_t)(o - all), i = o->heap_at;

    o->due = due;
    while (i > 0 && all[heap[(i - 1) / 2]].due > due) {
        put_at(i, heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    for (;;) {
        size_t next = i * 2 + 1;

        if (next + 1 < idle.count && all[heap[next + 1]].due < all[heap[next]].due)
            next++;
        if (next >= idle.count || all[heap[next]].due >= due)
            break;
        put_at(i, heap[next]);
        i = next;
    }
    put_at(i, who);
}

/* --- sessions --- */

static void begin(struct one *o, mla_config *cfg)
{
    mla_connect_args to = {.struct_size = sizeof to, .host = "127.0.0.1"};
    mla_credentials who = {.struct_size = sizeof who};
    mla_imap_select_args box = {.struct_size = sizeof box, .mailbox = "INBOX"};
    uint64_t t;

    to.port = (uint32_t)idle.port;
    to.security = idle.tls ? MLA_SECURITY_TLS : MLA_SECURITY_NONE;
    who.user = "alice";
    who.password = "secret";
    who.password_len = 6;
    if (mla_imap_new(cfg, &o->imap, NULL) != 0)
        idle_die("idle_ours", "no memory");
    o->ss = mla_imap_session(o->imap);
    o->fd = -1;
    if (mla_session_connect(o->ss, &to, &t) != 0 || mla_imap_authenticate(o->imap, &who, &t) != 0 ||
        mla_imap_select(o->imap, &box, &t) != 0 || mla_imap_idle(o->imap, &t) != 0)
        idle_die("idle_ours", "cannot begin");
}

static void watch(struct one *o)
{
    int32_t fd = mla_session_fd(o->ss);
    uint32_t wants = mla_session_wants(o->ss);
    struct epoll_event e = {.data = {.ptr = o}};
    int32_t ms = (wants & MLA_WANT_NOW) != 0 ? 0 : mla_session_timeout_ms(o->ss);

    e.events = ((wants & MLA_WANT_READ) ? (uint32_t)EPOLLIN : 0) |
               ((wants & MLA_WANT_WRITE) ? (uint32_t)EPOLLOUT : 0);
    if (fd != o->fd || e.events != o->events) {
        if (fd >= 0 && epoll_ctl(loop, EPOLL_CTL_MOD, fd, &e) != 0)
            (void)epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e);
        o->fd = fd;
        o->events = e.events;
    }
    set_due(o, ms < 0 ? UINT64_MAX : now_ms() + (uint64_t)ms);
    /* Nothing is due for long: the server has said that we idle. */
    if (!o->idles && ms > 20000 && mla_imap_state(o->imap) == MLA_IMAP_STATE_SELECTED &&
        wants == MLA_WANT_READ && mla_session_timeout_ms(o->ss) > 31000) {
        o->idles = 1;
        ready_count++;
    }
}

static void serve(struct one *o)
{
    const mla_imap_event *ev;
    int rc = mla_session_process(o->ss), got;
    mla_error err;

    processed++;
    while ((got = mla_imap_next(o->imap, &ev)) == 1)
        o->news += mla_imap_event_type(ev) == MLA_IMAP_EV_EXISTS;
    if (rc >= 0 && got >= 0) {
        watch(o);
        return;
    }
    mla_session_error(o->ss, &err);
    idle_die("idle_ours", err.message);
}

/* One turn of the loop, until the clock shows by_ms at most. */
static void turn(uint64_t by_ms)
{
    struct epoll_event ready[256];
    uint64_t now = now_ms(), due = all[heap[0]].due < by_ms ? all[heap[0]].due : by_ms;
    int n = epoll_wait(loop, ready, 256, due > now ? (int)(due - now) : 0);

    for (int i = 0; i < n; i++)
        serve(ready[i].data.ptr);
    for (now = now_ms(); all[heap[0]].due <= now;)
        serve(&all[heap[0]]);
}

static mla_config *configure(uint32_t renew_ms)
{
    static const mla_allocator memory = {.struct_size = sizeof memory,
                                         .alloc = counted_alloc,
                                         .resize = counted_resize,
                                         .release = counted_release};
    mla_config *cfg;
    mla_error err;

    if (mla_config_new(&memory, &cfg) != 0)
        idle_die("idle_ours", "no memory");
    if (idle.tls && mla_config_add_ca_file(cfg, idle.ca, &err) != 0)
        idle_die(idle.ca, err.message);
    mla_config_set_cleartext_password(cfg, 1);
    mla_config_set_deadline(cfg, MLA_DEADLINE_CONNECT,
                            0); /* ten thousand handshakes take their time */
    mla_config_set_deadline(cfg, MLA_DEADLINE_SILENCE, 0);
    mla_config_set_deadline(cfg, MLA_DEADLINE_ANSWER, 0);
    mla_config_set_tls_resumption(cfg, getenv("IDLE_RESUME") != NULL);
    if (renew_ms != 0)
        mla_config_set_deadline(cfg, MLA_DEADLINE_IDLE, renew_ms);
    return cfg;
}

int main(int argc, char **argv)
{
    mla_config *often, *cfg;
    struct rlimit files;
    unsigned begun = 0, news = 0, wakeups = 0;
    uint64_t until;
    double cpu;
    size_t before;
    char c;

    idle_begin(&idle, argc, argv);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    loop = epoll_create1(EPOLL_CLOEXEC);
    all = calloc(idle.count, sizeof *all);
    heap = calloc(idle.count, sizeof *heap);
    cfg = configure(0);
    often = idle.renewed != 0 ? configure((idle.seconds != 0 ? idle.seconds : 60) * 900) : NULL;
    if (all == NULL || heap == NULL || cfg == NULL)
        return 1;
    for (size_t i = 0; i < idle.count; i++) {
        all[i].due = UINT64_MAX;
        put_at(i, i);
    }
    idle_start(&idle);
    before = held;
    while (ready_count < idle.count) {
        for (; begun < idle.count && begun < ready_count + AT_ONCE; begun++) {
            begin(&all[begun], begun < idle.renewed ? often : cfg);
            serve(&all[begun]);
        }
        turn(UINT64_MAX - 1);
    }
    idle_tell(&idle);
    printf("ours=%zu blocks=%zu\n", (held - before) / idle.count, blocks / idle.count);
    printf("idle\n");
    fflush(stdout);
    if (idle.seconds == 0)
        return 0;
    if (read(0, &c, 1) < 0)
        return 1;
    cpu = idle_cpu();
    processed = 0;
    for (until = now_ms() + idle.seconds * 1000ULL; now_ms() < until; wakeups++)
        turn(until);
    for (unsigned i = 0; i < idle.count; i++)
        news += all[i].news;
    printf("seconds=%u cpu=%.3f wakeups=%u calls=%llu news=%u ours=%zu\n", idle.seconds,
           idle_cpu() - cpu, wakeups, (unsigned long long)processed, news - idle.count,
           (held - before) / idle.count);
    return 0;
}
