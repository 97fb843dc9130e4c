/* embed.c - see embed.h */
#include "mime/embed.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/path.h"
#include "mime/text.h"
#include "mime/tnef.h"
#include "mime/value.h"

#include <string.h>

enum { PIECE = 4096, NAME_MAX_OCTETS = 4096 };

/* ------------------------------------------------------------------ the list */

int embed_add(struct embed_list *l, int32_t kind, mla_mime_file **out)
{
    mla_mime_file *f;

    *out = NULL;
    if (l->count == EMBED_MAX)
        return 0;
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? 4 : l->cap * 2;
        mla_mime_file **items = mem_resize_array(&l->mem, l->items, cap, sizeof *items);
        struct embed_source *sources;

        if (items == NULL)
            return MLA_E_NOMEM;
        l->items = items;
        sources = mem_resize_array(&l->mem, l->sources, cap, sizeof *sources);
        if (sources == NULL)
            return MLA_E_NOMEM;
        l->sources = sources;
        l->cap = cap;
    }
    f = arena_alloc(&l->arena, sizeof *f);
    if (f == NULL)
        return MLA_E_NOMEM;
    f->struct_size = sizeof *f;
    f->kind = kind;
    f->name.ptr = f->type.ptr = f->content_id.ptr = "";
    l->sources[l->count] = (struct embed_source){NULL, NULL, 0, 0};
    l->items[l->count++] = *out = f;
    return 0;
}

void embed_set(struct embed_list *l, const uint8_t *data, uint8_t *owned, size_t n)
{
    mem_free(&l->mem, l->sources[l->count - 1].owned);
    l->sources[l->count - 1] = (struct embed_source){data, owned, 0, 0};
    l->items[l->count - 1]->size = n;
}

int embed_text(struct embed_list *l, const char *charset, const void *p, size_t n, mla_str *out)
{
    struct buf text;
    struct buf tmp;
    char *copy;
    int rc;

    n = n < NAME_MAX_OCTETS ? n : NAME_MAX_OCTETS;
    buf_init(&text, &l->mem, SIZE_MAX / 2);
    buf_init(&tmp, &l->mem, SIZE_MAX / 2);
    if (charset != NULL)
        rc = text_add_charset(&text, &tmp, NULL, charset, strlen(charset), p, n, NULL);
    else
        rc = text_add_guess(&text, &tmp, p, n, NULL);
    copy = rc == 0 ? arena_dup(&l->arena, text.len != 0 ? text.ptr : (const uint8_t *)"", text.len)
                   : NULL;
    if (copy != NULL)
        *out = (mla_str){copy, text.len};
    buf_free(&text);
    buf_free(&tmp);
    return copy != NULL ? 0 : MLA_E_NOMEM;
}

void embed_free(struct embed_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        mem_free(&l->mem, l->sources[i].owned);
    mem_free(&l->mem, l->items);
    mem_free(&l->mem, l->sources);
    mem_free(&l->mem, l->body);
    arena_free(&l->arena);
}

/* ------------------------------------------------------------------ files in a text */

static const char *encoding_of(int32_t kind)
{
    return kind == MLA_FILE_UUENCODE ? "x-uuencode" : "x-yencode";
}

/* What the control lines of a yEnc file say. */
static void add_yenc(struct embed_list *l, mla_mime_file *f)
{
    struct embed_source *source = &l->sources[l->count - 1];
    struct yenc_info y;

    yenc_info(l->body + f->offset, (size_t)f->length, &y);
    f->part = y.part;
    f->part_count = y.total;
    f->part_offset = y.begin;
    f->whole_size = y.size;
    source->has_crc = y.has_file_crc;
    source->crc = y.file_crc;
    if (y.end != 0 && y.end - y.begin != f->size)
        f->flags |= MLA_FILE_CHECKSUM;
    f->verified = y.has_crc && (f->flags & (MLA_FILE_CHECKSUM | MLA_FILE_CUT)) == 0;
}

