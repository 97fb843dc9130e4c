/* discover.h - what is asked to find a mail address's servers, and what is made of the answers. No
 * I/O: questions go out by discover_question(), answers come in by discover_answer(). */
#ifndef MLA_DISCOVER_DISCOVER_H
#define MLA_DISCOVER_DISCOVER_H

#include "base/mem.h"
#include "mailaccess/discover_types.h"
#include "net/dns_answer.h"

#include <stddef.h>
#include <stdint.h>

struct discover;

/* The only events there are; public as mla_discover_event. */
struct mla_discover_event {
    int32_t type;
    mla_discover_url url;
    mla_discover_lookup lookup;
};

/* args: sizes and bits were not looked at yet. 0 and *out, MLA_E_ARG, MLA_E_NOMEM. */
int discover_new(const struct mem *mem, const mla_discover_args *args, uint64_t seed,
                 struct discover **out, mla_error *err);
void discover_free(struct discover *d);

/* How many questions there are for DNS; all may be asked at a time. */
size_t discover_question_count(const struct discover *d);
const char *discover_question(const struct discover *d, size_t i, int *out_type);
/* The answer to question i, once; error is 0 or MLA_E_*. 0 or MLA_E_NOMEM. */
int discover_answer(struct discover *d, size_t i, int error, const struct dns_answer *a);
int discover_is_answered(const struct discover *d, size_t i);

/* 1 and an event, that lives as long as d; 0: none now, or after DONE none any more. */
int discover_next(struct discover *d, const struct mla_discover_event **out);
int discover_is_over(const struct discover *d);

/* As mla_discover_give(). */
int discover_give(struct discover *d, uint32_t id, const void *data, size_t len, int verified,
                  uint32_t *out_count, mla_error *err);

uint32_t discover_candidate_count(const struct discover *d);
const mla_discover_candidate *discover_candidate(const struct discover *d, uint32_t i);
const char *discover_domain(const struct discover *d);

#endif
