/* imap.h - an IMAP client session (RFC 9051, RFC 3501): commands, and the events they cause.
 *
 * Make a handle, connect its session (session.h), queue commands, read events:
 *
 *     mla_imap_new(cfg, &s, &err);
 *     mla_session_connect(mla_imap_session(s), &connect_args, &t);
 *     mla_imap_authenticate(s, &credentials, &t);
 *     mla_imap_select(s, &select_args, &t);      (all of these at once: mla_imap_open())
 *     while ((rc = mla_imap_step(s, t, 30000, &ev)) == 1)
 *         ...
 *
 * A command function does no input or output: it checks its arguments, copies them, and returns a
 * ticket, a number that is never used again in this session and that names the command from then
 * on. Commands go out in the order in which they were queued, as many at a time as their meaning
 * allows (RFC 9051 section 5.5). What the server can do is looked at when the command's turn comes:
 * a command that needs an extension which is absent ends with MLA_E_UNSUPPORTED without being sent.
 * A command that relied on an earlier one which failed (FETCH after a SELECT that was refused) ends
 * with MLA_E_STATE; commands that only read may have been sent by then, others were not.
 *
 * Every command function returns 0 and writes *out_ticket, or
 *   MLA_E_ARG      an argument is missing, out of range or cannot be said in IMAP (NUL, bad UTF-8)
 *   MLA_E_STATE    not possible now: the session has not been connected, LOGOUT was queued
 *   MLA_E_LIMIT    it does not fit into MLA_LIMIT_QUEUE with what is queued already
 *   MLA_E_UNSUPPORTED  a record is newer than the library and uses what it does not know
 *   MLA_E_NOMEM, or the error that ended the session
 * and then queued nothing; mla_session_error() says more. out_ticket may not be NULL.
 *
 * Argument records begin with struct_size, the sizeof of the record in the caller's header; a field
 * that is zero has the harmless meaning: UIDs rather than message numbers, no \Seen set, read what
 * is there. Records in an array all have the struct_size of the first. All that a record points to
 * is copied before the call returns, unless said otherwise.
 *
 * Mailbox names are NUL-terminated UTF-8; the library encodes them as the server wants. A name that
 * LIST gave can be sent back octet for octet through the raw_ field beside it, which wins when its
 * ptr is not NULL. "INBOX" is the same in any case of its letters.
 *
 * A handle is for one thread at a time. */
#ifndef MAILACCESS_IMAP_H
#define MAILACCESS_IMAP_H

#include "config.h"
#include "imap_args.h"
#include "imap_types.h"
#include "session.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_imap mla_imap;             /* one connection */
typedef struct mla_imap_event mla_imap_event; /* one thing that the server told us */

/* Makes a handle that is not connected yet. cfg: NULL for the defaults; it is frozen and shared.
 * *out_s is yours until mla_imap_free(), NULL on failure. 0, MLA_E_ARG, MLA_E_NOMEM, and what
 * freezing a configuration can fail with (*out_err says why; it may be NULL). */
MLA_API int mla_imap_new(mla_config *cfg, mla_imap **out_s, mla_error *out_err);

/* mla_imap_new(), mla_session_connect() to server, mla_imap_authenticate() as who and
 * mla_imap_select() of mailbox in one call, which does not wait either: the commands are queued.
 * mailbox NULL: none is opened; who NULL, and mailbox too: nobody logs in. The records are as for
 * those functions, and copied. *out_s is yours until mla_imap_free(); *out_ticket names the last
 * step. 0, or the error of the step that failed: then *out_err (it may be NULL) says why, nothing
 * is left behind and *out_s is NULL. */
MLA_API int mla_imap_open(mla_config *cfg, const mla_connect_args *server,
                          const mla_credentials *who, const mla_imap_select_args *mailbox,
                          mla_imap **out_s, uint64_t *out_ticket, mla_error *out_err);

/* Closes the connection at once, without LOGOUT and without waiting, and frees everything, the last
 * event included; events that were taken live on. NULL is accepted. Inside a
 * function that the session calls it is put off (docs/threading.md, "Callbacks"). */
MLA_API void mla_imap_free(mla_imap *s);

/* The connection under the handle, for session.h. Borrowed from s until mla_imap_free(). */
MLA_API mla_session *mla_imap_session(mla_imap *s);

/* --- events --- */

