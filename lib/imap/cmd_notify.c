/* cmd_notify.c - NOTIFY (RFC 5465): news about any mailbox, without asking. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "base/record.h"

#include "base/fail.h"

#include <string.h>

enum { GROUPS_MAX = 1000, NAMES_MAX = 100000 };

struct notify_group {
    uint32_t filter;
    uint32_t events;
    uint32_t items;
    struct imap_box *boxes;
    size_t box_count;
};

struct notify_args {
    struct notify_group *groups;
    size_t count;
    int status;
};

static const char *const filters[] = {NULL,       "selected",   "selected-delayed", "inboxes",
                                      "personal", "subscribed", "subtree",          "mailboxes"};

static const struct {
    uint32_t bit;
    const char *word;
} events[] = {
    {MLA_IMAP_NOTIFY_NEW, "MessageNew"},
    {MLA_IMAP_NOTIFY_EXPUNGE, "MessageExpunge"},
    {MLA_IMAP_NOTIFY_FLAGS, "FlagChange"},
    {MLA_IMAP_NOTIFY_ANNOTATION, "AnnotationChange"},
    {MLA_IMAP_NOTIFY_NAME, "MailboxName"},
    {MLA_IMAP_NOTIFY_SUBSCRIPTION, "SubscriptionChange"},
    {MLA_IMAP_NOTIFY_METADATA, "MailboxMetadataChange"},
    {MLA_IMAP_NOTIFY_SERVER_METADATA, "ServerMetadataChange"},
};

static const struct {
    uint32_t bit;
    const char *word;
} items[] = {
    {MLA_IMAP_ITEM_UID, "UID"},
    {MLA_IMAP_ITEM_FLAGS, "FLAGS"},
    {MLA_IMAP_ITEM_INTERNALDATE, "INTERNALDATE"},
    {MLA_IMAP_ITEM_SIZE, "RFC822.SIZE"},
    {MLA_IMAP_ITEM_MODSEQ, "MODSEQ"},
    {MLA_IMAP_ITEM_ENVELOPE, "ENVELOPE"},
    {MLA_IMAP_ITEM_BODY, "BODY"},
    {MLA_IMAP_ITEM_BODYSTRUCTURE, "BODYSTRUCTURE"},
};

enum {
    ITEMS_ALL = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS | MLA_IMAP_ITEM_INTERNALDATE |
                MLA_IMAP_ITEM_SIZE | MLA_IMAP_ITEM_MODSEQ | MLA_IMAP_ITEM_ENVELOPE |
                MLA_IMAP_ITEM_BODY | MLA_IMAP_ITEM_BODYSTRUCTURE,
    NEW_AND_GONE = MLA_IMAP_NOTIFY_NEW | MLA_IMAP_NOTIFY_EXPUNGE,
    ABOUT_MESSAGES = NEW_AND_GONE | MLA_IMAP_NOTIFY_FLAGS | MLA_IMAP_NOTIFY_ANNOTATION,
    EVENTS_ALL = ABOUT_MESSAGES | MLA_IMAP_NOTIFY_NAME | MLA_IMAP_NOTIFY_SUBSCRIPTION |
                 MLA_IMAP_NOTIFY_METADATA | MLA_IMAP_NOTIFY_SERVER_METADATA
};

static int is_selected(uint32_t filter)
{
    return filter == MLA_IMAP_NOTIFY_SELECTED || filter == MLA_IMAP_NOTIFY_SELECTED_DELAYED;
}

static int has_names(uint32_t filter)
{
    return filter == MLA_IMAP_NOTIFY_SUBTREE || filter == MLA_IMAP_NOTIFY_MAILBOXES;
}

/* --- writing --- */

static void put_events(struct imap_cmd *c, const struct notify_group *g)
{
    struct imap_enc *enc = c->enc;

    if (g->events == 0) {
        imap_enc_word(enc, "NONE");
        return;
    }
    imap_enc_open(enc);
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if ((g->events & events[i].bit) == 0)
            continue;
        imap_enc_item(enc, events[i].word);
        if (events[i].bit != MLA_IMAP_NOTIFY_NEW || g->items == 0)
            continue;
        imap_enc_space(enc);
        imap_enc_open(enc);
        for (size_t k = 0; k < sizeof items / sizeof items[0]; k++)
            if ((g->items & items[k].bit) != 0)
                imap_enc_item(enc, items[k].word);
        imap_enc_close(enc);
    }
    imap_enc_close(enc);
}

