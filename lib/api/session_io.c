/* session_io.c - see mailaccess/session.h: the calls that move octets and keep time. */
#include "api/session_io.h"

#include "api/session_ask.h"
#include "base/clock.h"
#include "base/fail.h"
#include "conn/conn.h"
#include "conn/wait.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* How often an attached session looks whether an errand was done. */
enum { ERRAND_LOOK_MS = 20 };

uint64_t session_now(const struct mla_session *ss)
{
    return ss->mode == SESSION_ATTACHED ? ss->engine->now_ms : clock_now_ms();
}

static int engine_has_room(const struct inbuf *in)
{
    return in->hungry || in->end < in->cap || in->start == in->end;
}

/* Until when the connect ticket must be over; CLOCK_NEVER once it is. */
static uint64_t connect_deadline(const struct mla_session *ss)
{
    int result;

    if (ss->connect_by_ms == CLOCK_NEVER ||
        ss->protocol->result(ss->handle, ss->connect_ticket, &result) != 0)
        return CLOCK_NEVER;
    return ss->connect_by_ms;
}

/* Octets wait for the consumer: they may well be the greeting. Part of a line, at which the parser
 * has looked already, is none: who sends one octet after the other has no more time for it. */
static int is_unread(const struct inbuf *in)
{
    return inbuf_len(in) != 0 && !in->hungry;
}

static int check_connect_deadline(struct mla_session *ss, uint64_t now_ms)
{
    const char *stage = ss->conn != NULL ? conn_stage(ss->conn) : "";
    mla_error err = {0};
    uint64_t by = connect_deadline(ss);

    if (by == CLOCK_NEVER)
        ss->connect_by_ms = CLOCK_NEVER;
    if (now_ms < by || session_asks(ss))
        return 0;
    if (is_unread(&ss->engine->in)) {
        ss->connect_late = 1;
        return 0;
    }
    fail(&err, MLA_E_DEADLINE, "no session with %s within %u s: still %s", ss->host,
         ss->cfg->deadlines[MLA_DEADLINE_CONNECT] / 1000U,
         stage[0] != '\0' ? stage : "waiting for the server's first answers");
    return engine_dead(ss->engine, &err);
}

static void note_tls(struct mla_session *ss)
{
    const struct engine_tls *facts = ss->conn != NULL ? conn_tls(ss->conn) : NULL;

    if (facts == NULL || ss->tls)
        return;
    ss->tls = 1;
    ss->verified = facts->verified;
    ss->tls_version = facts->version;
    ss->tls_cipher = facts->cipher;
    ss->tls_alpn = facts->alpn;
}

int session_process(struct mla_session *ss)
{
    uint64_t now;
    int moved;
    int rc;

    if (ss->conn == NULL) {
        session_begin(ss);
        return session_done(ss, MLA_E_STATE);
    }
    now = clock_now_ms();
    /* Before more is read: what comes without end is no reason to wait without end. */
    if (ss->connect_late && (rc = check_connect_deadline(ss, now)) < 0)
        return rc;
    moved = conn_process(ss->conn, now);
    note_tls(ss);
    ss->compressed |= conn_compressed(ss->conn);
    if (moved < 0)
        return moved;
    rc = session_ask_begin(ss, now);
    if (rc != 0)
        return rc;
    rc = check_connect_deadline(ss, now);
    return rc < 0 ? rc : moved;
}

int mla_session_process(mla_session *ss)
{
    if (ss == NULL)
        return MLA_E_ARG;
    return session_inside(ss) ? MLA_E_STATE : session_leave(ss, session_process(ss));
}

/* --- what to wait for --- */

int32_t mla_session_fd(const mla_session *ss)
{
    return ss == NULL || ss->conn == NULL ? -1 : conn_fd(ss->conn);
}

