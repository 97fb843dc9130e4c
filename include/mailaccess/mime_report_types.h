/* mime_report_types.h - what delivery and disposition reports say, as records. No functions. */
#ifndef MAILACCESS_MIME_REPORT_TYPES_H
#define MAILACCESS_MIME_REPORT_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 3464 section 2.3.3. */
enum {
    MLA_DSN_UNKNOWN = 0, /* not said, or another word */
    MLA_DSN_FAILED = 1,
    MLA_DSN_DELAYED = 2,
    MLA_DSN_DELIVERED = 3,
    MLA_DSN_RELAYED = 4,
    MLA_DSN_EXPANDED = 5
};

/* What became of one recipient (RFC 3464 section 2.3). Texts are UTF-8 without control characters,
 * empty where not given; "rfc822; a@b" is type and address. Times are seconds since 1970-01-01
 * 00:00 UTC. It grows at its end only. */
typedef struct mla_dsn_recipient {
    uint32_t struct_size;
    int32_t action;          /* MLA_DSN_* */
    uint32_t status_class;   /* 2, 4 or 5 (RFC 3463); 0: none that can be read */
    uint32_t status_subject; /* the second and the third number of the status */
    uint32_t status_detail;
    int32_t has_last_attempt; /* 1: there is such a date, and it can be read */
    int32_t has_will_retry;
    uint32_t reserved;
    int64_t last_attempt;
    int64_t will_retry; /* until then */
    mla_str original_type;
    mla_str original_address;
    mla_str final_type;
    mla_str final_address;
    mla_str action_text; /* as it stands */
    mla_str status_text;
    mla_str remote_mta_type;
    mla_str remote_mta;
    mla_str diagnostic_type; /* "smtp" */
    mla_str diagnostic;      /* what the other side said */
    mla_str final_log_id;
} mla_dsn_recipient;

/* A delivery status notification (RFC 3464, 6533). It grows at its end only. */
typedef struct mla_dsn {
    uint32_t struct_size;
    uint32_t recipient_count; /* mla_dsn_recipient_at() */
    int32_t has_arrival;      /* 1: there is such a date, and it can be read */
    uint32_t reserved;
    int64_t arrival; /* seconds since 1970-01-01 00:00 UTC */
    mla_str envelope_id;
    mla_str reporting_mta_type;
    mla_str reporting_mta;
    mla_str gateway_type;
    mla_str gateway;
    mla_str received_from_type;
    mla_str received_from;
} mla_dsn;

/* How a disposition came about, and how its report (RFC 8098 section 3.2.6). */
enum { MLA_MDN_MODE_UNKNOWN = 0, MLA_MDN_MANUAL = 1, MLA_MDN_AUTOMATIC = 2 };

/* What became of the message (RFC 8098 section 3.2.6.2; the last two of RFC 2298). */
enum {
    MLA_MDN_UNKNOWN = 0,
    MLA_MDN_DISPLAYED = 1,
    MLA_MDN_DELETED = 2,
    MLA_MDN_DISPATCHED = 3,
    MLA_MDN_PROCESSED = 4,
    MLA_MDN_DENIED = 5,
    MLA_MDN_FAILED = 6
};

/* A message disposition notification (RFC 8098). Texts as in mla_dsn_recipient. It grows at its end
 * only. */
typedef struct mla_mdn {
    uint32_t struct_size;
    int32_t action_mode;  /* MLA_MDN_MANUAL, MLA_MDN_AUTOMATIC */
    int32_t sending_mode; /* the same, of the report */
    int32_t type;         /* MLA_MDN_DISPLAYED ... */
    mla_str modifiers;    /* "error", "mailbox-terminated, expired", ... */
    mla_str disposition;  /* the whole field as it stands */
    mla_str reporting_ua;
    mla_str ua_product;
    mla_str gateway_type;
    mla_str gateway;
    mla_str original_type;
    mla_str original_address;
    mla_str final_type;
    mla_str final_address;
    mla_str original_message_id; /* angle brackets included */
    const mla_str *errors;       /* Error fields */
    size_t error_count;
    const mla_str *failures;
    size_t failure_count;
    const mla_str *warnings;
    size_t warning_count;
} mla_mdn;

#ifdef __cplusplus
}
#endif

#endif
