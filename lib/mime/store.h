/* store.h - texts of a record that is made from header fields, in one arena. */
#ifndef MLA_MIME_STORE_H
#define MLA_MIME_STORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "mime/warn.h"

struct mla_part;

struct store {
    struct mem mem;
    struct arena arena;
    struct buf text;
    struct buf tmp;
    const char *charset; /* of raw octets; NULL: unknown */
    uint32_t max_words;
    struct warn_set *warn; /* may be NULL */
    const uint8_t *start;  /* where offsets count from ... */
    uint64_t base;         /* ... and the offset of that */
    int rc;                /* the first error: 0 or MLA_E_NOMEM */
};

void store_init(struct store *s, const struct mem *mem);
/* Reads values of that part from here on. */
void store_of_part(struct store *s, const struct mla_part *part, struct warn_set *w);
/* Reads the octets at p, at that offset, from here on. */
void store_at(struct store *s, const uint8_t *p, uint64_t base);
void store_warn(struct store *s, int code, const uint8_t *at);
/* Raw octets, made valid UTF-8 without controls; folding and white space at both ends go. */
void store_raw(struct store *s, struct slice v, mla_str *out);
/* The same with encoded words decoded. */
void store_text(struct store *s, struct slice v, mla_str *out);
/* What text holds, as it is. */
void store_buf(struct store *s, mla_str *out);
/* Appends a text to an array in the arena, which grows by halves. */
void store_append(struct store *s, mla_str **array, size_t *count, const mla_str *text);
/* Gives back what only the making needed; the arena stays. s->rc. */
int store_done(struct store *s);
void store_free(struct store *s);
/* The same, and what it is part of, which has its memory from where s has its own. */
void store_free_with(struct store *s, void *holder);

/* One field of a block of header fields, such as a delivery report is made of. */
struct store_field {
    struct slice name;
    struct slice value;
};
/* 1 and the next field; 0 at an empty line, which is taken, or at the end; lines that are no field
 * are passed over. */
int store_next_field(struct slice *s, struct store_field *out);

#endif
