/* imap_types.h - what an IMAP server's answers look like. No functions.
 *
 * Every record here is made by the library, belongs to an event, and lives until the next call of
 * mla_imap_next() or mla_imap_step() on that handle, or until mla_imap_event_free() for an event
 * that was taken. Records begin with struct_size and grow only at their end. A mla_str is a slice
 * without a final NUL; its ptr is NULL where the server said NIL or nothing. */
#ifndef MAILACCESS_IMAP_TYPES_H
#define MAILACCESS_IMAP_TYPES_H

#include "imap_message_types.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of events. More will come: ignore those you do not know. */
enum {
    MLA_IMAP_EV_DONE = 1,           /* a command has ended: mla_imap_event_done() */
    MLA_IMAP_EV_GREETING = 2,       /* the greeting: mla_imap_event_text() */
    MLA_IMAP_EV_TEXT = 3,           /* untagged OK, NO, BAD or BYE: mla_imap_event_text() */
    MLA_IMAP_EV_CAPABILITY = 4,     /* what the server can do has changed: mla_imap_event_words() */
    MLA_IMAP_EV_FLAGS = 5,          /* flags of the mailbox: mla_imap_event_words() */
    MLA_IMAP_EV_EXISTS = 6,         /* number of messages: mla_imap_event_number() */
    MLA_IMAP_EV_RECENT = 7,         /* RFC 3501 only: mla_imap_event_number() */
    MLA_IMAP_EV_EXPUNGE = 8,        /* a message number is gone: mla_imap_event_number() */
    MLA_IMAP_EV_FETCH = 9,          /* data of one message: mla_imap_event_fetch() */
    MLA_IMAP_EV_SECTION_BEGIN = 10, /* a large section begins: mla_imap_event_section() */
    MLA_IMAP_EV_CHUNK = 11,         /* octets of it: mla_imap_event_chunk() */
    MLA_IMAP_EV_LIST = 12,          /* one mailbox of LIST or LSUB: mla_imap_event_list() */
    MLA_IMAP_EV_STATUS = 13,        /* counts of a mailbox: mla_imap_event_status() */
    MLA_IMAP_EV_SEARCH = 14,        /* a batch of numbers or UIDs: mla_imap_event_search() */
    MLA_IMAP_EV_VANISHED = 15,      /* UIDs that are gone: mla_imap_event_search() */
    MLA_IMAP_EV_ENABLED = 16,       /* extensions now on: mla_imap_event_words() */
    MLA_IMAP_EV_OTHER = 17,         /* an untagged answer not known here: mla_imap_event_value() */
    MLA_IMAP_EV_WARNING = 18,       /* something was wrong and dropped: mla_imap_event_warning() */
    MLA_IMAP_EV_SEND = 19,          /* an APPEND wants data: mla_imap_append_data() */
    /* records of imap_admin_types.h, each with its mla_imap_event_...() in imap_admin.h */
    MLA_IMAP_EV_IDENTITY = 30,    /* ID */
    MLA_IMAP_EV_NAMESPACES = 31,  /* NAMESPACE */
    MLA_IMAP_EV_ACL = 32,         /* ACL */
    MLA_IMAP_EV_MYRIGHTS = 33,    /* MYRIGHTS */
    MLA_IMAP_EV_LISTRIGHTS = 34,  /* LISTRIGHTS */
    MLA_IMAP_EV_QUOTA = 35,       /* QUOTA */
    MLA_IMAP_EV_QUOTAROOT = 36,   /* QUOTAROOT */
    MLA_IMAP_EV_METADATA = 37,    /* METADATA */
    MLA_IMAP_EV_LANGUAGES = 38,   /* LANGUAGE */
    MLA_IMAP_EV_COMPARATORS = 39, /* COMPARATOR */
    MLA_IMAP_EV_JMAPACCESS = 40   /* JMAPACCESS */
};

/* Kinds of logging in. */
enum { MLA_IMAP_EV_TOKEN = 71 /* a token is asked for: mla_imap_event_token() (token.h) */ };

/* Kinds of searching (imap_search_types.h). */
enum {
    MLA_IMAP_EV_THREAD = 50,    /* a batch of a forest of messages: mla_imap_event_thread() */
    MLA_IMAP_EV_UIDBATCHES = 51 /* a batch of ranges of UIDs: mla_imap_event_search() */
};

