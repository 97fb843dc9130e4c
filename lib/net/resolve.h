/* resolve.h - addresses of a host, found on a thread of its own because getaddrinfo() blocks. */
#ifndef MLA_NET_RESOLVE_H
#define MLA_NET_RESOLVE_H

#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

enum { RESOLVE_MAX = 32 };

struct resolve_address {
    struct sockaddr_storage addr;
    socklen_t len;
};

struct resolve_job;

/* A host that is an address: 1 and *out, no thread and no wait. 0 when it is a name. */
int resolve_numeric(const char *host, uint32_t port, struct resolve_address *out);
/* Starts a thread that resolves host. 0, MLA_E_NOMEM or MLA_E_RESOLVE. */
int resolve_start(const char *host, uint32_t port, struct resolve_job **out, mla_error *err);
/* Becomes readable when the answer is there. */
int resolve_fd(const struct resolve_job *job);
/* The answer: how many addresses were written to out (at most RESOLVE_MAX), in the system's order
 * with the families taking turns (RFC 8305 section 4); 0 when it is not there yet; MLA_E_RESOLVE.
 */
int resolve_result(struct resolve_job *job, struct resolve_address *out, mla_error *err);
/* Gives the job up; a thread still at work frees it when it is through. NULL is accepted. */
void resolve_drop(struct resolve_job *job);

/* "192.0.2.1", "2001:db8::1", or "socket" for what has no address to show. */
enum { RESOLVE_TEXT = 64 };
void resolve_text(const struct resolve_address *a, char out[RESOLVE_TEXT]);

#endif
