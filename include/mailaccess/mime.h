/* mime.h - messages taken apart: a tree over a buffer, or a stream in constant memory.
 *
 * Both are one parser (RFC 5322, 2045-2049, 2183, 2231, 6532) and give the same parts at the same
 * offsets. Nothing in a message is an error: what breaks the rules is a warning, and what a limit
 * cuts off stays available as octets. Nothing is fetched, joined or run. Where two readings are
 * possible the choice is in docs/mime.md.
 *
 * A message, with its parts, is for one thread at a time; different messages are independent.
 * Wherever cfg appears it may be NULL; only its allocator is used, which must then outlive what it
 * made. Memory that is "yours" goes back through mla_free(), or through that allocator. */
#ifndef MAILACCESS_MIME_H
#define MAILACCESS_MIME_H

#include "config.h"
#include "mime_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_message mla_message;     /* a tree over one borrowed buffer */
typedef struct mla_part mla_part;           /* belongs to its message */
typedef struct mla_parser mla_parser;       /* streaming */
typedef struct mla_decoder mla_decoder;     /* undoes a transfer encoding, streaming */
typedef struct mla_addresses mla_addresses; /* a list of addresses */
typedef struct mla_strings mla_strings;     /* a list of texts */

/* ------------------------------------------------------------------ messages */

/* Takes apart len octets at data, which stay yours, must not change and must outlive the message.
 * limits: NULL for the defaults. *out_m is yours until mla_message_free(), NULL on failure. 0,
 * MLA_E_ARG, MLA_E_UNSUPPORTED (limits newer than this library), MLA_E_NOMEM. */
MLA_API int mla_message_parse(const mla_config *cfg, const mla_mime_limits *limits,
                              const uint8_t *data, size_t len, mla_message **out_m);

/* Frees the message and all its parts; NULL is accepted. */
MLA_API void mla_message_free(mla_message *m);

/* The message itself as a part: depth 0. Never NULL. Borrowed from the message, as all parts. */
MLA_API const mla_part *mla_message_root(const mla_message *m);

/* How many parts there are, the message itself, multiparts and attached messages included. */
MLA_API uint32_t mla_message_part_count(const mla_message *m);

/* The part number i, from 0, in document order; NULL beyond the end. */
MLA_API const mla_part *mla_message_part_at(const mla_message *m, uint32_t i);

/* The part with that path, written as IMAP writes sections (RFC 9051 section 6.4.5.1): "1" is the
 * body of a message that is no multipart, "TEXT" the multipart that is a message's whole body,
 * "2.1" the first part in the second, "2.TEXT" the multipart in the message attached as "2". NULL
 * when there is none. */
MLA_API const mla_part *mla_message_part(const mla_message *m, const char *path);

/* The part that a person would read: the first of type text/plain (or text/html) that is neither an
 * attachment nor inside an attached message. NULL when there is none. */
MLA_API const mla_part *mla_message_text(const mla_message *m);
MLA_API const mla_part *mla_message_html(const mla_message *m);

/* Decodes everything once and adds what is wrong with contents and values to the warnings. Without
 * this call they tell of the structure alone. 0, MLA_E_NOMEM (then nothing was added). */
MLA_API int mla_message_check(mla_message *m);

/* The warnings, each once a part. _warning gives MLA_MIME_WARN_* and the offset, 0 beyond the end;
 * out_offset may be NULL. */
MLA_API uint32_t mla_message_warning_count(const mla_message *m);
MLA_API int32_t mla_message_warning(const mla_message *m, uint32_t i, uint64_t *out_offset);
/* The part that warning i is about; NULL beyond the end. */
MLA_API const mla_part *mla_message_warning_part(const mla_message *m, uint32_t i);

/* The name of a warning, "duplicate-header"; NULL for an unknown code. The library's, for ever. */
MLA_API const char *mla_mime_warning_name(int32_t code);
/* MLA_MIME_HARMLESS or MLA_MIME_AMBIGUOUS. */
MLA_API int32_t mla_mime_warning_grade(int32_t code);

/* ------------------------------------------------------------------ parts: getters that never fail
 */

/* The part around this one; NULL for the message itself. */
MLA_API const mla_part *mla_part_parent(const mla_part *p);
/* Parts directly inside: of a multipart, or the one message of a message/rfc822. */
MLA_API uint32_t mla_part_child_count(const mla_part *p);
/* Number i, from 0; NULL beyond the end. */
MLA_API const mla_part *mla_part_child(const mla_part *p, uint32_t i);
/* MLA_PART_*. */
MLA_API uint32_t mla_part_flags(const mla_part *p);
/* 0 for the message itself. */
MLA_API uint32_t mla_part_depth(const mla_part *p);
/* Offsets in the buffer that was parsed; with MLA_PART_DECODED in the decoded body of the nearest
 * part above that has not got this flag. The header runs to body_offset, its empty line included.
 */
