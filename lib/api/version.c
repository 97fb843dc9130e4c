/* version.c - see mailaccess/mailaccess.h */
#include "mailaccess/mailaccess.h"

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

uint32_t mla_version(void)
{
    return MLA_VERSION_MAJOR * 1000000U + MLA_VERSION_MINOR * 1000U + MLA_VERSION_PATCH;
}

const char *mla_version_text(void)
{
    return TEXT(MLA_VERSION_MAJOR) "." TEXT(MLA_VERSION_MINOR) "." TEXT(MLA_VERSION_PATCH);
}

uint32_t mla_struct_size(int32_t id)
{
    switch (id) {
    case MLA_STRUCT_STR:
        return sizeof(mla_str);
    case MLA_STRUCT_RANGE:
        return sizeof(mla_range);
    case MLA_STRUCT_ERROR:
        return sizeof(mla_error);
    case MLA_STRUCT_ADDRESS:
        return sizeof(mla_address);
    case MLA_STRUCT_ALLOCATOR:
        return sizeof(mla_allocator);
    case MLA_STRUCT_CONNECT_ARGS:
        return sizeof(mla_connect_args);
    default:
        return 0;
    }
}
