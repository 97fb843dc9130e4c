/* imap_command.h - commands and answers that the library does not know.
 *
 * A server's own extension, or one that is newer than this library, needs nobody's permission: name
 * the command, give its arguments by kind, and read what comes back as values. Each argument is
 * written by its kind, so that nothing in it can end the command or begin another one. */
#ifndef MAILACCESS_IMAP_COMMAND_H
#define MAILACCESS_IMAP_COMMAND_H

#include "imap.h"
#include "imap_command_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Queues a command by its name. It is sent when nothing else is under way and nothing is sent
 * beside it, so all untagged answers until its DONE have its ticket: those known to the library as
 * their own kinds of events, others as MLA_IMAP_EV_OTHER. Message bodies come only for
 * mla_imap_fetch_msgs(). Commands that change what the library itself must know (SELECT, LOGIN,
 * STARTTLS, ENABLE, IDLE and their like) are MLA_E_ARG: they have functions. Returns what all
 * commands do (imap.h); args may go when the call has returned. DONE: MLA_E_UNSUPPORTED without the
 * capability. */
MLA_API int mla_imap_command(mla_imap *s, const mla_imap_command_args *args, uint64_t *out_ticket);

/* OTHER: the words of the answer behind "*", its name first; next leads through them. NULL for an
 * event of another kind, and where the answer could not be read as IMAP (then
 * mla_imap_event_raw() has its octets). Lives as long as the event. */
MLA_API const mla_imap_value *mla_imap_event_value(const mla_imap_event *ev);

#ifdef __cplusplus
}
#endif

#endif
