/* mime_body.h - bodies: the text a person would read, parts that belong together, what is signed.
 *
 * Parts are those of mime.h, and so are the rules: nothing in a message is an error, nothing is
 * fetched, run, verified or decrypted. docs/mime-bodies.md shows it at work. */
#ifndef MAILACCESS_MIME_BODY_H
#define MAILACCESS_MIME_BODY_H

#include "config.h"
#include "mime.h"
#include "mime_body_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ text for a person */

/* The text of a part and of what is in it: of alternatives the best, of related parts the root, no
 * attachments, no attached messages (but the one that the part itself is). format=flowed is joined
 * to paragraphs, HTML made into text. Safe to print: UTF-8, lines end in LF, no control characters
 * but TAB, nothing invisible, nothing that turns the direction of text. flags: MLA_READABLE_...
 * *out_text is yours. 0, MLA_E_NOT_FOUND (there is no text), MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_part_readable(const mla_part *p, uint32_t flags, char **out_text, size_t *out_len);

typedef struct mla_filter mla_filter; /* makes text safe to print, streaming */

/* kind: MLA_FILTER_..., flags: MLA_FILTER_DELSP ... *out_f is yours until mla_filter_free(). Memory
 * stays below 64 KiB. 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_filter_new(const mla_config *cfg, int32_t kind, uint32_t flags, mla_filter **out_f);
/* NULL is accepted. */
MLA_API void mla_filter_free(mla_filter *f);
/* Hands over UTF-8, which must stay as it is until mla_filter_output() has returned 0; characters
 * may be cut between two calls. 0, MLA_E_ARG, MLA_E_STATE. */
MLA_API int mla_filter_feed(mla_filter *f, const char *text, size_t len);
/* The text is over; output may still come. 0. */
MLA_API int mla_filter_end(mla_filter *f);
/* 1 and text, good until the next call on this filter; 0 when more must be fed or all is said;
 * MLA_E_NOMEM, for good. */
MLA_API int mla_filter_output(mla_filter *f, const char **out_text, size_t *out_len);

/* ------------------------------------------------------------------ parts that belong together */

/* The part that a URL in part p means: "cid:..." (RFC 2392), a Content-ID in angle brackets, or a
 * Content-Location (RFC 2557), which must be the same to the letter. The nearest multipart/related
 * around p is searched first, then those further out, then the rest of the same message. NULL:
 * there is none. */
MLA_API const mla_part *mla_part_related(const mla_part *p, const char *url);

/* ------------------------------------------------------------------ signed and encrypted */

/* *out_kind: MLA_PROTECTION_...; the kind of the part itself, not of those around it or inside. 0,
 * MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_part_protection(const mla_part *p, int32_t *out_kind);
/* The name of a kind, "pgp-signed"; NULL for MLA_PROTECTION_NONE and an unknown one. The library's,
 * for ever. */
MLA_API const char *mla_mime_protection_name(int32_t kind);
/* Of a multipart/signed: the octets that were signed (RFC 1847 section 2.1), header and body of the
 * first part, without the line end before the boundary, borrowed from the message. They are as they
 * stand: a verifier wants CRLF at the ends of lines. *out_signature is the second part. 0,
 * MLA_E_ARG, MLA_E_NOT_FOUND. */
MLA_API int mla_part_signed(const mla_part *p, const uint8_t **out_octets, size_t *out_len,
                            const mla_part **out_signature);

/* ------------------------------------------------------------------ files inside a part */

typedef struct mla_files mla_files; /* files found in one part */

/* Finds the files in a part: uuencode and yEnc in a text, what TNEF (application/ms-tnef,
 * winmail.dat) carries; at most 1,000. Files of other parts are those parts. The list keeps the
 * decoded body and does not need the message afterwards. *out_list is yours until mla_files_free();
 * it may be empty. 0, MLA_E_ARG, MLA_E_NOMEM. */
MLA_API int mla_part_files(const mla_part *p, mla_files **out_list);
/* How many there are. */
MLA_API uint32_t mla_files_count(const mla_files *l);
/* Number i, from 0; NULL beyond the end. Borrowed from the list. */
MLA_API const mla_mime_file *mla_files_at(const mla_files *l, uint32_t i);
/* The octets of number i, decoded, with a NUL behind them; yours. 0, MLA_E_ARG, MLA_E_NOT_FOUND,
 * MLA_E_NOMEM. */
MLA_API int mla_files_data(const mla_files *l, uint32_t i, uint8_t **out_data, size_t *out_len);
/* The files in a TNEF message of the list (MLA_FILE_TNEF_MESSAGE), one level down; other kinds have
 * none. As mla_part_files(); MLA_E_NOT_FOUND beyond the end. */
MLA_API int mla_files_inside(const mla_files *l, uint32_t i, mla_files **out_list);
/* Joins the parts of one yEnc file: part i is number indexes[i] of lists[i], in any order; it is
 * for the caller to choose them, nothing is joined by itself. A part may be there twice. *out_data
 * is yours, with a NUL behind it; NULL unless 0 is returned. *out_flags: MLA_JOIN_... (also with an
 * error); *out_missing, with MLA_JOIN_GAP: the first octet that is missing. Outputs but out_data
 * may be NULL. 0, MLA_E_ARG (none, or one that is no yEnc), MLA_E_NOT_FOUND (MLA_JOIN_GAP),
 * MLA_E_SYNTAX (parts of different files by name, size or number of parts; MLA_JOIN_CONFLICT),
 * MLA_E_NOMEM. */
MLA_API int mla_files_join(const mla_config *cfg, const mla_files *const *lists,
                           const uint32_t *indexes, size_t count, uint8_t **out_data,
                           size_t *out_len, uint32_t *out_flags, uint64_t *out_missing);
/* NULL is accepted. */
MLA_API void mla_files_free(mla_files *l);

#ifdef __cplusplus
}
#endif

#endif
