/* cmd_auth.c - STARTTLS, CAPABILITY, AUTHENTICATE, LOGIN, NOOP, LOGOUT. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "sasl/choose.h"
#include "sasl/line.h"

#include <string.h>

/* --- STARTTLS, RFC 9051 section 6.2.1 --- */

static int starttls_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    imap_enc_word(c->enc, "STARTTLS");
    return 0;
}

static int starttls_plus(struct imap_engine *e, struct imap_cmd *c, mla_str text)
{
    (void)c;
    (void)text;
    return imap_engine_fatal(e, MLA_E_PROTOCOL, "\"+\" in answer to STARTTLS"); /* T04 */
}

static int starttls_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)c;
    if (d->error != 0) /* T02, T03 */
        return imap_engine_fatal(e, MLA_E_INSECURE, "the server refuses STARTTLS");
    if (inbuf_len(&e->port.in) != 0) /* T07, T14: an honest server sends nothing here */
        return imap_engine_fatal(e, MLA_E_PROTOCOL,
                                 "octets were injected in clear before TLS began");
    e->phase = IMAP_PHASE_TLS;
    return CMD_OVER;
}

const struct imap_cmd_def imap_def_starttls = {
    .verb = "STARTTLS",
    .states = IN_NOT_AUTHENTICATED,
    .flags = CMD_ALONE,
    .encode = starttls_encode,
    .plus = starttls_plus,
    .done = starttls_done,
};

/* --- commands without arguments --- */

static int word_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    imap_enc_word(c->enc, c->def->verb);
    return 0;
}

/* Whatever was said, it is not asked again. */
static int capability_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)c;
    (void)d;
    e->caps.known = 1;
    return CMD_OVER;
}

const struct imap_cmd_def imap_def_capability = {
    .verb = "CAPABILITY",
    .states = IN_ANY,
    .flags = CMD_ALONE,
    .encode = word_encode,
    .done = capability_done,
};

const struct imap_cmd_def imap_def_logout = {
    .verb = "LOGOUT",
    .states = IN_ANY,
    .flags = CMD_ALONE,
    .next_state = IMAP_STATE_LOGOUT,
    .encode = word_encode,
};

static const struct imap_cmd_def def_noop = {
    .verb = "NOOP",
    .states = IN_ANY,
    .flags = CMD_MAY_EXPUNGE,
    .encode = word_encode,
};

static int queue_word(struct imap_engine *e, const struct imap_cmd_def *def, uint64_t *out_ticket,
                      mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, def, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

int imap_cmd_capability(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    return queue_word(e, &imap_def_capability, out_ticket, err);
}

int imap_cmd_noop(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    return queue_word(e, &def_noop, out_ticket, err);
}

int imap_cmd_probe(struct imap_engine *e)
{
    struct imap_cmd *c;

    if (imap_cmd_new(e, &def_noop, 0, &c) != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    imap_queue_add(&e->queue, c);
    return imap_queue_pump(e);
}

int imap_cmd_logout(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    return queue_word(e, &imap_def_logout, out_ticket, err);
}

/* --- logging in --- */

struct auth_args {
    struct sasl_creds creds;
    int login_only;
    const struct sasl_mech *mech;
    struct sasl exchange;
    uint32_t asked; /* how often for a token */
    int refused;    /* ... since the last one was */
    struct sasl_peer peer;
    struct sasl_tried tried;
    int started;  /* the initial response is out */
    int computes; /* the next response takes long: see imap_auth_tick() */
    int failed;   /* MLA_E_*: why we cancelled; 0: we did not */
    mla_error why;
};

static void auth_forget(struct imap_cmd *c)
{
    struct auth_args *a = c->args;

    if (a == NULL)
        return;
    sasl_end(&a->exchange);
    sasl_creds_free(&a->creds);
}

/* "+" is a challenge from now on, or no more; a trace does not show those. */
static void exchanging(struct imap_engine *e, int on)
{
    if (e->port.trace != NULL)
        e->port.trace->exchange = on;
}

static int login_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, "LOGIN ");
    imap_enc_string(c->enc, a->creds.user);
    imap_enc_space(c->enc);
    imap_enc_secret(c->enc, a->creds.password);
    return 0;
}

