/* imap_args.h - the arguments of IMAP commands, as records. No functions: imap.h has them.
 *
 * Records begin with struct_size, the sizeof of the record in the caller's header; a field that is
 * zero has the harmless meaning. Records in an array all have the struct_size of the first. All
 * that a record points to is copied by the call that takes it, unless said otherwise. */
#ifndef MAILACCESS_IMAP_ARGS_H
#define MAILACCESS_IMAP_ARGS_H

#include "imap_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mla_imap_login_args {
    uint32_t struct_size;
    uint32_t reserved;    /* 0 */
    const char *user;     /* UTF-8 */
    const char *password; /* password_len octets, not zero among them */
    size_t password_len;
} mla_imap_login_args;

typedef struct mla_imap_select_args {
    uint32_t struct_size;
    uint32_t read_only;  /* != 0: EXAMINE */
    const char *mailbox; /* UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    uint32_t condstore;  /* != 0: FETCH answers have MODSEQ from now on (RFC 7162 section 3.1.8) */
    uint32_t annotate; /* != 0: the server tells whose annotations change (RFC 5257 section 4.2) */
    /* QRESYNC (RFC 7162 section 3.2.5), when modseq is not 0: what the mailbox was when it was
     * left. FETCH and VANISHED events of this ticket then say what has changed since. It must have
     * been enabled (mla_imap_enable()), else DONE is MLA_E_STATE. */
    uint64_t modseq;
    uint32_t uidvalidity;
    uint32_t reserved;           /* 0 */
    const mla_range *known_uids; /* the UIDs that are known; none: all. A list too long for a line
                                    is left out, and then more is told than needed */
    size_t known_uid_count;
    const mla_range *match_seqs; /* some message numbers, and the UIDs that they had: ascending, as
                                    many of the one as of the other */
    size_t match_seq_count;
    const mla_range *match_uids;
    size_t match_uid_count;
} mla_imap_select_args;

typedef struct mla_imap_mailbox_args {
    uint32_t struct_size;
    uint32_t reserved;   /* 0 */
    const char *mailbox; /* UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    /* CREATE: MLA_IMAP_MBOX_ALL ... _TRASH, what it is for (RFC 6154, CREATE-SPECIAL-USE) */
    uint32_t special_use;
    uint32_t reserved2; /* 0 */
} mla_imap_mailbox_args;

