/* imap_append_api.c - see mailaccess/imap_append.h */
#include "mailaccess/imap_append.h"

#include "api/imap_api.h"
#include "imap/cmd_append.h"

int mla_imap_append_messages(mla_imap *s, const mla_imap_append_many_args *args,
                             uint64_t *out_ticket)
{
    mla_imap_append_many_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_append_many(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_replace(mla_imap *s, const mla_imap_replace_args *args, uint64_t *out_ticket)
{
    mla_imap_replace_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_replace(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}
