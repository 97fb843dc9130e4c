/* store.c - files that appear under their name only when they are whole and on disk. */
#ifdef __linux__
#define _GNU_SOURCE /* syncfs() */
#endif
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TEMP_PREFIX ".mailaccess-"
#define TEMP_SUFFIX ".tmp"

static int random_seed(uint64_t *out)
{
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return errno;
    n = read(fd, out, sizeof *out);
    close(fd);
    return n == (ssize_t)sizeof *out ? 0 : EIO;
}

static int store_adopt(struct store *s, int fd)
{
    int err = random_seed(&s->seed);

    if (err != 0) {
        close(fd);
        return err;
    }
    s->fd = fd;
    s->counter = 0;
    return 0;
}

/* A new folder is on disk when the one that it is in is. */
static int sync_parent(const char *path)
{
    char parent[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
    int fd, err;

    memcpy(parent, slash == NULL ? "." : path, len);
    parent[len] = 0;
    fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? 0 : errno; /* written by us, but not to be read */
    err = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    close(fd);
    return err;
}

/* mkdir -p. A folder that is there is good, whatever mkdir() says of it (EEXIST, on some file
 * systems EROFS or EACCES). */
static int make_parents(const char *path)
{
    char part[4096];
    size_t len = strlen(path);
    int err = 0;

    if (len >= sizeof part)
        return ENAMETOOLONG;
    for (size_t i = 1; i <= len && err == 0; i++) {
        if ((path[i] != '/' && path[i] != 0) || path[i - 1] == '/')
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0700) == 0) {
            err = sync_parent(part);
        } else {
            int why = errno;

            err = access(part, F_OK) == 0 ? 0 : why;
        }
    }
    return err;
}

int store_open(struct store *s, const char *path, int create)
{
    int fd, err;

    s->fd = -1;
    err = create ? make_parents(path) : 0;
    if (err != 0)
        return err;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? errno : store_adopt(s, fd);
}

