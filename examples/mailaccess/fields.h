/* fields.h - header fields for output: encoded words undone, addresses, dates. */
#ifndef FIELDS_H
#define FIELDS_H

#include <mailaccess/mailaccess.h>
#include <mailaccess/mime.h>

#include <stddef.h>

#include "out.h"

/* JSON: decoded text; the key is left out where there is none (ptr NULL). */
void field_json_text(struct out *o, const char *key, mla_str raw);
/* The text as it is. */
void field_json_plain(struct out *o, const char *key, mla_str raw);
/* An array of {"name","address"}; names decoded. Left out where there is none. */
void field_json_addresses(struct out *o, const char *key, const mla_address *list, size_t count);
/* One of them; is_decoded: as mla_addresses_at() gives it. */
void field_json_address(struct out *o, const mla_address *a, int is_decoded);
/* A Date: field as RFC 3339 in its own zone; left out where it cannot be read. */
void field_json_date(struct out *o, const char *key, mla_str raw);
/* Columns: decoded text; the first address's name, or else the address. */
void field_column_text(struct out *o, size_t width, mla_str raw);
void field_column_address(struct out *o, size_t width, const mla_address *list, size_t count);

/* The same for a decoded one; NULL: none. */
void field_column_decoded_address(struct out *o, size_t width, const mla_address *a);

/* "2025-02-01T12:00:00+01:00"; zone in minutes east of UTC. */
enum { FIELD_TIME_SIZE = 40 };
void field_time(char out[FIELD_TIME_SIZE], int64_t seconds, int32_t zone);
/* RFC 3339 from the command line. 1, or 0 when it is none. */
int field_read_time(const char *text, int64_t *out_seconds, int32_t *out_zone);

#endif
