/* write.c - a message on its way out: encodings chosen, headers made, octets handed out. See
 * write.h */
#include "mime/write.h"

#include "base/ascii.h"
#include "codec/crypt.h"

#include <string.h>

/* ------------------------------------------------------------------ what the bodies hold */

static int survey_calls(struct write_part *p)
{
    uint8_t piece[WRITE_PIECE];
    size_t n = 0;
    int rc = p->calls.rewind(p->calls.user);

    while (rc == 0) {
        rc = p->calls.read(p->calls.user, piece, sizeof piece, &n);
        if (rc == 0 && (n == 0 || n > sizeof piece))
            break;
        if (rc == 0)
            write_survey_feed(&p->survey, piece, n);
    }
    return rc > 0 || n > sizeof piece ? MLA_E_ARG : rc;
}

static int survey_part(struct write_part *p)
{
    struct write_survey fresh;
    int rc = 0;

    if (p->source != WRITE_PIECES) {
        memset(&fresh, 0, sizeof fresh);
        fresh.text = p->survey.text;
        p->survey = fresh;
    }
    if (p->source == WRITE_MEMORY)
        write_survey_feed(&p->survey, p->data, p->len);
    else if (p->source == WRITE_CALLS)
        rc = survey_calls(p);
    if (rc == 0 && p->source != WRITE_PIECES)
        p->surveyed = 1;
    if (rc == 0)
        write_survey_end(&p->survey);
    return rc;
}

/* RFC 2046 section 5.2: parts of these types are never encoded. */
static int is_never_encoded(const struct write_part *p)
{
    return p->is_message || strcmp(p->type, "message/partial") == 0 ||
           strcmp(p->type, "message/external-body") == 0;
}

static void choose(const struct write_message *w, struct write_part *p)
{
    unsigned may = ((w->flags & MLA_COMPOSE_8BIT) != 0 ? WRITE_MAY_8BIT : 0U) |
                   ((w->flags & MLA_COMPOSE_BINARY) != 0 ? WRITE_MAY_BINARY : 0U) |
                   (p->flowed ? WRITE_FLOWED : 0U) | (is_never_encoded(p) ? WRITE_NEVER : 0U);

    if (p->surveyed)
        p->encoding = write_choose(&p->survey, may);
    else
        p->encoding = is_never_encoded(p) ? WRITE_8BIT : WRITE_BASE64;
}

static int is_8bit(const struct buf *b)
{
    for (size_t i = 0; i < b->len; i++)
        if (b->ptr[i] > 0x7f)
            return 1;
    return 0;
}

static int is_8bit_head(const struct write_part *p)
{
    for (const struct write_part_field *f = p->fields; f != NULL; f = f->next)
        if (is_8bit(&f->fold.text))
            return 1;
    return is_8bit(&p->content_type.text) || (p->has_disposition && is_8bit(&p->disposition.text));
}

static int is_leaf(const struct write_part *p)
{
    return !p->is_multipart && p->first_child == 0;
}

static int check_complete(const struct write_part *p)
{
    if (p->is_multipart && p->first_child == 0)
        return MLA_E_STATE;
    for (const struct write_part_field *f = p->fields; f != NULL; f = f->next)
        if (f->addresses.in_group)
            return MLA_E_STATE;
    return 0;
}

/* Encodings; what holds other parts is as they are (RFC 2045 section 6.4). */
static int choose_all(struct write_message *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        struct write_part *p = &w->parts[i];
        int rc = check_complete(p);

        p->encoding = WRITE_7BIT;
        if (rc == 0 && is_leaf(p))
            rc = survey_part(p);
        if (rc != 0)
            return rc;
        if (is_leaf(p))
            choose(w, p);
    }
    for (uint32_t i = w->count - 1; i > 0; i--) {
        const struct write_part *p = &w->parts[i];
        struct write_part *up = &w->parts[p->parent];
        enum write_encoding e = p->encoding <= WRITE_BINARY ? p->encoding : WRITE_7BIT;

        if (e == WRITE_7BIT && is_8bit_head(p))
            e = WRITE_8BIT;
        if (e > up->encoding)
            up->encoding = e;
    }
    return 0;
}

/* ------------------------------------------------------------------ headers */

/* 140 random bits, and two characters that neither base64 nor quoted-printable can begin a line
 * with: no part holds such a line. */
static int make_boundary(struct write_part *p)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t random[28];

    if (crypt_random(random, sizeof random) != 0)
        return MLA_E_INTERNAL;
    memcpy(p->boundary, "=_", 2);
    for (size_t i = 0; i < sizeof random; i++)
        p->boundary[2 + i] = digits[random[i] & 31];
    p->boundary[2 + sizeof random] = '\0';
    return 0;
}

