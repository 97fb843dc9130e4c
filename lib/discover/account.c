/* account.c - see account.h */
#include "discover/account.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "codec/utf8.h"
#include "net/hostname.h"

#include <string.h>

/* RFC 5322 section 3.2.3 atext and the dot; RFC 6531 section 3.3 adds what is not ASCII. Stray dots
 * are let pass: there are providers with such addresses. */
static int atom_char_ok(unsigned char c)
{
    return c >= 0x80 || ascii_is_alpha(c) || ascii_is_digit(c) ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* RFC 5321 section 4.1.2 Quoted-string, p behind the first mark, len up to the last one. */
static int quoted_ok(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (p[i] == '\\' && ++i == len)
            return 0;
        if (p[i] == '"' && p[i - 1] != '\\')
            return 0;
    }
    return 1;
}

static int local_ok(const char *p, size_t len)
{
    if (len >= 2 && p[0] == '"')
        return p[len - 1] == '"' && quoted_ok(p + 1, len - 2);
    for (size_t i = 0; i < len; i++)
        if (!atom_char_ok((unsigned char)p[i]))
            return 0;
    return len != 0;
}

/* Neither C0 nor C1 controls, and well-formed. */
static int text_ok(const char *text, size_t len)
{
    const uint8_t *p = (const uint8_t *)text;

    for (size_t i = 0; i < len; i++)
        if (ascii_is_control(p[i]) || (p[i] == 0xc2 && i + 1 < len && p[i + 1] < 0xa0))
            return 0;
    return utf8_valid(text, len);
}

int account_parse(const char *text, struct arena *a, struct account *out, mla_error *err)
{
    const char *at = text != NULL ? strrchr(text, '@') : NULL;
    size_t len = text != NULL ? strlen(text) : 0;
    struct hostname name;
    int rc;

    memset(out, 0, sizeof *out);
    if (at == NULL || len > ACCOUNT_MAX || !text_ok(text, len) ||
        !local_ok(text, (size_t)(at - text)))
        return fail(err, MLA_E_ARG, "\"%.100s\" is not a mail address", text != NULL ? text : "");
    rc = hostname_parse(at + 1, &name, err);
    if (rc != 0)
        return rc;
    if (name.ip_len != 0 || strlen(name.ascii) > ACCOUNT_DOMAIN_MAX)
        return fail(err, MLA_E_ARG, "\"%.100s\" is not the domain of a mail address", at + 1);
    out->text = arena_dup(a, text, len);
    out->local = arena_dup(a, text, (size_t)(at - text));
    out->given = arena_dup(a, at + 1, strlen(at + 1));
    out->domain = arena_dup(a, name.ascii, strlen(name.ascii));
    if (out->text == NULL || out->local == NULL || out->given == NULL || out->domain == NULL)
        return fail(err, MLA_E_NOMEM, "out of memory");
    return 0;
}

int account_is_within(const char *host, const char *domain)
{
    size_t h = strlen(host);
    size_t d = strlen(domain);

    return h >= d && ascii_equal(host + (h - d), d, domain, d) &&
           (h == d || host[h - d - 1] == '.');
}

const char *account_escape(const char *text, struct arena *a)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t len = strlen(text);
    char *out = arena_array(a, len + 1, 3);
    char *w = out;

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (ascii_is_alpha(c) || ascii_is_digit(c) || strchr("-._~", c) != NULL) {
            *w++ = (char)c;
            continue;
        }
        *w++ = '%';
        *w++ = digits[c >> 4];
        *w++ = digits[c & 15];
    }
    *w = '\0';
    return out;
}
