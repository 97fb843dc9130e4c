/* conn.c - see conn.h */
#include "conn/conn.h"

#include "base/fail.h"
#include "base/wipe.h"
#include "conn/errands.h"
#include "net/deflate.h"
#include "net/proxy.h"
#include "net/tcp.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PHASE_TCP = 0,
    PHASE_PROXY = 1,
    PHASE_TLS = 2,
    PHASE_ASK = 3,
    PHASE_UP = 4,
    PHASE_CLOSED = 5
};

/* So long after a command DEFLATE keeps what it has: another one may follow, which is the shorter
 * for what it repeats. */
enum { REST_MS = 1000 };

struct conn {
    struct engine *e;
    struct stream *tcp;     /* the lowest layer */
    struct stream *top;     /* the highest, which owns those below */
    struct stream *tls;     /* NULL without TLS */
    struct stream *deflate; /* NULL without compression */
    struct conn_options opt;
    struct tls_options *tls_opt; /* until TLS is up; NULL: there is none to be */
    struct engine_tls facts;
    struct errands errands;
    uint8_t *bindings; /* what facts points to */
    size_t bindings_len;
    mla_error *broken; /* writing failed; reported once everything received was read */
    int phase;
    int left;        /* the descriptor that was watched last, once it is over; or -1 */
    int tls_up;      /* the handshake is done */
    int again;       /* the handshake's outcome was accepted, the engine not told yet */
    int connected;   /* the engine was told */
    int eof;         /* the peer closed, the engine was told */
    size_t untraced; /* octets at the end of the receive buffer: whose they are is not known yet */
    int blocked;     /* a write was refused and none has succeeded since */
    uint64_t blocked_ms;
    int spoke; /* something was sent since deflate gave back what it had */
    uint64_t spoke_ms;
    uint64_t rest_ms; /* when it may; UINT64_MAX: nothing is planned */
    uint64_t now_ms;
};

/* Shows what was received while it was open whose it is, but for the last n octets. */
static void trace_late(struct conn *c, size_t n)
{
    const struct inbuf *in = &c->e->in;

    if (c->untraced > n)
        trace_received(c->e->trace, in->ptr + in->end - c->untraced, c->untraced - n);
    c->untraced = 0;
}

static void note(const struct conn *c, const char *text)
{
    trace_note(c->e->trace, text);
}

static void note_cb(void *user, const char *line)
{
    note(user, line);
}

static struct conn *conn_new(struct engine *e, const struct conn_options *o)
{
    struct conn *c = mem_zero(e->mem, sizeof *c);

    if (c == NULL)
        return NULL;
    c->e = e;
    c->left = -1;
    c->rest_ms = UINT64_MAX;
    c->opt = *o;
    c->opt.tls = NULL;
    if (o->tls == NULL)
        return c;
    c->tls_opt = mem_alloc(e->mem, sizeof *c->tls_opt);
    if (c->tls_opt == NULL) {
        mem_free(e->mem, c);
        return NULL;
    }
    *c->tls_opt = *o->tls;
    c->tls_opt->note = e->trace != NULL ? note_cb : NULL;
    c->tls_opt->note_user = c;
    return c;
}

static void conn_undo(struct conn *c)
{
    mem_free(c->e->mem, c->tls_opt);
    mem_free(c->e->mem, c);
}

