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

/* The body of a report, its transfer encoding undone. */
static int body_of(const mla_part *p, uint8_t **out_data, size_t *out_len)
{
    struct slice body = tree_body(p);

    return decode_whole(&p->tree->mem, p->encoding, body.p, slice_left(&body), out_data, out_len,
                        NULL);
}

int mla_part_dsn(const mla_part *p, mla_dsn **out_dsn)
{
    const mla_part *part = report_dsn_part(p);
    struct dsn_box *box;
    uint8_t *data;
    size_t len;
    int rc;

    if (out_dsn == NULL)
        return MLA_E_ARG;
    if (part == NULL)
        return MLA_E_NOT_FOUND;
    rc = body_of(part, &data, &len);
    if (rc != 0)
        return rc;
    box = mem_zero(&part->tree->mem, sizeof *box);
    if (box == NULL) {
        mem_free(&part->tree->mem, data);
        return MLA_E_NOMEM;
    }
    store_init(&box->store, &part->tree->mem);
    store_at(&box->store, data, 0);
    (void)report_read_dsn(&box->store, data, len, &box->record, &box->recipients);
    mem_free(&part->tree->mem, data);
    rc = store_done(&box->store);
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
    struct dsn_box *box = (struct dsn_box *)d;
    struct mem mem;

    if (d == NULL)
        return;
    mem = box->store.mem;
    store_free(&box->store);
    mem_free(&mem, box);
}

int mla_part_mdn(const mla_part *p, mla_mdn **out_mdn)
{
    const mla_part *part = report_mdn_part(p);
    struct mdn_box *box;
    uint8_t *data;
    size_t len;
    int rc;

    if (out_mdn == NULL)
        return MLA_E_ARG;
    if (part == NULL)
        return MLA_E_NOT_FOUND;
    rc = body_of(part, &data, &len);
    if (rc != 0)
        return rc;
    box = mem_zero(&part->tree->mem, sizeof *box);
    if (box == NULL) {
        mem_free(&part->tree->mem, data);
        return MLA_E_NOMEM;
    }
    store_init(&box->store, &part->tree->mem);
    store_at(&box->store, data, 0);
    (void)report_read_mdn(&box->store, data, len, &box->record);
    mem_free(&part->tree->mem, data);
    rc = store_done(&box->store);
    if (rc != 0)
        mla_mdn_free(&box->record);
    else
        *out_mdn = &box->record;
    return rc;
}

void mla_mdn_free(mla_mdn *m)
{
    struct mdn_box *box = (struct mdn_box *)m;
    struct mem mem;

    if (m == NULL)
        return;
    mem = box->store.mem;
    store_free(&box->store);
    mem_free(&mem, box);
}

const mla_part *mla_part_report_original(const mla_part *p)
{
    return report_original(p);
}
