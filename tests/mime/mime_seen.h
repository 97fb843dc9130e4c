/* mime_seen.h - what the streaming parser says about a message, collected so that two runs and the
 * tree can be compared. Also used by the fuzz targets. */
#ifndef MIME_SEEN_H
#define MIME_SEEN_H

#include <mailaccess/mailaccess.h>

#include <stddef.h>
#include <stdint.h>

struct seen_part {
    uint64_t header_offset;
    uint64_t body_offset;
    uint64_t body_length;
    uint64_t octets; /* of BODY events */
    uint64_t hash;   /* over them */
    uint64_t type_hash;
    uint64_t encoding_hash;
    uint32_t depth;
    uint32_t index;
    uint32_t flags;
    uint32_t fields;
};

struct seen_field {
    uint64_t offset;
    uint64_t name_len;
    uint64_t value_offset;
    uint64_t value_len;
    uint64_t hash; /* over name and value */
};

struct seen_warning {
    int32_t code;
    uint32_t depth;
    uint64_t offset;
};

struct seen {
    struct seen_part *parts;
    struct seen_field *fields;
    struct seen_warning *warnings;
    size_t part_count, field_count, warning_count;
    size_t part_cap, field_cap, warning_cap;
    uint32_t open[10002]; /* parts by depth */
};

/* Says how many octets to feed next; at most left. */
typedef size_t (*seen_chunk_fn)(void *user, size_t left);

/* NULL when all is well, else what went wrong. */
const char *seen_stream(struct seen *s, const uint8_t *data, size_t len,
                        const mla_mime_limits *limits, seen_chunk_fn chunk, void *user);
const char *seen_equal(const struct seen *a, const struct seen *b);
/* The tree says the same as the stream. */
const char *seen_tree(const struct seen *s, const mla_message *m, const uint8_t *data, size_t len);
void seen_free(struct seen *s);

uint64_t seen_hash(uint64_t hash, const void *p, size_t n);
/* A small generator: the same numbers everywhere. */
uint32_t seen_random(uint64_t *state);
/* Changes a copy of a message here and there. Returns the new length, at most cap. */
size_t seen_mutate(uint8_t *data, size_t len, size_t cap, uint64_t *state);

#endif
