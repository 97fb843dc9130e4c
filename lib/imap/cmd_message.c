/* cmd_message.c - FETCH, STORE, COPY, MOVE, EXPUNGE and their UID forms. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include <string.h>

enum { PARTS_MAX = 1000, SECTIONS_MAX = 1000 };

/* --- FETCH, RFC 9051 section 6.4.5 --- */

struct section {
    uint32_t what;
    const uint32_t *parts;
    size_t part_count;
    const mla_str *fields;
    size_t field_count;
    uint64_t offset;
    uint32_t length;
    int is_decoded;
};

struct fetch_args {
    uint32_t items;
    struct section *sections;
    size_t section_count;
    int set_seen;
    int needs_binary;
};

static const struct {
    uint32_t bit;
    const char *word;
} fetch_items[] = {
    {MLA_IMAP_ITEM_UID, "UID"}, /* first: known before a body comes */
    {MLA_IMAP_ITEM_FLAGS, "FLAGS"},
    {MLA_IMAP_ITEM_INTERNALDATE, "INTERNALDATE"},
    {MLA_IMAP_ITEM_SIZE, "RFC822.SIZE"},
    {MLA_IMAP_ITEM_MODSEQ, "MODSEQ"},
    {MLA_IMAP_ITEM_ENVELOPE, "ENVELOPE"},
    {MLA_IMAP_ITEM_BODY, "BODY"},
    {MLA_IMAP_ITEM_BODYSTRUCTURE, "BODYSTRUCTURE"},
};

enum {
    FETCH_ALL = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS | MLA_IMAP_ITEM_INTERNALDATE |
                MLA_IMAP_ITEM_SIZE | MLA_IMAP_ITEM_MODSEQ | MLA_IMAP_ITEM_ENVELOPE |
                MLA_IMAP_ITEM_BODY | MLA_IMAP_ITEM_BODYSTRUCTURE | MLA_IMAP_ITEM_SECTIONS
};

static void encode_fields(struct imap_enc *e, const struct section *s)
{
    imap_enc_word(e, s->what == MLA_IMAP_PART_FIELDS ? "HEADER.FIELDS " : "HEADER.FIELDS.NOT ");
    imap_enc_open(e);
    for (size_t i = 0; i < s->field_count; i++) {
        imap_enc_between(e);
        /* Courier wants atoms where they are possible. */
        if (imap_enc_is_atom(s->fields[i]))
            imap_enc_atom(e, s->fields[i]);
        else
            imap_enc_string(e, s->fields[i]);
    }
    imap_enc_close(e);
}

/* RFC 9051 section 9, section-spec. */
static void encode_spec(struct imap_enc *e, const struct section *s)
{
    static const char *const words[] = {"", "HEADER", "TEXT", "MIME"};

    for (size_t i = 0; i < s->part_count; i++) {
        if (i > 0)
            imap_enc_word(e, ".");
        imap_enc_number(e, s->parts[i]);
    }
    if (s->what != MLA_IMAP_PART_ALL && s->part_count > 0)
        imap_enc_word(e, ".");
    if (s->what == MLA_IMAP_PART_FIELDS || s->what == MLA_IMAP_PART_FIELDS_NOT)
        encode_fields(e, s);
    else
        imap_enc_word(e, words[s->what]);
}

static void encode_section(struct imap_enc *e, const struct section *s, int set_seen)
{
    imap_enc_between(e);
    imap_enc_word(e, s->is_decoded ? "BINARY" : "BODY");
    imap_enc_word(e, set_seen ? "[" : ".PEEK[");
    encode_spec(e, s);
    imap_enc_word(e, "]");
    if (s->offset == 0 && s->length == 0)
        return;
    imap_enc_word(e, "<");
    imap_enc_number(e, s->offset);
    imap_enc_word(e, ".");
    imap_enc_number(e, s->length != 0 ? s->length : UINT32_MAX);
    imap_enc_word(e, ">");
}

static int fetch_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct fetch_args *a = c->args;

    if (a->needs_binary && !imap_caps_can(&e->caps, "BINARY") &&
        !imap_caps_can(&e->caps, "BINARY-FETCH"))
        return MLA_E_UNSUPPORTED;
    if ((a->items & MLA_IMAP_ITEM_MODSEQ) != 0 && !imap_caps_has(&e->caps, "CONDSTORE"))
        return MLA_E_UNSUPPORTED;
    imap_cmd_enc_set(c, "FETCH");
    imap_enc_space(&c->enc);
    imap_enc_open(&c->enc);
    for (size_t i = 0; i < sizeof fetch_items / sizeof fetch_items[0]; i++)
        if ((a->items & fetch_items[i].bit) != 0)
            imap_enc_item(&c->enc, fetch_items[i].word);
    for (size_t i = 0; i < a->section_count; i++)
        encode_section(&c->enc, &a->sections[i], a->set_seen);
    imap_enc_close(&c->enc);
    return 0;
}

