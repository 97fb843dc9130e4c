/* cmd_search.c - SEARCH and UID SEARCH (RFC 9051 section 6.4.4). */
#include "imap/cmd_search.h"

#include "imap/engine.h"

enum {
    RESULTS_ALL = MLA_IMAP_SEARCH_MIN | MLA_IMAP_SEARCH_MAX | MLA_IMAP_SEARCH_COUNT |
                  MLA_IMAP_SEARCH_ALL | MLA_IMAP_SEARCH_PARTIAL | MLA_IMAP_SEARCH_RELEVANCY |
                  MLA_IMAP_SEARCH_SAVE | MLA_IMAP_SEARCH_CONTEXT | MLA_IMAP_SEARCH_UPDATE
};

/* --- results --- */

static int check_partial(const mla_imap_search_args *in)
{
    const int64_t first = in->partial_first;
    const int64_t last = in->partial_last;

    if ((in->results & MLA_IMAP_SEARCH_PARTIAL) == 0)
        return first == 0 && last == 0;
    if ((in->results & MLA_IMAP_SEARCH_ALL) != 0) /* RFC 9394 section 3.1: one of the two */
        return 0;
    if (first == 0 || last == 0 || (first < 0) != (last < 0))
        return 0;
    return first >= -(int64_t)UINT32_MAX && first <= UINT32_MAX && last >= -(int64_t)UINT32_MAX &&
           last <= UINT32_MAX;
}

int imap_search_fill(struct imap_cmd *c, struct imap_search_cmd *a, const mla_imap_search_args *in)
{
    int rc;

    if ((in->results & ~(uint32_t)RESULTS_ALL) != 0)
        return MLA_E_UNSUPPORTED;
    if (!check_partial(in))
        return MLA_E_ARG;
    a->results = in->results;
    a->partial_first = in->partial_first;
    a->partial_last = in->partial_last;
    rc = imap_search_copy(&a->search, &c->arena, in->keys, in->key_count);
    if (rc != 0)
        return rc;
    if ((a->results & MLA_IMAP_SEARCH_RELEVANCY) != 0 &&
        (a->search.needs & SEARCH_NEEDS_FUZZY) == 0) /* RFC 6203 section 4 */
        return MLA_E_ARG;
    c->flags |= in->by_seq == 0 ? CMD_MAY_EXPUNGE : CMD_BY_NUMBER;
    if (!a->search.ascii || (a->search.needs & SEARCH_NEEDS_GMAIL) != 0)
        c->flags |= CMD_TEXT;
    if (a->search.uses_seqs)
        c->flags |= CMD_SEQS;
    if (a->search.uses_saved)
        c->flags |= CMD_USES_SAVED;
    if ((a->results & MLA_IMAP_SEARCH_SAVE) != 0)
        c->flags |= CMD_SAVES;
    if (a->results != 0 && (a->results & MLA_IMAP_SEARCH_UPDATE) == 0)
        c->flags |= CMD_TAGGED;
    if (a->results != 0 || a->search.needs != 0)
        c->flags |= CMD_CAPS;
    return 0;
}

int imap_search_fits(struct imap_engine *e, struct imap_search_cmd *a, const char *extended,
                     const char *context)
{
    const struct imap_caps *caps = &e->caps;
    const uint32_t updating = MLA_IMAP_SEARCH_CONTEXT | MLA_IMAP_SEARCH_UPDATE;
    const int can_update = imap_caps_has(caps, context);

    if ((a->results & ~(uint32_t)MLA_IMAP_SEARCH_PARTIAL) != 0 && !imap_caps_can(caps, extended) &&
        !can_update)
        return MLA_E_UNSUPPORTED;
    if ((a->results & MLA_IMAP_SEARCH_SAVE) != 0 && !imap_caps_can(caps, "SEARCHRES"))
        return MLA_E_UNSUPPORTED;
    if ((a->results & updating) != 0 && !can_update)
        return MLA_E_UNSUPPORTED;
    if ((a->results & MLA_IMAP_SEARCH_UPDATE) != 0 && e->box.contexts.count == IMAP_CONTEXTS)
        return MLA_E_LIMIT;
    if ((a->results & MLA_IMAP_SEARCH_UPDATE) != 0 && imap_context_room(e) != 0)
        return MLA_E_NOMEM;
    /* Dovecot takes it in SORT without CONTEXT=SORT; counting from the end is RFC 9394's. */
    if ((a->results & MLA_IMAP_SEARCH_PARTIAL) != 0 && !imap_caps_has(caps, "PARTIAL") &&
        (a->partial_first < 0 || (!can_update && !imap_caps_has(caps, "CONTEXT=SEARCH"))))
        return MLA_E_UNSUPPORTED;
    return imap_search_can(&a->search, caps, imap_caps_is_rev2(caps));
}

