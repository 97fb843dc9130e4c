/* loop_epoll.c - several IMAP connections in one thread and one epoll loop, nothing ever blocks.
 *
 *     MAIL_PASSWORD=... loop_epoll HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct watcher {
    struct watch w;
    int32_t fd;      /* what epoll watches for us, -1: nothing */
    uint32_t events; /* ... and for what */
};

/* What is watched goes before its session does. */
static void end(int loop, struct watcher *a)
{
    if (a->fd >= 0)
        (void)epoll_ctl(loop, EPOLL_CTL_DEL, a->fd, NULL);
    a->fd = -1;
    watch_end(&a->w);
}

/* The descriptor and what to wait for change: ask anew after each call of process(). */
static void arm(int loop, struct watcher *a)
{
    int32_t fd = mla_session_fd(a->w.ss);
    uint32_t wants = mla_session_wants(a->w.ss);
    struct epoll_event e;

    memset(&e, 0, sizeof e);
    e.data.ptr = a;
    e.events = ((wants & MLA_WANT_READ) ? (uint32_t)EPOLLIN : 0) |
               ((wants & MLA_WANT_WRITE) ? (uint32_t)EPOLLOUT : 0);
    if (fd == a->fd && e.events == a->events)
        return;
    if (fd != a->fd && a->fd >= 0) /* the session keeps it open until the next process() */
        (void)epoll_ctl(loop, EPOLL_CTL_DEL, a->fd, NULL);
    if (fd >= 0 && epoll_ctl(loop, fd == a->fd ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e) != 0)
        return;
    a->fd = fd;
    a->events = e.events;
}

/* 1 when it goes on. */
static int turn(int loop, struct watcher *a)
{
    if (watch_turn(&a->w) == 0) {
        arm(loop, a);
        return 1;
    }
    end(loop, a);
    return 0;
}

/* How long epoll may sleep: until the first session wants to be called. 0 for MLA_WANT_NOW, too. */
static int timeout(const struct watcher *a, int count)
{
    int least = -1;

    for (int i = 0; i < count; i++) {
        int ms = a[i].w.imap != NULL ? mla_session_timeout_ms(a[i].w.ss) : -1;

        if (ms >= 0 && (least < 0 || ms < least))
            least = ms;
    }
    return least;
}

int main(int argc, char **argv)
{
    struct watcher a[WATCH_MOST];
    struct epoll_event ready[WATCH_MOST + 1], input = {.events = EPOLLIN};
    int alive = 0, stop = 0, loop = epoll_create1(EPOLL_CLOEXEC);
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);
    char sink[64];

    if (count == 0)
        return 64;
    memset(a, 0, sizeof a);
    (void)epoll_ctl(loop, EPOLL_CTL_ADD, STDIN_FILENO,
                    &input); /* no file: that has no end to tell */
    for (int i = 0; i < count; i++) {
        a[i].fd = -1;
        if (watch_begin(&a[i].w, cfg, argv, argv[i + 3]) == 0)
            alive += turn(loop, &a[i]);
    }
    mla_config_free(cfg); /* the sessions hold it */
    while (alive > 0 && !stop) {
        int n = epoll_wait(loop, ready, WATCH_MOST + 1, timeout(a, count));

        for (int i = 0; i < n; i++)
            stop |= ready[i].data.ptr == NULL && read(STDIN_FILENO, sink, sizeof sink) <= 0;
        /* Those with a descriptor that is ready, and those whose time has come: it costs nothing to
         * ask a few all. */
        for (int i = 0; i < count && !stop; i++)
            if (a[i].w.imap != NULL)
                alive -= !turn(loop, &a[i]);
    }
    for (int i = 0; i < count; i++)
        end(loop, &a[i]);
    close(loop);
    return stop ? 0 : 75;
}