/* The next event without waiting: 1 and *out_ev, 0 when there is none now, or the error that ended
 * the session (after the events that came before it). *out_ev is borrowed from s until the next
 * call of mla_imap_next(), _step(), _finish() or _free(), or of a function of session.h that moves
 * octets or tells the time. Events come in the order of the wire, always. */
MLA_API int mla_imap_next(mla_imap *s, const mla_imap_event **out_ev);

/* The next event of any kind and ticket, waiting at most timeout_ms for it (-1: as long as the
 * session's own deadlines allow). 1 and *out_ev, borrowed as for mla_imap_next(); 0 once ticket has
 * ended well, or the error with which it ended - its DONE event was delivered before, here or
 * through another call. Ticket 0 waits for the next event and has no end of its own: for news that
 * come without a command. MLA_E_TIMEOUT, MLA_E_CANCELLED: the wait is over, ticket goes on.
 * MLA_E_ARG: no such ticket. Otherwise the error that ended the session. */
MLA_API int mla_imap_step(mla_imap *s, uint64_t ticket, int32_t timeout_ms,
                          const mla_imap_event **out_ev);

/* Waits until ticket has ended, at most timeout_ms for all of it, and drops the events in between.
 * 0 or the error with which it ended; then mla_imap_last() is its DONE event. MLA_E_BUSY, with
 * nothing dropped, while another ticket is open; MLA_E_TIMEOUT, MLA_E_CANCELLED, MLA_E_ARG and
 * fatal errors as for mla_imap_step(). */
MLA_API int mla_imap_finish(mla_imap *s, uint64_t ticket, int32_t timeout_ms);

/* The event that was delivered last, or NULL. Borrowed as for mla_imap_next(). */
MLA_API const mla_imap_event *mla_imap_last(const mla_imap *s);

/* MLA_IMAP_EV_*. Kinds that you do not know are to be ignored. */
MLA_API int32_t mla_imap_event_type(const mla_imap_event *ev);
/* The command that the event belongs to; 0 when it belongs to none or that cannot be known. */
MLA_API uint64_t mla_imap_event_ticket(const mla_imap_event *ev);

/* Each of these gives the record of its kind of event, NULL for an event of another kind. The
 * record lives as long as the event. */
MLA_API const mla_imap_done *mla_imap_event_done(const mla_imap_event *ev);
MLA_API const mla_imap_text *mla_imap_event_text(const mla_imap_event *ev); /* GREETING, TEXT */
MLA_API const mla_imap_fetch *mla_imap_event_fetch(const mla_imap_event *ev);
MLA_API const mla_imap_section *mla_imap_event_section(const mla_imap_event *ev);
MLA_API const mla_imap_list *mla_imap_event_list(const mla_imap_event *ev);
MLA_API const mla_imap_status *mla_imap_event_status(const mla_imap_event *ev);
MLA_API const mla_imap_search *mla_imap_event_search(const mla_imap_event *ev); /* and VANISHED */
MLA_API const mla_imap_warning *mla_imap_event_warning(const mla_imap_event *ev);
/* CAPABILITY, FLAGS, ENABLED: the words and, in *out_count, how many. NULL and 0 otherwise. */
MLA_API const mla_str *mla_imap_event_words(const mla_imap_event *ev, size_t *out_count);
/* EXISTS, RECENT, EXPUNGE: the number; 0 otherwise. */
MLA_API uint32_t mla_imap_event_number(const mla_imap_event *ev);
/* CHUNK: *out_len octets of the section, and in *out_offset (may be NULL) where they belong in it,
 * counted from its first octet. NULL and 0 otherwise. */
MLA_API const uint8_t *mla_imap_event_chunk(const mla_imap_event *ev, size_t *out_len,
                                            uint64_t *out_offset);
/* The octets of the response that the event came from, without sections that were streamed; for
 * SEARCH in batches those of the batch. NULL and 0 where there are none. */
MLA_API const uint8_t *mla_imap_event_raw(const mla_imap_event *ev, size_t *out_len);

/* Makes the event that was delivered last the caller's: *out_ev is a copy that shares nothing with
 * s, yours until mla_imap_event_free(), which may be called on any thread, also after
 * mla_imap_free(). The memory comes from the configuration's allocator. 0, MLA_E_STATE (there is
 * no event), MLA_E_NOMEM. */
