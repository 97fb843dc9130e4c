/* error_api.c - see mailaccess/error.h and mailaccess.h */
#include "mailaccess/error.h"

#include "base/fail.h"
#include "base/mem.h"
#include "mailaccess/mailaccess.h"

const char *mla_error_name(int32_t code)
{
    return fail_name(code);
}

const char *mla_error_text(int32_t code)
{
    return fail_text(code);
}

int mla_error_is_fatal(int32_t code)
{
    return fail_is_fatal(code);
}

void mla_free(void *ptr)
{
    mem_free(mem_default(), ptr);
}
