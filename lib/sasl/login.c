/* login.c - LOGIN (draft-murchison-sasl-login): the user name, then the password. */
#include "base/fail.h"
#include "sasl/mech.h"

/* The texts of the two challenges are to be ignored (section 2.1): servers write "User Name",
 * "Username:" with or without a NUL, or anything else. */
static int login_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const struct sasl_creds *c = s->creds;

    (void)challenge;
    (void)len;
    if (s->rounds == 1) {
        buf_add(&s->out, c->user.ptr, c->user.len);
        return 0;
    }
    if (s->complete)
        return fail(err, MLA_E_AUTH, "LOGIN: a third challenge");
    s->complete = 1;
    s->proof = 1;
    buf_add(&s->out, c->password.ptr, c->password.len);
    return 0;
}

const struct sasl_mech sasl_login = {
    "LOGIN", SASL_PLAINTEXT | SASL_PASSWORD | SASL_DEAF, 0, login_step, NULL, NULL};
