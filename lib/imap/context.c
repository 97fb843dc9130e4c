/* context.c - see context.h */
#include "imap/context.h"

#include "base/ascii.h"
#include "base/num.h"
#include "imap/engine.h"

#include <string.h>

int imap_context_is_tag(const struct imap_engine *e, uint64_t tag, const struct mla_str *text)
{
    char own[IMAP_TAG_PREFIX + NUM_U64_DIGITS];
    size_t n = strlen(e->tag_prefix);

    memcpy(own, e->tag_prefix, n);
    n += num_format(own + n, tag);
    return text->ptr != NULL && ascii_equal(own, n, text->ptr, text->len);
}

int imap_context_room(struct imap_engine *e)
{
    struct imap_contexts *all = &e->box.contexts;

    if (all->items == NULL)
        all->items = mem_array(e->port.mem, IMAP_CONTEXTS, sizeof *all->items);
    return all->items != NULL ? 0 : MLA_E_NOMEM;
}

void imap_context_add(struct imap_engine *e, const struct imap_cmd *c)
{
    struct imap_contexts *all = &e->box.contexts;

    if (e->box.name == NULL || all->count == IMAP_CONTEXTS || imap_context_room(e) != 0)
        return;
    all->items[all->count].tag = c->tag;
    all->items[all->count].ticket = c->ticket;
    all->items[all->count].is_uid = (c->flags & CMD_MAY_EXPUNGE) != 0;
    all->count++;
}

const struct imap_context *imap_context_by_tag(const struct imap_engine *e,
                                               const struct mla_str *tag)
{
    const struct imap_contexts *all = &e->box.contexts;

    for (size_t i = 0; i < all->count; i++)
        if (imap_context_is_tag(e, all->items[i].tag, tag))
            return &all->items[i];
    return NULL;
}

const struct imap_context *imap_context_by_ticket(const struct imap_engine *e, uint64_t ticket)
{
    const struct imap_contexts *all = &e->box.contexts;

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].ticket == ticket)
            return &all->items[i];
    return NULL;
}

void imap_context_remove(struct imap_engine *e, uint64_t ticket)
{
    struct imap_contexts *all = &e->box.contexts;
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].ticket != ticket)
            all->items[kept++] = all->items[i];
    all->count = kept;
}

uint64_t imap_context_refuse(struct imap_engine *e, const struct mla_str *tag)
{
    struct imap_cmd *c = imap_queue_by_text(e, tag);
    const struct imap_context *x = imap_context_by_tag(e, tag);
    uint64_t ticket = x != NULL ? x->ticket : 0;

    if (x != NULL) {
        imap_context_remove(e, ticket);
    } else if (c != NULL && (c->flags & CMD_SEARCHES) != 0) {
        c->no_update = 1;
        ticket = c->ticket;
    }
    return ticket;
}
