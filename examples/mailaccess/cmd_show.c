/* cmd_show.c - a message for a person: header, text, attachments; nothing that a terminal obeys. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mime_body.h>

#include "cli.h"
#include "connect.h"
#include "held.h"

/* --- showing it --- */

static void show_field(struct out *o, const mla_part *p, const char *name)
{
    char *text;
    size_t len;

    for (uint32_t i = 0; mla_part_header(p, name, i, &text, &len) == 0; i++) {
        char label[16];

        snprintf(label, sizeof label, "%s:", name);
        out_column(o, 9, label, strlen(label));
        out_column(o, 0, text, len);
        out_end_line(o);
        mla_free(text);
    }
}

/* Without the empty lines at the end. */
static void show_lines(struct out *o, const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
        len--;
    out_lines(o, text, len);
    out_end_line(o);
}

static int show_text(struct out *o, const mla_message *m)
{
    char *text;
    size_t len;
    int rc = mla_part_readable(mla_message_root(m), 0, &text, &len);

    if (rc == MLA_E_NOMEM)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    if (rc != 0)
        return 0;
    show_lines(o, text, len);
    mla_free(text);
    return 0;
}

/* What protects the message; the library looks at forms alone. */
static void show_protection(struct out *o, const mla_message *m)
{
    const mla_part *p = mla_message_root(m);
    const char *name;
    int32_t kind;

    if (strncmp(mla_part_content_type(p), "text/", 5) == 0 && mla_part_child_count(p) == 0)
        p = mla_message_text(m) != NULL ? mla_message_text(m) : p;
    name = mla_part_protection(p, &kind) == 0 ? mla_mime_protection_name(kind) : NULL;
    if (name == NULL)
        return;
    out_column(o, 9, "Security:", 9);
    out_column(o, strlen(name), name, strlen(name));
    out_column(o, 0, "(not verified)", 14);
    out_end_line(o);
}

static void show_attachment(struct out *o, const mla_part *p)
{
    const char *type = mla_part_content_type(p);
    char *path = NULL, *name = NULL;
    size_t path_len = 0, name_len = 0;
    uint64_t size = 0;

    (void)mla_part_path(p, &path, &path_len);
    (void)mla_part_filename(p, &name, &name_len);
    (void)mla_part_decoded_size(p, &size);
    out_column(o, 6, path != NULL ? path : "", path_len);
    out_column_number(o, 10, size);
    out_column(o, 24, type, strlen(type));
    out_column(o, 0, name != NULL ? name : "", name_len);
    out_end_line(o);
    mla_free(path);
    mla_free(name);
}

static void show_title(struct out *o, int *begun)
{
    if (!*begun) {
        out_end_line(o);
        out_column(o, 0, "Attachments:", 12);
        out_end_line(o);
    }
    *begun = 1;
}

/* Files in a text, and in TNEF: "1/1" and so on. */
static void show_files(struct out *o, const mla_part *p, int *begun)
{
    mla_files *l;
    char *path = NULL;

    if (mla_part_files(p, &l) != 0)
        return;
    (void)mla_part_path(p, &path, NULL);
    for (uint32_t i = 0; i < mla_files_count(l); i++) {
        const mla_mime_file *f = mla_files_at(l, i);
        char label[64];

        show_title(o, begun);
        snprintf(label, sizeof label, "%.40s/%u", path != NULL ? path : "", i + 1);
        out_column(o, 6, label, strlen(label));
        out_column_number(o, 10, f->size);
        out_column(o, 24, f->type.ptr, f->type.len);
        out_column(o, 0, f->name.ptr, f->name.len);
        out_end_line(o);
    }
    mla_free(path);
    mla_files_free(l);
}

static void show_attachments(struct out *o, const mla_message *m)
{
    int begun = 0;

    for (uint32_t i = 0; i < mla_message_part_count(m); i++) {
        const mla_part *p = mla_message_part_at(m, i);

        if (mla_part_is_attachment(p)) {
            show_title(o, &begun);
            show_attachment(o, p);
        }
        show_files(o, p, &begun);
    }
}

static int show(struct out *o, const struct held *h)
{
    static const char *const names[] = {"From", "To", "Cc", "Date", "Subject"};
    static const uint8_t nothing[1];
    mla_message *m;
    int rc;

    if (mla_message_parse(NULL, NULL, h->len > 0 ? h->data : nothing, h->len, &m) != 0)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        show_field(o, mla_message_root(m), names[i]);
    show_protection(o, m);
    out_end_line(o);
    rc = show_text(o, m);
    if (rc == 0)
        show_attachments(o, m);
    mla_message_free(m);
    return rc;
}

int cmd_show(struct cli *c)
{
    struct held h;
    struct conn k;
    uint64_t uid = 0;
    int rc;

    if (c->arg_count < 2)
        return cli_fail(EXIT_USAGE, "show: wants a URL and an ID");
    if (strncmp(c->args[0], "imap", 4) == 0 &&
        (!cli_number(c->args[1], UINT32_MAX, &uid) || uid == 0))
        return cli_fail(EXIT_USAGE, "show: %s is not a UID", c->args[1]);
    memset(&h, 0, sizeof h);
    h.most = c->opt.max_message != 0 ? c->opt.max_message : (uint64_t)64 << 20;
    rc = conn_open(&k, c, CONN_ANY);
    if (rc == 0 && k.imap != NULL)
        rc = conn_select_ahead(&k, k.url.mailbox != NULL ? k.url.mailbox : "INBOX", 1);
    if (rc == 0)
        rc = k.imap != NULL ? held_fetch_imap(&k, &h, (uint32_t)uid)
                            : held_fetch_pop3(&k, &h, c->args[1]);
    if (rc == 0 && h.is_too_large)
        rc = cli_fail(EXIT_DATA, "show: the message is larger than %" PRIu64 " octets", h.most);
    conn_close(&k);
    if (rc == 0)
        rc = show(&c->out, &h);
    held_free(&h);
    return rc;
}
