/* types.h - the small types that everything else is said in. No functions.
 *
 * Frozen: mla_str, mla_range, mla_error and mla_address never change their layout. */
#ifndef MAILACCESS_TYPES_H
#define MAILACCESS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) || defined(__clang__)
#define MLA_API __attribute__((visibility("default")))
#else
#define MLA_API
#endif

/* A slice of somebody's buffer. There is no final NUL: use len. ptr is NULL where the protocol
 * said NIL or nothing, and not NULL with len 0 for an empty string. */
typedef struct mla_str {
    const char *ptr;
    size_t len;
} mla_str;

/* Message numbers or UIDs from first to last, both included. 0 stands for "*", the highest number
 * in use (RFC 9051 section 9, seq-number). The order of the two does not matter. */
typedef struct mla_range {
    uint32_t first;
    uint32_t last;
} mla_range;

/* What went wrong, copied out to the caller. code is one of MLA_E_*; the other numbers are for
 * logs. message is one line of UTF-8 with a final NUL, without control characters, and never holds
 * a secret. 256 octets for ever. */
typedef struct mla_error {
    int32_t code;     /* MLA_E_* or 0 */
    int32_t domain;   /* MLA_DOMAIN_*: which part of the library spoke */
    int32_t sys_code; /* errno, or 0 */
    int32_t tls_code; /* the TLS library's own number, or 0 */
    uint64_t ticket;  /* the command concerned, or 0 */
    uint64_t offset;  /* octets received before the fault, or the place in a document */
    char message[224];
} mla_error;

/* One entry of an address list (RFC 5322 section 3.4; RFC 9051 section 7.5.2, envelope).
 * Groups are flat: GROUP_BEGIN with the group's name in name, its members, GROUP_END.
 * name and mailbox@host are what the source says; each header that hands out addresses says whether
 * name is decoded. host is empty where none was given. */
typedef struct mla_address {
    mla_str name;
    mla_str mailbox;
    mla_str host;
    uint32_t kind; /* MLA_ADDRESS_* */
    uint32_t reserved;
} mla_address;

enum { MLA_ADDRESS_MAILBOX = 0, MLA_ADDRESS_GROUP_BEGIN = 1, MLA_ADDRESS_GROUP_END = 2 };

/* Who logs in, and with what. An input record: all is copied by the call that takes it, and the
 * copy is wiped after use. Give password or token or neither (EXTERNAL, where TLS already said who
 * we are, and ANONYMOUS); with both, the password is not used. Neither may hold a NUL octet, nor
 * may be longer than 65,536 octets. Text is UTF-8. */
typedef struct mla_credentials {
    uint32_t struct_size;
    uint32_t reserved;       /* 0 */
    const char *user;        /* whose password or token it is; may be NULL where there is neither */
    const char *authzid;     /* whom to act as, where that is somebody else; NULL: the same */
    const char *password;    /* NULL: none */
    size_t password_len;     /* in octets */
    const char *token;       /* an OAuth 2 access token (RFC 6750), NULL: none */
    size_t token_len;        /* in octets */
    uint32_t token_requests; /* how often the log-in may ask for a token (token.h); 0: never */
    uint32_t reserved_2;     /* 0 */
} mla_credentials;

enum {
    MLA_DOMAIN_NONE = 0,
    MLA_DOMAIN_CALL = 1, /* arguments and states of a call */
    MLA_DOMAIN_NET = 2,  /* name resolution, TCP */
    MLA_DOMAIN_TLS = 3,
    MLA_DOMAIN_SASL = 4,
    MLA_DOMAIN_IMAP = 5,
    MLA_DOMAIN_POP3 = 6,
    MLA_DOMAIN_MIME = 7
};

