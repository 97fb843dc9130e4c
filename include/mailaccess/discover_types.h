/* discover_types.h - what account discovery takes and tells. No functions.
 *
 * Records of events and candidates are made by the library; discover.h says how long each lives.
 * Texts (const char *) have a final NUL, and are NULL where there is nothing. Records begin with
 * struct_size and grow only at their end. */
#ifndef MAILACCESS_DISCOVER_TYPES_H
#define MAILACCESS_DISCOVER_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MLA_DISCOVER_IMAP = 1, MLA_DISCOVER_POP3 = 2 };

/* Where something was learnt; bits. */
enum {
    MLA_DISCOVER_FROM_TABLE = 1,      /* the table of large providers in the library, by domain */
    MLA_DISCOVER_FROM_AUTOCONFIG = 2, /* an autoconfig file of the domain's own */
    MLA_DISCOVER_FROM_SRV = 4,        /* SRV records (RFC 6186, RFC 8314 section 5.1) */
    MLA_DISCOVER_FROM_MX = 8,     /* the domain's mail goes to a provider that the table knows */
    MLA_DISCOVER_FROM_ISPDB = 16, /* an autoconfig file of Mozilla's list of providers */
    MLA_DISCOVER_FROM_GUESS = 32  /* nobody said so; usual names, to be tried */
};

/* What to look for. An input record: all is copied. All zero but for struct_size and address asks
 * everybody, and offers nothing without TLS. */
typedef struct mla_discover_args {
    uint32_t struct_size;      /* sizeof(mla_discover_args) in the caller's header */
    uint32_t protocols;        /* MLA_DISCOVER_IMAP | MLA_DISCOVER_POP3; 0: both */
    const char *address;       /* "alice@example.org" in UTF-8, at most 1,024 octets */
    uint32_t skip;             /* MLA_DISCOVER_FROM_*: sources that are not to be asked */
    uint32_t thorough;         /* 1: ask the others also where the table knows the domain */
    uint32_t url_address;      /* 1: the URL that is the domain's own names the whole address, as
                                  some servers want it; 0: no URL names more than the domain */
    uint32_t cleartext;        /* 1: candidates without TLS as well, as the last ones */
    const char *name_server;   /* IPv4 address of the name server to ask; NULL: the system's */
    uint32_t name_server_port; /* 0: 53 */
    uint32_t deadline_ms;      /* for all answers of DNS together; 0: 15,000 */
} mla_discover_args;

/* Kinds of events. More will come: ignore those you do not know. */
enum {
    MLA_DISCOVER_EV_URL = 1,    /* a file to fetch, best in this order: mla_discover_event_url() */
    MLA_DISCOVER_EV_LOOKUP = 2, /* DNS answered, or not: mla_discover_event_lookup() */
    MLA_DISCOVER_EV_DONE = 3    /* DNS has said all it will; nothing more comes */
};

/* An autoconfig file that may exist. Fetch it by https with the certificate verified, at most
 * 256 KiB, and hand it to mla_discover_give(). */
typedef struct mla_discover_url {
    uint32_t struct_size;
    uint32_t id;     /* what mla_discover_give() takes */
    uint32_t source; /* MLA_DISCOVER_FROM_AUTOCONFIG or MLA_DISCOVER_FROM_ISPDB */
    uint32_t by_mx;  /* 1: for the domain of the mail exchanger, not for the address's */
    const char *url;
} mla_discover_url;

/* One question to DNS and what came of it. */
typedef struct mla_discover_lookup {
    uint32_t struct_size;
    int32_t error;          /* 0, or why there is no answer: MLA_E_RESOLVE, MLA_E_PROTOCOL,
                               MLA_E_DEADLINE, MLA_E_NOMEM, MLA_E_POLICY (there is a proxy, and this
                               would go past it), MLA_E_UNSUPPORTED (not in this build) */
    const char *name;       /* "_imaps._tcp.example.org", or the domain for MX */
    uint32_t is_mx;         /* 1: MX; 0: SRV */
    uint32_t count;         /* usable records; 0: there are none */
    uint32_t not_offered;   /* 1: the domain says that it does not have this service */
    uint32_t authenticated; /* 1: the system's resolver vouches for the answer (DNSSEC) */
} mla_discover_lookup;

