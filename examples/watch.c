/* watch.c - see watch.h */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int watch_options(int argc, char **argv, mla_config **out_cfg)
{
    const char *ca = getenv("MAIL_CA_FILE");
    mla_error err;

    if (argc < 4 || argc - 3 > WATCH_MOST || getenv("MAIL_PASSWORD") == NULL) {
        fprintf(stderr, "usage: MAIL_PASSWORD=... %s HOST USER MAILBOX...\n", argv[0]);
        return 0;
    }
    if (mla_config_new(NULL, out_cfg) != 0)
        return 0;
    if (ca != NULL && mla_config_add_ca_file(*out_cfg, ca, &err) != 0) {
        fprintf(stderr, "%s: %s\n", ca, err.message);
        mla_config_free(*out_cfg);
        return 0;
    }
    return argc - 3;
}

int watch_begin(struct watch *w, mla_config *cfg, char **argv, const char *mailbox)
{
    const char *port = getenv("MAIL_PORT"), *password = getenv("MAIL_PASSWORD");
    mla_connect_args to = {.struct_size = sizeof to};
    mla_credentials who = {.struct_size = sizeof who};
    mla_imap_select_args what = {.struct_size = sizeof what};
    uint64_t ticket;

    to.host = argv[1];
    to.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    who.user = argv[2];
    who.password = password;
    who.password_len = strlen(password);
    what.mailbox = w->mailbox = mailbox;
    what.read_only = 1;
    if (mla_imap_new(cfg, &w->imap, NULL) != 0)
        return -1;
    w->ss = mla_imap_session(w->imap);
    if (mla_session_connect(w->ss, &to, &ticket) != 0 ||
        mla_imap_authenticate(w->imap, &who, &ticket) != 0 ||
        mla_imap_select(w->imap, &what, &ticket) != 0 || mla_imap_idle(w->imap, &ticket) != 0) {
        watch_end(w);
        return -1;
    }
    return 0;
}

int watch_read(struct watch *w)
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

int watch_turn(struct watch *w)
{
    int rc = mla_session_process(w->ss), read = watch_read(w);

    if (rc >= 0 && read >= 0)
        return 0;
    fprintf(stderr, "%s: %s\n", w->mailbox, mla_error_text(read < 0 ? read : rc));
    return -1;
}

void watch_end(struct watch *w)
{
    mla_imap_free(w->imap);
    w->imap = NULL;
    w->ss = NULL;
}