static void put_group(struct imap_cmd *c, const struct notify_group *g)
{
    struct imap_enc *enc = c->enc;

    imap_enc_word(enc, " (");
    imap_enc_word(enc, filters[g->filter]);
    for (size_t i = 0; i < g->box_count; i++) {
        imap_enc_word(enc, i == 0 ? " (" : " ");
        imap_enc_mailbox(enc, g->boxes[i].name, g->boxes[i].raw);
    }
    imap_enc_word(enc, g->box_count != 0 ? ") " : " ");
    put_events(c, g);
    imap_enc_word(enc, ")");
}

static int notify_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct notify_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, a->count == 0 ? "NOTIFY NONE" : "NOTIFY SET");
    if (a->status)
        imap_enc_word(c->enc, " STATUS");
    for (size_t i = 0; i < a->count; i++)
        put_group(c, &a->groups[i]);
    return 0;
}

static int notify_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    const struct notify_args *a = c->args;

    if (d->error != 0) /* what was asked for before stays (RFC 5465 section 3.1) */
        return CMD_OVER;
    e->notify_on = a->count != 0;
    e->notify_expunges = 0;
    for (size_t i = 0; i < a->count; i++)
        if (a->groups[i].filter == MLA_IMAP_NOTIFY_SELECTED &&
            (a->groups[i].events & MLA_IMAP_NOTIFY_EXPUNGE) != 0)
            e->notify_expunges = 1;
    return CMD_OVER;
}

/* STATUS answers that come with the command are its own (RFC 5465 section 3.1). */
static const struct imap_cmd_def def_notify = {
    .verb = "NOTIFY",
    .states = IN_AUTHENTICATED,
    .flags = CMD_ALONE | CMD_CAPS | CMD_STATUS,
    .capability = "NOTIFY",
    .encode = notify_encode,
    .done = notify_done,
};

/* --- reading arguments --- */

/* RFC 5465 section 5: what cannot be asked for without something else. */
static int fits_together(const mla_imap_notify_group *in)
{
    uint32_t about = in->events & ABOUT_MESSAGES;

    if (in->filter < MLA_IMAP_NOTIFY_SELECTED || in->filter > MLA_IMAP_NOTIFY_MAILBOXES ||
        (in->events & ~(uint32_t)EVENTS_ALL) != 0 || (in->items & ~(uint32_t)ITEMS_ALL) != 0)
        return 0;
    if (about != 0 && (about & NEW_AND_GONE) != NEW_AND_GONE)
        return 0;
    if (is_selected(in->filter) && (in->events & ~(uint32_t)ABOUT_MESSAGES) != 0)
        return 0;
    if (in->items != 0 && (!is_selected(in->filter) || (in->events & MLA_IMAP_NOTIFY_NEW) == 0))
        return 0;
    return has_names(in->filter) == (in->mailbox_count != 0);
}

static int copy_group(struct imap_cmd *c, const mla_imap_notify_group *in, struct notify_group *to)
{
    if (!fits_together(in) || in->mailbox_count > NAMES_MAX ||
        (in->mailbox_count != 0 && in->mailboxes == NULL))
        return MLA_E_ARG;
    to->filter = in->filter;
    to->events = in->events;
    to->items = in->items;
    if (in->mailbox_count == 0)
        return 0;
    to->boxes = arena_array(&c->arena, in->mailbox_count, sizeof *to->boxes);
    if (to->boxes == NULL)
        return imap_cmd_nomem(c);
    for (; to->box_count < in->mailbox_count; to->box_count++) {
        const mla_str none = {NULL, 0};
        int rc = imap_cmd_box(c, in->mailboxes[to->box_count], none, &to->boxes[to->box_count]);

        if (rc != 0)
            return rc;
    }
    return 0;
}

static int fill(struct imap_cmd *c, const mla_imap_notify_args *in)
{
    struct notify_args *a = c->args;

    a->status = in->status != 0;
    if (in->group_count == 0)
        return a->status ? MLA_E_ARG : 0;
    if (in->group_count > GROUPS_MAX || in->groups == NULL)
        return MLA_E_ARG;
    a->groups = arena_array(&c->arena, in->group_count, sizeof *a->groups);
    if (a->groups == NULL)
        return imap_cmd_nomem(c);
    for (; a->count < in->group_count; a->count++) {
        mla_imap_notify_group one;
        int rc = record_at(in->groups, a->count, sizeof one, sizeof one, &one);

        if (rc == 0)
            rc = copy_group(c, &one, &a->groups[a->count]);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int imap_cmd_notify(struct imap_engine *e, const mla_imap_notify_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_notify, sizeof(struct notify_args), &c);

    if (rc != 0)
        return rc;
    rc = fill(c, in);
    return imap_cmd_queue(e, c, rc,
                          "events that do not go together, or a mailbox name that is none",
                          out_ticket, err);
}
