/* filter.c - see filter.h */
#include "mime/filter.h"

#include "base/ascii.h"
#include "mailaccess/types.h"
#include "mime/value.h"

#include <string.h>

int filter_init(struct filter *f, int32_t kind, uint32_t flags, struct buf *out)
{
    memset(f, 0, sizeof *f);
    f->kind = kind;
    if (flags > (MLA_FILTER_DELSP | MLA_FILTER_SHOW_HIDDEN | MLA_FILTER_NO_LINKS))
        return MLA_E_ARG;
    switch (kind) {
    case MLA_FILTER_PLAIN:
    case MLA_FILTER_FLOWED:
        f->of.flowed.out = out;
        f->of.flowed.flowed = kind == MLA_FILTER_FLOWED;
        f->of.flowed.delsp = (flags & MLA_FILTER_DELSP) != 0;
        return 0;
    case MLA_FILTER_HTML:
        f->of.html.layout.out = out;
        f->of.html.flags = ((flags & MLA_FILTER_SHOW_HIDDEN) != 0 ? HTML_SHOW_HIDDEN : 0U) |
                           ((flags & MLA_FILTER_NO_LINKS) != 0 ? HTML_NO_LINKS : 0U);
        return 0;
    default:
        return MLA_E_ARG;
    }
}

int filter_add(struct filter *f, const void *p, size_t n)
{
    if (n == 0)
        return 0;
    if (f->kind != MLA_FILTER_HTML)
        return flowed_add(&f->of.flowed, p, n);
    html_add(&f->of.html, p, n);
    return f->of.html.layout.out->failed;
}

int filter_end(struct filter *f)
{
    if (f->kind != MLA_FILTER_HTML)
        return flowed_end(&f->of.flowed);
    html_end(&f->of.html);
    return f->of.html.layout.out->failed;
}

/* 1, 0 or MLA_E_NOMEM. */
static int param_is(const struct mla_part *part, const char *param, const char *word)
{
    char *text;
    size_t len;
    int rc = value_param(part, "Content-Type", param, NULL, &text, &len);

    if (rc != 0)
        return rc == MLA_E_NOMEM ? rc : 0;
    rc = ascii_equal_word(text, len, word);
    mem_free(&part->tree->mem, text);
    return rc;
}

int filter_kind_of(const struct mla_part *part, int32_t *out_kind, uint32_t *out_flags)
{
    int rc = 0;

    *out_flags = 0;
    *out_kind = strcmp(part->type, "text/html") == 0 ? MLA_FILTER_HTML : MLA_FILTER_PLAIN;
    if (strcmp(part->type, "text/plain") == 0)
        rc = param_is(part, "format", "flowed");
    if (rc != 1)
        return rc;
    *out_kind = MLA_FILTER_FLOWED;
    rc = param_is(part, "delsp", "yes");
    *out_flags = rc == 1 ? MLA_FILTER_DELSP : 0;
    return rc < 0 ? rc : 0;
}
