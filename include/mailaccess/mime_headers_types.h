/* mime_headers_types.h - what header fields say, as records. No functions. */
#ifndef MAILACCESS_MIME_HEADERS_TYPES_H
#define MAILACCESS_MIME_HEADERS_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be known about a date besides the time. */
enum {
    MLA_DATE_ZONE_KNOWN = 1,   /* zone_minutes says something; else the time counts as UTC */
    MLA_DATE_ODD = 2,          /* in no form of RFC 5322 */
    MLA_DATE_WRONG_WEEKDAY = 4 /* the day of the week is another one */
};

/* One Received field (RFC 5321 section 4.4): who took the message from whom. Texts are UTF-8
 * without control characters, as they stand, comments and brackets taken off; empty where there is
 * none. It grows at its end only. */
typedef struct mla_hop {
    uint32_t struct_size;
    int32_t has_date;     /* 1: there is a date that can be read */
    int64_t seconds;      /* since 1970-01-01 00:00 UTC */
    int32_t zone_minutes; /* east of UTC, as written */
    uint32_t date_notes;  /* MLA_DATE_* */
    mla_str from_host;    /* "from": what the sending host called itself */
    mla_str from_comment; /* what the receiving host found out about it */
    mla_str by_host;
    mla_str by_comment;
    mla_str via;
    mla_str protocol; /* "with" */
    mla_str protocol_comment;
    mla_str id;
    mla_str recipient; /* "for" */
    mla_str comment;   /* the first one that belongs to none of these */
} mla_hop;

enum {
    MLA_LIST_NO_POST = 1,  /* "List-Post: NO": nobody may write to the list */
    MLA_LIST_ONE_CLICK = 2 /* a POST to the unsubscribe address is enough (RFC 8058) */
};

/* What the List-* fields say (RFC 2369, 2919, 5064, 8058). The lists are of URIs, in the order in
 * which the sender wants them tried. It grows at its end only. */
typedef struct mla_mailing_list {
    uint32_t struct_size;
    uint32_t flags; /* MLA_LIST_* */
    mla_str id;     /* List-Id, without brackets */
    mla_str name;   /* what stands before it, decoded */
    const mla_str *help;
    size_t help_count;
    const mla_str *subscribe;
    size_t subscribe_count;
    const mla_str *unsubscribe;
    size_t unsubscribe_count;
    const mla_str *post;
    size_t post_count;
    const mla_str *owner;
    size_t owner_count;
    const mla_str *archive;
    size_t archive_count;
    const mla_str *archived_at; /* of this message */
    size_t archived_at_count;
} mla_mailing_list;

/* Where the body of a message/external-body is (RFC 2046 section 5.2.3, RFC 2017). Nothing is ever
 * fetched: these are words of a sender. Texts are UTF-8, empty where not given. It grows at its end
 * only. */
typedef struct mla_external_body {
    uint32_t struct_size;
    int32_t has_expiration; /* 1: there is one that can be read */
    int64_t expiration;     /* seconds since 1970-01-01 00:00 UTC */
    uint64_t size;          /* in octets; 0: not said */
    mla_str access_type;    /* "url", "ftp", "anon-ftp", "mail-server", ...: lower case */
    mla_str url;            /* white space taken out */
    mla_str name;
    mla_str site;
    mla_str directory;
    mla_str mode;
    mla_str server;
    mla_str subject;
    mla_str permission;
    mla_str content_type; /* of the body that is elsewhere, as it stands */
    mla_str content_id;   /* angle brackets included */
    mla_str transfer_encoding;
} mla_external_body;

#ifdef __cplusplus
}
#endif

#endif
