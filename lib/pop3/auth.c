/* auth.c - the log-in: CAPA where needed, the choice, and AUTH, USER and PASS, or APOP. */
#include "pop3/inside.h"

#include "base/fail.h"
#include "base/wipe.h"
#include "codec/crypt.h"
#include "sasl/line.h"
#include "sasl/saslprep.h"

#include <string.h>

enum {
    WORDS_MAX = 64,        /* mechanisms looked at */
    LINE_MAX_OCTETS = 255, /* of a command (RFC 2449 section 4) */
    RESPONSE_LINE_MAX = 524288
};

/* "+" is a challenge from now on, or no more; a trace does not show those. */
static void exchanging(struct pop3_engine *e, int on)
{
    if (e->port.trace != NULL)
        e->port.trace->exchange = on;
}

static void end_exchange(struct pop3_engine *e)
{
    exchanging(e, 0);
    engine_errand(&e->port, NULL);
    sasl_end(&e->auth.sasl);
    if (e->auth.is_held)
        buf_free(&e->auth.held);
    e->auth.is_held = e->auth.computes = 0;
    e->port.wake_ms = UINT64_MAX;
}

void pop3_auth_end(struct pop3_engine *e)
{
    end_exchange(e);
    memset(&e->auth, 0, sizeof e->auth);
}

/* It ends before the server was asked, or was told to forget it. */
static int give_up(struct pop3_cmd *cmd, struct pop3_engine *e, int error)
{
    cmd->stage = CMD_ENDED;
    cmd->error = error;
    cmd->why = e->auth.why.message;
    /* what pop3_end() does for a command that was sent */
    e->in_flight--;
    e->barrier = 0;
    pace_answered(&e->port.pace, e->port.now_ms, 0);
    return 0;
}

/* The same, with what made it impossible in e->auth.why; fatal errors are that. */
static int refuse_early(struct pop3_engine *e, struct pop3_cmd *cmd, int rc)
{
    if (fail_is_fatal(rc))
        return pop3_fatal(e, rc, "%s", e->auth.why.message);
    return give_up(cmd, e, rc);
}

static int is_ascii(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return 0;
    return 1;
}

/* The ways there are: SASL mechanisms, and USER and APOP where they are open. */
static size_t offers(const struct pop3_engine *e, const struct sasl_creds *creds, mla_str *words)
{
    size_t n = pop3_caps_parameters(&e->caps, "SASL", words, WORDS_MAX);
    /* RFC 6856 section 2.2: other characters only where the server says it takes them */
    int text = (is_ascii(creds->user) && is_ascii(creds->password)) ||
               pop3_caps_has(&e->caps, "UTF8", "USER");

    /* A server without CAPA has to be tried (RFC 2449 section 5); so has one whose CAPA leaves out
     * every way there is, as old ones do. In clear that may be meant (A01). */
    if (text &&
        (e->caps.state == CAPS_NONE || pop3_caps_has(&e->caps, "USER", NULL) || (n == 0 && e->tls)))
        words[n++] = (mla_str){"USER", 4};
    if (text && e->stamp.len != 0 && creds->user.len != 0 &&
        memchr(creds->user.ptr, ' ', creds->user.len) == NULL)
        words[n++] = (mla_str){"APOP", 4};
    return n;
}

static int choose(struct pop3_engine *e, const struct sasl_creds *creds)
{
    mla_str words[WORDS_MAX + 2];
    struct sasl_choice c = {0};
    int rc;

    c.words = words;
    c.word_count = offers(e, creds, words);
    c.creds = creds;
    c.list = e->cfg.mechanisms;
    c.tls = e->tls;
    c.cleartext = e->cfg.cleartext;
    c.min = e->cfg.auth_min;
    c.bindings = &e->bindings;
    c.tried = &e->auth.tried;
    memset(&e->auth.why, 0, sizeof e->auth.why);
    rc = sasl_choose(&c, &e->auth.mech, &e->auth.why);
    if (rc == 0)
        sasl_bind(&c, e->auth.mech, &e->auth.peer);
    return rc;
}

