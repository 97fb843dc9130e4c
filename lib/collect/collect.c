/* collect.c - the life of a collector, and what the caller says: see collect.h and inside.h */
#include "collect/inside.h"

#include "base/fail.h"
#include "base/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400 };

int collect_fail(struct collect *c, int code, const char *fmt, ...)
{
    char words[sizeof c->error.message];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    fail(&c->error, code, "%s", words);
    if (c->error.domain == 0)
        c->error.domain = MLA_DOMAIN_POP3;
    c->phase = PHASE_END;
    return c->error.code;
}

int collect_fail_store(struct collect *c, int rc)
{
    c->store_failed = 1;
    return collect_fail(c, rc, "the list of collected messages cannot be kept");
}

/* --- life --- */

static int check(const mla_collect_args *a, mla_error *err)
{
    const mla_seen_store *s = a->store;

    if (a->policy > MLA_COLLECT_DELETE_BEYOND || a->large > MLA_COLLECT_LARGE_TOP ||
        a->reserved != 0)
        return fail(err, MLA_E_ARG, "policy or large is out of range");
    if (s == NULL || s->struct_size < sizeof s->struct_size)
        return fail(err, MLA_E_ARG, "no store given");
    return 0;
}

static int read_store(struct collect *c, mla_error *err)
{
    int rc = record_in(c->args.store, sizeof c->store, sizeof c->store, &c->store);

    if (rc != 0)
        return fail(err, rc, "the store record is not valid");
    if (c->store.lookup == NULL || c->store.add == NULL || c->store.remove == NULL ||
        c->store.commit == NULL)
        return fail(err, MLA_E_ARG, "the store lacks a function");
    return 0;
}

static int look_whether_empty(struct collect *c)
{
    mla_seen_record r;
    uint64_t cursor = 0;
    int rc;

    if (c->store.each == NULL)
        return 0;
    memset(&r, 0, sizeof r);
    r.struct_size = sizeof r;
    rc = c->store.each(c->store.user, &cursor, &r);
    if (rc < 0)
        return collect_fail_store(c, rc);
    c->was_empty = rc == 0;
    return 0;
}

static int start(struct collect *c, mla_error *err)
{
    int rc;

    if (pop3_engine_state(c->engine) != POP3_TRANSACTION)
        return fail(err, MLA_E_STATE, "not logged in");
    rc = collect_send(c, OP_UIDL, 0);
    if (rc == 1)
        rc = collect_send(c, OP_LIST, 0);
    if (rc >= 0)
        rc = look_whether_empty(c);
    if (rc < 0)
        return fail(err, rc, "%s", c->error.message);
    /* 0: the engine is dead, and will say so */
    return 0;
}

