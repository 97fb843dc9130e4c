/* cmd_search.c - SEARCH and UID SEARCH. */
#include "imap/cmd.h"
#include "imap/engine.h"

#include "imap/enc_search.h"

/* --- SEARCH, RFC 9051 section 6.4.4 --- */

struct search_args {
    struct imap_search search;
    uint32_t results;
};

static void encode_results(struct imap_enc *e, uint32_t results)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } words[] = {
        {MLA_IMAP_SEARCH_MIN, "MIN"},
        {MLA_IMAP_SEARCH_MAX, "MAX"},
        {MLA_IMAP_SEARCH_ALL, "ALL"},
        {MLA_IMAP_SEARCH_COUNT, "COUNT"},
    };

    imap_enc_word(e, " RETURN ");
    imap_enc_open(e);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((results & words[i].bit) != 0)
            imap_enc_item(e, words[i].word);
    imap_enc_close(e);
}

static int search_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct search_args *a = c->args;
    uint32_t needs = a->search.needs;

    if ((a->results != 0 && !imap_caps_can(&e->caps, "ESEARCH")) ||
        ((needs & SEARCH_NEEDS_WITHIN) != 0 && !imap_caps_has(&e->caps, "WITHIN")) ||
        ((needs & SEARCH_NEEDS_CONDSTORE) != 0 && !imap_caps_has(&e->caps, "CONDSTORE")) ||
        ((needs & SEARCH_NEEDS_REV1) != 0 && imap_caps_is_rev2(&e->caps)))
        return MLA_E_UNSUPPORTED;
    imap_enc_word(&c->enc, (c->flags & CMD_MAY_EXPUNGE) != 0 ? "UID SEARCH" : "SEARCH");
    if (a->results != 0)
        encode_results(&c->enc, a->results);
    imap_search_encode(&c->enc, &a->search);
    return 0;
}

static const struct imap_cmd_def def_search = {
    .verb = "SEARCH",
    .states = IN_SELECTED,
    .flags = CMD_SEARCHES | CMD_READS,
    .encode = search_encode,
};

int imap_cmd_search(struct imap_engine *e, const mla_imap_search_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    const uint32_t all =
        MLA_IMAP_SEARCH_MIN | MLA_IMAP_SEARCH_MAX | MLA_IMAP_SEARCH_COUNT | MLA_IMAP_SEARCH_ALL;
    struct imap_cmd *c;
    struct search_args *a;
    int rc = imap_cmd_new(e, &def_search, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->results = in->results;
    if (in->by_seq == 0)
        c->flags |= CMD_MAY_EXPUNGE;
    rc = (in->results & ~all) != 0
             ? MLA_E_UNSUPPORTED
             : imap_search_copy(&a->search, &c->arena, in->keys, in->key_count);
    if (a->search.uses_seqs)
        c->flags |= CMD_SEQS;
    if (a->results != 0 || a->search.needs != 0)
        c->flags |= CMD_CAPS;
    return imap_cmd_queue(e, c, rc, "a search key is not complete or not valid", out_ticket, err);
}
