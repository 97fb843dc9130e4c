/* cmd_append_many.c - APPEND of several messages or of parts, and REPLACE (RFC 3502, 4469, 8508).
 */
#include "imap/cmd.h"
#include "imap/cmd_append.h"
#include "imap/engine.h"

#include "base/record.h"

#include <string.h>

enum { MESSAGES_MAX = 10000, PARTS_MAX = 1000 };

struct part {
    int is_url;
    int binary;
    mla_str data;
};

struct message {
    uint32_t flags;
    const mla_str *keywords;
    size_t keyword_count;
    int64_t date;
    int32_t zone;
    int has_date;
    int utf8;
    int catenates;
    struct part *parts; /* a whole message is one */
    size_t part_count;
    const mla_imap_annotation_args *annotations;
    size_t annotation_count;
};

struct many_args {
    struct imap_box box;
    struct message *messages;
    size_t count;
    size_t at;      /* the message that is being written */
    size_t part;    /* and its part that is next */
    size_t end;     /* those up to here go out with the command under way */
    size_t first;   /* of that command */
    int opened;     /* its options are written */
    int needs;      /* NEEDS_... */
    uint32_t which; /* REPLACE: what goes */
    int in_steps;
};

enum { NEEDS_CATENATE = 1, NEEDS_BINARY = 2, NEEDS_UTF8 = 4, NEEDS_ANNOTATE = 8 };

/* --- writing --- */

/* RFC 4466 section 2.6, append-opts. */
static void enc_options(struct imap_enc *e, const struct message *m)
{
    if (m->flags != 0 || m->keyword_count != 0) {
        imap_enc_space(e);
        imap_enc_flags(e, m->flags, m->keywords, m->keyword_count);
    }
    if (m->has_date) {
        imap_enc_space(e);
        imap_enc_date_time(e, m->date, m->zone);
    }
    if (m->annotation_count != 0) {
        imap_enc_space(e);
        imap_enc_annotations(e, m->annotations, m->annotation_count);
    }
    imap_enc_word(e, m->catenates ? " CATENATE (" : m->utf8 ? " UTF8 (" : " ");
}

static void begin_body(struct imap_cmd *c, const struct part *p, int utf8)
{
    imap_enc_literal_header(c->enc, p->data.len, p->binary || utf8,
                            p->data.len > IMAP_APPEND_AT_ONCE);
    c->has_body = 1;
    c->body = (const uint8_t *)p->data.ptr;
    c->body_size = c->body_left = p->data.len;
}

/* Writes up to the header of the next literal, or to the end. */
static int go_on(struct imap_engine *e, struct imap_cmd *c)
{
    struct many_args *a = c->args;

    (void)e;
    while (a->at < a->end) {
        const struct message *m = &a->messages[a->at];

        if (!a->opened) {
            enc_options(c->enc, m);
            a->opened = 1;
            a->part = 0;
        }
        while (a->part < m->part_count) {
            const struct part *p = &m->parts[a->part++];

            if (m->catenates)
                imap_enc_word(c->enc, a->part > 1 ? " " : "");
            if (!p->is_url) {
                imap_enc_word(c->enc, m->catenates ? "TEXT " : "");
                begin_body(c, p, m->utf8);
                return 0;
            }
            imap_enc_word(c->enc, "URL ");
            imap_enc_string(c->enc, p->data);
        }
        imap_enc_word(c->enc, m->catenates || m->utf8 ? ")" : "");
        a->at++;
        a->opened = 0;
    }
    return 0;
}

static int check_needs(struct imap_engine *e, struct imap_cmd *c)
{
    const struct many_args *a = c->args;
    const struct imap_caps *caps = &e->caps;

    if (((a->needs & NEEDS_CATENATE) != 0 && !imap_caps_has(caps, "CATENATE")) ||
        ((a->needs & NEEDS_BINARY) != 0 && !imap_caps_has(caps, "BINARY")) ||
        ((a->needs & NEEDS_UTF8) != 0 && (caps->enabled & IMAP_ENABLED_UTF8) == 0) ||
        ((a->needs & NEEDS_ANNOTATE) != 0 && !imap_caps_has(caps, "ANNOTATE-EXPERIMENT-1")))
        return MLA_E_UNSUPPORTED;
    for (size_t i = 0; i < a->count; i++) {
        uint64_t size = 0; /* without what URLs stand for */

        for (size_t k = 0; k < a->messages[i].part_count; k++)
            if (!a->messages[i].parts[k].is_url)
                size += a->messages[i].parts[k].data.len;
        if (!imap_append_fits(e, c, size))
            return MLA_E_LIMIT;
    }
    return 0;
}

