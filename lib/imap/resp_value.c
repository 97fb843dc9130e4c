/* resp_value.c - an answer that is not typed, as a tree of values. */
#include "imap/resp_read.h"

/* Where the next value goes. */
struct place {
    mla_imap_value *first;
    mla_imap_value *last;   /* in the list that is open; NULL: its first is to come */
    mla_imap_value *parent; /* that list; NULL: the top */
    unsigned depth;
};

static mla_imap_value *add(struct ilex *l, struct place *at, uint32_t kind)
{
    mla_imap_value *v = ilex_alloc(l, sizeof *v);

    if (v == NULL)
        return NULL;
    v->struct_size = sizeof *v;
    v->kind = kind;
    v->parent = at->parent;
    if (at->last != NULL)
        at->last->next = v;
    else if (at->parent != NULL)
        at->parent->child = v;
    else
        at->first = v;
    if (at->parent != NULL)
        at->parent->child_count++;
    at->last = v;
    return v;
}

static int open_list(struct ilex *l, struct place *at)
{
    if (at->depth >= l->opts->depth_max)
        return ILEX_OVER;
    at->parent = add(l, at, MLA_IMAP_VALUE_LIST);
    if (at->parent == NULL)
        return ilex_no_memory(l);
    at->last = NULL;
    at->depth++;
    return 0;
}

static int close_list(struct place *at)
{
    if (at->parent == NULL)
        return ILEX_BAD;
    at->last = at->parent;
    /* The tree is ours until it is handed out: parent was made by add(). */
    at->parent = (mla_imap_value *)(uintptr_t)at->parent->parent;
    at->depth--;
    return 0;
}

static int is_number(mla_str s, uint64_t *out)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';

        if (digit > 9 || n > (UINT64_MAX - digit) / 10)
            return 0;
        n = n * 10 + digit;
    }
    *out = n;
    return 1;
}

static int read_word(struct ilex *l, struct place *at)
{
    mla_imap_value *v;
    mla_str s;
    int is_nil = ilex_take_nil(l);

    if (!is_nil && !ilex_atom(l, &s))
        return ILEX_BAD;
    v = add(l, at, is_nil ? MLA_IMAP_VALUE_NIL : MLA_IMAP_VALUE_ATOM);
    if (v == NULL)
        return ilex_no_memory(l);
    if (is_nil)
        return 0;
    v->text = s;
    if (is_number(s, &v->number))
        v->kind = MLA_IMAP_VALUE_NUMBER;
    return 0;
}

static int read_string(struct ilex *l, struct place *at)
{
    mla_imap_value *v;
    mla_str s;
    int rc = ilex_string(l, &s);

    if (rc != 0)
        return rc;
    v = add(l, at, MLA_IMAP_VALUE_STRING);
    if (v == NULL)
        return ilex_no_memory(l);
    v->text = s;
    return 0;
}

int imap_read_values(struct ilex *l, const mla_imap_value **out)
{
    struct place at = {NULL, NULL, NULL, 0};
    int rc = 0;

    *out = NULL;
    while (rc == 0 && !ilex_at_end(l)) {
        if (ilex_take(l, ' '))
            continue;
        if (ilex_take(l, '('))
            rc = open_list(l, &at);
        else if (ilex_take(l, ')'))
            rc = close_list(&at);
        else if (*l->p == '"' || *l->p == '{' || (*l->p == '~' && l->p[1] == '{'))
            rc = read_string(l, &at);
        else
            rc = read_word(l, &at);
    }
    if (rc == 0 && at.parent != NULL)
        rc = ILEX_BAD;
    if (rc == 0)
        *out = at.first;
    return rc;
}

int imap_read_other(struct ilex *l, const uint8_t *from, struct mla_imap_event *ev)
{
    const mla_imap_value *first;
    int rc;

    l->p = from;
    rc = imap_read_values(l, &first);
    if (rc == MLA_E_NOMEM)
        return rc;
    if (rc != 0)
        ilex_warn(l, ilex_warning_of(rc), from);
    ev->type = MLA_IMAP_EV_OTHER;
    ev->record = first;
    return 0;
}
