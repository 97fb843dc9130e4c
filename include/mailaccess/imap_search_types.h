/* imap_search_types.h - records of imap_search.h: arguments of its commands and what their answers
 * look like. No functions. Arguments are as imap_args.h says, answers as imap_types.h says. */
#ifndef MAILACCESS_IMAP_SEARCH_TYPES_H
#define MAILACCESS_IMAP_SEARCH_TYPES_H

#include "imap_args.h"
#include "imap_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- SORT and THREAD (RFC 5256) --- */

enum {
    MLA_IMAP_SORT_ARRIVAL = 1, /* the internal date */
    MLA_IMAP_SORT_CC = 2,      /* the first address's mailbox, as for FROM and TO */
    MLA_IMAP_SORT_DATE = 3,    /* the Date: field */
    MLA_IMAP_SORT_FROM = 4,
    MLA_IMAP_SORT_SIZE = 5,
    MLA_IMAP_SORT_SUBJECT = 6, /* without "Re:" and the like */
    MLA_IMAP_SORT_TO = 7,
    MLA_IMAP_SORT_DISPLAYFROM = 8, /* the name shown (RFC 5957, SORT=DISPLAY) */
    MLA_IMAP_SORT_DISPLAYTO = 9,
    MLA_IMAP_SORT_RELEVANCY = 10, /* best first; needs a FUZZY key (RFC 6203, SEARCH=FUZZY) */
    MLA_IMAP_SORT_ANNOTATION = 11 /* entry, scope (RFC 5257, ANNOTATE-EXPERIMENT-1) */
};

/* One criterion of an order. */
typedef struct mla_imap_sort_key {
    uint32_t struct_size;
    uint32_t by;      /* MLA_IMAP_SORT_* */
    uint32_t reverse; /* != 0: the other way round */
    uint32_t scope;   /* ANNOTATION: MLA_IMAP_KEY_SCOPE_PRIVATE or _SHARED; else 0 */
    mla_str entry;    /* ANNOTATION: "/altsubject" */
} mla_imap_sort_key;

typedef struct mla_imap_sort_args {
    uint32_t struct_size;
    uint32_t reserved;                  /* 0 */
    const mla_imap_search_args *search; /* which messages, and what to tell; NULL: all, as UIDs */
    const mla_imap_sort_key *order;     /* the first counts most */
    size_t order_count;
} mla_imap_sort_args;

enum {
    MLA_IMAP_THREAD_REFERENCES = 0,     /* by Message-ID, References, and subjects */
    MLA_IMAP_THREAD_ORDEREDSUBJECT = 1, /* by subject */
    MLA_IMAP_THREAD_REFS = 2            /* by Message-ID and References alone */
};

typedef struct mla_imap_thread_args {
    uint32_t struct_size;
    uint32_t algorithm;                 /* MLA_IMAP_THREAD_* */
    const mla_imap_search_args *search; /* which messages (no results); NULL: all, as UIDs */
} mla_imap_thread_args;

/* One message of a forest. Frozen. Items come parents first, children behind them; indexes count
 * all items of the answer, from 1, over all of its batches. */
typedef struct mla_imap_thread_item {
    uint32_t number; /* UID or message number; 0: a parent that the mailbox does not have */
    uint32_t depth;  /* 0: a root */
    uint32_t parent; /* index of its parent; 0: a root */
    uint32_t root;   /* index of the root above it, or its own */
} mla_imap_thread_item;

/* A batch of THREAD: a long answer comes as several events, in order. */
typedef struct mla_imap_thread {
    uint32_t struct_size;
    uint32_t is_uid;  /* UIDs; else message numbers */
    uint32_t is_last; /* no further batch of this answer */
    uint32_t reserved;
    const mla_imap_thread_item *items;
    size_t item_count;
} mla_imap_thread;

/* --- several mailboxes (RFC 7377) --- */

enum {
    MLA_IMAP_SOURCE_SELECTED = 1,    /* the selected mailbox */
    MLA_IMAP_SOURCE_INBOXES = 2,     /* all in which mail is delivered */
    MLA_IMAP_SOURCE_PERSONAL = 3,    /* all of the user's own */
    MLA_IMAP_SOURCE_SUBSCRIBED = 4,  /* all that are subscribed */
    MLA_IMAP_SOURCE_SUBTREE = 5,     /* mailbox and all below it */
    MLA_IMAP_SOURCE_SUBTREE_ONE = 6, /* mailbox and those one level below it */
    MLA_IMAP_SOURCE_MAILBOX = 7      /* mailbox */
};

/* Where to search. */
typedef struct mla_imap_source {
    uint32_t struct_size;
    uint32_t kind;       /* MLA_IMAP_SOURCE_* */
    const char *mailbox; /* UTF-8, where kind says so; else NULL */
    mla_str raw_mailbox; /* or as LIST gave it */
} mla_imap_source;

typedef struct mla_imap_multisearch_args {
    uint32_t struct_size;
    uint32_t reserved;                  /* 0 */
    const mla_imap_search_args *search; /* which messages, and what to tell; NULL: all */
    const mla_imap_source *sources;     /* at least one */
    size_t source_count;
} mla_imap_multisearch_args;

/* --- batches of UIDs --- */

typedef struct mla_imap_uidbatches_args {
    uint32_t struct_size;
    uint32_t size;  /* messages in a batch: 500 at least */
    uint32_t first; /* the batches from first to last, counted from 1, the newest: of 100,000
                       messages together at most; 0 both: all that the server gives */
    uint32_t last;
} mla_imap_uidbatches_args;

#ifdef __cplusplus
}
#endif

#endif
