/* read.c - from the receive buffer to one event: framing, streaming, parsing. */
#include "imap/answer.h"
#include "imap/engine.h"

#include "base/fail.h"

#include <string.h>

/* Literals below this are not worth a clock of their own. */
enum { BULK_MIN = 4096 };

const struct imap_resp_opts *imap_engine_resp_opts(struct imap_engine *e)
{
    struct imap_resp_opts *o = &e->work->resp_opts;
    const struct imap_cmd *search = imap_queue_under_way(&e->queue, CMD_SEARCHES);

    o->utf8 = imap_caps_is_utf8(&e->caps);
    o->tls = e->tls;
    o->search_uid = o->search_sorted = 0;
    if (search != NULL) {
        /* only UID SEARCH may be answered with EXPUNGE between (RFC 9051 section 5.5) */
        o->search_uid = (search->flags & CMD_MAY_EXPUNGE) != 0;
        o->search_sorted = (search->flags & CMD_SORTS) != 0;
    }
    o->cuts = (const struct imap_cut *)(const void *)e->work->cuts.ptr;
    o->cut_count = e->work->cuts.len / sizeof(struct imap_cut);
    return o;
}

static int read_fatal(struct imap_engine *e, int code)
{
    return imap_engine_fatal(e, code,
                             code == MLA_E_NOMEM ? "out of memory"
                                                 : "the data of one response exceed their limit");
}

/* The octets at the front of the buffer that are dealt with; they stay readable until next(). */
static void take(struct imap_engine *e, size_t n)
{
    inbuf_take(&e->port.in, n);
    e->port.in.lent = 1;
}

/* The response at the front is dealt with. */
static void next_response(struct imap_engine *e)
{
    literal_next(&e->work->frame);
    if (e->work->batch.kind != 0)
        imap_batch_clear(&e->work->batch);
    e->framed = e->no_batch = 0;
}

/* Something was let pass: a warning behind the event itself. */
static void warn_later(struct imap_engine *e, const struct imap_warn *w, const struct imap_raw *raw)
{
    e->warn = (int)w->id;
    e->warn_len = w->len < sizeof e->work->warn_raw ? w->len : sizeof e->work->warn_raw;
    e->warn_offset = raw->offset + w->at;
    if (e->warn_len != 0)
        memcpy(e->work->warn_raw, raw->ptr + w->at, e->warn_len);
    mask_hide(&e->port.mask, e->work->warn_raw, e->warn_len);
}

/* --- large sections --- */

/* Puts the n octets at the front of the buffer behind what was put aside of this response. */
static int put_aside(struct imap_engine *e, size_t n)
{
    int rc = buf_add(&e->work->assembly, inbuf_data(&e->port.in), n);

    if (rc != 0)
        return read_fatal(e, rc == MLA_E_LIMIT ? MLA_E_FLOOD : rc);
    inbuf_take(&e->port.in, n);
    return 0;
}

static int begin_section(struct imap_engine *e, const mla_imap_section *found)
{
    mla_imap_section *copy = arena_alloc(&e->ev.arena, sizeof *copy);

    if (copy == NULL)
        return read_fatal(e, MLA_E_NOMEM);
    *copy = *found;
    e->discards = !imap_answer_section(e, copy);
    e->in_section = 1;
    e->section_left = e->ev_size;
    e->section_at = 0;
    if (e->discards)
        return IMAP_READ_ON;
    e->ev.type = MLA_IMAP_EV_SECTION_BEGIN;
    e->ev.ticket = e->section_ticket;
    e->ev.section = copy;
    e->ev_how = IMAP_EV_HEAD;
    return IMAP_READ_EVENT;
}

/* The response so far, up to the literal header that was found. */
static int response_head(struct imap_engine *e, struct imap_raw *out)
{
    int rc = 0;

    out->ptr = inbuf_data(&e->port.in);
    out->len = e->work->frame.at;
    out->offset = e->response_at;
    if (e->work->assembly.len == 0)
        return 0;
    rc = buf_add(&e->work->assembly, out->ptr, out->len);
    if (rc != 0)
        return read_fatal(e, rc == MLA_E_LIMIT ? MLA_E_FLOOD : rc);
    out->ptr = e->work->assembly.ptr;
    out->len = e->work->assembly.len;
    e->work->assembly.len -= e->work->frame.at; /* only looked at */
    return 0;
}

/* The literal that begins is taken out of the response: its octets pass through as chunks. */
static int cut_out(struct imap_engine *e)
{
    struct imap_cut cut;
    mla_imap_section section;
    size_t head = e->work->frame.at;
    int rc;

    e->ev_size = e->work->frame.size;
    rc = put_aside(e, head);
    if (rc != 0)
        return rc;
    e->ev.raw.ptr = e->work->assembly.ptr;
    e->ev.raw.len = e->work->assembly.len;
    e->ev.raw.offset = e->response_at;
    memset(&section, 0, sizeof section);
    arena_reset(&e->ev.arena);
    rc = imap_resp_section_head(&e->ev.raw, imap_engine_resp_opts(e), e->ev_size, &e->ev.arena,
                                &section);
    if (rc != 1)
        return read_fatal(e, MLA_E_NOMEM);
    cut.at = e->work->assembly.len;
    cut.size = e->ev_size;
    rc = buf_add(&e->work->cuts, &cut, sizeof cut);
    if (rc != 0)
        return read_fatal(e, rc == MLA_E_LIMIT ? MLA_E_FLOOD : rc);
    literal_cut(&e->work->frame);
    literal_drop(&e->work->frame, head);
    pace_bulk(&e->port.pace, e->port.now_ms, 1);
    return begin_section(e, &section);
}

