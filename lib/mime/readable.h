/* readable.h - what a person would read of a message; parts that belong together; what is signed.
 */
#ifndef MLA_MIME_READABLE_H
#define MLA_MIME_READABLE_H

#include "mailaccess/mime_body_types.h"
#include "mime/tree.h"

/* The texts below a part, one after the other, safe to print: of alternatives the best, of related
 * parts the root, nothing of attachments and attached messages. flags: MLA_READABLE_... *out_text
 * is the caller's. 0, MLA_E_NOT_FOUND, MLA_E_NOMEM. */
int readable_text(const struct mla_part *part, uint32_t flags, char **out_text, size_t *out_len);

/* The part that "cid:..." or another URL in part means (RFC 2392, RFC 2557); NULL: none. */
const struct mla_part *readable_related(const struct mla_part *part, const char *url);

/* MLA_PROTECTION_*. 0 or MLA_E_NOMEM. */
int protection_of(const struct mla_part *part, int32_t *out_kind);
/* The octets that were signed and the part with the signature. 0 or MLA_E_NOT_FOUND. */
int protection_signed(const struct mla_part *part, struct slice *out_octets,
                      const struct mla_part **out_signature);

#endif
