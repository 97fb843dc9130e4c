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

enum { HELD_MOST = 64 << 20, NAME_ROOM = 512, PATH_ROOM = 256, TRIES = 100000, LEVELS = 8 };

/* --- writing one part --- */

struct sink {
    struct cli *cli;
    struct store folder;
    const char *message; /* the file or the ID that the part comes from */
};

/* What is written: a part, or a file inside of one. */
struct item {
    const mla_part *part;
    const mla_mime_file *file; /* NULL: the part itself */
    uint32_t number;           /* of the file, from 1 */
    const uint8_t *data;       /* of the file */
    size_t len;
};

static int write_part(const mla_part *p, int (*put)(void *user, const void *data, size_t len),
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

static int write_decoded(const struct item *it,
                         int (*put)(void *user, const void *data, size_t len), void *user)
{
    return it->file != NULL ? put(user, it->data, it->len) : write_part(it->part, put, user);
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

/* "2.1", or "2.1/3" for the third file inside. */
static void path_of(const struct item *it, char out[PATH_ROOM])
{
    char *path = NULL;

    (void)mla_part_path(it->part, &path, NULL);
    if (it->file != NULL)
        snprintf(out, PATH_ROOM, "%.200s/%" PRIu32, path != NULL ? path : "", it->number);
    else
        snprintf(out, PATH_ROOM, "%.200s", path != NULL ? path : "");
    mla_free(path);
}

static void report(struct sink *s, const struct item *it, const char *file, uint64_t size)
{
    struct out *o = &s->cli->out;
    char path[PATH_ROOM];
    char *name = NULL;
    size_t name_len = 0;

    path_of(it, path);
    if (it->file == NULL)
        (void)mla_part_filename(it->part, &name, &name_len);
    if (o->json) {
        json_begin(o);
        json_string(o, "message", s->message);
        json_string(o, "file", file);
        json_string(o, "part", path);
        if (it->file != NULL && it->file->name.len != 0)
            json_text(o, "filename", it->file->name.ptr, it->file->name.len);
        else if (name != NULL)
            json_text(o, "filename", name, name_len);
        json_number(o, "size", size);
        json_end(o);
    } else {
        out_column(o, 8, path, strlen(path));
        out_column_number(o, 12, size);
        out_column(o, 0, file, strlen(file));
        out_end_line(o);
    }
    mla_free(name);
}

/* Saves a part in the folder under a name, or another one where a file has it. exact: only under
 * this name. 0 or an exit status after a line on stderr. */
static int save(struct sink *s, const struct item *it, const char *name, int exact)
{
    struct store_file f;
    char taken[NAME_ROOM];
    uint64_t size = 0;
    int err;

    memset(&f, 0, sizeof f);
    f.fd = -1;
    err = store_create(&s->folder, &f);
    if (err == 0)
        err = write_decoded(it, put_file, &f);
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
    report(s, it, taken, size);
    return 0;
}

/* --- which parts --- */

/* An ending that says what it is. */
static const char *ending_of(const char *type)
{
    static const char *const endings[][2] = {
        {"text/plain", "txt"},          {"text/html", "html"},          {"text/calendar", "ics"},
        {"message/rfc822", "eml"},      {"message/global", "eml"},      {"image/jpeg", "jpg"},
        {"image/png", "png"},           {"image/gif", "gif"},           {"application/pdf", "pdf"},
        {"application/zip", "zip"},     {"text/rfc822-headers", "txt"}, {"text/rtf", "rtf"},
        {"application/ms-tnef", "tnef"}};

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (strcmp(type, endings[i][0]) == 0)
            return endings[i][1];
    return "bin";
}

/* A name for what has none: its path and an ending. */
static void default_name(const struct item *it, const char *type, char out[NAME_ROOM])
{
    char path[PATH_ROOM];

    path_of(it, path);
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(path, '/'))
        *slash = '-';
    snprintf(out, NAME_ROOM, "part-%s.%s", path, ending_of(type));
}

static int save_file(struct sink *s, struct item *it, const mla_files *l, uint32_t i)
{
    char type[64];
    char name[NAME_ROOM];
    char *safe = NULL;
    uint8_t *data;
    int rc;

    it->file = mla_files_at(l, i);
    it->number = i + 1;
    if (mla_files_data(l, i, &data, &it->len) != 0)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    it->data = data;
    snprintf(type, sizeof type, "%.*s", (int)it->file->type.len, it->file->type.ptr);
    default_name(it, type, name);
    if (it->file->name.len != 0 &&
        mla_mime_safe_filename(NULL, it->file->name.ptr, it->file->name.len, &safe, NULL) == 0)
        snprintf(name, sizeof name, "%s", safe);
    rc = save(s, it, name, 0);
    mla_free(safe);
    mla_free(data);
    return rc;
}

/* The files in a text and in TNEF, and in the messages inside of that. */
static int save_files(struct sink *s, const mla_part *p)
{
    mla_files *level[LEVELS] = {NULL};
    uint32_t next[LEVELS] = {0};
    struct item it = {p, NULL, 0, NULL, 0};
    int depth = 0;
    int rc = 0;

    if (mla_part_files(p, &level[0]) != 0)
        return cli_fail(EXIT_INTERNAL, "not enough memory");
    while (depth >= 0 && rc == 0) {
        uint32_t i = next[depth]++;
        const mla_mime_file *f = mla_files_at(level[depth], i);

        if (f == NULL) {
            mla_files_free(level[depth]);
            level[depth--] = NULL;
        } else if (f->kind == MLA_FILE_TNEF_MESSAGE && depth + 1 < LEVELS) {
            if (mla_files_inside(level[depth], i, &level[depth + 1]) != 0)
                rc = cli_fail(EXIT_INTERNAL, "not enough memory");
            else
                next[++depth] = 0;
        } else if (f->kind != MLA_FILE_TNEF_BODY) {
            rc = save_file(s, &it, level[depth], i);
        }
    }
    for (int i = 0; i < LEVELS; i++)
        mla_files_free(level[i]);
    return rc;
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
        const struct item it = {p, NULL, 0, NULL, 0};
        char name[NAME_ROOM];
        char *safe = NULL;
        int found;

        if (is_inside_message(p))
            continue;
        rc = save_files(s, p);
        if (rc != 0 || !mla_part_is_attachment(p))
            continue;
        found = mla_part_safe_filename(p, &safe, NULL);
        if (found != 0 && found != MLA_E_NOT_FOUND)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
        if (safe != NULL)
            snprintf(name, sizeof name, "%s", safe);
        else
            default_name(&it, mla_part_content_type(p), name);
        mla_free(safe);
        rc = save(s, &it, name, 0);
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
static int save_as(struct sink *s, const struct item *it, const char *to)
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
    rc = save(s, it, slash != NULL ? slash + 1 : to, 1);
    store_close(&s->folder);
    return rc;
}

/* "2.1", or "2.1/3". 1 when there is such a part or file; *out_list and it->data are for the caller
 * to free. */
static int find_item(const mla_message *m, const char *path, struct item *it, mla_files **out_list)
{
    const char *slash = strchr(path, '/');
    char part[PATH_ROOM];
    uint8_t *data;
    uint64_t number;

    *out_list = NULL;
    memset(it, 0, sizeof *it);
    snprintf(part, sizeof part, "%.*s", slash != NULL ? (int)(slash - path) : PATH_ROOM - 1, path);
    it->part = mla_message_part(m, part);
    if (it->part == NULL || slash == NULL)
        return it->part != NULL;
    if (!cli_number(slash + 1, UINT32_MAX, &number) || number == 0 ||
        mla_part_files(it->part, out_list) != 0)
        return 0;
    it->number = (uint32_t)number;
    it->file = mla_files_at(*out_list, it->number - 1);
    if (it->file == NULL || mla_files_data(*out_list, it->number - 1, &data, &it->len) != 0)
        return 0;
    it->data = data;
    return 1;
}

static int one_part(struct cli *c, const char *file, const char *path)
{
    struct sink s = {c, {-1, 0, 0}, file};
    mla_files *list = NULL;
    mla_message *m = NULL;
    struct item it;
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
        if (!find_item(m, path, &it, &list))
            rc = cli_fail(EXIT_DATA, "%s: there is no part %s", file, path);
        else if (c->opt.to != NULL)
            rc = save_as(&s, &it, c->opt.to);
        else
            err = write_decoded(&it, put_stream, c->out.file);
        if (it.data != NULL)
            mla_free((void *)(uintptr_t)it.data);
        mla_files_free(list);
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
