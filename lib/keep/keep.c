/* keep.c - see keep.h: connections that come and go, and the events. */
#include "keep/keep.h"

#include "base/fail.h"

#include <string.h>

enum { FIRST_MS = 2000, MAX_MS = 300000, POLL_MS = 60000 };

static uint64_t or_default(uint32_t value, uint64_t standard)
{
    return value != 0 ? value : standard;
}

void keep_init(struct keep *k, const struct mem *mem, const struct keep_opts *opts,
               const mla_imap_keep_args *args, uint64_t seed)
{
    memset(k, 0, sizeof *k);
    k->mem = mem;
    k->opts = *opts;
    k->opts.poll_ms = or_default(args->poll_ms, POLL_MS);
    backoff_init(&k->backoff, or_default(args->first_ms, FIRST_MS),
                 or_default(args->max_ms, MAX_MS), seed);
    known_init(&k->known, mem);
    k->poll_at_ms = UINT64_MAX;
    k->is_missed = 1;
}

void keep_free(struct keep *k)
{
    known_free(&k->known);
    sasl_creds_free(&k->creds);
    saved_clear(&k->saved, k->mem);
    mem_free(k->mem, k->lent.at);
    k->lent.at = NULL;
}

int keep_load(struct keep *k, const mla_imap_keep_state *state, mla_error *err)
{
    return saved_load(&k->known, state, err);
}

int keep_state(struct keep *k, int with_flags, const mla_imap_keep_state **out)
{
    int rc;

    if (groups_any(&k->known.news) || (k->due & DUE_VOID) != 0 || k->known.error != 0)
        return 0;
    rc = saved_read(&k->saved, &k->known, with_flags);
    if (rc != 0)
        return rc;
    *out = &k->saved.state;
    return 1;
}

void keep_set_creds(struct keep *k, struct sasl_creds *creds)
{
    sasl_creds_free(&k->creds);
    k->creds = *creds;
    memset(creds, 0, sizeof *creds);
    k->has_creds = 1;
    k->due &= ~(uint32_t)DUE_ASK;
    if (k->state == KEEP_ASKING)
        k->state = KEEP_OFFLINE;
}

/* --- a try --- */

int keep_due(struct keep *k, uint64_t now_ms)
{
    k->now_ms = now_ms;
    if (k->state != KEEP_OFFLINE || now_ms < k->backoff.at_ms)
        return 0;
    if (k->has_creds)
        return 1;
    k->state = KEEP_ASKING;
    k->due |= DUE_ASK;
    return 0;
}

static void forget_connection(struct keep *k)
{
    k->login = k->step = k->enable = k->fetch = k->idle = k->noop = k->logout = 0;
    k->poll_at_ms = UINT64_MAX;
    k->online_ms = k->asked_ms = 0;
    k->reason = 0;
}

int keep_begin(struct keep *k, struct imap_engine *e)
{
    mla_credentials in;
    mla_error err = {0};

    forget_connection(k);
    k->e = e;
    k->drops = 0;
    k->is_missed = 1;
    k->state = KEEP_LOGIN;
    memset(&in, 0, sizeof in);
    in.struct_size = sizeof in;
    in.user = k->creds.user.ptr;
    in.authzid = k->creds.authzid.ptr;
    in.password = k->creds.password.ptr;
    in.password_len = k->creds.password.len;
    in.token = k->creds.token.ptr;
    in.token_len = k->creds.token.len;
    in.token_requests = k->creds.token_requests;
    keep_queued(k, imap_cmd_authenticate(e, &in, &k->login, &err), &err);
    return k->drops ? k->error.code : 0;
}

void keep_not_begun(struct keep *k, const mla_error *err)
{
    keep_lost(k, err->code, err->message, 0, 0);
    k->drops = 0;
}

/* Trying again would change nothing, or do harm: accounts are locked for too many wrong passwords.
 */