/* About the connection. */
enum {
    MLA_IMAP_EV_CERTIFICATE =
        70 /* is it good enough? mla_imap_event_certificate() (certificate.h) */
};

/* URLs that others may read: mla_imap_event_urls() (imap_urlauth.h). */
enum {
    MLA_IMAP_EV_URLAUTH = 60, /* made by GENURLAUTH */
    MLA_IMAP_EV_URLFETCH = 61 /* what URLFETCH read */
};

/* RFC 9051 section 7.1. */
enum { MLA_IMAP_OK = 1, MLA_IMAP_NO = 2, MLA_IMAP_BAD = 3, MLA_IMAP_BYE = 4, MLA_IMAP_PREAUTH = 5 };

/* Response codes (RFC 9051 section 7.1, RFC 5530, and extensions). OTHER: see atom and raw. */
enum {
    MLA_IMAP_CODE_NONE = 0,
    MLA_IMAP_CODE_OTHER = 1,
    MLA_IMAP_CODE_ALERT = 2,
    MLA_IMAP_CODE_ALREADYEXISTS = 3,
    MLA_IMAP_CODE_APPENDUID = 4, /* uidvalidity, destination */
    MLA_IMAP_CODE_AUTHENTICATIONFAILED = 5,
    MLA_IMAP_CODE_AUTHORIZATIONFAILED = 6,
    MLA_IMAP_CODE_BADCHARSET = 7, /* words */
    MLA_IMAP_CODE_CANNOT = 8,
    MLA_IMAP_CODE_CAPABILITY = 9, /* words */
    MLA_IMAP_CODE_CLIENTBUG = 10,
    MLA_IMAP_CODE_CLOSED = 11,
    MLA_IMAP_CODE_CONTACTADMIN = 12,
    MLA_IMAP_CODE_COPYUID = 13, /* uidvalidity, source, destination */
    MLA_IMAP_CODE_CORRUPTION = 14,
    MLA_IMAP_CODE_EXPIRED = 15,
    MLA_IMAP_CODE_EXPUNGEISSUED = 16,
    MLA_IMAP_CODE_HASCHILDREN = 17,
    MLA_IMAP_CODE_HIGHESTMODSEQ = 18, /* number */
    MLA_IMAP_CODE_INUSE = 19,
    MLA_IMAP_CODE_LIMIT = 20,
    MLA_IMAP_CODE_MODIFIED = 21, /* source */
    MLA_IMAP_CODE_NOMODSEQ = 22,
    MLA_IMAP_CODE_NONEXISTENT = 23,
    MLA_IMAP_CODE_NOPERM = 24,
    MLA_IMAP_CODE_NOTSAVED = 25,
    MLA_IMAP_CODE_OVERQUOTA = 26,
    MLA_IMAP_CODE_PARSE = 27,
    MLA_IMAP_CODE_PERMANENTFLAGS = 28, /* words */
    MLA_IMAP_CODE_PRIVACYREQUIRED = 29,
    MLA_IMAP_CODE_READ_ONLY = 30,
    MLA_IMAP_CODE_READ_WRITE = 31,
    MLA_IMAP_CODE_REFERRAL = 32, /* words: URLs (RFC 2193, RFC 2221); never followed */
    MLA_IMAP_CODE_SERVERBUG = 33,
    MLA_IMAP_CODE_TOOBIG = 34,
    MLA_IMAP_CODE_TRYCREATE = 35,
    MLA_IMAP_CODE_UIDNEXT = 36, /* number */
    MLA_IMAP_CODE_UIDNOTSTICKY = 37,
    MLA_IMAP_CODE_UIDVALIDITY = 38, /* number */
    MLA_IMAP_CODE_UNAVAILABLE = 39,
    MLA_IMAP_CODE_UNKNOWN_CTE = 40,
    MLA_IMAP_CODE_UNSEEN = 41,          /* number */
    MLA_IMAP_CODE_NEWNAME = 42,         /* words: the old name, the new one (RFC 2060) */
    MLA_IMAP_CODE_BADCOMPARATOR = 43,   /* RFC 5255 */
    MLA_IMAP_CODE_ANNOTATE_TOOBIG = 44, /* ANNOTATE TOOBIG (RFC 5257) */
    MLA_IMAP_CODE_ANNOTATE_TOOMANY = 45,
    MLA_IMAP_CODE_ANNOTATIONS = 46,          /* number: octets; words: NONE, READ-ONLY, NOPRIVATE */
    MLA_IMAP_CODE_METADATA_LONGENTRIES = 47, /* number: octets (RFC 5464) */
    MLA_IMAP_CODE_METADATA_MAXSIZE = 48,     /* number: octets */
    MLA_IMAP_CODE_METADATA_TOOMANY = 49,
    MLA_IMAP_CODE_METADATA_NOPRIVATE = 50,
    MLA_IMAP_CODE_NOTIFICATIONOVERFLOW = 51, /* RFC 5465 */
    MLA_IMAP_CODE_BADEVENT = 52,             /* words: the events that the server knows */
    MLA_IMAP_CODE_UNDEFINED_FILTER = 53,     /* text: its name (RFC 5466) */
    MLA_IMAP_CODE_USEATTR = 54,              /* RFC 6154 */
    MLA_IMAP_CODE_URLMECH = 55,              /* words: INTERNAL, NAME=base64 (RFC 4467) */
    MLA_IMAP_CODE_BADURL = 56,               /* text: the URL (RFC 4469) */
    MLA_IMAP_CODE_COMPRESSIONACTIVE = 57,    /* RFC 4978 */
    MLA_IMAP_CODE_NOUPDATE = 58,             /* text: the tag (RFC 5267) */
    MLA_IMAP_CODE_TEMPFAIL = 59,             /* RFC 5259 */
    MLA_IMAP_CODE_MAXCONVERTMESSAGES = 60,   /* number */
    MLA_IMAP_CODE_MAXCONVERTPARTS = 61,      /* number */
    MLA_IMAP_CODE_MAILBOXID = 62,            /* text (RFC 8474) */
    MLA_IMAP_CODE_INPROGRESS = 63,           /* text: the tag; number of goal (RFC 9585) */
    MLA_IMAP_CODE_UIDREQUIRED = 64,          /* RFC 9586 */
    MLA_IMAP_CODE_JMAPACCESS = 65,           /* text: the URL, where one is given (RFC 9698) */
    MLA_IMAP_CODE_MESSAGELIMIT = 66,         /* number; uid: the last one done (RFC 9738) */
    MLA_IMAP_CODE_TOOFEW = 67,               /* UIDBATCHES: batches too small */
    MLA_IMAP_CODE_TOOMANY = 68,              /* UIDBATCHES: batches too large or too many */
    MLA_IMAP_CODE_THROTTLED = 69,            /* Gmail, Dovecot */
    MLA_IMAP_CODE_WEBALERT = 70              /* Gmail: text: the URL of a page to log in on */
};

