/* compose.h - messages built: headers, parts and bodies in, the octets of RFC 5322 and MIME out.
 *
 * Make one, add parts and fields, take its octets. What a field may not hold is refused when it is
 * given, line ends above all (MLA_E_ARG): no value can become a second field. Text is UTF-8; where
 * it is not, the call ends with MLA_E_CHARSET. A call that fails changes nothing.
 *
 * A message being built is for one thread at a time; different ones are independent. The functions
 * that add return 0, MLA_E_STATE (the message is complete, or this cannot be had twice or there),
 * MLA_E_ARG, MLA_E_CHARSET, MLA_E_LIMIT (a value above 64 KiB, 1,000 fields in a part, 10,000
 * parts, 60 levels), MLA_E_NOMEM. docs/compose.md shows it at work. */
#ifndef MAILACCESS_COMPOSE_H
#define MAILACCESS_COMPOSE_H

#include "compose_types.h"
#include "config.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_compose mla_compose; /* a message being built */

/* A message whose type is "text/plain", "multipart/mixed" or another one; it is part 0. flags:
 * MLA_COMPOSE_UTF8, _8BIT, _BINARY. cfg may be NULL; only its allocator is used, which must outlive
 * the message. *out_c is yours until mla_compose_free(), NULL on failure. 0, MLA_E_ARG (no type),
 * MLA_E_NOMEM. */
MLA_API int mla_compose_new(const mla_config *cfg, const char *type, uint32_t flags,
                            mla_compose **out_c);
/* NULL is accepted. */
MLA_API void mla_compose_free(mla_compose *c);
/* A part of that type in a multipart, behind those that are there, or the one message in a
 * message/rfc822. *out_part is its number for the other calls. */
MLA_API int mla_compose_add(mla_compose *c, uint32_t parent, const char *type, uint32_t *out_part);

/* ------------------------------------------------------------------ fields */

/* A field of plain text such as Subject: encoded (RFC 2047) and folded. Fields with addresses,
 * dates and message-ids have calls of their own, and MIME's fields are made here: MLA_E_ARG. Any
 * name but Subject may come again. Control characters but for TAB are refused. */
MLA_API int mla_compose_header(mla_compose *c, uint32_t part, const char *name, const char *value);
/* Appends one mailbox to From, To or another list. name may be NULL; address is "user@host", the
 * user quoted or not. Beyond US-ASCII an address needs MLA_COMPOSE_UTF8 (MLA_E_CHARSET without). */
MLA_API int mla_compose_mailbox(mla_compose *c, uint32_t part, const char *field, const char *name,
                                const char *address);
/* Appends count entries as mla_addresses_at() gives them: groups, too, which may be empty
 * ("undisclosed-recipients:;"); quotes are added where they are needed. All of them, or none. */
MLA_API int mla_compose_addresses(mla_compose *c, uint32_t part, const char *field,
                                  const mla_address *list, size_t count);
/* Date or another field with one: seconds since 1970-01-01 UTC, shown in a zone that is so many
 * minutes east of UTC. zone_known 0: "-0000". Years 1900 to 9999. */
MLA_API int mla_compose_date(mla_compose *c, uint32_t part, const char *field, int64_t seconds,
                             int32_t zone_minutes, int32_t zone_known);
/* Message-ID, Content-ID, or one more of References and In-Reply-To; angle brackets may be left
 * out. */
MLA_API int mla_compose_id(mla_compose *c, uint32_t part, const char *field, const char *id);
/* A new message-id of 128 random bits at host, which should be a name of yours: "<...@host>".
 * *out_id is yours (mla_free). 0, MLA_E_ARG, MLA_E_INTERNAL (no random numbers), MLA_E_NOMEM. */
MLA_API int mla_compose_new_id(const mla_config *cfg, const char *host, char **out_id);
/* A parameter of the part's Content-Type, by RFC 2231 where it needs it; at most 4,096 octets.
 * "boundary" is not the caller's: MLA_E_ARG. */
MLA_API int mla_compose_param(mla_compose *c, uint32_t part, const char *name, const char *value);
/* Content-Disposition: "attachment" or "inline"; filename (NULL: none) as the reader shall see it.
 */
MLA_API int mla_compose_disposition(mla_compose *c, uint32_t part, const char *disposition,
                                    const char *filename);

/* ------------------------------------------------------------------ bodies: one way a part
 *
 * The transfer encoding follows from what a body holds. Text (text/..., message/...) gets lines
 * that end in CRLF; other octets stay as they are. message/rfc822 is never encoded: with octets
 * above 127 it is 8bit whatever the flags say. */

/* len octets of UTF-8 text for a part text/...; the charset parameter is set here. flags:
 * MLA_COMPOSE_FLOWED (text/plain alone), _DELSP. The text is copied. */
MLA_API int mla_compose_text(mla_compose *c, uint32_t part, const char *text, size_t len,
                             uint32_t flags);
/* len octets, copied. */
MLA_API int mla_compose_body(mla_compose *c, uint32_t part, const uint8_t *data, size_t len);
/* Octets that functions of yours give, twice: when the message is completed, and when it goes out.
 */
MLA_API int mla_compose_body_from(mla_compose *c, uint32_t part, const mla_compose_source *source);
/* Octets that you give when mla_compose_output() asks. data NULL says no more than that: the body
 * then goes out in base64 and mla_compose_size() cannot say a size. Otherwise this shows what they
 * will be, piece by piece, so that both are known; a body without any octets has one piece of len
 * 0. */
MLA_API int mla_compose_survey(mla_compose *c, uint32_t part, const uint8_t *data, size_t len);

/* ------------------------------------------------------------------ the octets */

/* How many octets the whole message has. It is complete from here on. 0, MLA_E_STATE (a multipart
 * without parts, a group that is not ended), MLA_E_NOT_FOUND (a body that was not shown before), an
 * error of a source, MLA_E_INTERNAL (no random numbers), MLA_E_NOMEM. */
MLA_API int mla_compose_size(mla_compose *c, uint64_t *out_size);
/* 1 and the next octets, lent until the next call on this message; 0 at the end;
 * MLA_COMPOSE_NEEDS_DATA: *out_part (may be NULL) waits for mla_compose_feed(). The message is
 * complete from here on. Errors as above, which stay until mla_compose_rewind(); MLA_E_STATE also
 * where a body is not what it was before. */
MLA_API int mla_compose_output(mla_compose *c, const uint8_t **out_data, size_t *out_len,
                               uint32_t *out_part);
/* Octets for the part that waits, which must stay as they are until the next time it waits; len 0:
 * the body is over. 0, MLA_E_ARG, MLA_E_STATE (nothing waits). */
MLA_API int mla_compose_feed(mla_compose *c, const uint8_t *data, size_t len);
/* The same octets again from the start. 0, MLA_E_STATE (not complete yet). */
MLA_API int mla_compose_rewind(mla_compose *c);

#ifdef __cplusplus
}
#endif

#endif
