/* enc.c - see enc.h */
#include "imap/enc.h"

#include "base/ascii.h"
#include "codec/utf8.h"
#include "imap/date.h"
#include "imap/mbname.h"

#include <string.h>

/* A quoted string longer than this is sent as a literal: servers limit their lines. */
enum { QUOTED_MAX = 1000, PAIRS_MAX = 65536 };

void imap_enc_init(struct imap_enc *e, const struct mem *mem, size_t max)
{
    memset(e, 0, sizeof *e);
    buf_init(&e->out, mem, max);
    e->out.secret = 1;
    buf_init(&e->stops, mem, PAIRS_MAX * sizeof(size_t));
    buf_init(&e->hidden, mem, PAIRS_MAX * sizeof(size_t));
}

void imap_enc_clear(struct imap_enc *e)
{
    buf_clear(&e->out);
    buf_clear(&e->stops);
    buf_clear(&e->hidden);
    e->rc = 0;
    e->empty = 0;
}

void imap_enc_free(struct imap_enc *e)
{
    buf_free(&e->out);
    buf_free(&e->stops);
    buf_free(&e->hidden);
}

int imap_enc_error(const struct imap_enc *e)
{
    if (e->rc != 0)
        return e->rc;
    if (e->out.failed != 0)
        return e->out.failed;
    return e->stops.failed != 0 ? e->stops.failed : e->hidden.failed;
}

static void enc_fail(struct imap_enc *e, int rc)
{
    if (e->rc == 0)
        e->rc = rc;
}

void imap_enc_word(struct imap_enc *e, const char *word)
{
    buf_add_word(&e->out, word);
}

void imap_enc_space(struct imap_enc *e)
{
    buf_add_byte(&e->out, ' ');
}

void imap_enc_arg(struct imap_enc *e, const char *word)
{
    imap_enc_space(e);
    imap_enc_word(e, word);
}

void imap_enc_number(struct imap_enc *e, uint64_t n)
{
    buf_add_number(&e->out, n);
}

void imap_enc_open(struct imap_enc *e)
{
    buf_add_byte(&e->out, '(');
    e->empty = 1;
}

void imap_enc_between(struct imap_enc *e)
{
    if (!e->empty)
        imap_enc_space(e);
    e->empty = 0;
}

void imap_enc_item(struct imap_enc *e, const char *word)
{
    imap_enc_between(e);
    imap_enc_word(e, word);
}

void imap_enc_close(struct imap_enc *e)
{
    buf_add_byte(&e->out, ')');
    e->empty = 0;
}

/* RFC 9051 section 9, ATOM-CHAR; "]" is left out too, for response codes echo it. */
static int is_atom_char(unsigned char c)
{
    return c > ' ' && c < 0x7f && strchr("(){%*\"\\]", c) == NULL;
}

int imap_enc_is_atom(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_atom_char((unsigned char)s.ptr[i]))
            return 0;
    return s.len != 0;
}

int imap_enc_is_field_name(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == ':')
            return 0;
    return s.len != 0;
}

int imap_enc_is_ascii(mla_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] > 0x7f)
            return 0;
    return 1;
}

int imap_enc_is_utf8(mla_str s)
{
    return s.len == 0 || (memchr(s.ptr, 0, s.len) == NULL && utf8_valid(s.ptr, s.len));
}

void imap_enc_atom(struct imap_enc *e, mla_str s)
{
    if (!imap_enc_is_atom(s))
        enc_fail(e, MLA_E_ARG);
    else
        buf_add(&e->out, s.ptr, s.len);
}

static int fits_quotes(const struct imap_enc *e, mla_str s)
{
    if (s.len > QUOTED_MAX)
        return 0;
    for (size_t i = 0; i < s.len; i++)
        if (ascii_is_control((unsigned char)s.ptr[i]) ||
            ((unsigned char)s.ptr[i] > 0x7f && !e->utf8))
            return 0;
    return !e->utf8 || imap_enc_is_utf8(s);
}

void imap_enc_literal_header(struct imap_enc *e, uint64_t size, int binary, int sync)
{
    int plus =
        !sync && (e->literals == ENC_PLUS || (e->literals == ENC_MINUS && size <= ENC_MINUS_MAX));

    imap_enc_word(e, binary ? "~{" : "{");
    imap_enc_number(e, size);
    imap_enc_word(e, plus ? "+}\r\n" : "}\r\n");
    if (!plus)
        buf_add(&e->stops, &e->out.len, sizeof e->out.len);
}

