/* cmd_mailboxes.c - list mailboxes; create, rename, delete, subscribe, unsubscribe. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "connect.h"

/* Names of subscribed mailboxes, sorted to be looked up. */
struct names {
    char **name;
    size_t count, room;
    int known;
};

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->name[i]);
    free(n->name);
}

static int names_add(struct names *n, mla_str name)
{
    if (n->count == n->room) {
        size_t room = n->room != 0 ? n->room * 2 : 64;
        char **bigger =
            room > SIZE_MAX / sizeof *bigger ? NULL : realloc(n->name, room * sizeof *bigger);

        if (bigger == NULL)
            return MLA_E_NOMEM;
        n->name = bigger;
        n->room = room;
    }
    n->name[n->count] = malloc(name.len + 1);
    if (n->name[n->count] == NULL)
        return MLA_E_NOMEM;
    memcpy(n->name[n->count], name.ptr, name.len);
    n->name[n->count++][name.len] = 0;
    return 0;
}

/* Mailboxes as LIST told them: whether one is subscribed may come behind it. */
struct held {
    mla_imap_event **event;
    size_t count, room;
};

static void held_free(struct held *h)
{
    for (size_t i = 0; i < h->count; i++)
        mla_imap_event_free(h->event[i]);
    free(h->event);
}

/* Keeps the event that was stepped to last. */
static int held_add(struct held *h, mla_imap *s)
{
    if (h->count == h->room) {
        size_t room = h->room != 0 ? h->room * 2 : 64;
        mla_imap_event **bigger =
            room > SIZE_MAX / sizeof *bigger ? NULL : realloc(h->event, room * sizeof *bigger);

        if (bigger == NULL)
            return MLA_E_NOMEM;
        h->event = bigger;
        h->room = room;
    }
    if (mla_imap_event_take(s, &h->event[h->count]) != 0)
        return MLA_E_NOMEM;
    h->count++;
    return 0;
}

static const char *special_use(const mla_imap_list *l)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } uses[] = {{MLA_IMAP_MBOX_ALL, "\\All"},
                {MLA_IMAP_MBOX_ARCHIVE, "\\Archive"},
                {MLA_IMAP_MBOX_DRAFTS, "\\Drafts"},
                {MLA_IMAP_MBOX_FLAGGED, "\\Flagged"},
                {MLA_IMAP_MBOX_IMPORTANT, "\\Important"},
                {MLA_IMAP_MBOX_JUNK, "\\Junk"},
                {MLA_IMAP_MBOX_SENT, "\\Sent"},
                {MLA_IMAP_MBOX_TRASH, "\\Trash"}};

    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (l->attributes & uses[i].bit)
            return uses[i].name;
    return NULL;
}

static size_t delimiter_text(uint32_t ch, char out[4])
{
    if (ch == 0 || ch > 0x7ff)
        return 0;
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    out[0] = (char)(0xc0 | (ch >> 6 & 0x1f));
    out[1] = (char)(0x80 | (ch & 0x3f));
    return 2;
}

static void print_mailbox(struct out *o, const mla_imap_list *l, const struct names *n)
{
    const char *use = special_use(l), *name = l->name.ptr; /* a NUL stands behind it */
    int subscribed =
        (l->attributes & MLA_IMAP_MBOX_SUBSCRIBED) != 0 ||
        (n->count > 0 && bsearch(&name, n->name, n->count, sizeof *n->name, compare) != NULL);
    char delimiter[4];
    size_t len = delimiter_text(l->delimiter, delimiter);

    if (o->json) {
        json_begin(o);
        json_text(o, "name", l->name.ptr, l->name.len);
        if (len > 0)
            json_text(o, "delimiter", delimiter, len);
        json_array(o, "attributes");
        for (uint32_t i = 0; i < l->word_count; i++)
            json_text(o, NULL, l->words[i].ptr, l->words[i].len);
        json_array_end(o);
        if (use != NULL)
            json_string(o, "special_use", use);
        if (n->known || subscribed)
            json_bool(o, "subscribed", subscribed);
        json_end(o);
        return;
    }
    out_column(o, 30, l->name.ptr, l->name.len);
    out_column(o, 1, subscribed ? "+" : "", (size_t)subscribed);
    for (uint32_t i = 0; i < l->word_count; i++)
        out_column(o, 0, l->words[i].ptr, l->words[i].len);
    out_end_line(o);
}

