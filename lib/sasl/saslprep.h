/* saslprep.h - SASLprep (RFC 4013): one form for user names and passwords beyond ASCII. */
#ifndef MLA_SASL_SASLPREP_H
#define MLA_SASL_SASLPREP_H

#include "base/buf.h"
#include "mailaccess/types.h"

/* What the string is for (RFC 3454 section 7): STORED forbids characters that Unicode 3.2 does not
 * know, QUERY lets them pass. */
enum { SASLPREP_STORED = 0, SASLPREP_QUERY = 1 };

/* Adds the prepared text to out, which should be secret (buf.secret). 0; MLA_E_SYNTAX where it is
 * not UTF-8, has characters that are prohibited, or breaks the rules for right-to-left text (A22);
 * MLA_E_NOMEM, MLA_E_LIMIT. Text of printable ASCII comes out as it is. */
int saslprep(mla_str text, int kind, struct buf *out);

/* 0 where the text cannot be prepared, or nothing is left of it. */
int saslprep_fits(const struct mem *mem, mla_str text, int kind);

/* Adds a name as GS2 writes it: "=" and "," escaped (RFC 5801 section 4). The error of out. */
int sasl_add_name(struct buf *out, mla_str name);
/* The same, prepared as a query before; also the errors of saslprep(), and MLA_E_SYNTAX where
 * nothing is left of it. */
int sasl_add_prepared(struct buf *out, mla_str name);

#endif