/* fields of mla_imap_code: which of its values the server gave */
enum {
    MLA_IMAP_CODE_HAS_NUMBER = 1,
    MLA_IMAP_CODE_HAS_GOAL = 2,
    MLA_IMAP_CODE_HAS_UID = 4,
    MLA_IMAP_CODE_HAS_TEXT = 8
};

/* A response code in brackets. */
typedef struct mla_imap_code {
    uint32_t struct_size;
    uint32_t id;          /* MLA_IMAP_CODE_* */
    mla_str atom;         /* as written: "APPENDUID" */
    mla_str raw;          /* all between the brackets */
    uint64_t number;      /* where the code has one */
    uint32_t uidvalidity; /* APPENDUID, COPYUID */
    uint32_t word_count;
    const mla_str *words;    /* CAPABILITY, PERMANENTFLAGS, BADCHARSET, REFERRAL ... */
    const mla_range *source; /* COPYUID, MODIFIED: in the order written */
    size_t source_count;
    const mla_range *destination; /* COPYUID, APPENDUID */
    size_t destination_count;
    uint32_t fields; /* MLA_IMAP_CODE_HAS_*: what came of number, goal, uid, text */
    uint32_t uid;    /* MESSAGELIMIT: the lowest that was done */
    uint64_t goal;   /* INPROGRESS: number grows up to it */
    mla_str text;    /* INPROGRESS, NOUPDATE: a tag; MAILBOXID; UNDEFINED-FILTER; a URL */
} mla_imap_code;

