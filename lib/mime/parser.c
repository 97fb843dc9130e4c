/* parser.c - see parser.h: the parts that are open, and the events */
#include "mime/parser.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/field.h"
#include "mime/limits.h"

#include <string.h>

void mime_warn(struct mime_parser *p, int code, uint64_t at)
{
    enum { SIZE = sizeof p->pending / sizeof p->pending[0] };
    struct mime_frame *top = mime_top(p);

    if ((top->warned & UINT64_C(1) << code) != 0 || p->pending_count == SIZE)
        return;
    top->warned |= UINT64_C(1) << code;
    p->pending[(p->pending_first + p->pending_count++) % SIZE] =
        (struct mime_pending){code, (uint32_t)p->frame_count - 1, top->index, at};
}

void mime_line_end(struct mime_parser *p, const uint8_t *line, size_t n, uint64_t at)
{
    size_t eol = field_line_end(line, n);

    if (eol == 0 || (p->crlf_seen && p->lf_seen))
        return;
    p->crlf_seen |= eol == 2;
    p->lf_seen |= eol == 1;
    if (p->crlf_seen && p->lf_seen)
        mime_warn(p, MLA_MIME_WARN_MIXED_LINE_ENDS, at + n - eol);
}

int mime_boundary(const struct mime_parser *p, const uint8_t *line, size_t n, size_t *out_frame,
                  int *out_last)
{
    const uint8_t *b = line + 2;

    while (n > 2 && ascii_is_space(line[n - 1]))
        n--;
    n -= 2;
    for (size_t i = p->frame_count; i-- > 0;) {
        const struct mime_frame *f = &p->frames[i];

        if (f->kind != MIME_MULTIPART || f->closed || n < f->boundary_len ||
            memcmp(b, p->bounds.ptr + f->boundary, f->boundary_len) != 0)
            continue;
        *out_last = n == f->boundary_len + 2 && b[n - 2] == '-' && b[n - 1] == '-';
        *out_frame = i;
        if (n == f->boundary_len || *out_last)
            return 1;
    }
    return 0;
}

void mime_delimiter(struct mime_parser *p, size_t frame, int last, uint64_t at, size_t eol)
{
    p->close_to = frame + 1;
    p->close_at = at - eol;
    p->close_new = !last;
    p->state = MIME_CLOSE;
    p->bol = 1;
}

static int more_frames(struct mime_parser *p)
{
    size_t cap = p->frame_cap * 2;
    struct mime_frame *f =
        mem_resize_array(&p->mem, p->frames == p->few ? NULL : p->frames, cap, sizeof *f);

    if (f == NULL)
        return MLA_E_NOMEM;
    if (p->frames == p->few)
        memcpy(f, p->few, sizeof p->few);
    p->frames = f;
    p->frame_cap = cap;
    return 0;
}

/* A part begins at the present place. */
static int push(struct mime_parser *p)
{
    struct mime_frame *f;

    if (p->frame_count == p->frame_cap && more_frames(p) != 0)
        return MLA_E_NOMEM;
    f = &p->frames[p->frame_count++];
    memset(f, 0, sizeof *f);
    f->index = p->frame_count > 1 ? ++f[-1].children : 1;
    f->header_offset = p->pos;
    p->parts++;
    p->state = MIME_PART;
    return 0;
}

static void event_of_part(struct mime_parser *p, int type, uint64_t offset)
{
    const struct mime_frame *f = mime_top(p);

    p->ev.type = type;
    p->ev.offset = offset;
    p->ev.body_offset = f->body_offset;
    p->ev.flags = f->flags;
    if (f->kind == MIME_MULTIPART)
        p->ev.flags |= MLA_PART_MULTIPART;
    if (f->kind == MIME_MESSAGE)
        p->ev.flags |= MLA_PART_MESSAGE;
}

static int step_part(struct mime_parser *p)
{
    struct mime_head *h = &p->head;

    h->fields = h->seen = 0;
    h->type[0] = h->charset[0] = h->encoding[0] = '\0';
    h->boundary_len = 0;
    p->state = MIME_HEADER;
    p->top = 1;
    p->held = 0;
    p->skip_mid = 0;
    event_of_part(p, MLA_MIME_EV_PART, mime_top(p)->header_offset);
    return MIME_EVENT;
}

static int step_header_end(struct mime_parser *p)
{
    struct mime_frame *f = mime_top(p);

    f->kind = mime_head_kind(p);
    if (f->kind == MIME_MULTIPART) {
        f->boundary = p->bounds.len;
        f->boundary_len = p->head.boundary_len;
        if (buf_add(&p->bounds, p->head.boundary, f->boundary_len) != 0)
            return p->bounds.failed;
        p->active++;
    }
    p->state = MIME_BODY;
    event_of_part(p, MLA_MIME_EV_BODY_START, f->body_offset);
    p->ev.name.ptr = p->head.type;
    p->ev.name.len = strlen(p->head.type);
    p->ev.data.ptr = p->head.encoding;
    p->ev.data.len = strlen(p->head.encoding);
    return MIME_EVENT;
}

