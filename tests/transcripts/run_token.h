/* run_token.h - tokens that are asked for, in conversations of either protocol:
 *
 *   DO: lazy USER N [TOKEN]   log in with a token, which may be asked for N times
 *   DO: give TICKET [TOKEN]   answer; without a token: there is none
 *   DO: refused               print what the server said of the token that it refused */
#ifndef RUN_TOKEN_H
#define RUN_TOKEN_H

#include "runner.h"

#include <mailaccess/mailaccess.h>

/* "lazy": 1 and the credentials; else 0. */
int run_token_fill(const struct runner_word *words, size_t count, mla_credentials *c);
/* "give" and "refused": 1 and *out_rc; else 0. */
int run_token_command(struct runner *r, mla_session *ss, const struct runner_word *words,
                      size_t count, int *out_rc);
void run_token_text(struct runner *r, const mla_token_info *i, char *out, size_t size);

#endif
