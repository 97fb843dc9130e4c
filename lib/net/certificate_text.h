/* certificate_text.h - names in certificates as text that a person can be shown. */
#ifndef MLA_NET_CERTIFICATE_TEXT_H
#define MLA_NET_CERTIFICATE_TEXT_H

#include "base/arena.h"
#include "mailaccess/certificate_types.h"
#include "net/der.h"

enum { CERTIFICATE_TEXT_MAX = 512 };

/* All 0, or MLA_E_NOMEM; texts have a final NUL and are at most CERTIFICATE_TEXT_MAX octets long.
 * An RDNSequence (RFC 4514: the most specific part first). */
int certificate_dn(struct arena *a, struct der rdns, const char **out);
/* The contents of an INTEGER in hexadecimal digits. */
int certificate_serial(struct arena *a, struct der number, const char **out);
/* GeneralNames: fills names, name_count, names_left of out. */
int certificate_names(struct arena *a, struct der names, mla_certificate *out);

#endif
