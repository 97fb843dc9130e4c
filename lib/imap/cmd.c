/* cmd.c - what all commands have in common. */
#include "imap/cmd.h"

#include "base/fail.h"
#include "imap/engine.h"
#include "imap/mbname.h"

#include <string.h>

int imap_cmd_nomem(const struct imap_cmd *c)
{
    return c->arena.over ? MLA_E_LIMIT : MLA_E_NOMEM;
}

int imap_cmd_new(struct imap_engine *e, const struct imap_cmd_def *def, size_t args_size,
                 struct imap_cmd **out_c)
{
    struct imap_cmd *c = mem_zero(e->port.mem, sizeof *c);
    int rc;

    *out_c = NULL;
    if (c == NULL)
        return MLA_E_NOMEM;
    c->message = mem_zero(e->port.mem, CMD_MESSAGE);
    if (c->message == NULL) {
        mem_free(e->port.mem, c);
        return MLA_E_NOMEM;
    }
    c->def = def;
    c->states = def->states;
    c->flags = def->flags | (def->states == IN_SELECTED ? (uint32_t)CMD_BOX : 0);
    c->answers = def->answers;
    arena_init(&c->arena, e->port.mem, e->opts->queue_max);
    if (args_size != 0) {
        c->args = arena_alloc(&c->arena, args_size);
        if (c->args == NULL) {
            rc = imap_cmd_nomem(c);
            imap_cmd_free(e, c);
            return rc;
        }
    }
    *out_c = c;
    return 0;
}

int imap_cmd_enc_new(struct imap_engine *e, struct imap_cmd *c)
{
    imap_cmd_enc_free(e, c);
    c->enc = mem_alloc(e->port.mem, sizeof *c->enc);
    if (c->enc == NULL)
        return MLA_E_NOMEM;
    /* escapes and literal headers may double what was held */
    imap_enc_init(c->enc, e->port.mem, e->opts->queue_max * 2 + 4096);
    return 0;
}

void imap_cmd_enc_free(struct imap_engine *e, struct imap_cmd *c)
{
    if (c->enc == NULL)
        return;
    imap_enc_free(c->enc);
    mem_free(e->port.mem, c->enc);
    c->enc = NULL;
}

void imap_cmd_free(struct imap_engine *e, struct imap_cmd *c)
{
    if (c == NULL)
        return;
    if (c->def->forget != NULL)
        c->def->forget(c);
    imap_cmd_enc_free(e, c);
    if (c->served != NULL)
        uidset_free(c->served);
    mem_free(e->port.mem, c->served);
    arena_free(&c->arena);
    mem_free(e->port.mem, c->message);
    mem_free(e->port.mem, c);
}

void imap_cmd_say(struct imap_engine *e, struct imap_cmd *c, const char *why)
{
    if (c->message == NULL)
        c->message = mem_zero(e->port.mem, CMD_MESSAGE);
    if (c->message != NULL && c->message[0] == '\0')
        memcpy(c->message, why, strnlen(why, CMD_MESSAGE - 1));
}

int imap_cmd_str(struct imap_cmd *c, mla_str in, mla_str *out)
{
    if (in.ptr == NULL && in.len != 0)
        return MLA_E_ARG;
    out->ptr = arena_dup(&c->arena, in.ptr, in.len);
    out->len = in.len;
    return out->ptr != NULL ? 0 : imap_cmd_nomem(c);
}

int imap_cmd_strs(struct imap_cmd *c, const mla_str *in, size_t count, const mla_str **out)
{
    mla_str *copy;

    *out = NULL;
    if (count == 0)
        return 0;
    if (in == NULL)
        return MLA_E_ARG;
    copy = arena_array(&c->arena, count, sizeof *copy);
    if (copy == NULL)
        return imap_cmd_nomem(c);
    for (size_t i = 0; i < count; i++) {
        int rc = imap_cmd_str(c, in[i], &copy[i]);

        if (rc != 0)
            return rc;
    }
    *out = copy;
    return 0;
}

int imap_cmd_box(struct imap_cmd *c, const char *name, mla_str raw, struct imap_box *out)
{
    mla_str s = raw.ptr != NULL ? raw : imap_str(name);

    if (s.ptr == NULL)
        return MLA_E_ARG;
    out->raw = raw.ptr != NULL;
    if (!imap_enc_is_ascii(s) || memchr(s.ptr, '&', s.len) != NULL)
        c->flags |= CMD_TEXT;
    if (out->raw) {
        if (s.len != 0 && memchr(s.ptr, 0, s.len) != NULL)
            return MLA_E_ARG;
    } else {
        struct buf wire;
        int rc;

        buf_init(&wire, c->arena.mem, c->arena.max);
        rc = mbname_encode(&wire, s.ptr, s.len, 0);
        buf_free(&wire);
        if (rc != 0)
            return rc;
    }
    return imap_cmd_str(c, s, &out->name);
}

