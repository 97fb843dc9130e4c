/* date.h - INTERNALDATE and the dates of SEARCH (RFC 9051 section 9, date-time and date). */
#ifndef MLA_IMAP_DATE_H
#define MLA_IMAP_DATE_H

#include <stddef.h>
#include <stdint.h>

/* Reads "17-Jul-1996 02:44:25 -0700" (a blank for the first digit of the day, one digit alone, and
 * missing seconds or zone are taken, too). 1: *out_seconds since 1970-01-01 UTC and *out_zone,
 * minutes east of UTC; 0: not a date in the years 1 to 9999. */
int imap_date_parse(const void *ptr, size_t len, int64_t *out_seconds, int32_t *out_zone);

enum { IMAP_DATE_TIME_SIZE = 26, IMAP_DATE_SIZE = 11 };
/* Writes the 26 octets of a date-time as it is at `zone` minutes east of UTC, without quotes and
 * without a final NUL: 1, or 0 when the year is not in 1 to 9999 or zone is a day or more. */
int imap_date_format_time(char out[IMAP_DATE_TIME_SIZE], int64_t seconds, int32_t zone);
/* Writes the 11 octets of the day in UTC, "01-Feb-1994": 1 or 0. */
int imap_date_format_day(char out[IMAP_DATE_SIZE], int64_t seconds);

#endif
