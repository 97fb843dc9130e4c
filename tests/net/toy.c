/* toy.c - see toy.h */
#include "toy.h"

#include "base/fail.h"

#include <stddef.h>
#include <string.h>

static struct toy *toy_of(struct engine *e)
{
    return (struct toy *)(void *)((char *)e - offsetof(struct toy, engine));
}

static const struct toy *toy_of_const(const struct engine *e)
{
    return (const struct toy *)(const void *)((const char *)e - offsetof(struct toy, engine));
}

static int toy_connected(struct engine *e)
{
    pace_expect(&e->pace, e->now_ms);
    return 0;
}

static int toy_eof(struct engine *e, int clean)
{
    struct toy *t = toy_of(e);
    mla_error err = {0};

    t->eof = 1;
    if (t->want_close || (t->greeted && t->open_count == 0 && clean))
        return 0;
    if (inbuf_len(&e->in) != 0 && !e->in.hungry)
        return 0; /* answers that came before can still be read */
    fail(&err, MLA_E_CLOSED, clean ? "the server closed" : "the server cut TLS off");
    return engine_dead(e, &err);
}

static uint32_t toy_wants(const struct engine *e)
{
    const struct toy *t = toy_of_const(e);

    if (t->want_tls)
        return ENGINE_TLS;
    return ENGINE_READ | (t->want_close ? (uint32_t)ENGINE_CLOSE : 0U);
}

static int toy_tls_up(struct engine *e, const struct engine_tls *facts)
{
    struct toy *t = toy_of(e);

    t->tls = 1;
    t->verified = facts->verified;
    t->want_tls = 0;
    return 0;
}

static const struct engine_ops toy_ops = {
    .connected = toy_connected,
    .eof = toy_eof,
    .wants = toy_wants,
    .tls_up = toy_tls_up,
};

static int toy_open(struct toy *t, uint64_t *out_ticket)
{
    if (t->open_count == TOY_OPEN_MAX || t->last_ticket + 1 == TOY_TICKETS)
        return MLA_E_LIMIT;
    t->open[t->open_count++] = ++t->last_ticket;
    if (out_ticket != NULL)
        *out_ticket = t->last_ticket;
    return 0;
}

static int toy_start(void *handle, const struct session_start *how, uint64_t *out_ticket)
{
    struct toy *t = handle;

    t->security = how->security;
    t->connect_ticket = 1;
    return toy_open(t, out_ticket);
}

int toy_send(struct toy *t, const char *line, int secret, uint64_t *out_ticket)
{
    uint64_t before = t->engine.out.added;
    int rc = secret ? outq_add_secret(&t->engine.out, line, strlen(line))
                    : outq_add_word(&t->engine.out, line);

    if (rc == 0)
        rc = outq_add_word(&t->engine.out, "\n");
    if (rc == 0)
        rc = toy_open(t, out_ticket);
    if (rc != 0)
        outq_rewind(&t->engine.out, before);
    else
        pace_expect(&t->engine.pace, t->engine.now_ms);
    return session_done(&t->session, rc);
}

static int toy_done(struct toy *t, int result)
{
    struct toy_event *ev = &t->event;

    ev->ticket = t->open[0];
    ev->done = 1;
    ev->result = result;
    t->results[ev->ticket] = result;
    t->over[ev->ticket] = 1;
    memmove(t->open, t->open + 1, --t->open_count * sizeof t->open[0]);
    pace_answered(&t->engine.pace, t->engine.now_ms, t->open_count != 0);
    return 1;
}

static int toy_die(struct toy *t, int code, const char *text)
{
    mla_error err = {0};

    fail(&err, code, "%s", text);
    return engine_dead(&t->engine, &err);
}

/* The connect ticket is over with the greeting or, when STARTTLS is asked for, with TLS. */
static int toy_greeting(struct toy *t)
{
    t->greeted = 1;
    if (t->security != MLA_SECURITY_STARTTLS)
        return toy_done(t, 0);
    if (outq_add_word(&t->engine.out, "STARTTLS\n") != 0)
        return toy_die(t, MLA_E_NOMEM, "out of memory");
    return 0;
}

static int toy_line(struct toy *t, const char *p, size_t n)
{
    struct toy_event *ev = &t->event;

    memset(ev, 0, sizeof *ev);
    ev->len = n < TOY_TEXT ? n : TOY_TEXT - 1;
    memcpy(ev->text, p, ev->len);
    if (!t->greeted)
        return strcmp(ev->text, "HELLO") == 0 ? toy_greeting(t)
                                              : toy_die(t, MLA_E_PROTOCOL, "no greeting");
    if (ev->text[0] == '*') {
        ev->ticket = t->open_count != 0 && ev->text[1] != '*' ? t->open[0] : 0;
        t->octets += n;
        return 1;
    }
    if (t->open_count == 0)
        return toy_die(t, MLA_E_PROTOCOL, "an answer to nothing");
    if (t->open[0] == t->connect_ticket && strcmp(ev->text, "OK") == 0) {
        t->want_tls = 1;
        return 0;
    }
    t->want_close = strcmp(ev->text, "BYE") == 0;
    if (strcmp(ev->text, "NOT SENT") == 0)
        return toy_done(t, MLA_E_STATE);
    return toy_done(t, strncmp(ev->text, "NO", 2) == 0 ? MLA_E_NO : 0);
}

