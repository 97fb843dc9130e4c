/* engine.c - the engine's life, its port, and its tickets: see engine.h and inside.h */
#include "pop3/inside.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct pop3_engine *of_port(struct engine *port)
{
    return (struct pop3_engine *)(void *)port;
}

int pop3_fatal(struct pop3_engine *e, int code, const char *fmt, ...)
{
    mla_error err = {0};
    char words[sizeof err.message];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    fail(&err, code, "%s", words);
    err.domain = MLA_DOMAIN_POP3;
    e->stopped = 1;
    return engine_dead(&e->port, &err);
}

/* --- the port --- */

static int on_connected(struct engine *port)
{
    pace_expect(&port->pace, port->now_ms);
    return port->dead;
}

/* Whatever was read stays readable: next() goes on until it needs more. */
static int on_eof(struct engine *port, int clean)
{
    struct pop3_engine *e = of_port(port);
    mla_error err = {0};

    if (e->state == POP3_UPDATE && port->dead == 0)
        return 0; /* all was answered: how the end comes does not matter (T35) */
    fail(&err, MLA_E_CLOSED,
         e->tls && !clean ? "the connection was cut off" : "the server closed the connection");
    err.domain = MLA_DOMAIN_POP3;
    return engine_dead(port, &err);
}

static uint32_t on_wants(const struct engine *port)
{
    const struct pop3_engine *e = (const struct pop3_engine *)(const void *)port;

    if (port->dead != 0 || e->state == POP3_UPDATE)
        return ENGINE_CLOSE;
    return e->link == LINK_HANDSHAKE ? ENGINE_TLS : ENGINE_READ;
}

static int on_tls_up(struct engine *port, const struct engine_tls *facts)
{
    struct pop3_engine *e = of_port(port);

    if (port->dead != 0)
        return port->dead;
    /* Octets from before TLS were put there by somebody else (T07). */
    if (inbuf_len(&port->in) != 0)
        return pop3_fatal(e, MLA_E_PROTOCOL, "octets were injected in clear before TLS began");
    e->tls = 1;
    e->verified = facts->verified;
    memset(&e->bindings, 0, sizeof e->bindings);
    /* servers know the exporter for TLS 1.3, "unique" before it */
    sasl_bindings_add(&e->bindings, "tls-exporter", facts->exporter, facts->exporter_len);
    sasl_bindings_add(&e->bindings, "tls-unique", facts->unique, facts->unique_len);
    sasl_bindings_add(&e->bindings, "tls-server-end-point", facts->end_point, facts->end_point_len);
    sasl_bindings_known(&e->bindings, (mla_str){NULL, 0}, &e->is_cyrus);
    /* Nothing said before counts (T08, T09). */
    pop3_caps_clear(&e->caps);
    buf_clear(&e->stamp);
    memset(&e->last_words, 0, sizeof e->last_words);
    if (e->link == LINK_HANDSHAKE)
        e->link = LINK_UP;
    pace_answered(&port->pace, port->now_ms, 0);
    return 0;
}

static int on_compress_up(struct engine *port)
{
    return pop3_fatal(of_port(port), MLA_E_INTERNAL, "POP3 has no compression");
}

static int on_tick(struct engine *port)
{
    return pop3_auth_tick(of_port(port));
}

static int on_errand_done(struct engine *port)
{
    return pop3_auth_errand_done(of_port(port));
}

static const struct engine_ops ops = {
    .connected = on_connected,
    .eof = on_eof,
    .wants = on_wants,
    .tls_up = on_tls_up,
    .compress_up = on_compress_up,
    .tick = on_tick,
    .errand_done = on_errand_done,
};

/* --- life --- */

