/* end_point.h - which hash stands for a certificate in tls-server-end-point (RFC 5929 section 4.1).
 */
#ifndef MLA_NET_END_POINT_H
#define MLA_NET_END_POINT_H

#include "net/der.h"

/* CRYPT_* for the contents of a certificate's signatureAlgorithm: its hash, SHA-256 in the place of
 * MD5 and SHA-1. 0 when it has none, more than one, or one that we do not know: there is no such
 * binding then. */
int end_point_hash(struct der algorithm);

#endif