/* "AUTH=X" of all capabilities, and the LOGIN command where it is not forbidden (A01). */
static int announced(struct imap_engine *e, struct imap_cmd *c, mla_str **out, size_t *out_count)
{
    mla_str *words = arena_array(&c->arena, e->caps.count + 1, sizeof *words);
    size_t n = 0;

    if (words == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < e->caps.count; i++) {
        const char *w = imap_caps_word(&e->caps, i);
        size_t len = strlen(w);

        if (ascii_starts(w, len, "AUTH="))
            words[n++] = imap_str(w + 5);
    }
    if (!imap_caps_has(&e->caps, "LOGINDISABLED"))
        words[n++] = imap_str("IMAPLOGIN");
    *out = words;
    *out_count = n;
    return 0;
}

static int choose(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;
    struct sasl_choice choice;
    mla_str *words;
    mla_error err = {0};
    size_t held = c->arena.used;
    int rc = announced(e, c, &words, &choice.word_count);

    if (rc != 0)
        return rc;
    e->queue.held += c->arena.used - held;
    choice.words = words;
    choice.creds = &a->creds;
    choice.list = e->opts->mechanisms;
    choice.tls = e->tls;
    choice.cleartext = e->opts->cleartext;
    choice.min = e->opts->auth_min;
    choice.bindings = &e->bindings;
    choice.tried = &a->tried;
    rc = sasl_choose(&choice, &a->mech, &err);
    if (rc != 0)
        imap_cmd_say(e, c, err.message);
    else
        sasl_bind(&choice, a->mech, &a->peer);
    return rc;
}

/* Adds the next line of the exchange. text NULL: the initial response. */
static int next_line(struct auth_args *a, mla_str text, struct buf *out)
{
    const uint8_t *p = (const uint8_t *)text.ptr;

    out->secret = 1;
    return sasl_line(&a->exchange, p, text.len, out, &a->why);
}

/* The place for what there is to say of a token. 0 or MLA_E_NOMEM. */
static int make_token(struct imap_engine *e)
{
    if (e->token != NULL)
        return 0;
    e->token = mem_alloc(e->port.mem, sizeof *e->token);
    if (e->token == NULL)
        return MLA_E_NOMEM;
    sasl_token_init(e->token, e->port.mem);
    return 0;
}

/* The log-in waits for another token, if it may. */
static int ask_token(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;

    if (a->asked == a->creds.token_requests)
        return 0;
    if (!a->refused)
        sasl_token_clear(e->token);
    e->token->info.count = ++a->asked;
    e->token->info.mechanism = a->mech->name;
    c->held = HELD_ASKS;
    return CMD_HOLD;
}

/* The server said no, with a message before it or without. */
static int token_refused(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;

    if (make_token(e) != 0)
        return CMD_OVER;
    if (!e->token->info.is_refused)
        (void)sasl_token_refused(e->token, NULL, 0);
    e->token->info.mechanism = a->mech->name;
    a->refused = 1;
    return ask_token(e, c) == CMD_HOLD ? CMD_AGAIN : CMD_OVER;
}

static int begin_exchange(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;
    mla_error err = {0};
    int rc = sasl_start(&a->exchange, a->mech, e->port.mem, &a->creds, &a->peer, &err);

    if (rc != 0)
        imap_cmd_say(e, c, err.message);
    return rc;
}

/* The initial response on the line of the command (RFC 4959), but for one that makes it longer than
 * servers have to take (RFC 7162 section 4): that is the answer to their "+". */
static int encode_initial(struct imap_engine *e, struct imap_cmd *c)
{
    enum { LINE_MOST = 8192 - 2 };
    struct auth_args *a = c->args;
    struct imap_enc *enc = c->enc;
    mla_str none = {NULL, 0};
    struct buf line;
    size_t pair[2];
    int rc;

    imap_enc_word(enc, "AUTHENTICATE");
    imap_enc_arg(enc, a->mech->name);
    buf_init(&line, e->port.mem, SASL_RESPONSE_MAX * 2);
    rc = next_line(a, none, &line);
    if (rc == 1) {
        engine_errand(&e->port, a->exchange.errand);
        c->held = HELD_ERRAND;
        rc = CMD_HOLD;
    } else if (rc != 0) {
        imap_cmd_say(e, c, a->why.message);
    } else if (enc->out.len + 1 + line.len > LINE_MOST) {
        sasl_end(&a->exchange);
        rc = begin_exchange(e, c);
    } else {
        imap_enc_space(enc);
        pair[0] = enc->out.len;
        buf_add(&enc->out, line.ptr, line.len);
        pair[1] = enc->out.len;
        buf_add(&enc->hidden, pair, sizeof pair);
        a->started = 1;
    }
    exchanging(e, rc == 0);
    buf_free(&line);
    return rc;
}