MLA_API int mla_imap_event_take(mla_imap *s, mla_imap_event **out_ev);
/* Frees an event that was taken. NULL is accepted. Any thread. */
MLA_API void mla_imap_event_free(mla_imap_event *ev);

/* --- what is known about the session --- */

enum {
    MLA_IMAP_STATE_START = 0, /* no greeting yet, or TLS is not up yet */
    MLA_IMAP_STATE_NOT_AUTHENTICATED = 1,
    MLA_IMAP_STATE_AUTHENTICATED = 2,
    MLA_IMAP_STATE_SELECTED = 3,
    MLA_IMAP_STATE_LOGOUT = 4 /* LOGOUT was answered, or the session is dead */
};
/* MLA_IMAP_STATE_* (RFC 9051 section 3), as of the last event that was read. */
MLA_API int32_t mla_imap_state(const mla_imap *s);

/* 1 when the server has announced the capability (RFC 9051 section 7.2.2; "IDLE", "AUTH=PLAIN",
 * letters in any case), 0 when it has not or nothing is known yet. Announcements made before TLS
 * or before the log-in are forgotten. */
MLA_API int mla_imap_has_capability(const mla_imap *s, const char *name);
/* How many capabilities are known; 0: none yet. */
MLA_API uint32_t mla_imap_capability_count(const mla_imap *s);
/* One of them as the server wrote it, counting from 0; NULL beyond the end. Borrowed from s until
 * the next event is read. */
MLA_API const char *mla_imap_capability_word(const mla_imap *s, uint32_t i);
/* How the log-in was done: a SASL mechanism, "IMAPLOGIN" for the LOGIN command, "PREAUTH", or ""
 * before it. Borrowed from s until it is freed. */
MLA_API const char *mla_imap_auth_name(const mla_imap *s);

/* The selected mailbox, UTF-8 (the raw name where it is not decodable), or NULL when none is.
 * Borrowed from s until the next SELECT, EXAMINE, CLOSE or UNSELECT is answered. */
MLA_API const char *mla_imap_selected(const mla_imap *s);
/* About the selected mailbox, 0 when none is selected or the server did not say: the number of
 * messages; UIDVALIDITY; the UID that the next message will have at least; whether it is read-only;
 * the MLA_IMAP_FLAG_* that can be changed for good (all of them where the server does not say). */
MLA_API uint32_t mla_imap_exists(const mla_imap *s);
MLA_API uint32_t mla_imap_uidvalidity(const mla_imap *s);
MLA_API uint32_t mla_imap_uidnext(const mla_imap *s);
MLA_API int mla_imap_is_read_only(const mla_imap *s);
MLA_API uint32_t mla_imap_permanent_flags(const mla_imap *s);
/* 1 when the server said UIDNOTSTICKY: UIDs do not outlive the session (RFC 4315). */
MLA_API int mla_imap_uid_not_sticky(const mla_imap *s);

/* --- logging in and out --- */

/* Logs in with the strongest mechanism that the server announces and the credentials fit, or those
 * the configuration names (mla_config_set_mechanisms()); the LOGIN command is one of them. A
 * mechanism that shows the password is used only under TLS unless the configuration allows it in
 * clear. DONE: MLA_E_AUTH refused, MLA_E_POLICY no mechanism may be used here, MLA_E_UNSUPPORTED
 * none in common, MLA_E_THROTTLED. On a connection greeted with PREAUTH nothing is sent: DONE with
 * MLA_E_STATE. Secrets are wiped when they were sent or the command ended. */
MLA_API int mla_imap_authenticate(mla_imap *s, const mla_credentials *credentials,
                                  uint64_t *out_ticket);

/* The LOGIN command and nothing else (RFC 9051 section 6.2.3). Never sent where the server says
 * LOGINDISABLED (MLA_E_UNSUPPORTED), or without TLS unless the configuration allows it
 * (MLA_E_POLICY). DONE: MLA_E_AUTH when refused. */
MLA_API int mla_imap_login(mla_imap *s, const mla_imap_login_args *args, uint64_t *out_ticket);

/* Asks for the capabilities anew (RFC 9051 section 6.1.1). The library asks by itself when it needs
 * them. */
MLA_API int mla_imap_capability(mla_imap *s, uint64_t *out_ticket);