int pop3_engine_new(const struct pop3_config *cfg, struct pop3_engine **out)
{
    struct pop3_engine *e = mem_zero(cfg->mem, sizeof *e);

    if (e == NULL)
        return MLA_E_NOMEM;
    e->cfg = *cfg;
    if (e->cfg.listing_max == 0)
        e->cfg.listing_max = POP3_LISTING_MAX;
    engine_init(&e->port, &ops, cfg->mem, cfg->in_first, cfg->response_max, POP3_OUT_MAX,
                &e->cfg.pace);
    pop3_queue_init(&e->queue, cfg->mem, cfg->queue_max);
    pop3_caps_init(&e->caps, cfg->mem, cfg->response_max, cfg->words_max);
    pop3_caps_init(&e->caps_next, cfg->mem, cfg->response_max, cfg->words_max);
    buf_init(&e->stamp, cfg->mem, cfg->response_max);
    sasl_token_init(&e->token, cfg->mem);
    buf_init(&e->status, cfg->mem, cfg->response_max);
    *out = e;
    return 0;
}

void pop3_engine_free(struct pop3_engine *e)
{
    if (e == NULL)
        return;
    pop3_auth_end(e);
    pop3_queue_free(&e->queue);
    pop3_caps_clear(&e->caps);
    pop3_caps_clear(&e->caps_next);
    buf_free(&e->stamp);
    sasl_token_free(&e->token);
    buf_free(&e->status);
    mem_free(e->cfg.mem, e->items);
    engine_free(&e->port);
    mem_free(e->cfg.mem, e);
}

struct engine *pop3_engine_port(struct pop3_engine *e)
{
    return &e->port;
}

/* --- commands --- */

enum {
    OTHER_MAX = 253,   /* of a command (RFC 2449 section 4), CRLF apart */
    LANGUAGE_MAX = 100 /* of a tag; RFC 4646 section 4.3.1 finds 35 enough */
};

/* What a command is asked with. */
struct pop3_ask {
    uint32_t number;
    uint32_t lines;
    const char *words;
    const char *capability;
    enum pop3_body body; /* BODY_NONE: the row's */
};

/* Puts a command into the queue and sends it if its turn is now. */
static int push(struct pop3_engine *e, const struct pop3_row *row, struct sasl_creds *creds,
                const struct pop3_ask *ask, uint64_t *out_ticket, mla_error *err)
{
    struct pop3_cmd *cmd = NULL;
    int rc = pop3_queue_push(&e->queue, row, creds, &cmd);

    if (rc == 0)
        rc = pop3_queue_words(&e->queue, cmd, ask->words, ask->capability);
    if (rc != 0 && cmd != NULL)
        pop3_queue_drop(&e->queue);
    if (rc == MLA_E_LIMIT)
        return fail(err, rc, "too many commands are waiting");
    if (rc != 0)
        return fail(err, rc, "out of memory for a command");
    cmd->ticket = ++e->last_ticket;
    cmd->number = ask->number;
    cmd->lines = ask->lines;
    if (ask->body != BODY_NONE)
        cmd->body = ask->body;
    if (e->waiting == NULL)
        e->waiting = cmd;
    pop3_predict(e);
    *out_ticket = cmd->ticket;
    /* A failure to write kills the session and comes out of next(), with the ticket's DONE. */
    pop3_pump(e);
    return 0;
}

static int check(const struct pop3_engine *e, const struct pop3_row *row, mla_error *err)
{
    uint32_t here = e->predicted == POP3_AUTHORIZATION ? ROW_AUTHORIZATION
                    : e->predicted == POP3_TRANSACTION ? ROW_TRANSACTION
                                                       : 0;

    if (e->port.dead != 0) {
        if (err != NULL && err != &e->port.why)
            *err = e->port.why;
        return e->port.dead;
    }
    if ((row->flags & here) != 0)
        return 0;
    if (e->predicted == POP3_START)
        return fail(err, MLA_E_STATE, "not connected");
    if (e->predicted == POP3_UPDATE)
        return fail(err, MLA_E_STATE, "nothing can follow QUIT");
    return fail(err, MLA_E_STATE,
                here == ROW_AUTHORIZATION ? "not logged in" : "logged in already");
}

