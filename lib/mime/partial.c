/* partial.c - see partial.h */
#include "mime/partial.h"

#include "base/num.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/param.h"
#include "mime/store.h"

#include <string.h>

/* A number of a fragment, 1 to 2^31 - 1; 0 when there is none. */
static int read_number(const struct param_list *l, const char *name, struct buf *tmp, uint32_t *out)
{
    uint64_t v = 0;
    int rc;

    buf_clear(tmp);
    rc = param_octets(l, name, tmp);
    *out = rc == 1 && num_parse(tmp->ptr, tmp->len, INT32_MAX, &v) ? (uint32_t)v : 0;
    return rc < 0 ? rc : 0;
}

int partial_read(const struct mem *mem, const struct mla_part *part, struct partial *out)
{
    const struct tree_field *f = tree_field(part, "Content-Type", 0);
    struct param_list l;
    struct buf tmp;
    struct slice v;
    int rc;

    buf_init(&out->id, mem, SIZE_MAX / 2);
    out->number = out->total = 0;
    if (f == NULL || strcmp(part->type, "message/partial") != 0)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    buf_init(&tmp, mem, SIZE_MAX / 2);
    param_init(&l, mem, part->tree->limits.max_params);
    rc = param_parse(&l, v.p, slice_left(&v), NULL, 0);
    if (rc == 0)
        rc = param_octets(&l, "id", &out->id);
    if (rc >= 0)
        rc = read_number(&l, "number", &tmp, &out->number);
    if (rc == 0)
        rc = read_number(&l, "total", &tmp, &out->total);
    if (rc == 0 && (out->id.len == 0 || out->number == 0))
        rc = MLA_E_SYNTAX;
    param_free(&l);
    buf_free(&tmp);
    return rc;
}

/* The fragments by number: order[i] is number i + 1. */
static int put_in_order(const struct mem *mem, const struct mla_part *const *parts, size_t count,
                        const struct mla_part ***out_order, uint32_t *out_total)
{
    const struct mla_part **order = mem_array(mem, count, sizeof *order);
    struct partial first;
    struct partial one;
    int rc = order != NULL ? partial_read(mem, parts[0], &first) : MLA_E_NOMEM;

    if (order == NULL)
        return rc;
    for (size_t i = 0; i < count; i++)
        order[i] = NULL;
    *out_total = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = partial_read(mem, parts[i], &one);
        if (rc == 0 &&
            (one.id.len != first.id.len || memcmp(one.id.ptr, first.id.ptr, one.id.len) != 0 ||
             (one.total != 0 && *out_total != 0 && one.total != *out_total)))
            rc = MLA_E_SYNTAX;
        if (rc == 0 && one.total != 0)
            *out_total = one.total;
        if (rc == 0 && one.number > count)
            rc = MLA_E_NOT_FOUND; /* fewer are here than there must be */
        if (rc == 0 && order[one.number - 1] == NULL)
            order[one.number - 1] = parts[i];
        buf_free(&one.id);
    }
    buf_free(&first.id);
    if (rc == 0 && (*out_total == 0 || *out_total > count))
        rc = MLA_E_NOT_FOUND;
    for (uint32_t i = 0; rc == 0 && i < *out_total; i++)
        if (order[i] == NULL)
            rc = MLA_E_NOT_FOUND;
    if (rc == 0)
        *out_order = order;
    else
        mem_free(mem, order);
    return rc;
}

/* Section 5.2.2.1: the fields that come from the message within. */
static int is_inner(const uint8_t *name, size_t len)
{
    return ascii_starts(name, len, "Content-") || ascii_equal_word(name, len, "Subject") ||
           ascii_equal_word(name, len, "Message-ID") || ascii_equal_word(name, len, "Encrypted") ||
           ascii_equal_word(name, len, "MIME-Version");
}

static void copy_outer(const struct mla_part *first, struct buf *out)
{
    for (size_t i = 0; i < first->field_count; i++) {
        const struct tree_field *f = &first->tree->fields[first->first_field + i];
        const uint8_t *name = first->tree->data + f->name;
        size_t len = f->value + f->value_len - f->name;

        if (is_inner(name, f->name_len))
            continue;
        buf_add(out, name, len);
        buf_add(out, "\r\n", 2);
    }
}

/* The header within keeps the fields that count; then its body, or where there is no header, all.
 */
static void copy_inner(struct slice in, struct buf *out)
{
    struct store_field f;

    while (store_next_field(&in, &f)) {
        if (!is_inner(f.name.p, slice_left(&f.name)))
            continue;
        buf_add(out, f.name.p, (size_t)(f.value.end - f.name.p));
        buf_add(out, "\r\n", 2);
    }
    buf_add(out, "\r\n", 2);
    buf_add(out, in.p, slice_left(&in));
}

static int add_body(const struct mla_part *part, struct buf *all)
{
    struct slice body = tree_body(part);
    uint8_t *data;
    size_t len;
    int rc = decode_whole(all->mem, part->encoding, body.p, slice_left(&body), &data, &len, NULL);

    if (rc != 0)
        return rc;
    buf_add(all, data, len);
    mem_free(all->mem, data);
    return all->failed;
}

int partial_join(const struct mla_part *const *parts, size_t count, struct buf *out)
{
    const struct mla_part **order = NULL;
    uint32_t total = 0;
    struct buf all;
    int rc;

    if (count == 0)
        return MLA_E_NOT_FOUND;
    rc = put_in_order(out->mem, parts, count, &order, &total);
    if (rc != 0)
        return rc;
    buf_init(&all, out->mem, SIZE_MAX / 2);
    for (uint32_t i = 0; rc == 0 && i < total; i++)
        rc = add_body(order[i], &all);
    if (rc == 0) {
        copy_outer(order[0], out);
        copy_inner(slice_of(all.ptr, all.len), out);
        rc = out->failed;
    }
    buf_free(&all);
    mem_free(out->mem, order);
    return rc;
}