static int many_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct many_args *a = c->args;
    int rc = check_needs(e, c);

    if (rc != 0)
        return rc;
    a->at = a->first;
    a->opened = 0;
    a->end = imap_caps_has(&e->caps, "MULTIAPPEND") ? a->count : a->first + 1;
    imap_enc_word(c->enc, "APPEND");
    imap_enc_box(c->enc, &a->box);
    c->more = go_on;
    return go_on(e, c);
}

static int many_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct many_args *a = c->args;

    (void)e;
    if (d->error != 0 || a->end >= a->count)
        return CMD_OVER;
    a->first = a->end;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_many = {
    .verb = "APPEND",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_APPENDUID | CMD_CAPS,
    .encode = many_encode,
    .done = many_done,
};

/* Without REPLACE. */
enum { STEP_APPEND = 0, STEP_STORE = 1, STEP_EXPUNGE = 2, STEPS = 3 };

static int step_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct many_args *a = c->args;

    if (!a->in_steps || !imap_cmd_is_uid(c) || !imap_caps_can(&e->caps, "UIDPLUS"))
        return MLA_E_UNSUPPORTED;
    c->more = NULL;
    if (c->stage == STEP_APPEND)
        return many_encode(e, c);
    imap_enc_word(c->enc, c->stage == STEP_STORE ? "UID STORE " : "UID EXPUNGE ");
    imap_enc_number(c->enc, a->which);
    imap_enc_word(c->enc, c->stage == STEP_STORE ? " +FLAGS.SILENT (\\Deleted)" : "");
    if (c->stage == STEP_STORE)
        c->flags |= CMD_SILENT;
    return 0;
}

static int replace_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct many_args *a = c->args;
    int rc;

    if (!imap_caps_has(&e->caps, "REPLACE"))
        return step_encode(e, c);
    rc = check_needs(e, c);
    if (rc != 0)
        return rc;
    a->end = 1;
    imap_enc_word(c->enc, imap_cmd_is_uid(c) ? "UID REPLACE " : "REPLACE ");
    imap_enc_number(c->enc, a->which);
    imap_enc_box(c->enc, &a->box);
    c->more = go_on;
    return go_on(e, c);
}

static int replace_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    if (d->error != 0 || imap_caps_has(&e->caps, "REPLACE") || ++c->stage == STEPS)
        return CMD_OVER;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_replace = {
    .verb = "REPLACE",
    .states = IN_SELECTED,
    .flags = CMD_MAY_EXPUNGE | CMD_APPENDUID | CMD_WRITES | CMD_READS | CMD_CAPS,
    .encode = replace_encode,
    .done = replace_done,
};

/* --- taking over --- */

static int fill_part(struct imap_cmd *c, struct part *p, const mla_imap_append_part *in, int binary,
                     uint32_t borrow)
{
    struct many_args *a = c->args;
    const int has_nul =
        in->data.len != 0 && in->data.ptr != NULL && memchr(in->data.ptr, 0, in->data.len) != NULL;

    if (in->kind > MLA_IMAP_APPEND_URL)
        return MLA_E_UNSUPPORTED;
    p->is_url = in->kind == MLA_IMAP_APPEND_URL;
    if (in->data.ptr == NULL || (p->is_url && (in->data.len == 0 || has_nul)))
        return MLA_E_ARG;
    p->binary = !p->is_url && (binary || has_nul);
    if (p->binary)
        a->needs |= NEEDS_BINARY;
    p->data = in->data;
    return borrow != 0 && !p->is_url ? 0 : imap_cmd_str(c, in->data, &p->data);
}