void imap_enc_box(struct imap_enc *e, const struct imap_box *box)
{
    imap_enc_space(e);
    imap_enc_mailbox(e, box->name, box->raw);
}

int imap_cmd_queue(struct imap_engine *e, struct imap_cmd *c, int rc, const char *why,
                   uint64_t *out_ticket, mla_error *err)
{
    if (rc == 0)
        return imap_engine_queue(e, c, out_ticket, err);
    fail(err, rc, "%s: %s", c->def->verb, rc == MLA_E_ARG ? why : fail_text(rc));
    imap_cmd_free(e, c);
    return rc;
}

void imap_cmd_by_seq(struct imap_cmd *c, uint32_t by_seq)
{
    if (by_seq != 0)
        c->flags |= CMD_SEQS;
    else
        c->flags |= CMD_MAY_EXPUNGE;
}

int imap_cmd_is_uid(const struct imap_cmd *c)
{
    return (c->flags & CMD_SEQS) == 0;
}

int imap_cmd_set(struct imap_cmd *c, const mla_range *ranges, size_t count, uint32_t saved)
{
    if (saved == 0)
        return imap_set_copy(&c->set, &c->arena, ranges, count);
    if (count != 0)
        return MLA_E_ARG;
    c->saved = 1;
    c->flags |= CMD_USES_SAVED | CMD_CAPS;
    return 0;
}

/* What MESSAGELIMIT left over of the ranges that were written before; so they fit. */
static void enc_rest(struct imap_cmd *c)
{
    struct imap_set part = {c->set.ranges, c->set_at};
    size_t at = c->set_at;
    mla_range *last;
    mla_range whole;

    while (part.count < c->set_end && c->set.ranges[part.count].first != 0 &&
           c->set.ranges[part.count].first < c->below)
        part.count++;
    last = &c->set.ranges[part.count - 1];
    whole = *last;
    if (last->last == 0 || last->last >= c->below)
        last->last = c->below - 1;
    imap_enc_set(c->enc, &part, &at);
    *last = whole;
    c->set_next = c->set_end;
}

/* RFC 9738 section 3.1: the server has worked from the highest UID down to this one. 1: there may
 * be more to do. */
static int limited(struct imap_cmd *c, uint32_t uid)
{
    if (uid == 0 || !imap_cmd_is_uid(c) || c->saved || c->set_at >= c->set.count ||
        c->set.ranges[c->set_at].first == 0 || uid <= c->set.ranges[c->set_at].first ||
        (c->below != 0 && uid >= c->below))
        return 0;
    c->below = uid;
    c->set_end = c->set_next;
    return 1;
}

void imap_cmd_enc_set(struct imap_cmd *c, const char *verb)
{
    if (imap_cmd_is_uid(c))
        imap_enc_word(c->enc, "UID ");
    imap_enc_word(c->enc, verb);
    imap_enc_space(c->enc);
    if (c->saved) {
        imap_enc_word(c->enc, "$");
    } else if (c->below != 0) {
        enc_rest(c);
    } else if (imap_cmd_is_uid(c)) {
        c->set_next = c->set_at;
        imap_enc_set(c->enc, &c->set, &c->set_next);
    } else { /* numbers in a later command could mean other messages: in one piece */
        c->set_next = 0;
        imap_set_add(&c->set, &c->set_next, SIZE_MAX, &c->enc->out);
    }
}

int imap_cmd_set_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    uint32_t uid = c->limit_uid;

    (void)e;
    if (d->code != NULL && d->code->id == MLA_IMAP_CODE_MESSAGELIMIT)
        uid = d->code->uid;
    c->limit_uid = 0;
    if (d->error == 0 && limited(c, uid))
        return CMD_AGAIN;
    c->below = 0;
    if (d->error != 0 || c->set_next >= c->set.count)
        return CMD_OVER;
    c->set_at = c->set_next;
    return CMD_AGAIN;
}

int imap_cmd_asked(const struct imap_engine *e, struct imap_cmd *c, uint32_t seq, uint32_t uid)
{
    const uint32_t number = (c->flags & CMD_SEQS) != 0 ? seq : uid;
    uint32_t highest;

    if (c->set.count == 0) /* which messages "$" is, only the server knows */
        return c->saved;
    if (number == 0)
        return 0;
    if (imap_set_has_at(&c->set, c->asked_at, number))
        return 1;
    if ((c->flags & CMD_SEQS) != 0)
        highest = e->box.has_exists ? e->box.exists : 0;
    else /* "*" is the UID of the last message, which may well be below where the range begins */
        highest = e->box.has_exists && seq == e->box.exists ? uid : UINT32_MAX;
    return imap_set_has(&c->set, number, highest, &c->asked_at);
}
