/* imap_urlauth_api.c - see mailaccess/imap_urlauth.h */
#include "mailaccess/imap_urlauth.h"

#include "api/imap_api.h"
#include "imap/cmd_urlauth.h"

const mla_imap_urls *mla_imap_event_urls(const mla_imap_event *ev)
{
    return ev != NULL && (ev->type == MLA_IMAP_EV_URLAUTH || ev->type == MLA_IMAP_EV_URLFETCH)
               ? ev->record
               : NULL;
}

int mla_imap_genurlauth(mla_imap *s, const mla_imap_genurlauth_args *args, uint64_t *out_ticket)
{
    mla_imap_genurlauth_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_genurlauth(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_resetkey(mla_imap *s, const mla_imap_resetkey_args *args, uint64_t *out_ticket)
{
    mla_imap_resetkey_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_resetkey(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_urlfetch(mla_imap *s, const mla_imap_urlfetch_args *args, uint64_t *out_ticket)
{
    mla_imap_urlfetch_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_urlfetch(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}
