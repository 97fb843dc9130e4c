/* cmd_fetch.c - FETCH and UID FETCH, with the items and modifiers of extensions. */
#include "imap/cmd.h"
#include "imap/enc_section.h"
#include "imap/engine.h"

#include "base/record.h"

#include <string.h>

enum { SECTIONS_MAX = 1000 };

/* --- FETCH, RFC 9051 section 6.4.5 --- */

struct fetch_args {
    uint32_t items;
    struct imap_section_spec *sections;
    size_t section_count;
    size_t body_count; /* of them, those whose octets are wanted */
    int set_seen;
    int needs_binary;
    uint64_t changed_since;
    int vanished;
    int64_t partial_first;
    int64_t partial_last;
    const mla_str *entries;
    size_t entry_count;
    const mla_str *attributes;
    size_t attribute_count;
};

static const struct {
    uint32_t bit;
    const char *word;
    const char *capability; /* NULL: none is needed */
} fetch_items[] = {
    {MLA_IMAP_ITEM_UID, "UID", NULL}, /* first: known before a body comes */
    {MLA_IMAP_ITEM_FLAGS, "FLAGS", NULL},
    {MLA_IMAP_ITEM_INTERNALDATE, "INTERNALDATE", NULL},
    {MLA_IMAP_ITEM_SIZE, "RFC822.SIZE", NULL},
    {MLA_IMAP_ITEM_MODSEQ, "MODSEQ", "CONDSTORE"},
    {MLA_IMAP_ITEM_ENVELOPE, "ENVELOPE", NULL},
    {MLA_IMAP_ITEM_BODY, "BODY", NULL},
    {MLA_IMAP_ITEM_BODYSTRUCTURE, "BODYSTRUCTURE", NULL},
    {MLA_IMAP_ITEM_EMAILID, "EMAILID", "OBJECTID"},
    {MLA_IMAP_ITEM_THREADID, "THREADID", "OBJECTID"},
    {MLA_IMAP_ITEM_SAVEDATE, "SAVEDATE", "SAVEDATE"},
    {MLA_IMAP_ITEM_PREVIEW, "PREVIEW", "PREVIEW"},
    {MLA_IMAP_ITEM_PREVIEW_LAZY, "PREVIEW (LAZY)", "PREVIEW"},
    {MLA_IMAP_ITEM_GM_MESSAGE_ID, "X-GM-MSGID", "X-GM-EXT-1"},
    {MLA_IMAP_ITEM_GM_THREAD_ID, "X-GM-THRID", "X-GM-EXT-1"},
    {MLA_IMAP_ITEM_GM_LABELS, "X-GM-LABELS", "X-GM-EXT-1"},
};

/* RFC 5257 section 5, fetch-att; entries are written like mailbox patterns. */
static void encode_annotations(struct imap_enc *e, const struct fetch_args *a)
{
    imap_enc_item(e, "ANNOTATION ((");
    for (size_t i = 0; i < a->entry_count; i++) {
        imap_enc_word(e, i > 0 ? " " : "");
        imap_enc_string(e, a->entries[i]);
    }
    imap_enc_word(e, ") (");
    for (size_t i = 0; i < a->attribute_count; i++) {
        imap_enc_word(e, i > 0 ? " " : "");
        imap_enc_string(e, a->attributes[i]);
    }
    imap_enc_word(e, "))");
}

static void encode_signed(struct imap_enc *e, int64_t n)
{
    imap_enc_word(e, n < 0 ? "-" : "");
    imap_enc_number(e, (uint64_t)(n < 0 ? -n : n));
}

/* RFC 4466 section 2.4, fetch-modifiers. */
static void encode_modifiers(struct imap_enc *e, const struct fetch_args *a)
{
    if (a->changed_since == 0 && a->partial_first == 0)
        return;
    imap_enc_space(e);
    imap_enc_open(e);
    if (a->changed_since != 0) {
        imap_enc_item(e, "CHANGEDSINCE ");
        imap_enc_number(e, a->changed_since);
    }
    if (a->vanished)
        imap_enc_item(e, "VANISHED");
    if (a->partial_first != 0) {
        imap_enc_item(e, "PARTIAL ");
        encode_signed(e, a->partial_first);
        imap_enc_word(e, ":");
        encode_signed(e, a->partial_last);
    }
    imap_enc_close(e);
}