static uint32_t attached_wants(const struct mla_session *ss)
{
    const struct engine *e = ss->engine;
    uint32_t wants = e->ops->wants(e);
    uint32_t w = 0;

    if (e->dead != 0)
        return MLA_WANT_CLOSE;
    if ((wants & ENGINE_TLS) != 0 || (ss->security == MLA_SECURITY_TLS && !ss->tls))
        return MLA_WANT_TLS;
    if ((wants & ENGINE_COMPRESS) != 0)
        return MLA_WANT_COMPRESS;
    if ((wants & ENGINE_READ) != 0 && engine_has_room(&e->in))
        w |= MLA_WANT_READ;
    if (e->out.held != 0)
        w |= MLA_WANT_WRITE;
    else if ((wants & ENGINE_CLOSE) != 0)
        w |= MLA_WANT_CLOSE;
    return w;
}

uint32_t mla_session_wants(const mla_session *ss)
{
    uint32_t wants;
    uint32_t w = 0;

    if (ss == NULL || ss->mode == SESSION_NEW)
        return 0;
    if (ss->mode == SESSION_ATTACHED)
        return attached_wants(ss);
    if (ss->engine->dead != 0 || conn_closed(ss->conn))
        return MLA_WANT_CLOSE;
    wants = conn_wants(ss->conn);
    if ((wants & STREAM_READABLE) != 0)
        w |= MLA_WANT_READ;
    if ((wants & STREAM_WRITABLE) != 0)
        w |= MLA_WANT_WRITE;
    if ((wants & STREAM_NOW) != 0)
        w |= MLA_WANT_NOW;
    return w;
}

static uint64_t session_deadline(const struct mla_session *ss)
{
    uint64_t at = ss->conn != NULL ? conn_deadline(ss->conn) : engine_deadline(ss->engine);
    uint64_t by = connect_deadline(ss);

    if (session_asks(ss))
        return CLOCK_NEVER; /* a person needs what time they need */
    if (is_unread(&ss->engine->in))
        return at; /* first the consumer reads */
    return by < at ? by : at;
}

int32_t mla_session_timeout_ms(const mla_session *ss)
{
    uint64_t at;
    uint64_t now;

    if (ss == NULL || ss->mode == SESSION_NEW || ss->engine->dead != 0)
        return -1;
    if ((mla_session_wants(ss) & MLA_WANT_NOW) != 0)
        return 0;
    at = session_deadline(ss);
    now = session_now(ss);
    /* There is no descriptor that would tell when it was done. */
    if (ss->mode == SESSION_ATTACHED && ss->engine->errand != NULL) {
        uint64_t look = ss->errands.way != NULL ? now + ERRAND_LOOK_MS : now;

        at = look < at ? look : at;
    }
    if (at == CLOCK_NEVER)
        return -1;
    if (at <= now)
        return 0;
    return at - now > INT32_MAX ? INT32_MAX : (int32_t)(at - now);
}

int session_wait(struct mla_session *ss, uint64_t until_ms)
{
    uint64_t at;
    int rc;

    if (conn_closed(ss->conn))
        return 1;         /* process() says that it is over */
    if (session_asks(ss)) /* nothing will happen, however long one waits */
        return session_unanswered(ss);
    at = session_deadline(ss);
    rc = wait_for(ss->wake, conn_fd(ss->conn), conn_wants(ss->conn), at < until_ms ? at : until_ms);
    if (rc == MLA_E_CANCELLED)
        return rc;
    /* A descriptor that cannot be waited for makes process() find out why. */
    return rc == 0 && clock_now_ms() < at ? MLA_E_TIMEOUT : 1;
}

int mla_session_wait(mla_session *ss, int32_t timeout_ms)
{
    uint64_t until = CLOCK_NEVER;

    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    session_begin(ss);
    if (ss->conn == NULL)
        return session_done(ss, MLA_E_STATE);
    if (ss->engine->dead != 0)
        return 1;
    if (session_asks(ss) && !ss->question_told)
        return 1;
    if (timeout_ms >= 0)
        until = clock_now_ms() + (uint64_t)timeout_ms;
    return session_done(ss, session_wait(ss, until));
}

int mla_session_interrupt(mla_session *ss)
{
    if (ss == NULL)
        return MLA_E_ARG;
    wake_raise(ss->wake);
    return 0;
}

/* --- TLS --- */

int mla_session_is_tls(const mla_session *ss)
{
    return ss != NULL && ss->tls;
}

int mla_session_is_verified(const mla_session *ss)
{
    return ss != NULL && ss->tls && ss->verified;
}

