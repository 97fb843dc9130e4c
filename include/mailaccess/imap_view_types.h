/* imap_view_types.h - what the library knows of the selected mailbox. No functions.
 *
 * Records are made by the library and begin with struct_size; they grow only at their end. */
#ifndef MAILACCESS_IMAP_VIEW_TYPES_H
#define MAILACCESS_IMAP_VIEW_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The selected mailbox. What the server did not say is 0, and ptr NULL. */
typedef struct mla_imap_view {
    uint32_t struct_size;
    uint32_t exists;    /* messages */
    mla_str name;       /* UTF-8; the raw name where it cannot be decoded */
    mla_str raw_name;   /* as it was given in raw_mailbox; ptr NULL: it was not */
    mla_str mailbox_id; /* MAILBOXID (RFC 8474) */
    uint32_t recent;    /* RFC 3501 */
    uint32_t uidnext;   /* the UID that the next message has at least; kept up to date */
    uint32_t uidvalidity;
    uint32_t is_read_only;
    uint32_t uid_not_sticky;  /* UIDs do not outlive the session (RFC 4315) */
    uint32_t no_modseq;       /* the mailbox has no mod-sequences (RFC 7162) */
    uint64_t highestmodseq;   /* as the server said it last: what a client stores for QRESYNC */
    uint64_t modseq_seen;     /* the highest MODSEQ of a FETCH answer since SELECT */
    uint32_t permanent_flags; /* MLA_IMAP_FLAG_*; all of them where the server does not say */
    uint32_t is_uid_only;     /* there are no message numbers (RFC 9586) */
    const mla_str *flags;     /* the words of FLAGS */
    size_t flag_count;
    const mla_str *permanent; /* the words of PERMANENTFLAGS */
    size_t permanent_count;
    uint32_t known_uids;    /* messages whose UID is known */
    uint32_t known_flags;   /* ... whose flags are */
    uint32_t known_modseqs; /* ... whose mod-sequence is */
    uint32_t forgets;       /* how often what was known had to be forgotten, since SELECT */
    uint64_t memory;        /* octets that all of this takes */
} mla_imap_view;

/* What is known of one message. */
typedef struct mla_imap_message {
    uint32_t struct_size;
    uint32_t fields; /* what is known: MLA_IMAP_ITEM_UID, _FLAGS, _MODSEQ */
    uint32_t number; /* 0 where there are no message numbers */
    uint32_t uid;
    uint32_t flags; /* MLA_IMAP_FLAG_* */
    uint32_t word_count;
    const mla_str *words; /* all flags; keywords in the spelling that came first */
    uint64_t modseq;
} mla_imap_message;

#ifdef __cplusplus
}
#endif

#endif
