/* session_api.c - see session_api.h: the life of a session and the blocking loop. The calls that
 * move octets are in session_io.c. */
#include "api/session_api.h"

#include "api/session_ask.h"
#include "api/session_io.h"
#include "base/clock.h"
#include "base/fail.h"
#include "conn/conn.h"
#include "conn/wait.h"
#include "net/hostname.h"

#include <stdio.h>
#include <string.h>

/* What the engine's trace calls. */
static void show(void *session, int32_t what, const uint8_t *data, size_t len)
{
    struct mla_session *ss = session;

    if (ss->drop != NULL) /* the function and what it works on may be gone */
        return;
    ss->calling++;
    ss->cfg->trace(ss->cfg->trace_file != NULL ? &ss->trace_writer : ss->cfg->trace_user, what,
                   data, len);
    ss->calling--;
}

int session_init(struct mla_session *ss, mla_config *cfg, const struct session_protocol *protocol,
                 void *handle, struct engine *engine)
{
    memset(ss, 0, sizeof *ss);
    ss->protocol = protocol;
    ss->handle = handle;
    ss->engine = engine;
    ss->cfg = cfg;
    ss->connect_by_ms = CLOCK_NEVER;
    ss->tls_version = ss->tls_cipher = ss->tls_alpn = "";
    if (cfg->trace != NULL) {
        if (cfg->trace_file != NULL)
            trace_file_join(cfg->trace_file, &ss->trace_writer);
        engine->trace = trace_new(&cfg->mem, &engine->mask, show, ss);
        if (engine->trace == NULL)
            return MLA_E_NOMEM;
    }
    return wake_new(&cfg->mem, &ss->wake);
}

void session_free(struct mla_session *ss)
{
    struct conn *conn = ss->conn;

    /* The last words of the trace come in here: what a function then looks at must not be gone. */
    conn_shut(conn);
    trace_end(ss->engine->trace);
    ss->conn = NULL;
    conn_free(conn);
    errands_drop(&ss->errands);
    session_ask_free(ss);
    wake_free(ss->wake);
    mem_free(&ss->cfg->mem, ss->host);
    mem_free(&ss->cfg->mem, ss->address);
    mem_free(&ss->cfg->mem, ss->story);
    ss->story = NULL;
    ss->wake = NULL;
    ss->host = NULL;
}

int session_inside(const struct mla_session *ss)
{
    return ss->calling != 0 || mem_inside();
}

int session_put_off(struct mla_session *ss, void (*drop)(void *whom), void *whom)
{
    if (mem_inside())
        return 1;
    if (ss->calling == 0)
        return 0;
    ss->drop = drop;
    ss->dropped = whom;
    return 1;
}

int session_leave(struct mla_session *ss, int rc)
{
    if (ss->drop == NULL || ss->calling != 0)
        return rc;
    ss->drop(ss->dropped);
    return MLA_E_CLOSED;
}

mla_error *session_begin(struct mla_session *ss)
{
    mla_error *err = &ss->engine->why;

    if (ss->engine->dead == 0) /* else what it was dead of stays, and fail() leaves it alone */
        memset(err, 0, sizeof *err);
    return err;
}

int session_done(struct mla_session *ss, int rc)
{
    if (rc < 0 && ss->engine->dead == 0)
        fail(&ss->engine->why, rc, "%s", fail_text(rc));
    return rc;
}

void session_pace(const mla_config *cfg, struct pace_limits *out)
{
    out->silence_ms = cfg->deadlines[MLA_DEADLINE_SILENCE];
    out->answer_ms = cfg->deadlines[MLA_DEADLINE_ANSWER];
    out->bulk_floor = 1024;
    out->bulk_ms = cfg->deadlines[MLA_DEADLINE_BULK_WINDOW];
    out->command_ms = cfg->deadlines[MLA_DEADLINE_COMMAND];
}

void mla_session_error(const mla_session *ss, mla_error *out_err)
{
    if (out_err == NULL)
        return;
    memset(out_err, 0, sizeof *out_err);
    if (ss == NULL)
        return;
    *out_err = ss->engine->why;
    mask_hide(&ss->engine->mask, out_err->message, sizeof out_err->message);
}