void imap_enc_string(struct imap_enc *e, mla_str s)
{
    if (s.len != 0 && memchr(s.ptr, 0, s.len) != NULL) {
        enc_fail(e, MLA_E_ARG);
        return;
    }
    if (!fits_quotes(e, s)) {
        imap_enc_literal_header(e, s.len, 0, 0);
        buf_add(&e->out, s.ptr, s.len);
        return;
    }
    buf_add_byte(&e->out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_add_byte(&e->out, '\\');
        buf_add_byte(&e->out, (unsigned char)s.ptr[i]);
    }
    buf_add_byte(&e->out, '"');
}

void imap_enc_secret(struct imap_enc *e, mla_str s)
{
    size_t begin = e->out.len;
    size_t stop;

    imap_enc_string(e, s);
    /* a literal's header is no secret and must be in front of its stop */
    if (e->stops.len != 0) {
        memcpy(&stop, e->stops.ptr + e->stops.len - sizeof stop, sizeof stop);
        if (stop > begin)
            begin = stop;
    }
    buf_add(&e->hidden, &begin, sizeof begin);
    buf_add(&e->hidden, &e->out.len, sizeof e->out.len);
}

void imap_enc_mailbox(struct imap_enc *e, mla_str name, int raw)
{
    struct buf wire;
    mla_str s;
    int rc;

    if (name.ptr == NULL) {
        enc_fail(e, MLA_E_ARG);
        return;
    }
    if (raw) {
        imap_enc_string(e, name);
        return;
    }
    buf_init(&wire, e->out.mem, e->out.max);
    rc = mbname_encode(&wire, name.ptr, name.len, e->utf8);
    s.ptr = wire.ptr != NULL ? (const char *)wire.ptr : "";
    s.len = wire.len;
    if (rc == 0)
        imap_enc_string(e, s);
    else
        enc_fail(e, rc);
    buf_free(&wire);
}

void imap_enc_pattern(struct imap_enc *e, mla_str name, int raw)
{
    imap_enc_mailbox(e, name, raw);
}

void imap_enc_flags(struct imap_enc *e, uint32_t flags, const mla_str *keywords, size_t count)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        {MLA_IMAP_FLAG_SEEN, "\\Seen"},       {MLA_IMAP_FLAG_ANSWERED, "\\Answered"},
        {MLA_IMAP_FLAG_FLAGGED, "\\Flagged"}, {MLA_IMAP_FLAG_DELETED, "\\Deleted"},
        {MLA_IMAP_FLAG_DRAFT, "\\Draft"},
    };

    imap_enc_open(e);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((flags & names[i].bit) != 0)
            imap_enc_item(e, names[i].name);
        flags &= ~names[i].bit;
    }
    if (flags != 0) /* \Recent cannot be set (RFC 3501 section 2.3.2) */
        enc_fail(e, MLA_E_ARG);
    for (size_t i = 0; i < count; i++) {
        imap_enc_between(e);
        imap_enc_atom(e, keywords[i]);
    }
    imap_enc_close(e);
}

/* --- dates --- */

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static void add_digits(struct imap_enc *e, uint32_t n, unsigned count)
{
    char text[8];

    for (unsigned i = count; i > 0; i--) {
        text[i - 1] = (char)('0' + n % 10);
        n /= 10;
    }
    buf_add(&e->out, text, count);
}

static void add_month_year(struct imap_enc *e, uint32_t month, uint32_t year)
{
    buf_add_byte(&e->out, '-');
    buf_add(&e->out, months + (size_t)(month - 1) * 3, 3);
    buf_add_byte(&e->out, '-');
    add_digits(e, year, 4);
}

void imap_enc_date(struct imap_enc *e, uint32_t year, uint32_t month, uint32_t day)
{
    if (year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
        enc_fail(e, MLA_E_ARG);
        return;
    }
    imap_enc_number(e, day);
    add_month_year(e, month, year);
}

void imap_enc_date_time(struct imap_enc *e, int64_t seconds, int32_t zone)
{
    char text[IMAP_DATE_TIME_SIZE];

    if (!imap_date_format_time(text, seconds, zone)) {
        enc_fail(e, MLA_E_ARG);
        return;
    }
    buf_add_byte(&e->out, '"');
    buf_add(&e->out, text, sizeof text);
    buf_add_byte(&e->out, '"');
}

void imap_enc_set(struct imap_enc *e, const struct imap_set *s, size_t *at)
{
    imap_set_add(s, at, ENC_SET_ROOM, &e->out);
}

void imap_enc_value(struct imap_enc *e, mla_str value)
{
    if (value.ptr == NULL) {
        imap_enc_word(e, "NIL");
    } else if (value.len != 0 && memchr(value.ptr, 0, value.len) != NULL) {
        imap_enc_literal_header(e, value.len, 1, 0);
        buf_add(&e->out, value.ptr, value.len);
    } else {
        imap_enc_string(e, value);
    }
}