/* A greeting or an untagged status line. */
typedef struct mla_imap_text {
    uint32_t struct_size;
    uint32_t status;           /* MLA_IMAP_OK ... MLA_IMAP_PREAUTH */
    const mla_imap_code *code; /* NULL: none */
    mla_str text;              /* the server's words, as sent */
    uint32_t is_tls;           /* it came under TLS; if not, anybody may have written it */
    uint32_t reserved;
    uint32_t reason;  /* MLA_REASON_*: of NO, BAD, BYE, and OK with an alert */
    uint32_t wait_ms; /* how long the server asks to wait, 0: it does not say */
} mla_imap_text;

/* How a command ended. */
typedef struct mla_imap_done {
    uint32_t struct_size;
    int32_t error;             /* 0, MLA_E_NO, MLA_E_BAD, MLA_E_AUTH, MLA_E_UNSUPPORTED, ... */
    uint32_t status;           /* MLA_IMAP_OK, _NO, _BAD; 0 when the server was not asked */
    uint32_t is_tls;           /* the answer came under TLS */
    const mla_imap_code *code; /* NULL: none */
    mla_str text;              /* the server's words, or the library's when status is 0 */
    uint32_t reason;  /* MLA_REASON_*: what the answer, or words right before it, tell of why */
    uint32_t wait_ms; /* how long the server asks to wait, 0: it does not say */
} mla_imap_done;

/* What a FETCH answer holds, and what a FETCH command asks for. */
enum {
    MLA_IMAP_ITEM_FLAGS = 1,
    MLA_IMAP_ITEM_UID = 2,
    MLA_IMAP_ITEM_ENVELOPE = 4,
    MLA_IMAP_ITEM_SIZE = 8, /* RFC822.SIZE */
    MLA_IMAP_ITEM_INTERNALDATE = 16,
    MLA_IMAP_ITEM_BODY = 32, /* BODY: the structure without extension fields */
    MLA_IMAP_ITEM_BODYSTRUCTURE = 64,
    MLA_IMAP_ITEM_MODSEQ = 128,   /* CONDSTORE */
    MLA_IMAP_ITEM_SECTIONS = 256, /* answer only: there are sections */
    /* in mla_imap_fetch_more: */
    MLA_IMAP_ITEM_EMAILID = 512,         /* OBJECTID (RFC 8474) */
    MLA_IMAP_ITEM_THREADID = 1024,       /* OBJECTID */
    MLA_IMAP_ITEM_SAVEDATE = 2048,       /* SAVEDATE (RFC 8514) */
    MLA_IMAP_ITEM_PREVIEW = 4096,        /* PREVIEW (RFC 8970) */
    MLA_IMAP_ITEM_PREVIEW_LAZY = 8192,   /* asked for only: PREVIEW if it costs no time */
    MLA_IMAP_ITEM_GM_MESSAGE_ID = 16384, /* X-GM-EXT-1, as the next two */
    MLA_IMAP_ITEM_GM_THREAD_ID = 32768,
    MLA_IMAP_ITEM_GM_LABELS = 65536,
    MLA_IMAP_ITEM_ANNOTATIONS = 131072, /* answer only, as the next: ANNOTATE-EXPERIMENT-1 */
    MLA_IMAP_ITEM_BINARY_SIZES = 262144 /* BINARY (RFC 3516) */
};

/* The flags of RFC 9051 section 2.3.2 as bits; all flags, these included, are in words. */
enum {
    MLA_IMAP_FLAG_SEEN = 1,
    MLA_IMAP_FLAG_ANSWERED = 2,
    MLA_IMAP_FLAG_FLAGGED = 4,
    MLA_IMAP_FLAG_DELETED = 8,
    MLA_IMAP_FLAG_DRAFT = 16,
    MLA_IMAP_FLAG_RECENT = 32,   /* RFC 3501 */
    MLA_IMAP_FLAG_ANY = 64,      /* \* in PERMANENTFLAGS: new keywords may be made */
    MLA_IMAP_FLAG_KEYWORDS = 128 /* there are others among the words */
};

/* RFC 9051 section 7.5.2, ENVELOPE. Text is as the message has it: encoded words are not decoded
 * (mla_mime_decode_header() does). Strings the server left out have ptr NULL. */
