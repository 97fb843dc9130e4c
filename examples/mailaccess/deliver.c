/* deliver.c - messages on their way to disk. */
#include "deliver.h"

#include <mailaccess/imap_types.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* More than this waiting to be synced gains nothing. */
static const uint64_t most_octets = 32 << 20;

enum { FILE_NAME_SIZE = DELIVER_FILE_SIZE };

static int fail_dir(struct deliver *d, int err)
{
    int status = err == ENOSPC || err == EIO || err == EDQUOT ? EXIT_IO : EXIT_CANNOT_CREATE;

    return cli_fail_file(status, "write into", d->cli->opt.to, err);
}

/* What was whole before a disk became full is still made durable: when that fails too, the first
 * line has said why. */
static int fail_write(struct deliver *d, int err)
{
    if (!d->is_failed)
        (void)cli_fail_file(EXIT_IO, "write into", d->cli->opt.to, err);
    d->is_failed = 1;
    return EXIT_IO;
}

int deliver_begin(struct deliver *d, struct cli *c)
{
    char path[4096];
    mla_error why;
    int err, rc;

    memset(d, 0, sizeof *d);
    d->cli = c;
    d->root.fd = d->box.fd = d->tmp.fd = d->new_.fd = d->cur.fd = d->file.fd = -1;
    d->is_maildir = c->opt.format != NULL && strcmp(c->opt.format, "maildir") == 0;
    d->wants_sha256 = c->opt.json;
    err = store_open(&d->root, c->opt.to, 1);
    if (err != 0)
        return cli_fail_file(EXIT_CANNOT_CREATE, "make the folder", c->opt.to, err);
    if (snprintf(path, sizeof path, "%s/.mailaccess", c->opt.to) >= (int)sizeof path)
        return cli_fail_file(EXIT_CANNOT_CREATE, "write into", c->opt.to, ENAMETOOLONG);
    rc = mla_seen_file_open(NULL, path, &d->seen, &why);
    if (rc == MLA_E_BUSY)
        return cli_fail(EXIT_TRY_AGAIN, "%s: another process is downloading into it", c->opt.to);
    if (rc == MLA_E_SYNTAX)
        return cli_fail(EXIT_CANNOT_CREATE, "%s: not a journal of this program", path);
    if (rc != 0)
        return fail_dir(d, rc == MLA_E_IO ? why.sys_code : ENOMEM);
    if (mla_seen_file_damaged(d->seen) > 0)
        cli_warn("%s: %" PRIu64 " damaged lines are passed over", path,
                 mla_seen_file_damaged(d->seen));
    d->is_fresh = mla_seen_file_count(d->seen) == 0;
    return 0;
}

static void close_box(struct deliver *d)
{
    store_close(&d->tmp);
    store_close(&d->new_);
    store_close(&d->cur);
    store_close(&d->box);
    for (size_t i = 0; i < d->files.count; i++)
        free(d->files.name[i]);
    free(d->files.name);
    memset(&d->files, 0, sizeof d->files);
}

void deliver_end(struct deliver *d)
{
    deliver_drop(d);
    for (size_t i = 0; i < d->waiting_count; i++)
        store_discard(&d->waiting[i].file);
    close_box(d);
    mla_seen_file_close(d->seen);
    store_close(&d->root);
    set_free(&d->safe);
}

/* --- Maildir: the same message may lie there under other flags, or moved by a mail reader --- */

/* The ID within "cur/ID:2,FS". */
static size_t base_length(const char *name)
{
    return strcspn(name, ":");
}

static int compare_files(const void *a, const void *b)
{
    const char *x = *(char *const *)a + 4, *y = *(char *const *)b + 4;
    size_t n = base_length(x), m = base_length(y);
    int c = memcmp(x, y, n < m ? n : m);

    return c != 0 ? c : n < m ? -1 : n > m;
}

static int add_file(struct maildir_files *f, const char *sub, const char *name)
{
    size_t len = strlen(name);

    if (f->count == f->room) {
        size_t room = f->room != 0 ? f->room * 2 : 256;
        char **bigger =
            room > SIZE_MAX / sizeof *bigger ? NULL : realloc(f->name, room * sizeof *bigger);

        if (bigger == NULL)
            return ENOMEM;
        f->name = bigger;
        f->room = room;
    }
    f->name[f->count] = malloc(len + 5);
    if (f->name[f->count] == NULL)
        return ENOMEM;
    memcpy(f->name[f->count], sub, 4);
    memcpy(f->name[f->count++] + 4, name, len + 1);
    return 0;
}