int pop3_engine_start(struct pop3_engine *e, uint32_t security, const char *host, uint32_t port,
                      uint64_t *out_ticket, mla_error *err)
{
    static const struct pop3_ask nothing;
    int rc;

    if (e->last_ticket != 0)
        return fail(err, MLA_E_STATE, "connected already");
    rc = push(e, pop3_row_of(MLA_POP3_CMD_CONNECT), NULL, &nothing, out_ticket, err);
    if (rc != 0)
        return rc;
    e->security = security;
    e->host = host;
    e->host_port = port;
    /* Its answer, the greeting, is due without anything being sent. */
    e->queue.head->stage = CMD_SENT;
    e->waiting = NULL;
    e->in_flight = 1;
    e->barrier = 1;
    e->predicted = POP3_AUTHORIZATION;
    return 0;
}

int pop3_engine_command(struct pop3_engine *e, uint32_t id, uint32_t number, uint32_t lines,
                        uint64_t *out_ticket, mla_error *err)
{
    const struct pop3_row *row = pop3_row_of(id);
    struct pop3_ask ask = {number, lines, NULL, NULL, BODY_NONE};
    int rc = check(e, row, err);

    if (rc != 0)
        return rc;
    if ((row->flags & ROW_NUMBER) != 0 && number == 0)
        return fail(err, MLA_E_ARG, "message numbers begin with 1");
    return push(e, row, NULL, &ask, out_ticket, err);
}

/* A basic language range (RFC 4647 section 2.1). */
static int is_language(const char *tag)
{
    size_t n = 0;

    if (strcmp(tag, "*") == 0)
        return 1;
    while (tag[n] != '\0' && (ascii_is_alpha(tag[n]) || ascii_is_digit(tag[n]) || tag[n] == '-'))
        n++;
    return n != 0 && n <= LANGUAGE_MAX && tag[n] == '\0' && tag[0] != '-' && tag[n - 1] != '-';
}

int pop3_engine_lang(struct pop3_engine *e, const char *tag, uint64_t *out_ticket, mla_error *err)
{
    const struct pop3_row *row = pop3_row_of(MLA_POP3_CMD_LANG);
    struct pop3_ask ask = {0, 0, tag, NULL, tag == NULL ? BODY_LANGS : BODY_NONE};
    int rc = check(e, row, err);

    if (rc != 0)
        return rc;
    if (tag != NULL && !is_language(tag))
        return fail(err, MLA_E_ARG, "this is not the tag of a language");
    return push(e, row, NULL, &ask, out_ticket, err);
}

/* Could a line have more or less than one command in it (I04)? */
static int check_line(const char *line, mla_error *err)
{
    size_t n = line != NULL ? strnlen(line, OTHER_MAX + 1) : 0;

    if (n == 0 || n > OTHER_MAX)
        return fail(err, MLA_E_ARG, "a command has 1 to %d octets", OTHER_MAX);
    for (size_t i = 0; i < n; i++)
        if (ascii_is_control((unsigned char)line[i]))
            return fail(err, MLA_E_ARG, "a control character in the command");
    if (line[0] == ' ' || !utf8_valid(line, n))
        return fail(err, MLA_E_ARG, "the command is not text that begins with a word");
    if (pop3_cmd_is_known(line, n))
        return fail(err, MLA_E_ARG, "this command has a function of its own");
    return 0;
}

int pop3_engine_other(struct pop3_engine *e, const mla_pop3_command_args *in, uint64_t *out_ticket,
                      mla_error *err)
{
    const struct pop3_row *row = pop3_row_of(MLA_POP3_CMD_OTHER);
    struct pop3_ask ask = {0, 0, in->line, in->capability,
                           in->is_multiline != 0 ? BODY_DATA : BODY_NONE};
    int rc = check(e, row, err);

    if (rc == 0)
        rc = check_line(in->line, err);
    return rc != 0 ? rc : push(e, row, NULL, &ask, out_ticket, err);
}

