/* event.c - see event.h */
#include "pop3/event.h"

#include "base/num.h"

#include <string.h>

/* Where the next octets of the block go; NULL while only counting. */
struct place {
    uint8_t *at;
    size_t need;
    int over;
};

static void place_octets(struct place *p, const void **slot, size_t len)
{
    if (*slot == NULL)
        return;
    /* an empty slice keeps a place of its own, so that it does not become NULL */
    if (!num_add(p->need, len + 1, &p->need))
        p->over = 1;
    if (p->at == NULL)
        return;
    if (len != 0)
        memcpy(p->at, *slot, len);
    p->at[len] = 0;
    *slot = p->at;
    p->at += len + 1;
}

static void place_str(struct place *p, mla_str *s)
{
    const void *slot = s->ptr;

    place_octets(p, &slot, s->len);
    s->ptr = slot;
}

/* Visits every slice of the event: with p->at NULL counts, else moves them to the block. */
static void place_all(struct place *p, struct mla_pop3_event *ev, mla_pop3_item *items)
{
    const void *slot = ev->chunk;

    for (uint32_t i = 0; i < ev->item_count; i++) {
        mla_pop3_item item = ev->items[i];

        place_str(p, &item.uidl);
        if (items != NULL)
            items[i] = item;
    }
    if (items != NULL)
        ev->items = items;
    place_octets(p, &slot, ev->chunk_len);
    ev->chunk = slot;
    place_str(p, &ev->done.code_raw);
    place_str(p, &ev->done.text);
    place_str(p, &ev->greeting.text);
    place_str(p, &ev->greeting.stamp);
    place_str(p, &ev->warning.raw);
    place_str(p, &ev->language.tag);
    place_str(p, &ev->language.text);
    place_str(p, &ev->token.json);
    place_str(p, &ev->token.status);
    place_str(p, &ev->token.scope);
    place_str(p, &ev->token.configuration);
}

int pop3_event_copy(const struct mla_pop3_event *ev, const struct mem *mem,
                    struct mla_pop3_event **out)
{
    struct mla_pop3_event copy = *ev;
    struct place p = {NULL, sizeof copy, 0};
    mla_pop3_item *items;
    uint8_t *block;
    size_t list;

    place_all(&p, &copy, NULL);
    if (p.over || !num_mul(ev->item_count, sizeof *items, &list) || !num_add(p.need, list, &p.need))
        return MLA_E_NOMEM;
    block = mem_alloc(mem, p.need);
    if (block == NULL)
        return MLA_E_NOMEM;
    items = (mla_pop3_item *)(void *)(block + sizeof copy);
    p.at = (uint8_t *)(items + ev->item_count);
    copy.mem = *mem;
    place_all(&p, &copy, items);
    *out = (struct mla_pop3_event *)(void *)block;
    **out = copy;
    return 0;
}

void pop3_event_free(struct mla_pop3_event *ev)
{
    struct mem mem;

    if (ev == NULL)
        return;
    mem = ev->mem;
    mem_free(&mem, ev);
}
