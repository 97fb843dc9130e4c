/* resp_thread.c - THREAD (RFC 5256 section 4): a forest, flat and in pieces, without recursion.
 *
 * "(2)(3 6 (4 23)(44 7 96))": messages that follow each other are parent and child; parentheses
 * behind a message hold its further children. "((3)(5))": 3 and 5 have a parent that is not there,
 * told as number 0. */
#include "imap/resp_numbers.h"

static int is_word_end(const struct imap_run *r, const uint8_t *p)
{
    return p >= r->l->end || *p == ' ' || *p == '(' || *p == ')';
}

static int add_item(struct imap_run *r, struct ilex_list *t, uint32_t number)
{
    struct imap_batch_thread *at = &r->state->thread;
    mla_imap_thread_item item;
    int rc;

    if (r->state->count == UINT32_MAX)
        return ILEX_OVER;
    r->state->count++;
    item.number = number;
    item.depth = at->depth;
    item.parent = at->parent;
    item.root = at->depth == 0 ? (uint32_t)r->state->count : at->root;
    rc = ilex_list_add(r->l, t, &item);
    at->root = item.root;
    at->parent = (uint32_t)r->state->count;
    at->depth++;
    return rc;
}

static void to_top(struct imap_batch_thread *at)
{
    at->depth = at->parent = at->root = 0;
}

static int open_group(struct imap_run *r, struct ilex_list *t)
{
    struct imap_batch_thread *at = &r->state->thread;
    int rc = 0;

    if (at->just_opened)
        rc = add_item(r, t, 0);
    at->just_opened = 1;
    if (at->open == IMAP_THREAD_NESTING) { /* what is deeper still hangs below the last message */
        if (at->over++ == 0)
            ilex_warn(r->l, MLA_IMAP_WARN_LIMIT, r->l->p - 1);
        return rc;
    }
    at->stack[at->open].parent = at->parent;
    at->stack[at->open].depth = at->depth;
    at->stack[at->open].root = at->root;
    at->open++;
    return rc;
}

static void close_group(struct imap_run *r)
{
    struct imap_batch_thread *at = &r->state->thread;

    at->just_opened = 0;
    if (at->over > 0) {
        at->over--;
    } else if (at->open > 0) {
        at->open--;
        at->parent = at->stack[at->open].parent;
        at->depth = at->stack[at->open].depth;
        at->root = at->stack[at->open].root;
    } else {
        ilex_warn(r->l, MLA_IMAP_WARN_SYNTAX, r->l->p - 1);
    }
}

/* A word that is no number costs only itself. */
static int take_member(struct imap_run *r, struct ilex_list *t)
{
    struct ilex *l = r->l;
    const uint8_t *from = l->p;
    uint64_t v = 0;
    int rc = ilex_number(l, UINT32_MAX, &v);

    if (rc != 0 || v == 0 || !is_word_end(r, l->p)) {
        if (l->p == from)
            l->p++;
        while (!is_word_end(r, l->p))
            l->p++;
        r->state->dropped++;
        ilex_warn(l, MLA_IMAP_WARN_RANGE, from);
        return 0;
    }
    rc = add_item(r, t, (uint32_t)v);
    r->state->thread.just_opened = 0;
    if (r->state->thread.open == 0) /* outside of all parentheses: a thread of its own */
        to_top(&r->state->thread);
    return rc;
}

static int run_items(struct imap_run *r, struct ilex_list *t)
{
    struct ilex *l = r->l;
    int rc = 0;

    while (rc == 0 && l->p < r->limit && t->count < r->max) {
        switch (*l->p) {
        case ' ':
            l->p++;
            break;
        case '(':
            l->p++;
            rc = open_group(r, t);
            break;
        case ')':
            l->p++;
            close_group(r);
            break;
        default:
            rc = take_member(r, t);
            break;
        }
    }
    return rc;
}

int imap_run_thread(struct imap_run *r, int head, struct mla_imap_event *ev)
{
    struct ilex *l = r->l;
    mla_imap_thread *record = ilex_alloc(l, sizeof *record);
    struct ilex_list t;
    int rc;

    if (record == NULL)
        return ilex_no_memory(l);
    if (head)
        memset(&r->state->thread, 0, offsetof(struct imap_batch_thread, stack));
    ilex_list_init(&t, sizeof(mla_imap_thread_item));
    rc = run_items(r, &t);
    if (rc != 0)
        return rc;
    record->items = (const mla_imap_thread_item *)(const void *)t.items;
    record->item_count = t.count;
    record->struct_size = sizeof *record;
    record->is_uid = l->opts->search_uid != 0;
    record->is_last = r->complete && l->p >= l->end;
    ev->record = record;
    ev->type = MLA_IMAP_EV_THREAD;
    return 0;
}
