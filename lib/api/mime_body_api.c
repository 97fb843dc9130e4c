/* mime_body_api.c - bodies: see mailaccess/mime_body.h */
#include "mailaccess/mime_body.h"

#include "api/mime_handles.h"
#include "mime/embed.h"
#include "mime/filter.h"
#include "mime/join.h"
#include "mime/readable.h"

enum { PIECE = 1024 };

struct mla_filter {
    struct mem mem;
    struct filter filter;
    struct buf out;
    const char *in;
    size_t left;
    int ended;
    int finished;
    int failed;
};

struct mla_files {
    struct mem mem;
    struct embed_list list;
};

int mla_part_readable(const mla_part *p, uint32_t flags, char **out_text, size_t *out_len)
{
    char *text = NULL;
    size_t len = 0;
    int rc;

    if (out_text == NULL || flags > 7)
        return MLA_E_ARG;
    rc = readable_text(p, flags, &text, &len);
    if (rc != 0)
        return rc;
    *out_text = text;
    if (out_len != NULL)
        *out_len = len;
    return 0;
}

int mla_filter_new(const mla_config *cfg, int32_t kind, uint32_t flags, mla_filter **out_f)
{
    mla_filter *f;
    int rc;

    if (out_f == NULL)
        return MLA_E_ARG;
    *out_f = NULL;
    f = mem_zero(mime_mem(cfg), sizeof *f);
    if (f == NULL)
        return MLA_E_NOMEM;
    f->mem = *mime_mem(cfg);
    buf_init(&f->out, &f->mem, SIZE_MAX / 2);
    rc = filter_init(&f->filter, kind, flags, &f->out);
    if (rc != 0) {
        mla_filter_free(f);
        return rc;
    }
    *out_f = f;
    return 0;
}

void mla_filter_free(mla_filter *f)
{
    struct mem mem;

    if (f == NULL)
        return;
    mem = f->mem;
    buf_free(&f->out);
    mem_free(&mem, f);
}

int mla_filter_feed(mla_filter *f, const char *text, size_t len)
{
    if (text == NULL && len != 0)
        return MLA_E_ARG;
    if (f->left != 0 || f->ended)
        return MLA_E_STATE;
    f->in = text;
    f->left = len;
    return 0;
}

int mla_filter_end(mla_filter *f)
{
    f->ended = 1;
    return 0;
}

int mla_filter_output(mla_filter *f, const char **out_text, size_t *out_len)
{
    if (out_text == NULL || out_len == NULL)
        return MLA_E_ARG;
    if (f->failed == 0)
        buf_clear(&f->out);
    while (f->failed == 0 && f->left != 0 && f->out.len == 0) {
        size_t n = f->left < PIECE ? f->left : PIECE;

        f->failed = filter_add(&f->filter, f->in, n);
        f->in += n;
        f->left -= n;
    }
    if (f->failed == 0 && f->out.len == 0 && f->ended && !f->finished) {
        f->finished = 1;
        f->failed = filter_end(&f->filter);
    }
    if (f->failed != 0)
        return f->failed;
    *out_text = (const char *)f->out.ptr;
    *out_len = f->out.len;
    return f->out.len != 0;
}

const mla_part *mla_part_related(const mla_part *p, const char *url)
{
    return url != NULL ? readable_related(p, url) : NULL;
}

int mla_part_protection(const mla_part *p, int32_t *out_kind)
{
    return out_kind != NULL ? protection_of(p, out_kind) : MLA_E_ARG;
}

