/* pop3.h - a POP3 client session (RFC 1939, RFC 2449, RFC 5034, RFC 6856): commands, and the events
 * they cause.
 *
 * Make a handle, connect its session (session.h), queue commands, read events:
 *
 *     mla_pop3_new(cfg, &s, &err);
 *     mla_session_connect(mla_pop3_session(s), &connect_args, &t);
 *     mla_pop3_authenticate(s, &credentials, &t);
 *     mla_pop3_uidl(s, 0, &t);
 *     while ((rc = mla_pop3_step(s, t, 30000, &ev)) == 1)
 *         ...
 *
 * A command function does no input or output: it checks its arguments, copies them, and returns a
 * ticket, a number that is never used again in this session and that names the command from then
 * on. Commands go out in the order in which they were queued: several at a time where the server
 * announced PIPELINING (RFC 2449 section 6.6), else one after the other. A command that relied on a
 * log-in which failed ends with MLA_E_STATE without being sent.
 *
 * Every command function returns 0 and writes *out_ticket, or
 *   MLA_E_ARG      an argument is missing or out of range
 *   MLA_E_STATE    not possible in the state that will hold when its turn comes: not connected yet,
 *                  not logged in (or already), QUIT was queued
 *   MLA_E_LIMIT    too many commands are queued (MLA_LIMIT_QUEUE)
 *   MLA_E_NOMEM, or the error that ended the session
 * and then queued nothing; mla_session_error() says more. out_ticket may not be NULL.
 *
 * How a command ended is in its DONE event, whose error is also what step() and finish() return for
 * its ticket. Where the server said -ERR: MLA_E_NO; for a log-in MLA_E_AUTH, or MLA_E_THROTTLED
 * when its code ([LOGIN-DELAY], [IN-USE], [SYS/TEMP]) or its words say to try again later; the
 * DONE's reason says more (docs/errors.md). An answer of +OK that cannot be read, STAT without
 * numbers, is MLA_E_SYNTAX.
 *
 * Deleting: DELE marks, QUIT deletes. A connection that ends before QUIT was answered deletes
 * nothing as far as the protocol says - but when QUIT was sent and its answer did not come, nobody
 * knows: MLA_E_UNKNOWN_OUTCOME, look at the UIDLs next time. mla_pop3_free() never sends QUIT.
 *
 * A handle is for one thread at a time. */
#ifndef MAILACCESS_POP3_H
#define MAILACCESS_POP3_H

#include "config.h"
#include "pop3_types.h"
#include "session.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_pop3 mla_pop3;             /* one connection */
typedef struct mla_pop3_event mla_pop3_event; /* one thing that the server told us */

/* Makes a handle that is not connected yet. cfg: NULL for the defaults; it is frozen and shared.
 * *out_s is yours until mla_pop3_free(), NULL on failure. 0, MLA_E_ARG, MLA_E_NOMEM, and what
 * freezing a configuration can fail with (*out_err says why; it may be NULL). */
MLA_API int mla_pop3_new(mla_config *cfg, mla_pop3 **out_s, mla_error *out_err);

/* Closes the connection at once, without QUIT and without waiting, and frees everything, the last
 * event included; events that were taken live on. NULL is accepted. Inside a
 * function that the session calls it is put off (docs/threading.md, "Callbacks"). */
MLA_API void mla_pop3_free(mla_pop3 *s);

/* The connection under the handle, for session.h. Borrowed from s until mla_pop3_free(). */
MLA_API mla_session *mla_pop3_session(mla_pop3 *s);

/* --- events --- */

/* The next event without waiting: 1 and *out_ev, 0 when there is none now, or the error that ended
 * the session (after the events that came before it). *out_ev is borrowed from s until the next
 * call of mla_pop3_next(), _step(), _finish() or _free(), or of a function of session.h that moves
 * octets or tells the time. Events come in the order of the wire, always. */
MLA_API int mla_pop3_next(mla_pop3 *s, const mla_pop3_event **out_ev);

/* The next event of any kind and ticket, waiting at most timeout_ms for it (-1: as long as the
 * session's own deadlines allow). 1 and *out_ev, borrowed as for mla_pop3_next(); 0 once ticket has
 * ended well, or the error with which it ended - its DONE event was delivered before, here or
 * through another call. MLA_E_TIMEOUT, MLA_E_CANCELLED: the wait is over, ticket goes on.
 * MLA_E_ARG: no such ticket, or one that ended too long ago to be known. Otherwise the error that
 * ended the session. */
MLA_API int mla_pop3_step(mla_pop3 *s, uint64_t ticket, int32_t timeout_ms,
                          const mla_pop3_event **out_ev);

/* Waits until ticket has ended, at most timeout_ms for all of it, and drops its events in between.
 * 0 or the error with which it ended; then mla_pop3_last() is its DONE event, unless that was
 * delivered before. MLA_E_BUSY, with nothing dropped, while another ticket is open; MLA_E_TIMEOUT,
 * MLA_E_CANCELLED, MLA_E_ARG and fatal errors as for mla_pop3_step(). */
