/* cmd_sort.c - SORT and THREAD and their UID forms (RFC 5256, RFC 5267 section 3). */
#include "imap/cmd_search.h"

#include "base/record.h"

#include "imap/engine.h"

#include <string.h>

enum { ORDER_MAX = 64 };

struct sort_key {
    uint32_t by;
    uint32_t reverse;
    uint32_t scope;
    mla_str entry;
};

struct sort_args {
    struct imap_search_cmd search; /* first: imap_search_done() and others look there */
    struct sort_key *order;
    size_t order_count;
};

static const struct {
    const char *word;
    const char *capability; /* beside SORT; NULL: none */
} criteria[] = {
    [MLA_IMAP_SORT_ARRIVAL] = {"ARRIVAL", NULL},
    [MLA_IMAP_SORT_CC] = {"CC", NULL},
    [MLA_IMAP_SORT_DATE] = {"DATE", NULL},
    [MLA_IMAP_SORT_FROM] = {"FROM", NULL},
    [MLA_IMAP_SORT_SIZE] = {"SIZE", NULL},
    [MLA_IMAP_SORT_SUBJECT] = {"SUBJECT", NULL},
    [MLA_IMAP_SORT_TO] = {"TO", NULL},
    [MLA_IMAP_SORT_DISPLAYFROM] = {"DISPLAYFROM", "SORT=DISPLAY"},
    [MLA_IMAP_SORT_DISPLAYTO] = {"DISPLAYTO", "SORT=DISPLAY"},
    [MLA_IMAP_SORT_RELEVANCY] = {"RELEVANCY", "SEARCH=FUZZY"},
    [MLA_IMAP_SORT_ANNOTATION] = {"ANNOTATION", "ANNOTATE-EXPERIMENT-1"},
};

/* --- SORT --- */

static void encode_order(struct imap_enc *e, const struct sort_args *a)
{
    imap_enc_open(e);
    for (size_t i = 0; i < a->order_count; i++) {
        const struct sort_key *k = &a->order[i];

        if (k->reverse)
            imap_enc_item(e, "REVERSE");
        imap_enc_item(e, criteria[k->by].word);
        if (k->by != MLA_IMAP_SORT_ANNOTATION)
            continue;
        imap_enc_space(e); /* RFC 5257 section 4.7 */
        imap_enc_string(e, k->entry);
        imap_enc_word(e, k->scope == MLA_IMAP_KEY_SCOPE_PRIVATE ? " value.priv" : " value.shared");
    }
    imap_enc_close(e);
}

static int sort_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct sort_args *a = c->args;
    int rc = imap_search_fits(e, &a->search, "ESORT", "CONTEXT=SORT");

    for (size_t i = 0; i < a->order_count && rc == 0; i++)
        if (criteria[a->order[i].by].capability != NULL &&
            !imap_caps_has(&e->caps, criteria[a->order[i].by].capability))
            rc = MLA_E_UNSUPPORTED;
    /* RFC 5957 section 3: SORT=DISPLAY is announced beside SORT */
    if (rc == 0 && !imap_caps_has(&e->caps, "SORT") && !imap_caps_has(&e->caps, "SORT=DISPLAY"))
        rc = MLA_E_UNSUPPORTED;
    if (rc != 0)
        return rc;
    imap_enc_word(c->enc, (c->flags & CMD_MAY_EXPUNGE) != 0 ? "UID SORT" : "SORT");
    imap_search_enc_return(c->enc, &a->search);
    imap_enc_space(c->enc);
    encode_order(c->enc, a);
    imap_search_encode_ordered(c->enc, &a->search.search);
    return 0;
}

static const struct imap_cmd_def def_sort = {
    .verb = "SORT",
    .states = IN_SELECTED,
    .flags = CMD_SEARCHES | CMD_SORTS | CMD_READS | CMD_CAPS,
    .encode = sort_encode,
    .done = imap_search_done,
};

