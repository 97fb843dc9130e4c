/* parser_head.c - reading a header: fields, folding, and where it ends (RFC 5322 section 2.2) */
#include "base/ascii.h"
#include "codec/utf8.h"
#include "mailaccess/types.h"
#include "mime/field.h"
#include "mime/parser.h"

#include <string.h>

/* The field so far. */
static const uint8_t *window(const struct mime_parser *p, size_t *n)
{
    *n = p->carry.len != 0 ? p->carry.len : p->field_len;
    return p->carry.len != 0 ? p->carry.ptr : p->in;
}

static void drop_window(struct mime_parser *p)
{
    if (p->carry.len == 0)
        mime_use(p, p->field_len);
    buf_clear(&p->carry);
    p->field_len = 0;
    p->field_more = p->field_cut = p->field_eof = p->field_used = 0;
    p->field_at = p->pos;
}

/* What was fed is over, the field is not: keep it. */
static int keep_window(struct mime_parser *p)
{
    if (p->field_len != 0) {
        if (buf_add(&p->carry, p->in, p->field_len) != 0)
            return p->carry.failed;
        mime_use(p, p->field_len);
        p->field_len = 0;
    }
    return MIME_HUNGRY;
}

/* How many octets this header may still have behind the field so far. */
static size_t budget(const struct mime_parser *p, size_t have)
{
    uint64_t used = p->field_at - p->frames[p->frame_count - 1].header_offset + have;

    if (used >= p->limits.max_header_size)
        return 0;
    return p->limits.max_header_size - used < SIZE_MAX ? (size_t)(p->limits.max_header_size - used)
                                                       : SIZE_MAX;
}

/* Takes octets up to the next line end into the field: MIME_EVENT when the line is complete (or the
 * limit or the end of input is reached), MIME_HUNGRY, or MLA_E_NOMEM. */
static int more_line(struct mime_parser *p)
{
    for (;;) {
        size_t left = mime_left(p);
        const uint8_t *from = p->in + p->field_len;
        size_t have;
        size_t most;
        size_t n;
        const uint8_t *lf;

        (void)window(p, &have);
        left -= p->field_len;
        most = budget(p, have);
        n = left < most ? left : most;
        lf = n != 0 ? memchr(from, '\n', n) : NULL;
        if (lf != NULL)
            n = (size_t)(lf - from) + 1;
        if (p->carry.len != 0) {
            if (n != 0 && buf_add(&p->carry, from, n) != 0)
                return p->carry.failed;
            mime_use(p, n);
        } else {
            p->field_len += n;
        }
        if (lf != NULL)
            return MIME_EVENT;
        if (n == most) {
            p->field_cut = 1;
            return MIME_EVENT;
        }
        if (mime_is_last(p)) {
            p->field_eof = 1;
            return MIME_EVENT;
        }
        if (keep_window(p) < 0)
            return p->carry.failed;
        if (mime_left(p) == 0)
            return MIME_HUNGRY;
    }
}

static void end_header(struct mime_parser *p, uint64_t body_offset)
{
    mime_top(p)->body_offset = body_offset;
    p->state = MIME_HEADER_END;
    p->bol = 1;
    p->held = 0;
}

/* The line is no part of the header: it is put back, for the body. */
static void put_back(struct mime_parser *p)
{
    struct buf swap = p->back;

    p->pos = p->field_at;
    if (p->carry.len != 0) {
        if (p->in != p->in_end) {
            p->next = p->in;
            p->next_end = p->in_end;
        }
        p->back = p->carry;
        p->carry = swap;
        p->in = p->back.ptr;
        p->in_end = p->back.ptr + p->back.len;
    }
    buf_clear(&p->carry);
    p->field_len = 0;
    p->field_more = p->field_cut = p->field_eof = 0;
    p->skip_mid = 0;
    p->held = 0;
}

/* RFC 4155: "From " and more, without a colon where a field name has one. */
static int is_mbox_line(const uint8_t *f, size_t n)
{
    if (n > 0 && *f == '>') {
        f++;
        n--;
    }
    return n > 5 && memcmp(f, "From ", 5) == 0;
}

/* A byte order mark at the very beginning is passed over. */
static void skip_bom(struct mime_parser *p)
{
    size_t n;
    const uint8_t *f = window(p, &n);

    if (p->field_at != 0 || n < 3 || memcmp(f, "\xef\xbb\xbf", 3) != 0)
        return;
    mime_warn(p, MLA_MIME_WARN_BOM, 0);
    p->field_at = 3;
    if (p->carry.len != 0) {
        p->carry.len -= 3;
        memmove(p->carry.ptr, p->carry.ptr + 3, p->carry.len);
    } else {
        mime_use(p, 3);
        p->field_len -= 3;
    }
}

static int is_boundary(const struct mime_parser *p, const uint8_t *line, size_t n)
{
    size_t frame;
    int last;

    return n > 1 && line[0] == '-' && line[1] == '-' && n <= MIME_LINE_MAX &&
           mime_boundary(p, line, n, &frame, &last);
}

