/* cmd_append.h - what the commands that put messages in share. */
#ifndef MLA_IMAP_CMD_APPEND_H
#define MLA_IMAP_CMD_APPEND_H

#include "imap/cmd.h"
#include "mailaccess/imap_append_types.h"

/* A larger message waits for the server's "+", for it can then be refused before it is sent (P21);
 * RFC 7888 section 4 lets a server only close the connection otherwise. */
enum { IMAP_APPEND_AT_ONCE = 4096 };

/* 1 unless the server has said that it takes no message of that size (APPENDLIMIT, RFC 7889); 0
 * says so in c->message. */
int imap_append_fits(struct imap_engine *e, struct imap_cmd *c, uint64_t size);

int imap_cmd_append_many(struct imap_engine *e, const mla_imap_append_many_args *in,
                         uint64_t *out_ticket, mla_error *err);
int imap_cmd_replace(struct imap_engine *e, const mla_imap_replace_args *in, uint64_t *out_ticket,
                     mla_error *err);

#endif
