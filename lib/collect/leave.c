/* leave.c - what has vanished from the server, and QUIT: see inside.h */
#include "collect/inside.h"

#include <string.h>

enum { DAY_S = 86400, FORGET_DAYS = 30 };

/* --- the store against the listing --- */

/* How many messages of the record are on the server. -1: that cannot be told, or the record is not
 * about them any more. */
static int64_t still_there(const struct collect *c, const mla_seen_record *r)
{
    const struct mail *m = drop_find_uidl(&c->drop, r->id);
    uint32_t met = collect_met(c, r->id);

    if (met != 0)
        return met;
    if (m == NULL)
        return 0;
    return m->state == AT_KNOWN ? 1 : -1;
}

static int keep_text(struct collect *c, const mla_seen_record *r)
{
    buf_clear(&c->id);
    buf_clear(&c->note);
    if (buf_add(&c->id, r->id.ptr, r->id.len) != 0 ||
        buf_add(&c->note, r->note.ptr, r->note.len) != 0)
        return collect_fail(c, MLA_E_NOMEM, "out of memory");
    return 0;
}

/* An earlier session sent QUIT and got no answer: now it is known what became of the message. */
static int reconcile(struct collect *c, mla_seen_record *r, int64_t there)
{
    uint32_t gone = r->count > (uint64_t)there ? r->count - (uint32_t)there : 0;
    int rc = keep_text(c, r);

    if (rc != 0)
        return rc;
    gone = gone < r->doubtful ? gone : r->doubtful;
    c->gone_left = gone;
    r->count -= gone;
    r->doubtful = 0;
    if (r->count != 0)
        return collect_put(c, r);
    return collect_drop(c, (mla_str){(const char *)c->id.ptr, c->id.len});
}

static int vanished(struct collect *c, mla_seen_record *r)
{
    uint64_t days = c->args.forget_days != 0 ? c->args.forget_days : FORGET_DAYS;

    if (r->gone_s == 0) {
        r->gone_s = c->args.now_s;
        return collect_put(c, r);
    }
    if (c->args.now_s > r->gone_s && c->args.now_s - r->gone_s >= days * DAY_S) {
        if (keep_text(c, r) != 0)
            return c->error.code;
        return collect_drop(c, (mla_str){(const char *)c->id.ptr, c->id.len});
    }
    return 0;
}

static int sweep_one(struct collect *c, mla_seen_record *r)
{
    int64_t there = still_there(c, r);

    if (r->count == 0)
        r->count = 1;
    if (there < 0)
        return 0;
    if (r->doubtful != 0)
        return reconcile(c, r, there);
    if (there == 0)
        return vanished(c, r);
    if (r->gone_s == 0)
        return 0;
    r->gone_s = 0;
    return collect_put(c, r);
}

/* --- QUIT --- */

int collect_doubt(struct collect *c, const struct mail *m, int doubt)
{
    mla_seen_record r;
    mla_str key;
    int rc = collect_key(c, m, &key);

    if (rc == 1)
        rc = collect_lookup(c, key, &r);
    if (rc != 1)
        return rc;
    if (doubt)
        r.doubtful = r.doubtful < r.count ? r.doubtful + 1 : r.count;
    else
        r.doubtful -= r.doubtful != 0;
    return collect_put(c, &r);
}

/* The answers to some of the DELEs may not be there yet: QUIT goes out together with them. */
/* A server that keeps nothing once it was read deletes at QUIT whatever RETR gave out (RFC 2449
 * section 6.7). Must QUIT be left out, since some of that was not stored? */
static int must_stay(const struct collect *c)
{
    const mla_pop3_capabilities *caps = pop3_engine_capabilities(c->engine);

    if ((caps->flags & MLA_POP3_CAP_EXPIRE) == 0 || caps->expire_days != 0)
        return 0;
    for (uint32_t i = 0; i < c->drop.count; i++) {
        const struct mail *m = &c->drop.mail[i];

        if (m->state == AT_WHOLE && (m->flags & MLA_COLLECT_TOP) == 0)
            return 1;
    }
    return 0;
}

