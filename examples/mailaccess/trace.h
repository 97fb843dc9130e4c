/* trace.h - --trace: the conversation as text, with times. The library leaves the secrets out. */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>
#include <stdio.h>

struct trace {
    FILE *file; /* NULL: off */
    int what;   /* whose line is open, 0: none */
    uint64_t written;
};

/* path "-" is stderr; a file is made anew, mode 0600. 0 or an errno. */
int trace_open(struct trace *t, const char *path);
/* An mla_trace_fn; user is the struct trace. */
void trace_write(void *user, int32_t what, const uint8_t *data, size_t len);
void trace_close(struct trace *t);

#endif
