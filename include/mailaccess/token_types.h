/* token_types.h - what a server says about an OAuth 2 access token. No functions. */
#ifndef MAILACCESS_TOKEN_TYPES_H
#define MAILACCESS_TOKEN_TYPES_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A token that is asked for, or that was refused. A refusal may come with an error message (RFC
 * 7628 section 3.2.2; XOAUTH2 has the same), a JSON object; its texts are what anybody at the other
 * end has written, UTF-8 without a final NUL, ptr NULL where they are absent. */
typedef struct mla_token_info {
    uint32_t struct_size;
    uint32_t count;        /* how often this log-in has asked for a token, this time included */
    uint32_t is_refused;   /* 1: the server has refused the last one */
    uint32_t reserved;     /* 0 */
    const char *mechanism; /* "OAUTHBEARER" or "XOAUTH2", with a final NUL, the library's */
    mla_str json;          /* the error message as it came, 65,536 octets at most */
    mla_str status;        /* of it: "invalid_token", "insufficient_scope", "401" ... */
    mla_str scope;         /* ... which scope a token needs */
    mla_str configuration; /* ... "openid-configuration": a URL. Fetching it is up to you */
} mla_token_info;

#ifdef __cplusplus
}
#endif

#endif
