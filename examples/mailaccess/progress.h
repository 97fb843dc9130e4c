/* progress.h - a bar on stderr, where that is a terminal. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

struct progress {
    int on;
    const char *what;
    uint64_t count, total; /* messages; total 0: not known */
    uint64_t octets;
    uint64_t started_ms, shown_ms;
};

/* quiet: never show. what is a word such as "messages". */
void progress_begin(struct progress *p, int quiet, const char *what, uint64_t total);
void progress_add(struct progress *p, uint64_t count, uint64_t octets);
/* Takes the bar away. */
void progress_end(struct progress *p);

#endif