static int authenticate_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct auth_args *a = c->args;
    int rc;

    if (a->exchange.errand != NULL && !a->started) /* it was done */
        return encode_initial(e, c);
    sasl_end(&a->exchange);
    a->started = a->computes = a->failed = 0;
    e->caps_fresh = 0;
    memset(&a->why, 0, sizeof a->why);
    rc = choose(e, c);
    if (rc != 0)
        return rc;
    if ((a->mech->flags & SASL_NATIVE) != 0)
        return login_encode(e, c);
    if ((a->mech->flags & SASL_TOKEN) != 0 && make_token(e) != 0)
        return MLA_E_NOMEM;
    if ((a->mech->flags & SASL_TOKEN) != 0 && a->creds.token.ptr == NULL)
        return ask_token(e, c);
    if (e->token != NULL)
        sasl_token_clear(e->token);
    a->refused = 0;
    a->peer.token = e->token;
    a->peer.service = "imap";
    a->peer.host = e->host != NULL ? e->host : "";
    a->peer.port = e->port_number;
    rc = begin_exchange(e, c);
    if (rc != 0)
        return rc;
    if ((a->mech->flags & SASL_INITIAL) != 0 && imap_caps_can(&e->caps, "SASL-IR"))
        return encode_initial(e, c);
    imap_enc_word(c->enc, "AUTHENTICATE");
    imap_enc_arg(c->enc, a->mech->name);
    exchanging(e, 1);
    return 0;
}

/* The response goes out; rc is what sasl_line() said. 1: not yet. An error: "*" goes, and we give
 * up (A10, A12). */
static int respond(struct imap_engine *e, struct imap_cmd *c, int rc, mla_str line)
{
    const mla_str giving_up = {"*", 1};
    struct auth_args *a = c->args;
    const struct sasl *x = &a->exchange;

    a->computes = rc == 1;
    if (rc == 1) {
        engine_errand(&e->port, x->errand);
        return 0;
    }
    if (rc == 0 && mask_sent(&e->port.mask, e->port.mem, x->digest.ptr, x->digest.len))
        rc = fail(&a->why, MLA_E_NOMEM, "out of memory in the log-in");
    a->failed = rc;
    if (fail_is_fatal(rc))
        return imap_engine_fatal(e, rc, a->why.message);
    return imap_queue_line(e, c, rc == 0 ? line : giving_up, rc == 0);
}

static mla_str text_of(const struct buf *b)
{
    return (mla_str){b->len != 0 ? (const char *)b->ptr : "", b->len};
}

/* The log-in whose response is being computed, or NULL. */
static struct imap_cmd *computing(const struct imap_engine *e)
{
    struct imap_cmd *c = e->state == IMAP_STATE_NOT_AUTHENTICATED && e->port.dead == 0
                             ? imap_queue_first(&e->queue, CMD_LOGS_IN)
                             : NULL;

    return c != NULL && ((const struct auth_args *)c->args)->computes ? c : NULL;
}

int imap_auth_computes(const struct imap_engine *e)
{
    return e->port.errand == NULL && computing(e) != NULL;
}

int imap_auth_tick(struct imap_engine *e)
{
    struct imap_cmd *c = computing(e);
    struct auth_args *a;
    struct buf line;
    int rc;

    if (c == NULL || e->port.errand != NULL)
        return 0;
    a = c->args;
    buf_init(&line, e->port.mem, SASL_RESPONSE_MAX * 2);
    line.secret = 1;
    rc = sasl_line_more(&a->exchange, &line, &a->why);
    pace_pause(&e->port.pace, e->port.now_ms); /* that time was not the server's */
    rc = respond(e, c, rc, text_of(&line));
    buf_free(&line);
    return rc;
}

