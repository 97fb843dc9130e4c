/* cmd_list.c - LIST, LSUB and what they stand in for (RFC 9051 section 6.3.9, RFC 5258), STATUS.
 *
 * What is wanted goes out as one LIST where the server has LIST-EXTENDED. Without it, or when it is
 * refused (a latch of the session remembers that), it is asked for by the commands of RFC 3501 one
 * after the other: LIST, RLIST or XLIST of each pattern, then LSUB of each for what is subscribed.
 */
#include "base/ascii.h"
#include "base/fail.h"
#include "imap/cmd_admin.h"
#include "imap/engine.h"
#include "imap/pattern.h"

#include <string.h>

static const char not_valid[] = "a name, a pattern or an option is missing or not valid";

/* --- STATUS, RFC 9051 section 6.3.11 --- */

static const struct {
    uint32_t bit;
    const char *word;
    const char *capability; /* only where the server has it ... */
    const char *or_else;    /* ... or this */
} status_items[] = {
    {MLA_IMAP_STATUS_MESSAGES, "MESSAGES", NULL, NULL},
    {MLA_IMAP_STATUS_UIDNEXT, "UIDNEXT", NULL, NULL},
    {MLA_IMAP_STATUS_UIDVALIDITY, "UIDVALIDITY", NULL, NULL},
    {MLA_IMAP_STATUS_UNSEEN, "UNSEEN", NULL, NULL},
    {MLA_IMAP_STATUS_RECENT, "RECENT", "IMAP4rev1", NULL},
    {MLA_IMAP_STATUS_DELETED, "DELETED", "IMAP4rev2", "QUOTA=RES-MESSAGE"},
    {MLA_IMAP_STATUS_SIZE, "SIZE", "STATUS=SIZE", NULL},
    {MLA_IMAP_STATUS_HIGHESTMODSEQ, "HIGHESTMODSEQ", "CONDSTORE", "QRESYNC"},
    {MLA_IMAP_STATUS_DELETED_STORAGE, "DELETED-STORAGE", "QUOTA=RES-STORAGE", NULL},
    {MLA_IMAP_STATUS_APPENDLIMIT, "APPENDLIMIT", "APPENDLIMIT", NULL},
    {MLA_IMAP_STATUS_MAILBOXID, "MAILBOXID", "OBJECTID", NULL},
};

enum {
    STATUS_USUAL = MLA_IMAP_STATUS_MESSAGES | MLA_IMAP_STATUS_UIDNEXT |
                   MLA_IMAP_STATUS_UIDVALIDITY | MLA_IMAP_STATUS_UNSEEN,
    STATUS_ALL = 2 * MLA_IMAP_STATUS_MAILBOXID - 1
};

static int has_status_item(const struct imap_engine *e, size_t i)
{
    /* RFC 9051 appendix E: RECENT is gone */
    if (status_items[i].bit == MLA_IMAP_STATUS_RECENT && imap_caps_is_rev2(&e->caps))
        return 0;
    return status_items[i].capability == NULL ||
           imap_caps_can(&e->caps, status_items[i].capability) ||
           (status_items[i].or_else != NULL && imap_caps_can(&e->caps, status_items[i].or_else));
}

/* "(MESSAGES UNSEEN)"; MLA_E_UNSUPPORTED when the server has none of them. */
static int enc_status_items(struct imap_engine *e, struct imap_cmd *c, uint32_t items)
{
    int any = 0;

    imap_enc_open(c->enc);
    for (size_t i = 0; i < sizeof status_items / sizeof status_items[0]; i++) {
        if ((items & status_items[i].bit) == 0 || !has_status_item(e, i))
            continue;
        imap_enc_item(c->enc, status_items[i].word);
        any = 1;
    }
    imap_enc_close(c->enc);
    return any ? 0 : MLA_E_UNSUPPORTED;
}

struct status_args {
    struct imap_box box;
    uint32_t items;
};

static int status_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct status_args *a = c->args;

    imap_enc_word(c->enc, "STATUS");
    imap_enc_box(c->enc, &a->box);
    imap_enc_space(c->enc);
    return enc_status_items(e, c, a->items);
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
    return imap_cmd_queue(e, c, rc, not_valid, out_ticket, err);
}