static int is_final(int code, uint32_t reason)
{
    switch (reason) {
    case MLA_REASON_TOO_MANY_CONNECTIONS:
    case MLA_REASON_THROTTLED:
    case MLA_REASON_SERVER_UNAVAILABLE:
    case MLA_REASON_IN_USE:
        return 0;
    case MLA_REASON_NOT_FOUND:
    case MLA_REASON_NO_PERMISSION:
    case MLA_REASON_IMPOSSIBLE:
        return 1;
    default:
        break;
    }
    switch (code) {
    case MLA_E_AUTH:
    case MLA_E_UNSUPPORTED:
    case MLA_E_POLICY:
    case MLA_E_ARG:
    case MLA_E_LIMIT:
    case MLA_E_CERT:
    case MLA_E_TRUST:
    case MLA_E_INSECURE:
    case MLA_E_NOMEM:
    case MLA_E_INTERNAL:
        return 1;
    default:
        return 0;
    }
}

static void over(struct keep *k)
{
    k->state = KEEP_OVER;
    k->due = (k->due & (DUE_VOID | DUE_ONLINE)) | DUE_OVER;
}

void keep_lost(struct keep *k, int code, const char *text, uint32_t reason, uint64_t asked_ms)
{
    uint64_t lasted = k->online_ms != 0 ? k->now_ms - k->online_ms : 0;
    int asks = code == MLA_E_AUTH && k->opts.ask;

    if (k->state == KEEP_OVER)
        return;
    memset(&k->error, 0, sizeof k->error);
    k->error_reason = reason;
    k->wait_ms = 0;
    k->drops = k->e != NULL;
    k->e = NULL;
    if (k->closing) {
        over(k);
        return;
    }
    fail(&k->error, code, "%s", text[0] != '\0' ? text : fail_text(code));
    k->wait_ms = backoff_failed(&k->backoff, k->now_ms, lasted, asked_ms);
    if ((is_final(code, reason) && !asks) ||
        (k->opts.tries_max != 0 && k->backoff.tries >= k->opts.tries_max)) {
        over(k);
        return;
    }
    k->state = KEEP_OFFLINE;
    k->due |= DUE_OFFLINE;
    if (asks)
        k->refused = MLA_E_AUTH;
    if (k->opts.ask)
        k->has_creds = 0;
}

void keep_dead(struct keep *k, const mla_error *err)
{
    if (err->code != 0)
        keep_lost(k, err->code, err->message, k->reason, k->asked_ms);
    else
        keep_lost(k, MLA_E_CLOSED, "the session is over", k->reason, k->asked_ms);
    k->drops = 0;
}

int keep_drops(const struct keep *k)
{
    return k->drops;
}

void keep_dropped(struct keep *k)
{
    k->drops = 0;
}

/* --- time --- */

void keep_tick(struct keep *k, uint64_t now_ms)
{
    mla_error err = {0};

    k->now_ms = now_ms;
    if (k->state != KEEP_ONLINE || now_ms < k->poll_at_ms || k->noop != 0)
        return;
    k->poll_at_ms = UINT64_MAX;
    keep_queued(k, imap_cmd_noop(k->e, &k->noop, &err), &err);
}

uint64_t keep_deadline(const struct keep *k)
{
    if (k->due != 0 || k->drops)
        return 0;
    if (k->state == KEEP_OFFLINE)
        return k->backoff.at_ms;
    return k->state == KEEP_ONLINE ? k->poll_at_ms : UINT64_MAX;
}

void keep_hint(struct keep *k, uint64_t now_ms)
{
    k->now_ms = now_ms;
    backoff_hope(&k->backoff, now_ms);
    if (k->e != NULL && k->state == KEEP_ONLINE)
        (void)imap_idle_probe(k->e); /* what fails there is told by next() */
}

void keep_close(struct keep *k)
{
    mla_error err = {0};

    if (k->closing || k->state == KEEP_OVER)
        return;
    k->closing = 1;
    if (k->state == KEEP_ONLINE)
        keep_queued(k, imap_cmd_logout(k->e, &k->logout, &err), &err);
    else
        keep_lost(k, MLA_E_CANCELLED, "", 0, 0);
}