typedef struct mla_imap_envelope {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str date;
    mla_str subject;
    mla_str in_reply_to;
    mla_str message_id;
    const mla_address *from;
    size_t from_count;
    const mla_address *sender;
    size_t sender_count;
    const mla_address *reply_to;
    size_t reply_to_count;
    const mla_address *to;
    size_t to_count;
    const mla_address *cc;
    size_t cc_count;
    const mla_address *bcc;
    size_t bcc_count;
} mla_imap_envelope;

enum {
    MLA_IMAP_BODY_BASIC = 0,
    MLA_IMAP_BODY_TEXT = 1,
    MLA_IMAP_BODY_MESSAGE = 2,
    MLA_IMAP_BODY_MULTIPART = 3
};

/* One part of BODY or BODYSTRUCTURE (RFC 9051 section 7.5.2). Parameters are name, value, name,
 * value ... Those of RFC 2231 ("filename*0*"), which servers pass on as they are in the message,
 * are joined and decoded to UTF-8 under their plain name; a plain one of the same name is left out.
 * A file name is the sender's: check it before it becomes one of yours. */
typedef struct mla_imap_body {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_BODY_* */
    mla_str type;  /* "TEXT"; "MULTIPART" for a multipart */
    mla_str subtype;
    mla_str section; /* the part's number, "1.2"; empty for a multipart at the top */
    const mla_str *params;
    size_t param_count; /* number of strings: twice the number of parameters */
    mla_str id;
    mla_str description;
    mla_str encoding;
    uint64_t size;                            /* octets as transferred */
    uint64_t lines;                           /* text and message parts */
    const struct mla_imap_envelope *envelope; /* message parts, else NULL */
    const struct mla_imap_body *parent;       /* NULL at the top */
    const struct mla_imap_body *child; /* first child: parts of a multipart, or the message */
    const struct mla_imap_body *next;  /* next sibling */
    uint32_t child_count;
    uint32_t extended; /* extension fields were there */
    mla_str md5;
    mla_str disposition; /* "ATTACHMENT" */
    const mla_str *disposition_params;
    size_t disposition_param_count;
    const mla_str *languages;
    size_t language_count;
    mla_str location;
    mla_str extension; /* raw text of fields behind location, empty when none */
} mla_imap_body;

enum { MLA_IMAP_SECTION_BODY = 0, MLA_IMAP_SECTION_BINARY = 1, MLA_IMAP_SECTION_RFC822 = 2 };

/* One BODY[section] of a FETCH answer. Small sections come inside the FETCH event; larger ones
 * (MLA_LIMIT_INLINE) as SECTION_BEGIN, CHUNK ..., and then FETCH, in which streamed is 1 and data
 * empty. FETCH is the commit: before it the octets may still turn out to be void. */
typedef struct mla_imap_section {
    uint32_t struct_size;
    uint32_t kind;   /* MLA_IMAP_SECTION_* */
    mla_str name;    /* between the brackets: "", "HEADER", "1.2.MIME", "HEADER.FIELDS (A B)" */
    uint32_t is_nil; /* the server has no such data: not the same as empty */
    uint32_t streamed;
    uint32_t has_origin; /* <origin> was there: data is a piece that begins at origin */
    uint32_t seq;        /* message number */
    uint32_t uid;        /* 0: not known yet */
    uint32_t reserved;
    uint64_t origin;
    uint64_t size; /* octets */
    mla_str data;
    const struct mla_imap_section *next; /* NULL: the last */
} mla_imap_section;

/* Data of one message; fields says which of it really came. */
typedef struct mla_imap_fetch {
    uint32_t struct_size;
    uint32_t fields; /* MLA_IMAP_ITEM_* */
    uint32_t seq;    /* message number */
    uint32_t uid;
    uint32_t flags; /* MLA_IMAP_FLAG_* */
    uint32_t word_count;
    const mla_str *words; /* all flags as written */
    uint64_t size;        /* RFC822.SIZE, octets; what the server claims */
    uint64_t modseq;
    int64_t internal_date; /* seconds since 1970-01-01 UTC */
    int32_t internal_zone; /* minutes east of UTC, as written */
    uint32_t section_count;
    const mla_imap_envelope *envelope; /* NULL: did not come */
    const mla_imap_body *body;         /* NULL: did not come */
    const mla_imap_section *sections;  /* the first; NULL: none */
    const mla_imap_fetch_more *more;   /* items of extensions; NULL: none came */
} mla_imap_fetch;

