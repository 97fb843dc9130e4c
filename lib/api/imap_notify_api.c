/* imap_notify_api.c - see mailaccess/imap_notify.h */
#include "mailaccess/imap_notify.h"

#include "api/imap_api.h"

int mla_imap_notify(mla_imap *s, const mla_imap_notify_args *args, uint64_t *out_ticket)
{
    mla_imap_notify_args a;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof a, sizeof a, &a, err);
    if (rc == 0)
        rc = imap_cmd_notify(&s->engine, &a, out_ticket, err);
    return session_done(&s->session, rc);
}
