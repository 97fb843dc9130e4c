/* imap_append.h - putting several messages in, putting them together, replacing one.
 *
 * As in imap.h: each function returns 0 and writes *out_ticket, or MLA_E_ARG, MLA_E_STATE,
 * MLA_E_LIMIT, MLA_E_UNSUPPORTED or MLA_E_NOMEM and queues nothing. One thread at a time. A message
 * that is larger than the server's APPENDLIMIT (RFC 7889) is not sent: DONE is MLA_E_LIMIT. DONE is
 * MLA_E_UNSUPPORTED where the server lacks CATENATE, BINARY, UTF8=ACCEPT (enabled) or
 * ANNOTATE-EXPERIMENT-1 and a message needs it. When the connection breaks after the last octet was
 * sent, DONE is MLA_E_UNKNOWN_OUTCOME. */
#ifndef MAILACCESS_IMAP_APPEND_H
#define MAILACCESS_IMAP_APPEND_H

#include "imap.h"
#include "imap_append_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* APPEND of one or more messages to one mailbox, all or none (MULTIAPPEND, RFC 3502). APPENDUID in
 * the code of DONE has the UIDs of all. Where the server has not MULTIAPPEND, one APPEND a message
 * under the same ticket, which stops at the first that fails: each APPENDUID before the last comes
 * as a TEXT event with that ticket. */
MLA_API int mla_imap_append_messages(mla_imap *s, const mla_imap_append_many_args *args,
                                     uint64_t *out_ticket);

/* REPLACE (RFC 8508): puts the message in and removes another from the selected mailbox, as one.
 * APPENDUID comes in a TEXT event with the ticket, or in the code of DONE. Where the server has it
 * not DONE is MLA_E_UNSUPPORTED; or, with in_steps and a UID and where it has UIDPLUS, APPEND, UID
 * STORE +FLAGS.SILENT (\Deleted) and UID EXPUNGE under one ticket, which stops at the first that
 * fails. */
MLA_API int mla_imap_replace(mla_imap *s, const mla_imap_replace_args *args, uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
