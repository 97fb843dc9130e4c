/* queue.h - which command may be sent now, and handing it over to the output. */
#ifndef MLA_IMAP_QUEUE_H
#define MLA_IMAP_QUEUE_H

#include "imap/cmd.h"

enum {
    QUEUE_FLIGHT_MAX = 20,  /* commands under way; some servers break at 50 */
    QUEUE_OUT_ROOM = 65536, /* octets handed over and not sent yet, above which none are added */
    QUEUE_OUT_LOW = 32768,  /* below which a message's next octets are asked for */
    QUEUE_SEND_MAX = 1024 * 1024 * 1024
};

struct imap_queue {
    struct imap_cmd *head; /* in the order of the wire: those under way first */
    struct imap_cmd *tail;
    size_t flight;  /* commands under way */
    uint32_t under; /* CMD_* of all of them */
    size_t failed;  /* commands that are CMD_FAILED */
    size_t held;    /* octets of arguments of all commands */
};

/* RFC 9051 section 5.5: may a command with the flags next be sent while one with the flags under is
 * not answered yet? */
int imap_queue_may_overlap(uint32_t under, uint32_t next);

/* Puts c at the end, or in front of all that were not begun. */
void imap_queue_add(struct imap_queue *q, struct imap_cmd *c);
void imap_queue_add_first(struct imap_queue *q, struct imap_cmd *c);
/* Takes c out, without freeing it. */
void imap_queue_remove(struct imap_queue *q, struct imap_cmd *c);
/* c, which was not begun, ends without being sent: DONE says error and why. */
void imap_queue_refuse(struct imap_engine *e, struct imap_cmd *c, int error, const char *why);
/* c is not under way any more but waits to be sent again, before all others. */
void imap_queue_again(struct imap_queue *q, struct imap_cmd *c);
/* The same, but behind all others. */
void imap_queue_later(struct imap_queue *q, struct imap_cmd *c);
struct imap_cmd *imap_queue_find(const struct imap_queue *q, uint64_t ticket);
struct imap_cmd *imap_queue_find_tag(const struct imap_queue *q, uint64_t tag);
/* The command under way whose tag the text is, or NULL. */
struct imap_cmd *imap_queue_by_text(const struct imap_engine *e, const mla_str *tag);
/* The oldest command under way that has one of the flags. */
struct imap_cmd *imap_queue_first(const struct imap_queue *q, uint32_t flags);
static inline struct imap_cmd *imap_queue_under_way(const struct imap_queue *q, uint32_t flags)
{
    return (q->under & flags) != 0 ? imap_queue_first(q, flags)
                                   : NULL; /* asked for each response */
}
/* 1 when nothing is to be sent and no refusal to be told: all that there are wait for answers. */
static inline int imap_queue_is_quiet(const struct imap_queue *q)
{
    return q->failed == 0 && (q->tail == NULL || q->tail->phase == CMD_SENT);
}
/* The oldest command under way that events of the kind answer. */
struct imap_cmd *imap_queue_answered(const struct imap_queue *q, int32_t kind);
/* The command that is being handed over, or NULL. */
struct imap_cmd *imap_queue_sending(const struct imap_queue *q);

/* Hands over as much as may be sent now. Commands that cannot be sent become CMD_FAILED. 0 or a
 * fatal error. */
int imap_queue_pump(struct imap_engine *e);
/* The server said "+" to the command that waits for it. 0 or a fatal error. */
int imap_queue_go(struct imap_engine *e, struct imap_cmd *c);
/* Sends a line in the middle of a command (SASL, DONE). 0 or a fatal error. */
int imap_queue_line(struct imap_engine *e, struct imap_cmd *c, mla_str line, int secret);
/* The state after all commands that are queued have succeeded. */
int imap_queue_predict(const struct imap_engine *e);
/* Checks the invariants (tests). */
int imap_queue_sane(const struct imap_engine *e);

#endif
