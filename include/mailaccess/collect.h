/* collect.h - a POP3 collector: fetches what is new, loses nothing, doubles nothing, and deletes on
 * the server only what is safe with you.
 *
 *     mla_seen_file_open(NULL, "seen", &file, &err);          what was collected before (seen.h)
 *     mla_seen_file_store(file, "pop3:alice@example.org", &store);
 *     ... connect and log in by pop3.h ...
 *     args.store = &store;
 *     args.policy = MLA_COLLECT_DELETE;
 *     mla_collect_new(pop3, &args, &c);
 *     while ((rc = mla_collect_step(c, -1, &ev)) == 1)
 *         switch (mla_collect_event_type(ev)) {
 *         case MLA_COLLECT_EV_BEGIN: open a file
 *         case MLA_COLLECT_EV_CHUNK: write to it
 *         case MLA_COLLECT_EV_END:   if all is well: fsync, give it its name, mla_collect_stored()
 *         case MLA_COLLECT_EV_ALL:   mla_collect_close()
 *         }
 *
 * The collector works on a mla_pop3 handle that is logged in, does no input or output itself, and
 * so can be driven in the three ways of session.h: mla_collect_step() blocks; in an event loop call
 * mla_session_process() and then mla_collect_next() until it returns 0; with I/O of your own feed
 * the session and do the same. From mla_collect_new() until the DONE event only the collector may
 * read the handle's events or queue its commands. UIDL and LIST are queued by mla_collect_new();
 * RETR, TOP and DELE go out several at a time where the server announced PIPELINING.
 *
 * The rules that it keeps:
 *
 *   - A message counts as collected when you said so, by mla_collect_stored(), which you do when it
 *     is safe: on disk, in a database. You may do that later and in any order, so one fsync may
 *     serve many messages while more of them stream in.
 *   - DELE is sent for such messages alone. A message that was collected in an earlier session is
 *     compared by its header with what was stored then, since servers use UIDLs twice.
 *   - Nothing counts as deleted before the +OK to QUIT. Before QUIT is sent the store says durably
 *     which messages are in doubt; when the answer does not come, the next session compares them
 *     with the listing, and RECONCILED events tell the outcome.
 *   - What cannot be told apart from a message that was stored (no UIDL, the same UIDL twice, a
 *     UIDL that comes back with another size) is fetched again rather than lost, and END says
 *     whether it was the same (MLA_COLLECT_SAME).
 *
 * When the connection breaks, free the collector and the handle, and begin anew: the next session
 * goes on where this one ended. docs/collect.md has a whole program.
 *
 * A collector is for one thread at a time, the one that uses its mla_pop3. */
#ifndef MAILACCESS_COLLECT_H
#define MAILACCESS_COLLECT_H

#include "collect_types.h"
#include "pop3.h"
#include "seen_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_collect mla_collect;             /* one session's work */
typedef struct mla_collect_event mla_collect_event; /* one thing that happened */

/* Begins to collect: s must be logged in, with no command of its own open, and must outlive the
 * collector. *out_c is yours until mla_collect_free(), NULL on failure. 0, MLA_E_ARG (what is wrong
 * is said by mla_session_error() of s), MLA_E_STATE (s is not logged in), MLA_E_NOMEM, or the error
 * that ended the session. */
MLA_API int mla_collect_new(mla_pop3 *s, const mla_collect_args *args, mla_collect **out_c);

/* Frees the collector. What was said to be stored is committed to the store if it was not yet;
 * nothing is sent, so without a DONE event before it the server deletes nothing. Call it before
 * mla_pop3_free(), and while the store is still there. Inside a function of the store it is put off
 * until the call that is at work returns, and the store is not called any more, not for a commit
 * either. NULL is accepted. */
MLA_API void mla_collect_free(mla_collect *c);

/* --- events --- */

/* The next event without waiting: 1 and *out_ev; 0 when there is none now: move octets first, or,
 * after ALL, call mla_collect_close(). Behind the DONE event: its error, 0 when all went well.
 * *out_ev is borrowed from c until the next call of mla_collect_next(), _step() or _free(), or of a
 * function of session.h that moves octets or tells the time. Before DONE an error is returned only
 * for a call that is wrong: MLA_E_ARG. */
MLA_API int mla_collect_next(mla_collect *c, const mla_collect_event **out_ev);

/* The same, waiting at most timeout_ms for an event (-1: as long as the session's own deadlines
 * allow). MLA_E_TIMEOUT, MLA_E_CANCELLED: the wait is over, the work goes on. MLA_E_STATE: ALL was
 * delivered and nothing will come before mla_collect_close(). */
MLA_API int mla_collect_step(mla_collect *c, int32_t timeout_ms, const mla_collect_event **out_ev);

/* MLA_COLLECT_EV_*. Kinds that you do not know are to be ignored. */
MLA_API int32_t mla_collect_event_type(const mla_collect_event *ev);

/* Each of these gives the record of its kind of event, NULL for an event of another kind. The
 * record lives as long as the event. */
MLA_API const mla_collect_plan *mla_collect_event_plan(const mla_collect_event *ev);
/* BEGIN, CHUNK, END, SKIPPED, DELETED, RECONCILED: the message it is about. */
MLA_API const mla_collect_message *mla_collect_event_message(const mla_collect_event *ev);
MLA_API const mla_collect_warning *mla_collect_event_warning(const mla_collect_event *ev);
MLA_API const mla_collect_summary *mla_collect_event_summary(const mla_collect_event *ev);
/* CHUNK: *out_len octets of the message as it is, dots undone, straight from the receive buffer,
 * and in *out_offset (may be NULL) where they belong in it. NULL and 0 otherwise. They are whole
 * only when END says so. */
MLA_API const uint8_t *mla_collect_event_chunk(const mla_collect_event *ev, size_t *out_len,
                                               uint64_t *out_offset);

/* --- what the caller says --- */

/* Message number, for which END came with error 0 and without MLA_COLLECT_SAME, is safe for good:
 * it is recorded in the store with note (UTF-8, such as its file name, at most 1,024 octets; NULL:
 * none), and DELE is queued if the policy says so. Records are committed in batches, and always
 * before QUIT. It may also be called when the connection has broken. A message for which this is
 * never called is left on the server, and comes again in the next session; where the server
 * announces EXPIRE 0, and so deletes what it has given out, QUIT is then not sent at all, and DONE
 * has MLA_E_POLICY. 0, MLA_E_STATE (no such END, called twice, after mla_collect_close()),
 * MLA_E_ARG, MLA_E_NOMEM, or the store's error, which also ends the work: no DELE or QUIT is sent
 * any more. */
MLA_API int mla_collect_stored(mla_collect *c, uint32_t number, const char *note);

/* Message number, of the SKIPPED event with MLA_COLLECT_LEAVING that was delivered last, is not to
 * be deleted in this session (because its file is not there any more, say). 0, MLA_E_STATE. */
MLA_API int mla_collect_keep(mla_collect *c, uint32_t number);

/* No more stored() will come: commits, and sends the DELEs that are left and QUIT. It may be called
 * before ALL: then no message is asked for any more, those that are under way still come, and none
 * of them can be stored. Events go on until DONE. 0, MLA_E_STATE (called before). */
MLA_API int mla_collect_close(mla_collect *c);

/* Makes durable in the store what was said to be stored so far. 0 or the store's error. */
MLA_API int mla_collect_commit(mla_collect *c);

/* Copies what ended the work, or what the last failed call had to say; code 0 when there is
 * nothing.
 */
MLA_API void mla_collect_error(const mla_collect *c, mla_error *out_err);

#ifdef __cplusplus
}
#endif

#endif
