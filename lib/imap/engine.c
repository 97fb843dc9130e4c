/* engine.c - see engine.h */
#include "imap/engine.h"

#include "base/fail.h"
#include "codec/crypt.h"
#include "imap/answer.h"
#include "imap/run.h"
#include "sasl/choose.h"

#include <stdio.h>
#include <string.h>

int imap_engine_fatal(struct imap_engine *e, int code, const char *why)
{
    mla_error err = {0};

    fail(&err, code, "%s", why);
    err.domain = MLA_DOMAIN_IMAP;
    e->broken = 1;
    return engine_dead(&e->port, &err);
}

/* --- the port --- */

static struct imap_engine *self(struct engine *port)
{
    return (struct imap_engine *)(void *)port;
}

static int on_connected(struct engine *port)
{
    struct imap_engine *e = self(port);

    if (e->phase != IMAP_PHASE_NEW)
        return imap_engine_fatal(e, MLA_E_INTERNAL, "connected twice");
    if (e->security == IMAP_SECURITY_TLS && !e->tls)
        return imap_engine_fatal(e, MLA_E_INSECURE, "there is no TLS");
    e->phase = IMAP_PHASE_GREETING;
    pace_expect(&port->pace, port->now_ms);
    return 0;
}

/* What is in the buffer is still to be read: next() ends the session behind it. */
static int on_eof(struct engine *port, int clean)
{
    self(port)->eof = clean ? 1 : -1;
    return 0;
}

static uint32_t on_wants(const struct engine *port)
{
    const struct imap_engine *e = (const struct imap_engine *)(const void *)port;

    if (port->dead == 0 && e->phase == IMAP_PHASE_COMPRESS)
        return ENGINE_COMPRESS; /* at the end as well: its octets may be there already */
    if (port->dead != 0 || e->phase == IMAP_PHASE_OVER || e->eof)
        return ENGINE_CLOSE;
    if (e->phase == IMAP_PHASE_TLS)
        return ENGINE_TLS;
    return e->layer_due ? ENGINE_READ | ENGINE_LAYER : ENGINE_READ;
}

static int on_tls_up(struct engine *port, const struct engine_tls *facts)
{
    struct imap_engine *e = self(port);

    e->tls = 1;
    e->verified = facts != NULL && facts->verified;
    memset(&e->bindings, 0, sizeof e->bindings);
    if (facts != NULL) { /* servers know the exporter for TLS 1.3, "unique" before it */
        sasl_bindings_add(&e->bindings, "tls-exporter", facts->exporter, facts->exporter_len);
        sasl_bindings_add(&e->bindings, "tls-unique", facts->unique, facts->unique_len);
        sasl_bindings_add(&e->bindings, "tls-server-end-point", facts->end_point,
                          facts->end_point_len);
    }
    sasl_bindings_known(&e->bindings, (mla_str){NULL, 0}, &e->is_cyrus);
    if (e->phase == IMAP_PHASE_NEW)
        return 0;
    if (e->phase != IMAP_PHASE_TLS)
        return imap_engine_fatal(e, MLA_E_INTERNAL, "TLS was not asked for");
    if (inbuf_len(&port->in) != 0) /* T07 */
        return imap_engine_fatal(e, MLA_E_PROTOCOL,
                                 "octets were injected in clear before TLS began");
    imap_caps_clear(&e->caps); /* T09 */
    imap_state_clear(&e->box); /* T08 */
    e->bye = 0;
    if (e->work != NULL)
        e->work->bye_text[0] = '\0';
    memset(&e->said, 0, sizeof e->said);
    e->phase = IMAP_PHASE_RUN;
    e->state = IMAP_STATE_NOT_AUTHENTICATED;
    e->connect_done = 1;
    pace_answered(&port->pace, port->now_ms, 0);
    return 0;
}

static int on_compress_up(struct engine *port)
{
    struct imap_engine *e = self(port);

    if (e->phase != IMAP_PHASE_COMPRESS)
        return imap_engine_fatal(e, MLA_E_INTERNAL, "compression was not asked for");
    e->phase = IMAP_PHASE_RUN;
    e->compressed = 1;
    return imap_queue_pump(e); /* what has waited goes out in the same turn */
}

