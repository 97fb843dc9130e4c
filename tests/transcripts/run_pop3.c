/* run_pop3.c - POP3 for the runner.
 *
 * Commands: auth USER PASSWORD [AUTHZID] · token USER TOKEN · nobody [USER [AUTHZID]] · capa · stat
 * · list [N] · uidl [N] · retr N · top N LINES · dele N · noop · rset · quit · utf8 · lang [TAG] ·
 * command LINE [CAPABILITY] · lines LINE [CAPABILITY] (the same with a multi-line answer) · has TAG
 * [PARAMETER] (logs the answer) · caps (logs every line) · typed (logs the values) · state (logs
 * it). */
#include "mailaccess/pop3.h"
#include "run_token.h"
#include "runner.h"

#include <stdio.h>
#include <string.h>

static int on_open(mla_config *cfg, void **out_handle, mla_error *out_err)
{
    mla_pop3 *s = NULL;
    int rc = mla_pop3_new(cfg, &s, out_err);

    *out_handle = s;
    return rc;
}

static void on_close(void *handle)
{
    mla_pop3_free(handle);
}

static mla_session *on_session(void *handle)
{
    return mla_pop3_session(handle);
}

static uint32_t number_at(const struct runner_word *words, size_t count, size_t i)
{
    return i < count ? (uint32_t)runner_number(&words[i]) : 0;
}

static int authenticate(mla_pop3 *s, const struct runner_word *words, size_t count,
                        uint64_t *out_ticket)
{
    mla_credentials c = {0};

    if (run_token_fill(words, count, &c))
        return mla_pop3_authenticate(s, &c, out_ticket);
    c.struct_size = sizeof c;
    c.user = count > 1 ? words[1].ptr : NULL;
    if (strcmp(words[0].ptr, "nobody") == 0) {
        c.authzid = count > 2 ? words[2].ptr : NULL;
        return mla_pop3_authenticate(s, &c, out_ticket);
    }
    if (strcmp(words[0].ptr, "token") == 0) {
        c.token = words[2].ptr;
        c.token_len = words[2].len;
    } else {
        c.password = words[2].ptr;
        c.password_len = words[2].len;
    }
    c.authzid = count > 3 ? words[3].ptr : NULL;
    return mla_pop3_authenticate(s, &c, out_ticket);
}

static void log_caps(struct runner *r, mla_pop3 *s)
{
    const char *line;

    for (uint32_t i = 0; (line = mla_pop3_capability(s, i)) != NULL; i++)
        runner_log(r, "CAPABILITY %s", runner_quote(r, line, strlen(line)));
    runner_log(r, "CAPABILITIES %u", mla_pop3_capability_count(s));
}

static void log_typed(struct runner *r, mla_pop3 *s)
{
    static const char *const names[] = {
        "top",  "uidl",      "user", "sasl",   "stls",  "resp-codes",  "auth-code", "pipelining",
        "utf8", "utf8-user", "lang", "expire", "never", "expire-user", "delay",     "delay-user"};
    const mla_pop3_capabilities *c = mla_pop3_capabilities_of(s);
    char flags[300] = "";
    char sasl[300] = "";

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((c->flags & (1U << i)) != 0)
            snprintf(flags + strlen(flags), sizeof flags - strlen(flags), " %s", names[i]);
    for (size_t i = 0; i < c->sasl_count; i++)
        snprintf(sasl + strlen(sasl), sizeof sasl - strlen(sasl), " %.*s", (int)c->sasl[i].len,
                 c->sasl[i].ptr);
    runner_log(r, "TYPED %u in=%u expire=%u delay=%u impl=%s flags:%s sasl:%s utf8=%d", c->state,
               c->asked_in, c->expire_days, c->login_delay_s,
               runner_quote(r, c->implementation.ptr, c->implementation.len), flags, sasl,
               mla_pop3_is_utf8(s));
}

static int other(mla_pop3 *s, const struct runner_word *words, size_t count, uint64_t *out_ticket)
{
    mla_pop3_command_args in = {0};

    in.struct_size = sizeof in;
    in.is_multiline = strcmp(words[0].ptr, "lines") == 0;
    in.line = words[1].ptr;
    in.capability = count > 2 ? words[2].ptr : NULL;
    return mla_pop3_command(s, &in, out_ticket);
}