/* word, then a secret, then CRLF. */
static int write_secret(struct pop3_engine *e, struct pop3_cmd *cmd, const char *word,
                        const void *secret, size_t len)
{
    struct outq *out = &e->port.out;
    int rc = outq_add_word(out, word);

    if (rc == 0)
        rc = engine_secret(&e->port, secret, len);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    return pop3_wrote(e, cmd, rc);
}

/* A name or password as it is sent, in out, which the caller frees: SASLprep for what is not ASCII
 * (RFC 6856 section 2.2). 0, MLA_E_NOMEM, MLA_E_ARG. */
static int prepare(struct pop3_engine *e, mla_str text, int kind, struct buf *out)
{
    int rc;

    buf_init(out, e->cfg.mem, e->cfg.response_max);
    out->secret = 1;
    rc = is_ascii(text) ? buf_add(out, text.ptr, text.len) : saslprep(text, kind, out);
    if (rc == MLA_E_NOMEM)
        return fail(&e->auth.why, rc, "out of memory in the log-in");
    return rc == 0 ? 0
                   : fail(&e->auth.why, MLA_E_ARG, "the name or the password is not valid text");
}

static int write_pass(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct buf password;
    int rc = prepare(e, cmd->creds.password, SASLPREP_QUERY, &password);

    rc = rc == 0 ? write_secret(e, cmd, "PASS ", password.ptr, password.len)
                 : pop3_wrote(e, cmd, MLA_E_NOMEM); /* it was prepared before USER was sent */
    buf_free(&password);
    return rc;
}

/* Where it may, PASS goes along: USER and PASS are what RFC 2449 section 6.6 has as its example of
 * what can be batched. Nothing else ever goes out before the log-in is answered, though the same
 * section would allow it: Courier starts another program then and Cyrus another layer, and what was
 * read ahead is lost. */
static int begin_user(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct outq *out = &e->port.out;
    int both = pop3_caps_has(&e->caps, "PIPELINING", NULL);
    struct buf user;
    int rc = prepare(e, cmd->creds.password, SASLPREP_QUERY, &user);

    buf_free(&user); /* the password, to know now whether it can be sent */
    if (rc == 0)
        rc = prepare(e, cmd->creds.user, SASLPREP_QUERY, &user);
    if (rc != 0) {
        buf_free(&user);
        return refuse_early(e, cmd, rc);
    }
    rc = outq_add_word(out, "USER ");
    if (rc == 0)
        rc = outq_add(out, user.ptr, user.len);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    buf_free(&user);
    e->auth.stage = both ? AUTH_BOTH : AUTH_USER;
    return rc == 0 && both ? write_pass(e, cmd) : pop3_wrote(e, cmd, rc);
}

/* The digest of the greeting's time stamp and the password, in hexadecimal (RFC 1939 section 7). */
static int apop_digest(struct pop3_engine *e, mla_str password, char text[2 * CRYPT_MD5_LEN])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[CRYPT_MD5_LEN];
    struct buf both;
    struct buf prepared;
    int rc = prepare(e, password, SASLPREP_STORED, &prepared);

    buf_init(&both, e->cfg.mem, e->cfg.response_max);
    both.secret = 1;
    buf_add(&both, e->stamp.ptr, e->stamp.len);
    buf_add(&both, prepared.ptr, prepared.len);
    if (rc == 0)
        rc = both.failed;
    if (rc == 0)
        rc = crypt_hash(CRYPT_MD5, both.ptr, both.len, digest);
    if (rc == MLA_E_UNSUPPORTED)
        fail(&e->auth.why, rc, "APOP: this build has no MD5");
    else if (rc != 0)
        fail(&e->auth.why, rc, "APOP failed");
    for (size_t i = 0; rc == 0 && i < sizeof digest; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    wipe(digest, sizeof digest);
    buf_free(&prepared);
    buf_free(&both);
    return rc;
}