/* ENABLE (RFC 5161): words names count extensions, such as "QRESYNC" or "UTF8=ACCEPT"; those that
 * the server does not announce are left out. An ENABLED event says what is on from then. Possible
 * only before a mailbox is selected. IMAP4rev2 is enabled by the library itself
 * (mla_config_set_imap4rev2()). DONE: MLA_E_UNSUPPORTED where the server has none of them. */
MLA_API int mla_imap_enable(mla_imap *s, const mla_str *words, size_t count, uint64_t *out_ticket);

/* Does nothing; the server may use the answer to tell news (RFC 9051 section 6.1.2). */
MLA_API int mla_imap_noop(mla_imap *s, uint64_t *out_ticket);

/* Ends the session in order (RFC 9051 section 6.1.3). Nothing can be queued after it. */
MLA_API int mla_imap_logout(mla_imap *s, uint64_t *out_ticket);

/* --- mailboxes --- */

/* SELECT or EXAMINE (RFC 9051 sections 6.3.2, 6.3.3). FETCH and SEARCH
 * queued behind it are sent with it, other commands about the mailbox wait for it. When it fails no
 * mailbox is selected. */
MLA_API int mla_imap_select(mla_imap *s, const mla_imap_select_args *args, uint64_t *out_ticket);

/* Leaves the selected mailbox and removes the messages in it that have \Deleted (RFC 9051 section
 * 6.4.1). */
MLA_API int mla_imap_close(mla_imap *s, uint64_t *out_ticket);
/* Leaves it and removes nothing (RFC 9051 section 6.4.2; UNSELECT of RFC 3691, or IMAP4rev2; where
 * both are absent, EXAMINE and CLOSE do the same). */
MLA_API int mla_imap_unselect(mla_imap *s, uint64_t *out_ticket);

/* RFC 9051 sections 6.3.4, 6.3.5, 6.3.7, 6.3.8. CREATE: DONE has MAILBOXID in its code where the
 * server tells (RFC 8474); special_use needs CREATE-SPECIAL-USE, else DONE is MLA_E_UNSUPPORTED. */
MLA_API int mla_imap_create(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket);
MLA_API int mla_imap_delete(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket);
MLA_API int mla_imap_subscribe(mla_imap *s, const mla_imap_mailbox_args *args,
                               uint64_t *out_ticket);
MLA_API int mla_imap_unsubscribe(mla_imap *s, const mla_imap_mailbox_args *args,
                                 uint64_t *out_ticket);

/* RFC 9051 section 6.3.6. Renaming INBOX moves its messages. */
MLA_API int mla_imap_rename(mla_imap *s, const mla_imap_rename_args *args, uint64_t *out_ticket);

/* LIST (RFC 9051 section 6.3.9, RFC 5258): one LIST event a mailbox. A pattern of "" asks for the
 * hierarchy delimiter. What args want beyond one pattern is asked for in one command where the
 * server has LIST-EXTENDED; where it has not, or refuses it in spite of that, docs/imap-admin.md
 * says what is done instead, and DONE is MLA_E_UNSUPPORTED where nothing can be. */
MLA_API int mla_imap_list_mailboxes(mla_imap *s, const mla_imap_list_args *args,
                                    uint64_t *out_ticket);
/* LSUB (RFC 3501 section 6.3.9): the subscribed ones, LIST events with is_lsub; selections, returns
 * and patterns must be absent (MLA_E_ARG). Under IMAP4rev2 LIST (SUBSCRIBED) is sent, whose events
 * have is_lsub 0. */
MLA_API int mla_imap_lsub(mla_imap *s, const mla_imap_list_args *args, uint64_t *out_ticket);

/* STATUS (RFC 9051 section 6.3.11): a STATUS event. Items that the server's extensions do not cover
 * (SIZE, DELETED, HIGHESTMODSEQ, APPENDLIMIT ...) are not asked for. */
MLA_API int mla_imap_status_mailbox(mla_imap *s, const mla_imap_status_args *args,
                                    uint64_t *out_ticket);

/* --- putting messages in --- */

/* APPEND (RFC 9051 section 6.3.12): the octets go out as they are. DONE has APPENDUID in its code
 * where the server tells (RFC 4315). Data with zero octets is sent as literal8 where the server has
 * BINARY, else DONE is MLA_E_UNSUPPORTED. When the connection breaks after the message began to be
 * sent and before the answer, DONE is MLA_E_UNKNOWN_OUTCOME: it may or may not be there. A copy
 * (borrow 0) counts against MLA_LIMIT_QUEUE. */
