/* mime_api.c - messages and their structure: see mailaccess/mime.h */
#include "api/mime_handles.h"
#include "mime/check.h"
#include "mime/path.h"
#include "mime/pick.h"
#include "mime/tree.h"
#include "mime/warn.h"

struct mla_message {
    struct mem mem;
    struct mime_tree *tree;
    const mla_part **order; /* all parts in document order; NULL: as the one tree has them */
    size_t count;
};

int mime_limits_in(const mla_mime_limits *in, mla_mime_limits *out,
                   const mla_mime_limits **out_given)
{
    int rc;

    *out_given = NULL;
    if (in == NULL)
        return 0;
    rc = record_in(in, sizeof in->struct_size, sizeof *out, out);
    if (rc == 0)
        *out_given = out;
    return rc;
}

/* The part behind this one in document order, across trees; NULL at the end. */
static const mla_part *part_behind(const mla_part *part)
{
    if (part->sub != NULL)
        return tree_root(part->sub);
    while (part->number + 1 == part->tree->part_count) {
        part = part->tree->above;
        if (part == NULL)
            return NULL;
    }
    return &part->tree->parts[part->number + 1];
}

static int put_in_order(mla_message *m)
{
    size_t n = 0;

    for (const struct mime_tree *t = m->tree; t != NULL; t = t->next)
        m->count += t->part_count;
    if (m->tree->next == NULL)
        return 0;
    m->order = mem_array(&m->mem, m->count, sizeof(const mla_part *));
    if (m->order == NULL)
        return MLA_E_NOMEM;
    for (const mla_part *p = tree_root(m->tree); p != NULL; p = part_behind(p))
        m->order[n++] = p;
    return 0;
}

int mla_message_parse(const mla_config *cfg, const mla_mime_limits *limits, const uint8_t *data,
                      size_t len, mla_message **out_m)
{
    const mla_mime_limits *given;
    mla_mime_limits filled;
    mla_message *m;
    int rc;

    if (out_m == NULL)
        return MLA_E_ARG;
    *out_m = NULL;
    if (data == NULL && len != 0)
        return MLA_E_ARG;
    rc = mime_limits_in(limits, &filled, &given);
    if (rc != 0)
        return rc;
    m = mem_zero(mime_mem(cfg), sizeof *m);
    if (m == NULL)
        return MLA_E_NOMEM;
    m->mem = *mime_mem(cfg);
    rc = tree_parse(&m->mem, given, data != NULL ? data : (const uint8_t *)"", len, &m->tree);
    if (rc == 0)
        rc = put_in_order(m);
    if (rc != 0) {
        mla_message_free(m);
        return rc;
    }
    *out_m = m;
    return 0;
}

void mla_message_free(mla_message *m)
{
    struct mem mem;

    if (m == NULL)
        return;
    mem = m->mem;
    tree_free(m->tree);
    mem_free(&mem, m->order);
    mem_free(&mem, m);
}

const mla_part *mla_message_root(const mla_message *m)
{
    return tree_root(m->tree);
}

uint32_t mla_message_part_count(const mla_message *m)
{
    return (uint32_t)m->count;
}

const mla_part *mla_message_part_at(const mla_message *m, uint32_t i)
{
    if (i >= m->count)
        return NULL;
    return m->order != NULL ? m->order[i] : &m->tree->parts[i];
}

const mla_part *mla_message_part(const mla_message *m, const char *path)
{
    return path != NULL ? path_find(m->tree, path) : NULL;
}

const mla_part *mla_message_text(const mla_message *m)
{
    return pick_text(m->tree, "text/plain");
}

const mla_part *mla_message_html(const mla_message *m)
{
    return pick_text(m->tree, "text/html");
}

int mla_message_check(mla_message *m)
{
    return check_message(m->tree);
}

uint32_t mla_message_warning_count(const mla_message *m)
{
    size_t n = 0;

    for (const struct mime_tree *t = m->tree; t != NULL; t = t->next)
        n += t->warning_count;
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static const struct tree_warning *warning_at(const mla_message *m, size_t i,
                                             const struct mime_tree **out_tree)
{
    for (const struct mime_tree *t = m->tree; t != NULL; t = t->next) {
        *out_tree = t;
        if (i < t->warning_count)
            return &t->warnings[i];
        i -= t->warning_count;
    }
    return NULL;
}

int32_t mla_message_warning(const mla_message *m, uint32_t i, uint64_t *out_offset)
{
    const struct mime_tree *t;
    const struct tree_warning *w = warning_at(m, i, &t);

    if (w == NULL)
        return 0;
    if (out_offset != NULL)
        *out_offset = w->at;
    return w->code;
}

const mla_part *mla_message_warning_part(const mla_message *m, uint32_t i)
{
    const struct mime_tree *t;
    const struct tree_warning *w = warning_at(m, i, &t);

    return w != NULL ? &t->parts[w->part] : NULL;
}

const char *mla_mime_warning_name(int32_t code)
{
    return warn_name(code);
}

int32_t mla_mime_warning_grade(int32_t code)
{
    return warn_grade(code);
}

const mla_part *mla_part_parent(const mla_part *p)
{
    return tree_parent(p);
}

uint32_t mla_part_child_count(const mla_part *p)
{
    return p->child_count;
}

const mla_part *mla_part_child(const mla_part *p, uint32_t i)
{
    return tree_child(p, i);
}

uint32_t mla_part_flags(const mla_part *p)
{
    return p->flags;
}

uint32_t mla_part_depth(const mla_part *p)
{
    return p->depth;
}

uint64_t mla_part_header_offset(const mla_part *p)
{
    return p->header_offset;
}

uint64_t mla_part_body_offset(const mla_part *p)
{
    return p->body_offset;
}

uint64_t mla_part_body_length(const mla_part *p)
{
    return p->body_length;
}

const uint8_t *mla_part_header_octets(const mla_part *p, size_t *out_len)
{
    if (out_len != NULL)
        *out_len = p->body_offset - p->header_offset;
    return p->tree->data + p->header_offset;
}

const uint8_t *mla_part_body_octets(const mla_part *p, size_t *out_len)
{
    if (out_len != NULL)
        *out_len = p->body_length;
    return p->tree->data + p->body_offset;
}

const char *mla_part_content_type(const mla_part *p)
{
    return p->type;
}

const char *mla_part_charset(const mla_part *p)
{
    return p->charset;
}

const char *mla_part_transfer_encoding(const mla_part *p)
{
    return p->encoding;
}

int mla_part_is_attachment(const mla_part *p)
{
    return pick_is_attachment(p);
}

uint32_t mla_part_header_count(const mla_part *p)
{
    return (uint32_t)p->field_count;
}

int mla_part_header_at(const mla_part *p, uint32_t i, mla_str *out_name, mla_str *out_value,
                       uint64_t *out_offset)
{
    const struct tree_field *f;
    const char *data = (const char *)p->tree->data;

    if (i >= p->field_count)
        return MLA_E_NOT_FOUND;
    f = &p->tree->fields[p->first_field + i];
    if (out_name != NULL)
        *out_name = (mla_str){data + f->name, f->name_len};
    if (out_value != NULL)
        *out_value = (mla_str){data + f->value, f->value_len};
    if (out_offset != NULL)
        *out_offset = f->name;
    return 0;
}