static int on_errand_done(struct engine *port)
{
    return imap_auth_errand_done(self(port));
}

static void set_pace(struct imap_engine *e);

static int on_tick(struct engine *port)
{
    struct imap_engine *e = self(port);
    int rc = imap_auth_tick(e);

    if (rc == 0)
        rc = imap_idle_tick(e);
    if (port->wake_ms <= port->now_ms)
        set_pace(e);
    return rc;
}

int imap_engine_wake(struct imap_engine *e)
{
    const struct mem *mem = e->port.mem;
    struct imap_work *w = mem_zero(mem, sizeof *w);

    if (w == NULL)
        return MLA_E_NOMEM;
    literal_init(&w->frame, e->opts->response_max, LITERAL_LF);
    buf_init(&w->assembly, mem, e->opts->response_max);
    buf_init(&w->cuts, mem, e->opts->response_max);
    w->resp_opts.depth_max = e->opts->depth_max;
    w->resp_opts.words_max = e->opts->words_max;
    w->resp_opts.flagtexts = &w->flagtexts;
    e->work = w;
    return 0;
}

static void work_free(struct imap_engine *e)
{
    if (e->work == NULL)
        return;
    buf_free(&e->work->assembly);
    buf_free(&e->work->cuts);
    mem_free(e->port.mem, e->work);
    e->work = NULL;
}

/* All that was received is read, so none of this holds anything but room. */
static void on_rest(struct engine *port)
{
    struct imap_engine *e = self(port);
    const struct imap_work *w = e->work;

    if (e->has_event || e->bye || e->warn != 0 || e->in_section || e->framed ||
        (w != NULL && (w->frame.at != 0 || w->assembly.len != 0 || w->batch.kind != 0)))
        return;
    work_free(e);
    mem_free(port->mem, e->done_text);
    e->done_text = NULL;
    arena_free(&e->ev.arena);
    flagbook_rest(&e->box.flags);
}

static const struct engine_ops ops = {on_connected,   on_eof,  on_wants, on_tls_up,
                                      on_compress_up, on_tick, on_rest,  on_errand_done};

/* --- life --- */

static int make_prefix(struct imap_engine *e)
{
    uint8_t random[4];
    size_t n = e->opts->tag_prefix != NULL ? strlen(e->opts->tag_prefix) : sizeof random;

    if (n >= sizeof e->tag_prefix)
        return MLA_E_INTERNAL;
    if (e->opts->tag_prefix != NULL) {
        memcpy(e->tag_prefix, e->opts->tag_prefix, n);
        return 0;
    }
    if (crypt_random(random, sizeof random) != 0)
        return MLA_E_INTERNAL;
    for (size_t i = 0; i < n; i++) /* letters: some servers want no digit in front */
        e->tag_prefix[i] = (char)('A' + random[i] % 26);
    return 0;
}

int imap_engine_init(struct imap_engine *e, const struct mem *mem, const struct imap_opts *opts)
{
    const size_t slack = opts->in_first;

    memset(e, 0, sizeof *e);
    e->opts = opts;
    if (make_prefix(e) != 0)
        return MLA_E_INTERNAL;
    engine_init(&e->port, &ops, mem, opts->in_first, opts->response_max + slack,
                opts->queue_max * 2 + QUEUE_OUT_ROOM + 65536, &opts->pace);
    arena_init(&e->ev.arena, mem, opts->event_max);
    imap_caps_init(&e->caps, mem);
    imap_state_init(&e->box, mem);
    e->caps.shared = e->box.shared = opts->shared;
    e->failures = e->first_failures;
    e->failure_room = IMAP_FAILURES_FIRST;
    e->next_ticket = 1;
    e->next_tag = 1;
    e->auth_name = "";
    return 0;
}

