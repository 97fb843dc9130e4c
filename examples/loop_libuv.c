/* loop_libuv.c - IMAP connections in a libuv loop: a uv_poll_t and a uv_timer_t for each session.
 *
 *     MAIL_PASSWORD=... loop_libuv HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

struct watcher {
    struct watch w;
    uv_poll_t *poll; /* of the descriptor fd; closed handles are freed by libuv's callback */
    uv_timer_t *timer;
    int32_t fd;
};

static int alive, stop;

static void turn(struct watcher *a);

static void freed(uv_handle_t *handle)
{
    free(handle);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    (void)status; /* an error of the descriptor's: process() finds out which */
    (void)events;
    turn(handle->data);
}

static void on_timer(uv_timer_t *handle)
{
    turn(handle->data);
}

static void poll_drop(struct watcher *a)
{
    if (a->poll != NULL)
        uv_close((uv_handle_t *)a->poll, freed);
    a->poll = NULL;
    a->fd = -1;
}

/* Descriptor, what to wait for and how long, all asked anew after each call of process(). */
static void arm(struct watcher *a)
{
    int32_t fd = mla_session_fd(a->w.ss), ms = mla_session_timeout_ms(a->w.ss);
    uint32_t wants = mla_session_wants(a->w.ss);
    int events =
        ((wants & MLA_WANT_READ) ? UV_READABLE : 0) | ((wants & MLA_WANT_WRITE) ? UV_WRITABLE : 0);

    if (fd != a->fd) {
        poll_drop(a);
        a->poll = fd >= 0 ? malloc(sizeof *a->poll) : NULL;
        if (a->poll != NULL && uv_poll_init(uv_default_loop(), a->poll, fd) != 0) {
            free(a->poll);
            a->poll = NULL;
        }
        if (a->poll != NULL) {
            a->poll->data = a;
            a->fd = fd;
        }
    }
    if (a->poll != NULL && events != 0)
        uv_poll_start(a->poll, events, on_poll);
    else if (a->poll != NULL)
        uv_poll_stop(a->poll);
    if (ms >= 0) /* 0: in the next turn of the loop */
        uv_timer_start(a->timer, on_timer, (uint64_t)ms, 0);
    else
        uv_timer_stop(a->timer);
}

/* Handles first: nothing may be watched when its session is gone. */
static void end(struct watcher *a)
{
    poll_drop(a);
    if (a->timer != NULL)
        uv_close((uv_handle_t *)a->timer, freed);
    a->timer = NULL;
    watch_end(&a->w);
}

static void turn(struct watcher *a)
{
    if (watch_turn(&a->w) == 0) {
        arm(a);
        return;
    }
    end(a);
    if (--alive == 0)
        uv_stop(uv_default_loop());
}

static void on_input(uv_poll_t *handle, int status, int events)
{
    char sink[64];

    (void)events;
    if (status == 0 && read(STDIN_FILENO, sink, sizeof sink) > 0)
        return;
    uv_poll_stop(handle);
    stop = 1;
    uv_stop(uv_default_loop());
}

int main(int argc, char **argv)
{
    struct watcher a[WATCH_MOST];
    uv_loop_t *loop = uv_default_loop();
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);
    uv_poll_t input;

    if (count == 0)
        return 64;
    memset(a, 0, sizeof a);
    uv_poll_init(loop, &input, STDIN_FILENO);
    uv_poll_start(&input, UV_READABLE, on_input);
    for (int i = 0; i < count; i++) {
        a[i].fd = -1;
        if (watch_begin(&a[i].w, cfg, argv, argv[i + 3]) != 0)
            continue;
        a[i].timer = malloc(sizeof *a[i].timer);
        if (a[i].timer == NULL)
            return 75;
        uv_timer_init(loop, a[i].timer);
        a[i].timer->data = &a[i];
        alive++;
        turn(&a[i]);
    }
    mla_config_free(cfg); /* the sessions hold it */
    if (alive > 0)
        uv_run(loop, UV_RUN_DEFAULT);
    for (int i = 0; i < count; i++)
        if (a[i].w.imap != NULL)
            end(&a[i]);
    uv_close((uv_handle_t *)&input, NULL);
    uv_run(loop, UV_RUN_DEFAULT); /* the callbacks of uv_close() */
    uv_loop_close(loop);
    return stop ? 0 : 75;
}
