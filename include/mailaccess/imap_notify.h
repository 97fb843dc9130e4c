/* imap_notify.h - news about any mailbox without asking: NOTIFY (RFC 5465). */
#ifndef MAILACCESS_IMAP_NOTIFY_H
#define MAILACCESS_IMAP_NOTIFY_H

#include "imap.h"
#include "imap_notify_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* NOTIFY: from its DONE on the server tells what the groups name, at any time and until the next
 * NOTIFY; no groups: NOTIFY NONE, which also ends what servers tell by themselves. It replaces what
 * was asked for before. The news are events with ticket 0: STATUS, LIST, EXISTS, EXPUNGE, VANISHED,
 * FETCH. Wait for them with mla_imap_step() and ticket 0; no command has to be under way. Every
 * MLA_DEADLINE_IDLE the library asks whether the server still lives.
 *
 * With SELECTED and EXPUNGE message numbers may change at any time, so commands by number are
 * refused (MLA_E_STATE): use UIDs, or SELECTED_DELAYED. A TEXT event with
 * MLA_IMAP_CODE_NOTIFICATIONOVERFLOW says that the server has stopped telling: look at everything
 * and ask again.
 *
 * args and what it points to may go when the call has returned. Returns what all commands do
 * (imap.h). DONE: MLA_E_UNSUPPORTED without the capability; MLA_E_NO with MLA_IMAP_CODE_BADEVENT
 * when an event is not possible: what was asked for before stays. */
MLA_API int mla_imap_notify(mla_imap *s, const mla_imap_notify_args *args, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