/* Does the server have what is asked for? */
static int may_fetch(const struct imap_engine *e, const struct fetch_args *a)
{
    const struct imap_caps *caps = &e->caps;

    if (a->needs_binary && !imap_caps_can(caps, "BINARY") && !imap_caps_can(caps, "BINARY-FETCH"))
        return 0;
    for (size_t i = 0; i < sizeof fetch_items / sizeof fetch_items[0]; i++)
        if ((a->items & fetch_items[i].bit) != 0 && fetch_items[i].capability != NULL &&
            !imap_caps_can(caps, fetch_items[i].capability))
            return 0;
    if (e->box.no_modseq && ((a->items & MLA_IMAP_ITEM_MODSEQ) != 0 || a->changed_since != 0))
        return 0; /* RFC 7162 section 3.1.2.2: it would be BAD */
    return (a->changed_since == 0 || imap_caps_can(caps, "CONDSTORE")) &&
           (!a->vanished || (caps->enabled & IMAP_ENABLED_QRESYNC) != 0) &&
           (a->partial_first == 0 || imap_caps_can(caps, "PARTIAL")) &&
           (a->entry_count == 0 || imap_caps_can(caps, "ANNOTATE-EXPERIMENT-1"));
}

static int fetch_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct fetch_args *a = c->args;

    if (!may_fetch(e, a))
        return MLA_E_UNSUPPORTED;
    imap_cmd_enc_set(c, "FETCH");
    if (a->partial_first != 0 && c->set_next < c->set.count && imap_enc_error(c->enc) == 0)
        return MLA_E_LIMIT; /* in two commands it would mean something else */
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    for (size_t i = 0; i < sizeof fetch_items / sizeof fetch_items[0]; i++)
        if ((a->items & fetch_items[i].bit) != 0)
            imap_enc_item(c->enc, fetch_items[i].word);
    for (size_t i = 0; i < a->section_count; i++)
        imap_enc_section(c->enc, &a->sections[i], a->set_seen);
    if (a->entry_count != 0)
        encode_annotations(c->enc, a);
    imap_enc_close(c->enc);
    encode_modifiers(c->enc, a);
    return 0;
}

/* What MESSAGELIMIT cuts off a window is not what the same window of the rest would be. */
static int fetch_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    const struct fetch_args *a = c->args;

    return a->partial_first != 0 ? CMD_OVER : imap_cmd_set_done(e, c, d);
}

static const struct imap_cmd_def def_fetch = {
    .verb = "FETCH",
    .states = IN_SELECTED,
    .flags = CMD_FETCHES | CMD_READS,
    .encode = fetch_encode,
    .done = fetch_done,
};

static int copy_sections(struct imap_cmd *c, struct fetch_args *a, const mla_imap_fetch_args *in)
{
    const size_t first_version = offsetof(mla_imap_section_args, is_size);

    if (in->section_count == 0)
        return 0;
    if (in->sections == NULL || in->section_count > SECTIONS_MAX)
        return MLA_E_ARG;
    a->sections = arena_array(&c->arena, in->section_count, sizeof *a->sections);
    if (a->sections == NULL)
        return imap_cmd_nomem(c);
    for (; a->section_count < in->section_count; a->section_count++) {
        mla_imap_section_args one;
        int rc;

        rc = record_at(in->sections, a->section_count, first_version, sizeof one, &one);
        if (rc == 0)
            rc = imap_section_copy(c, &a->sections[a->section_count], &one);
        if (rc != 0)
            return rc;
        a->needs_binary |= one.is_decoded != 0 || one.is_size != 0;
        a->body_count += one.is_size == 0;
    }
    return 0;
}

/* RFC 9394 section 4, partial-range: both from the same end. */
static int check_partial(const mla_imap_fetch_args *in)
{
    const int64_t first = in->partial_first;
    const int64_t last = in->partial_last;

    if (first == 0 && last == 0)
        return 0;
    if (first == 0 || last == 0 || (first < 0) != (last < 0) || in->by_seq != 0 ||
        first > UINT32_MAX || last > UINT32_MAX || first < -(int64_t)UINT32_MAX ||
        last < -(int64_t)UINT32_MAX)
        return MLA_E_ARG;
    return 0;
}

