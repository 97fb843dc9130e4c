/* write_field.c - see write_field.h */
#include "mime/write_field.h"

#include "base/ascii.h"
#include "codec/crypt.h"

#include <stdio.h>
#include <string.h>

enum {
    PARAM_LINE = 74, /* with a blank before it and ";" behind */
    PARAM_VALUE = 4096,
    ID_OCTETS = 16
};

static const char token_specials[] = "()<>@,;:\\\"/[]?=";

/* ------------------------------------------------------------------ addresses */

static int is_dot_atom(const char *p, size_t n, int utf8)
{
    if (!write_all_plain(p, n, "()<>[]:;@\\,\"", utf8) || p[0] == '.' || p[n - 1] == '.')
        return 0;
    for (size_t i = 1; i < n; i++)
        if (p[i] == '.' && p[i - 1] == '.')
            return 0;
    return 1;
}

/* The local part, as it is or quoted (RFC 5322 section 3.4.1). */
static void add_local(struct buf *b, const mla_str *s, int utf8)
{
    if (is_dot_atom(s->ptr, s->len, utf8)) {
        buf_add(b, s->ptr, s->len);
        return;
    }
    buf_add_byte(b, '"');
    for (size_t i = 0; i < s->len; i++) {
        if (s->ptr[i] == '"' || s->ptr[i] == '\\')
            buf_add_byte(b, '\\');
        buf_add_byte(b, (unsigned char)s->ptr[i]);
    }
    buf_add_byte(b, '"');
}

static int is_ascii(const mla_str *s)
{
    for (size_t i = 0; i < s->len; i++)
        if ((unsigned char)s->ptr[i] > 0x7f)
            return 0;
    return 1;
}

static int is_host(const mla_str *s, int utf8)
{
    if (s->len > 2 && s->ptr[0] == '[' && s->ptr[s->len - 1] == ']')
        return write_all_plain(s->ptr + 1, s->len - 2, "[]\\", 0);
    return is_dot_atom(s->ptr, s->len, utf8);
}

static int check_mailbox(const mla_address *a, int utf8)
{
    int rc = write_check_text(a->mailbox.ptr, a->mailbox.len);

    if (rc == 0)
        rc = write_check_text(a->host.ptr, a->host.len);
    if (rc != 0)
        return rc;
    if (a->mailbox.len == 0 || a->mailbox.len + a->host.len > WRITE_TOKEN_MAX / 2)
        return MLA_E_ARG;
    if (memchr(a->mailbox.ptr, '\t', a->mailbox.len) != NULL)
        return MLA_E_ARG;
    if (!utf8 && (!is_ascii(&a->mailbox) || !is_ascii(&a->host)))
        return MLA_E_CHARSET;
    return is_host(&a->host, utf8) ? 0 : MLA_E_ARG;
}

static void add_mailbox(struct fold *f, const mla_address *a, int utf8)
{
    struct buf spec;

    buf_init(&spec, f->text.mem, 2 * WRITE_TOKEN_MAX);
    if (a->name.len != 0) {
        fold_phrase(f, a->name.ptr, a->name.len, utf8);
        buf_add_byte(&spec, '<');
    }
    add_local(&spec, &a->mailbox, utf8);
    buf_add_byte(&spec, '@');
    buf_add(&spec, a->host.ptr, a->host.len);
    if (a->name.len != 0)
        buf_add_byte(&spec, '>');
    if (spec.failed != 0)
        f->text.failed = f->text.failed != 0 ? f->text.failed : spec.failed;
    else
        fold_token(f, " ", 1, spec.ptr, spec.len);
    buf_free(&spec);
}

static void trim(mla_str *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t')) {
        s->ptr++;
        s->len--;
    }
    while (s->len > 0 && (s->ptr[s->len - 1] == ' ' || s->ptr[s->len - 1] == '\t'))
        s->len--;
}

int write_address(struct fold *f, struct write_addresses *list, const mla_address *given, int utf8)
{
    mla_address a = *given;
    int rc = write_check_text(a.name.ptr, a.name.len);

    trim(&a.name);
    if (rc == 0 && a.kind == MLA_ADDRESS_MAILBOX)
        rc = check_mailbox(&a, utf8);
    else if (rc == 0 && a.kind == MLA_ADDRESS_GROUP_BEGIN)
        rc = list->in_group || a.name.len == 0 ? MLA_E_ARG : 0;
    else if (rc == 0)
        rc = a.kind != MLA_ADDRESS_GROUP_END || !list->in_group ? MLA_E_ARG : 0;
    if (rc != 0)
        return rc;
    if (a.kind == MLA_ADDRESS_GROUP_END) {
        fold_raw(f, ";", 1);
        list->in_group = 0;
        list->members = 1;
        return f->text.failed;
    }
    if (list->members != 0)
        fold_raw(f, ",", 1);
    if (a.kind == MLA_ADDRESS_GROUP_BEGIN) {
        fold_phrase(f, a.name.ptr, a.name.len, utf8);
        fold_raw(f, ":", 1);
        list->in_group = 1;
        list->members = 0;
    } else {
        add_mailbox(f, &a, utf8);
        list->members++;
    }
    return f->text.failed;
}

