/* cmd_list.c - status, list and search. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "connect.h"
#include "fields.h"
#include "find.h"
#include "list_order.h"
#include "pop3_list.h"

/* An IMAP URL without a mailbox means the inbox here. */
static const char *mailbox_of(const struct conn *k)
{
    return k->url.mailbox != NULL ? k->url.mailbox : "INBOX";
}

/* --- status --- */

static void print_count(struct out *o, const char *key, uint64_t value, int known)
{
    if (!known)
        return;
    if (o->json) {
        json_number(o, key, value);
        return;
    }
    out_column(o, 14, key, strlen(key));
    out_column_number(o, 0, value);
    out_end_line(o);
}

static void print_status(struct out *o, const mla_imap_status *s)
{
    uint32_t f = s->fields;

    if (o->json)
        json_begin(o);
    print_count(o, "messages", s->messages, (f & MLA_IMAP_STATUS_MESSAGES) != 0);
    print_count(o, "unseen", s->unseen, (f & MLA_IMAP_STATUS_UNSEEN) != 0);
    print_count(o, "uidnext", s->uidnext, (f & MLA_IMAP_STATUS_UIDNEXT) != 0);
    print_count(o, "uidvalidity", s->uidvalidity, (f & MLA_IMAP_STATUS_UIDVALIDITY) != 0);
    print_count(o, "highestmodseq", s->highestmodseq, (f & MLA_IMAP_STATUS_HIGHESTMODSEQ) != 0);
    print_count(o, "size", s->size, (f & MLA_IMAP_STATUS_SIZE) != 0);
    if (o->json)
        json_end(o);
}

static int imap_status(struct conn *k)
{
    const mla_imap_event *ev;
    mla_imap_status_args args;
    uint64_t ticket;
    int rc, came = 0;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mailbox = mailbox_of(k);
    args.items = MLA_IMAP_STATUS_MESSAGES | MLA_IMAP_STATUS_UNSEEN | MLA_IMAP_STATUS_UIDNEXT |
                 MLA_IMAP_STATUS_UIDVALIDITY | MLA_IMAP_STATUS_SIZE | MLA_IMAP_STATUS_HIGHESTMODSEQ;
    rc = mla_imap_status_mailbox(k->imap, &args, &ticket);
    while (rc == 0 || rc == 1) {
        rc = conn_imap_step(k, ticket, &ev);
        if (rc != 1)
            break;
        if (mla_imap_event_status(ev) != NULL && !came) {
            print_status(&k->cli->out, mla_imap_event_status(ev));
            came = 1;
        }
    }
    if (rc != 0)
        return conn_fail(k, rc, "cannot ask about %s", mailbox_of(k));
    return came ? 0 : cli_fail(EXIT_PROTOCOL, "the server said nothing about %s", mailbox_of(k));
}

int cmd_status(struct cli *c)
{
    struct conn k;
    int rc = conn_open(&k, c, CONN_ANY);

    if (rc == 0)
        rc = k.imap != NULL ? imap_status(&k) : pop3_status(&k);
    conn_close(&k);
    return rc;
}

/* --- list --- */

static void json_flags(struct out *o, const mla_imap_fetch *f)
{
    json_array(o, "flags");
    for (uint32_t i = 0; i < f->word_count; i++)
        json_text(o, NULL, f->words[i].ptr, f->words[i].len);
    json_array_end(o);
}

static void json_message(struct out *o, const mla_imap_fetch *f, const struct list_place *place)
{
    const mla_imap_envelope *e = f->envelope;
    char when[FIELD_TIME_SIZE];

    json_begin(o);
    json_number(o, "uid", f->uid);
    json_number(o, "seq", f->seq);
    if (f->fields & MLA_IMAP_ITEM_SIZE)
        json_number(o, "size", f->size);
    if (f->fields & MLA_IMAP_ITEM_INTERNALDATE) {
        field_time(when, f->internal_date, f->internal_zone);
        json_string(o, "internal_date", when);
    }
    if (f->fields & MLA_IMAP_ITEM_FLAGS)
        json_flags(o, f);
    if (e != NULL) {
        field_json_text(o, "subject", e->subject);
        field_json_addresses(o, "from", e->from, e->from_count);
        field_json_addresses(o, "to", e->to, e->to_count);
        field_json_addresses(o, "cc", e->cc, e->cc_count);
        field_json_date(o, "date", e->date);
        field_json_plain(o, "message_id", e->message_id);
    }
    if (f->fields & MLA_IMAP_ITEM_MODSEQ)
        json_number(o, "modseq", f->modseq);
    if (place != NULL) {
        json_number(o, "depth", place->depth);
        if (place->parent != 0)
            json_number(o, "parent", place->parent);
    }
    json_end(o);
}

static void print_message(struct out *o, const mla_imap_fetch *f, const struct list_place *place)
{
    const mla_imap_envelope *e = f->envelope;
    char flags[6] = "     ", when[FIELD_TIME_SIZE];

    flags[0] = f->flags & MLA_IMAP_FLAG_SEEN ? ' ' : 'N';
    flags[1] = f->flags & MLA_IMAP_FLAG_ANSWERED ? 'A' : ' ';
    flags[2] = f->flags & MLA_IMAP_FLAG_FLAGGED ? 'F' : ' ';
    flags[3] = f->flags & MLA_IMAP_FLAG_DELETED ? 'D' : ' ';
    flags[4] = f->flags & MLA_IMAP_FLAG_DRAFT ? 'd' : ' ';
    out_column_number(o, 6, f->uid);
    out_column(o, 5, flags, 5);
    field_time(when, f->internal_date, f->internal_zone);
    when[10] = ' ';
    out_column(o, 16, when, f->fields & MLA_IMAP_ITEM_INTERNALDATE ? 16 : 0);
    out_column_number(o, 8, f->size);
    field_column_address(o, 24, e != NULL ? e->from : NULL, e != NULL ? e->from_count : 0);
    if (place != NULL && place->depth > 0)
        out_column(o, place->depth < 20 ? 2 * place->depth : 40, "", 0);
    if (e != NULL)
        field_column_text(o, 0, e->subject);
    out_end_line(o);
}

