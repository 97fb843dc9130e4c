/* reason.h - what a server means when it refuses: its words, made into MLA_REASON_*.
 *
 * Few servers say why by a response code; most of them, the big providers among them, write a
 * sentence for people. The sentences are known by their shape: case, blanks and hyphens do not
 * count. */
#ifndef MLA_BASE_REASON_H
#define MLA_BASE_REASON_H

#include "mailaccess/types.h"

/* What was going on when the words came. */
enum {
    REASON_LOGIN = 1, /* the client was logging in, or has not yet */
    REASON_BYE = 2    /* the server says goodbye */
};

/* MLA_REASON_* of the n octets at text; *out_wait_ms is the time they ask to wait, 0: none. when:
 * REASON_*. Words about passwords and accounts count only while logging in, for later the text may
 * quote a mailbox's name. */
uint32_t reason_of_text(const char *text, size_t n, unsigned when, uint32_t *out_wait_ms);

/* The time to wait that the words name, in milliseconds, whatever else they say; 0: none. */
uint32_t reason_wait_of_text(const char *text, size_t n);

/* 1 when trying again later is right, with the same password: logging in tells whether the command
 * was one that logs in. */
int reason_is_passing(uint32_t reason, int logging_in);

/* The table behind mla_reason_name() and mla_reason_text(). */
const char *reason_name(uint32_t reason);
const char *reason_text(uint32_t reason);

#endif
