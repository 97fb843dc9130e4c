/* proxy.h - a way through a proxy: SOCKS5 (RFC 1928, RFC 1929), SOCKS4a, HTTP CONNECT (RFC 9110
 * section 9.3.6). The proxy resolves the server's name; what goes on behind it is TLS's to protect,
 * since a proxy can read and change all that passes in clear. */
#ifndef MLA_NET_PROXY_H
#define MLA_NET_PROXY_H

#include "net/stream.h"

/* The same numbers as MLA_PROXY_*. */
enum { PROXY_SOCKS5 = 1, PROXY_SOCKS4A = 2, PROXY_HTTP = 3 };

/* What the two of them can have in a message of SOCKS5 (RFC 1929 section 2). */
enum { PROXY_SECRET_MAX = 255 };

struct proxy_options {
    int kind;
    const char *host; /* the server's, ASCII: a name or an address */
    uint32_t port;
    const char *user;     /* NULL: the proxy wants no log-in */
    const char *password; /* NULL: none */
};

/* 0 when user and password can be told to a proxy of that kind: their length, and for HTTP no colon
 * in the user and no control characters (RFC 7617 section 2). Else MLA_E_ARG. */
int proxy_check(int kind, const char *user, const char *password);

/* A stream over below, which is connected to the proxy and which it owns from now on; on failure
 * below is the caller's still. open() asks for the way. o is used within the call alone. 0,
 * MLA_E_ARG, MLA_E_NOMEM. */
int proxy_open(const struct mem *mem, struct stream *below, const struct proxy_options *o,
               struct stream **out, mla_error *err);

/* Octets that came together with the proxy's answer and were not read yet. */
size_t proxy_early(const struct stream *s);

#endif
