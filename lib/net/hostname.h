/* hostname.h - host names as DNS and certificates want them (RFC 9525). */
#ifndef MLA_NET_HOSTNAME_H
#define MLA_NET_HOSTNAME_H

#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

enum { HOSTNAME_MAX = 253 };

struct hostname {
    char ascii[HOSTNAME_MAX + 1]; /* lower case, A-labels, no final dot; or the address's text */
    uint8_t ip[16];
    size_t ip_len; /* 4 or 16 for an address, 0 for a name */
};

/* text is UTF-8, a name or an IP address, perhaps with a scope ("fe80::1%eth0"). Labels that are
 * not ASCII become A-labels (RFC 3492); they must be in lower case and composed already. 0, or
 * MLA_E_ARG with the reason. */
int hostname_parse(const char *text, struct hostname *out, mla_error *err);

/* 1 when a certificate's dNSName is for h: the same name without regard to case, or "*." and the
 * rest of it, where * stands for the whole of the left-most label and two labels at least follow.
 * Never for an address. */
int hostname_matches_dns(const struct hostname *h, const uint8_t *name, size_t len);
/* 1 when a certificate's iPAddress is h. */
int hostname_matches_ip(const struct hostname *h, const uint8_t *ip, size_t len);

/* The text of an address of 4 or 16 octets: 1; 0 when it has another length. */
enum { HOSTNAME_IP_TEXT = 48 };
int hostname_ip_text(const uint8_t *ip, size_t len, char out[HOSTNAME_IP_TEXT]);

#endif
