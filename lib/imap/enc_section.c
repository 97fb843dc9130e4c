/* enc_section.c - see enc_section.h */
#include "imap/enc_section.h"

#include "base/ascii.h"
#include "base/num.h"

#include <string.h>

enum { PARTS_MAX = 1000 };

static const char *const words[] = {"",     "HEADER",         "TEXT",
                                    "MIME", "HEADER.FIELDS ", "HEADER.FIELDS.NOT "};

static int has_fields(const struct imap_section_spec *s)
{
    return s->what == MLA_IMAP_PART_FIELDS || s->what == MLA_IMAP_PART_FIELDS_NOT;
}

/* --- writing --- */

static void encode_fields(struct imap_enc *e, const struct imap_section_spec *s)
{
    imap_enc_word(e, s->what == MLA_IMAP_PART_FIELDS ? "HEADER.FIELDS " : "HEADER.FIELDS.NOT ");
    imap_enc_open(e);
    for (size_t i = 0; i < s->field_count; i++) {
        imap_enc_between(e);
        /* Courier wants atoms where they are possible. */
        if (imap_enc_is_atom(s->fields[i]))
            imap_enc_atom(e, s->fields[i]);
        else
            imap_enc_string(e, s->fields[i]);
    }
    imap_enc_close(e);
}

/* RFC 9051 section 9, section-spec. */
static void encode_spec(struct imap_enc *e, const struct imap_section_spec *s)
{
    for (size_t i = 0; i < s->part_count; i++) {
        if (i > 0)
            imap_enc_word(e, ".");
        imap_enc_number(e, s->parts[i]);
    }
    if (s->what != MLA_IMAP_PART_ALL && s->part_count > 0)
        imap_enc_word(e, ".");
    if (s->what == MLA_IMAP_PART_FIELDS || s->what == MLA_IMAP_PART_FIELDS_NOT)
        encode_fields(e, s);
    else
        imap_enc_word(e, words[s->what]);
}

void imap_enc_section(struct imap_enc *e, const struct imap_section_spec *s, int set_seen)
{
    imap_enc_between(e);
    imap_enc_word(e, s->is_size ? "BINARY.SIZE" : s->is_decoded ? "BINARY" : "BODY");
    imap_enc_word(e, set_seen || s->is_size ? "[" : ".PEEK[");
    encode_spec(e, s);
    imap_enc_word(e, "]");
    if (s->offset == 0 && s->length == 0)
        return;
    imap_enc_word(e, "<");
    imap_enc_number(e, s->offset);
    imap_enc_word(e, ".");
    imap_enc_number(e, s->length != 0 ? s->length : UINT32_MAX);
    imap_enc_word(e, ">");
}

/* --- taking over --- */

static int check_section(const mla_imap_section_args *in)
{
    const int has_fields = in->what == MLA_IMAP_PART_FIELDS || in->what == MLA_IMAP_PART_FIELDS_NOT;

    if (in->what > MLA_IMAP_PART_FIELDS_NOT)
        return MLA_E_UNSUPPORTED;
    if (in->part_count > PARTS_MAX || (in->part_count != 0 && in->parts == NULL) ||
        (in->field_count != 0 && in->fields == NULL) || has_fields != (in->field_count != 0) ||
        (in->what == MLA_IMAP_PART_MIME && in->part_count == 0) ||
        (in->is_decoded != 0 && in->what != MLA_IMAP_PART_ALL) || in->offset > INT64_MAX)
        return MLA_E_ARG;
    if (in->is_size != 0 && (in->what != MLA_IMAP_PART_ALL || in->offset != 0 || in->length != 0))
        return MLA_E_ARG;
    for (size_t i = 0; i < in->part_count; i++)
        if (in->parts[i] == 0)
            return MLA_E_ARG;
    for (size_t i = 0; i < in->field_count; i++)
        if (in->fields[i].ptr == NULL || !imap_enc_is_field_name(in->fields[i])) /* I03 */
            return MLA_E_ARG;
    return 0;
}

int imap_section_copy(struct imap_cmd *c, struct imap_section_spec *out,
                      const mla_imap_section_args *in)
{
    uint32_t *parts;
    int rc = check_section(in);

    if (rc != 0)
        return rc;
    parts = arena_array(&c->arena, in->part_count + 1, sizeof *parts);
    if (parts == NULL)
        return imap_cmd_nomem(c);
    if (in->part_count != 0)
        memcpy(parts, in->parts, in->part_count * sizeof *parts);
    out->what = in->what;
    out->parts = parts;
    out->part_count = in->part_count;
    out->field_count = in->field_count;
    out->offset = in->offset;
    out->length = in->length;
    out->is_decoded = in->is_decoded != 0;
    out->is_size = in->is_size != 0;
    return imap_cmd_strs(c, in->fields, in->field_count, &out->fields);
}

/* --- recognising --- */

/* Takes "1.2" off the front of the name, and the "." behind it where a word follows. */
static int take_parts(const struct imap_section_spec *s, const char **p, const char *end)
{
    for (size_t i = 0; i < s->part_count; i++) {
        const char *from = *p;
        uint64_t n;

        while (*p < end && ascii_is_digit((unsigned char)**p))
            ++*p;
        if (!num_parse(from, (size_t)(*p - from), UINT32_MAX, &n) || n != s->parts[i])
            return 0;
        if (i + 1 == s->part_count && s->what == MLA_IMAP_PART_ALL)
            return *p == end;
        if (*p == end || *(*p)++ != '.')
            return 0;
    }
    return 1;
}

/* Is it among the names at p, which are separated by what no name has? */
static int has_name(const char *p, const char *end, mla_str name)
{
    while (p < end) {
        const char *from;

        while (p < end && (*p == ' ' || *p == '(' || *p == ')' || *p == '"'))
            p++;
        from = p;
        while (p < end && *p != ' ' && *p != '(' && *p != ')' && *p != '"')
            p++;
        if (p > from && ascii_equal(from, (size_t)(p - from), name.ptr, name.len))
            return 1;
    }
    return 0;
}

int imap_section_is(const struct imap_section_spec *s, const mla_imap_section *got)
{
    const char *p = got->name.ptr;
    const char *end = p + got->name.len;
    size_t n = strlen(words[s->what]);

    if (s->is_size || s->is_decoded != (got->kind == MLA_IMAP_SECTION_BINARY) ||
        (s->offset != 0 || s->length != 0) != (got->has_origin != 0) ||
        (got->has_origin != 0 && got->origin != s->offset) || !take_parts(s, &p, end))
        return 0;
    n -= has_fields(s) ? 1 : 0; /* the blank: a list need not come back */
    if ((size_t)(end - p) < n || !ascii_equal(p, n, words[s->what], n))
        return 0;
    p += n;
    if (!has_fields(s) || p == end)
        return p == end;
    if (*p != ' ' && *p != '(')
        return 0;
    for (size_t i = 0; i < s->field_count; i++)
        if (!has_name(p, end, s->fields[i]))
            return 0;
    return 1;
}

int imap_section_alike(const struct imap_section_spec *a, const struct imap_section_spec *b)
{
    return !a->is_size && !b->is_size && a->is_decoded == b->is_decoded && a->what == b->what &&
           a->offset == b->offset && (a->length == 0) == (b->length == 0) &&
           a->part_count == b->part_count &&
           (a->part_count == 0 ||
            memcmp(a->parts, b->parts, a->part_count * sizeof *a->parts) == 0);
}
