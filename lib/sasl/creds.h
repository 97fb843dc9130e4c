/* creds.h - the library's own copy of a caller's credentials. */
#ifndef MLA_SASL_CREDS_H
#define MLA_SASL_CREDS_H

#include "base/mem.h"
#include "mailaccess/types.h"

enum { SASL_NAME_MAX = 4096, SASL_SECRET_MAX = 65536 };

/* ptr is NULL where nothing was given. Each text has a final NUL behind its len octets. */
struct sasl_creds {
    mla_str user;
    mla_str authzid;
    mla_str password;
    mla_str token;
    uint32_t token_requests; /* how often a token may be asked for */
    const struct mem *mem;
    char *block; /* all of the above, wiped when freed */
    size_t block_len;
};

/* Copies a record that was already checked for its size (record_in). A password or token without a
 * user name, a NUL octet in any field, too long a field: MLA_E_ARG (A14, A22); MLA_E_NOMEM. */
int sasl_creds_copy(struct sasl_creds *c, const struct mem *mem, const mla_credentials *in,
                    mla_error *err);
/* Takes another token for the present one, which is wiped. 0, MLA_E_NOMEM. */
int sasl_creds_set_token(struct sasl_creds *c, mla_str token);
/* Wipes and frees; may be called twice, and on a zeroed struct. */
void sasl_creds_free(struct sasl_creds *c);

#endif
