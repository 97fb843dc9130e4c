/* imap_keep.h - keeps one mailbox in sight for days: connects again, and says what was missed.
 *
 *     mla_imap_keep_new(cfg, &args, &k, &err);
 *     while ((rc = mla_imap_keep_step(k, -1, &ev)) == 1)
 *         switch (mla_imap_keep_event_type(ev)) {
 *         case MLA_KEEP_EV_NEW:     UIDs that were not there before
 *         case MLA_KEEP_EV_GONE:    UIDs that are not there any more
 *         case MLA_KEEP_EV_CHANGED: UIDs with other flags
 *         case MLA_KEEP_EV_VOID:    throw away all UIDs
 *         }
 *
 * A keeper connects, logs in, opens the mailbox, learns UIDs and flags, and waits for news by IDLE
 * (RFC 2177) or NOOP. Whatever happens in the mailbox comes as GONE, NEW and CHANGED events by
 * UIDs, whether it was told while the line stood or found out afterwards: who applies them one
 * after the other to a list of UIDs, and begins with none, has what is in the mailbox. Who stores
 * that list, and with it what mla_imap_keep_read_state() gives, goes on from there after a restart.
 *
 * When the line breaks it connects again, after a wait that begins short and doubles, with jitter
 * (docs/imap-reconnect.md), and finds out what was missed: by QRESYNC where the server has it (RFC
 * 7162 section 3.2.5), by CONDSTORE and the UIDs, else by fetching all flags. Errors that no try
 * would mend end it: a refused log-in or certificate, a mailbox that is gone.
 *
 * Commands of your own go to the mla_imap of the connection (mla_imap_keep_imap()), their events
 * come as MLA_KEEP_EV_IMAP. When the line breaks they end as imap.h says (MLA_E_CLOSED, or
 * MLA_E_UNKNOWN_OUTCOME for APPEND), and are never repeated by the keeper. Do not select another
 * mailbox there, nor read its events. A STORE with args.silent is not seen by the keeper, either.
 *
 * It is driven as a session is: blocking by step(), or in an event loop by fd(), wants(),
 * timeout_ms() and process(), all asked anew each time. One thread at a time may use a keeper;
 * mla_imap_keep_interrupt() alone may be called from any thread. */
#ifndef MAILACCESS_IMAP_KEEP_H
#define MAILACCESS_IMAP_KEEP_H

#include "imap.h"
#include "imap_keep_types.h"
#include "imap_view_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_imap_keep mla_imap_keep;             /* one mailbox */
typedef struct mla_imap_keep_event mla_imap_keep_event; /* one thing that happened */

/* Makes a keeper; the first connection is made by the first process() or step(). cfg: NULL for the
 * defaults; it is frozen and shared. args is copied with all that it points to, the credentials
 * into memory that is wiped when they are replaced or the keeper is freed. *out_k is yours until
 * mla_imap_keep_free(), NULL on failure. 0; MLA_E_ARG (also for a state in which something is out
 * of order), MLA_E_UNSUPPORTED (a newer record), MLA_E_LIMIT (a state of more messages than may be
 * held), MLA_E_NOMEM, and what freezing a configuration can fail with; *out_err says why and may be
 * NULL. */
MLA_API int mla_imap_keep_new(mla_config *cfg, const mla_imap_keep_args *args,
                              mla_imap_keep **out_k, mla_error *out_err);

/* Closes the connection at once and frees everything; events that were taken live on. NULL is
 * accepted. Inside a function that the session calls it is put off (docs/threading.md,
 * "Callbacks"). */
MLA_API void mla_imap_keep_free(mla_imap_keep *k);

/* --- events --- */

/* The next event without waiting: 1 and *out_ev; 0 when there is none now. Behind the OVER event:
 * its error, or MLA_E_CLOSED where it had none. *out_ev and all in it is borrowed from k until the
 * next call of mla_imap_keep_next(), _step(), _process() or _free(). */
MLA_API int mla_imap_keep_next(mla_imap_keep *k, const mla_imap_keep_event **out_ev);
/* The same, waiting at most timeout_ms for it; -1: for ever. MLA_E_TIMEOUT, MLA_E_CANCELLED: the
 * wait is over, the keeper goes on. */
MLA_API int mla_imap_keep_step(mla_imap_keep *k, int32_t timeout_ms,
                               const mla_imap_keep_event **out_ev);

/* MLA_KEEP_EV_*. Kinds that you do not know are to be ignored. */
MLA_API int32_t mla_imap_keep_event_type(const mla_imap_keep_event *ev);
/* Each of these gives the record of its kinds of event, NULL for an event of another kind. The
 * record lives as long as the event. */
