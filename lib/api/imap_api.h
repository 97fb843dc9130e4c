/* imap_api.h - the IMAP handle. */
#ifndef MLA_API_IMAP_API_H
#define MLA_API_IMAP_API_H

#include "api/session_api.h"
#include "imap/engine.h"
#include "mailaccess/imap.h"

struct mla_imap {
    struct mla_session session;
    struct imap_engine engine;
};

#endif
