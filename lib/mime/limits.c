/* limits.c - see limits.h */
#include "mime/limits.h"

#include <string.h>

static void fill(uint32_t *value, uint32_t otherwise)
{
    if (*value == 0)
        *value = otherwise;
}

void mime_limits_fill(const mla_mime_limits *in, mla_mime_limits *out)
{
    if (in != NULL)
        *out = *in;
    else
        memset(out, 0, sizeof *out);
    fill(&out->max_depth, MIME_MAX_DEPTH);
    if (out->max_depth > MIME_DEPTH_CEILING)
        out->max_depth = MIME_DEPTH_CEILING;
    fill(&out->max_parts, MIME_MAX_PARTS);
    fill(&out->max_headers, MIME_MAX_HEADERS);
    if (out->max_header_size == 0)
        out->max_header_size = MIME_MAX_HEADER_SIZE;
    fill(&out->max_params, MIME_MAX_PARAMS);
    fill(&out->max_addresses, MIME_MAX_ADDRESSES);
    fill(&out->max_words, MIME_MAX_WORDS);
    fill(&out->max_ids, MIME_MAX_IDS);
}