static int check_key(const mla_imap_sort_key *k, const struct sort_args *a)
{
    const int has_scope =
        k->scope == MLA_IMAP_KEY_SCOPE_PRIVATE || k->scope == MLA_IMAP_KEY_SCOPE_SHARED;

    if (k->by == 0)
        return MLA_E_ARG;
    if (k->by >= sizeof criteria / sizeof criteria[0])
        return MLA_E_UNSUPPORTED;
    if (k->by == MLA_IMAP_SORT_RELEVANCY && (a->search.search.needs & SEARCH_NEEDS_FUZZY) == 0)
        return MLA_E_ARG; /* RFC 6203 section 6 */
    if (k->by != MLA_IMAP_SORT_ANNOTATION)
        return k->scope == 0 && k->entry.len == 0 ? 0 : MLA_E_ARG;
    return has_scope && k->entry.len != 0 && k->entry.ptr != NULL && imap_enc_is_ascii(k->entry)
               ? 0
               : MLA_E_ARG;
}

static int copy_order(struct imap_cmd *c, struct sort_args *a, const mla_imap_sort_args *in)
{
    if (in->order == NULL || in->order_count == 0 || in->order_count > ORDER_MAX)
        return MLA_E_ARG;
    a->order = arena_array(&c->arena, in->order_count, sizeof *a->order);
    if (a->order == NULL)
        return imap_cmd_nomem(c);
    for (; a->order_count < in->order_count; a->order_count++) {
        struct sort_key *out = &a->order[a->order_count];
        mla_imap_sort_key one;
        int rc;

        rc = record_at(in->order, a->order_count, sizeof one, sizeof one, &one);
        if (rc != 0)
            return rc;
        rc = check_key(&one, a);
        if (rc != 0)
            return rc;
        out->by = one.by;
        out->reverse = one.reverse;
        out->scope = one.scope;
        rc = imap_cmd_str(c, one.entry, &out->entry);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int imap_cmd_sort(struct imap_engine *e, const mla_imap_sort_args *in, uint64_t *out_ticket,
                  mla_error *err)
{
    struct imap_cmd *c;
    struct sort_args *a;
    int rc = imap_cmd_new(e, &def_sort, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    rc = imap_search_fill(c, &a->search, in->search);
    if (rc == 0)
        rc = copy_order(c, a, in);
    return imap_cmd_queue(e, c, rc, "no order, or a criterion, key or result that is not valid",
                          out_ticket, err);
}

/* --- THREAD --- */

struct thread_args {
    struct imap_search_cmd search;
    uint32_t algorithm;
};

static const struct {
    const char *word;
    const char *capability;
} algorithms[] = {
    [MLA_IMAP_THREAD_REFERENCES] = {" REFERENCES", "THREAD=REFERENCES"},
    [MLA_IMAP_THREAD_ORDEREDSUBJECT] = {" ORDEREDSUBJECT", "THREAD=ORDEREDSUBJECT"},
    [MLA_IMAP_THREAD_REFS] = {" REFS", "THREAD=REFS"},
};

static int thread_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct thread_args *a = c->args;

    if (!imap_caps_has(&e->caps, algorithms[a->algorithm].capability) ||
        imap_search_can(&a->search.search, &e->caps, imap_caps_is_rev2(&e->caps)) != 0)
        return MLA_E_UNSUPPORTED;
    imap_enc_word(c->enc, (c->flags & CMD_MAY_EXPUNGE) != 0 ? "UID THREAD" : "THREAD");
    imap_enc_word(c->enc, algorithms[a->algorithm].word);
    imap_search_encode_ordered(c->enc, &a->search.search);
    return 0;
}

static const struct imap_cmd_def def_thread = {
    .verb = "THREAD",
    .states = IN_SELECTED,
    .flags = CMD_SEARCHES | CMD_READS | CMD_CAPS,
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_THREAD),
    .encode = thread_encode,
};

int imap_cmd_thread(struct imap_engine *e, const mla_imap_thread_args *in, uint64_t *out_ticket,
                    mla_error *err)
{
    struct imap_cmd *c;
    struct thread_args *a;
    int rc = imap_cmd_new(e, &def_thread, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->algorithm = in->algorithm;
    if (in->algorithm >= sizeof algorithms / sizeof algorithms[0])
        rc = MLA_E_UNSUPPORTED;
    else if (in->search->results != 0)
        rc = MLA_E_ARG;
    else
        rc = imap_search_fill(c, &a->search, in->search);
    return imap_cmd_queue(e, c, rc, "a key is not complete or not valid, or results are asked for",
                          out_ticket, err);
}
