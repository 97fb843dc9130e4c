/* mime_report.h - reports about messages: delivery status (RFC 3464, 6533) and disposition (RFC
 * 8098), inside a multipart/report (RFC 6522) or alone.
 *
 * A report is a message like others: anybody can write one. What it says is a claim. */
#ifndef MAILACCESS_MIME_REPORT_H
#define MAILACCESS_MIME_REPORT_H

#include "mime.h"
#include "mime_report_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a delivery report. p: a part of type message/delivery-status or
 * message/global-delivery-status, or a multipart that has such a part directly in it. What it lacks
 * is empty. *out_dsn is yours until mla_dsn_free(). 0, MLA_E_ARG, MLA_E_NOT_FOUND (no such part),
 * MLA_E_NOMEM. */
MLA_API int mla_part_dsn(const mla_part *p, mla_dsn **out_dsn);
/* Recipient number i, from 0; NULL beyond the end. Borrowed from the report. */
MLA_API const mla_dsn_recipient *mla_dsn_recipient_at(const mla_dsn *d, uint32_t i);
/* NULL is accepted. */
MLA_API void mla_dsn_free(mla_dsn *d);

/* Reads a disposition report: as mla_part_dsn(), of type message/disposition-notification or
 * message/global-disposition-notification. *out_mdn is yours until mla_mdn_free(). 0, MLA_E_ARG,
 * MLA_E_NOT_FOUND, MLA_E_NOMEM. */
MLA_API int mla_part_mdn(const mla_part *p, mla_mdn **out_mdn);
/* NULL is accepted. */
MLA_API void mla_mdn_free(mla_mdn *m);

/* The message that a report is about, as far as it was returned: the last part of type
 * message/rfc822, message/global, text/rfc822-headers or message/global-headers directly in p, a
 * multipart; NULL when there is none. Borrowed from p's message. */
MLA_API const mla_part *mla_part_report_original(const mla_part *p);

#ifdef __cplusplus
}
#endif

#endif
