/* session_io.h - what session_api.c needs of session_io.c. */
#ifndef MLA_API_SESSION_IO_H
#define MLA_API_SESSION_IO_H

#include "api/session_api.h"

/* The session's time: the clock, or after attach() what the caller told last. */
uint64_t session_now(const struct mla_session *ss);
/* Waits until process() has something to do, at most until the clock shows until_ms: 1,
 * MLA_E_TIMEOUT or MLA_E_CANCELLED. */
int session_wait(struct mla_session *ss, uint64_t until_ms);

#endif
