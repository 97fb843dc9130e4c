/* idle.h - what the programs that hold idle connections share. Each is called
 *
 *     PROGRAM PORT plain|tls CA_FILE COUNT [SECONDS [RENEWED]]
 *
 * opens COUNT sessions of IMAP to 127.0.0.1, waits until all are idle, and prints one line of
 * NAME=VALUE words: what memory a session holds. */
#ifndef IDLE_H
#define IDLE_H

#include <dirent.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct idle {
    int port;
    int tls;
    const char *ca;
    unsigned count;
    unsigned seconds; /* how long to watch them */
    unsigned renewed; /* of them those whose IDLE is renewed within that time */
    size_t heap;      /* before the first session */
    size_t rss;
};

/* Octets that the C library's allocator has given out. */
static inline size_t idle_heap(void)
{
    struct mallinfo2 m = mallinfo2();

    return m.uordblks + m.hblkhd;
}

static inline size_t idle_rss(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f != NULL) {
        if (fscanf(f, "%*u %lu", &pages) != 1)
            pages = 0;
        fclose(f);
    }
    return (size_t)pages * 4096;
}

static inline unsigned idle_descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    unsigned n = 0;

    if (d == NULL)
        return 0;
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n - 3; /* ".", "..", the folder itself */
}

static inline double idle_cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static inline void idle_begin(struct idle *b, int argc, char **argv)
{
    memset(b, 0, sizeof *b);
    if (argc < 5 || argc > 7) {
        fprintf(stderr, "usage: %s PORT plain|tls CA_FILE COUNT [SECONDS [RENEWED]]\n", argv[0]);
        exit(64);
    }
    b->port = (int)strtol(argv[1], NULL, 10);
    b->tls = strcmp(argv[2], "tls") == 0;
    b->ca = argv[3];
    b->count = (unsigned)strtoul(argv[4], NULL, 10);
    b->seconds = argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : 0;
    b->renewed = argc > 6 ? (unsigned)strtoul(argv[6], NULL, 10) : 0;
    if (b->count == 0)
        exit(64);
}

/* Everything that the process needs but once is there now. */
static inline void idle_start(struct idle *b)
{
    b->heap = idle_heap();
    b->rss = idle_rss();
}

static inline void idle_tell(const struct idle *b)
{
    const size_t heap = idle_heap() - b->heap;

    malloc_trim(0);
    printf("count=%u heap=%zu rss=%zu descriptors=%u ", b->count, heap / b->count,
           (idle_rss() - b->rss) / b->count, idle_descriptors());
}

static inline void idle_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

#endif
