/* external.c - EXTERNAL (RFC 4422 appendix A), where something else has said who we are, and
 * ANONYMOUS (RFC 4505). */
#include "base/fail.h"
#include "sasl/mech.h"

/* One message, which is the name to act as; empty: whoever that something says. */
static int external_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const struct sasl_creds *c = s->creds;

    (void)challenge;
    (void)len;
    if (s->complete)
        return fail(err, MLA_E_AUTH, "EXTERNAL: a second challenge");
    s->complete = 1;
    buf_add(&s->out, c->authzid.ptr, c->authzid.len);
    return 0;
}

/* The message is trace information: an address or a word, at most 255 characters (RFC 4505 section
 * 2); the user name, where one is given. */
static int anonymous_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const struct sasl_creds *c = s->creds;

    (void)challenge;
    (void)len;
    if (s->complete)
        return fail(err, MLA_E_AUTH, "ANONYMOUS: a second challenge");
    if (c->user.len > 255)
        return fail(err, MLA_E_ARG, "ANONYMOUS: the trace is longer than 255 octets");
    s->complete = 1;
    buf_add(&s->out, c->user.ptr, c->user.len);
    return 0;
}

const struct sasl_mech sasl_external = {
    "EXTERNAL", SASL_INITIAL | SASL_NO_SECRET | SASL_AUTHZID | SASL_DEAF, 0, external_step, NULL,
    NULL};
const struct sasl_mech sasl_anonymous = {
    "ANONYMOUS", SASL_INITIAL | SASL_NO_SECRET | SASL_NAMED | SASL_DEAF, 0, anonymous_step, NULL,
    NULL};
