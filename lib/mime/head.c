/* head.c - what a part's header says about its structure (RFC 2045 sections 5 and 6) */
#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/chars.h"
#include "mime/parser.h"

#include <string.h>

/* Fields that may be there once (RFC 5322 section 3.6, RFC 2045), and what a second one is called.
 */
static const struct once {
    const char *name;
    int code;
} once[] = {
    {"content-type", MLA_MIME_WARN_DUPLICATE_TYPE},
    {"content-transfer-encoding", MLA_MIME_WARN_DUPLICATE_ENCODING},
    {"content-disposition", MLA_MIME_WARN_DUPLICATE_DISPOSITION},
    {"content-id", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"content-description", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"mime-version", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"from", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"sender", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"reply-to", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"to", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"cc", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"bcc", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"message-id", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"in-reply-to", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"references", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"subject", MLA_MIME_WARN_DUPLICATE_HEADER},
    {"date", MLA_MIME_WARN_DUPLICATE_HEADER},
};

enum { ONCE_TYPE = 0, ONCE_ENCODING = 1, ONCE_COUNT = sizeof once / sizeof once[0] };

/* Where a name can stand in once, plus 1; found by hash_of(), which gives each of them a place of
 * its own (tests/unit/mime/test_head.c tries them all). */
static const uint8_t places[32] = {
    10, 0, 7, 0, 1,  0, 6, 0, 13, 12, 0, 16, 17, 5, 0, 2,
    0,  0, 0, 0, 15, 3, 4, 0, 11, 0,  9, 14, 0,  0, 8, 0,
};

static size_t hash_of(const uint8_t *name, size_t n)
{
    return (n + 16 * (size_t)ascii_lower(name[0]) + 2 * (size_t)ascii_lower(name[n / 2])) % 32;
}

static void copy_lower(char *out, const void *in, size_t n)
{
    const uint8_t *p = in;

    for (size_t i = 0; i < n; i++)
        out[i] = (char)ascii_lower(p[i]);
    out[n] = '\0';
}

static int is_token(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!char_is(p[i], CHAR_TOKEN))
            return 0;
    return n != 0;
}

/* RFC 2045 section 5.1: type "/" subtype. */
static int take_type(struct mime_parser *p, const uint8_t *v, size_t n)
{
    const uint8_t *slash = memchr(v, '/', n);

    if (slash == NULL || n >= MIME_TYPE_MAX || !is_token(v, (size_t)(slash - v)) ||
        !is_token(slash + 1, n - (size_t)(slash + 1 - v)))
        return 0;
    copy_lower(p->head.type, v, n);
    return 1;
}

/* A parameter that must be short; longer ones count as absent. */
static int take_param(struct mime_parser *p, const char *name, char *out, size_t size, size_t *len)
{
    int rc;

    buf_clear(&p->tmp);
    rc = param_octets(&p->params, name, &p->tmp);
    if (rc < 0)
        return rc;
    *len = 0;
    if (rc == 1 && p->tmp.len != 0 && p->tmp.len < size) {
        memcpy(out, p->tmp.ptr, p->tmp.len);
        *len = p->tmp.len;
    }
    return rc == 1 && *len == 0 && p->tmp.len != 0;
}

/* A name of a character set is printable US-ASCII; anything else counts as absent. */
static void take_charset(struct mime_head *h, size_t len, const uint8_t *raw)
{
    h->charset[0] = '\0';
    while (len > 0 && ascii_is_space(*raw)) {
        raw++;
        len--;
    }
    while (len > 0 && ascii_is_space(raw[len - 1]))
        len--;
    for (size_t i = 0; i < len; i++)
        if (raw[i] <= 32 || raw[i] >= 127)
            return;
    copy_lower(h->charset, raw, len);
}

/* RFC 2046 section 5.1.1, boundary. */
static int is_good_boundary(const char *b, size_t n)
{
    if (n > 70 || b[n - 1] == ' ')
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!char_is((uint8_t)b[i], CHAR_BOUNDARY))
            return 0;
    return 1;
}

static int content_type(struct mime_parser *p, const uint8_t *v, size_t n, uint64_t at)
{
    struct mime_head *h = &p->head;
    struct warn_set w = {{0}, {0}};
    uint64_t where;
    size_t len = 0;
    int rc = param_parse(&p->params, v, n, &w, at);

    if (rc == 0)
        rc = take_param(p, "charset", h->charset, sizeof h->charset, &len);
    if (rc < 0)
        return rc;
    take_charset(h, len, p->tmp.ptr);
    rc = take_param(p, "boundary", h->boundary, sizeof h->boundary, &h->boundary_len);
    if (rc < 0)
        return rc;
    if (!take_type(p, p->params.value, p->params.value_len))
        mime_warn(p, MLA_MIME_WARN_BAD_TYPE, at);
    for (int code = MLA_MIME_WARN_DUPLICATE_PARAMETER; code <= MLA_MIME_WARN_LIMIT_PARAMS; code++)
        if (warn_has(&w, code, &where))
            mime_warn(p, code, where);
    if (ascii_starts(h->type, strlen(h->type), "multipart/") &&
        (rc != 0 || (h->boundary_len != 0 && !is_good_boundary(h->boundary, h->boundary_len))))
        mime_warn(p, MLA_MIME_WARN_BAD_BOUNDARY, at);
    /* Padding behind a boundary is not compared: a space at its end could never match. */
    while (h->boundary_len != 0 &&
           (h->boundary[h->boundary_len - 1] == ' ' || h->boundary[h->boundary_len - 1] == '\t'))
        h->boundary_len--;
    return 0;
}

