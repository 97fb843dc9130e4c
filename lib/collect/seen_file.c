/* seen_file.c - see seen_file.h */
#ifdef __linux__
#define _GNU_SOURCE /* F_OFD_SETLK */
#endif
#include "collect/seen_file.h"

#include "base/buf.h"
#include "base/fail.h"
#include "codec/crypt.h"
#include "collect/seen_line.h"
#include "collect/seen_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_line[] = "mailaccess journal 1\n";

enum {
    FIRST_LEN = sizeof first_line - 1,
    LINE_MAX_OCTETS = 65536, /* of a sound line: all of it escaped */
    PENDING_WRITE = 262144,  /* lines that are written without being asked for */
    PENDING_MAX = PENDING_WRITE + LINE_MAX_OCTETS,
    HISTORY_MIN = 1000, /* lines that are not worth writing the file anew */
    TRIES = 16
};

/* A source of the file. */
struct seen_bound {
    struct seen_bound *next;
    struct seen_file *file;
    uint32_t source;
};

struct seen_file {
    const struct mem *mem;
    int fd;
    int folder;
    char *name; /* within the folder */
    char *temp;
    struct seen_table table;
    struct seen_bound *bound;
    struct buf pending; /* lines not written yet */
    uint64_t size;      /* of the file, to the end of its last whole line */
    uint64_t lines;     /* in the file and in pending */
    uint64_t damaged;
    int unsynced;
    mla_error error;
};

/* --- the system --- */

static int say(struct seen_file *f, int sys_code, const char *what)
{
    memset(&f->error, 0, sizeof f->error);
    return fail_sys(&f->error, MLA_E_IO, sys_code, "cannot %s %s", what, f->name);
}

static int no_memory(struct seen_file *f)
{
    memset(&f->error, 0, sizeof f->error);
    return fail(&f->error, MLA_E_NOMEM, "out of memory for what was collected");
}

