/* imap_search.h - searching beyond imap.h: orders, threads, saved results (docs/imap-search.md).
 *
 * Errors and tickets are as in imap.h: 0 and *out_ticket when the command was queued, MLA_E_ARG,
 * MLA_E_STATE, MLA_E_LIMIT, or a fatal error; how the command ended is said by its DONE event. Not
 * safe for two threads on one handle at a time. */
#ifndef MAILACCESS_IMAP_SEARCH_H
#define MAILACCESS_IMAP_SEARCH_H

#include "imap.h"
#include "imap_search_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SORT or UID SORT (RFC 5256): SEARCH events with is_sorted, in the order asked for. args->order
 * must not be empty. With results (RETURN of RFC 5267, ESORT) as for mla_imap_search_msgs().
 * *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED when the server cannot sort,
 * or not by that, or lacks what results or a key need. */
MLA_API int mla_imap_sort(mla_imap *s, const mla_imap_sort_args *args, uint64_t *out_ticket);

/* THREAD or UID THREAD (RFC 5256): THREAD events. *out_ticket: names the command from now on. DONE:
 * MLA_E_UNSUPPORTED when the server has not that algorithm, or lacks what a key needs. */
MLA_API int mla_imap_thread_msgs(mla_imap *s, const mla_imap_thread_args *args,
                                 uint64_t *out_ticket);
/* The forest of a THREAD event, NULL for events of another kind. Borrowed from ev. */
MLA_API const mla_imap_thread *mla_imap_event_thread(const mla_imap_event *ev);

/* UID EXPUNGE of what a search saved (RFC 5182, RFC 4315): of those messages the ones that have
 * \Deleted are removed. *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED without
 * SEARCHRES or UIDPLUS, MLA_E_STATE when nothing is saved. */
MLA_API int mla_imap_expunge_saved(mla_imap *s, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
