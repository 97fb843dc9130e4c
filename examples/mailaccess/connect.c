/* connect.c - from a URL and the options to a session that is logged in. */
#include "connect.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ask.h"
#include "identity.h"
#include "kept.h"
#include "secret.h"
#include "tunnel.h"
#include "via.h"

static mla_session *volatile running; /* what a signal interrupts */
static mla_imap_keep *volatile kept;  /* ... or this */

void connect_interrupt(void)
{
    mla_session *ss = running;
    mla_imap_keep *keep = kept;

    if (ss != NULL)
        (void)mla_session_interrupt(ss);
    if (keep != NULL)
        (void)mla_imap_keep_interrupt(keep);
}

/* --- the configuration --- */

static int parse_pin(const char *text, uint8_t digest[32])
{
    static const char digits[] = "0123456789abcdef";

    if (strlen(text) != 64)
        return -1;
    for (int i = 0; i < 64; i++) {
        int c = text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i];
        const char *at = strchr(digits, c);

        if (at == NULL)
            return -1;
        digest[i / 2] = (uint8_t)(digest[i / 2] << 4 | (at - digits));
    }
    return 0;
}

static int set_trust(struct conn *k)
{
    const struct cli_options *o = &k->cli->opt;
    mla_error err;

    for (size_t i = 0; i < o->ca_file.count; i++)
        if (mla_config_add_ca_file(k->cfg, o->ca_file.item[i], &err) != 0)
            return cli_fail(EXIT_NO_INPUT, "--ca-file=%s: %s", o->ca_file.item[i], err.message);
    for (size_t i = 0; i < o->ca_path.count; i++)
        if (mla_config_add_ca_path(k->cfg, o->ca_path.item[i], &err) != 0)
            return cli_fail(EXIT_NO_INPUT, "--ca-path=%s: %s", o->ca_path.item[i], err.message);
    for (size_t i = 0; i < o->pin_sha256.count; i++) {
        uint8_t digest[32];

        if (parse_pin(o->pin_sha256.item[i], digest) != 0)
            return cli_fail(EXIT_USAGE, "--pin-sha256: not 64 hexadecimal digits");
        if (mla_config_add_pin_sha256(k->cfg, digest) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
    }
    if (o->ask_certificate)
        (void)mla_config_set_certificate_question(k->cfg, 1);
    if (o->insecure) {
        cli_warn("--insecure: the certificate of %s is not verified", k->url.host);
        (void)mla_config_set_insecure(k->cfg, 1);
    }
    if (o->tls_min != NULL &&
        mla_config_set_tls_min(k->cfg, strcmp(o->tls_min, "1.3") == 0 ? 13 : 12) != 0)
        return cli_fail(EXIT_UNAVAILABLE, "--tls-min=%s: not supported by this build", o->tls_min);
    return 0;
}

/* "plain,login" as the library wants it: "PLAIN LOGIN". */
static int set_mechanisms(struct conn *k, const char *names)
{
    char words[512];
    size_t n = strlen(names);
    int rc;

    if (n >= sizeof words)
        return cli_fail(EXIT_USAGE, "--auth: too long");
    for (size_t i = 0; i <= n; i++) {
        words[i] = names[i] == ',' ? ' ' : names[i];
        if (words[i] >= 'a' && words[i] <= 'z')
            words[i] = (char)(words[i] - 'a' + 'A');
    }
    rc = mla_config_set_mechanisms(k->cfg, words);
    if (rc == MLA_E_ARG)
        return cli_fail(EXIT_USAGE, "--auth=%s: an unknown mechanism", names);
    return rc == 0 ? 0 : cli_fail(EXIT_INTERNAL, "%s", mla_error_text(rc));
}

static int make_config(struct conn *k)
{
    const struct cli_options *o = &k->cli->opt;
    const char *mechanisms = o->auth != NULL ? o->auth : k->url.auth;
    int rc = mla_config_new(NULL, &k->cfg);

    if (rc != 0)
        return cli_fail(EXIT_INTERNAL, "%s", mla_error_text(rc));
    rc = set_trust(k);
    if (rc == 0)
        rc = identity_load(k->cfg, o->client_cert, o->client_key);
    if (rc == 0)
        rc = via_load(k->cfg, o);
    if (rc == 0 && mechanisms != NULL)
        rc = set_mechanisms(k, mechanisms);
    if (rc != 0)
        return rc;
    if (o->auth_min != NULL)
        (void)mla_config_set_strength(k->cfg, o->auth_min[0] == 'h'   ? MLA_STRENGTH_HIDDEN
                                              : o->auth_min[0] == 'm' ? MLA_STRENGTH_MUTUAL
                                                                      : MLA_STRENGTH_BOUND);
    if (o->allow_cleartext_password)
        (void)mla_config_set_cleartext_password(k->cfg, 1);
    if (o->compress && mla_config_set_compress(k->cfg, 1) != 0)
        return cli_fail(EXIT_UNAVAILABLE, "--compress: not supported by this build");
    if (o->timeout != 0) {
        (void)mla_config_set_deadline(k->cfg, MLA_DEADLINE_CONNECT, (uint32_t)o->timeout * 1000);
        (void)mla_config_set_deadline(k->cfg, MLA_DEADLINE_SILENCE, (uint32_t)o->timeout * 1000);
    }
    if (o->trace != NULL) {
        int err = trace_open(&k->trace, o->trace);

        if (err != 0)
            return cli_fail_file(EXIT_CANNOT_CREATE, "write the trace to", o->trace, err);
        (void)mla_config_set_trace(k->cfg, trace_write, &k->trace);
    }
    return 0;
}

/* --- errors --- */

void conn_note(struct conn *k, const char *text, size_t len, int is_tls)
{
    /* Before TLS anybody may have written it, so it is not shown where TLS was asked for. */
    if (is_tls || k->security == MLA_SECURITY_NONE)
        out_visible_copy(k->said, sizeof k->said, text, len);
}

/* The server's reason in plain words, with its own in brackets. */
static int fail_reason(const struct conn *k, int rc, const char *head, const char *message)
{
    const char *said = k->said[0] != 0 ? k->said : message;
    char wait[64] = "";

    if (k->wait_ms != 0)
        snprintf(wait, sizeof wait, ", %u seconds", k->wait_ms / 1000 + (k->wait_ms % 1000 != 0));
    return cli_fail(cli_exit_status(rc, k->logged_in), "%s: %s%s%s%s%s", head,
                    mla_reason_text(k->reason), wait, said[0] != 0 ? " (" : "", said,
                    said[0] != 0 ? ")" : "");
}

int conn_fail(struct conn *k, int rc, const char *what, ...)
{
    mla_error err;
    const char *why = mla_error_text(rc);
    char head[512];
    va_list args;

    memset(&err, 0, sizeof err);
    if (k->ss != NULL)
        mla_session_error(k->ss, &err);
    if (err.code == rc && err.message[0] != 0)
        why = err.message;
    va_start(args, what);
    vsnprintf(head, sizeof head, what, args);
    va_end(args);
    if (k->is_unselected)
        snprintf(head, sizeof head, "cannot select %s", k->box);
    if (rc == MLA_E_CANCELLED && cli_stopped())
        why = "stopped by a signal";
    else if (rc == MLA_E_TIMEOUT)
        why = "the time that --deadline allows is over";
    else if (mla_reason_text(k->reason)[0] != 0)
        return fail_reason(k, rc, head, err.code == rc ? err.message : "");
    if (k->said[0] != 0 && strstr(why, k->said) == NULL && rc != MLA_E_CANCELLED &&
        rc != MLA_E_TIMEOUT)
        return cli_fail(cli_exit_status(rc, k->logged_in), "%s: %s (%s)", head, why, k->said);
    return cli_fail(cli_exit_status(rc, k->logged_in), "%s: %s", head, why);
}

/* --- waiting --- */

/* Until the command's own deadline; -1: as long as the session allows, -2: it is over. */
static int32_t time_left(const struct conn *k)
{
    uint64_t now, end = k->cli->end_ms;

    if (end == 0)
        return -1;
    now = cli_now_ms();
    if (now >= end)
        return -2;
    return end - now < INT32_MAX ? (int32_t)(end - now) : INT32_MAX;
}

/* A refusal is told by the next step. */
static void answer(struct conn *k, const mla_certificate_chain *q)
{
    if (q != NULL)
        (void)mla_session_answer_certificate(k->ss, ask_certificate(q), 1);
}

static int step(struct conn *k, uint64_t ticket, const mla_imap_event **out_ev)
{
    int32_t left = time_left(k);
    const mla_imap_done *done;
    const mla_imap_text *text;
    int rc;

    if (cli_stopped())
        return MLA_E_CANCELLED;
    if (left == -2)
        return MLA_E_TIMEOUT;
    rc = mla_imap_step(k->imap, ticket, left, out_ev);
    if (rc != 1)
        return rc;
    answer(k, mla_imap_event_certificate(*out_ev));
    done = mla_imap_event_done(*out_ev);
    text = mla_imap_event_text(*out_ev);
    if (done != NULL) {
        k->reason = done->error != 0 ? done->reason : MLA_REASON_NONE;
        k->wait_ms = done->wait_ms;
    }
    if (done != NULL && done->error != 0 && done->status != 0)
        conn_note(k, done->text.ptr, done->text.len, (int)done->is_tls);
    else if (text != NULL && (text->status == MLA_IMAP_BYE || text->status == MLA_IMAP_BAD))
        conn_note(k, text->text.ptr, text->text.len, (int)text->is_tls);
    return 1;
}

/* What was sent behind a SELECT that failed ends with MLA_E_STATE, and nobody wants to hear it. */
static int settle(struct conn *k)
{
    const mla_imap_event *ev;
    uint64_t ticket = k->selecting;
    int rc;

    k->selecting = 0;
    do
        rc = step(k, ticket, &ev);
    while (rc == 1);
    k->is_unselected = rc != 0;
    return rc;
}

int conn_imap_step(struct conn *k, uint64_t ticket, const mla_imap_event **out_ev)
{
    int rc = k->selecting != 0 ? settle(k) : 0;

    return rc != 0 ? rc : step(k, ticket, out_ev);
}

int conn_imap_finish(struct conn *k, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    do
        rc = conn_imap_step(k, ticket, &ev);
    while (rc == 1);
    return rc;
}

int conn_pop3_step(struct conn *k, uint64_t ticket, const mla_pop3_event **out_ev)
{
    int32_t left = time_left(k);
    const mla_pop3_done *done;
    int rc;

    if (cli_stopped())
        return MLA_E_CANCELLED;
    if (left == -2)
        return MLA_E_TIMEOUT;
    rc = mla_pop3_step(k->pop3, ticket, left, out_ev);
    if (rc != 1)
        return rc;
    answer(k, mla_pop3_event_certificate(*out_ev));
    done = mla_pop3_event_done(*out_ev);
    if (done != NULL) {
        k->reason = done->error != 0 ? done->reason : MLA_REASON_NONE;
        k->wait_ms = done->wait_ms;
    }
    if (done != NULL && done->error != 0 && done->status != 0)
        conn_note(k, done->text.ptr, done->text.len, (int)done->is_tls);
    return 1;
}

int conn_collect_step(struct conn *k, mla_collect *c, const mla_collect_event **out_ev)
{
    int32_t left = time_left(k);
    const mla_collect_message *m;
    const mla_collect_warning *w;
    int rc;

    if (cli_stopped())
        return MLA_E_CANCELLED;
    if (left == -2)
        return MLA_E_TIMEOUT;
    rc = mla_collect_step(c, left, out_ev);
    if (rc != 1)
        return rc;
    m = mla_collect_event_message(*out_ev);
    w = mla_collect_event_warning(*out_ev);
    if (m != NULL && m->error != 0 && !mla_error_is_fatal(m->error))
        conn_note(k, m->text.ptr, m->text.len, mla_session_is_tls(k->ss));
    else if (w != NULL && w->code == MLA_COLLECT_WARN_REFUSED)
        conn_note(k, w->text.ptr, w->text.len, mla_session_is_tls(k->ss));
    return 1;
}

int conn_pop3_finish(struct conn *k, uint64_t ticket)
{
    const mla_pop3_event *ev;
    int rc;

    do
        rc = conn_pop3_step(k, ticket, &ev);
    while (rc == 1);
    return rc;
}

/* --- connecting --- */

static int make_handle(struct conn *k)
{
    mla_error err;
    int rc;

    if (k->url.protocol == URL_IMAP)
        rc = mla_imap_new(k->cfg, &k->imap, &err);
    else
        rc = mla_pop3_new(k->cfg, &k->pop3, &err);
    if (rc != 0)
        return cli_fail(cli_exit_status(rc, 0), "cannot begin a session: %s", err.message);
    k->ss = k->imap != NULL ? mla_imap_session(k->imap) : mla_pop3_session(k->pop3);
    running = k->ss;
    return 0;
}

static uint32_t choose_security(const struct conn *k)
{
    const char *word = k->cli->opt.security;

    if (word == NULL)
        return k->url.is_tls ? MLA_SECURITY_TLS : MLA_SECURITY_STARTTLS;
    if (strcmp(word, "tls") == 0)
        return MLA_SECURITY_TLS;
    return strcmp(word, "starttls") == 0 ? MLA_SECURITY_STARTTLS : MLA_SECURITY_NONE;
}

/* The scheme decides about the port, --security about the protection alone. */
static uint32_t choose_port(const struct url *u)
{
    if (u->port != 0)
        return u->port;
    if (u->protocol == URL_IMAP)
        return u->is_tls ? 993 : 143;
    return u->is_tls ? 995 : 110;
}

static int start(struct conn *k, uint64_t *out_ticket)
{
    const struct cli_options *o = &k->cli->opt;
    mla_connect_args args;
    int fd = -1, rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.security = k->security;
    args.host = k->url.host;
    args.port = choose_port(&k->url);
    if (o->tunnel == NULL && o->unix_path == NULL) {
        rc = mla_session_connect(k->ss, &args, out_ticket);
        return rc == 0 ? 0 : conn_fail(k, rc, "cannot connect to %s", k->url.host);
    }
    rc = o->tunnel != NULL ? tunnel_start(o->tunnel, &fd, &k->tunnel)
                           : tunnel_unix(o->unix_path, &fd);
    if (rc != 0)
        return rc;
    rc = mla_session_adopt_fd(k->ss, fd, &args, out_ticket);
    if (rc != 0) {
        tunnel_close(fd);
        return conn_fail(k, rc, "cannot connect to %s", k->url.host);
    }
    return 0;
}

static void keep_greeting(struct conn *k, mla_str text)
{
    if (text.len > 0)
        out_visible_copy(k->greeting, sizeof k->greeting, text.ptr, text.len);
}

static int wait_imap(struct conn *k, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = conn_imap_step(k, ticket, &ev)) == 1)
        if (mla_imap_event_type(ev) == MLA_IMAP_EV_GREETING)
            keep_greeting(k, mla_imap_event_text(ev)->text);
    return rc;
}

