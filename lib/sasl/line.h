/* line.h - an exchange as IMAP and POP3 write it: base64 both ways (RFC 4648 section 4, strict). */
#ifndef MLA_SASL_LINE_H
#define MLA_SASL_LINE_H

#include "base/buf.h"
#include "sasl/mech.h"

/* Decodes the base64 text of a challenge, asks the mechanism and adds the response as base64 to
 * out, without a line end; out should be secret (buf.secret). text NULL: the initial response,
 * which is "=" when it is empty (RFC 5034 section 4, RFC 4959 section 3). 0, or an error: then the
 * caller sends "*" to cancel; or 1: sasl_line_more() goes on. Text that is not base64 is
 * MLA_E_AUTH, except to a mechanism that listens to no challenge (SASL_DEAF): to that it is an
 * empty one. */
int sasl_line(struct sasl *s, const uint8_t *text, size_t len, struct buf *out, mla_error *err);
/* Goes on with a response that takes long to compute, or was waited for. As sasl_line(), which goes
 * on with an initial one. */
int sasl_line_more(struct sasl *s, struct buf *out, mla_error *err);

/* The strict base64 used for it: no white space, padding in its place and complete. */
int sasl_base64_add(struct buf *out, const uint8_t *data, size_t len);
/* Adds the decoded octets; 0, MLA_E_SYNTAX, or the buffer's own error. */
int sasl_base64_decode(struct buf *out, const uint8_t *text, size_t len);

#endif
