/* seen_table.h - the records of a file of what was collected, in memory. */
#ifndef MLA_COLLECT_SEEN_TABLE_H
#define MLA_COLLECT_SEEN_TABLE_H

#include "base/mem.h"
#include "mailaccess/seen_types.h"

struct seen_entry;

/* An open-addressing table of indices into the list; 0 is empty, else index + 1. */
struct seen_slots {
    uint32_t *slot;
    size_t size; /* a power of two, or 0 */
    size_t used;
};

struct seen_table {
    const struct mem *mem;
    uint64_t seed;            /* ids are chosen by others: it keeps them from making chains long */
    struct seen_entry **list; /* NULL: removed */
    size_t listed;
    size_t room;
    size_t live;
    struct seen_slots by_id;
    struct seen_slots by_note;
    mla_str *sources; /* with a final NUL each */
    uint32_t source_count;
    uint32_t source_room;
};

void seen_table_init(struct seen_table *t, const struct mem *mem, uint64_t seed);
void seen_table_free(struct seen_table *t);

/* The number of a source, which is added when it is new. 0 or MLA_E_NOMEM. */
int seen_table_source(struct seen_table *t, mla_str name, uint32_t *out);

/* 1 and *out, whose slices live until the record is changed; or 0. */
int seen_table_find(const struct seen_table *t, uint32_t source, mla_str id, mla_seen_record *out);
/* 1 when some record has that note. */
int seen_table_has_note(const struct seen_table *t, mla_str note);
/* Adds or replaces. r->struct_size counts for nothing. 0 or MLA_E_NOMEM. */
int seen_table_put(struct seen_table *t, uint32_t source, const mla_seen_record *r);
/* 1 when there was one, else 0. */
int seen_table_remove(struct seen_table *t, uint32_t source, mla_str id);
/* The next record of any source from *at on: 1, *at behind it; or 0. */
int seen_table_each(const struct seen_table *t, uint64_t *at, uint32_t *out_source,
                    mla_seen_record *out);
/* Gives back the room of removed records; what seen_table_each() counts by changes. */
void seen_table_pack(struct seen_table *t);

#endif
