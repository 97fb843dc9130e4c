/* collect_types.h - what a POP3 collector takes and tells. No functions.
 *
 * Records of events are made by the library and live until the next call of mla_collect_next() or
 * mla_collect_step() on that collector. A mla_str is a slice without a final NUL; its ptr is NULL
 * where there is nothing. Records begin with struct_size and grow only at their end. */
#ifndef MAILACCESS_COLLECT_TYPES_H
#define MAILACCESS_COLLECT_TYPES_H

#include "seen_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which messages leave the server. Only such as were collected whole and, in their time, said to be
 * stored. */
enum {
    MLA_COLLECT_KEEP = 0,         /* none */
    MLA_COLLECT_DELETE = 1,       /* all */
    MLA_COLLECT_DELETE_AGED = 2,  /* those collected keep_days or more ago */
    MLA_COLLECT_DELETE_BEYOND = 3 /* those that are not among the keep_newest newest, by number */
};

/* What becomes of messages larger than max_size. They are not deleted. */
enum {
    MLA_COLLECT_LARGE_SKIP = 0, /* they stay where they are: a SKIPPED event */
    MLA_COLLECT_LARGE_TOP = 1   /* their header and the first top_lines lines come instead */
};

/* How to collect. An input record: all is copied, the store's functions and user too, which must
 * outlive the collector. All zero but for struct_size and store collects everything that is new and
 * deletes nothing. */
typedef struct mla_collect_args {
    uint32_t struct_size; /* sizeof(mla_collect_args) in the caller's header */
    uint32_t policy;      /* MLA_COLLECT_KEEP ... */
    const mla_seen_store *store;
    uint32_t keep_days;   /* DELETE_AGED */
    uint32_t keep_newest; /* DELETE_BEYOND */
    uint64_t max_size;    /* octets, as the server announces them; 0: any size */
    uint32_t large;       /* MLA_COLLECT_LARGE_* */
    uint32_t top_lines;   /* LARGE_TOP */
    uint64_t now_s;       /* the time in seconds since 1970 UTC; 0: the system's clock is asked */
    uint32_t forget_days; /* how long messages that vanished from the server are remembered, in case
                             they come back; 0: 30 */
    uint32_t reserved;    /* 0 */
} mla_collect_args;

/* Kinds of events. More will come: ignore those you do not know. */
enum {
    MLA_COLLECT_EV_PLAN = 1,    /* the listing was read: mla_collect_event_plan() */
    MLA_COLLECT_EV_BEGIN = 2,   /* a message comes: mla_collect_event_message(), here and below */
    MLA_COLLECT_EV_CHUNK = 3,   /* octets of it: mla_collect_event_chunk() */
    MLA_COLLECT_EV_END = 4,     /* it is whole, or error says why it is not */
    MLA_COLLECT_EV_SKIPPED = 5, /* a message that does not come; reason says why */
    MLA_COLLECT_EV_ALL = 6,     /* nothing more will come: mla_collect_close() when all is stored */
    MLA_COLLECT_EV_DELETED = 7, /* QUIT was answered +OK: it is gone from the server */
    MLA_COLLECT_EV_RECONCILED =
        8,                      /* it was in doubt since an earlier session, and is not any more */
    MLA_COLLECT_EV_WARNING = 9, /* mla_collect_event_warning() */
    MLA_COLLECT_EV_DONE = 10    /* the last event: mla_collect_event_summary() */
};

/* What a message is known by. */
enum {
    MLA_COLLECT_BY_UIDL = 1,
    MLA_COLLECT_BY_HEADER = 2, /* no UIDL: "d-" and a digest of header and size. Two messages that
                                  are equal in both, and come in different sessions, are taken for
                                  one */
    MLA_COLLECT_BY_WHOLE = 3   /* nor TOP: "m-" and a digest of the whole message, which is fetched
                                  each time; known at END alone */
};