static int wait_pop3(struct conn *k, uint64_t ticket)
{
    const mla_pop3_event *ev;
    int rc;

    while ((rc = conn_pop3_step(k, ticket, &ev)) == 1)
        if (mla_pop3_event_greeting(ev) != NULL)
            keep_greeting(k, mla_pop3_event_greeting(ev)->text);
    return rc;
}

static int wait_connected(struct conn *k, uint64_t ticket)
{
    int rc = k->imap != NULL ? wait_imap(k, ticket) : wait_pop3(k, ticket);

    return rc == 0 ? 0
                   : conn_fail(k, rc, "cannot connect to %s port %u", k->url.host,
                               (unsigned)choose_port(&k->url));
}

/* --- logging in --- */

static int needs_password(const struct conn *k)
{
    const char *auth = k->cli->opt.auth != NULL ? k->cli->opt.auth : k->url.auth;

    static const char *const without[] = {"external",  "EXTERNAL", "anonymous",
                                          "ANONYMOUS", "gssapi",   "GSSAPI"};

    for (size_t i = 0; auth != NULL && i < sizeof without / sizeof without[0]; i++)
        if (strcmp(auth, without[i]) == 0)
            return 0;
    return 1;
}

static int is_token(const struct cli_options *o)
{
    return o->token_file != NULL || o->token_env != NULL || o->token_command != NULL;
}