static int add_found(struct embed_list *l, int32_t kind, size_t begin, size_t end, size_t name,
                     size_t name_len)
{
    struct warn_set w = {{0}, {0}};
    mla_mime_file *f;
    int rc = embed_add(l, kind, &f);

    if (rc != 0 || f == NULL)
        return rc;
    f->offset = begin;
    f->length = end - begin;
    f->size = decode_size(encoding_of(kind), l->body + begin, end - begin, &w);
    if (warn_has(&w, MLA_MIME_WARN_FILE_CUT, NULL))
        f->flags |= MLA_FILE_CUT;
    if (warn_has(&w, MLA_MIME_WARN_CHECKSUM, NULL))
        f->flags |= MLA_FILE_CHECKSUM;
    if (kind == MLA_FILE_YENC)
        add_yenc(l, f);
    return embed_text(l, NULL, l->body + name, name_len, &f->name);
}

/* In the order in which they stand. A text is gone through once for each kind. */
static int find_in_text(struct embed_list *l)
{
    struct yenc_file y;
    struct uu_file u;
    int has_uu = uu_find(l->body, l->len, 0, &u);
    int has_y = yenc_find(l->body, l->len, 0, &y);
    int rc = 0;

    while (rc == 0 && (has_uu || has_y) && l->count < EMBED_MAX) {
        if (has_uu && (!has_y || u.begin < y.begin)) {
            rc = add_found(l, MLA_FILE_UUENCODE, u.begin, u.end, u.name, u.name_len);
            if (has_y && y.begin < u.end)
                has_y = yenc_find(l->body, l->len, u.end, &y);
            has_uu = uu_find(l->body, l->len, u.end, &u);
        } else {
            rc = add_found(l, MLA_FILE_YENC, y.begin, y.end, y.name, y.name_len);
            if (has_uu && u.begin < y.end)
                has_uu = uu_find(l->body, l->len, y.end, &u);
            has_y = yenc_find(l->body, l->len, y.end, &y);
        }
    }
    return rc;
}

static int is_text(const struct mla_part *part)
{
    return ascii_starts(part->type, strlen(part->type), "text/") &&
           strcmp(part->type, "text/html") != 0;
}

/* TNEF by its type, or by its name and its first octets, as some gateways leave it. */
static int may_be_tnef(const struct mla_part *part)
{
    return strcmp(part->type, "application/ms-tnef") == 0 ||
           strcmp(part->type, "application/vnd.ms-tnef") == 0 ||
           strcmp(part->type, "application/octet-stream") == 0;
}

int embed_find(const struct mla_part *part, struct embed_list *l)
{
    struct slice body = tree_body(part);
    int rc;

    memset(l, 0, sizeof *l);
    l->mem = part->tree->mem;
    arena_init(&l->arena, &l->mem, SIZE_MAX);
    if (path_is_multipart(part) || (part->flags & MLA_PART_MESSAGE) != 0 ||
        (!is_text(part) && !may_be_tnef(part)))
        return 0;
    rc = decode_whole(&l->mem, part->encoding, body.p, slice_left(&body), &l->body, &l->len, NULL);
    if (rc != 0)
        return rc;
    if (may_be_tnef(part))
        return tnef_is(l->body, l->len) ? tnef_list(l->body, l->len, l) : 0;
    return find_in_text(l);
}

int embed_find_tnef(const struct mem *mem, const uint8_t *p, size_t n, struct embed_list *l)
{
    memset(l, 0, sizeof *l);
    l->mem = *mem;
    arena_init(&l->arena, &l->mem, SIZE_MAX);
    if (!tnef_is(p, n))
        return 0;
    l->body = (uint8_t *)mem_dup(&l->mem, p, n);
    l->len = n;
    return l->body != NULL ? tnef_list(l->body, n, l) : MLA_E_NOMEM;
}

int embed_data(const struct embed_list *l, size_t i, uint8_t **out_data, size_t *out_len)
{
    const mla_mime_file *f = l->items[i];
    size_t n = (size_t)f->size;

    if (f->kind == MLA_FILE_UUENCODE || f->kind == MLA_FILE_YENC)
        return decode_whole(&l->mem, encoding_of(f->kind), l->body + f->offset, (size_t)f->length,
                            out_data, out_len, NULL);
    *out_data = (uint8_t *)mem_dup(&l->mem, n != 0 ? l->sources[i].data : (const uint8_t *)"", n);
    *out_len = n;
    return *out_data != NULL ? 0 : MLA_E_NOMEM;
}
