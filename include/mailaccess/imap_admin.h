/* imap_admin.h - IMAP commands about mailboxes and the server: ID, NAMESPACE, access rights,
 * quotas, metadata, language (docs/imap-admin.md).
 *
 * The functions are like those of imap.h, whose first comment holds for them too: they queue, give
 * a ticket, copy what they are given, and return the same errors. A command whose extension the
 * server does not announce ends with MLA_E_UNSUPPORTED without being sent. Argument records that
 * are NULL are MLA_E_ARG. Each function is for the thread that has the handle. */
#ifndef MAILACCESS_IMAP_ADMIN_H
#define MAILACCESS_IMAP_ADMIN_H

#include "imap.h"
#include "imap_admin_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- events --- */

/* Each of these gives the record of its kind of event, NULL for an event of another kind (or for
 * NULL). The record lives as long as the event. */
MLA_API const mla_imap_identity *mla_imap_event_identity(const mla_imap_event *ev);
MLA_API const mla_imap_namespaces *mla_imap_event_namespaces(const mla_imap_event *ev);
MLA_API const mla_imap_acl *mla_imap_event_acl(const mla_imap_event *ev);
MLA_API const mla_imap_my_rights *mla_imap_event_my_rights(const mla_imap_event *ev);
MLA_API const mla_imap_list_rights *mla_imap_event_list_rights(const mla_imap_event *ev);
MLA_API const mla_imap_quota *mla_imap_event_quota(const mla_imap_event *ev);
MLA_API const mla_imap_quota_root *mla_imap_event_quota_root(const mla_imap_event *ev);
MLA_API const mla_imap_metadata *mla_imap_event_metadata(const mla_imap_event *ev);
MLA_API const mla_imap_languages *mla_imap_event_languages(const mla_imap_event *ev);
MLA_API const mla_imap_comparators *mla_imap_event_comparators(const mla_imap_event *ev);
MLA_API const mla_imap_jmap_access *mla_imap_event_jmap_access(const mla_imap_event *ev);

/* --- about the server --- */

/* Of the capabilities that begin with prefix ("RIGHTS=", "QUOTA=RES-", "I18NLEVEL="; letters in any
 * case) the i-th, counting from 0: what stands behind the prefix. NULL beyond the end. Borrowed
 * from s until the next event is read. */
MLA_API const char *mla_imap_capability_value(const mla_imap *s, const char *prefix, uint32_t i);

/* The largest message that any mailbox takes by APPEND (RFC 7889, "APPENDLIMIT=n"): 1 and *out_size
 * octets, or 0 when the server does not say so; some then say it of each mailbox
 * (MLA_IMAP_STATUS_APPENDLIMIT). */
MLA_API int mla_imap_append_limit(const mla_imap *s, uint64_t *out_size);

/* ID (RFC 2971): an IDENTITY event. Possible in any state. MLA_E_ARG also for more than 30 fields,
 * names above 30 octets, values above 1,024, or the same name twice. Where the server refuses
 * octets beyond US-ASCII it is asked once more with "?" in their place. */
MLA_API int mla_imap_id(mla_imap *s, const mla_imap_id_args *args, uint64_t *out_ticket);

/* NAMESPACE (RFC 2342): a NAMESPACES event. Where the server has no such command, refuses it, or
 * leaves out the delimiter of the personal namespace, LIST "" "" is asked under the same ticket:
 * then a LIST event tells the delimiter. DONE: MLA_E_AUTH when the server says that the log-in had
 * failed (Exchange). */
MLA_API int mla_imap_namespace(mla_imap *s, uint64_t *out_ticket);

/* UNAUTHENTICATE (RFC 8437): back to the state before the log-in, with TLS as it is. What the
 * server can do, the mailbox and all that was enabled are forgotten; log in again behind it.
 * Compression ends with it, so where it is on nothing is sent: MLA_E_STATE. */
MLA_API int mla_imap_unauthenticate(mla_imap *s, uint64_t *out_ticket);

/* LANGUAGE (RFC 5255 section 3.2): in which language the server's words are to be. A LANGUAGES
 * event, and NAMESPACES where names of namespaces change with it. Possible in any state. */
MLA_API int mla_imap_language(mla_imap *s, const mla_imap_words_args *args, uint64_t *out_ticket);

/* COMPARATOR (RFC 5255 section 4.7; capability I18NLEVEL=2): how SEARCH, SORT and THREAD compare
 * text. A COMPARATOR event. */
MLA_API int mla_imap_comparator(mla_imap *s, const mla_imap_words_args *args, uint64_t *out_ticket);

/* GETJMAPACCESS (RFC 9698): a JMAPACCESS event. */
MLA_API int mla_imap_getjmapaccess(mla_imap *s, uint64_t *out_ticket);

/* --- access rights (RFC 4314, capability ACL) --- */

/* The MLA_IMAP_RIGHT_* that len letters stand for. */
MLA_API uint32_t mla_imap_rights_of(const char *letters, size_t len);

/* SETACL (section 3.1): gives an identifier rights, or takes them away. MLA_E_ARG also for rights
 * that are no small letters or digits. */
MLA_API int mla_imap_setacl(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket);
/* DELETEACL (section 3.2): removes the entry of an identifier. */
MLA_API int mla_imap_deleteacl(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket);
/* GETACL (section 3.3): an ACL event. */
MLA_API int mla_imap_getacl(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket);
/* LISTRIGHTS (section 3.4): a LISTRIGHTS event. */
MLA_API int mla_imap_listrights(mla_imap *s, const mla_imap_acl_args *args, uint64_t *out_ticket);
/* MYRIGHTS (section 3.5): a MYRIGHTS event. */
MLA_API int mla_imap_myrights(mla_imap *s, const mla_imap_mailbox_args *args, uint64_t *out_ticket);

/* --- quotas (RFC 9208, RFC 2087; capability QUOTA) --- */

/* GETQUOTA: a QUOTA event for one quota root. limits is not looked at. */
MLA_API int mla_imap_getquota(mla_imap *s, const mla_imap_quota_args *args, uint64_t *out_ticket);
/* GETQUOTAROOT: a QUOTAROOT event, and a QUOTA event for each root. Where the server leaves those
 * out, it is asked for them under the same ticket, for 8 roots at most. */
MLA_API int mla_imap_getquotaroot(mla_imap *s, const mla_imap_mailbox_args *args,
                                  uint64_t *out_ticket);
/* SETQUOTA: sets the limits of one root. A server of RFC 9208 that does not announce QUOTASET is
 * not asked: MLA_E_UNSUPPORTED. */
MLA_API int mla_imap_setquota(mla_imap *s, const mla_imap_quota_args *args, uint64_t *out_ticket);

/* --- metadata (RFC 5464; capability METADATA, for the server's own also METADATA-SERVER) --- */

/* GETMETADATA: METADATA events. Values above args.max_size are left out; DONE then has the response
 * code METADATA with LONGENTRIES and the size of the largest. MLA_E_ARG also for names that are no
 * entry names (section 3.2: "/shared/...", "/private/..."). */
MLA_API int mla_imap_getmetadata(mla_imap *s, const mla_imap_metadata_args *args,
                                 uint64_t *out_ticket);
/* SETMETADATA: sets entries; a value of ptr NULL removes one. Values may hold any octets (zero
 * octets go as literal8). */
MLA_API int mla_imap_setmetadata(mla_imap *s, const mla_imap_metadata_args *args,
                                 uint64_t *out_ticket);

#ifdef __cplusplus
}
#endif

#endif