static int begin_apop(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    char digest[2 * CRYPT_MD5_LEN] = {0};
    struct buf line;
    int rc = apop_digest(e, cmd->creds.password, digest);

    if (rc != 0)
        return refuse_early(e, cmd, rc);
    rc = prepare(e, cmd->creds.user, SASLPREP_QUERY, &line);
    if (rc == 0) {
        buf_add_byte(&line, ' ');
        rc = buf_add(&line, digest, sizeof digest);
    }
    e->auth.stage = AUTH_LAST;
    if (rc == 0 && mask_sent(&e->port.mask, e->port.mem, digest, sizeof digest) != 0)
        rc = fail(&e->auth.why, MLA_E_NOMEM, "out of memory in the log-in");
    rc = rc == 0 ? write_secret(e, cmd, "APOP ", line.ptr, line.len) : refuse_early(e, cmd, rc);
    wipe(digest, sizeof digest);
    buf_free(&line);
    return rc;
}

static int refused_error(uint32_t code)
{
    switch (code) {
    case MLA_POP3_CODE_LOGIN_DELAY:
    case MLA_POP3_CODE_IN_USE:
    case MLA_POP3_CODE_SYS_TEMP:
        return MLA_E_THROTTLED;
    case MLA_POP3_CODE_SYS_PERM:
        return MLA_E_NO;
    default:
        return MLA_E_AUTH;
    }
}

/* The mechanism will not go on: that is said to the server. */
static int cancel(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    e->auth.stage = AUTH_CANCEL;
    return pop3_wrote(e, cmd, outq_add_word(&e->port.out, "*\r\n"));
}

/* The mechanism needs something done before it can answer; that time is not the server's. */
static int wait_for_errand(struct pop3_engine *e)
{
    engine_errand(&e->port, e->auth.sasl.errand);
    pace_answered(&e->port.pace, e->port.now_ms, 0);
    return 0;
}

/* rc is what sasl_line() said of the response. */
static int responded(struct pop3_engine *e, struct pop3_cmd *cmd, int rc, const struct buf *line)
{
    const struct sasl *x = &e->auth.sasl;

    e->auth.computes = rc == 1;
    e->port.wake_ms = rc == 1 && x->errand == NULL ? 0 : UINT64_MAX;
    if (rc == 1)
        return x->errand != NULL ? wait_for_errand(e) : 0;
    if (rc == 0 && mask_sent(&e->port.mask, e->port.mem, x->digest.ptr, x->digest.len))
        rc = fail(&e->auth.why, MLA_E_NOMEM, "out of memory in the log-in");
    if (fail_is_fatal(rc))
        return pop3_fatal(e, rc, "%s", e->auth.why.message);
    return rc != 0 ? cancel(e, cmd) : write_secret(e, cmd, "", line->ptr, line->len);
}

int pop3_auth_tick(struct pop3_engine *e)
{
    struct buf line;
    int rc;

    if (!e->auth.computes || e->port.errand != NULL)
        return 0;
    buf_init(&line, e->cfg.mem, RESPONSE_LINE_MAX);
    line.secret = 1;
    rc = sasl_line_more(&e->auth.sasl, &line, &e->auth.why);
    pace_pause(&e->port.pace, e->port.now_ms); /* that time was not the server's */
    rc = responded(e, e->queue.head, rc, &line);
    buf_free(&line);
    return rc;
}

/* The answer to a challenge. */
static int respond(struct pop3_engine *e, struct pop3_cmd *cmd, mla_str text)
{
    struct buf line;
    int rc;

    /* The first challenge of a server to a client that was to speak first is empty, or should be.
     */
    if (e->auth.is_held) {
        rc = write_secret(e, cmd, "", e->auth.held.ptr, e->auth.held.len);
        buf_free(&e->auth.held);
        e->auth.is_held = 0;
        return rc;
    }
    buf_init(&line, e->cfg.mem, RESPONSE_LINE_MAX);
    line.secret = 1;
    rc = sasl_line(&e->auth.sasl, (const uint8_t *)text.ptr, text.len, &line, &e->auth.why);
    rc = responded(e, cmd, rc, &line);
    buf_free(&line);
    return rc;
}

/* AUTH with the initial response; or without, where the line would be longer than a server has to
 * take (RFC 5034 section 4): then it is the answer to the first challenge. */
