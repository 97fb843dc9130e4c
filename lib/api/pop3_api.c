/* pop3_api.c - see mailaccess/pop3.h */
#include "mailaccess/pop3.h"

#include "api/pop3_handle.h"
#include "base/fail.h"
#include "mailaccess/certificate.h"
#include "net/certificate.h"

#include <string.h>

/* --- what a session asks of its protocol --- */

static int on_start(void *handle, const struct session_start *how, uint64_t *out_ticket)
{
    mla_pop3 *s = handle;

    return pop3_engine_start(s->engine, how->security, how->host, how->port, out_ticket,
                             &s->session.engine->why);
}

static int on_next(void *handle, const void **out_ev)
{
    mla_pop3 *s = handle;
    const mla_pop3_event *ev = NULL;
    int rc = pop3_engine_next(s->engine, &ev);

    s->last = rc == 1 ? ev : NULL;
    *out_ev = s->last;
    return rc;
}

static int on_result(const void *handle, uint64_t ticket, int *out_result)
{
    const mla_pop3 *s = handle;

    return pop3_engine_result(s->engine, ticket, out_result);
}

static int on_about(const void *ev, uint64_t *out_ticket)
{
    const mla_pop3_event *e = ev;

    *out_ticket = e->ticket;
    return e->type == MLA_POP3_EV_DONE;
}

static int on_ended(const void *event, mla_str *out_text, uint32_t *out_status)
{
    const mla_pop3_done *done = mla_pop3_event_done(event);

    if (done == NULL)
        return 0;
    *out_text = done->text;
    *out_status = done->status;
    return done->error;
}

static int on_others(const void *handle, uint64_t ticket)
{
    const mla_pop3 *s = handle;

    return pop3_engine_others(s->engine, ticket);
}

static void on_ask(void *handle, uint64_t ticket, const mla_certificate_chain *what,
                   const void **out_ev)
{
    mla_pop3 *s = handle;

    *out_ev = s->last = pop3_engine_ask(s->engine, ticket, what);
}

static int on_is_asking(const void *handle)
{
    return pop3_engine_is_asking(((const mla_pop3 *)handle)->engine);
}

static int on_give_token(void *handle, uint64_t ticket, mla_str token, mla_error *err)
{
    return pop3_engine_give_token(((mla_pop3 *)handle)->engine, ticket, token, err);
}

static const mla_token_info *on_token_refused(const void *handle)
{
    return pop3_engine_token_refused(((const mla_pop3 *)handle)->engine);
}

static const struct session_protocol protocol = {
    .port_tls = 995,
    .port_plain = 110,
    .alpn = "pop3",
    .start = on_start,
    .next = on_next,
    .result = on_result,
    .about = on_about,
    .ended = on_ended,
    .others = on_others,
    .ask = on_ask,
    .is_asking = on_is_asking,
    .give_token = on_give_token,
    .token_refused = on_token_refused,
};

/* --- handles --- */

static int make(mla_pop3 *s, mla_config *held)
{
    struct pop3_config c = {0};
    int rc;

    c.mem = &held->mem;
    c.in_first = SESSION_IN_FIRST;
    c.response_max = (size_t)held->limits[MLA_LIMIT_RESPONSE];
    c.words_max = (size_t)held->limits[MLA_LIMIT_CAPABILITIES];
    c.queue_max = (size_t)held->limits[MLA_LIMIT_QUEUE];
    c.mechanisms = held->mechanisms;
    c.cleartext = held->cleartext_password;
    c.auth_min = held->strength;
    session_pace(held, &c.pace);
    rc = pop3_engine_new(&c, &s->engine);
    if (rc == 0)
        rc = session_init(&s->session, held, &protocol, s, pop3_engine_port(s->engine));
    if (rc != 0)
        pop3_engine_free(s->engine);
    return rc;
}

int mla_pop3_new(mla_config *cfg, mla_pop3 **out_s, mla_error *out_err)
{
    mla_config *held;
    mla_pop3 *s;
    int rc;

    if (out_s == NULL)
        return MLA_E_ARG;
    *out_s = NULL;
    if (out_err != NULL)
        memset(out_err, 0, sizeof *out_err);
    rc = config_hold(cfg, &held);
    if (rc != 0)
        return fail(out_err, rc, "%s", fail_text(rc));
    s = mem_zero(&held->mem, sizeof *s);
    rc = s == NULL ? MLA_E_NOMEM : make(s, held);
    if (rc != 0) {
        mem_free(&held->mem, s);
        config_drop(held);
        return fail(out_err, rc, "%s", fail_text(rc));
    }
    *out_s = s;
    return 0;
}