int collect_new(const struct mem *mem, struct pop3_engine *engine, const mla_collect_args *args,
                struct collect **out, mla_error *err)
{
    struct collect *c;
    int rc = check(args, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    c = mem_zero(mem, sizeof *c);
    if (c == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory for a collector");
    c->mem = mem;
    c->engine = engine;
    c->args = *args;
    c->phase = PHASE_LISTING;
    drop_init(&c->drop, mem);
    seen_table_init(&c->met, mem, (uintptr_t)c);
    buf_init(&c->key, mem, COLLECT_KEY_MAX);
    buf_init(&c->id, mem, SEEN_ID_MAX);
    buf_init(&c->note, mem, SEEN_NOTE_MAX);
    rc = read_store(c, err);
    if (rc == 0)
        rc = start(c, err);
    if (rc != 0) {
        c->phase = PHASE_OVER;
        collect_free(c);
        return rc;
    }
    *out = c;
    return 0;
}

void collect_free(struct collect *c)
{
    if (c == NULL)
        return;
    if (c->in_batch != 0)
        (void)c->store.commit(c->store.user); /* nobody is left who could be told */
    digest_drop(&c->digest);
    drop_free(&c->drop);
    fifo_free(&c->probes, c->mem);
    fifo_free(&c->fetches, c->mem);
    fifo_free(&c->deles, c->mem);
    fifo_free(&c->told, c->mem);
    seen_table_free(&c->met);
    buf_free(&c->key);
    buf_free(&c->id);
    buf_free(&c->note);
    mem_free(c->mem, c);
}

/* --- the store --- */

static int gone_lookup(void *user, const uint8_t *id, size_t id_len, mla_seen_record *out_record)
{
    (void)user, (void)id, (void)id_len, (void)out_record;
    return MLA_E_CLOSED;
}

static int gone_add(void *user, const mla_seen_record *record)
{
    (void)user, (void)record;
    return MLA_E_CLOSED;
}

static int gone_remove(void *user, const uint8_t *id, size_t id_len)
{
    (void)user, (void)id, (void)id_len;
    return MLA_E_CLOSED;
}

static int gone_commit(void *user)
{
    (void)user;
    return MLA_E_CLOSED;
}

static int gone_each(void *user, uint64_t *cursor, mla_seen_record *out_record)
{
    (void)user, (void)cursor, (void)out_record;
    return MLA_E_CLOSED;
}

void collect_leave_store(struct collect *c)
{
    c->store.lookup = gone_lookup;
    c->store.add = gone_add;
    c->store.remove = gone_remove;
    c->store.commit = gone_commit;
    c->store.each = gone_each;
}

int collect_commit(struct collect *c)
{
    int rc;

    if (c->in_batch == 0)
        return 0;
    rc = c->store.commit(c->store.user);
    if (rc < 0)
        return collect_fail_store(c, rc);
    c->in_batch = 0;
    return 0;
}

static int changed(struct collect *c, int rc)
{
    if (rc < 0)
        return collect_fail_store(c, rc);
    return ++c->in_batch >= COLLECT_BATCH && !c->closing ? collect_commit(c) : 0;
}

int collect_put(struct collect *c, const mla_seen_record *r)
{
    return changed(c, c->store.add(c->store.user, r));
}

int collect_drop(struct collect *c, mla_str id)
{
    return changed(c, c->store.remove(c->store.user, (const uint8_t *)id.ptr, id.len));
}

int collect_may_delete(const struct collect *c, const struct mail *m, uint64_t first_s)
{
    uint64_t age_s = (uint64_t)c->args.keep_days * DAY_S;

    switch (c->args.policy) {
    case MLA_COLLECT_DELETE:
        return 1;
    case MLA_COLLECT_DELETE_AGED:
        return first_s != 0 && c->args.now_s >= first_s && c->args.now_s - first_s >= age_s;
    case MLA_COLLECT_DELETE_BEYOND:
        return c->drop.count - collect_index(c, m) > c->args.keep_newest;
    default:
        return 0;
    }
}

/* --- events --- */

int collect_tell(struct collect *c, int32_t type, const struct mail *m)
{
    mla_collect_message *to = &c->ev.message;
    mla_str key = {NULL, 0};

    memset(to, 0, sizeof *to);
    c->ev.type = type;
    to->struct_size = sizeof *to;
    to->number = m->number;
    to->size = m->size;
    to->octets = m->octets;
    to->known_by = m->known_by;
    to->flags = m->flags & 0xffff;
    if (type != MLA_COLLECT_EV_SKIPPED && type != MLA_COLLECT_EV_END)
        to->flags &= ~(uint32_t)MLA_COLLECT_LEAVING;
    to->uidl = drop_uidl(&c->drop, m);
    to->reason = type == MLA_COLLECT_EV_SKIPPED ? m->reason : 0;
    if (type != MLA_COLLECT_EV_CHUNK && collect_key(c, m, &key) == 1)
        to->id = key;
    else if (m->known_by == MLA_COLLECT_BY_UIDL)
        to->id = to->uidl;
    return 1;
}

int collect_warn(struct collect *c, uint32_t code, uint32_t number, mla_str text)
{
    mla_collect_warning *w = &c->ev.warning;

    memset(w, 0, sizeof *w);
    c->ev.type = MLA_COLLECT_EV_WARNING;
    w->struct_size = sizeof *w;
    w->code = code;
    w->number = number;
    w->text = text;
    return 1;
}

/* Warnings that are not an answer's. */
static int tell_warning(struct collect *c)
{
    const struct drop *d = &c->drop;
    mla_str none = {NULL, 0};

    if (c->listing_odd) {
        c->listing_odd = 0;
        return collect_warn(c, MLA_COLLECT_WARN_LISTING, 0, none);
    }
    if (c->reused != 0) {
        uint32_t number = c->reused;

        c->reused = 0;
        return collect_warn(c, MLA_COLLECT_WARN_REUSED, number, none);
    }
    while (c->shared_at < d->uidl_count) {
        const struct mail *m = &d->mail[d->by_uidl[c->shared_at++]];

        if ((m->flags & MLA_COLLECT_SHARED) != 0 && drop_find_uidl(d, drop_uidl(d, m)) == m)
            return collect_warn(c, MLA_COLLECT_WARN_SHARED, m->number, drop_uidl(d, m));
    }
    return 0;
}

int collect_add_note(struct collect *c, const struct mail *m)
{
    mla_seen_record r;
    mla_str key;
    int rc = collect_key(c, m, &key);

    if (rc == 1)
        rc = collect_lookup(c, key, &r);
    buf_clear(&c->note);
    if (rc != 1 || r.note.len == 0)
        return rc < 0 ? rc : 0;
    if (buf_add(&c->note, r.note.ptr, r.note.len) != 0)
        return collect_fail(c, MLA_E_NOMEM, "out of memory");
    c->ev.message.note = (mla_str){(const char *)c->note.ptr, c->note.len};
    return 0;
}

static int tell_skipped(struct collect *c)
{
    struct mail *m = &c->drop.mail[fifo_peek(&c->told)];

    if ((m->flags & MAIL_DOUBTFUL) != 0) {
        m->flags &= ~(uint32_t)MAIL_DOUBTFUL;
        collect_tell(c, MLA_COLLECT_EV_RECONCILED, m);
        return collect_add_note(c, m) < 0 ? 0 : 1;
    }
    fifo_pop(&c->told);
    collect_tell(c, MLA_COLLECT_EV_SKIPPED, m);
    if (m->state == AT_LARGE)
        c->sum.large++;
    else
        c->sum.known++;
    if ((m->flags & MLA_COLLECT_LEAVING) != 0)
        c->asked = collect_index(c, m) + 1;
    return m->state == AT_KNOWN && collect_add_note(c, m) < 0 ? 0 : 1;
}

static int own_work(struct collect *c)
{
    if (c->asked != 0) { /* nobody said no */
        collect_delete(c, &c->drop.mail[c->asked - 1]);
        c->asked = 0;
    }
    if (c->held != NULL)
        return collect_answer(c, c->held);
    if (c->plan_due) {
        c->plan_due = 0;
        c->ev.type = MLA_COLLECT_EV_PLAN;
        return collect_pump(c) < 0 ? 0 : 1;
    }
    if (tell_warning(c))
        return 1;
    if (c->told.count != 0 && c->probing == 0)
        return tell_skipped(c);
    if (collect_pump(c) < 0 || !collect_has_all(c))
        return 0;
    if (c->closing && c->deles.count == 0)
        c->phase = PHASE_SWEEP;
    if (c->closing || c->all_told)
        return 0;
    c->all_told = 1;
    c->ev.type = MLA_COLLECT_EV_ALL;
    return 1;
}

static int tell_end(struct collect *c)
{
    if (c->error.code != 0 && c->in_batch != 0) /* the first error is the one to be told */
        (void)c->store.commit(c->store.user);
    c->in_batch = 0;
    c->sum.struct_size = sizeof c->sum;
    c->sum.error = c->error.code;
    if (c->error.code != 0)
        c->sum.text = (mla_str){c->error.message, strlen(c->error.message)};
    c->ev.summary = c->sum;
    c->ev.type = MLA_COLLECT_EV_DONE;
    c->phase = PHASE_OVER;
    return 1;
}

int collect_own(struct collect *c, const struct mla_collect_event **out)
{
    int phase;
    int rc = 0;

    do {
        phase = c->phase;
        if (phase == PHASE_WORK)
            rc = own_work(c);
        else if (phase == PHASE_SWEEP)
            rc = collect_sweep(c);
        else if (phase == PHASE_TELL)
            rc = collect_tell_deleted(c);
        else if (phase == PHASE_END)
            rc = tell_end(c);
    } while (rc == 0 && c->phase != phase);
    *out = rc == 1 ? &c->ev : NULL;
    return rc;
}

int collect_take(struct collect *c, const struct mla_pop3_event *ev,
                 const struct mla_collect_event **out)
{
    int rc = collect_answer(c, ev);

    *out = rc == 1 ? &c->ev : NULL;
    return rc;
}

void collect_dead(struct collect *c, const mla_error *err)
{
    if (c->phase >= PHASE_TELL)
        return;
    if (c->error.code == 0)
        c->error = *err;
    c->phase = PHASE_END;
}

int collect_is_over(const struct collect *c, int *out_error)
{
    *out_error = c->error.code;
    return c->phase == PHASE_OVER;
}

int collect_is_idle(const struct collect *c)
{
    return c->all_told && !c->closing && c->op_count == 0 && c->deles.count == 0;
}

/* --- what the caller says --- */

static mla_error *begin_call(struct collect *c)
{
    memset(&c->call, 0, sizeof c->call);
    return &c->call;
}

int collect_stored(struct collect *c, uint32_t number, mla_str note)
{
    mla_error *err = begin_call(c);
    struct mail *m = drop_find(&c->drop, number);
    int rc;

    if (c->store_failed)
        return c->error.code;
    if (note.len > SEEN_NOTE_MAX)
        return fail(err, MLA_E_ARG, "the note is too long");
    if (c->closing)
        return fail(err, MLA_E_STATE, "nothing can be stored any more");
    if (m == NULL || m->state != AT_WHOLE)
        return fail(err, MLA_E_STATE, "message %lu did not come, or was stored before",
                    (unsigned long)number);
    rc = collect_record(c, m, note);
    if (rc < 0)
        return rc;
    m->state = AT_STORED;
    c->sum.stored++;
    if (c->phase == PHASE_WORK && (m->flags & MLA_COLLECT_TOP) == 0 &&
        collect_may_delete(c, m, c->args.now_s))
        collect_delete(c, m);
    return 0;
}

int collect_keep(struct collect *c, uint32_t number)
{
    mla_error *err = begin_call(c);

    if (c->asked == 0 || c->drop.mail[c->asked - 1].number != number)
        return fail(err, MLA_E_STATE, "message %lu is not the one that would be deleted",
                    (unsigned long)number);
    c->asked = 0;
    return 0;
}

/* What was not asked for yet is not asked for any more. */
void collect_cut(struct collect *c)
{
    c->cut = 1;
    c->fetches.count = 0;
    c->probing -= c->probes.count;
    c->probes.count = 0;
}

int collect_close(struct collect *c)
{
    mla_error *err = begin_call(c);

    if (c->closing || c->phase >= PHASE_SWEEP)
        return fail(err, MLA_E_STATE, "closed before");
    c->closing = 1;
    if (!c->all_told)
        collect_cut(c);
    return 0;
}

void collect_error(const struct collect *c, mla_error *out)
{
    *out = c->error.code != 0 ? c->error : c->call;
}
