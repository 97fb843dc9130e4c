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
};

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
    err = session_begin(&s->session);
    rc = record_in(args, sizeof in, sizeof in, &in);
    if (rc != 0)
        return session_done(&s->session, fail(err, rc, "the record is not valid"));
    if (in.now_s == 0)
        in.now_s = (uint64_t)clock_wall_seconds();
    c = mem_zero(&s->session.cfg->mem, sizeof *c);
    if (c == NULL)
        return session_done(&s->session, fail(err, MLA_E_NOMEM, "out of memory for a collector"));
    rc = collect_new(&s->session.cfg->mem, s->engine, &in, &c->core, err);
    if (rc != 0) {
        mem_free(&s->session.cfg->mem, c);
        return session_done(&s->session, rc);
    }
    c->s = s;
    *out_c = c;
    return 0;
}

void mla_collect_free(mla_collect *c)
{
    if (c == NULL)
        return;
    collect_free(c->core);
    mem_free(&c->s->session.cfg->mem, c);
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

        if (rc != 0)
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

int mla_collect_next(mla_collect *c, const mla_collect_event **out_ev)
{
    if (c == NULL || out_ev == NULL)
        return MLA_E_ARG;
    *out_ev = NULL;
    memset(&c->call, 0, sizeof c->call);
    return next(c, out_ev);
}

int mla_collect_step(mla_collect *c, int32_t timeout_ms, const mla_collect_event **out_ev)
{
    uint64_t until = CLOCK_NEVER;

    if (c == NULL || out_ev == NULL)
        return MLA_E_ARG;
    *out_ev = NULL;
    memset(&c->call, 0, sizeof c->call);
    if (timeout_ms >= 0)
        until = clock_now_ms() + (uint64_t)timeout_ms;
    for (;;) {
        int error;
        int rc = next(c, out_ev);

        if (rc != 0 || collect_is_over(c->core, &error))
            return rc;
        if (collect_is_idle(c->core))
            return wrong(c, MLA_E_STATE, "all has come: close the collector");
        if (c->s->session.mode != SESSION_CONNECTED)
            return wrong(c, MLA_E_TIMEOUT, "the octets are the caller's to move");
        rc = session_wait(&c->s->session, until);
        if (rc < 0)
            return wrong(c, rc, fail_text(rc));
        /* An error is told by the next round, after the events that came before it. */
        (void)mla_session_process(&c->s->session);
    }
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

    if (c == NULL)
        return MLA_E_ARG;
    memset(&c->call, 0, sizeof c->call);
    return collect_stored(c->core, number, text);
}

int mla_collect_keep(mla_collect *c, uint32_t number)
{
    if (c == NULL)
        return MLA_E_ARG;
    memset(&c->call, 0, sizeof c->call);
    return collect_keep(c->core, number);
}

int mla_collect_close(mla_collect *c)
{
    if (c == NULL)
        return MLA_E_ARG;
    memset(&c->call, 0, sizeof c->call);
    return collect_close(c->core);
}

int mla_collect_commit(mla_collect *c)
{
    if (c == NULL)
        return MLA_E_ARG;
    memset(&c->call, 0, sizeof c->call);
    return collect_commit(c->core);
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
