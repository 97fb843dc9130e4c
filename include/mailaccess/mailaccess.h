/* mailaccess.h - everything, and the version. */
#ifndef MAILACCESS_MAILACCESS_H
#define MAILACCESS_MAILACCESS_H

#include "config.h"
#include "error.h"
#include "pop3.h"
#include "session.h"
#include "types.h"

#define MLA_VERSION_MAJOR 0
#define MLA_VERSION_MINOR 1
#define MLA_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is running: major * 1,000,000 + minor * 1,000 + patch. Any
 * thread. */
MLA_API uint32_t mla_version(void);
/* The same as text, "0.1.0"; the library's, for ever. */
MLA_API const char *mla_version_text(void);

enum {
    MLA_STRUCT_STR = 1,
    MLA_STRUCT_RANGE = 2,
    MLA_STRUCT_ERROR = 3,
    MLA_STRUCT_ADDRESS = 4,
    MLA_STRUCT_ALLOCATOR = 5,
    MLA_STRUCT_CONNECT_ARGS = 6
};
/* sizeof one of the public records in the library that is running, for bindings to compare with
 * their own; 0 for an unknown id. Any thread. */
MLA_API uint32_t mla_struct_size(int32_t id);

#ifdef __cplusplus
}
#endif

#endif
