/* caps_read.c - the values of capabilities, typed: see caps.h */
#include "pop3/caps.h"

#include "base/num.h"
#include "base/slice.h"

#include <string.h>

static const struct {
    const char *tag;
    uint32_t flag;
} plain[] = {
    {"TOP", MLA_POP3_CAP_TOP},
    {"UIDL", MLA_POP3_CAP_UIDL},
    {"USER", MLA_POP3_CAP_USER},
    {"SASL", MLA_POP3_CAP_SASL},
    {"STLS", MLA_POP3_CAP_STLS},
    {"RESP-CODES", MLA_POP3_CAP_RESP_CODES},
    {"AUTH-RESP-CODE", MLA_POP3_CAP_AUTH_RESP_CODE},
    {"PIPELINING", MLA_POP3_CAP_PIPELINING},
    {"UTF8", MLA_POP3_CAP_UTF8},
    {"LANG", MLA_POP3_CAP_LANG},
};

static int is_word(mla_str s, const char *word)
{
    return ascii_equal_word(s.ptr, s.len, word);
}

/* A number of days or seconds: 1, or 0 when it is none. One too large for the record is as large as
 * it can hold, for a minimum that is not kept is worse than one that is too long. */
static int take_value(mla_str s, uint32_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_digit((unsigned char)s.ptr[i]))
            return 0;
    if (s.len == 0)
        return 0;
    *out = num_parse(s.ptr, s.len, UINT32_MAX, &value) ? (uint32_t)value : UINT32_MAX;
    return 1;
}

/* RFC 2449 section 6.7. GNU Mailutils forgets the blank: "EXPIRENEVER". */
static void read_expire(const struct pop3_caps *c, mla_pop3_capabilities *out)
{
    mla_str w[2];
    size_t n = pop3_caps_parameters(c, "EXPIRE", w, 2);

    if (pop3_caps_has(c, "EXPIRENEVER", NULL))
        out->flags |= MLA_POP3_CAP_EXPIRE_NEVER;
    if (n == 0)
        return;
    if (is_word(w[0], "NEVER"))
        out->flags |= MLA_POP3_CAP_EXPIRE_NEVER;
    else if (take_value(w[0], &out->expire_days))
        out->flags |= MLA_POP3_CAP_EXPIRE;
    if (is_word(w[n - 1], "USER"))
        out->flags |= MLA_POP3_CAP_EXPIRE_USER;
}

/* RFC 2449 section 6.5 */
static void read_delay(const struct pop3_caps *c, mla_pop3_capabilities *out)
{
    mla_str w[2];
    size_t n = pop3_caps_parameters(c, "LOGIN-DELAY", w, 2);

    if (n != 0 && take_value(w[0], &out->login_delay_s))
        out->flags |= MLA_POP3_CAP_LOGIN_DELAY;
    if (n != 0 && is_word(w[n - 1], "USER"))
        out->flags |= MLA_POP3_CAP_LOGIN_DELAY_USER;
}

/* All behind the tag (RFC 2449 section 6.9). */
static mla_str implementation(const struct pop3_caps *c)
{
    mla_str out = {NULL, 0};

    for (size_t i = 0; i < c->count && out.ptr == NULL; i++) {
        const char *line = pop3_caps_line(c, i);
        struct slice s = slice_of(line, strlen(line));

        slice_skip_spaces(&s);
        if (!slice_take_word(&s, "IMPLEMENTATION") ||
            (s.p != s.end && !ascii_is_space(slice_peek(&s))))
            continue;
        slice_skip_spaces(&s);
        while (s.end > s.p && ascii_is_space(s.end[-1]))
            s.end--;
        out = (mla_str){(const char *)s.p, slice_left(&s)};
    }
    return out;
}

int pop3_caps_read(struct pop3_caps *c, uint32_t asked_in)
{
    mla_pop3_capabilities *out = &c->read;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->state = (uint32_t)c->state;
    out->asked_in = asked_in;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (pop3_caps_has(c, plain[i].tag, NULL))
            out->flags |= plain[i].flag;
    if (pop3_caps_has(c, "UTF8", "USER"))
        out->flags |= MLA_POP3_CAP_UTF8_USER;
    read_expire(c, out);
    read_delay(c, out);
    out->implementation = implementation(c);
    if ((out->flags & MLA_POP3_CAP_SASL) == 0)
        return 0;
    /* words is what all lines have together */
    c->sasl = mem_array(c->text.mem, c->words, sizeof *c->sasl);
    if (c->sasl == NULL)
        return MLA_E_NOMEM;
    out->sasl = c->sasl;
    out->sasl_count = pop3_caps_parameters(c, "SASL", c->sasl, c->words);
    return 0;
}
