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
};

static int select_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct select_args *a = c->args;
    int rc;

    imap_enc_word(&c->enc, a->read_only ? "EXAMINE" : "SELECT");
    imap_enc_box(&c->enc, &a->box);
    rc = imap_enc_error(&c->enc);
    if (rc != 0)
        return rc;
    /* From here on the old mailbox is not selected any more, whatever the answer (P23). */
    if (imap_state_begin(&e->box, a->box.name, a->box.raw, c->enc.utf8) != 0)
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
    return imap_cmd_queue(e, c, rc, bad_name, out_ticket, err);
}

/* --- CLOSE and UNSELECT, RFC 9051 sections 6.4.1, 6.4.2 --- */

static int close_encode(struct imap_engine *e, struct imap_cmd *c)
{
    (void)e;
    imap_enc_word(&c->enc, "CLOSE");
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
        imap_enc_word(&c->enc, "UNSELECT");
        return 0;
    }
    if (c->stage == 1) {
        imap_enc_word(&c->enc, "CLOSE");
        return 0;
    }
    box.raw = e->box.raw != NULL;
    box.name = imap_str(box.raw ? e->box.raw : e->box.name);
    imap_enc_word(&c->enc, "EXAMINE");
    imap_enc_box(&c->enc, &box);
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
    imap_enc_space(&c->enc);
    imap_enc_open(&c->enc);
    imap_enc_item(&c->enc, "USE ");
    imap_enc_open(&c->enc);
    for (size_t i = 0; i < sizeof special_uses / sizeof special_uses[0]; i++)
        if ((uses & special_uses[i].bit) != 0)
            imap_enc_item(&c->enc, special_uses[i].word);
    imap_enc_close(&c->enc);
    imap_enc_close(&c->enc);
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

    imap_enc_word(&c->enc, c->def->verb);
    imap_enc_box(&c->enc, &a->box);
    if (a->has_to)
        imap_enc_box(&c->enc, &a->to);
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
