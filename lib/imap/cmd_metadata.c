/* cmd_metadata.c - GETMETADATA and SETMETADATA (RFC 5464 section 4). */
#include "base/ascii.h"
#include "base/fail.h"
#include "imap/cmd_admin.h"
#include "imap/engine.h"

struct metadata_args {
    struct imap_box box;
    const mla_str *entries; /* names; for SETMETADATA names and values */
    size_t count;
    uint64_t max_size;
    uint32_t depth;
};

/* RFC 5464 section 3.2: a path in US-ASCII below /private or /shared, without wildcards and empty
 * components. */
static int is_entry_name(mla_str s)
{
    if (s.ptr == NULL ||
        !(ascii_starts(s.ptr, s.len, "/private") || ascii_starts(s.ptr, s.len, "/shared")))
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.ptr[i];

        if (ascii_is_control(ch) || ch > 0x7e || ch == '*' || ch == '%')
            return 0;
        if (ch == '/' && (i + 1 == s.len || s.ptr[i + 1] == '/'))
            return 0;
    }
    return 1;
}

int imap_cmd_entries(struct imap_cmd *c, const mla_str *in, size_t count, const mla_str **out)
{
    if (in == NULL || count == 0)
        return MLA_E_ARG;
    for (size_t i = 0; i < count; i++)
        if (!is_entry_name(in[i]))
            return MLA_E_ARG;
    return imap_cmd_strs(c, in, count, out);
}

/* "(MAXSIZE n DEPTH 1)". */
static void enc_options(struct imap_enc *e, uint64_t max_size, uint32_t depth)
{
    imap_enc_space(e);
    imap_enc_open(e);
    imap_enc_item(e, "MAXSIZE ");
    imap_enc_number(e, max_size);
    if (depth != MLA_IMAP_DEPTH_0)
        imap_enc_item(e, depth == MLA_IMAP_DEPTH_1 ? "DEPTH 1" : "DEPTH infinity");
    imap_enc_close(e);
}

/* RFC 5464 section 1: METADATA-SERVER alone is about the server only. */
static int is_offered(const struct imap_engine *e, const struct metadata_args *a)
{
    return imap_caps_can(&e->caps, "METADATA") ||
           (a->box.name.len == 0 && imap_caps_can(&e->caps, "METADATA-SERVER"));
}

/* --- GETMETADATA --- */

/* The grammar has the options in front of the mailbox, the examples behind it, and servers read the
 * one or the other. */
enum { OPTIONS_FIRST = 0, OPTIONS_LAST = 1 };

static int get_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct metadata_args *a = c->args;
    /* Without a limit a value might be longer than any response may be. */
    uint64_t max_size = a->max_size != 0 ? a->max_size : e->opts->response_max / 2;

    if (max_size > UINT32_MAX)
        max_size = UINT32_MAX;
    if (!is_offered(e, a))
        return MLA_E_UNSUPPORTED;
    imap_enc_word(c->enc, "GETMETADATA");
    if (c->stage == OPTIONS_FIRST)
        enc_options(c->enc, max_size, a->depth);
    imap_enc_box(c->enc, &a->box);
    if (c->stage == OPTIONS_LAST)
        enc_options(c->enc, max_size, a->depth);
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->count; i++) {
        imap_enc_between(c->enc);
        imap_enc_string(c->enc, a->entries[i]);
    }
    imap_enc_close(c->enc);
    return 0;
}

static int get_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    (void)e;
    if (d->error != MLA_E_BAD || c->stage == OPTIONS_LAST)
        return CMD_OVER;
    c->stage = OPTIONS_LAST;
    return CMD_AGAIN;
}

static const struct imap_cmd_def def_getmetadata = {
    .verb = "GETMETADATA",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_METADATA),
    .encode = get_encode,
    .done = get_done,
};

static const char not_valid[] = "the mailbox or an entry is not valid";

int imap_cmd_getmetadata(struct imap_engine *e, const mla_imap_metadata_args *in,
                         uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct metadata_args *a;
    int rc = imap_cmd_new(e, &def_getmetadata, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->count = in->entry_count;
    a->max_size = in->max_size;
    a->depth = in->depth;
    rc = a->depth > MLA_IMAP_DEPTH_INFINITY ? MLA_E_UNSUPPORTED
         : a->max_size > UINT32_MAX         ? MLA_E_ARG
                                            : 0;
    if (rc == 0)
        rc = imap_cmd_box(c, in->mailbox != NULL ? in->mailbox : "", in->raw_mailbox, &a->box);
    if (rc == 0)
        rc = imap_cmd_entries(c, in->entries, in->entry_count, &a->entries);
    return imap_cmd_queue(e, c, rc, not_valid, out_ticket, err);
}

/* --- SETMETADATA --- */

static int set_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct metadata_args *a = c->args;

    if (!is_offered(e, a))
        return MLA_E_UNSUPPORTED;
    imap_enc_word(c->enc, "SETMETADATA");
    imap_enc_box(c->enc, &a->box);
    imap_enc_space(c->enc);
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->count; i += 2) {
        imap_enc_between(c->enc);
        imap_enc_string(c->enc, a->entries[i]);
        imap_enc_space(c->enc);
        imap_enc_value(c->enc, a->entries[i + 1]);
    }
    imap_enc_close(c->enc);
    return 0;
}

static const struct imap_cmd_def def_setmetadata = {
    .verb = "SETMETADATA",
    .states = IN_AUTHENTICATED,
    .flags = CMD_MAY_EXPUNGE | CMD_CAPS,
    .encode = set_encode,
};

static int copy_pairs(struct imap_cmd *c, const mla_imap_metadata_args *in, struct metadata_args *a)
{
    mla_str *copy;

    if (in->entries == NULL || in->entry_count == 0 || in->entry_count % 2 != 0)
        return MLA_E_ARG;
    copy = arena_array(&c->arena, in->entry_count, sizeof *copy);
    if (copy == NULL)
        return imap_cmd_nomem(c);
    for (size_t i = 0; i < in->entry_count; i++) {
        int rc = 0;

        if (i % 2 == 0 && !is_entry_name(in->entries[i]))
            return MLA_E_ARG;
        copy[i].ptr = NULL;
        copy[i].len = 0;
        if (in->entries[i].ptr != NULL || in->entries[i].len != 0)
            rc = imap_cmd_str(c, in->entries[i], &copy[i]);
        if (rc != 0)
            return rc;
    }
    a->entries = copy;
    a->count = in->entry_count;
    return 0;
}

int imap_cmd_setmetadata(struct imap_engine *e, const mla_imap_metadata_args *in,
                         uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct metadata_args *a;
    int rc = imap_cmd_new(e, &def_setmetadata, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = imap_cmd_box(c, in->mailbox != NULL ? in->mailbox : "", in->raw_mailbox, &a->box);
    if (rc == 0)
        rc = copy_pairs(c, in, a);
    return imap_cmd_queue(e, c, rc, not_valid, out_ticket, err);
}
