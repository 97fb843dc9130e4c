/* imap_keep_api.h - the handle of a keeper. */
#ifndef MLA_API_IMAP_KEEP_API_H
#define MLA_API_IMAP_KEEP_API_H

#include "api/imap_api.h"
#include "keep/keep.h"
#include "mailaccess/imap_keep.h"

struct wake;

struct mla_imap_keep {
    mla_config *cfg; /* held */
    struct wake *wake;
    struct keep core;
    mla_imap *s; /* the connection, or NULL */
    int left;    /* the descriptor of the one before, which a loop may watch still; or -1 */
    int dropped; /* freed by a function that the session called: see keep_leave() */
    char *host;
    char *mailbox;
    mla_connect_args to;
    /* what is lent */
    mla_imap_view view;
    mla_imap_message message;
};

#endif