static void transfer_encoding(struct mime_parser *p, const uint8_t *v, size_t n, uint64_t at)
{
    static const char *const known[] = {"7bit", "8bit", "binary", "base64", "quoted-printable"};
    const uint8_t *from;

    while (n > 0 && (ascii_is_space(*v) || *v == '"')) {
        v++;
        n--;
    }
    for (from = v; n > 0 && !ascii_is_space(*v) && strchr("\";(", *v) == NULL; v++)
        n--;
    n = (size_t)(v - from);
    if (n == 0)
        return;
    if (n < MIME_WORD_MAX && is_token(from, n))
        copy_lower(p->head.encoding, from, n);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(p->head.encoding, known[i]) == 0)
            return;
    mime_warn(p, MLA_MIME_WARN_BAD_ENCODING, at);
}

int mime_head_field(struct mime_parser *p, const uint8_t *name, size_t name_len,
                    const uint8_t *value, size_t len, uint64_t at)
{
    struct mime_head *h = &p->head;
    size_t i = places[hash_of(name, name_len)];

    if (i-- == 0 || !ascii_equal_word(name, name_len, once[i].name))
        return 0;
    if (h->seen & 1U << i) {
        mime_warn(p, once[i].code, at);
        return 0;
    }
    h->seen |= 1U << i;
    if (i == ONCE_TYPE)
        return content_type(p, value, len, at);
    if (i == ONCE_ENCODING)
        transfer_encoding(p, value, len, at);
    return 0;
}

static int is_identity(const char *encoding)
{
    return *encoding == '\0' || strcmp(encoding, "7bit") == 0 || strcmp(encoding, "8bit") == 0 ||
           strcmp(encoding, "binary") == 0;
}

static int same_boundary(const struct mime_parser *p, const struct mime_frame *f)
{
    return f->kind == MIME_MULTIPART && f->boundary_len == p->head.boundary_len &&
           memcmp(p->bounds.ptr + f->boundary, p->head.boundary, f->boundary_len) == 0;
}

static enum mime_kind multipart(struct mime_parser *p)
{
    struct mime_frame *top = mime_top(p);

    if (!is_identity(p->head.encoding))
        mime_warn(p, MLA_MIME_WARN_ENCODED_COMPOSITE, top->header_offset);
    if (p->head.boundary_len == 0) {
        mime_warn(p, MLA_MIME_WARN_NO_BOUNDARY, top->header_offset);
        return MIME_LEAF;
    }
    for (size_t i = 0; i + 1 < p->frame_count; i++)
        if (same_boundary(p, &p->frames[i]))
            mime_warn(p, MLA_MIME_WARN_REPEATED_BOUNDARY, top->header_offset);
    top->digest = strcmp(p->head.type, "multipart/digest") == 0;
    return MIME_MULTIPART;
}

enum mime_kind mime_head_kind(struct mime_parser *p)
{
    struct mime_frame *top = mime_top(p);
    struct mime_head *h = &p->head;
    enum mime_kind kind = MIME_LEAF;

    if (h->type[0] == '\0') {
        /* RFC 2045 section 5.2; RFC 2046 section 5.1.5 for a digest */
        int digest = (h->seen & 1U << ONCE_TYPE) == 0 && p->frame_count > 1 && top[-1].digest;
        const char *type = digest ? "message/rfc822" : "text/plain";

        memcpy(h->type, type, strlen(type) + 1);
    }
    if (ascii_starts(h->type, strlen(h->type), "multipart/")) {
        kind = multipart(p);
    } else if (strcmp(h->type, "message/rfc822") == 0 || strcmp(h->type, "message/global") == 0) {
        if (is_identity(h->encoding))
            kind = MIME_MESSAGE;
        else
            mime_warn(p, MLA_MIME_WARN_ENCODED_COMPOSITE, top->header_offset);
    }
    if (kind != MIME_LEAF && p->frame_count > p->limits.max_depth) {
        mime_warn(p, MLA_MIME_WARN_LIMIT_DEPTH, top->header_offset);
        top->flags |= MLA_PART_LIMIT;
        return MIME_LEAF;
    }
    if (kind == MIME_MESSAGE && p->parts >= p->limits.max_parts) {
        mime_warn(p, MLA_MIME_WARN_LIMIT_PARTS, top->header_offset);
        top->flags |= MLA_PART_LIMIT;
        return MIME_LEAF;
    }
    return kind;
}
