/* provider.h - the large providers that the library knows. */
#ifndef MLA_DISCOVER_PROVIDER_H
#define MLA_DISCOVER_PROVIDER_H

#include "mailaccess/discover_types.h"

#include <stddef.h>
#include <stdint.h>

struct provider_oauth {
    const char *issuer;
    const char *imap_scope;
    const char *pop3_scope;
    const char *auth_url;
    const char *token_url;
};

struct provider_server {
    const char *host; /* NULL: the provider does not have this protocol */
    uint32_t port;
    uint32_t security; /* MLA_SECURITY_* */
    uint32_t hints;    /* besides those of the provider */
};

struct provider {
    const char *name;
    const char *domains; /* of addresses, words in lower case */
    const char *mx;      /* mail exchangers that are one of these, or below one, are its own */
    struct provider_server imap;
    struct provider_server pop3;
    uint32_t user_kind;                 /* MLA_DISCOVER_USER_ADDRESS or LOCAL */
    uint32_t auth;                      /* MLA_DISCOVER_AUTH_* */
    uint32_t hints;                     /* MLA_DISCOVER_HINT_* */
    const struct provider_oauth *oauth; /* NULL: none, or not known */
    const char *help_url;
};

extern const struct provider provider_table[];
extern const size_t provider_count;

/* The provider of that domain (ASCII, lower case), or NULL. */
const struct provider *provider_by_domain(const char *domain);
/* The provider that this mail exchanger belongs to, or NULL. */
const struct provider *provider_by_mx(const char *host);

#endif
