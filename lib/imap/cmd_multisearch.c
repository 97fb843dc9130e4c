/* cmd_multisearch.c - what has to do with searching and is no search of one mailbox: ESEARCH over
 * several (RFC 7377), CANCELUPDATE (RFC 5267 section 4.3.5), UIDBATCHES (RFC 10022). */
#include "imap/cmd_search.h"
#include "imap/engine.h"

#include "base/record.h"

#include <string.h>

enum { SOURCES_MAX = 1000 };

/* --- ESEARCH --- */

struct source {
    uint32_t kind;
    struct imap_box box;
};

struct multi_args {
    struct imap_search_cmd search; /* first: see imap_search_done() */
    struct source *sources;
    size_t source_count;
};

static const struct {
    const char *word; /* RFC 5465 section 6, RFC 7377 section 2.2 */
    int has_mailbox;
} source_words[] = {
    [MLA_IMAP_SOURCE_SELECTED] = {"selected", 0},
    [MLA_IMAP_SOURCE_INBOXES] = {"inboxes", 0},
    [MLA_IMAP_SOURCE_PERSONAL] = {"personal", 0},
    [MLA_IMAP_SOURCE_SUBSCRIBED] = {"subscribed", 0},
    [MLA_IMAP_SOURCE_SUBTREE] = {"subtree", 1},
    [MLA_IMAP_SOURCE_SUBTREE_ONE] = {"subtree-one", 1},
    [MLA_IMAP_SOURCE_MAILBOX] = {"mailboxes", 1},
};

static int multi_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct multi_args *a = c->args;
    int rc = imap_search_fits(e, &a->search, "MULTISEARCH", "CONTEXT=SEARCH");

    if (rc != 0)
        return rc;
    imap_enc_word(c->enc, "ESEARCH IN ");
    imap_enc_open(c->enc);
    for (size_t i = 0; i < a->source_count; i++) {
        imap_enc_item(c->enc, source_words[a->sources[i].kind].word);
        if (source_words[a->sources[i].kind].has_mailbox)
            imap_enc_box(c->enc, &a->sources[i].box);
    }
    imap_enc_close(c->enc);
    imap_search_enc_return(c->enc, &a->search);
    imap_search_encode(c->enc, &a->search.search);
    return 0;
}

static const struct imap_cmd_def def_multi = {
    .verb = "ESEARCH",
    .states = IN_AUTHENTICATED,
    .flags = CMD_SEARCHES | CMD_MULTI | CMD_READS | CMD_CAPS,
    .capability = "MULTISEARCH",
    .encode = multi_encode,
    .done = imap_search_done,
};

static int copy_source(struct imap_cmd *c, struct source *out, const mla_imap_source *in)
{
    if (in->kind == 0)
        return MLA_E_ARG;
    if (in->kind >= sizeof source_words / sizeof source_words[0])
        return MLA_E_UNSUPPORTED;
    out->kind = in->kind;
    if (in->kind == MLA_IMAP_SOURCE_SELECTED) {
        c->flags |= CMD_BOX;
        c->states = IN_SELECTED; /* RFC 7377 section 2.2 */
    }
    if (!source_words[in->kind].has_mailbox)
        return in->mailbox == NULL && in->raw_mailbox.ptr == NULL ? 0 : MLA_E_ARG;
    return imap_cmd_box(c, in->mailbox, in->raw_mailbox, &out->box);
}

