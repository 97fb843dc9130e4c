/* cmd_mailbox.c - SELECT, EXAMINE, CLOSE, UNSELECT, CREATE ... LIST, LSUB, STATUS. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/ascii.h"
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
};

static int names_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct names_args *a = c->args;

    (void)e;
    imap_enc_word(&c->enc, c->def->verb);
    imap_enc_box(&c->enc, &a->box);
    if (a->has_to)
        imap_enc_box(&c->enc, &a->to);
    return 0;
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

/* --- LIST and LSUB, RFC 9051 section 6.3.9, RFC 3501 section 6.3.9 --- */

struct list_args {
    struct imap_box reference;
    struct imap_box pattern;
    int lsub;
};

static int list_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct list_args *a = c->args;

    /* Servers of IMAP4rev2 alone have no LSUB (RFC 9051 appendix E). */
    if (a->lsub && imap_caps_is_rev2(&e->caps))
        imap_enc_word(&c->enc, "LIST (SUBSCRIBED)");
    else
        imap_enc_word(&c->enc, a->lsub ? "LSUB" : "LIST");
    imap_enc_box(&c->enc, &a->reference);
    imap_enc_space(&c->enc);
    imap_enc_pattern(&c->enc, a->pattern.name, a->pattern.raw);
    return 0;
}

static const struct imap_cmd_def def_list = {
    .verb = "LIST",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_LISTS,
    .encode = list_encode,
};
static const struct imap_cmd_def def_lsub = {
    .verb = "LSUB",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_LISTS | CMD_CAPS,
    .encode = list_encode,
};

int imap_cmd_list(struct imap_engine *e, int lsub, const mla_imap_list_args *in,
                  uint64_t *out_ticket, mla_error *err)
{
    const mla_str none = {NULL, 0};
    struct imap_cmd *c;
    struct list_args *a;
    int rc = imap_cmd_new(e, lsub ? &def_lsub : &def_list, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->lsub = lsub;
    rc = imap_cmd_box(c, in->reference != NULL ? in->reference : "", none, &a->reference);
    if (rc == 0)
        rc = imap_cmd_box(c, in->pattern != NULL ? in->pattern : "*", in->raw_pattern, &a->pattern);
    return imap_cmd_queue(e, c, rc, bad_name, out_ticket, err);
}

/* --- STATUS, RFC 9051 section 6.3.11 --- */

struct status_args {
    struct imap_box box;
    uint32_t items;
};

static const struct {
    uint32_t bit;
    const char *word;
    const char *capability; /* only where the server has it */
} status_items[] = {
    {MLA_IMAP_STATUS_MESSAGES, "MESSAGES", NULL},
    {MLA_IMAP_STATUS_UIDNEXT, "UIDNEXT", NULL},
    {MLA_IMAP_STATUS_UIDVALIDITY, "UIDVALIDITY", NULL},
    {MLA_IMAP_STATUS_UNSEEN, "UNSEEN", NULL},
    {MLA_IMAP_STATUS_RECENT, "RECENT", "IMAP4rev1"},
    {MLA_IMAP_STATUS_DELETED, "DELETED", "IMAP4rev2"},
    {MLA_IMAP_STATUS_SIZE, "SIZE", "STATUS=SIZE"},
    {MLA_IMAP_STATUS_HIGHESTMODSEQ, "HIGHESTMODSEQ", "CONDSTORE"},
};

enum {
    STATUS_USUAL = MLA_IMAP_STATUS_MESSAGES | MLA_IMAP_STATUS_UIDNEXT |
                   MLA_IMAP_STATUS_UIDVALIDITY | MLA_IMAP_STATUS_UNSEEN,
    STATUS_ALL = STATUS_USUAL | MLA_IMAP_STATUS_RECENT | MLA_IMAP_STATUS_DELETED |
                 MLA_IMAP_STATUS_SIZE | MLA_IMAP_STATUS_HIGHESTMODSEQ
};

static int status_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct status_args *a = c->args;
    int any = 0;

    imap_enc_word(&c->enc, "STATUS");
    imap_enc_box(&c->enc, &a->box);
    imap_enc_space(&c->enc);
    imap_enc_open(&c->enc);
    for (size_t i = 0; i < sizeof status_items / sizeof status_items[0]; i++) {
        const char *needs = status_items[i].capability;

        if ((a->items & status_items[i].bit) == 0 ||
            (needs != NULL && !imap_caps_can(&e->caps, needs)))
            continue;
        imap_enc_item(&c->enc, status_items[i].word);
        any = 1;
    }
    imap_enc_close(&c->enc);
    return any ? 0 : MLA_E_UNSUPPORTED;
}

static const struct imap_cmd_def def_status = {
    .verb = "STATUS",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_STATUS,
    .encode = status_encode,
};

int imap_cmd_status(struct imap_engine *e, const mla_imap_status_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    struct status_args *a;
    int rc = imap_cmd_new(e, &def_status, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->items = in->items != 0 ? in->items : STATUS_USUAL;
    if ((a->items & ~(uint32_t)STATUS_USUAL) != 0)
        c->flags |= CMD_CAPS;
    rc = (a->items & ~(uint32_t)STATUS_ALL) != 0
             ? MLA_E_UNSUPPORTED
             : imap_cmd_box(c, in->mailbox, in->raw_mailbox, &a->box);
    return imap_cmd_queue(e, c, rc, bad_name, out_ticket, err);
}
