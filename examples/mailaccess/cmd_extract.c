/* cmd_extract.c - parts out of messages: one, or every attachment under a safe name of its own. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mailaccess/mailaccess.h>

#include "cli.h"
#include "find.h"
#include "held.h"
#include "maildrop.h"
#include "set.h"
#include "store.h"

enum { HELD_MOST = 64 << 20, NAME_ROOM = 512, TRIES = 100000 };

/* --- writing one part --- */

struct sink {
    struct cli *cli;
    struct store folder;
    const char *message; /* the file or the ID that the part comes from */
};

static int write_decoded(const mla_part *p, int (*put)(void *user, const void *data, size_t len),
                         void *user)
{
    int is_multipart = strncmp(mla_part_content_type(p), "multipart/", 10) == 0;
    mla_decoder *d;
    const uint8_t *data;
    size_t len;
    int rc = 0;

    if (mla_decoder_new(NULL, is_multipart ? NULL : mla_part_transfer_encoding(p), &d) != 0)
        return ENOMEM;
    data = mla_part_body_octets(p, &len);
    (void)mla_decoder_feed(d, data, len);
    (void)mla_decoder_end(d);
    while (rc == 0 && mla_decoder_output(d, &data, &len) == 1)
        rc = put(user, data, len);
    mla_decoder_free(d);
    return rc;
}

static int put_stream(void *user, const void *data, size_t len)
{
    return fwrite(data, 1, len, user) == len ? 0 : errno;
}

static int put_file(void *user, const void *data, size_t len)
{
    return store_write(user, data, len);
}

/* name, name~2, name~3 ... with the extension kept behind: never over another file. */
static int publish(struct store_file *f, struct store *folder, const char *name,
                   char out[NAME_ROOM])
{
    const char *dot = strrchr(name, '.');
    size_t stem = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
    int err = EEXIST;

    snprintf(out, NAME_ROOM, "%s", name);
    for (unsigned n = 2; err == EEXIST && n < TRIES; n++) {
        err = store_publish(f, folder, out);
        if (err == EEXIST)
            snprintf(out, NAME_ROOM, "%.*s~%u%s", (int)stem, name, n, name + stem);
    }
    return err;
}

static void report(struct sink *s, const mla_part *p, const char *file, uint64_t size)
{
    struct out *o = &s->cli->out;
    char *path = NULL, *name = NULL;
    size_t path_len = 0, name_len = 0;

    (void)mla_part_path(p, &path, &path_len);
    (void)mla_part_filename(p, &name, &name_len);
    if (o->json) {
        json_begin(o);
        json_string(o, "message", s->message);
        json_string(o, "file", file);
        json_text(o, "part", path != NULL ? path : "", path_len);
        if (name != NULL)
            json_text(o, "filename", name, name_len);
        json_number(o, "size", size);
        json_end(o);
    } else {
        out_column(o, 8, path != NULL ? path : "", path_len);
        out_column_number(o, 12, size);
        out_column(o, 0, file, strlen(file));
        out_end_line(o);
    }
    mla_free(path);
    mla_free(name);
}

/* Saves a part in the folder under a name, or another one where a file has it. exact: only under
 * this name. 0 or an exit status after a line on stderr. */
static int save(struct sink *s, const mla_part *p, const char *name, int exact)
{
    struct store_file f;
    char taken[NAME_ROOM];
    uint64_t size = 0;
    int err;

    memset(&f, 0, sizeof f);
    f.fd = -1;
    err = store_create(&s->folder, &f);
    if (err == 0)
        err = write_decoded(p, put_file, &f);
    size = f.size;
    if (err == 0)
        err = store_sync(&f);
    snprintf(taken, sizeof taken, "%s", name);
    if (err == 0)
        err = exact ? store_publish(&f, &s->folder, name) : publish(&f, &s->folder, name, taken);
    if (err == 0)
        err = store_sync_folder(&s->folder);
    if (err != 0) {
        store_discard(&f);
        return cli_fail_file(err == ENOSPC || err == EIO ? EXIT_IO : EXIT_CANNOT_CREATE, "write",
                             name, err);
    }
    report(s, p, taken, size);
    return 0;
}

/* --- which parts --- */

