/* auth.c - the log-in: CAPA where needed, the choice, and AUTH, USER and PASS, or APOP. */
#include "pop3/inside.h"

#include "base/fail.h"
#include "base/wipe.h"
#include "codec/crypt.h"
#include "sasl/line.h"

#include <string.h>

enum {
    WORDS_MAX = 64,        /* mechanisms looked at */
    LINE_MAX_OCTETS = 255, /* of a command (RFC 2449 section 4) */
    RESPONSE_LINE_MAX = 524288
};

void pop3_auth_end(struct pop3_engine *e)
{
    sasl_end(&e->auth.sasl);
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

    /* A server without CAPA has to be tried (RFC 2449 section 5). */
    if (text && (e->caps.state == CAPS_NONE || pop3_caps_has(&e->caps, "USER", NULL)))
        words[n++] = (mla_str){"USER", 4};
    if (text && e->stamp.len != 0 && memchr(creds->user.ptr, ' ', creds->user.len) == NULL)
        words[n++] = (mla_str){"APOP", 4};
    return n;
}

static int choose(struct pop3_engine *e, const struct sasl_creds *creds)
{
    mla_str words[WORDS_MAX + 2];
    struct sasl_choice c = {0};

    c.words = words;
    c.word_count = offers(e, creds, words);
    c.creds = creds;
    c.list = e->cfg.mechanisms;
    c.tls = e->tls;
    c.cleartext = e->cfg.cleartext;
    c.skipped = &e->auth.skipped;
    memset(&e->auth.why, 0, sizeof e->auth.why);
    return sasl_choose(&c, &e->auth.mech, &e->auth.why);
}

/* word, then a secret, then CRLF. */
static int write_secret(struct pop3_engine *e, struct pop3_cmd *cmd, const char *word,
                        const void *secret, size_t len)
{
    struct outq *out = &e->port.out;
    int rc = outq_add_word(out, word);

    if (rc == 0)
        rc = outq_add_secret(out, secret, len);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    return pop3_wrote(e, cmd, rc);
}

static int write_pass(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    return write_secret(e, cmd, "PASS ", cmd->creds.password.ptr, cmd->creds.password.len);
}

/* Where it may, PASS goes along: USER and PASS are what RFC 2449 section 6.6 has as its example of
 * what can be batched. Nothing else ever goes out before the log-in is answered, though the same
 * section would allow it: Courier starts another program then and Cyrus another layer, and what was
 * read ahead is lost. */
static int begin_user(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    struct outq *out = &e->port.out;
    int both = pop3_caps_has(&e->caps, "PIPELINING", NULL);
    int rc = outq_add_word(out, "USER ");

    if (rc == 0)
        rc = outq_add(out, cmd->creds.user.ptr, cmd->creds.user.len);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    e->auth.stage = both ? AUTH_BOTH : AUTH_USER;
    return rc == 0 && both ? write_pass(e, cmd) : pop3_wrote(e, cmd, rc);
}

