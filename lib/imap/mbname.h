/* mbname.h - names of mailboxes: UTF-8 for people, modified UTF-7 or UTF-8 on the wire. */
#ifndef MLA_IMAP_MBNAME_H
#define MLA_IMAP_MBNAME_H

#include "base/arena.h"
#include "base/buf.h"
#include "mailaccess/types.h"

/* From the wire. utf8: names are UTF-8 there (RFC 6855, RFC 9051). *out gets a name with a final
 * NUL behind it; out->len does not count the NUL. 1: UTF-8 that mbname_encode() turns into the same
 * octets again; 0: the octets as they are, because there is no such text; MLA_E_NOMEM (or the
 * arena's maximum: arena->over). INBOX, which means the same in any letters, has capital ones:
 * Yahoo and others write it otherwise. raw is not copied. */
int mbname_decode(struct arena *a, mla_str raw, int utf8, mla_str *out);
/* To the wire. 0, MLA_E_ARG when name is not UTF-8, is longer than MBNAME_MAX or has NUL, CR or LF
 * in it, or the error of b. */
int mbname_encode(struct buf *b, const char *name, size_t len, int utf8);

enum { MBNAME_MAX = 65536 };

#endif
