/* msgid.h - Message-ID, In-Reply-To, References, Content-ID (RFC 5322 section 3.6.4). */
#ifndef MLA_MIME_MSGID_H
#define MLA_MIME_MSGID_H

#include "base/slice.h"
#include "mime/warn.h"

/* Takes the next "<...>" of a field; *out is it, brackets included, as it stands. Words between
 * ids, as old In-Reply-To fields have them, are passed over. Text that has no brackets at all is
 * one id when it is one word (with a warning). 1, or 0 at the end. start is the whole field. */
int msgid_next(struct slice *s, struct slice start, struct slice *out, struct warn_set *w,
               uint64_t base);

#endif