static int get_password(struct conn *k, struct secret *s)
{
    const struct cli_options *o = &k->cli->opt;

    s->text = NULL;
    s->len = 0;
    if (o->password_file != NULL || o->token_file != NULL)
        return secret_from_file(s, is_token(o) ? o->token_file : o->password_file);
    if (o->password_env != NULL || o->token_env != NULL)
        return secret_from_env(s, is_token(o) ? o->token_env : o->password_env);
    if (o->password_command != NULL || o->token_command != NULL)
        return secret_from_command(s, is_token(o) ? o->token_command : o->password_command);
    return secret_from_terminal(s, k->url.user, k->url.host);
}

/* The server has refused the token: the command may have a newer one by now. */
static int give_token(struct conn *k, mla_session *ss, uint64_t ticket)
{
    struct secret s = {NULL, 0};
    int rc = secret_from_command(&s, k->cli->opt.token_command);

    if (rc == 0 && mla_session_give_token(ss, ticket, s.text, s.len) != 0)
        (void)mla_session_give_token(ss, ticket, NULL, 0);
    secret_wipe(&s);
    return rc;
}

static void fill_credentials(const struct conn *k, const struct secret *s, mla_credentials *out)
{
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->user = k->url.user;
    if (is_token(&k->cli->opt)) {
        out->token = s->text;
        out->token_len = s->len;
        out->token_requests = k->cli->opt.token_command != NULL;
    } else {
        out->password = s->text;
        out->password_len = s->len;
    }
}

