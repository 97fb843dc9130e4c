/* cmd_urlauth.h - GENURLAUTH, RESETKEY, URLFETCH */
#ifndef MLA_IMAP_CMD_URLAUTH_H
#define MLA_IMAP_CMD_URLAUTH_H

#include "imap/cmd.h"
#include "mailaccess/imap_urlauth_types.h"

int imap_cmd_genurlauth(struct imap_engine *e, const mla_imap_genurlauth_args *in,
                        uint64_t *out_ticket, mla_error *err);
int imap_cmd_resetkey(struct imap_engine *e, const mla_imap_resetkey_args *in, uint64_t *out_ticket,
                      mla_error *err);
int imap_cmd_urlfetch(struct imap_engine *e, const mla_imap_urlfetch_args *in, uint64_t *out_ticket,
                      mla_error *err);

#endif
