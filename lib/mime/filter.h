/* filter.h - text parts as text that is safe to print, streaming: plain, flowed, HTML. */
#ifndef MLA_MIME_FILTER_H
#define MLA_MIME_FILTER_H

#include "mailaccess/mime_body_types.h"
#include "mime/flowed.h"
#include "mime/html.h"
#include "mime/tree.h"

struct filter {
    int32_t kind; /* MLA_FILTER_* */
    union {
        struct flowed flowed;
        struct html html;
    } of;
};

/* Text comes out in *out, which the caller empties. flags: MLA_FILTER_... 0 or MLA_E_ARG. */
int filter_init(struct filter *f, int32_t kind, uint32_t flags, struct buf *out);
/* UTF-8 in. 0 or the error of out. */
int filter_add(struct filter *f, const void *p, size_t n);
int filter_end(struct filter *f);

/* The kind and flags that suit a part. 0 or MLA_E_NOMEM. */
int filter_kind_of(const struct mla_part *part, int32_t *out_kind, uint32_t *out_flags);

#endif
