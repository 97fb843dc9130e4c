/* cmd_watch.c - say what changes until stopped: NOTIFY, else IDLE, else polling. A keeper connects
 * again when the line breaks; through a tunnel or a socket of the caller's there is one session. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "connect.h"
#include "kept.h"

enum { POLL_S = 30, STORE_MS = 2000, QUIET_MS = 100 };

/* What a keeper was made with, and when what it knows was stored last. */
struct watch {
    struct conn *k;
    int goes_on;     /* the messages that were there are known: new ones are news */
    uint64_t due_ms; /* at the latest; 0: there is nothing to store */
};

static void print_number(struct out *o, const char *event, const char *key, uint32_t number)
{
    if (o->json) {
        json_begin(o);
        json_string(o, "event", event);
        json_number(o, key, number);
        json_end(o);
    } else {
        out_column(o, 10, event, strlen(event));
        out_column_number(o, 0, number);
        out_end_line(o);
    }
}

/* A message that is new, or has other flags. */
static void print_message(struct out *o, const char *event, const mla_imap_message *m, int missed)
{
    if (o->json) {
        json_begin(o);
        json_string(o, "event", event);
        json_number(o, "seq", m->number);
        json_number(o, "uid", m->uid);
        if (missed)
            json_bool(o, "missed", 1);
        json_array(o, "flags");
    } else {
        out_column(o, 10, event, strlen(event));
        out_column_number(o, 8, m->uid);
        if (missed)
            out_column(o, 0, "(missed)", 8);
    }
    for (uint32_t i = 0; i < m->word_count; i++) {
        if (o->json)
            json_text(o, NULL, m->words[i].ptr, m->words[i].len);
        else
            out_column(o, 0, m->words[i].ptr, m->words[i].len);
    }
    if (o->json) {
        json_array_end(o);
        json_end(o);
    } else {
        out_end_line(o);
    }
}

static void print_fetch(struct out *o, const mla_imap_fetch *f)
{
    if (o->json) {
        json_begin(o);
        json_string(o, "event", "flags");
        json_number(o, "seq", f->seq);
        if (f->uid != 0)
            json_number(o, "uid", f->uid);
        json_array(o, "flags");
    } else {
        out_column(o, 10, "flags", 5);
        out_column_number(o, 0, f->seq);
    }
    for (uint32_t i = 0; i < f->word_count; i++) {
        if (o->json)
            json_text(o, NULL, f->words[i].ptr, f->words[i].len);
        else
            out_column(o, 0, f->words[i].ptr, f->words[i].len);
    }
    if (o->json) {
        json_array_end(o);
        json_end(o);
    } else {
        out_end_line(o);
    }
}

static void print_vanished(struct out *o, const mla_range *ranges, size_t count, int missed)
{
    for (size_t i = 0; i < count; i++) {
        if (o->json) {
            json_begin(o);
            json_string(o, "event", "vanished");
            json_number(o, "first_uid", ranges[i].first);
            json_number(o, "last_uid", ranges[i].last);
            if (missed)
                json_bool(o, "missed", 1);
            json_end(o);
        } else {
            out_column(o, 10, "vanished", 8);
            out_column_number(o, 0, ranges[i].first);
            out_column_number(o, 0, ranges[i].last);
            if (missed)
                out_column(o, 0, "(missed)", 8);
            out_end_line(o);
        }
    }
}

static void print_status(struct out *o, const mla_imap_status *s)
{
    if (o->json) {
        json_begin(o);
        json_string(o, "event", "status");
        json_text(o, "mailbox", s->name.ptr, s->name.len);
        if (s->fields & MLA_IMAP_STATUS_MESSAGES)
            json_number(o, "messages", s->messages);
        if (s->fields & MLA_IMAP_STATUS_UIDNEXT)
            json_number(o, "uidnext", s->uidnext);
        if (s->fields & MLA_IMAP_STATUS_UNSEEN)
            json_number(o, "unseen", s->unseen);
        json_end(o);
        return;
    }
    out_column(o, 10, "status", 6);
    if (s->fields & MLA_IMAP_STATUS_MESSAGES)
        out_column_number(o, 8, s->messages);
    else
        out_column(o, 8, "-", 1);
    out_column(o, 0, s->name.ptr, s->name.len);
    out_end_line(o);
}

