/* cmd_admin.c - quota, acl and metadata. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "connect.h"

static mla_str text_of(const char *s)
{
    mla_str out = {s, s != NULL ? strlen(s) : 0};

    return out;
}

/* What a command that was queued with rc comes to; events go to print(). 0 or an exit status. */
static int run(struct conn *k, int rc, uint64_t ticket, const char *what,
               void (*print)(struct out *o, const mla_imap_event *ev))
{
    const mla_imap_event *ev;

    if (rc == 0)
        while ((rc = conn_imap_step(k, ticket, &ev)) == 1)
            if (print != NULL)
                print(&k->cli->out, ev);
    return rc == 0 ? 0 : conn_fail(k, rc, "%s", what);
}

/* --- quota URL --- */

static void print_quota(struct out *o, const mla_imap_event *ev)
{
    const mla_imap_quota *q = mla_imap_event_quota(ev);

    if (q == NULL)
        return;
    for (const mla_imap_quota_resource *r = q->resources; r != NULL; r = r->next) {
        if (!o->json) {
            out_column(o, 20, q->root.ptr, q->root.len);
            out_column(o, 20, r->name.ptr, r->name.len);
            out_column_number(o, 14, r->usage);
            out_column_number(o, 14, r->limit);
            out_end_line(o);
            continue;
        }
        json_begin(o);
        json_text(o, "root", q->root.ptr, q->root.len);
        json_text(o, "resource", r->name.ptr, r->name.len);
        json_number(o, "usage", r->usage);
        json_number(o, "limit", r->limit);
        json_end(o);
    }
}

int cmd_quota(struct cli *c)
{
    mla_imap_mailbox_args args;
    struct conn k;
    uint64_t ticket = 0;
    int rc = conn_open(&k, c, CONN_IMAP);

    if (rc == 0) {
        memset(&args, 0, sizeof args);
        args.struct_size = sizeof args;
        args.mailbox = k.url.mailbox != NULL ? k.url.mailbox : "INBOX";
        rc = mla_imap_getquotaroot(k.imap, &args, &ticket);
        rc = run(&k, rc, ticket, "cannot read the quota", print_quota);
    }
    conn_close(&k);
    return rc;
}

/* --- acl URL [WHO RIGHTS] --- */

static void print_acl(struct out *o, const mla_imap_event *ev)
{
    const mla_imap_acl *a = mla_imap_event_acl(ev);

    for (size_t i = 0; a != NULL && i + 1 < a->entry_count; i += 2) {
        const mla_str *who = &a->entries[i], *rights = &a->entries[i + 1];

        if (!o->json) {
            out_column(o, 30, who->ptr, who->len);
            out_column(o, 0, rights->ptr, rights->len);
            out_end_line(o);
            continue;
        }
        json_begin(o);
        json_text(o, "identifier", who->ptr, who->len);
        json_text(o, "rights", rights->ptr, rights->len);
        json_end(o);
    }
}

static int change_acl(struct conn *k, const char *who, const char *rights)
{
    mla_imap_acl_args args;
    uint64_t ticket = 0;
    int rc;

    memset(&args, 0, sizeof args);
    args.struct_size = sizeof args;
    args.mailbox = k->url.mailbox;
    args.identifier = who;
    args.mode = rights[0] == '+'   ? MLA_IMAP_ACL_ADD
                : rights[0] == '-' ? MLA_IMAP_ACL_REMOVE
                                   : MLA_IMAP_ACL_REPLACE;
    args.rights = args.mode != MLA_IMAP_ACL_REPLACE ? rights + 1 : rights;
    rc = rights[0] == '\0' ? mla_imap_deleteacl(k->imap, &args, &ticket)
                           : mla_imap_setacl(k->imap, &args, &ticket);
    return run(k, rc, ticket, "cannot change who may do what", NULL);
}