void imap_engine_free(struct imap_engine *e)
{
    while (e->queue.head != NULL) {
        struct imap_cmd *c = e->queue.head;

        imap_queue_remove(&e->queue, c);
        imap_cmd_free(e, c);
    }
    imap_caps_clear(&e->caps);
    imap_state_clear(&e->box);
    if (e->token != NULL)
        sasl_token_free(e->token);
    mem_free(e->port.mem, e->token);
    mem_free(e->port.mem, e->box.contexts.items);
    arena_free(&e->ev.arena);
    work_free(e);
    mem_free(e->port.mem, e->done_text);
    if (e->failures != e->first_failures)
        mem_free(e->port.mem, e->failures);
    engine_free(&e->port);
}

int imap_engine_start(struct imap_engine *e, uint32_t security, const char *host, uint32_t port,
                      uint64_t *out_ticket)
{
    if (e->connect_ticket != 0)
        return MLA_E_STATE;
    e->security = security;
    e->host = host;
    e->port_number = port;
    e->connect_ticket = e->next_ticket++;
    e->connect_open = 1;
    *out_ticket = e->connect_ticket;
    return 0;
}

/* The number of the command that is to be answered next, 0: none. */
static uint64_t under_way(const struct imap_engine *e)
{
    const struct imap_cmd *c = e->queue.head;

    return c != NULL && (c->phase == CMD_SENT || c->phase == CMD_SENDING) ? c->tag : 0;
}

/* Is an answer due, and is it the server that we wait for? */
static void set_pace(struct imap_engine *e)
{
    struct pace *p = &e->port.pace;
    const struct imap_cmd *c;
    int due = e->phase == IMAP_PHASE_GREETING || e->port.out.held != 0;

    for (c = e->queue.head; c != NULL && !due; c = c->next)
        due =
            c->phase == CMD_SENT ? !c->idling || c->idle_stop : c->phase == CMD_SENDING && c->waits;
    if (!due || e->port.errand != NULL)
        pace_answered(p, e->port.now_ms, 0);
    else
        pace_expect(p, e->port.now_ms);
    pace_command(p, e->port.now_ms, due ? under_way(e) : 0);
    if (e->sent_seen != e->port.out.sent) /* a long upload is no silence of the server's */
        pace_pause(p, e->port.now_ms);
    e->sent_seen = e->port.out.sent;
    e->port.wake_ms = imap_auth_computes(e) ? 0 : imap_idle_wake(e);
}

int imap_engine_queue(struct imap_engine *e, struct imap_cmd *c, uint64_t *out_ticket,
                      mla_error *err)
{
    int state = imap_queue_predict(e);
    int rc = 0;

    if (e->port.dead != 0)
        rc = fail(err, e->port.dead, "%s", e->port.why.message);
    else if (e->connect_ticket == 0)
        rc = fail(err, MLA_E_STATE, "%s: the session was not connected", c->def->verb);
    else if (e->bye || e->eof)
        rc = fail(err, MLA_E_STATE, "%s: the server is closing the connection", c->def->verb);
    else if ((c->states & (1U << state)) == 0)
        rc = fail(err, MLA_E_STATE, "%s is not possible in this state", c->def->verb);
    else if (c->arena.used > e->opts->queue_max - e->queue.held)
        rc = fail(err, MLA_E_LIMIT, "%s: too much is waiting to be sent", c->def->verb);
    if (rc != 0) {
        imap_cmd_free(e, c);
        return rc;
    }
    c->ticket = e->next_ticket++;
    *out_ticket = c->ticket;
    imap_queue_add(&e->queue, c);
    imap_engine_go_on(e);
    return 0;
}

void imap_engine_go_on(struct imap_engine *e)
{
    imap_queue_pump(e); /* an error of it is told by next() */
    set_pace(e);
}

/* --- events --- */

static void release(struct imap_engine *e)
{
    arena_reset(&e->ev.arena);
    imap_event_clear(&e->ev);
    e->ev.raw.ptr = NULL;
    e->ev.raw.len = 0;
    e->port.in.lent = 0;
    e->has_event = 0;
    if (e->assembly_used) {
        buf_clear(&e->work->assembly);
        buf_clear(&e->work->cuts);
        e->assembly_used = 0;
    }
}