const char *mla_mime_protection_name(int32_t kind)
{
    static const char *const names[] = {NULL,
                                        "pgp-signed",
                                        "pgp-encrypted",
                                        "smime-signed",
                                        "smime-opaque-signed",
                                        "smime-encrypted",
                                        "smime-compressed",
                                        "smime-certs",
                                        "smime",
                                        "signed",
                                        "encrypted",
                                        "pgp-inline-signed",
                                        "pgp-inline",
                                        "pgp-inline-key"};

    return kind > 0 && (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : NULL;
}

int mla_part_signed(const mla_part *p, const uint8_t **out_octets, size_t *out_len,
                    const mla_part **out_signature)
{
    const mla_part *signature;
    struct slice octets;
    int rc;

    if (out_octets == NULL || out_len == NULL)
        return MLA_E_ARG;
    rc = protection_signed(p, &octets, &signature);
    if (rc != 0)
        return rc;
    *out_octets = octets.p;
    *out_len = slice_left(&octets);
    if (out_signature != NULL)
        *out_signature = signature;
    return 0;
}

/* ------------------------------------------------------------------ files */

static mla_files *new_files(const struct mem *mem)
{
    mla_files *l = mem_zero(mem, sizeof *l);

    if (l != NULL)
        l->mem = *mem;
    return l;
}

static int give_files(mla_files *l, int rc, mla_files **out_list)
{
    if (rc != 0) {
        mla_files_free(l);
        return rc;
    }
    *out_list = l;
    return 0;
}

int mla_part_files(const mla_part *p, mla_files **out_list)
{
    mla_files *l;

    if (out_list == NULL)
        return MLA_E_ARG;
    *out_list = NULL;
    l = new_files(&p->tree->mem);
    return l != NULL ? give_files(l, embed_find(p, &l->list), out_list) : MLA_E_NOMEM;
}

uint32_t mla_files_count(const mla_files *l)
{
    return (uint32_t)l->list.count;
}

const mla_mime_file *mla_files_at(const mla_files *l, uint32_t i)
{
    return i < l->list.count ? l->list.items[i] : NULL;
}

int mla_files_data(const mla_files *l, uint32_t i, uint8_t **out_data, size_t *out_len)
{
    uint8_t *data;
    size_t len;
    int rc;

    if (out_data == NULL)
        return MLA_E_ARG;
    if (i >= l->list.count)
        return MLA_E_NOT_FOUND;
    rc = embed_data(&l->list, i, &data, &len);
    if (rc != 0)
        return rc;
    *out_data = data;
    if (out_len != NULL)
        *out_len = len;
    return 0;
}

int mla_files_inside(const mla_files *l, uint32_t i, mla_files **out_list)
{
    const mla_mime_file *f = mla_files_at(l, i);
    const uint8_t *data = NULL;
    mla_files *inside;
    size_t n = 0;

    if (out_list == NULL)
        return MLA_E_ARG;
    *out_list = NULL;
    if (f == NULL)
        return MLA_E_NOT_FOUND;
    if (f->kind == MLA_FILE_TNEF_MESSAGE) {
        data = l->list.sources[i].data;
        n = (size_t)f->size;
    }
    inside = new_files(&l->mem);
    if (inside == NULL)
        return MLA_E_NOMEM;
    return give_files(inside, embed_find_tnef(&l->mem, data, n, &inside->list), out_list);
}

int mla_files_join(const mla_config *cfg, const mla_files *const *lists, const uint32_t *indexes,
                   size_t count, uint8_t **out_data, size_t *out_len, uint32_t *out_flags,
                   uint64_t *out_missing)
{
    const struct mem *mem = mime_mem(cfg);
    struct join_result result = {NULL, 0, 0, 0};
    struct join_part *parts;
    int rc;

    if (out_data == NULL)
        return MLA_E_ARG;
    *out_data = NULL;
    if (count == 0 || lists == NULL || indexes == NULL)
        return MLA_E_ARG;
    parts = mem_array(mem, count, sizeof *parts);
    if (parts == NULL)
        return MLA_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct join_part){&lists[i]->list, indexes[i]};
    rc = join_parts(mem, parts, count, &result);
    mem_free(mem, parts);
    *out_data = result.data;
    if (out_len != NULL)
        *out_len = rc == 0 ? result.len : 0;
    if (out_flags != NULL)
        *out_flags = result.flags;
    if (out_missing != NULL)
        *out_missing = result.missing;
    return rc;
}

void mla_files_free(mla_files *l)
{
    struct mem mem;

    if (l == NULL)
        return;
    mem = l->mem;
    embed_free(&l->list);
    mem_free(&mem, l);
}
