/* fuzz_date.c - a date is within the years 1 to 9999 and its zone within a day, or it is none. */
#include <mailaccess/mailaccess.h>

#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t seconds = 0;
    int32_t zone = 0;
    int32_t known = 0;
    int rc = mla_mime_parse_date((const char *)data, size, &seconds, &zone, &known);

    if (rc != 0 && rc != MLA_E_SYNTAX)
        abort();
    if (zone < -1439 || zone > 1439 || (known != 0 && known != 1))
        abort();
    if (seconds < -62135596800 - 86400 || seconds > INT64_C(253402300800) + 86400)
        abort();
    return 0;
}