static int scan(struct maildir_files *f, const struct store *dir, const char *sub)
{
    int fd = openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *e;

    if (entries == NULL) {
        err = errno;
        if (fd >= 0)
            close(fd);
        return err;
    }
    while (err == 0 && (e = readdir(entries)) != NULL)
        if (e->d_name[0] != '.')
            err = add_file(f, sub, e->d_name);
    closedir(entries);
    return err;
}

static const char *find_file(const struct maildir_files *f, const char *base)
{
    char key[FILE_NAME_SIZE + 5], *k = key, **found;

    if (f->count == 0)
        return NULL;
    snprintf(key, sizeof key, "cur/%s", base);
    found = bsearch(&k, f->name, f->count, sizeof *f->name, compare_files);
    return found != NULL ? *found : NULL;
}

static int open_maildir(struct deliver *d)
{
    int err = store_open_within(&d->tmp, &d->box, "tmp");

    if (err == 0)
        err = store_open_within(&d->new_, &d->box, "new");
    if (err == 0)
        err = store_open_within(&d->cur, &d->box, "cur");
    if (err == 0)
        err = scan(&d->files, &d->new_, "new/");
    if (err == 0)
        err = scan(&d->files, &d->cur, "cur/");
    if (err == 0 && d->files.count > 0)
        qsort(d->files.name, d->files.count, sizeof *d->files.name, compare_files);
    if (err == 0)
        store_sweep(&d->tmp);
    return err;
}

int deliver_box(struct deliver *d, const char *source, const char *folder)
{
    int err;

    close_box(d);
    set_free(&d->safe);
    if (mla_seen_file_store(d->seen, source, &d->store) != 0)
        return cli_fail(EXIT_USAGE, "the name of the mailbox is too long");
    d->prefix[0] = 0;
    if (folder == NULL) {
        err = store_open(&d->box, d->cli->opt.to, 0);
    } else {
        snprintf(d->prefix, sizeof d->prefix, "%s/", folder);
        err = store_open_within(&d->box, &d->root, folder);
    }
    if (err == 0 && d->is_maildir)
        err = open_maildir(d);
    else if (err == 0)
        store_sweep(&d->box);
    return err == 0 ? 0 : fail_dir(d, err);
}

/* Where the file that is recorded for this box is: within the box, or NULL. */
static const char *within_box(const struct deliver *d, const char *file)
{
    size_t len = strlen(d->prefix);

    return strncmp(file, d->prefix, len) == 0 ? file + len : NULL;
}

int deliver_has(const struct deliver *d, mla_str note)
{
    char file[FILE_NAME_SIZE + sizeof d->prefix];
    const char *name;

    if (note.len == 0 || note.len >= sizeof file)
        return 0;
    snprintf(file, sizeof file, "%.*s", (int)note.len, note.ptr);
    name = within_box(d, file);
    if (name == NULL)
        return 0;
    return d->is_maildir ? find_file(&d->files, name) != NULL : store_has(&d->box, name);
}

int deliver_known(const struct deliver *d, const char *id, int *out_there)
{
    mla_seen_record r = {.struct_size = sizeof r};

    *out_there = 0;
    if (d->store.lookup(d->store.user, (const uint8_t *)id, strlen(id), &r) != 1)
        return 0;
    *out_there = deliver_has(d, r.note);
    return 1;
}

/* --- one message --- */

int deliver_open(struct deliver *d)
{
    int err;

    if (d->is_open)
        return 0;
    err = store_create(d->is_maildir ? &d->tmp : &d->box, &d->file);
    if (err != 0) {
        d->is_failed = 1;
        return fail_dir(d, err);
    }
    d->is_open = 1;
    sha256_init(&d->sha);
    return 0;
}

int deliver_write(struct deliver *d, const void *data, size_t len)
{
    int rc = deliver_open(d), err;

    if (rc != 0)
        return rc;
    err = store_write(&d->file, data, len);
    if (err != 0)
        return fail_write(d, err);
    if (d->wants_sha256)
        sha256_update(&d->sha, data, len);
    return 0;
}

void deliver_drop(struct deliver *d)
{
    if (d->is_open)
        store_discard(&d->file);
    d->is_open = 0;
}

