/* trace_file.h - traces of the sessions of one configuration in a file, for people. */
#ifndef MLA_API_TRACE_FILE_H
#define MLA_API_TRACE_FILE_H

#include "base/mem.h"
#include "mailaccess/types.h"

struct trace_file;

/* Which of the sessions that share a file writes. */
struct trace_writer {
    struct trace_file *file;
    uint32_t number;
};

enum { TRACE_FILE_MAX = 64 << 20 };

/* Makes the file anew, readable for its owner alone; a symbolic link is refused. most: octets.
 * 0 and *out, MLA_E_ARG, MLA_E_NOMEM. */
int trace_file_open(const struct mem *mem, const char *path, uint64_t most, struct trace_file **out,
                    mla_error *err);
/* Fills *out; any thread. */
void trace_file_join(struct trace_file *f, struct trace_writer *out);
/* A trace function whose user is a struct trace_writer; any thread. */
void trace_file_write(void *writer, int32_t what, const uint8_t *data, size_t len);
void trace_file_free(struct trace_file *f);

#endif
