/* imap_search_api.c - see mailaccess/imap_search.h. */
#include "mailaccess/imap_search.h"

#include "api/imap_api.h"
#include "base/fail.h"

#include <string.h>

/* Reads a record of size octets with a search in it, *search; that is *out_search then. NULL: every
 * message, as UIDs. */
static int read_args(const void *args, size_t size, void *in, const mla_imap_search_args **search,
                     mla_imap_search_args *out_search, mla_error *err)
{
    const size_t first_version = offsetof(mla_imap_search_args, partial_first);
    int rc = imap_api_record(args, size, size, in, err);

    memset(out_search, 0, sizeof *out_search);
    if (rc == 0 && *search != NULL)
        rc = imap_api_record(*search, first_version, sizeof *out_search, out_search, err);
    *search = out_search;
    return rc;
}

int mla_imap_sort(mla_imap *s, const mla_imap_sort_args *args, uint64_t *out_ticket)
{
    mla_imap_search_args search;
    mla_imap_sort_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = read_args(args, sizeof in, &in, &in.search, &search, err);
    if (rc == 0)
        rc = imap_cmd_sort(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_thread_msgs(mla_imap *s, const mla_imap_thread_args *args, uint64_t *out_ticket)
{
    mla_imap_search_args search;
    mla_imap_thread_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = read_args(args, sizeof in, &in, &in.search, &search, err);
    if (rc == 0)
        rc = imap_cmd_thread(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_multisearch(mla_imap *s, const mla_imap_multisearch_args *args, uint64_t *out_ticket)
{
    mla_imap_search_args search;
    mla_imap_multisearch_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = read_args(args, sizeof in, &in, &in.search, &search, err);
    if (rc == 0)
        rc = imap_cmd_multisearch(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_cancel_update(mla_imap *s, const uint64_t *tickets, size_t ticket_count,
                           uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_cancel_update(&s->engine, tickets, ticket_count, out_ticket, err);
    return session_done(&s->session, rc);
}

int mla_imap_is_updating(const mla_imap *s, uint64_t ticket)
{
    return s != NULL && imap_context_by_ticket(&s->engine, ticket) != NULL;
}

int mla_imap_uidbatches(mla_imap *s, const mla_imap_uidbatches_args *args, uint64_t *out_ticket)
{
    mla_imap_uidbatches_args in;

    COMMAND_BEGIN(s, out_ticket);
    rc = imap_api_record(args, sizeof in, sizeof in, &in, err);
    if (rc == 0)
        rc = imap_cmd_uidbatches(&s->engine, &in, out_ticket, err);
    return session_done(&s->session, rc);
}

const mla_imap_thread *mla_imap_event_thread(const mla_imap_event *ev)
{
    return ev != NULL && ev->type == MLA_IMAP_EV_THREAD ? ev->record : NULL;
}

int mla_imap_expunge_saved(mla_imap *s, uint64_t *out_ticket)
{
    COMMAND_BEGIN(s, out_ticket);
    rc = imap_cmd_expunge_saved(&s->engine, out_ticket, err);
    return session_done(&s->session, rc);
}