int cmd_acl(struct cli *c)
{
    mla_imap_mailbox_args args;
    struct conn k;
    uint64_t ticket = 0;
    int rc;

    if (c->arg_count == 2)
        return cli_fail(EXIT_USAGE, "acl: wants a URL, and WHO and RIGHTS to change them");
    rc = conn_open(&k, c, CONN_IMAP | CONN_MAILBOX);
    if (rc == 0 && c->arg_count > 2) {
        rc = change_acl(&k, c->args[1], c->args[2]);
    } else if (rc == 0) {
        memset(&args, 0, sizeof args);
        args.struct_size = sizeof args;
        args.mailbox = k.url.mailbox;
        rc = mla_imap_getacl(k.imap, &args, &ticket);
        rc = run(&k, rc, ticket, "cannot read who may do what", print_acl);
    }
    conn_close(&k);
    return rc;
}

/* --- metadata URL [ENTRY[=VALUE]...] --- */

static void print_metadata(struct out *o, const mla_imap_event *ev)
{
    const mla_imap_metadata *m = mla_imap_event_metadata(ev);

    if (m == NULL || m->is_news)
        return;
    for (size_t i = 0; i + 1 < m->entry_count; i += 2) {
        const mla_str *name = &m->entries[i], *value = &m->entries[i + 1];

        if (value->ptr == NULL) /* there is none */
            continue;
        if (!o->json) {
            out_column(o, 40, name->ptr, name->len);
            out_column(o, 0, value->ptr, value->len);
            out_end_line(o);
            continue;
        }
        json_begin(o);
        json_text(o, "entry", name->ptr, name->len);
        json_text(o, "value", value->ptr, value->len);
        json_end(o);
    }
}

/* Those with "=" are set, the others read. entries has room for two of each argument. */
static size_t entries_of(const struct cli *c, int set, mla_str *entries)
{
    const mla_str none = {NULL, 0};
    size_t n = 0;

    for (int i = 1; i < c->arg_count; i++) {
        const char *equals = strchr(c->args[i], '=');
        mla_str name = text_of(c->args[i]);

        if ((equals != NULL) != set)
            continue;
        if (set)
            name.len = (size_t)(equals - c->args[i]);
        entries[n++] = name;
        if (set)
            entries[n++] = equals[1] != '\0' ? text_of(equals + 1) : none;
    }
    return n;
}

static int change_metadata(struct conn *k, mla_imap_metadata_args *args, mla_str *entries)
{
    uint64_t ticket = 0;
    int rc;

    args->entry_count = entries_of(k->cli, 1, entries);
    if (args->entry_count == 0)
        return 0;
    rc = mla_imap_setmetadata(k->imap, args, &ticket);
    return run(k, rc, ticket, "cannot change metadata", NULL);
}

static int read_metadata(struct conn *k, mla_imap_metadata_args *args, mla_str *entries)
{
    uint64_t ticket = 0;
    int rc;

    args->entry_count = entries_of(k->cli, 0, entries);
    if (args->entry_count == 0 && k->cli->arg_count > 1)
        return 0; /* there was something to set, and nothing else */
    if (args->entry_count == 0) {
        entries[args->entry_count++] = text_of("/private");
        entries[args->entry_count++] = text_of("/shared");
        args->depth = MLA_IMAP_DEPTH_INFINITY;
    }
    rc = mla_imap_getmetadata(k->imap, args, &ticket);
    return run(k, rc, ticket, "cannot read metadata", print_metadata);
}

int cmd_metadata(struct cli *c)
{
    mla_str *entries = calloc((size_t)c->arg_count * 2 + 2, sizeof *entries);
    mla_imap_metadata_args args;
    struct conn k;
    int rc;

    if (entries == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    rc = conn_open(&k, c, CONN_IMAP);
    if (rc == 0) {
        memset(&args, 0, sizeof args);
        args.struct_size = sizeof args;
        args.mailbox = k.url.mailbox;
        args.entries = entries;
        rc = change_metadata(&k, &args, entries);
    }
    if (rc == 0)
        rc = read_metadata(&k, &args, entries);
    conn_close(&k);
    free(entries);
    return rc;
}
