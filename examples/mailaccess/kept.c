/* kept.c - what `watch --state=FILE` knows of a mailbox, in a file. */
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "set.h"
#include "sha256.h"
#include "store.h"

#define FIRST_LINE "mailaccess watch 1"

enum { DIGEST = 64, FILE_MAX = 256 << 20 };

/* --- from the file --- */

void kept_free(struct kept *f)
{
    free(f->text);
    free(f->uids);
    free(f->flags);
    free(f->words);
    memset(f, 0, sizeof *f);
}

static int read_all(int fd, char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = read(fd, text, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        text += n;
        size -= (size_t)n;
    }
    return 0;
}

/* The whole file with a NUL behind it. 0 and *out NULL: there is none. Else an errno. */
static int load(const char *path, char **out, size_t *out_size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
    struct stat st;

    *out = NULL;
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    if (fstat(fd, &st) != 0)
        err = errno;
    else if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
        err = EINVAL;
    *out_size = err == 0 ? (size_t)st.st_size : 0;
    if (err == 0 && (*out = malloc(*out_size + 1)) == NULL)
        err = ENOMEM;
    if (err == 0)
        err = read_all(fd, *out, *out_size);
    if (err == 0)
        (*out)[*out_size] = 0;
    close(fd);
    return err;
}

/* The next line, its end replaced by NUL; NULL: there is none. */
static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');

    if (end == NULL)
        return NULL;
    *end = 0;
    *at = end + 1;
    return line;
}

