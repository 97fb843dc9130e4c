/* imap_urlauth_types.h - URLs that others may read: arguments and answers. No functions. */
#ifndef MAILACCESS_IMAP_URLAUTH_TYPES_H
#define MAILACCESS_IMAP_URLAUTH_TYPES_H

#include "imap_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_imap_genurlauth_args {
    uint32_t struct_size;
    uint32_t reserved;   /* 0 */
    const mla_str *urls; /* "imap://joe@example.org/INBOX/;uid=20/;section=1.2;urlauth=anonymous" */
    size_t url_count;    /* at least 1 */
    const char *mechanism; /* letters, digits, "-", "."; NULL: "INTERNAL" */
} mla_imap_genurlauth_args;

typedef struct mla_imap_resetkey_args {
    uint32_t struct_size;
    uint32_t reserved;         /* 0 */
    const char *mailbox;       /* UTF-8; NULL, and raw_mailbox too: the keys of all mailboxes */
    mla_str raw_mailbox;       /* or as LIST gave it */
    const mla_str *mechanisms; /* none: INTERNAL; only with a mailbox */
    size_t mechanism_count;
} mla_imap_resetkey_args;

/* What URLFETCH wants beside or instead of the octets as they are (URLAUTH=BINARY, RFC 5524). */
enum {
    MLA_IMAP_URLFETCH_BINARY = 1,    /* the octets, the transfer encoding undone */
    MLA_IMAP_URLFETCH_STRUCTURE = 2, /* the BODYSTRUCTURE of what comes; alone: no octets */
    MLA_IMAP_URLFETCH_BODY = 4       /* the octets as they are; not together with BINARY */
};

typedef struct mla_imap_urlfetch_args {
    uint32_t struct_size;
    uint32_t what;       /* MLA_IMAP_URLFETCH_*; 0: the octets, by URLAUTH alone */
    const mla_str *urls; /* as GENURLAUTH gave them */
    size_t url_count;    /* at least 1 */
} mla_imap_urlfetch_args;

/* One URL of an answer. */
typedef struct mla_imap_url {
    uint32_t struct_size;
    uint32_t is_binary; /* data is the part with its transfer encoding undone */
    mla_str url;
    mla_str data; /* URLFETCH: octets; ptr NULL: not to be had, or not asked for */
    const mla_imap_body *structure;  /* NULL: it did not come */
    const struct mla_imap_url *next; /* NULL: the last */
} mla_imap_url;

typedef struct mla_imap_urls {
    uint32_t struct_size;
    uint32_t reserved;
    const mla_imap_url *urls; /* the first */
} mla_imap_urls;

#ifdef __cplusplus
}
#endif

#endif