/* --- connecting --- */

static int read_address(struct mla_session *ss, const char *text, mla_error *err)
{
    struct hostname name;

    if (text == NULL)
        return 0;
    if (hostname_parse(text, &name, NULL) != 0 || name.ip_len == 0)
        return fail(err, MLA_E_ARG, "the address is no IP address");
    ss->address = mem_dup(&ss->cfg->mem, name.ascii, strlen(name.ascii));
    return ss->address != NULL ? 0 : fail(err, MLA_E_NOMEM, "out of memory");
}

static int read_args(struct mla_session *ss, const mla_connect_args *in, int need_host,
                     mla_connect_args *out, mla_error *err)
{
    struct hostname name;
    int rc = record_in(in, offsetof(mla_connect_args, address), sizeof *out, out);

    if (rc != 0)
        return fail(err, rc, "the connect record is not valid");
    if (out->security > MLA_SECURITY_NONE || out->port > 65535 || out->reserved != 0)
        return fail(err, MLA_E_ARG, "security or port is out of range");
    if (out->port == 0)
        out->port =
            out->security == MLA_SECURITY_TLS ? ss->protocol->port_tls : ss->protocol->port_plain;
    memset(&name, 0, sizeof name);
    if (out->host == NULL && need_host)
        return fail(err, MLA_E_ARG, "no host given");
    rc = out->host != NULL ? hostname_parse(out->host, &name, err) : 0;
    if (rc != 0)
        return rc;
    ss->host = mem_dup(&ss->cfg->mem, name.ascii, strlen(name.ascii));
    if (ss->host == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    rc = read_address(ss, out->address, err);
    if (rc != 0)
        return rc;
    ss->port = out->port;
    ss->security = out->security;
    return 0;
}

static int fill_tls(struct mla_session *ss, struct tls_options *o, mla_error *err)
{
    mla_config *cfg = ss->cfg;

    memset(o, 0, sizeof *o);
    o->pins = (const uint8_t(*)[32])cfg->pins;
    o->pin_count = cfg->pin_count;
    o->insecure = cfg->insecure;
    o->min_version = cfg->tls_min;
    o->host = ss->host;
    o->port = ss->port;
    o->alpn = ss->protocol->alpn;
    o->identity = cfg->identity;
    o->accepted = cfg->accepted;
    o->shared = cfg->shared;
    o->ask = cfg->certificate_question;
    if (ss->security == MLA_SECURITY_NONE)
        return 0;
    o->cache = config_tls_cache(cfg);
    return config_roots(cfg, &o->roots, err);
}

static int make_conn(struct mla_session *ss, int fd, mla_error *err)
{
    struct tls_options tls;
    struct conn_options o;
    int rc = fill_tls(ss, &tls, err);

    if (rc != 0)
        return rc;
    memset(&o, 0, sizeof o);
    o.host = ss->address != NULL ? ss->address : ss->host;
    o.port = ss->port;
    o.tls_first = ss->security == MLA_SECURITY_TLS;
    o.tls = ss->security != MLA_SECURITY_NONE ? &tls : NULL;
    o.proxy = fd < 0 && ss->cfg->proxy.kind != 0 ? &ss->cfg->proxy : NULL;
    if (o.proxy != NULL && o.proxy->password != NULL)
        rc = engine_knows(ss->engine, o.proxy->password, strlen(o.proxy->password));
    if (rc != 0)
        return fail(err, rc, "out of memory");
    o.write_ms = ss->cfg->deadlines[MLA_DEADLINE_SILENCE];
    o.alive = ss->cfg->alive;
    return fd < 0 ? conn_open(&ss->conn, ss->engine, &o, err)
                  : conn_adopt(&ss->conn, ss->engine, fd, &o, err);
}

static int start_protocol(struct mla_session *ss, uint64_t *out_ticket, mla_error *err)
{
    struct session_start how = {ss->security, ss->host, ss->port};
    uint64_t ticket = 0;
    int rc = ss->protocol->start(ss->handle, &how, &ticket);

    if (rc < 0)
        return fail(err, rc, "%s", fail_text(rc));
    ss->connect_ticket = ticket;
    if (out_ticket != NULL)
        *out_ticket = ticket;
    return 0;
}

static void undo(struct mla_session *ss)
{
    conn_release(ss->conn);
    conn_free(ss->conn);
    ss->conn = NULL;
    mem_free(&ss->cfg->mem, ss->host);
    mem_free(&ss->cfg->mem, ss->address);
    ss->host = NULL;
    ss->address = NULL;
}

static int start_conn(struct mla_session *ss, int fd, const mla_connect_args *args,
                      uint64_t *out_ticket)
{
    mla_connect_args a;
    mla_error *err;
    uint32_t limit;
    int rc;

    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    err = session_begin(ss);
    if (ss->mode != SESSION_NEW)
        return fail(err, MLA_E_STATE, "the session was connected before");
    ss->engine->now_ms = clock_now_ms();
    rc = read_args(ss, args, 1, &a, err);
    if (rc == 0)
        rc = make_conn(ss, fd, err);
    if (rc == 0)
        rc = start_protocol(ss, out_ticket, err);
    if (rc != 0) {
        undo(ss);
        return session_done(ss, rc);
    }
    ss->mode = SESSION_CONNECTED;
    limit = ss->cfg->deadlines[MLA_DEADLINE_CONNECT];
    if (limit != 0)
        ss->connect_by_ms = ss->engine->now_ms + limit;
    return 0;
}

int mla_session_connect(mla_session *ss, const mla_connect_args *args, uint64_t *out_ticket)
{
    return start_conn(ss, -1, args, out_ticket);
}

int mla_session_adopt_fd(mla_session *ss, int32_t fd, const mla_connect_args *args,
                         uint64_t *out_ticket)
{
    return fd < 0 ? MLA_E_ARG : start_conn(ss, fd, args, out_ticket);
}

int mla_session_attach(mla_session *ss, const mla_connect_args *args, uint64_t *out_ticket)
{
    mla_connect_args a;
    mla_error *err;
    int rc;

    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    err = session_begin(ss);
    if (ss->mode != SESSION_NEW)
        return fail(err, MLA_E_STATE, "the session was connected before");
    rc = read_args(ss, args, 0, &a, err);
    if (rc == 0)
        rc = start_protocol(ss, out_ticket, err);
    if (rc != 0) {
        undo(ss);
        return session_done(ss, rc);
    }
    ss->mode = SESSION_ATTACHED;
    /* With TLS from the first octet the greeting is due once the caller's TLS is up. */
    if (ss->security != MLA_SECURITY_TLS)
        rc = ss->engine->ops->connected(ss->engine);
    return session_done(ss, rc);
}

/* --- events and waiting --- */

/* Keeps the story of a command that failed, for who asks once step() or finish() has returned its
 * error. One that was not sent since an earlier one failed tells the earlier one's story too. */
static void remember(struct mla_session *ss, const void *ev)
{
    struct session_story *story = ss->story;
    mla_str text = {NULL, 0};
    uint32_t status = 0;
    uint64_t ticket = 0;
    int code;
    int len;

    if (!ss->protocol->about(ev, &ticket))
        return;
    code = ss->protocol->ended(ev, &text, &status);
    len = text.len < 120 ? (int)text.len : 120;
    if (code >= 0) {
        if (story != NULL)
            story->cause[0] = '\0';
        return;
    }
    if (story == NULL)
        story = ss->story = mem_zero(&ss->cfg->mem, sizeof *story);
    if (story == NULL)
        return;
    memset(&story->failure, 0, sizeof story->failure);
    story->failure.ticket = ticket;
    if (code == MLA_E_STATE && status == 0 && story->cause[0] != '\0') {
        fail(&story->failure, code, "not sent, because of an earlier failure: %s", story->cause);
        return;
    }
    if (len == 0)
        fail(&story->failure, code, "%s", fail_text(code));
    else if (status == 0)
        fail(&story->failure, code, "%.*s", len, text.ptr);
    else
        fail(&story->failure, code, "%s (%.*s)", fail_text(code), len, text.ptr);
    snprintf(story->cause, sizeof story->cause, "%s", story->failure.message);
}

int session_next(struct mla_session *ss, const void **out_ev)
{
    int rc = ss->protocol->next(ss->handle, out_ev);

    if (rc == 1) {
        remember(ss, *out_ev);
        return 1;
    }
    return session_no_event(ss, rc, out_ev);
}

void session_told_done(struct mla_session *ss, const void *ev)
{
    remember(ss, ev);
}

int session_no_event(struct mla_session *ss, int rc, const void **out_ev)
{
    *out_ev = NULL;
    if (ss->engine->dead != 0)
        return ss->engine->dead;
    /* What the consumer took to get here was not the server's time. */
    engine_drained(ss->engine, session_now(ss));
    if (rc == 0)
        rc = session_ask_next(ss, out_ev);
    if (rc == 0 && ss->conn != NULL)
        conn_rest(ss->conn);
    else if (rc == 0)
        engine_rest(ss->engine);
    return rc;
}

/* What the call that ended for `rc` has to say; the ticket's own story is in its DONE event. */
static int step_over(struct mla_session *ss, uint64_t ticket, int rc)
{
    if (rc < 0 && ss->engine->dead == 0) {
        if (ss->story != NULL && ss->story->failure.code == rc &&
            ss->story->failure.ticket == ticket)
            ss->engine->why = ss->story->failure;
        session_done(ss, rc);
        ss->engine->why.ticket = ticket;
    }
    return rc;
}

/* session_step() until a moment. *waits counts the times that it waited: the first is for nothing
 * where the moment has passed already, so that a time limit of 0 still moves what can be moved. */
static int step_until(struct mla_session *ss, uint64_t ticket, uint64_t until_ms, unsigned *waits,
                      const void **out_ev)
{
    int result = 0;
    int rc;

    *out_ev = NULL;
    session_begin(ss);
    if (ss->mode == SESSION_NEW)
        return step_over(ss, ticket, MLA_E_STATE);
    if (ticket != 0) {
        rc = ss->protocol->result(ss->handle, ticket, &result);
        if (rc != 0)
            return step_over(ss, ticket, rc == 1 ? result : rc);
    }
    for (;;) {
        rc = session_next(ss, out_ev);
        if (rc != 0)
            return rc;
        if (ss->protocol->is_asking != NULL && ss->protocol->is_asking(ss->handle))
            return fail(&ss->engine->why, MLA_E_STATE,
                        "the log-in waits for mla_session_give_token()");
        /* A server that always has something to say does not make a wait longer. */
        if (ss->mode == SESSION_ATTACHED ||
            ((*waits)++ != 0 && until_ms != CLOCK_NEVER && clock_now_ms() >= until_ms))
            return step_over(ss, ticket, MLA_E_TIMEOUT);
        rc = session_wait(ss, until_ms);
        if (rc < 0)
            return step_over(ss, ticket, rc);
        /* An error is told by session_next(), after the events that came before it. */
        (void)session_process(ss);
        if (ss->drop != NULL)
            return MLA_E_CLOSED;
    }
}

static uint64_t moment(int32_t timeout_ms)
{
    return timeout_ms < 0 ? CLOCK_NEVER : clock_now_ms() + (uint64_t)timeout_ms;
}

int session_step(struct mla_session *ss, uint64_t ticket, int32_t timeout_ms, const void **out_ev)
{
    unsigned waits = 0;

    return step_until(ss, ticket, moment(timeout_ms), &waits, out_ev);
}

int session_finish(struct mla_session *ss, uint64_t ticket, int32_t timeout_ms, const void **out_ev)
{
    uint64_t until_ms = moment(timeout_ms);
    unsigned waits = 0;

    *out_ev = NULL;
    if (ss->protocol->others(ss->handle, ticket)) {
        session_begin(ss);
        return step_over(ss, ticket, MLA_E_BUSY);
    }
    for (;;) {
        uint64_t whose = 0;
        int result = 0;
        int rc = step_until(ss, ticket, until_ms, &waits, out_ev);

        if (rc != 1)
            return rc;
        if (!ss->protocol->about(*out_ev, &whose) || whose != ticket)
            continue;
        rc = ss->protocol->result(ss->handle, ticket, &result);
        return step_over(ss, ticket, rc == 1 ? result : MLA_E_INTERNAL);
    }
}
