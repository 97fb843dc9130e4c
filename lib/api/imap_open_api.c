/* imap_open_api.c - from nothing to an open mailbox in one call. */
#include "mailaccess/imap.h"

#include "base/fail.h"

#include <string.h>

int mla_imap_open(mla_config *cfg, const mla_connect_args *server, const mla_credentials *who,
                  const mla_imap_select_args *mailbox, mla_imap **out_s, uint64_t *out_ticket,
                  mla_error *out_err)
{
    mla_error err = {0};
    mla_imap *s;
    uint64_t last;
    int rc;

    if (out_ticket == NULL) {
        if (out_s != NULL)
            *out_s = NULL;
        return fail(out_err, MLA_E_ARG, "no place for the ticket");
    }
    rc = mla_imap_new(cfg, out_s, out_err);
    if (rc != 0)
        return rc;
    s = *out_s;
    rc = mla_session_connect(mla_imap_session(s), server, &last);
    if (rc == 0 && who != NULL)
        rc = mla_imap_authenticate(s, who, &last);
    if (rc == 0 && mailbox != NULL)
        rc = mla_imap_select(s, mailbox, &last);
    if (rc == 0) {
        *out_ticket = last;
        return 0;
    }
    mla_session_error(mla_imap_session(s), &err);
    if (out_err != NULL)
        *out_err = err;
    mla_imap_free(s);
    *out_s = NULL;
    return rc;
}
