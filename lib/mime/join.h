/* join.h - the parts of a file that was split over several messages (yEnc). */
#ifndef MLA_MIME_JOIN_H
#define MLA_MIME_JOIN_H

#include "mime/embed.h"

struct join_part {
    const struct embed_list *list;
    size_t index;
};

/* What joining found. */
struct join_result {
    uint8_t *data; /* the caller's; NULL unless 0 was returned */
    size_t len;
    uint32_t flags;   /* MLA_JOIN_... */
    uint64_t missing; /* the first octet that is, with MLA_JOIN_GAP */
};

/* Sorts parts. The octets are those of the parts, so memory is bounded by what is there. 0,
 * MLA_E_ARG, MLA_E_NOT_FOUND, MLA_E_SYNTAX, MLA_E_NOMEM as mla_files_join() says. */
int join_parts(const struct mem *mem, struct join_part *parts, size_t count,
               struct join_result *out);

#endif
