/* connect.h - from a URL and the options to a session that is logged in, and its errors. */
#ifndef CONNECT_H
#define CONNECT_H

#include <mailaccess/imap.h>
#include <mailaccess/mailaccess.h>
#include <mailaccess/pop3.h>

#include <stdio.h>
#include <sys/types.h>

#include "cli.h"
#include "trace.h"
#include "url.h"

struct conn {
    struct cli *cli;
    struct url url;
    mla_config *cfg;
    mla_imap *imap; /* one of the two */
    mla_pop3 *pop3;
    mla_session *ss;     /* of either */
    mla_imap_keep *keep; /* or this */
    struct trace trace;
    uint32_t security; /* MLA_SECURITY_* */
    int logged_in;
    pid_t tunnel; /* 0: none */
    char greeting[256];
    char said[512];  /* the server's words with its last NO, BAD, -ERR or BYE; made visible */
    uint32_t reason; /* MLA_REASON_* of the last command that failed */
    uint32_t wait_ms;
    uint64_t selecting; /* SELECT whose answer was not waited for yet; 0: none */
    const char *box;    /* ... its mailbox */
    int is_unselected;  /* ... could not be selected */
    int is_given_up;    /* no QUIT: a server may then delete what it gave out (RFC 2449 section 6.7,
                           EXPIRE 0), and it is not safe here */
};

enum {
    CONN_ANY = 0,
    CONN_IMAP = 1,         /* the command is for IMAP alone */
    CONN_MAILBOX = 2,      /* an IMAP URL must name a mailbox */
    CONN_USER_OPTIONAL = 4 /* without a user in the URL, connect and do not log in */
};

/* Connects and logs in to the URL that is the command's first argument. 0, or an exit status after
 * a line on stderr; conn_close() is due in both cases. */
int conn_open(struct conn *k, struct cli *c, unsigned flags);
/* 1 when the options leave it to the library to connect, so that it can do that again. */
int conn_can_keep(const struct cli *c);
/* A keeper for the URL's mailbox, which begins to connect with the first step, and with what is in
 * the file that --state names. As conn_open(). */
int conn_keep(struct conn *k, struct cli *c);
/* Its mailbox, as such a file names it. */
void conn_keep_name(const struct conn *k, char *out, size_t size);
/* As mla_imap_keep_step(), but waits at most as long as the command may last. */
int conn_keep_step(struct conn *k, int32_t wait_ms, const mla_imap_keep_event **out_ev);
/* Leaves in order where that is possible, within a few seconds, and frees everything. */
void conn_close(struct conn *k);

/* As mla_imap_step() and mla_pop3_step(), but waits as long as the command may last, and keeps what
 * the server says when it refuses. 1: an event. 0: the ticket ended well. Else its error. */
int conn_imap_step(struct conn *k, uint64_t ticket, const mla_imap_event **out_ev);
int conn_pop3_step(struct conn *k, uint64_t ticket, const mla_pop3_event **out_ev);
/* The same for a collector over the handle. */
int conn_collect_step(struct conn *k, mla_collect *c, const mla_collect_event **out_ev);
/* Steps to the end of the ticket. */
int conn_imap_finish(struct conn *k, uint64_t ticket);
int conn_pop3_finish(struct conn *k, uint64_t ticket);

/* Keeps the words of a refusal for conn_fail(). */
void conn_note(struct conn *k, const char *text, size_t len, int is_tls);

/* Says "mailaccess: WHAT: WHY (the server's words)" and returns the exit status for rc. */
int conn_fail(struct conn *k, int rc, const char *what, ...) __attribute__((format(printf, 3, 4)));

/* SELECT or EXAMINE. The name is UTF-8, or raw as LIST gave it. 0 or an exit status. */
int conn_select(struct conn *k, const char *mailbox, const mla_str *raw, int read_only);
/* The same without waiting for the answer, so that a command that only reads goes out with it: the
 * next conn_imap_step() waits, and where it fails conn_fail() says that it was this that failed.
 * Nothing is known of the mailbox before that. The name must live as long. */
int conn_select_ahead(struct conn *k, const char *mailbox, int read_only);

/* For the signal handler: ends the wait of the open session, if there is one. */
void connect_interrupt(void);

#endif
