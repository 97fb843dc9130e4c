/* literal.c - see literal.h */
#include "wire/literal.h"

#include "base/ascii.h"
#include "base/fail.h"
#include "base/num.h"

#include <string.h>

enum { KIND_UNKNOWN = 0, KIND_TEXT = 1, KIND_DATA = 2, KIND_FETCH = 3 };

void literal_init(struct literal *f, size_t max, uint32_t flags)
{
    memset(f, 0, sizeof *f);
    f->max = max;
    f->flags = flags;
}

static int is_status_word(const uint8_t *p, size_t n)
{
    static const char *const words[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ascii_equal_word(p, n, words[i]))
            return 1;
    return 0;
}

/* RFC 9051 section 9: response-tagged and continue-req have resp-text and no literal; of
 * response-data neither have resp-cond-state and resp-cond-bye. */
static int classify(const uint8_t *p, size_t n)
{
    size_t at = 0;
    size_t word;

    while (at < n && p[at] == 0) /* several servers: NUL octets in front of a response */
        at++;
    if (at >= n || p[at] != '*')
        return KIND_TEXT;
    for (at++; at < n && p[at] == ' ';)
        at++;
    word = at;
    if (at < n && p[at] == '[') /* home.pl: "* [COPYUID ...] text" without a status */
        return KIND_TEXT;
    while (at < n && ascii_is_alpha(p[at]))
        at++;
    if (at > word)
        return is_status_word(p + word, at - word) ? KIND_TEXT : KIND_DATA;
    while (at < n && ascii_is_digit(p[at]))
        at++;
    while (at < n && p[at] == ' ')
        at++;
    return ascii_starts(p + at, n - at, "FETCH") ? KIND_FETCH : KIND_DATA;
}

/* 1 when a quoted string is open behind the n octets at p. It cannot reach over a literal, so each
 * stretch of the line is looked at by itself. */
static int is_quote_open(const uint8_t *p, size_t n)
{
    int open = 0;

    for (size_t i = 0; i < n; i++) {
        if (!open) {
            const uint8_t *q = memchr(p + i, '"', n - i);

            if (q == NULL)
                return 0;
            i = (size_t)(q - p);
            open = 1;
        } else if (p[i] == '\\') {
            i++;
        } else if (p[i] == '"' && (i + 1 == n || literal_ends_quoted(p[i + 1]))) {
            open = 0;
        }
    }
    return open;
}

static int is_size_octet(int c)
{
    return ascii_hex(c) >= 0 || c == '+' || c == '-' || c == '.' || c == 'x' || c == 'X' ||
           c == ' ' || c == '\t';
}

/* Reads the size between p[open] = '{' and p[close] = '}': number64 (RFC 9051 section 9, literal).
 * Several servers put blanks behind the digits. */
static int read_size(const uint8_t *p, size_t open, size_t close, uint64_t *out)
{
    size_t end = close;

    while (end > open + 1 && (p[end - 1] == ' ' || p[end - 1] == '\t'))
        end--;
    return num_parse(p + open + 1, end - open - 1, INT64_MAX, out);
}

/* The stretch of line p[f->piece .. end), line end left off: does it end in a literal header? 1, 0,
 * or an error. */
static int find_header(struct literal *f, const uint8_t *p, size_t end, mla_error *err)
{
    size_t open;

    if (end <= f->piece || p[end - 1] != '}')
        return 0;
    if (f->kind == KIND_UNKNOWN)
        f->kind = classify(p, end);
    if (f->kind == KIND_TEXT)
        return 0;
    open = end - 1;
    while (open > f->piece && is_size_octet(p[open - 1]))
        open--;
    if (open == f->piece || p[open - 1] != '{')
        return 0;
    open--;
    if (is_quote_open(p + f->piece, open - f->piece))
        return 0;
    if (!read_size(p, open, end - 1, &f->size))
        return fail(err, MLA_E_PROTOCOL, "literal with the size \"%.*s\"",
                    (int)(end - open < 40 ? end - open : 40), (const char *)p + open);
    f->binary = open > f->piece && p[open - 1] == '~';
    return 1;
}

/* In a FETCH answer a literal is inside parentheses: SP or ")" comes behind it, or its length was
 * wrong. One line end in between is let pass: several servers announce bodies without their last
 * line end. LITERAL_MORE: not known yet; LITERAL_DONE: good. */
static int check_behind(struct literal *f, const uint8_t *p, size_t n, mla_error *err)
{
    size_t at = f->piece;

    if (at < n && p[at] == '\r')
        at++;
    if (at < n && p[at] == '\n')
        at++;
    if (at >= n)
        return LITERAL_MORE;
    if ((p[at] != ' ' && p[at] != ')') || (at == f->piece + 1 && p[f->piece] == '\r'))
        return fail(err, MLA_E_PROTOCOL, "a literal is not as long as announced");
    f->surplus += at != f->piece;
    f->piece = f->at = at;
    f->after_literal = 0;
    return LITERAL_DONE;
}

static int need_more(const struct literal *f, size_t n, mla_error *err)
{
    if (n >= f->max)
        return fail(err, MLA_E_FLOOD, "a response longer than %llu octets",
                    (unsigned long long)f->max);
    return LITERAL_MORE;
}

int literal_frame(struct literal *f, const uint8_t *p, size_t n, mla_error *err)
{
    int rc;

    if (f->header)
        return LITERAL_HEADER;
    if (f->after_literal && f->kind == KIND_FETCH) {
        rc = check_behind(f, p, n, err);
        if (rc < 0)
            return rc;
        if (rc == LITERAL_MORE)
            return need_more(f, n, err);
    }
    while (f->at < n) {
        const uint8_t *lf = memchr(p + f->at, '\n', n - f->at);
        size_t end;

        if (lf == NULL)
            break;
        end = (size_t)(lf - p);
        f->at = end + 1;
        if (end > f->piece && p[end - 1] == '\r')
            end--;
        else if ((f->flags & LITERAL_LF) == 0)
            continue;
        rc = find_header(f, p, end, err);
        if (rc < 0)
            return rc;
        if (rc == 0 && f->at > f->max)
            return need_more(f, n, err);
        f->bare_lf = f->at - end == 1;
        f->header = rc;
        return rc == 0 ? LITERAL_DONE : LITERAL_HEADER;
    }
    if (f->at < n)
        f->at = n;
    return need_more(f, n, err);
}

static void behind_literal(struct literal *f, size_t at)
{
    f->header = 0;
    f->after_literal = 1;
    f->piece = f->at = at;
    f->count++;
}

int literal_inline(struct literal *f, mla_error *err)
{
    if (f->at > f->max || f->size > f->max - f->at)
        return fail(err, MLA_E_FLOOD, "a literal of %llu octets in a response of at most %llu",
                    (unsigned long long)f->size, (unsigned long long)f->max);
    behind_literal(f, f->at + (size_t)f->size);
    return 0;
}

void literal_cut(struct literal *f)
{
    behind_literal(f, f->at);
}

void literal_drop(struct literal *f, size_t n)
{
    /* What the line is can no longer be seen; only data lines are read in batches. */
    if (f->kind == KIND_UNKNOWN)
        f->kind = KIND_DATA;
    f->at -= n;
    f->piece = f->piece > n ? f->piece - n : 0;
}
