/* cmd_mailbox.c - SELECT, EXAMINE, CLOSE, UNSELECT, CREATE ... RENAME. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/fail.h"

#include <string.h>

static const char bad_name[] = "a mailbox name is missing or is no UTF-8";

/* --- SELECT and EXAMINE, RFC 9051 sections 6.3.2, 6.3.3 --- */

struct select_args {
    struct imap_box box;
    int read_only;
    int condstore;
    int annotate;
    uint64_t modseq; /* not 0: QRESYNC */
    uint32_t uidvalidity;
    struct imap_set known;
    const mla_range *match_seqs;
    size_t match_seq_count;
    const mla_range *match_uids;
    size_t match_uid_count;
};

static void enc_ranges(struct imap_enc *e, const mla_range *r, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        imap_enc_word(e, i > 0 ? "," : "");
        imap_enc_number(e, r[i].first);
        if (r[i].last != r[i].first) {
            imap_enc_word(e, ":");
            imap_enc_number(e, r[i].last);
        }
    }
}

/* RFC 7162 section 7, select-param. */
static void enc_qresync(struct imap_enc *e, const struct select_args *a)
{
    imap_enc_item(e, "QRESYNC (");
    imap_enc_number(e, a->uidvalidity);
    imap_enc_space(e);
    imap_enc_number(e, a->modseq);
    if (a->known.count != 0) {
        size_t before = e->out.len;
        size_t at = 0;

        imap_enc_space(e);
        imap_enc_set(e, &a->known, &at);
        if (at < a->known.count && imap_enc_error(e) == 0)
            e->out.len = before; /* a part of it would mean that others are not known */
    }
    if (a->match_seq_count != 0) {
        imap_enc_word(e, " (");
        enc_ranges(e, a->match_seqs, a->match_seq_count);
        imap_enc_space(e);
        enc_ranges(e, a->match_uids, a->match_uid_count);
        imap_enc_word(e, ")");
    }
    imap_enc_word(e, ")");
}

/* RFC 4466 section 2.1, select-params. 0, MLA_E_UNSUPPORTED or MLA_E_STATE. */
static int enc_select_params(struct imap_engine *e, struct imap_enc *enc,
                             const struct select_args *a)
{
    if (!a->condstore && !a->annotate && a->modseq == 0)
        return 0;
    if ((a->condstore && !imap_caps_can(&e->caps, "CONDSTORE")) ||
        (a->annotate && !imap_caps_has(&e->caps, "ANNOTATE-EXPERIMENT-1")) ||
        (a->modseq != 0 && !imap_caps_has(&e->caps, "QRESYNC")))
        return MLA_E_UNSUPPORTED;
    if ((a->modseq != 0 && (e->caps.enabled & IMAP_ENABLED_QRESYNC) == 0) ||
        (a->match_seq_count != 0 && (e->caps.enabled & IMAP_ENABLED_UIDONLY) != 0))
        return MLA_E_STATE;
    imap_enc_space(enc);
    imap_enc_open(enc);
    if (a->modseq != 0)
        enc_qresync(enc, a); /* which has CONDSTORE in it */
    else if (a->condstore)
        imap_enc_item(enc, "CONDSTORE");
    if (a->annotate)
        imap_enc_item(enc, "ANNOTATE");
    imap_enc_close(enc);
    return 0;
}

/* UIDs and numbers in a list for QRESYNC: ascending, no "*". *out_count: how many there are. */
static int copy_matches(struct imap_cmd *c, const mla_range *in, size_t count,
                        const mla_range **out, uint64_t *out_count)
{
    mla_range *copy;
    uint32_t before = 0;

    *out_count = 0;
    if (count == 0)
        return 0;
    copy = in != NULL ? arena_array(&c->arena, count, sizeof *copy) : NULL;
    if (copy == NULL)
        return in == NULL ? MLA_E_ARG : imap_cmd_nomem(c);
    for (size_t i = 0; i < count; i++) {
        if (in[i].first <= before || in[i].last < in[i].first)
            return MLA_E_ARG;
        copy[i] = in[i];
        before = in[i].last;
        *out_count += (uint64_t)in[i].last - in[i].first + 1;
    }
    *out = copy;
    return 0;
}

