/* mime_report_api.c - delivery and disposition reports: see mailaccess/mime_report.h */
#include "mailaccess/mime_report.h"

#include "api/mime_handles.h"
#include "mime/decode.h"
#include "mime/report.h"

/* The record is first, so that its address is that of the whole. */
struct dsn_box {
    mla_dsn record;
    struct store store;
    mla_dsn_recipient *recipients;
};

struct mdn_box {
    mla_mdn record;
    struct store store;
};

/* A report's body, its transfer encoding undone, and an empty box of that size to read it into. */
static int open_report(const mla_part *p, size_t box_size, void **out_box, uint8_t **out_data,
                       size_t *out_len)
{
    const struct mem *mem;
    struct slice body;
    int rc;

    if (p == NULL)
        return MLA_E_NOT_FOUND;
    mem = &p->tree->mem;
    body = tree_body(p);
    rc = decode_whole(mem, p->encoding, body.p, slice_left(&body), out_data, out_len, NULL);
    if (rc != 0)
        return rc;
    *out_box = mem_zero(mem, box_size);
    if (*out_box != NULL)
        return 0;
    mem_free(mem, *out_data);
    return MLA_E_NOMEM;
}

/* Octets are read no more: 0 or what the store met with. */
static int close_report(struct store *s, uint8_t *data)
{
    mem_free(&s->mem, data);
    return store_done(s);
}

int mla_part_dsn(const mla_part *p, mla_dsn **out_dsn)
{
    const mla_part *part = report_dsn_part(p);
    struct dsn_box *box;
    uint8_t *data;
    void *made;
    size_t len;
    int rc;

    if (out_dsn == NULL)
        return MLA_E_ARG;
    rc = open_report(part, sizeof *box, &made, &data, &len);
    if (rc != 0)
        return rc;
    box = made;
    store_init(&box->store, &part->tree->mem);
    store_at(&box->store, data, 0);
    (void)report_read_dsn(&box->store, data, len, &box->record, &box->recipients);
    rc = close_report(&box->store, data);
    if (rc != 0)
        mla_dsn_free(&box->record);
    else
        *out_dsn = &box->record;
    return rc;
}

const mla_dsn_recipient *mla_dsn_recipient_at(const mla_dsn *d, uint32_t i)
{
    return i < d->recipient_count ? &((const struct dsn_box *)d)->recipients[i] : NULL;
}

void mla_dsn_free(mla_dsn *d)
{
    if (d != NULL)
        store_free_with(&((struct dsn_box *)d)->store, d);
}

int mla_part_mdn(const mla_part *p, mla_mdn **out_mdn)
{
    const mla_part *part = report_mdn_part(p);
    struct mdn_box *box;
    uint8_t *data;
    void *made;
    size_t len;
    int rc;

    if (out_mdn == NULL)
        return MLA_E_ARG;
    rc = open_report(part, sizeof *box, &made, &data, &len);
    if (rc != 0)
        return rc;
    box = made;
    store_init(&box->store, &part->tree->mem);
    store_at(&box->store, data, 0);
    (void)report_read_mdn(&box->store, data, len, &box->record);
    rc = close_report(&box->store, data);
    if (rc != 0)
        mla_mdn_free(&box->record);
    else
        *out_mdn = &box->record;
    return rc;
}

void mla_mdn_free(mla_mdn *m)
{
    if (m != NULL)
        store_free_with(&((struct mdn_box *)m)->store, m);
}

const mla_part *mla_part_report_original(const mla_part *p)
{
    return report_original(p);
}
