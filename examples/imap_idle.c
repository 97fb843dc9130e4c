/* imap_idle.c - waits for mail with IDLE, renewing it in time, until the given number of news came.
 *
 *     MAIL_PASSWORD=... imap_idle HOST USER MAILBOX [NEWS]
 *
 * TLS, port 993; MAIL_PORT and MAIL_CA_FILE in the environment are for test servers. Without NEWS
 * it goes on for ever. A blocking program: the timeout of step() is what renews IDLE. */
#include <mailaccess/mailaccess.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Servers may log out who is silent for half an hour (RFC 2177). */
enum { RENEW_MS = 25 * 60 * 1000 };

static int die(mla_imap *s, const char *what)
{
    mla_error err;

    mla_session_error(mla_imap_session(s), &err);
    fprintf(stderr, "imap_idle: %s: %s\n", what, err.message);
    mla_imap_free(s);
    return 1;
}

/* Steps until the ticket is over. */
static int finish(mla_imap *s, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = mla_imap_step(s, ticket, -1, &ev)) == 1)
        continue;
    return rc;
}

/* 1 when the event is news, which it prints. */
static int tell(const mla_imap_event *ev)
{
    switch (mla_imap_event_type(ev)) {
    case MLA_IMAP_EV_EXISTS:
        printf("%u messages\n", mla_imap_event_number(ev));
        break;
    case MLA_IMAP_EV_EXPUNGE:
        printf("message %u is gone\n", mla_imap_event_number(ev));
        break;
    case MLA_IMAP_EV_FETCH:
        printf("message %u has other flags\n", mla_imap_event_fetch(ev)->seq);
        break;
    default:
        return 0;
    }
    fflush(stdout);
    return 1;
}

/* Idles until `news` things happened; 0 means for ever. */
static int watch(mla_imap *s, unsigned long news)
{
    const mla_imap_event *ev;
    unsigned long count = 0;
    uint64_t idle;
    int rc;

    if (mla_imap_idle(s, &idle) != 0)
        return -1;
    for (;;) {
        rc = mla_imap_step(s, idle, RENEW_MS, &ev);
        if (rc == 1) {
            count += (unsigned long)tell(ev);
            if (news != 0 && count >= news)
                break;
        } else if (rc == MLA_E_TIMEOUT) { /* nothing for long: end it and begin anew */
            if (mla_imap_idle_done(s, idle) != 0 || finish(s, idle) != 0 ||
                mla_imap_idle(s, &idle) != 0)
                return -1;
        } else {
            return rc < 0 ? rc : -1;
        }
    }
    if (mla_imap_idle_done(s, idle) != 0)
        return -1;
    return finish(s, idle);
}

int main(int argc, char **argv)
{
    const char *port = getenv("MAIL_PORT"), *password = getenv("MAIL_PASSWORD");
    const char *ca = getenv("MAIL_CA_FILE");
    mla_connect_args to = {.struct_size = sizeof to};
    mla_credentials who = {.struct_size = sizeof who};
    mla_imap_select_args box = {.struct_size = sizeof box, .read_only = 1};
    mla_config *cfg;
    mla_error err;
    mla_imap *s;
    uint64_t t;

    if (argc < 4 || password == NULL) {
        fprintf(stderr, "usage: MAIL_PASSWORD=... imap_idle HOST USER MAILBOX [NEWS]\n");
        return 64;
    }
    if (mla_config_new(NULL, &cfg) != 0)
        return 1;
    if (ca != NULL && mla_config_add_ca_file(cfg, ca, &err) != 0) {
        fprintf(stderr, "imap_idle: %s\n", err.message);
        return 1;
    }
    if (mla_imap_new(cfg, &s, NULL) != 0)
        return 1;
    mla_config_free(cfg); /* the session holds a reference of its own */
    to.host = argv[1];
    to.port = port != NULL ? (uint32_t)strtoul(port, NULL, 10) : 0;
    who.user = argv[2];
    who.password = password;
    who.password_len = strlen(password);
    box.mailbox = argv[3];
    if (mla_session_connect(mla_imap_session(s), &to, &t) != 0 ||
        mla_imap_authenticate(s, &who, &t) != 0 || mla_imap_select(s, &box, &t) != 0 ||
        finish(s, t) != 0)
        return die(s, "cannot open the mailbox");
    printf("%s is open\n", argv[3]);
    fflush(stdout);
    if (watch(s, argc > 4 ? strtoul(argv[4], NULL, 10) : 0) != 0)
        return die(s, "cannot go on");
    if (mla_imap_logout(s, &t) != 0 || finish(s, t) != 0)
        return die(s, "cannot log out");
    mla_imap_free(s);
    return 0;
}
