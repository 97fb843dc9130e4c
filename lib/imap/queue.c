/* queue.c - see queue.h */
#include "imap/queue.h"

#include "base/fail.h"
#include "base/num.h"
#include "imap/engine.h"

#include <string.h>

int imap_queue_may_overlap(uint32_t under, uint32_t next)
{
    const uint32_t reading = CMD_SORTS | CMD_BY_NUMBER; /* how an answer is read */
    const uint32_t looks = CMD_FETCHES | CMD_SEARCHES;

    if (((under | next) & CMD_ALONE) != 0 || (under & CMD_LAST) != 0)
        return 0;
    if ((under & CMD_ENABLES) != 0 && (next & CMD_TEXT) != 0)
        return 0;
    /* What follows SELECT may rely on it where its failure does no harm: then the server has no
     * mailbox selected and refuses. */
    if ((under & CMD_SELECTS) != 0 && (next & CMD_BOX) != 0 &&
        ((next & (CMD_FETCHES | CMD_SEARCHES)) == 0 || (next & CMD_WRITES) != 0))
        return 0;
    /* Answers about the old mailbox would be taken for the new one's. */
    if ((next & CMD_SELECTS) != 0 && (under & (CMD_BOX | CMD_SELECTS)) != 0)
        return 0;
    /* Numbers would mean other messages when they arrive (RFC 9051 section 5.5). */
    if ((under & CMD_MAY_EXPUNGE) != 0 && (next & CMD_SEQS) != 0)
        return 0;
    /* The result would depend on which of the two is done first. */
    if ((under & CMD_WRITES) != 0 && (next & CMD_READS) != 0)
        return 0;
    if ((under & CMD_READS) != 0 && (next & CMD_WRITES) != 0)
        return 0;
    /* A search that fails may leave an older result behind (RFC 5182 section 2.1): nothing but
     * looking is done with it before its answer. */
    if ((under & CMD_SAVES) != 0 && (next & CMD_USES_SAVED) != 0 &&
        ((next & looks) == 0 || (next & CMD_WRITES) != 0))
        return 0;
    if ((under & CMD_USES_SAVED) != 0 && (next & CMD_SAVES) != 0)
        return 0;
    /* SEARCH does not say whose it is. ESEARCH does; and of a server that leaves out the tag, or
     * says SEARCH in its place, the first is the first one's. */
    if ((under & next & CMD_SEARCHES) != 0 &&
        ((under & next & CMD_TAGGED) == 0 || ((under ^ next) & reading) != 0))
        return 0;
    return (under & next & CMD_LISTS) == 0; /* the same; STATUS says it by the name */
}

/* --- the list --- */

void imap_queue_add(struct imap_queue *q, struct imap_cmd *c)
{
    c->next = NULL;
    if (q->tail != NULL)
        q->tail->next = c;
    else
        q->head = c;
    q->tail = c;
    q->held += c->arena.used;
}

static int is_under_way(const struct imap_cmd *c)
{
    return c->phase == CMD_SENT || c->phase == CMD_SENDING;
}

void imap_queue_add_first(struct imap_queue *q, struct imap_cmd *c)
{
    struct imap_cmd **at = &q->head;

    for (struct imap_cmd *u = q->head; u != NULL; u = u->next)
        if (is_under_way(u))
            at = &u->next;
    c->next = *at;
    *at = c;
    if (c->next == NULL)
        q->tail = c;
    q->held += c->arena.used;
}

void imap_queue_remove(struct imap_queue *q, struct imap_cmd *c)
{
    struct imap_cmd **at = &q->head;
    struct imap_cmd *before = NULL;

    while (*at != c) {
        before = *at;
        at = &(*at)->next;
    }
    *at = c->next;
    if (q->tail == c)
        q->tail = before;
    q->held -= c->arena.used;
    c->next = NULL;
    q->failed -= c->phase == CMD_FAILED;
    if (!is_under_way(c))
        return;
    q->flight--;
    q->under = 0;
    for (const struct imap_cmd *u = q->head; u != NULL; u = u->next)
        q->under |= is_under_way(u) ? u->flags : 0;
}

