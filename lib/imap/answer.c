/* answer.c - see answer.h */
#include "imap/answer.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "base/num.h"
#include "sasl/choose.h"

#include <string.h>

enum { WARN_RAW_MAX = 1024 };

/* Where there is no memory for more, or enough are kept, the oldest one gives way. */
static void failures_grow(struct imap_engine *e)
{
    const size_t room = e->failure_room * 4;
    struct imap_failure *more =
        room <= IMAP_FAILURES ? mem_array(e->port.mem, room, sizeof *more) : NULL;

    if (more == NULL) {
        e->failure_at = 0;
        return;
    }
    memset(more, 0, room * sizeof *more);
    memcpy(more, e->failures, e->failure_room * sizeof *more);
    if (e->failures != e->first_failures)
        mem_free(e->port.mem, e->failures);
    e->failures = more;
    e->failure_room = room;
}

void imap_answer_ended(struct imap_engine *e, uint64_t ticket, int error)
{
    struct imap_failure *f;

    if (ticket == 0 || error == 0)
        return;
    if (e->failure_at == e->failure_room)
        failures_grow(e);
    f = &e->failures[e->failure_at++];
    if (f->ticket > e->known_from)
        e->known_from = f->ticket;
    f->ticket = ticket;
    f->error = error;
}

int imap_answer_warn(struct imap_engine *e, int id)
{
    struct mla_imap_event *ev = &e->ev;
    mla_imap_warning *w = &e->warning;

    memset(w, 0, sizeof *w);
    w->struct_size = sizeof *w;
    w->id = (uint32_t)id;
    w->raw.ptr = (const char *)ev->raw.ptr;
    w->raw.len = ev->raw.len < WARN_RAW_MAX ? ev->raw.len : WARN_RAW_MAX;
    w->offset = ev->raw.offset;
    engine_hide(&e->port, w->raw);
    imap_event_clear(ev);
    ev->type = MLA_IMAP_EV_WARNING;
    ev->warning = w;
    e->ev_how = IMAP_EV_SYNTH;
    return 1;
}

void imap_answer_done(struct imap_engine *e, uint64_t ticket, int error, const char *text)
{
    mla_imap_done *d = &e->done;

    memset(d, 0, sizeof *d);
    d->struct_size = sizeof *d;
    d->error = error;
    if (error != 0 && fail_is_fatal(error)) {
        d->reason = e->said.reason;
        d->wait_ms = e->said.wait_ms;
    }
    d->text.ptr = text;
    d->text.len = strlen(text);
    e->ev.type = MLA_IMAP_EV_DONE;
    e->ev.ticket = ticket;
    e->ev.done = d;
    e->ev_how = IMAP_EV_SYNTH;
}

