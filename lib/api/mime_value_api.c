/* mime_value_api.c - values made on demand, and lists of them: see mailaccess/mime.h */
#include "mailaccess/mime_headers.h"

#include "api/mime_handles.h"
#include "base/ascii.h"
#include "mime/decode.h"
#include "mime/encword.h"
#include "mime/filename.h"
#include "mime/limits.h"
#include "mime/path.h"

#include <string.h>

/* Hands out a text that was made, or its length alone is dropped. */
static int give(int rc, char *text, size_t len, char **out_text, size_t *out_len)
{
    if (rc != 0)
        return rc;
    *out_text = text;
    if (out_len != NULL)
        *out_len = len;
    return 0;
}

static int give_buf(struct buf *b, int rc, char **out_text, size_t *out_len)
{
    size_t len = 0;
    char *text = rc == 0 ? buf_take(b, &len) : NULL;

    if (rc == 0 && text == NULL)
        rc = b->failed;
    buf_free(b);
    return give(rc, text, len, out_text, out_len);
}

int mla_part_path(const mla_part *p, char **out_text, size_t *out_len)
{
    struct buf b;

    if (out_text == NULL)
        return MLA_E_ARG;
    buf_init(&b, &p->tree->mem, SIZE_MAX / 2);
    return give_buf(&b, path_of(p, &b), out_text, out_len);
}

int mla_part_header(const mla_part *p, const char *name, uint32_t nth, char **out_text,
                    size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (name == NULL || out_text == NULL)
        return MLA_E_ARG;
    rc = value_text(p, name, nth, NULL, &text, &len);
    return give(rc, text, len, out_text, out_len);
}

int mla_part_param(const mla_part *p, const char *name, const char *param, char **out_text,
                   size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (name == NULL || param == NULL || out_text == NULL)
        return MLA_E_ARG;
    rc = value_param(p, name, param, NULL, &text, &len);
    return give(rc, text, len, out_text, out_len);
}

int mla_part_disposition(const mla_part *p, char **out_text, size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (out_text == NULL)
        return MLA_E_ARG;
    rc = value_first_word(p, "Content-Disposition", &text, &len);
    return give(rc, text, len, out_text, out_len);
}

int mla_part_filename(const mla_part *p, char **out_text, size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (out_text == NULL)
        return MLA_E_ARG;
    rc = value_filename(p, NULL, &text, &len);
    return give(rc, text, len, out_text, out_len);
}

static int safe(const struct mem *mem, const char *name, size_t len, char **out_text,
                size_t *out_len)
{
    struct buf b;

    buf_init(&b, mem, FILENAME_MAX_OCTETS + 16);
    return give_buf(&b, filename_safe(name, len, &b), out_text, out_len);
}

int mla_part_safe_filename(const mla_part *p, char **out_text, size_t *out_len)
{
    char *name;
    size_t len;
    int rc;

    if (out_text == NULL)
        return MLA_E_ARG;
    rc = mla_part_filename(p, &name, &len);
    if (rc != 0)
        return rc;
    rc = safe(&p->tree->mem, name, len, out_text, out_len);
    mem_free(&p->tree->mem, name);
    return rc;
}

int mla_mime_safe_filename(const mla_config *cfg, const char *name, size_t len, char **out_text,
                           size_t *out_len)
{
    if ((name == NULL && len != 0) || out_text == NULL)
        return MLA_E_ARG;
    return safe(mime_mem(cfg), name, len, out_text, out_len);
}

int mla_part_date(const mla_part *p, const char *name, int64_t *out_seconds,
                  int32_t *out_zone_minutes, int32_t *out_zone_known)
{
    const struct tree_field *f = name != NULL ? tree_field(p, name, 0) : NULL;
    struct slice v;

    if (name == NULL)
        return MLA_E_ARG;
    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(p, f);
    return mla_mime_parse_date((const char *)v.p, slice_left(&v), out_seconds, out_zone_minutes,
                               out_zone_known);
}

int mla_mime_parse_date(const char *raw, size_t len, int64_t *out_seconds,
                        int32_t *out_zone_minutes, int32_t *out_zone_known)
{
    uint32_t notes = 0;
    int rc = mla_mime_read_date(raw, len, out_seconds, out_zone_minutes, &notes);

    if (rc == 0 && out_zone_known != NULL)
        *out_zone_known = (notes & MLA_DATE_ZONE_KNOWN) != 0;
    return rc;
}

/* The parts of a multipart are not encoded by it (RFC 2045 section 6.4). */
static const char *encoding_of(const mla_part *p)
{
    return path_is_multipart(p) ? NULL : p->encoding;
}

int mla_part_decode(const mla_part *p, uint8_t **out_data, size_t *out_len)
{
    struct slice body = tree_body(p);
    uint8_t *data;
    size_t len;
    int rc;

    if (out_data == NULL)
        return MLA_E_ARG;
    rc = decode_whole(&p->tree->mem, encoding_of(p), body.p, slice_left(&body), &data, &len, NULL);
    if (rc != 0)
        return rc;
    *out_data = data;
    if (out_len != NULL)
        *out_len = len;
    return 0;
}

int mla_part_decoded_size(const mla_part *p, uint64_t *out_size)
{
    struct slice body = tree_body(p);

    if (out_size == NULL)
        return MLA_E_ARG;
    *out_size = decode_size(encoding_of(p), body.p, slice_left(&body), NULL);
    return 0;
}

int mla_part_text(const mla_part *p, char **out_text, size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (out_text == NULL)
        return MLA_E_ARG;
    if (path_is_multipart(p) || (p->flags & MLA_PART_MESSAGE) != 0)
        return MLA_E_STATE;
    rc = value_body_text(p, NULL, &text, &len);
    return give(rc, text, len, out_text, out_len);
}