static void rewind_command(struct imap_queue *q, struct imap_cmd *c)
{
    imap_queue_remove(q, c);
    c->phase = CMD_QUEUED;
    c->waits = c->in_body = c->send_told = c->idling = 0;
}

void imap_queue_again(struct imap_queue *q, struct imap_cmd *c)
{
    rewind_command(q, c);
    imap_queue_add_first(q, c);
}

void imap_queue_later(struct imap_queue *q, struct imap_cmd *c)
{
    rewind_command(q, c);
    imap_queue_add(q, c);
}

struct imap_cmd *imap_queue_find(const struct imap_queue *q, uint64_t ticket)
{
    struct imap_cmd *c = q->head;

    while (c != NULL && c->ticket != ticket)
        c = c->next;
    return c;
}

struct imap_cmd *imap_queue_find_tag(const struct imap_queue *q, uint64_t tag)
{
    struct imap_cmd *c = q->head;

    while (c != NULL && !(is_under_way(c) && c->tag == tag))
        c = c->next;
    return c;
}

struct imap_cmd *imap_queue_by_text(const struct imap_engine *e, const mla_str *tag)
{
    struct imap_cmd *c = e->queue.head;

    while (c != NULL && !(is_under_way(c) && imap_context_is_tag(e, c->tag, tag)))
        c = c->next;
    return c;
}

struct imap_cmd *imap_queue_first(const struct imap_queue *q, uint32_t flags)
{
    struct imap_cmd *c = q->head;

    while (c != NULL && !(is_under_way(c) && (c->flags & flags) != 0))
        c = c->next;
    return c;
}

struct imap_cmd *imap_queue_answered(const struct imap_queue *q, int32_t kind)
{
    struct imap_cmd *c = q->head;

    while (c != NULL && !(is_under_way(c) && (c->answers & IMAP_ANSWERS(kind)) != 0))
        c = c->next;
    return c;
}

struct imap_cmd *imap_queue_sending(const struct imap_queue *q)
{
    struct imap_cmd *c = q->head;

    while (c != NULL && c->phase != CMD_SENDING)
        c = c->next;
    return c;
}

int imap_queue_predict(const struct imap_engine *e)
{
    int state = e->state == IMAP_STATE_START ? IMAP_STATE_NOT_AUTHENTICATED : e->state;

    for (const struct imap_cmd *c = e->queue.head; c != NULL; c = c->next)
        if (c->phase != CMD_FAILED && c->def->next_state != 0)
            state = c->def->next_state;
    return state;
}

/* --- handing over --- */

static int out_failed(struct imap_engine *e, int rc)
{
    return imap_engine_fatal(e, rc == MLA_E_LIMIT ? MLA_E_INTERNAL : rc,
                             rc == MLA_E_NOMEM ? "out of memory" : "no room for output");
}

/* Adds enc.out[enc_at .. end), secrets apart. */
static int add_encoded(struct imap_engine *e, struct imap_cmd *c, size_t end)
{
    const struct buf *hidden = &c->enc->hidden;
    size_t at = c->enc_at;
    int rc = 0;

    for (size_t i = 0; i < hidden->len && rc == 0; i += 2 * sizeof(size_t)) {
        size_t pair[2];

        memcpy(pair, hidden->ptr + i, sizeof pair);
        if (pair[0] < at || pair[1] > end)
            continue;
        rc = outq_add(&e->port.out, c->enc->out.ptr + at, pair[0] - at);
        if (rc == 0)
            rc = engine_secret(&e->port, c->enc->out.ptr + pair[0], pair[1] - pair[0]);
        at = pair[1];
    }
    if (rc == 0)
        rc = outq_add(&e->port.out, c->enc->out.ptr + at, end - at);
    if (rc != 0)
        return out_failed(e, rc);
    c->enc_at = end;
    c->end = e->port.out.added;
    return 0;
}