static int tell_done(struct imap_engine *e, uint64_t ticket, int error, const char *text)
{
    imap_answer_ended(e, ticket, error);
    imap_answer_done(e, ticket, error, text);
    return IMAP_READ_EVENT;
}

/* A command that was refused without asking the server. */
static int tell_failed(struct imap_engine *e, struct imap_cmd *c, const char *why)
{
    uint64_t ticket = c->ticket;
    int rc = IMAP_READ_ON;

    if (why == NULL && c->message != NULL) { /* it outlives the command, without a copy */
        mem_free(e->port.mem, e->done_text);
        e->done_text = c->message;
        c->message = NULL;
        mask_hide(&e->port.mask, e->done_text, strlen(e->done_text));
        why = e->done_text;
    }
    if (why == NULL)
        why = c->fixed != NULL ? c->fixed : fail_text(c->error);
    if (ticket != 0)
        rc = tell_done(e, ticket, c->error, why);
    imap_queue_remove(&e->queue, c);
    imap_cmd_free(e, c);
    return rc;
}

/* Nothing is due but what the server says: so it is most of the time. */
static int is_quiet(const struct imap_engine *e)
{
    return e->warn == 0 && !e->setup_due && !(e->connect_done && e->connect_open) &&
           imap_queue_is_quiet(&e->queue);
}

/* What is due before more is read: 1, 0 for nothing, or a fatal error. */
static int pending(struct imap_engine *e)
{
    imap_queue_pump(e);
    if (e->warn != 0) {
        int id = e->warn;

        e->warn = 0;
        e->ev.raw.ptr = e->warn_len != 0 ? e->work->warn_raw : NULL;
        e->ev.raw.len = e->warn_len;
        e->ev.raw.offset = e->warn_offset;
        return imap_answer_warn(e, id);
    }
    if (e->connect_done && e->connect_open) {
        e->connect_open = 0;
        return tell_done(e, e->connect_ticket, 0, "connected");
    }
    for (struct imap_cmd *c = e->queue.head; c != NULL; c = c->next) {
        if (c->phase == CMD_FAILED)
            return tell_failed(e, c, NULL);
        if (c->held == HELD_ASKS && e->port.dead == 0) {
            c->held = HELD_ASKED;
            e->ev.type = MLA_IMAP_EV_TOKEN;
            e->ev.ticket = c->ticket;
            e->ev.record = &e->token->info;
            e->ev_how = IMAP_EV_SYNTH;
            return IMAP_READ_EVENT;
        }
        if (c->in_body && c->body == NULL && !c->send_told && e->port.out.held < QUEUE_OUT_LOW &&
            e->port.dead == 0) {
            c->send_told = 1;
            e->ev.type = MLA_IMAP_EV_SEND;
            e->ev.ticket = c->ticket;
            e->ev_how = IMAP_EV_SYNTH;
            return IMAP_READ_EVENT;
        }
    }
    return 0;
}

/* The peer has closed and everything it sent was read. */
static void at_eof(struct imap_engine *e)
{
    const char *how = e->eof > 0 ? "the server closed the connection"
                                 : "the connection was cut off without a TLS end mark"; /* T34 */
    mla_error err = {0};

    if (e->bye && e->queue.head != NULL && e->queue.head->def == &imap_def_logout &&
        e->queue.head->phase == CMD_SENT) { /* T35; some servers leave out the OK */
        e->phase = IMAP_PHASE_OVER;
        e->state = IMAP_STATE_LOGOUT;
        return;
    }
    if (e->work != NULL && e->work->bye_text[0] != '\0')
        fail(&err, MLA_E_CLOSED, "%s: %s", how, e->work->bye_text);
    else
        fail(&err, MLA_E_CLOSED, "%s", how);
    imap_engine_fatal(e, MLA_E_CLOSED, err.message);
}

/* The session is dead or over: a DONE for each open ticket, then the error (0 when it ended in
 * order). */
