/* path.h - parts named as IMAP names sections (RFC 9051 section 6.4.5.1). */
#ifndef MLA_MIME_PATH_H
#define MLA_MIME_PATH_H

#include "base/buf.h"
#include "mime/tree.h"

/* "1" for the body of a message that is no multipart, "TEXT" for a multipart that is a message's
 * whole body, "2.1", "2.TEXT" inside a message/rfc822 at "2". NULL when there is none. */
const struct mla_part *path_find(const struct mime_tree *t, const char *path);
/* Appends the path. 0 or MLA_E_NOMEM. */
int path_of(const struct mla_part *part, struct buf *b);
/* 1 when the part's type is multipart, taken apart or not. */
int path_is_multipart(const struct mla_part *part);

#endif