static void encode_partial(struct imap_enc *e, const struct imap_search_cmd *a)
{
    const char *sign = a->partial_first < 0 ? "-" : "";

    imap_enc_item(e, "PARTIAL ");
    imap_enc_word(e, sign);
    imap_enc_number(e, (uint64_t)(a->partial_first < 0 ? -a->partial_first : a->partial_first));
    imap_enc_word(e, ":");
    imap_enc_word(e, sign);
    imap_enc_number(e, (uint64_t)(a->partial_last < 0 ? -a->partial_last : a->partial_last));
}

void imap_search_enc_return(struct imap_enc *e, const struct imap_search_cmd *a)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } words[] = {
        {MLA_IMAP_SEARCH_SAVE, "SAVE"},       {MLA_IMAP_SEARCH_UPDATE, "UPDATE"},
        {MLA_IMAP_SEARCH_CONTEXT, "CONTEXT"}, {MLA_IMAP_SEARCH_RELEVANCY, "RELEVANCY"},
        {MLA_IMAP_SEARCH_MIN, "MIN"},         {MLA_IMAP_SEARCH_MAX, "MAX"},
        {MLA_IMAP_SEARCH_ALL, "ALL"},         {MLA_IMAP_SEARCH_COUNT, "COUNT"},
    };

    if (a->results == 0)
        return;
    imap_enc_word(e, " RETURN ");
    imap_enc_open(e);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((a->results & words[i].bit) != 0)
            imap_enc_item(e, words[i].word);
    if ((a->results & MLA_IMAP_SEARCH_PARTIAL) != 0)
        encode_partial(e, a);
    imap_enc_close(e);
}

/* NO leaves an empty result behind and BAD the one before (RFC 5182 section 2.1): either way "$" is
 * not what the caller would take it for. */
int imap_search_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    const struct imap_search_cmd *a = c->args;

    if ((c->flags & CMD_SAVES) != 0)
        e->box.saved = d->error == 0;
    if (d->code != NULL && d->code->id == MLA_IMAP_CODE_NOUPDATE)
        c->no_update = 1;
    if ((a->results & MLA_IMAP_SEARCH_UPDATE) != 0 && d->error == 0 && !c->no_update)
        imap_context_add(e, c);
    return CMD_OVER;
}

/* --- the command --- */

static int search_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct imap_search_cmd *a = c->args;
    int rc = imap_search_fits(e, a, "ESEARCH", "CONTEXT=SEARCH");

    if (rc != 0)
        return rc;
    imap_enc_word(c->enc, (c->flags & CMD_MAY_EXPUNGE) != 0 ? "UID SEARCH" : "SEARCH");
    imap_search_enc_return(c->enc, a);
    imap_search_encode(c->enc, &a->search);
    return 0;
}

static const struct imap_cmd_def def_search = {
    .verb = "SEARCH",
    .states = IN_SELECTED,
    .flags = CMD_SEARCHES | CMD_READS,
    .encode = search_encode,
    .done = imap_search_done,
};

int imap_cmd_search(struct imap_engine *e, const mla_imap_search_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    int rc = imap_cmd_new(e, &def_search, sizeof(struct imap_search_cmd), &c);

    if (rc != 0)
        return rc;
    rc = imap_search_fill(c, c->args, in);
    return imap_cmd_queue(e, c, rc, "a key or a result is not complete or not valid", out_ticket,
                          err);
}
