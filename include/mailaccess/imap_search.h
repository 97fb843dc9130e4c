/* imap_search.h - searching beyond imap.h: saved results (docs/imap-search.md).
 *
 * Errors and tickets are as in imap.h: 0 and *out_ticket when the command was queued, MLA_E_ARG,
 * MLA_E_STATE, MLA_E_LIMIT, or a fatal error; how the command ended is said by its DONE event. Not
 * safe for two threads on one handle at a time. */
#ifndef MAILACCESS_IMAP_SEARCH_H
#define MAILACCESS_IMAP_SEARCH_H

#include "imap.h"

#ifdef __cplusplus
extern "C" {
#endif

/* UID EXPUNGE of what a search saved (RFC 5182, RFC 4315): of those messages the ones that have
 * \Deleted are removed. *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED without
 * SEARCHRES or UIDPLUS, MLA_E_STATE when nothing is saved. */
MLA_API int mla_imap_expunge_saved(mla_imap *s, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
