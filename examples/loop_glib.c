/* loop_glib.c - IMAP connections in a GLib main loop: one GSource for each session.
 *
 *     MAIL_PASSWORD=... loop_glib HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <string.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib.h>

struct watcher {
    GSource source;
    struct watch w;
    int32_t fd;
    gpointer tag; /* of fd in the source */
};

static int alive, stop;
static GMainLoop *loop;

/* Descriptor, what to wait for and how long, all asked anew after each call of process(). */
static void arm(struct watcher *a)
{
    int32_t fd = mla_session_fd(a->w.ss), ms = mla_session_timeout_ms(a->w.ss);
    uint32_t wants = mla_session_wants(a->w.ss);
    GIOCondition events = (GIOCondition)(((wants & MLA_WANT_READ) ? (unsigned)G_IO_IN : 0) |
                                         ((wants & MLA_WANT_WRITE) ? (unsigned)G_IO_OUT : 0));

    if (events == 0)
        fd = -1; /* poll() would still tell of a hang-up, again and again */
    if (a->tag != NULL && fd == a->fd) {
        g_source_modify_unix_fd(&a->source, a->tag, events);
    } else {
        if (a->tag != NULL)
            g_source_remove_unix_fd(&a->source, a->tag);
        a->tag = fd >= 0 ? g_source_add_unix_fd(&a->source, fd, events) : NULL;
        a->fd = fd;
    }
    g_source_set_ready_time(&a->source, ms < 0    ? -1
                                        : ms == 0 ? 0
                                                  : g_get_monotonic_time() + (gint64)ms * 1000);
}

/* GLib calls it when the descriptor is ready or the ready time has come. */
static gboolean turn(GSource *source, GSourceFunc callback, gpointer data)
{
    struct watcher *a = (struct watcher *)source;

    (void)callback;
    (void)data;
    if (watch_turn(&a->w) == 0) {
        arm(a);
        return G_SOURCE_CONTINUE;
    }
    if (a->tag != NULL)
        g_source_remove_unix_fd(source, a->tag);
    watch_end(&a->w);
    if (--alive == 0)
        g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

/* Also for a source that is destroyed while its session lives. */
static void finalize(GSource *source)
{
    watch_end(&((struct watcher *)source)->w);
}

static GSourceFuncs functions = {.dispatch = turn, .finalize = finalize};

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    char sink[64];

    (void)condition;
    (void)data;
    if (read(fd, sink, sizeof sink) > 0)
        return G_SOURCE_CONTINUE;
    stop = 1;
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
    GSource *all[WATCH_MOST];
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);

    if (count == 0)
        return 64;
    loop = g_main_loop_new(NULL, FALSE);
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, NULL);
    for (int i = 0; i < count; i++) {
        struct watcher *a = (struct watcher *)(all[i] = g_source_new(&functions, sizeof *a));

        memset(&a->w, 0, sizeof a->w);
        a->fd = -1;
        a->tag = NULL;
        if (watch_begin(&a->w, cfg, argv, argv[i + 3]) != 0)
            continue;
        alive++;
        arm(a);
        g_source_attach(all[i], NULL);
    }
    mla_config_free(cfg); /* the sessions hold it */
    if (alive > 0)
        g_main_loop_run(loop);
    for (int i = 0; i < count; i++) {
        g_source_destroy(all[i]);
        g_source_unref(all[i]);
    }
    g_main_loop_unref(loop);
    return stop ? 0 : 75;
}