MLA_API int mla_pop3_finish(mla_pop3 *s, uint64_t ticket, int32_t timeout_ms);

/* The event that was delivered last, or NULL. Borrowed as for mla_pop3_next(). */
MLA_API const mla_pop3_event *mla_pop3_last(const mla_pop3 *s);

/* MLA_POP3_EV_*. Kinds that you do not know are to be ignored. */
MLA_API int32_t mla_pop3_event_type(const mla_pop3_event *ev);
/* The command that the event belongs to. */
MLA_API uint64_t mla_pop3_event_ticket(const mla_pop3_event *ev);

/* Each of these gives the record of its kind of event, NULL for an event of another kind. The
 * record lives as long as the event. */
MLA_API const mla_pop3_done *mla_pop3_event_done(const mla_pop3_event *ev);
MLA_API const mla_pop3_stat *mla_pop3_event_stat(const mla_pop3_event *ev);
MLA_API const mla_pop3_greeting *mla_pop3_event_greeting(const mla_pop3_event *ev);
MLA_API const mla_pop3_warning *mla_pop3_event_warning(const mla_pop3_event *ev);
/* ITEM: how many lines the batch has (at least 1); 0 otherwise. */
MLA_API uint32_t mla_pop3_event_item_count(const mla_pop3_event *ev);
/* ITEM: line i, counted from 0; NULL beyond the last or for another kind of event. */
MLA_API const mla_pop3_item *mla_pop3_event_item(const mla_pop3_event *ev, uint32_t i);
/* CHUNK: *out_len octets of the message as it is, dots undone, and in *out_offset (may be NULL)
 * where they belong in it. NULL and 0 otherwise. They are whole only when DONE says so. */
MLA_API const uint8_t *mla_pop3_event_chunk(const mla_pop3_event *ev, size_t *out_len,
                                            uint64_t *out_offset);
/* MECHANISM: the server refused the log-in by one SASL mechanism before any proof of the secret was
 * sent, and this one is tried next (only under verified TLS). A name with a final NUL, the
 * library's; NULL otherwise. */
MLA_API const char *mla_pop3_event_mechanism(const mla_pop3_event *ev);
/* LANGUAGE: one language. The record lives as long as the event; NULL for another kind. */
MLA_API const mla_pop3_language *mla_pop3_event_language(const mla_pop3_event *ev);

/* Makes the event that was delivered last the caller's: *out_ev is a copy that shares nothing with
 * s, yours until mla_pop3_event_free(), which may be called on any thread, also after
 * mla_pop3_free(). The memory comes from the configuration's allocator. 0, MLA_E_STATE (there is
 * no event), MLA_E_NOMEM. */
MLA_API int mla_pop3_event_take(mla_pop3 *s, mla_pop3_event **out_ev);
/* Frees an event that was taken. NULL is accepted. Any thread. */
MLA_API void mla_pop3_event_free(mla_pop3_event *ev);

/* --- what is known about the session --- */

enum {
    MLA_POP3_STATE_START = 0, /* no greeting yet, or TLS is not up yet */
    MLA_POP3_STATE_AUTHORIZATION = 1,
    MLA_POP3_STATE_TRANSACTION = 2,
    MLA_POP3_STATE_UPDATE = 3 /* QUIT was answered, or the session is dead */
};
/* MLA_POP3_STATE_* (RFC 1939 section 3), as of the last event that was read. */
MLA_API int32_t mla_pop3_state(const mla_pop3 *s);

/* How many lines the last answer to CAPA had. 0 before there was one, when the server does not know
 * CAPA, and again once TLS came up: what was said before is forgotten. */
MLA_API uint32_t mla_pop3_capability_count(const mla_pop3 *s);
/* Line i, counted from 0, such as "SASL PLAIN LOGIN", with a final NUL; NULL beyond the last.
 * Borrowed from s until the next call that reads events. */
MLA_API const char *mla_pop3_capability(const mla_pop3 *s, uint32_t i);
/* 1 when a line begins with the word tag ("PIPELINING", "SASL") and, unless parameter is NULL, has
 * that word among those behind it ("PLAIN"); letters in any case. Else 0. */
MLA_API int mla_pop3_has_capability(const mla_pop3 *s, const char *tag, const char *parameter);

/* The same, read. Never NULL but for s NULL; lives as the lines do. The log-in asks CAPA before,
 * and the library once more after it where the server said that a value is another one then (USER
 * behind EXPIRE or LOGIN-DELAY, RFC 2449 section 6). */
MLA_API const mla_pop3_capabilities *mla_pop3_capabilities_of(const mla_pop3 *s);

/* 1 once UTF8 was answered with +OK: messages and texts are UTF-8 (RFC 6856 section 2.1). Else 0.
 */
