/* cmd_change.c - flag, copy, move and delete. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "connect.h"
#include "delete.h"
#include "find.h"
#include "maildrop.h"

/* The messages of a SET that exist. As for the server, none at all is no error. */
static int existing(struct conn *k, const char *text, struct set *out)
{
    mla_range *ranges;
    size_t count;
    int rc = set_parse(text, &ranges, &count);

    if (rc != 0)
        return rc;
    rc = find_uids(k, ranges, count, out);
    free(ranges);
    if (rc == 0 && out->count == 0)
        cli_warn("%s: there are no such messages", text);
    return rc;
}

/* Before anything is connected: is it a SET at all? */
static int check_set(const char *text)
{
    mla_range *ranges;
    size_t count;
    int rc = set_parse(text, &ranges, &count);

    free(ranges);
    return rc;
}

static int open_with_set(struct conn *k, struct cli *c, int at_least, const char *wants,
                         struct set *out)
{
    int rc;

    memset(out, 0, sizeof *out);
    memset(k, 0, sizeof *k);
    rc = c->arg_count < at_least ? cli_fail(EXIT_USAGE, "%s: wants %s", c->command, wants)
                                 : check_set(c->args[1]);
    if (rc != 0)
        return rc;
    rc = conn_open(k, c, CONN_IMAP | CONN_MAILBOX);
    if (rc == 0)
        rc = conn_select(k, k->url.mailbox, NULL, strcmp(c->command, "copy") == 0);
    return rc == 0 ? existing(k, c->args[1], out) : rc;
}

/* --- flag --- */

static void print_flags(struct out *o, const mla_imap_fetch *f)
{
    if (o->json) {
        json_begin(o);
        json_number(o, "uid", f->uid);
        json_array(o, "flags");
    } else {
        out_column_number(o, 6, f->uid);
    }
    for (uint32_t i = 0; i < f->word_count; i++) {
        if (o->json)
            json_text(o, NULL, f->words[i].ptr, f->words[i].len);
        else
            out_column(o, 0, f->words[i].ptr, f->words[i].len);
    }
    if (o->json) {
        json_array_end(o);
        json_end(o);
    } else {
        out_end_line(o);
    }
}

/* One STORE; report: print the flags that the server tells. */
static int change_flags(struct conn *k, const struct set *uids, uint32_t mode,
                        const struct flag_list *flags, int report)
{
    const mla_imap_event *ev;
    mla_imap_store_args args;
    uint64_t ticket;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mode = mode;
    args.ranges = uids->ranges;
    args.range_count = uids->count;
    args.flags = flags->flags;
    args.keywords = flags->keywords;
    args.keyword_count = flags->keyword_count;
    args.silent = !report;
    rc = mla_imap_store(k->imap, &args, &ticket);
    if (rc != 0)
        return conn_fail(k, rc, "cannot change flags");
    while ((rc = conn_imap_step(k, ticket, &ev)) == 1) {
        const mla_imap_fetch *f = mla_imap_event_fetch(ev);

        if (report && f != NULL && f->uid != 0 && (f->fields & MLA_IMAP_ITEM_FLAGS) != 0)
            print_flags(&k->cli->out, f);
    }
    return rc == 0 ? 0 : conn_fail(k, rc, "cannot change flags");
}

