/* event.c - taking an event out of the session: its octets are copied and parsed again. */
#include "imap/engine.h"

#include "base/num.h"
#include "mailaccess/token_types.h"

#include <string.h>

void imap_event_free(struct mla_imap_event *ev)
{
    struct mem mem;

    if (ev == NULL)
        return;
    mem = *ev->mem;
    arena_free(&ev->arena);
    mem_free(&mem, ev);
}

static int nomem(const struct arena *a)
{
    return a->over ? MLA_E_LIMIT : MLA_E_NOMEM;
}

static int copy_str(struct arena *a, mla_str *s)
{
    const char *p;

    if (s->ptr == NULL)
        return 0;
    p = arena_dup(a, s->ptr, s->len);
    s->ptr = p;
    return p != NULL ? 0 : nomem(a);
}

static int copy_token(struct mla_imap_event *to, const mla_token_info *from)
{
    mla_token_info *i = arena_alloc(&to->arena, sizeof *i);
    int rc;

    if (i == NULL)
        return nomem(&to->arena);
    *i = *from;
    rc = copy_str(&to->arena, &i->json);
    if (rc == 0)
        rc = copy_str(&to->arena, &i->status);
    if (rc == 0)
        rc = copy_str(&to->arena, &i->scope);
    if (rc == 0)
        rc = copy_str(&to->arena, &i->configuration);
    to->record = i;
    return rc;
}

/* What the engine made itself: DONE without an answer, a warning, SEND. */
static int copy_synth(struct mla_imap_event *to, const struct mla_imap_event *from)
{
    int rc = 0;

    to->type = from->type;
    if (from->done != NULL) {
        mla_imap_done *d = arena_alloc(&to->arena, sizeof *d);

        if (d == NULL)
            return nomem(&to->arena);
        *d = *from->done;
        rc = copy_str(&to->arena, &d->text);
        to->done = d;
    }
    if (rc == 0 && from->warning != NULL) {
        mla_imap_warning *w = arena_alloc(&to->arena, sizeof *w);

        if (w == NULL)
            return nomem(&to->arena);
        *w = *from->warning;
        rc = copy_str(&to->arena, &w->raw);
        to->warning = w;
    }
    if (rc == 0 && from->type == MLA_IMAP_EV_TOKEN)
        rc = copy_token(to, from->record);
    return rc;
}

static int copy_chunk(struct mla_imap_event *to, const struct mla_imap_event *from)
{
    to->type = from->type;
    to->chunk = (const uint8_t *)arena_dup(&to->arena, from->chunk, from->chunk_len);
    to->chunk_len = from->chunk_len;
    to->chunk_offset = from->chunk_offset;
    return to->chunk != NULL ? 0 : nomem(&to->arena);
}

static int copy_head(struct imap_engine *e, const struct imap_resp_opts *opts,
                     struct mla_imap_event *to)
{
    struct imap_resp_opts before = *opts;
    mla_imap_section *s = arena_alloc(&to->arena, sizeof *s);
    int rc;

    if (s == NULL)
        return nomem(&to->arena);
    before.cut_count--; /* the last is this section itself */
    rc = imap_resp_section_head(&to->raw, &before, e->ev_size, &to->arena, s);
    if (rc <= 0)
        return rc < 0 ? rc : MLA_E_NOMEM;
    s->uid = e->ev.section->uid;
    to->type = MLA_IMAP_EV_SECTION_BEGIN;
    to->section = s;
    return 0;
}

