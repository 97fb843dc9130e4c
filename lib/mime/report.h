/* report.h - delivery reports (RFC 3464, 6533) and disposition reports (RFC 8098). */
#ifndef MLA_MIME_REPORT_H
#define MLA_MIME_REPORT_H

#include "mailaccess/mime_report_types.h"
#include "mime/store.h"
#include "mime/tree.h"

/* The part to read: part itself or one directly in it. NULL: there is none. */
const struct mla_part *report_dsn_part(const struct mla_part *part);
const struct mla_part *report_mdn_part(const struct mla_part *part);
const struct mla_part *report_original(const struct mla_part *part);

/* n octets at p. Recipients are in the store's arena. s->rc. */
int report_read_dsn(struct store *s, const uint8_t *p, size_t n, mla_dsn *out,
                    mla_dsn_recipient **out_recipients);
int report_read_mdn(struct store *s, const uint8_t *p, size_t n, mla_mdn *out);

/* "type; text": type in lower case. RFC 6533's "\x{HEX}" in a "utf-8" address is undone. */
void report_typed(struct store *s, struct slice v, mla_str *out_type, mla_str *out_text);

#endif