static const struct imap_cmd_def def_fetch = {
    .verb = "FETCH",
    .states = IN_SELECTED,
    .flags = CMD_FETCHES | CMD_READS,
    .encode = fetch_encode,
    .done = imap_cmd_set_done,
};

static int is_field_name(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == ':')
            return 0;
    return s.len != 0;
}

static int check_section(const mla_imap_section_args *in)
{
    const int has_fields = in->what == MLA_IMAP_PART_FIELDS || in->what == MLA_IMAP_PART_FIELDS_NOT;

    if (in->what > MLA_IMAP_PART_FIELDS_NOT)
        return MLA_E_UNSUPPORTED;
    if (in->part_count > PARTS_MAX || (in->part_count != 0 && in->parts == NULL) ||
        (in->field_count != 0 && in->fields == NULL) || has_fields != (in->field_count != 0) ||
        (in->what == MLA_IMAP_PART_MIME && in->part_count == 0) ||
        (in->is_decoded != 0 && in->what != MLA_IMAP_PART_ALL) || in->offset > INT64_MAX)
        return MLA_E_ARG;
    for (size_t i = 0; i < in->part_count; i++)
        if (in->parts[i] == 0)
            return MLA_E_ARG;
    for (size_t i = 0; i < in->field_count; i++)
        if (in->fields[i].ptr == NULL || !is_field_name(in->fields[i])) /* I03 */
            return MLA_E_ARG;
    return 0;
}

static int copy_section(struct imap_cmd *c, struct section *out, const mla_imap_section_args *in)
{
    uint32_t *parts;
    int rc = check_section(in);

    if (rc != 0)
        return rc;
    parts = arena_array(&c->arena, in->part_count + 1, sizeof *parts);
    if (parts == NULL)
        return imap_cmd_nomem(c);
    if (in->part_count != 0)
        memcpy(parts, in->parts, in->part_count * sizeof *parts);
    out->what = in->what;
    out->parts = parts;
    out->part_count = in->part_count;
    out->field_count = in->field_count;
    out->offset = in->offset;
    out->length = in->length;
    out->is_decoded = in->is_decoded != 0;
    return imap_cmd_strs(c, in->fields, in->field_count, &out->fields);
}

static int copy_sections(struct imap_cmd *c, struct fetch_args *a, const mla_imap_fetch_args *in)
{
    const unsigned char *p = (const unsigned char *)in->sections;
    size_t stride;

    if (in->section_count == 0)
        return 0;
    if (p == NULL || in->section_count > SECTIONS_MAX)
        return MLA_E_ARG;
    stride = in->sections->struct_size;
    if (stride < sizeof(mla_imap_section_args))
        return MLA_E_ARG;
    a->sections = arena_array(&c->arena, in->section_count, sizeof *a->sections);
    if (a->sections == NULL)
        return imap_cmd_nomem(c);
    for (; a->section_count < in->section_count; a->section_count++, p += stride) {
        mla_imap_section_args one;
        int rc;

        memcpy(&one, p, sizeof one);
        if (one.struct_size != stride)
            return MLA_E_ARG;
        for (size_t i = sizeof one; i < stride; i++)
            if (p[i] != 0)
                return MLA_E_UNSUPPORTED;
        rc = copy_section(c, &a->sections[a->section_count], &one);
        if (rc != 0)
            return rc;
        a->needs_binary |= one.is_decoded != 0;
    }
    return 0;
}

static int fetch_fill(struct imap_cmd *c, const mla_imap_fetch_args *in)
{
    struct fetch_args *a = c->args;
    int rc;

    if ((in->items & ~(uint32_t)FETCH_ALL) != 0)
        return MLA_E_UNSUPPORTED;
    a->items = in->items;
    if (in->by_seq == 0)
        a->items |= MLA_IMAP_ITEM_UID;
    a->set_seen = in->set_seen != 0;
    imap_cmd_by_seq(c, in->by_seq);
    rc = imap_cmd_set(c, in->ranges, in->range_count, in->saved);
    if (rc == 0)
        rc = copy_sections(c, a, in);
    if (rc == 0 && a->section_count == 0 && (a->items & ~(uint32_t)MLA_IMAP_ITEM_SECTIONS) == 0)
        rc = MLA_E_ARG;
    if (a->section_count != 0) {
        c->flags |= CMD_SECTIONS;
        c->one_section = a->section_count == 1;
        a->items |= MLA_IMAP_ITEM_UID; /* a body's owner is checked by it (P05) */
        if (a->set_seen)
            c->flags |= CMD_WRITES;
    }
    if (a->needs_binary || (a->items & MLA_IMAP_ITEM_MODSEQ) != 0)
        c->flags |= CMD_CAPS;
    return rc;
}

