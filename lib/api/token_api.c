/* token_api.c - see mailaccess/token.h */
#include "mailaccess/token.h"

#include "api/session_api.h"
#include "imap/event.h"
#include "pop3/event.h"

const mla_token_info *mla_imap_event_token(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_TOKEN ? ev->record : NULL;
}

const mla_token_info *mla_pop3_event_token(const mla_pop3_event *ev)
{
    return ev != NULL && ev->type == MLA_POP3_EV_TOKEN ? &ev->token : NULL;
}

int mla_session_give_token(mla_session *ss, uint64_t ticket, const char *token, size_t len)
{
    const mla_str given = {token, len};
    mla_error *err;

    if (ss == NULL)
        return MLA_E_ARG;
    if (session_inside(ss))
        return MLA_E_STATE;
    err = session_begin(ss);
    if (ss->protocol->give_token == NULL || (token == NULL && len != 0))
        return session_done(ss, MLA_E_ARG);
    return session_done(ss, ss->protocol->give_token(ss->handle, ticket, given, err));
}

const mla_token_info *mla_session_token_refused(const mla_session *ss)
{
    if (ss == NULL || ss->protocol->token_refused == NULL)
        return NULL;
    return ss->protocol->token_refused(ss->handle);
}
