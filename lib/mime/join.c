/* join.c - see join.h */
#include "mime/join.h"

#include "base/num.h"
#include "codec/yenc.h"
#include "mailaccess/types.h"

#include <stdlib.h>
#include <string.h>

static const mla_mime_file *file_of(const struct join_part *p)
{
    return p->list->items[p->index];
}

static int by_offset(const void *a, const void *b)
{
    const mla_mime_file *x = file_of(a);
    const mla_mime_file *y = file_of(b);

    if (x->part_offset != y->part_offset)
        return x->part_offset < y->part_offset ? -1 : 1;
    return x->size < y->size ? -1 : x->size > y->size;
}

/* 0 when all are parts of one file. */
static int check_same(const struct join_part *parts, size_t count)
{
    uint32_t total = 0;

    for (size_t i = 0; i < count; i++) {
        const mla_mime_file *f = parts[i].index < parts[i].list->count ? file_of(&parts[i]) : NULL;

        if (f == NULL || f->kind != MLA_FILE_YENC)
            return MLA_E_ARG;
    }
    for (size_t i = 0; i < count; i++) {
        const mla_mime_file *first = file_of(&parts[0]);
        const mla_mime_file *f = file_of(&parts[i]);

        if (f->whole_size != first->whole_size || f->name.len != first->name.len ||
            memcmp(f->name.ptr, first->name.ptr, f->name.len) != 0 ||
            (total != 0 && f->part_count != 0 && f->part_count != total))
            return MLA_E_SYNTAX;
        total = f->part_count != 0 ? f->part_count : total;
    }
    return 0;
}

/* Is everything there? Sorted by offset. */
static int check_gaps(const struct join_part *parts, size_t count, struct join_result *out)
{
    uint64_t end = 0;

    for (size_t i = 0; i < count; i++) {
        const mla_mime_file *f = file_of(&parts[i]);

        if (f->part_offset > end)
            break;
        if (i > 0 && f->part_offset < end)
            out->flags |=
                by_offset(&parts[i - 1], &parts[i]) == 0 ? MLA_JOIN_DUPLICATE : MLA_JOIN_OVERLAP;
        if ((f->flags & (MLA_FILE_CUT | MLA_FILE_CHECKSUM)) != 0)
            out->flags |= MLA_JOIN_DAMAGED;
        if (f->part_offset + f->size > end)
            end = f->part_offset + f->size;
        if (i + 1 == count && end >= f->whole_size) {
            out->flags |= f->whole_size != 0 && end > f->whole_size ? MLA_JOIN_DAMAGED : 0U;
            out->len = (size_t)end;
            return end < SIZE_MAX ? 0 : MLA_E_NOMEM;
        }
    }
    out->flags |= MLA_JOIN_GAP;
    out->missing = end;
    return MLA_E_NOT_FOUND;
}

/* Puts a part where it belongs; *end: how much is there. */
static int place(const struct join_part *part, size_t *end, struct join_result *out)
{
    size_t at = (size_t)file_of(part)->part_offset;
    uint8_t *data;
    size_t again;
    size_t len;
    int rc = embed_data(part->list, part->index, &data, &len);

    if (rc != 0)
        return rc;
    again = *end - at < len ? *end - at : len;
    if (memcmp(out->data + at, data, again) != 0) {
        out->flags |= MLA_JOIN_CONFLICT;
        rc = MLA_E_SYNTAX;
    } else if (len > again) {
        memcpy(out->data + *end, data + again, len - again);
        *end = at + len;
    }
    mem_free(&part->list->mem, data);
    return rc;
}

static void check_crc(const struct join_part *parts, size_t count, struct join_result *out)
{
    uint32_t crc = yenc_crc32(0, out->data, out->len);

    for (size_t i = 0; i < count; i++) {
        const struct embed_source *s = &parts[i].list->sources[parts[i].index];

        if (s->has_crc && s->crc != crc)
            out->flags |= MLA_JOIN_DAMAGED;
    }
}

int join_parts(const struct mem *mem, struct join_part *parts, size_t count,
               struct join_result *out)
{
    size_t end = 0;
    size_t room;
    int rc = count != 0 ? check_same(parts, count) : MLA_E_ARG;

    memset(out, 0, sizeof *out);
    if (rc != 0)
        return rc;
    qsort(parts, count, sizeof *parts, by_offset);
    rc = check_gaps(parts, count, out);
    if (rc != 0)
        return rc;
    out->data = num_add(out->len, 1, &room) ? mem_alloc(mem, room) : NULL;
    if (out->data == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = place(&parts[i], &end, out);
    if (rc == 0) {
        out->data[end] = '\0';
        check_crc(parts, count, out);
        return 0;
    }
    mem_free(mem, out->data);
    out->data = NULL;
    return rc;
}
