/* mech.c - see mech.h */
#include "sasl/mech.h"

#include "base/ascii.h"
#include "base/fail.h"

#include <string.h>

/* The native ways have a place in the same order, so that choosing is one loop. */
static const struct sasl_mech native_imap_login = {
    "IMAPLOGIN", SASL_NATIVE | SASL_PLAINTEXT | SASL_PASSWORD, 0, NULL, NULL, NULL};
static const struct sasl_mech native_user = {
    "USER", SASL_NATIVE | SASL_PLAINTEXT | SASL_PASSWORD, 0, NULL, NULL, NULL};
static const struct sasl_mech native_apop = {
    "APOP", SASL_NATIVE | SASL_NAMED | SASL_PASSWORD, 0, NULL, NULL, NULL};

/* The strongest first: a weaker hash bound to the connection is worth more than a stronger one that
 * somebody in between can pass on. LOGIN comes behind every other way to send a password: it is
 * obsolete (draft-murchison-sasl-login section 1). CRAM-MD5 shows no password, which counts where
 * there is no TLS; with it, it would only make more log-ins fail, at servers that announce it and
 * do not store passwords in the form that it needs. */
static const struct sasl_mech *const mechanisms[] = {
    &sasl_scram_sha512_plus,
    &sasl_scram_sha256_plus,
    &sasl_scram_sha1_plus,
    &sasl_scram_sha512,
    &sasl_scram_sha256,
    &sasl_scram_sha1,
    &sasl_oauthbearer,
    &sasl_xoauth2,
    &sasl_external,
#if MLA_GSSAPI
    &sasl_gssapi,
#endif

    &sasl_cram_md5,
    &sasl_plain,
    &native_imap_login,
    &native_user,
    &sasl_login,
    &native_apop,
    &sasl_anonymous,
};

const struct sasl_mech *const *sasl_all(size_t *out_count)
{
    *out_count = sizeof mechanisms / sizeof mechanisms[0];
    return mechanisms;
}

const struct sasl_mech *sasl_find(const char *name, size_t len)
{
    size_t count;
    const struct sasl_mech *const *all = sasl_all(&count);

    for (size_t i = 0; i < count; i++)
        if (ascii_equal_word(name, len, all[i]->name))
            return all[i];
    return NULL;
}

int sasl_fits(const struct sasl_mech *mech, const struct sasl_creds *creds)
{
    const int token = creds->token.ptr != NULL || creds->token_requests != 0;

    /* Logging in as the user where somebody else was meant would open the wrong mailbox. */
    if (creds->authzid.len != 0 && (mech->flags & SASL_AUTHZID) == 0)
        return 0;
    /* With a token the password is not what the caller wants to be sent. */
    if ((mech->flags & SASL_PASSWORD) != 0)
        return creds->password.ptr != NULL && !token;
    if ((mech->flags & SASL_TOKEN) != 0)
        return token;
    if ((mech->flags & SASL_NO_SECRET) != 0)
        return creds->password.ptr == NULL && !token;
    return 1;
}

int sasl_start(struct sasl *s, const struct sasl_mech *mech, const struct mem *mem,
               const struct sasl_creds *creds, const struct sasl_peer *peer, mla_error *err)
{
    memset(s, 0, sizeof *s);
    s->mech = mech;
    s->mem = mem;
    s->creds = creds;
    s->peer = *peer;
    buf_init(&s->out, mem, SASL_RESPONSE_MAX);
    s->out.secret = 1;
    if ((mech->flags & SASL_NATIVE) != 0 || !sasl_fits(mech, creds) ||
        ((mech->flags & SASL_BINDS) != 0 && peer->binding.name == NULL))
        return fail(err, MLA_E_ARG, "the credentials are not for %s", mech->name);
    if (mech->state_size != 0) {
        s->state = mem_zero(mem, mech->state_size);
        if (s->state == NULL)
            return fail(err, MLA_E_NOMEM, "out of memory in %s", mech->name);
    }
    return 0;
}

int sasl_step(struct sasl *s, const uint8_t *challenge, size_t len, const uint8_t **out,
              size_t *out_len, mla_error *err)
{
    int rc;

    if (challenge != NULL && ++s->rounds > SASL_ROUNDS_MAX)
        return fail(err, MLA_E_AUTH, "%s: more than %d challenges", s->mech->name, SASL_ROUNDS_MAX);
    if (len > SASL_CHALLENGE_MAX)
        return fail(err, MLA_E_AUTH, "%s: a challenge of %zu octets", s->mech->name, len);
    buf_clear(&s->out);
    s->digest = (mla_str){NULL, 0};
    rc = s->mech->step(s, challenge, len, err);
    if (rc == 0 && s->out.failed != 0)
        rc = fail(err, s->out.failed, "%s: no room for the response", s->mech->name);
    if (rc != 0)
        return rc;
    *out = s->out.ptr;
    *out_len = s->out.len;
    return 0;
}

void sasl_bindings_add(struct sasl_bindings *b, const char *name, const uint8_t *ptr, size_t len)
{
    if (len != 0 && b->count < SASL_BINDINGS_MAX)
        b->list[b->count++] = (struct sasl_binding){name, ptr, len};
}

int sasl_success(struct sasl *s, mla_error *err)
{
    if (!s->complete)
        return fail(err, MLA_E_AUTH, "%s: the server said OK before the exchange was complete",
                    s->mech->name);
    return s->mech->success != NULL ? s->mech->success(s, err) : 0;
}

void sasl_end(struct sasl *s)
{
    if (s->mech == NULL)
        return;
    if (s->mech->end != NULL && s->state != NULL)
        s->mech->end(s);
    buf_free(&s->out);
    mem_free_secret(s->mem, s->state, s->mech->state_size);
    memset(s, 0, sizeof *s);
}
