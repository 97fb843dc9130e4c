/* cmd_store.c - STORE and UID STORE. */
#include "imap/cmd.h"
#include "imap/engine.h"

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
