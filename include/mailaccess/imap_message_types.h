/* imap_message_types.h - what extensions tell about one message. No functions.
 *
 * As in imap_types.h every record is made by the library, belongs to an event and lives as long as
 * it; a mla_str is a slice without a final NUL, whose ptr is NULL where the server said NIL. */
#ifndef MAILACCESS_IMAP_MESSAGE_TYPES_H
#define MAILACCESS_IMAP_MESSAGE_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One value of ANNOTATION (RFC 5257 section 4.4). An entry without attributes, as the server tells
 * by itself when somebody has changed it, has attribute.ptr NULL: its value is to be fetched. */
typedef struct mla_imap_annotation {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str entry;                          /* "/comment" */
    mla_str attribute;                      /* "value.priv" */
    mla_str value;                          /* octets; ptr NULL: there is none */
    const struct mla_imap_annotation *next; /* NULL: the last */
} mla_imap_annotation;

/* BINARY.SIZE (RFC 3516 section 4.3): the octets of a part once its transfer encoding is undone. */
typedef struct mla_imap_binary_size {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str section; /* "1.2" */
    uint64_t size;
    const struct mla_imap_binary_size *next; /* NULL: the last */
} mla_imap_binary_size;

/* Items of extensions in a FETCH answer; fields of mla_imap_fetch says which of them came. */
typedef struct mla_imap_fetch_more {
    uint32_t struct_size;
    uint32_t label_count;
    mla_str email_id;       /* EMAILID (RFC 8474): the same for the same content */
    mla_str thread_id;      /* THREADID; ptr NULL: the server makes no threads */
    mla_str preview;        /* PREVIEW (RFC 8970), UTF-8; ptr NULL: none yet, it would take long */
    int64_t save_date;      /* SAVEDATE (RFC 8514): seconds since 1970-01-01 UTC */
    int32_t save_zone;      /* minutes east of UTC, as written */
    uint32_t has_save_date; /* 0: the mailbox does not know when messages came into it */
    uint64_t gm_message_id; /* X-GM-MSGID */
    uint64_t gm_thread_id;  /* X-GM-THRID */
    const mla_str *labels;  /* X-GM-LABELS, UTF-8: "\Inbox" for Gmail's own, else a name */
    const mla_imap_annotation *annotations;   /* the first; NULL: none */
    const mla_imap_binary_size *binary_sizes; /* the first; NULL: none */
} mla_imap_fetch_more;

#ifdef __cplusplus
}
#endif

#endif
