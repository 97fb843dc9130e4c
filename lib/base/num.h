/* num.h - checked arithmetic, and decimal numbers as protocols write them. */
#ifndef MLA_BASE_NUM_H
#define MLA_BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

/* Return 1 and the result, or 0 and leave *out alone when it does not fit. */
static inline int num_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static inline int num_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* Parse the whole of len octets as an unsigned decimal number: digits only, at least one, no sign.
 * 1 and the value; 0 when it is not a number or exceeds max (checked before any narrowing). */
int num_parse(const void *ptr, size_t len, uint64_t max, uint64_t *out);
/* The same for a run of digits at the start: returns how many octets it has, 0 when there is no
 * digit or the value exceeds max. */
size_t num_parse_prefix(const void *ptr, size_t len, uint64_t max, uint64_t *out);

enum { NUM_U64_DIGITS = 20 };
/* Writes value in decimal without a final NUL; returns the number of octets (at most 20). */
size_t num_format(char out[NUM_U64_DIGITS], uint64_t value);

#endif