int mla_session_is_compressed(const mla_session *ss)
{
    return ss != NULL && ss->compressed;
}

int mla_session_is_resumed(const mla_session *ss)
{
    const struct engine_tls *facts = ss != NULL && ss->conn != NULL ? conn_tls(ss->conn) : NULL;

    return facts != NULL && facts->resumed;
}

int mla_session_channel_binding(const mla_session *ss, int32_t kind, uint8_t *out, size_t size,
                                size_t *out_len)
{
    const struct engine_tls *facts;
    const uint8_t *p;
    size_t n;

    if (ss == NULL || out == NULL || out_len == NULL)
        return MLA_E_ARG;
    *out_len = 0;
    if (kind < MLA_BINDING_END_POINT || kind > MLA_BINDING_UNIQUE)
        return MLA_E_ARG;
    if ((facts = ss->conn != NULL ? conn_tls(ss->conn) : NULL) == NULL)
        return MLA_E_STATE;
    p = kind == MLA_BINDING_END_POINT  ? facts->end_point
        : kind == MLA_BINDING_EXPORTER ? facts->exporter
                                       : facts->unique;
    n = kind == MLA_BINDING_END_POINT  ? facts->end_point_len
        : kind == MLA_BINDING_EXPORTER ? facts->exporter_len
                                       : facts->unique_len;
    if (n == 0)
        return MLA_E_UNSUPPORTED;
    if (n > size)
        return MLA_E_LIMIT;
    memcpy(out, p, n);
    *out_len = n;
    return 0;
}

const char *mla_session_tls_version(const mla_session *ss)
{
    return ss != NULL ? ss->tls_version : "";
}

const char *mla_session_tls_cipher(const mla_session *ss)
{
    return ss != NULL ? ss->tls_cipher : "";
}

const char *mla_session_tls_alpn(const mla_session *ss)
{
    return ss != NULL ? ss->tls_alpn : "";
}

/* --- I/O of the caller's own --- */

/* 0 when such a call is possible. */
static int own_io(struct mla_session *ss)
{
    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    if (ss->engine->dead != 0)
        return ss->engine->dead;
    session_begin(ss);
    return session_done(ss, ss->mode == SESSION_ATTACHED ? 0 : MLA_E_STATE);
}

static int die(struct mla_session *ss, int code, const char *text)
{
    mla_error err = {0};

    fail(&err, code, "%s", text);
    return engine_dead(ss->engine, &err);
}

static int attached_errand(struct mla_session *ss)
{
    mla_error err = {0};
    int moved = 0;
    int rc;

    errands_seen(&ss->errands); /* nobody watches */
    rc = errands_turn(&ss->errands, ss->engine, &moved, &err);
    return rc < 0 && err.code != 0 ? engine_dead(ss->engine, &err) : rc;
}

/* How many of n octets may be taken. Where a layer may begin behind the next line, that is one line
 * once the parser has seen the one before (RFC 4978 section 3): what follows is the layer's. */
static size_t one_line(const struct engine *e, const uint8_t *p, size_t n)
{
    const struct inbuf *in = &e->in;
    const uint8_t *end;

    if ((e->ops->wants(e) & ENGINE_LAYER) == 0)
        return n;
    if (inbuf_len(in) != 0 && !in->hungry && in->ptr[in->end - 1] == '\n')
        return 0;
    end = memchr(p, '\n', n);
    return end != NULL ? (size_t)(end - p) + 1 : n;
}

int mla_session_feed(mla_session *ss, const uint8_t *data, size_t n, size_t *out_used)
{
    size_t used = 0;
    int rc = own_io(ss);

    if (rc != 0)
        return rc;
    if (out_used == NULL || (data == NULL && n != 0))
        return session_done(ss, MLA_E_ARG);
    *out_used = 0;
    /* Nobody honest speaks in clear once TLS was agreed on (T07). */
    if (n != 0 && (ss->engine->ops->wants(ss->engine) & ENGINE_TLS) != 0)
        return die(ss, MLA_E_PROTOCOL, "octets were injected in clear before TLS began");
    while (used < n && (attached_wants(ss) & MLA_WANT_READ) != 0) {
        uint8_t *p;
        size_t room;
        size_t line = one_line(ss->engine, data + used, n - used);

        if (line == 0)
            break;
        rc = engine_room(ss->engine, &p, &room);
        if (rc != 0)
            return die(ss, rc,
                       rc == MLA_E_FLOOD ? "a response is larger than the limit" : "out of memory");
        if (room == 0)
            break;
        if (room > line)
            room = line;
        memcpy(p, data + used, room);
        engine_got(ss->engine, room);
        trace_received(ss->engine->trace, p, room);
        used += room;
        if (ss->drop != NULL)
            break;
    }
    *out_used = used;
    return session_leave(ss, 0);
}