/* To the end of the log-in. 0, an MLA_E_*, or *out_status, when that is not 0, of this program. */
static int finish_log_in(struct conn *k, uint64_t ticket, int *out_status)
{
    for (;;) {
        const mla_imap_event *iv = NULL;
        const mla_pop3_event *pv = NULL;
        int rc = k->imap != NULL ? conn_imap_step(k, ticket, &iv) : conn_pop3_step(k, ticket, &pv);

        if (rc != 1)
            return rc;
        if (mla_imap_event_token(iv) != NULL || mla_pop3_event_token(pv) != NULL)
            *out_status = give_token(k, k->ss, ticket);
        if (*out_status != 0)
            return 0;
    }
}

static int log_in(struct conn *k, const struct secret *s)
{
    mla_credentials cred;
    uint64_t ticket;
    int status = 0;
    int rc;

    fill_credentials(k, s, &cred);
    if (k->imap != NULL)
        rc = mla_imap_authenticate(k->imap, &cred, &ticket);
    else
        rc = mla_pop3_authenticate(k->pop3, &cred, &ticket);
    if (rc == 0)
        rc = finish_log_in(k, ticket, &status);
    if (status != 0)
        return status;
    /* A server that takes no password without TLS announces nothing that fits. */
    if (rc == MLA_E_UNSUPPORTED && !mla_session_is_tls(k->ss))
        return cli_fail(
            EXIT_NO_PERMISSION,
            "cannot log in as %s: the server offers no way that may be used without TLS",
            k->url.user);
    if (rc != 0)
        return conn_fail(k, rc, "cannot log in as %s", k->url.user);
    k->logged_in = 1;
    k->said[0] = 0;
    return 0;
}

