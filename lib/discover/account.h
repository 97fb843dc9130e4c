/* account.h - a mail address taken apart, and host names beside its domain. */
#ifndef MLA_DISCOVER_ACCOUNT_H
#define MLA_DISCOVER_ACCOUNT_H

#include "base/arena.h"
#include "mailaccess/types.h"

enum {
    ACCOUNT_MAX = 1024,
    ACCOUNT_DOMAIN_MAX = 230 /* so that "_pop3s._tcp." fits before it in a name of DNS */
};

struct account {
    const char *text;   /* as it was given */
    const char *local;  /* before the last @; quotation marks stay */
    const char *given;  /* the domain as it was given, in UTF-8 */
    const char *domain; /* the same in ASCII, lower case, without a final dot */
};

/* RFC 5321 section 4.1.2 Mailbox, RFC 6531 section 3.3; the domain is a name, no address literal.
 * All of *out is the arena's. 0, MLA_E_ARG, MLA_E_NOMEM. */
int account_parse(const char *text, struct arena *a, struct account *out, mla_error *err);

/* 1 when host is domain or a name below it. */
int account_is_within(const char *host, const char *domain);

/* text with everything but the unreserved characters of RFC 3986 section 2.3 as %XX; NULL when
 * memory is short. */
const char *account_escape(const char *text, struct arena *a);

#endif
