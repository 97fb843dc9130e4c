/* cmd_store.c - STORE and UID STORE: flags, labels, annotations. */
#include "imap/cmd.h"
#include "imap/engine.h"

/* --- STORE, RFC 9051 section 6.4.6 --- */

struct store_args {
    uint32_t mode;
    uint32_t what;
    uint32_t flags;
    const mla_str *keywords; /* or labels */
    size_t keyword_count;
    const mla_imap_annotation_args *annotations;
    size_t annotation_count;
    int silent;
    int has_unchanged;
    uint64_t unchanged_since;
};

/* Gmail's own labels are atoms with a backslash; others are written as mailbox names are. */
static int is_system_label(mla_str s)
{
    const mla_str word = {s.ptr + 1, s.len - 1};

    return s.len > 1 && s.ptr[0] == '\\' && imap_enc_is_atom(word);
}

static void encode_labels(struct imap_enc *e, const struct store_args *a)
{
    imap_enc_open(e);
    for (size_t i = 0; i < a->keyword_count; i++) {
        const mla_str label = a->keywords[i];
        const mla_str word = {label.ptr + 1, label.len - 1};

        imap_enc_between(e);
        if (is_system_label(label)) {
            imap_enc_word(e, "\\");
            imap_enc_atom(e, word);
        } else {
            imap_enc_mailbox(e, label, 0);
        }
    }
    imap_enc_close(e);
}

static int may_store(const struct imap_engine *e, const struct store_args *a)
{
    if (a->has_unchanged && (!imap_caps_can(&e->caps, "CONDSTORE") || e->box.no_modseq))
        return 0;
    return (a->what != MLA_IMAP_STORE_LABELS || imap_caps_has(&e->caps, "X-GM-EXT-1")) &&
           (a->what != MLA_IMAP_STORE_ANNOTATIONS ||
            imap_caps_has(&e->caps, "ANNOTATE-EXPERIMENT-1"));
}

static int store_encode(struct imap_engine *e, struct imap_cmd *c)
{
    static const char *const signs[] = {" +", " -", " "};
    const struct store_args *a = c->args;
    struct imap_enc *enc = c->enc;

    if (!may_store(e, a))
        return MLA_E_UNSUPPORTED;
    imap_cmd_enc_set(c, "STORE");
    if (a->has_unchanged) { /* RFC 7162 section 7, store-modifier */
        imap_enc_word(enc, " (UNCHANGEDSINCE ");
        imap_enc_number(enc, a->unchanged_since);
        imap_enc_word(enc, ")");
    }
    if (a->what == MLA_IMAP_STORE_ANNOTATIONS) {
        imap_enc_space(enc);
        imap_enc_annotations(enc, a->annotations, a->annotation_count);
        return 0;
    }
    imap_enc_word(enc, signs[a->mode]);
    imap_enc_word(enc, a->what == MLA_IMAP_STORE_LABELS ? "X-GM-LABELS" : "FLAGS");
    imap_enc_word(enc, a->silent ? ".SILENT " : " ");
    if (a->what == MLA_IMAP_STORE_LABELS)
        encode_labels(enc, a);
    else
        imap_enc_flags(enc, a->flags, a->keywords, a->keyword_count);
    return 0;
}

static const struct imap_cmd_def def_store = {
    .verb = "STORE",
    .states = IN_SELECTED,
    .flags = CMD_FETCHES | CMD_WRITES,
    .encode = store_encode,
    .done = imap_cmd_set_done,
};

/* Which fields belong to what is changed. */
static int check(const mla_imap_store_args *in)
{
    const uint32_t settable = MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_ANSWERED | MLA_IMAP_FLAG_FLAGGED |
                              MLA_IMAP_FLAG_DELETED | MLA_IMAP_FLAG_DRAFT;
    const int annotates = in->what == MLA_IMAP_STORE_ANNOTATIONS;

    if (in->mode > MLA_IMAP_STORE_REPLACE || in->what > MLA_IMAP_STORE_ANNOTATIONS)
        return MLA_E_UNSUPPORTED;
    if ((in->flags & ~settable) != 0 || (in->flags != 0 && in->what != MLA_IMAP_STORE_FLAGS) ||
        (in->keyword_count != 0 && annotates) || (in->annotation_count != 0) != annotates ||
        (annotates && in->mode != MLA_IMAP_STORE_ADD) || in->unchanged_since > INT64_MAX)
        return MLA_E_ARG;
    if (!annotates && in->flags == 0 && in->keyword_count == 0 &&
        in->mode != MLA_IMAP_STORE_REPLACE)
        return MLA_E_ARG;
    return 0;
}

static int check_words(const struct store_args *a)
{
    for (size_t i = 0; i < a->keyword_count; i++)
        if (a->what == MLA_IMAP_STORE_FLAGS
                ? !imap_enc_is_atom(a->keywords[i]) /* I03 */
                : a->keywords[i].len == 0 || !imap_enc_is_utf8(a->keywords[i]))
            return MLA_E_ARG;
    return 0;
}

static int store_fill(struct imap_cmd *c, const mla_imap_store_args *in)
{
    struct store_args *a = c->args;
    int rc = check(in);

    if (rc != 0)
        return rc;
    a->mode = in->mode;
    a->what = in->what;
    a->flags = in->flags;
    a->keyword_count = in->keyword_count;
    a->annotation_count = in->annotation_count;
    a->silent = in->silent != 0;
    a->has_unchanged = in->has_unchanged_since != 0;
    a->unchanged_since = in->unchanged_since;
    if (a->silent || a->what == MLA_IMAP_STORE_ANNOTATIONS)
        c->flags |= CMD_SILENT;
    if (a->has_unchanged || a->what != MLA_IMAP_STORE_FLAGS)
        c->flags |= CMD_CAPS;
    imap_cmd_by_seq(c, in->by_seq);
    rc = imap_cmd_strs(c, in->keywords, in->keyword_count, &a->keywords);
    if (rc == 0)
        rc = check_words(a);
    if (rc == 0)
        rc = imap_cmd_annotations(c, in->annotations, in->annotation_count, &a->annotations);
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
    return imap_cmd_queue(e, c, rc, "no messages, nothing to change, or a word that cannot be said",
                          out_ticket, err);
}
