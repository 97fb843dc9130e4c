/* seen_line.h - one line of the file that remembers what was collected: see mailaccess/seen.h. */
#ifndef MLA_COLLECT_SEEN_LINE_H
#define MLA_COLLECT_SEEN_LINE_H

#include "base/buf.h"
#include "mailaccess/seen_types.h"

/* What a line is. */
enum {
    SEEN_LINE_DAMAGED = 0,
    SEEN_LINE_SEEN = 1,  /* a record is added or replaced */
    SEEN_LINE_GONE = 2,  /* a record is removed: only its id counts */
    SEEN_LINE_OTHER = 3, /* sound, but of a kind that is not known here: a newer version's */
};

enum { SEEN_ID_MAX = 1024, SEEN_HEADER_MAX = 64, SEEN_NOTE_MAX = 1024, SEEN_SOURCE_MAX = 2048 };

/* Reads a line without its end. It is changed in place: the slices of *out point into it. */
int seen_line_read(char *line, size_t len, mla_str *out_source, mla_seen_record *out);

/* Adds a line with its end. 0, MLA_E_NOMEM, MLA_E_LIMIT; on failure nothing was added. */
int seen_line_write(struct buf *b, mla_str source, const mla_seen_record *r);
int seen_line_write_gone(struct buf *b, mla_str source, mla_str id);

/* CRC-32 as in ISO 3309. */
uint32_t seen_line_crc(const void *ptr, size_t len);

#endif
