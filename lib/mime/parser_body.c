/* parser_body.c - reading a body up to the boundary that ends it (RFC 2046 section 5.1.1)
 *
 * A boundary begins with "--", so only places with "-" at the start of a line are looked at; what
 * lies between is passed over many octets at a time, and NUL is noticed on the way. */
#include "mailaccess/types.h"
#include "mime/field.h"
#include "mime/parser.h"

#include <string.h>

/* Is a NUL worth a warning here? */
static int wants_nul(const struct mime_parser *p)
{
    const struct mime_frame *top = &p->frames[p->frame_count - 1];

    return top->kind == MIME_LEAF && (top->warned & UINT64_C(1) << MLA_MIME_WARN_NUL) == 0 &&
           strcmp(p->head.encoding, "binary") != 0;
}

/* n octets of the body at data, the first NUL among them at nul, or none. 1 when they make an
 * event: those between the parts of a multipart do not. */
static int body(struct mime_parser *p, const uint8_t *data, size_t n, uint64_t at,
                const uint8_t *nul)
{
    mla_mime_event *ev = &p->ev;

    if (n == 0 || mime_top(p)->kind != MIME_LEAF)
        return 0;
    if (nul != NULL)
        mime_warn(p, MLA_MIME_WARN_NUL, at + (uint64_t)(nul - data));
    ev->type = MLA_MIME_EV_BODY;
    ev->offset = at;
    ev->data.ptr = (const char *)data;
    ev->data.len = n;
    return 1;
}

/* Everything up to to, which becomes the next octet. */
static int body_until(struct mime_parser *p, const uint8_t *to, int bol, const uint8_t *nul)
{
    size_t n = (size_t)(to - p->in);
    int event = body(p, p->in, n, p->pos, nul);

    if (n != 0)
        p->bol = bol;
    mime_use(p, n);
    return event ? MIME_EVENT : MIME_AGAIN;
}

/* The next "-" at the start of a line that may begin a boundary, or NULL. While *nul is NULL and
 * wanted, *nul becomes the first NUL that lies before it. */
static const uint8_t *candidate(const struct mime_parser *p, const uint8_t *from,
                                const uint8_t **nul, int *wanted)
{
    const uint8_t *end = p->in_end;
    int at_line = from == p->in ? p->bol : from[-1] == '\n';

    if (at_line && from < end && *from == '-' && (from + 1 == end || from[1] == '-'))
        return from;
    while ((from += p->vec->until_dash(from, (size_t)(end - from), *wanted)) < end) {
        if (*from == '\0') {
            *nul = from;
            *wanted = 0;
            continue;
        }
        from++;
        if (from + 1 == end || from[1] == '-')
            return from;
    }
    return NULL;
}

/* Octets of line end directly before c. */
static size_t eol_before(const struct mime_parser *p, const uint8_t *c)
{
    return c == p->in ? 0 : field_line_end(p->in, (size_t)(c - p->in));
}

static void found(struct mime_parser *p, size_t frame, int last, const uint8_t *line, size_t n,
                  uint64_t at, size_t eol)
{
    mime_line_end(p, line, n, at);
    mime_delimiter(p, frame, last, at, eol);
}

/* At in there are eol octets of line end and then something that may become a boundary, or nothing:
 * the rest of what was fed. */
static int keep(struct mime_parser *p, size_t eol)
{
    size_t n = (size_t)(p->in_end - p->in);

    memcpy(p->hold, p->in, n);
    p->held = n;
    p->hold_eol = eol;
    mime_use(p, n);
    return MIME_AGAIN;
}

/* No boundary is in sight: everything but a line end at the very end. */
static int body_rest(struct mime_parser *p, const uint8_t *nul)
{
    size_t n = (size_t)(p->in_end - p->in);
    size_t tail = 0;

    if (!mime_is_last(p)) {
        tail = field_line_end(p->in, n);
        if (tail == 0 && n != 0 && p->in_end[-1] == '\r')
            tail = 1;
    }
    if (tail == n)
        return keep(p, p->in_end[-1] == '\n' ? tail : 0);
    return body_until(p, p->in_end - tail, 0, nul);
}