/* --- LIST --- */

enum {
    SELECT_ALL = 2 * MLA_IMAP_SELECT_SPECIAL_USE - 1,
    RETURN_ALL = 2 * MLA_IMAP_RETURN_METADATA - 1,
    /* what is told in events of their own, and by nothing else */
    RETURN_DATA = MLA_IMAP_RETURN_STATUS | MLA_IMAP_RETURN_MYRIGHTS | MLA_IMAP_RETURN_METADATA,
    PATTERNS_MAX = 1000
};

/* How it is asked for. */
enum { FORM_EXTENDED = 0, FORM_PLAIN = 1, FORM_LSUB = 2 };

struct list_args {
    struct imap_box reference;
    struct imap_box *patterns;
    size_t pattern_count;
    const mla_str *entries;
    size_t entry_count;
    uint32_t selections;
    uint32_t returns;
    uint32_t status_items;
    int lsub; /* the caller wants LSUB and nothing else */

    int form;
    size_t at; /* the pattern that is asked for, outside FORM_EXTENDED */
    int sent;  /* LIST_NO_*: what the command used that a server may refuse */
    int told;  /* a mailbox was told */
    int told_subscribed;
};

static int is_extended(const struct list_args *a)
{
    return a->selections != 0 || a->returns != 0 || a->pattern_count > 1;
}

static void enc_patterns(struct imap_cmd *c, const struct list_args *a)
{
    imap_enc_space(c->enc);
    if (a->pattern_count == 1) {
        imap_enc_pattern(c->enc, a->patterns[0].name, a->patterns[0].raw);
        return;
    }
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->pattern_count; i++) {
        imap_enc_between(c->enc);
        imap_enc_pattern(c->enc, a->patterns[i].name, a->patterns[i].raw);
    }
    imap_enc_close(c->enc);
}

/* RFC 5258 section 6, list-select-opts. */
static void enc_selections(struct imap_cmd *c, uint32_t selections)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } rows[] = {
        {MLA_IMAP_SELECT_SUBSCRIBED, "SUBSCRIBED"},
        {MLA_IMAP_SELECT_REMOTE, "REMOTE"},
        {MLA_IMAP_SELECT_SPECIAL_USE, "SPECIAL-USE"},
        {MLA_IMAP_SELECT_RECURSIVEMATCH, "RECURSIVEMATCH"},
    };

    if (selections == 0)
        return;
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((selections & rows[i].bit) != 0)
            imap_enc_item(c->enc, rows[i].word);
    imap_enc_close(c->enc);
}

/* RFC 9590 section 3. */
static void enc_metadata(struct imap_cmd *c, const struct list_args *a)
{
    imap_enc_item(c->enc, "METADATA (");
    for (size_t i = 0; i < a->entry_count; i++) {
        if (i > 0)
            imap_enc_space(c->enc);
        imap_enc_string(c->enc, a->entries[i]);
    }
    imap_enc_word(c->enc, ")");
}

/* RFC 5258 section 6, list-return-opts. */
static int enc_returns(struct imap_engine *e, struct imap_cmd *c, uint32_t returns)
{
    struct list_args *a = c->args;
    int rc = 0;

    if (returns == 0)
        return 0;
    imap_enc_arg(c->enc, "RETURN ");
    imap_enc_open(c->enc);
    if ((returns & MLA_IMAP_RETURN_SUBSCRIBED) != 0)
        imap_enc_item(c->enc, "SUBSCRIBED");
    /* Dovecot 2.4 leaves out what was not asked for once anything is */
    imap_enc_item(c->enc, "CHILDREN");
    if (imap_caps_can(&e->caps, "SPECIAL-USE") && (e->list_refused & LIST_NO_SPECIAL_USE) == 0) {
        imap_enc_item(c->enc, "SPECIAL-USE");
        a->sent |= LIST_NO_SPECIAL_USE;
    }
    if ((returns & MLA_IMAP_RETURN_MYRIGHTS) != 0)
        imap_enc_item(c->enc, "MYRIGHTS");
    if ((returns & MLA_IMAP_RETURN_METADATA) != 0)
        enc_metadata(c, a);
    if ((returns & MLA_IMAP_RETURN_STATUS) != 0) {
        imap_enc_item(c->enc, "STATUS ");
        rc = enc_status_items(e, c, a->status_items);
    }
    imap_enc_close(c->enc);
    return rc;
}

