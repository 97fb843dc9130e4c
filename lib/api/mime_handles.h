/* mime_handles.h - what the public handles of mime.h are, for the files of api/ that make them. */
#ifndef MLA_API_MIME_HANDLES_H
#define MLA_API_MIME_HANDLES_H

#include "api/config_api.h"
#include "base/mem.h"
#include "mailaccess/mime.h"
#include "mime/address.h"
#include "mime/value.h"

struct mla_addresses {
    struct mem mem;
    struct address_list list;
};

struct mla_strings {
    struct mem mem;
    struct text_list list;
};

/* The allocator of cfg, which may be NULL. */
static inline const struct mem *mime_mem(const mla_config *cfg)
{
    return cfg != NULL ? &cfg->mem : mem_default();
}

/* A caller's limits, of any age. *out_given is NULL where in is. 0, MLA_E_ARG, MLA_E_UNSUPPORTED.
 */
int mime_limits_in(const mla_mime_limits *in, mla_mime_limits *out,
                   const mla_mime_limits **out_given);
/* Empty lists; NULL when memory is short. */
mla_addresses *mime_addresses_new(const struct mem *mem);
mla_strings *mime_strings_new(const struct mem *mem);

#endif
