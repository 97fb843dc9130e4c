/* pop3_list.c - status and list of a POP3 maildrop. */
#include "pop3_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "maildrop.h"

enum { AHEAD = 16, HEADER_MAX = 1 << 20 };

static void print_count(struct out *o, const char *key, uint64_t value)
{
    if (o->json) {
        json_number(o, key, value);
        return;
    }
    out_column(o, 14, key, strlen(key));
    out_column_number(o, 0, value);
    out_end_line(o);
}

static void print_status(struct out *o, const mla_pop3_stat *s)
{
    if (o->json)
        json_begin(o);
    print_count(o, "messages", s->count);
    print_count(o, "size", s->size);
    if (o->json)
        json_end(o);
}

int pop3_status(struct conn *k)
{
    const mla_pop3_event *ev;
    uint64_t ticket;
    int rc = mla_pop3_stat_maildrop(k->pop3, &ticket);

    if (rc != 0)
        return conn_fail(k, rc, "cannot ask about the maildrop");
    while ((rc = conn_pop3_step(k, ticket, &ev)) == 1)
        if (mla_pop3_event_stat(ev) != NULL)
            print_status(&k->cli->out, mla_pop3_event_stat(ev));
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot ask about the maildrop");
}

/* --- list: the headers come by TOP, several asked for ahead of the one that is read --- */

struct reading {
    const struct maildrop *drop;
    uint64_t ticket[AHEAD]; /* of drop->item[i] at i % AHEAD */
    size_t next, oldest;
    uint8_t *header; /* of the oldest one */
    size_t len;
};

static mla_str field(const mla_part *p, const char *name)
{
    mla_str none = {NULL, 0}, key, value;
    size_t len = strlen(name);

    for (uint32_t i = 0; mla_part_header_at(p, i, &key, &value, NULL) == 0; i++) {
        size_t n = 0;

        while (n < len && n < key.len && (key.ptr[n] | 0x20) == (name[n] | 0x20))
            n++;
        if (n == len && key.len == len)
            return value;
    }
    return none;
}

static void json_addresses(struct out *o, const char *key, const mla_part *p, const char *name)
{
    mla_addresses *list;

    if (mla_part_addresses(p, name, &list) != 0)
        return;
    json_array(o, key);
    for (uint32_t i = 0; i < mla_addresses_count(list); i++)
        field_json_address(o, mla_addresses_at(list, i), 1);
    json_array_end(o);
    mla_addresses_free(list);
}

static void json_message(struct out *o, const struct maildrop_item *item, const mla_part *p)
{
    mla_str id;

    json_begin(o);
    json_number(o, "number", item->number);
    if (item->uidl != NULL)
        json_string(o, "uidl", item->uidl);
    json_number(o, "size", item->size);
    if (p != NULL) {
        field_json_text(o, "subject", field(p, "subject"));
        json_addresses(o, "from", p, "from");
        json_addresses(o, "to", p, "to");
        json_addresses(o, "cc", p, "cc");
        field_json_date(o, "date", field(p, "date"));
        id = field(p, "message-id");
        if (id.ptr != NULL)
            field_json_text(o, "message_id", id);
    }
    json_end(o);
}

static void print_message(struct out *o, const struct maildrop_item *item, const mla_part *p)
{
    char when[FIELD_TIME_SIZE] = "";
    mla_addresses *from = NULL;
    int64_t seconds;
    int32_t zone;

    out_column_number(o, 6, item->number);
    out_column(o, 24, item->uidl != NULL ? item->uidl : "",
               item->uidl != NULL ? strlen(item->uidl) : 0);
    if (p != NULL && mla_part_date(p, "date", &seconds, &zone, NULL) == 0) {
        field_time(when, seconds, zone);
        when[10] = ' ';
        when[16] = 0;
    }
    out_column(o, 16, when, strlen(when));
    out_column_number(o, 8, item->size);
    if (p != NULL && mla_part_addresses(p, "from", &from) == 0)
        field_column_decoded_address(o, 24, mla_addresses_at(from, 0));
    else
        out_column(o, 24, "", 0);
    mla_addresses_free(from);
    if (p != NULL)
        field_column_text(o, 0, field(p, "subject"));
    out_end_line(o);
}

static int print_item(struct conn *k, const struct reading *r)
{
    const struct maildrop_item *item = &r->drop->item[r->oldest];
    mla_message *m = NULL;
    const mla_part *p = NULL;

    if (r->len > 0) {
        if (mla_message_parse(NULL, NULL, r->header, r->len, &m) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        p = mla_message_root(m);
    }
    (k->cli->opt.json ? json_message : print_message)(&k->cli->out, item, p);
    mla_message_free(m);
    return 0;
}

static int queue_ahead(struct conn *k, struct reading *r)
{
    for (; r->next < r->drop->count && r->next < r->oldest + AHEAD; r->next++) {
        int rc =
            mla_pop3_top(k->pop3, r->drop->item[r->next].number, 0, &r->ticket[r->next % AHEAD]);

        if (rc != 0)
            return conn_fail(k, rc, "cannot read the headers");
    }
    return 0;
}

static int read_headers(struct conn *k, struct reading *r)
{
    int rc = 0;

    for (; rc == 0 && r->oldest < r->drop->count; r->oldest++) {
        const mla_pop3_event *ev;
        uint64_t ticket;
        int answer;

        rc = queue_ahead(k, r);
        if (rc != 0)
            return rc;
        ticket = r->ticket[r->oldest % AHEAD];
        r->len = 0;
        while ((answer = conn_pop3_step(k, ticket, &ev)) == 1) {
            size_t len;
            const uint8_t *data = mla_pop3_event_chunk(ev, &len, NULL);

            if (data == NULL || mla_pop3_event_ticket(ev) != ticket)
                continue;
            if (len > HEADER_MAX - r->len)
                len = HEADER_MAX - r->len; /* nobody reads more in a list */
            memcpy(r->header + r->len, data, len);
            r->len += len;
        }
        if (answer != 0 && answer != MLA_E_NO && answer != MLA_E_UNSUPPORTED)
            return conn_fail(k, answer, "cannot read the headers");
        if (answer != 0)
            r->len = 0; /* a server without TOP: what LIST and UIDL say is what there is */
        rc = print_item(k, r);
    }
    return rc;
}

int pop3_list(struct conn *k)
{
    struct maildrop m;
    struct reading r;
    int rc = maildrop_read(k, &m);

    memset(&r, 0, sizeof r);
    r.drop = &m;
    r.header = malloc(HEADER_MAX);
    if (rc == 0 && r.header == NULL)
        rc = cli_fail(EXIT_INTERNAL, "not enough memory");
    if (rc == 0)
        rc = read_headers(k, &r);
    free(r.header);
    maildrop_free(&m);
    return rc;
}