/* The first line of something is complete: what is it? MIME_AGAIN: it was used up or put back;
 * MIME_EVENT: a field begins with it. */
static int classify(struct mime_parser *p)
{
    struct field field;
    size_t n;
    const uint8_t *f;
    int first = p->top;

    if (first)
        skip_bom(p);
    f = window(p, &n);
    p->top = 0;
    if (n == 0 || n == field_line_end(f, n)) {
        mime_line_end(p, f, n, p->field_at);
        drop_window(p);
        end_header(p, p->pos);
        return MIME_AGAIN;
    }
    if (!p->field_cut && is_boundary(p, f, n)) {
        put_back(p); /* the body begins and ends here */
        end_header(p, p->field_at);
        return MIME_AGAIN;
    }
    if (p->field_cut && (*f == ' ' || *f == '\t' || !field_split(f, n, &field)) &&
        p->field_at != mime_top(p)->header_offset) {
        put_back(p);
        p->state = MIME_SKIP;
        return MIME_AGAIN;
    }
    if (*f == ' ' || *f == '\t') {
        mime_warn(p, MLA_MIME_WARN_BAD_CONTINUATION, p->field_at);
        if (p->field_cut) {
            put_back(p);
            p->state = MIME_SKIP;
        } else {
            drop_window(p);
        }
        return MIME_AGAIN;
    }
    if (field_split(f, n, &field)) {
        p->field_more = 1;
        return MIME_EVENT;
    }
    if (first && is_mbox_line(f, n) && !p->field_cut &&
        (p->frame_count == 1 || p->frames[p->frame_count - 2].kind == MIME_MESSAGE)) {
        mime_warn(p, MLA_MIME_WARN_MBOX_FROM, p->field_at);
        drop_window(p);
        return MIME_AGAIN;
    }
    mime_warn(p, MLA_MIME_WARN_NO_HEADER_END, p->field_at);
    put_back(p);
    end_header(p, p->field_at);
    return MIME_AGAIN;
}

/* Does the next line belong to the field? 1, 0, MIME_HUNGRY, or MLA_E_NOMEM. */
static int is_continued(struct mime_parser *p)
{
    for (;;) {
        size_t left = mime_left(p);

        if (left > p->field_len)
            return p->in[p->field_len] == ' ' || p->in[p->field_len] == '\t';
        if (mime_is_last(p))
            return 0;
        if (keep_window(p) < 0)
            return p->carry.failed;
        if (mime_left(p) == 0)
            return MIME_HUNGRY;
    }
}

static void check_octets(struct mime_parser *p, const uint8_t *f, size_t n)
{
    const uint8_t *cr = f;
    const uint8_t *nul = memchr(f, '\0', n);
    size_t ascii = utf8_ascii_run(f, n);

    if (nul != NULL)
        mime_warn(p, MLA_MIME_WARN_NUL, p->field_at + (uint64_t)(nul - f));
    if (ascii != n)
        mime_warn(p, MLA_MIME_WARN_RAW_8BIT, p->field_at + ascii);
    while ((cr = memchr(cr, '\r', n - (size_t)(cr - f))) != NULL) {
        if (++cr == f + n)
            break;
        if (*cr != '\n') {
            mime_warn(p, MLA_MIME_WARN_BARE_CR, p->field_at + (uint64_t)(cr - f) - 1);
            break;
        }
    }
    mime_line_end(p, f, n, p->field_at);
}

static void event_of_field(struct mime_parser *p, const uint8_t *f, size_t name_len, size_t value,
                           size_t len)
{
    mla_mime_event *ev = &p->ev;

    ev->type = MLA_MIME_EV_HEADER;
    ev->offset = p->field_at;
    ev->name.ptr = (const char *)f;
    ev->name.len = name_len;
    ev->data.ptr = (const char *)f + value;
    ev->data.len = len;
}

/* A whole field: the event. */
static int hand_out(struct mime_parser *p)
{
    struct field field;
    size_t n;
    const uint8_t *f = window(p, &n);
    int rc;

    p->field_used = 1;
    p->head.fields++;
    if (p->field_cut) {
        mime_warn(p, MLA_MIME_WARN_LIMIT_HEADER_BYTES, p->field_at + n);
        mime_top(p)->flags |= MLA_PART_LIMIT;
        p->state = MIME_SKIP;
        p->skip_mid = 1;
    }
    if (p->field_eof && f[n - 1] != '\n')
        mime_warn(p, MLA_MIME_WARN_TRUNCATED, p->field_at + n);
    (void)field_split(f, n, &field);
    if (field.space)
        mime_warn(p, MLA_MIME_WARN_SPACE_BEFORE_COLON, p->field_at);
    check_octets(p, f, n);
    rc = mime_head_field(p, f, field.name_len, f + field.value, field.end - field.value,
                         p->field_at + field.value);
    if (rc < 0)
        return rc;
    event_of_field(p, f, field.name_len, field.value, field.end - field.value);
    return MIME_EVENT;
}

/* The usual case by a short way: a field lies there whole, and no more is to be said of it than its
 * name, its value and its end. MIME_EVENT, MLA_E_NOMEM, or MIME_AGAIN: it takes the long way. */