/* The digest of the greeting's time stamp and the password (RFC 1939 section 7). */
static int begin_apop(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[CRYPT_MD5_LEN];
    char text[2 * CRYPT_MD5_LEN];
    struct buf line;
    int rc;

    buf_init(&line, e->cfg.mem, e->cfg.response_max);
    line.secret = 1;
    buf_add(&line, e->stamp.ptr, e->stamp.len);
    rc = buf_add(&line, cmd->creds.password.ptr, cmd->creds.password.len);
    if (rc == 0)
        rc = crypt_hash(CRYPT_MD5, line.ptr, line.len, digest);
    if (rc == MLA_E_UNSUPPORTED) {
        buf_free(&line);
        fail(&e->auth.why, rc, "APOP: this build has no MD5");
        return give_up(cmd, e, rc);
    }
    for (size_t i = 0; rc == 0 && i < sizeof digest; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    buf_clear(&line);
    if (rc == 0) {
        buf_add(&line, cmd->creds.user.ptr, cmd->creds.user.len);
        buf_add_byte(&line, ' ');
        rc = buf_add(&line, text, sizeof text);
    }
    e->auth.stage = AUTH_LAST;
    if (rc == 0)
        rc = write_secret(e, cmd, "APOP ", line.ptr, line.len);
    else
        rc = pop3_wrote(e, cmd, rc);
    wipe(digest, sizeof digest);
    wipe(text, sizeof text);
    buf_free(&line);
    return rc;
}

/* Writes a response, or cancels when the mechanism will not go on. text NULL: the initial response,
 * as the argument of AUTH. */
static int respond(struct pop3_engine *e, struct pop3_cmd *cmd, mla_str text)
{
    const char *name = e->auth.mech->name;
    struct buf line;
    char verb[48] = "AUTH ";
    size_t head = 5;
    int rc;

    buf_init(&line, e->cfg.mem, RESPONSE_LINE_MAX);
    line.secret = 1;
    rc = sasl_line(&e->auth.sasl, (const uint8_t *)text.ptr, text.len, &line, &e->auth.why);
    if (rc == 0 && text.ptr == NULL) {
        memcpy(verb + head, name, strlen(name) + 1);
        head += strlen(name);
        verb[head++] = ' ';
        verb[head] = '\0';
    }
    if (rc == MLA_E_NOMEM)
        rc = pop3_fatal(e, rc, "out of memory in the log-in");
    else if (rc != 0) {
        e->auth.stage = AUTH_CANCEL;
        rc = pop3_wrote(e, cmd, outq_add_word(&e->port.out, "*\r\n"));
    } else
        rc = write_secret(e, cmd, text.ptr == NULL ? verb : "", line.ptr, line.len);
    buf_free(&line);
    return rc;
}

/* How many octets AUTH with an initial response would have, at most. */
static size_t initial_size(const struct sasl_mech *mech, const struct sasl_creds *c)
{
    size_t raw = c->user.len + c->authzid.len + c->password.len + c->token.len + 64;

    return 5 + strlen(mech->name) + 1 + (raw + 2) / 3 * 4 + 2;
}

static int begin_sasl(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const struct sasl_mech *mech = e->auth.mech;
    struct sasl_peer peer = {.service = "pop", .host = e->host, .port = e->host_port};
    struct outq *out = &e->port.out;
    mla_str initial = {NULL, 0};
    int rc = sasl_start(&e->auth.sasl, mech, e->cfg.mem, &cmd->creds, &peer, &e->auth.why);

    if (rc != 0)
        return pop3_fatal(e, rc == MLA_E_NOMEM ? rc : MLA_E_INTERNAL, "the log-in cannot begin");
    e->auth.stage = AUTH_SASL;
    /* An initial response only where SASL was announced, which it was, and in a line that is not
     * too long (RFC 5034 sections 3 and 4). */
    if ((mech->flags & SASL_INITIAL) != 0 && initial_size(mech, &cmd->creds) <= LINE_MAX_OCTETS)
        return respond(e, cmd, initial);
    rc = outq_add_word(out, "AUTH ");
    if (rc == 0)
        rc = outq_add_word(out, mech->name);
    if (rc == 0)
        rc = outq_add_word(out, "\r\n");
    return pop3_wrote(e, cmd, rc);
}

static int begin_mechanism(struct pop3_engine *e, struct pop3_cmd *cmd)
{
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
        return e->port.error.code;
    e->state = POP3_TRANSACTION;
    e->auth_name = e->auth.mech->name;
    pop3_auth_end(e);
    return pop3_end(e, 0, e->reply.text);
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

static int refused(struct pop3_engine *e)
{
    pop3_auth_end(e);
    return pop3_end(e, pop3_reason_note(e, 1, refused_error(e->reply.code)), e->reply.text);
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
static int sasl_refused(struct pop3_engine *e, struct pop3_cmd *cmd)
{
    const struct sasl_mech *old = e->auth.mech;
    int code = pop3_reason_note(e, 1, refused_error(e->reply.code));

    if (!e->auth.sasl.proof && e->tls && e->verified && code == MLA_E_AUTH) {
        sasl_skip(&e->auth.skipped, old);
        if (choose(e, &cmd->creds) == 0) {
            sasl_end(&e->auth.sasl);
            e->auth.stage = AUTH_AGAIN;
            e->ev.type = MLA_POP3_EV_MECHANISM;
            e->ev.ticket = cmd->ticket;
            e->ev.mechanism = e->auth.mech->name;
            return 1;
        }
    }
    return refused(e);
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
        return sasl_refused(e, cmd);
    /* Old servers say "+OK" where "+" is due. */
    if (r->status == REPLY_MORE || !e->auth.sasl.complete)
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
    if (stage == AUTH_CANCEL) {
        mla_error why = e->auth.why;

        if (r->status == REPLY_OK)
            return pop3_fatal(e, MLA_E_PROTOCOL, "a log-in succeeded that was cancelled");
        pop3_auth_end(e);
        e->text = why;
        return pop3_end(e, MLA_E_AUTH, (mla_str){e->text.message, strlen(e->text.message)});
    }
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
