/* srv.h - SRV records in the order in which they are to be tried. */
#ifndef MLA_DISCOVER_SRV_H
#define MLA_DISCOVER_SRV_H

#include "net/dns_answer.h"

#include <stddef.h>
#include <stdint.h>

/* A run of numbers that need not be secret. */
struct srv_random {
    uint64_t state;
};

/* Sorts records by priority, and those of one priority at random by their weight (RFC 2782
 * "Weight"). */
void srv_order(struct dns_record *records, size_t count, struct srv_random *random);
/* 1 when the answer says "not here": one record, whose target is the root (RFC 2782 "Target"). */
int srv_not_offered(const struct dns_answer *a);

#endif