enum {
    MLA_COLLECT_TOP = 1,  /* only the beginning comes, since the message is larger than max_size */
    MLA_COLLECT_FULL = 2, /* only the beginning came in an earlier session; now all of it does */
    MLA_COLLECT_SHARED = 4,  /* other messages have the same UIDL */
    MLA_COLLECT_AGAIN = 8,   /* something is known under this name that is, or may be, another
                                message;   END says whether it was the same after all */
    MLA_COLLECT_SAME = 16,   /* END: it was stored in an earlier session; drop it. stored() is not
                                called for it */
    MLA_COLLECT_LEAVING = 32 /* SKIPPED: it will be deleted, unless mla_collect_keep() says no */
};

/* Why a message was skipped. */
enum {
    MLA_COLLECT_SKIP_KNOWN = 1,     /* collected before */
    MLA_COLLECT_SKIP_TOO_LARGE = 2, /* larger than max_size */
    MLA_COLLECT_SKIP_PART = 3 /* its beginning was collected before, and it is still too large */
};

/* One message of the maildrop. */
typedef struct mla_collect_message {
    uint32_t struct_size;
    uint32_t number;   /* in this session; what mla_collect_stored() takes. RECONCILED: 0 when the
                          message is gone */
    uint64_t size;     /* octets as the server announced, a hint; 0: it did not say */
    uint64_t octets;   /* END: that came; SKIPPED: that came in their time */
    uint32_t known_by; /* MLA_COLLECT_BY_* */
    uint32_t flags;    /* MLA_COLLECT_TOP ... */
    mla_str uidl;      /* as sent, but of more than 512 octets a digest; ptr NULL: none */
    mla_str id;      /* what it is known by: the UIDL, or a digest. ptr NULL at BEGIN of BY_WHOLE */
    mla_str note;    /* as given to stored(): SKIPPED, DELETED, RECONCILED, END with SAME */
    int32_t error;   /* END: 0, or MLA_E_*: it is not whole. MLA_E_NO: the server refuses it */
    uint32_t reason; /* SKIPPED: MLA_COLLECT_SKIP_* */
    mla_str text;    /* END with an error: the server's words, or the library's */
} mla_collect_message;

/* What there is to do, as far as the listing tells. Messages about which the server has to be asked
 * more (unsure) are fresh or known later. */
typedef struct mla_collect_plan {
    uint32_t struct_size;
    uint32_t known_by; /* MLA_COLLECT_BY_*: of most messages; a digest means that this server has no
                          UIDL */
    uint32_t listed;   /* messages */
    uint32_t known;
    uint32_t fresh;
    uint32_t unsure;
    uint64_t octets; /* of those that come, as announced */
} mla_collect_plan;

enum {
    MLA_COLLECT_WARN_REUSED = 1,  /* a UIDL names another message than before: all that have been
                                     known by their UIDL are looked at */
    MLA_COLLECT_WARN_SHARED = 2,  /* several messages have this UIDL */
    MLA_COLLECT_WARN_REFUSED = 3, /* the server will not delete this message */
    MLA_COLLECT_WARN_LINE = 4,    /* a line of a listing cannot be read: text is the line */
    MLA_COLLECT_WARN_LISTING = 5  /* UIDL and LIST do not name the same messages */
};

typedef struct mla_collect_warning {
    uint32_t struct_size;
    uint32_t code;   /* MLA_COLLECT_WARN_* */
    uint32_t number; /* of the message, 0: none */
    uint32_t reserved;
    mla_str text; /* the server's words */
} mla_collect_warning;

/* How it ended. */
typedef struct mla_collect_summary {
    uint32_t struct_size;
    int32_t error; /* 0, or why it did not run to its end. MLA_E_UNKNOWN_OUTCOME: QUIT was sent and
                      its answer did not come; MLA_E_NO: QUIT was refused */
    uint32_t listed;   /* messages */
    uint32_t fetched;  /* whole, and for the first time */
    uint32_t stored;   /* of them, stored() was called */
    uint32_t same;     /* came again, and had been stored before */
    uint32_t known;    /* skipped as known */
    uint32_t large;    /* skipped for their size */
    uint32_t failed;   /* the server did not give, or not delete, though it should have */
    uint32_t deleted;  /* QUIT's +OK deleted */
    uint32_t doubtful; /* perhaps deleted: the next session tells */
    uint32_t reserved;
    uint64_t octets; /* that came */
    mla_str text;    /* the server's words on the error, or the library's */
} mla_collect_summary;

#ifdef __cplusplus
}
#endif

#endif