static void drop(void *handle)
{
    mla_pop3 *s = handle;
    mla_config *held = s->session.cfg;

    session_free(&s->session);
    pop3_engine_free(s->engine);
    mem_free(&held->mem, s);
    config_drop(held);
}

void mla_pop3_free(mla_pop3 *s)
{
    if (s != NULL && !session_put_off(&s->session, drop, s))
        drop(s);
}

mla_session *mla_pop3_session(mla_pop3 *s)
{
    return s != NULL ? &s->session : NULL;
}

/* --- events --- */

int mla_pop3_next(mla_pop3 *s, const mla_pop3_event **out_ev)
{
    const void *ev = NULL;
    int rc;

    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    rc = session_next(&s->session, &ev);
    *out_ev = ev;
    return rc;
}

int mla_pop3_step(mla_pop3 *s, uint64_t ticket, int32_t timeout_ms, const mla_pop3_event **out_ev)
{
    const void *ev = NULL;
    int rc;

    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    rc = session_step(&s->session, ticket, timeout_ms, &ev);
    *out_ev = ev;
    return session_leave(&s->session, rc);
}

int mla_pop3_finish(mla_pop3 *s, uint64_t ticket, int32_t timeout_ms)
{
    const void *ev;

    if (s == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    return session_leave(&s->session, session_finish(&s->session, ticket, timeout_ms, &ev));
}

const mla_pop3_event *mla_pop3_last(const mla_pop3 *s)
{
    return s != NULL ? s->last : NULL;
}

int32_t mla_pop3_event_type(const mla_pop3_event *ev)
{
    return ev != NULL ? ev->type : 0;
}

uint64_t mla_pop3_event_ticket(const mla_pop3_event *ev)
{
    return ev != NULL ? ev->ticket : 0;
}

static int is(const mla_pop3_event *ev, int32_t type)
{
    return ev != NULL && ev->type == type;
}

const mla_pop3_done *mla_pop3_event_done(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_DONE) ? &ev->done : NULL;
}

const mla_pop3_stat *mla_pop3_event_stat(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_STAT) ? &ev->stat : NULL;
}

const mla_pop3_greeting *mla_pop3_event_greeting(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_GREETING) ? &ev->greeting : NULL;
}

const mla_pop3_warning *mla_pop3_event_warning(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_WARNING) ? &ev->warning : NULL;
}

uint32_t mla_pop3_event_item_count(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_ITEM) ? ev->item_count : 0;
}

const mla_pop3_item *mla_pop3_event_item(const mla_pop3_event *ev, uint32_t i)
{
    return i < mla_pop3_event_item_count(ev) ? &ev->items[i] : NULL;
}

const uint8_t *mla_pop3_event_chunk(const mla_pop3_event *ev, size_t *out_len, uint64_t *out_offset)
{
    int here = is(ev, MLA_POP3_EV_CHUNK);

    if (out_len != NULL)
        *out_len = here ? ev->chunk_len : 0;
    if (out_offset != NULL)
        *out_offset = here ? ev->chunk_offset : 0;
    return here ? ev->chunk : NULL;
}

const char *mla_pop3_event_mechanism(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_MECHANISM) ? ev->mechanism : NULL;
}

const mla_pop3_language *mla_pop3_event_language(const mla_pop3_event *ev)
{
    return is(ev, MLA_POP3_EV_LANGUAGE) ? &ev->language : NULL;
}

int mla_pop3_event_take(mla_pop3 *s, mla_pop3_event **out_ev)
{
    int rc;

    if (out_ev != NULL)
        *out_ev = NULL;
    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    session_begin(&s->session);
    if (s->last == NULL)
        return session_done(&s->session, MLA_E_STATE);
    rc = pop3_event_copy(s->last, &s->session.cfg->mem, out_ev);
    if (rc == 0 && (*out_ev)->certificate != NULL) {
        struct chain *copy = NULL;

        rc = chain_copy(&(*out_ev)->mem, s->last->certificate, &copy);
        if (rc == 0) {
            (*out_ev)->certificate = &copy->rec;
        } else {
            pop3_event_free(*out_ev);
            *out_ev = NULL;
        }
    }
    return session_done(&s->session, rc);
}

void mla_pop3_event_free(mla_pop3_event *ev)
{
    if (mla_pop3_event_certificate(ev) != NULL)
        chain_free(chain_of(ev->certificate));
    pop3_event_free(ev);
}

