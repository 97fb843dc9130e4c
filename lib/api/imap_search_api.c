/* imap_search_api.c - see mailaccess/imap_search.h. */
#include "mailaccess/imap_search.h"

#include "api/imap_api.h"
#include "base/fail.h"

int mla_imap_expunge_saved(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_expunge_saved(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}
