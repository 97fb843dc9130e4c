/* trace.c - --trace: the conversation as text. */
#include "trace.h"

#include <mailaccess/mailaccess.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "out.h"

enum { LONGEST_LINE = 1000 };
static const uint64_t most = 64 << 20;

int trace_open(struct trace *t, const char *path)
{
    struct stat st;
    int fd;

    memset(t, 0, sizeof *t);
    if (strcmp(path, "-") == 0) {
        t->file = stderr;
        return 0;
    }
    /* What is said to a server is nobody else's business, and a link that somebody put there is
     * none of ours. */
    fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0)
        return errno;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        (fchmod(fd, 0600) != 0 || ftruncate(fd, 0) != 0)) {
        int err = errno;

        close(fd);
        return err;
    }
    t->file = fdopen(fd, "w");
    if (t->file == NULL) {
        int err = errno;

        close(fd);
        return err;
    }
    return 0;
}

static void begin_line(struct trace *t, int32_t what)
{
    struct timespec now;
    struct tm tm;
    char mark = what == MLA_TRACE_SENT ? '>' : what == MLA_TRACE_RECEIVED ? '<' : '*';

    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &tm) == NULL)
        memset(&tm, 0, sizeof tm);
    fprintf(t->file, "%02d:%02d:%02d.%03d %c ", tm.tm_hour, tm.tm_min, tm.tm_sec,
            (int)(now.tv_nsec / 1000000), mark);
}

/* Lines are cut for reading only; a message of a gigabyte must not fill the disk twice. */
void trace_write(void *user, int32_t what, const uint8_t *data, size_t len)
{
    struct trace *t = user;
    const char *p = (const char *)data, *end = p + len;

    if (t->file == NULL || t->written > most)
        return;
    if (t->what != 0 && t->what != what) {
        fputs(" ...\n", t->file);
        t->what = 0;
    }
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline != NULL ? newline : end;
        size_t n = (size_t)(stop - p), cr = n > 0 && newline != NULL && stop[-1] == '\r';

        if (t->what == 0)
            begin_line(t, what);
        out_visible(t->file, p, n - cr < LONGEST_LINE ? n - cr : LONGEST_LINE);
        if (n - cr > LONGEST_LINE)
            fprintf(t->file, " ... (%zu octets)", n);
        t->written += n - cr < LONGEST_LINE ? n + 20 : LONGEST_LINE + 40;
        t->what = newline != NULL ? 0 : what;
        if (newline != NULL)
            putc('\n', t->file);
        p = newline != NULL ? newline + 1 : end;
    }
    if (what == MLA_TRACE_NOTE && t->what != 0) {
        putc('\n', t->file);
        t->what = 0;
    }
    if (t->written > most)
        fputs("\n(the trace ends here: it is too long)\n", t->file);
}

void trace_close(struct trace *t)
{
    if (t->file != NULL && t->what != 0)
        putc('\n', t->file);
    if (t->file != NULL && t->file != stderr)
        fclose(t->file);
    else if (t->file != NULL)
        fflush(t->file);
    t->file = NULL;
}