static int ending(struct imap_engine *e)
{
    int error = e->port.dead;
    const char *why = error != 0 ? e->port.why.message : "the session is over";
    struct imap_cmd *c = e->queue.head;

    e->state = IMAP_STATE_LOGOUT;
    imap_state_clear(&e->box);
    e->selecting = NULL;
    if (e->connect_open) {
        e->connect_open = 0;
        return tell_done(e, e->connect_ticket, error, why);
    }
    if (c == NULL)
        return error;
    if (c->phase != CMD_FAILED) {
        c->error = error != 0 || c->def == &imap_def_logout ? error : MLA_E_STATE;
        /* The message is whole on its way and nobody knows whether it arrived (P31). */
        if (error != 0 && (c->flags & CMD_APPENDUID) != 0 && c->phase == CMD_SENT &&
            e->port.out.sent >= c->end)
            c->error = MLA_E_UNKNOWN_OUTCOME;
        return tell_failed(e, c, why);
    }
    return tell_failed(e, c, NULL);
}

static int tell(struct imap_engine *e, const struct mla_imap_event **out_ev)
{
    e->has_event = 1;
    *out_ev = &e->ev;
    if (e->ev.type != MLA_IMAP_EV_FETCH) /* it begins and ends nothing */
        set_pace(e);
    return 1;
}

/* Whatever may come. */
static int next(struct imap_engine *e, const struct mla_imap_event **out_ev)
{
    for (;;) {
        int rc;

        release(e);
        rc = is_quiet(e) ? 0 : pending(e);
        if (rc == 0)
            rc = imap_read(e);
        if (rc == IMAP_READ_EVENT)
            return tell(e, out_ev);
        if (rc < 0 || rc == IMAP_READ_ON)
            continue;
        if (e->port.dead == 0 && e->phase != IMAP_PHASE_OVER && e->phase != IMAP_PHASE_COMPRESS &&
            e->eof) {
            at_eof(e);
            continue;
        }
        if (e->port.dead != 0 || e->phase == IMAP_PHASE_OVER) {
            rc = ending(e);
            if (rc == IMAP_READ_EVENT)
                return tell(e, out_ev);
            if (rc == IMAP_READ_ON)
                continue;
            return rc;
        }
        set_pace(e);
        /* Only what came since the last time may count as the consumer's time. */
        if (!e->port.in.hungry && e->phase != IMAP_PHASE_NEW && e->phase != IMAP_PHASE_TLS &&
            e->phase != IMAP_PHASE_COMPRESS)
            engine_drained(&e->port, e->port.now_ms);
        return 0;
    }
}

int imap_engine_next(struct imap_engine *e, const struct mla_imap_event **out_ev)
{
    if (!imap_run_next(e))
        return next(e, out_ev);
    *out_ev = &e->ev;
    return 1;
}

void imap_engine_tell(struct imap_engine *e, int32_t type, uint64_t ticket, const void *record)
{
    release(e);
    e->ev.type = type;
    e->ev.ticket = ticket;
    e->ev.record = record;
    e->ev_how = IMAP_EV_SYNTH;
    e->has_event = 1;
}

/* --- tickets --- */

int imap_engine_result(const struct imap_engine *e, uint64_t ticket, int *out_result)
{
    if (ticket == 0 || ticket >= e->next_ticket)
        return MLA_E_ARG;
    if ((ticket == e->connect_ticket && e->connect_open) ||
        imap_queue_find(&e->queue, ticket) != NULL)
        return 0;
    for (size_t i = 0; i < e->failure_room; i++) {
        if (e->failures[i].ticket == ticket) {
            *out_result = e->failures[i].error;
            return 1;
        }
    }
    if (ticket <= e->known_from)
        return MLA_E_ARG;
    *out_result = 0;
    return 1;
}

int imap_engine_others(const struct imap_engine *e, uint64_t ticket)
{
    if (e->connect_open && e->connect_ticket != ticket)
        return 1;
    for (const struct imap_cmd *c = e->queue.head; c != NULL; c = c->next)
        if (c->ticket != 0 && c->ticket != ticket)
            return 1;
    return 0;
}
