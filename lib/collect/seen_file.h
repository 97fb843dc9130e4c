/* seen_file.h - the file that remembers what was collected: see mailaccess/seen.h. The one place
 * of this floor that does I/O; it is reached through the functions of a mla_seen_store, which the
 * collector calls without knowing. */
#ifndef MLA_COLLECT_SEEN_FILE_H
#define MLA_COLLECT_SEEN_FILE_H

#include "base/mem.h"
#include "mailaccess/seen_types.h"

struct seen_file;

/* As mla_seen_file_open(); mem outlives the file. */
int seen_file_open(const struct mem *mem, const char *path, struct seen_file **out, mla_error *err);
void seen_file_close(struct seen_file *f);
int seen_file_store(struct seen_file *f, mla_str source, mla_seen_store *out);
int seen_file_has_note(const struct seen_file *f, mla_str note);
uint64_t seen_file_count(const struct seen_file *f);
uint64_t seen_file_damaged(const struct seen_file *f);
void seen_file_error(const struct seen_file *f, mla_error *out);
int seen_file_compact(struct seen_file *f);

#endif