static int fill_parts(struct imap_cmd *c, struct message *m, const mla_imap_append_message *in,
                      uint32_t borrow)
{
    const mla_imap_append_part whole = {sizeof whole, MLA_IMAP_APPEND_TEXT, in->data};
    int rc = 0;

    m->catenates = in->data.ptr == NULL;
    m->part_count = m->catenates ? in->part_count : 1;
    if ((in->data.ptr != NULL) == (in->part_count != 0) || m->part_count > PARTS_MAX ||
        (m->catenates && (in->parts == NULL || in->utf8 != 0)))
        return MLA_E_ARG;
    m->parts = arena_array(&c->arena, m->part_count, sizeof *m->parts);
    if (m->parts == NULL)
        return imap_cmd_nomem(c);
    for (size_t i = 0; i < m->part_count && rc == 0; i++) {
        mla_imap_append_part one = whole;

        if (m->catenates)
            rc = record_at(in->parts, i, sizeof one, sizeof one, &one);
        if (rc == 0)
            rc = fill_part(c, &m->parts[i], &one, in->binary != 0 && in->utf8 == 0, borrow);
    }
    return rc;
}

static int fill_message(struct imap_engine *e, struct imap_cmd *c, struct message *m,
                        const mla_imap_append_message *in, uint32_t borrow)
{
    struct many_args *a = c->args;
    struct imap_enc enc;
    int rc;

    m->flags = in->flags;
    m->keyword_count = in->keyword_count;
    m->date = in->internal_date;
    m->zone = in->internal_zone;
    m->has_date = in->has_date != 0;
    m->utf8 = in->utf8 != 0;
    m->annotation_count = in->annotation_count;
    rc = imap_cmd_strs(c, in->keywords, in->keyword_count, &m->keywords);
    if (rc == 0)
        rc = imap_cmd_annotations(c, in->annotations, in->annotation_count, &m->annotations);
    if (rc == 0)
        rc = fill_parts(c, m, in, borrow);
    if (rc != 0)
        return rc;
    a->needs |= (m->catenates ? NEEDS_CATENATE : 0) | (m->utf8 ? NEEDS_UTF8 : 0) |
                (m->annotation_count != 0 ? NEEDS_ANNOTATE : 0);
    imap_enc_init(&enc, e->port.mem,
                  e->opts->queue_max * 2); /* what can be wrong is written once */
    enc_options(&enc, m);
    rc = imap_enc_error(&enc);
    imap_enc_free(&enc);
    return rc;
}

static int fill(struct imap_engine *e, struct imap_cmd *c, const mla_imap_append_many_args *in)
{
    struct many_args *a = c->args;
    int rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);

    if (rc == 0 && (in->messages == NULL || in->message_count == 0))
        rc = MLA_E_ARG;
    if (rc == 0 && in->message_count > MESSAGES_MAX)
        rc = MLA_E_LIMIT;
    if (rc != 0)
        return rc;
    a->messages = arena_array(&c->arena, in->message_count, sizeof *a->messages);
    if (a->messages == NULL)
        return imap_cmd_nomem(c);
    for (; a->count < in->message_count && rc == 0; a->count++) {
        mla_imap_append_message one;

        rc = record_at(in->messages, a->count, sizeof one, sizeof one, &one);
        if (rc == 0)
            rc = fill_message(e, c, &a->messages[a->count], &one, in->borrow);
    }
    return rc;
}

static const char why[] = "no mailbox, no message, or an option that cannot be said";

int imap_cmd_append_many(struct imap_engine *e, const mla_imap_append_many_args *in,
                         uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_many, sizeof(struct many_args), &c);

    if (rc != 0)
        return rc;
    return imap_cmd_queue(e, c, fill(e, c, in), why, out_ticket, err);
}

int imap_cmd_replace(struct imap_engine *e, const mla_imap_replace_args *in, uint64_t *out_ticket,
                     mla_error *err)
{
    mla_imap_append_many_args one = {.struct_size = sizeof one};
    struct imap_cmd *c;
    struct many_args *a;
    int rc = imap_cmd_new(e, &def_replace, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->which = in->number;
    a->in_steps = in->in_steps != 0;
    imap_cmd_by_seq(c, in->by_seq);
    one.borrow = in->borrow;
    one.mailbox = in->mailbox;
    one.raw_mailbox = in->raw_mailbox;
    one.messages = in->message;
    one.message_count = 1;
    rc = in->number != 0 ? fill(e, c, &one) : MLA_E_ARG;
    return imap_cmd_queue(e, c, rc, why, out_ticket, err);
}