static int copy_sources(struct imap_cmd *c, struct multi_args *a,
                        const mla_imap_multisearch_args *in)
{
    if (in->sources == NULL || in->source_count == 0 || in->source_count > SOURCES_MAX)
        return MLA_E_ARG;
    a->sources = arena_array(&c->arena, in->source_count, sizeof *a->sources);
    if (a->sources == NULL)
        return imap_cmd_nomem(c);
    for (; a->source_count < in->source_count; a->source_count++) {
        mla_imap_source one;
        int rc;

        rc = record_at(in->sources, a->source_count, sizeof one, sizeof one, &one);
        if (rc != 0)
            return rc;
        rc = copy_source(c, &a->sources[a->source_count], &one);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int imap_cmd_multisearch(struct imap_engine *e, const mla_imap_multisearch_args *in,
                         uint64_t *out_ticket, mla_error *err)
{
    /* of the selected mailbox alone (RFC 7377 section 2.2) */
    const uint32_t here = MLA_IMAP_SEARCH_SAVE | MLA_IMAP_SEARCH_UPDATE;
    struct imap_cmd *c;
    struct multi_args *a;
    int rc = imap_cmd_new(e, &def_multi, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    if (in->search->by_seq != 0) /* it always answers in UIDs */
        rc = MLA_E_ARG;
    if (rc == 0)
        rc = imap_search_fill(c, &a->search, in->search);
    if (rc == 0)
        rc = copy_sources(c, a, in);
    if ((a->search.results & MLA_IMAP_SEARCH_UPDATE) == 0)
        c->flags |= CMD_TAGGED; /* RFC 7377 section 2.1 */
    if (rc == 0 && (a->search.results & here) != 0 &&
        (a->source_count != 1 || a->sources[0].kind != MLA_IMAP_SOURCE_SELECTED))
        rc = MLA_E_ARG;
    return imap_cmd_queue(e, c, rc, "no mailboxes, or a key or result that is not valid",
                          out_ticket, err);
}

/* --- CANCELUPDATE --- */

struct cancel_args {
    uint64_t *tickets;
    size_t count;
};

static int cancel_encode(struct imap_engine *e, struct imap_cmd *c)
{
    struct cancel_args *a = c->args;
    size_t found = 0;

    imap_enc_word(c->enc, "CANCELUPDATE");
    for (size_t i = 0; i < a->count; i++) {
        const struct imap_context *x = imap_context_by_ticket(e, a->tickets[i]);

        if (x == NULL)
            continue;
        imap_enc_word(c->enc, " \"");
        imap_enc_word(c->enc, e->tag_prefix);
        imap_enc_number(c->enc, x->tag);
        imap_enc_word(c->enc, "\"");
        found++;
    }
    return found != 0 ? 0 : MLA_E_STATE;
}

static int cancel_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d)
{
    const struct cancel_args *a = c->args;

    for (size_t i = 0; i < a->count && d->error == 0; i++)
        imap_context_remove(e, a->tickets[i]);
    return CMD_OVER;
}

static const struct imap_cmd_def def_cancel = {
    .verb = "CANCELUPDATE",
    .states = IN_SELECTED,
    .flags = CMD_SEARCHES, /* behind the answers of the searches that it is about */
    .encode = cancel_encode,
    .done = cancel_done,
};

int imap_cmd_cancel_update(struct imap_engine *e, const uint64_t *tickets, size_t count,
                           uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct cancel_args *a;
    int rc = imap_cmd_new(e, &def_cancel, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    if (tickets == NULL || count == 0 || count > IMAP_CONTEXTS)
        rc = MLA_E_ARG;
    else
        a->tickets = arena_array(&c->arena, count, sizeof *a->tickets);
    if (rc == 0 && a->tickets == NULL)
        rc = imap_cmd_nomem(c);
    if (rc == 0) {
        memcpy(a->tickets, tickets, count * sizeof *tickets);
        a->count = count;
    }
    return imap_cmd_queue(e, c, rc, "no tickets, or too many", out_ticket, err);
}

/* --- UIDBATCHES --- */

enum { BATCH_MIN = 500, BATCHED_MAX = 100000 };

struct batches_args {
    uint32_t size;
    uint32_t first;
    uint32_t last;
};

static int batches_encode(struct imap_engine *e, struct imap_cmd *c)
{
    const struct batches_args *a = c->args;

    (void)e;
    imap_enc_word(c->enc, "UIDBATCHES ");
    imap_enc_number(c->enc, a->size);
    if (a->first == 0)
        return 0;
    imap_enc_space(c->enc);
    imap_enc_number(c->enc, a->first);
    imap_enc_word(c->enc, ":");
    imap_enc_number(c->enc, a->last);
    return 0;
}

static const struct imap_cmd_def def_batches = {
    .verb = "UIDBATCHES",
    .states = IN_SELECTED,
    .flags = CMD_MAY_EXPUNGE | CMD_READS | CMD_CAPS,
    .capability = "UIDBATCHES",
    .answers = IMAP_ANSWERS(MLA_IMAP_EV_UIDBATCHES),
    .encode = batches_encode,
};

int imap_cmd_uidbatches(struct imap_engine *e, const mla_imap_uidbatches_args *in,
                        uint64_t *out_ticket, mla_error *err)
{
    struct imap_cmd *c;
    struct batches_args *a;
    int rc = imap_cmd_new(e, &def_batches, sizeof *a, &c);

    if (rc != 0)
        return rc;
    a = c->args;
    a->size = in->size;
    a->first = in->first;
    a->last = in->last;
    /* RFC 10022 sections 3.1.3.1 and 3.1.5: what clients must not ask for */
    if (in->size < BATCH_MIN || (in->first == 0) != (in->last == 0) || in->first > in->last ||
        (in->first != 0 && in->last - in->first + 1 > BATCHED_MAX / in->size))
        rc = MLA_E_ARG;
    return imap_cmd_queue(e, c, rc,
                          "batches of less than 500 messages, of more than 100,000 in all, or from "
                          "the last to the first",
                          out_ticket, err);
}