static int quick_field(struct mime_parser *p)
{
    size_t left = (size_t)(p->in_end - p->in);
    size_t most = budget(p, 0);
    const uint8_t *f = p->in;
    struct vec_field field;
    size_t value;
    size_t n;
    size_t eol;
    int rc;

    if (*f == '-') /* a boundary, perhaps */
        return MIME_AGAIN;
    n = p->vec->field(f, left < most ? left : most, &field);
    if (n == 0)
        return MIME_AGAIN;
    p->top = 0;
    p->field_len = n;
    p->field_used = 1;
    p->head.fields++;
    eol = f[n - 2] == '\r' ? 2 : 1;
    if (field.odd)
        check_octets(p, f, n);
    else if (eol == 2 ? !p->crlf_seen : !p->lf_seen)
        mime_line_end(p, f, n, p->field_at);
    value = field.name_len + 1;
    n = n - eol < value ? 0 : n - eol - value;
    rc = mime_head_field(p, f, field.name_len, f + value, n, p->field_at + value);
    if (rc < 0)
        return rc;
    event_of_field(p, f, field.name_len, value, n);
    return MIME_EVENT;
}

int mime_step_header(struct mime_parser *p)
{
    int rc;

    if (p->field_used)
        drop_window(p);
    if (!p->field_more) {
        if (mime_left(p) == 0 && p->carry.len == 0) {
            if (!mime_is_last(p))
                return MIME_HUNGRY;
            end_header(p, p->pos);
            return MIME_AGAIN;
        }
        if (p->carry.len == 0)
            p->field_at = p->pos;
        if (p->head.fields >= p->limits.max_headers || budget(p, 0) == 0) {
            p->state = MIME_SKIP;
            return MIME_AGAIN;
        }
        if (p->carry.len == 0 && (rc = quick_field(p)) != MIME_AGAIN)
            return rc;
        rc = more_line(p);
        if (rc != MIME_EVENT)
            return rc;
        rc = classify(p);
        if (rc != MIME_EVENT)
            return rc;
    }
    while (!p->field_cut && !p->field_eof) {
        size_t n;
        const uint8_t *f = window(p, &n);

        if (f[n - 1] == '\n') {
            rc = is_continued(p);
            if (rc == 0)
                break;
            if (rc != 1)
                return rc;
        }
        rc = more_line(p);
        if (rc != MIME_EVENT)
            return rc;
    }
    return hand_out(p);
}

/* A line of a header that is over its limits: does the header end here? 1, 0 or MLA_E_NOMEM. */
static int skip_line(struct mime_parser *p, const uint8_t *line, size_t n, uint64_t at)
{
    if (n == field_line_end(line, n)) {
        end_header(p, at + n);
        return 1;
    }
    if (!is_boundary(p, line, n))
        return 0;
    if (buf_add(&p->carry, line, n) != 0)
        return p->carry.failed;
    p->field_at = at;
    put_back(p);
    end_header(p, at);
    return 1;
}

/* at: where the first line is that is passed over. */
static void warn_skipped(struct mime_parser *p, uint64_t at)
{
    struct mime_frame *top = mime_top(p);

    top->flags |= MLA_PART_LIMIT;
    if (p->head.fields >= p->limits.max_headers)
        mime_warn(p, MLA_MIME_WARN_LIMIT_HEADERS, at);
    else
        mime_warn(p, MLA_MIME_WARN_LIMIT_HEADER_BYTES, at);
}

int mime_step_skip(struct mime_parser *p)
{
    if (p->field_used)
        drop_window(p);
    for (;;) {
        size_t left = mime_left(p);
        size_t n = left < MIME_LINE_MAX - p->held ? left : MIME_LINE_MAX - p->held;
        const uint8_t *lf;
        size_t line;

        if (left == 0 && !mime_is_last(p))
            return MIME_HUNGRY;
        if (left == 0 && p->held == 0) {
            end_header(p, p->pos);
            return MIME_AGAIN;
        }
        if (p->skip_mid) {
            lf = memchr(p->in, '\n', left);
            mime_use(p, lf != NULL ? (size_t)(lf + 1 - p->in) : left);
            p->skip_mid = lf == NULL;
            continue;
        }
        lf = n != 0 ? memchr(p->in, '\n', n) : NULL;
        line = lf != NULL ? (size_t)(lf + 1 - p->in) : n;
        memcpy(p->hold + p->held, p->in, line);
        p->held += line;
        mime_use(p, line);
        if (lf == NULL && p->held < MIME_LINE_MAX && !(mime_is_last(p) && mime_left(p) == 0))
            continue;
        line = p->held;
        p->held = 0;
        if (lf == NULL && line == MIME_LINE_MAX) {
            p->skip_mid = 1;
        } else {
            int rc = skip_line(p, p->hold, line, p->pos - line);

            if (rc != 0)
                return rc < 0 ? rc : MIME_AGAIN;
        }
        warn_skipped(p, p->pos - line);
    }
}
