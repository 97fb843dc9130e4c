/* write_body.c - see write_body.h */
#include "mime/write_body.h"

#include "base/ascii.h"
#include "codec/base64.h"

#include <string.h>

enum {
    QP_LINE = 75,          /* and "=" behind a line that goes on */
    LINE_MAX_OCTETS = 998, /* RFC 5322 section 2.1.1 */
    PIECE = 1024,
    QP_TRIAL = 65536 /* octets after which it is clear what the rest will be like */
};

static const char from_line[] = "From ";

const char *write_encoding_name(enum write_encoding e)
{
    static const char *const names[WRITE_ENCODINGS] = {"7bit", "8bit", "binary", "quoted-printable",
                                                       "base64"};

    return names[e];
}

/* ------------------------------------------------------------------ quoted-printable */

static size_t qp_put(struct write_encoder *e, const char *s, unsigned n, uint8_t *out)
{
    size_t len = 0;

    if (e->col + n > QP_LINE) {
        memcpy(out, "=\r\n", 3);
        len = 3;
        e->col = 0;
    }
    memcpy(out + len, s, n);
    e->col += n;
    return len + n;
}

static size_t qp_hex(struct write_encoder *e, int c, uint8_t *out)
{
    static const char hex[] = "0123456789ABCDEF";
    char s[3] = {'=', hex[c >> 4 & 15], hex[c & 15]};

    return qp_put(e, s, 3, out);
}

/* What was held back as the beginning of "From " is none. */
static size_t qp_no_from(struct write_encoder *e, uint8_t *out)
{
    size_t len = qp_put(e, from_line, e->from, out);

    e->from = 0;
    return len;
}

static size_t qp_flush(struct write_encoder *e, int line_end, uint8_t *out)
{
    size_t len = 0;

    if (e->from != 0)
        len += qp_no_from(e, out);
    if (e->blank != 0 && line_end) {
        len += qp_hex(e, e->blank, out + len);
    } else if (e->blank != 0) {
        char c = (char)e->blank;

        len += qp_put(e, &c, 1, out + len);
    }
    e->blank = 0;
    return len;
}

/* One octet that is no part of a line end. */
static size_t qp_octet(struct write_encoder *e, int c, uint8_t *out)
{
    size_t len = 0;
    char ch = (char)c;

    if (e->from != 0 && c == from_line[e->from]) {
        if (++e->from < sizeof from_line - 1)
            return 0;
        e->from = 0;
        e->blank = ' ';
        len += qp_hex(e, 'F', out);
        return len + qp_put(e, "rom", 3, out + len);
    }
    len += qp_flush(e, 0, out);
    if (c == ' ' || c == '\t') {
        e->blank = c;
        return len;
    }
    if (c < ' ' || c > '~' || c == '=')
        return len + qp_hex(e, c, out + len);
    if (e->col + 1 > QP_LINE) {
        memcpy(out + len, "=\r\n", 3);
        len += 3;
        e->col = 0;
    }
    if (e->col == 0 && c == '.') /* lines of one dot end messages elsewhere */
        return len + qp_hex(e, c, out + len);
    if (e->col == 0 && c == 'F') {
        e->from = 1;
        return len;
    }
    return len + qp_put(e, &ch, 1, out + len);
}

static size_t qp_line_end(struct write_encoder *e, uint8_t *out)
{
    size_t len = qp_flush(e, 1, out);

    memcpy(out + len, "\r\n", 2);
    e->col = 0;
    return len + 2;
}

static int is_plain(uint8_t c)
{
    return c > ' ' && c <= '~' && c != '=';
}

/* In the middle of a line nothing has to be held back: how many octets can go out as they are. */
static size_t qp_run(struct write_encoder *e, const uint8_t *p, size_t n, uint8_t *out)
{
    size_t room = QP_LINE - e->col;
    size_t i = 0;

    if (e->cr_held || e->from != 0 || e->blank != 0 || e->col == 0)
        return 0;
    room = room < n ? room : n;
    while (i < room && (is_plain(p[i]) || (p[i] == ' ' && i + 1 < n && is_plain(p[i + 1]))))
        i++;
    memcpy(out, p, i);
    e->col += (unsigned)i;
    return i;
}