int imap_cmd_fetch(struct imap_engine *e, const mla_imap_fetch_args *in, uint64_t *out_ticket,
                   mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_fetch, sizeof(struct fetch_args), &c);

    if (rc != 0)
        return rc;
    rc = fetch_fill(c, in);
    return imap_cmd_queue(e, c, rc, "no messages, nothing to fetch, or a section that is none",
                          out_ticket, err);
}

/* --- STORE, RFC 9051 section 6.4.6 --- */

struct store_args {
    uint32_t mode;
    uint32_t flags;
    const mla_str *keywords;
    size_t keyword_count;
    int silent;
};

static int store_encode(struct imap_engine *e, struct imap_cmd *c)
{
    static const char *const words[] = {" +FLAGS", " -FLAGS", " FLAGS"};
    struct store_args *a = c->args;

    (void)e;
    imap_cmd_enc_set(c, "STORE");
    imap_enc_word(&c->enc, words[a->mode]);
    imap_enc_word(&c->enc, a->silent ? ".SILENT " : " ");
    imap_enc_flags(&c->enc, a->flags, a->keywords, a->keyword_count);
    return 0;
}

static const struct imap_cmd_def def_store = {
    .verb = "STORE",
    .states = IN_SELECTED,
    .flags = CMD_FETCHES | CMD_WRITES,
    .encode = store_encode,
    .done = imap_cmd_set_done,
};

static int store_fill(struct imap_cmd *c, const mla_imap_store_args *in)
{
    const uint32_t settable = MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_ANSWERED | MLA_IMAP_FLAG_FLAGGED |
                              MLA_IMAP_FLAG_DELETED | MLA_IMAP_FLAG_DRAFT;
    struct store_args *a = c->args;
    int rc;

    if (in->mode > MLA_IMAP_STORE_REPLACE)
        return MLA_E_UNSUPPORTED;
    if ((in->flags & ~settable) != 0 ||
        (in->flags == 0 && in->keyword_count == 0 && in->mode != MLA_IMAP_STORE_REPLACE))
        return MLA_E_ARG;
    a->mode = in->mode;
    a->flags = in->flags;
    a->keyword_count = in->keyword_count;
    a->silent = in->silent != 0;
    if (a->silent)
        c->flags |= CMD_SILENT;
    imap_cmd_by_seq(c, in->by_seq);
    rc = imap_cmd_strs(c, in->keywords, in->keyword_count, &a->keywords);
    for (size_t i = 0; i < in->keyword_count && rc == 0; i++)
        if (!imap_enc_is_atom(a->keywords[i])) /* I03 */
            rc = MLA_E_ARG;
    return rc != 0 ? rc : imap_cmd_set(c, in->ranges, in->range_count, in->saved);
}

int imap_cmd_store(struct imap_engine *e, const mla_imap_store_args *in, uint64_t *out_ticket,
                   mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_store, sizeof(struct store_args), &c);

    if (rc != 0)
        return rc;
    rc = store_fill(c, in);
    return imap_cmd_queue(e, c, rc, "no messages, no flags, or a keyword that is no atom",
                          out_ticket, err);
}

/* --- COPY and MOVE, RFC 9051 section 6.4.7, RFC 6851 --- */

struct copy_args {
    struct imap_box box;
};

static int copy_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct copy_args *a = c->args;

    (void)e;
    imap_cmd_enc_set(c, "COPY");
    imap_enc_box(&c->enc, &a->box);
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
        imap_enc_box(&c->enc, &a->box);
        return 0;
    }
    if (!imap_cmd_is_uid(c) || !imap_caps_can(&e->caps, "UIDPLUS"))
        return MLA_E_UNSUPPORTED;
    if (c->stage == MOVE_COPY)
        return copy_encode(e, c);
    imap_cmd_enc_set(c, c->stage == MOVE_STORE ? "STORE" : "EXPUNGE");
    if (c->stage == MOVE_STORE) {
        c->flags |= CMD_SILENT;
        imap_enc_word(&c->enc, " +FLAGS.SILENT (\\Deleted)");
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
        imap_enc_word(&c->enc, "EXPUNGE");
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
