/* collect_api.c - see mailaccess/collect.h */
#include "mailaccess/collect.h"

#include "api/pop3_handle.h"
#include "api/session_io.h"
#include "base/clock.h"
#include "base/fail.h"
#include "collect/collect.h"

#include <string.h>

struct mla_collect {
    mla_pop3 *s;
    struct collect *core;
    mla_error call; /* of the last call that was wrong */
    int busy;       /* a call goes on; the store's functions run within one */
    int dropped;    /* freed meanwhile: see leave() */
};

/* What the store's functions do to the session, they do between two calls of it. */
static void drop(mla_collect *c)
{
    struct mla_session *ss = &c->s->session;

    ss->calling++;
    collect_free(c->core);
    ss->calling--;
    mem_free(&ss->cfg->mem, c);
}

int mla_collect_new(mla_pop3 *s, const mla_collect_args *args, mla_collect **out_c)
{
    mla_collect_args in;
    mla_collect *c;
    mla_error *err;
    int rc;

    if (out_c != NULL)
        *out_c = NULL;
    if (s == NULL || out_c == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    rc = record_in(args, sizeof in, sizeof in, &in);
    if (rc != 0)
        return session_done(&s->session, fail(err, rc, "the record is not valid"));
    if (in.now_s == 0)
        in.now_s = (uint64_t)clock_wall_seconds();
    c = mem_zero(&s->session.cfg->mem, sizeof *c);
    if (c == NULL)
        return session_done(&s->session, fail(err, MLA_E_NOMEM, "out of memory for a collector"));
    s->session.calling++; /* the store's functions */
    rc = collect_new(&s->session.cfg->mem, s->engine, &in, &c->core, err);
    s->session.calling--;
    if (rc != 0) {
        mem_free(&s->session.cfg->mem, c);
        return session_leave(&s->session, session_done(&s->session, rc));
    }
    c->s = s;
    *out_c = c;
    if (s->session.drop == NULL)
        return 0;
    *out_c = NULL;
    drop(c);
    return session_leave(&s->session, 0);
}

void mla_collect_free(mla_collect *c)
{
    mla_pop3 *s;

    if (c == NULL || mem_inside())
        return;
    if (c->busy) {
        c->dropped = 1;
        collect_leave_store(c->core);
        return;
    }
    s = c->s;
    c->busy = 1;
    drop(c);
    (void)session_leave(&s->session, 0);
}

/* --- calls --- */

/* A call begins: 0. MLA_E_STATE inside a function that it calls itself, which are the store's, and
 * inside those of the session and of an allocator. */
static int enter(mla_collect *c)
{
    if (mem_inside() || c->busy || session_inside(&c->s->session))
        return MLA_E_STATE;
    c->busy = 1;
    memset(&c->call, 0, sizeof c->call);
    return 0;
}

/* A call ends. Inside it the collector and the session may have been freed. */
static int leave(mla_collect *c, int rc)
{
    mla_pop3 *s = c->s;

    c->busy = 0;
    if (c->dropped) {
        drop(c);
        rc = MLA_E_CLOSED;
    }
    return session_leave(&s->session, rc);
}

/* --- events --- */

static int wrong(mla_collect *c, int code, const char *text)
{
    memset(&c->call, 0, sizeof c->call);
    return fail(&c->call, code, "%s", text);
}

/* The session is dead and has told everything. */
static void dead(mla_collect *c)
{
    mla_error err;

    mla_session_error(&c->s->session, &err);
    collect_dead(c->core, &err);
}

/* 1 and an event, 0 when octets are needed, or how it ended. */
static int next(mla_collect *c, const mla_collect_event **out_ev)
{
    for (;;) {
        const void *ev = NULL;
        int error;
        int rc = collect_own(c->core, out_ev);

        if (rc != 0 || c->dropped)
            return rc;
        if (collect_is_over(c->core, &error))
            return error;
        rc = session_next(&c->s->session, &ev);
        if (rc == 0)
            return 0;
        if (rc < 0)
            dead(c);
        else if (collect_take(c->core, ev, out_ev) == 1)
            return 1;
    }
}

/* The same, while the session is not to be touched by what the store's functions do. */
static int next_guarded(mla_collect *c, const mla_collect_event **out_ev)
{
    int rc;

    c->s->session.calling++;
    rc = next(c, out_ev);
    c->s->session.calling--;
    return rc;
}

static int gone(const mla_collect *c)
{
    return c->dropped || c->s->session.drop != NULL;
}

int mla_collect_next(mla_collect *c, const mla_collect_event **out_ev)
{
    if (c == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    *out_ev = NULL;
    return leave(c, next_guarded(c, out_ev));
}

static int step(mla_collect *c, int32_t timeout_ms, const mla_collect_event **out_ev)
{
    uint64_t until = CLOCK_NEVER;

    if (timeout_ms >= 0)
        until = clock_now_ms() + (uint64_t)timeout_ms;
    for (;;) {
        int error;
        int rc = next_guarded(c, out_ev);

        if (rc != 0 || gone(c) || collect_is_over(c->core, &error))
            return rc;
        if (collect_is_idle(c->core))
            return wrong(c, MLA_E_STATE, "all has come: close the collector");
        if (c->s->session.mode != SESSION_CONNECTED)
            return wrong(c, MLA_E_TIMEOUT, "the octets are the caller's to move");
        rc = session_wait(&c->s->session, until);
        if (rc < 0)
            return wrong(c, rc, fail_text(rc));
        /* An error is told by the next round, after the events that came before it. */
        (void)session_process(&c->s->session);
        if (gone(c))
            return MLA_E_CLOSED;
    }
}

int mla_collect_step(mla_collect *c, int32_t timeout_ms, const mla_collect_event **out_ev)
{
    if (c == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    *out_ev = NULL;
    return leave(c, step(c, timeout_ms, out_ev));
}

int32_t mla_collect_event_type(const mla_collect_event *ev)
{
    return ev != NULL ? ev->type : 0;
}

static int is(const mla_collect_event *ev, int32_t type)
{
    return ev != NULL && ev->type == type;
}

const mla_collect_plan *mla_collect_event_plan(const mla_collect_event *ev)
{
    return is(ev, MLA_COLLECT_EV_PLAN) ? &ev->plan : NULL;
}

const mla_collect_message *mla_collect_event_message(const mla_collect_event *ev)
{
    int here = is(ev, MLA_COLLECT_EV_BEGIN) || is(ev, MLA_COLLECT_EV_CHUNK) ||
               is(ev, MLA_COLLECT_EV_END) || is(ev, MLA_COLLECT_EV_SKIPPED) ||
               is(ev, MLA_COLLECT_EV_DELETED) || is(ev, MLA_COLLECT_EV_RECONCILED);

    return here ? &ev->message : NULL;
}

const mla_collect_warning *mla_collect_event_warning(const mla_collect_event *ev)
{
    return is(ev, MLA_COLLECT_EV_WARNING) ? &ev->warning : NULL;
}

const mla_collect_summary *mla_collect_event_summary(const mla_collect_event *ev)
{
    return is(ev, MLA_COLLECT_EV_DONE) ? &ev->summary : NULL;
}

const uint8_t *mla_collect_event_chunk(const mla_collect_event *ev, size_t *out_len,
                                       uint64_t *out_offset)
{
    int here = is(ev, MLA_COLLECT_EV_CHUNK);

    if (out_len != NULL)
        *out_len = here ? ev->chunk_len : 0;
    if (out_offset != NULL)
        *out_offset = here ? ev->chunk_offset : 0;
    return here ? ev->chunk : NULL;
}

/* --- what the caller says --- */

int mla_collect_stored(mla_collect *c, uint32_t number, const char *note)
{
    mla_str text = {note, note != NULL ? strlen(note) : 0};
    int rc;

    if (c == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    c->s->session.calling++;
    rc = collect_stored(c->core, number, text);
    c->s->session.calling--;
    return leave(c, rc);
}

int mla_collect_keep(mla_collect *c, uint32_t number)
{
    int rc;

    if (c == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    c->s->session.calling++;
    rc = collect_keep(c->core, number);
    c->s->session.calling--;
    return leave(c, rc);
}

int mla_collect_close(mla_collect *c)
{
    int rc;

    if (c == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    c->s->session.calling++;
    rc = collect_close(c->core);
    c->s->session.calling--;
    return leave(c, rc);
}

int mla_collect_commit(mla_collect *c)
{
    int rc;

    if (c == NULL)
        return MLA_E_ARG;
    if (enter(c) != 0)
        return MLA_E_STATE;
    c->s->session.calling++;
    rc = collect_commit(c->core);
    c->s->session.calling--;
    return leave(c, rc);
}

void mla_collect_error(const mla_collect *c, mla_error *out_err)
{
    if (out_err == NULL)
        return;
    memset(out_err, 0, sizeof *out_err);
    if (c == NULL)
        return;
    if (c->call.code != 0)
        *out_err = c->call;
    else
        collect_error(c->core, out_err);
}