/* 1 when the server announces all that has no substitute. */
static int is_offered(const struct imap_engine *e, const struct list_args *a)
{
    static const struct {
        uint32_t bit;
        const char *capability;
    } rows[] = {
        {MLA_IMAP_RETURN_STATUS, "LIST-STATUS"},
        {MLA_IMAP_RETURN_MYRIGHTS, "LIST-MYRIGHTS"},
        {MLA_IMAP_RETURN_METADATA, "LIST-METADATA"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((a->returns & rows[i].bit) != 0 && !imap_caps_can(&e->caps, rows[i].capability))
            return 0;
    return (a->selections & MLA_IMAP_SELECT_SPECIAL_USE) == 0 ||
           imap_caps_can(&e->caps, "SPECIAL-USE");
}

static int extended_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct list_args *a = c->args;
    uint32_t selections = a->selections;

    if (!is_offered(e, a))
        return MLA_E_UNSUPPORTED;
    a->sent = 0;
    if ((e->list_refused & LIST_NO_SPECIAL_USE) != 0)
        selections &= ~(uint32_t)MLA_IMAP_SELECT_SPECIAL_USE;
    else if ((selections & MLA_IMAP_SELECT_SPECIAL_USE) != 0)
        a->sent |= LIST_NO_SPECIAL_USE;
    imap_enc_word(c->enc, "LIST");
    enc_selections(c, selections);
    imap_enc_box(c->enc, &a->reference);
    enc_patterns(c, a);
    return enc_returns(e, c, a->returns);
}

/* Which command of RFC 3501 and its time says most of what is wanted. */
static const char *plain_verb(const struct imap_engine *e, const struct list_args *a)
{
    const int remote = (a->selections & MLA_IMAP_SELECT_REMOTE) != 0 &&
                       imap_caps_can(&e->caps, "MAILBOX-REFERRALS");

    if (a->form == FORM_LSUB || (a->selections & MLA_IMAP_SELECT_SUBSCRIBED) != 0)
        return remote ? "RLSUB" : "LSUB";
    if (remote)
        return "RLIST"; /* RFC 2193 section 5 */
    /* Gmail, of old: special uses in a LIST of its own name */
    if ((a->returns & MLA_IMAP_RETURN_SPECIAL_USE) != 0 &&
        !imap_caps_can(&e->caps, "SPECIAL-USE") && imap_caps_can(&e->caps, "XLIST"))
        return "XLIST";
    return "LIST";
}

static int plain_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct list_args *a = c->args;

    imap_enc_word(c->enc, plain_verb(e, a));
    imap_enc_box(c->enc, &a->reference);
    imap_enc_space(c->enc);
    imap_enc_pattern(c->enc, a->patterns[a->at].name, a->patterns[a->at].raw);
    return 0;
}

static int can_extend(const struct imap_engine *e)
{
    return imap_caps_can(&e->caps, "LIST-EXTENDED") && (e->list_refused & LIST_NO_EXTENDED) == 0;
}

/* What plain commands cannot do. */
static int needs_extended(const struct list_args *a)
{
    return (a->returns & RETURN_DATA) != 0 || (a->selections & MLA_IMAP_SELECT_RECURSIVEMATCH) != 0;
}