/* What the engine changed after parsing, once more. */
static int patch(struct mla_imap_event *to, const struct mla_imap_event *from)
{
    struct arena *a = &to->arena;

    if (from->type == MLA_IMAP_EV_TEXT && to->done != NULL) { /* on_again() */
        mla_imap_text *t = arena_alloc(a, sizeof *t);

        if (t == NULL)
            return nomem(a);
        *t = *from->text;
        t->code = to->done->code;
        t->text = to->done->text;
        to->text = t;
        to->done = NULL;
    } else if (from->done != NULL && to->done != NULL) {
        mla_imap_done *d = arena_alloc(a, sizeof *d);

        if (d == NULL)
            return nomem(a);
        *d = *to->done;
        d->error = from->done->error;
        d->reason = from->done->reason;
        d->wait_ms = from->done->wait_ms;
        d->code = from->done->code != NULL ? d->code : NULL;
        to->done = d;
    } else if (from->text != NULL && to->text != NULL && from->text->reason != 0) {
        mla_imap_text *t = arena_alloc(a, sizeof *t);

        if (t == NULL)
            return nomem(a);
        *t = *to->text;
        t->reason = from->text->reason;
        t->wait_ms = from->text->wait_ms;
        to->text = t;
    } else if (from->fetch != NULL && to->fetch != NULL) {
        mla_imap_fetch *f = arena_alloc(a, sizeof *f);

        if (f == NULL)
            return nomem(a);
        *f = *to->fetch;
        f->uid = from->fetch->uid;
        to->fetch = f;
    } else if (from->search != NULL && to->search != NULL) {
        mla_imap_search *s = arena_alloc(a, sizeof *s);

        if (s == NULL)
            return nomem(a);
        *s = *to->search;
        s->is_uid = from->search->is_uid;
        s->is_sorted = from->search->is_sorted;
        to->search = s;
    } else if (from->list != NULL && to->list != NULL && from->list->is_surplus != 0) {
        mla_imap_list *list = arena_alloc(a, sizeof *list);

        if (list == NULL)
            return nomem(a);
        *list = *to->list;
        list->is_surplus = 1;
        to->list = list;
    }
    to->type = from->type;
    return 0;
}

static int copy_parsed(struct imap_engine *e, const struct imap_resp_opts *opts,
                       struct mla_imap_event *to)
{
    struct imap_resp r;
    size_t used;
    int rc;

    if (e->ev_how == IMAP_EV_BATCH) {
        struct imap_batch batch = e->work->ev_batch;

        rc = imap_resp_batch(&to->raw, e->ev_complete, opts, &batch, to, &used);
        rc = rc == 1 ? 0 : rc == 0 ? MLA_E_INTERNAL : rc;
    } else {
        rc = imap_resp_parse(&to->raw, opts, to, &r);
    }
    return rc != 0 ? rc : patch(to, &e->ev);
}

/* What was read from the octets is read from their copy. */
static int copy_read(struct imap_engine *e, struct mla_imap_event *to)
{
    struct imap_resp_opts opts = *imap_engine_resp_opts(e);

    opts.tls = e->ev_tls;
    opts.flagtexts = NULL; /* they are the session's */
    return e->ev_how == IMAP_EV_HEAD ? copy_head(e, &opts, to) : copy_parsed(e, &opts, to);
}

int imap_event_take(struct imap_engine *e, struct mla_imap_event **out_ev)
{
    const struct mem *mem = e->port.mem;
    struct mla_imap_event *to;
    size_t size;
    int rc;

    *out_ev = NULL;
    if (!e->has_event)
        return MLA_E_STATE;
    if (!num_add(sizeof *to + sizeof *mem, e->ev.raw.len, &size))
        return MLA_E_NOMEM;
    /* The allocator and the octets are with the event, for it may outlive the session; not in the
     * arena, which parsing may reset. */
    to = mem_zero(mem, size);
    if (to == NULL)
        return MLA_E_NOMEM;
    memcpy(to + 1, mem, sizeof *mem);
    to->mem = (const struct mem *)(const void *)(to + 1);
    arena_init(&to->arena, to->mem, SIZE_MAX / 2);
    to->raw = e->ev.raw;
    if (e->ev.raw.ptr != NULL) {
        uint8_t *room = (uint8_t *)(to + 1) + sizeof *mem;

        memcpy(room, e->ev.raw.ptr, e->ev.raw.len);
        to->raw.ptr = room;
    }
    if (e->ev_how == IMAP_EV_SYNTH)
        rc = copy_synth(to, &e->ev);
    else if (e->ev_how == IMAP_EV_CHUNK)
        rc = copy_chunk(to, &e->ev);
    else
        rc = copy_read(e, to);
    if (rc != 0) {
        imap_event_free(to);
        return rc;
    }
    to->ticket = e->ev.ticket;
    *out_ev = to;
    return 0;
}
