/* pop3_list.c - status and list of a POP3 maildrop. */
#include "pop3_list.h"

#include <string.h>

#include "fields.h"
#include "maildrop.h"

int pop3_status(struct conn *k)
{
    struct out *o = &k->cli->out;
    const mla_pop3_event *ev;
    uint64_t ticket;
    int rc = mla_pop3_stat_maildrop(k->pop3, &ticket);

    while (rc == 0 || rc == 1) {
        const mla_pop3_stat *s;

        rc = conn_pop3_step(k, ticket, &ev);
        s = rc == 1 ? mla_pop3_event_stat(ev) : NULL;
        if (rc != 1)
            break;
        if (s == NULL)
            continue;
        if (o->json) {
            json_begin(o);
            json_number(o, "messages", s->count);
            json_number(o, "size", s->size);
            json_end(o);
            continue;
        }
        out_column(o, 14, "messages", 8);
        out_column_number(o, 0, s->count);
        out_end_line(o);
        out_column(o, 14, "size", 4);
        out_column_number(o, 0, s->size);
        out_end_line(o);
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot ask about the maildrop");
}

int pop3_list(struct conn *k)
{
    struct out *o = &k->cli->out;
    struct maildrop m;
    int rc = maildrop_read(k, &m);

    for (size_t i = 0; i < m.count && rc == 0; i++) {
        json_begin(o);
        json_number(o, "number", m.item[i].number);
        json_end(o);
    }
    maildrop_free(&m);
    return rc;
}
