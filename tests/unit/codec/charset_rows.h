/* charset_rows.h - tables of text in some character set and what it is in UTF-8. Each row is
 * converted whole and octet by octet, from memory that ends where the text does. */
#ifndef CHARSET_ROWS_H
#define CHARSET_ROWS_H

#include "test.h"

#include "codec/charset.h"

struct charset_case {
    const char *name;
    const char *text;
    size_t len;
    const char *want;
    uint32_t flags;
};

#define ROW(name, text, want, flags)                                                               \
    {                                                                                              \
        name, text, sizeof text - 1, want, flags                                                   \
    }

/* cut: octets a piece; 0: all at once, by the function for whole texts. */
static inline void charset_try(const struct charset_case *r, size_t cut)
{
    struct charset_note note = {0, 0};
    struct charset_cache cache;
    struct charset_conv c;
    struct buf b;

    memset(&cache, 0, sizeof cache);
    buf_init(&b, mem_default(), 10000);
    if (cut == 0) {
        assert_int_equal(
            charset_to_utf8(&cache, r->name, strlen(r->name), r->text, r->len, &b, &note), 0);
    } else {
        (void)charset_begin(&c, &cache, r->name, strlen(r->name));
        for (size_t at = 0; at < r->len; at += cut) {
            size_t n = cut < r->len - at ? cut : r->len - at;
            uint8_t *copy = malloc(n);

            memcpy(copy, r->text + at, n);
            assert_int_equal(charset_feed(&c, copy, n, &b), 0);
            free(copy);
        }
        assert_int_equal(charset_end(&c, &b), 0);
        note = c.note;
    }
    if (strcmp(buf_text(&b), r->want) != 0 || note.flags != r->flags)
        fail_msg("%s, pieces of %u: \"%s\" (%u), not \"%s\" (%u)", r->name, (unsigned)cut,
                 buf_text(&b), (unsigned)note.flags, r->want, (unsigned)r->flags);
    buf_free(&b);
    charset_cache_free(&cache);
}

static inline void charset_try_all(const struct charset_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t cut = 0; cut < 6; cut++)
            charset_try(&rows[i], cut);
}

#endif
