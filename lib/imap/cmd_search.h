/* cmd_search.h - what SEARCH, SORT, THREAD and ESEARCH have in common. Private to them. */
#ifndef MLA_IMAP_CMD_SEARCH_H
#define MLA_IMAP_CMD_SEARCH_H

#include "imap/cmd.h"
#include "imap/enc_search.h"

struct imap_search_cmd {
    struct imap_search search;
    uint32_t results; /* MLA_IMAP_SEARCH_* */
    int64_t partial_first;
    int64_t partial_last;
};

/* Takes over what the caller wants, and sets the command's flags. 0 or the error of its
 * constructor. */
int imap_search_fill(struct imap_cmd *c, struct imap_search_cmd *a, const mla_imap_search_args *in);
/* 0, or MLA_E_UNSUPPORTED when a key or a result is more than the server can do. extended: the
 * capability by which the command takes results; context: the one by which it takes CONTEXT and
 * UPDATE. */
int imap_search_fits(struct imap_engine *e, struct imap_search_cmd *a, const char *extended,
                     const char *context);
/* " RETURN (...)" where results are asked for. */
void imap_search_enc_return(struct imap_enc *e, const struct imap_search_cmd *a);
/* imap_cmd_def.done of all that can save. */
int imap_search_done(struct imap_engine *e, struct imap_cmd *c, mla_imap_done *d);

#endif
