/* text.c - see text.h */
#include "mime/text.h"

#include "base/ascii.h"
#include "codec/charset.h"
#include "codec/utf8.h"

/* How many octets of control character stand at p: 1, 2 (C1), or 0. */
static size_t control_at(const uint8_t *p, size_t n)
{
    if (ascii_is_control(*p) && *p != '\t')
        return 1;
    return *p == 0xc2 && n > 1 && p[1] >= 0x80 && p[1] < 0xa0 ? 2 : 0;
}

int text_add_clean(struct buf *b, const void *utf8, size_t n)
{
    const uint8_t *p = utf8;
    size_t from = 0;

    for (size_t i = 0; i < n;) {
        size_t bad = control_at(p + i, n - i);

        if (bad == 0) {
            i++;
            continue;
        }
        buf_add(b, p + from, i - from);
        buf_add_word(b, p[i] == '\r' || p[i] == '\n' ? " " : "\xef\xbf\xbd");
        i += bad;
        from = i;
    }
    return n == 0 ? b->failed : buf_add(b, p + from, n - from);
}

int text_add_charset(struct buf *b, struct buf *tmp, struct charset_cache *cache, const char *name,
                     size_t name_len, const void *p, size_t n, uint32_t *out_flags)
{
    struct charset_note note = {0, 0};

    buf_clear(tmp);
    if (charset_to_utf8(cache, name, name_len, p, n, tmp, &note) != 0)
        return b->failed = b->failed != 0 ? b->failed : tmp->failed;
    if (out_flags != NULL)
        *out_flags |= note.flags;
    return text_add_clean(b, tmp->ptr, tmp->len);
}

int text_add_guess(struct buf *b, struct buf *tmp, const void *p, size_t n, uint32_t *out_flags)
{
    if (utf8_valid(p, n)) {
        if (out_flags != NULL && utf8_ascii_run(p, n) != n)
            *out_flags |= CHARSET_GUESSED;
        return text_add_clean(b, p, n);
    }
    return text_add_charset(b, tmp, NULL, NULL, 0, p, n, out_flags);
}
