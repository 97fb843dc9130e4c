/* token.h - OAuth 2 access tokens that are fetched when they are needed.
 *
 * A token is good for an hour or so. Where mla_credentials.token_requests is above 0, a log-in asks
 * for one by an event, MLA_IMAP_EV_TOKEN or MLA_POP3_EV_TOKEN with the ticket of the log-in: before
 * the first use when the record had no token, and each time that the server has refused the last
 * one, token_requests times in all. mla_session_give_token() answers. Until then the log-in and
 * what is queued behind it wait. No limit of the session's runs meanwhile; the server has limits of
 * its own and may hang up. step and finish return MLA_E_STATE at once when they have no other event
 * to give: nothing that they could wait for would happen. */
#ifndef MAILACCESS_TOKEN_H
#define MAILACCESS_TOKEN_H

#include "imap.h"
#include "pop3.h"
#include "session.h"
#include "token_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* TOKEN: what is asked for. The record lives as long as the event; NULL for another kind. */
MLA_API const mla_token_info *mla_imap_event_token(const mla_imap_event *ev);
/* The same of a POP3 event. */
MLA_API const mla_token_info *mla_pop3_event_token(const mla_pop3_event *ev);

/* Answers the TOKEN event of that ticket: token, an access token (RFC 6750 section 2.1) of len
 * octets, is copied, and the copy wiped after use; the one before is wiped now. NULL (len is 0):
 * there is none, and the log-in ends with MLA_E_AUTH. 0; MLA_E_ARG (no token: empty, above 65,536
 * octets, or with characters that no token has; the question stays open); MLA_E_STATE (nothing was
 * asked under that ticket); MLA_E_NOMEM. */
MLA_API int mla_session_give_token(mla_session *ss, uint64_t ticket, const char *token, size_t len);

/* What the server said when it refused a token in the last log-in of the session, also where
 * nobody is asked for another one; NULL when it has refused none. Borrowed from the session until
 * the next log-in begins, or the next token is given. */
MLA_API const mla_token_info *mla_session_token_refused(const mla_session *ss);

#ifdef __cplusplus
}
#endif

#endif