int deliver_done(struct deliver *d, const struct message *m)
{
    struct waiting *w;
    int rc = deliver_open(d); /* a message of no octets is one too */

    if (rc != 0)
        return rc;
    w = &d->waiting[d->waiting_count++];
    w->file = d->file;
    w->message = *m;
    memcpy(w->sha256, "-", 2);
    w->recorded_as[0] = 0;
    if (d->wants_sha256)
        sha256_final_hex(&d->sha, w->sha256);
    d->is_open = 0;
    d->waiting_octets += w->file.size;
    if (d->waiting_count == DELIVER_BATCH || d->waiting_octets > most_octets)
        return deliver_flush(d);
    return 0;
}

/* --- names --- */

/* Maildir's letters for flags, in the order of the alphabet. */
static void flag_letters(char out[8], uint32_t flags)
{
    static const struct {
        uint32_t bit;
        char letter;
    } letters[] = {{MLA_IMAP_FLAG_DRAFT, 'D'},
                   {MLA_IMAP_FLAG_FLAGGED, 'F'},
                   {MLA_IMAP_FLAG_ANSWERED, 'R'},
                   {MLA_IMAP_FLAG_SEEN, 'S'},
                   {MLA_IMAP_FLAG_DELETED, 'T'}};
    size_t n = 0;

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (flags & letters[i].bit)
            out[n++] = letters[i].letter;
    out[n] = 0;
}

/* Is the name some other message's, of an earlier run, or of this one and not recorded yet? */
static int recorded(const struct deliver *d, const char *name)
{
    char file[FILE_NAME_SIZE + sizeof d->prefix];

    for (size_t i = 0; i < d->waiting_count; i++)
        if (strcmp(d->waiting[i].recorded_as, name) == 0)
            return 1;
    snprintf(file, sizeof file, "%s%s", d->prefix, name);
    return mla_seen_file_has_note(d->seen, file);
}

/* Whether the file that has the name is this very message, left by a run that was cut. */
static int is_orphan_of(struct deliver *d, struct waiting *w, const struct store *dir,
                        const char *name, const char *recorded_as)
{
    if (recorded(d, recorded_as) || !store_equal(&w->file, dir, name))
        return 0;
    store_discard(&w->file);
    return 1;
}

/* The name without an ending, the n-th try. */
static void nth_base(char out[FILE_NAME_SIZE], const char *id, int n)
{
    if (n == 1)
        snprintf(out, FILE_NAME_SIZE, "%s", id);
    else
        snprintf(out, FILE_NAME_SIZE, "%s~%d", id, n);
}

/* Gives the file its name: *recorded_as for the record, shown for the report. An errno. */
static int name_eml(struct deliver *d, struct waiting *w, char *recorded_as, char *shown)
{
    char base[FILE_NAME_SIZE];
    int err = EEXIST;

    for (int n = 1; err == EEXIST && n < 10000; n++) {
        nth_base(base, w->message.id, n);
        snprintf(recorded_as, FILE_NAME_SIZE, "%.*s.eml", FILE_NAME_SIZE - 5, base);
        err = store_publish(&w->file, &d->box, recorded_as);
        if (err == EEXIST && is_orphan_of(d, w, &d->box, recorded_as, recorded_as))
            err = 0;
    }
    snprintf(shown, FILE_NAME_SIZE, "%s", recorded_as);
    return err;
}

static int name_in_maildir(struct deliver *d, struct waiting *w, char *recorded_as, char *shown)
{
    char letters[8], name[FILE_NAME_SIZE];
    int err = EEXIST;

    flag_letters(letters, w->message.flags);
    for (int n = 1; err == EEXIST && n < 10000; n++) {
        const char *there;

        nth_base(recorded_as, w->message.id, n);
        there = find_file(&d->files, recorded_as);
        if (there != NULL) {
            const struct store *dir = there[0] == 'n' ? &d->new_ : &d->cur;

            snprintf(shown, FILE_NAME_SIZE, "%.*s", FILE_NAME_SIZE - 1, there);
            if (is_orphan_of(d, w, dir, there + 4, recorded_as))
                return 0;
            continue;
        }
        snprintf(name, sizeof name, "%.*s%s%s", FILE_NAME_SIZE - 12, recorded_as,
                 letters[0] != 0 ? ":2," : "", letters);
        snprintf(shown, FILE_NAME_SIZE, "%s/%.*s", letters[0] != 0 ? "cur" : "new",
                 FILE_NAME_SIZE - 5, name);
        if (recorded(d, recorded_as)) /* another message of this run */
            continue;
        err = store_publish(&w->file, letters[0] != 0 ? &d->cur : &d->new_, name);
    }
    return err;
}

