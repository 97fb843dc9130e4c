/* token.c - see token.h */
#include "sasl/token.h"

#include "base/slice.h"
#include "codec/utf8.h"
#include "sasl/mech.h"

#include <string.h>

void sasl_token_init(struct sasl_token *t, const struct mem *mem)
{
    memset(t, 0, sizeof *t);
    buf_init(&t->json, mem, SASL_CHALLENGE_MAX);
    buf_init(&t->texts, mem, SASL_CHALLENGE_MAX * 2);
    t->json.secret = t->texts.secret = 1;
    t->info.struct_size = sizeof t->info;
}

void sasl_token_clear(struct sasl_token *t)
{
    memset(&t->info, 0, sizeof t->info);
    t->info.struct_size = sizeof t->info;
    buf_clear(&t->json);
    buf_clear(&t->texts);
}

void sasl_token_free(struct sasl_token *t)
{
    buf_free(&t->json);
    buf_free(&t->texts);
}

uint32_t sasl_token_reason(uint32_t said)
{
    return said == MLA_REASON_NONE || said == MLA_REASON_PASSWORD_WRONG ? MLA_REASON_TOKEN_REFUSED
                                                                        : said;
}

int sasl_token_valid(mla_str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.ptr[i] < 0x21 || token.ptr[i] > 0x7e)
            return 0;
    return token.len != 0;
}

/* --- as much of JSON (RFC 8259) as an error message has --- */

static void skip_space(struct slice *in)
{
    int c;

    while ((c = slice_peek(in)) == ' ' || c == '\t' || c == '\r' || c == '\n')
        in->p++;
}

static int hex4(struct slice *in, uint32_t *out)
{
    uint32_t v = 0;

    if (slice_left(in) < 4)
        return 0;
    for (int i = 0; i < 4; i++) {
        int c = *in->p++;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return 0;
        v = v << 4 | (uint32_t)digit;
    }
    *out = v;
    return 1;
}

/* Behind "\u": one character, of one or two such words (RFC 8259 section 7). */
static int escaped_unicode(struct slice *in, struct buf *out)
{
    uint8_t octets[UTF8_MAX];
    uint32_t c;
    uint32_t low;

    if (!hex4(in, &c))
        return 0;
    if (c >= 0xd800 && c < 0xdc00) {
        if (!slice_take(in, '\\') || !slice_take(in, 'u') || !hex4(in, &low) || low < 0xdc00 ||
            low > 0xdfff)
            return 0;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    } else if (c >= 0xdc00 && c < 0xe000) {
        return 0;
    }
    buf_add(out, octets, utf8_write(c, octets));
    return 1;
}

static int escaped(struct slice *in, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *at;
    int c = slice_peek(in);

    if (c < 0)
        return 0;
    in->p++;
    if (c == 'u')
        return escaped_unicode(in, out);
    at = c != 0 ? strchr(from, c) : NULL;
    if (at == NULL)
        return 0;
    buf_add_byte(out, (unsigned char)to[at - from]);
    return 1;
}

/* A string, decoded, at the end of out: 1, or 0 where there is none. */
static int read_string(struct slice *in, struct buf *out)
{
    int c;

    if (!slice_take(in, '"'))
        return 0;
    while ((c = slice_peek(in)) >= 0) {
        in->p++;
        if (c == '"')
            return 1;
        if (c < 0x20)
            return 0;
        if (c != '\\')
            buf_add_byte(out, (unsigned char)c);
        else if (!escaped(in, out))
            return 0;
    }
    return 0;
}

/* A value that nobody wants: up to the comma or brace behind it, however deep it is. */
static int skip_value(struct slice *in, struct buf *scratch)
{
    size_t depth = 0;
    int c;

    while ((c = slice_peek(in)) >= 0) {
        if (depth == 0 && (c == ',' || c == '}'))
            return 1;
        if (c == '"') {
            if (!read_string(in, scratch))
                return 0;
            continue;
        }
        in->p++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth-- == 0)
            return 0;
    }
    return 0;
}

/* Where a text lies in the buffer, which may still move. */
struct place {
    const char *name;
    size_t at;
    size_t len;
    int there;
};

enum { PLACES = 3 };

/* One "name": value. The first of a name counts. */
static int read_member(struct slice *in, struct buf *texts, struct place *places)
{
    const size_t before = texts->len;
    struct place *p = NULL;
    size_t at;

    skip_space(in);
    if (!read_string(in, texts))
        return 0;
    for (size_t i = 0; i < PLACES; i++)
        if (texts->len - before == strlen(places[i].name) && !places[i].there &&
            texts->failed == 0 &&
            memcmp(texts->ptr + before, places[i].name, texts->len - before) == 0)
            p = &places[i];
    skip_space(in);
    if (!slice_take(in, ':'))
        return 0;
    skip_space(in);
    at = texts->len;
    if (p == NULL || slice_peek(in) != '"')
        return skip_value(in, texts);
    if (!read_string(in, texts))
        return 0;
    p->at = at;
    p->len = texts->len - at;
    p->there = utf8_valid((const char *)texts->ptr + at, p->len);
    skip_space(in);
    return 1;
}

static void read_members(struct slice in, struct buf *texts, struct place *places)
{
    skip_space(&in);
    if (!slice_take(&in, '{'))
        return;
    while (texts->failed == 0 && read_member(&in, texts, places) && slice_take(&in, ','))
        ;
}

static mla_str text_of(const struct buf *texts, const struct place *p)
{
    if (!p->there)
        return (mla_str){NULL, 0};
    return (mla_str){p->len != 0 ? (const char *)texts->ptr + p->at : "", p->len};
}

int sasl_token_refused(struct sasl_token *t, const uint8_t *message, size_t len)
{
    struct place places[PLACES] = {
        {"status", 0, 0, 0}, {"scope", 0, 0, 0}, {"openid-configuration", 0, 0, 0}};
    mla_token_info *i = &t->info;

    buf_clear(&t->json);
    buf_clear(&t->texts);
    i->is_refused = 1;
    i->json = i->status = i->scope = i->configuration = (mla_str){NULL, 0};
    if (len == 0)
        return 0;
    if (buf_add(&t->json, message, len) != 0)
        return MLA_E_NOMEM;
    read_members(slice_of(t->json.ptr, len), &t->texts, places);
    if (t->texts.failed != 0)
        return MLA_E_NOMEM;
    i->json = (mla_str){(const char *)t->json.ptr, len};
    i->status = text_of(&t->texts, &places[0]);
    i->scope = text_of(&t->texts, &places[1]);
    i->configuration = text_of(&t->texts, &places[2]);
    return 0;
}
