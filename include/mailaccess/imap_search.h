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

/* ESEARCH over several mailboxes (RFC 7377): one SEARCH event, or some in a row, for each mailbox
 * in which anything was found, with mailbox, uidvalidity and UIDs; nothing for the others. No
 * mailbox need be selected, and none is by it. args->search must not ask for message numbers.
 * *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED without MULTISEARCH or what a
 * key needs; MLA_E_NO with the code LIMIT when the server finds it too much. */
MLA_API int mla_imap_multisearch(mla_imap *s, const mla_imap_multisearch_args *args,
                                 uint64_t *out_ticket);

/* Ends the telling of changes for searches with MLA_IMAP_SEARCH_UPDATE (CANCELUPDATE, RFC 5267
 * section 4.3.5). tickets: ticket_count of those searches, at most 32; such as are not kept up to
 * date any more are passed over. *out_ticket: names the command from now on. DONE: MLA_E_STATE when
 * that was all of them. */
MLA_API int mla_imap_cancel_update(mla_imap *s, const uint64_t *tickets, size_t ticket_count,
                                   uint64_t *out_ticket);
/* 1 while the server tells changes of the result of the search that had this ticket: from its DONE
 * until the mailbox is left, mla_imap_cancel_update() has succeeded, or a TEXT event with the code
 * NOUPDATE; else 0. Those SEARCH events have its ticket, and fields ADDTO or REMOVEFROM. */
MLA_API int mla_imap_is_updating(const mla_imap *s, uint64_t ticket);

/* UIDBATCHES (RFC 10022): UIDBATCHES events, whose ranges are the UIDs of as many messages each as
 * args->size says or somewhat fewer, the newest first; they may begin and end with UIDs that no
 * message has. To be asked again only when half a batch of messages has come or gone, or in another
 * mailbox (section 3.1.1). *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED
 * where the server has it not; codes TOOFEW, TOOMANY and LIMIT. */
MLA_API int mla_imap_uidbatches(mla_imap *s, const mla_imap_uidbatches_args *args,
                                uint64_t *out_ticket);

/* UID EXPUNGE of what a search saved (RFC 5182, RFC 4315): of those messages the ones that have
 * \Deleted are removed. *out_ticket: names the command from now on. DONE: MLA_E_UNSUPPORTED without
 * SEARCHRES or UIDPLUS, MLA_E_STATE when nothing is saved. */
MLA_API int mla_imap_expunge_saved(mla_imap *s, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
