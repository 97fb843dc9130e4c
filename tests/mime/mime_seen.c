/* mime_seen.c - see mime_seen.h */
#include "mime_seen.h"

#include <stdlib.h>
#include <string.h>

uint64_t seen_hash(uint64_t hash, const void *p, size_t n)
{
    const uint8_t *q = p;

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ q[i]) * UINT64_C(1099511628211);
    return hash;
}

uint32_t seen_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static void *room(void *array, size_t count, size_t *cap, size_t size)
{
    void *p = array;

    if (count < *cap)
        return p;
    *cap = *cap == 0 ? 16 : *cap * 2;
    p = realloc(array, *cap * size);
    if (p == NULL)
        abort();
    return p;
}

static const char *on_part(struct seen *s, const mla_mime_event *ev)
{
    struct seen_part *p;

    s->parts = room(s->parts, s->part_count, &s->part_cap, sizeof *s->parts);
    p = &s->parts[s->part_count];
    memset(p, 0, sizeof *p);
    p->header_offset = ev->offset;
    p->depth = ev->depth;
    p->index = ev->index;
    p->hash = seen_hash(1, NULL, 0);
    if (s->part_count != 0 && ev->offset < s->parts[s->part_count - 1].header_offset)
        return "parts are not in document order";
    s->open[ev->depth] = (uint32_t)s->part_count++;
    return NULL;
}

static const char *on_header(struct seen *s, const mla_mime_event *ev, const uint8_t *data)
{
    struct seen_field *f;

    s->fields = room(s->fields, s->field_count, &s->field_cap, sizeof *s->fields);
    f = &s->fields[s->field_count++];
    f->offset = ev->offset;
    f->name_len = ev->name.len;
    f->value_offset = ev->offset + (uint64_t)(ev->data.ptr - ev->name.ptr);
    f->value_len = ev->data.len;
    f->hash = seen_hash(seen_hash(1, ev->name.ptr, ev->name.len), ev->data.ptr, ev->data.len);
    s->parts[s->open[ev->depth]].fields++;
    if (memcmp(data + ev->offset, ev->name.ptr, ev->name.len) != 0 ||
        (ev->data.len != 0 && memcmp(data + f->value_offset, ev->data.ptr, ev->data.len) != 0))
        return "a field is not where it is said to be";
    return NULL;
}

static const char *on_body(struct seen *s, const mla_mime_event *ev, const uint8_t *data)
{
    struct seen_part *p = &s->parts[s->open[ev->depth]];

    if (ev->data.len == 0)
        return "an empty body event";
    if (ev->offset != p->body_offset + p->octets)
        return "body events leave a gap";
    if (memcmp(data + ev->offset, ev->data.ptr, ev->data.len) != 0)
        return "a body event is not what lies there";
    p->octets += ev->data.len;
    p->hash = seen_hash(p->hash, ev->data.ptr, ev->data.len);
    return NULL;
}

static const char *on_end(struct seen *s, const mla_mime_event *ev)
{
    struct seen_part *p = &s->parts[s->open[ev->depth]];

    if (ev->body_offset != p->body_offset || ev->index != p->index)
        return "a part ends that did not begin";
    if (ev->body_offset + ev->body_length != ev->offset)
        return "a part does not end where its body does";
    if ((ev->flags & (MLA_PART_MULTIPART | MLA_PART_MESSAGE)) == 0 && p->octets != ev->body_length)
        return "body octets are missing";
    p->body_length = ev->body_length;
    p->flags = ev->flags;
    return NULL;
}

static const char *on_event(struct seen *s, const mla_mime_event *ev, const uint8_t *data,
                            size_t len)
{
    struct seen_warning *w;
    struct seen_part *p;

    if (ev->struct_size != sizeof *ev)
        return "an event of another size";
    if (ev->offset > len)
        return "an offset outside of the message";
    switch (ev->type) {
    case MLA_MIME_EV_PART:
        return on_part(s, ev);
    case MLA_MIME_EV_HEADER:
        return on_header(s, ev, data);
    case MLA_MIME_EV_BODY_START:
        p = &s->parts[s->open[ev->depth]];
        p->body_offset = ev->offset;
        p->type_hash = seen_hash(1, ev->name.ptr, ev->name.len);
        p->encoding_hash = seen_hash(1, ev->data.ptr, ev->data.len);
        return ev->offset < p->header_offset ? "a body before its header" : NULL;
    case MLA_MIME_EV_BODY:
        return on_body(s, ev, data);
    case MLA_MIME_EV_PART_END:
        return on_end(s, ev);
    case MLA_MIME_EV_WARNING:
        s->warnings = room(s->warnings, s->warning_count, &s->warning_cap, sizeof *s->warnings);
        w = &s->warnings[s->warning_count++];
        memset(w, 0, sizeof *w);
        w->code = ev->code;
        w->depth = ev->depth;
        w->offset = ev->offset;
        return mla_mime_warning_name(ev->code) == NULL ? "a warning without a name" : NULL;
    default:
        return "an event of unknown type";
    }
}