static void print_mailbox(struct out *o, const mla_imap_list *l)
{
    const char *event = l->attributes & MLA_IMAP_MBOX_NONEXISTENT ? "gone" : "mailbox";

    if (o->json) {
        json_begin(o);
        json_string(o, "event", event);
        json_text(o, "mailbox", l->name.ptr, l->name.len);
        json_end(o);
    } else {
        out_column(o, 10, event, strlen(event));
        out_column(o, 0, l->name.ptr, l->name.len);
        out_end_line(o);
    }
}

static void print_event(struct out *o, const mla_imap_event *ev)
{
    const mla_imap_fetch *f = mla_imap_event_fetch(ev);

    switch (mla_imap_event_type(ev)) {
    case MLA_IMAP_EV_EXISTS:
        print_number(o, "exists", "messages", mla_imap_event_number(ev));
        break;
    case MLA_IMAP_EV_EXPUNGE:
        print_number(o, "expunge", "seq", mla_imap_event_number(ev));
        break;
    case MLA_IMAP_EV_VANISHED:
        print_vanished(o, mla_imap_event_search(ev)->ranges, mla_imap_event_search(ev)->range_count,
                       0);
        break;
    case MLA_IMAP_EV_FETCH:
        if (f->fields & MLA_IMAP_ITEM_FLAGS)
            print_fetch(o, f);
        break;
    case MLA_IMAP_EV_STATUS:
        print_status(o, mla_imap_event_status(ev));
        break;
    case MLA_IMAP_EV_LIST:
        print_mailbox(o, mla_imap_event_list(ev));
        break;
    default:
        return;
    }
    (void)out_flush(o);
}

/* Prints events until the ticket has ended. Its error, or 0. */
static int print_until(struct conn *k, uint64_t ticket)
{
    const mla_imap_event *ev;
    int rc;

    while ((rc = conn_imap_step(k, ticket, &ev)) == 1)
        print_event(&k->cli->out, ev);
    return rc;
}

/* The library renews it. */
static int idle(struct conn *k)
{
    uint64_t ticket;
    int rc = mla_imap_idle(k->imap, &ticket);

    return rc == 0 ? print_until(k, ticket) : rc;
}

/* All of this mailbox; of the user's others, where the URL names none, how many messages they have
 * and which come and go. */
static int queue_notify(mla_imap *s, int everywhere, uint64_t *out_ticket)
{
    mla_imap_notify_group groups[2];
    mla_imap_notify_args args;

    memset(groups, 0, sizeof groups);
    memset(&args, 0, sizeof args);
    groups[0].struct_size = groups[1].struct_size = sizeof groups[0];
    groups[0].filter = MLA_IMAP_NOTIFY_SELECTED;
    groups[0].events = MLA_IMAP_NOTIFY_NEW | MLA_IMAP_NOTIFY_EXPUNGE | MLA_IMAP_NOTIFY_FLAGS;
    groups[0].items = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS;
    groups[1].filter = MLA_IMAP_NOTIFY_PERSONAL;
    groups[1].events = MLA_IMAP_NOTIFY_NEW | MLA_IMAP_NOTIFY_EXPUNGE | MLA_IMAP_NOTIFY_NAME;
    args.struct_size = sizeof args;
    args.groups = groups;
    args.group_count = everywhere ? 2 : 1;
    return mla_imap_notify(s, &args, out_ticket);
}

static int ask_for_news(struct conn *k, int everywhere)
{
    uint64_t ticket;
    int rc = queue_notify(k->imap, everywhere, &ticket);

    return rc == 0 ? print_until(k, ticket) : rc;
}

static int poll_once(struct conn *k)
{
    struct timespec moment = {1, 0};
    uint64_t ticket, end = k->cli->end_ms;
    int rc;

    for (int i = 0; i < POLL_S && !cli_stopped() && (end == 0 || cli_now_ms() < end); i++)
        (void)nanosleep(&moment, NULL); /* a signal ends it early */
    rc = mla_imap_noop(k->imap, &ticket);
    return rc == 0 ? print_until(k, ticket) : rc;
}