static void report(struct deliver *d, const struct waiting *w, const char *shown)
{
    struct out *o = &d->cli->out;
    char file[FILE_NAME_SIZE + sizeof d->prefix];

    snprintf(file, sizeof file, "%s%.*s", d->prefix, FILE_NAME_SIZE - 1, shown);
    if (!o->json) {
        out_column_number(o, 10, w->file.size);
        out_column(o, 0, file, strlen(file));
        out_end_line(o);
        return;
    }
    json_begin(o);
    if (w->message.uid != 0) {
        json_number(o, "uid", w->message.uid);
    } else {
        json_number(o, "number", w->message.number);
        if (w->message.uidl[0] != 0)
            json_string(o, "uidl", w->message.uidl);
    }
    json_string(o, "file", file);
    json_number(o, "size", w->file.size);
    json_string(o, "sha256", w->sha256);
    json_end(o);
}

/* Names one synced file. */
static int publish(struct deliver *d, struct waiting *w, char *shown)
{
    char recorded_as[FILE_NAME_SIZE];
    int err = (d->is_maildir ? name_in_maildir : name_eml)(d, w, recorded_as, shown);

    if (err == 0)
        snprintf(w->recorded_as, sizeof w->recorded_as, "%s", recorded_as);
    return err;
}

/* Writes down that a message is safe. */
static int record(struct deliver *d, const struct waiting *w)
{
    char file[FILE_NAME_SIZE + sizeof d->prefix];
    mla_seen_record r = {.struct_size = sizeof r, .count = 1};

    snprintf(file, sizeof file, "%s%s", d->prefix, w->recorded_as);
    if (d->collect != NULL)
        return mla_collect_stored(d->collect, w->message.number, file);
    r.id = (mla_str){w->message.id, strlen(w->message.id)};
    r.note = (mla_str){file, strlen(file)};
    r.octets = w->file.size;
    r.first_s = (uint64_t)time(NULL);
    return d->store.add(d->store.user, &r);
}

/* All of those that wait, whose names are durable. An errno. */
static int record_all(struct deliver *d, size_t count)
{
    mla_error why;
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++)
        rc = record(d, &d->waiting[i]);
    if (rc == 0)
        rc = d->collect != NULL ? mla_collect_commit(d->collect) : d->store.commit(d->store.user);
    if (rc == 0)
        return 0;
    mla_seen_file_error(d->seen, &why);
    return rc == MLA_E_NOMEM ? ENOMEM : why.sys_code != 0 ? why.sys_code : EIO;
}

int deliver_record_failed(struct deliver *d)
{
    mla_error why;

    mla_seen_file_error(d->seen, &why);
    return why.code == MLA_E_IO ? fail_write(d, why.sys_code != 0 ? why.sys_code : EIO) : 0;
}

static int sync_folders(struct deliver *d)
{
    int err = 0;

    if (!d->is_maildir)
        return store_sync_folder(&d->box);
    err = store_sync_folder(&d->new_);
    return err == 0 ? store_sync_folder(&d->cur) : err;
}

int deliver_flush(struct deliver *d)
{
    static char shown[DELIVER_BATCH][FILE_NAME_SIZE];
    struct store_file *files[DELIVER_BATCH];
    size_t count = d->waiting_count;
    int err = 0;

    for (size_t i = 0; i < count; i++)
        files[i] = &d->waiting[i].file;
    if (count > 0)
        err = store_sync_many(files, count);
    for (size_t i = 0; i < count && err == 0; i++)
        err = publish(d, &d->waiting[i], shown[i]);
    if (err == 0 && count > 0)
        err = sync_folders(d);
    if (err == 0 && count > 0)
        err = record_all(d, count);
    d->waiting_octets = 0;
    d->waiting_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct waiting *w = &d->waiting[i];

        if (err == 0)
            report(d, w, shown[i]);
        else
            store_discard(&w->file);
        if (err == 0 &&
            set_add(&d->safe, w->message.uid != 0 ? w->message.uid : w->message.number) != 0)
            return cli_fail(EXIT_INTERNAL, "not enough memory");
    }
    return err == 0 ? 0 : fail_write(d, err);
}
