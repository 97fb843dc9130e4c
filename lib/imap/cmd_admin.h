/* cmd_admin.h - constructors of the commands about mailboxes and the server (cmd.h says how). */
#ifndef MLA_IMAP_CMD_ADMIN_H
#define MLA_IMAP_CMD_ADMIN_H

#include "imap/cmd.h"
#include "mailaccess/imap_admin_types.h"

int imap_cmd_id(struct imap_engine *e, const mla_imap_id_args *in, uint64_t *out_ticket,
                mla_error *err);
int imap_cmd_language(struct imap_engine *e, const mla_imap_words_args *in, uint64_t *out_ticket,
                      mla_error *err);
int imap_cmd_comparator(struct imap_engine *e, const mla_imap_words_args *in, uint64_t *out_ticket,
                        mla_error *err);
int imap_cmd_namespace(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_unauthenticate(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);
int imap_cmd_getjmapaccess(struct imap_engine *e, uint64_t *out_ticket, mla_error *err);

enum { ACL_SET = 0, ACL_DELETE = 1, ACL_LISTRIGHTS = 2 };
int imap_cmd_acl(struct imap_engine *e, int what, const mla_imap_acl_args *in, uint64_t *out_ticket,
                 mla_error *err);
enum { RIGHTS_GETACL = 0, RIGHTS_MYRIGHTS = 1 };
int imap_cmd_rights(struct imap_engine *e, int what, const mla_imap_mailbox_args *in,
                    uint64_t *out_ticket, mla_error *err);

int imap_cmd_getquota(struct imap_engine *e, const mla_imap_quota_args *in, uint64_t *out_ticket,
                      mla_error *err);
int imap_cmd_getquotaroot(struct imap_engine *e, const mla_imap_mailbox_args *in,
                          uint64_t *out_ticket, mla_error *err);
int imap_cmd_setquota(struct imap_engine *e, const mla_imap_quota_args *in, uint64_t *out_ticket,
                      mla_error *err);

int imap_cmd_getmetadata(struct imap_engine *e, const mla_imap_metadata_args *in,
                         uint64_t *out_ticket, mla_error *err);
int imap_cmd_setmetadata(struct imap_engine *e, const mla_imap_metadata_args *in,
                         uint64_t *out_ticket, mla_error *err);
/* Copies names of metadata entries into c, for GETMETADATA and LIST. 0, MLA_E_ARG ... */
int imap_cmd_entries(struct imap_cmd *c, const mla_str *in, size_t count, const mla_str **out);

#endif