MLA_API int mla_pop3_is_utf8(const mla_pop3 *s);

/* How the log-in was done: a SASL mechanism, "USER" or "APOP", or "" before it. A name with a final
 * NUL, the library's. */
MLA_API const char *mla_pop3_auth_name(const mla_pop3 *s);

/* --- commands --- */

/* CAPA (RFC 2449 section 5): afterwards the functions above know. The log-in asks by itself where
 * it has to, so this is for the curious. */
MLA_API int mla_pop3_capa(mla_pop3 *s, uint64_t *out_ticket);

/* Logs in: asks CAPA unless that is known, chooses the strongest mechanism that the server
 * announced, the credentials fit and the configuration allows (mla_config_set_mechanisms()), and
 * goes through with it: AUTH (RFC 5034), USER and PASS, or APOP where that is named. One ticket for
 * all of it. credentials is copied, the copy wiped when the log-in has ended. User names and
 * passwords may not hold NUL, CR or LF. DONE: MLA_E_AUTH, MLA_E_THROTTLED, MLA_E_UNSUPPORTED
 * (nothing in common), MLA_E_POLICY (only by showing the password without TLS). After a failure
 * another one may be queued. */
MLA_API int mla_pop3_authenticate(mla_pop3 *s, const mla_credentials *credentials,
                                  uint64_t *out_ticket);

/* STAT: a STAT event. */
MLA_API int mla_pop3_stat_maildrop(mla_pop3 *s, uint64_t *out_ticket);
/* LIST: the sizes of all messages (number 0) or of one: ITEM events. */
MLA_API int mla_pop3_list(mla_pop3 *s, uint32_t number, uint64_t *out_ticket);
/* UIDL: the unique identifiers of all messages (number 0) or of one: ITEM events. Optional for a
 * server: one that does not announce it is asked once; if it refuses, DONE is MLA_E_UNSUPPORTED,
 * and further ones are not sent. The same goes for TOP. */
MLA_API int mla_pop3_uidl(mla_pop3 *s, uint32_t number, uint64_t *out_ticket);
/* RETR: one message, as CHUNK events, octet for octet as the server has it. */
MLA_API int mla_pop3_retr(mla_pop3 *s, uint32_t number, uint64_t *out_ticket);
/* TOP: its header and the first lines lines of its body, as CHUNK events. */
MLA_API int mla_pop3_top(mla_pop3 *s, uint32_t number, uint32_t lines, uint64_t *out_ticket);
/* DELE: marks a message as deleted. Queue it when what RETR gave is stored for good. */
MLA_API int mla_pop3_dele(mla_pop3 *s, uint32_t number, uint64_t *out_ticket);
/* NOOP. */
MLA_API int mla_pop3_noop(mla_pop3 *s, uint64_t *out_ticket);
/* RSET: takes back every mark. */
MLA_API int mla_pop3_rset(mla_pop3 *s, uint64_t *out_ticket);
/* QUIT: deletes what is marked and ends the session. DONE: MLA_E_NO when some messages could not be
 * deleted; MLA_E_UNKNOWN_OUTCOME as said above. Nothing can be queued behind it. */
MLA_API int mla_pop3_quit(mla_pop3 *s, uint64_t *out_ticket);

/* UTF8 (RFC 6856 section 2): messages may come with headers in UTF-8, as their senders wrote them,
 * and not as a substitute or not at all (-ERR [UTF8]). Before the log-in only. Asks CAPA first
 * unless that is known. DONE: MLA_E_UNSUPPORTED where it is not announced; nothing is sent then. */
MLA_API int mla_pop3_utf8(mla_pop3 *s, uint64_t *out_ticket);

/* LANG (RFC 6856 section 3). tag NULL: which languages there are, one LANGUAGE event each. Else the
 * server's texts shall be in that language ("de", "en-US": letters, digits and "-"; "*": the
 * server's choice), and a LANGUAGE event says which one it took. Before the log-in or after it;
 * asks CAPA first unless that is known. DONE: MLA_E_UNSUPPORTED where it is not announced; nothing
 * is sent then. */
MLA_API int mla_pop3_lang(mla_pop3 *s, const char *tag, uint64_t *out_ticket);

/* A command that the library does not know, before the log-in or after it; it is sent when nothing
 * else is under way and nothing is sent beside it. args may go when the call has returned. The line
 * has 1 to 253 octets (RFC 2449 section 4) of printable ASCII or UTF-8; nothing in it can end the
 * command or begin another one. Commands that have functions of their own, here or in the log-in,
 * are MLA_E_ARG. DONE has the text of its status line; with is_multiline the lines behind it come
 * before as CHUNK events, however many they are. DONE: MLA_E_UNSUPPORTED without the capability.
 * Without is_multiline a multi-line answer ends the session: its lines are answers nobody asked
 * for. */
MLA_API int mla_pop3_command(mla_pop3 *s, const mla_pop3_command_args *args, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