int store_open_within(struct store *s, const struct store *parent, const char *name)
{
    int fd;

    s->fd = -1;
    if (mkdirat(parent->fd, name, 0700) == 0) {
        if (fsync(parent->fd) != 0)
            return errno;
    } else if (errno != EEXIST) {
        return errno;
    }
    fd = openat(parent->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? errno : store_adopt(s, fd);
}

void store_close(struct store *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

int store_has(const struct store *s, const char *name)
{
    struct stat st;

    return fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int is_temp_name(const char *name)
{
    size_t len = strlen(name), prefix = sizeof TEMP_PREFIX - 1, suffix = sizeof TEMP_SUFFIX - 1;

    return len > prefix + suffix && memcmp(name, TEMP_PREFIX, prefix) == 0 &&
           strcmp(name + len - suffix, TEMP_SUFFIX) == 0;
}

void store_sweep(struct store *s)
{
    int fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;

    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(dir)) != NULL)
        if (is_temp_name(entry->d_name))
            (void)unlinkat(s->fd, entry->d_name, 0);
    closedir(dir);
}

int store_create(struct store *s, struct store_file *f)
{
    f->in = s;
    f->size = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(f->temp, sizeof f->temp, TEMP_PREFIX "%016" PRIx64 TEMP_SUFFIX,
                 s->seed ^ s->counter++ * 0x9e3779b97f4a7c15u);
        f->fd = openat(s->fd, f->temp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (f->fd >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    f->temp[0] = 0;
    return errno;
}

int store_write(struct store_file *f, const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(f->fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        p += n;
        len -= (size_t)n;
        f->size += (size_t)n;
    }
    return 0;
}

int store_sync(struct store_file *f)
{
    int err = 0;

    if (f->fd < 0)
        return 0;
    if (fsync(f->fd) != 0)
        err = errno;
    if (close(f->fd) != 0 && err == 0)
        err = errno;
    f->fd = -1;
    return err;
}

#ifdef __linux__
/* Since Linux 5.8 syncfs() says when something could not be written; before, it kept quiet. */
static int syncfs_tells(void)
{
    struct utsname u;
    uint64_t major = 0, minor = 0;
    const char *p = u.release;

    if (uname(&u) != 0)
        return 0;
    for (; *p >= '0' && *p <= '9' && major < 1000; p++)
        major = major * 10 + (uint64_t)(*p - '0');
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9' && minor < 1000; p++)
            minor = minor * 10 + (uint64_t)(*p - '0');
    return major > 5 || (major == 5 && minor >= 8);
}
#endif

/* One fsync() after the other costs a commit of the file system each; together they cost one. */
int store_sync_many(struct store_file *const *files, size_t count)
{
    int err = 0, done = 0;

#ifdef __linux__
    if (count >= 4 && syncfs_tells()) {
        if (syncfs(files[0]->in->fd) != 0)
            return errno;
        done = 1;
    }
#endif
    for (size_t i = 0; i < count && err == 0; i++) {
        if (!done) {
            err = store_sync(files[i]);
        } else if (files[i]->fd >= 0) {
            if (close(files[i]->fd) != 0)
                err = errno;
            files[i]->fd = -1;
        }
    }
    return err;
}

/* link() and unlink() never replace a file, as rename() would. File systems without hard links get
 * rename() behind a look, which is as good as it gets there. */
int store_publish(struct store_file *f, const struct store *to, const char *name)
{
    if (linkat(f->in->fd, f->temp, to->fd, name, 0) == 0) {
        int err = unlinkat(f->in->fd, f->temp, 0) != 0 ? errno : 0;

        f->temp[0] = 0;
        return err;
    }
    if (errno != EPERM && errno != ENOTSUP && errno != EOPNOTSUPP && errno != EMLINK &&
        errno != ENOSYS)
        return errno;
    if (store_has(to, name))
        return EEXIST;
    if (renameat(f->in->fd, f->temp, to->fd, name) != 0)
        return errno;
    f->temp[0] = 0;
    return 0;
}

int store_sync_folder(const struct store *s)
{
    /* Some file systems cannot sync a folder and say EINVAL: then there is nothing to be done. */
    return fsync(s->fd) != 0 && errno != EINVAL ? errno : 0;
}

int store_commit(struct store_file *f, const struct store *to, const char *name)
{
    int err = store_sync(f);

    if (err == 0)
        err = store_publish(f, to, name);
    return err == 0 ? store_sync_folder(to) : err;
}

int store_replace(struct store_file *f, const char *name)
{
    int err = store_sync(f);

    if (err == 0 && renameat(f->in->fd, f->temp, f->in->fd, name) != 0)
        err = errno;
    if (err != 0)
        return err;
    f->temp[0] = 0;
    return store_sync_folder(f->in);
}

void store_discard(struct store_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    if (f->temp[0] != 0)
        (void)unlinkat(f->in->fd, f->temp, 0);
    f->temp[0] = 0;
}

static int same_octets(int a, int b)
{
    char buf_a[16384], buf_b[16384];
    off_t pos = 0;

    for (;;) {
        ssize_t n = pread(a, buf_a, sizeof buf_a, pos), got = 0;

        if (n < 0)
            return 0;
        while (got < n) {
            ssize_t m = pread(b, buf_b + got, (size_t)(n - got), pos + got);

            if (m <= 0)
                return 0;
            got += m;
        }
        if (n == 0)
            return pread(b, buf_b, 1, pos) == 0;
        if (memcmp(buf_a, buf_b, (size_t)n) != 0)
            return 0;
        pos += n;
    }
}

int store_equal(const struct store_file *f, const struct store *s, const char *name)
{
    int a = openat(f->in->fd, f->temp, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int b = openat(s->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int same = 0;
    struct stat st;

    if (a >= 0 && b >= 0 && fstat(b, &st) == 0 && S_ISREG(st.st_mode))
        same = same_octets(a, b);
    if (a >= 0)
        close(a);
    if (b >= 0)
        close(b);
    return same;
}
