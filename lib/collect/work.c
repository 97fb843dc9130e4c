/* work.c - commands to the engine and their answers: see inside.h */
#include "collect/inside.h"

#include "base/fail.h"

#include <string.h>

/* --- sending --- */

int collect_send(struct collect *c, uint32_t kind, uint32_t number)
{
    const struct mail *m = kind == OP_FETCH ? drop_find(&c->drop, number) : NULL;
    int top = m != NULL && (m->flags & MLA_COLLECT_TOP) != 0;
    struct op *op = &c->op[(c->op_first + c->op_count) % COLLECT_WINDOW];
    mla_error err = {0};
    uint32_t lines = 0;
    uint32_t id = 0;
    int rc;

    if (c->op_count == COLLECT_WINDOW)
        return 0;
    switch (kind) {
    case OP_UIDL:
        id = MLA_POP3_CMD_UIDL;
        break;
    case OP_LIST:
        id = MLA_POP3_CMD_LIST;
        break;
    case OP_PROBE:
        id = MLA_POP3_CMD_TOP;
        break;
    case OP_FETCH:
        id = top ? MLA_POP3_CMD_TOP : MLA_POP3_CMD_RETR;
        lines = c->args.top_lines;
        break;
    case OP_DELE:
        id = MLA_POP3_CMD_DELE;
        break;
    default:
        id = MLA_POP3_CMD_QUIT;
        break;
    }
    rc = pop3_engine_command(c->engine, id, number, lines, &op->ticket, &err);
    if (rc == MLA_E_LIMIT && c->op_count != 0)
        return 0;
    if (rc == 0) {
        op->kind = kind;
        op->number = number;
        c->op_count++;
        c->fetching += kind == OP_FETCH || kind == OP_PROBE;
        return 1;
    }
    /* The engine tells a fatal error when it gives no more events. */
    return fail_is_fatal(rc) && rc != MLA_E_NOMEM ? 0 : collect_fail(c, rc, "%s", err.message);
}

/* The next command that is due: 1, 0 when there is none. */
static int next_due(struct collect *c, struct fifo **out_queue, uint32_t *out_kind)
{
    if (c->deles.count != 0) {
        *out_queue = &c->deles;
        *out_kind = OP_DELE;
    } else if (c->probes.count != 0) {
        *out_queue = &c->probes;
        *out_kind = OP_PROBE;
    } else {
        *out_queue = &c->fetches;
        *out_kind = OP_FETCH;
    }
    return (*out_queue)->count != 0;
}

int collect_pump(struct collect *c)
{
    int pipelined = pop3_engine_has_capability(c->engine, "PIPELINING", NULL);
    uint32_t most = pipelined ? COLLECT_WINDOW : COLLECT_FEW;
    struct fifo *queue;
    uint32_t kind;

    while (c->phase == PHASE_WORK && c->op_count < most && next_due(c, &queue, &kind)) {
        const struct mail *m = &c->drop.mail[fifo_peek(queue)];
        int rc = collect_send(c, kind, m->number);

        if (rc != 1)
            return rc;
        fifo_pop(queue);
    }
    return 0;
}

int collect_has_all(const struct collect *c)
{
    return c->fetching == 0 && c->held == NULL && c->asked == 0 && c->probes.count == 0 &&
           c->fetches.count == 0 && c->told.count == 0;
}

void collect_delete(struct collect *c, struct mail *m)
{
    m->flags |= MAIL_LEAVES;
    fifo_push(&c->deles, collect_index(c, m));
}

/* --- listings --- */

static int add_items(struct collect *c, const struct mla_pop3_event *ev)
{
    for (uint32_t i = 0; i < ev->item_count; i++) {
        int rc = drop_add(&c->drop, &ev->items[i]);

        if (rc != 0)
            return collect_fail(c, rc, "%s",
                                rc == MLA_E_FLOOD ? "the server lists more messages than can be"
                                                  : "out of memory for the listing");
    }
    return 0;
}

