/* param.h - "value; name=value; ..." of Content-Type and Content-Disposition (RFC 2045 section 5.1,
 * RFC 2183), with the continuations and character sets of RFC 2231. */
#ifndef MLA_MIME_PARAM_H
#define MLA_MIME_PARAM_H

#include "base/buf.h"
#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

/* One "name*section*=value" as it stands. Slices point into the field. */
struct param_piece {
    const uint8_t *name; /* without the part that begins with "*" */
    size_t name_len;
    const uint8_t *value; /* inside the quotes */
    size_t value_len;
    uint32_t hash;   /* of the name, case ignored: keeps the search for duplicates cheap */
    int32_t section; /* -1: none */
    uint8_t quoted;
    uint8_t extended;  /* the name ends in "*": percent-encoded */
    uint8_t first;     /* no piece before has the name */
    uint8_t duplicate; /* name and section again: does not count */
    uint32_t order;    /* of the list, not of this piece: the piece that is here by name */
};

/* Reused from field to field. */
struct param_list {
    const struct mem *mem;
    struct param_piece *pieces;
    size_t count;
    size_t cap;
    size_t max;           /* pieces */
    int sorted;           /* by name and section, in the pieces' order; not where they are few */
    const uint8_t *value; /* what stands before the first ";" */
    size_t value_len;
    const uint8_t *start; /* of the field's value, for offsets */
    uint64_t base;
    struct warn_set *warn; /* may be NULL */
};

void param_init(struct param_list *l, const struct mem *mem, size_t max);
/* Takes a field's value apart; slices stay good as long as p. base is added to the offsets of
 * warnings. 0 or MLA_E_NOMEM. */
int param_parse(struct param_list *l, const uint8_t *p, size_t n, struct warn_set *w,
                uint64_t base);
/* Appends the parameter's octets: quotes and percent forms undone, pieces joined, not converted; of
 * two forms ("name", "name*") the first.
 * 1, or 0 when there is no such parameter, or MLA_E_NOMEM. */
int param_octets(const struct param_list *l, const char *name, struct buf *out);
/* Appends the parameter as UTF-8 without control characters; encoded words, which do not belong
 * there, are decoded too. 1, 0, or MLA_E_NOMEM. */
int param_text(const struct param_list *l, const char *name, uint32_t max_words, struct buf *out);

struct param_how {
    const char *charset; /* what raw octets above 127 are probably in; NULL: unknown */
    uint32_t max_words;
};
int param_text_in(const struct param_list *l, const char *name, const struct param_how *how,
                  struct buf *out);
void param_free(struct param_list *l);

#endif
