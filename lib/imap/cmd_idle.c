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
    imap_enc_word(c->enc, "IDLE");
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
    mem_free(e->port.mem, c->message); /* it lives for days */
    c->message = NULL;
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
        c->fixed = "IDLE: no longer idling";
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

/* What is asked now has to be answered soon: who idles notices a dead connection in no other way.
 */
static void probe_begins(struct imap_engine *e)
{
    uint64_t now = e->port.now_ms;
    uint64_t last = e->port.pace.last_ms;

    e->probing = e->opts->probe_ms != 0;
    e->probe_at_ms = now;
    e->probe_silent_ms = last < now ? now - last : 0;
    e->probe_octets = inbuf_received(&e->port.in);
}

static int probe_failed(struct imap_engine *e)
{
    mla_error err = {0};

    fail(&err, MLA_E_DEADLINE,
         "the connection is dead: %llu s of silence, and no answer within %llu s when asked "
         "whether the server is there",
         (unsigned long long)(e->probe_silent_ms / 1000),
         (unsigned long long)(e->opts->probe_ms / 1000));
    return imap_engine_fatal(e, MLA_E_DEADLINE, err.message);
}

int imap_idle_probe(struct imap_engine *e)
{
    struct imap_cmd *c = under_way(e);

    if (e->port.dead != 0 || e->phase != IMAP_PHASE_RUN || e->probing)
        return 0;
    if (c != NULL && c->idling && c->idle_stop == STOP_NO) {
        probe_begins(e);
        return stop(e, c);
    }
    if (e->queue.head != NULL) /* an answer is due anyhow */
        return 0;
    probe_begins(e);
    return imap_cmd_probe(e);
}

int imap_idle_tick(struct imap_engine *e)
{
    struct imap_cmd *c = under_way(e);

    if (e->probing && inbuf_received(&e->port.in) != e->probe_octets)
        e->probing = 0;
    if (imap_idle_wake(e) > e->port.now_ms)
        return 0;
    if (e->probing)
        return probe_failed(e);
    probe_begins(e);
    return c != NULL ? stop(e, c) : imap_cmd_probe(e);
}

static uint64_t later(uint64_t since, uint64_t ms)
{
    return ms != 0 ? since + ms : UINT64_MAX;
}

uint64_t imap_idle_wake(const struct imap_engine *e)
{
    const struct imap_cmd *c = under_way(e);
    uint64_t last = e->port.pace.last_ms;
    uint64_t renew;
    uint64_t quiet;

    if (e->port.dead != 0 || e->phase != IMAP_PHASE_RUN)
        return UINT64_MAX;
    if (e->probing && inbuf_received(&e->port.in) == e->probe_octets)
        return e->probe_at_ms + e->opts->probe_ms;
    if (c != NULL && c->idling && c->idle_stop == STOP_NO) {
        renew = later(c->idle_since_ms, e->opts->idle_ms);
        quiet = later(last > c->idle_since_ms ? last : c->idle_since_ms, e->opts->quiet_ms);
    } else if (e->notify_on && e->queue.head == NULL) {
        renew = later(last, e->opts->idle_ms);
        quiet = later(last, e->opts->quiet_ms);
    } else {
        return UINT64_MAX;
    }
    return renew < quiet ? renew : quiet;
}
