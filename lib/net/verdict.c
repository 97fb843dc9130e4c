/* verdict.c - see verdict.h */
#include "net/verdict.h"

#include "base/fail.h"

#include <stdio.h>
#include <string.h>

void verdict_date(char out[VERDICT_DATE], int year, int month, int day)
{
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        snprintf(out, VERDICT_DATE, "an odd date");
    else
        snprintf(out, VERDICT_DATE, "%04d-%02d-%02d", year, month, day);
}

void verdict_name(struct verdict *v, const char *name, size_t len)
{
    size_t comma = v->names_len != 0 ? 2 : 0;

    if (v->names_left != 0 || len + comma >= sizeof v->names - v->names_len) {
        v->names_left++;
        return;
    }
    memcpy(v->names + v->names_len, ", ", comma);
    v->names_len += comma;
    /* A NUL inside must not end the list (T24). */
    for (size_t i = 0; i < len; i++)
        v->names[v->names_len++] = name[i] != '\0' ? name[i] : '?';
    v->names[v->names_len] = '\0';
}

static int fail_name_of(const struct verdict *v, const char *host, mla_error *err)
{
    if (v->names_len == 0 && v->names_left == 0)
        return fail(err, MLA_E_CERT, "the certificate is not for %.80s: it names no host", host);
    if (v->names_left == 0)
        return fail(err, MLA_E_CERT, "the certificate is not for %.60s but for %s", host, v->names);
    return fail(err, MLA_E_CERT, "the certificate is not for %.60s but for %s and %zu more", host,
                v->names_len != 0 ? v->names : "a name too long to show", v->names_left);
}

int verdict_fail_one(const struct verdict *v, uint32_t why, const char *host, int have_roots,
                     mla_error *err)
{
    struct verdict one = *v;

    one.why = why;
    return verdict_fail(&one, host, have_roots, err);
}

int verdict_fail(const struct verdict *v, const char *host, int have_roots, mla_error *err)
{
    const char *whose =
        v->chain ? "a certificate that vouches for the server's" : "the certificate";

    if ((v->why & VERDICT_PIN) != 0)
        return fail(err, MLA_E_CERT, "the public key of %.100s is not the pinned one", host);
    if ((v->why & VERDICT_NAME) != 0)
        return fail_name_of(v, host, err);
    if ((v->why & VERDICT_EXPIRED) != 0)
        return fail(err, MLA_E_CERT, "%s expired on %s", whose, v->until);
    if ((v->why & VERDICT_FUTURE) != 0)
        return fail(err, MLA_E_CERT, "%s is not valid before %s", whose, v->since);
    if ((v->why & VERDICT_WEAK_KEY) != 0)
        return fail(err, MLA_E_CERT, "%s has a weak key", whose);
    if ((v->why & VERDICT_WEAK_HASH) != 0)
        return fail(err, MLA_E_CERT, "%s is signed with a broken hash", whose);
    if ((v->why & VERDICT_USAGE) != 0)
        return fail(err, MLA_E_CERT, "the certificate is not meant for a server");
    if ((v->why & VERDICT_CONSTRAINTS) != 0)
        return fail(err, MLA_E_CERT,
                    "a certificate that vouches for the server's may not do so for its names");
    if ((v->why & VERDICT_SELF_SIGNED) != 0)
        return fail(err, MLA_E_CERT, "the certificate of %.100s is self-signed", host);
    if ((v->why & VERDICT_UNKNOWN_ROOT) != 0)
        return fail(err, MLA_E_CERT, "the certificate of %.100s is not signed by a root we know%s",
                    host, have_roots ? "" : " (no root certificates were found on this system)");
    return fail(err, MLA_E_CERT, "the certificate of %.100s is not acceptable", host);
}