int imap_auth_errand_done(struct imap_engine *e)
{
    engine_errand(&e->port, NULL);
    for (struct imap_cmd *c = e->queue.head; c != NULL; c = c->next)
        if (c->held == HELD_ERRAND)
            c->held = 0; /* authenticate_encode() goes on */
    (void)imap_auth_tick(e);
    imap_engine_go_on(e);
    return e->port.dead;
}

/* One challenge, one response (RFC 9051 section 6.2.2). */
static int authenticate_plus(struct imap_engine *e, struct imap_cmd *c, mla_str text)
{
    struct auth_args *a = c->args;
    struct buf line;
    mla_str s;
    int first;
    int rc;

    if (a->exchange.mech == NULL || a->failed != 0 || a->computes)
        return imap_engine_fatal(e, MLA_E_PROTOCOL, "an unasked \"+\" while logging in"); /* A17 */
    first = !a->started && (a->mech->flags & SASL_INITIAL) != 0;
    buf_init(&line, e->port.mem, SASL_RESPONSE_MAX * 2);
    if (first) {
        text.ptr = NULL;
        text.len = 0;
    } else if (text.ptr == NULL) {
        text.ptr = "";
    }
    a->started = 1;
    rc = next_line(a, text, &line);
    s = text_of(&line);
    if (first && s.len == 1 && s.ptr[0] == '=') /* only on the command's own line */
        s.len = 0;
    rc = respond(e, c, rc, s);
    buf_free(&line);
    return rc;
}

static int logged_in(struct imap_engine *e, const char *how)
{
    e->auth_name = how;
    e->maybe_rev2 = imap_caps_has(&e->caps, "IMAP4rev2");
    e->setup_due = 1;
    if (!e->caps_fresh) /* RFC 9051 section 6.2: they may have changed */
        imap_caps_clear(&e->caps);
    return CMD_OVER;
}

/* The DONE tells why we gave up; the server has only acknowledged that. */
static int own_words(struct imap_engine *e, mla_imap_done *d, const struct auth_args *a)
{
    d->text.len = strlen(a->why.message);
    d->text.ptr = arena_dup(&e->ev.arena, a->why.message, d->text.len);
    if (d->text.ptr == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    d->error = a->failed;
    d->status = d->wait_ms = 0;
    d->reason = a->exchange.reason;
    d->code = NULL;
    e->ev_how = IMAP_EV_SYNTH;
    return CMD_OVER;
}

static int authenticate_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct auth_args *a = c->args;
    mla_error err = {0};

    exchanging(e, 0);
    a->computes = 0;
    engine_errand(&e->port, NULL);
    if (d->error == 0 && (a->mech->flags & SASL_NATIVE) != 0)
        return logged_in(e, a->mech->name);
    if (d->error == 0) {
        /* Who cannot prove to know the password may not be believed (A03, A04). */
        if (a->failed != 0 || sasl_success(&a->exchange, &err) != 0) {
            d->error = MLA_E_AUTH;
            return imap_engine_fatal(e, MLA_E_PROTOCOL,
                                     a->failed != 0 ? a->why.message : err.message);
        }
        return logged_in(e, a->mech->name);
    }
    if (d->error == MLA_E_THROTTLED)
        return CMD_OVER;
    if (a->failed != 0 && !a->exchange.refused)
        return own_words(e, d, a);
    d->error = MLA_E_AUTH;
    /* Refused before anything was shown: another one, under verified TLS only (A02). */
    if ((a->mech->flags & SASL_NATIVE) == 0 && !a->exchange.proof && e->tls && e->verified &&
        e->caps.known) {
        int rc;

        sasl_tried_add(&a->tried, a->mech, &e->bindings);
        rc = choose(e, c);
        if (fail_is_fatal(rc))
            return imap_engine_fatal(e, rc, "out of memory");
        if (rc == 0)
            return CMD_AGAIN;
    }
    if ((a->mech->flags & SASL_TOKEN) != 0 && a->failed == 0) {
        if (d->status == MLA_IMAP_NO)
            d->reason = sasl_token_reason(d->reason);
        return token_refused(e, c);
    }
    return a->failed != 0 ? own_words(e, d, a) : CMD_OVER;
}

