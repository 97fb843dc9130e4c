/* toy.h - a small protocol of lines, to test what carries the real ones.
 *
 *   server: HELLO            the greeting
 *   client: any line         answered by "OK", "NO" or "BYE" (an OK after which the client closes)
 *   server: "* text"         data, at any time
 *   client: STARTTLS         the first command with MLA_SECURITY_STARTTLS */
#ifndef TOY_H
#define TOY_H

#include "api/session_api.h"

enum { TOY_OPEN_MAX = 16, TOY_TEXT = 512, TOY_TICKETS = 64 };

struct toy_event {
    uint64_t ticket;
    int done;
    int result;
    const mla_certificate_chain *question; /* NULL: it is none */
    char text[TOY_TEXT];
    size_t len;
};

struct toy {
    struct mla_session session;
    struct engine engine;
    struct pace_limits limits; /* the engine's */
    struct toy_event event;
    uint64_t open[TOY_OPEN_MAX]; /* in the order of their answers */
    size_t open_count;
    uint64_t last_ticket;
    uint64_t connect_ticket;
    int results[TOY_TICKETS];
    char over[TOY_TICKETS];
    uint32_t security;
    int greeted;
    int tls;      /* tls_up() was called */
    int verified; /* ... with this */
    int want_tls;
    int want_close;
    int eof;
    uint64_t octets; /* data octets of "*" lines */
};

/* 0 or an error; cfg NULL for the defaults. */
int toy_new(mla_config *cfg, struct toy **out);
void toy_free(struct toy *t);
/* Queues a line; secret: as a secret. */
int toy_send(struct toy *t, const char *line, int secret, uint64_t *out_ticket);
/* Steps until the ticket's DONE came out; its result, or what ended the wait. */
int toy_wait(struct toy *t, uint64_t ticket, int32_t timeout_ms);

#endif