/* A message is written whole: the rest of the line, or what comes before the next message. */
static int behind_body(struct imap_engine *e, struct imap_cmd *c)
{
    int rc = 0;

    imap_enc_clear(c->enc);
    c->enc_at = c->stop = 0;
    if (c->more != NULL)
        rc = c->more(e, c);
    if (rc == 0 && !c->has_body)
        imap_enc_word(c->enc, "\r\n");
    if (rc == 0)
        rc = imap_enc_error(c->enc);
    return rc != 0 ? out_failed(e, rc) : 0;
}

/* A message of the caller's goes out in pieces, as the output drains. */
static int add_body(struct imap_engine *e, struct imap_cmd *c)
{
    c->in_body = 1;
    while (c->body != NULL && c->body_left > 0 && e->port.out.held < QUEUE_OUT_ROOM) {
        size_t n = QUEUE_OUT_ROOM - e->port.out.held;
        int rc;

        if (n > c->body_left)
            n = (size_t)c->body_left;
        rc = outq_add(&e->port.out, c->body, n);
        if (rc != 0)
            return out_failed(e, rc);
        c->body += n;
        c->body_left -= n;
    }
    c->end = e->port.out.added;
    if (c->body_left > 0)
        return 0;
    c->in_body = 0;
    c->has_body = 0;
    return behind_body(e, c);
}

static int feed_line(struct imap_engine *e, struct imap_cmd *c)
{
    int rc = 0;

    while (!c->waits && c->enc_at < c->enc->out.len && rc == 0) {
        size_t end = c->enc->out.len;

        if (c->stop < c->enc->stops.len / sizeof end) {
            memcpy(&end, c->enc->stops.ptr + c->stop * sizeof end, sizeof end);
            c->stop++;
            c->waits = 1;
        }
        rc = add_encoded(e, c, end);
    }
    return rc;
}

static int feed(struct imap_engine *e, struct imap_cmd *c)
{
    int rc = feed_line(e, c);

    while (rc == 0 && !c->waits && c->has_body) {
        rc = add_body(e, c);
        if (rc != 0 || c->in_body)
            return rc;
        rc = feed_line(e, c);
    }
    if (rc == 0 && !c->waits && !c->has_body) {
        c->phase = CMD_SENT;
        imap_cmd_enc_free(e, c);
    }
    return rc;
}

int imap_queue_go(struct imap_engine *e, struct imap_cmd *c)
{
    c->waits = 0;
    return feed(e, c);
}

int imap_queue_line(struct imap_engine *e, struct imap_cmd *c, mla_str line, int secret)
{
    int rc = secret ? engine_secret(&e->port, line.ptr, line.len)
                    : outq_add(&e->port.out, line.ptr, line.len);

    if (rc == 0)
        rc = outq_add(&e->port.out, "\r\n", 2);
    if (rc != 0)
        return out_failed(e, rc);
    c->end = e->port.out.added;
    return 0;
}

/* --- deciding --- */

void imap_queue_refuse(struct imap_engine *e, struct imap_cmd *c, int error, const char *why)
{
    mla_error err = {0};

    c->phase = CMD_FAILED;
    e->queue.failed++;
    c->error = error;
    fail(&err, error, "%s: %s", c->def->verb, why);
    imap_cmd_say(e, c, err.message);
}

static void put_tag(struct imap_engine *e, struct imap_cmd *c)
{
    c->tag = e->next_tag++;
    imap_enc_word(c->enc, e->tag_prefix);
    imap_enc_number(c->enc, c->tag);
    imap_enc_space(c->enc);
}