/* 0 or an errno. */
static int write_all(int fd, const uint8_t *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

static int sync_fd(int fd)
{
    int rc;

    do
        rc = fsync(fd);
    while (rc != 0 && errno == EINTR);
    return rc == 0 ? 0 : errno;
}

/* Some file systems cannot sync a folder, and need not. */
static int sync_folder(int fd)
{
    int sys_code = sync_fd(fd);

    return sys_code == EINVAL || sys_code == EROFS ? 0 : sys_code;
}

/* Locks against other processes, and with the lock of an open file (where the system has it)
 * against a second opening by this one. 0 or an errno. */
static int lock(int fd)
{
    struct flock l;
    int rc;

    memset(&l, 0, sizeof l);
    l.l_type = F_WRLCK;
    l.l_whence = SEEK_SET;
#ifdef F_OFD_SETLK
    rc = fcntl(fd, F_OFD_SETLK, &l);
    if (rc != 0 && errno == EINVAL)
        rc = fcntl(fd, F_SETLK, &l);
#else
    rc = fcntl(fd, F_SETLK, &l);
#endif
    if (rc == 0)
        return 0;
    return errno == EACCES ? EAGAIN : errno;
}

static int open_at(int folder, const char *name, int flags)
{
    return openat(folder, name, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags,
                  0600);
}

/* Is the file still the one that has the name? Another process may have renamed a new one over it
 * before the lock was had. */
static int is_current(const struct seen_file *f)
{
    struct stat mine;
    struct stat named;

    return fstat(f->fd, &mine) == 0 &&
           fstatat(f->folder, f->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

static int open_locked(struct seen_file *f)
{
    for (int i = 0; i < TRIES; i++) {
        int sys_code;

        f->fd = open_at(f->folder, f->name, O_CREAT);
        if (f->fd < 0)
            return say(f, errno, "open");
        sys_code = lock(f->fd);
        if (sys_code == EAGAIN)
            return fail(&f->error, MLA_E_BUSY, "%s is in use by another process", f->name);
        if (sys_code != 0)
            return say(f, sys_code, "lock");
        if (is_current(f))
            return 0;
        close(f->fd);
        f->fd = -1;
    }
    return fail(&f->error, MLA_E_BUSY, "%s is in use by another process", f->name);
}

/* --- reading --- */

static int take_line(struct seen_file *f, char *line, size_t len)
{
    mla_seen_record r;
    mla_str source;
    uint32_t number;
    int kind = seen_line_read(line, len, &source, &r);

    f->lines++;
    f->damaged += kind == SEEN_LINE_DAMAGED;
    if (kind != SEEN_LINE_SEEN && kind != SEEN_LINE_GONE)
        return 0;
    if (seen_table_source(&f->table, source, &number) != 0)
        return no_memory(f);
    if (kind == SEEN_LINE_GONE)
        seen_table_remove(&f->table, number, r.id);
    else if (seen_table_put(&f->table, number, &r) != 0)
        return no_memory(f);
    return 0;
}

/* What has been read of the file, from the beginning of a line. */
struct reading {
    char *text;
    size_t len;
    size_t room;
    int begun;      /* the first line was seen */
    size_t skipped; /* octets of a line that has more than a sound one can have, gone already */
};

/* Takes the whole lines off the front. */
static int take_lines(struct seen_file *f, struct reading *r)
{
    size_t at = 0;
    int rc = 0;

    if (!r->begun) {
        size_t n = r->len < FIRST_LEN ? r->len : FIRST_LEN;

        if (memcmp(r->text, first_line, n) != 0)
            return fail(&f->error, MLA_E_SYNTAX, "%s is not a list of collected messages", f->name);
        if (n < FIRST_LEN)
            return 0;
        r->begun = 1;
        at = f->size = FIRST_LEN;
    }
    while (rc == 0) {
        char *end = memchr(r->text + at, '\n', r->len - at);
        size_t len;

        if (end == NULL)
            break;
        len = (size_t)(end - r->text) - at;
        if (r->skipped != 0) {
            f->lines++;
            f->damaged++;
        } else {
            rc = take_line(f, r->text + at, len);
        }
        at += len + 1;
        f->size += r->skipped + len + 1;
        r->skipped = 0;
    }
    memmove(r->text, r->text + at, r->len - at);
    r->len -= at;
    if (r->len == r->room) {
        r->skipped += r->len;
        r->len = 0;
    }
    return rc;
}

static int read_lines(struct seen_file *f, struct reading *r)
{
    for (;;) {
        ssize_t n = read(f->fd, r->text + r->len, r->room - r->len);
        int rc;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return say(f, errno, "read");
        if (n == 0)
            return 0;
        r->len += (size_t)n;
        rc = take_lines(f, r);
        if (rc != 0)
            return rc;
    }
}

static int read_all(struct seen_file *f)
{
    struct reading r = {NULL, 0, 2 * LINE_MAX_OCTETS, 0, 0};
    struct stat st;
    int rc;

    if (fstat(f->fd, &st) != 0)
        return say(f, errno, "read");
    if (!S_ISREG(st.st_mode))
        return fail(&f->error, MLA_E_SYNTAX, "%s is not a file", f->name);
    r.text = mem_alloc(f->mem, r.room);
    if (r.text == NULL)
        return no_memory(f);
    rc = read_lines(f, &r);
    mem_free(f->mem, r.text);
    /* A last line without an end was cut off, and what it said had not been promised. */
    if (rc == 0 && (uint64_t)st.st_size > f->size && ftruncate(f->fd, (off_t)f->size) != 0)
        return say(f, errno, "mend");
    return rc;
}

/* A new file, or one whose first line was cut off. */
static int write_first(struct seen_file *f)
{
    int sys_code = write_all(f->fd, (const uint8_t *)first_line, FIRST_LEN);

    if (sys_code == 0)
        sys_code = sync_fd(f->fd);
    if (sys_code == 0)
        sys_code = sync_folder(f->folder);
    if (sys_code != 0)
        return say(f, sys_code, "write");
    f->size = FIRST_LEN;
    return 0;
}

/* --- writing --- */

/* Writes what waits; after a failure the file is as it was, and what waits still does. */
static int write_pending(struct seen_file *f)
{
    int sys_code;

    if (f->pending.len == 0)
        return 0;
    sys_code = write_all(f->fd, f->pending.ptr, f->pending.len);
    if (sys_code != 0) {
        /* Without it the next line would begin in the middle of this one. */
        if (ftruncate(f->fd, (off_t)f->size) != 0)
            sys_code = errno;
        return say(f, sys_code, "write");
    }
    f->size += f->pending.len;
    f->pending.len = 0;
    f->unsynced = 1;
    return 0;
}

/* All records into a new file. 0 or an errno. */
static int write_records(struct seen_file *f, int fd, uint64_t *out_size, uint64_t *out_lines)
{
    mla_seen_record r;
    uint64_t at = 0;
    uint32_t source;
    struct buf b;
    int sys_code = 0;
    int rc;

    *out_size = *out_lines = 0;
    buf_init(&b, f->mem, PENDING_WRITE + LINE_MAX_OCTETS);
    rc = buf_add(&b, first_line, FIRST_LEN);
    while (rc == 0 && sys_code == 0 && seen_table_each(&f->table, &at, &source, &r)) {
        rc = seen_line_write(&b, f->table.sources[source], &r);
        ++*out_lines;
        if (rc == 0 && b.len >= PENDING_WRITE) {
            sys_code = write_all(fd, b.ptr, b.len);
            *out_size += b.len;
            b.len = 0;
        }
    }
    if (rc == 0 && sys_code == 0)
        sys_code = write_all(fd, b.ptr, b.len);
    *out_size += b.len;
    buf_free(&b);
    return rc != 0 ? ENOMEM : sys_code;
}

/* The new file takes the place of the old. It is locked before it has the name, so no other process
 * gets in between. */
static int replace(struct seen_file *f, int fd)
{
    uint64_t size;
    uint64_t lines;
    int sys_code = lock(fd);

    if (sys_code == 0)
        sys_code = write_records(f, fd, &size, &lines);
    if (sys_code == 0)
        sys_code = sync_fd(fd);
    if (sys_code == 0 && renameat(f->folder, f->temp, f->folder, f->name) != 0)
        sys_code = errno;
    if (sys_code != 0)
        return sys_code;
    close(f->fd);
    f->fd = fd;
    f->size = size;
    f->lines = lines;
    f->pending.len = 0; /* the records say it */
    f->unsynced = 0;
    return sync_folder(f->folder);
}

static int rewrite(struct seen_file *f)
{
    int sys_code;
    int fd;

    seen_table_pack(&f->table);
    (void)unlinkat(f->folder, f->temp, 0); /* of a process that was cut short; the lock is ours */
    fd = open_at(f->folder, f->temp, O_CREAT | O_EXCL);
    if (fd < 0)
        return say(f, errno, "write anew");
    sys_code = replace(f, fd);
    if (sys_code == 0)
        return 0;
    if (f->fd != fd) {
        close(fd);
        (void)unlinkat(f->folder, f->temp, 0);
    }
    return sys_code == ENOMEM ? no_memory(f) : say(f, sys_code, "write anew");
}

static int is_history(const struct seen_file *f)
{
    return f->lines > 2 * (uint64_t)f->table.live + HISTORY_MIN;
}

static int commit(struct seen_file *f)
{
    int rc = write_pending(f);

    if (rc == 0 && f->unsynced) {
        int sys_code = sync_fd(f->fd);

        if (sys_code != 0)
            return say(f, sys_code, "write");
        f->unsynced = 0;
    }
    /* It is an economy: where it cannot be had, the long file is as good. */
    if (rc == 0 && is_history(f) && rewrite(f) != 0)
        memset(&f->error, 0, sizeof f->error);
    return rc;
}

/* --- opening --- */

/* folder, name and the name of the new file; 0 or an error. */
static int split_path(struct seen_file *f, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t len = strlen(name);
    char *folder;
    int sys_code;

    f->name = mem_dup(f->mem, name, len);
    f->temp = mem_alloc(f->mem, len + sizeof ".tmp");
    folder = slash == NULL   ? mem_dup(f->mem, ".", 1)
             : slash == path ? mem_dup(f->mem, "/", 1)
                             : mem_dup(f->mem, path, (size_t)(slash - path));
    if (f->name == NULL || f->temp == NULL || folder == NULL) {
        mem_free(f->mem, folder);
        return no_memory(f);
    }
    memcpy(f->temp, name, len);
    memcpy(f->temp + len, ".tmp", sizeof ".tmp");
    f->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sys_code = errno;
    mem_free(f->mem, folder);
    return f->folder < 0 ? say(f, sys_code, "open the folder of") : 0;
}

static int open_file(struct seen_file *f, const char *path)
{
    uint64_t seed = 0;
    int rc = crypt_random(&seed, sizeof seed);

    if (rc != 0)
        return fail(&f->error, rc, "%s", fail_text(rc));
    seen_table_init(&f->table, f->mem, seed);
    buf_init(&f->pending, f->mem, PENDING_MAX);
    rc = split_path(f, path);
    if (rc == 0)
        rc = open_locked(f);
    if (rc == 0)
        rc = read_all(f);
    if (rc == 0 && f->size == 0)
        rc = write_first(f);
    if (rc == 0)
        (void)unlinkat(f->folder, f->temp, 0);
    if (rc == 0 && is_history(f))
        (void)rewrite(f);
    return rc;
}

int seen_file_open(const struct mem *mem, const char *path, struct seen_file **out, mla_error *err)
{
    struct seen_file *f;
    size_t len = strlen(path);
    int rc;

    *out = NULL;
    if (len == 0 || path[len - 1] == '/')
        return fail(err, MLA_E_ARG, "no name of a file given");
    f = mem_zero(mem, sizeof *f);
    if (f == NULL)
        return fail(err, MLA_E_NOMEM, "%s", fail_text(MLA_E_NOMEM));
    f->mem = mem;
    f->fd = f->folder = -1;
    rc = open_file(f, path);
    if (rc != 0) {
        if (err != NULL)
            *err = f->error;
        seen_file_close(f);
        return rc;
    }
    memset(&f->error, 0, sizeof f->error);
    *out = f;
    return 0;
}

void seen_file_close(struct seen_file *f)
{
    if (f == NULL)
        return;
    while (f->bound != NULL) {
        struct seen_bound *next = f->bound->next;

        mem_free(f->mem, f->bound);
        f->bound = next;
    }
    if (f->fd >= 0)
        close(f->fd);
    if (f->folder >= 0)
        close(f->folder);
    buf_free(&f->pending);
    seen_table_free(&f->table);
    mem_free(f->mem, f->name);
    mem_free(f->mem, f->temp);
    mem_free(f->mem, f);
}

/* --- the store of one source --- */

static int on_lookup(void *user, const uint8_t *id, size_t id_len, mla_seen_record *out)
{
    const struct seen_bound *b = user;

    return seen_table_find(&b->file->table, b->source, (mla_str){(const char *)id, id_len}, out);
}

/* Room for one line more, which may mean to write others. */
static int need_pending(struct seen_file *f)
{
    return f->pending.len < PENDING_WRITE ? 0 : write_pending(f);
}

static int on_add(void *user, const mla_seen_record *r)
{
    struct seen_bound *b = user;
    struct seen_file *f = b->file;
    size_t before = f->pending.len;
    int rc;

    if (r->id.len == 0 || r->id.len > SEEN_ID_MAX || r->header.len > SEEN_HEADER_MAX ||
        r->note.len > SEEN_NOTE_MAX)
        return fail(&f->error, MLA_E_ARG, "a record is out of range");
    rc = need_pending(f);
    if (rc == 0 && seen_line_write(&f->pending, f->table.sources[b->source], r) != 0)
        rc = no_memory(f);
    if (rc == 0 && seen_table_put(&f->table, b->source, r) != 0) {
        f->pending.len = before;
        rc = no_memory(f);
    }
    f->lines += rc == 0;
    return rc;
}

static int on_remove(void *user, const uint8_t *id, size_t id_len)
{
    struct seen_bound *b = user;
    struct seen_file *f = b->file;
    mla_seen_record r;
    int rc;

    if (!seen_table_find(&f->table, b->source, (mla_str){(const char *)id, id_len}, &r))
        return 0;
    rc = need_pending(f);
    if (rc == 0 && seen_line_write_gone(&f->pending, f->table.sources[b->source], r.id) != 0)
        rc = no_memory(f);
    if (rc != 0)
        return rc;
    f->lines++;
    seen_table_remove(&f->table, b->source, r.id);
    return 0;
}

static int on_commit(void *user)
{
    return commit(((struct seen_bound *)user)->file);
}

static int on_each(void *user, uint64_t *cursor, mla_seen_record *out)
{
    const struct seen_bound *b = user;
    uint32_t source;

    while (seen_table_each(&b->file->table, cursor, &source, out))
        if (source == b->source)
            return 1;
    return 0;
}

int seen_file_store(struct seen_file *f, mla_str source, mla_seen_store *out)
{
    struct seen_bound *b;
    uint32_t number;

    if (source.len == 0 || source.len > SEEN_SOURCE_MAX)
        return fail(&f->error, MLA_E_ARG, "the name of the source is empty or too long");
    if (seen_table_source(&f->table, source, &number) != 0)
        return no_memory(f);
    for (b = f->bound; b != NULL && b->source != number; b = b->next)
        ;
    if (b == NULL) {
        b = mem_zero(f->mem, sizeof *b);
        if (b == NULL)
            return no_memory(f);
        b->file = f;
        b->source = number;
        b->next = f->bound;
        f->bound = b;
    }
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->user = b;
    out->lookup = on_lookup;
    out->add = on_add;
    out->remove = on_remove;
    out->commit = on_commit;
    out->each = on_each;
    return 0;
}

/* --- what is known --- */

int seen_file_has_note(const struct seen_file *f, mla_str note)
{
    return seen_table_has_note(&f->table, note);
}

uint64_t seen_file_count(const struct seen_file *f)
{
    return f->table.live;
}

uint64_t seen_file_damaged(const struct seen_file *f)
{
    return f->damaged;
}

void seen_file_error(const struct seen_file *f, mla_error *out)
{
    *out = f->error;
}

int seen_file_compact(struct seen_file *f)
{
    int rc = commit(f);

    return rc == 0 ? rewrite(f) : rc;
}