/* One LIST where the server has LIST-EXTENDED, else LIST and LSUB. A refusal of LSUB only means
 * that it is not known what is subscribed. */
static int read_all(struct conn *k, struct held *h, struct names *n)
{
    const mla_imap_event *ev;
    mla_imap_list_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.pattern = k->cli->arg_count > 1 ? k->cli->args[1] : "*";
    args.returns =
        MLA_IMAP_RETURN_SUBSCRIBED | MLA_IMAP_RETURN_CHILDREN | MLA_IMAP_RETURN_SPECIAL_USE;
    rc = mla_imap_list_mailboxes(k->imap, &args, &ticket);
    if (rc != 0)
        return conn_fail(k, rc, "cannot list mailboxes");
    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_list *l = mla_imap_event_list(ev);
        const mla_imap_done *d = mla_imap_event_done(ev);

        if (d != NULL && mla_imap_event_ticket(ev) == ticket)
            n->known = d->status == MLA_IMAP_OK;
        if (l != NULL && l->is_surplus == 0 &&
            (l->is_lsub ? names_add(n, l->name) : held_add(h, k->imap)) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
    }
    if (n->count > 0)
        qsort(n->name, n->count, sizeof *n->name, compare);
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot list mailboxes");
}

int cmd_mailboxes(struct cli *c)
{
    struct names subscribed = {NULL, 0, 0, 0};
    struct held all = {NULL, 0, 0};
    struct conn k;
    int rc = conn_open(&k, c, CONN_IMAP);

    if (rc == 0)
        rc = read_all(&k, &all, &subscribed);
    for (size_t i = 0; rc == 0 && i < all.count; i++)
        print_mailbox(&c->out, mla_imap_event_list(all.event[i]), &subscribed);
    held_free(&all);
    names_free(&subscribed);
    conn_close(&k);
    return rc;
}

/* --- mailbox VERB URL [NEW] --- */

static int queue(struct conn *k, const char *verb, uint64_t *out_ticket)
{
    mla_imap_mailbox_args args;
    mla_imap_rename_args rename_args;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mailbox = k->url.mailbox;
    if (strcmp(verb, "create") == 0)
        return mla_imap_create(k->imap, &args, out_ticket);
    if (strcmp(verb, "delete") == 0)
        return mla_imap_delete(k->imap, &args, out_ticket);
    if (strcmp(verb, "subscribe") == 0)
        return mla_imap_subscribe(k->imap, &args, out_ticket);
    if (strcmp(verb, "unsubscribe") == 0)
        return mla_imap_unsubscribe(k->imap, &args, out_ticket);
    memset(&rename_args, 0, sizeof rename_args);
    rename_args.struct_size = sizeof rename_args;
    rename_args.mailbox = k->url.mailbox;
    rename_args.new_mailbox = k->cli->args[1];
    return mla_imap_rename(k->imap, &rename_args, out_ticket);
}

int cmd_mailbox(struct cli *c)
{
    static const char *const verbs[] = {"create", "delete", "subscribe", "unsubscribe", "rename"};
    const char *verb = c->arg_count > 0 ? c->args[0] : "";
    struct conn k;
    uint64_t ticket;
    size_t i = 0;
    int rc;

    while (i < 5 && strcmp(verbs[i], verb) != 0)
        i++;
    if (i == 5)
        return cli_fail(EXIT_USAGE,
                        "mailbox: wants create, rename, delete, subscribe or unsubscribe first");
    c->args++; /* the URL is the first argument now */
    c->arg_count--;
    if (c->arg_count != (i == 4 ? 2 : 1))
        return cli_fail(EXIT_USAGE, "mailbox %s: wants a URL%s", verb,
                        i == 4 ? " and the new name" : " and nothing else");
    rc = conn_open(&k, c, CONN_IMAP | CONN_MAILBOX);
    if (rc == 0) {
        rc = queue(&k, verb, &ticket);
        if (rc == 0)
            rc = conn_imap_finish(&k, ticket);
        if (rc != 0)
            rc = conn_fail(&k, rc, "cannot %s the mailbox %s", verb, k.url.mailbox);
    }
    conn_close(&k);
    return rc;
}
