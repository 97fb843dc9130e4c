/* external.h - message/external-body (RFC 2046 section 5.2.3, RFC 2017). */
#ifndef MLA_MIME_EXTERNAL_H
#define MLA_MIME_EXTERNAL_H

#include "mailaccess/mime_headers_types.h"
#include "mime/store.h"
#include "mime/tree.h"

/* Fills *out. 0, MLA_E_NOT_FOUND (another type) or MLA_E_NOMEM. */
int external_read(struct store *s, const struct mla_part *part, mla_external_body *out);

#endif
