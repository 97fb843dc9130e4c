/* imap_command_types.h - records of commands and answers that the library does not know. No
 * functions: imap_command.h has them. */
#ifndef MAILACCESS_IMAP_COMMAND_TYPES_H
#define MAILACCESS_IMAP_COMMAND_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One word of an answer, in the order of the wire (RFC 9051 section 9). */
enum {
    MLA_IMAP_VALUE_ATOM = 1,   /* text: an atom, a flag, a set: whatever is neither of the others */
    MLA_IMAP_VALUE_NUMBER = 2, /* number, text: its digits */
    MLA_IMAP_VALUE_STRING = 3, /* text: a quoted string, unescaped, or a literal */
    MLA_IMAP_VALUE_NIL = 4,
    MLA_IMAP_VALUE_LIST = 5 /* child: the first of child_count values in parentheses */
};

/* A value and, through next and child, the tree that it belongs to. */
typedef struct mla_imap_value {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_VALUE_* */
    mla_str text;  /* ptr NULL for LIST and NIL */
    uint64_t number;
    const struct mla_imap_value *next;   /* NULL: the last */
    const struct mla_imap_value *child;  /* NULL: none */
    const struct mla_imap_value *parent; /* NULL at the top */
    uint32_t child_count;
    uint32_t reserved;
} mla_imap_value;

/* One argument of a command. What each uses is named. */
enum {
    MLA_IMAP_ARG_ATOM = 1,     /* text: printable ASCII without SP ( ) { " % * \ */
    MLA_IMAP_ARG_NUMBER = 2,   /* number */
    MLA_IMAP_ARG_STRING = 3,   /* text without NUL: a quoted string or a literal */
    MLA_IMAP_ARG_SECRET = 4,   /* the same, not shown in traces */
    MLA_IMAP_ARG_OCTETS = 5,   /* text, NUL too: a literal8 (RFC 3516) where NUL is in it */
    MLA_IMAP_ARG_MAILBOX = 6,  /* text: a name in UTF-8, written as the server wants it */
    MLA_IMAP_ARG_RAW_NAME = 7, /* text: a name as LIST gave it */
    MLA_IMAP_ARG_SET = 8,      /* ranges: UIDs or numbers; last 0 is "*" */
    MLA_IMAP_ARG_FLAG = 9,     /* text: "\Seen", "$Label" */
    MLA_IMAP_ARG_NIL = 10,
    MLA_IMAP_ARG_OPEN = 11, /* "(" */
    MLA_IMAP_ARG_CLOSE = 12 /* ")" */
};

typedef struct mla_imap_arg {
    uint32_t struct_size;
    uint32_t kind; /* MLA_IMAP_ARG_* */
    mla_str text;
    uint64_t number;
    const mla_range *ranges;
    size_t range_count;
} mla_imap_arg;

typedef struct mla_imap_command_args {
    uint32_t struct_size;
    uint32_t before_login;  /* != 0: it may be sent without being logged in */
    const char *name;       /* "XSTATS", "UID XMARK": one or two words of letters, digits, - . _ */
    const char *capability; /* that the server must announce; NULL: none */
    const mla_imap_arg *args;
    size_t arg_count;
} mla_imap_command_args;

#ifdef __cplusplus
}
#endif

#endif
