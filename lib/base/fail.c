/* fail.c - see fail.h */
#include "base/fail.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct fail_row {
    int code;
    const char *name;
    const char *text;
};

/* One row an error: name and text. The numbers are in mailaccess/types.h; a test holds both
 * together. */
#define ROW(code, text)                                                                            \
    {                                                                                              \
        code, #code, text                                                                          \
    }
static const struct fail_row rows[] = {
    ROW(MLA_OK, "no error"),
    ROW(MLA_E_NO, "the server said NO"),
    ROW(MLA_E_BAD, "the server said BAD: it did not understand the command"),
    ROW(MLA_E_AUTH, "the log-in was refused"),
    ROW(MLA_E_UNSUPPORTED, "not supported by the server or by this build"),
    ROW(MLA_E_TIMEOUT, "the wait is over; the command goes on"),
    ROW(MLA_E_CANCELLED, "interrupted"),
    ROW(MLA_E_POLICY, "the configuration forbids it"),
    ROW(MLA_E_THROTTLED, "the server asks to wait before trying again"),
    ROW(MLA_E_ARG, "an argument is not valid"),
    ROW(MLA_E_STATE, "not possible in this state"),
    ROW(MLA_E_BUSY, "another command is under way"),
    ROW(MLA_E_LIMIT, "larger than the configured limit"),
    ROW(MLA_E_SYNTAX, "not well-formed"),
    ROW(MLA_E_CHARSET, "character set not known or text not valid in it"),
    ROW(MLA_E_NOT_FOUND, "not found"),
    ROW(MLA_E_NOMEM, "out of memory"),
    ROW(MLA_E_RESOLVE, "the host name cannot be resolved"),
    ROW(MLA_E_CONNECT, "cannot connect"),
    ROW(MLA_E_IO, "input/output error on the connection"),
    ROW(MLA_E_CLOSED, "the server closed the connection"),
    ROW(MLA_E_TLS, "TLS failed"),
    ROW(MLA_E_CERT, "the server's certificate is not acceptable"),
    ROW(MLA_E_TRUST, "the certificate was refused"),
    ROW(MLA_E_PROTOCOL, "the server broke the protocol"),
    ROW(MLA_E_FLOOD, "the server exceeded a limit"),
    ROW(MLA_E_DEADLINE, "the server was silent or slow for too long"),
    ROW(MLA_E_UNKNOWN_OUTCOME, "the connection broke before the outcome was known"),
    ROW(MLA_E_INSECURE, "the server does not give the protection asked for"),
    ROW(MLA_E_INTERNAL, "internal error"),
};
#undef ROW

static const struct fail_row *row_of(int code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const char *fail_name(int code)
{
    const struct fail_row *r = row_of(code);

    return r != NULL ? r->name : "MLA_E_UNKNOWN";
}

const char *fail_text(int code)
{
    const struct fail_row *r = row_of(code);

    return r != NULL ? r->text : "unknown error";
}

int fail_is_fatal(int code)
{
    return code <= MLA_E_FATAL;
}

/* How many octets at p are one well-formed UTF-8 character above US-ASCII; 0 when none is. */
static size_t utf8_run(const unsigned char *p)
{
    uint32_t c;
    size_t n;

    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        n = 2;
        c = p[0] & 0x1fU;
    } else if ((p[0] & 0xf0) == 0xe0) {
        n = 3;
        c = p[0] & 0x0fU;
    } else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        n = 4;
        c = p[0] & 0x07U;
    } else {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = (c << 6) | (p[i] & 0x3fU);
    }
    if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10ffff)) ||
        (c >= 0xd800 && c <= 0xdfff))
        return 0;
    return n;
}

/* Copies src visibly into dst; never cuts a character or an escape in two. */
static void copy_visible(char *dst, size_t size, const char *src)
{
    const unsigned char *p = (const unsigned char *)src;
    size_t at = 0;

    while (*p != '\0') {
        size_t n = *p >= 0x20 && *p < 0x7f ? 1 : utf8_run(p);
        char piece[8];
        size_t len = n;

        if (n == 2 && p[0] == 0xc2 && p[1] < 0xa0) { /* C1 controls */
            snprintf(piece, sizeof piece, "\\u00%02x", p[1]);
            len = 6;
        } else if (n == 0) {
            snprintf(piece, sizeof piece, "\\x%02x", *p);
            len = 4;
            n = 1;
        } else {
            memcpy(piece, p, n);
        }
        if (at + len >= size)
            break;
        memcpy(dst + at, piece, len);
        at += len;
        p += n;
    }
    dst[at] = '\0';
}

FAIL_PRINTF(3, 0) static int fail_va(mla_error *e, int code, const char *fmt, va_list ap)
{
    char raw[sizeof e->message * 2];

    if (e == NULL || e->code != 0)
        return code;
    e->code = code;
    vsnprintf(raw, sizeof raw, fmt, ap);
    copy_visible(e->message, sizeof e->message, raw);
    return code;
}

int fail(mla_error *e, int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fail_va(e, code, fmt, ap);
    va_end(ap);
    return code;
}

int fail_sys(mla_error *e, int code, int sys_code, const char *fmt, ...)
{
    char text[128];
    char why[96];
    va_list ap;

    if (e == NULL || e->code != 0)
        return code;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (strerror_r(sys_code, why, sizeof why) != 0)
        snprintf(why, sizeof why, "error %d", sys_code);
    fail(e, code, "%s: %s", text, why);
    e->sys_code = sys_code;
    return code;
}

int fail_tls(mla_error *e, int code, int tls_code, const char *fmt, ...)
{
    va_list ap;

    if (e == NULL || e->code != 0)
        return code;
    va_start(ap, fmt);
    fail_va(e, code, fmt, ap);
    va_end(ap);
    e->tls_code = tls_code;
    return code;
}