static int has_line_end(mla_str s)
{
    return s.len != 0 && (memchr(s.ptr, '\r', s.len) != NULL || memchr(s.ptr, '\n', s.len) != NULL);
}

int pop3_engine_authenticate(struct pop3_engine *e, struct sasl_creds *creds, uint64_t *out_ticket,
                             mla_error *err)
{
    static const struct pop3_ask nothing;
    const struct pop3_row *row = pop3_row_of(MLA_POP3_CMD_AUTHENTICATE);
    int rc = check(e, row, err);

    if (rc != 0)
        return rc;
    /* USER and PASS take them as they are; no mechanism needs them (I04). */
    if (has_line_end(creds->user) || has_line_end(creds->authzid) ||
        has_line_end(creds->password) || has_line_end(creds->token))
        return fail(err, MLA_E_ARG, "a line end in the credentials");
    rc = engine_knows(&e->port, creds->password.ptr, creds->password.len);
    if (rc == 0)
        rc = engine_knows(&e->port, creds->token.ptr, creds->token.len);
    if (rc != 0)
        return fail(err, rc, "out of memory");
    return push(e, row, creds, &nothing, out_ticket, err);
}

/* --- tickets --- */

static void remember_failure(struct pop3_engine *e, uint64_t ticket, int error)
{
    struct pop3_failed *f = &e->failed[e->failed_count % POP3_RESULTS];

    if (e->failed_count >= POP3_RESULTS)
        e->failed_lost = f->ticket;
    f->ticket = ticket;
    f->error = error;
    e->failed_count++;
}

/* The first command of the queue that somebody waits for. */
static const struct pop3_cmd *first_open(const struct pop3_engine *e)
{
    const struct pop3_cmd *c = e->queue.head;

    while (c != NULL && c->hidden)
        c = c->next;
    return c;
}

int pop3_engine_result(const struct pop3_engine *e, uint64_t ticket, int *out_result)
{
    size_t n = e->failed_count < POP3_RESULTS ? e->failed_count : POP3_RESULTS;

    if (ticket == 0 || ticket > e->last_ticket)
        return MLA_E_ARG;
    /* They end in the order in which they were given out. */
    if (first_open(e) != NULL && ticket >= first_open(e)->ticket)
        return 0;
    *out_result = 0;
    for (size_t i = 0; i < n; i++)
        if (e->failed[i].ticket == ticket) {
            *out_result = e->failed[i].error;
            return 1;
        }
    return ticket <= e->failed_lost ? MLA_E_ARG : 1;
}

int pop3_engine_others(const struct pop3_engine *e, uint64_t ticket)
{
    for (const struct pop3_cmd *c = e->queue.head; c != NULL; c = c->next)
        if (!c->hidden && c->ticket != ticket)
            return 1;
    return 0;
}

int pop3_end(struct pop3_engine *e, int error, mla_str text)
{
    struct pop3_cmd *cmd = e->queue.head;
    mla_pop3_done *done = &e->ev.done;
    int hidden = cmd->hidden;

    e->ev.type = MLA_POP3_EV_DONE;
    e->ev.ticket = cmd->ticket;
    done->struct_size = sizeof *done;
    done->error = error;
    done->command = cmd->row->id;
    done->number = cmd->number;
    done->text = text;
    if (error != 0 && !hidden)
        remember_failure(e, cmd->ticket, error);
    if (hidden)
        memset(&e->ev, 0, sizeof e->ev);
    if (cmd->stage == CMD_SENT) {
        e->in_flight--;
        e->flight_octets -= cmd->octets;
        e->barrier = 0;
        pace_answered(&e->port.pace, e->port.now_ms, e->in_flight != 0);
        pace_command(&e->port.pace, e->port.now_ms, 0);
        pace_command(&e->port.pace, e->port.now_ms, e->in_flight != 0);
    }
    if (e->waiting == cmd)
        e->waiting = cmd->next;
    pop3_queue_pop(&e->queue);
    e->ended++;
    if (!e->stopped) {
        pop3_predict(e);
        pop3_pump(e);
    }
    return !hidden;
}