/* Mailbox attributes (RFC 9051 section 7.3.1, RFC 6154, RFC 8457) as bits; all are in words. */
enum {
    MLA_IMAP_MBOX_NOINFERIORS = 1,
    MLA_IMAP_MBOX_NOSELECT = 2,
    MLA_IMAP_MBOX_MARKED = 4,
    MLA_IMAP_MBOX_UNMARKED = 8,
    MLA_IMAP_MBOX_HASCHILDREN = 16,
    MLA_IMAP_MBOX_HASNOCHILDREN = 32,
    MLA_IMAP_MBOX_NONEXISTENT = 64,
    MLA_IMAP_MBOX_SUBSCRIBED = 128,
    MLA_IMAP_MBOX_REMOTE = 256,
    MLA_IMAP_MBOX_ALL = 512,
    MLA_IMAP_MBOX_ARCHIVE = 1024,
    MLA_IMAP_MBOX_DRAFTS = 2048,
    MLA_IMAP_MBOX_FLAGGED = 4096,
    MLA_IMAP_MBOX_IMPORTANT = 8192,
    MLA_IMAP_MBOX_JUNK = 16384,
    MLA_IMAP_MBOX_SENT = 32768,
    MLA_IMAP_MBOX_TRASH = 65536
};

typedef struct mla_imap_list {
    uint32_t struct_size;
    uint32_t attributes; /* MLA_IMAP_MBOX_* */
    mla_str name;       /* UTF-8, with a final NUL behind it; equal to raw_name where that cannot be
                           decoded */
    mla_str raw_name;   /* the octets on the wire: what mla_imap_*_raw arguments take */
    uint32_t delimiter; /* one character, 0 for NIL */
    uint32_t is_lsub;   /* answer to LSUB */
    uint32_t is_undecodable; /* raw_name is neither modified UTF-7 nor UTF-8 */
    uint32_t word_count;
    const mla_str *words; /* attributes as written */
    uint32_t child_info;  /* MLA_IMAP_CHILD_*: what children have that was selected */
    uint32_t is_renamed;  /* old_name is there */
    mla_str old_name;     /* OLDNAME (RFC 9051 section 6.3.9.7), as name */
    mla_str raw_old_name;
    uint32_t is_surplus; /* no pattern that was asked for matches it (SmarterMail): leave it out */
    uint32_t reserved;
} mla_imap_list;

/* CHILDINFO (RFC 5258 section 3.5): there are children, matching or not, that are ... */
enum {
    MLA_IMAP_CHILD_SUBSCRIBED = 1,
    MLA_IMAP_CHILD_SPECIAL_USE = 2,
    MLA_IMAP_CHILD_OTHER = 4 /* selected by something that is not known here */
};

enum {
    MLA_IMAP_STATUS_MESSAGES = 1,
    MLA_IMAP_STATUS_UIDNEXT = 2,
    MLA_IMAP_STATUS_UIDVALIDITY = 4,
    MLA_IMAP_STATUS_UNSEEN = 8,
    MLA_IMAP_STATUS_RECENT = 16,
    MLA_IMAP_STATUS_DELETED = 32,
    MLA_IMAP_STATUS_SIZE = 64,
    MLA_IMAP_STATUS_HIGHESTMODSEQ = 128,
    MLA_IMAP_STATUS_DELETED_STORAGE = 256, /* RFC 9208: octets that EXPUNGE would free */
    MLA_IMAP_STATUS_APPENDLIMIT = 512,     /* RFC 7889 */
    MLA_IMAP_STATUS_MAILBOXID = 1024       /* RFC 8474 */
};

typedef struct mla_imap_status {
    uint32_t struct_size;
    uint32_t fields; /* MLA_IMAP_STATUS_* that came */
    mla_str name;    /* UTF-8, as in mla_imap_list */
    mla_str raw_name;
    uint32_t messages;
    uint32_t uidnext;
    uint32_t uidvalidity;
    uint32_t unseen;
    uint32_t recent;
    uint32_t deleted;
    uint64_t size;
    uint64_t highestmodseq;
    uint64_t deleted_storage; /* octets */
    uint64_t append_limit; /* octets of one message; 2^64-1: the server says that there is none */
    mla_str mailbox_id;
} mla_imap_status;

