/* uu.c - see uu.h */
#include "codec/uu.h"

#include "base/ascii.h"

#include <string.h>

enum { LOST = 8 }; /* blanks at the end of a line */

/* ------------------------------------------------------------------ lines */

static size_t trimmed(const uint8_t *p, size_t n)
{
    while (n > 0 && (p[n - 1] == '\r' || p[n - 1] == '\n'))
        n--;
    return n;
}

static int is_word(const uint8_t *p, size_t n, const char *word)
{
    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    return n == strlen(word) && memcmp(p, word, n) == 0;
}

/* "begin 644 name", "begin-base64 644 name": where the name is, or 0. */
static size_t begin_line(const uint8_t *p, size_t n, int *out_base64)
{
    size_t at;
    size_t digits = 0;

    *out_base64 = n > 13 && memcmp(p, "begin-base64 ", 13) == 0;
    if (!*out_base64 && (n <= 6 || memcmp(p, "begin ", 6) != 0))
        return 0;
    at = *out_base64 ? 13 : 6;
    while (at < n && p[at] >= '0' && p[at] <= '7') {
        at++;
        digits++;
    }
    if (digits < 3 || digits > 5 || at >= n || p[at] != ' ')
        return 0;
    while (at < n && p[at] == ' ')
        at++;
    return at < n ? at : 0;
}

/* The octets that a line says it has, or -1 when it is no line of uuencode. Blanks at its end may
 * have been lost on the way; one or two characters more are a checksum. */
static int data_line(const uint8_t *p, size_t n)
{
    size_t octets;
    size_t chars;

    if (n == 0 || p[0] < ' ' || p[0] > '`')
        return -1;
    octets = (p[0] - 32U) & 63;
    chars = (octets + 2) / 3 * 4;
    if (n - 1 > chars + 2)
        return -1;
    for (size_t i = 1; i < n; i++)
        if (p[i] < ' ' || (p[i] > '`' && i <= chars))
            return -1;
    return (int)octets;
}

static unsigned sextet(const uint8_t *p, size_t n, size_t at)
{
    return at < n ? (p[at] - 32U) & 63 : 0;
}

static size_t decode_line(const uint8_t *p, size_t n, size_t octets, uint8_t *out)
{
    size_t len = 0;

    for (size_t at = 1; len < octets; at += 4) {
        unsigned v = sextet(p, n, at) << 18 | sextet(p, n, at + 1) << 12 |
                     sextet(p, n, at + 2) << 6 | sextet(p, n, at + 3);

        for (int shift = 16; shift >= 0 && len < octets; shift -= 8)
            out[len++] = (uint8_t)(v >> shift);
    }
    return len;
}

/* ------------------------------------------------------------------ a stream */

static size_t line_done(struct uu_dec *d, uint8_t *out)
{
    size_t n = d->len <= UU_LINE ? trimmed(d->line, d->len) : d->len;
    int octets;
    size_t len = 0;

    d->len = 0;
    if (d->stage == 0) {
        if (n <= UU_LINE && begin_line(d->line, n, &d->is_base64) != 0)
            d->stage = 1;
        return 0;
    }
    if (d->stage == 2)
        return 0;
    if (n <= UU_LINE && is_word(d->line, n, d->is_base64 ? "====" : "end")) {
        d->stage = 2;
        return d->is_base64 ? base64_end(&d->base64, out) : 0;
    }
    if (d->is_base64 && n <= UU_LINE)
        return base64_feed(&d->base64, d->line, n, out);
    octets = n <= UU_LINE ? data_line(d->line, n) : -1;
    if (octets > 0)
        len = decode_line(d->line, n, (size_t)octets, out);
    else if (octets < 0 && n > 0)
        d->defects |= UU_BAD;
    return len;
}

size_t uu_feed(struct uu_dec *d, const void *in, size_t n, uint8_t *out)
{
    const uint8_t *p = in;
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        if (d->len < UU_LINE)
            d->line[d->len] = p[i];
        if (d->len <= UU_LINE)
            d->len++;
        if (p[i] == '\n')
            len += line_done(d, out + len);
    }
    return len;
}

size_t uu_end(struct uu_dec *d, uint8_t *out)
{
    size_t len = d->len != 0 ? line_done(d, out) : 0;

    if (d->stage == 1) {
        d->defects |= UU_CUT;
        if (d->is_base64)
            len += base64_end(&d->base64, out + len);
    }
    return len;
}

/* ------------------------------------------------------------------ files in a text */

/* The line at from: its length without and with its end. */
static size_t line_at(const uint8_t *p, size_t n, size_t from, size_t *out_next)
{
    const uint8_t *lf = from < n ? memchr(p + from, '\n', n - from) : NULL;

    *out_next = lf != NULL ? (size_t)(lf - p) + 1 : n;
    return trimmed(p + from, *out_next - from);
}

static int is_base64_line(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!ascii_is_alpha(p[i]) && !ascii_is_digit(p[i]) && p[i] != '+' && p[i] != '/' &&
            p[i] != '=')
            return 0;
    return n > 0 && n <= UU_LINE;
}

/* 1 for a line that a file in a text may have: few of its characters were lost. */
static int is_file_line(const uint8_t *p, size_t n, int is_base64)
{
    int octets = is_base64 ? 0 : data_line(p, n);

    if (is_base64)
        return is_base64_line(p, n);
    return octets >= 0 && n - 1 + LOST >= ((size_t)octets + 2) / 3 * 4;
}

/* Behind the last line of the file whose first line of data is at from; from when there is none. */
static size_t file_end(const uint8_t *p, size_t n, size_t from, int is_base64)
{
    const char *last = is_base64 ? "====" : "end";
    size_t at = from;
    size_t next;

    while (at < n) {
        size_t len = line_at(p, n, at, &next);

        if (is_word(p + at, len, last))
            return next;
        if (len == 0) { /* the blank of the last, empty line was lost */
            size_t behind;

            len = line_at(p, n, next, &behind);
            return next < n && is_word(p + next, len, last) ? behind : at;
        }
        if (!is_file_line(p + at, len, is_base64))
            return at;
        at = next;
    }
    return at;
}

int uu_find(const uint8_t *p, size_t n, size_t from, struct uu_file *out)
{
    while (from < n) {
        size_t next;
        size_t len = line_at(p, n, from, &next);
        int is_base64;
        size_t name =
            len <= UU_LINE && len > 6 && p[from] == 'b' ? begin_line(p + from, len, &is_base64) : 0;

        if (name != 0) {
            size_t end = file_end(p, n, next, is_base64);

            if (end > next) {
                *out = (struct uu_file){from, end, from + name, len - name};
                return 1;
            }
        }
        from = next;
    }
    return 0;
}
