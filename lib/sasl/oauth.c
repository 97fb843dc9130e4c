/* oauth.c - OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's older form): a token in
 * the first message. A refusal comes as a challenge, which is answered so that the server says no.
 */
#include "base/fail.h"
#include "sasl/mech.h"
#include "sasl/saslprep.h"

#include <string.h>

/* The separator, ^A, in the name would end it. */
static int check(const struct sasl *s, mla_error *err)
{
    const struct sasl_creds *c = s->creds;

    if (!sasl_token_valid(c->token))
        return fail(err, MLA_E_ARG, "%s: this is no token", s->mech->name);
    if (memchr(c->user.ptr, 1, c->user.len) != NULL ||
        (c->authzid.len != 0 && memchr(c->authzid.ptr, 1, c->authzid.len) != NULL))
        return fail(err, MLA_E_ARG, "%s: a control character in the name", s->mech->name);
    return 0;
}

static void add_bearer(struct sasl *s)
{
    buf_add_word(&s->out, "auth=Bearer ");
    buf_add(&s->out, s->creds->token.ptr, s->creds->token.len);
    buf_add_word(&s->out, "\1\1");
    s->proof = 1;
}

/* n,a=user,^Ahost=...^Aport=...^Aauth=Bearer ...^A^A (RFC 7628 section 3.1) */
static int bearer_first(struct sasl *s)
{
    const struct sasl_creds *c = s->creds;

    buf_add_word(&s->out, "n,a=");
    sasl_add_name(&s->out, c->authzid.len != 0 ? c->authzid : c->user);
    buf_add_word(&s->out, ",\1host=");
    buf_add_word(&s->out, s->peer.host != NULL ? s->peer.host : "");
    buf_add_word(&s->out, "\1port=");
    buf_add_number(&s->out, s->peer.port);
    buf_add_word(&s->out, "\1");
    add_bearer(s);
    return 0;
}

static int xoauth2_first(struct sasl *s)
{
    buf_add_word(&s->out, "user=");
    buf_add(&s->out, s->creds->user.ptr, s->creds->user.len);
    buf_add_word(&s->out, "\1");
    add_bearer(s);
    return 0;
}

/* answer: what the error of the server is answered with (A09). After it the exchange is not
 * complete any more: a server that says OK then is not believed. */
static int oauth_step(struct sasl *s, mla_str message, int (*first)(struct sasl *),
                      const char *answer, mla_error *err)
{
    int rc;

    if (s->proof) {
        if (!s->complete)
            return fail(err, MLA_E_AUTH, "%s: another challenge behind the error", s->mech->name);
        s->complete = 0;
        if (s->peer.token != NULL &&
            sasl_token_refused(s->peer.token, (const uint8_t *)message.ptr, message.len) != 0)
            return fail(err, MLA_E_NOMEM, "out of memory in %s", s->mech->name);
        buf_add_word(&s->out, answer);
        return 0;
    }
    rc = check(s, err);
    if (rc != 0)
        return rc;
    s->complete = 1;
    return first(s);
}

static int bearer_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const mla_str message = {(const char *)challenge, len};

    return oauth_step(s, message, bearer_first, "\1", err); /* RFC 7628 section 3.2.3 */
}

static int xoauth2_step(struct sasl *s, const uint8_t *challenge, size_t len, mla_error *err)
{
    const mla_str message = {(const char *)challenge, len};

    return oauth_step(s, message, xoauth2_first, "", err);
}

const struct sasl_mech sasl_oauthbearer = {"OAUTHBEARER",
                                           SASL_INITIAL | SASL_PLAINTEXT | SASL_TOKEN |
                                               SASL_AUTHZID | SASL_DEAF,
                                           0,
                                           bearer_step,
                                           NULL,
                                           NULL};
const struct sasl_mech sasl_xoauth2 = {
    "XOAUTH2", SASL_INITIAL | SASL_PLAINTEXT | SASL_TOKEN | SASL_DEAF, 0, xoauth2_step, NULL, NULL};
