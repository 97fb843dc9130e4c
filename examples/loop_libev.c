/* loop_libev.c - IMAP connections in a libev loop: an ev_io and an ev_timer for each session.
 *
 *     MAIL_PASSWORD=... loop_libev HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <string.h>
#include <unistd.h>

#include <ev.h>

struct watcher {
    struct watch w;
    ev_io io;
    ev_timer timer;
};

static int alive, stop;

static void end(struct ev_loop *loop, struct watcher *a)
{
    ev_io_stop(loop, &a->io);
    ev_timer_stop(loop, &a->timer);
    watch_end(&a->w);
}

/* Descriptor, what to wait for and how long, all asked anew after each call of process(). */
static void arm(struct ev_loop *loop, struct watcher *a)
{
    int32_t fd = mla_session_fd(a->w.ss), ms = mla_session_timeout_ms(a->w.ss);
    uint32_t wants = mla_session_wants(a->w.ss);
    int events =
        ((wants & MLA_WANT_READ) ? EV_READ : 0) | ((wants & MLA_WANT_WRITE) ? EV_WRITE : 0);

    if (fd != a->io.fd || events != (a->io.events & (EV_READ | EV_WRITE)) ||
        !ev_is_active(&a->io)) {
        ev_io_stop(loop, &a->io);
        ev_io_set(&a->io, fd, events);
        if (fd >= 0 && events != 0)
            ev_io_start(loop, &a->io);
    }
    ev_timer_stop(loop, &a->timer);
    ev_now_update(loop); /* timers count from the loop's clock, which stands still in a turn */
    ev_timer_set(&a->timer, ms / 1e3, 0);
    if (ms >= 0)
        ev_timer_start(loop, &a->timer);
}

static void turn(struct ev_loop *loop, struct watcher *a)
{
    if (watch_turn(&a->w) == 0) {
        arm(loop, a);
        return;
    }
    end(loop, a);
    if (--alive == 0)
        ev_break(loop, EVBREAK_ALL);
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    turn(loop, io->data);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    turn(loop, timer->data);
}

static void on_input(struct ev_loop *loop, ev_io *io, int events)
{
    char sink[64];

    (void)events;
    if (read(io->fd, sink, sizeof sink) > 0)
        return;
    stop = 1;
    ev_break(loop, EVBREAK_ALL);
}

int main(int argc, char **argv)
{
    struct watcher a[WATCH_MOST];
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);
    ev_io input;

    if (count == 0)
        return 64;
    memset(a, 0, sizeof a);
    ev_io_init(&input, on_input, STDIN_FILENO, EV_READ);
    ev_io_start(loop, &input);
    for (int i = 0; i < count; i++) {
        ev_io_init(&a[i].io, on_io, -1, 0);
        ev_timer_init(&a[i].timer, on_timer, 0, 0);
        a[i].io.data = a[i].timer.data = &a[i];
        if (watch_begin(&a[i].w, cfg, argv, argv[i + 3]) != 0)
            continue;
        alive++;
        turn(loop, &a[i]);
    }
    mla_config_free(cfg); /* the sessions hold it */
    if (alive > 0)
        ev_run(loop, 0);
    for (int i = 0; i < count; i++)
        if (a[i].w.imap != NULL)
            end(loop, &a[i]);
    ev_io_stop(loop, &input);
    ev_loop_destroy(loop);
    return stop ? 0 : 75;
}