/* A literal begins that is too large to be held. IMAP_READ_MORE: it is no section, and is held all
 * the same. */
static int on_large(struct imap_engine *e)
{
    struct imap_raw raw;
    mla_imap_section section;
    int rc = response_head(e, &raw);

    if (rc != 0)
        return rc;
    memset(&section, 0, sizeof section);
    rc = imap_resp_section_head(&raw, imap_engine_resp_opts(e), e->work->frame.size, &e->ev.arena,
                                &section);
    if (rc < 0)
        return read_fatal(e, rc);
    return rc == 1 ? cut_out(e) : IMAP_READ_MORE;
}

static int read_section(struct imap_engine *e)
{
    size_t n = inbuf_len(&e->port.in);

    if (n > e->section_left)
        n = (size_t)e->section_left;
    if (n == 0 && e->section_left > 0)
        return IMAP_READ_MORE;
    e->ev.chunk = inbuf_data(&e->port.in);
    e->ev.chunk_len = n;
    e->ev.chunk_offset = e->section_at;
    e->section_at += n;
    e->section_left -= n;
    if (e->section_left == 0) {
        e->in_section = 0;
        pace_bulk(&e->port.pace, e->port.now_ms, 0);
    }
    take(e, n);
    if (e->discards) {
        e->port.in.lent = 0;
        return IMAP_READ_ON;
    }
    e->ev.type = MLA_IMAP_EV_CHUNK;
    e->ev.ticket = e->section_ticket;
    e->ev_how = IMAP_EV_CHUNK;
    return IMAP_READ_EVENT;
}

/* --- long lists of numbers --- */

/* n octets of a line that is longer than IMAP_BATCH, or its end. Where the batches are cut depends
 * on the octets alone, not on how they came. IMAP_READ_MORE: it is no such line. */
static int read_batch(struct imap_engine *e, size_t n, int complete)
{
    struct imap_batch *batch = &e->work->batch;
    struct imap_raw raw = {inbuf_data(&e->port.in), n, e->port.in.taken};
    struct imap_resp r;
    size_t used = 0;
    int rc;

    e->work->ev_batch = *batch;
    rc = imap_resp_batch(&raw, complete, imap_engine_resp_opts(e), batch, &e->ev, &used);
    if (rc < 0)
        return read_fatal(e, rc);
    if (rc == 0 || used == 0) {
        e->no_batch = 1;
        return IMAP_READ_MORE;
    }
    memset(&r, 0, sizeof r);
    r.kind = IMAP_RESP_UNTAGGED;
    r.correlator.ptr = batch->tag_len != 0 ? batch->tag : NULL;
    r.correlator.len = batch->tag_len;
    e->ev.raw = raw;
    e->ev_how = IMAP_EV_BATCH;
    e->ev_complete = complete;
    take(e, used);
    if (complete && used == n)
        next_response(e);
    else
        literal_drop(&e->work->frame, used);
    pace_answered(&e->port.pace, e->port.now_ms, e->port.pace.due);
    rc = e->ev.type != 0 ? imap_answer(e, &r) : 0;
    if (rc < 0)
        return rc;
    return rc == 1 ? IMAP_READ_EVENT : IMAP_READ_ON;
}

/* --- whole responses --- */

/* A server that repeats a secret says it to nobody else through us: what is for people to read, and
 * codes that are handed over unread, have it no more. What is parsed stays as it is. */
static void hide_secrets(struct imap_engine *e)
{
    const mla_imap_text *t = e->ev.type == MLA_IMAP_EV_TEXT ? e->ev.text : NULL;
    const mla_imap_done *d = e->ev.type == MLA_IMAP_EV_DONE ? e->ev.done : NULL;
    const mla_imap_code *code = t != NULL ? t->code : d != NULL ? d->code : NULL;

    if (t != NULL)
        engine_hide(&e->port, t->text);
    if (d != NULL)
        engine_hide(&e->port, d->text);
    if (code != NULL && (code->id == MLA_IMAP_CODE_OTHER || code->id == MLA_IMAP_CODE_REFERRAL))
        engine_hide(&e->port, code->raw);
}

