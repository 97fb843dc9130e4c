/* download_pop3.c - the messages of a maildrop: the collector's, with files as the place where they
 * are stored. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "download.h"
#include "names.h"

static int fail_large(struct download *d, const mla_collect_message *m)
{
    d->failed =
        cli_fail(EXIT_DATA,
                 "cannot download message %" PRIu32 ": it has %" PRIu64
                 " octets, --max-message allows %" PRIu64,
                 m->number, m->size > m->octets ? m->size : m->octets, d->k.cli->opt.max_message);
    return 0;
}

/* Is the file of a message that is about to be deleted still there? If not, the message stays. */
static void check_leaving(struct download *d, mla_collect *c, const mla_collect_message *m)
{
    if ((m->flags & MLA_COLLECT_LEAVING) == 0 || deliver_has(&d->to, m->note))
        return;
    (void)mla_collect_keep(c, m->number);
    d->gone++;
}

static int on_skipped(struct download *d, mla_collect *c, const mla_collect_message *m)
{
    if (m->reason == MLA_COLLECT_SKIP_TOO_LARGE)
        return fail_large(d, m);
    check_leaving(d, c, m);
    return 0;
}

static int on_chunk(struct download *d, const mla_collect_event *ev)
{
    uint64_t most = d->k.cli->opt.max_message, offset;
    size_t len;
    const uint8_t *data = mla_collect_event_chunk(ev, &len, &offset);

    /* the size that was announced was none */
    if (most != 0 && (offset > most || len > most - offset)) {
        deliver_drop(&d->to);
        return 0;
    }
    progress_add(&d->progress, 0, len);
    return deliver_write(&d->to, data, len);
}

static void name_message(struct message *to, const mla_collect_message *m)
{
    memset(to, 0, sizeof *to);
    to->number = m->number;
    if (m->uidl.ptr != NULL)
        name_from_id(to->id, m->uidl.ptr, m->uidl.len);
    else
        name_from_id(to->id, m->id.ptr, m->id.len);
    if (m->uidl.ptr != NULL && m->uidl.len < sizeof to->uidl)
        memcpy(to->uidl, m->uidl.ptr, m->uidl.len);
}

static int on_end(struct download *d, mla_collect *c, const mla_collect_message *m)
{
    uint64_t most = d->k.cli->opt.max_message;
    struct message msg;
    int rc = 0;

    if (m->error == 0 && (m->flags & MLA_COLLECT_SAME) != 0) {
        check_leaving(d, c, m);
    } else if (m->error == 0 && most != 0 && m->octets > most) {
        fail_large(d, m);
    } else if (m->error == 0) {
        name_message(&msg, m);
        rc = deliver_done(&d->to, &msg);
    } else if (!mla_error_is_fatal(m->error)) {
        d->failed = conn_fail(&d->k, m->error, "cannot download message %" PRIu32, m->number);
        d->k.said[0] = 0;
    }
    deliver_drop(&d->to);
    progress_add(&d->progress, 1, 0);
    return rc;
}

static int on_warning(struct download *d, const mla_collect_warning *w)
{
    int quiet = d->k.cli->opt.quiet;

    if (w->code == MLA_COLLECT_WARN_REFUSED) {
        d->failed = conn_fail(&d->k, MLA_E_NO, "cannot delete message %" PRIu32, w->number);
        d->k.said[0] = 0;
    } else if (w->code == MLA_COLLECT_WARN_REUSED && !quiet) {
        cli_warn("the server uses UIDLs again: messages are compared by their headers");
    }
    return 0;
}

static int on_plan(struct download *d, const mla_collect_plan *p)
{
    if (p->known_by != MLA_COLLECT_BY_UIDL && !d->k.cli->opt.quiet)
        cli_warn("the server has no UIDL: messages are known by %s",
                 p->known_by == MLA_COLLECT_BY_HEADER ? "header and size" : "all of their octets");
    progress_begin(&d->progress, d->k.cli->opt.quiet, "messages", p->fresh + p->unsure);
    return 0;
}

static int on_event(struct download *d, mla_collect *c, const mla_collect_event *ev)
{
    const mla_collect_message *m = mla_collect_event_message(ev);
    int rc;

    switch (mla_collect_event_type(ev)) {
    case MLA_COLLECT_EV_PLAN:
        return on_plan(d, mla_collect_event_plan(ev));
    case MLA_COLLECT_EV_BEGIN:
        return deliver_open(&d->to);
    case MLA_COLLECT_EV_CHUNK:
        return on_chunk(d, ev);
    case MLA_COLLECT_EV_END:
        return on_end(d, c, m);
    case MLA_COLLECT_EV_SKIPPED:
        return on_skipped(d, c, m);
    case MLA_COLLECT_EV_WARNING:
        return on_warning(d, mla_collect_event_warning(ev));
    case MLA_COLLECT_EV_ALL:
        rc = deliver_flush(&d->to);
        progress_end(&d->progress);
        if (rc == 0)
            (void)mla_collect_close(c);
        return rc;
    default:
        return 0;
    }
}

/* How the session failed, in a line. */
static int fail_session(struct download *d, mla_collect *c, int rc)
{
    int status = rc == MLA_E_IO ? deliver_record_failed(&d->to) : 0;
    mla_error err;

    if (status != 0) /* the error is the store's, not the connection's */
        return status;
    if (rc == MLA_E_UNKNOWN_OUTCOME)
        return conn_fail(&d->k, rc, "cannot tell whether the messages are deleted");
    if (mla_error_is_fatal(rc) || rc == MLA_E_CANCELLED || rc == MLA_E_TIMEOUT)
        return conn_fail(&d->k, rc, "the download was cut short");
    mla_collect_error(c, &err);
    return cli_fail(cli_exit_status(rc, 1), "cannot collect the messages: %s", err.message);
}

static int collect(struct download *d, mla_collect *c)
{
    const mla_collect_event *ev;
    int rc = 0, answer = 0, flushed;

    while (rc == 0 && (answer = conn_collect_step(&d->k, c, &ev)) == 1)
        rc = on_event(d, c, ev);
    deliver_drop(&d->to);
    progress_end(&d->progress);
    if (rc == 0 && answer != 0 && answer != 1)
        rc = fail_session(d, c, answer);
    /* Also when it was cut: what is whole need not come again. */
    flushed = deliver_flush(&d->to);
    return rc != 0 ? rc : flushed;
}

int download_pop3(struct download *d)
{
    mla_collect_args args = {.struct_size = sizeof args};
    mla_collect *c;
    char source[2048];
    int rc;

    snprintf(source, sizeof source, "pop3:%s@%s", d->k.url.user, d->k.url.host);
    rc = deliver_box(&d->to, source, NULL);
    if (rc != 0)
        return rc;
    args.policy = d->k.cli->opt.del ? MLA_COLLECT_DELETE : MLA_COLLECT_KEEP;
    args.store = &d->to.store;
    args.max_size = d->k.cli->opt.max_message;
    rc = mla_collect_new(d->k.pop3, &args, &c);
    if (rc != 0)
        return conn_fail(&d->k, rc, "cannot list the messages");
    d->to.collect = c;
    rc = collect(d, c);
    d->to.collect = NULL;
    mla_collect_free(c);
    return rc;
}
