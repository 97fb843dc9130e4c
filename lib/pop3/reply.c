/* reply.c - see reply.h */
#include "pop3/reply.h"

#include "base/num.h"
#include "base/slice.h"

static mla_str str_of(const uint8_t *p, const uint8_t *end)
{
    mla_str s = {(const char *)p, (size_t)(end - p)};

    return s;
}

/* 1 when the levels of a response code begin with those of name; deeper ones do not matter
 * (RFC 2449 section 8). */
static int is_code(mla_str raw, const char *name)
{
    size_t n = strlen(name);

    return ascii_starts(raw.ptr, raw.len, name) && (raw.len == n || raw.ptr[n] == '/');
}

static uint32_t code_of(mla_str raw)
{
    static const struct {
        const char *name;
        uint32_t code;
    } rows[] = {
        {"LOGIN-DELAY", MLA_POP3_CODE_LOGIN_DELAY},
        {"IN-USE", MLA_POP3_CODE_IN_USE},
        {"SYS/TEMP", MLA_POP3_CODE_SYS_TEMP},
        {"SYS/PERM", MLA_POP3_CODE_SYS_PERM},
        {"AUTH", MLA_POP3_CODE_AUTH},
        {"UTF8", MLA_POP3_CODE_UTF8},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_code(raw, rows[i].name))
            return rows[i].code;
    return MLA_POP3_CODE_OTHER;
}

/* resp-code = "[" resp-level *("/" resp-level) "]" (RFC 2449 section 3). Without its end it is no
 * code but text. */
static void take_code(struct slice *s, struct pop3_reply *out)
{
    struct slice at = *s;
    struct slice inside;

    if (!slice_take(&at, '['))
        return;
    inside = slice_until(&at, ']');
    if (!slice_take(&at, ']') || inside.p == inside.end)
        return;
    out->code_raw = str_of(inside.p, inside.end);
    out->code = code_of(out->code_raw);
    slice_take(&at, ' ');
    *s = at;
}

/* Takes a status indicator that is a word of its own: "+OK" or "+OK ...", not "+OKAY". */
static int take_status(struct slice *s, const char *word)
{
    struct slice at = *s;

    if (!slice_take_word(&at, word))
        return 0;
    if (at.p < at.end && (ascii_is_alpha(*at.p) || ascii_is_digit(*at.p)))
        return 0;
    slice_take(&at, ' ');
    *s = at;
    return 1;
}

void pop3_reply_parse(const uint8_t *line, size_t len, struct pop3_reply *out)
{
    struct slice s = slice_of(line, len);

    memset(out, 0, sizeof *out);
    if (take_status(&s, "+OK")) {
        out->status = REPLY_OK;
    } else if (take_status(&s, "-ERR")) {
        out->status = REPLY_ERR;
    } else if (slice_take(&s, '+') && (s.p == s.end || *s.p == ' ')) {
        /* "+" SP [base64] (RFC 5034 section 5); some servers leave out the space */
        slice_take(&s, ' ');
        out->status = REPLY_MORE;
    } else {
        return;
    }
    if (out->status != REPLY_MORE)
        take_code(&s, out);
    out->text = str_of(s.p, s.end);
}

/* A number and what must be behind it: spaces or the end. */
static int take_number(struct slice *s, uint64_t max, uint64_t *out)
{
    size_t n = num_parse_prefix(s->p, slice_left(s), max, out);

    if (n == 0)
        return 0;
    s->p += n;
    if (s->p < s->end && !ascii_is_space(*s->p))
        return 0;
    slice_skip_spaces(s);
    return 1;
}

int pop3_reply_stat(mla_str text, mla_pop3_stat *out)
{
    struct slice s = slice_of(text.ptr, text.len);
    uint64_t count;
    uint64_t size;

    slice_skip_spaces(&s);
    if (!take_number(&s, UINT32_MAX, &count) || !take_number(&s, UINT64_MAX, &size))
        return 0;
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->count = (uint32_t)count;
    out->size = size;
    return 1;
}

static int is_plain_uidl(mla_str s)
{
    if (s.len == 0 || s.len > 70)
        return 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 0x21 || s.ptr[i] > 0x7e)
            return 0;
    return 1;
}

int pop3_reply_item(mla_str line, int is_uidl, mla_pop3_item *out)
{
    struct slice s = slice_of(line.ptr, line.len);
    uint64_t number;

    /* Some servers put the indicator on every line of a listing, several spaces between number and
     * identifier, or some in front. */
    slice_skip_spaces(&s);
    take_status(&s, "+OK");
    slice_skip_spaces(&s);
    while (s.end > s.p && ascii_is_space(s.end[-1]))
        s.end--;
    if (!take_number(&s, UINT32_MAX, &number) || number == 0)
        return 0;
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->number = (uint32_t)number;
    if (is_uidl) {
        out->uidl = str_of(s.p, s.end);
        out->flags = is_plain_uidl(out->uidl) ? 0 : MLA_POP3_ITEM_ODD_UIDL;
    } else if (!take_number(&s, UINT64_MAX, &out->size)) {
        out->size = 0;
        out->flags = MLA_POP3_ITEM_NO_SIZE;
    }
    return 1;
}

/* atext and "." (RFC 5322 section 3.2.3), the octets of a msg-id without quoting. */
static int is_id_octet(int c)
{
    static const char others[] = "!#$%&'*+-/=?^_`{|}~.";

    return ascii_is_alpha(c) || ascii_is_digit(c) || (c != 0 && strchr(others, c) != NULL);
}

static size_t id_run(const struct slice *s)
{
    size_t n = 0;

    while (n < slice_left(s) && is_id_octet(s->p[n]))
        n++;
    return n;
}

int pop3_reply_stamp(mla_str text, mla_str *out)
{
    struct slice s = slice_of(text.ptr, text.len);
    const uint8_t *begin;
    size_t n;

    slice_until(&s, '<');
    begin = s.p;
    if (!slice_take(&s, '<') || memchr(s.p, '<', slice_left(&s)) != NULL)
        return 0;
    n = id_run(&s);
    s.p += n;
    if (n == 0 || !slice_take(&s, '@'))
        return 0;
    n = id_run(&s);
    s.p += n;
    if (n == 0 || !slice_take(&s, '>'))
        return 0;
    *out = str_of(begin, s.p);
    return 1;
}