static int check_url(struct conn *k, unsigned flags)
{
    const char *why;

    if (k->cli->arg_count < 1)
        return cli_fail(EXIT_USAGE, "%s: wants a URL", k->cli->command);
    if (url_parse(&k->url, k->cli->args[0], &why) != 0)
        return cli_fail(EXIT_USAGE, "the URL cannot be used: %s", why);
    if (k->url.user == NULL && !(flags & CONN_USER_OPTIONAL))
        return cli_fail(EXIT_USAGE, "the URL names no user");
    if (k->url.protocol == URL_POP3 && (flags & CONN_IMAP))
        return cli_fail(EXIT_USAGE, "%s: POP3 cannot do this", k->cli->command);
    if (k->url.protocol == URL_IMAP && k->url.mailbox == NULL && (flags & CONN_MAILBOX))
        return cli_fail(EXIT_USAGE, "%s: the URL names no mailbox", k->cli->command);
    return 0;
}

/* All but the connection: no server waits while somebody types. */
static int prepare(struct conn *k, struct cli *c, unsigned flags, struct secret *s)
{
    int rc;

    memset(k, 0, sizeof *k);
    k->cli = c;
    rc = check_url(k, flags);
    if (rc != 0)
        return rc;
    k->security = choose_security(k);
    rc = make_config(k);
    if (rc == 0 && k->url.user != NULL && needs_password(k))
        rc = get_password(k, s);
    return rc;
}

