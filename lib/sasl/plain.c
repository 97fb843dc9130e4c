/* plain.c - PLAIN (RFC 4616): authzid NUL authcid NUL password, in one message. */
#include "base/fail.h"
#include "sasl/mech.h"

static int plain_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const struct sasl_creds *c = s->creds;

    /* Without an initial response the server sends an empty challenge; what else it puts there
     * means nothing to PLAIN. */
    (void)challenge;
    (void)len;
    if (s->complete)
        return fail(err, MLA_E_AUTH, "PLAIN: a second challenge");
    s->complete = 1;
    s->proof = 1;
    buf_add(&s->out, c->authzid.ptr, c->authzid.len);
    buf_add_byte(&s->out, '\0');
    buf_add(&s->out, c->user.ptr, c->user.len);
    buf_add_byte(&s->out, '\0');
    buf_add(&s->out, c->password.ptr, c->password.len);
    return 0;
}

const struct sasl_mech sasl_plain = {
    "PLAIN", SASL_INITIAL | SASL_PLAINTEXT | SASL_PASSWORD | SASL_AUTHZID | SASL_DEAF,
    0,       plain_step,
    NULL,    NULL};
