/* journal.c - what has been downloaded. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define JOURNAL_NAME ".mailaccess"
static const char first_line[] = "mailaccess journal 1\n";

enum { SOURCE, ID, FILE_NAME, SIZE, SHA256, WORDS };

/* A record's words lie behind one another, each with a NUL. */
struct record {
    char *words[WORDS];
    uint64_t size;
    char *text;
};

/* An open-addressing table of indices into records; 0 is empty, else index + 1. */
struct table {
    uint32_t *slot;
    size_t size; /* a power of two, or 0 */
};

struct journal {
    int fd;
    uint64_t seed;
    struct record *records;
    size_t count, room, damaged;
    struct table by_id, by_file;
    char *pending; /* lines not yet written */
    size_t pending_len, pending_room;
};

/* CRC-32 as in ISO 3309; 16 entries are enough for lines this short. */
static uint32_t crc32(const char *p, size_t len)
{
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= (unsigned char)p[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

/* --- the tables --- */

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (; *text != 0; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
}

static uint64_t hash_id(const struct journal *j, const char *source, const char *id)
{
    return hash_text(hash_text(j->seed, source), id);
}

static void table_put(struct table *t, uint64_t hash, uint32_t index)
{
    size_t at = (size_t)hash & (t->size - 1);

    while (t->slot[at] != 0)
        at = (at + 1) & (t->size - 1);
    t->slot[at] = index + 1;
}

static int table_grow(struct journal *j, struct table *t, int by_file)
{
    struct table bigger = {NULL, t->size != 0 ? t->size * 2 : 1024};

    bigger.slot = calloc(bigger.size, sizeof *bigger.slot);
    if (bigger.slot == NULL)
        return ENOMEM;
    for (uint32_t i = 0; i < j->count; i++) {
        struct record *r = &j->records[i];

        table_put(&bigger,
                  by_file ? hash_text(j->seed, r->words[FILE_NAME])
                          : hash_id(j, r->words[SOURCE], r->words[ID]),
                  i);
    }
    free(t->slot);
    *t = bigger;
    return 0;
}

static struct record *find_record(const struct journal *j, const char *source, const char *id)
{
    size_t at;

    if (j->by_id.size == 0)
        return NULL;
    at = (size_t)hash_id(j, source, id) & (j->by_id.size - 1);
    for (; j->by_id.slot[at] != 0; at = (at + 1) & (j->by_id.size - 1)) {
        struct record *r = &j->records[j->by_id.slot[at] - 1];

        if (strcmp(r->words[ID], id) == 0 && strcmp(r->words[SOURCE], source) == 0)
            return r;
    }
    return NULL;
}

int journal_has_file(const struct journal *j, const char *file)
{
    size_t at;

    if (j->by_file.size == 0)
        return 0;
    at = (size_t)hash_text(j->seed, file) & (j->by_file.size - 1);
    for (; j->by_file.slot[at] != 0; at = (at + 1) & (j->by_file.size - 1))
        if (strcmp(j->records[j->by_file.slot[at] - 1].words[FILE_NAME], file) == 0)
            return 1;
    return 0;
}

int journal_find(const struct journal *j, const char *source, const char *id,
                 struct journal_entry *out)
{
    const struct record *r = find_record(j, source, id);

    if (r == NULL)
        return 0;
    out->source = r->words[SOURCE];
    out->id = r->words[ID];
    out->file = r->words[FILE_NAME];
    out->size = r->size;
    out->sha256 = r->words[SHA256];
    return 1;
}

/* Takes over text, in which the words end with NUL. */
static int keep_record(struct journal *j, char *text, char *const words[WORDS], uint64_t size)
{
    struct record *r;

    if (j->count == j->room) {
        size_t room = j->room != 0 ? j->room * 2 : 512;
        struct record *bigger =
            room > SIZE_MAX / sizeof *bigger ? NULL : realloc(j->records, room * sizeof *bigger);

        if (bigger == NULL || room > UINT32_MAX / 2)
            return ENOMEM;
        j->records = bigger;
        j->room = room;
    }
    if ((j->count + 1) * 2 > j->by_id.size && (table_grow(j, &j->by_id, 0) != 0))
        return ENOMEM;
    if ((j->count + 1) * 2 > j->by_file.size && (table_grow(j, &j->by_file, 1) != 0))
        return ENOMEM;
    r = &j->records[j->count];
    memcpy(r->words, words, sizeof r->words);
    r->text = text;
    r->size = size;
    table_put(&j->by_id, hash_id(j, words[SOURCE], words[ID]), (uint32_t)j->count);
    table_put(&j->by_file, hash_text(j->seed, words[FILE_NAME]), (uint32_t)j->count);
    j->count++;
    return 0;
}

/* --- words and lines --- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int unescape(char *word)
{
    char *to = word;

    while (*word != 0) {
        if (*word != '%') {
            *to++ = *word++;
            continue;
        }
        if (word[1] == 0 || hex(word[1]) < 0 || hex(word[2]) < 0)
            return -1;
        *to = (char)(hex(word[1]) << 4 | hex(word[2]));
        if (*to++ == 0)
            return -1;
        word += 3;
    }
    *to = 0;
    return 0;
}

static size_t escape(char *to, const char *word)
{
    size_t n = 0;

    for (; *word != 0; word++) {
        unsigned char c = (unsigned char)*word;

        if (c > 0x20 && c < 0x7f && c != '%') {
            to[n++] = (char)c;
        } else {
            snprintf(to + n, 4, "%%%02X", c);
            n += 3;
        }
    }
    return n;
}

/* One line without its end: 1 when it is a good record, 0 when it is damaged, else -ENOMEM. */
static int read_line(struct journal *j, const char *line, size_t len)
{
    char *text, *at, *words[WORDS + 2];
    uint64_t size;
    char crc[9];
    int count = 0;

    if (len < 13 || line[8] != ' ')
        return 0;
    snprintf(crc, sizeof crc, "%08" PRIx32, crc32(line + 9, len - 9));
    if (memcmp(crc, line, 8) != 0 || memchr(line, 0, len) != NULL)
        return 0;
    text = malloc(len - 8);
    if (text == NULL)
        return -ENOMEM;
    memcpy(text, line + 9, len - 9);
    text[len - 9] = 0;
    for (at = text; at != NULL && count < WORDS + 2; count++) {
        words[count] = at;
        at = strchr(at, ' ');
        if (at != NULL)
            *at++ = 0;
    }
    for (int i = 0; i < count; i++)
        if (unescape(words[i]) != 0)
            count = 0;
    if (count != WORDS + 1 || strcmp(words[0], "got") != 0 ||
        !cli_number(words[1 + SIZE], UINT64_MAX, &size)) {
        /* A sound record of another kind is a newer version's, and no damage. */
        int is_other = count > 0 && strcmp(words[0], "got") != 0;

        free(text);
        return is_other;
    }
    if (keep_record(j, text, words + 1, size) != 0) {
        free(text);
        return -ENOMEM;
    }
    return 1;
}

/* Reads all records; *out_good is where the last whole line ends. */
static int read_records(struct journal *j, const char *data, size_t len, size_t *out_good)
{
    size_t at = sizeof first_line - 1;

    if (len < at || memcmp(data, first_line, at) != 0) {
        /* Also a first line that was cut off: then nothing was recorded yet. */
        *out_good = 0;
        return len < at && memcmp(data, first_line, len) == 0 ? 0 : EINVAL;
    }
    while (at < len) {
        const char *end = memchr(data + at, '\n', len - at);
        int rc;

        if (end == NULL)
            break;
        rc = read_line(j, data + at, (size_t)(end - data) - at);
        if (rc < 0)
            return -rc;
        at = (size_t)(end - data) + 1;
        j->damaged += rc == 0;
    }
    *out_good = at;
    return 0;
}

static int read_all(int fd, char **out, size_t *out_len)
{
    struct stat st;
    size_t len = 0, room;
    char *data;

    *out = NULL;
    *out_len = 0;
    if (fstat(fd, &st) != 0)
        return errno;
    if (!S_ISREG(st.st_mode) || (uintmax_t)st.st_size > SIZE_MAX - 1)
        return EINVAL;
    room = (size_t)st.st_size;
    data = malloc(room + 1);
    if (data == NULL)
        return ENOMEM;
    while (len < room) {
        ssize_t n = pread(fd, data + len, room - len, (off_t)len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int err = errno;

            free(data);
            return err;
        }
        if (n == 0)
            break;
        len += (size_t)n;
    }
    *out = data;
    *out_len = len;
    return 0;
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static int lock(int fd)
{
    struct flock l;

    memset(&l, 0, sizeof l);
    l.l_type = F_WRLCK;
    l.l_whence = SEEK_SET;
    if (fcntl(fd, F_SETLK, &l) == 0)
        return 0;
    return errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno;
}

/* Locks, reads, and leaves the file ending with a whole line. */
static int begin(struct journal *j, const struct store *dir)
{
    size_t len, good = 0;
    char *data;
    int err = lock(j->fd);

    if (err == 0)
        err = read_all(j->fd, &data, &len);
    if (err != 0)
        return err;
    err = read_records(j, data, len, &good);
    free(data);
    if (err == 0 && good < len && ftruncate(j->fd, (off_t)good) != 0)
        err = errno;
    if (err == 0 && good == 0) {
        err = write_all(j->fd, first_line, sizeof first_line - 1);
        if (err == 0)
            err = journal_sync(j);
        if (err == 0)
            err = store_sync_folder(dir);
    }
    return err;
}

int journal_open(struct journal **out_j, const struct store *dir)
{
    struct journal *j = calloc(1, sizeof *j);
    int err;

    *out_j = NULL;
    if (j == NULL)
        return ENOMEM;
    /* Names are chosen by others: a seed of its own keeps the tables from being made slow. */
    j->seed = dir->seed;
    j->fd = openat(dir->fd, JOURNAL_NAME,
                   O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    err = j->fd < 0 ? errno : begin(j, dir);
    if (err != 0) {
        journal_close(j);
        return err;
    }
    *out_j = j;
    return 0;
}

void journal_close(struct journal *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < j->count; i++)
        free(j->records[i].text);
    free(j->records);
    free(j->by_id.slot);
    free(j->by_file.slot);
    free(j->pending);
    if (j->fd >= 0)
        close(j->fd);
    free(j);
}

static int pending_room(struct journal *j, size_t more)
{
    size_t room = j->pending_len + more;
    char *bigger;

    if (room <= j->pending_room)
        return 0;
    bigger = realloc(j->pending, room * 2);
    if (bigger == NULL)
        return ENOMEM;
    j->pending = bigger;
    j->pending_room = room * 2;
    return 0;
}

int journal_add(struct journal *j, const struct journal_entry *e)
{
    const char *words[WORDS] = {e->source, e->id, e->file, NULL, e->sha256};
    char number[24], *text, *kept[WORDS], *line;
    size_t total = 0, n;
    char crc[10];

    snprintf(number, sizeof number, "%" PRIu64, e->size);
    words[SIZE] = number;
    for (int i = 0; i < WORDS; i++)
        total += strlen(words[i]) + 1;
    if (pending_room(j, 9 + 4 + 3 * total) != 0 || (text = malloc(total)) == NULL)
        return ENOMEM;
    line = j->pending + j->pending_len;
    n = 9 + 3;
    memcpy(line + 9, "got", 3);
    total = 0;
    for (int i = 0; i < WORDS; i++) {
        line[n++] = ' ';
        n += escape(line + n, words[i]);
        kept[i] = text + total;
        memcpy(kept[i], words[i], strlen(words[i]) + 1);
        total += strlen(words[i]) + 1;
    }
    snprintf(crc, sizeof crc, "%08" PRIx32 " ", crc32(line + 9, n - 9));
    memcpy(line, crc, 9);
    line[n++] = '\n';
    if (keep_record(j, text, kept, e->size) != 0) {
        free(text);
        return ENOMEM;
    }
    j->pending_len += n;
    return 0;
}

int journal_sync(struct journal *j)
{
    int err = write_all(j->fd, j->pending, j->pending_len);

    if (err == 0)
        j->pending_len = 0;
    if (err == 0 && fsync(j->fd) != 0)
        err = errno;
    return err;
}

size_t journal_count(const struct journal *j)
{
    return j->count;
}

size_t journal_damaged(const struct journal *j)
{
    return j->damaged;
}
