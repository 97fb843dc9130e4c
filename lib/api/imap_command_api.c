/* imap_command_api.c - see mailaccess/imap_command.h */
#include "mailaccess/imap_command.h"

#include "api/imap_api.h"

int mla_imap_command(mla_imap *s, const mla_imap_command_args *args, uint64_t *out_ticket)
{
    mla_imap_command_args a;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof a, sizeof a, &a, err);
    if (rc == 0)
        rc = imap_cmd_generic(&s->engine, &a, out_ticket, err);
    return session_done(&s->session, rc);
}

const mla_imap_value *mla_imap_event_value(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_OTHER ? ev->record : NULL;
}
