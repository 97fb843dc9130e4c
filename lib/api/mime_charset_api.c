/* mime_charset_api.c - character sets as a stream: see mailaccess/mime_charset.h */
#include "mailaccess/mime_charset.h"

#include "api/config_api.h"
#include "base/mem.h"
#include "codec/charset.h"

#include <string.h>

enum { PIECE = 16384 }; /* octets of input that make one output */

struct mla_charset {
    struct mem mem;
    struct charset_cache cache;
    struct charset_conv conv;
    struct buf out;
    const uint8_t *data;
    size_t left;
    int failed;
    int state; /* 0: more may be fed; 1: the end was said; 2: and its output was made */
};

int mla_charset_new(const mla_config *cfg, const char *name, mla_charset **out_c)
{
    const struct mem *mem = cfg != NULL ? &cfg->mem : mem_default();
    mla_charset *c;

    if (out_c == NULL)
        return MLA_E_ARG;
    *out_c = NULL;
    c = mem_zero(mem, sizeof *c);
    if (c == NULL)
        return MLA_E_NOMEM;
    c->mem = *mem;
    /* mostly an octet becomes three at most; some rare sets have one for several characters */
    buf_init(&c->out, &c->mem, 16 * PIECE);
    (void)charset_begin(&c->conv, &c->cache, name, name != NULL ? strlen(name) : 0);
    *out_c = c;
    return 0;
}

void mla_charset_free(mla_charset *c)
{
    struct mem mem;

    if (c == NULL)
        return;
    mem = c->mem;
    charset_cache_free(&c->cache);
    buf_free(&c->out);
    mem_free(&mem, c);
}

int mla_charset_feed(mla_charset *c, const uint8_t *data, size_t len)
{
    if (data == NULL && len != 0)
        return MLA_E_ARG;
    if (c->state != 0 || c->left != 0)
        return MLA_E_STATE;
    c->data = data;
    c->left = len;
    return 0;
}

int mla_charset_end(mla_charset *c)
{
    if (c->state != 0)
        return MLA_E_STATE;
    c->state = 1;
    return 0;
}

int mla_charset_output(mla_charset *c, const char **out_text, size_t *out_len)
{
    if (out_text == NULL || out_len == NULL)
        return MLA_E_ARG;
    if (c->failed != 0)
        return c->failed;
    buf_clear(&c->out);
    while (c->out.len == 0 && c->out.failed == 0 && (c->left != 0 || c->state == 1)) {
        size_t n = c->left < PIECE ? c->left : PIECE;

        if (n != 0) {
            (void)charset_feed(&c->conv, c->data, n, &c->out);
            c->data += n;
            c->left -= n;
        } else {
            (void)charset_end(&c->conv, &c->out);
            c->state = 2;
        }
    }
    if (c->out.failed != 0) {
        c->left = 0;
        return c->failed = c->out.failed;
    }
    *out_text = (const char *)c->out.ptr;
    *out_len = c->out.len;
    return c->out.len != 0;
}

uint32_t mla_charset_notes(const mla_charset *c, uint64_t *out_offset)
{
    if (out_offset != NULL && (c->conv.note.flags & CHARSET_INVALID) != 0)
        *out_offset = c->conv.note.at;
    return c->conv.note.flags;
}

const char *mla_charset_canonical(const char *name)
{
    const struct charset_row *row = name != NULL ? charset_find(name, strlen(name)) : NULL;

    return row != NULL && row->kind != CHARSET_KIND_GUESS ? row->name : NULL;
}