static int scan(struct mime_parser *p)
{
    const uint8_t *from = p->in;
    const uint8_t *nul = NULL;
    int wanted = wants_nul(p);

    for (;;) {
        const uint8_t *c = candidate(p, from, &nul, &wanted);
        size_t eol;
        size_t left;
        const uint8_t *lf;
        size_t n;
        size_t frame;
        int last;

        if (c == NULL)
            return body_rest(p, nul);
        eol = eol_before(p, c);
        left = (size_t)(p->in_end - c);
        lf = memchr(c, '\n', left < MIME_LINE_MAX ? left : MIME_LINE_MAX);
        if (lf == NULL && left >= MIME_LINE_MAX) {
            from = c + 1;
            continue;
        }
        if (lf == NULL && !mime_is_last(p)) {
            if (c - eol > p->in)
                return body_until(p, c - eol, eol == 0, nul);
            return keep(p, eol);
        }
        n = lf != NULL ? (size_t)(lf + 1 - c) : left;
        if (n < 3 || !mime_boundary(p, c, n, &frame, &last)) {
            from = c + 1;
            continue;
        }
        if (c - eol > p->in)
            return body_until(p, c - eol, eol == 0, nul);
        mime_use(p, eol + n);
        found(p, frame, last, c, n, p->pos - n, eol);
        return MIME_AGAIN;
    }
}

/* The first n octets that are held were body after all. */
static int release(struct mime_parser *p, size_t n)
{
    const uint8_t *nul = wants_nul(p) ? memchr(p->hold, '\0', n) : NULL;
    int event = body(p, p->hold, n, p->pos - p->held, nul);

    p->hold_drop = n;
    p->bol = 0;
    return event ? MIME_EVENT : MIME_AGAIN;
}

static void drop_held(struct mime_parser *p)
{
    p->held -= p->hold_drop;
    memmove(p->hold, p->hold + p->hold_drop, p->held);
    p->hold_drop = 0;
    p->hold_eol = p->held; /* nothing but a line end is ever left */
}

/* Octets are held that may be the beginning of a boundary: one more, or a line more. */
static int take_more(struct mime_parser *p)
{
    size_t line = p->held - p->hold_eol;
    size_t left = mime_left(p);
    const uint8_t *lf;
    size_t n;

    if (p->hold_eol == 0 && p->hold[0] == '\r') { /* line end or not? */
        if (*p->in != '\n')
            return 0;
        p->hold_eol = 2;
        n = 1;
    } else if (line < 2) {
        if (*p->in != '-')
            return 0;
        n = 1;
    } else {
        if (line == MIME_LINE_MAX)
            return 0;
        n = left < MIME_LINE_MAX - line ? left : MIME_LINE_MAX - line;
        lf = memchr(p->in, '\n', n);
        if (lf != NULL)
            n = (size_t)(lf + 1 - p->in);
    }
    memcpy(p->hold + p->held, p->in, n);
    p->held += n;
    mime_use(p, n);
    return 1;
}

static int step_held(struct mime_parser *p)
{
    for (;;) {
        const uint8_t *line = p->hold + p->hold_eol;
        size_t n = p->held - p->hold_eol;
        int over = mime_left(p) == 0 && mime_is_last(p);
        size_t frame;
        int last;

        if ((n > 2 && line[n - 1] == '\n') || over) {
            if (n > 2 && (n < MIME_LINE_MAX || line[n - 1] == '\n') && *line == '-' &&
                mime_boundary(p, line, n, &frame, &last)) {
                p->held = 0;
                found(p, frame, last, line, n, p->pos - n, p->hold_eol);
                return MIME_AGAIN;
            }
            return release(p, p->held - (over ? 0 : field_line_end(line, n)));
        }
        if (mime_left(p) == 0)
            return MIME_HUNGRY;
        if (!take_more(p))
            return release(p, p->held);
    }
}

int mime_step_body(struct mime_parser *p)
{
    if (p->hold_drop != 0)
        drop_held(p);
    if (p->held != 0)
        return step_held(p);
    if (mime_left(p) == 0) {
        if (!mime_is_last(p))
            return MIME_HUNGRY;
        p->close_to = 0;
        p->close_at = p->pos;
        p->close_new = 0;
        p->state = MIME_CLOSE;
        return MIME_AGAIN;
    }
    if (p->active == 0) {
        const uint8_t *nul = wants_nul(p) ? memchr(p->in, '\0', mime_left(p)) : NULL;

        return body_until(p, p->in_end, 0, nul);
    }
    return scan(p);
}