/* --- what the engine says --- */

static int is_ours(const struct keep *k, uint64_t ticket)
{
    return ticket != 0 &&
           (ticket == k->login || ticket == k->step || ticket == k->enable || ticket == k->fetch ||
            ticket == k->idle || ticket == k->noop || ticket == k->logout);
}

static void login_done(struct keep *k, const mla_imap_done *d)
{
    char text[160];
    mla_error err = {0};
    int preauth = d->error == MLA_E_STATE && k->e->state >= IMAP_STATE_AUTHENTICATED;

    k->login = 0;
    if (d->error != 0 && !preauth) {
        memcpy(text, d->text.len != 0 ? d->text.ptr : "", d->text.len < 150 ? d->text.len : 150);
        text[d->text.len < 150 ? d->text.len : 150] = '\0';
        /* The end of the connection is told behind it, and better. */
        if (!fail_is_fatal(d->error))
            keep_lost(k, d->error, text, d->reason, d->wait_ms);
        return;
    }
    if (k->e->caps.known) { /* also if they are none: it was asked */
        keep_open(k);
        return;
    }
    keep_queued(k, imap_cmd_capability(k->e, &k->login, &err), &err);
}

/* It does not watch, or not any more: it is asked from time to time. */
static void idle_done(struct keep *k)
{
    k->idle = 0;
    k->poll_at_ms = k->now_ms + k->opts.poll_ms;
}

static void done(struct keep *k, const struct mla_imap_event *ev)
{
    const mla_imap_done *d = ev->done;
    uint64_t t = ev->ticket;

    if (fail_is_fatal(d->error)) {
        if (t == k->idle)
            k->idle = 0;
        return; /* the engine says so itself */
    }
    if (t == k->login) {
        login_done(k, d);
    } else if (t == k->step) {
        keep_step_done(k, d);
    } else if (t == k->enable) {
        k->enable = 0;
    } else if (t == k->fetch) {
        k->fetch = 0;
        keep_fetch_done(k);
    } else if (t == k->idle) {
        idle_done(k);
    } else if (t == k->noop) {
        k->noop = 0;
        k->poll_at_ms = k->now_ms + k->opts.poll_ms;
    }
}

static void said(struct keep *k, const mla_imap_text *t)
{
    if (t->wait_ms != 0)
        k->asked_ms = t->wait_ms;
    if (t->reason != 0)
        k->reason = t->reason;
}

static int same_name(const struct keep *k, const mla_imap_list *l)
{
    const mla_str *name = k->opts.raw ? &l->raw_name : &l->name;
    const mla_str *mine = &k->opts.mailbox;

    return name->len == mine->len && memcmp(name->ptr, mine->ptr, mine->len) == 0;
}

static void listed_box(struct keep *k, const mla_imap_list *l)
{
    if ((l->attributes & (MLA_IMAP_MBOX_NOSELECT | MLA_IMAP_MBOX_NONEXISTENT)) == 0 &&
        same_name(k, l))
        k->found = 1;
}

/* What only says how our own commands go on is for us alone. */
static int is_private(int32_t type)
{
    switch (type) {
    case MLA_IMAP_EV_DONE:
    case MLA_IMAP_EV_FLAGS:
    case MLA_IMAP_EV_EXISTS:
    case MLA_IMAP_EV_RECENT:
    case MLA_IMAP_EV_FETCH:
    case MLA_IMAP_EV_LIST:
    case MLA_IMAP_EV_SEARCH:
    case MLA_IMAP_EV_VANISHED:
    case MLA_IMAP_EV_ENABLED:
        return 1;
    default:
        return 0;
    }
}