static int unquote(const char *p, size_t n, struct buf *tmp)
{
    for (size_t i = 1; i + 1 < n; i++) {
        if (p[i] == '\\' && i + 2 < n)
            i++;
        else if (p[i] == '"' || p[i] == '\\')
            return MLA_E_ARG;
        buf_add_byte(tmp, (unsigned char)p[i]);
    }
    return tmp->failed;
}

int write_split_address(const char *text, struct buf *tmp, mla_address *out)
{
    const char *at = strrchr(text, '@');
    size_t n = at != NULL ? (size_t)(at - text) : 0;
    int rc = 0;

    if (n == 0)
        return MLA_E_ARG;
    memset(out, 0, sizeof *out);
    out->mailbox = (mla_str){text, n};
    out->host = (mla_str){at + 1, strlen(at + 1)};
    if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
        rc = unquote(text, n, tmp);
        out->mailbox = (mla_str){(const char *)tmp->ptr, tmp->len};
    }
    return rc;
}

/* ------------------------------------------------------------------ dates */

/* Days since 1970-01-01 to a date; the rule of leap years runs over 400 years. */
static void civil(int64_t days, int *y, int *m, int *d)
{
    int64_t z = days + 719468; /* since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

int write_date(int64_t seconds, int32_t zone_minutes, int zone_known, char out[WRITE_DATE_MAX])
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const int64_t first = INT64_C(-2208902400); /* 1900-01-02, in any zone */
    const int64_t last = INT64_C(253402214400); /* 9999-12-31, the same */
    int32_t zone = zone_known ? zone_minutes : 0;
    int32_t shown = zone < 0 ? -zone : zone;
    int64_t local;
    int64_t day;
    int y, m, d, s;

    if (seconds < first || seconds >= last || zone <= -1440 || zone >= 1440)
        return MLA_E_ARG;
    local = seconds + (int64_t)zone * 60;
    day = local / 86400 - (local % 86400 < 0);
    s = (int)(local - day * 86400);
    civil(day, &y, &m, &d);
    snprintf(out, WRITE_DATE_MAX, "%.3s, %d %.3s %04d %02d:%02d:%02d %c%02d%02d",
             days + ((day % 7 + 7) % 7) * 3, d, months + (m - 1) * 3, y, s / 3600, s / 60 % 60,
             s % 60, zone < 0 || !zone_known ? '-' : '+', shown / 60, shown % 60);
    return 0;
}

/* ------------------------------------------------------------------ message-ids */

int write_id(struct fold *f, const char *id, int utf8)
{
    size_t n = strlen(id);
    int rc = write_check_text(id, n);
    struct buf b;

    if (rc != 0)
        return rc;
    if (n >= 2 && id[0] == '<' && id[n - 1] == '>') {
        id++;
        n -= 2;
    }
    if (n > WRITE_TOKEN_MAX || !write_all_plain(id, n, "<>", 1))
        return MLA_E_ARG;
    if (!utf8 && !write_all_plain(id, n, "<>", 0))
        return MLA_E_CHARSET;
    buf_init(&b, f->text.mem, WRITE_TOKEN_MAX + 2);
    buf_add_byte(&b, '<');
    buf_add(&b, id, n);
    buf_add_byte(&b, '>');
    if (b.failed == 0)
        fold_token(f, " ", 1, b.ptr, b.len);
    rc = b.failed != 0 ? b.failed : f->text.failed;
    buf_free(&b);
    return rc;
}

int write_new_id(struct buf *out, const char *host)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    const mla_str h = {host, strlen(host)};
    uint8_t random[ID_OCTETS];
    uint32_t bits = 0;
    unsigned have = 0;

    if (!is_host(&h, 0) || h.len > 255)
        return MLA_E_ARG;
    if (crypt_random(random, sizeof random) != 0)
        return MLA_E_INTERNAL;
    buf_add_byte(out, '<');
    for (size_t i = 0; i < sizeof random || have > 0;) {
        if (have < 5 && i < sizeof random) {
            bits = bits << 8 | random[i++];
            have += 8;
            continue;
        }
        if (have < 5) { /* the last three bits */
            bits <<= 5 - have;
            have = 5;
        }
        have -= 5;
        buf_add_byte(out, (unsigned char)digits[bits >> have & 31]);
    }
    buf_add_byte(out, '@');
    buf_add(out, host, h.len);
    return buf_add_byte(out, '>');
}

