/* cmd.h - POP3 commands: a table of what they are like, and the queue that they wait in. */
#ifndef MLA_POP3_CMD_H
#define MLA_POP3_CMD_H

#include "mailaccess/pop3_types.h"
#include "sasl/creds.h"
#include "wire/outq.h"

#include <stdint.h>

/* What an answer to a command looks like behind its status line. */
enum pop3_body {
    BODY_NONE = 0,
    BODY_CAPA,  /* lines of capabilities */
    BODY_ITEMS, /* lines of LIST or UIDL */
    BODY_DATA,  /* a message, or lines that the library does not know */
    BODY_LANGS  /* lines of LANG */
};

enum {
    ROW_AUTHORIZATION = 1, /* legal before the log-in */
    ROW_TRANSACTION = 2,   /* legal behind it */
    ROW_BARRIER = 4,       /* nothing else is under way together with it */
    ROW_NUMBER = 8,        /* has a message number */
    ROW_LIST = 16,         /* with a number it has no body, and the status line is the item */
    ROW_LINES = 32,        /* has a number of lines too */
    ROW_OPTIONAL = 64,     /* a server need not have it, and may not announce it */
    ROW_ANNOUNCED = 128    /* sent only where it is announced */
};

struct pop3_row {
    uint32_t id;      /* MLA_POP3_CMD_* */
    const char *verb; /* also its capability, where it is optional */
    uint32_t flags;
    enum pop3_body body;
};

const struct pop3_row *pop3_row_of(uint32_t id);

/* Where a command stands. */
enum { CMD_WAITING = 0, CMD_SENT, CMD_ENDED };

struct pop3_cmd {
    struct pop3_cmd *next;
    const struct pop3_row *row;
    uint64_t ticket;
    uint32_t number;
    uint32_t lines;
    enum pop3_body body;
    int hidden;       /* the library's own: nobody hears of it */
    char *arg;        /* LANG: the tag; OTHER: the whole line; NULL: none */
    char *capability; /* OTHER: that must be announced; NULL: none */
    int stage;
    int error;               /* CMD_ENDED: why it was never sent */
    const char *why;         /* the words for it */
    uint64_t wire_end;       /* CMD_SENT: an answer counts once outq.sent has come so far (P01) */
    size_t octets;           /* CMD_SENT: of it on the wire */
    size_t cost;             /* octets it takes in the queue */
    struct sasl_creds creds; /* AUTHENTICATE */
};

struct pop3_queue {
    const struct mem *mem;
    struct pop3_cmd *head;
    struct pop3_cmd *tail;
    size_t held; /* octets of all commands in it */
    size_t max;
};

void pop3_queue_init(struct pop3_queue *q, const struct mem *mem, size_t max);
/* A new command at the end: 0 and *out, MLA_E_LIMIT, MLA_E_NOMEM. creds may be NULL; they are taken
 * over and *creds is emptied, but only on success. */
int pop3_queue_push(struct pop3_queue *q, const struct pop3_row *row, struct sasl_creds *creds,
                    struct pop3_cmd **out);
/* A new command, hidden, in front of before, which is in the queue or NULL (at the end). It has the
 * limit of nothing: 0 and *out, MLA_E_NOMEM. */
int pop3_queue_insert(struct pop3_queue *q, const struct pop3_row *row, struct pop3_cmd *before,
                      struct pop3_cmd **out);
/* Gives it its words, copied; both may be NULL. 0, MLA_E_LIMIT, MLA_E_NOMEM. */
int pop3_queue_words(struct pop3_queue *q, struct pop3_cmd *cmd, const char *arg,
                     const char *capability);
/* Drops the last one, which was just pushed. */
void pop3_queue_drop(struct pop3_queue *q);
/* Drops the first one. */
void pop3_queue_pop(struct pop3_queue *q);
void pop3_queue_free(struct pop3_queue *q);

/* Writes a command without credentials: verb, numbers or words, CRLF. 0, MLA_E_NOMEM, MLA_E_LIMIT.
 */
/* 1 when the keyword of a line is one that the engine itself must know of. */
int pop3_cmd_is_known(const char *line, size_t len);
int pop3_cmd_write(const struct pop3_cmd *cmd, struct outq *out);

#endif