static int begin_initial(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const mla_str none = {NULL, 0};
    const char *name = e->auth.mech->name;
    struct buf *line = &e->auth.held;
    char verb[48] = "AUTH ";
    size_t head = 5 + strlen(name);
    int rc;

    buf_init(line, e->cfg.mem, RESPONSE_LINE_MAX);
    line->secret = 1;
    e->auth.is_held = 1;
    rc = sasl_line(&e->auth.sasl, (const uint8_t *)none.ptr, none.len, line, &e->auth.why);
    if (rc == 1) {
        e->auth.stage = AUTH_FIRST;
        return wait_for_errand(e);
    }
    if (rc != 0)
        return refuse_early(e, cmd, rc);
    memcpy(verb + 5, name, strlen(name));
    if (head + 1 + line->len + 2 > LINE_MAX_OCTETS) {
        memcpy(verb + head, "\r\n", 3);
        return pop3_wrote(e, cmd, outq_add_word(&e->port.out, verb));
    }
    memcpy(verb + head, " ", 2);
    rc = write_secret(e, cmd, verb, line->ptr, line->len);
    buf_free(line);
    e->auth.is_held = 0;
    return rc;
}

int pop3_auth_errand_done(struct pop3_engine *e)
{
    struct pop3_cmd *cmd = e->queue.head;

    engine_errand(&e->port, NULL);
    if (cmd == NULL || e->auth.stage != AUTH_FIRST)
        return pop3_auth_tick(e);
    e->auth.stage = AUTH_SASL;
    return begin_initial(e, cmd);
}

static int begin_sasl(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const struct sasl_mech *mech = e->auth.mech;
    struct sasl_peer *peer = &e->auth.peer;
    struct outq *out = &e->port.out;
    int rc;

    sasl_token_clear(&e->token);
    e->auth.token_refused = 0;
    peer->token = &e->token;
    peer->service = "pop";
    peer->host = e->host;
    peer->port = e->host_port;
    rc = sasl_start(&e->auth.sasl, mech, e->cfg.mem, &cmd->creds, peer, &e->auth.why);
    if (rc != 0)
        return pop3_fatal(e, rc == MLA_E_NOMEM ? rc : MLA_E_INTERNAL, "the log-in cannot begin");
    e->auth.stage = AUTH_SASL;
    exchanging(e, 1);
    /* Only where SASL was announced (RFC 5034 section 3), which it was. */
    if ((mech->flags & SASL_INITIAL) != 0)
        return begin_initial(e, cmd);
    rc = outq_add_word(out, "AUTH ");
    if (rc == 0)
        rc = outq_add_word(out, mech->name);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    return pop3_wrote(e, cmd, rc);
}

/* The log-in waits for another token: 1, or 0 where it may not. */
static int ask_token(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    if (e->auth.asked == cmd->creds.token_requests)
        return 0;
    if (!e->auth.token_refused)
        sasl_token_clear(&e->token);
    e->token.info.count = ++e->auth.asked;
    e->token.info.mechanism = e->auth.mech->name;
    e->auth.stage = AUTH_ASK;
    pace_answered(&e->port.pace, e->port.now_ms, 0);
    return 1;
}

int pop3_auth_ask(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    e->auth.stage = AUTH_ASKED;
    e->ev.type = MLA_POP3_EV_TOKEN;
    e->ev.ticket = cmd->ticket;
    e->ev.token = e->token.info;
    return 1;
}

/* The server said no, with a message before it or without. 1: another token is asked for. */
static int token_refused(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    if ((e->auth.mech->flags & SASL_TOKEN) == 0)
        return 0;
    if (!e->token.info.is_refused)
        (void)sasl_token_refused(&e->token, NULL, 0);
    e->token.info.mechanism = e->auth.mech->name;
    e->auth.token_refused = 1;
    if (pop3_reason_note(e, 1, refused_error(e->reply.code)) != MLA_E_AUTH || !ask_token(e, cmd))
        return 0;
    end_exchange(e);
    return 1;
}