MLA_API int mla_imap_append(mla_imap *s, const mla_imap_append_args *args, uint64_t *out_ticket);

/* Hands over the next len octets of a message whose args.data was NULL. Whenever the library can
 * take more it says so by a SEND event with that ticket; *out_used says how many octets were taken
 * (0 before the server has let the message in). 0, MLA_E_ARG (no such APPEND, or more than size in
 * all, or a zero octet without args.binary: nothing was taken), MLA_E_NOMEM. Once begun, a message
 * can only be completed, or the session freed. */
MLA_API int mla_imap_append_data(mla_imap *s, uint64_t ticket, const uint8_t *data, size_t len,
                                 size_t *out_used);

/* --- reading messages --- */

/* FETCH or UID FETCH (RFC 9051 section 6.4.5): a FETCH event a message; sections above
 * MLA_LIMIT_INLINE octets come before it as SECTION_BEGIN and CHUNK events. The server may add
 * FETCH events of its own with other items, and leaves out messages that do not exist. A long list
 * of UIDs is sent in several commands under one ticket. */
MLA_API int mla_imap_fetch_msgs(mla_imap *s, const mla_imap_fetch_args *args, uint64_t *out_ticket);

/* SEARCH or UID SEARCH (RFC 9051 section 6.4.4): SEARCH events. CHARSET UTF-8 is said only where a
 * text needs it. DONE: MLA_E_UNSUPPORTED when results or a key need what the server lacks. */
MLA_API int mla_imap_search_msgs(mla_imap *s, const mla_imap_search_args *args,
                                 uint64_t *out_ticket);

/* --- changing messages --- */

/* STORE or UID STORE (RFC 9051 section 6.4.6). No flag and no keyword is valid only with REPLACE.
 */
MLA_API int mla_imap_store(mla_imap *s, const mla_imap_store_args *args, uint64_t *out_ticket);

/* COPY or UID COPY (RFC 9051 section 6.4.7). COPYUID, where the server tells (RFC 4315), is in the
 * code of DONE, or of TEXT events before it that have the same ticket. */
MLA_API int mla_imap_copy(mla_imap *s, const mla_imap_copy_args *args, uint64_t *out_ticket);

/* MOVE or UID MOVE (RFC 6851); COPYUID as for COPY. Where the server has no MOVE: UID COPY, UID
 * STORE +FLAGS.SILENT (\Deleted) and UID EXPUNGE under one ticket; it stops at the first that
 * fails. That needs UIDPLUS and UIDs, else DONE is MLA_E_UNSUPPORTED. */
MLA_API int mla_imap_move(mla_imap *s, const mla_imap_copy_args *args, uint64_t *out_ticket);

/* Removes all messages that have \Deleted (RFC 9051 section 6.4.3). */
MLA_API int mla_imap_expunge(mla_imap *s, uint64_t *out_ticket);
/* The same, only for these UIDs (RFC 4315, UIDPLUS; RFC 9051 section 6.4.9). DONE:
 * MLA_E_UNSUPPORTED where the server has it not. */
MLA_API int mla_imap_expunge_uids(mla_imap *s, const mla_range *ranges, size_t range_count,
                                  uint64_t *out_ticket);

/* --- waiting for news --- */

/* IDLE (RFC 2177, RFC 9051 section 6.3.13): the server tells news as they happen, until
 * mla_imap_idle_done(). Commands queued meanwhile interrupt it by themselves, and when they are
 * done it goes on, under the same ticket; it is renewed every MLA_DEADLINE_IDLE, since servers may
 * drop whoever idles for 30 minutes. Its events may have ticket 0. No other deadline applies while
 * idling. DONE: MLA_E_UNSUPPORTED without the capability. */
MLA_API int mla_imap_idle(mla_imap *s, uint64_t *out_ticket);
/* Ends an IDLE, as soon as it has begun; its DONE event follows. 0 (also when it was ended before),
 * MLA_E_ARG (ticket is not an IDLE under way). */
MLA_API int mla_imap_idle_done(mla_imap *s, uint64_t ticket);

#ifdef __cplusplus
}
#endif

#endif