/* fields of mla_imap_search, and results of mla_imap_search_args (docs/imap-search.md). */
enum {
    MLA_IMAP_SEARCH_MIN = 1,
    MLA_IMAP_SEARCH_MAX = 2,
    MLA_IMAP_SEARCH_COUNT = 4,
    MLA_IMAP_SEARCH_ALL = 8,
    MLA_IMAP_SEARCH_MODSEQ = 16,      /* answer only */
    MLA_IMAP_SEARCH_PARTIAL = 32,     /* a window of the results (RFC 9394, RFC 5267) */
    MLA_IMAP_SEARCH_RELEVANCY = 64,   /* how well each result fits (RFC 6203) */
    MLA_IMAP_SEARCH_ADDTO = 128,      /* answer only: additions to an earlier result (RFC 5267) */
    MLA_IMAP_SEARCH_REMOVEFROM = 256, /* answer only: removals from it */
    MLA_IMAP_SEARCH_SAVE = 512,       /* asked for only: the server keeps the result (RFC 5182) */
    MLA_IMAP_SEARCH_CONTEXT = 1024,   /* asked for only: more such searches follow (RFC 5267) */
    MLA_IMAP_SEARCH_UPDATE = 2048     /* asked for only: tell changes of the result (RFC 5267) */
};

/* A change of an earlier search's result (RFC 5267 section 4.3). Frozen. position: where in the
 * result the first of the messages is put or was, counted from 1; 0: in the mailbox's order, or
 * wherever it is. Changes are applied one after the other. */
enum { MLA_IMAP_CHANGE_ADD = 1, MLA_IMAP_CHANGE_REMOVE = 2 };
typedef struct mla_imap_search_change {
    uint32_t what; /* MLA_IMAP_CHANGE_* */
    uint32_t position;
    uint32_t first, last; /* numbers or UIDs, in this order */
} mla_imap_search_change;

/* A batch of SEARCH, ESEARCH or VANISHED: a long answer comes as several events, in order. */
typedef struct mla_imap_search {
    uint32_t struct_size;
    uint32_t fields;     /* MLA_IMAP_SEARCH_* that came with this batch */
    uint32_t is_uid;     /* UIDs; else message numbers */
    uint32_t is_last;    /* no further batch of this answer */
    uint32_t is_earlier; /* VANISHED (EARLIER) */
    uint32_t min, max, count;
    const mla_range *ranges; /* never expanded: 1:4294967295 is one range */
    size_t range_count;
    uint64_t modseq;
    uint32_t is_sorted;   /* ranges are in the order that SORT asked for, each from first to last */
    uint32_t uidvalidity; /* of mailbox; 0: not told */
    mla_str mailbox;      /* MULTISEARCH: where the messages are, UTF-8; ptr NULL: here */
    mla_str raw_mailbox;  /* as on the wire */
    int64_t partial_first; /* PARTIAL: the window that ranges are of, as in mla_imap_search_args */
    int64_t partial_last;
    const mla_imap_search_change *changes; /* ADDTO, REMOVEFROM */
    size_t change_count;
    const uint32_t *scores; /* RELEVANCY: 1 to 100, in the order of the results */
    size_t score_count;
} mla_imap_search;

/* What was wrong with an answer; the session goes on (docs/imap.md). */
enum {
    MLA_IMAP_WARN_SYNTAX = 1,         /* an answer or an item could not be read and was dropped */
    MLA_IMAP_WARN_RANGE = 2,          /* a number, flag or date out of range was dropped */
    MLA_IMAP_WARN_UNKNOWN_NUMBER = 3, /* FETCH or EXPUNGE for a message that does not exist */
    MLA_IMAP_WARN_UNKNOWN_TAG = 4,    /* a tagged answer to no command of ours */
    MLA_IMAP_WARN_LITERAL = 5,        /* a literal was longer or shorter by a line end */
    MLA_IMAP_WARN_UNASKED = 6,        /* data of a kind that no command asked for */
    MLA_IMAP_WARN_LIMIT = 7           /* parsed data over its limit was dropped */
};
typedef struct mla_imap_warning {
    uint32_t struct_size;
    uint32_t id;     /* MLA_IMAP_WARN_* */
    mla_str raw;     /* the octets concerned, cut to 1,024 */
    uint64_t offset; /* in the stream since the connection began */
} mla_imap_warning;

#ifdef __cplusplus
}
#endif

#endif
