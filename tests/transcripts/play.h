/* play.h - one run of a transcript. */
#ifndef PLAY_H
#define PLAY_H

#include "runner.h"
#include "script.h"

enum pieces { WHOLE, BYTES, CUT, RANDOM };

/* How a run is played. */
struct mode {
    const char *name;
    enum pieces pieces; /* of what is received, and of what is sent */
    size_t cut;
    uint32_t seed;
    int pages;      /* memory ends at forbidden pages */
    size_t fail_at; /* the allocation that fails; 0: none */
    int from_then_on;
};

struct played {
    char *log;
    char *why; /* what was not as expected; NULL: nothing */
    size_t received;
    size_t allocations;
};

void play(const struct runner_protocol *protocol, const struct script *s, const struct mode *mode,
          struct played *out);
void played_free(struct played *p);

#endif
