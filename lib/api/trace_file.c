/* trace_file.c - see trace_file.h
 *
 *   2026-05-04T11:22:33.456Z 1 > ABC1 NOOP
 *
 * One write() a line, at the end of the file, so that sessions on several threads need no lock. */
#include "api/trace_file.h"

#include "base/clock.h"
#include "base/fail.h"
#include "codec/utf8.h"
#include "wire/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

enum { SHOWN_MAX = 2048 /* octets of a line */ };

struct trace_file {
    const struct mem *mem;
    int fd;
    uint64_t most;
    atomic_uint_fast64_t written;
    atomic_uint_fast32_t sessions;
};

int trace_file_open(const struct mem *mem, const char *path, uint64_t most, struct trace_file **out,
                    mla_error *err)
{
    struct trace_file *f = mem_zero(mem, sizeof *f);
    struct stat st;
    int code;

    if (f == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    f->mem = mem;
    f->most = most != 0 ? most : TRACE_FILE_MAX;
    atomic_init(&f->written, 0);
    atomic_init(&f->sessions, 0);
    f->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
    if (f->fd >= 0 && (fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
                       (fchmod(f->fd, 0600) == 0 && ftruncate(f->fd, 0) == 0))) {
        *out = f;
        return 0;
    }
    code = errno;
    trace_file_free(f);
    return fail_sys(err, MLA_E_ARG, code, "the trace cannot be written to %.150s", path);
}

void trace_file_join(struct trace_file *f, struct trace_writer *out)
{
    out->file = f;
    out->number = (uint32_t)atomic_fetch_add(&f->sessions, 1) + 1;
}

void trace_file_free(struct trace_file *f)
{
    if (f == NULL)
        return;
    if (f->fd >= 0)
        close(f->fd);
    mem_free(f->mem, f);
}

static size_t begin_line(char *to, size_t size, uint32_t number, int32_t what)
{
    int64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    int n;

    if (gmtime_r(&seconds, &tm) == NULL)
        memset(&tm, 0, sizeof tm);
    n = snprintf(to, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %lu %c ", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(now % 1000),
                 (unsigned long)number,
                 what == TRACE_SENT       ? '>'
                 : what == TRACE_RECEIVED ? '<'
                                          : '*');
    return n > 0 ? (size_t)n : 0;
}

/* One character made harmless: what a terminal would obey is shown as octets. */
static size_t show(const uint8_t *p, size_t n, char *to, size_t *out_len)
{
    uint32_t c = 0;
    size_t bad = 1;
    size_t len = utf8_read(p, n, &c, &bad);

    if (len != 0 && c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0)) {
        memcpy(to, p, len);
        *out_len = len;
        return len;
    }
    *out_len = 0;
    len = len != 0 ? len : 1;
    for (size_t i = 0; i < len; i++)
        *out_len += (size_t)snprintf(to + *out_len, 5, "\\x%02x", p[i]);
    return len;
}

static void put(const struct trace_file *f, const char *line, size_t n)
{
    ssize_t rc = write(f->fd, line, n);

    (void)rc; /* a full disk costs the trace, not the session */
}

void trace_file_write(void *writer, int32_t what, const uint8_t *data, size_t len)
{
    const struct trace_writer *w = writer;
    struct trace_file *f = w->file;
    char line[64 + SHOWN_MAX + 64];
    size_t shown = len < SHOWN_MAX ? len : SHOWN_MAX;
    size_t n;
    uint64_t before;
    size_t at = 0;

    while (shown == len && len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
        shown = --len;
    n = begin_line(line, 64, w->number, what);
    while (at < shown && n < 64 + SHOWN_MAX) {
        size_t made = 0;

        at += show(data + at, shown - at, line + n, &made);
        n += made;
    }
    if (at < len)
        n += (size_t)snprintf(line + n, 48, " ... (%zu octets)", len);
    line[n++] = '\n';
    before = atomic_fetch_add(&f->written, n);
    if (before < f->most && before + n >= f->most)
        put(f, "(the trace ends here: it is too long)\n", 38);
    else if (before < f->most)
        put(f, line, n);
}