/* A name for a part that has none: its path, and an ending that says what it is. */
static void default_name(const mla_part *p, char out[NAME_ROOM])
{
    static const char *const endings[][2] = {
        {"text/plain", "txt"},      {"text/html", "html"},         {"text/calendar", "ics"},
        {"message/rfc822", "eml"},  {"message/global", "eml"},     {"image/jpeg", "jpg"},
        {"image/png", "png"},       {"image/gif", "gif"},          {"application/pdf", "pdf"},
        {"application/zip", "zip"}, {"text/rfc822-headers", "txt"}};
    const char *ending = "bin";
    char *path = NULL;

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (strcmp(mla_part_content_type(p), endings[i][0]) == 0)
            ending = endings[i][1];
    (void)mla_part_path(p, &path, NULL);
    snprintf(out, NAME_ROOM, "part-%.200s.%s", path != NULL ? path : "x", ending);
    mla_free(path);
}

/* What is inside an attached message is saved with that message. */
static int is_inside_message(const mla_part *p)
{
    while ((p = mla_part_parent(p)) != NULL)
        if ((mla_part_flags(p) & MLA_PART_MESSAGE) != 0)
            return 1;
    return 0;
}

static int save_attachments(struct sink *s, const mla_message *m)
{
    int rc = 0;

    for (uint32_t i = 0; i < mla_message_part_count(m) && rc == 0; i++) {
        const mla_part *p = mla_message_part_at(m, i);
        char name[NAME_ROOM];
        char *safe = NULL;
        int found;

        if (!mla_part_is_attachment(p) || is_inside_message(p))
            continue;
        found = mla_part_safe_filename(p, &safe, NULL);
        if (found != 0 && found != MLA_E_NOT_FOUND)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        if (safe != NULL)
            snprintf(name, sizeof name, "%s", safe);
        else
            default_name(p, name);
        mla_free(safe);
        rc = save(s, p, name, 0);
    }
    return rc;
}

static int with_message(struct sink *s, const struct held *h)
{
    mla_message *m;
    int rc;

    if (h->is_too_large)
        return cli_fail(EXIT_DATA, "extract: %s is larger than %" PRIu64 " octets", s->message,
                        h->most);
    if (mla_message_parse(NULL, NULL, h->data, h->len, &m) != 0)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    rc = save_attachments(s, m);
    mla_message_free(m);
    return rc;
}

/* --- from files --- */

static void begin(struct held *h, const struct cli *c)
{
    memset(h, 0, sizeof *h);
    h->most = c->opt.max_message != 0 ? c->opt.max_message : HELD_MOST;
}

static int all_of_file(struct sink *s, const char *path)
{
    struct held h;
    int rc;

    begin(&h, s->cli);
    s->message = path;
    rc = held_file(&h, path);
    if (rc == 0)
        rc = with_message(s, &h);
    held_free(&h);
    return rc;
}

/* --to=FILE: its folder, and its name in there. */
static int save_as(struct sink *s, const mla_part *p, const char *to)
{
    const char *slash = strrchr(to, '/');
    char *folder = slash != NULL ? strdup(to) : strdup(".");
    int err;
    int rc;

    if (folder == NULL)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    if (slash != NULL)
        folder[slash == to ? 1 : slash - to] = '\0';
    err = store_open(&s->folder, folder, 0);
    free(folder);
    if (err != 0)
        return cli_fail_file(EXIT_CANNOT_CREATE, "open the folder of", to, err);
    rc = save(s, p, slash != NULL ? slash + 1 : to, 1);
    store_close(&s->folder);
    return rc;
}

static int one_part(struct cli *c, const char *file, const char *path)
{
    struct sink s = {c, {-1, 0, 0}, file};
    const mla_part *p;
    mla_message *m = NULL;
    struct held h;
    int err = 0;
    int rc;

    begin(&h, c);
    rc = held_file(&h, file);
    if (rc == 0 && h.is_too_large)
        rc = cli_fail(EXIT_DATA, "extract: %s is larger than %" PRIu64 " octets", file, h.most);
    if (rc == 0 && mla_message_parse(NULL, NULL, h.data, h.len, &m) != 0)
        rc = cli_fail(EXIT_INTERNAL, "not enough memory");
    if (rc == 0) {
        p = mla_message_part(m, path);
        if (p == NULL)
            rc = cli_fail(EXIT_DATA, "%s: there is no part %s", file, path);
        else if (c->opt.to != NULL)
            rc = save_as(&s, p, c->opt.to);
        else
            err = write_decoded(p, put_stream, c->out.file);
    }
    if (err != 0)
        rc = cli_fail_file(EXIT_IO, "write", "standard output", err);
    mla_message_free(m);
    held_free(&h);
    return rc;
}

