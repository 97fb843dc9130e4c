/* rtf.h - the text of RTF, and the HTML that Outlook hides in it ([MS-OXRTFEX]). */
#ifndef MLA_MIME_RTF_H
#define MLA_MIME_RTF_H

#include "base/buf.h"

/* Appends the text as UTF-8; *out_is_html: it is HTML. Pictures, objects, page headers, fields'
 * instructions and notes are left out, and so is hidden text unless show_hidden is set. One pass,
 * no recursion, at most three octets out for one in. 0, MLA_E_SYNTAX (no RTF), the error of out. */
int rtf_text(const uint8_t *p, size_t n, int show_hidden, struct buf *out, int *out_is_html);

#endif
