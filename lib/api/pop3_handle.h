/* pop3_handle.h - a POP3 handle, for what is built on top of it. */
#ifndef MLA_API_POP3_HANDLE_H
#define MLA_API_POP3_HANDLE_H

#include "api/session_api.h"
#include "mailaccess/pop3.h"
#include "pop3/engine.h"

struct mla_pop3 {
    struct mla_session session;
    struct pop3_engine *engine;
    const mla_pop3_event *last; /* NULL: nothing was delivered, or it is not valid any more */
};

#endif
