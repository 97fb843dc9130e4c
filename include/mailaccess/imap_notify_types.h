/* imap_notify_types.h - records of NOTIFY (RFC 5465). No functions: imap_notify.h has them. */
#ifndef MAILACCESS_IMAP_NOTIFY_TYPES_H
#define MAILACCESS_IMAP_NOTIFY_TYPES_H

#include "imap_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which mailboxes (RFC 5465 section 6). */
enum {
    MLA_IMAP_NOTIFY_SELECTED = 1,         /* the selected one, at once */
    MLA_IMAP_NOTIFY_SELECTED_DELAYED = 2, /* the same; EXPUNGE only while a command allows it */
    MLA_IMAP_NOTIFY_INBOXES = 3,          /* where mail is delivered to */
    MLA_IMAP_NOTIFY_PERSONAL = 4,         /* all of the user's own namespaces */
    MLA_IMAP_NOTIFY_SUBSCRIBED = 5,
    MLA_IMAP_NOTIFY_SUBTREE = 6,  /* the mailboxes named and all below them */
    MLA_IMAP_NOTIFY_MAILBOXES = 7 /* the mailboxes named */
};

/* What about them (RFC 5465 section 5). Of NEW and EXPUNGE neither goes without the other, FLAGS
 * and ANNOTATION not without both; only these four are for SELECTED. */
enum {
    MLA_IMAP_NOTIFY_NEW = 1, /* selected: EXISTS, and FETCH of the items; others: STATUS */
    MLA_IMAP_NOTIFY_EXPUNGE = 2,
    MLA_IMAP_NOTIFY_FLAGS = 4,
    MLA_IMAP_NOTIFY_ANNOTATION = 8,
    MLA_IMAP_NOTIFY_NAME = 16, /* made, renamed, deleted: LIST */
    MLA_IMAP_NOTIFY_SUBSCRIPTION = 32,
    MLA_IMAP_NOTIFY_METADATA = 64,
    MLA_IMAP_NOTIFY_SERVER_METADATA = 128
};

typedef struct mla_imap_notify_group {
    uint32_t struct_size;
    uint32_t filter;              /* MLA_IMAP_NOTIFY_SELECTED ... */
    uint32_t events;              /* MLA_IMAP_NOTIFY_NEW ... bits; 0: none of these mailboxes */
    uint32_t items;               /* SELECTED with NEW: MLA_IMAP_ITEM_* to fetch of new messages */
    const char *const *mailboxes; /* SUBTREE, MAILBOXES: names, UTF-8 */
    size_t mailbox_count;
} mla_imap_notify_group;

typedef struct mla_imap_notify_args {
    uint32_t struct_size;
    uint32_t status; /* != 0: first a STATUS of each mailbox that is not selected */
    const mla_imap_notify_group *groups; /* the first that fits a mailbox counts */
    size_t group_count;                  /* 0: NOTIFY NONE */
} mla_imap_notify_args;

#ifdef __cplusplus
}
#endif

#endif
