/* wipe.h - overwrite secrets in a way that no optimiser removes. */
#ifndef MLA_BASE_WIPE_H
#define MLA_BASE_WIPE_H

#include <stddef.h>

void wipe(void *ptr, size_t len);
/* 1 when the len octets at a and b are equal; the time does not depend on where they differ. */
int wipe_equal(const void *a, const void *b, size_t len);

#endif
