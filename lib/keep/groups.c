/* groups.c - see groups.h */
#include "keep/groups.h"

#include <string.h>

void groups_init(struct groups *g, const struct mem *mem)
{
    memset(g, 0, sizeof *g);
    g->mem = mem;
}

static void drop_head(struct groups *g)
{
    struct group *head = g->head;

    for (int i = 0; i < NEWS_KINDS; i++)
        mem_free(g->mem, head->runs[i].at);
    g->head = head->next;
    if (g->head == NULL)
        g->tail = NULL;
    mem_free(g->mem, head);
}

void groups_clear(struct groups *g)
{
    while (g->head != NULL)
        drop_head(g);
}

static int runs_add(const struct mem *mem, struct runs *r, uint32_t first, uint32_t last)
{
    mla_range *end = r->count != 0 ? &r->at[r->count - 1] : NULL;

    if (end != NULL && first >= end->first && last <= end->last)
        return 0; /* told again */
    r->messages += (uint64_t)last - first + 1;
    if (end != NULL && first != 0 && end->last == first - 1) {
        end->last = last;
        return 0;
    }
    if (r->count == r->cap) {
        size_t cap = r->cap != 0 ? r->cap * 2 : 4;
        mla_range *at = mem_resize_array(mem, r->at, cap, sizeof *at);

        if (at == NULL)
            return MLA_E_NOMEM;
        r->at = at;
        r->cap = cap;
    }
    r->at[r->count].first = first;
    r->at[r->count].last = last;
    r->count++;
    return 0;
}

int groups_add(struct groups *g, int kind, uint32_t first, uint32_t last)
{
    struct group *tail = g->tail;

    if (tail == NULL || (kind == NEWS_GONE && (tail->runs[NEWS_NEW].count != 0 ||
                                               tail->runs[NEWS_CHANGED].count != 0))) {
        tail = mem_zero(g->mem, sizeof *tail);
        if (tail == NULL)
            return MLA_E_NOMEM;
        if (g->tail != NULL)
            g->tail->next = tail;
        else
            g->head = tail;
        g->tail = tail;
    }
    return runs_add(g->mem, &tail->runs[kind], first, last);
}

int groups_any(const struct groups *g)
{
    for (const struct group *at = g->head; at != NULL; at = at->next)
        for (int i = 0; i < NEWS_KINDS; i++)
            if (at->runs[i].count != 0)
                return 1;
    return 0;
}

int groups_next(struct groups *g, int *out_kind, struct runs *out)
{
    while (g->head != NULL) {
        for (int i = 0; i < NEWS_KINDS; i++) {
            struct runs *r = &g->head->runs[i];

            if (r->count == 0)
                continue;
            *out_kind = i;
            *out = *r;
            memset(r, 0, sizeof *r);
            return 1;
        }
        drop_head(g);
    }
    return 0;
}
