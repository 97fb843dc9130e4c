/* tree.h - a message as a tree over a buffer that stays the caller's: offsets, nothing copied.
 *
 * Made by the parser of parser.h in one pass. Parts lie in document order; what the parts of a part
 * are is in one array of indexes. A message/rfc822 with a transfer encoding is decoded into a
 * buffer of its own and becomes a tree of its own below its part. */
#ifndef MLA_MIME_TREE_H
#define MLA_MIME_TREE_H

#include "base/arena.h"
#include "base/slice.h"
#include "mailaccess/mime_types.h"

#include <stddef.h>
#include <stdint.h>

struct mime_tree;

/* A raw field: offsets in the tree's buffer. */
struct tree_field {
    size_t name;
    size_t name_len;
    size_t value;
    size_t value_len;
};

/* One part; the public mla_part. */
struct mla_part {
    struct mime_tree *tree;
    size_t header_offset;
    size_t body_offset;
    size_t body_length;
    size_t first_field; /* in fields */
    size_t field_count;
    size_t first_child; /* in children */
    uint32_t child_count;
    uint32_t parent; /* its number; SIZE in the tree for none */
    uint32_t number; /* in document order, from 0 */
    uint32_t index;  /* among its siblings, from 1 */
    uint32_t depth;
    uint32_t flags;        /* MLA_PART_* */
    const char *type;      /* "text/plain" */
    const char *charset;   /* NULL: none */
    const char *encoding;  /* NULL: none */
    struct mime_tree *sub; /* of an encoded message */
    uint64_t warned;       /* 1 << MLA_MIME_WARN_* */
};

struct tree_warning {
    int32_t code;
    uint32_t part; /* number of the part */
    uint64_t at;
};

struct mime_tree {
    struct mem mem;
    mla_mime_limits limits;
    const uint8_t *data;
    size_t len;
    struct arena arena; /* type, charset, encoding */
    struct mla_part *parts;
    size_t part_count;
    size_t part_cap;
    struct tree_field *fields;
    size_t field_count;
    size_t field_cap;
    struct tree_warning *warnings;
    size_t warning_count;
    size_t warning_cap;
    uint32_t *children;     /* part numbers */
    uint8_t *owned;         /* data, when it is a decoded buffer */
    struct mla_part *above; /* the part that it was decoded from; NULL for the message itself */
    struct mime_tree *next; /* all trees below one message */
    int checked;            /* tree_check() has run */
};

/* 0 or MLA_E_NOMEM. data must stay as it is until tree_free(). *out_tree is NULL on failure. */
int tree_parse(const struct mem *mem, const mla_mime_limits *limits, const void *data, size_t len,
               struct mime_tree **out_tree);
void tree_free(struct mime_tree *t);

const struct mla_part *tree_root(const struct mime_tree *t);
/* The child, from 0, or NULL. */
const struct mla_part *tree_child(const struct mla_part *part, uint32_t i);
/* The part that holds this one, across trees; NULL for the message itself. */
const struct mla_part *tree_parent(const struct mla_part *part);
/* The nth (from 0) field of that name, or NULL. */
const struct tree_field *tree_field(const struct mla_part *part, const char *name, uint32_t nth);
/* The next field of that name from number *i on (0 to begin with), or NULL. */
const struct tree_field *tree_next_field(const struct mla_part *part, const char *name, size_t *i);
struct slice tree_value(const struct mla_part *part, const struct tree_field *f);
struct slice tree_body(const struct mla_part *part);
int tree_add_warning(struct mime_tree *t, int code, uint32_t part, uint64_t at);

#endif
