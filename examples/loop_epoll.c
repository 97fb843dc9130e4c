/* loop_epoll.c - several IMAP connections in one thread and one epoll loop, nothing ever blocks.
 *
 *     MAIL_PASSWORD=... loop_epoll HOST USER MAILBOX...
 *
 * Watches each mailbox over a connection of its own (TLS, port 993) and says how many messages it
 * has, whenever that changes. MAIL_PORT and MAIL_CA_FILE in the environment are for test servers.
 */
#include <mailaccess/imap.h>
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MOST = 16 };

struct watcher {
    const char *mailbox;
    mla_imap *imap;
    mla_session *ss;
    int32_t fd;      /* what epoll watches for us, -1: nothing */
    uint32_t events; /* ... and for what */
};

/* Commands only queue: all of this is said before the first octet is sent. What depends on what
 * failed is not sent. */
static int begin(struct watcher *w, mla_config *cfg, const char *host, const char *user)
{
    const char *port = getenv("MAIL_PORT"), *password = getenv("MAIL_PASSWORD");
    mla_connect_args to;
    mla_credentials who;
    mla_imap_select_args what;
    uint64_t ticket;

    memset(&to, 0, sizeof to);
    to.struct_size = sizeof to;
    to.host = host;
    to.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    memset(&who, 0, sizeof who);
    who.struct_size = sizeof who;
    who.user = user;
    who.password = password != NULL ? password : "";
    who.password_len = strlen(who.password);
    memset(&what, 0, sizeof what);
    what.struct_size = sizeof what;
    what.mailbox = w->mailbox;
    what.read_only = 1;
    w->fd = -1;
    if (mla_imap_new(cfg, &w->imap, NULL) != 0)
        return -1;
    w->ss = mla_imap_session(w->imap);
    if (mla_session_connect(w->ss, &to, &ticket) != 0 ||
        mla_imap_authenticate(w->imap, &who, &ticket) != 0 ||
        mla_imap_select(w->imap, &what, &ticket) != 0 || mla_imap_idle(w->imap, &ticket) != 0)
        return -1;
    return 0;
}

/* Reads all events that are there. 0, or the error that ended the session or a command. */
static int drain(struct watcher *w)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = mla_imap_next(w->imap, &ev)) == 1) {
        const mla_imap_done *done = mla_imap_event_done(ev);

        if (mla_imap_event_type(ev) == MLA_IMAP_EV_EXISTS)
            printf("%s: %u messages\n", w->mailbox, (unsigned)mla_imap_event_number(ev));
        if (done != NULL && done->error != 0)
            return done->error;
    }
    fflush(stdout);
    return rc;
}

/* The descriptor and what to wait for change: ask anew after each call of process(). */
static void watch(int loop, struct watcher *w)
{
    int32_t fd = mla_session_fd(w->ss);
    uint32_t wants = mla_session_wants(w->ss);
    struct epoll_event e;

    memset(&e, 0, sizeof e);
    e.data.ptr = w;
    e.events = ((wants & MLA_WANT_READ) ? (uint32_t)EPOLLIN : 0) |
               ((wants & MLA_WANT_WRITE) ? (uint32_t)EPOLLOUT : 0);
    if (fd == w->fd && e.events == w->events)
        return;
    if (w->fd >= 0 && w->fd != fd) /* it may be closed already: then there is nothing to remove */
        (void)epoll_ctl(loop, EPOLL_CTL_DEL, w->fd, NULL);
    if (fd >= 0 && epoll_ctl(loop, EPOLL_CTL_MOD, fd, &e) != 0)
        (void)epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e);
    w->fd = fd;
    w->events = e.events;
}

/* Moves octets and keeps time. The session is gone when it fails. */
static int serve(int loop, struct watcher *w)
{
    int rc = mla_session_process(w->ss), read = drain(w);

    if (rc >= 0 && read >= 0) {
        watch(loop, w);
        return 0;
    }
    fprintf(stderr, "%s: %s\n", w->mailbox, mla_error_text(read < 0 ? read : rc));
    if (w->fd >= 0)
        (void)epoll_ctl(loop, EPOLL_CTL_DEL, w->fd, NULL);
    mla_imap_free(w->imap);
    w->imap = NULL;
    return -1;
}

/* How long epoll may sleep: until the first session wants to be called. */
static int timeout(const struct watcher *w, int count)
{
    int least = -1;

    for (int i = 0; i < count; i++) {
        int ms;

        if (w[i].imap == NULL)
            continue;
        ms = mla_session_wants(w[i].ss) & MLA_WANT_NOW ? 0 : mla_session_timeout_ms(w[i].ss);
        if (ms >= 0 && (least < 0 || ms < least))
            least = ms;
    }
    return least;
}

int main(int argc, char **argv)
{
    struct watcher w[MOST];
    struct epoll_event ready[MOST];
    int count = argc - 3, alive = 0, loop = epoll_create1(EPOLL_CLOEXEC);
    const char *ca = getenv("MAIL_CA_FILE");
    mla_config *cfg;
    mla_error err;

    if (count < 1 || count > MOST || loop < 0 || mla_config_new(NULL, &cfg) != 0) {
        fprintf(stderr, "usage: MAIL_PASSWORD=... %s HOST USER MAILBOX...\n", argv[0]);
        return 64;
    }
    if (ca != NULL && mla_config_add_ca_file(cfg, ca, &err) != 0) {
        fprintf(stderr, "%s: %s\n", ca, err.message);
        return 66;
    }
    memset(w, 0, sizeof w);
    for (int i = 0; i < count; i++) {
        w[i].mailbox = argv[i + 3];
        if (begin(&w[i], cfg, argv[1], argv[2]) == 0)
            alive += serve(loop, &w[i]) == 0;
    }
    mla_config_free(cfg);
    while (alive > 0) {
        int n = epoll_wait(loop, ready, MOST, timeout(w, count));

        /* Those with a descriptor that is ready, and those whose time has come: it costs nothing to
         * ask all. */
        for (int i = 0; n >= 0 && i < count; i++)
            if (w[i].imap != NULL && serve(loop, &w[i]) != 0)
                alive--;
    }
    for (int i = 0; i < count; i++)
        mla_imap_free(w[i].imap);
    close(loop);
    return 75;
}
