/* write_field.h - structured fields on their way out: addresses, dates, message-ids, parameters. */
#ifndef MLA_MIME_WRITE_FIELD_H
#define MLA_MIME_WRITE_FIELD_H

#include "mailaccess/types.h"
#include "mime/write_fold.h"

/* An address list that grows. All zero to begin with. */
struct write_addresses {
    size_t members; /* of the list, or of the group that is open */
    int in_group;   /* a group is open */
};

/* Appends one entry of a list (RFC 5322 section 3.4), name and mailbox in UTF-8, quotes undone. A
 * mailbox or host beyond US-ASCII needs utf8 (RFC 6532). 0, MLA_E_ARG (cannot be said: empty, a
 * line end in it, a group in a group), MLA_E_CHARSET, MLA_E_LIMIT or the error of f. */
int write_address(struct fold *f, struct write_addresses *list, const mla_address *a, int utf8);
/* "user@host" taken apart at its last "@"; a quoted local part is unquoted into tmp. 0, MLA_E_ARG,
 * or the error of tmp. */
int write_split_address(const char *text, struct buf *tmp, mla_address *out);

enum { WRITE_DATE_MAX = 64 };
/* RFC 5322 section 3.3; "-0000" where zone_known is 0. 0, or MLA_E_ARG: a year before 1900 or after
 * 9999, a zone of a day or more. */
int write_date(int64_t seconds, int32_t zone_minutes, int zone_known, char out[WRITE_DATE_MAX]);

/* Appends a message-id, with brackets that are added where it has none. 0, MLA_E_ARG, MLA_E_CHARSET
 * or the error of f. */
int write_id(struct fold *f, const char *id, int utf8);
/* Appends a new one, of 128 random bits, at that host. 0, MLA_E_ARG, MLA_E_INTERNAL, or the error
 * of out. */
int write_new_id(struct buf *out, const char *host);

/* Appends "; name=value" (RFC 2045 section 5.1), by RFC 2231 where it cannot be said otherwise. 0,
 * MLA_E_ARG, MLA_E_CHARSET, MLA_E_LIMIT or the error of f. */
int write_param(struct fold *f, const char *name, const void *value, size_t n, int utf8);
/* 1 for "type/subtype", both tokens. */
int write_is_type(const char *type);
/* 1 for a token of RFC 2045. */
int write_is_token(const void *p, size_t n);

#endif