/* The connection is lost: what the server said last may be why (BYE in other protocols). Words
 * from before TLS are anybody's and are not shown (T16). */
static void explain_close(struct pop3_engine *e)
{
    mla_error err = {0};

    if (e->port.dead != MLA_E_CLOSED || e->last_words.code == 0 || (!e->tls && e->security != 2))
        return;
    fail(&err, MLA_E_CLOSED, "%s, saying: %s", e->port.why.message, e->last_words.message);
    memcpy(e->port.why.message, err.message, sizeof err.message);
    e->last_words.code = 0;
}

/* After the session died every open ticket ends, in order. */
static int end_dead(struct pop3_engine *e)
{
    const struct pop3_cmd *cmd = e->queue.head;
    int error = e->port.dead;
    mla_str text = {e->port.why.message, 0};

    if (cmd->row->id == MLA_POP3_CMD_QUIT && cmd->stage == CMD_SENT && e->deleted != 0 &&
        e->port.out.sent >= cmd->wire_end) {
        memset(&e->text, 0, sizeof e->text);
        error = fail(&e->text, MLA_E_UNKNOWN_OUTCOME,
                     "QUIT was sent, its answer did not come: the messages may be deleted or not");
        text.ptr = e->text.message;
    }
    text.len = strlen(text.ptr);
    if (error == MLA_E_CLOSED) {
        e->ev.done.reason = e->said.reason;
        e->ev.done.wait_ms = e->said.wait_ms;
    }
    return pop3_end(e, error, text);
}

int pop3_engine_next(struct pop3_engine *e, const struct mla_pop3_event **out_ev)
{
    int rc = 0;

    e->port.in.lent = 0;
    memset(&e->ev, 0, sizeof e->ev);
    *out_ev = &e->ev;
    if (!e->stopped) {
        rc = pop3_read(e);
        if (rc == 1) {
            e->port.in.lent = 1;
            return 1;
        }
        if (rc == 0 && e->port.dead == 0) {
            if (!e->port.in.hungry)
                engine_drained(&e->port, e->port.now_ms);
            return 0;
        }
        e->stopped = 1;
        memset(&e->ev, 0, sizeof e->ev);
        explain_close(e);
    }
    pop3_auth_end(e);
    while (e->queue.head != NULL)
        if (end_dead(e) == 1)
            return 1;
    e->state = e->predicted = POP3_UPDATE;
    return e->port.dead;
}

const struct mla_pop3_event *pop3_engine_ask(struct pop3_engine *e, uint64_t ticket,
                                             const mla_certificate_chain *what)
{
    memset(&e->ev, 0, sizeof e->ev);
    e->ev.type = MLA_POP3_EV_CERTIFICATE;
    e->ev.ticket = ticket;
    e->ev.certificate = what;
    return &e->ev;
}

/* --- what is known --- */

int pop3_engine_state(const struct pop3_engine *e)
{
    return e->state;
}

size_t pop3_engine_capability_count(const struct pop3_engine *e)
{
    return e->caps.count;
}

const char *pop3_engine_capability(const struct pop3_engine *e, size_t i)
{
    return pop3_caps_line(&e->caps, i);
}

const char *pop3_engine_auth_name(const struct pop3_engine *e)
{
    return e->auth_name != NULL ? e->auth_name : "";
}

const mla_token_info *pop3_engine_token_refused(const struct pop3_engine *e)
{
    return e->token.info.is_refused != 0 ? &e->token.info : NULL;
}

const mla_pop3_capabilities *pop3_engine_capabilities(const struct pop3_engine *e)
{
    return &e->caps.read;
}

int pop3_engine_is_utf8(const struct pop3_engine *e)
{
    return e->utf8;
}

int pop3_engine_has_capability(const struct pop3_engine *e, const char *tag, const char *parameter)
{
    return pop3_caps_has(&e->caps, tag, parameter);
}