static int take_capabilities(struct imap_engine *e, const mla_str *words, size_t count)
{
    if (imap_caps_set(&e->caps, words, count, e->opts->words_max) != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    e->caps_fresh = 1;
    return 0;
}

/* --- reasons --- */

static unsigned reason_when(const struct imap_engine *e, uint32_t status)
{
    return (e->state < IMAP_STATE_AUTHENTICATED ? REASON_LOGIN : 0U) |
           (status == MLA_IMAP_BYE ? REASON_BYE : 0U);
}

/* What an untagged status line tells of why is noted in the event, and kept for the answer that is
 * due. 0 or a fatal error. */
static int note_reason(struct imap_engine *e)
{
    const mla_imap_text *t = e->ev.text;
    uint32_t id = t->code != NULL ? t->code->id : MLA_IMAP_CODE_NONE;
    struct imap_reason r;
    mla_imap_text *copy;

    if (t->status == MLA_IMAP_PREAUTH ||
        (t->status == MLA_IMAP_OK && id != MLA_IMAP_CODE_ALERT && id != MLA_IMAP_CODE_WEBALERT))
        return 0;
    if (e->security == IMAP_SECURITY_STARTTLS && !e->tls) /* anybody may have written it (T16) */
        return 0;
    r = imap_reason_of(t->code, t->text, reason_when(e, t->status));
    if (r.reason == MLA_REASON_NONE)
        return 0;
    copy = arena_alloc(&e->ev.arena, sizeof *copy);
    if (copy == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    *copy = *t;
    copy->reason = r.reason;
    copy->wait_ms = r.wait_ms;
    e->ev.text = copy;
    if (t->status == MLA_IMAP_BYE || e->queue.flight > 0)
        e->said = r;
    return 0;
}

/* --- the greeting (RFC 9051 section 7.1) --- */

static int said(struct imap_engine *e, int code, const char *what, mla_str text)
{
    mla_error err = {0};
    int n = text.len < 160 ? (int)text.len : 160;

    /* Before the TLS that was asked for anybody may have written it (T16). */
    if (e->security == IMAP_SECURITY_STARTTLS && !e->tls)
        fail(&err, code, "%s", what);
    else
        fail(&err, code, "%s: %.*s", what, n, text.ptr != NULL ? text.ptr : "");
    return imap_engine_fatal(e, code, err.message);
}

static int queue_starttls(struct imap_engine *e)
{
    struct imap_cmd *c;

    if (e->caps.known && !imap_caps_has(&e->caps, "STARTTLS")) /* T01 */
        return imap_engine_fatal(e, MLA_E_INSECURE, "the server does not offer STARTTLS");
    if (imap_cmd_new(e, &imap_def_starttls, 0, &c) != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    imap_queue_add_first(&e->queue, c);
    e->phase = IMAP_PHASE_STARTTLS;
    return 0;
}

static int on_greeting(struct imap_engine *e, const struct imap_resp *r)
{
    const mla_imap_text *t = e->ev.type == MLA_IMAP_EV_TEXT ? e->ev.text : NULL;
    int rc;

    if (r->kind != IMAP_RESP_UNTAGGED || t == NULL ||
        (t->status != MLA_IMAP_OK && t->status != MLA_IMAP_PREAUTH && t->status != MLA_IMAP_BYE))
        return imap_engine_fatal(e, MLA_E_PROTOCOL, "this is no IMAP greeting"); /* T15 */
    rc = note_reason(e);
    if (rc != 0)
        return rc;
    if (t->status == MLA_IMAP_BYE)
        return said(e, MLA_E_CLOSED, "the server does not accept us", t->text);
    sasl_bindings_known(&e->bindings, t->text, &e->is_cyrus);
    if (e->security == IMAP_SECURITY_STARTTLS && t->status == MLA_IMAP_PREAUTH) /* T05 */
        return imap_engine_fatal(e, MLA_E_INSECURE, "the server logs us in before TLS");
    if (r->capabilities != NULL) {
        rc = take_capabilities(e, r->capabilities, r->capability_count);
        if (rc != 0)
            return rc;
    }
    if (e->security == IMAP_SECURITY_STARTTLS) {
        rc = queue_starttls(e);
        if (rc != 0)
            return rc;
    } else {
        e->phase = IMAP_PHASE_RUN;
        e->state = IMAP_STATE_NOT_AUTHENTICATED;
        if (t->status == MLA_IMAP_PREAUTH) {
            e->state = IMAP_STATE_AUTHENTICATED;
            e->auth_name = "PREAUTH";
            e->maybe_rev2 = imap_caps_has(&e->caps, "IMAP4rev2");
            e->setup_due = 1;
        }
        e->connect_done = 1;
    }
    e->ev.type = MLA_IMAP_EV_GREETING;
    e->ev.ticket = e->connect_ticket;
    return 1;
}

/* --- messages --- */

/* The first body of a message is the one that counts (P06). */
static int is_served(const struct imap_cmd *c, uint32_t uid)
{
    return c->one_section && uid != 0 && c->served != NULL && uidset_has(c->served, uid);
}

/* Of two commands under way that asked for the same message, the first is served first: a server
 * may answer both before it ends either (RFC 9051 section 5.5). With a section, the first that
 * asked for it; servers do not always say what it was asked for as, so else the first of all. */
static struct imap_cmd *who_asked(const struct imap_engine *e, uint32_t flags, uint32_t seq,
                                  uint32_t uid, const mla_imap_section *section)
{
    struct imap_cmd *first = NULL;

    for (struct imap_cmd *c = e->queue.head; c != NULL; c = c->next) {
        if ((c->phase != CMD_SENT && c->phase != CMD_SENDING) || (c->flags & flags) == 0 ||
            !imap_cmd_asked(e, c, seq, uid) || (section != NULL && is_served(c, uid)))
            continue;
        if (section == NULL || imap_fetch_wants(c, section))
            return c;
        if (first == NULL)
            first = c;
    }
    return first;
}

int imap_answer_section(struct imap_engine *e, mla_imap_section *section)
{
    const struct imap_cmd *c;

    e->section_ticket = 0;
    e->warn_discarded = MLA_IMAP_WARN_UNASKED;
    if (e->phase != IMAP_PHASE_RUN || e->box.name == NULL)
        return 0;
    if ((e->caps.enabled & IMAP_ENABLED_UIDONLY) != 0 ? section->uid == 0
                                                      : !imap_state_has(&e->box, section->seq)) {
        e->warn_discarded = MLA_IMAP_WARN_UNKNOWN_NUMBER;
        return 0;
    }
    if (section->uid == 0)
        section->uid = imap_state_uid(&e->box, section->seq);
    c = who_asked(e, CMD_SECTIONS, section->seq, section->uid, section);
    if (c == NULL && section->uid == 0) /* its UID may still come; FETCH decides */
        c = imap_queue_under_way(&e->queue, CMD_SECTIONS);
    if (c == NULL)
        return 0;
    e->section_ticket = c->ticket;
    return 1;
}

static int note_served(struct imap_engine *e, struct imap_cmd *c, uint32_t uid)
{
    if (c->served == NULL) {
        c->served = mem_alloc(e->port.mem, sizeof *c->served);
        if (c->served == NULL)
            return MLA_E_NOMEM;
        uidset_init(c->served, e->port.mem);
    }
    return uidset_add(c->served, uid);
}

/* A body is handed over only as that of a message that was asked for (P05), by c. 1; 0: it was
 * warned of; or a fatal error. */
static int serve_sections(struct imap_engine *e, struct imap_cmd *c, uint32_t uid)
{
    const mla_imap_fetch *f = e->ev.fetch;

    if (c == NULL || c == e->selecting) {
        imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
        return 0;
    }
    if (c->one_section && uid != 0 && uid != UINT32_MAX) {
        int rc = note_served(e, c, uid);

        if (rc == MLA_E_LIMIT)
            return imap_engine_fatal(e, MLA_E_FLOOD, "too many bodies in one answer");
        if (rc != 0) /* what cannot be remembered could come twice */
            return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    }
    if ((c->flags & CMD_WRITES) != 0 && (f->fields & MLA_IMAP_ITEM_FLAGS) == 0)
        imap_state_seen(&e->box, f->seq, uid);
    return 1;
}

/* The server did not say the UID, and it is known. */
static int fill_in_uid(struct imap_engine *e, uint32_t uid)
{
    mla_imap_fetch *copy = arena_alloc(&e->ev.arena, sizeof *copy);

    if (copy == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    *copy = *e->ev.fetch;
    copy->uid = uid;
    e->ev.fetch = copy;
    return 0;
}

static int on_fetch(struct imap_engine *e)
{
    const mla_imap_fetch *f = e->ev.fetch;
    const int sections = (f->fields & MLA_IMAP_ITEM_SECTIONS) != 0;
    struct imap_cmd *c;
    uint32_t uid = f->uid;
    int rc = imap_state_fetch(&e->box, f);

    if (rc != 0)
        return imap_answer_warn(e, rc);
    if ((f->fields & MLA_IMAP_ITEM_UID) == 0)
        uid = imap_state_uid(&e->box, f->seq);
    c = who_asked(e, sections ? CMD_SECTIONS : CMD_FETCHES, f->seq, uid,
                  sections ? f->sections : NULL);
    if (c == NULL && e->selecting != NULL && (e->selecting->flags & CMD_ALONE) != 0)
        c = e->selecting; /* QRESYNC */
    if (sections) {
        rc = serve_sections(e, c, uid);
        if (rc != 1)
            return rc < 0 ? rc : 1;
    }
    if (f->uid != uid) {
        rc = fill_in_uid(e, uid);
        if (rc != 0)
            return rc;
    }
    e->ev.ticket = c != NULL ? c->ticket : 0;
    return 1;
}

/* Changes of an earlier search's result (RFC 5267 section 4.3): they belong to its ticket, also
 * when it has long been told as done. */
static int on_changes(struct imap_engine *e, mla_str correlator)
{
    const struct imap_context *x = imap_context_by_tag(e, &correlator);
    mla_imap_search *copy;

    if (x == NULL)
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
    e->ev.ticket = x->ticket;
    if (e->ev.search->is_uid == x->is_uid)
        return 1;
    copy = arena_alloc(&e->ev.arena, sizeof *copy);
    if (copy == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    *copy = *e->ev.search;
    copy->is_uid = x->is_uid;
    e->ev.search = copy;
    return 1;
}

/* ESEARCH may say whose answer it is (P28). What does not say it, SEARCH above all, is the first
 * one's: of searches that may be answered so, one is under way at a time. */
static int on_search(struct imap_engine *e, mla_str correlator)
{
    const struct imap_cmd *c = imap_queue_under_way(&e->queue, CMD_SEARCHES);

    if (correlator.ptr != NULL) {
        c = imap_queue_by_text(e, &correlator);
        if (c == NULL || (c->flags & CMD_SEARCHES) == 0)
            return on_changes(e, correlator);
    }
    /* Z09 */
    if (c == NULL || (c->answers & IMAP_ANSWERS(MLA_IMAP_EV_THREAD)) != 0 ||
        ((c->flags & CMD_MULTI) == 0 && (e->box.name == NULL || e->ev.search->mailbox.ptr != NULL)))
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
    e->ev.ticket = c->ticket;
    return 1;
}

/* --- untagged --- */

static uint64_t ticket_of(const struct imap_engine *e, uint32_t flags)
{
    const struct imap_cmd *c = imap_queue_under_way(&e->queue, flags);

    return c != NULL ? c->ticket : 0;
}

/* RFC 9585 section 4: by the tag where the server gives one; without, it can only be told where one
 * command is under way. */
static uint64_t in_progress(const struct imap_engine *e, mla_str tag)
{
    const struct imap_cmd *c = e->queue.flight == 1 ? e->queue.head : NULL;

    if (tag.ptr != NULL)
        c = imap_queue_by_text(e, &tag);
    return c != NULL && c->phase == CMD_SENT ? c->ticket : 0;
}

/* RFC 9738 section 3.1: where the tagged OK has another code. Of several commands the one that is
 * about the message named. */
static uint64_t message_limit(const struct imap_engine *e, const mla_imap_text *t)
{
    const uint32_t limited = CMD_FETCHES | CMD_WRITES;
    struct imap_cmd *c = who_asked(e, limited, 0, t->code->uid, NULL);

    if (c == NULL)
        c = imap_queue_under_way(&e->queue, limited);
    if (c == NULL)
        return 0;
    if (t->status == MLA_IMAP_NO)
        c->limit_uid = t->code->uid;
    return c->ticket;
}

static int on_text(struct imap_engine *e, const struct imap_resp *r)
{
    const mla_imap_text *t = e->ev.text;
    uint32_t id = t->code != NULL ? t->code->id : MLA_IMAP_CODE_NONE;
    int rc;

    if (t->status == MLA_IMAP_BYE && !e->bye) {
        size_t n =
            t->text.len < sizeof e->work->bye_text - 1 ? t->text.len : sizeof e->work->bye_text - 1;

        e->bye = 1;
        if (n != 0 && !(e->security == IMAP_SECURITY_STARTTLS && !e->tls))
            memcpy(e->work->bye_text, t->text.ptr, n);
    }
    if (e->phase != IMAP_PHASE_RUN)
        return 0;
    rc = note_reason(e);
    if (rc == 0 && t->status == MLA_IMAP_OK && r->capabilities != NULL)
        rc = take_capabilities(e, r->capabilities, r->capability_count);
    if (rc != 0)
        return rc;
    if (t->status == MLA_IMAP_OK && e->box.name != NULL && id != MLA_IMAP_CODE_NONE)
        imap_state_code(&e->box, t->code);
    if (id == MLA_IMAP_CODE_NOTIFICATIONOVERFLOW)
        e->notify_on = e->notify_expunges = 0;
    if (id == MLA_IMAP_CODE_CLOSED && e->selecting != NULL)
        imap_state_forget(&e->box); /* P32 */
    if (id == MLA_IMAP_CODE_COPYUID)
        e->ev.ticket = ticket_of(e, CMD_COPYUID); /* Z09 */
    else if (id == MLA_IMAP_CODE_APPENDUID)
        e->ev.ticket = ticket_of(e, CMD_APPENDUID);
    else if (id == MLA_IMAP_CODE_INPROGRESS)
        e->ev.ticket = in_progress(e, t->code->text);
    else if (id == MLA_IMAP_CODE_MESSAGELIMIT)
        e->ev.ticket = message_limit(e, t);
    else if (id == MLA_IMAP_CODE_NOUPDATE)
        e->ev.ticket = imap_context_refuse(e, &t->code->text);
    else if (e->selecting != NULL)
        e->ev.ticket = e->selecting->ticket;
    return 1;
}

/* Only where QRESYNC was enabled (RFC 7162 section 3.2.10; P26), or UIDONLY (RFC 9586). */
static int on_vanished(struct imap_engine *e)
{
    const struct imap_cmd *c = e->selecting;

    if ((e->caps.enabled & (IMAP_ENABLED_QRESYNC | IMAP_ENABLED_UIDONLY)) == 0)
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
    imap_state_apply(&e->box, &e->ev);
    if (c == NULL && e->ev.search->is_earlier != 0)
        c = imap_queue_answered(&e->queue, MLA_IMAP_EV_VANISHED);
    e->ev.ticket = c != NULL ? c->ticket : 0;
    return 1;
}

static int on_mailbox_data(struct imap_engine *e, const struct imap_resp *r)
{
    int warn;

    if (e->ev.type == MLA_IMAP_EV_SEARCH)
        return on_search(e, r->correlator);
    /* RFC 9051 section 11.3: data that the state does not allow */
    if (e->box.name == NULL)
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
    if ((e->caps.enabled & IMAP_ENABLED_UIDONLY) != 0)
        imap_state_uid_only(&e->box);
    switch (e->ev.type) {
    case MLA_IMAP_EV_FETCH:
        return on_fetch(e);
    case MLA_IMAP_EV_VANISHED:
        return on_vanished(e);
    default:
        warn = imap_state_apply(&e->box, &e->ev);
        if (warn != 0)
            return imap_answer_warn(e, warn);
        if (e->selecting != NULL)
            e->ev.ticket = e->selecting->ticket;
        return 1;
    }
}

/* The event is data that c asked for, or nobody when c is NULL. */
static int answers(struct imap_engine *e, struct imap_cmd *c)
{
    e->ev.ticket = c != NULL ? c->ticket : 0;
    if (c != NULL && c->def->heard != NULL)
        c->def->heard(c, &e->ev);
    return 1;
}

static int on_list(struct imap_engine *e)
{
    struct imap_cmd *c = imap_queue_under_way(&e->queue, CMD_LISTS);

    if (c != NULL && imap_list_is_surplus(c, e->ev.list)) {
        mla_imap_list *copy = arena_alloc(&e->ev.arena, sizeof *copy);

        if (copy == NULL)
            return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
        *copy = *e->ev.list;
        copy->is_surplus = 1;
        e->ev.list = copy;
    }
    return answers(e, c);
}

/* Data of an extension: may it come in this state, and whose answer is it? */
static int on_record(struct imap_engine *e)
{
    /* Where it is not IN_AUTHENTICATED. */
    static const struct {
        int32_t kind;
        unsigned states;
    } rows[] = {
        {MLA_IMAP_EV_OTHER, IN_ANY},
        {MLA_IMAP_EV_IDENTITY, IN_ANY},
        {MLA_IMAP_EV_LANGUAGES, IN_ANY},
    };
    /* Without a command that asks for them nobody can say what they are about. */
    static const uint64_t only_asked =
        IMAP_ANSWERS(MLA_IMAP_EV_THREAD) | IMAP_ANSWERS(MLA_IMAP_EV_UIDBATCHES) |
        IMAP_ANSWERS(MLA_IMAP_EV_URLAUTH) | IMAP_ANSWERS(MLA_IMAP_EV_URLFETCH);
    struct imap_cmd *c = imap_queue_answered(&e->queue, e->ev.type);
    unsigned states = IN_AUTHENTICATED;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].kind == e->ev.type)
            states = rows[i].states;
    if ((states & (1U << e->state)) == 0 ||
        (c == NULL && (only_asked & IMAP_ANSWERS(e->ev.type)) != 0))
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
    return answers(e, c);
}

static int on_untagged(struct imap_engine *e, const struct imap_resp *r)
{
    int32_t type = e->ev.type;
    int rc;

    if (type == MLA_IMAP_EV_TEXT)
        return on_text(e, r);
    if (e->phase != IMAP_PHASE_RUN) /* before TLS nothing else is believed or told (T08) */
        return 0;
    switch (type) {
    case MLA_IMAP_EV_CAPABILITY:
        rc = take_capabilities(e, e->ev.words, e->ev.word_count);
        return rc != 0 ? rc : 1;
    case MLA_IMAP_EV_ENABLED:
        if (!imap_enabled(e, e->ev.words, e->ev.word_count))
            return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
        return on_record(e);
    case MLA_IMAP_EV_FLAGS:
    case MLA_IMAP_EV_EXISTS:
    case MLA_IMAP_EV_RECENT:
    case MLA_IMAP_EV_EXPUNGE:
    case MLA_IMAP_EV_FETCH:
    case MLA_IMAP_EV_SEARCH:
    case MLA_IMAP_EV_VANISHED:
        return on_mailbox_data(e, r);
    case MLA_IMAP_EV_LIST:
    case MLA_IMAP_EV_STATUS:
        if (e->state < IMAP_STATE_AUTHENTICATED)
            return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED);
        return type == MLA_IMAP_EV_LIST ? on_list(e)
                                        : answers(e, imap_queue_under_way(&e->queue, CMD_STATUS));
    default:
        return type != 0 ? on_record(e) : 0;
    }
}

/* --- "+" --- */

static int on_continue(struct imap_engine *e, const struct imap_resp *r)
{
    struct imap_cmd *c = imap_queue_sending(&e->queue);

    if (c == NULL || !c->waits) {
        for (c = e->queue.head; c != NULL; c = c->next)
            if (c->phase == CMD_SENT && c->def->plus != NULL)
                break;
    }
    if (c == NULL) {
        if (e->phase != IMAP_PHASE_RUN)
            return imap_engine_fatal(e, MLA_E_PROTOCOL, "an unasked \"+\" before TLS");
        return imap_answer_warn(e, MLA_IMAP_WARN_UNASKED); /* A17 */
    }
    if (e->port.out.sent < c->end) /* it answers what was not sent yet */
        return imap_engine_fatal(e, MLA_E_PROTOCOL, "a \"+\" before the command was sent");
    return c->waits ? imap_queue_go(e, c) : c->def->plus(e, c, r->text);
}

/* --- tagged --- */

/* d->error by status and reason. */
static void set_error(struct imap_engine *e, const struct imap_cmd *c, mla_imap_done *d)
{
    int logs_in = (c->flags & CMD_LOGS_IN) != 0;
    struct imap_reason before = e->said;
    struct imap_reason r;

    memset(&e->said, 0, sizeof e->said);
    if (d->status == MLA_IMAP_OK)
        return;
    r = imap_reason_of(d->code, d->text, logs_in ? REASON_LOGIN : 0U);
    imap_reason_better(&r, &before);
    d->reason = r.reason;
    d->wait_ms = r.wait_ms;
    if (imap_reason_is_passing(r.reason, logs_in))
        d->error = MLA_E_THROTTLED;
    else
        d->error = d->status == MLA_IMAP_NO ? MLA_E_NO : MLA_E_BAD;
}

/* Another command follows under the same ticket: what this one told is passed on. */
static int on_again(struct imap_engine *e, struct imap_cmd *c, int how, const mla_imap_done *d)
{
    mla_imap_text *t;
    uint64_t ticket = c->ticket;

    if (how == CMD_LATER)
        imap_queue_later(&e->queue, c);
    else
        imap_queue_again(&e->queue, c);
    if (d->code == NULL && d->status == MLA_IMAP_OK)
        return 0;
    t = arena_alloc(&e->ev.arena, sizeof *t);
    if (t == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    t->struct_size = sizeof *t;
    t->status = d->status;
    t->code = d->code;
    t->text = d->text;
    t->is_tls = d->is_tls;
    t->reason = d->reason;
    t->wait_ms = d->wait_ms;
    e->ev.type = MLA_IMAP_EV_TEXT;
    e->ev.done = NULL;
    e->ev.text = t;
    e->ev.ticket = ticket;
    return 1;
}

static void set_state(struct imap_engine *e, const struct imap_cmd *c)
{
    if (c->def->next_state == 0)
        return;
    e->state = c->def->next_state;
    if (e->state != IMAP_STATE_SELECTED)
        imap_state_clear(&e->box);
    if (e->state == IMAP_STATE_LOGOUT)
        e->phase = IMAP_PHASE_OVER;
}

/* Z09: APPENDUID and COPYUID count only in the answers to commands that have them. */
static const mla_imap_code *fitting_code(const struct imap_cmd *c, const mla_imap_code *code)
{
    if (code == NULL)
        return NULL;
    if (code->id == MLA_IMAP_CODE_APPENDUID && (c->flags & CMD_APPENDUID) == 0)
        return NULL;
    if (code->id == MLA_IMAP_CODE_COPYUID && (c->flags & CMD_COPYUID) == 0)
        return NULL;
    return code;
}

static int on_done(struct imap_engine *e, struct imap_cmd *c, const struct imap_resp *r)
{
    mla_imap_done *d = arena_alloc(&e->ev.arena, sizeof *d);
    int rc = CMD_OVER;

    if (d == NULL)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    *d = *e->ev.done;
    set_error(e, c, d);
    d->code = fitting_code(c, d->code);
    if (d->status == MLA_IMAP_OK && r->capabilities != NULL)
        rc = take_capabilities(e, r->capabilities, r->capability_count);
    if (c->orphan) /* OK would be about a mailbox that should not be selected any more */
        d->error = MLA_E_STATE;
    if ((c->flags & CMD_SILENT) != 0)
        imap_state_flags_lost(&e->box, &c->set, (c->flags & CMD_SEQS) == 0);
    if (d->code != NULL && d->code->id == MLA_IMAP_CODE_HIGHESTMODSEQ)
        imap_state_code(&e->box, d->code); /* RFC 7162 sections 3.2.7 to 3.2.9 */
    if (rc == 0 && c->def->done != NULL)
        rc = c->def->done(e, c, d);
    if (rc < 0)
        return rc;
    if (rc == CMD_AGAIN || rc == CMD_LATER)
        return on_again(e, c, rc, d);
    if (d->error == 0)
        set_state(e, c);
    e->ev.done = d;
    e->ev.ticket = c->ticket;
    imap_answer_ended(e, c->ticket, d->error);
    imap_queue_remove(&e->queue, c);
    rc = c->ticket != 0; /* of the engine's own commands nobody wants to hear */
    imap_cmd_free(e, c);
    return rc;
}

static int on_tagged(struct imap_engine *e, const struct imap_resp *r)
{
    size_t prefix = strlen(e->tag_prefix);
    struct imap_cmd *c;
    uint64_t tag;

    if (r->tag.len <= prefix || memcmp(r->tag.ptr, e->tag_prefix, prefix) != 0 ||
        !num_parse(r->tag.ptr + prefix, r->tag.len - prefix, UINT64_MAX, &tag))
        return e->phase == IMAP_PHASE_RUN ? imap_answer_warn(e, MLA_IMAP_WARN_UNKNOWN_TAG) /* P02 */
                                          : 0;
    if (tag >= e->next_tag)
        return imap_engine_fatal(e, MLA_E_PROTOCOL, "an answer to a command not sent yet");
    c = imap_queue_find_tag(&e->queue, tag);
    if (c == NULL)
        return imap_answer_warn(e, MLA_IMAP_WARN_UNKNOWN_TAG);
    /* P01, T10, A18; a literal that is waited for may be refused (P21) */
    if (e->port.out.sent < c->end || (c->phase == CMD_SENDING && !c->waits) ||
        (c->phase == CMD_SENDING && e->ev.done->status == MLA_IMAP_OK))
        return imap_engine_fatal(e, MLA_E_PROTOCOL, "an answer to a command that is still written");
    return on_done(e, c, r);
}

int imap_answer(struct imap_engine *e, const struct imap_resp *r)
{
    int rc;

    if (e->phase == IMAP_PHASE_GREETING)
        return on_greeting(e, r);
    if (r->kind == IMAP_RESP_CONTINUE)
        return on_continue(e, r);
    if (r->kind == IMAP_RESP_TAGGED && e->ev.done != NULL)
        return on_tagged(e, r);
    if (e->ev.type == MLA_IMAP_EV_FETCH && e->phase == IMAP_PHASE_RUN)
        rc = on_mailbox_data(e, r); /* most of all answers */
    else
        rc = on_untagged(e, r);
    if (rc == 1 && e->ev.ticket == 0 && e->ev.type != MLA_IMAP_EV_WARNING)
        e->ev.ticket = ticket_of(e, CMD_GENERIC);
    return rc;
}
