/* store.h - files that appear under their name only when they are whole and on disk.
 *
 * Everything happens relative to an open folder: nothing that a name holds can lead out of it, and
 * a link is never followed. Files are made with O_EXCL, mode 0600, under a name that cannot be
 * guessed, and get their final name without ever replacing another file (but store_replace()). All
 * functions return 0 or an errno. */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>
#include <stdint.h>

/* An open folder. */
struct store {
    int fd; /* -1: none */
    uint64_t seed, counter;
};

/* A file being written. */
struct store_file {
    struct store *in; /* where the temporary name is */
    int fd;           /* -1: none, or synced and closed */
    uint64_t size;
    char temp[48]; /* empty: there is none */
};

/* Opens a folder by a path that the user gave; with create it is made, with its parents. */
int store_open(struct store *s, const char *path, int create);
/* Opens a folder within another; name is one plain component. Made when it is missing. */
int store_open_within(struct store *s, const struct store *parent, const char *name);
void store_close(struct store *s);
/* 1 when there is something under that name. */
int store_has(const struct store *s, const char *name);
/* Removes the temporary files that an earlier run left. Only for who has the folder for himself. */
void store_sweep(struct store *s);

int store_create(struct store *s, struct store_file *f);
int store_write(struct store_file *f, const void *data, size_t len);
/* Makes the octets durable and closes the file. */
int store_sync(struct store_file *f);
/* The same for several files that lie in one file system. */
int store_sync_many(struct store_file *const *files, size_t count);
/* Gives a synced file its name in `to`: EEXIST when the name is taken, and f stays as it is. */
int store_publish(struct store_file *f, const struct store *to, const char *name);
/* Makes names durable. */
int store_sync_folder(const struct store *s);
/* Syncs f and gives it a name in its own folder, in the place of what may be there. */
int store_replace(struct store_file *f, const char *name);
/* The three in one. */
int store_commit(struct store_file *f, const struct store *to, const char *name);
/* Removes the temporary file; harmless when there is none. */
void store_discard(struct store_file *f);
/* 1 when f (synced or not) and the file called name in s hold the same octets. */
int store_equal(const struct store_file *f, const struct store *s, const char *name);

#endif