static int toy_next(void *handle, const void **out_ev)
{
    struct toy *t = handle;
    int rc = 0;

    if (t->tls && t->connect_ticket != 0 && t->security == MLA_SECURITY_STARTTLS) {
        t->connect_ticket = 0;
        memset(&t->event, 0, sizeof t->event);
        *out_ev = &t->event;
        return toy_done(t, 0);
    }
    while (rc == 0 && !t->want_tls) {
        const uint8_t *p = inbuf_data(&t->engine.in);
        size_t len = inbuf_len(&t->engine.in);
        const uint8_t *end = len != 0 ? memchr(p, '\n', len) : NULL;

        if (end == NULL)
            break;
        inbuf_take(&t->engine.in, (size_t)(end - p) + 1);
        rc = toy_line(t, (const char *)p, (size_t)(end - p));
    }
    if (rc == 0 && t->eof && t->engine.dead == 0 && !t->want_close && t->open_count != 0)
        rc = toy_die(t, MLA_E_CLOSED, "the server closed");
    if (rc <= 0 && t->engine.dead != 0 && t->open_count != 0) {
        memset(&t->event, 0, sizeof t->event);
        rc = toy_done(t, t->engine.dead);
    }
    *out_ev = rc == 1 ? &t->event : NULL;
    return rc;
}

static int toy_result(const void *handle, uint64_t ticket, int *out_result)
{
    const struct toy *t = handle;

    if (ticket == 0 || ticket > t->last_ticket)
        return MLA_E_ARG;
    *out_result = t->results[ticket];
    return t->over[ticket];
}

static int toy_about(const void *event, uint64_t *out_ticket)
{
    const struct toy_event *ev = event;

    *out_ticket = ev->ticket;
    return ev->done;
}

static int toy_ended(const void *ev, mla_str *out_text, uint32_t *out_status)
{
    const struct toy_event *e = ev;

    out_text->ptr = e->text;
    out_text->len = e->len;
    *out_status = e->result != MLA_E_STATE;
    return e->done ? e->result : 0;
}

static int toy_others(const void *handle, uint64_t ticket)
{
    const struct toy *t = handle;

    for (size_t i = 0; i < t->open_count; i++)
        if (t->open[i] != ticket)
            return 1;
    return 0;
}

static void toy_ask(void *handle, uint64_t ticket, const mla_certificate_chain *what,
                    const void **out_ev)
{
    struct toy *t = handle;

    memset(&t->event, 0, sizeof t->event);
    t->event.ticket = ticket;
    t->event.question = what;
    *out_ev = &t->event;
}

static const struct session_protocol toy_protocol = {
    .port_tls = 993,
    .port_plain = 143,
    .alpn = "imap",
    .start = toy_start,
    .next = toy_next,
    .result = toy_result,
    .about = toy_about,
    .ended = toy_ended,
    .others = toy_others,
    .ask = toy_ask,
};

int toy_new(mla_config *cfg, struct toy **out)
{
    mla_config *held;
    struct toy *t;
    int rc = config_hold(cfg, &held);

    if (rc != 0)
        return rc;
    t = mem_zero(&held->mem, sizeof *t);
    rc = t == NULL ? MLA_E_NOMEM : 0;
    if (rc == 0) {
        session_pace(held, &t->limits);
        engine_init(&t->engine, &toy_ops, &held->mem, SESSION_IN_FIRST,
                    (size_t)held->limits[MLA_LIMIT_RESPONSE], (size_t)held->limits[MLA_LIMIT_QUEUE],
                    &t->limits);
        rc = session_init(&t->session, held, &toy_protocol, t, &t->engine);
    }
    if (rc != 0) {
        mem_free(&held->mem, t);
        config_drop(held);
        return rc;
    }
    *out = t;
    return 0;
}

void toy_free(struct toy *t)
{
    mla_config *held;

    if (t == NULL)
        return;
    held = t->session.cfg;
    session_free(&t->session);
    engine_free(&t->engine);
    mem_free(&held->mem, t);
    config_drop(held);
}

int toy_wait(struct toy *t, uint64_t ticket, int32_t timeout_ms)
{
    const void *ev;
    int rc;

    do
        rc = session_step(&t->session, ticket, timeout_ms, &ev);
    while (rc == 1);
    return rc;
}