/* What comes while nothing was asked: a server that would not wait. */
static int unasked(struct pop3_engine *e)
{
    if (e->reply.status == REPLY_ERR)
        return pop3_fatal(e, MLA_E_CLOSED, "the server did not wait for %s",
                          e->auth.stage == AUTH_ASKED ? "a token" : "the log-in");
    return pop3_fatal(e, MLA_E_PROTOCOL, "an answer that no command asked for");
}

int pop3_engine_give_token(struct pop3_engine *e, uint64_t ticket, mla_str token, mla_error *err)
{
    struct pop3_cmd *cmd = e->queue.head;
    int rc;

    if (!pop3_engine_is_asking(e) || cmd->ticket != ticket || e->port.dead != 0)
        return fail(err, MLA_E_STATE, "no token is asked for");
    if (token.ptr == NULL) {
        fail(&e->auth.why, MLA_E_AUTH, "%s",
             e->auth.token_refused ? "the server has refused the token" : "there is no token");
        e->auth.stage = 0;
        return give_up(cmd, e, MLA_E_AUTH);
    }
    if (token.len > SASL_SECRET_MAX || !sasl_token_valid(token))
        return fail(err, MLA_E_ARG, "this is no token");
    rc = sasl_creds_set_token(&cmd->creds, token);
    if (rc != 0)
        return fail(err, rc, "out of memory for a token");
    (void)begin_sasl(e, cmd); /* an error of it is told by next() */
    return 0;
}

int pop3_engine_is_asking(const struct pop3_engine *e)
{
    return e->auth.stage == AUTH_ASKED && e->queue.head != NULL && e->queue.head->stage == CMD_SENT;
}

static int begin_mechanism(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    if ((e->auth.mech->flags & SASL_TOKEN) != 0 && cmd->creds.token.ptr == NULL)
        return ask_token(e, cmd) ? 0 : refuse_early(e, cmd, MLA_E_AUTH);
    if (strcmp(e->auth.mech->name, "USER") == 0)
        return begin_user(e, cmd);
    if (strcmp(e->auth.mech->name, "APOP") == 0)
        return begin_apop(e, cmd);
    return begin_sasl(e, cmd);
}

int pop3_auth_capa(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    int rc = choose(e, &cmd->creds);

    return rc != 0 ? give_up(cmd, e, rc) : begin_mechanism(e, cmd);
}

int pop3_auth_begin(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    pop3_auth_end(e);
    if (e->caps.state != CAPS_UNKNOWN)
        return pop3_auth_capa(e, cmd);
    e->auth.stage = AUTH_CAPA;
    return pop3_wrote(e, cmd, outq_add_word(&e->port.out, "CAPA\r\n"));
}

/* RFC 2449 section 6: these values may be others now, and the server says so. */
static int may_differ(const struct pop3_engine *e)
{
    return (e->caps.read.flags & (MLA_POP3_CAP_EXPIRE_USER | MLA_POP3_CAP_LOGIN_DELAY_USER)) != 0;
}

static int succeed(struct pop3_engine *e)
{
    if (may_differ(e) && pop3_ask_capabilities(e) != 0)
        return e->port.dead;
    e->state = POP3_TRANSACTION;
    e->auth_name = e->auth.mech->name;
    pop3_auth_end(e);
    return pop3_end(e, 0, e->reply.text);
}

static int refused(struct pop3_engine *e)
{
    int error = pop3_reason_note(e, 1, refused_error(e->reply.code));

    if (error == MLA_E_AUTH && (e->auth.mech->flags & SASL_TOKEN) != 0)
        e->ev.done.reason = sasl_token_reason(e->ev.done.reason);
    pop3_auth_end(e);
    return pop3_end(e, error, e->reply.text);
}

/* PASS is on its way: what USER was told is kept until PASS is answered as well. */
static int keep_refusal(struct pop3_engine *e)
{
    e->auth.stage = AUTH_NO_USER;
    buf_clear(&e->status);
    if (buf_add(&e->status, e->line.ptr, e->line.len) != 0)
        return pop3_fatal(e, MLA_E_NOMEM, "out of memory for an answer");
    return 0;
}

