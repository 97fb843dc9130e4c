/* creds.c - see creds.h */
#include "sasl/creds.h"

#include "base/fail.h"
#include "base/num.h"

#include <string.h>

static int check(const char *what, mla_str s, size_t max, mla_error *err)
{
    if (s.len > max)
        return fail(err, MLA_E_ARG, "%s is longer than %zu octets", what, max);
    if (s.len != 0 && memchr(s.ptr, 0, s.len) != NULL)
        return fail(err, MLA_E_ARG, "%s holds a NUL octet", what);
    return 0;
}

static mla_str text_of(const char *s)
{
    mla_str out = {s, 0};

    /* one more than the maximum is enough to know that it is too long */
    if (s != NULL)
        out.len = strnlen(s, SASL_NAME_MAX + 1);
    return out;
}

/* Copies src to *at, with a NUL behind it. */
static mla_str put(char **at, mla_str src)
{
    mla_str out = {NULL, 0};

    if (src.ptr == NULL)
        return out;
    out.ptr = *at;
    out.len = src.len;
    if (src.len != 0)
        memcpy(*at, src.ptr, src.len);
    (*at)[src.len] = '\0';
    *at += src.len + 1;
    return out;
}

int sasl_creds_copy(struct sasl_creds *c, const struct mem *mem, const mla_credentials *in,
                    mla_error *err)
{
    mla_str user = text_of(in->user);
    mla_str authzid = text_of(in->authzid);
    mla_str password = {in->password, in->password_len};
    mla_str token = {in->token, in->token_len};
    size_t total;
    char *at;
    int rc;

    memset(c, 0, sizeof *c);
    if (user.len == 0 && (password.ptr != NULL || token.ptr != NULL || in->token_requests != 0))
        return fail(err, MLA_E_ARG, "no user name");
    if ((password.ptr == NULL && password.len != 0) || (token.ptr == NULL && token.len != 0))
        return fail(err, MLA_E_ARG, "a length without a password or token");
    rc = check("the user name", user, SASL_NAME_MAX, err);
    if (rc == 0)
        rc = check("the authorization identity", authzid, SASL_NAME_MAX, err);
    if (rc == 0)
        rc = check("the password", password, SASL_SECRET_MAX, err);
    if (rc == 0)
        rc = check("the token", token, SASL_SECRET_MAX, err);
    if (rc != 0)
        return rc;
    /* cannot overflow: each part is bounded above */
    total = user.len + authzid.len + password.len + token.len + 4;
    c->block = mem_alloc(mem, total);
    if (c->block == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory for credentials");
    c->mem = mem;
    c->block_len = total;
    at = c->block;
    c->user = put(&at, user);
    c->authzid = put(&at, authzid);
    c->password = put(&at, password);
    c->token = put(&at, token);
    c->token_requests = in->token_requests;
    return 0;
}

int sasl_creds_set_token(struct sasl_creds *c, mla_str token)
{
    mla_credentials in = {.struct_size = sizeof in};
    struct sasl_creds other;
    int rc;

    in.user = c->user.ptr;
    in.authzid = c->authzid.ptr;
    in.password = c->password.ptr;
    in.password_len = c->password.len;
    in.token = token.ptr;
    in.token_len = token.len;
    in.token_requests = c->token_requests;
    rc = sasl_creds_copy(&other, c->mem, &in, NULL);
    if (rc != 0)
        return rc;
    sasl_creds_free(c);
    *c = other;
    return 0;
}

void sasl_creds_free(struct sasl_creds *c)
{
    if (c->block != NULL)
        mem_free_secret(c->mem, c->block, c->block_len);
    memset(c, 0, sizeof *c);
}