int conn_can_keep(const struct cli *c)
{
    return c->opt.tunnel == NULL && c->opt.unix_path == NULL;
}

static const char *keep_mailbox(const struct conn *k)
{
    return k->url.mailbox != NULL ? k->url.mailbox : "INBOX";
}

void conn_keep_name(const struct conn *k, char *out, size_t size)
{
    snprintf(out, size, "imap:%s@%s:%s", k->url.user != NULL ? k->url.user : "", k->url.host,
             keep_mailbox(k));
}

static int make_keeper(struct conn *k, const struct secret *s, const struct kept *known)
{
    mla_imap_keep_args args;
    mla_credentials cred;
    mla_error err;
    int rc;

    fill_credentials(k, s, &cred);
    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.security = k->security;
    args.host = k->url.host;
    args.port = choose_port(&k->url);
    args.read_only = 1;
    args.mailbox = keep_mailbox(k);
    args.credentials = &cred;
    args.poll_ms = 30000;
    args.state = known->state.uidvalidity != 0 ? &known->state : NULL;
    rc = mla_imap_keep_new(k->cfg, &args, &k->keep, &err);
    if (rc == 0) {
        kept = k->keep;
        return 0;
    }
    if (args.state != NULL && (rc == MLA_E_ARG || rc == MLA_E_LIMIT))
        return cli_fail(EXIT_DATA, "%s: %s", k->cli->opt.state, err.message);
    return cli_fail(cli_exit_status(rc, 0), "cannot watch %s: %s", args.mailbox, err.message);
}

int conn_keep(struct conn *k, struct cli *c)
{
    struct secret s = {NULL, 0};
    struct kept known;
    char name[2048];
    int rc = prepare(k, c, CONN_IMAP, &s);

    memset(&known, 0, sizeof known);
    if (rc == 0 && c->opt.state != NULL) {
        conn_keep_name(k, name, sizeof name);
        rc = kept_read(&known, c->opt.state, name);
    }
    if (rc == 0)
        rc = make_keeper(k, &s, &known);
    kept_free(&known);
    secret_wipe(&s);
    return rc;
}

int conn_keep_step(struct conn *k, int32_t wait_ms, const mla_imap_keep_event **out_ev)
{
    int32_t left = time_left(k);
    const mla_imap_event *ev;
    int rc;

    if (cli_stopped())
        return MLA_E_CANCELLED;
    if (left == -2)
        return MLA_E_TIMEOUT;
    if (wait_ms >= 0 && (left < 0 || wait_ms < left))
        left = wait_ms;
    rc = mla_imap_keep_step(k->keep, left, out_ev);
    ev = rc == 1 ? mla_imap_keep_event_imap(*out_ev) : NULL;
    if (ev != NULL && mla_imap_event_token(ev) != NULL)
        (void)give_token(k, mla_imap_session(mla_imap_keep_imap(k->keep)),
                         mla_imap_event_ticket(ev));
    return rc;
}

