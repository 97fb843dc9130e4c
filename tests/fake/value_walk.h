/* value_walk.h - through a tree of values, depth first, by its links alone. */
#ifndef VALUE_WALK_H
#define VALUE_WALK_H

#include "mailaccess/imap_command_types.h"

#include <stddef.h>

/* The value behind v, NULL: it was the last. *out_closed: how many lists end between the two. */
static inline const mla_imap_value *value_next(const mla_imap_value *v, unsigned *out_closed)
{
    *out_closed = 0;
    if (v->kind == MLA_IMAP_VALUE_LIST) {
        if (v->child != NULL)
            return v->child;
        ++*out_closed;
    }
    while (v->next == NULL) {
        v = v->parent;
        if (v == NULL)
            return NULL;
        ++*out_closed;
    }
    return v->next;
}

#endif
