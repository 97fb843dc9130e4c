/* autoconfig.h - reads the XML by which providers describe their servers (Mozilla's autoconfig,
 * "config-v1.1.xml"). */
#ifndef MLA_DISCOVER_AUTOCONFIG_H
#define MLA_DISCOVER_AUTOCONFIG_H

#include "base/arena.h"
#include "discover/account.h"
#include "mailaccess/discover_types.h"

enum {
    AUTOCONFIG_MAX = 262144,     /* octets of a file */
    AUTOCONFIG_SERVERS_MAX = 16, /* incoming servers; further ones are left out */
    AUTOCONFIG_DEPTH_MAX = 16,
    AUTOCONFIG_ELEMENTS_MAX = 4096,
    AUTOCONFIG_ATTRIBUTES_MAX = 16,
    AUTOCONFIG_TEXT_MAX = 1024 /* octets within one element that matters */
};

struct autoconfig {
    mla_discover_candidate servers[AUTOCONFIG_SERVERS_MAX]; /* in the file's order */
    uint32_t count;
    uint32_t unusable; /* left out: incomplete, of another protocol, or no host name */
};

/* Reads len octets at data. %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% are replaced from
 * address. All texts are the arena's. 0, MLA_E_SYNTAX, MLA_E_LIMIT, MLA_E_NOMEM; MLA_E_UNSUPPORTED
 * without expat. */
int autoconfig_read(const void *data, size_t len, const struct account *address, struct arena *a,
                    struct autoconfig *out, mla_error *err);

#endif
