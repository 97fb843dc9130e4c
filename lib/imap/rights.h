/* rights.h - letters of access rights as bits (RFC 4314 section 2.1). */
#ifndef MLA_IMAP_RIGHTS_H
#define MLA_IMAP_RIGHTS_H

#include <stddef.h>
#include <stdint.h>

/* The MLA_IMAP_RIGHT_* of len letters. */
uint32_t imap_rights_of(const char *letters, size_t len);

#endif
