/* progress.c - a bar on stderr. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { BAR = 30, EVERY_MS = 100 };

void progress_begin(struct progress *p, int quiet, const char *what, uint64_t total)
{
    memset(p, 0, sizeof *p);
    p->on = !quiet && isatty(STDERR_FILENO);
    p->what = what;
    p->total = total;
    p->started_ms = cli_now_ms();
}

static void show(struct progress *p, uint64_t now)
{
    uint64_t ms = now - p->started_ms + 1;
    char bar[BAR + 1];
    unsigned full = p->total != 0 ? (unsigned)(p->count * BAR / p->total) : 0;

    memset(bar, ' ', BAR);
    memset(bar, '=', full < BAR ? full : BAR);
    bar[BAR] = 0;
    if (p->total != 0)
        fprintf(stderr, "\r[%s] %" PRIu64 "/%" PRIu64 " %s", bar, p->count, p->total, p->what);
    else
        fprintf(stderr, "\r%" PRIu64 " %s", p->count, p->what);
    fprintf(stderr, ", %.1f MB, %.1f MB/s \033[K", (double)p->octets / 1e6,
            (double)p->octets / 1e3 / (double)ms);
    fflush(stderr);
    p->shown_ms = now;
}

void progress_add(struct progress *p, uint64_t count, uint64_t octets)
{
    uint64_t now;

    if (!p->on)
        return;
    p->count += count;
    p->octets += octets;
    now = cli_now_ms();
    if (now - p->shown_ms >= EVERY_MS)
        show(p, now);
}

void progress_end(struct progress *p)
{
    if (p->on && p->shown_ms != 0)
        fputs("\r\033[K", stderr);
    p->on = 0;
}