int keep_take(struct keep *k, const struct mla_imap_event *ev,
              const struct mla_imap_keep_event **out)
{
    int mine = is_ours(k, ev->ticket);

    if (k->drops)
        return 0;
    if (ev->type == MLA_IMAP_EV_TEXT)
        said(k, ev->text);
    else if (ev->type == MLA_IMAP_EV_LIST && k->state == KEEP_LOOKING)
        listed_box(k, ev->list);
    else if (ev->type == MLA_IMAP_EV_DONE && mine)
        done(k, ev);
    else
        keep_heard(k, ev);
    keep_settle(k);
    if (mine && is_private(ev->type))
        return 0;
    memset(&k->ev, 0, sizeof k->ev);
    k->ev.type = MLA_KEEP_EV_IMAP;
    k->ev.imap = ev;
    *out = &k->ev;
    return 1;
}

/* --- events --- */

static int tell(struct keep *k, int32_t type, const struct mla_imap_keep_event **out)
{
    k->ev.type = type;
    *out = &k->ev;
    return 1;
}

static int tell_news(struct keep *k, const struct mla_imap_keep_event **out)
{
    static const int32_t types[] = {MLA_KEEP_EV_GONE, MLA_KEEP_EV_NEW, MLA_KEEP_EV_CHANGED};
    mla_imap_keep_news *n = &k->ev.news;
    int kind;

    if (!groups_next(&k->known.news, &kind, &k->lent))
        return 0;
    n->struct_size = sizeof *n;
    n->is_missed = k->is_missed != 0;
    n->ranges = k->lent.at;
    n->range_count = k->lent.count;
    n->messages = k->lent.messages;
    if (k->is_missed)
        k->counts[kind] += n->messages;
    return tell(k, types[kind], out);
}

static int tell_online(struct keep *k, const struct mla_imap_keep_event **out)
{
    mla_imap_keep_line *l = &k->ev.line;

    l->how = k->how;
    l->exists = k->known.map.count;
    l->gone = k->counts[NEWS_GONE];
    l->fresh = k->counts[NEWS_NEW];
    l->changed = k->counts[NEWS_CHANGED];
    l->is_first = !k->was_online;
    k->was_online = 1;
    k->is_missed = 0;
    memset(k->counts, 0, sizeof k->counts);
    return tell(k, MLA_KEEP_EV_ONLINE, out);
}

static int tell_lost(struct keep *k, int32_t type, const struct mla_imap_keep_event **out)
{
    mla_imap_keep_line *l = &k->ev.line;

    l->error = k->error.code;
    l->reason = k->error_reason;
    l->tries = k->backoff.tries;
    l->wait_ms = k->wait_ms;
    l->text = k->error.message;
    return tell(k, type, out);
}

static int take_due(struct keep *k, uint32_t what)
{
    if ((k->due & what) == 0)
        return 0;
    k->due &= ~what;
    return 1;
}

/* News wait until a resumption is through, or has failed: until then they may be half a story. */
static int news_due(const struct keep *k)
{
    return k->known.news.head != NULL && (k->e == NULL || k->state == KEEP_ONLINE);
}

int keep_own(struct keep *k, const struct mla_imap_keep_event **out)
{
    saved_clear(&k->saved, k->mem);
    mem_free(k->mem, k->lent.at);
    memset(&k->lent, 0, sizeof k->lent);
    memset(&k->ev, 0, sizeof k->ev);
    k->ev.line.struct_size = sizeof k->ev.line;
    k->ev.line.text = "";
    if (take_due(k, DUE_VOID)) {
        k->ev.line.error = k->void_error;
        k->ev.line.text = k->void_error == MLA_E_NOMEM
                              ? "what was known had to be forgotten"
                              : "the mailbox was made anew: its UIDs mean other messages";
        return tell(k, MLA_KEEP_EV_VOID, out);
    }
    if (news_due(k) && tell_news(k, out))
        return 1;
    if (take_due(k, DUE_ONLINE))
        return tell_online(k, out);
    if (take_due(k, DUE_OFFLINE))
        return tell_lost(k, MLA_KEEP_EV_OFFLINE, out);
    if (take_due(k, DUE_ASK)) {
        k->ev.line.error = k->refused;
        return tell(k, MLA_KEEP_EV_CREDENTIALS, out);
    }
    return take_due(k, DUE_OVER) ? tell_lost(k, MLA_KEEP_EV_OVER, out) : 0;
}