static int fill_params(struct imap_cmd *c, const mla_imap_select_args *in)
{
    struct select_args *a = c->args;
    uint64_t seqs;
    uint64_t uids;
    int rc = 0;

    a->condstore = in->condstore != 0;
    a->annotate = in->annotate != 0;
    a->modseq = in->modseq;
    a->uidvalidity = in->uidvalidity;
    a->match_seq_count = in->match_seq_count;
    a->match_uid_count = in->match_uid_count;
    if (a->condstore || a->annotate || a->modseq != 0)
        c->flags |= CMD_CAPS;
    if (a->modseq != 0)
        c->flags |= CMD_ALONE; /* ENABLE must have been answered */
    if ((in->modseq != 0) != (in->uidvalidity != 0) || in->modseq > INT64_MAX ||
        (in->modseq == 0 && (in->known_uid_count != 0 || in->match_seq_count != 0)))
        return MLA_E_ARG;
    if (in->known_uid_count != 0)
        rc = imap_set_copy(&a->known, &c->arena, in->known_uids, in->known_uid_count);
    for (size_t i = 0; i < a->known.count && rc == 0; i++)
        if (a->known.ranges[i].first == 0 || a->known.ranges[i].last == 0)
            rc = MLA_E_ARG;
    if (rc == 0)
        rc = copy_matches(c, in->match_seqs, in->match_seq_count, &a->match_seqs, &seqs);
    if (rc == 0)
        rc = copy_matches(c, in->match_uids, in->match_uid_count, &a->match_uids, &uids);
    return rc == 0 && seqs != uids ? MLA_E_ARG : rc;
}

static int select_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct select_args *a = c->args;
    int rc;

    imap_enc_word(c->enc, a->read_only ? "EXAMINE" : "SELECT");
    imap_enc_box(c->enc, &a->box);
    rc = enc_select_params(e, c->enc, a);
    if (rc == 0)
        rc = imap_enc_error(c->enc);
    if (rc != 0)
        return rc;
    /* From here on the old mailbox is not selected any more, whatever the answer (P23). */
    if (imap_state_begin(&e->box, a->box.name, a->box.raw, c->enc->utf8) != 0)
        return MLA_E_NOMEM;
    e->state = IMAP_STATE_AUTHENTICATED;
    e->box.read_only = a->read_only;
    e->selecting = c;
    return 0;
}

static int select_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    e->selecting = NULL;
    if (d->error != 0) {
        imap_state_clear(&e->box);
        for (struct imap_cmd *u = c->next; u != NULL; u = u->next)
            u->orphan = u->phase != CMD_QUEUED && (u->flags & CMD_BOX) != 0;
    }
    if (d->error == 0 && d->code != NULL)
        imap_state_code(&e->box, d->code); /* READ-ONLY, READ-WRITE */
    return CMD_OVER;
}

static const struct imap_cmd_def def_select = {
    .verb = "SELECT",
    .states = IN_AUTHENTICATED,
    .flags = CMD_SELECTS,
    .next_state = IMAP_STATE_SELECTED,
    .encode = select_encode,
    .done = select_done,
};

int imap_cmd_select(struct imap_engine *e, const mla_imap_select_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    struct select_args *a;
    int rc = imap_cmd_new(e, &def_select, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->read_only = in->read_only != 0;
    rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    if (rc == 0)
        rc = fill_params(c, in);
    return imap_cmd_queue(e, c, rc, "no mailbox name in UTF-8, or what QRESYNC needs is wrong",
                          out_ticket, err);
}

/* --- CLOSE and UNSELECT, RFC 9051 sections 6.4.1, 6.4.2 --- */

static int close_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    imap_enc_word(c->enc, "CLOSE");
    return 0;
}

static const struct imap_cmd_def def_close = {
    .verb = "CLOSE",
    .states = IN_SELECTED,
    .flags = CMD_ALONE,
    .next_state = IMAP_STATE_AUTHENTICATED,
    .encode = close_encode,
};

/* Without UNSELECT: EXAMINE the same mailbox, whose CLOSE removes nothing (RFC 3691 section 1). */
static int unselect_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct imap_box box;

    if (imap_caps_can(&e->caps, "UNSELECT")) {
        imap_enc_word(c->enc, "UNSELECT");
        return 0;
    }
    if (c->stage == 1) {
        imap_enc_word(c->enc, "CLOSE");
        return 0;
    }
    box.raw = e->box.raw != NULL;
    box.name = imap_str(box.raw ? e->box.raw : e->box.name);
    imap_enc_word(c->enc, "EXAMINE");
    imap_enc_box(c->enc, &box);
    return 0;
}

static int unselect_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    if (d->error != 0 || c->stage == 1 || imap_caps_can(&e->caps, "UNSELECT"))
        return CMD_OVER;
    c->stage = 1;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_unselect = {
    .verb = "UNSELECT",
    .states = IN_SELECTED,
    .flags = CMD_ALONE | CMD_CAPS,
    .next_state = IMAP_STATE_AUTHENTICATED,
    .encode = unselect_encode,
    .done = unselect_done,
};