/* What only looks: 1, or 0 when it is no such word. */
static int look(struct runner *r, mla_pop3 *s, const struct runner_word *words, size_t count)
{
    static const char *const states[] = {"START", "AUTHORIZATION", "TRANSACTION", "UPDATE"};
    const char *name = words[0].ptr;

    if (strcmp(name, "has") == 0 && count > 1)
        runner_log(r, "HAS %s %d", words[1].ptr,
                   mla_pop3_has_capability(s, words[1].ptr, count > 2 ? words[2].ptr : NULL));
    else if (strcmp(name, "caps") == 0)
        log_caps(r, s);
    else if (strcmp(name, "typed") == 0)
        log_typed(r, s);
    else if (strcmp(name, "state") == 0)
        runner_log(r, "STATE %s", states[mla_pop3_state(s)]);
    else
        return 0;
    return 1;
}

static int on_command(struct runner *r, void *handle, const struct runner_word *words, size_t count,
                      int *out_rc, uint64_t *out_ticket)
{
    mla_pop3 *s = handle;
    const char *name = words[0].ptr;
    uint32_t n = number_at(words, count, 1);

    if (((strcmp(name, "auth") == 0 || strcmp(name, "token") == 0) && count > 2) ||
        strcmp(name, "nobody") == 0 || strcmp(name, "lazy") == 0)
        *out_rc = authenticate(s, words, count, out_ticket);
    else if (strcmp(name, "capa") == 0)
        *out_rc = mla_pop3_capa(s, out_ticket);
    else if (strcmp(name, "stat") == 0)
        *out_rc = mla_pop3_stat_maildrop(s, out_ticket);
    else if (strcmp(name, "list") == 0)
        *out_rc = mla_pop3_list(s, n, out_ticket);
    else if (strcmp(name, "uidl") == 0)
        *out_rc = mla_pop3_uidl(s, n, out_ticket);
    else if (strcmp(name, "retr") == 0)
        *out_rc = mla_pop3_retr(s, n, out_ticket);
    else if (strcmp(name, "top") == 0)
        *out_rc = mla_pop3_top(s, n, number_at(words, count, 2), out_ticket);
    else if (strcmp(name, "dele") == 0)
        *out_rc = mla_pop3_dele(s, n, out_ticket);
    else if (strcmp(name, "noop") == 0)
        *out_rc = mla_pop3_noop(s, out_ticket);
    else if (strcmp(name, "rset") == 0)
        *out_rc = mla_pop3_rset(s, out_ticket);
    else if (strcmp(name, "quit") == 0)
        *out_rc = mla_pop3_quit(s, out_ticket);
    else if (strcmp(name, "utf8") == 0)
        *out_rc = mla_pop3_utf8(s, out_ticket);
    else if (strcmp(name, "lang") == 0)
        *out_rc = mla_pop3_lang(s, count > 1 ? words[1].ptr : NULL, out_ticket);
    else if ((strcmp(name, "command") == 0 || strcmp(name, "lines") == 0) && count > 1)
        *out_rc = other(s, words, count, out_ticket);
    else
        return run_token_command(r, mla_pop3_session(s), words, count, out_rc) ||
               look(r, s, words, count);
    return 1;
}

static void print_done(struct runner *r, const char *ticket, const mla_pop3_done *d)
{
    static const char *const codes[] = {"",         "OTHER",    "LOGIN-DELAY", "IN-USE",
                                        "SYS/TEMP", "SYS/PERM", "AUTH",        "UTF8"};
    static const char *const status[] = {"none", "+OK", "-ERR"};
    char code[300] = "";
    char reason[64] = "";
    char wait[60] = "";

    if (d->code != 0)
        snprintf(code, sizeof code, " code=%s:%s", codes[d->code],
                 runner_quote(r, d->code_raw.ptr, d->code_raw.len));
    if (d->wait_s != 0)
        snprintf(wait, sizeof wait, " wait=%u", d->wait_s);
    if (d->reason != MLA_REASON_NONE)
        snprintf(reason, sizeof reason, " %s", mla_reason_name(d->reason) + strlen("MLA_REASON_"));
    if (d->wait_ms != d->wait_s * 1000)
        snprintf(wait + strlen(wait), sizeof wait - strlen(wait), " wait=%ums", d->wait_ms);
    runner_log(r, "DONE %s %s %s%s%s%s %s", ticket, mla_error_name(d->error), status[d->status],
               code, reason, wait, runner_quote(r, d->text.ptr, d->text.len));
}