/* "+seen -flagged +$Junk": a sign before each word, or one before several with commas. */
static int read_flags(struct cli *c, struct flag_list *add, struct flag_list *remove)
{
    memset(add, 0, sizeof *add);
    memset(remove, 0, sizeof *remove);
    for (int i = 2; i < c->arg_count; i++) {
        const char *word = c->args[i];
        int rc;

        if (*word != '+' && *word != '-')
            return cli_fail(EXIT_USAGE, "flag: %s does not begin with + or -", word);
        rc = flag_list_parse(*word == '+' ? add : remove, word + 1);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int cmd_flag(struct cli *c)
{
    struct flag_list add, remove;
    struct conn k;
    struct set uids;
    int has_add, has_remove, rc = read_flags(c, &add, &remove);

    if (rc != 0)
        return rc;
    has_add = add.flags != 0 || add.keyword_count > 0;
    has_remove = remove.flags != 0 || remove.keyword_count > 0;
    rc = open_with_set(&k, c, 3, "a URL, a set of UIDs and +FLAG or -FLAG", &uids);
    if (rc == 0 && has_add && uids.count > 0)
        rc = change_flags(&k, &uids, MLA_IMAP_STORE_ADD, &add, !has_remove);
    if (rc == 0 && has_remove && uids.count > 0)
        rc = change_flags(&k, &uids, MLA_IMAP_STORE_REMOVE, &remove, 1);
    set_free(&uids);
    conn_close(&k);
    return rc;
}

/* --- copy and move --- */

static void print_copied(struct out *o, uint32_t from, uint32_t to)
{
    if (o->json) {
        json_begin(o);
        json_number(o, "uid", from);
        json_number(o, "copyuid", to);
        json_end(o);
    } else {
        out_column_number(o, 6, from);
        out_column(o, 0, "->", 2);
        out_column_number(o, 0, to);
        out_end_line(o);
    }
}

/* Walks through ranges one number at a time. */
struct walk {
    const mla_range *ranges;
    size_t count, at;
    uint32_t next;
};

static uint32_t walk(struct walk *w)
{
    uint32_t number;

    if (w->at == w->count)
        return 0;
    number = w->next != 0 ? w->next : w->ranges[w->at].first;
    if (number == w->ranges[w->at].last) {
        w->at++;
        w->next = 0;
    } else {
        w->next = number < w->ranges[w->at].last ? number + 1 : number - 1;
    }
    return number;
}

/* RFC 4315 section 3: the n-th of the one set became the n-th of the other. Only as many as were
 * asked for: a server may announce four thousand million. */
static void print_copyuid(struct out *o, const mla_imap_code *code, uint64_t most)
{
    struct walk from, to;

    memset(&from, 0, sizeof from);
    memset(&to, 0, sizeof to);
    from.ranges = code->source;
    from.count = code->source_count;
    to.ranges = code->destination;
    to.count = code->destination_count;
    for (; most > 0; most--) {
        uint32_t a = walk(&from), b = walk(&to);

        if (a == 0 || b == 0)
            return;
        print_copied(o, a, b);
    }
}

int cmd_copy(struct cli *c)
{
    int is_move = strcmp(c->command, "move") == 0;
    const mla_imap_event *ev;
    mla_imap_copy_args args;
    struct conn k;
    struct set uids;
    uint64_t ticket;
    int rc = open_with_set(&k, c, 3, "a URL, a set of UIDs and a mailbox", &uids);

    if (rc == 0 && uids.count > 0) {
        memset(&args, 0, sizeof args);
        args.struct_size = sizeof args;
        args.ranges = uids.ranges;
        args.range_count = uids.count;
        args.mailbox = c->args[2];
        rc = (is_move ? mla_imap_move : mla_imap_copy)(k.imap, &args, &ticket);
        while (rc == 0 || rc == 1) {
            const mla_imap_code *code;

            rc = conn_imap_step(&k, ticket, &ev);
            if (rc != 1)
                break;
            code = mla_imap_event_done(ev) != NULL   ? mla_imap_event_done(ev)->code
                   : mla_imap_event_text(ev) != NULL ? mla_imap_event_text(ev)->code
                                                     : NULL;
            if (code != NULL && code->id == MLA_IMAP_CODE_COPYUID &&
                mla_imap_event_ticket(ev) == ticket)
                print_copyuid(&c->out, code, find_count(&uids));
        }
        if (rc != 0)
            rc = conn_fail(&k, rc, "cannot %s to %s", c->command, c->args[2]);
    }
    set_free(&uids);
    conn_close(&k);
    return rc;
}

/* --- delete --- */

static int imap_delete(struct conn *k)
{
    struct set uids = {NULL, 0, 0};
    int rc = conn_select(k, k->url.mailbox, NULL, 0);

    if (rc == 0)
        rc = existing(k, k->cli->args[1], &uids);
    if (rc == 0 && uids.count > 0)
        rc = delete_uids(k, uids.ranges, uids.count);
    if (rc == 0 && k->cli->opt.json && find_count(&uids) <= mla_imap_exists(k->imap) + 1000000u) {
        struct walk w;
        uint32_t uid;

        memset(&w, 0, sizeof w);
        w.ranges = uids.ranges;
        w.count = uids.count;
        while ((uid = walk(&w)) != 0) {
            json_begin(&k->cli->out);
            json_number(&k->cli->out, "uid", uid);
            json_end(&k->cli->out);
        }
    }
    set_free(&uids);
    return rc;
}

/* All DELEs, then QUIT: only its answer says that they are gone (RFC 1939 section 6). */
static int pop3_delete(struct conn *k)
{
    struct cli *c = k->cli;
    struct maildrop m;
    uint64_t ticket;
    int worst = maildrop_read(k, &m), rc;

    for (int i = 1; i < c->arg_count && (worst == 0 || worst == EXIT_DATA); i++) {
        const struct maildrop_item *item;

        if (maildrop_find(&m, c->args[i], &item) != 0) {
            worst = EXIT_DATA;
            continue;
        }
        rc = mla_pop3_dele(k->pop3, item->number, &ticket);
        if (rc == 0)
            rc = conn_pop3_finish(k, ticket);
        if (rc != 0)
            worst = conn_fail(k, rc, "cannot delete %s", c->args[i]);
    }
    maildrop_free(&m);
    if (worst != 0 && worst != EXIT_DATA)
        return worst;
    rc = mla_pop3_quit(k->pop3, &ticket);
    if (rc == 0)
        rc = conn_pop3_finish(k, ticket);
    if (rc != 0)
        return conn_fail(k, rc, "cannot tell whether the messages are deleted");
    for (int i = 1; i < c->arg_count && worst == 0 && c->opt.json; i++) {
        json_begin(&c->out);
        json_string(&c->out, "uidl", c->args[i]);
        json_end(&c->out);
    }
    return worst;
}

int cmd_delete(struct cli *c)
{
    struct conn k;
    int rc;

    if (c->arg_count < 2)
        return cli_fail(EXIT_USAGE, "delete: wants a URL and a set of UIDs, or UIDLs");
    if (strncmp(c->args[0], "imap", 4) == 0) {
        rc = c->arg_count == 2 ? check_set(c->args[1])
                               : cli_fail(EXIT_USAGE, "delete: one set of UIDs, please");
        if (rc != 0)
            return rc;
    }
    rc = conn_open(&k, c, CONN_MAILBOX);
    if (rc == 0)
        rc = k.imap != NULL ? imap_delete(&k) : pop3_delete(&k);
    conn_close(&k);
    return rc;
}
