/* external.c - see external.h */
#include "mime/external.h"

#include "base/num.h"
#include "mailaccess/types.h"
#include "mime/date.h"
#include "mime/param.h"

#include <string.h>

/* A parameter as text. lower: in lower case; squeeze: without white space. */
static void read_param(struct store *s, const struct param_list *l, const char *name, int lower,
                       int squeeze, mla_str *out)
{
    struct param_how how = {s->charset, s->max_words};
    struct buf b;
    int rc;

    if (s->rc != 0)
        return;
    buf_init(&b, &s->mem, SIZE_MAX / 2);
    rc = param_text_in(l, name, &how, &b);
    if (rc < 0)
        s->rc = rc;
    buf_clear(&s->text);
    for (size_t i = 0; i < b.len; i++)
        if (!squeeze || (b.ptr[i] != ' ' && b.ptr[i] != '\t'))
            buf_add_byte(&s->text, (unsigned char)(lower ? ascii_lower(b.ptr[i]) : b.ptr[i]));
    if (s->rc == 0)
        store_buf(s, out);
    buf_free(&b);
}

static void read_params(struct store *s, const struct param_list *l, mla_external_body *out)
{
    mla_str size = {NULL, 0};
    mla_str date = {NULL, 0};
    struct date d;

    read_param(s, l, "access-type", 1, 0, &out->access_type);
    read_param(s, l, "url", 0, 1, &out->url); /* RFC 2017 section 3: folded anywhere */
    read_param(s, l, "name", 0, 0, &out->name);
    read_param(s, l, "site", 0, 0, &out->site);
    read_param(s, l, "directory", 0, 0, &out->directory);
    read_param(s, l, "mode", 0, 0, &out->mode);
    read_param(s, l, "server", 0, 0, &out->server);
    read_param(s, l, "subject", 0, 0, &out->subject);
    read_param(s, l, "permission", 0, 0, &out->permission);
    read_param(s, l, "size", 0, 1, &size);
    read_param(s, l, "expiration", 0, 0, &date);
    if (size.len != 0 && !num_parse(size.ptr, size.len, UINT64_MAX, &out->size))
        store_warn(s, MLA_MIME_WARN_BAD_EXTERNAL_BODY, s->start);
    if (date.len == 0)
        return;
    if (date_parse((const uint8_t *)date.ptr, date.len, &d) != 0) {
        store_warn(s, MLA_MIME_WARN_BAD_EXTERNAL_BODY, s->start);
        return;
    }
    out->expiration = d.seconds;
    out->has_expiration = 1;
}

/* The header of the body that is elsewhere: the beginning of this one's body. */
static void read_phantom(struct store *s, struct slice body, mla_external_body *out)
{
    static const char *const names[] = {"Content-Type", "Content-ID", "Content-Transfer-Encoding"};
    mla_str *const texts[] = {&out->content_type, &out->content_id, &out->transfer_encoding};
    struct store_field f;

    while (store_next_field(&body, &f))
        for (size_t i = 0; i < 3; i++)
            if (texts[i]->len == 0 && ascii_equal_word(f.name.p, slice_left(&f.name), names[i]))
                store_raw(s, f.value, texts[i]);
}

int external_read(struct store *s, const struct mla_part *part, mla_external_body *out)
{
    const struct tree_field *f = tree_field(part, "Content-Type", 0);
    struct param_list l;
    struct slice v;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    if (f == NULL || strcmp(part->type, "message/external-body") != 0)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    store_at(s, v.p, f->value);
    param_init(&l, &s->mem, part->tree->limits.max_params);
    s->rc = param_parse(&l, v.p, slice_left(&v), s->warn, f->value);
    if (s->rc == 0)
        read_params(s, &l, out);
    param_free(&l);
    if (out->access_type.len == 0)
        store_warn(s, MLA_MIME_WARN_BAD_EXTERNAL_BODY, v.p);
    read_phantom(s, tree_body(part), out);
    return s->rc;
}