/* Many servers do not say with their answer to the log-in what they can do: then they are asked. */
static int knows_idle(struct conn *k, int *out_has)
{
    uint64_t ticket;
    int rc = 0;

    if (mla_imap_capability_count(k->imap) == 0) {
        rc = mla_imap_capability(k->imap, &ticket);
        if (rc == 0)
            rc = conn_imap_finish(k, ticket);
    }
    *out_has = mla_imap_has_capability(k->imap, "IDLE");
    return rc;
}

static int watch_once(struct cli *c)
{
    struct conn k;
    int rc = conn_open(&k, c, CONN_IMAP), answer = 0;
    const char *mailbox = k.url.mailbox != NULL ? k.url.mailbox : "INBOX";

    if (rc == 0)
        rc = conn_select(&k, mailbox, NULL, 1);
    if (rc == 0) {
        int has_idle = 0;
        int notified = 0;

        answer = knows_idle(&k, &has_idle);
        print_number(&c->out, "exists", "messages", mla_imap_exists(k.imap));
        (void)out_flush(&c->out);
        if (answer == 0 && mla_imap_has_capability(k.imap, "NOTIFY")) {
            answer = ask_for_news(&k, k.url.mailbox == NULL);
            notified = answer == 0;
            if (answer == MLA_E_NO || answer == MLA_E_BAD) /* not these events: then as without */
                answer = 0;
        }
        while (answer == 0)
            answer = notified ? print_until(&k, 0) : has_idle ? idle(&k) : poll_once(&k);
        rc = conn_fail(&k, answer, "no longer watching %s", mailbox);
    }
    conn_close(&k);
    return rc;
}

/* --- with a keeper --- */

static void print_line(struct out *o, const char *event, const mla_imap_keep_line *line)
{
    if (o->json) {
        json_begin(o);
        json_string(o, "event", event);
        if (line->error != 0)
            json_string(o, "error", mla_error_name(line->error));
        if (line->text[0] != 0)
            json_string(o, "text", line->text);
        if (line->wait_ms != 0)
            json_number(o, "wait_ms", line->wait_ms);
        json_end(o);
    } else {
        out_column(o, 10, event, strlen(event));
        out_column(o, 0, line->text, strlen(line->text));
        out_end_line(o);
    }
}

static void print_news(struct conn *k, const char *event, const mla_imap_keep_news *news)
{
    for (size_t i = 0; i < news->range_count; i++) {
        for (uint64_t uid = news->ranges[i].first; uid <= news->ranges[i].last; uid++) {
            const mla_imap_message *m = mla_imap_keep_message_uid(k->keep, (uint32_t)uid);

            if (m != NULL) /* it may have gone since */
                print_message(&k->cli->out, event, m, news->is_missed != 0);
        }
    }
}

static void keep_online(struct conn *k, const mla_imap_keep_line *line)
{
    mla_imap *s = mla_imap_keep_imap(k->keep);
    uint64_t ticket;

    if (line->is_first == 0)
        print_line(&k->cli->out, "online", line);
    print_number(&k->cli->out, "exists", "messages", line->exists);
    k->logged_in = 1;
    /* The keeper hears of its own mailbox by IDLE; NOTIFY is for the others. What it cannot tell is
     * not told. */
    if (k->url.mailbox == NULL && mla_imap_has_capability(s, "NOTIFY"))
        (void)queue_notify(s, 1, &ticket);
}

static void keep_event(struct watch *w, const mla_imap_keep_event *ev)
{
    struct conn *k = w->k;
    const mla_imap_keep_line *line = mla_imap_keep_event_line(ev);
    const mla_imap_keep_news *news = mla_imap_keep_event_news(ev);
    const mla_imap_event *iev = mla_imap_keep_event_imap(ev);
    struct out *o = &k->cli->out;

    switch (mla_imap_keep_event_type(ev)) {
    case MLA_KEEP_EV_ONLINE:
        keep_online(k, line);
        w->goes_on = 1;
        break;
    case MLA_KEEP_EV_OFFLINE:
        print_line(o, "offline", line);
        break;
    case MLA_KEEP_EV_VOID:
        print_line(o, "void", line);
        break;
    case MLA_KEEP_EV_GONE:
        print_vanished(o, news->ranges, news->range_count, news->is_missed != 0);
        break;
    case MLA_KEEP_EV_NEW: /* those that are there at the beginning are no news */
        if (w->goes_on)
            print_news(k, "new", news);
        break;
    case MLA_KEEP_EV_CHANGED:
        print_news(k, "flags", news);
        break;
    case MLA_KEEP_EV_IMAP: /* of other mailboxes */
        if (mla_imap_event_status(iev) != NULL || mla_imap_event_list(iev) != NULL)
            print_event(o, iev);
        break;
    default:
        break;
    }
    (void)out_flush(o);
}

