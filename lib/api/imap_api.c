/* imap_api.c - see mailaccess/imap.h: the handle and the commands. */
#include "api/imap_api.h"

#include "base/fail.h"
#include "mailaccess/certificate.h"
#include "net/certificate.h"

#include <string.h>

/* --- what the session asks of the protocol --- */

static int on_start(void *handle, const struct session_start *how, uint64_t *out_ticket)
{
    struct mla_imap *s = handle;

    return imap_engine_start(&s->engine, how->security, how->host, how->port, out_ticket);
}

static int on_next(void *handle, const void **out_ev)
{
    struct mla_imap *s = handle;
    const struct mla_imap_event *ev;
    int rc = imap_engine_next(&s->engine, &ev);

    if (rc == 1)
        *out_ev = ev;
    return rc;
}

static int on_result(const void *handle, uint64_t ticket, int *out_result)
{
    const struct mla_imap *s = handle;

    return imap_engine_result(&s->engine, ticket, out_result);
}

static int on_about(const void *event, uint64_t *out_ticket)
{
    const struct mla_imap_event *ev = event;

    *out_ticket = ev->ticket;
    return ev->type == MLA_IMAP_EV_DONE;
}

static int on_ended(const void *event, mla_str *out_text, uint32_t *out_status)
{
    const mla_imap_done *done = mla_imap_event_done(event);

    if (done == NULL)
        return 0;
    *out_text = done->text;
    *out_status = done->status;
    return done->error;
}

static int on_others(const void *handle, uint64_t ticket)
{
    const struct mla_imap *s = handle;

    return imap_engine_others(&s->engine, ticket);
}

static void on_ask(void *handle, uint64_t ticket, const mla_certificate_chain *what,
                   const void **out_ev)
{
    struct mla_imap *s = handle;

    imap_engine_tell(&s->engine, MLA_IMAP_EV_CERTIFICATE, ticket, what);
    *out_ev = &s->engine.ev;
}

static int on_is_asking(const void *handle)
{
    return imap_cmd_is_asking(&((const struct mla_imap *)handle)->engine);
}

static int on_give_token(void *handle, uint64_t ticket, mla_str token, mla_error *err)
{
    return imap_cmd_give_token(&((struct mla_imap *)handle)->engine, ticket, token, err);
}

static const mla_token_info *on_token_refused(const void *handle)
{
    const struct sasl_token *token = ((const struct mla_imap *)handle)->engine.token;

    return token != NULL && token->info.is_refused != 0 ? &token->info : NULL;
}