static void add_field(struct buf *head, const struct fold *f)
{
    buf_add(head, f->text.ptr, f->text.len);
    buf_add_word(head, "\r\n");
}

static int is_content(const struct write_part_field *f)
{
    return ascii_starts(f->fold.text.ptr, f->fold.text.len, "Content-");
}

/* The length of the line that the boundary would be on is what it has to be: it folds. */
static int make_head(struct write_message *w, uint32_t number)
{
    struct write_part *p = &w->parts[number];
    int is_top = number == 0 || w->parts[p->parent].is_message;
    struct fold type = p->content_type;

    buf_clear(&p->head);
    for (const struct write_part_field *f = p->fields; f != NULL; f = f->next)
        if (!is_content(f))
            add_field(&p->head, &f->fold);
    if (is_top)
        buf_add_word(&p->head, "MIME-Version: 1.0\r\n");
    buf_add(&p->head, type.text.ptr, type.text.len);
    if (p->is_multipart) {
        buf_add_word(&p->head, ";\r\n boundary=\"");
        buf_add_word(&p->head, p->boundary);
        buf_add_byte(&p->head, '"');
    }
    buf_add_word(&p->head, "\r\n");
    if (p->encoding != WRITE_7BIT) {
        buf_add_word(&p->head, "Content-Transfer-Encoding: ");
        buf_add_word(&p->head, write_encoding_name(p->encoding));
        buf_add_word(&p->head, "\r\n");
    }
    if (p->has_disposition)
        add_field(&p->head, &p->disposition);
    for (const struct write_part_field *f = p->fields; f != NULL; f = f->next)
        if (is_content(f))
            add_field(&p->head, &f->fold);
    buf_add_word(&p->head, "\r\n");
    return p->head.failed;
}

int write_seal(struct write_message *w)
{
    int rc = 0;

    if (w->sealed)
        return 0;
    rc = choose_all(w);
    for (uint32_t i = 0; rc == 0 && i < w->count; i++) {
        if (w->parts[i].is_multipart)
            rc = make_boundary(&w->parts[i]);
        if (rc == 0)
            rc = make_head(w, i);
    }
    w->sealed = rc == 0;
    return rc;
}

/* Whether base64 that is the whole message gets a line end of its own. */
static int ends_line(const struct write_message *w, uint32_t number)
{
    return number == 0 && w->parts[0].encoding == WRITE_BASE64;
}

int write_size(struct write_message *w, uint64_t *out_size)
{
    uint64_t size = 0;
    int rc = write_seal(w);

    for (uint32_t i = 0; rc == 0 && i < w->count; i++) {
        const struct write_part *p = &w->parts[i];

        size += p->head.len;
        if (is_leaf(p) && !p->surveyed)
            rc = MLA_E_NOT_FOUND;
        if (is_leaf(p))
            size += write_encoded_size(&p->survey, p->encoding) + (ends_line(w, i) ? 2U : 0U);
        for (uint32_t c = p->first_child; p->is_multipart && c != 0; c = w->parts[c].next)
            size += strlen(p->boundary) + (c == p->first_child ? 4 : 6); /* --B\r\n */
        if (p->is_multipart)
            size += strlen(p->boundary) + 8; /* \r\n--B--\r\n */
    }
    if (rc == 0)
        *out_size = size;
    return rc;
}

/* ------------------------------------------------------------------ octets out */

static void add_boundary(struct write_message *w, const char *before, uint32_t part,
                         const char *after)
{
    buf_add_word(&w->out, before);
    buf_add_word(&w->out, w->parts[part].boundary);
    buf_add_word(&w->out, after);
}

static int begin_body(struct write_message *w)
{
    struct write_part *p = &w->parts[w->at];

    memset(&w->encoder, 0, sizeof w->encoder);
    w->encoder.kind = p->encoding;
    w->encoder.text = p->survey.text;
    memset(&w->again, 0, sizeof w->again);
    w->again.text = p->survey.text;
    w->again.qp_given_up = 1;
    w->in = (const uint8_t *)p->data;
    w->left = p->source == WRITE_MEMORY ? p->len : 0;
    w->input_over = p->source <= WRITE_MEMORY;
    w->written = 0;
    w->state = WRITE_BODY;
    return p->source == WRITE_CALLS ? p->calls.rewind(p->calls.user) : 0;
}

/* The header of the part, and on to its body or its first child. */
static int head_out(struct write_message *w)
{
    const struct write_part *p = &w->parts[w->at];

    buf_add(&w->out, p->head.ptr, p->head.len);
    if (p->is_multipart)
        add_boundary(w, "--", w->at, "\r\n");
    if (is_leaf(p))
        return begin_body(w);
    w->at = p->first_child;
    return w->out.failed;
}