static const char *drain(struct seen *s, mla_parser *p, const uint8_t *data, size_t len)
{
    const mla_mime_event *ev;
    const char *wrong = NULL;
    int rc;

    while ((rc = mla_parser_next(p, &ev)) == 1 && wrong == NULL)
        wrong = on_event(s, ev, data, len);
    return wrong != NULL ? wrong : rc < 0 ? mla_error_name(rc) : NULL;
}

/* Each piece is fed from a block of its own, so that reading beyond it is found out. */
static const char *feed_copy(struct seen *s, mla_parser *p, const uint8_t *data, size_t len,
                             size_t at, size_t n)
{
    uint8_t *copy = malloc(n);
    size_t used = 0;
    const char *wrong;

    if (copy == NULL)
        abort();
    memcpy(copy, data + at, n);
    wrong = mla_parser_feed(p, copy, n, &used) != 0 || used != n ? "feed failed" : NULL;
    if (wrong == NULL)
        wrong = drain(s, p, data, len);
    free(copy);
    return wrong;
}

const char *seen_stream(struct seen *s, const uint8_t *data, size_t len,
                        const mla_mime_limits *limits, seen_chunk_fn chunk, void *user)
{
    const char *wrong = NULL;
    mla_parser *p;
    size_t at = 0;

    s->part_count = s->field_count = s->warning_count = 0;
    if (mla_parser_new(NULL, limits, &p) != 0)
        return "no parser";
    while (wrong == NULL && at < len) {
        size_t n = chunk != NULL ? chunk(user, len - at) : len;

        wrong = feed_copy(s, p, data, len, at, n);
        at += n;
    }
    if (wrong == NULL)
        wrong = mla_parser_end(p) != 0 ? "end failed" : drain(s, p, data, len);
    mla_parser_free(p);
    if (wrong == NULL &&
        (s->part_count == 0 || s->parts[0].body_offset + s->parts[0].body_length != len))
        wrong = "the message does not reach to its end";
    return wrong;
}

const char *seen_equal(const struct seen *a, const struct seen *b)
{
    if (a->part_count != b->part_count)
        return "another number of parts";
    if (memcmp(a->parts, b->parts, a->part_count * sizeof *a->parts) != 0)
        return "other parts";
    if (a->field_count != b->field_count)
        return "another number of fields";
    if (a->field_count != 0 &&
        memcmp(a->fields, b->fields, a->field_count * sizeof *a->fields) != 0)
        return "other fields";
    if (a->warning_count != b->warning_count)
        return "another number of warnings";
    if (a->warning_count != 0 &&
        memcmp(a->warnings, b->warnings, a->warning_count * sizeof *a->warnings) != 0)
        return "other warnings";
    return NULL;
}

static const char *same_part(const struct seen_part *s, const mla_part *p, const uint8_t *data)
{
    const char *encoding = mla_part_transfer_encoding(p);
    const char *type = mla_part_content_type(p);
    uint32_t flags = mla_part_flags(p);

    /* The tree also enters messages that are encoded; the stream hands out their octets. */
    if (mla_part_child_count(p) == 1 &&
        (mla_part_flags(mla_part_child(p, 0)) & ~flags & MLA_PART_DECODED) != 0)
        flags &= ~(uint32_t)MLA_PART_MESSAGE;
    if (mla_part_header_offset(p) != s->header_offset ||
        mla_part_body_offset(p) != s->body_offset || mla_part_body_length(p) != s->body_length)
        return "tree and stream disagree about offsets";
    if (mla_part_depth(p) != s->depth || mla_part_header_count(p) != s->fields)
        return "tree and stream disagree about a part";
    if ((flags | MLA_PART_LIMIT) != (s->flags | MLA_PART_LIMIT))
        return "tree and stream disagree about flags";
    if (seen_hash(1, type, strlen(type)) != s->type_hash ||
        seen_hash(1, encoding, encoding != NULL ? strlen(encoding) : 0) != s->encoding_hash)
        return "tree and stream disagree about a type";
    if (s->octets != 0 &&
        seen_hash(1, data + mla_part_body_offset(p), (size_t)s->octets) != s->hash)
        return "tree and stream disagree about a body";
    return NULL;
}

