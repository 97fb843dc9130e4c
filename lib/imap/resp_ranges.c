/* resp_ranges.c - sets of message numbers and UIDs, kept as ranges and never expanded. */
#include "imap/resp_read.h"

void ilex_ranges_init(struct ilex_ranges *r)
{
    r->items = r->first;
    r->count = 0;
    r->room = sizeof r->first / sizeof r->first[0];
}

int ilex_ranges_add(struct ilex *l, struct ilex_ranges *r, mla_range range)
{
    if (r->count == r->room) {
        mla_range *items = arena_array(l->arena, r->room * 4, sizeof *items);

        if (items == NULL)
            return ilex_no_memory(l);
        memcpy(items, r->items, r->count * sizeof *items);
        r->items = items;
        r->room *= 4;
    }
    r->items[r->count++] = range;
    return 0;
}

int ilex_ranges_join(struct ilex *l, struct ilex_ranges *r, mla_range range)
{
    mla_range *last = r->count > 0 ? &r->items[r->count - 1] : NULL;

    if (last != NULL && last->first <= last->last && range.first <= range.last &&
        last->last != UINT32_MAX && range.first == last->last + 1) {
        last->last = range.last;
        return 0;
    }
    return ilex_ranges_add(l, r, range);
}

int ilex_ranges_done(struct ilex *l, struct ilex_ranges *r, const mla_range **out,
                     size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    if (r->count == 0)
        return 0;
    if (r->items == r->first) {
        mla_range *items = arena_array(l->arena, r->count, sizeof *items);

        if (items == NULL)
            return ilex_no_memory(l);
        memcpy(items, r->first, r->count * sizeof *items);
        r->items = items;
    }
    *out = r->items;
    *out_count = r->count;
    return 0;
}

/* nz-number (RFC 9051 section 9). */
static int nz_number(struct ilex *l, uint32_t *out)
{
    uint64_t v = 0;
    int rc = ilex_number(l, UINT32_MAX, &v);

    if (rc == 0 && v == 0)
        rc = ILEX_RANGE;
    *out = (uint32_t)v;
    return rc;
}

int ilex_range(struct ilex *l, mla_range *out)
{
    int rc = nz_number(l, &out->first);
    int rc2;

    if (rc == ILEX_BAD)
        return rc;
    out->last = out->first;
    if (*l->p != ':')
        return rc;
    l->p++;
    rc2 = nz_number(l, &out->last);
    return rc2 == ILEX_BAD || rc == 0 ? rc2 : rc;
}

int ilex_set(struct ilex *l, const mla_range **out, size_t *out_count)
{
    struct ilex_ranges r;
    int rc;

    ilex_ranges_init(&r);
    do {
        mla_range range;

        rc = ilex_range(l, &range);
        if (rc == 0)
            rc = ilex_ranges_add(l, &r, range);
    } while (rc == 0 && ilex_take(l, ','));
    return rc != 0 ? rc : ilex_ranges_done(l, &r, out, out_count);
}

/* --- items of any size --- */

void ilex_list_init(struct ilex_list *list, size_t size)
{
    list->items = NULL;
    list->count = list->room = 0;
    list->size = size;
}

int ilex_list_add(struct ilex *l, struct ilex_list *list, const void *item)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 8 : list->room * 4;
        char *items = arena_array(l->arena, room, list->size);

        if (items == NULL)
            return ilex_no_memory(l);
        if (list->count != 0)
            memcpy(items, list->items, list->count * list->size);
        list->items = items;
        list->room = room;
    }
    memcpy(list->items + list->count * list->size, item, list->size);
    list->count++;
    return 0;
}