/* The modifiers, and annotations. */
static int fetch_fill_more(struct imap_cmd *c, const mla_imap_fetch_args *in)
{
    struct fetch_args *a = c->args;
    int rc = check_partial(in);

    if (rc != 0 || in->changed_since > INT64_MAX ||
        (in->vanished != 0 && (in->changed_since == 0 || in->by_seq != 0)) ||
        (in->annotation_entry_count != 0) != (in->annotation_attribute_count != 0))
        return MLA_E_ARG;
    a->changed_since = in->changed_since;
    a->vanished = in->vanished != 0;
    if (a->vanished)
        c->answers |= IMAP_ANSWERS(MLA_IMAP_EV_VANISHED);
    a->partial_first = in->partial_first;
    a->partial_last = in->partial_last;
    a->entry_count = in->annotation_entry_count;
    a->attribute_count = in->annotation_attribute_count;
    rc = imap_cmd_strs(c, in->annotation_entries, a->entry_count, &a->entries);
    if (rc == 0)
        rc = imap_cmd_strs(c, in->annotation_attributes, a->attribute_count, &a->attributes);
    for (size_t i = 0; i < a->attribute_count && rc == 0; i++)
        if (!imap_enc_is_atom(a->attributes[i])) /* never "*" or "%" */
            rc = MLA_E_ARG;
    return rc;
}

static int fetch_fill(struct imap_cmd *c, const mla_imap_fetch_args *in)
{
    struct fetch_args *a = c->args;
    uint32_t known = MLA_IMAP_ITEM_SECTIONS;
    int rc;

    for (size_t i = 0; i < sizeof fetch_items / sizeof fetch_items[0]; i++)
        known |= fetch_items[i].bit;
    if ((in->items & ~known) != 0)
        return MLA_E_UNSUPPORTED;
    a->items = in->items;
    if ((a->items & MLA_IMAP_ITEM_PREVIEW_LAZY) != 0) /* one of the two is enough */
        a->items &= ~(uint32_t)MLA_IMAP_ITEM_PREVIEW;
    if (in->by_seq == 0)
        a->items |= MLA_IMAP_ITEM_UID;
    a->set_seen = in->set_seen != 0;
    imap_cmd_by_seq(c, in->by_seq);
    rc = imap_cmd_set(c, in->ranges, in->range_count, in->saved);
    if (rc == 0)
        rc = copy_sections(c, a, in);
    if (rc == 0)
        rc = fetch_fill_more(c, in);
    if (rc == 0 && a->section_count == 0 && a->entry_count == 0 &&
        (a->items & ~(uint32_t)MLA_IMAP_ITEM_SECTIONS) == 0)
        rc = MLA_E_ARG;
    if (a->body_count != 0) {
        c->flags |= CMD_SECTIONS;
        c->one_section = a->body_count == 1;
        a->items |= MLA_IMAP_ITEM_UID; /* a body's owner is checked by it (P05) */
        if (a->set_seen)
            c->flags |= CMD_WRITES;
    }
    if (a->needs_binary || a->changed_since != 0 || a->partial_first != 0 || a->entry_count != 0)
        c->flags |= CMD_CAPS;
    for (size_t i = 0; i < sizeof fetch_items / sizeof fetch_items[0]; i++)
        if ((a->items & fetch_items[i].bit) != 0 && fetch_items[i].capability != NULL)
            c->flags |= CMD_CAPS;
    return rc;
}

int imap_fetch_wants(const struct imap_cmd *c, const mla_imap_section *section)
{
    const struct fetch_args *a = c->args;

    for (size_t i = 0; c->def == &def_fetch && i < a->section_count; i++)
        if (imap_section_is(&a->sections[i], section))
            return 1;
    return 0;
}

/* Do both ask for one section? */
static int same_section(const struct fetch_args *a, const struct fetch_args *b)
{
    for (size_t i = 0; i < a->section_count; i++)
        for (size_t k = 0; k < b->section_count; k++)
            if (imap_section_alike(&a->sections[i], &b->sections[k]))
                return 1;
    return 0;
}

int imap_fetch_told_apart(const struct imap_cmd *a, const struct imap_cmd *b)
{
    if (a->def != &def_fetch || b->def != &def_fetch || (a->one_section && b->one_section))
        return 1;
    if (!same_section(a->args, b->args))
        return 1;
    return !a->saved && !b->saved && imap_cmd_is_uid(a) == imap_cmd_is_uid(b) &&
           imap_set_apart(&a->set, &b->set);
}

int imap_cmd_fetch(struct imap_engine *e, const mla_imap_fetch_args *in, uint64_t *out_ticket,
                   mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_fetch, sizeof(struct fetch_args), &c);

    if (rc != 0)
        return rc;
    rc = fetch_fill(c, in);
    return imap_cmd_queue(e, c, rc, "no messages, nothing to fetch, or an argument that is none",
                          out_ticket, err);
}
