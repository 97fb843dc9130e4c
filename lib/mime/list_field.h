/* list_field.h - the fields of mailing lists (RFC 2369, 2919, 5064, 8058). */
#ifndef MLA_MIME_LIST_FIELD_H
#define MLA_MIME_LIST_FIELD_H

#include "mailaccess/mime_headers_types.h"
#include "mime/store.h"
#include "mime/tree.h"

/* Fills *out from a part's header. 1 when there is any such field, 0, or MLA_E_NOMEM. */
int list_field_read(struct store *s, const struct mla_part *part, mla_mailing_list *out);

#endif