static void print_items(struct runner *r, const char *ticket, const mla_pop3_event *ev)
{
    const mla_pop3_item *it;

    for (uint32_t i = 0; (it = mla_pop3_event_item(ev, i)) != NULL; i++) {
        if (it->uidl.ptr != NULL)
            runner_log(r, "UIDL %s %u %s%s", ticket, it->number,
                       runner_quote(r, it->uidl.ptr, it->uidl.len),
                       (it->flags & MLA_POP3_ITEM_ODD_UIDL) != 0 ? " odd" : "");
        else if ((it->flags & MLA_POP3_ITEM_NO_SIZE) != 0)
            runner_log(r, "LIST %s %u ?", ticket, it->number);
        else
            runner_log(r, "LIST %s %u %llu", ticket, it->number, (unsigned long long)it->size);
    }
}

static void print(struct runner *r, const mla_pop3_event *ev)
{
    const char *ticket = runner_ticket(r, mla_pop3_event_ticket(ev));
    const mla_pop3_greeting *g = mla_pop3_event_greeting(ev);
    const mla_pop3_stat *st = mla_pop3_event_stat(ev);
    const mla_pop3_warning *w = mla_pop3_event_warning(ev);
    const mla_pop3_language *l = mla_pop3_event_language(ev);
    char label[64];
    char token[600];
    const uint8_t *p;
    uint64_t offset;
    size_t n;

    switch (mla_pop3_event_type(ev)) {
    case MLA_POP3_EV_DONE:
        print_done(r, ticket, mla_pop3_event_done(ev));
        break;
    case MLA_POP3_EV_GREETING:
        runner_log(r, "GREETING %s %s stamp=%s%s", ticket,
                   runner_quote(r, g->text.ptr, g->text.len),
                   runner_quote(r, g->stamp.ptr, g->stamp.len), g->is_tls ? "" : " clear");
        break;
    case MLA_POP3_EV_STAT:
        runner_log(r, "STAT %s %u %llu", ticket, st->count, (unsigned long long)st->size);
        break;
    case MLA_POP3_EV_ITEM:
        print_items(r, ticket, ev);
        break;
    case MLA_POP3_EV_CHUNK:
        p = mla_pop3_event_chunk(ev, &n, &offset);
        snprintf(label, sizeof label, "CHUNK %s", ticket);
        runner_chunk(r, label, offset, p, n);
        break;
    case MLA_POP3_EV_WARNING:
        runner_log(r, "WARNING %s %u %s", ticket, w->code, runner_quote(r, w->raw.ptr, w->raw.len));
        break;
    case MLA_POP3_EV_LANGUAGE:
        runner_log(r, "LANGUAGE %s %s%s %s", ticket, runner_quote(r, l->tag.ptr, l->tag.len),
                   l->is_selected ? " selected" : "", runner_quote(r, l->text.ptr, l->text.len));
        break;
    case MLA_POP3_EV_MECHANISM:
        runner_log(r, "MECHANISM %s %s", ticket, mla_pop3_event_mechanism(ev));
        break;
    case MLA_POP3_EV_TOKEN:
        run_token_text(r, mla_pop3_event_token(ev), token, sizeof token);
        runner_log(r, "TOKEN %s %s", ticket, token);
        break;
    default:
        runner_log(r, "EVENT %s %d", ticket, mla_pop3_event_type(ev));
        break;
    }
}

/* Every event is taken too, and it is the copy that is printed. */
static int on_next(struct runner *r, void *handle)
{
    mla_pop3 *s = handle;
    const mla_pop3_event *ev;
    mla_pop3_event *copy;
    int rc = mla_pop3_next(s, &ev);

    if (rc != 1)
        return rc;
    if (mla_pop3_last(s) != ev)
        runner_log(r, "LAST is another event");
    rc = mla_pop3_event_take(s, &copy);
    if (rc != 0) {
        print(r, ev);
        runner_log(r, "TAKE %s", mla_error_name(rc));
        return 1;
    }
    print(r, copy);
    mla_pop3_event_free(copy);
    return 1;
}

int main(int argc, char **argv)
{
    static const struct runner_protocol protocol = {on_open, on_close, on_session, on_command,
                                                    on_next};

    return runner_main(&protocol, argc, argv);
}
