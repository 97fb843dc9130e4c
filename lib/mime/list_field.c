/* list_field.c - see list_field.h */
#include "mime/list_field.h"

#include "mailaccess/types.h"
#include "mime/field.h"
#include "mime/lex822.h"

#include <string.h>

/* At "<": the URI to its ">". White space in it is folding. */
static void read_uri(struct store *s, struct slice *v, mla_str **array, size_t *count)
{
    const uint8_t *from = v->p++;
    mla_str uri = {NULL, 0};
    struct buf raw;

    buf_init(&raw, &s->mem, slice_left(v) + 1);
    for (; v->p < v->end && *v->p != '>'; v->p++)
        if (!ascii_is_space(*v->p))
            buf_add_byte(&raw, *v->p);
    if (!slice_take(v, '>'))
        store_warn(s, MLA_MIME_WARN_BAD_LIST_FIELD, from);
    if (raw.failed != 0 && s->rc == 0)
        s->rc = raw.failed;
    if (s->rc == 0)
        store_raw(s, slice_of(raw.ptr, raw.len), &uri);
    if (uri.len != 0)
        store_append(s, array, count, &uri);
    buf_free(&raw);
}

/* RFC 2369 section 2: "<uri>", a comma, "<uri>". What stands between is passed over. */
static void read_uris(struct store *s, struct slice v, mla_str **array, size_t *count)
{
    for (;;) {
        lex_skip_cfws(&v, NULL);
        if (v.p == v.end)
            break;
        if (*v.p == '<')
            read_uri(s, &v, array, count);
        else
            v.p++;
    }
    if (*count == 0)
        store_warn(s, MLA_MIME_WARN_BAD_LIST_FIELD, s->start);
}

/* A value that is one URI without brackets, against RFC 2369. */
static int bare_uri(struct store *s, struct slice v, mla_str **array, size_t *count)
{
    mla_str uri = {NULL, 0};
    size_t n = slice_left(&v);

    field_trim(&v.p, &n);
    if (n == 0 || memchr(v.p, '<', n) != NULL || memchr(v.p, ':', n) == NULL ||
        memchr(v.p, ' ', n) != NULL)
        return 0;
    store_warn(s, MLA_MIME_WARN_BAD_LIST_FIELD, v.p);
    store_raw(s, slice_of(v.p, n), &uri);
    if (uri.len != 0)
        store_append(s, array, count, &uri);
    return 1;
}

/* The phrase before a list's id: a quoted string or words. */
static void read_name(struct store *s, struct slice name, mla_str *out)
{
    const uint8_t *start = s->start;
    struct buf phrase;

    buf_init(&phrase, &s->mem, slice_left(&name) + 1);
    lex_skip_cfws(&name, NULL);
    if (slice_peek(&name) == '"')
        (void)lex_quoted(&name, &phrase);
    else
        buf_add(&phrase, name.p, slice_left(&name));
    if (phrase.failed != 0 && s->rc == 0)
        s->rc = phrase.failed;
    if (phrase.len != 0) {
        s->start = phrase.ptr;
        store_text(s, slice_of(phrase.ptr, phrase.len), out);
        s->start = start;
    }
    buf_free(&phrase);
}

/* RFC 2919: phrase "<" list-id ">". */
static void read_id(struct store *s, struct slice v, mla_mailing_list *out)
{
    const uint8_t *open = NULL;
    const uint8_t *close;

    for (const uint8_t *p = v.p; p < v.end; p++)
        if (*p == '<')
            open = p;
    if (open == NULL) {
        store_warn(s, MLA_MIME_WARN_BAD_LIST_FIELD, v.p);
        store_raw(s, v, &out->id);
        return;
    }
    close = memchr(open, '>', (size_t)(v.end - open));
    if (close == NULL) {
        store_warn(s, MLA_MIME_WARN_BAD_LIST_FIELD, open);
        close = v.end;
    }
    store_raw(s, slice_of(open + 1, (size_t)(close - open) - 1), &out->id);
    v.end = open;
    read_name(s, v, &out->name);
}

static int is_no(struct slice v)
{
    lex_skip_cfws(&v, NULL);
    if (!slice_take_word(&v, "NO"))
        return 0;
    lex_skip_cfws(&v, NULL);
    return v.p == v.end;
}

struct row {
    const char *name;
    mla_str *array;
    size_t count;
};

int list_field_read(struct store *s, const struct mla_part *part, mla_mailing_list *out)
{
    struct row rows[] = {{"List-Help", NULL, 0},        {"List-Subscribe", NULL, 0},
                         {"List-Unsubscribe", NULL, 0}, {"List-Post", NULL, 0},
                         {"List-Owner", NULL, 0},       {"List-Archive", NULL, 0},
                         {"Archived-At", NULL, 0}};
    const struct tree_field *f = tree_field(part, "List-Id", 0);
    int found = f != NULL;

    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    if (f != NULL) {
        struct slice v = tree_value(part, f);

        store_at(s, v.p, f->value);
        read_id(s, v, out);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice v;

        f = tree_field(part, rows[i].name, 0);
        if (f == NULL)
            continue;
        found = 1;
        v = tree_value(part, f);
        store_at(s, v.p, f->value);
        if (i == 3 && is_no(v))
            out->flags |= MLA_LIST_NO_POST;
        else if (!bare_uri(s, v, &rows[i].array, &rows[i].count))
            read_uris(s, v, &rows[i].array, &rows[i].count);
    }
    if (tree_field(part, "List-Unsubscribe-Post", 0) != NULL)
        out->flags |= MLA_LIST_ONE_CLICK;
    out->help = rows[0].array;
    out->help_count = rows[0].count;
    out->subscribe = rows[1].array;
    out->subscribe_count = rows[1].count;
    out->unsubscribe = rows[2].array;
    out->unsubscribe_count = rows[2].count;
    out->post = rows[3].array;
    out->post_count = rows[3].count;
    out->owner = rows[4].array;
    out->owner_count = rows[4].count;
    out->archive = rows[5].array;
    out->archive_count = rows[5].count;
    out->archived_at = rows[6].array;
    out->archived_at_count = rows[6].count;
    return s->rc != 0 ? s->rc : found;
}
