/* error_api.c - see mailaccess/error.h and mailaccess.h */
#include "mailaccess/error.h"

#include "base/fail.h"
#include "base/mem.h"
#include "base/reason.h"
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

const char *mla_reason_name(uint32_t reason)
{
    return reason_name(reason);
}

const char *mla_reason_text(uint32_t reason)
{
    return reason_text(reason);
}

void mla_free(void *ptr)
{
    mem_free(mem_default(), ptr);
}
