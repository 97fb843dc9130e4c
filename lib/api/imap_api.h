/* imap_api.h - the IMAP handle. */
#ifndef MLA_API_IMAP_API_H
#define MLA_API_IMAP_API_H

#include "api/config_api.h"
#include "api/session_api.h"
#include "base/fail.h"
#include "imap/engine.h"
#include "mailaccess/imap.h"

#include "mailaccess/imap_view_types.h"
#include <stddef.h>

struct mla_imap {
    struct mla_session session;
    struct imap_engine engine;
    /* what imap_view.h lends */
    mla_imap_view view;
    mla_imap_message message;
};

/* Each command: the handle and the place for the ticket are there, the record is read
 * (docs/abi.md), the engine is asked, the error is kept. */
#define COMMAND_BEGIN(s, out_ticket)                                                               \
    mla_error *err;                                                                                \
    int rc;                                                                                        \
    if ((s) == NULL)                                                                               \
        return MLA_E_ARG;                                                                          \
    if (session_inside(&(s)->session))                                                             \
        return MLA_E_STATE;                                                                        \
    err = session_begin(&(s)->session);                                                            \
    if ((out_ticket) == NULL)                                                                      \
    return fail(err, MLA_E_ARG, "no place for the ticket")

/* Reads an argument record whose first version had min octets. 0, or *err. */
static inline int imap_api_record(const void *in, size_t min, size_t size, void *out,
                                  mla_error *err)
{
    int rc = record_in(in, min, size, out);

    return rc == 0 ? 0 : fail(err, rc, "the argument record is not valid");
}

/* The same for the record of one mailbox name. */
static inline int imap_api_mailbox(const mla_imap_mailbox_args *in, mla_imap_mailbox_args *out,
                                   mla_error *err)
{
    return imap_api_record(in, offsetof(mla_imap_mailbox_args, special_use), sizeof *out, out, err);
}

#endif