static const struct session_protocol protocol = {
    .port_tls = 993,
    .port_plain = 143,
    .alpn = "imap",
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

/* --- the handle --- */

static void make_opts(const mla_config *cfg, struct imap_opts *o)
{
    o->in_first = SESSION_IN_FIRST;
    o->response_max = (size_t)cfg->limits[MLA_LIMIT_RESPONSE];
    o->inline_max = (size_t)cfg->limits[MLA_LIMIT_INLINE];
    o->queue_max = (size_t)cfg->limits[MLA_LIMIT_QUEUE];
    o->words_max = (size_t)cfg->limits[MLA_LIMIT_CAPABILITIES];
    o->event_max = (size_t)cfg->limits[MLA_LIMIT_EVENT];
    o->depth_max = (unsigned)cfg->limits[MLA_LIMIT_DEPTH];
    o->cleartext = cfg->cleartext_password;
    o->auth_min = cfg->strength;
    o->stay_rev1 = cfg->stay_rev1;
    o->idle_ms = cfg->deadlines[MLA_DEADLINE_IDLE];
    o->probe_ms = cfg->deadlines[MLA_DEADLINE_PROBE];
    o->quiet_ms = cfg->deadlines[MLA_DEADLINE_QUIET];
    o->mechanisms = cfg->mechanisms;
    o->compress = cfg->compress;
    o->shared = cfg->shared;
    session_pace(cfg, &o->pace);
}

/* One record for all sessions: made for the first, since the configuration is frozen from then on.
 */
static const struct imap_opts *opts_of(mla_config *cfg)
{
    pthread_mutex_lock(&cfg->lock);
    if (cfg->imap.in_first == 0)
        make_opts(cfg, &cfg->imap);
    pthread_mutex_unlock(&cfg->lock);
    return &cfg->imap;
}

int mla_imap_new(mla_config *cfg, mla_imap **out_s, mla_error *out_err)
{
    struct mla_imap *s;
    mla_config *held;
    int rc;

    if (out_err != NULL)
        memset(out_err, 0, sizeof *out_err);
    if (out_s == NULL)
        return fail(out_err, MLA_E_ARG, "no place for the handle");
    *out_s = NULL;
    rc = config_hold(cfg, &held);
    if (rc != 0)
        return fail(out_err, rc, "%s", fail_text(rc));
    s = mem_zero(&held->mem, sizeof *s);
    rc = s != NULL ? imap_engine_init(&s->engine, &held->mem, opts_of(held)) : MLA_E_NOMEM;
    if (rc == 0) {
        rc = session_init(&s->session, held, &protocol, s, &s->engine.port);
        if (rc != 0)
            imap_engine_free(&s->engine);
    }
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
    mla_imap *s = handle;
    mla_config *held = s->session.cfg;

    session_free(&s->session);
    imap_engine_free(&s->engine);
    mem_free(&held->mem, s);
    config_drop(held);
}

void mla_imap_free(mla_imap *s)
{
    if (s != NULL && !session_put_off(&s->session, drop, s))
        drop(s);
}

mla_session *mla_imap_session(mla_imap *s)
{
    return s != NULL ? &s->session : NULL;
}

int mla_imap_next(mla_imap *s, const mla_imap_event **out_ev)
{
    int rc;

    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    rc = imap_engine_next(&s->engine, out_ev); /* as session_next() does, without detours */
    if (rc != 1) {
        const void *ev;

        rc = session_no_event(&s->session, rc, &ev);
        *out_ev = ev;
        return rc;
    }
    if ((*out_ev)->type == MLA_IMAP_EV_DONE)
        session_told_done(&s->session, *out_ev);
    return 1;
}

int mla_imap_step(mla_imap *s, uint64_t ticket, int32_t timeout_ms, const mla_imap_event **out_ev)
{
    const void *ev = NULL;
    int rc;

    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    rc = session_step(&s->session, ticket, timeout_ms, &ev);
    if (rc == 1)
        *out_ev = ev;
    return session_leave(&s->session, rc);
}

int mla_imap_finish(mla_imap *s, uint64_t ticket, int32_t timeout_ms)
{
    const void *ev;

    if (s == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    return session_leave(&s->session, session_finish(&s->session, ticket, timeout_ms, &ev));
}

const mla_imap_event *mla_imap_last(const mla_imap *s)
{
    return s != NULL && s->engine.has_event ? &s->engine.ev : NULL;
}

int mla_imap_event_take(mla_imap *s, mla_imap_event **out_ev)
{
    int rc;

    if (s == NULL || out_ev == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    session_begin(&s->session);
    rc = imap_event_take(&s->engine, out_ev);
    if (rc == 0 && (*out_ev)->type == MLA_IMAP_EV_CERTIFICATE) {
        struct chain *copy = NULL;

        rc = chain_copy((*out_ev)->mem, s->engine.ev.record, &copy);
        if (rc == 0) {
            (*out_ev)->record = &copy->rec;
        } else {
            imap_event_free(*out_ev);
            *out_ev = NULL;
        }
    }
    return session_done(&s->session, rc);
}

void mla_imap_event_free(mla_imap_event *ev)
{
    if (mla_imap_event_certificate(ev) != NULL)
        chain_free(chain_of(ev->record));
    imap_event_free(ev);
}

/* --- what is known --- */

int32_t mla_imap_state(const mla_imap *s)
{
    return s != NULL ? s->engine.state : MLA_IMAP_STATE_START;
}

int mla_imap_has_capability(const mla_imap *s, const char *name)
{
    return s != NULL && name != NULL && imap_caps_has(&s->engine.caps, name);
}

uint32_t mla_imap_capability_count(const mla_imap *s)
{
    return s != NULL ? (uint32_t)s->engine.caps.count : 0;
}

const char *mla_imap_capability_word(const mla_imap *s, uint32_t i)
{
    return s != NULL ? imap_caps_word(&s->engine.caps, i) : NULL;
}

const char *mla_imap_auth_name(const mla_imap *s)
{
    return s != NULL ? s->engine.auth_name : "";
}

/* NULL unless a mailbox is selected: one that is being selected may still be refused (P23). */
static const struct imap_state *box_of(const mla_imap *s)
{
    return s != NULL && s->engine.state == IMAP_STATE_SELECTED ? &s->engine.box : NULL;
}

const char *mla_imap_selected(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL ? b->name : NULL;
}

uint32_t mla_imap_exists(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL ? b->exists : 0;
}

uint32_t mla_imap_uidvalidity(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL ? b->uidvalidity : 0;
}

uint32_t mla_imap_uidnext(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL ? b->uidnext : 0;
}

int mla_imap_is_read_only(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL && b->read_only;
}

uint32_t mla_imap_permanent_flags(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL ? b->permanent_flags : 0;
}

int mla_imap_uid_not_sticky(const mla_imap *s)
{
    const struct imap_state *b = box_of(s);

    return b != NULL && b->uid_not_sticky;
}

/* --- commands --- */

int mla_imap_authenticate(mla_imap *s, const mla_credentials *credentials, uint64_t *out_ticket)
{
    mla_credentials in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(credentials, offsetof(mla_credentials, token_requests), sizeof in, &in,
                         err);
    if (rc == 0)
        rc = imap_cmd_authenticate(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_login(mla_imap *s, const mla_imap_login_args *args, uint64_t *out_ticket)
{
    mla_imap_login_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_login(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_capability(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_capability(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_enable(mla_imap *s, const mla_str *words, size_t count, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_enable(&s->engine, words, count, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_noop(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_noop(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_logout(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_logout(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_select(mla_imap *s, const mla_imap_select_args *args, uint64_t *out_ticket)
{
    mla_imap_select_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_select_args, condstore), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_select(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_close(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_close(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_unselect(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_unselect(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

static int mailbox_command(mla_imap *s, int what, const mla_imap_mailbox_args *args,
                           uint64_t *out_ticket)
{
    mla_imap_mailbox_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_mailbox(args, &in, err);
    if (rc == 0)
        rc = imap_cmd_mailbox(&s->engine, what, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_create(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return mailbox_command(s, BOX_CREATE, args, out_ticket);
}

int mla_imap_delete(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return mailbox_command(s, BOX_DELETE, args, out_ticket);
}

int mla_imap_subscribe(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return mailbox_command(s, BOX_SUBSCRIBE, args, out_ticket);
}

int mla_imap_unsubscribe(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket)
{
    return mailbox_command(s, BOX_UNSUBSCRIBE, args, out_ticket);
}

int mla_imap_rename(mla_imap *s, const mla_imap_rename_args *args, uint64_t *out_ticket)
{
    mla_imap_rename_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_rename(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

static int list_command(mla_imap *s, int lsub, const mla_imap_list_args *args, uint64_t *out_ticket)
{
    mla_imap_list_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_list_args, selections), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_list(&s->engine, lsub, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_list_mailboxes(mla_imap *s, const mla_imap_list_args *args, uint64_t *out_ticket)
{
    return list_command(s, 0, args, out_ticket);
}

int mla_imap_lsub(mla_imap *s, const mla_imap_list_args *args, uint64_t *out_ticket)
{
    return list_command(s, 1, args, out_ticket);
}

int mla_imap_status_mailbox(mla_imap *s, const mla_imap_status_args *args, uint64_t *out_ticket)
{
    mla_imap_status_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_status(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_append(mla_imap *s, const mla_imap_append_args *args, uint64_t *out_ticket)
{
    mla_imap_append_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_append(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_append_data(mla_imap *s, uint64_t ticket, const uint8_t *data, size_t len,
                         size_t *out_used)
{
    mla_error *err;
    int rc;

    if (s == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    if (out_used == NULL || (data == NULL && len != 0))
        return fail(err, MLA_E_ARG, "no data, or no place for how much was taken");
    rc = imap_cmd_append_data(&s->engine, ticket, data, len, out_used, err);
    return session_done(&s->session, rc);
}

int mla_imap_fetch_msgs(mla_imap *s, const mla_imap_fetch_args *args, uint64_t *out_ticket)
{
    mla_imap_fetch_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_fetch_args, saved), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_fetch(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_search_msgs(mla_imap *s, const mla_imap_search_args *args, uint64_t *out_ticket)
{
    mla_imap_search_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_search_args, partial_first), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_search(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_store(mla_imap *s, const mla_imap_store_args *args, uint64_t *out_ticket)
{
    mla_imap_store_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_store_args, what), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_store(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

static int copy_command(mla_imap *s, int move, const mla_imap_copy_args *args, uint64_t *out_ticket)
{
    mla_imap_copy_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, offsetof(mla_imap_copy_args, saved), sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_copy(&s->engine, move, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_copy(mla_imap *s, const mla_imap_copy_args *args, uint64_t *out_ticket)
{
    return copy_command(s, 0, args, out_ticket);
}

int mla_imap_move(mla_imap *s, const mla_imap_copy_args *args, uint64_t *out_ticket)
{
    return copy_command(s, 1, args, out_ticket);
}

int mla_imap_expunge(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_expunge(&s->engine, NULL, 0, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_expunge_uids(mla_imap *s, const mla_range *ranges, size_t range_count,
                          uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    if (ranges == NULL || range_count == 0) /* never by mistake all of them */
        return fail(err, MLA_E_ARG, "no UIDs to expunge");
    rc = imap_cmd_expunge(&s->engine, ranges, range_count, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_idle(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_idle(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_idle_done(mla_imap *s, uint64_t ticket)
{
    mla_error *err;
    int rc;

    if (s == NULL)
        return MLA_E_ARG;
    if (session_inside(&s->session))
        return MLA_E_STATE;
    err = session_begin(&s->session);
    rc = imap_cmd_idle_done(&s->engine, ticket, err);
    return session_done(&s->session, rc);
}