static int queue_plain(struct imap_engine *e, const struct imap_cmd_def *def, uint64_t *out_ticket,
                       mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, def, 0, &c);

    return rc != 0 ? rc : imap_engine_queue(e, c, out_ticket, err);
}

int imap_cmd_close(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    return queue_plain(e, &def_close, out_ticket, err);
}

int imap_cmd_unselect(struct imap_engine *e, uint64_t *out_ticket, mla_error *err)
{
    return queue_plain(e, &def_unselect, out_ticket, err);
}

/* --- commands about one or two names, RFC 9051 sections 6.3.4 to 6.3.8 --- */

struct names_args {
    struct imap_box box;
    struct imap_box to;
    int has_to;
    uint32_t uses; /* CREATE: MLA_IMAP_MBOX_*, what the mailbox is for */
};

static const struct {
    uint32_t bit;
    const char *word;
} special_uses[] = {
    {MLA_IMAP_MBOX_ALL, "\\All"},
    {MLA_IMAP_MBOX_ARCHIVE, "\\Archive"},
    {MLA_IMAP_MBOX_DRAFTS, "\\Drafts"},
    {MLA_IMAP_MBOX_FLAGGED, "\\Flagged"},
    {MLA_IMAP_MBOX_IMPORTANT, "\\Important"},
    {MLA_IMAP_MBOX_JUNK, "\\Junk"},
    {MLA_IMAP_MBOX_SENT, "\\Sent"},
    {MLA_IMAP_MBOX_TRASH, "\\Trash"},
};

/* RFC 6154 section 3. */
static int enc_uses(struct imap_engine *e, struct imap_cmd *c, uint32_t uses)
{
    if (!imap_caps_can(&e->caps, "CREATE-SPECIAL-USE"))
        return MLA_E_UNSUPPORTED;
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    imap_enc_item(c->enc, "USE ");
    imap_enc_open(c->enc);
    for (size_t i = 0; i < sizeof special_uses / sizeof special_uses[0]; i++)
        if ((uses & special_uses[i].bit) != 0)
            imap_enc_item(c->enc, special_uses[i].word);
    imap_enc_close(c->enc);
    imap_enc_close(c->enc);
    return 0;
}

static uint32_t all_uses(void)
{
    uint32_t all = 0;

    for (size_t i = 0; i < sizeof special_uses / sizeof special_uses[0]; i++)
        all |= special_uses[i].bit;
    return all;
}

static int names_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct names_args *a = c->args;

    imap_enc_word(c->enc, c->def->verb);
    imap_enc_box(c->enc, &a->box);
    if (a->has_to)
        imap_enc_box(c->enc, &a->to);
    return a->uses != 0 ? enc_uses(e, c, a->uses) : 0;
}

#define NAMES_ROW(name_)                                                                           \
    {                                                                                              \
        .verb = name_, .states = IN_AUTHENTICATED, .flags = CMD_MAY_EXPUNGE,                       \
        .encode = names_encode,                                                                    \
    }
static const struct imap_cmd_def def_names[] = {
    [BOX_CREATE] = NAMES_ROW("CREATE"),
    [BOX_DELETE] = NAMES_ROW("DELETE"),
    [BOX_SUBSCRIBE] = NAMES_ROW("SUBSCRIBE"),
    [BOX_UNSUBSCRIBE] = NAMES_ROW("UNSUBSCRIBE"),
};
static const struct imap_cmd_def def_rename = NAMES_ROW("RENAME");
#undef NAMES_ROW

int imap_cmd_mailbox(struct imap_engine *e, int what, const mla_imap_mailbox_args *in,
                     uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct names_args *a;
    int rc = imap_cmd_new(e, &def_names[what], sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->uses = in->special_use;
    if (a->uses != 0)
        c->flags |= CMD_CAPS;
    if (a->uses != 0 && (what != BOX_CREATE || (a->uses & ~all_uses()) != 0))
        rc = MLA_E_UNSUPPORTED;
    if (rc == 0)
        rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    return imap_cmd_queue(e, c, rc, bad_name, out_ticket, err);
}

int imap_cmd_rename(struct imap_engine *e, const mla_imap_rename_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    struct names_args *a;
    int rc = imap_cmd_new(e, &def_rename, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->has_to = 1;
    rc = imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    if (rc == 0)
        rc = imap_cmd_box(c, in->new_mailbox, in->raw_new_mailbox, &a->to);
    return imap_cmd_queue(e, c, rc, bad_name, out_ticket, err);
}