MLA_API const mla_imap_keep_line *mla_imap_keep_event_line(const mla_imap_keep_event *ev);
MLA_API const mla_imap_keep_news *mla_imap_keep_event_news(const mla_imap_keep_event *ev);
/* IMAP: the session's event, for the functions of imap.h. mla_imap_event_take() can take it. */
MLA_API const mla_imap_event *mla_imap_keep_event_imap(const mla_imap_keep_event *ev);

/* --- driving it --- */

/* As the functions of session.h: the descriptor to watch (-1: only the timeout matters), for what
 * (MLA_WANT_READ, _WRITE, _NOW), and how long at most (-1: no limit, 0: now). */
MLA_API int32_t mla_imap_keep_fd(const mla_imap_keep *k);
MLA_API uint32_t mla_imap_keep_wants(const mla_imap_keep *k);
MLA_API int32_t mla_imap_keep_timeout_ms(const mla_imap_keep *k);
/* Connects, reads, writes and keeps time without ever blocking; then ask for events. 1: something
 * moved; 0: nothing. It does not fail: what goes wrong is an event. MLA_E_ARG. */
MLA_API int mla_imap_keep_process(mla_imap_keep *k);
/* Makes the step() that waits now, or else the next one, return MLA_E_CANCELLED. Any thread. 0. */
MLA_API int mla_imap_keep_interrupt(mla_imap_keep *k);

/* The network is there again, or another one, or the machine woke up: tries at once, unless the
 * server has asked to be left alone, and begins the waits anew; a connection that stands is asked
 * whether it still lives, with MLA_DEADLINE_PROBE for the answer. 0, MLA_E_ARG. */
MLA_API int mla_imap_keep_hint(mla_imap_keep *k);

/* The credentials from the next log-in on, after MLA_KEEP_EV_CREDENTIALS or at any time. Copied;
 * those before them are wiped. 0, MLA_E_ARG, MLA_E_UNSUPPORTED, MLA_E_NOMEM. */
MLA_API int mla_imap_keep_set_credentials(mla_imap_keep *k, const mla_credentials *credentials);

/* Logs out where a connection stands. Events go on until OVER. 0, MLA_E_ARG. */
MLA_API int mla_imap_keep_close(mla_imap_keep *k);

/* The connection, NULL when there is none: for commands of your own while the mailbox is open, and
 * before that for answers to what it asks (IMAP events about a token or a certificate). Borrowed
 * from k until the next call of mla_imap_keep_next(), _step() or _process(). Its session
 * (mla_imap_session()) may be asked anything and is driven by the keeper alone. */
MLA_API mla_imap *mla_imap_keep_imap(mla_imap_keep *k);

/* --- the mailbox as it is known, also while there is no connection --- */

/* NULL before it was open for the first time, unless the keeper began with a state. exists,
 * uidnext, uidvalidity, highestmodseq (as for QRESYNC), known_uids, known_flags and memory are set;
 * the rest is 0. As of the last event. Borrowed from k until the same function is called again. */
MLA_API const mla_imap_view *mla_imap_keep_mailbox(mla_imap_keep *k);
/* What is known of a message, by its number from 1 to exists or by its UID; NULL: there is none.
 * Borrowed until the next event, or until one of the two is called again. \Recent is left out. */
MLA_API const mla_imap_message *mla_imap_keep_message(mla_imap_keep *k, uint32_t number);
MLA_API const mla_imap_message *mla_imap_keep_message_uid(mla_imap_keep *k, uint32_t uid);
/* Goes over the UIDs, as mla_imap_view_uids(). */
MLA_API int mla_imap_keep_uids(const mla_imap_keep *k, uint32_t from, mla_range *out_uids);

/* --- to be stored --- */

/* What was told so far, for mla_imap_keep_args.state of a later keeper. with_flags != 0: the flags
 * too, without which a server that has no mod-sequences makes all messages CHANGED the next time.
 *
 * 1 and *out_state: as of the last event that was returned. Store it in one step with what that
 * event, and those before it, have made of your own list: whenever the program ends, what is stored
 * is of one moment, and what happened after it will be told. 0: there are events behind the last
 * one that belong to it, or what was missed is being found out: ask again after the next event;
 * what was stored before stays right. *out_state and all in it is borrowed from k until the next
 * call of this function, mla_imap_keep_next(), _step(), _process() or _free(). MLA_E_ARG,
 * MLA_E_NOMEM, MLA_E_STATE (inside a function that the session calls). */
MLA_API int mla_imap_keep_read_state(mla_imap_keep *k, uint32_t with_flags,
                                     const mla_imap_keep_state **out_state);

#ifdef __cplusplus
}
#endif

#endif
