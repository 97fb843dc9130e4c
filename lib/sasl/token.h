/* token.h - the refusal of a token, as a record. */
#ifndef MLA_SASL_TOKEN_H
#define MLA_SASL_TOKEN_H

#include "base/buf.h"
#include "mailaccess/token_types.h"

/* The record and what it points to. */
struct sasl_token {
    mla_token_info info;
    struct buf json;  /* wiped when freed: who knows what a server repeats there */
    struct buf texts; /* taken out of it */
};

void sasl_token_init(struct sasl_token *t, const struct mem *mem);
/* Forgets everything: a log-in begins. */
void sasl_token_clear(struct sasl_token *t);
void sasl_token_free(struct sasl_token *t);
/* The server has refused a token with this message, or none (len 0). What is no JSON object has no
 * texts beside json; members behind a fault in it are not looked at. 0 or MLA_E_NOMEM. */
int sasl_token_refused(struct sasl_token *t, const uint8_t *message, size_t len);
/* Why a log-in with a token was refused: what was said of it, MLA_REASON_*, but where that is of
 * passwords, or nothing. */
uint32_t sasl_token_reason(uint32_t said);
/* 1 when it has the characters of a token (RFC 6750 section 2.1, b64token, and what is near it):
 * nothing that a separator could be taken for. */
int sasl_token_valid(mla_str token);

#endif