static int list_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct list_args *a = c->args;

    if (a->lsub && imap_caps_is_rev2(&e->caps)) { /* LSUB is gone (RFC 9051 appendix E) */
        a->selections = MLA_IMAP_SELECT_SUBSCRIBED;
        a->lsub = 0;
    }
    if (a->lsub || (a->form == FORM_EXTENDED && !is_extended(a)))
        a->form = a->lsub ? FORM_LSUB : FORM_PLAIN;
    if (a->form == FORM_EXTENDED && can_extend(e))
        return extended_encode(e, c);
    if (a->form == FORM_EXTENDED) {
        if (needs_extended(a) || ((a->selections & MLA_IMAP_SELECT_SPECIAL_USE) != 0 &&
                                  (e->list_refused & LIST_NO_EXTENDED) == 0))
            return MLA_E_UNSUPPORTED;
        a->form = FORM_PLAIN;
    }
    return plain_encode(e, c);
}

static void list_heard(struct imap_cmd *c, const struct mla_imap_event *ev)
{
    struct list_args *a = c->args;

    if (ev->type != MLA_IMAP_EV_LIST)
        return;
    a->told = 1;
    if ((ev->list->attributes & MLA_IMAP_MBOX_SUBSCRIBED) != 0)
        a->told_subscribed = 1;
}

/* What a reference does to patterns, servers decide. Gmail's XLIST gave INBOX another name. */
static int is_surplus(const struct list_args *a, const mla_imap_list *list)
{
    if (a->reference.name.len != 0 || list->is_undecodable != 0 ||
        list->is_renamed != 0) /* news: somebody has renamed it (RFC 9051 section 6.3.9.7) */
        return 0;
    for (size_t i = 0; i < a->pattern_count; i++)
        if (a->patterns[i].raw || a->patterns[i].name.len == 0 ||
            imap_pattern_matches(a->patterns[i].name, list->name, list->delimiter) ||
            imap_pattern_matches(a->patterns[i].name, list->raw_name, list->delimiter))
            return 0;
    return 1;
}

/* The server announced LIST-EXTENDED and refuses what was sent: with less, or as in RFC 3501. */
static int refused(struct imap_engine *e, struct list_args *a)
{
    if (a->sent != 0)
        e->list_refused |= (uint32_t)a->sent;
    else if (needs_extended(a))
        return CMD_OVER;
    else
        e->list_refused |= LIST_NO_EXTENDED;
    return CMD_AGAIN;
}

/* LIST (SUBSCRIBED) and RETURN (SUBSCRIBED) say nothing else of it. */
static int then_lsub(struct list_args *a)
{
    a->form = FORM_LSUB;
    a->at = 0;
    return CMD_AGAIN;
}

static int extended_done(struct imap_engine *e, struct list_args *a, const mla_imap_done *d)
{
    const mla_str *first = &a->patterns[0].name;

    if (d->error == MLA_E_BAD)
        return refused(e, a);
    if (d->error != 0)
        return CMD_OVER;
    /* strato.de: with RETURN there is nothing, not even INBOX */
    if (!a->told && a->returns != 0 && a->selections == 0 && a->pattern_count == 1 &&
        ascii_equal_word(first->ptr, first->len, "INBOX") && !needs_extended(a)) {
        e->list_refused |= LIST_NO_EXTENDED;
        return CMD_AGAIN;
    }
    /* several servers take RETURN (SUBSCRIBED) and do nothing about it */
    if ((a->returns & MLA_IMAP_RETURN_SUBSCRIBED) != 0 && a->told && !a->told_subscribed &&
        (a->selections & MLA_IMAP_SELECT_SUBSCRIBED) == 0 && !imap_caps_is_rev2(&e->caps))
        return then_lsub(a);
    return CMD_OVER;
}

static int list_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    struct list_args *a = c->args;

    if (a->form == FORM_EXTENDED)
        return extended_done(e, a, d);
    if (d->error != 0) {
        /* what is subscribed was only asked for besides */
        if (!a->lsub && a->form == FORM_LSUB && (d->error == MLA_E_NO || d->error == MLA_E_BAD))
            d->error = 0;
        return CMD_OVER;
    }
    if (++a->at < a->pattern_count)
        return CMD_AGAIN;
    if (a->form == FORM_PLAIN && (a->returns & MLA_IMAP_RETURN_SUBSCRIBED) != 0 &&
        (a->selections & MLA_IMAP_SELECT_SUBSCRIBED) == 0)
        return then_lsub(a);
    return CMD_OVER;
}