/* Writes the command, whole or up to a message of the caller's. 0, CMD_HOLD or an error. */
static int encode(struct imap_engine *e, struct imap_cmd *c)
{
    int rc;

    c->enc->literals = imap_caps_literals(&e->caps);
    c->enc->utf8 = imap_caps_is_utf8(&e->caps);
    c->enc_at = c->stop = 0;
    c->set_next = c->set_at;
    put_tag(e, c);
    rc = c->def->encode(e, c);
    if (rc == 0)
        rc = imap_enc_error(c->enc);
    if (rc == 0 && !c->has_body) {
        imap_enc_word(c->enc, "\r\n");
        rc = imap_enc_error(c->enc);
    }
    if (rc != 0) {
        e->next_tag--; /* it was not used */
        imap_cmd_enc_free(e, c);
    }
    return rc;
}

/* Writes the command and begins to hand it over. */
static int begin(struct imap_engine *e, struct imap_cmd *c)
{
    int rc = imap_cmd_enc_new(e, c);

    if (rc == 0)
        rc = encode(e, c);
    if (rc == CMD_HOLD)
        return 0;
    if (fail_is_fatal(rc))
        return imap_engine_fatal(e, rc, "cannot write a command");
    if (rc != 0) {
        imap_queue_refuse(e, c, rc, fail_text(rc));
        return 0;
    }
    c->phase = CMD_SENDING;
    e->queue.flight++;
    e->queue.under |= c->flags;
    return feed(e, c);
}

static int may_begin(const struct imap_engine *e, const struct imap_cmd *c)
{
    if (e->bye || e->eof || e->port.dead != 0)
        return 0;
    if (e->phase != IMAP_PHASE_RUN &&
        !(e->phase == IMAP_PHASE_STARTTLS && c->def == &imap_def_starttls))
        return 0;
    if (e->queue.flight >= QUEUE_FLIGHT_MAX || e->port.out.held >= QUEUE_OUT_ROOM)
        return 0;
    /* Unasked news are about the mailbox that is selected when they are written. */
    if ((c->flags & CMD_SELECTS) != 0 && e->state == IMAP_STATE_SELECTED && e->queue.flight > 0)
        return 0;
    for (const struct imap_cmd *u = e->queue.head; u != NULL && u != c; u = u->next)
        if (is_under_way(u) &&
            (!imap_queue_may_overlap(u->flags, c->flags) || (u->answers & c->answers) != 0 ||
             ((u->flags & c->flags & CMD_SECTIONS) != 0 && !imap_fetch_told_apart(u, c))))
            return 0; /* or it could not be told whose an answer is */
    return 1;
}

/* The state in which a command will arrive that is sent now. */
static int state_ahead(const struct imap_engine *e)
{
    return imap_queue_under_way(&e->queue, CMD_SELECTS) != NULL ? IMAP_STATE_SELECTED : e->state;
}

/* The engine's own question, in front of what needs its answer. */
static int ask_capabilities(struct imap_engine *e)
{
    struct imap_cmd *c;

    if (imap_cmd_new(e, &imap_def_capability, 0, &c) != 0)
        return imap_engine_fatal(e, MLA_E_NOMEM, "out of memory");
    imap_queue_add_first(&e->queue, c);
    return 0;
}

/* 0, or why a command may not name messages by "$" now. */
static int check_saved(const struct imap_engine *e, const struct imap_cmd *c)
{
    if ((c->flags & CMD_USES_SAVED) == 0)
        return 0;
    if (!imap_caps_can(&e->caps, "SEARCHRES"))
        return MLA_E_UNSUPPORTED;
    return e->box.saved || imap_queue_under_way(&e->queue, CMD_SAVES) != NULL ? 0 : MLA_E_STATE;
}

