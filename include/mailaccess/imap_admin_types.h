/* imap_admin_types.h - records about mailboxes and the server: ID, NAMESPACE, ACL, QUOTA, METADATA,
 * LANGUAGE and their like. No functions: imap_admin.h has them.
 *
 * The first part are answers, which live as long as their event (imap_types.h); the second are
 * arguments, which begin with struct_size and whose zero fields are harmless (imap_args.h). Mailbox
 * names come as UTF-8 with a final NUL behind them, and raw as they were on the wire. Lists of
 * pairs are strings: name, value, name, value ...; their count is that of the strings. */
#ifndef MAILACCESS_IMAP_ADMIN_TYPES_H
#define MAILACCESS_IMAP_ADMIN_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- answers --- */

/* What the server says about itself (RFC 2971 section 3.2). Not to be believed, and not to be acted
 * upon. */
typedef struct mla_imap_identity {
    uint32_t struct_size;
    uint32_t is_nil;       /* the server says nothing */
    const mla_str *fields; /* "name", "Cyrus", "version", "1.5" ...; a value of NIL has ptr NULL */
    size_t field_count;    /* number of strings */
} mla_imap_identity;

/* One namespace (RFC 2342 section 5, RFC 9051 section 7.3.2). */
typedef struct mla_imap_namespace_entry {
    uint32_t struct_size;
    uint32_t delimiter; /* one character, 0 for NIL */
    mla_str prefix;     /* UTF-8 with a final NUL behind it, as names in mla_imap_list */
    mla_str raw_prefix;
    const mla_str
        *extensions;        /* "X-PARAM", "FLAG1", "X-PARAM", "FLAG2": a name, one of its values */
    size_t extension_count; /* number of strings */
    const struct mla_imap_namespace_entry *next; /* NULL: the last */
} mla_imap_namespace_entry;

typedef struct mla_imap_namespaces {
    uint32_t struct_size;
    uint32_t reserved;
    const mla_imap_namespace_entry *personal; /* the first; NULL: none */
    const mla_imap_namespace_entry *other;    /* other users' */
    const mla_imap_namespace_entry *shared;
} mla_imap_namespaces;

/* Rights (RFC 4314 section 2.1) as bits; RFC 2086's "c" and "d" are what they stand for, when none
 * of the letters that took their place is there. */
enum {
    MLA_IMAP_RIGHT_LOOKUP = 1,           /* l */
    MLA_IMAP_RIGHT_READ = 2,             /* r */
    MLA_IMAP_RIGHT_SEEN = 4,             /* s */
    MLA_IMAP_RIGHT_WRITE = 8,            /* w */
    MLA_IMAP_RIGHT_INSERT = 16,          /* i */
    MLA_IMAP_RIGHT_POST = 32,            /* p */
    MLA_IMAP_RIGHT_CREATE = 64,          /* k */
    MLA_IMAP_RIGHT_DELETE_MAILBOX = 128, /* x */
    MLA_IMAP_RIGHT_DELETE = 256,         /* t: \Deleted */
    MLA_IMAP_RIGHT_EXPUNGE = 512,        /* e */
    MLA_IMAP_RIGHT_ADMIN = 1024,         /* a */
    MLA_IMAP_RIGHT_ANNOTATE = 2048,      /* n (RFC 5257) */
    MLA_IMAP_RIGHT_OTHER = 4096          /* there are other letters */
};

/* ACL (RFC 4314 section 3.6). */
typedef struct mla_imap_acl {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str name;
    mla_str raw_name;
    const mla_str *entries; /* "fred", "lrswi", "-anyone", "w" ...: identifier, its rights */
    size_t entry_count;     /* number of strings */
} mla_imap_acl;

/* MYRIGHTS (RFC 4314 section 3.8), also as answer to LIST. */
typedef struct mla_imap_my_rights {
    uint32_t struct_size;
    uint32_t rights; /* MLA_IMAP_RIGHT_* */
    mla_str name;
    mla_str raw_name;
    mla_str letters; /* as written */
} mla_imap_my_rights;

/* LISTRIGHTS (RFC 4314 section 3.7): which rights an identifier may be given. */
typedef struct mla_imap_list_rights {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str name;
    mla_str raw_name;
    mla_str identifier;
    mla_str required;       /* letters that it always has */
    const mla_str *options; /* letters that may be granted; those of one string go together */
    size_t option_count;
} mla_imap_list_rights;

/* What a quota counts (RFC 9208 section 5). */
enum {
    MLA_IMAP_QUOTA_OTHER = 0,             /* see name: "X-NUM-FOLDERS" */
    MLA_IMAP_QUOTA_STORAGE = 1,           /* messages, in units of 1,024 octets */
    MLA_IMAP_QUOTA_MESSAGE = 2,           /* number of messages */
    MLA_IMAP_QUOTA_MAILBOX = 3,           /* number of mailboxes */
    MLA_IMAP_QUOTA_ANNOTATION_STORAGE = 4 /* annotations, in units of 1,024 octets */
};

typedef struct mla_imap_quota_resource {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_QUOTA_* */
    mla_str name;  /* as written */
    uint64_t usage;
    uint64_t limit;
    const struct mla_imap_quota_resource *next; /* NULL: the last */
} mla_imap_quota_resource;