/* What was printed is out before it is stored as told: whenever this ends, nothing is lost, and
 * what was told in the last moment is told again. */
static int store(struct watch *w)
{
    struct conn *k = w->k;
    const mla_imap_keep_state *state;
    char name[2048];
    int rc;

    if (w->due_ms == 0 || out_flush(&k->cli->out) != 0)
        return 0;
    rc = mla_imap_keep_read_state(k->keep, 1, &state);
    if (rc < 0)
        return conn_fail(k, rc, "cannot store what was told");
    if (rc == 0)
        return 0; /* there is more to be told before */
    w->due_ms = 0;
    conn_keep_name(k, name, sizeof name);
    return kept_write(k->cli->opt.state, name, state);
}

/* The next event, at once where there is one; else what is due is stored first. *out_rc: as
 * conn_keep_step(). An exit status when it cannot be stored. */
static int next_event(struct watch *w, const mla_imap_keep_event **out_ev, int *out_rc)
{
    int rc = 0;

    *out_rc = 0;
    if (w->due_ms != 0 && cli_now_ms() < w->due_ms)
        *out_rc = conn_keep_step(w->k, QUIET_MS, out_ev);
    if (*out_rc != 1)
        rc = store(w);
    if (rc == 0 && *out_rc != 1)
        *out_rc = conn_keep_step(w->k, -1, out_ev);
    return rc;
}

static void note_due(struct watch *w, int32_t type)
{
    switch (type) {
    case MLA_KEEP_EV_ONLINE:
    case MLA_KEEP_EV_VOID:
    case MLA_KEEP_EV_GONE:
    case MLA_KEEP_EV_NEW:
    case MLA_KEEP_EV_CHANGED:
        if (w->k->cli->opt.state != NULL && w->due_ms == 0)
            w->due_ms = cli_now_ms() + STORE_MS;
        break;
    default:
        break;
    }
}

/* Until the end, which is also a first try that fails. */
static int watch_kept(struct watch *w, const char *mailbox)
{
    struct conn *k = w->k;
    const mla_imap_keep_event *ev;
    int rc, status;

    while ((status = next_event(w, &ev, &rc)) == 0 && rc == 1) {
        const mla_imap_keep_line *line = mla_imap_keep_event_line(ev);
        int32_t type = mla_imap_keep_event_type(ev);

        if (type == MLA_KEEP_EV_OVER || (type == MLA_KEEP_EV_OFFLINE && !k->logged_in)) {
            status =
                cli_fail(cli_exit_status(line->error, k->logged_in), "%s %s: %s",
                         k->logged_in ? "no longer watching" : "cannot watch", mailbox, line->text);
            (void)store(w); /* what was told before */
            return status;
        }
        keep_event(w, ev);
        note_due(w, type);
    }
    return status != 0 ? status : conn_fail(k, rc, "no longer watching %s", mailbox);
}

int cmd_watch(struct cli *c)
{
    struct conn k;
    struct watch w = {&k, 0, 0};
    int rc;

    if (!conn_can_keep(c)) {
        if (c->opt.state != NULL)
            return cli_fail(EXIT_USAGE, "watch: --state does not go with --tunnel and --unix");
        return watch_once(c);
    }
    rc = conn_keep(&k, c);
    if (rc == 0) {
        w.goes_on = mla_imap_keep_mailbox(k.keep) != NULL;
        rc = watch_kept(&w, k.url.mailbox != NULL ? k.url.mailbox : "INBOX");
    }
    conn_close(&k);
    return rc;
}
