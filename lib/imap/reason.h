/* reason.h - why the server refused: from its response code and its words to MLA_REASON_*. */
#ifndef MLA_IMAP_REASON_H
#define MLA_IMAP_REASON_H

#include "base/reason.h"
#include "mailaccess/imap_types.h"

/* What was found last, and how long the server asks to wait. */
struct imap_reason {
    uint32_t reason; /* MLA_REASON_* */
    uint32_t wait_ms;
};

/* code may be NULL. when: REASON_*. */
struct imap_reason imap_reason_of(const mla_imap_code *code, mla_str text, unsigned when);

/* Words came untagged before the answer: they say more than an answer that only says that the
 * log-in failed. */
void imap_reason_better(struct imap_reason *answer, const struct imap_reason *before);

/* 1 when trying again later is right, with the same password: logging in tells whether the command
 * was one that logs in. */
int imap_reason_is_passing(uint32_t reason, int logging_in);

#endif
