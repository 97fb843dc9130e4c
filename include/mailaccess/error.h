/* error.h - what error codes mean, and giving memory back. */
#ifndef MAILACCESS_ERROR_H
#define MAILACCESS_ERROR_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The name of a code, "MLA_E_NO". Never NULL; "MLA_E_UNKNOWN" for a number that is none.
 * The text is the library's and lives for ever. Any thread. */
MLA_API const char *mla_error_name(int32_t code);

/* One short English sentence about a code, without a final period. Never NULL. Any thread. */
MLA_API const char *mla_error_text(int32_t code);

/* 1 when code says that the session is dead and can only be freed, else 0. Any thread. */
MLA_API int mla_error_is_fatal(int32_t code);

/* The name of a reason (MLA_REASON_*), "MLA_REASON_QUOTA". Never NULL; "MLA_REASON_UNKNOWN" for a
 * number that is none. The text is the library's and lives for ever. Any thread. */
MLA_API const char *mla_reason_name(uint32_t reason);

/* One English sentence about a reason, for people, without a final period; empty for
 * MLA_REASON_NONE and for a number that is none. Never NULL. Any thread. */
MLA_API const char *mla_reason_text(uint32_t reason);

/* Frees memory that a function handed out as "yours" without a matching free function of its own.
 * NULL is accepted. Only for memory that was made without an allocator of the caller's; with one,
 * such memory is given back through that allocator's release function. Any thread. */
MLA_API void mla_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif
