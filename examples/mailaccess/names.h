/* names.h - file names made from what a server says: never a path, never hidden, never too long. */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>

enum { NAME_MAX_ID = 200, NAME_SIZE = NAME_MAX_ID + 1 };

/* Writes id with every octet outside A-Z a-z 0-9 _ - = @ , + as %XX; longer than 200 octets: "h-"
 * and the SHA-256 of id. Equal names come only from equal ids. An empty id becomes "%". */
void name_from_id(char out[NAME_SIZE], const char *id, size_t len);

#endif
