/* mime_headers_api.c - header fields by their meaning: see mailaccess/mime_headers.h */
#include "mailaccess/mime_headers.h"

#include "api/mime_handles.h"
#include "base/ascii.h"
#include "mime/date.h"
#include "mime/external.h"
#include "mime/list_field.h"
#include "mime/param.h"
#include "mime/partial.h"
#include "mime/received.h"
#include "mime/store.h"

#include <string.h>

/* ------------------------------------------------------------------ Received */

struct mla_hops {
    struct store store;
    mla_hop *items;
    size_t count;
};

static mla_hops *hops_new(const struct mem *mem, size_t max)
{
    mla_hops *h = mem_zero(mem, sizeof *h);

    if (h == NULL)
        return NULL;
    store_init(&h->store, mem);
    h->items = mem_array(mem, max, sizeof *h->items);
    if (h->items == NULL) {
        mla_hops_free(h);
        return NULL;
    }
    return h;
}

static int give_hops(mla_hops *h, mla_hops **out_hops)
{
    int rc = store_done(&h->store);

    if (rc != 0) {
        mla_hops_free(h);
        return rc;
    }
    *out_hops = h;
    return 0;
}

int mla_part_hops(const mla_part *p, mla_hops **out_hops)
{
    const struct tree_field *f;
    mla_hops *h;
    size_t max = 0;
    size_t i = 0;

    if (out_hops == NULL)
        return MLA_E_ARG;
    while (tree_next_field(p, "Received", &i) != NULL)
        max++;
    if (max == 0)
        return MLA_E_NOT_FOUND;
    h = hops_new(&p->tree->mem, max);
    if (h == NULL)
        return MLA_E_NOMEM;
    store_of_part(&h->store, p, NULL);
    i = 0;
    while (h->store.rc == 0 && (f = tree_next_field(p, "Received", &i)) != NULL) {
        struct slice v = tree_value(p, f);

        store_at(&h->store, v.p, f->value);
        (void)received_parse(&h->store, v.p, slice_left(&v), &h->items[h->count++]);
    }
    return give_hops(h, out_hops);
}

int mla_mime_parse_received(const mla_config *cfg, const char *raw, size_t len, mla_hops **out_hops)
{
    const uint8_t *p = (const uint8_t *)(raw != NULL ? raw : "");
    mla_hops *h;

    if ((raw == NULL && len != 0) || out_hops == NULL)
        return MLA_E_ARG;
    h = hops_new(mime_mem(cfg), 1);
    if (h == NULL)
        return MLA_E_NOMEM;
    store_at(&h->store, p, 0);
    (void)received_parse(&h->store, p, len, &h->items[h->count++]);
    return give_hops(h, out_hops);
}

uint32_t mla_hops_count(const mla_hops *h)
{
    return (uint32_t)h->count;
}

const mla_hop *mla_hops_at(const mla_hops *h, uint32_t i)
{
    return i < h->count ? &h->items[i] : NULL;
}

void mla_hops_free(mla_hops *h)
{
    if (h == NULL)
        return;
    mem_free(&h->store.mem, h->items);
    store_free_with(&h->store, h);
}

/* ------------------------------------------------------------------ records with their memory */

/* The record is first, so that its address is that of the whole. */
struct list_box {
    mla_mailing_list record;
    struct store store;
};

struct external_box {
    mla_external_body record;
    struct store store;
};

int mla_part_mailing_list(const mla_part *p, mla_mailing_list **out_list)
{
    struct list_box *box;
    int found;
    int rc;

    if (out_list == NULL)
        return MLA_E_ARG;
    box = mem_zero(&p->tree->mem, sizeof *box);
    if (box == NULL)
        return MLA_E_NOMEM;
    store_init(&box->store, &p->tree->mem);
    store_of_part(&box->store, p, NULL);
    found = list_field_read(&box->store, p, &box->record);
    rc = store_done(&box->store);
    if (rc == 0 && found == 0)
        rc = MLA_E_NOT_FOUND;
    if (rc != 0)
        mla_mailing_list_free(&box->record);
    else
        *out_list = &box->record;
    return rc;
}

void mla_mailing_list_free(mla_mailing_list *l)
{
    if (l != NULL)
        store_free_with(&((struct list_box *)l)->store, l);
}