/* All frames above the multipart that the boundary belongs to are gone: a new part, or its end. */
static int after_close(struct mime_parser *p)
{
    struct mime_frame *f;

    if (p->close_to == 0) {
        p->state = MIME_DONE;
        return MIME_AGAIN;
    }
    f = mime_top(p);
    if (p->close_new && p->parts < p->limits.max_parts)
        return push(p);
    if (p->close_new) {
        mime_warn(p, MLA_MIME_WARN_LIMIT_PARTS, p->pos);
        f->flags |= MLA_PART_LIMIT;
    }
    f->closed = 1;
    p->active--;
    p->state = MIME_BODY;
    return MIME_AGAIN;
}

static int step_close(struct mime_parser *p)
{
    struct mime_frame *f;
    uint64_t end = p->close_at;

    if (p->frame_count == p->close_to)
        return after_close(p);
    f = mime_top(p);
    if (end < f->body_offset)
        end = f->body_offset;
    event_of_part(p, MLA_MIME_EV_PART_END, end);
    p->ev.body_length = end - f->body_offset;
    p->ev.depth = (uint32_t)p->frame_count - 1;
    p->ev.index = f->index;
    if (f->kind == MIME_MULTIPART) {
        if (!f->closed)
            mime_warn(p, MLA_MIME_WARN_MISSING_FINAL_BOUNDARY, end);
        if (f->children == 0)
            mime_warn(p, MLA_MIME_WARN_EMPTY_MULTIPART, f->body_offset);
        p->active -= !f->closed;
        p->bounds.len = f->boundary;
    }
    p->frame_count--;
    return MIME_EVENT;
}

static int step(struct mime_parser *p)
{
    switch (p->state) {
    case MIME_PART:
        return step_part(p);
    case MIME_HEADER:
        return mime_step_header(p);
    case MIME_SKIP:
        return mime_step_skip(p);
    case MIME_HEADER_END:
        return step_header_end(p);
    case MIME_BODY:
        if (mime_top(p)->kind == MIME_MESSAGE) /* its child begins where its body does */
            return push(p);
        return mime_step_body(p);
    case MIME_CLOSE:
        return step_close(p);
    case MIME_DONE:
        break;
    }
    return MIME_HUNGRY;
}

static void clear_event(struct mime_parser *p)
{
    memset(&p->ev, 0, sizeof p->ev);
    p->ev.struct_size = sizeof p->ev;
}

static int next_warning(struct mime_parser *p)
{
    enum { SIZE = sizeof p->pending / sizeof p->pending[0] };
    struct mime_pending *w = &p->pending[p->pending_first];

    p->pending_first = (p->pending_first + 1) % SIZE;
    p->pending_count--;
    p->ev.type = MLA_MIME_EV_WARNING;
    p->ev.code = w->code;
    p->ev.depth = w->depth;
    p->ev.index = w->index;
    p->ev.offset = w->at;
    return 1;
}

int mime_parser_next(struct mime_parser *p, const mla_mime_event **out_ev)
{
    int rc;

    if (p->failed != 0)
        return p->failed;
    clear_event(p);
    *out_ev = &p->ev;
    if (p->pending_count != 0)
        return next_warning(p);
    do {
        rc = step(p);
        if (rc == MIME_HUNGRY && p->pending_count != 0)
            return next_warning(p);
    } while (rc == MIME_AGAIN);
    if (rc < 0) {
        p->failed = rc;
        return rc;
    }
    if (rc == MIME_EVENT && p->ev.type != MLA_MIME_EV_PART_END) {
        p->ev.depth = (uint32_t)p->frame_count - 1;
        p->ev.index = mime_top(p)->index;
    }
    return rc == MIME_EVENT;
}

int mime_parser_feed(struct mime_parser *p, const uint8_t *data, size_t len)
{
    if (p->failed != 0)
        return p->failed;
    if (p->ended || p->in != p->in_end || p->next != NULL)
        return MLA_E_STATE;
    if (len == 0)
        return 0;
    p->in = data;
    p->in_end = data + len;
    return 0;
}

int mime_parser_end(struct mime_parser *p)
{
    p->ended = 1;
    return p->failed;
}

int mime_parser_init(struct mime_parser *p, const struct mem *mem, const mla_mime_limits *limits)
{
    size_t header;

    memset(p, 0, offsetof(struct mime_parser, head));
    p->frames = p->few;
    p->frame_cap = MIME_FEW;
    p->mem = *mem;
    p->vec = vec_now();
    mime_limits_fill(limits, &p->limits);
    header =
        p->limits.max_header_size < SIZE_MAX / 4 ? (size_t)p->limits.max_header_size : SIZE_MAX / 4;
    p->in = p->in_end = (const uint8_t *)"";
    param_init(&p->params, &p->mem, p->limits.max_params);
    buf_init(&p->bounds, &p->mem, (size_t)MIME_BOUNDARY_MAX * (p->limits.max_depth + 1U));
    buf_init(&p->tmp, &p->mem, header + 16);
    buf_init(&p->carry, &p->mem, header + MIME_LINE_MAX);
    buf_init(&p->back, &p->mem, header + MIME_LINE_MAX);
    return push(p);
}

void mime_parser_free(struct mime_parser *p)
{
    if (p->frames != p->few)
        mem_free(&p->mem, p->frames);
    param_free(&p->params);
    buf_free(&p->bounds);
    buf_free(&p->tmp);
    buf_free(&p->carry);
    buf_free(&p->back);
    p->frames = NULL;
    p->frame_count = p->frame_cap = 0;
}