/* The errors, in bands that say what may still be done (docs/errors.md). Zero is success. */
enum {
    MLA_OK = 0,
    /* -1 ... -19: the answer is "no"; the session is healthy */
    MLA_E_NO = -1,          /* the server said NO */
    MLA_E_BAD = -2,         /* the server said BAD: it did not understand the command */
    MLA_E_AUTH = -3,        /* the log-in was refused */
    MLA_E_UNSUPPORTED = -4, /* not supported by the server or by this build */
    MLA_E_TIMEOUT = -5,     /* the wait is over; the command goes on */
    MLA_E_CANCELLED = -6,   /* interrupted */
    MLA_E_POLICY = -7,      /* the configuration forbids it */
    MLA_E_THROTTLED = -8,   /* the server asks to wait before trying again */
    /* -20 ... -39: the call was wrong; nothing was done */
    MLA_E_ARG = -20,   /* an argument is not valid */
    MLA_E_STATE = -21, /* not possible in this state */
    MLA_E_BUSY = -22,  /* another command is under way */
    MLA_E_LIMIT = -23, /* larger than the configured limit */
    /* -40 ... -59: the document is bad (MIME, dates, addresses) */
    MLA_E_SYNTAX = -40,    /* not well-formed */
    MLA_E_CHARSET = -41,   /* character set not known or text not valid in it */
    MLA_E_NOT_FOUND = -42, /* not found */
    /* -100 and below: the session is dead; free it */
    MLA_E_FATAL = -100,           /* not an error of its own: the line between the two kinds */
    MLA_E_NOMEM = -100,           /* out of memory */
    MLA_E_RESOLVE = -101,         /* the host name cannot be resolved */
    MLA_E_CONNECT = -102,         /* cannot connect */
    MLA_E_IO = -103,              /* input/output error on the connection */
    MLA_E_CLOSED = -104,          /* the server closed the connection */
    MLA_E_TLS = -105,             /* TLS failed */
    MLA_E_CERT = -106,            /* the server's certificate is not acceptable */
    MLA_E_TRUST = -107,           /* the certificate was refused */
    MLA_E_PROTOCOL = -108,        /* the server broke the protocol */
    MLA_E_FLOOD = -109,           /* the server exceeded a limit */
    MLA_E_DEADLINE = -110,        /* the server was silent or slow for too long */
    MLA_E_UNKNOWN_OUTCOME = -111, /* the connection broke before the outcome was known */
    MLA_E_INSECURE = -112,        /* the server does not give the protection asked for */
    MLA_E_INTERNAL = -113         /* internal error */
};

/* Why a server refused, as far as its response code or its words tell (docs/errors.md). More will
 * come: one that you do not know is as good as NONE. */
enum {
    MLA_REASON_NONE = 0,                  /* it did not say, or not in words known here */
    MLA_REASON_PASSWORD_WRONG = 1,        /* user name or password is wrong */
    MLA_REASON_APP_PASSWORD_NEEDED = 2,   /* a password made for this program is needed */
    MLA_REASON_BASIC_AUTH_DISABLED = 3,   /* no passwords are taken, OAuth 2 alone */
    MLA_REASON_WEB_LOGIN_NEEDED = 4,      /* log in with a web browser first */
    MLA_REASON_PROTOCOL_DISABLED = 5,     /* IMAP or POP3 is switched off for the account */
    MLA_REASON_PASSWORD_OR_PROTOCOL = 6,  /* one of 1 to 3 and 5: the server does not say which */
    MLA_REASON_EXPIRED = 7,               /* the password or token has expired */
    MLA_REASON_NO_PERMISSION = 8,         /* the right to do this is missing */
    MLA_REASON_ACCOUNT_UNAVAILABLE = 9,   /* locked, disabled, or without a mailbox */
    MLA_REASON_TOO_MANY_CONNECTIONS = 10, /* of this user or address at a time */
    MLA_REASON_THROTTLED = 11,            /* too much was asked for in too short a time */
    MLA_REASON_SERVER_UNAVAILABLE = 12,   /* the server's own trouble, for a time */
    MLA_REASON_IN_USE = 13,               /* somebody else has it locked */
    MLA_REASON_QUOTA = 14,                /* the storage is full */
    MLA_REASON_ENCRYPTION_NEEDED = 15,    /* not without TLS */
    MLA_REASON_CLIENT_ID_NEEDED = 16,     /* the client must say what it is (RFC 2971) */
    MLA_REASON_LIMIT = 17,                /* more than the server allows: size, count, names */
    MLA_REASON_NOT_FOUND = 18,            /* there is no such mailbox or message */
    MLA_REASON_EXISTS = 19,               /* there is one of that name already */
    MLA_REASON_EXPUNGED = 20,             /* some of the messages are gone */
    MLA_REASON_IMPOSSIBLE = 21,           /* can never be done, by anybody */
    MLA_REASON_CONTACT_ADMIN = 22,        /* the server's administrator must help */
    MLA_REASON_CORRUPTION = 23,           /* the server's data are damaged */
    MLA_REASON_SERVER_BUG = 24,
    MLA_REASON_CLIENT_BUG = 25,
    MLA_REASON_IDLE_TOO_LONG = 26, /* the server ended the session since nothing was said */
    MLA_REASON_TOKEN_REFUSED = 27  /* the access token has expired, or is not for this */
};

#ifdef __cplusplus
}
#endif

#endif