MLA_API uint64_t mla_part_header_offset(const mla_part *p);
MLA_API uint64_t mla_part_body_offset(const mla_part *p);
MLA_API uint64_t mla_part_body_length(const mla_part *p);
/* The octets themselves, borrowed from the message (from your buffer): header, body as it stands,
 * that is with its transfer encoding. *out_len is their number. Never NULL. */
MLA_API const uint8_t *mla_part_header_octets(const mla_part *p, size_t *out_len);
MLA_API const uint8_t *mla_part_body_octets(const mla_part *p, size_t *out_len);
/* "text/plain": lower case, after the defaults of RFC 2045 and 2046. Borrowed, never NULL. */
MLA_API const char *mla_part_content_type(const mla_part *p);
/* The charset parameter and the transfer encoding, lower case, otherwise as written; NULL when
 * there is none. Borrowed. */
MLA_API const char *mla_part_charset(const mla_part *p);
MLA_API const char *mla_part_transfer_encoding(const mla_part *p);
/* 1 when a mail reader would list the part as an attachment, else 0. */
MLA_API int mla_part_is_attachment(const mla_part *p);
/* The raw header fields in their order. */
MLA_API uint32_t mla_part_header_count(const mla_part *p);
/* Number i, from 0: name and value as they stand, folded, borrowed from your buffer; the offset of
 * the name. Outputs may be NULL. 0 or MLA_E_NOT_FOUND. */
MLA_API int mla_part_header_at(const mla_part *p, uint32_t i, mla_str *out_name, mla_str *out_value,
                               uint64_t *out_offset);

/* ------------------------------------------------------------------ parts: values made on demand
 *
 * All of these: 0 and an output that is yours, MLA_E_NOT_FOUND when the message has no such thing,
 * MLA_E_NOMEM. Text is UTF-8 with a NUL behind it, on one line, without control characters: those
 * that the message hides in it are U+FFFD. out_len may be NULL. */

/* "2.1": the path of mla_message_part(). */
MLA_API int mla_part_path(const mla_part *p, char **out_text, size_t *out_len);
/* The nth (from 0) field of that name, unfolded, encoded words decoded. */
MLA_API int mla_part_header(const mla_part *p, const char *name, uint32_t nth, char **out_text,
                            size_t *out_len);
/* A parameter of a field such as Content-Type: continuations joined, character set converted (RFC
 * 2231), encoded words decoded. The first field of that name. */
MLA_API int mla_part_param(const mla_part *p, const char *name, const char *param, char **out_text,
                           size_t *out_len);
/* "inline", "attachment" or what else Content-Disposition says, lower case. */
MLA_API int mla_part_disposition(const mla_part *p, char **out_text, size_t *out_len);
/* The file name that the sender gives, which may hold anything: never open a file by it. */
MLA_API int mla_part_filename(const mla_part *p, char **out_text, size_t *out_len);
/* The same made safe: no separator, nothing that climbs or hides, at most 200 octets. */
MLA_API int mla_part_safe_filename(const mla_part *p, char **out_text, size_t *out_len);
/* The Content-ID, angle brackets included. */
MLA_API int mla_part_content_id(const mla_part *p, char **out_text, size_t *out_len);
/* The addresses in all fields of that name. *out_list is yours until mla_addresses_free(). */
MLA_API int mla_part_addresses(const mla_part *p, const char *name, mla_addresses **out_list);
/* The message-ids in all fields of that name, angle brackets included. *out_list is yours until
 * mla_strings_free(). */
MLA_API int mla_part_ids(const mla_part *p, const char *name, mla_strings **out_list);
/* The date in the first field of that name: as mla_mime_parse_date(). */
MLA_API int mla_part_date(const mla_part *p, const char *name, int64_t *out_seconds,
                          int32_t *out_zone_minutes, int32_t *out_zone_known);
/* The body with its transfer encoding undone; a NUL behind it. */
MLA_API int mla_part_decode(const mla_part *p, uint8_t **out_data, size_t *out_len);
/* How many octets that is; needs no memory. */
MLA_API int mla_part_decoded_size(const mla_part *p, uint64_t *out_size);
/* The decoded body as UTF-8; line ends and control characters stay as they are. What is not valid
 * in its character set becomes U+FFFD; without one, UTF-8 where it is valid, else Windows-1252.
 * MLA_E_STATE for a multipart and an attached message. */
MLA_API int mla_part_text(const mla_part *p, char **out_text, size_t *out_len);

/* ------------------------------------------------------------------ lists */

/* How many entries there are, the marks of groups included. */
MLA_API uint32_t mla_addresses_count(const mla_addresses *l);
/* Number i, from 0; NULL beyond the end. Borrowed from the list. name is decoded UTF-8; mailbox and
 * host are what the raw syntax says, quotes undone. host is empty where there is no address to be
 * made out. */