int conn_open(struct conn *k, struct cli *c, unsigned flags)
{
    struct secret s = {NULL, 0};
    uint64_t ticket;
    int rc = prepare(k, c, flags, &s);

    if (rc == 0)
        rc = make_handle(k);
    if (rc == 0)
        rc = start(k, &ticket);
    if (rc == 0)
        rc = wait_connected(k, ticket);
    if (rc == 0 && k->imap != NULL && mla_imap_state(k->imap) == MLA_IMAP_STATE_AUTHENTICATED)
        k->logged_in = 1; /* PREAUTH */
    else if (rc == 0 && k->url.user != NULL)
        rc = log_in(k, &s);
    secret_wipe(&s);
    return rc;
}

enum { PATIENCE_MS = 5000 };

/* A command that is not over, since what it brings cannot be stored, is not waited for; what was
 * sent behind a SELECT that failed is over at once. */
static void leave(struct conn *k, uint64_t ticket)
{
    const mla_imap_event *ev;
    int left = k->is_unselected ? 100 : 0;

    if (mla_imap_finish(k->imap, ticket, PATIENCE_MS) != MLA_E_BUSY)
        return;
    while (left-- > 0 && mla_imap_step(k->imap, ticket, PATIENCE_MS, &ev) == 1)
        ;
}

void conn_close(struct conn *k)
{
    uint64_t ticket;
    mla_error err;
    int how;

    memset(&err, 0, sizeof err);
    if (k->ss != NULL)
        mla_session_error(k->ss, &err);
    /* Not after a signal: the server may be the reason for it. */
    if (k->ss != NULL && !mla_error_is_fatal(err.code) && !cli_stopped()) {
        if (k->imap != NULL && mla_imap_logout(k->imap, &ticket) == 0)
            leave(k, ticket);
        else if (k->pop3 != NULL && !k->is_given_up && mla_pop3_quit(k->pop3, &ticket) == 0)
            (void)mla_pop3_finish(k->pop3, ticket, PATIENCE_MS);
    }
    running = NULL;
    kept = NULL;
    mla_imap_keep_free(k->keep);
    mla_imap_free(k->imap);
    mla_pop3_free(k->pop3);
    mla_config_free(k->cfg);
    trace_close(&k->trace);
    how = tunnel_wait(k->tunnel);
    if (mla_error_is_fatal(err.code) && WIFEXITED(how) && WEXITSTATUS(how) != 0)
        cli_warn("the tunnel's command ended with status %d", WEXITSTATUS(how));
    else if (mla_error_is_fatal(err.code) && WIFSIGNALED(how))
        cli_warn("the tunnel's command was ended by signal %d", WTERMSIG(how));
    url_free(&k->url);
    memset(k, 0, sizeof *k);
}

static int begin_select(struct conn *k, const char *mailbox, const mla_str *raw, int read_only)
{
    mla_imap_select_args args;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mailbox = mailbox;
    if (raw != NULL)
        args.raw_mailbox = *raw;
    args.read_only = (uint32_t)read_only;
    k->box = mailbox;
    return mla_imap_select(k->imap, &args, &k->selecting);
}

int conn_select(struct conn *k, const char *mailbox, const mla_str *raw, int read_only)
{
    int rc = begin_select(k, mailbox, raw, read_only);

    if (rc == 0)
        rc = settle(k);
    if (rc != 0)
        rc = conn_fail(k, rc, "cannot select %s", mailbox);
    k->is_unselected = 0; /* it was told; another one may be selected */
    return rc;
}

int conn_select_ahead(struct conn *k, const char *mailbox, int read_only)
{
    int rc = begin_select(k, mailbox, NULL, read_only);

    return rc == 0 ? 0 : conn_fail(k, rc, "cannot select %s", mailbox);
}
