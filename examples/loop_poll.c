/* loop_poll.c - several IMAP connections in one thread and poll(2): the simplest loop there is.
 *
 *     MAIL_PASSWORD=... loop_poll HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

/* What to wait for, asked anew for each wait; and how long at most. */
static int arm(struct pollfd *p, const struct watch *w, int least)
{
    uint32_t wants = w->imap != NULL ? mla_session_wants(w->ss) : 0;
    int ms = w->imap != NULL ? mla_session_timeout_ms(w->ss) : -1;

    p->events =
        (short)(((wants & MLA_WANT_READ) ? POLLIN : 0) | ((wants & MLA_WANT_WRITE) ? POLLOUT : 0));
    /* poll() passes over -1. Without events it would still tell of a hang-up, again and again. */
    p->fd = p->events != 0 ? mla_session_fd(w->ss) : -1;
    p->revents = 0;
    return ms >= 0 && (least < 0 || ms < least) ? ms : least;
}

/* 1 when it goes on. */
static int turn(struct watch *w)
{
    if (watch_turn(w) == 0)
        return 1;
    watch_end(w); /* poll() is told the descriptors each time: there is nothing to take out */
    return 0;
}

int main(int argc, char **argv)
{
    struct watch w[WATCH_MOST];
    struct pollfd p[WATCH_MOST + 1];
    int alive = 0, stop = 0;
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);
    char sink[64];

    if (count == 0)
        return 64;
    memset(w, 0, sizeof w);
    for (int i = 0; i < count; i++)
        alive += watch_begin(&w[i], cfg, argv, argv[i + 3]) == 0 && turn(&w[i]);
    mla_config_free(cfg); /* the sessions hold it */
    while (alive > 0 && !stop) {
        int least = -1;

        for (int i = 0; i < count; i++)
            least = arm(&p[i], &w[i], least);
        p[count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(p, (nfds_t)count + 1, least) < 0)
            continue;
        stop = p[count].revents != 0 && read(STDIN_FILENO, sink, sizeof sink) <= 0;
        for (int i = 0; i < count && !stop; i++)
            if (w[i].imap != NULL && (p[i].revents != 0 || mla_session_timeout_ms(w[i].ss) == 0))
                alive -= !turn(&w[i]);
    }
    for (int i = 0; i < count; i++)
        watch_end(&w[i]);
    return stop ? 0 : 75;
}
