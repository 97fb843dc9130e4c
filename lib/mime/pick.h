/* pick.h - what a person would read, and what a person would save. */
#ifndef MLA_MIME_PICK_H
#define MLA_MIME_PICK_H

#include "mime/tree.h"

/* The first part of that type ("text/plain") which is no attachment and not inside an attached
 * message; NULL when there is none. */
const struct mla_part *pick_text(const struct mime_tree *t, const char *type);
/* 1 when a mail reader would list the part: it says that it is an attachment, has a file name, is
 * an attached message, or is neither text nor a picture that the text shows. */
int pick_is_attachment(const struct mla_part *part);

#endif
