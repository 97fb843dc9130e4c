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
    MLA_POP3_EV_DONE = 1,      /* a command has ended: mla_pop3_event_done() */
    MLA_POP3_EV_STAT = 2,      /* count and size of the maildrop: mla_pop3_event_stat() */
    MLA_POP3_EV_ITEM = 3,      /* a batch of LIST or UIDL lines: mla_pop3_event_item() */
    MLA_POP3_EV_CHUNK = 4,     /* octets of a message: mla_pop3_event_chunk() */
    MLA_POP3_EV_GREETING = 5,  /* the greeting: mla_pop3_event_greeting() */
    MLA_POP3_EV_WARNING = 6,   /* something could not be read: mla_pop3_event_warning() */
    MLA_POP3_EV_MECHANISM = 7, /* a log-in begins another time: mla_pop3_event_mechanism() */
    MLA_POP3_EV_LANGUAGE = 8,  /* a language that the server has: mla_pop3_event_language() */
    MLA_POP3_EV_TOKEN = 11     /* a token is asked for: mla_pop3_event_token() (token.h) */
};

/* About the connection. */
enum {
    MLA_POP3_EV_CERTIFICATE =
        70 /* is it good enough? mla_pop3_event_certificate() (certificate.h) */
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
    MLA_POP3_CMD_QUIT = 12,
    MLA_POP3_CMD_UTF8 = 13,
    MLA_POP3_CMD_LANG = 14,
    MLA_POP3_CMD_OTHER = 15 /* of mla_pop3_command() */
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
    uint32_t reason;  /* -ERR: MLA_REASON_*, from the code or the words; also when an error is not
                         from an answer but the connection was closed with a reason */
    uint32_t wait_ms; /* how long the server asks to wait, from its words or from wait_s; 0: it did
                         not say */
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

/* What a server announces (RFC 2449 section 6, and the documents named). */
enum {
    MLA_POP3_CAP_TOP = 0x1,
    MLA_POP3_CAP_UIDL = 0x2,
    MLA_POP3_CAP_USER = 0x4, /* USER and PASS */
    MLA_POP3_CAP_SASL = 0x8, /* AUTH, with the mechanisms in sasl (RFC 5034) */
    MLA_POP3_CAP_STLS = 0x10,
    MLA_POP3_CAP_RESP_CODES = 0x20,     /* a "[" that begins a text begins a response code */
    MLA_POP3_CAP_AUTH_RESP_CODE = 0x40, /* -ERR [AUTH] says that the credentials are the trouble */
    MLA_POP3_CAP_PIPELINING = 0x80,
    MLA_POP3_CAP_UTF8 = 0x100,             /* the command UTF8 (RFC 6856 section 2) */
    MLA_POP3_CAP_UTF8_USER = 0x200,        /* names and passwords beyond ASCII (section 2.2) */
    MLA_POP3_CAP_LANG = 0x400,             /* the command LANG (RFC 6856 section 3) */
    MLA_POP3_CAP_EXPIRE = 0x800,           /* expire_days holds */
    MLA_POP3_CAP_EXPIRE_NEVER = 0x1000,    /* the server deletes nothing by itself */
    MLA_POP3_CAP_EXPIRE_USER = 0x2000,     /* it differs by user: known better after the log-in */
    MLA_POP3_CAP_LOGIN_DELAY = 0x4000,     /* login_delay_s holds */
    MLA_POP3_CAP_LOGIN_DELAY_USER = 0x8000 /* it differs by user: known better after the log-in */
};

enum {
    MLA_POP3_CAPABILITIES_UNKNOWN = 0, /* not asked yet, or forgotten with TLS */
    MLA_POP3_CAPABILITIES_NONE = 1,    /* asked, and the server has no CAPA */
    MLA_POP3_CAPABILITIES_KNOWN = 2
};

/* The last answer to CAPA, read. Belongs to the session, until the next call that reads events. */
typedef struct mla_pop3_capabilities {
    uint32_t struct_size;
    uint32_t state;         /* MLA_POP3_CAPABILITIES_* */
    uint32_t flags;         /* MLA_POP3_CAP_* */
    uint32_t asked_in;      /* MLA_POP3_STATE_* in which it was asked: values may differ (RFC 2449
                               section 5) */
    uint32_t expire_days;   /* messages stay at least so long; 0: they may go once they were read */
    uint32_t login_delay_s; /* seconds from one log-in to the next that is accepted */
    const mla_str *sasl;    /* the names of mechanisms, as announced */
    size_t sasl_count;
    mla_str implementation; /* ptr NULL: not said. For logs; nothing may depend on it */
} mla_pop3_capabilities;

/* A language of the server's texts (RFC 6856 section 3). */
typedef struct mla_pop3_language {
    uint32_t struct_size;
    uint32_t is_selected; /* it is the one that LANG selected; else one of a list */
    mla_str tag;          /* "de", "en-boont" (RFC 5646) */
    mla_str text;         /* its description, or what the server says to the selection: UTF-8 if the
                             server is right */
} mla_pop3_language;

/* A command that the library does not know. */
typedef struct mla_pop3_command_args {
    uint32_t struct_size;
    uint32_t is_multiline;  /* != 0: lines up to a lone dot follow the +OK: CHUNK events */
    const char *line;       /* keyword and parameters, "XTND XLST Subject", without a line end */
    const char *capability; /* that the server must announce; NULL: none */
} mla_pop3_command_args;

#ifdef __cplusplus
}
#endif

#endif
