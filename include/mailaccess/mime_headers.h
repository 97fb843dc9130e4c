/* mime_headers.h - header fields by their meaning: Received, List-*, dates with all that is to be
 * known about them, message/partial, message/external-body.
 *
 * What holds for mime.h holds here: nothing in a message is an error, any text may lie, and a
 * message is for one thread at a time. */
#ifndef MAILACCESS_MIME_HEADERS_H
#define MAILACCESS_MIME_HEADERS_H

#include "config.h"
#include "mime.h"
#include "mime_headers_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_hops mla_hops; /* the Received fields of a message */

/* The Received fields of a part, in their order: the last host first. *out_hops is yours until
 * mla_hops_free(). 0, MLA_E_ARG, MLA_E_NOT_FOUND, MLA_E_NOMEM. */
MLA_API int mla_part_hops(const mla_part *p, mla_hops **out_hops);
/* One raw value of a Received field, len octets; a list of one. cfg may be NULL. 0, MLA_E_ARG,
 * MLA_E_NOMEM. */
MLA_API int mla_mime_parse_received(const mla_config *cfg, const char *raw, size_t len,
                                    mla_hops **out_hops);
/* How many there are. */
MLA_API uint32_t mla_hops_count(const mla_hops *h);
/* Number i, from 0; NULL beyond the end. Borrowed from the list. */
MLA_API const mla_hop *mla_hops_at(const mla_hops *h, uint32_t i);
/* NULL is accepted. */
MLA_API void mla_hops_free(mla_hops *h);

/* What the List-* fields of a part say. *out_list is yours until mla_mailing_list_free(). 0,
 * MLA_E_ARG, MLA_E_NOT_FOUND (there are none), MLA_E_NOMEM. */
MLA_API int mla_part_mailing_list(const mla_part *p, mla_mailing_list **out_list);
/* NULL is accepted. */
MLA_API void mla_mailing_list_free(mla_mailing_list *l);

/* As mla_mime_parse_date(), with MLA_DATE_* in *out_notes. Outputs may be NULL. 0, MLA_E_ARG,
 * MLA_E_SYNTAX. Any thread. */
MLA_API int mla_mime_read_date(const char *raw, size_t len, int64_t *out_seconds,
                               int32_t *out_zone_minutes, uint32_t *out_notes);

/* The names of the parameters in the first field of that name (RFC 2045 section 5.1), lower case,
 * each once, without what RFC 2231 adds to them. *out_list is yours until mla_strings_free(). 0,
 * MLA_E_ARG, MLA_E_NOT_FOUND, MLA_E_NOMEM. */
MLA_API int mla_part_param_names(const mla_part *p, const char *name, mla_strings **out_list);

/* Which fragment of a message a message/partial is (RFC 2046 section 5.2.2): the id that all share,
 * its number from 1, and how many there are, 0 where this one does not say. *out_id is yours, with
 * a NUL behind it; outputs may be NULL. 0, MLA_E_ARG, MLA_E_NOT_FOUND (no message/partial),
 * MLA_E_SYNTAX (without an id or a number), MLA_E_NOMEM. */
MLA_API int mla_part_partial(const mla_part *p, char **out_id, uint32_t *out_number,
                             uint32_t *out_total);
/* Joins count fragments, in any order, to the message that was cut (RFC 2046 section 5.2.2.1): the
 * header is that of the first fragment with the Content fields, Subject, Message-ID, Encrypted and
 * MIME-Version of the message within. The same fragment may come more than once; the first counts.
 * *out_data is yours: *out_len octets, a NUL behind them. cfg may be NULL. 0, MLA_E_ARG,
 * MLA_E_NOT_FOUND (a fragment is missing, or none says how many there are), MLA_E_SYNTAX (one is no
 * message/partial or belongs to another message), MLA_E_NOMEM. */
MLA_API int mla_partial_join(const mla_config *cfg, const mla_message *const *fragments,
                             size_t count, uint8_t **out_data, size_t *out_len);

/* Where a message/external-body says that its body is. *out_body is yours until
 * mla_external_body_free(). 0, MLA_E_ARG, MLA_E_NOT_FOUND (another type), MLA_E_NOMEM. */
MLA_API int mla_part_external_body(const mla_part *p, mla_external_body **out_body);
/* NULL is accepted. */
MLA_API void mla_external_body_free(mla_external_body *b);

#ifdef __cplusplus
}
#endif

#endif