/* --- from a server --- */

static int fetched(struct sink *s, struct held *h, int rc)
{
    if (rc == 0)
        rc = with_message(s, h);
    held_free(h);
    return rc;
}

static int imap_one(struct sink *s, struct conn *k, uint32_t uid)
{
    struct held h;
    char id[16];

    begin(&h, s->cli);
    snprintf(id, sizeof id, "%" PRIu32, uid);
    s->message = id;
    return fetched(s, &h, held_fetch_imap(k, &h, uid));
}

static int imap_all(struct sink *s, struct conn *k)
{
    const mla_range everything = {1, 0};
    struct cli *c = s->cli;
    struct set uids = {NULL, 0, 0};
    int rc = conn_select_ahead(k, k->url.mailbox != NULL ? k->url.mailbox : "INBOX", 1);

    if (rc == 0 && c->arg_count == 1)
        rc = find_uids(k, &everything, 1, &uids);
    for (int i = 1; rc == 0 && i < c->arg_count; i++) {
        mla_range *ranges = NULL;
        size_t count = 0;

        rc = set_parse(c->args[i], &ranges, &count);
        if (rc == 0)
            rc = find_uids(k, ranges, count, &uids);
        free(ranges);
    }
    for (size_t i = 0; rc == 0 && i < uids.count; i++)
        for (uint64_t uid = uids.ranges[i].first; rc == 0 && uid <= uids.ranges[i].last; uid++)
            rc = imap_one(s, k, (uint32_t)uid);
    set_free(&uids);
    return rc;
}

static int pop3_one(struct sink *s, struct conn *k, const char *uidl)
{
    struct held h;

    begin(&h, s->cli);
    s->message = uidl;
    return fetched(s, &h, held_fetch_pop3(k, &h, uidl));
}

static int pop3_all(struct sink *s, struct conn *k)
{
    struct cli *c = s->cli;
    struct maildrop m;
    int rc = 0;

    for (int i = 1; rc == 0 && i < c->arg_count; i++)
        rc = pop3_one(s, k, c->args[i]);
    if (rc != 0 || c->arg_count > 1)
        return rc;
    rc = maildrop_read(k, &m);
    for (size_t i = 0; rc == 0 && i < m.count; i++)
        rc = m.item[i].uidl != NULL
                 ? pop3_one(s, k, m.item[i].uidl)
                 : cli_fail(EXIT_UNAVAILABLE, "extract: the server names no message by UIDL");
    maildrop_free(&m);
    return rc;
}

static int from_server(struct sink *s)
{
    struct conn k;
    int rc = conn_open(&k, s->cli, CONN_ANY);

    if (rc == 0)
        rc = k.imap != NULL ? imap_all(s, &k) : pop3_all(s, &k);
    conn_close(&k);
    return rc;
}

/* --- the command --- */

static int is_url(const char *text)
{
    return strncmp(text, "imap://", 7) == 0 || strncmp(text, "imaps://", 8) == 0 ||
           strncmp(text, "pop3://", 7) == 0 || strncmp(text, "pop3s://", 8) == 0;
}

static int all_attachments(struct cli *c)
{
    struct sink s = {c, {-1, 0, 0}, NULL};
    int err;
    int rc = 0;

    if (c->opt.to == NULL)
        return cli_fail(EXIT_USAGE, "extract: --all wants --to=DIR");
    err = store_open(&s.folder, c->opt.to, 1);
    if (err != 0)
        return cli_fail_file(EXIT_CANNOT_CREATE, "open", c->opt.to, err);
    if (is_url(c->args[0])) {
        rc = from_server(&s);
    } else {
        for (int i = 0; i < c->arg_count && !cli_stopped(); i++) {
            int one = all_of_file(&s, c->args[i]);

            if (rc == 0)
                rc = one;
        }
    }
    store_close(&s.folder);
    return cli_stopped() ? EXIT_TRY_AGAIN : rc;
}

int cmd_extract(struct cli *c)
{
    if (c->arg_count == 0)
        return cli_fail(EXIT_USAGE, "extract: wants a file or a URL");
    if (c->opt.all)
        return all_attachments(c);
    if (c->arg_count != 2 || is_url(c->args[0]))
        return cli_fail(EXIT_USAGE, "extract: wants FILE PART, or --all --to=DIR");
    return one_part(c, c->args[0], c->args[1]);
}