static const struct imap_cmd_def def_authenticate = {
    .verb = "AUTHENTICATE",
    .states = IN_NOT_AUTHENTICATED,
    .flags = CMD_ALONE | CMD_CAPS | CMD_LOGS_IN,
    .next_state = IMAP_STATE_AUTHENTICATED,
    .encode = authenticate_encode,
    .plus = authenticate_plus,
    .done = authenticate_done,
    .forget = auth_forget,
};

static int login_checked(struct imap_engine *e, struct imap_cmd *c)
{
    e->caps_fresh = 0;
    if (imap_caps_has(&e->caps, "LOGINDISABLED"))
        return MLA_E_UNSUPPORTED; /* A01 */
    if ((!e->tls && !e->opts->cleartext) || e->opts->auth_min > SASL_STRENGTH_SHOWN)
        return MLA_E_POLICY;
    return login_encode(e, c);
}

static int login_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)c;
    if (d->error == 0)
        return logged_in(e, "IMAPLOGIN");
    if (d->error != MLA_E_THROTTLED)
        d->error = MLA_E_AUTH;
    return CMD_OVER;
}

static const struct imap_cmd_def def_login = {
    .verb = "LOGIN",
    .states = IN_NOT_AUTHENTICATED,
    .flags = CMD_ALONE | CMD_CAPS | CMD_LOGS_IN,
    .next_state = IMAP_STATE_AUTHENTICATED,
    .encode = login_checked,
    .done = login_done,
    .forget = auth_forget,
};

static int queue_auth(struct imap_engine *e, const struct imap_cmd_def *def,
                      const mla_credentials *in, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct auth_args *a;
    int rc = imap_cmd_new(e, def, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = sasl_creds_copy(&a->creds, e->port.mem, in, err);
    if (rc == 0)
        rc = engine_knows(&e->port, a->creds.password.ptr, a->creds.password.len);
    if (rc == 0)
        rc = engine_knows(&e->port, a->creds.token.ptr, a->creds.token.len);
    if (rc != 0) {
        imap_cmd_free(e, c);
        return rc;
    }
    return imap_engine_queue(e, c, out_ticket, err);
}

int imap_cmd_authenticate(struct imap_engine *e, const mla_credentials *in, uint64_t *out_ticket,
                          mla_error *err)
{
    return queue_auth(e, &def_authenticate, in, out_ticket, err);
}

int imap_cmd_give_token(struct imap_engine *e, uint64_t ticket, mla_str token, mla_error *err)
{
    struct imap_cmd *c = imap_queue_find(&e->queue, ticket);
    struct auth_args *a;
    int rc;

    if (c == NULL || c->held != HELD_ASKED || e->port.dead != 0)
        return fail(err, MLA_E_STATE, "no token is asked for");
    a = c->args;
    if (token.ptr == NULL) {
        c->held = 0;
        imap_queue_refuse(e, c, MLA_E_AUTH,
                          a->refused ? "the server has refused the token" : "there is no token");
        return 0;
    }
    if (token.len > SASL_SECRET_MAX || !sasl_token_valid(token))
        return fail(err, MLA_E_ARG, "this is no token");
    rc = sasl_creds_set_token(&a->creds, token);
    if (rc != 0)
        return fail(err, rc, "out of memory for a token");
    c->held = 0;
    imap_engine_go_on(e);
    return 0;
}

int imap_cmd_is_asking(const struct imap_engine *e)
{
    for (const struct imap_cmd *c = e->queue.head; c != NULL; c = c->next)
        if (c->held == HELD_ASKED)
            return 1;
    return 0;
}

int imap_cmd_login(struct imap_engine *e, const mla_imap_login_args *in, uint64_t *out_ticket,
                   mla_error *err)
{
    mla_credentials creds;

    if (in->user == NULL || in->password == NULL)
        return fail(err, MLA_E_ARG, "LOGIN needs a user and a password");
    memset(&creds, 0, sizeof creds);
    creds.struct_size = sizeof creds;
    creds.user = in->user;
    creds.password = in->password;
    creds.password_len = in->password_len;
    return queue_auth(e, &def_login, &creds, out_ticket, err);
}