typedef struct mla_imap_rename_args {
    uint32_t struct_size;
    uint32_t reserved;   /* 0 */
    const char *mailbox; /* the old name, UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    const char *new_mailbox;
    mla_str raw_new_mailbox;
} mla_imap_rename_args;

/* Which mailboxes LIST gives (RFC 5258 section 3.1, RFC 6154): selections. */
enum {
    MLA_IMAP_SELECT_SUBSCRIBED = 1,     /* only subscribed ones, also such as do not exist */
    MLA_IMAP_SELECT_REMOTE = 2,         /* those on other servers, too (RFC 2193) */
    MLA_IMAP_SELECT_RECURSIVEMATCH = 4, /* with another: also parents of what that selects */
    MLA_IMAP_SELECT_SPECIAL_USE = 8     /* only those that are for something special */
};
/* What LIST says about each (RFC 5258 section 3.2 and the RFCs named): returns. */
enum {
    MLA_IMAP_RETURN_SUBSCRIBED = 1,
    MLA_IMAP_RETURN_CHILDREN = 2,
    MLA_IMAP_RETURN_SPECIAL_USE = 4, /* RFC 6154 */
    MLA_IMAP_RETURN_STATUS = 8,      /* STATUS events: status_items (RFC 5819) */
    MLA_IMAP_RETURN_MYRIGHTS = 16,   /* MYRIGHTS events (RFC 8440) */
    MLA_IMAP_RETURN_METADATA = 32    /* METADATA events: metadata (RFC 9590) */
};

typedef struct mla_imap_list_args {
    uint32_t struct_size;
    uint32_t reserved;       /* 0 */
    const char *reference;   /* UTF-8; NULL: "" */
    const char *pattern;     /* UTF-8 with the wildcards % (one level) and *; NULL: "*" */
    mla_str raw_pattern;     /* or as it is to stand on the wire */
    uint32_t selections;     /* MLA_IMAP_SELECT_* */
    uint32_t returns;        /* MLA_IMAP_RETURN_* */
    uint32_t status_items;   /* MLA_IMAP_STATUS_*; 0: as for STATUS */
    uint32_t reserved2;      /* 0 */
    const mla_str *metadata; /* names of entries */
    size_t metadata_count;
    const mla_str *patterns; /* more patterns, UTF-8; with them pattern may be NULL for none */
    size_t pattern_count;
} mla_imap_list_args;

typedef struct mla_imap_status_args {
    uint32_t struct_size;
    uint32_t items;      /* MLA_IMAP_STATUS_*; 0: MESSAGES UIDNEXT UIDVALIDITY UNSEEN */
    const char *mailbox; /* UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
} mla_imap_status_args;

typedef struct mla_imap_append_args {
    uint32_t struct_size;
    uint32_t flags;      /* MLA_IMAP_FLAG_SEEN ... _DRAFT */
    const char *mailbox; /* UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    const mla_str *keywords;
    size_t keyword_count;
    int64_t internal_date; /* seconds since 1970-01-01 UTC, when has_date */
    int32_t internal_zone; /* minutes east of UTC in which to write it */
    uint32_t has_date;     /* 0: the server takes its own time */
    uint64_t size;         /* octets of the message */
    const uint8_t *data;   /* all of them; NULL: they come by mla_imap_append_data() */
    uint32_t borrow;       /* != 0: data is not copied and must live until DONE */
    uint32_t binary;       /* != 0: it may hold zero octets, sent as literal8 (RFC 3516) */
} mla_imap_append_args;

/* What of a message or part to fetch (RFC 9051 section 6.4.5.1). */
enum {
    MLA_IMAP_PART_ALL = 0,    /* the message; with part numbers: that part's body */
    MLA_IMAP_PART_HEADER = 1, /* its header (with part numbers: of a message/rfc822 part) */
    MLA_IMAP_PART_TEXT = 2,   /* what follows that header */
    MLA_IMAP_PART_MIME = 3,   /* the MIME header of a part: only with part numbers */
    MLA_IMAP_PART_FIELDS = 4, /* only the header fields named */
    MLA_IMAP_PART_FIELDS_NOT = 5
};

typedef struct mla_imap_section_args {
    uint32_t struct_size;
    uint32_t what;         /* MLA_IMAP_PART_* */
    const uint32_t *parts; /* "1.2" is {1, 2} */
    size_t part_count;
    const mla_str *fields; /* names of header fields */
    size_t field_count;
    uint64_t offset;     /* first octet wanted */
    uint32_t length;     /* octets wanted from there; 0: all */
    uint32_t is_decoded; /* != 0: BINARY, transfer encoding undone by the server (RFC 3516) */
    uint32_t is_size;    /* != 0: only how large that would be, BINARY.SIZE; no offset or length */
    uint32_t reserved;   /* 0 */
} mla_imap_section_args;

typedef struct mla_imap_fetch_args {
    uint32_t struct_size;
    uint32_t items; /* MLA_IMAP_ITEM_*; SECTIONS is implied by sections */
    const mla_range *ranges;
    size_t range_count;
    const mla_imap_section_args *sections;
    size_t section_count;
    uint32_t by_seq;   /* 0: ranges are UIDs; else message numbers */
    uint32_t set_seen; /* 0: \Seen is left alone (BODY.PEEK) */
    uint32_t saved; /* != 0: what a search saved, and no ranges (SEARCHRES, docs/imap-search.md) */
    /* != 0: with changed_since and UIDs, VANISHED events too, of what is gone since then (RFC 7162
     * section 3.2.6); QRESYNC must have been enabled. */
    uint32_t vanished;
    /* Only messages that have changed since that mod-sequence (CHANGEDSINCE, RFC 7162 section
     * 3.1.4.1); 0: all. */
    uint64_t changed_since;
    /* Only so many of the UIDs (PARTIAL, RFC 9394 section 3.3): 1, 5 are the first five that exist,
     * -1, -5 the last five. 0, 0: all. */
    int64_t partial_first;
    int64_t partial_last;
    /* Annotations (RFC 5257 section 4.3): entries such as "/comment", with the wildcards % (one
     * level) and *, and of them the attributes, such as "value" or "size.priv". */
    const mla_str *annotation_entries;
    size_t annotation_entry_count;
    const mla_str *annotation_attributes;
    size_t annotation_attribute_count;
} mla_imap_fetch_args;

/* Keys of SEARCH (RFC 9051 section 6.4.4). What each uses: text, name, number, date, ranges. */
enum {
    MLA_IMAP_KEY_ALL = 0,
    MLA_IMAP_KEY_AND = 1, /* number: of the keys that follow that belong to it */
    MLA_IMAP_KEY_OR = 2,  /* the two keys that follow */
    MLA_IMAP_KEY_NOT = 3, /* the key that follows */
    MLA_IMAP_KEY_ANSWERED = 4,
    MLA_IMAP_KEY_DELETED = 5,
    MLA_IMAP_KEY_DRAFT = 6,
    MLA_IMAP_KEY_FLAGGED = 7,
    MLA_IMAP_KEY_SEEN = 8,
    MLA_IMAP_KEY_UNANSWERED = 9,
    MLA_IMAP_KEY_UNDELETED = 10,
    MLA_IMAP_KEY_UNDRAFT = 11,
    MLA_IMAP_KEY_UNFLAGGED = 12,
    MLA_IMAP_KEY_UNSEEN = 13,
    MLA_IMAP_KEY_KEYWORD = 14,     /* text */
    MLA_IMAP_KEY_UNKEYWORD = 15,   /* text */
    MLA_IMAP_KEY_NEW = 16,         /* RFC 3501 only */
    MLA_IMAP_KEY_OLD = 17,         /* RFC 3501 only */
    MLA_IMAP_KEY_RECENT = 18,      /* RFC 3501 only */
    MLA_IMAP_KEY_BCC = 19,         /* text, as for the next six */
    MLA_IMAP_KEY_BODY = 20,        /* in the body */
    MLA_IMAP_KEY_CC = 21,          /* */
    MLA_IMAP_KEY_FROM = 22,        /* */
    MLA_IMAP_KEY_SUBJECT = 23,     /* */
    MLA_IMAP_KEY_TEXT = 24,        /* in header or body */
    MLA_IMAP_KEY_TO = 25,          /* */
    MLA_IMAP_KEY_HEADER = 26,      /* name: of the field; text: in it, empty: the field is there */
    MLA_IMAP_KEY_BEFORE = 27,      /* date, as for the next five: internal date ... */
    MLA_IMAP_KEY_ON = 28,          /* */
    MLA_IMAP_KEY_SINCE = 29,       /* */
    MLA_IMAP_KEY_SENTBEFORE = 30,  /* ... the Date: field */
    MLA_IMAP_KEY_SENTON = 31,      /* */
    MLA_IMAP_KEY_SENTSINCE = 32,   /* */
    MLA_IMAP_KEY_LARGER = 33,      /* number: octets */
    MLA_IMAP_KEY_SMALLER = 34,     /* number: octets */
    MLA_IMAP_KEY_UIDS = 35,        /* ranges */
    MLA_IMAP_KEY_SEQS = 36,        /* ranges of message numbers */
    MLA_IMAP_KEY_OLDER = 37,       /* number: seconds (RFC 5032, WITHIN) */
    MLA_IMAP_KEY_YOUNGER = 38,     /* number: seconds (WITHIN) */
    MLA_IMAP_KEY_MODSEQ = 39,      /* number: at least (RFC 7162, CONDSTORE); name: only changes of
                                      this entry, "/flags/\\Seen", empty: of any; scope */
    MLA_IMAP_KEY_SAVEDBEFORE = 40, /* date, as for the next two: when it was put into the mailbox
                                      (RFC 8514, SAVEDATE) */
    MLA_IMAP_KEY_SAVEDON = 41,     /* */
    MLA_IMAP_KEY_SAVEDSINCE = 42,  /* */
    MLA_IMAP_KEY_SAVEDATESUPPORTED = 43, /* the mailbox knows that date */
    MLA_IMAP_KEY_EMAILID = 44,           /* text (RFC 8474, OBJECTID) */
    MLA_IMAP_KEY_THREADID = 45,          /* text (OBJECTID) */
    MLA_IMAP_KEY_UIDAFTER = 46,          /* number: a UID (RFC 9738, MESSAGELIMIT) */
    MLA_IMAP_KEY_UIDBEFORE = 47,         /* number: a UID (MESSAGELIMIT) */
    MLA_IMAP_KEY_FUZZY = 48, /* the key that follows, loosely (RFC 6203, SEARCH=FUZZY) */
    MLA_IMAP_KEY_FILTER =
        49,                  /* text: the name of a filter kept by the server (RFC 5466, FILTERS) */
    MLA_IMAP_KEY_SAVED = 50, /* what an earlier search saved (RFC 5182, SEARCHRES) */
    MLA_IMAP_KEY_ANNOTATION = 51, /* name: the entry, "/comment"; text: in its value; scope
                                     (RFC 5257, ANNOTATE-EXPERIMENT-1) */
    MLA_IMAP_KEY_X_GM_RAW = 52,   /* text: as typed into Gmail's search (X-GM-EXT-1) */
    MLA_IMAP_KEY_X_GM_MSGID = 53, /* number (X-GM-EXT-1) */
    MLA_IMAP_KEY_X_GM_THRID = 54, /* number (X-GM-EXT-1) */
    MLA_IMAP_KEY_X_GM_LABELS = 55 /* text (X-GM-EXT-1) */
};

/* Whose metadata or annotations a key is about. */
enum { MLA_IMAP_KEY_SCOPE_ANY = 0, MLA_IMAP_KEY_SCOPE_PRIVATE = 1, MLA_IMAP_KEY_SCOPE_SHARED = 2 };

typedef struct mla_imap_search_key {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_KEY_* */
    mla_str name;
    mla_str text; /* UTF-8 */
    uint64_t number;
    const mla_range *ranges;
    size_t range_count;
    uint32_t year, month, day; /* a date: month 1 to 12, day 1 to 31 */
    uint32_t scope;            /* MLA_IMAP_KEY_SCOPE_*: MODSEQ with a name, ANNOTATION; else 0 */
} mla_imap_search_key;

typedef struct mla_imap_search_args {
    uint32_t struct_size;
    uint32_t by_seq; /* 0: answer in UIDs; else in message numbers */
    /* Flat, operators before what they apply to: {OR}{FROM a}{NOT}{TO b} is "from a, or not to b".
     * All keys at the top must hold. None: every message. */
    const mla_imap_search_key *keys;
    size_t key_count;
    uint32_t results;  /* MLA_IMAP_SEARCH_* that may be asked for; 0: all numbers */
    uint32_t reserved; /* 0 */
    /* With MLA_IMAP_SEARCH_PARTIAL: the results from the first to the last wanted, counted from 1;
     * below 0 both, counted from the end: -1 is the last. */
    int64_t partial_first;
    int64_t partial_last;
} mla_imap_search_args;

enum { MLA_IMAP_STORE_ADD = 0, MLA_IMAP_STORE_REMOVE = 1, MLA_IMAP_STORE_REPLACE = 2 };

/* What STORE changes. */
enum {
    MLA_IMAP_STORE_FLAGS = 0,
    MLA_IMAP_STORE_LABELS = 1,     /* keywords are labels, UTF-8; "\Inbox" is Gmail's own */
    MLA_IMAP_STORE_ANNOTATIONS = 2 /* annotations, by MLA_IMAP_STORE_ADD (RFC 5257) */
};

/* One value of an annotation. */
typedef struct mla_imap_annotation_args {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str entry;     /* "/comment" */
    mla_str attribute; /* "value.priv" or "value.shared" */
    mla_str value;     /* octets; ptr NULL: it is removed */
} mla_imap_annotation_args;

typedef struct mla_imap_store_args {
    uint32_t struct_size;
    uint32_t mode; /* MLA_IMAP_STORE_* */
    const mla_range *ranges;
    size_t range_count;
    uint32_t flags;  /* MLA_IMAP_FLAG_SEEN ... _DRAFT */
    uint32_t by_seq; /* 0: ranges are UIDs; else message numbers */
    const mla_str *keywords;
    size_t keyword_count;
    uint32_t silent; /* != 0: the server need not tell the new flags */
    uint32_t saved;  /* != 0: what a search saved, and no ranges (SEARCHRES) */
    uint32_t what;   /* MLA_IMAP_STORE_FLAGS ... */
    /* != 0: only messages that have not changed since unchanged_since (RFC 7162 section 3.1.3); the
     * others are in source of the code MODIFIED, of DONE or of TEXT events before it. */
    uint32_t has_unchanged_since;
    uint64_t unchanged_since;
    const mla_imap_annotation_args *annotations;
    size_t annotation_count;
} mla_imap_store_args;

typedef struct mla_imap_copy_args {
    uint32_t struct_size;
    uint32_t by_seq; /* 0: ranges are UIDs; else message numbers */
    const mla_range *ranges;
    size_t range_count;
    const char *mailbox; /* where to, UTF-8 */
    mla_str raw_mailbox; /* or as LIST gave it */
    uint32_t saved;      /* != 0: what a search saved, and no ranges (SEARCHRES) */
    uint32_t reserved;   /* 0 */
} mla_imap_copy_args;

#ifdef __cplusplus
}
#endif

#endif
