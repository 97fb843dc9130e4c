/* cmd_message.c - COPY, MOVE, EXPUNGE and their UID forms. */
#include "imap/cmd.h"
#include "imap/engine.h"

/* --- COPY and MOVE, RFC 9051 section 6.4.7, RFC 6851 --- */

struct copy_args {
    struct imap_box box;
};

static int copy_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct copy_args *a = c->args;

    (void)e;
    imap_cmd_enc_set(c, "COPY");
    imap_enc_box(c->enc, &a->box);
    return 0;
}

static const struct imap_cmd_def def_copy = {
    .verb = "COPY",
    .states = IN_SELECTED,
    .flags = CMD_COPYUID | CMD_MAY_EXPUNGE,
    .encode = copy_encode,
    .done = imap_cmd_set_done,
};

/* Stages without MOVE: UID COPY of the whole set, then UID STORE of it, then UID EXPUNGE. */
enum { MOVE_COPY = 0, MOVE_STORE = 1, MOVE_EXPUNGE = 2, MOVE_STAGES = 3 };

static int move_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct copy_args *a = c->args;

    if (imap_caps_can(&e->caps, "MOVE")) {
        imap_cmd_enc_set(c, "MOVE");
        imap_enc_box(c->enc, &a->box);
        return 0;
    }
    if (!imap_cmd_is_uid(c) || !imap_caps_can(&e->caps, "UIDPLUS"))
        return MLA_E_UNSUPPORTED;
    if (c->stage == MOVE_COPY)
        return copy_encode(e, c);
    imap_cmd_enc_set(c, c->stage == MOVE_STORE ? "STORE" : "EXPUNGE");
    if (c->stage == MOVE_STORE) {
        c->flags |= CMD_SILENT;
        imap_enc_word(c->enc, " +FLAGS.SILENT (\\Deleted)");
    }
    return 0;
}

static int move_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    if (imap_cmd_set_done(e, c, d) == CMD_AGAIN)
        return CMD_AGAIN;
    if (d->error != 0 || imap_caps_can(&e->caps, "MOVE") || ++c->stage == MOVE_STAGES)
        return CMD_OVER;
    c->set_at = 0;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_move = {
    .verb = "MOVE",
    .states = IN_SELECTED,
    .flags = CMD_COPYUID | CMD_MAY_EXPUNGE | CMD_WRITES | CMD_READS | CMD_CAPS,
    .encode = move_encode,
    .done = move_done,
};

int imap_cmd_copy(struct imap_engine *e, int move, const mla_imap_copy_args *in,
                  uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct copy_args *a;
    int rc = imap_cmd_new(e, move ? &def_move : &def_copy, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    imap_cmd_by_seq(c, in->by_seq);
    rc = imap_cmd_set(c, in->ranges, in->range_count, in->saved);
    if (rc == 0)
        rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    return imap_cmd_queue(e, c, rc, "no messages, or a mailbox name that is none", out_ticket, err);
}

/* --- EXPUNGE, RFC 9051 sections 6.4.3, 6.4.9 --- */

static int expunge_encode(struct imap_engine *e, struct imap_cmd *c)
{
    if (c->set.count == 0 && !c->saved) {
        imap_enc_word(c->enc, "EXPUNGE");
        return 0;
    }
    if (!imap_caps_can(&e->caps, "UIDPLUS"))
        return MLA_E_UNSUPPORTED;
    imap_cmd_enc_set(c, "EXPUNGE");
    return 0;
}

static const struct imap_cmd_def def_expunge = {
    .verb = "EXPUNGE",
    .states = IN_SELECTED,
    .flags = CMD_MAY_EXPUNGE | CMD_WRITES | CMD_READS,
    .encode = expunge_encode,
    .done = imap_cmd_set_done,
};

int imap_cmd_expunge(struct imap_engine *e, const mla_range *ranges, size_t count,
                     uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_expunge, 0, &c);

    if (rc != 0)
        return rc;
    if (count != 0) {
        c->flags |= CMD_CAPS;
        rc = imap_set_copy(&c->set, &c->arena, ranges, count);
    }
    return imap_cmd_queue(e, c, rc, "no messages", out_ticket, err);
}

int imap_cmd_expunge_saved(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_expunge, 0, &c);

    if (rc != 0)
        return rc;
    return imap_cmd_queue(e, c, imap_cmd_set(c, NULL, 0, 1), "", out_ticket, err);
}