static size_t qp_encode(struct write_encoder *e, const uint8_t *p, size_t n, uint8_t *out)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        size_t run = qp_run(e, p + i, n - i, out + len);

        len += run;
        i += run;
        if (i == n)
            break;
        if (e->cr_held) {
            e->cr_held = 0;
            if (p[i] == '\n') {
                len += qp_line_end(e, out + len);
                continue;
            }
            len += qp_octet(e, '\r', out + len);
        }
        if (e->text && p[i] == '\r')
            e->cr_held = 1;
        else if (e->text && p[i] == '\n')
            len += qp_line_end(e, out + len);
        else
            len += qp_octet(e, p[i], out + len);
    }
    return len;
}

static size_t qp_end(struct write_encoder *e, uint8_t *out)
{
    size_t len = 0;

    if (e->cr_held)
        len = qp_octet(e, '\r', out);
    e->cr_held = 0;
    return len + qp_flush(e, 1, out + len);
}

/* ------------------------------------------------------------------ base64 */

static size_t b64_line(struct write_encoder *e, uint8_t *out)
{
    size_t len = 0;

    if (e->col != 0) {
        memcpy(out, "\r\n", 2);
        len = 2;
    }
    base64_encode(e->hold, e->held, (char *)out + len);
    len += base64_encoded_len(e->held);
    e->col = 1;
    e->held = 0;
    return len;
}

static size_t b64_octet(struct write_encoder *e, uint8_t c, uint8_t *out)
{
    size_t len = e->held == WRITE_B64_LINE ? b64_line(e, out) : 0;

    e->hold[e->held++] = c;
    return len;
}

static size_t b64_encode(struct write_encoder *e, const uint8_t *p, size_t n, uint8_t *out)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        size_t take = WRITE_B64_LINE - e->held;

        if (!e->text && take > 0) {
            take = take < n - i ? take : n - i;
            memcpy(e->hold + e->held, p + i, take);
            e->held += (unsigned)take;
            i += take - 1;
            continue;
        }
        if (e->text && p[i] == '\n' && !e->last_cr)
            len += b64_octet(e, '\r', out + len);
        e->last_cr = p[i] == '\r';
        len += b64_octet(e, p[i], out + len);
    }
    return len;
}

/* ------------------------------------------------------------------ all of them */

static size_t plain_encode(struct write_encoder *e, const uint8_t *p, size_t n, uint8_t *out)
{
    size_t len = 0;

    if (!e->text) {
        memcpy(out, p, n);
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\n' && !e->last_cr)
            out[len++] = '\r';
        e->last_cr = p[i] == '\r';
        out[len++] = p[i];
    }
    return len;
}

size_t write_encode(struct write_encoder *e, const void *in, size_t n, uint8_t *out)
{
    if (n == 0)
        return 0;
    if (e->kind == WRITE_QP)
        return qp_encode(e, in, n, out);
    return e->kind == WRITE_BASE64 ? b64_encode(e, in, n, out) : plain_encode(e, in, n, out);
}

size_t write_encode_end(struct write_encoder *e, uint8_t *out)
{
    if (e->kind == WRITE_QP)
        return qp_end(e, out);
    return e->kind == WRITE_BASE64 && e->held != 0 ? b64_line(e, out) : 0;
}

/* ------------------------------------------------------------------ what a body holds */

static void end_line(struct write_survey *s)
{
    if (s->line > LINE_MAX_OCTETS)
        s->long_line = 1;
    s->line = 0;
}

static void look_at(struct write_survey *s, int c)
{
    if (s->last == '\r' && c != '\n')
        s->bare = 1;
    if (c == '\n') {
        if (s->last != '\r') {
            s->canonical++;
            s->bare |= !s->text;
        } else if (s->line != 0) {
            s->line--; /* the CR */
        }
        end_line(s);
        s->last = c;
        return;
    }
    if (s->last == '\n')
        s->line = 0;
    if (c == '\r' && (s->last == ' ' || s->last == '\t'))
        s->blank = 1;
    s->line++;
    s->has_nul |= c == 0;
    s->has_8bit |= c > 0x7f;
    s->last = c;
}

