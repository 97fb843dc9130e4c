/* pattern.h - does a mailbox name match what LIST was asked for (RFC 9051 section 6.3.9)? */
#ifndef MLA_IMAP_PATTERN_H
#define MLA_IMAP_PATTERN_H

#include "mailaccess/types.h"

#include <stdint.h>

/* "*" stands for anything, "%" for anything without the delimiter (0: there is none). Letters of
 * US-ASCII match in either case, and a delimiter at either end of the name does not count: servers
 * are free in both. 1 or 0. */
int imap_pattern_matches(mla_str pattern, mla_str name, uint32_t delimiter);

#endif