int mla_part_external_body(const mla_part *p, mla_external_body **out_body)
{
    struct external_box *box;
    int rc;
    int done;

    if (out_body == NULL)
        return MLA_E_ARG;
    box = mem_zero(&p->tree->mem, sizeof *box);
    if (box == NULL)
        return MLA_E_NOMEM;
    store_init(&box->store, &p->tree->mem);
    store_of_part(&box->store, p, NULL);
    rc = external_read(&box->store, p, &box->record);
    done = store_done(&box->store);
    rc = rc != 0 ? rc : done;
    if (rc != 0)
        mla_external_body_free(&box->record);
    else
        *out_body = &box->record;
    return rc;
}

void mla_external_body_free(mla_external_body *b)
{
    if (b != NULL)
        store_free_with(&((struct external_box *)b)->store, b);
}

/* ------------------------------------------------------------------ dates, parameters, fragments
 */

int mla_mime_read_date(const char *raw, size_t len, int64_t *out_seconds, int32_t *out_zone_minutes,
                       uint32_t *out_notes)
{
    struct date d;
    int rc;

    if (raw == NULL && len != 0)
        return MLA_E_ARG;
    rc = date_parse((const uint8_t *)(raw != NULL ? raw : ""), len, &d);
    if (rc != 0)
        return rc;
    if (out_seconds != NULL)
        *out_seconds = d.seconds;
    if (out_zone_minutes != NULL)
        *out_zone_minutes = d.zone_minutes;
    if (out_notes != NULL)
        *out_notes = (d.zone_unknown ? 0U : (uint32_t)MLA_DATE_ZONE_KNOWN) |
                     (d.odd & DATE_ODD ? (uint32_t)MLA_DATE_ODD : 0) |
                     (d.odd & DATE_WRONG_WEEKDAY ? (uint32_t)MLA_DATE_WRONG_WEEKDAY : 0);
    return 0;
}

/* Puts each name once into the list. */
static int add_names(const struct param_list *l, struct text_list *out)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct param_piece *x = &l->pieces[i];
        struct buf name;
        int rc;

        if (!x->first)
            continue;
        buf_init(&name, out->mem, x->name_len + 1);
        for (size_t k = 0; k < x->name_len; k++)
            buf_add_byte(&name, (unsigned char)ascii_lower(x->name[k]));
        rc = name.failed != 0 ? name.failed : text_list_add(out, &name);
        buf_free(&name);
        if (rc != 0)
            return rc;
    }
    return 0;
}

int mla_part_param_names(const mla_part *p, const char *name, mla_strings **out_list)
{
    const struct tree_field *f;
    struct param_list l;
    struct slice v;
    mla_strings *list;
    int rc;

    if (name == NULL || out_list == NULL)
        return MLA_E_ARG;
    f = tree_field(p, name, 0);
    if (f == NULL)
        return MLA_E_NOT_FOUND;
    list = mime_strings_new(&p->tree->mem);
    if (list == NULL)
        return MLA_E_NOMEM;
    v = tree_value(p, f);
    param_init(&l, &p->tree->mem, p->tree->limits.max_params);
    rc = param_parse(&l, v.p, slice_left(&v), NULL, 0);
    if (rc == 0)
        rc = add_names(&l, &list->list);
    param_free(&l);
    if (rc != 0)
        mla_strings_free(list);
    else
        *out_list = list;
    return rc;
}

int mla_part_partial(const mla_part *p, char **out_id, uint32_t *out_number, uint32_t *out_total)
{
    struct partial one;
    int rc = partial_read(&p->tree->mem, p, &one);

    if (rc == 0 && out_id != NULL) {
        *out_id = buf_take(&one.id, NULL);
        rc = *out_id != NULL ? 0 : one.id.failed;
    }
    buf_free(&one.id);
    if (rc != 0)
        return rc;
    if (out_number != NULL)
        *out_number = one.number;
    if (out_total != NULL)
        *out_total = one.total;
    return 0;
}

int mla_partial_join(const mla_config *cfg, const mla_message *const *fragments, size_t count,
                     uint8_t **out_data, size_t *out_len)
{
    const struct mla_part **parts;
    struct buf out;
    size_t len = 0;
    int rc;

    if (fragments == NULL || count == 0 || out_data == NULL || out_len == NULL)
        return MLA_E_ARG;
    parts = mem_array(mime_mem(cfg), count, sizeof *parts);
    if (parts == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        parts[i] = mla_message_root(fragments[i]);
    buf_init(&out, mime_mem(cfg), SIZE_MAX / 2);
    rc = partial_join(parts, count, &out);
    if (rc == 0) {
        *out_data = (uint8_t *)buf_take(&out, &len);
        rc = *out_data != NULL ? 0 : out.failed;
        *out_len = len;
    }
    buf_free(&out);
    mem_free(mime_mem(cfg), parts);
    return rc;
}