int conn_open(struct conn **out, struct engine *e, const struct conn_options *o, mla_error *err)
{
    struct conn *c = conn_new(e, o);
    int rc;

    if (c == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    if (o->proxy != NULL)
        rc = tcp_connect(e->mem, o->proxy->host, o->proxy->port, &o->alive, &c->tcp, err);
    else
        rc = tcp_connect(e->mem, o->host, o->port, &o->alive, &c->tcp, err);
    if (rc != 0) {
        conn_undo(c);
        return rc;
    }
    c->top = c->tcp;
    *out = c;
    return 0;
}

int conn_adopt(struct conn **out, struct engine *e, int fd, const struct conn_options *o,
               mla_error *err)
{
    struct conn *c = conn_new(e, o);
    int rc;

    if (c == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    rc = tcp_adopt(e->mem, fd, &o->alive, &c->tcp, err);
    if (rc != 0) {
        conn_undo(c);
        return rc;
    }
    c->top = c->tcp;
    *out = c;
    return 0;
}

void conn_release(struct conn *c)
{
    if (c != NULL && c->phase == PHASE_TCP)
        tcp_release(c->tcp);
}

static void note_counts(const struct conn *c)
{
    struct deflate_counts n;
    char text[192];

    if (c->deflate == NULL || c->e->trace == NULL)
        return;
    deflate_counts(c->deflate, &n);
    snprintf(text, sizeof text,
             "DEFLATE: received %llu octets as %llu, sent %llu as %llu: %lld saved",
             (unsigned long long)n.text_in, (unsigned long long)n.wire_in,
             (unsigned long long)n.text_out, (unsigned long long)n.wire_out,
             (long long)(n.text_in + n.text_out - n.wire_in - n.wire_out));
    note(c, text);
}

/* Ends the connection; what was watched stays open where the caller does not know of the end. */
static void shut(struct conn *c, int unseen)
{
    trace_late(c, 0);
    trace_end(c->e->trace);
    note_counts(c);
    if (c->top != NULL && unseen)
        c->left = tcp_leave(c->tcp);
    if (c->top != NULL)
        c->top->ops->free(c->top);
    c->top = c->tcp = c->tls = c->deflate = NULL;
    c->phase = PHASE_CLOSED;
}

/* The caller has had the time to look at the descriptor since the last turn. */
static void seen(struct conn *c)
{
    if (c->tcp != NULL)
        tcp_seen(c->tcp);
    errands_seen(&c->errands);
    if (c->phase == PHASE_CLOSED) /* what was watched may have been one's */
        errands_drop(&c->errands);
    if (c->left >= 0)
        close(c->left);
    c->left = -1;
}

void conn_shut(struct conn *c)
{
    if (c == NULL)
        return;
    shut(c, 0);
    seen(c);
}

int conn_leave(struct conn *c)
{
    int fd;

    if (c->phase != PHASE_CLOSED)
        shut(c, 1);
    fd = c->left;
    c->left = -1;
    return fd;
}

void conn_free(struct conn *c)
{
    if (c == NULL)
        return;
    conn_shut(c);
    mem_free(c->e->mem, c->broken);
    if (c->bindings != NULL)
        mem_free_secret(c->e->mem, c->bindings, c->bindings_len);
    conn_undo(c);
}

/* --- layers --- */

static int start_tls(struct conn *c, mla_error *err)
{
    struct stream *s;
    int rc;

    if (c->tls_opt == NULL)
        return fail(err, MLA_E_INTERNAL, "TLS was asked for where there is none to be");
    rc = tls_open(c->e->mem, c->top, c->tls_opt, &s, err);
    if (rc != 0)
        return rc;
    c->top = c->tls = s;
    c->phase = PHASE_TLS;
    return 0;
}

static int engine_code(const struct conn *c, int rc, mla_error *err)
{
    if (rc < 0 && err->code == 0) {
        if (c->e->dead != 0)
            *err = c->e->why;
        else
            fail(err, rc, "%s", fail_text(rc));
    }
    return rc;
}

static int tell_connected(struct conn *c, mla_error *err)
{
    c->connected = 1;
    return engine_code(c, c->e->ops->connected(c->e), err);
}

/* The server can be talked to. */
static int way_is_up(struct conn *c, mla_error *err)
{
    if (c->opt.tls_first)
        return start_tls(c, err);
    c->phase = PHASE_UP;
    return tell_connected(c, err);
}

static int tcp_is_up(struct conn *c, mla_error *err)
{
    const struct conn_proxy *via = c->opt.proxy;
    struct proxy_options o;
    char peer[TCP_PEER];
    char text[128];
    int rc;

    tcp_peer(c->tcp, peer);
    snprintf(text, sizeof text, "connected to %s", peer);
    note(c, text);
    if (via == NULL)
        return way_is_up(c, err);
    o = (struct proxy_options){via->kind, c->opt.host, c->opt.port, via->user, via->password};
    rc = proxy_open(c->e->mem, c->top, &o, &c->top, err);
    if (rc == 0)
        c->phase = PHASE_PROXY;
    return rc;
}

static int proxy_is_up(struct conn *c, mla_error *err)
{
    /* A server of TLS does not speak first: whoever did is the proxy, or sits in front of it. */
    if (c->opt.tls_first && proxy_early(c->top) != 0)
        return fail(err, MLA_E_PROTOCOL, "octets were injected behind the proxy's answer");
    note(c, "the proxy has connected to the server");
    return way_is_up(c, err);
}

/* 0 or MLA_E_NOMEM. */
static int note_bindings(struct conn *c)
{
    static const int kinds[] = {TLS_BINDING_END_POINT, TLS_BINDING_EXPORTER, TLS_BINDING_UNIQUE};
    uint8_t all[3 * TLS_BINDING_MAX];
    size_t n[3] = {0};
    size_t len = 0;

    for (size_t i = 0; i < 3; i++) {
        if (tls_binding(c->tls, kinds[i], all + len, &n[i]) != 0)
            n[i] = 0;
        len += n[i];
    }
    if (len == 0)
        return 0;
    c->bindings = mem_alloc(c->e->mem, len);
    if (c->bindings == NULL) {
        wipe(all, sizeof all);
        return MLA_E_NOMEM;
    }
    c->bindings_len = len;
    memcpy(c->bindings, all, len);
    wipe(all, sizeof all);
    c->facts.end_point = n[0] != 0 ? c->bindings : NULL;
    c->facts.end_point_len = n[0];
    c->facts.exporter = n[1] != 0 ? c->bindings + n[0] : NULL;
    c->facts.exporter_len = n[1];
    c->facts.unique = n[2] != 0 ? c->bindings + n[0] + n[1] : NULL;
    c->facts.unique_len = n[2];
    return 0;
}

static int tls_is_up(struct conn *c, mla_error *err)
{
    char text[192];
    int rc;

    if (tls_asks(c->tls)) {
        c->phase = PHASE_ASK;
        note(c, "the server's certificate is not trusted: waiting for an answer");
        return 0;
    }
    c->facts.verified = tls_verified(c->tls);
    c->facts.version = tls_version(c->tls);
    c->facts.cipher = tls_cipher(c->tls);
    c->facts.alpn = tls_alpn(c->tls);
    c->facts.resumed = tls_resumed(c->tls);
    if (note_bindings(c) != 0)
        return fail(err, MLA_E_NOMEM, "out of memory");
    mem_free(c->e->mem, c->tls_opt);
    c->tls_opt = NULL;
    c->tls_up = 1;
    c->again = 0;
    c->phase = PHASE_UP;
    snprintf(text, sizeof text, "%s with %s%s%s", c->facts.version, c->facts.cipher,
             c->facts.resumed ? ", an earlier session taken up again" : "",
             c->facts.verified ? "" : ", certificate not verified");
    note(c, text);
    rc = engine_code(c, c->e->ops->tls_up(c->e, &c->facts), err);
    return rc == 0 && !c->connected ? tell_connected(c, err) : rc;
}

/* Connecting and handshakes: 1 when the connection stands, 0 when it has to wait. */
static int bring_up(struct conn *c, int *moved, mla_error *err)
{
    while (c->phase < PHASE_UP) {
        int rc = c->phase == PHASE_ASK ? 0 : c->top->ops->open(c->top, c->now_ms, err);

        if (rc <= 0) {
            *moved |= tcp_heard(c->tcp);
            return rc;
        }
        if (c->phase == PHASE_TCP)
            rc = tcp_is_up(c, err);
        else
            rc = c->phase == PHASE_PROXY ? proxy_is_up(c, err) : tls_is_up(c, err);
        if (rc < 0)
            return rc;
        *moved = 1;
    }
    return 1;
}

/* The server compresses from the octet behind its OK on (RFC 4978 section 3), so what the buffer
 * holds is the beginning of the compressed stream. */
static int start_deflate(struct conn *c, mla_error *err)
{
    struct inbuf *in = &c->e->in;
    struct stream *s;
    int rc = deflate_open(c->e->mem, c->top, inbuf_data(in), inbuf_len(in), &s, err);

    if (rc != 0)
        return rc;
    trace_late(c, inbuf_len(in));
    inbuf_drop(in);
    c->top = c->deflate = s;
    note(c, "DEFLATE both ways");
    return engine_code(c, c->e->ops->compress_up(c->e), err);
}

/* The engine asked for another layer. Whatever is in its buffer when that is TLS was put behind the
 * server's OK by somebody who sits in between (T07, T14); so was anything that is to be sent. */
static int change_layer(struct conn *c, uint32_t wants, mla_error *err)
{
    int tls = (wants & ENGINE_TLS) != 0;

    if (tls && inbuf_len(&c->e->in) != 0)
        return fail(err, MLA_E_PROTOCOL,
                    "%zu octets were injected in clear before TLS began: somebody may sit between "
                    "this machine and the server",
                    inbuf_len(&c->e->in));
    if (c->e->out.held != 0 || c->deflate != NULL || (tls && c->tls != NULL))
        return fail(err, MLA_E_INTERNAL, "%s was asked for at the wrong time",
                    tls ? "TLS" : "compression");
    if (!tls)
        return start_deflate(c, err);
    inbuf_rest(&c->e->in);
    return start_tls(c, err);
}

/* --- octets --- */

/* Keeps it for later. 0; or the error, which is told at once where there is no memory. */
static int write_broke(struct conn *c, mla_error *err)
{
    c->broken = mem_alloc(c->e->mem, sizeof *c->broken);
    if (c->broken == NULL)
        return err->code;
    *c->broken = *err;
    memset(err, 0, sizeof *err);
    return 0;
}

static int write_all(struct conn *c, int *moved, mla_error *err)
{
    const uint8_t *p;
    size_t n;
    size_t put;
    int secret;
    int rc = 1;

    while (c->broken == NULL && outq_peek(&c->e->out, &p, &n, &secret)) {
        rc = c->top->ops->write(c->top, p, n, c->e->out.held > n, &put, err);
        if (rc <= 0)
            break;
        trace_sent(c->e->trace, p, put, secret);
        outq_sent(&c->e->out, put);
        c->blocked = 0;
        c->spoke = 1;
        c->spoke_ms = c->now_ms;
        c->rest_ms = UINT64_MAX;
        *moved = 1;
    }
    if (rc == 0 && !c->blocked) {
        c->blocked = 1;
        c->blocked_ms = c->now_ms;
    }
    return rc < 0 ? write_broke(c, err) : 0;
}

/* A peer that never reads must not hold us for ever (M24). */
static int check_blocked(const struct conn *c, mla_error *err)
{
    if (!c->blocked || c->opt.write_ms == 0 || c->now_ms - c->blocked_ms < c->opt.write_ms)
        return 0;
    return fail(err, MLA_E_DEADLINE, "the server has taken nothing of what is sent for %llu s",
                (unsigned long long)(c->opt.write_ms / 1000));
}

static int peer_closed(struct conn *c, int clean, mla_error *err)
{
    int rc;

    c->eof = 1;
    note(c, clean ? "the server closed the connection"
                  : "the server closed the connection without ending TLS");
    rc = c->e->ops->eof(c->e, clean);
    return engine_code(c, rc, err);
}

/* 1 when reading stopped for want of room, 0 when the stream has no more. */
static int read_all(struct conn *c, int *moved, mla_error *err)
{
    int layer_due = (c->e->ops->wants(c->e) & ENGINE_LAYER) != 0;

    if (layer_due && !c->e->in.hungry)
        return 1;
    trace_late(c, 0);
    for (;;) {
        uint8_t *p;
        size_t room;
        size_t got = 0;
        int rc = engine_room(c->e, &p, &room);

        if (rc == MLA_E_FLOOD)
            return fail(err, rc, "a response is larger than the limit of %zu octets", c->e->in.max);
        if (rc != 0)
            return fail(err, rc, "out of memory");
        if (room == 0)
            return 1;
        rc = c->top->ops->read(c->top, p, room, &got, err);
        if (rc == STREAM_SOME || rc == STREAM_LAST) {
            engine_got(c->e, got);
            *moved = 1;
            if (layer_due) { /* the engine looks at it before anything else is read */
                c->untraced = got;
                return 1;
            }
            trace_received(c->e->trace, p, got);
        } else if (rc == STREAM_END || rc == STREAM_BROKEN) {
            *moved = 1;
            return peer_closed(c, rc == STREAM_END, err);
        }
        if (rc != STREAM_SOME)
            return rc < 0 ? rc : 0;
    }
}

/* What is left to say once writing has failed or the peer has closed. */
static int check_over(struct conn *c, int full, mla_error *err)
{
    if (c->broken != NULL && !full) {
        *err = *c->broken;
        return err->code;
    }
    /* The engine has looked at all that came and is not content with it. */
    if (c->eof && c->e->in.hungry)
        return fail(err, MLA_E_CLOSED, "the server closed the connection");
    return 0;
}

/* What the server says meanwhile, or its end, shall wake us as well. */
static int turn_errand(struct conn *c, int *moved, mla_error *err)
{
    const struct detached *before = c->errands.way;
    int rc = engine_code(c, errands_turn(&c->errands, c->e, moved, err), err);

    if (c->errands.way != NULL && c->errands.way != before)
        detached_watch(c->errands.way, c->top->ops->fd(c->top));
    return rc;
}

static int conn_run(struct conn *c, int *moved, mla_error *err)
{
    uint32_t wants;
    int full = 0;
    int rc = bring_up(c, moved, err);

    if (rc <= 0)
        return rc;
    wants = c->e->ops->wants(c->e);
    if ((wants & (ENGINE_TLS | ENGINE_COMPRESS)) != 0) {
        rc = change_layer(c, wants, err);
        if (rc == 0)
            rc = bring_up(c, moved, err);
        if (rc <= 0)
            return rc;
        *moved = 1;
        wants = c->e->ops->wants(c->e);
    }
    rc = turn_errand(c, moved, err);
    if (rc == 0)
        rc = write_all(c, moved, err);
    if (rc == 0)
        rc = check_blocked(c, err);
    if (rc == 0 && (wants & ENGINE_READ) != 0 && !c->eof) {
        rc = full = read_all(c, moved, err);
        if (rc >= 0)
            rc = write_all(c, moved, err);
        wants = c->e->ops->wants(c->e);
    }
    if (rc < 0)
        return rc;
    if ((wants & ENGINE_CLOSE) != 0 && (c->e->out.held == 0 || c->broken != NULL)) {
        c->top->ops->close(c->top);
        shut(c, 1);
        *moved = 1;
        return 0;
    }
    return check_over(c, full, err);
}

static int turn(struct conn *c, int *moved, mla_error *err)
{
    if (c->phase == PHASE_CLOSED)
        return fail(err, MLA_E_CLOSED, "the conversation is over");
    tcp_turn(c->tcp);
    return conn_run(c, moved, err);
}

/* Nothing is due and all is read. If the server spoke unasked, it is silent again for longer. */
static void rest_deflate(struct conn *c)
{
    if (c->deflate == NULL || !engine_rests(c->e))
        return;
    if (c->spoke && c->now_ms - c->spoke_ms < REST_MS) {
        c->rest_ms = c->spoke_ms + REST_MS;
        return;
    }
    deflate_rest(c->deflate);
    c->spoke = 0;
}

/* A machine that has slept, or a program that was stopped, finds its deadlines passed and the
 * answer in the socket: the time in between was not the server's. */
static int turn_late(struct conn *c, uint64_t now_ms, int *moved, mla_error *err)
{
    uint64_t before = inbuf_received(&c->e->in);
    int rc;

    c->e->now_ms = now_ms;
    rc = turn(c, moved, err);
    if (rc == 0 && inbuf_received(&c->e->in) != before)
        pace_pause(&c->e->pace, now_ms);
    return rc;
}

int conn_process(struct conn *c, uint64_t now_ms)
{
    mla_error err = {0};
    int moved = 0;
    int rc = 0;

    c->now_ms = now_ms;
    seen(c);
    if (c->phase == PHASE_ASK) /* no time runs either */
        return c->e->dead;
    if (engine_overslept(c->e, now_ms))
        rc = turn_late(c, now_ms, &moved, &err);
    if (rc == 0)
        rc = engine_tick(c->e, now_ms);
    if (rc == 0)
        rc = turn(c, &moved, &err);
    if (rc < 0) {
        if (err.code == 0)
            fail(&err, rc, "%s", fail_text(rc));
        rc = engine_dead(c->e, &err);
        shut(c, 1);
        return rc;
    }
    if (now_ms >= c->rest_ms) {
        c->rest_ms = UINT64_MAX;
        rest_deflate(c);
    }
    return moved;
}

/* --- what to wait for --- */

/* The errand that the engine has is under way. */
static int is_on_errand(const struct conn *c)
{
    return c->errands.way != NULL && detached_errand(c->errands.way) == c->e->errand;
}

int conn_fd(const struct conn *c)
{
    if (c->phase == PHASE_CLOSED)
        return -1;
    return is_on_errand(c) ? detached_fd(c->errands.way) : c->top->ops->fd(c->top);
}

static int has_room(const struct inbuf *in)
{
    return in->hungry || in->end < in->cap || in->start == in->end;
}

static uint32_t reading_wants(const struct conn *c, uint32_t wants)
{
    uint32_t w = 0;

    if (c->eof)
        return c->e->in.hungry ? STREAM_NOW : 0;
    if ((wants & ENGINE_READ) == 0 || !has_room(&c->e->in))
        return 0;
    if ((wants & ENGINE_LAYER) != 0 && !c->e->in.hungry)
        return 0;
    w = c->top->read_wants != 0 ? c->top->read_wants : STREAM_READABLE;
    return w | c->top->ops->held(c->top) | (c->broken != NULL ? STREAM_NOW : 0U);
}

uint32_t conn_wants(const struct conn *c)
{
    uint32_t wants;
    uint32_t w = 0;

    if (c->phase == PHASE_CLOSED || c->e->dead != 0)
        return 0;
    if (c->phase == PHASE_ASK)
        return 0;
    if (c->phase != PHASE_UP)
        return c->again ? (uint32_t)STREAM_NOW : c->top->open_wants;
    wants = c->e->ops->wants(c->e);
    if ((wants & (ENGINE_TLS | ENGINE_COMPRESS)) != 0)
        return STREAM_NOW;
    if (c->e->errand != NULL) /* it is our turn to speak, and nothing goes out before that */
        return is_on_errand(c) ? STREAM_READABLE : STREAM_NOW;
    if (c->e->out.held != 0 && c->broken == NULL)
        w = c->blocked ? c->top->write_wants : STREAM_NOW;
    else if ((wants & ENGINE_CLOSE) != 0)
        return STREAM_NOW;
    return w | reading_wants(c, wants);
}

uint64_t conn_deadline(const struct conn *c)
{
    uint64_t at = engine_deadline(c->e);
    uint64_t mine = UINT64_MAX;

    if (c->phase == PHASE_CLOSED || c->phase == PHASE_ASK)
        return UINT64_MAX;
    if (c->phase != PHASE_UP)
        mine = c->top->ops->deadline(c->top);
    else if (c->blocked && c->opt.write_ms != 0)
        mine = c->blocked_ms + c->opt.write_ms;
    if (c->rest_ms < mine)
        mine = c->rest_ms;
    return mine < at ? mine : at;
}

int conn_closed(const struct conn *c)
{
    return c->phase == PHASE_CLOSED;
}

const char *conn_stage(const struct conn *c)
{
    if (c->phase == PHASE_TCP)
        return tcp_stage(c->tcp);
    if (c->phase == PHASE_PROXY)
        return "waiting for the proxy";
    if (c->phase == PHASE_ASK)
        return "waiting for an answer about the server's certificate";
    return c->phase == PHASE_TLS ? "setting up TLS" : "";
}

void conn_rest(struct conn *c)
{
    if (inbuf_len(&c->e->in) == 0)
        trace_late(c, 0); /* all of it was read in clear, and the buffer may go now */
    engine_rest(c->e);
    rest_deflate(c);
}

int conn_compressed(const struct conn *c)
{
    return c->deflate != NULL;
}

int conn_asks(const struct conn *c)
{
    return c->phase == PHASE_ASK && c->e->dead == 0;
}

int conn_answer(struct conn *c, int accept, uint64_t now_ms)
{
    mla_error err = {0};
    int rc;

    c->e->now_ms = now_ms;
    pace_pause(&c->e->pace, now_ms); /* that time was not the server's */
    if (accept) {
        note(c, "the server's certificate was accepted");
        tls_accept(c->tls);
        c->phase = PHASE_TLS;
        c->again = 1;
        return 0;
    }
    (void)tls_refuse(c->tls, &err);
    rc = engine_dead(c->e, &err);
    shut(c, 1);
    return rc;
}

struct stream *conn_tls_layer(const struct conn *c)
{
    return c->tls_up || c->phase == PHASE_ASK ? c->tls : NULL;
}

const struct engine_tls *conn_tls(const struct conn *c)
{
    return c->tls_up ? &c->facts : NULL;
}
