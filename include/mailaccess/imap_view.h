/* imap_view.h - the selected mailbox as the library knows it: numbers, UIDs, flags.
 *
 * The library follows what the server tells while a mailbox is selected: EXISTS, EXPUNGE and
 * VANISHED, the UID, FLAGS and MODSEQ of every FETCH answer whoever asked for it, and the response
 * codes about the mailbox (RFC 9051 sections 7.1, 7.4, 7.5; RFC 7162; RFC 9586). It asks for
 * nothing by itself: what no answer has told is not known, and mla_imap_view_missing() says what
 * that is.
 *
 * All of it is as of the last event that was read by mla_imap_next(), _step() or _finish(): while
 * an EXPUNGE event is the last one, its message is gone already. Pointers that these functions give
 * are borrowed from s until the next event is read or the same function is called again. They
 * allocate nothing and cannot fail. A handle is for one thread at a time.
 *
 * What is known is kept in few octets (docs/imap-view.md). Where memory is short, or a server
 * contradicts itself, less is known than was told, never anything else; mla_imap_view.forgets
 * counts that. Flags are forgotten, too, where the server may have changed them without a word: by
 * STORE with args.silent, and where a body was fetched with args.set_seen. */
#ifndef MAILACCESS_IMAP_VIEW_H
#define MAILACCESS_IMAP_VIEW_H

#include "imap.h"
#include "imap_types.h"
#include "imap_view_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The selected mailbox, NULL when none is. */
MLA_API const mla_imap_view *mla_imap_mailbox(mla_imap *s);

/* The UID of message number `number`, 0 when it is not known. */
MLA_API uint32_t mla_imap_view_uid(const mla_imap *s, uint32_t number);
/* The message number of a UID, 0 when it is not known, and always where there are no numbers (RFC
 * 9586). */
MLA_API uint32_t mla_imap_view_number(const mla_imap *s, uint32_t uid);

/* What is known of the message with that number, or with that UID; NULL when there is no such
 * message, and by UID also when it is not known which it is. */
MLA_API const mla_imap_message *mla_imap_view_message(mla_imap *s, uint32_t number);
MLA_API const mla_imap_message *mla_imap_view_message_uid(mla_imap *s, uint32_t uid);

/* Goes over the known UIDs: 1 and in *out_uids the first run of consecutive ones that has UIDs at
 * or above from (0: 1), from that UID on; 0 when there are none. To go on, call it with the last
 * UID of the run and one more. */
MLA_API int mla_imap_view_uids(const mla_imap *s, uint32_t from, mla_range *out_uids);

/* Goes over the messages of which not all is known: 1 and in *out_numbers the first run of message
 * numbers at or above from (0: 1) of which one of items (MLA_IMAP_ITEM_UID, _FLAGS, _MODSEQ; 0:
 * UID) is not known; 0 when there are none, or no numbers. The numbers can be given to
 * mla_imap_fetch() with by_seq as they are. */
MLA_API int mla_imap_view_missing(const mla_imap *s, uint32_t items, uint32_t from,
                                  mla_range *out_numbers);

#ifdef __cplusplus
}
#endif

#endif