static int end_uidl(struct collect *c, const mla_pop3_done *done)
{
    if (done->error == MLA_E_UNSUPPORTED)
        c->no_uidl = 1;
    else if (done->error != 0 && !fail_is_fatal(done->error))
        c->uidl_error = done->error;
    return 0;
}

/* Without UIDLs that the server has at other times every message would be taken for new. */
static int end_list(struct collect *c, const mla_pop3_done *done)
{
    if (fail_is_fatal(done->error))
        return 0;
    if (c->uidl_error != 0 && c->drop.count != 0)
        return collect_fail(c, c->uidl_error, "the server refuses UIDL, which it announces");
    /* where UIDL said that there are no messages, that will do */
    if (done->error != 0 && c->drop.count == 0 && (c->no_uidl || c->uidl_error != 0))
        return collect_fail(c, done->error, "the server lists no messages: %.*s",
                            (int)(done->text.len < 120 ? done->text.len : 120), done->text.ptr);
    if (collect_plan(c) != 0)
        return c->error.code;
    c->phase = PHASE_WORK;
    return 0;
}

/* --- messages --- */

/* The message that the command is about, and a digest of it under way. NULL: fatal. */
static struct mail *coming(struct collect *c, const struct op *op)
{
    struct mail *m = drop_find(&c->drop, op->number);
    int rc;

    if (c->digest_of == op->ticket)
        return m;
    digest_drop(&c->digest);
    rc = digest_begin(&c->digest, m->known_by == MLA_COLLECT_BY_WHOLE);
    if (rc != 0) {
        collect_fail(c, rc, "%s", fail_text(rc));
        return NULL;
    }
    c->digest_of = op->ticket;
    return m;
}

/* BEGIN is told; ev is told next. */
static int begin(struct collect *c, struct mail *m, const struct mla_pop3_event *ev)
{
    m->state = AT_COMING;
    m->octets = 0;
    c->held = ev;
    return collect_tell(c, MLA_COLLECT_EV_BEGIN, m);
}

static int on_chunk(struct collect *c, const struct op *op, const struct mla_pop3_event *ev)
{
    struct mail *m = coming(c, op);

    if (m == NULL)
        return 0;
    if (m->state == AT_FRESH)
        return begin(c, m, ev);
    digest_add(&c->digest, ev->chunk, ev->chunk_len);
    if (op->kind == OP_PROBE)
        return 0;
    m->octets += ev->chunk_len;
    c->sum.octets += ev->chunk_len;
    collect_tell(c, MLA_COLLECT_EV_CHUNK, m);
    c->ev.chunk = ev->chunk;
    c->ev.chunk_len = ev->chunk_len;
    c->ev.chunk_offset = ev->chunk_offset;
    return 1;
}

static int end_probe(struct collect *c, struct mail *m, const mla_pop3_done *done)
{
    int rc;

    if (m == NULL || fail_is_fatal(done->error))
        return 0;
    if (done->error == 0) {
        rc = digest_end(&c->digest, m->header, NULL);
        if (rc != 0)
            return collect_fail(c, rc, "%s", fail_text(rc));
        m->flags |= MAIL_HEADER;
    } else {
        c->no_top |= done->error == MLA_E_UNSUPPORTED;
        m->flags |= MAIL_NO_PROBE;
    }
    return collect_probed(c, m);
}

static int tell_end(struct collect *c, struct mail *m, int error, mla_str text)
{
    collect_tell(c, MLA_COLLECT_EV_END, m);
    c->ev.message.error = error;
    c->ev.message.text = text;
    if ((m->flags & MLA_COLLECT_LEAVING) != 0)
        c->asked = collect_index(c, m) + 1;
    return 1;
}