/* PASS was refused too, for want of a user; why USER was is what matters. */
static int refused_before(struct pop3_engine *e)
{
    pop3_reply_parse(e->status.ptr, e->status.len, &e->reply);
    e->ev.done.code = e->reply.code;
    e->ev.done.code_raw = e->reply.code_raw;
    return refused(e);
}

/* The server will not have this mechanism. The next one may follow where nothing was given away and
 * the server is certain to be the right one: never after a proof failed, never without TLS (A02).
 */
static int next_mechanism(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    int code = pop3_reason_note(e, 1, refused_error(e->reply.code));

    /* what is held was not sent */
    if ((e->auth.sasl.proof && !e->auth.is_held) || !e->tls || !e->verified || code != MLA_E_AUTH)
        return 0;
    sasl_tried_add(&e->auth.tried, e->auth.mech, &e->bindings);
    if (choose(e, &cmd->creds) != 0)
        return 0;
    end_exchange(e);
    e->auth.stage = AUTH_AGAIN;
    e->ev.type = MLA_POP3_EV_MECHANISM;
    e->ev.ticket = cmd->ticket;
    e->ev.mechanism = e->auth.mech->name;
    return 1;
}

/* We gave the exchange up, and the server says that it has. */
static int cancelled(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    mla_error why = e->auth.why;

    if (e->reply.status == REPLY_OK)
        return pop3_fatal(e, MLA_E_PROTOCOL, "a log-in succeeded that was cancelled");
    if (e->auth.sasl.refused && next_mechanism(e, cmd))
        return 1;
    e->ev.done.reason = e->auth.sasl.reason;
    e->ev.done.wait_ms = 0;
    pop3_auth_end(e);
    e->text = why;
    return pop3_end(e, MLA_E_AUTH, (mla_str){e->text.message, strlen(e->text.message)});
}

int pop3_auth_again(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    if (e->auth.stage != AUTH_AGAIN)
        return 0;
    return begin_mechanism(e, cmd);
}

static int sasl_answer(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const struct pop3_reply *r = &e->reply;

    if (r->status == REPLY_ERR)
        return next_mechanism(e, cmd) ? 1 : token_refused(e, cmd) ? 0 : refused(e);
    if (e->auth.computes)
        return pop3_fatal(e, MLA_E_PROTOCOL, "an answer before the one that is being computed");
    /* Old servers say "+OK" where "+" is due; but once something was proved OK means OK (A03). */
    if (r->status == REPLY_MORE || e->auth.is_held ||
        (!e->auth.sasl.complete && !e->auth.sasl.proof))
        return respond(e, cmd, r->text);
    if (sasl_success(&e->auth.sasl, &e->auth.why) != 0)
        return pop3_fatal(e, MLA_E_PROTOCOL, "%s", e->auth.why.message);
    return succeed(e);
}

int pop3_auth_answer(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const struct pop3_reply *r = &e->reply;
    int stage = e->auth.stage;

    if (stage == AUTH_SASL)
        return sasl_answer(e, cmd);
    if (stage == AUTH_ASKED || stage == AUTH_FIRST)
        return unasked(e);
    if (r->status == REPLY_MORE)
        return pop3_fatal(e, MLA_E_PROTOCOL, "a challenge that no command asked for");
    if (stage == AUTH_CAPA) {
        if (r->status == REPLY_OK) {
            e->body = BODY_CAPA;
            return 0;
        }
        pop3_caps_refused(&e->caps);
        return pop3_auth_capa(e, cmd);
    }
    if (stage == AUTH_CANCEL)
        return cancelled(e, cmd);
    if (r->status == REPLY_ERR)
        return stage == AUTH_BOTH      ? keep_refusal(e)
               : stage == AUTH_NO_USER ? refused_before(e)
                                       : refused(e);
    if (stage == AUTH_USER || stage == AUTH_BOTH) {
        e->auth.stage = AUTH_LAST;
        return stage == AUTH_BOTH ? 0 : write_pass(e, cmd);
    }
    return succeed(e);
}