/* QUOTA (RFC 9208 section 4.2.1): one quota root. */
typedef struct mla_imap_quota {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str root;
    const mla_imap_quota_resource *resources; /* the first; NULL: nothing is limited */
} mla_imap_quota;

/* QUOTAROOT (RFC 9208 section 4.2.2): which quota roots a mailbox counts for. */
typedef struct mla_imap_quota_root {
    uint32_t struct_size;
    uint32_t root_count;
    mla_str name;
    mla_str raw_name;
    const mla_str *roots; /* as GETQUOTA takes them */
} mla_imap_quota_root;

/* METADATA (RFC 5464 section 4.4). */
typedef struct mla_imap_metadata {
    uint32_t struct_size;
    uint32_t is_news; /* no values came: entries are names alone, of what somebody has changed */
    mla_str name;     /* the mailbox; empty: the server */
    mla_str raw_name;
    const mla_str *entries; /* "/shared/comment", "My comment" ...; NIL has ptr NULL */
    size_t entry_count;     /* number of strings */
} mla_imap_metadata;

/* LANGUAGE (RFC 5255 section 3.3): one word: the language now in use; more: those there are. */
typedef struct mla_imap_languages {
    uint32_t struct_size;
    uint32_t word_count;
    const mla_str *words; /* "DE", "i-default" */
} mla_imap_languages;

/* COMPARATOR (RFC 5255 section 4.8). */
typedef struct mla_imap_comparators {
    uint32_t struct_size;
    uint32_t word_count;
    mla_str active;       /* "i;unicode-casemap" */
    const mla_str *words; /* those that matched what was asked for */
} mla_imap_comparators;

/* JMAPACCESS (RFC 9698): where the same mail can be had by JMAP. */
typedef struct mla_imap_jmap_access {
    uint32_t struct_size;
    uint32_t reserved;
    mla_str url; /* of the session resource; never fetched by the library */
} mla_imap_jmap_access;

/* --- arguments --- */

typedef struct mla_imap_id_args {
    uint32_t struct_size;
    uint32_t is_nil;       /* != 0: say NIL and nothing about the client */
    const mla_str *fields; /* name, value, name, value ...; a value of ptr NULL is NIL */
    size_t field_count;    /* number of strings; 0: the library's name and version */
} mla_imap_id_args;

/* What SETACL does with rights that are there already. */
enum { MLA_IMAP_ACL_REPLACE = 0, MLA_IMAP_ACL_ADD = 1, MLA_IMAP_ACL_REMOVE = 2 };

/* SETACL, DELETEACL, LISTRIGHTS. */
typedef struct mla_imap_acl_args {
    uint32_t struct_size;
    uint32_t mode;          /* MLA_IMAP_ACL_*; SETACL only */
    const char *mailbox;    /* UTF-8 */
    mla_str raw_mailbox;    /* or as LIST gave it */
    const char *identifier; /* UTF-8: a user, "anyone", "-fred" for rights taken away */
    const char *rights;     /* letters; NULL: none. SETACL only */
} mla_imap_acl_args;

/* One limit of SETQUOTA. */
typedef struct mla_imap_quota_limit {
    uint32_t struct_size;
    uint32_t kind;    /* MLA_IMAP_QUOTA_* */
    const char *name; /* with kind OTHER: the resource's name */
    uint64_t limit;   /* in the unit of the resource, to 2^63-1 */
} mla_imap_quota_limit;

typedef struct mla_imap_quota_args {
    uint32_t struct_size;
    uint32_t reserved;                  /* 0 */
    mla_str root;                       /* as QUOTAROOT gave it; empty is a root like others */
    const mla_imap_quota_limit *limits; /* SETQUOTA: all others are taken away */
    size_t limit_count;
} mla_imap_quota_args;

/* How far below the entries that are named GETMETADATA goes (RFC 5464 section 4.2.2). */
enum {
    MLA_IMAP_DEPTH_0 = 0,       /* the entries themselves */
    MLA_IMAP_DEPTH_1 = 1,       /* and those right below them */
    MLA_IMAP_DEPTH_INFINITY = 2 /* and all below those */
};

typedef struct mla_imap_metadata_args {
    uint32_t struct_size;
    uint32_t depth;         /* MLA_IMAP_DEPTH_*; GETMETADATA only */
    const char *mailbox;    /* UTF-8; NULL or "": the server's own entries */
    mla_str raw_mailbox;    /* or as LIST gave it */
    uint64_t max_size;      /* of a value, octets; 0: what fits into MLA_LIMIT_RESPONSE */
    const mla_str *entries; /* GETMETADATA: names; SETMETADATA: name, value ... */
    size_t entry_count;     /* number of strings */
} mla_imap_metadata_args;

/* LANGUAGE: languages (RFC 5646), the best one first; COMPARATOR: comparators or patterns of them
 * with "*". None: LANGUAGE asks which there are, COMPARATOR which one is in use. */
typedef struct mla_imap_words_args {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    const mla_str *words;
    size_t word_count;
} mla_imap_words_args;

#ifdef __cplusplus
}
#endif

#endif
