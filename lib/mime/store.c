/* store.c - see store.h */
#include "mime/store.h"

#include "mailaccess/types.h"
#include "mime/encword.h"
#include "mime/field.h"
#include "mime/text.h"
#include "mime/value.h"

#include <string.h>

void store_init(struct store *s, const struct mem *mem)
{
    memset(s, 0, sizeof *s);
    s->mem = *mem;
    arena_init(&s->arena, &s->mem, SIZE_MAX / 2);
    buf_init(&s->text, &s->mem, SIZE_MAX / 2);
    buf_init(&s->tmp, &s->mem, SIZE_MAX / 2);
}

void store_of_part(struct store *s, const struct mla_part *part, struct warn_set *w)
{
    s->charset = value_charset(part);
    s->max_words = part->tree->limits.max_words;
    s->warn = w;
}

void store_at(struct store *s, const uint8_t *p, uint64_t base)
{
    s->start = p;
    s->base = base;
}

void store_warn(struct store *s, int code, const uint8_t *at)
{
    warn_add(s->warn, code, s->base + (uint64_t)(at - s->start));
}

void store_buf(struct store *s, mla_str *out)
{
    if (s->rc == 0)
        s->rc = s->text.failed;
    if (s->rc != 0 || s->text.len == 0)
        return;
    out->ptr = arena_dup(&s->arena, s->text.ptr, s->text.len);
    if (out->ptr == NULL)
        s->rc = MLA_E_NOMEM;
    else
        out->len = s->text.len;
}

void store_raw(struct store *s, struct slice v, mla_str *out)
{
    struct buf unfolded;

    buf_init(&unfolded, &s->mem, slice_left(&v) + 1);
    if (field_unfold(v.p, slice_left(&v), &unfolded) != 0 && s->rc == 0)
        s->rc = unfolded.failed;
    buf_clear(&s->text);
    if (s->rc == 0)
        text_add_guess(&s->text, &s->tmp, unfolded.ptr, unfolded.len, NULL);
    store_buf(s, out);
    buf_free(&unfolded);
}

void store_text(struct store *s, struct slice v, mla_str *out)
{
    if (s->rc != 0)
        return;
    buf_clear(&s->text);
    encword_decode_in(v.p, slice_left(&v), s->charset, s->max_words, &s->text, s->warn,
                      s->base + (uint64_t)(v.p - s->start));
    store_buf(s, out);
}

void store_append(struct store *s, mla_str **array, size_t *count, const mla_str *text)
{
    mla_str *grown;

    /* 0, 1, 2, 4, 8 ...: full when it is a power of two */
    if ((*count & (*count - 1)) == 0 && s->rc == 0) {
        grown = arena_array(&s->arena, *count == 0 ? 1 : *count * 2, sizeof *grown);
        if (grown == NULL) {
            s->rc = MLA_E_NOMEM;
            return;
        }
        if (*count != 0)
            memcpy(grown, *array, *count * sizeof *grown);
        *array = grown;
    }
    if (s->rc == 0)
        (*array)[(*count)++] = *text;
}

int store_done(struct store *s)
{
    buf_free(&s->text);
    buf_free(&s->tmp);
    s->warn = NULL;
    return s->rc;
}

void store_free(struct store *s)
{
    buf_free(&s->text);
    buf_free(&s->tmp);
    arena_free(&s->arena);
}

void store_free_with(struct store *s, void *holder)
{
    struct mem mem = s->mem; /* s may be in the holder */

    store_free(s);
    mem_free(&mem, holder);
}

/* The line at p: its octets with the line end. */
static size_t line_at(const struct slice *s)
{
    const uint8_t *lf = memchr(s->p, '\n', slice_left(s));

    return lf != NULL ? (size_t)(lf + 1 - s->p) : slice_left(s);
}

static int is_blank(const uint8_t *p, size_t n)
{
    while (n > 0 && ascii_is_space(p[n - 1]))
        n--;
    return n == 0;
}

int store_next_field(struct slice *s, struct store_field *out)
{
    while (s->p < s->end) {
        const uint8_t *from = s->p;
        size_t n = line_at(s);
        struct field f;

        s->p += n;
        if (is_blank(from, n))
            return 0;
        while (s->p < s->end && (*s->p == ' ' || *s->p == '\t') && !is_blank(s->p, line_at(s)))
            s->p += line_at(s);
        if (!field_split(from, (size_t)(s->p - from), &f))
            continue;
        out->name = slice_of(from, f.name_len);
        out->value.p = from + f.value;
        out->value.end = from + f.end;
        return 1;
    }
    return 0;
}
