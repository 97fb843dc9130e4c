/* limits.h - the defaults of mla_mime_limits */
#ifndef MLA_MIME_LIMITS_H
#define MLA_MIME_LIMITS_H

#include "mailaccess/mime_types.h"

enum {
    MIME_MAX_DEPTH = 64,
    MIME_MAX_PARTS = 10000,
    MIME_MAX_HEADERS = 10000,
    MIME_MAX_HEADER_SIZE = 4 << 20,
    MIME_MAX_PARAMS = 500,
    MIME_MAX_ADDRESSES = 50000,
    MIME_MAX_WORDS = 10000,
    MIME_MAX_IDS = 10000,
    MIME_DEPTH_CEILING = 10000
};

/* The defaults where in is NULL or a field 0. */
void mime_limits_fill(const mla_mime_limits *in, mla_mime_limits *out);

#endif
