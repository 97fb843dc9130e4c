/* check.h - decode everything once and collect what is wrong with it. */
#ifndef MLA_MIME_CHECK_H
#define MLA_MIME_CHECK_H

#include "mime/tree.h"

/* Adds the warnings about content to each tree's list, once. 0 or MLA_E_NOMEM. */
int check_message(struct mime_tree *first);

#endif