static int offered(struct mla_session *ss, const uint8_t **out_p, size_t *out_n, int *out_secret)
{
    if ((attached_wants(ss) & MLA_WANT_WRITE) == 0)
        return 0;
    return outq_peek(&ss->engine->out, out_p, out_n, out_secret);
}

int mla_session_output(mla_session *ss, const uint8_t **out_data, size_t *out_n)
{
    int secret;
    int rc = own_io(ss);

    if (rc != 0)
        return rc;
    if (out_data == NULL || out_n == NULL)
        return session_done(ss, MLA_E_ARG);
    rc = attached_errand(ss);
    if (rc != 0)
        return rc;
    return offered(ss, out_data, out_n, &secret);
}

int mla_session_sent(mla_session *ss, size_t n)
{
    const uint8_t *p = NULL;
    size_t held = 0;
    int secret = 0;
    int rc = own_io(ss);

    if (rc != 0 || n == 0)
        return rc;
    if (offered(ss, &p, &held, &secret) != 1 || n > held)
        return session_done(ss, MLA_E_ARG);
    trace_sent(ss->engine->trace, p, n, secret);
    outq_sent(&ss->engine->out, n);
    return session_leave(ss, 0);
}

int mla_session_eof(mla_session *ss, int32_t clean)
{
    int rc = own_io(ss);

    return rc != 0 ? rc : ss->engine->ops->eof(ss->engine, clean != 0);
}

int mla_session_tick(mla_session *ss, uint64_t now_ms)
{
    uint32_t limit;
    int rc = own_io(ss);

    if (rc != 0)
        return rc;
    if (!ss->ticked) {
        /* Only now is it known where the caller's clock stands. */
        limit = ss->cfg->deadlines[MLA_DEADLINE_CONNECT];
        ss->ticked = 1;
        ss->engine->now_ms = now_ms;
        pace_pause(&ss->engine->pace, now_ms);
        if (limit != 0)
            ss->connect_by_ms = now_ms + limit;
    }
    rc = engine_tick(ss->engine, now_ms);
    if (rc >= 0)
        rc = attached_errand(ss);
    return rc < 0 ? rc : check_connect_deadline(ss, ss->engine->now_ms);
}

int mla_session_tls_up(mla_session *ss, int32_t verified)
{
    struct engine_tls facts = {.verified = verified != 0, .version = "", .cipher = ""};
    int first;
    int rc = own_io(ss);

    if (rc != 0)
        return rc;
    if ((attached_wants(ss) & MLA_WANT_TLS) == 0)
        return session_done(ss, MLA_E_STATE);
    if (inbuf_len(&ss->engine->in) != 0)
        return die(ss, MLA_E_PROTOCOL, "octets were injected in clear before TLS began");
    first = ss->security == MLA_SECURITY_TLS;
    ss->tls = 1;
    ss->verified = facts.verified;
    rc = ss->engine->ops->tls_up(ss->engine, &facts);
    if (rc == 0 && first)
        rc = ss->engine->ops->connected(ss->engine);
    return rc;
}

int mla_session_compress_up(mla_session *ss)
{
    int rc = own_io(ss);

    if (rc != 0)
        return rc;
    if ((attached_wants(ss) & MLA_WANT_COMPRESS) == 0)
        return session_done(ss, MLA_E_STATE);
    if (inbuf_len(&ss->engine->in) != 0) /* they came before COMPRESS was sent: see feed() */
        return die(ss, MLA_E_PROTOCOL, "octets were injected before compression began");
    rc = ss->engine->ops->compress_up(ss->engine);
    ss->compressed = rc == 0;
    return rc;
}
