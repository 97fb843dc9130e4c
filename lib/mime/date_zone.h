/* date_zone.h - time zones of dates: "+0100", and what else stands in their place. */
#ifndef MLA_MIME_DATE_ZONE_H
#define MLA_MIME_DATE_ZONE_H

#include "base/slice.h"

/* At "+" or "-": "+hhmm", "+hh:mm", "+hh", "+h", all taken. 1 and minutes east of UTC, or 0 when it
 * says nothing: out of range, or "-0000" (RFC 5322 section 3.3). *out_exact: "+hhmm", as it should
 * be. */
int date_zone_offset(struct slice *s, int32_t *out_minutes, int *out_exact);
/* A zone's name: 1 and minutes east of UTC, or 0 for one that is unknown or means several things.
 * *out_obsolete: one of RFC 5322 section 4.3. */
int date_zone_name(const uint8_t *p, size_t n, int32_t *out_minutes, int *out_obsolete);

#endif
