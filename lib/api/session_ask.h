/* session_ask.h - the question about a server's certificate (mailaccess/certificate.h). */
#ifndef MLA_API_SESSION_ASK_H
#define MLA_API_SESSION_ASK_H

#include "api/session_api.h"

/* After each turn of the connection: notices that it asks. 1 when it has just begun to, 0, or the
 * error that ended the session. */
int session_ask_begin(struct mla_session *ss, uint64_t now_ms);
/* The question's event, once: 1; 0 when there is none to tell. */
int session_ask_next(struct mla_session *ss, const void **out_ev);
/* 1 while the question waits for its answer. */
int session_asks(const struct mla_session *ss);
/* Says in the session's error that it does: MLA_E_STATE. */
int session_unanswered(struct mla_session *ss);
void session_ask_free(struct mla_session *ss);

#endif
