/* partial.h - message/partial (RFC 2046 section 5.2.2). */
#ifndef MLA_MIME_PARTIAL_H
#define MLA_MIME_PARTIAL_H

#include "base/buf.h"
#include "mime/tree.h"

struct partial {
    struct buf id; /* raw octets */
    uint32_t number;
    uint32_t total; /* 0: not said */
};

/* What a fragment is. out->id is the caller's to free, always. 0, MLA_E_NOT_FOUND (another type),
 * MLA_E_SYNTAX (no id or no number), MLA_E_NOMEM. */
int partial_read(const struct mem *mem, const struct mla_part *part, struct partial *out);
/* Appends the message whose fragments these are. 0, MLA_E_NOT_FOUND, MLA_E_SYNTAX, MLA_E_NOMEM. */
int partial_join(const struct mla_part *const *parts, size_t count, struct buf *out);

#endif