/* What stands behind that word and a space; NULL: it is another line. */
static char *behind(char *line, const char *word)
{
    size_t n = strlen(word);

    return line != NULL && strncmp(line, word, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

/* The last line is the digest of all in front of it, which is ended there. */
static int is_whole(char *text, size_t size)
{
    const size_t last = sizeof "end \n" - 1 + DIGEST;
    char digest[65];

    if (size < last || memchr(text, 0, size) != NULL || text[size - 1] != '\n' ||
        memcmp(text + size - last, "end ", 4) != 0)
        return 0;
    sha256_hex(text, size - last, digest);
    if (memcmp(text + size - 1 - DIGEST, digest, DIGEST) != 0)
        return 0;
    text[size - last] = 0;
    return 1;
}

/* "1:4 \Seen $Work" */
static int parse_flags(struct kept *f, char *line, size_t *words)
{
    mla_imap_keep_flags *to = &f->flags[f->state.flag_count++];
    char *word = strchr(line, ' ');
    mla_range *range;
    size_t count;

    if (word != NULL)
        *word++ = 0;
    if (set_read(line, &range, &count) != 0)
        return -1;
    to->first = range[0].first;
    to->last = range[0].last;
    free(range);
    to->words = f->words + *words;
    to->word_count = 0;
    while (word != NULL) {
        char *end = strchr(word, ' ');

        f->words[*words].ptr = word;
        f->words[(*words)++].len = end != NULL ? (size_t)(end - word) : strlen(word);
        to->word_count++;
        word = end != NULL ? end + 1 : NULL;
    }
    return count == 1 ? 0 : -1;
}

/* Room for as many flags and words as there can be. */
static int make_room(struct kept *f, const char *text)
{
    size_t lines = 1, spaces = 1;

    for (; *text != 0; text++) {
        lines += *text == '\n';
        spaces += *text == ' ';
    }
    f->flags = calloc(lines, sizeof *f->flags);
    f->words = calloc(spaces, sizeof *f->words);
    return f->flags != NULL && f->words != NULL ? 0 : -1;
}

/* 0; 1: it is about another mailbox; -1: it is no such file. */
static int parse(struct kept *f, char *at, const char *source)
{
    char *line = next_line(&at), *value;
    uint64_t number;
    size_t words = 0;

    if (line == NULL || strcmp(line, FIRST_LINE) != 0 || make_room(f, at) != 0)
        return -1;
    if ((value = behind(next_line(&at), "mailbox")) == NULL)
        return -1;
    if (strcmp(value, source) != 0)
        return 1;
    if ((value = behind(next_line(&at), "uidvalidity")) == NULL ||
        !cli_number(value, UINT32_MAX, &number))
        return -1;
    f->state.uidvalidity = (uint32_t)number;
    if ((value = behind(next_line(&at), "modseq")) == NULL ||
        !cli_number(value, INT64_MAX, &f->state.modseq))
        return -1;
    while ((line = next_line(&at)) != NULL) {
        if ((value = behind(line, "uids")) != NULL) {
            if (f->uids != NULL || set_read(value, &f->uids, &f->state.uid_count) != 0)
                return -1;
        } else if ((value = behind(line, "flags")) == NULL || parse_flags(f, value, &words) != 0) {
            return -1;
        }
    }
    f->state.struct_size = sizeof f->state;
    f->state.uids = f->uids;
    f->state.flags = f->flags;
    return *at == 0 ? 0 : -1;
}

/* A name of one line. */
static void one_line(char *out, size_t size, const char *source)
{
    out_visible_copy(out, size, source, strlen(source));
}

int kept_read(struct kept *f, const char *path, const char *source)
{
    char name[2048];
    size_t size;
    int rc, err;

    memset(f, 0, sizeof *f);
    f->state.struct_size = sizeof f->state;
    one_line(name, sizeof name, source);
    err = load(path, &f->text, &size);
    if (err != 0)
        return cli_fail_file(EXIT_NO_INPUT, "read", path, err);
    if (f->text == NULL)
        return 0;
    rc = is_whole(f->text, size) ? parse(f, f->text, name) : -1;
    if (rc == 0)
        return 0;
    kept_free(f);
    return rc > 0 ? cli_fail(EXIT_DATA, "%s: it is about another mailbox", path)
                  : cli_fail(EXIT_DATA, "%s: damaged, or not a file of this command", path);
}

/* --- to the file --- */

static void print_range(FILE *f, uint32_t first, uint32_t last)
{
    fprintf(f, last != first ? "%" PRIu32 ":%" PRIu32 : "%" PRIu32, first, last);
}

/* 0: read back they would be others, or lines of their own; then they are not stored, and so not
 * known later. Servers may call their keywords what they like. */
static int can_print(const mla_imap_keep_flags *flags)
{
    for (size_t w = 0; w < flags->word_count; w++) {
        const mla_str *word = &flags->words[w];

        for (size_t i = 0; i < word->len; i++)
            if ((unsigned char)word->ptr[i] <= ' ' || word->ptr[i] == 0x7f)
                return 0;
    }
    return 1;
}

static void print_state(FILE *f, const char *name, const mla_imap_keep_state *s)
{
    fprintf(f, FIRST_LINE "\nmailbox %s\nuidvalidity %" PRIu32 "\nmodseq %" PRIu64 "\n", name,
            s->uidvalidity, s->modseq);
    for (size_t i = 0; i < s->uid_count; i++) {
        fputs(i == 0 ? "uids " : ",", f);
        print_range(f, s->uids[i].first, s->uids[i].last);
    }
    if (s->uid_count != 0)
        fputc('\n', f);
    for (size_t i = 0; i < s->flag_count; i++) {
        if (!can_print(&s->flags[i]))
            continue;
        fputs("flags ", f);
        print_range(f, s->flags[i].first, s->flags[i].last);
        for (size_t w = 0; w < s->flags[i].word_count; w++)
            fprintf(f, " %.*s", (int)s->flags[i].words[w].len, s->flags[i].words[w].ptr);
        fputc('\n', f);
    }
}

static int make_text(char **out, size_t *out_size, const char *name, const mla_imap_keep_state *s)
{
    FILE *f = open_memstream(out, out_size);
    char digest[65];
    int ok;

    if (f == NULL)
        return errno;
    print_state(f, name, s);
    ok = fflush(f) == 0 && !ferror(f); /* or it would be the digest of a part */
    if (ok) {
        sha256_hex(*out, *out_size, digest);
        ok = fprintf(f, "end %s\n", digest) > 0;
    }
    return fclose(f) != 0 || !ok ? ENOMEM : 0;
}

static int replace(const char *path, const char *text, size_t size)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    struct store_file file = {NULL, -1, 0, ""};
    struct store folder;
    char in[4096] = ".";
    int err;

    if (n >= sizeof in)
        return ENAMETOOLONG;
    if (n != 0) {
        memcpy(in, path, n);
        in[n] = 0;
    }
    err = store_open(&folder, in, 0);
    if (err == 0)
        err = store_create(&folder, &file);
    if (err == 0)
        err = store_write(&file, text, size);
    if (err == 0)
        err = store_replace(&file, path + n);
    store_discard(&file);
    store_close(&folder);
    return err;
}

int kept_write(const char *path, const char *source, const mla_imap_keep_state *state)
{
    char name[2048], *text = NULL;
    size_t size;
    int err;

    one_line(name, sizeof name, source);
    err = make_text(&text, &size, name, state);
    if (err == 0)
        err = replace(path, text, size);
    free(text);
    return err == 0
               ? 0
               : cli_fail_file(err == ENOSPC || err == EIO || err == EDQUOT ? EXIT_IO
                                                                            : EXIT_CANNOT_CREATE,
                               "write", path, err);
}
