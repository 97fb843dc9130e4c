/* resp_body_strict.c - parts of BODYSTRUCTURE in their usual shape (strict.h). */
#include "imap/resp_read.h"
#include "imap/strict.h"

/* TEXT in any case, 4 octets. */
static int is_text(const uint8_t *p)
{
    uint32_t upper;
    uint32_t v;

    memcpy(&upper, "TEXT", sizeof upper);
    memcpy(&v, p, sizeof v);
    return (v & 0xdfdfdfdf) == upper;
}

void imap_body_set_kind(mla_imap_body *b)
{
    const uint8_t *type = (const uint8_t *)b->type.ptr;

    if (b->type.len == 4 && is_text(type))
        b->kind = MLA_IMAP_BODY_TEXT;
    else if (b->type.len == 9 && ilex_word_is(type, "MULTIPART", 9))
        b->kind = MLA_IMAP_BODY_MULTIPART;
    else
        b->kind = MLA_IMAP_BODY_BASIC;
}

enum { STRICT_PARAMS = 4 };

/* A few names and values, none of which RFC 2231 is about; or NIL. */
static inline const uint8_t *strict_params(struct ilex *l, const uint8_t *p, const mla_str **out,
                                           size_t *out_count)
{
    mla_str words[2 * STRICT_PARAMS];
    mla_str *kept;
    size_t n = 0;

    if (*p != '(')
        return strict_nil(p);
    do {
        if (n == 2 * STRICT_PARAMS || (p = strict_string_space(l, p + 1, &words[n])) == NULL ||
            (p = strict_string(l, p, &words[n + 1])) == NULL || strict_has(l, words[n], '*'))
            return NULL;
        n += 2;
    } while (*p == ' ');
    kept = arena_raw(l->arena, n * sizeof *kept);
    if (kept == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        kept[i] = words[i];
    *out = kept;
    *out_count = n;
    return strict_take(p, ')');
}

/* body-fld-dsp */
static inline const uint8_t *strict_disposition(struct ilex *l, const uint8_t *p, mla_imap_body *b)
{
    if (*p != '(')
        return strict_nil(p);
    p = strict_string_space(l, p + 1, &b->disposition);
    if (p == NULL || b->disposition.len == 0)
        return NULL;
    p = strict_params(l, p, &b->disposition_params, &b->disposition_param_count);
    return p != NULL ? strict_take(p, ')') : NULL;
}

/* What follows md5 or a multipart's parameters, up to the part's ")"; language and location only as
 * NIL. */
static inline const uint8_t *strict_extension(struct ilex *l, const uint8_t *p, mla_imap_body *b)
{
    if (ilex_stands_at(l, p, " NIL NIL NIL)")) /* most parts have none of them */
        return p + 13;
    if (*p == ' ') {
        p = strict_disposition(l, p + 1, b);
        if (p == NULL)
            return NULL;
    }
    for (int i = 0; i < 2 && *p == ' '; i++) {
        p = strict_nil(p + 1);
        if (p == NULL)
            return NULL;
    }
    return strict_take(p, ')');
}

/* body-fields behind the parameters. */
static inline const uint8_t *strict_fields(struct ilex *l, const uint8_t *p, mla_imap_body *b)
{
    if (ilex_stands_at(l, p, " NIL NIL "))
        p += 9;
    else if ((p = strict_take(p, ' ')) == NULL ||
             (p = strict_nstring_space(l, p, &b->id)) == NULL ||
             (p = strict_nstring_space(l, p, &b->description)) == NULL)
        return NULL;
    p = strict_string_space(l, p, &b->encoding);
    if (p == NULL || (b->encoding.len != 0 && b->encoding.ptr[b->encoding.len - 1] == ' '))
        return NULL;
    return strict_number(l, p, &b->size);
}

const uint8_t *imap_strict_leaf(struct ilex *l, const uint8_t *p, mla_imap_body *b)
{
    if ((p = strict_string_space(l, p, &b->type)) == NULL ||
        (p = strict_string_space(l, p, &b->subtype)) == NULL)
        return NULL;
    imap_body_set_kind(b);
    if (b->kind == MLA_IMAP_BODY_MULTIPART ||
        (b->type.len == 7 && ilex_word_is((const uint8_t *)b->type.ptr, "MESSAGE", 7)))
        return NULL;
    if ((p = strict_params(l, p, &b->params, &b->param_count)) == NULL ||
        (p = strict_fields(l, p, b)) == NULL)
        return NULL;
    if (p[0] == ' ' && ilex_is(p[1], ILEX_DIGIT)) {
        p = strict_number(l, p + 1, &b->lines);
        if (p == NULL)
            return NULL;
    }
    if (*p == ')')
        return p + 1;
    b->extended = 1;
    if (*p != ' ')
        return NULL;
    p = strict_nstring(l, p + 1, &b->md5);
    return p != NULL ? strict_extension(l, p, b) : NULL;
}

const uint8_t *imap_strict_multipart(struct ilex *l, const uint8_t *p, mla_imap_body *b)
{
    p = strict_string(l, p, &b->subtype);
    if (p == NULL)
        return NULL;
    if (*p == ')')
        return p + 1;
    b->extended = 1;
    if (*p != ' ')
        return NULL;
    p = strict_params(l, p + 1, &b->params, &b->param_count);
    return p != NULL ? strict_extension(l, p, b) : NULL;
}