/* What the framer found is dealt with. surplus: a literal had a line end too many. */
static int parse(struct imap_engine *e, struct imap_raw raw, int surplus)
{
    struct imap_resp r;
    int rc;

    e->ev_how = IMAP_EV_PARSED;
    e->ev_tls = e->tls;
    rc = imap_resp_parse(&raw, imap_engine_resp_opts(e), &e->ev, &r);
    if (rc != 0)
        return read_fatal(e, rc);
    if (e->port.mask.count != 0)
        hide_secrets(e);
    if (surplus && r.warn.id == 0)
        r.warn.id = MLA_IMAP_WARN_LITERAL;
    if (r.warn.id != 0 && e->phase == IMAP_PHASE_RUN)
        warn_later(e, &r.warn, &raw);
    if (e->discards) { /* the octets of its sections were not handed over */
        e->discards = 0;
        imap_answer_warn(e, e->warn_discarded);
        return IMAP_READ_EVENT;
    }
    rc = imap_answer(e, &r);
    if (rc < 0)
        return rc;
    /* Only what was asked for makes progress: text for ever is no answer (M02, M14). */
    if (e->ev.ticket != 0 || r.kind != IMAP_RESP_UNTAGGED)
        pace_answered(&e->port.pace, e->port.now_ms, e->port.pace.due);
    return rc == 1 ? IMAP_READ_EVENT : IMAP_READ_ON;
}

/* The response at the front is whole: frame says how long it is. */
static int parse_framed(struct imap_engine *e)
{
    struct imap_raw raw = {inbuf_data(&e->port.in), e->work->frame.at, e->response_at};
    int surplus = e->work->frame.surplus != 0;

    if (e->work->assembly.len != 0) {
        int rc = put_aside(e, e->work->frame.at);

        if (rc != 0)
            return rc;
        raw.ptr = e->work->assembly.ptr;
        raw.len = e->work->assembly.len;
        e->assembly_used = 1;
    } else {
        take(e, e->work->frame.at);
    }
    next_response(e);
    return parse(e, raw, surplus);
}

/* A response of which nothing was looked at begins: 1 when it is a line that is there, and short.
 */
static int take_line(struct imap_engine *e, size_t len, struct imap_raw *out)
{
    e->response_at = e->port.in.taken;
    out->ptr = inbuf_data(&e->port.in);
    out->len = literal_line(&e->work->frame, out->ptr, len < IMAP_BATCH ? len : IMAP_BATCH);
    out->offset = e->response_at;
    if (out->len == 0)
        return 0;
    take(e, out->len);
    return 1;
}

/* Finds the end of the response at the front. LITERAL_DONE, LITERAL_MORE; IMAP_READ_EVENT or
 * IMAP_READ_ON in *out_read where a section has begun, and then LITERAL_HEADER; or a fatal error.
 */
static int find_end(struct imap_engine *e, size_t len, int *out_read)
{
    mla_error err;

    err.code = 0; /* cheaper than all of it, and this is done for each response */
    for (;;) {
        int rc = literal_frame(&e->work->frame, inbuf_data(&e->port.in), len, &err);

        if (rc < 0)
            return imap_engine_fatal(e, rc, err.message);
        if (rc == LITERAL_MORE)
            return rc;
        pace_bulk(&e->port.pace, e->port.now_ms, 0);
        if (rc == LITERAL_DONE)
            return rc;
        e->no_batch = 1;
        if (e->work->frame.size > e->opts->inline_max) {
            rc = on_large(e);
            if (rc != IMAP_READ_MORE) {
                *out_read = rc;
                return rc < 0 ? rc : LITERAL_HEADER;
            }
        }
        if (e->work->frame.size >= BULK_MIN)
            pace_bulk(&e->port.pace, e->port.now_ms, 1);
        rc = literal_inline(&e->work->frame, &err);
        if (rc != 0)
            return imap_engine_fatal(e, rc, err.message);
    }
}

int imap_read(struct imap_engine *e)
{
    size_t len = inbuf_len(&e->port.in);
    struct imap_raw raw;
    int rc = LITERAL_DONE;
    int read = IMAP_READ_ON;

    if (e->broken || e->phase == IMAP_PHASE_NEW || e->phase == IMAP_PHASE_TLS ||
        e->phase == IMAP_PHASE_COMPRESS || e->phase == IMAP_PHASE_OVER)
        return IMAP_READ_MORE;
    if (e->in_section)
        return read_section(e);
    if (len == 0)
        return IMAP_READ_MORE;
    if (e->work == NULL && imap_engine_wake(e) != 0)
        return read_fatal(e, MLA_E_NOMEM);
    if (e->work->frame.at == 0 && e->work->assembly.len == 0 && e->work->batch.kind == 0 &&
        take_line(e, len, &raw))
        return parse(e, raw, 0);
    if (!e->framed)
        rc = find_end(e, len, &read);
    if (rc < 0)
        return rc;
    if (rc == LITERAL_HEADER)
        return read;
    e->framed = rc == LITERAL_DONE;
    if (e->framed)
        len = e->work->frame.at;
    if (len > IMAP_BATCH && !e->no_batch && e->phase == IMAP_PHASE_RUN) {
        rc = read_batch(e, IMAP_BATCH, 0);
        if (rc != IMAP_READ_MORE)
            return rc;
    }
    if (!e->framed)
        return IMAP_READ_MORE;
    if (e->work->batch.kind != 0) {
        rc = read_batch(e, len, 1);
        if (rc != IMAP_READ_MORE)
            return rc;
    }
    return parse_framed(e);
}
