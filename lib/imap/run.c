/* run.c - see run.h */
#include "imap/run.h"

#include "imap/resp_read.h"

/* Has the last event left nothing behind, and is nothing due? What imap_engine_next() and
 * imap_read() ask one after the other. */
static inline int goes_on(const struct imap_engine *e)
{
    return e->work != NULL && e->has_event && e->ev.type == MLA_IMAP_EV_FETCH &&
           e->phase == IMAP_PHASE_RUN &&
           (e->broken | e->warn | e->setup_due | e->connect_open | e->assembly_used |
            e->in_section | e->discards | e->framed | e->work->batch.kind) == 0 &&
           e->work->frame.at == 0 && e->work->assembly.len == 0 && e->work->cuts.len == 0 &&
           e->box.name != NULL && (e->caps.enabled & IMAP_ENABLED_UIDONLY) == 0 &&
           imap_queue_is_quiet(&e->queue);
}

/* The first command that waits for its answers, when this message is what it asked for; NULL: who
 * asked for it has to be looked for. */
static inline struct imap_cmd *who_asked(const struct imap_engine *e, uint32_t seq, uint32_t uid)
{
    struct imap_cmd *c = e->queue.head;

    if (c == NULL || (c->flags & CMD_FETCHES) == 0)
        return NULL;
    if ((c->flags & CMD_SEQS) == 0 && c->set.count != 0 &&
        imap_set_has_at(&c->set, c->asked_at, uid)) /* as imap_cmd_asked() begins */
        return c;
    return imap_cmd_asked(e, c, seq, uid) ? c : NULL;
}

int imap_run_next(struct imap_engine *e)
{
    struct mla_imap_event *ev = &e->ev;
    struct inbuf *in = &e->port.in;
    const uint8_t *line = inbuf_data(in);
    const mla_imap_fetch *f;
    struct imap_cmd *c;
    size_t n = inbuf_len(in);

    if (n == 0 || !goes_on(e))
        return 0;
    n = literal_line(&e->work->frame, line, n < IMAP_BATCH ? n : IMAP_BATCH);
    if (n == 0)
        return 0;
    arena_reset(&ev->arena);
    /* the options are those of the last answer: what they depend on changes by other answers */
    if (!imap_resp_fetch(line, n, &e->work->resp_opts, ev))
        return 0;
    f = ev->fetch;
    if ((f->fields & (MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_SECTIONS)) != MLA_IMAP_ITEM_UID)
        return 0;
    c = who_asked(e, f->seq, f->uid);
    if (c == NULL || imap_state_fetch(&e->box, f) != 0)
        return 0;
    e->response_at = in->taken;
    ev->ticket = c->ticket;
    ev->raw.ptr = line;
    ev->raw.len = n;
    ev->raw.offset = in->taken;
    inbuf_take(in, n);
    in->lent = 1;
    pace_answered(&e->port.pace, e->port.now_ms, e->port.pace.due);
    return 1;
}
