/* date.h - dates of mail (RFC 5322 sections 3.3 and 4.3), and some that are none. */
#ifndef MLA_MIME_DATE_H
#define MLA_MIME_DATE_H

#include <stddef.h>
#include <stdint.h>

struct date {
    int64_t seconds;      /* since 1970-01-01 00:00 UTC */
    int32_t zone_minutes; /* east of UTC, as written; 0 when unknown */
    int32_t zone_unknown; /* "-0000", none, or one that means nothing */
};

/* Reads one date: "Thu, 21 Nov 2024 10:00:00 +0100 (CET)", with the obsolete forms, and "Thu Nov 21
 * 10:00:00 2024", "21-Nov-2024 10:00:00 +0100". Years 1 to 9999; every number is checked. 0 or
 * MLA_E_SYNTAX. */
int date_parse(const uint8_t *p, size_t n, struct date *out);

#endif