MLA_API const mla_address *mla_addresses_at(const mla_addresses *l, uint32_t i);
/* NULL is accepted. */
MLA_API void mla_addresses_free(mla_addresses *l);

/* How many texts there are. */
MLA_API uint32_t mla_strings_count(const mla_strings *l);
/* Number i, from 0: UTF-8 with a NUL behind it, borrowed from the list; NULL beyond the end.
 * out_len may be NULL. */
MLA_API const char *mla_strings_at(const mla_strings *l, uint32_t i, size_t *out_len);
/* NULL is accepted. */
MLA_API void mla_strings_free(mla_strings *l);

/* ------------------------------------------------------------------ streaming */

/* limits: NULL for the defaults. *out_p is yours until mla_parser_free(), NULL on failure. Memory
 * stays below the header limit and a few KiB a level of nesting, however long the message is. A
 * message/rfc822 with a transfer encoding is a body like others here: feed what a decoder makes of
 * it to a second parser. 0, MLA_E_ARG, MLA_E_UNSUPPORTED, MLA_E_NOMEM. */
MLA_API int mla_parser_new(const mla_config *cfg, const mla_mime_limits *limits,
                           mla_parser **out_p);
/* NULL is accepted. */
MLA_API void mla_parser_free(mla_parser *p);
/* Hands over octets, which must stay as they are until mla_parser_next() has returned 0. All are
 * taken: *out_used (may be NULL) becomes len. 0, MLA_E_STATE (events are waiting, or after the
 * end), MLA_E_NOMEM. */
MLA_API int mla_parser_feed(mla_parser *p, const uint8_t *data, size_t len, size_t *out_used);
/* The message is over; events may still come. 0 or the error that stands. */
MLA_API int mla_parser_end(mla_parser *p);
/* 1 and an event, which is good until the next call on this parser and points into the octets that
 * were fed where it can; 0 when more must be fed, or all is said. MLA_E_NOMEM, for good. */
MLA_API int mla_parser_next(mla_parser *p, const mla_mime_event **out_ev);

/* encoding: "base64", "quoted-printable"; anything else and NULL hands on what comes. *out_d is
 * yours until mla_decoder_free(). 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_decoder_new(const mla_config *cfg, const char *encoding, mla_decoder **out_d);
/* NULL is accepted. */
MLA_API void mla_decoder_free(mla_decoder *d);
/* Hands over octets, which must stay as they are until mla_decoder_output() has returned 0. 0 or
 * MLA_E_STATE. */
MLA_API int mla_decoder_feed(mla_decoder *d, const uint8_t *data, size_t len);
/* The body is over; output may still come. 0. */
MLA_API int mla_decoder_end(mla_decoder *d);
/* 1 and decoded octets, good until the next call on this decoder; 0 when more must be fed or all is
 * said. */
MLA_API int mla_decoder_output(mla_decoder *d, const uint8_t **out_data, size_t *out_len);
/* What was wrong so far: bits 1 << MLA_MIME_WARN_*. */
MLA_API uint64_t mla_decoder_warnings(const mla_decoder *d);

/* ------------------------------------------------------------------ single values */

/* A raw field value to UTF-8: as mla_part_header(). *out_text is yours. 0, MLA_E_ARG, MLA_E_NOMEM.
 */
MLA_API int mla_mime_decode_header(const mla_config *cfg, const char *raw, size_t len,
                                   char **out_text, size_t *out_len);
/* A raw address list. *out_list is yours until mla_addresses_free(). 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_mime_parse_addresses(const mla_config *cfg, const char *raw, size_t len,
                                     mla_addresses **out_list);
/* A raw list of message-ids. *out_list is yours until mla_strings_free(). 0, MLA_E_ARG,
 * MLA_E_NOMEM. */
MLA_API int mla_mime_parse_ids(const mla_config *cfg, const char *raw, size_t len,
                               mla_strings **out_list);
/* A date (RFC 5322 section 3.3 and older forms): seconds since 1970-01-01 00:00 UTC, and the zone
 * as written in minutes east of UTC. *out_zone_known is 0 where the zone is "-0000", missing or out
 * of range; the time then counts as UTC. Years 1 to 9999. Outputs may be NULL. 0, MLA_E_ARG,
 * MLA_E_SYNTAX. Any thread. */
MLA_API int mla_mime_parse_date(const char *raw, size_t len, int64_t *out_seconds,
                                int32_t *out_zone_minutes, int32_t *out_zone_known);
/* A UTF-8 name made safe to create a file under: as mla_part_safe_filename(). *out_text is yours.
 * 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_mime_safe_filename(const mla_config *cfg, const char *name, size_t len,
                                   char **out_text, size_t *out_len);

#ifdef __cplusplus
}
#endif

#endif
