/* pop3_types.h - what a POP3 server's answers look like. No functions.
 *
 * Every record here is made by the library, belongs to an event, and lives until the next call of
 * mla_pop3_next() or mla_pop3_step() on that handle, or until mla_pop3_event_free() for an event
 * that was taken. Records begin with struct_size and grow only at their end. A mla_str is a slice
 * without a final NUL; its ptr is NULL where the server said nothing. */
#ifndef MAILACCESS_POP3_TYPES_H
#define MAILACCESS_POP3_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of events. More will come: ignore those you do not know. */
enum {
    MLA_POP3_EV_DONE = 1,     /* a command has ended: mla_pop3_event_done() */
    MLA_POP3_EV_STAT = 2,     /* count and size of the maildrop: mla_pop3_event_stat() */
    MLA_POP3_EV_ITEM = 3,     /* a batch of LIST or UIDL lines: mla_pop3_event_item() */
    MLA_POP3_EV_CHUNK = 4,    /* octets of a message: mla_pop3_event_chunk() */
    MLA_POP3_EV_GREETING = 5, /* the greeting: mla_pop3_event_greeting() */
    MLA_POP3_EV_WARNING = 6,  /* something could not be read: mla_pop3_event_warning() */
    MLA_POP3_EV_MECHANISM = 7 /* a log-in begins another time: mla_pop3_event_mechanism() */
};

/* Commands, as DONE events name them. */
enum {
    MLA_POP3_CMD_CONNECT = 1, /* greeting and, where asked for, STLS */
    MLA_POP3_CMD_CAPA = 2,
    MLA_POP3_CMD_AUTHENTICATE = 3,
    MLA_POP3_CMD_STAT = 4,
    MLA_POP3_CMD_LIST = 5,
    MLA_POP3_CMD_UIDL = 6,
    MLA_POP3_CMD_TOP = 7,
    MLA_POP3_CMD_RETR = 8,
    MLA_POP3_CMD_DELE = 9,
    MLA_POP3_CMD_NOOP = 10,
    MLA_POP3_CMD_RSET = 11,
    MLA_POP3_CMD_QUIT = 12
};

/* RFC 1939 section 3: status indicators. */
enum { MLA_POP3_OK = 1, MLA_POP3_ERR = 2 };

/* Response codes in brackets (RFC 2449 section 8, RFC 3206, RFC 6856). Deeper levels ("SYS/TEMP/x")
 * do not change which one it is; see code_raw for all of it. */
enum {
    MLA_POP3_CODE_NONE = 0,
    MLA_POP3_CODE_OTHER = 1,       /* not known here */
    MLA_POP3_CODE_LOGIN_DELAY = 2, /* logged in too short a time ago */
    MLA_POP3_CODE_IN_USE = 3,      /* another session has the maildrop */
    MLA_POP3_CODE_SYS_TEMP = 4,    /* the server's own trouble, for a time */
    MLA_POP3_CODE_SYS_PERM = 5,    /* the server's own trouble, until somebody mends it */
    MLA_POP3_CODE_AUTH = 6,        /* the credentials are the trouble */
    MLA_POP3_CODE_UTF8 = 7         /* the message needs UTF-8 mode */
};

/* How a command ended. */
typedef struct mla_pop3_done {
    uint32_t struct_size;
    int32_t error;    /* 0, MLA_E_NO, MLA_E_AUTH, MLA_E_THROTTLED, MLA_E_POLICY, ... */
    uint32_t command; /* MLA_POP3_CMD_* */
    uint32_t number;  /* the message it was about, 0: none */
    uint32_t status;  /* MLA_POP3_OK or _ERR; 0 when no answer came */
    uint32_t is_tls;  /* the answer came under TLS; if not, anybody may have written it */
    uint32_t code;    /* MLA_POP3_CODE_* */
    uint32_t wait_s;  /* MLA_E_THROTTLED: the seconds that the server wants between two log-ins, as
                         it announced; 0: not known */
    mla_str code_raw; /* what stood between the brackets */
    mla_str text;     /* the server's words behind that, or the library's when status is 0 */
} mla_pop3_done;

/* The maildrop (RFC 1939 section 5, STAT). Hints: no message is lost if they are wrong. */
typedef struct mla_pop3_stat {
    uint32_t struct_size;
    uint32_t count; /* messages, those marked as deleted not counted */
    uint64_t size;  /* octets */
} mla_pop3_stat;

enum {
    MLA_POP3_ITEM_NO_SIZE = 1, /* LIST: the size could not be read */
    MLA_POP3_ITEM_ODD_UIDL = 2 /* UIDL: empty, longer than 70 octets, or with octets outside "!" to
                                  "~"; it may serve as a name for this message all the same */
};

/* One line of LIST or UIDL. Join the two by number: servers list in any order, and two messages may
 * have the same UIDL (RFC 1939 section 7). */
typedef struct mla_pop3_item {
    uint32_t struct_size;
    uint32_t number; /* of the message, from 1 */
    uint64_t size;   /* LIST: octets, a hint; 0 for UIDL */
    mla_str uidl;    /* UIDL: as sent; ptr NULL for LIST */
    uint32_t flags;  /* MLA_POP3_ITEM_* */
    uint32_t reserved;
} mla_pop3_item;

typedef struct mla_pop3_greeting {
    uint32_t struct_size;
    uint32_t is_tls; /* it came under TLS; if not, anybody may have written it */
    mla_str text;    /* all behind "+OK " */
    mla_str stamp;   /* the time stamp for APOP, "<...>"; ptr NULL: none, or not well-formed */
} mla_pop3_greeting;

enum { MLA_POP3_WARNING_LINE = 1 /* a line of a listing has no message number: dropped */ };

typedef struct mla_pop3_warning {
    uint32_t struct_size;
    uint32_t code; /* MLA_POP3_WARNING_* */
    mla_str raw;   /* the line, without its end */
} mla_pop3_warning;

#ifdef __cplusplus
}
#endif

#endif