/* ------------------------------------------------------------------ parameters */

int write_is_token(const void *p, size_t n)
{
    return write_all_plain(p, n, token_specials, 0);
}

int write_is_type(const char *type)
{
    const char *slash = strchr(type, '/');

    return slash != NULL && strlen(type) < 128 && write_is_token(type, (size_t)(slash - type)) &&
           write_is_token(slash + 1, strlen(slash + 1));
}

/* attribute-char of RFC 2231 section 7 */
static int is_attribute(int c)
{
    return c > ' ' && c < 0x7f && strchr("*'%()<>@,;:\\\"/[]?=", c) == NULL;
}

static int is_quotable(const uint8_t *p, size_t n, int utf8)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == '\t' || (p[i] > 0x7f && !utf8))
            return 0;
    return !write_looks_encoded(p, n) && (n == 0 || (p[0] != ' ' && p[n - 1] != ' '));
}

static void add_token(struct fold *f, struct buf *b)
{
    fold_raw(f, ";", 1);
    if (b->failed != 0)
        f->text.failed = f->text.failed != 0 ? f->text.failed : b->failed;
    else
        fold_token(f, " ", 1, b->ptr, b->len);
}

static size_t percent(const uint8_t *p, size_t n, char out[12])
{
    static const char hex[] = "0123456789ABCDEF";
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        if (is_attribute(p[i])) {
            out[len++] = (char)p[i];
            continue;
        }
        out[len++] = '%';
        out[len++] = hex[p[i] >> 4];
        out[len++] = hex[p[i] & 15];
    }
    return len;
}

static size_t whole_char(const uint8_t *p, size_t n)
{
    size_t len = 1;

    while (len < n && len < 4 && (p[len] & 0xc0) == 0x80)
        len++;
    return len;
}

/* name*=utf-8''... in one piece where that fits a line, else name*0*=, name*1*= ... */
static void add_extended(struct fold *f, const char *name, const uint8_t *p, size_t n)
{
    size_t whole = strlen(name) + 10;
    unsigned piece = 0;
    struct buf b;
    char out[12];

    for (size_t i = 0; i < n && whole <= PARAM_LINE; i++)
        whole += is_attribute(p[i]) ? 1 : 3;
    buf_init(&b, f->text.mem, 4 * PARAM_VALUE);
    for (size_t at = 0; at < n || piece == 0; piece++) {
        buf_clear(&b);
        buf_add_word(&b, name);
        if (whole > PARAM_LINE) {
            buf_add_byte(&b, '*');
            buf_add_number(&b, piece);
        }
        buf_add_word(&b, piece == 0 ? "*=utf-8''" : "*=");
        while (at < n) {
            size_t len = whole_char(p + at, n - at);
            size_t cost = percent(p + at, len, out);

            if (b.len + cost > PARAM_LINE)
                break;
            buf_add(&b, out, cost);
            at += len;
        }
        add_token(f, &b);
        if (f->text.failed != 0)
            break;
    }
    buf_free(&b);
}

int write_param(struct fold *f, const char *name, const void *value, size_t n, int utf8)
{
    const uint8_t *p = value;
    int rc = write_check_text(value, n);
    struct buf b;

    if (rc != 0)
        return rc;
    if (n > PARAM_VALUE)
        return MLA_E_LIMIT;
    if (strlen(name) > 40 || !write_is_token(name, strlen(name)) || strpbrk(name, "*'%") != NULL)
        return MLA_E_ARG;
    buf_init(&b, f->text.mem, 4 * PARAM_VALUE);
    buf_add_word(&b, name);
    buf_add_byte(&b, '=');
    if (write_is_token(value, n)) {
        buf_add(&b, value, n);
    } else {
        buf_add_byte(&b, '"');
        for (size_t i = 0; i < n; i++) {
            if (p[i] == '"' || p[i] == '\\')
                buf_add_byte(&b, '\\');
            buf_add_byte(&b, p[i]);
        }
        buf_add_byte(&b, '"');
    }
    if (!is_quotable(p, n, utf8) || b.len > PARAM_LINE)
        add_extended(f, name, p, n);
    else
        add_token(f, &b);
    buf_free(&b);
    return f->text.failed;
}
