/* date.h - dates of mail (RFC 5322 sections 3.3 and 4.3), and the forms that programs make up. */
#ifndef MLA_MIME_DATE_H
#define MLA_MIME_DATE_H

#include "mime/warn.h"

#include <stddef.h>
#include <stdint.h>

/* What is odd about a date. */
enum {
    DATE_ODD = 1,          /* no form of RFC 5322, the obsolete ones included */
    DATE_WRONG_WEEKDAY = 2 /* the day of the week is another one */
};

struct date {
    int64_t seconds;      /* since 1970-01-01 00:00 UTC */
    int32_t zone_minutes; /* east of UTC, as written; 0 when unknown */
    int32_t zone_unknown; /* "-0000", none, or one that means nothing */
    uint32_t odd;         /* DATE_* */
};

/* Reads one date: "Thu, 21 Nov 2024 10:00:00 +0100 (CET)" with the obsolete forms; "Thursday,
 * 21-Nov-24 10:00:00 GMT" (RFC 850); "Thu Nov 21 10:00:00 [CET] 2024" (asctime, date); ISO 8601;
 * "21.11.2024 10.00"; "11/21/2024 10:00 PM" and "21/11/2024" where it cannot be the 21st month;
 * zones as "+1", "GMT+1", "+01:00" and by name. Years 1 to 9999; every number is checked. 0 or
 * MLA_E_SYNTAX. */
int date_parse(const uint8_t *p, size_t n, struct date *out);
/* What a date that was read, or not (rc), is warned of. */
void date_warn(int rc, const struct date *d, struct warn_set *w, uint64_t at);

#endif
