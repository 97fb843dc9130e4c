/* value.c - see value.h */
#include "mime/value.h"

#include "base/ascii.h"
#include "codec/charset.h"
#include "codec/utf8.h"
#include "mailaccess/types.h"
#include "mime/decode.h"
#include "mime/encword.h"
#include "mime/field.h"
#include "mime/msgid.h"
#include "mime/param.h"
#include "mime/text.h"

#include <string.h>

/* Hands out what a buffer holds; an error of the buffer otherwise. */
static int take(struct buf *b, int rc, char **out_text, size_t *out_len)
{
    if (rc == 0) {
        *out_text = buf_take(b, out_len);
        rc = *out_text != NULL ? 0 : b->failed;
    }
    buf_free(b);
    return rc;
}

static size_t text_max(size_t n)
{
    return n < SIZE_MAX / 16 ? n * 8 + 64 : SIZE_MAX / 2;
}

/* The character set that raw octets in a part's header are probably in: its own, or that of the
 * text in it. NULL when none is named. */
const char *value_charset(const struct mla_part *part)
{
    for (int i = 0; i < 4 && part != NULL; i++) {
        if (part->charset != NULL)
            return part->charset;
        if ((part->flags & MLA_PART_MULTIPART) == 0)
            return NULL;
        part = tree_child(part, 0);
    }
    return NULL;
}

int value_text(const struct mla_part *part, const char *name, uint32_t nth, struct warn_set *w,
               char **out_text, size_t *out_len)
{
    const struct tree_field *f = tree_field(part, name, nth);
    struct slice v;
    struct buf b;
    int rc;

    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    buf_init(&b, &part->tree->mem, text_max(f->value_len));
    rc = encword_decode_in(v.p, slice_left(&v), value_charset(part), part->tree->limits.max_words,
                           &b, w, f->value);
    return take(&b, rc, out_text, out_len);
}

int value_first_word(const struct mla_part *part, const char *name, char **out_text,
                     size_t *out_len)
{
    const struct tree_field *f = tree_field(part, name, 0);
    struct param_list l;
    struct slice v;
    struct buf b;
    int rc;

    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    param_init(&l, &part->tree->mem, part->tree->limits.max_params);
    buf_init(&b, &part->tree->mem, text_max(f->value_len));
    rc = param_parse(&l, v.p, slice_left(&v), NULL, 0);
    if (rc == 0 && l.value_len == 0)
        rc = MLA_E_NOT_FOUND;
    if (rc == 0)
        rc = encword_decode(l.value, l.value_len, 0, &b, NULL, 0);
    for (size_t i = 0; i < b.len; i++)
        b.ptr[i] = (uint8_t)ascii_lower(b.ptr[i]);
    param_free(&l);
    return take(&b, rc, out_text, out_len);
}

int value_param(const struct mla_part *part, const char *name, const char *param,
                struct warn_set *w, char **out_text, size_t *out_len)
{
    const struct tree_field *f = tree_field(part, name, 0);
    struct param_list l;
    struct slice v;
    struct buf b;
    int rc;

    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    param_init(&l, &part->tree->mem, part->tree->limits.max_params);
    buf_init(&b, &part->tree->mem, text_max(f->value_len));
    rc = param_parse(&l, v.p, slice_left(&v), w, f->value);
    if (rc == 0) {
        struct param_how how = {value_charset(part), part->tree->limits.max_words};

        rc = param_text_in(&l, param, &how, &b);
        rc = rc == 1 ? 0 : rc == 0 ? MLA_E_NOT_FOUND : rc;
    }
    param_free(&l);
    return take(&b, rc, out_text, out_len);
}

int value_filename(const struct mla_part *part, struct warn_set *w, char **out_text,
                   size_t *out_len)
{
    const struct tree_field *f = tree_field(part, "Content-Disposition", 0);
    char *name = NULL;
    size_t len = 0;
    int rc = value_param(part, "Content-Disposition", "filename", w, out_text, out_len);
    int second = value_param(part, "Content-Type", "name", w, &name, &len);

    if (rc == MLA_E_NOT_FOUND && second == 0) {
        *out_text = name;
        *out_len = len;
        return 0;
    }
    if (rc == 0 && second == 0 && (len != *out_len || memcmp(name, *out_text, len) != 0))
        warn_add(w, MLA_MIME_WARN_FILENAME_CONFLICT, f != NULL ? f->value : 0);
    if (second == 0)
        mem_free(&part->tree->mem, name);
    if (rc == 0 && second == MLA_E_NOMEM) {
        mem_free(&part->tree->mem, *out_text);
        return second;
    }
    return rc == MLA_E_NOT_FOUND ? second : rc;
}

/* The values of several fields as one, with commas between: a list may be cut into fields. */
static int join(const struct mla_part *part, const char *name, struct buf *b)
{
    const struct tree_field *f;
    size_t i = 0;

    while ((f = tree_next_field(part, name, &i)) != NULL) {
        struct slice v = tree_value(part, f);

        if (b->len != 0)
            buf_add(b, ",\n ", 3);
        buf_add(b, v.p, slice_left(&v));
    }
    return b->failed;
}