/* What the user name is. */
enum {
    MLA_DISCOVER_USER_ADDRESS = 1, /* the whole address */
    MLA_DISCOVER_USER_LOCAL = 2,   /* what stands before the @ */
    MLA_DISCOVER_USER_OTHER = 3,   /* something else, as a file said */
    MLA_DISCOVER_USER_GUESS = 4,   /* not known. user is the whole address; where that is refused,
                                      what stands before the @ (RFC 6186 section 4) */
    MLA_DISCOVER_USER_ASK = 5      /* cannot be had from the address: ask. user is NULL */
};

/* How to log in; bits, 0 where nobody said. The session chooses the mechanism itself. */
enum {
    MLA_DISCOVER_AUTH_PASSWORD = 1,    /* a password (PLAIN, LOGIN, USER) */
    MLA_DISCOVER_AUTH_CHALLENGE = 2,   /* a password that is not shown (SCRAM, CRAM-MD5) */
    MLA_DISCOVER_AUTH_OAUTH2 = 4,      /* an access token (OAUTHBEARER, XOAUTH2) */
    MLA_DISCOVER_AUTH_CERTIFICATE = 8, /* a client certificate (EXTERNAL) */
    MLA_DISCOVER_AUTH_KERBEROS = 16    /* GSSAPI */
};

/* What to tell the user before the log-in; bits. */
enum {
    MLA_DISCOVER_HINT_APP_PASSWORD = 1, /* a password made for mail programs, not the account's */
    MLA_DISCOVER_HINT_SWITCH_ON = 2,    /* the protocol must be switched on in the settings */
    MLA_DISCOVER_HINT_BRIDGE = 4,       /* a program of the provider's must run on this machine */
    MLA_DISCOVER_HINT_PAID = 8,         /* only for those who pay */
    MLA_DISCOVER_HINT_SEND_ID = 16,     /* wants IMAP's ID command right after the log-in */
    MLA_DISCOVER_HINT_REGISTER = 32     /* OAuth 2 only for programs registered there */
};

enum {
    MLA_DISCOVER_OUTSIDE = 1,       /* the host is neither the address's domain nor below it */
    MLA_DISCOVER_AUTHENTICATED = 2, /* that it serves the domain is said by the table, by DNS with
                                       DNSSEC, or by a file that came by verified https */
    MLA_DISCOVER_CONFIRM = 4        /* outside, and whoever can forge an answer of DNS may have put
                                       it there: a verified certificate shows that it is this host,
                                       not that it is the right one. Show the host and ask before a
                                       password goes there (RFC 6186 section 6) */
};

/* One server to try. */
typedef struct mla_discover_candidate {
    uint32_t struct_size;
    uint32_t protocol;           /* MLA_DISCOVER_IMAP or MLA_DISCOVER_POP3 */
    const char *host;            /* as mla_connect_args.host wants it, in ASCII */
    uint32_t port;               /* never 0 */
    uint32_t security;           /* MLA_SECURITY_* */
    const char *user;            /* to log in with; NULL: ask */
    uint32_t user_kind;          /* MLA_DISCOVER_USER_* */
    uint32_t auth;               /* MLA_DISCOVER_AUTH_* */
    uint32_t sources;            /* MLA_DISCOVER_FROM_*: all that named it */
    uint32_t flags;              /* MLA_DISCOVER_OUTSIDE ... */
    uint32_t hints;              /* MLA_DISCOVER_HINT_* */
    uint32_t reserved;           /* 0 */
    const char *provider;        /* whose it is, for people */
    const char *help_url;        /* the provider's page about it */
    const char *oauth_issuer;    /* OAuth 2 (RFC 8414): "login.example.org" */
    const char *oauth_scope;     /* to be asked for, words separated by spaces */
    const char *oauth_auth_url;  /* the authorization endpoint (RFC 6749 section 3.1) */
    const char *oauth_token_url; /* the token endpoint (RFC 6749 section 3.2) */
} mla_discover_candidate;

#ifdef __cplusplus
}
#endif

#endif