/* 1: sent or refused, look at the next; 0: nothing more can be sent now; or a fatal error. */
static int advance(struct imap_engine *e, struct imap_cmd *c)
{
    int rc;

    if (c->phase == CMD_SENT || c->phase == CMD_FAILED)
        return 1;
    if (c->phase == CMD_SENDING) {
        rc = feed(e, c);
        return rc != 0 ? rc : c->phase == CMD_SENT;
    }
    if (c->held != 0 || !may_begin(e, c))
        return 0;
    if (c->def != &imap_def_starttls && (c->states & (1U << state_ahead(e))) == 0) {
        imap_queue_refuse(e, c, MLA_E_STATE, "not sent: the session is not in the state it needs");
        return 1;
    }
    if ((c->flags & CMD_SEQS) != 0 && e->notify_expunges) {
        imap_queue_refuse(e, c, MLA_E_STATE,
                          "not sent: NOTIFY lets message numbers change at any time");
        return 1;
    }
    if ((c->flags & CMD_CAPS) != 0 && !e->caps.known) {
        rc = ask_capabilities(e);
        if (rc != 0)
            return rc;
        return imap_queue_pump(e); /* once: the question itself needs no answer of this kind */
    }
    if (c->def->capability != NULL && !imap_caps_can(&e->caps, c->def->capability)) {
        imap_queue_refuse(e, c, MLA_E_UNSUPPORTED, "not sent: the server does not announce it");
        return 1;
    }
    if ((c->flags & (CMD_SEQS | CMD_BY_NUMBER)) != 0 &&
        (e->caps.enabled & IMAP_ENABLED_UIDONLY) != 0) { /* RFC 9586 sections 3.2 and 3.8 */
        imap_queue_refuse(e, c, MLA_E_STATE,
                          "not sent: message numbers mean nothing under UIDONLY");
        return 1;
    }
    rc = check_saved(e, c);
    if (rc != 0) {
        imap_queue_refuse(e, c, rc,
                          rc == MLA_E_STATE ? "not sent: no search has saved its result"
                                            : "not sent: the server does not announce SEARCHRES");
        return 1;
    }
    rc = begin(e, c);
    return rc != 0 ? rc : c->phase == CMD_SENT || c->phase == CMD_FAILED;
}

/* The log-in is over: what must be sent before anything else? 1: nothing more; 0: the server has to
 * be heard first; or a fatal error. */
static int set_up(struct imap_engine *e)
{
    struct imap_cmd *c = e->queue.head;

    if (!e->setup_due || e->state < IMAP_STATE_AUTHENTICATED)
        return 1;
    if (e->caps.known) {
        int rc = imap_cmd_compress_first(e);

        if (rc == 0) /* in front of that: nothing may be sent behind COMPRESS */
            rc = imap_enable_rev2(e);
        e->setup_due = 0;
        return rc != 0 ? rc : 1;
    }
    if (!e->maybe_rev2 && !e->opts->compress) { /* asking would cost a turnaround for nothing */
        e->setup_due = 0;
        return 1;
    }
    if (c != NULL && c->def == &imap_def_capability)
        return 1;
    return c != NULL && is_under_way(c) ? 0 : 2;
}

int imap_queue_pump(struct imap_engine *e)
{
    struct imap_cmd *c;
    int ready = e->port.dead == 0 ? set_up(e) : 0;

    if (ready == 2)
        ready = ask_capabilities(e) == 0;
    if (ready > 0 && imap_idle_give_way(e) != 0)
        return e->port.dead;
    if (ready <= 0)
        return ready;
    c = e->queue.head;
    while (c != NULL) {
        int rc = advance(e, c);

        if (rc <= 0)
            return rc;
        c = c->next;
    }
    return 0;
}

int imap_queue_sane(const struct imap_engine *e)
{
    size_t flight = 0;
    size_t held = 0;
    size_t failed = 0;
    uint32_t under = 0;
    int behind = 0; /* one that was not begun was seen */
    const struct imap_cmd *last = NULL;

    for (const struct imap_cmd *c = e->queue.head; c != NULL; c = c->next) {
        last = c;
        held += c->arena.used;
        if (is_under_way(c)) {
            flight++;
            under |= c->flags;
            if (behind || c->end > e->port.out.added)
                return 0;
        } else if (c->phase == CMD_QUEUED) {
            behind = 1;
        } else {
            failed++;
        }
    }
    return flight == e->queue.flight && held == e->queue.held && last == e->queue.tail &&
           flight <= QUEUE_FLIGHT_MAX && under == e->queue.under && failed == e->queue.failed;
}
