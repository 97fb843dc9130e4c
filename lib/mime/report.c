/* report.c - which parts are reports, and what their fields share: see report.h */
#include "mime/report.h"

#include "base/num.h"
#include "codec/utf8.h"
#include "mime/lex822.h"
#include "mime/path.h"

#include <string.h>

static int is_one_of(const struct mla_part *part, const char *const *types)
{
    for (; *types != NULL; types++)
        if (strcmp(part->type, *types) == 0)
            return 1;
    return 0;
}

static const struct mla_part *child_of(const struct mla_part *part, const char *const *types,
                                       int last)
{
    const struct mla_part *found = NULL;

    if (!path_is_multipart(part))
        return NULL;
    for (uint32_t i = 0; i < part->child_count && (found == NULL || last); i++)
        if (is_one_of(tree_child(part, i), types))
            found = tree_child(part, i);
    return found;
}

const struct mla_part *report_dsn_part(const struct mla_part *part)
{
    static const char *const types[] = {"message/delivery-status", "message/global-delivery-status",
                                        NULL};

    return is_one_of(part, types) ? part : child_of(part, types, 0);
}

const struct mla_part *report_mdn_part(const struct mla_part *part)
{
    static const char *const types[] = {"message/disposition-notification",
                                        "message/global-disposition-notification", NULL};

    return is_one_of(part, types) ? part : child_of(part, types, 0);
}

const struct mla_part *report_original(const struct mla_part *part)
{
    static const char *const types[] = {"message/rfc822", "message/global", "text/rfc822-headers",
                                        "message/global-headers", NULL};

    return child_of(part, types, 1);
}

/* RFC 6533 section 3, utf-8-addr-xtext and -unitext: "\x{48}" is a character. */
static void undo_unicode(struct store *s, mla_str *text)
{
    buf_clear(&s->text);
    for (size_t i = 0; i < text->len;) {
        const char *p = text->ptr + i;
        size_t left = text->len - i;
        uint32_t c = 0;
        size_t n = 3;
        uint8_t u[UTF8_MAX];

        if (left < 5 || memcmp(p, "\\x{", 3) != 0) {
            buf_add_byte(&s->text, (unsigned char)*p);
            i++;
            continue;
        }
        while (n < left && n < 9 && ascii_hex(p[n]) >= 0)
            c = c << 4 | (uint32_t)ascii_hex(p[n++]);
        if (n == 3 || n == left || p[n] != '}' || c < 0x20 || (c >= 0x7f && c < 0xa0) ||
            c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
            buf_add_byte(&s->text, (unsigned char)*p);
            i++;
            continue;
        }
        buf_add(&s->text, u, utf8_write(c, u));
        i += n + 1;
    }
    store_buf(s, text);
}

void report_typed(struct store *s, struct slice v, mla_str *out_type, mla_str *out_text)
{
    const uint8_t *semicolon = memchr(v.p, ';', slice_left(&v));
    struct slice type = {v.p, semicolon};

    if (out_text->len != 0 || out_type->len != 0) { /* given twice: the first counts */
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, v.p);
        return;
    }
    if (semicolon != NULL) {
        store_raw(s, type, out_type);
        buf_clear(&s->text);
        for (size_t i = 0; i < out_type->len; i++)
            buf_add_byte(&s->text, (unsigned char)ascii_lower((unsigned char)out_type->ptr[i]));
        if (s->rc == 0)
            store_buf(s, out_type);
        v.p = semicolon + 1;
    } else {
        store_warn(s, MLA_MIME_WARN_BAD_REPORT, v.p);
    }
    store_raw(s, v, out_text);
    if (s->rc == 0 && ascii_equal_word(out_type->ptr, out_type->len, "utf-8"))
        undo_unicode(s, out_text);
}