static const struct imap_cmd_def def_list = {
    .verb = "LIST",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_LISTS,
    .encode = list_encode,
    .done = list_done,
    .heard = list_heard,
};
static const struct imap_cmd_def def_lsub = {
    .verb = "LSUB",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_LISTS | CMD_CAPS,
    .encode = list_encode,
    .done = list_done,
    .heard = list_heard,
};

/* --- making it --- */

static int copy_patterns(struct imap_cmd *c, const mla_imap_list_args *in, struct list_args *a)
{
    const mla_str none = {NULL, 0};
    const int has_first =
        in->pattern != NULL || in->raw_pattern.ptr != NULL || in->pattern_count == 0;
    int rc = 0;

    if (in->pattern_count > PATTERNS_MAX || (in->pattern_count != 0 && in->patterns == NULL))
        return MLA_E_ARG;
    a->patterns = arena_array(&c->arena, in->pattern_count + 1, sizeof *a->patterns);
    if (a->patterns == NULL)
        return imap_cmd_nomem(c);
    if (has_first)
        rc = imap_cmd_box(c, in->pattern != NULL ? in->pattern : "*", in->raw_pattern,
                          &a->patterns[a->pattern_count++]);
    for (size_t i = 0; i < in->pattern_count && rc == 0; i++) {
        mla_str text;

        /* with a NUL behind it, as imap_cmd_box() wants; one inside would cut it short */
        if (in->patterns[i].ptr == NULL ||
            (in->patterns[i].len != 0 && memchr(in->patterns[i].ptr, 0, in->patterns[i].len)))
            return MLA_E_ARG;
        rc = imap_cmd_str(c, in->patterns[i], &text);
        if (rc == 0)
            rc = imap_cmd_box(c, text.ptr, none, &a->patterns[a->pattern_count++]);
    }
    return rc;
}

static int copy_options(struct imap_cmd *c, const mla_imap_list_args *in, struct list_args *a)
{
    const uint32_t alone = MLA_IMAP_SELECT_RECURSIVEMATCH | MLA_IMAP_SELECT_REMOTE;

    a->selections = in->selections;
    a->returns = in->returns;
    a->status_items = in->status_items != 0 ? in->status_items : STATUS_USUAL;
    if ((a->selections & ~(uint32_t)SELECT_ALL) != 0 || (a->returns & ~(uint32_t)RETURN_ALL) != 0 ||
        (a->status_items & ~(uint32_t)STATUS_ALL) != 0)
        return MLA_E_UNSUPPORTED;
    /* RFC 5258 section 3.1: it says what others select */
    if ((a->selections & MLA_IMAP_SELECT_RECURSIVEMATCH) != 0 && (a->selections & ~alone) == 0)
        return MLA_E_ARG;
    if (a->lsub && is_extended(a))
        return MLA_E_ARG;
    if (is_extended(a))
        c->flags |= CMD_CAPS;
    /* nothing says that a STATUS is an answer to LIST: no other one may be under way */
    if ((a->returns & MLA_IMAP_RETURN_STATUS) != 0)
        c->flags |= CMD_STATUS | CMD_ALONE;
    if ((a->returns & MLA_IMAP_RETURN_MYRIGHTS) != 0)
        c->answers |= IMAP_ANSWERS(MLA_IMAP_EV_MYRIGHTS);
    if ((a->returns & MLA_IMAP_RETURN_METADATA) == 0)
        return 0;
    c->answers |= IMAP_ANSWERS(MLA_IMAP_EV_METADATA);
    a->entry_count = in->metadata_count;
    return imap_cmd_entries(c, in->metadata, in->metadata_count, &a->entries);
}

int imap_list_is_surplus(const struct imap_cmd *c, const mla_imap_list *list)
{
    return (c->def == &def_list || c->def == &def_lsub) && is_surplus(c->args, list);
}

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
        rc = copy_patterns(c, in, a);
    if (rc == 0)
        rc = copy_options(c, in, a);
    return imap_cmd_queue(e, c, rc, not_valid, out_ticket, err);
}