static const char *same_fields(const struct seen *s, size_t first, const mla_part *p)
{
    for (uint32_t i = 0; i < mla_part_header_count(p); i++) {
        const struct seen_field *f = &s->fields[first + i];
        mla_str name;
        mla_str value;
        uint64_t at;

        if (mla_part_header_at(p, i, &name, &value, &at) != 0 || at != f->offset ||
            name.len != f->name_len || value.len != f->value_len ||
            seen_hash(seen_hash(1, name.ptr, name.len), value.ptr, value.len) != f->hash)
            return "tree and stream disagree about a field";
    }
    return NULL;
}

/* Fields come in the order of the parts, because a part's header is over before its children begin.
 */
const char *seen_tree(const struct seen *s, const mla_message *m, const uint8_t *data, size_t len)
{
    size_t n = 0;
    size_t field = 0;

    (void)len;
    for (uint32_t i = 0; i < mla_message_part_count(m); i++) {
        const mla_part *p = mla_message_part_at(m, i);
        const char *wrong;
        char *path;

        if (mla_part_path(p, &path, NULL) != 0 || mla_message_part(m, path) != p)
            return "a path does not lead back";
        mla_free(path);
        if ((mla_part_flags(p) & MLA_PART_DECODED) != 0)
            continue;
        if (n == s->part_count)
            return "the tree has more parts than the stream";
        wrong = same_part(&s->parts[n], p, data);
        if (wrong == NULL)
            wrong = same_fields(s, field, p);
        if (wrong != NULL)
            return wrong;
        field += s->parts[n++].fields;
    }
    if (n != s->part_count || field != s->field_count)
        return "the tree has fewer parts than the stream";
    for (size_t i = 0; i < s->warning_count; i++) {
        uint64_t at = 0;

        if (mla_message_warning(m, (uint32_t)i, &at) != s->warnings[i].code ||
            at != s->warnings[i].offset)
            return "tree and stream disagree about a warning";
        if (mla_part_depth(mla_message_warning_part(m, (uint32_t)i)) != s->warnings[i].depth)
            return "a warning belongs to another part";
    }
    return NULL;
}

void seen_free(struct seen *s)
{
    free(s->parts);
    free(s->fields);
    free(s->warnings);
    memset(s, 0, sizeof *s);
}

size_t seen_mutate(uint8_t *data, size_t len, size_t cap, uint64_t *state)
{
    static const char *const pieces[] = {"\r\n",  "\n",    "\r", "--", "\r\n\r\n", ":",    " ",
                                         "--b",   "--b--", "=?", "?=", "\"",       "(",    "\0",
                                         "\r\n ", ";",     "=",  "<",  "b\r\n",    "\n--b"};
    uint32_t times = 1 + seen_random(state) % 6;

    while (times-- > 0 && len != 0) {
        size_t at = seen_random(state) % len;
        const char *piece = pieces[seen_random(state) % (sizeof pieces / sizeof pieces[0])];
        size_t n = *piece == '\0' ? 1 : strlen(piece);

        switch (seen_random(state) % 5) {
        case 0: /* take a run out */
            n = 1 + seen_random(state) % 20;
            if (n > len - at)
                n = len - at;
            memmove(data + at, data + at + n, len - at - n);
            len -= n;
            break;
        case 1: /* put a piece in */
            if (len + n > cap)
                break;
            memmove(data + at + n, data + at, len - at);
            memcpy(data + at, piece, n);
            len += n;
            break;
        case 2: /* repeat a run */
            n = 1 + seen_random(state) % 40;
            if (n > len - at || len + n > cap)
                break;
            memmove(data + at + n, data + at, len - at);
            len += n;
            break;
        case 3:
            data[at] = (uint8_t)seen_random(state);
            break;
        default: /* cut off */
            if (seen_random(state) % 4 == 0)
                len = at;
        }
    }
    return len;
}
