/* imap_append_types.h - arguments of the commands that put messages in. No functions.
 *
 * Records begin with struct_size and are read as those of imap_args.h. */
#ifndef MAILACCESS_IMAP_APPEND_TYPES_H
#define MAILACCESS_IMAP_APPEND_TYPES_H

#include "imap_args.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MLA_IMAP_APPEND_TEXT = 0, MLA_IMAP_APPEND_URL = 1 };

/* A piece of a message that the server puts together (CATENATE, RFC 4469). */
typedef struct mla_imap_append_part {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_APPEND_* */
    mla_str data; /* TEXT: octets; URL: what the server has already, "/Drafts/;UID=20/;SECTION=1" */
} mla_imap_append_part;

typedef struct mla_imap_append_message {
    uint32_t struct_size;
    uint32_t flags; /* MLA_IMAP_FLAG_SEEN ... _DRAFT */
    const mla_str *keywords;
    size_t keyword_count;
    int64_t internal_date; /* seconds since 1970-01-01 UTC, when has_date */
    int32_t internal_zone; /* minutes east of UTC in which to write it */
    uint32_t has_date;     /* 0: the server takes its own time */
    mla_str data;          /* all octets; or, with data.ptr NULL, the parts */
    const mla_imap_append_part *parts;
    size_t part_count;
    const mla_imap_annotation_args *annotations; /* RFC 5257 section 4.7 */
    size_t annotation_count;
    uint32_t binary; /* != 0: sent as literal8 (RFC 3516); so is what has zero octets in it */
    uint32_t utf8;   /* != 0: headers are in UTF-8: UTF8 (...), once UTF8=ACCEPT is enabled (RFC
                        6855 section 4); not with parts */
} mla_imap_append_message;

typedef struct mla_imap_append_many_args {
    uint32_t struct_size;
    uint32_t borrow; /* != 0: data of messages and parts is not copied and must live until DONE */
    const char *mailbox; /* UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    const mla_imap_append_message *messages;
    size_t message_count;
} mla_imap_append_many_args;

typedef struct mla_imap_replace_args {
    uint32_t struct_size;
    uint32_t borrow;     /* as above */
    const char *mailbox; /* where the new message goes, UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    const mla_imap_append_message *message;
    uint32_t number;   /* the message of the selected mailbox that goes: its UID ... */
    uint32_t by_seq;   /* ... or, != 0, its message number */
    uint32_t in_steps; /* != 0: where the server has no REPLACE, APPEND, STORE and UID EXPUNGE */
    uint32_t reserved; /* 0 */
} mla_imap_replace_args;

#ifdef __cplusplus
}
#endif

#endif