int value_addresses(const struct mla_part *part, const char *name, struct warn_set *w,
                    struct address_list *out)
{
    const mla_mime_limits *m = &part->tree->limits;
    struct address_limits limits = {m->max_addresses, m->max_words};
    const struct tree_field *f = tree_field(part, name, 0);
    struct slice v;
    struct buf b;
    int rc;

    address_init(out, &part->tree->mem);
    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    if (tree_field(part, name, 1) == NULL)
        return address_parse(out, v.p, slice_left(&v), &limits, w, f->value);
    buf_init(&b, &part->tree->mem, SIZE_MAX / 2);
    rc = join(part, name, &b);
    if (rc == 0)
        rc = address_parse(out, b.ptr, b.len, &limits, w, f->value);
    buf_free(&b);
    return rc;
}

int value_date(const struct mla_part *part, const char *name, struct date *out)
{
    const struct tree_field *f = tree_field(part, name, 0);
    struct slice v;

    if (f == NULL)
        return MLA_E_NOT_FOUND;
    v = tree_value(part, f);
    return date_parse(v.p, slice_left(&v), out);
}

void text_list_init(struct text_list *l, const struct mem *mem)
{
    memset(l, 0, sizeof *l);
    l->mem = mem;
    arena_init(&l->arena, mem, SIZE_MAX);
}

void text_list_free(struct text_list *l)
{
    mem_free(l->mem, l->items);
    arena_free(&l->arena);
    l->items = NULL;
    l->count = l->cap = 0;
}

int text_list_add(struct text_list *l, const struct buf *b)
{
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? 4 : l->cap * 2;
        mla_str *p = mem_resize_array(l->mem, l->items, cap, sizeof *p);

        if (p == NULL)
            return MLA_E_NOMEM;
        l->items = p;
        l->cap = cap;
    }
    l->items[l->count].ptr = arena_dup(&l->arena, b->ptr, b->len);
    l->items[l->count].len = b->len;
    return l->items[l->count].ptr != NULL ? (int)(l->count++, 0) : MLA_E_NOMEM;
}

int value_ids_of(struct text_list *l, const uint8_t *p, size_t n, uint32_t max, struct warn_set *w,
                 uint64_t base)
{
    struct msgid_reader r;
    struct slice id;
    struct buf raw;
    struct buf text;
    struct buf tmp;
    int rc = 0;

    msgid_begin(&r, p, n);
    buf_init(&raw, l->mem, n);
    buf_init(&text, l->mem, text_max(n));
    buf_init(&tmp, l->mem, text_max(n));
    while (rc == 0 && msgid_next(&r, &id, w, base)) {
        if (l->count == max) {
            warn_add(w, MLA_MIME_WARN_LIMIT_IDS, base + (uint64_t)(id.p - p));
            break;
        }
        buf_clear(&raw);
        buf_clear(&text);
        for (; id.p < id.end; id.p++)
            if (!ascii_is_space(*id.p)) /* folding inside an id */
                buf_add_byte(&raw, *id.p);
        rc = raw.failed;
        if (rc == 0)
            rc = text_add_guess(&text, &tmp, raw.ptr, raw.len, NULL);
        if (rc == 0)
            rc = text_list_add(l, &text);
    }
    buf_free(&raw);
    buf_free(&text);
    buf_free(&tmp);
    return rc;
}

int value_ids(const struct mla_part *part, const char *name, struct warn_set *w,
              struct text_list *out)
{
    const struct tree_field *f;
    int found = 0;
    size_t i = 0;

    text_list_init(out, &part->tree->mem);
    while ((f = tree_next_field(part, name, &i)) != NULL) {
        struct slice v = tree_value(part, f);
        int rc = value_ids_of(out, v.p, slice_left(&v), part->tree->limits.max_ids, w, f->value);

        if (rc != 0)
            return rc;
        found = 1;
        if (out->count == part->tree->limits.max_ids)
            break;
    }
    return found ? 0 : MLA_E_NOT_FOUND;
}

static void text_warnings(const struct mla_part *part, const struct charset_note *note,
                          struct warn_set *w)
{
    if (note->flags & CHARSET_UNKNOWN)
        warn_add(w, MLA_MIME_WARN_UNKNOWN_CHARSET, part->body_offset);
    if (note->flags & CHARSET_INVALID)
        warn_add(w, MLA_MIME_WARN_INVALID_TEXT, part->body_offset);
    if (note->flags & CHARSET_GUESSED)
        warn_add(w, MLA_MIME_WARN_GUESSED_CHARSET, part->body_offset);
    if (note->flags & CHARSET_UTF7)
        warn_add(w, MLA_MIME_WARN_UTF7, part->body_offset);
}

int value_body_text(const struct mla_part *part, struct warn_set *w, char **out_text,
                    size_t *out_len)
{
    struct charset_note note = {0, 0};
    struct slice body = tree_body(part);
    struct buf b;
    uint8_t *data;
    size_t len;
    int rc = decode_whole(&part->tree->mem, part->encoding, body.p, slice_left(&body), &data, &len,
                          NULL);

    if (rc != 0)
        return rc;
    buf_init(&b, &part->tree->mem, text_max(len));
    rc = charset_to_utf8(NULL, part->charset, part->charset != NULL ? strlen(part->charset) : 0,
                         data, len, &b, &note);
    mem_free(&part->tree->mem, data);
    if (rc == 0)
        text_warnings(part, &note, w);
    return take(&b, rc, out_text, out_len);
}