/* Octets whose place on the line matters beyond the last one. */
static void look_at_from(struct write_survey *s, int c, unsigned *state)
{
    if (c == '\n')
        *state = 0;
    else if (*state < sizeof from_line - 1)
        *state = c == from_line[*state] ? *state + 1 : sizeof from_line;
    if (*state == sizeof from_line - 1)
        s->from = 1;
}

/* Up to the next multiple of PIECE at a time, and judged there: any split gives the same. */
static void count_qp(struct write_survey *s, const uint8_t *p, size_t n)
{
    uint8_t out[4 * PIECE + 160];
    uint64_t seen = s->octets - n;

    while (n > 0 && !s->qp_given_up) {
        size_t piece = PIECE - (size_t)(seen % PIECE);

        piece = piece < n ? piece : n;
        s->qp += write_encode(&s->qp_encoder, p, piece, out);
        seen += piece;
        if (seen % PIECE == 0 && seen > QP_TRIAL && s->qp > seen * 3 / 2)
            s->qp_given_up = 1;
        p += piece;
        n -= piece;
    }
}

/* In the middle of a line: octets that change nothing but its length. */
static size_t look_at_run(struct write_survey *s, const uint8_t *p, size_t n)
{
    uint8_t any = 0;
    size_t i = 0;

    if (s->from_state != sizeof from_line || s->last < ' ')
        return 0;
    while (i < n && p[i] >= ' ')
        any |= p[i++];
    if (i != 0) {
        s->line += i;
        s->has_8bit |= any > 0x7f;
        s->last = p[i - 1];
    }
    return i;
}

void write_survey_feed(struct write_survey *s, const void *in, size_t n)
{
    const uint8_t *p = in;

    s->qp_encoder.kind = WRITE_QP;
    s->qp_encoder.text = s->text;
    for (size_t i = look_at_run(s, p, n); i < n; i++, i += look_at_run(s, p + i, n - i)) {
        int last = s->last;

        if (p[i] == '\n' && (last == ' ' || last == '\t'))
            s->blank = 1;
        look_at_from(s, p[i], &s->from_state);
        look_at(s, p[i]);
    }
    s->octets += n;
    s->canonical += n;
    count_qp(s, p, n);
}

void write_survey_end(struct write_survey *s)
{
    uint8_t out[160];

    if (s->ended)
        return;
    s->ended = 1;
    s->qp_encoder.kind = WRITE_QP;
    s->qp_encoder.text = s->text;
    s->bare |= s->last == '\r';
    s->blank |= s->last == ' ' || s->last == '\t';
    end_line(s);
    s->qp += write_encode_end(&s->qp_encoder, out);
}

uint64_t write_encoded_size(const struct write_survey *s, enum write_encoding e)
{
    uint64_t n = s->text ? s->canonical : s->octets;
    uint64_t lines = (n + WRITE_B64_LINE - 1) / WRITE_B64_LINE;

    if (e == WRITE_QP)
        return s->qp;
    if (e != WRITE_BASE64)
        return n;
    return (n + 2) / 3 * 4 + (lines != 0 ? (lines - 1) * 2 : 0);
}

enum write_encoding write_choose(const struct write_survey *s, unsigned may)
{
    int lines_fit = !s->long_line && !s->has_nul && !s->bare;

    if ((may & WRITE_NEVER) != 0)
        return !lines_fit ? WRITE_BINARY : s->has_8bit ? WRITE_8BIT : WRITE_7BIT;
    if (lines_fit && !s->has_8bit && !s->from && (!s->blank || (may & WRITE_FLOWED) != 0))
        return WRITE_7BIT;
    if (lines_fit && s->has_8bit && (may & WRITE_MAY_8BIT) != 0)
        return WRITE_8BIT;
    if (!lines_fit && (may & WRITE_MAY_BINARY) != 0)
        return WRITE_BINARY;
    if (s->qp_given_up || write_encoded_size(s, WRITE_QP) > write_encoded_size(s, WRITE_BASE64))
        return WRITE_BASE64;
    return WRITE_QP;
}