/* --- what is known --- */

int32_t mla_pop3_state(const mla_pop3 *s)
{
    return s != NULL ? pop3_engine_state(s->engine) : MLA_POP3_STATE_START;
}

uint32_t mla_pop3_capability_count(const mla_pop3 *s)
{
    return s != NULL ? (uint32_t)pop3_engine_capability_count(s->engine) : 0;
}

const char *mla_pop3_capability(const mla_pop3 *s, uint32_t i)
{
    return s != NULL ? pop3_engine_capability(s->engine, i) : NULL;
}

const char *mla_pop3_auth_name(const mla_pop3 *s)
{
    return s != NULL ? pop3_engine_auth_name(s->engine) : "";
}

int mla_pop3_has_capability(const mla_pop3 *s, const char *tag, const char *parameter)
{
    if (s == NULL || tag == NULL)
        return 0;
    return pop3_engine_has_capability(s->engine, tag, parameter);
}

const mla_pop3_capabilities *mla_pop3_capabilities_of(const mla_pop3 *s)
{
    return s != NULL ? pop3_engine_capabilities(s->engine) : NULL;
}

int mla_pop3_is_utf8(const mla_pop3 *s)
{
    return s != NULL && pop3_engine_is_utf8(s->engine);
}

/* --- commands --- */

static int command(mla_pop3 *s, uint32_t id, uint32_t number, uint32_t lines, uint64_t *out_ticket)
{
    mla_error *err;

    if (s == NULL || out_ticket == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    return session_done(&s->session,
                        pop3_engine_command(s->engine, id, number, lines, out_ticket, err));
}

int mla_pop3_authenticate(mla_pop3 *s, const mla_credentials *credentials, uint64_t *out_ticket)
{
    mla_credentials in;
    struct sasl_creds creds = {0};
    mla_error *err;
    int rc;

    if (s == NULL || out_ticket == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    rc = record_in(credentials, offsetof(mla_credentials, token_requests), sizeof in, &in);
    if (rc != 0)
        return session_done(&s->session, fail(err, rc, "the credentials record is not valid"));
    rc = sasl_creds_copy(&creds, &s->session.cfg->mem, &in, err);
    if (rc == 0)
        rc = pop3_engine_authenticate(s->engine, &creds, out_ticket, err);
    sasl_creds_free(&creds);
    return session_done(&s->session, rc);
}

int mla_pop3_capa(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_CAPA, 0, 0, out_ticket);
}

int mla_pop3_stat_maildrop(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_STAT, 0, 0, out_ticket);
}

int mla_pop3_list(mla_pop3 *s, uint32_t number, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_LIST, number, 0, out_ticket);
}

int mla_pop3_uidl(mla_pop3 *s, uint32_t number, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_UIDL, number, 0, out_ticket);
}

int mla_pop3_retr(mla_pop3 *s, uint32_t number, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_RETR, number, 0, out_ticket);
}

int mla_pop3_top(mla_pop3 *s, uint32_t number, uint32_t lines, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_TOP, number, lines, out_ticket);
}

int mla_pop3_dele(mla_pop3 *s, uint32_t number, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_DELE, number, 0, out_ticket);
}

int mla_pop3_noop(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_NOOP, 0, 0, out_ticket);
}

int mla_pop3_rset(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_RSET, 0, 0, out_ticket);
}

int mla_pop3_quit(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_QUIT, 0, 0, out_ticket);
}

int mla_pop3_utf8(mla_pop3 *s, uint64_t *out_ticket)
{
    return command(s, MLA_POP3_CMD_UTF8, 0, 0, out_ticket);
}

int mla_pop3_lang(mla_pop3 *s, const char *tag, uint64_t *out_ticket)
{
    mla_error *err;

    if (s == NULL || out_ticket == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    return session_done(&s->session, pop3_engine_lang(s->engine, tag, out_ticket, err));
}

int mla_pop3_command(mla_pop3 *s, const mla_pop3_command_args *args, uint64_t *out_ticket)
{
    mla_pop3_command_args in;
    mla_error *err;
    int rc;

    if (s == NULL || out_ticket == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    rc = record_in(args, sizeof in, sizeof in, &in);
    if (rc != 0)
        return session_done(&s->session, fail(err, rc, "the record of a command is not valid"));
    return session_done(&s->session, pop3_engine_other(s->engine, &in, out_ticket, err));
}
