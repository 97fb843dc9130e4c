/* cmd_idle.c - IDLE (RFC 2177, RFC 9051 section 6.3.13): renewed in time, and out of the way of
 * other commands. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/fail.h"

/* idle_stop of a command */
enum {
    STOP_NO = 0,
    STOP_WANTED = 1, /* DONE goes out as soon as the server idles */
    STOP_SENT = 2
};

static int idle_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    c->idling = 0;
    c->idle_stop = c->idle_over ? STOP_WANTED : STOP_NO;
    imap_enc_word(&c->enc, "IDLE");
    return 0;
}

static int stop(struct imap_engine *e, struct imap_cmd *c)
{
    const mla_str done = {"DONE", 4};

    if (c->idle_stop == STOP_SENT) /* once only (P33) */
        return 0;
    c->idle_stop = STOP_WANTED;
    if (!c->idling)
        return 0;
    c->idle_stop = STOP_SENT;
    return imap_queue_line(e, c, done, 0);
}

static int idle_plus(struct imap_engine *e, struct imap_cmd *c, mla_str text)
{
    (void)text;
    if (c->idling)
        return 0; /* said before: it asks for nothing new */
    c->idling = 1;
    c->idle_since_ms = e->port.now_ms;
    return c->idle_stop == STOP_WANTED ? stop(e, c) : 0;
}

/* It goes on behind what was waiting, unless the caller or the server has ended it. */
static int idle_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    if (d->error != 0 || c->idle_over || e->bye || c->idle_stop != STOP_SENT)
        return CMD_OVER;
    for (const struct imap_cmd *u = c->next; u != NULL; u = u->next)
        if (u->def->next_state == IMAP_STATE_LOGOUT)
            return CMD_OVER;
    return CMD_LATER;
}

static const struct imap_cmd_def def_idle = {
    .verb = "IDLE",
    .states = IN_AUTHENTICATED,
    .flags = CMD_ALONE | CMD_CAPS | CMD_IDLES,
    .capability = "IDLE",
    .encode = idle_encode,
    .plus = idle_plus,
    .done = idle_done,
};

int imap_cmd_idle(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_idle, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

int imap_cmd_idle_done(struct imap_engine *e, uint64_t ticket, mla_error *err)
{
    struct imap_cmd *c = ticket != 0 ? imap_queue_find(&e->queue, ticket) : NULL;

    if (c == NULL || c->def != &def_idle)
        return fail(err, MLA_E_ARG, "no such IDLE is under way");
    c->idle_over = 1;
    if (c->phase == CMD_QUEUED && c->tag != 0) { /* it was interrupted: the server knows of none */
        imap_queue_refuse(e, c, 0, "no longer idling");
        return 0;
    }
    return c->phase == CMD_SENT ? stop(e, c) : 0;
}

static struct imap_cmd *under_way(const struct imap_engine *e)
{
    return e->queue.flight == 1 ? imap_queue_under_way(&e->queue, CMD_IDLES) : NULL;
}

int imap_idle_give_way(struct imap_engine *e)
{
    struct imap_cmd *c = under_way(e);

    return c != NULL && c->phase == CMD_SENT && c->next != NULL ? stop(e, c) : 0;
}

int imap_idle_tick(struct imap_engine *e)
{
    struct imap_cmd *c = under_way(e);

    if (imap_idle_wake(e) > e->port.now_ms)
        return 0;
    return c != NULL ? stop(e, c) : imap_cmd_probe(e);
}

uint64_t imap_idle_wake(const struct imap_engine *e)
{
    const struct imap_cmd *c = under_way(e);
    uint64_t since;

    if (e->opts.idle_ms == 0 || e->port.error.code != 0 || e->phase != IMAP_PHASE_RUN)
        return UINT64_MAX;
    if (c != NULL && c->idling && c->idle_stop == STOP_NO)
        since = c->idle_since_ms;
    else if (e->notify_on && e->queue.head == NULL)
        since = e->port.pace.last_ms;
    else
        return UINT64_MAX;
    return since + e->opts.idle_ms;
}