void list_message(struct out *o, const mla_imap_fetch *f, const struct list_place *place)
{
    (o->json ? json_message : print_message)(o, f, place);
}

void list_items(const struct conn *k, mla_imap_fetch_args *out)
{
    out->struct_size = sizeof *out;
    out->items = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS | MLA_IMAP_ITEM_SIZE |
                 MLA_IMAP_ITEM_INTERNALDATE | MLA_IMAP_ITEM_ENVELOPE;
    if (mla_imap_has_capability(k->imap, "CONDSTORE") ||
        mla_imap_has_capability(k->imap, "QRESYNC"))
        out->items |= MLA_IMAP_ITEM_MODSEQ;
}

static int imap_list(struct conn *k, const mla_range *ranges, size_t count)
{
    const mla_imap_event *ev;
    mla_imap_fetch_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    list_items(k, &args);
    args.ranges = ranges;
    args.range_count = count;
    rc = mla_imap_fetch_msgs(k->imap, &args, &ticket);
    if (rc != 0)
        return conn_fail(k, rc, "cannot list the messages");
    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_fetch *f = mla_imap_event_fetch(ev);

        /* Others report changed flags only: what was asked for has a size. */
        if (f != NULL && f->uid != 0 && (f->fields & MLA_IMAP_ITEM_SIZE) != 0)
            list_message(&k->cli->out, f, NULL);
    }
    /* Some servers take no "1:*" where there is nothing. */
    if (rc == MLA_E_BAD && mla_imap_selected(k->imap) != NULL && mla_imap_exists(k->imap) == 0)
        return 0;
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot list the messages");
}

static int imap_list_command(struct conn *k)
{
    const mla_range all = {1, 0};
    struct set found = {NULL, 0, 0};
    int rc = conn_select_ahead(k, mailbox_of(k), 1);

    if (rc == 0 && (k->cli->opt.sort != NULL || k->cli->opt.thread)) {
        struct list_order order;

        rc = list_order_ask(k, k->cli->args + 1, k->cli->arg_count - 1, &order);
        if (rc == 0)
            rc = list_order_print(k, &order);
        list_order_free(&order);
        if (rc != -1)
            return rc;
        rc = 0;
    }
    if (rc == 0 && k->cli->arg_count > 1) {
        rc = find_by_words(k, k->cli->args + 1, k->cli->arg_count - 1, &found);
        if (rc == 0 && found.count > 0)
            rc = imap_list(k, found.ranges, found.count);
    } else if (rc == 0) {
        rc = imap_list(k, &all, 1);
    }
    set_free(&found);
    return rc;
}

int cmd_list(struct cli *c)
{
    struct conn k;
    int rc = c->arg_count > 1 ? find_check(c) : 0;

    if (rc == 0)
        rc = list_order_check(c);
    if (rc != 0)
        return rc;
    rc = conn_open(&k, c, CONN_ANY);
    if (rc == 0 && k.pop3 != NULL && c->arg_count > 1)
        rc = cli_fail(EXIT_USAGE, "list: POP3 cannot search");
    if (rc == 0 && k.pop3 != NULL && (c->opt.sort != NULL || c->opt.thread))
        rc = cli_fail(EXIT_UNAVAILABLE, "list: POP3 can neither sort nor make threads");
    if (rc == 0)
        rc = k.imap != NULL ? imap_list_command(&k) : pop3_list(&k);
    conn_close(&k);
    return rc;
}

/* --- search --- */

static void print_uid(struct out *o, uint32_t uid)
{
    if (o->json) {
        json_begin(o);
        json_number(o, "uid", uid);
        json_end(o);
    } else {
        out_column_number(o, 0, uid);
        out_end_line(o);
    }
}

/* A range may be a lie of the server's: no more UIDs than the mailbox has messages. */
static int print_uids(struct conn *k, const struct set *s)
{
    if (find_count(s) > mla_imap_exists(k->imap))
        return cli_fail(EXIT_PROTOCOL, "the server found more messages than there are");
    for (size_t i = 0; i < s->count; i++)
        for (uint32_t uid = s->ranges[i].first;; uid++) {
            print_uid(&k->cli->out, uid);
            if (uid == s->ranges[i].last)
                break;
        }
    return 0;
}

int cmd_search(struct cli *c)
{
    struct set found = {NULL, 0, 0};
    struct conn k;
    int rc;

    if (c->arg_count < 2)
        return cli_fail(EXIT_USAGE, "search: wants a URL and search keys");
    rc = find_check(c);
    if (rc != 0)
        return rc;
    rc = conn_open(&k, c, CONN_IMAP);
    if (rc == 0)
        rc = conn_select_ahead(&k, mailbox_of(&k), 1);
    if (rc == 0)
        rc = find_by_words(&k, c->args + 1, c->arg_count - 1, &found);
    if (rc == 0)
        rc = print_uids(&k, &found);
    set_free(&found);
    conn_close(&k);
    return rc;
}
