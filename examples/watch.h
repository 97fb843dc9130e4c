/* watch.h - what the loop_*.c examples have in common: a session that watches one mailbox. Nothing
 * in here knows of a loop. */
#ifndef WATCH_H
#define WATCH_H

#include <mailaccess/imap.h>
#include <mailaccess/mailaccess.h>

enum { WATCH_MOST = 16 };

struct watch {
    const char *mailbox;
    mla_imap *imap;
    mla_session *ss;
};

/* Reads HOST USER MAILBOX... and the environment: MAIL_PASSWORD; MAIL_PORT and MAIL_CA_FILE for
 * test servers. How many mailboxes, or 0 with a word about what is wrong. */
int watch_options(int argc, char **argv, mla_config **out_cfg);
/* Makes a session and says what it shall do: connect (TLS, port 993), log in, open the mailbox,
 * wait for news. Commands only queue, so all is said before the first octet is sent, and what
 * depends on what failed is not sent. 0 or -1. */
int watch_begin(struct watch *w, mla_config *cfg, char **argv, const char *mailbox);
/* Prints what has come. 0; or the error that ended the session or a command. */
int watch_read(struct watch *w);
/* One turn of the session: octets, time, news. 0; or -1: it is over. Then take its descriptor out
 * of the loop, and call watch_end(). */
int watch_turn(struct watch *w);
/* Ends it at once, whatever it is about: nothing waits, nothing is left. */
void watch_end(struct watch *w);

#endif