int mla_mime_decode_header(const mla_config *cfg, const char *raw, size_t len, char **out_text,
                           size_t *out_len)
{
    struct buf b;

    if ((raw == NULL && len != 0) || out_text == NULL)
        return MLA_E_ARG;
    buf_init(&b, mime_mem(cfg), len < SIZE_MAX / 16 ? len * 8 + 64 : SIZE_MAX / 2);
    return give_buf(
        &b,
        encword_decode((const uint8_t *)(raw != NULL ? raw : ""), len, MIME_MAX_WORDS, &b, NULL, 0),
        out_text, out_len);
}

/* ------------------------------------------------------------------ lists */

mla_addresses *mime_addresses_new(const struct mem *mem)
{
    mla_addresses *l = mem_zero(mem, sizeof *l);

    if (l != NULL)
        l->mem = *mem;
    return l;
}

mla_strings *mime_strings_new(const struct mem *mem)
{
    mla_strings *l = mem_zero(mem, sizeof *l);

    if (l != NULL) {
        l->mem = *mem;
        text_list_init(&l->list, &l->mem);
    }
    return l;
}

/* A list that was filled through mem, which may not live as long as the list: it gets its own. */
static int give_addresses(mla_addresses *l, int rc, mla_addresses **out_list)
{
    l->list.mem = l->list.arena.mem = &l->mem;
    if (rc != 0) {
        mla_addresses_free(l);
        return rc;
    }
    *out_list = l;
    return 0;
}

static int give_strings(mla_strings *l, int rc, mla_strings **out_list)
{
    l->list.mem = l->list.arena.mem = &l->mem;
    if (rc != 0) {
        mla_strings_free(l);
        return rc;
    }
    *out_list = l;
    return 0;
}

int mla_part_addresses(const mla_part *p, const char *name, mla_addresses **out_list)
{
    mla_addresses *l;

    if (name == NULL || out_list == NULL)
        return MLA_E_ARG;
    l = mime_addresses_new(&p->tree->mem);
    if (l == NULL)
        return MLA_E_NOMEM;
    return give_addresses(l, value_addresses(p, name, NULL, &l->list), out_list);
}

int mla_mime_parse_addresses(const mla_config *cfg, const char *raw, size_t len,
                             mla_addresses **out_list)
{
    const struct address_limits limits = {MIME_MAX_ADDRESSES, MIME_MAX_WORDS};
    mla_addresses *l;

    if ((raw == NULL && len != 0) || out_list == NULL)
        return MLA_E_ARG;
    l = mime_addresses_new(mime_mem(cfg));
    if (l == NULL)
        return MLA_E_NOMEM;
    address_init(&l->list, &l->mem);
    return give_addresses(
        l,
        address_parse(&l->list, (const uint8_t *)(raw != NULL ? raw : ""), len, &limits, NULL, 0),
        out_list);
}

uint32_t mla_addresses_count(const mla_addresses *l)
{
    return (uint32_t)l->list.count;
}

const mla_address *mla_addresses_at(const mla_addresses *l, uint32_t i)
{
    return i < l->list.count ? &l->list.items[i] : NULL;
}

void mla_addresses_free(mla_addresses *l)
{
    struct mem mem;

    if (l == NULL)
        return;
    mem = l->mem;
    address_free(&l->list);
    mem_free(&mem, l);
}

int mla_part_ids(const mla_part *p, const char *name, mla_strings **out_list)
{
    mla_strings *l;

    if (name == NULL || out_list == NULL)
        return MLA_E_ARG;
    l = mime_strings_new(&p->tree->mem);
    if (l == NULL)
        return MLA_E_NOMEM;
    return give_strings(l, value_ids(p, name, NULL, &l->list), out_list);
}

int mla_mime_parse_ids(const mla_config *cfg, const char *raw, size_t len, mla_strings **out_list)
{
    mla_strings *l;

    if ((raw == NULL && len != 0) || out_list == NULL)
        return MLA_E_ARG;
    l = mime_strings_new(mime_mem(cfg));
    if (l == NULL)
        return MLA_E_NOMEM;
    return give_strings(l,
                        value_ids_of(&l->list, (const uint8_t *)(raw != NULL ? raw : ""), len,
                                     MIME_MAX_IDS, NULL, 0),
                        out_list);
}

int mla_part_content_id(const mla_part *p, char **out_text, size_t *out_len)
{
    mla_strings *l;
    size_t len = 0;
    const char *first;
    char *text = NULL;
    int rc;

    if (out_text == NULL)
        return MLA_E_ARG;
    rc = mla_part_ids(p, "Content-ID", &l);
    if (rc != 0)
        return rc;
    first = mla_strings_at(l, 0, &len);
    if (first == NULL)
        rc = MLA_E_NOT_FOUND;
    else if ((text = mem_dup(&p->tree->mem, first, len)) == NULL)
        rc = MLA_E_NOMEM;
    mla_strings_free(l);
    return give(rc, text, len, out_text, out_len);
}

uint32_t mla_strings_count(const mla_strings *l)
{
    return (uint32_t)l->list.count;
}

const char *mla_strings_at(const mla_strings *l, uint32_t i, size_t *out_len)
{
    if (i >= l->list.count)
        return NULL;
    if (out_len != NULL)
        *out_len = l->list.items[i].len;
    return l->list.items[i].ptr;
}

void mla_strings_free(mla_strings *l)
{
    struct mem mem;

    if (l == NULL)
        return;
    mem = l->mem;
    text_list_free(&l->list);
    mem_free(&mem, l);
}
