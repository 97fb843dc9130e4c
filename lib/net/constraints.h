/* constraints.h - name constraints (RFC 5280 section 4.2.1.10), which mbedTLS does not know. */
#ifndef MLA_NET_CONSTRAINTS_H
#define MLA_NET_CONSTRAINTS_H

#include "net/certificate.h"

/* 1 when the names of cert are within what ca may vouch for, else 0. Constraints that are not
 * understood and concern a name of cert count as broken. */
int constraints_allow(const struct certificate *ca, const struct certificate *cert);

#endif
