/* cmd_annotate.c - annotations as arguments of STORE and APPEND (RFC 5257). */
#include "imap/cmd.h"

#include "base/record.h"

#include <string.h>

enum { ANNOTATIONS_MAX = 1000 };

/* RFC 5257 section 3: a path without wildcards, and an attribute that says for whom it is. */
static int check_one(const mla_imap_annotation_args *a)
{
    if (a->entry.ptr == NULL || a->entry.len < 2 || a->entry.ptr[0] != '/' ||
        !imap_enc_is_utf8(a->entry) || memchr(a->entry.ptr, '*', a->entry.len) != NULL ||
        memchr(a->entry.ptr, '%', a->entry.len) != NULL || a->attribute.ptr == NULL ||
        !imap_enc_is_atom(a->attribute))
        return MLA_E_ARG;
    return 0;
}

int imap_cmd_annotations(struct imap_cmd *c, const mla_imap_annotation_args *in, size_t count,
                         const mla_imap_annotation_args **out)
{
    mla_imap_annotation_args *copy;

    *out = NULL;
    if (count == 0)
        return 0;
    if (in == NULL || count > ANNOTATIONS_MAX)
        return MLA_E_ARG;
    copy = arena_array(&c->arena, count, sizeof *copy);
    if (copy == NULL)
        return imap_cmd_nomem(c);
    for (size_t i = 0; i < count; i++) {
        int rc = record_at(in, i, sizeof *copy, sizeof *copy, &copy[i]);

        if (rc == 0)
            rc = check_one(&copy[i]);
        if (rc == 0)
            rc = imap_cmd_str(c, copy[i].entry, &copy[i].entry);
        if (rc == 0)
            rc = imap_cmd_str(c, copy[i].attribute, &copy[i].attribute);
        if (rc == 0 && copy[i].value.ptr != NULL)
            rc = imap_cmd_str(c, copy[i].value, &copy[i].value);
        if (rc != 0)
            return rc;
    }
    *out = copy;
    return 0;
}

static int same(mla_str a, mla_str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

void imap_enc_annotations(struct imap_enc *e, const mla_imap_annotation_args *a, size_t count)
{
    imap_enc_word(e, "ANNOTATION (");
    for (size_t i = 0; i < count; i++) {
        const int goes_on = i > 0 && same(a[i].entry, a[i - 1].entry);

        if (!goes_on) {
            imap_enc_word(e, i > 0 ? ") " : "");
            imap_enc_string(e, a[i].entry);
        }
        imap_enc_word(e, goes_on ? " " : " (");
        imap_enc_string(e, a[i].attribute);
        imap_enc_space(e);
        imap_enc_value(e, a[i].value);
    }
    imap_enc_word(e, "))");
}
