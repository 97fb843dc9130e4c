/* dns.h - questions to DNS by the C library's resolver, each on a thread of its own because
 * res_nquery() blocks. */
#ifndef MLA_NET_DNS_H
#define MLA_NET_DNS_H

#include "net/dns_answer.h"

#include <stddef.h>
#include <stdint.h>

enum { DNS_QUESTIONS_MAX = 8 };

struct dns_question {
    const char *name; /* ASCII, without a final dot; no search list is applied */
    int type;         /* DNS_TYPE_* */
};

struct dns_job;

/* 1 when this build can ask at all. */
int dns_available(void);
/* 1 and the address in network order when text is an IPv4 address. */
int dns_server_parse(const char *text, uint8_t out_ip[4]);

/* Asks count questions, all at a time. ip: the IPv4 address of the name server to ask, at port;
 * NULL: the system's. 0, MLA_E_UNSUPPORTED, MLA_E_NOMEM, MLA_E_RESOLVE (no thread). */
int dns_start(const struct dns_question *questions, size_t count, const uint8_t *ip, uint32_t port,
              struct dns_job **out, mla_error *err);
/* Becomes readable when an answer is there that dns_result() has not seen. */
int dns_fd(const struct dns_job *job);
/* Looks for answers that came since the last call: call it before dns_result(). */
void dns_look(struct dns_job *job);
/* Question i: 0 while there is nothing; 1 and *out; MLA_E_RESOLVE, MLA_E_PROTOCOL, MLA_E_NOMEM. */
int dns_result(struct dns_job *job, size_t i, struct dns_answer *out, mla_error *err);
/* Gives the job up; threads still at work free it when they are through. NULL is accepted. */
void dns_drop(struct dns_job *job);

#endif
