/* literal.h - finds where one IMAP response ends, in the receive buffer.
 *
 * A response is a line; a literal "{n}" at the end of a line means that n octets follow and then
 * the line goes on (RFC 9051 section 4.3). The octets of a literal are jumped over, never scanned.
 * Whatever was looked at once is not looked at again, so octets may come singly at no cost.
 *
 * Status responses (OK NO BAD BYE PREAUTH, tagged or not) and "+" lines end in text for humans
 * (RFC 9051 section 9, resp-text), which may well end in "{5}": they have no literals. Everything
 * else that begins with "*" may have them.
 *
 *     literal_init(&f, max, LITERAL_LF);
 *     for (;;) {
 *         rc = literal_frame(&f, data, len, err);
 *         rc == LITERAL_MORE    read more octets behind the same ones, call again
 *         rc == LITERAL_HEADER  f.size octets follow behind f.at: literal_inline() when they are to
 *                               come into the buffer as part of the response, literal_cut() when
 *                               the caller takes them out of the stream himself; call again
 *         rc == LITERAL_DONE    the response is data[0 .. f.at); literal_next(&f)
 *     }
 */
#ifndef MLA_WIRE_LITERAL_H
#define MLA_WIRE_LITERAL_H

#include "base/scan.h"
#include "mailaccess/types.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LITERAL_MORE = 0, LITERAL_DONE = 1, LITERAL_HEADER = 2 };

/* flags */
enum { LITERAL_LF = 1 /* a bare LF ends a line, too */ };

struct literal {
    size_t max;        /* a response longer than this (cut literals apart) is MLA_E_FLOOD */
    uint32_t flags;    /* LITERAL_LF */
    int kind;          /* private: what sort of line it is */
    size_t at;         /* octets looked at; DONE: length of the response; HEADER: end of header */
    size_t piece;      /* where the present stretch of line begins: 0, or behind a literal */
    int header;        /* the answer to the last LITERAL_HEADER is still to come */
    int after_literal; /* the stretch begins behind a literal */
    int binary;        /* HEADER: it is a literal8, "~{n}" */
    uint64_t size;     /* HEADER: octets that follow */
    size_t count;      /* literals so far */
    /* Line ends too many behind literals of a FETCH answer: some servers announce a body one line
     * end short. To be warned of. */
    size_t surplus;
    int bare_lf; /* DONE: the line ended without CR */
};

void literal_init(struct literal *f, size_t max, uint32_t flags);
/* Ready for the next response, which begins at offset 0 of what is handed in next. */
static inline void literal_next(struct literal *f)
{
    const struct literal next = {.max = f->max, .flags = f->flags};

    *f = next;
}
/* Most responses are one line without a literal: the length of one that begins at p and is there to
 * its CRLF. 0: literal_frame() finds out; f is as literal_next() left it in either case. */
static inline size_t literal_line(const struct literal *f, const uint8_t *p, size_t n)
{
    const uint8_t *lf = scan_near(p, n, '\n');
    size_t len = lf != NULL ? (size_t)(lf - p) + 1 : 0;

    return len < 3 || lf[-1] != '\r' || lf[-2] == '}' || len > f->max ? 0 : len;
}
/* p[0 .. n) is the response from its beginning (less what literal_drop() took away), as far as it
 * has come; n never shrinks between calls. LITERAL_*; MLA_E_PROTOCOL (a size that is no number,
 * negative, above 2^63-1 or marked "+"; something else than SP or ")" behind a literal in a FETCH
 * answer: its length was wrong); MLA_E_FLOOD. After an error the framer is of no use any more. */
int literal_frame(struct literal *f, const uint8_t *p, size_t n, mla_error *err);
/* The literal's octets will stand behind its header. Nothing is allocated. 0, or MLA_E_FLOOD when
 * they would make the response longer than max. */
int literal_inline(struct literal *f, mla_error *err);
/* The literal's octets are taken out of the stream: the line goes on at f->at. */
void literal_cut(struct literal *f);
/* n octets were dropped from the front (a SEARCH line that is read in batches); n <= f->at. */
void literal_drop(struct literal *f, size_t n);

/* What may stand behind the closing quote of a string. A quote before anything else belongs to the
 * string: several servers do not escape it. Framer and parser have to agree on this. */
static inline int literal_ends_quoted(int c)
{
    return c == ' ' || c == ')' || c == '(' || c == ']' || c == '\r' || c == '\n';
}

#endif
