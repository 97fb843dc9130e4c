/* maildrop.c - the messages of a POP3 maildrop. */
#include "maildrop.h"

#include <stdlib.h>
#include <string.h>

/* A listing without end would fill the memory: no maildrop has as many. */
enum { MOST = 5000000 };

static int add(struct maildrop *m, const mla_pop3_item *from)
{
    struct maildrop_item *item;

    if (m->count == MOST)
        return cli_fail(EXIT_PROTOCOL, "the server lists more messages than can be");
    if (m->count == m->room) {
        size_t room = m->room != 0 ? m->room * 2 : 256;

        item = room > SIZE_MAX / sizeof *item ? NULL : realloc(m->item, room * sizeof *item);
        if (item == NULL)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        m->item = item;
        m->room = room;
    }
    item = &m->item[m->count];
    memset(item, 0, sizeof *item);
    item->number = from->number;
    item->size = from->size;
    if (from->uidl.ptr != NULL && from->uidl.len > 0 &&
        memchr(from->uidl.ptr, 0, from->uidl.len) == NULL) {
        item->uidl = malloc(from->uidl.len + 1);
        if (item->uidl == NULL)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        memcpy(item->uidl, from->uidl.ptr, from->uidl.len);
        item->uidl[from->uidl.len] = 0;
    }
    m->count++;
    return 0;
}

/* LIST or UIDL: what it says is added behind what is there. */
static int read_listing(struct conn *k, struct maildrop *m, int uidl)
{
    const mla_pop3_event *ev;
    uint64_t ticket;
    int rc = (uidl ? mla_pop3_uidl : mla_pop3_list)(k->pop3, 0, &ticket);

    if (rc != 0)
        return conn_fail(k, rc, "cannot list the messages");
    while ((rc = conn_pop3_step(k, ticket, &ev)) == 1)
        for (uint32_t i = 0; i < mla_pop3_event_item_count(ev); i++) {
            int status = add(m, mla_pop3_event_item(ev, i));

            if (status != 0)
                return status;
        }
    if (uidl && (rc == MLA_E_NO || rc == MLA_E_UNSUPPORTED)) {
        k->said[0] = 0;
        return 0;
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot list the messages");
}

static int by_number(const void *a, const void *b)
{
    const struct maildrop_item *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

/* Lines about the same message become one: the size of the one, the UIDL of the other. */
static void join(struct maildrop *m)
{
    size_t kept = 0;

    if (m->count == 0)
        return;
    qsort(m->item, m->count, sizeof *m->item, by_number);
    for (size_t i = 1; i < m->count; i++) {
        struct maildrop_item *last = &m->item[kept], *item = &m->item[i];

        if (item->number != last->number) {
            m->item[++kept] = *item;
            continue;
        }
        if (item->size > last->size)
            last->size = item->size;
        if (last->uidl == NULL)
            last->uidl = item->uidl;
        else
            free(item->uidl);
    }
    m->count = kept + 1;
}

int maildrop_read(struct conn *k, struct maildrop *m)
{
    int rc;

    memset(m, 0, sizeof *m);
    rc = read_listing(k, m, 0);
    if (rc == 0)
        rc = read_listing(k, m, 1);
    join(m);
    return rc;
}

void maildrop_free(struct maildrop *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->item[i].uidl);
    free(m->item);
    memset(m, 0, sizeof *m);
}

int maildrop_find(const struct maildrop *m, const char *uidl, const struct maildrop_item **out)
{
    *out = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (m->item[i].uidl == NULL || strcmp(m->item[i].uidl, uidl) != 0)
            continue;
        if (*out != NULL)
            return cli_fail(EXIT_DATA, "%s: more than one message has this UIDL", uidl);
        *out = &m->item[i];
    }
    return *out != NULL ? 0 : cli_fail(EXIT_DATA, "%s: no message has this UIDL", uidl);
}
