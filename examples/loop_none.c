/* loop_none.c - the same without a loop: each session has a thread that waits in mla_imap_step(),
 * and the main thread ends them by mla_session_interrupt().
 *
 *     MAIL_PASSWORD=... loop_none HOST USER MAILBOX...
 *
 * Says how many messages each mailbox has, whenever that changes, until standard input ends. */
#include "watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_int stop;

static void *run(void *arg)
{
    struct watch *w = arg;
    const mla_imap_event *ev;
    int rc;

    for (;;) {
        rc = mla_imap_step(w->imap, 0, -1, &ev);
        if (rc == MLA_E_CANCELLED && atomic_load(&stop))
            return NULL;
        if (rc == MLA_E_CANCELLED)
            continue;
        if (rc == 1 && mla_imap_event_type(ev) == MLA_IMAP_EV_EXISTS) {
            printf("%s: %u messages\n", w->mailbox, (unsigned)mla_imap_event_number(ev));
            fflush(stdout);
        }
        if (rc == 1 && mla_imap_event_done(ev) != NULL)
            rc = mla_imap_event_done(ev)->error;
        if (rc < 0)
            break;
    }
    fprintf(stderr, "%s: %s\n", w->mailbox, mla_error_text(rc));
    return NULL;
}

int main(int argc, char **argv)
{
    struct watch w[WATCH_MOST];
    pthread_t threads[WATCH_MOST];
    int begun = 0;
    mla_config *cfg;
    int count = watch_options(argc, argv, &cfg);
    char sink[64];

    if (count == 0)
        return 64;
    memset(w, 0, sizeof w);
    for (; begun < count; begun++) {
        if (watch_begin(&w[begun], cfg, argv, argv[begun + 3]) != 0)
            break;
        if (pthread_create(&threads[begun], NULL, run, &w[begun]) != 0)
            break;
    }
    mla_config_free(cfg); /* the sessions hold it */
    while (begun == count && read(STDIN_FILENO, sink, sizeof sink) > 0)
        continue;
    atomic_store(&stop, 1);
    for (int i = 0; i < begun; i++)
        mla_session_interrupt(w[i].ss); /* the one call that any thread may make */
    for (int i = 0; i < begun; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < count; i++)
        watch_end(&w[i]);
    return begun == count ? 0 : 75;
}