/* Behind a part: its next sibling, or the end of what holds it. */
static int close_out(struct write_message *w)
{
    const struct write_part *p = &w->parts[w->at];
    uint32_t up = p->parent;

    if (w->at == 0) {
        w->state = WRITE_DONE;
        return 0;
    }
    if (p->next != 0) {
        add_boundary(w, "\r\n--", up, "\r\n");
        w->at = p->next;
        w->state = WRITE_HEAD;
        return w->out.failed;
    }
    if (w->parts[up].is_multipart)
        add_boundary(w, "\r\n--", up, "--\r\n");
    w->at = up;
    return w->out.failed;
}

static int same_again(const struct write_message *w, const struct write_part *p)
{
    const struct write_survey *a = &p->survey;
    const struct write_survey *b = &w->again;

    return !p->surveyed ||
           (a->octets == b->octets && a->has_8bit == b->has_8bit && a->has_nul == b->has_nul &&
            a->bare == b->bare && a->from == b->from && a->blank == b->blank &&
            a->long_line == b->long_line && w->written == write_encoded_size(a, p->encoding));
}

static int encode_out(struct write_message *w, const uint8_t *in, size_t n)
{
    uint8_t *room = buf_room(&w->out, write_room(n));
    size_t len;

    if (room == NULL)
        return w->out.failed;
    write_survey_feed(&w->again, in, n);
    len = n != 0 ? write_encode(&w->encoder, in, n, room) : write_encode_end(&w->encoder, room);
    buf_grew(&w->out, len);
    w->written += len;
    return 0;
}

static int end_body(struct write_message *w)
{
    int rc = encode_out(w, NULL, 0);

    write_survey_end(&w->again);
    if (rc == 0 && !same_again(w, &w->parts[w->at]))
        rc = MLA_E_STATE;
    if (rc == 0 && ends_line(w, w->at) && w->written != 0)
        rc = buf_add_word(&w->out, "\r\n");
    w->state = WRITE_CLOSE;
    return rc;
}

static int read_out(struct write_message *w)
{
    const mla_compose_source *calls = &w->parts[w->at].calls;
    uint8_t piece[WRITE_PIECE];
    size_t n = 0;
    int rc = calls->read(calls->user, piece, sizeof piece, &n);

    if (rc != 0 || n > sizeof piece)
        return rc < 0 ? rc : MLA_E_ARG;
    w->input_over = n == 0;
    return n != 0 ? encode_out(w, piece, n) : 0;
}

static int body_out(struct write_message *w)
{
    size_t n = w->left < WRITE_PIECE ? w->left : WRITE_PIECE;
    int rc;

    if (n != 0) {
        rc = encode_out(w, w->in, n);
        w->in += n;
        w->left -= n;
        return rc;
    }
    if (w->input_over)
        return end_body(w);
    if (w->parts[w->at].source == WRITE_CALLS)
        return read_out(w);
    return MLA_COMPOSE_NEEDS_DATA;
}

/* One step; the octets are in out. */
static int step(struct write_message *w)
{
    switch (w->state) {
    case WRITE_HEAD:
        return head_out(w);
    case WRITE_BODY:
        return body_out(w);
    case WRITE_CLOSE:
        return close_out(w);
    default:
        return 0;
    }
}

int write_output(struct write_message *w, const uint8_t **out_data, size_t *out_len,
                 uint32_t *out_part)
{
    int rc = w->failed != 0 ? w->failed : write_seal(w);

    if (rc != 0)
        return rc;
    buf_clear(&w->out);
    while (rc == 0 && w->state != WRITE_DONE && w->out.len < WRITE_PIECE)
        rc = step(w);
    if (rc < 0) {
        w->failed = rc;
        return rc;
    }
    if (w->out.len == 0 && rc == MLA_COMPOSE_NEEDS_DATA) {
        if (out_part != NULL)
            *out_part = w->at;
        return rc;
    }
    *out_data = w->out.ptr;
    *out_len = w->out.len;
    return w->out.len != 0;
}

int write_feed(struct write_message *w, const void *data, size_t n)
{
    if (!w->sealed || w->failed != 0 || w->state != WRITE_BODY || w->left != 0 || w->input_over ||
        w->parts[w->at].source != WRITE_PIECES)
        return MLA_E_STATE;
    w->in = data;
    w->left = n;
    w->input_over = n == 0;
    return 0;
}

int write_rewind(struct write_message *w)
{
    if (!w->sealed)
        return MLA_E_STATE;
    w->failed = 0;
    w->state = WRITE_HEAD;
    w->at = 0;
    w->left = 0;
    return 0;
}