static int end_whole(struct collect *c, struct mail *m)
{
    mla_str none = {NULL, 0};
    uint32_t notes = c->digest.has_notes ? MAIL_NOTES : 0;
    int rc = digest_end(&c->digest, m->header, m->whole);

    if (rc != 0)
        return collect_fail(c, rc, "%s", fail_text(rc)), 0;
    m->flags |= MAIL_HEADER | MAIL_ENDED | notes;
    m->state = AT_WHOLE;
    if (collect_compare(c, m) != 0)
        return 0;
    if ((m->flags & MLA_COLLECT_SAME) != 0) {
        m->state = AT_KNOWN;
        c->sum.same++;
    } else {
        c->sum.fetched++;
    }
    tell_end(c, m, 0, none);
    return (m->flags & MLA_COLLECT_SAME) != 0 && collect_add_note(c, m) != 0 ? 0 : 1;
}

static int end_fetch(struct collect *c, const struct op *op, const struct mla_pop3_event *ev)
{
    const mla_pop3_done *done = &ev->done;
    struct mail *m = coming(c, op);

    if (m == NULL || (m->state == AT_FRESH && fail_is_fatal(done->error)))
        return 0;
    if (m->state == AT_FRESH && done->error == MLA_E_UNSUPPORTED) { /* no TOP: it is too large */
        c->no_top = 1;
        m->state = AT_LARGE;
        m->reason = MLA_COLLECT_SKIP_TOO_LARGE;
        m->flags &= ~(uint32_t)MLA_COLLECT_TOP;
        fifo_push(&c->told, collect_index(c, m));
        return 0;
    }
    if (m->state == AT_FRESH) {
        /* it comes back here once BEGIN was told */
        c->op_first = (c->op_first + COLLECT_WINDOW - 1) % COLLECT_WINDOW;
        c->op_count++;
        c->fetching++;
        return begin(c, m, ev);
    }
    if (done->error == 0)
        return end_whole(c, m);
    m->state = AT_FAILED;
    c->sum.failed++;
    return tell_end(c, m, done->error, done->text);
}

static int end_dele(struct collect *c, const struct op *op, const mla_pop3_done *done)
{
    struct mail *m = drop_find(&c->drop, op->number);

    if (done->error == 0) {
        m->flags |= MAIL_DOOMED;
        return 0;
    }
    if (fail_is_fatal(done->error))
        return 0;
    c->sum.failed++;
    m->flags &= ~(uint32_t)MAIL_LEAVES;
    if (c->phase == PHASE_QUIT && collect_doubt(c, m, 0) < 0)
        return 0;
    return collect_warn(c, MLA_COLLECT_WARN_REFUSED, op->number, done->text);
}

/* --- answers --- */

static int on_done(struct collect *c, const struct op *asked, const struct mla_pop3_event *ev)
{
    struct op op = *asked;

    c->op_first = (c->op_first + 1) % COLLECT_WINDOW;
    c->op_count--;
    c->fetching -= op.kind == OP_FETCH || op.kind == OP_PROBE;
    switch (op.kind) {
    case OP_UIDL:
        end_uidl(c, &ev->done);
        return 0;
    case OP_LIST:
        end_list(c, &ev->done);
        return 0;
    case OP_PROBE:
        end_probe(c, coming(c, &op), &ev->done);
        return 0;
    case OP_FETCH:
        return end_fetch(c, &op, ev);
    case OP_DELE:
        return end_dele(c, &op, &ev->done);
    default:
        collect_left(c, &ev->done);
        return 0;
    }
}

int collect_answer(struct collect *c, const struct mla_pop3_event *ev)
{
    const struct op *op = &c->op[c->op_first];

    c->held = NULL;
    /* Answers come in the order of the commands; one that is nobody's was the caller's own. */
    if (c->op_count == 0 || op->ticket != ev->ticket || c->error.code != 0)
        return 0;
    switch (ev->type) {
    case MLA_POP3_EV_ITEM:
        add_items(c, ev);
        return 0;
    case MLA_POP3_EV_WARNING:
        return collect_warn(c, MLA_COLLECT_WARN_LINE, 0, ev->warning.raw);
    case MLA_POP3_EV_CHUNK:
        return on_chunk(c, op, ev);
    case MLA_POP3_EV_DONE:
        return on_done(c, op, ev);
    default:
        return 0;
    }
}
