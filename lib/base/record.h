/* record.h - input records of any age: what a caller's header calls sizeof may be smaller or larger
 * than here (docs/abi.md). */
#ifndef MLA_BASE_RECORD_H
#define MLA_BASE_RECORD_H

#include <stddef.h>

/* Checks an input record: its size at least min, and zeros behind size_here when the caller's is
 * larger. Copies it into out, missing fields zero. 0, MLA_E_ARG, MLA_E_UNSUPPORTED. */
int record_in(const void *in, size_t min, size_t size_here, void *out);

/* The same for record i of an array, all of whose records have the size that the first names. */
int record_at(const void *array, size_t i, size_t min, size_t size_here, void *out);

#endif