static int quit(struct collect *c)
{
    int rc = 0;

    if (must_stay(c))
        return collect_fail(c, MLA_E_POLICY,
                            "QUIT would delete messages that are not stored (EXPIRE 0)");

    for (uint32_t i = 0; i < c->drop.count && rc == 0; i++)
        if ((c->drop.mail[i].flags & MAIL_LEAVES) != 0)
            rc = collect_doubt(c, &c->drop.mail[i], 1);
    if (rc == 0)
        rc = collect_commit(c);
    if (rc == 0) {
        c->phase = PHASE_QUIT;
        rc = collect_send(c, OP_QUIT, 0);
    }
    return rc < 0 ? rc : 0;
}

/* A message that an earlier session may have deleted, and has. */
static int tell_gone(struct collect *c)
{
    mla_collect_message *m = &c->ev.message;

    c->gone_left--;
    memset(&c->ev, 0, sizeof c->ev);
    c->ev.type = MLA_COLLECT_EV_RECONCILED;
    m->struct_size = sizeof *m;
    m->id = (mla_str){(const char *)c->id.ptr, c->id.len};
    if (c->note.len != 0)
        m->note = (mla_str){(const char *)c->note.ptr, c->note.len};
    return 1;
}

int collect_sweep(struct collect *c)
{
    mla_seen_record r;
    int rc;

    if (c->gone_left != 0)
        return tell_gone(c);
    while (!c->cut && c->store.each != NULL) {
        memset(&r, 0, sizeof r);
        r.struct_size = sizeof r;
        rc = c->store.each(c->store.user, &c->cursor, &r);
        if (rc == 0)
            break;
        if (rc < 0)
            return collect_fail_store(c, rc), 0;
        if (sweep_one(c, &r) != 0)
            return 0;
        if (c->gone_left != 0)
            return tell_gone(c);
    }
    quit(c);
    return 0;
}

void collect_left(struct collect *c, const mla_pop3_done *done)
{
    uint32_t doomed = 0;

    for (uint32_t i = 0; i < c->drop.count; i++)
        doomed += (c->drop.mail[i].flags & MAIL_LEAVES) != 0;
    if (done->error == 0 || doomed == 0) {
        c->phase = PHASE_TELL;
        return;
    }
    if (done->error == MLA_E_UNKNOWN_OUTCOME || done->error == MLA_E_NO)
        c->sum.doubtful = doomed;
    collect_fail(c, done->error, "%.*s", (int)(done->text.len < 200 ? done->text.len : 200),
                 done->text.ptr != NULL ? done->text.ptr : "");
}

/* It is gone: what is known of it is forgotten, so that its UIDL can come back as another's. */
static int forget(struct collect *c, const struct mail *m)
{
    mla_seen_record r;
    mla_str key;
    int rc = collect_key(c, m, &key);

    if (rc == 1)
        rc = collect_lookup(c, key, &r);
    if (rc != 1)
        return rc;
    if (keep_text(c, &r) != 0)
        return c->error.code;
    if (r.count <= 1)
        return collect_drop(c, (mla_str){(const char *)c->id.ptr, c->id.len});
    r.count--;
    r.doubtful -= r.doubtful != 0;
    return collect_put(c, &r);
}

int collect_tell_deleted(struct collect *c)
{
    while (c->tell_at < c->drop.count) {
        struct mail *m = &c->drop.mail[c->tell_at++];

        if ((m->flags & MAIL_DOOMED) == 0)
            continue;
        if (forget(c, m) < 0)
            return 0;
        c->sum.deleted++;
        collect_tell(c, MLA_COLLECT_EV_DELETED, m);
        if (c->note.len != 0)
            c->ev.message.note = (mla_str){(const char *)c->note.ptr, c->note.len};
        return 1;
    }
    if (collect_commit(c) == 0)
        c->phase = PHASE_END;
    return 0;
}
