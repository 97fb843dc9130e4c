/* cmd_append.c - APPEND, RFC 9051 section 6.3.12: a message, in memory or piece by piece. */
#include "imap/cmd_append.h"
#include "imap/engine.h"

#include "base/fail.h"
#include "base/num.h"

#include <string.h>

struct append_args {
    struct imap_box box;
    uint32_t flags;
    const mla_str *keywords;
    size_t keyword_count;
    int64_t date;
    int32_t zone;
    int has_date;
    int streamed;
    int binary; /* literal8 is needed */
    const uint8_t *data;
    uint64_t size;
};

int imap_append_fits(struct imap_engine *e, struct imap_cmd *c, uint64_t size)
{
    const char *value = imap_caps_value(&e->caps, "APPENDLIMIT=");
    uint64_t limit;
    mla_error err = {0};

    if (value == NULL || !num_parse(value, strlen(value), UINT64_MAX, &limit) || size <= limit)
        return 1;
    fail(&err, MLA_E_LIMIT, "%s: not sent: the server takes messages of up to %llu octets",
         c->def->verb, (unsigned long long)limit);
    imap_cmd_say(e, c, err.message);
    return 0;
}

static int append_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct append_args *a = c->args;

    if (a->binary && !imap_caps_has(&e->caps, "BINARY"))
        return MLA_E_UNSUPPORTED; /* I11 */
    if (!imap_append_fits(e, c, a->size))
        return MLA_E_LIMIT;
    imap_enc_word(c->enc, "APPEND");
    imap_enc_box(c->enc, &a->box);
    if (a->flags != 0 || a->keyword_count != 0) {
        imap_enc_space(c->enc);
        imap_enc_flags(c->enc, a->flags, a->keywords, a->keyword_count);
    }
    if (a->has_date) {
        imap_enc_space(c->enc);
        imap_enc_date_time(c->enc, a->date, a->zone);
    }
    imap_enc_space(c->enc);
    imap_enc_literal_header(c->enc, a->size, a->binary,
                            a->streamed || a->size > IMAP_APPEND_AT_ONCE);
    c->has_body = 1;
    c->body = a->data;
    c->body_size = c->body_left = a->size;
    return 0;
}

static const struct imap_cmd_def def_append = {
    .verb = "APPEND",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_APPENDUID | CMD_CAPS,
    .encode = append_encode,
};

static int has_nul(const uint8_t *data, uint64_t size)
{
    return size != 0 && memchr(data, 0, (size_t)size) != NULL;
}

/* Checks by writing what can be wrong. */
static int check(struct imap_engine *e, const struct append_args *a)
{
    struct imap_enc enc;
    int rc;

    imap_enc_init(&enc, e->port.mem, e->opts->queue_max * 2);
    imap_enc_flags(&enc, a->flags, a->keywords, a->keyword_count);
    if (a->has_date)
        imap_enc_date_time(&enc, a->date, a->zone);
    rc = imap_enc_error(&enc);
    imap_enc_free(&enc);
    return rc;
}

static int fill(struct imap_engine *e, struct imap_cmd *c, const mla_imap_append_args *in)
{
    struct append_args *a = c->args;
    int rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);

    a->flags = in->flags;
    a->keyword_count = in->keyword_count;
    a->date = in->internal_date;
    a->zone = in->internal_zone;
    a->has_date = in->has_date != 0;
    a->size = in->size;
    a->streamed = in->data == NULL && in->size != 0;
    a->binary = in->binary != 0;
    a->data = in->data;
    if (rc == 0)
        rc = imap_cmd_strs(c, in->keywords, in->keyword_count, &a->keywords);
    if (rc == 0)
        rc = check(e, a);
    if (rc == 0 && in->size > INT64_MAX)
        rc = MLA_E_ARG;
    if (rc != 0 || in->data == NULL)
        return rc;
    if (in->size > SIZE_MAX)
        return MLA_E_LIMIT;
    if (has_nul(in->data, in->size))
        a->binary = 1;
    if (in->borrow == 0) {
        a->data = (const uint8_t *)arena_dup(&c->arena, in->data, (size_t)in->size);
        if (a->data == NULL)
            return imap_cmd_nomem(c);
    }
    return 0;
}

int imap_cmd_append(struct imap_engine *e, const mla_imap_append_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_append, sizeof(struct append_args), &c);

    if (rc != 0)
        return rc;
    rc = fill(e, c, in);
    if (rc == 0)
        return imap_engine_queue(e, c, out_ticket, err);
    fail(err, rc, "APPEND: %s", fail_text(rc));
    imap_cmd_free(e, c);
    return rc;
}

int imap_cmd_append_data(struct imap_engine *e, uint64_t ticket, const uint8_t *data, size_t len,
                         size_t *out_used, mla_error *err)
{
    struct imap_cmd *c = ticket != 0 ? imap_queue_find(&e->queue, ticket) : NULL;
    const struct append_args *a = c != NULL ? c->args : NULL;
    size_t room;
    int rc;

    if (e->port.dead != 0)
        return fail(err, e->port.dead, "%s", e->port.why.message);
    if (c == NULL || c->def != &def_append || !a->streamed || c->phase == CMD_SENT)
        return fail(err, MLA_E_ARG, "APPEND: no such message is being sent");
    if (c->has_body && len > c->body_left)
        return fail(err, MLA_E_ARG, "APPEND: more octets than were announced");
    *out_used = 0;
    if (!c->in_body || e->port.out.held >= QUEUE_OUT_ROOM)
        return 0;
    room = QUEUE_OUT_ROOM - e->port.out.held;
    if (len > room)
        len = room;
    if (!a->binary && has_nul(data, len))
        return fail(err, MLA_E_ARG, "APPEND: a zero octet in a message that is not binary");
    rc = outq_add(&e->port.out, data, len);
    if (rc != 0)
        return imap_engine_fatal(e, rc, "out of memory");
    c->body_left -= len;
    c->send_told = 0;
    *out_used = len;
    rc = imap_queue_pump(e);
    return rc;
}
