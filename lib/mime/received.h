/* received.h - Received fields (RFC 5321 section 4.4, RFC 5322 section 3.6.7). */
#ifndef MLA_MIME_RECEIVED_H
#define MLA_MIME_RECEIVED_H

#include "mailaccess/mime_headers_types.h"
#include "mime/store.h"

/* Reads one value, n octets at p, into *out, whose texts are put into the store. s->rc. */
int received_parse(struct store *s, const uint8_t *p, size_t n, mla_hop *out);

#endif
