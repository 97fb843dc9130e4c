/* admin_tell.h - what the records of mailaccess/imap_admin_types.h say, as text. */
#ifndef ADMIN_TELL_H
#define ADMIN_TELL_H

#include "mailaccess/imap_admin_types.h"
#include "mailaccess/imap_types.h"

#include <stdio.h>

static inline void admin_str(FILE *f, mla_str s)
{
    if (s.ptr == NULL) {
        fputs("NIL", f);
        return;
    }
    fputc('"', f);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x20 || c >= 0x7f)
            fprintf(f, "\\x%02x", c);
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static inline void admin_words(FILE *f, const char *name, const mla_str *w, size_t n)
{
    fprintf(f, " %s[", name);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? " " : "", f);
        admin_str(f, w[i]);
    }
    fputc(']', f);
}

/* The name as UTF-8, and the raw one where it is another. */
static inline void admin_name(FILE *f, mla_str name, mla_str raw)
{
    fputc(' ', f);
    admin_str(f, name);
    if (name.len != raw.len) {
        fputs(" raw=", f);
        admin_str(f, raw);
    }
    if (name.ptr == NULL || name.ptr[name.len] != '\0')
        fputs(" NO FINAL NUL", f);
}

static inline void admin_namespace(FILE *f, const char *label, const mla_imap_namespace_entry *n)
{
    fprintf(f, " %s[", label);
    for (; n != NULL; n = n->next) {
        admin_name(f, n->prefix, n->raw_prefix);
        fprintf(f, " '%c'", n->delimiter != 0 ? (int)n->delimiter : '-');
        if (n->extension_count != 0)
            admin_words(f, "", n->extensions, n->extension_count);
    }
    fputs(" ]", f);
}

static inline void admin_quota(FILE *f, const mla_imap_quota *q)
{
    fputc(' ', f);
    admin_str(f, q->root);
    for (const mla_imap_quota_resource *r = q->resources; r != NULL; r = r->next)
        fprintf(f, " %u:%.*s=%llu/%llu", r->kind, (int)r->name.len, r->name.ptr,
                (unsigned long long)r->usage, (unsigned long long)r->limit);
}

/* "" unless the kind of event is one of this family. */
static inline const char *admin_type(int32_t type)
{
    static const char *const names[] = {"IDENTITY",   "NAMESPACES",  "ACL",       "MYRIGHTS",
                                        "LISTRIGHTS", "QUOTA",       "QUOTAROOT", "METADATA",
                                        "LANGUAGES",  "COMPARATORS", "JMAPACCESS"};

    return type >= MLA_IMAP_EV_IDENTITY && type <= MLA_IMAP_EV_JMAPACCESS
               ? names[type - MLA_IMAP_EV_IDENTITY]
               : "";
}

static inline void admin_rights(FILE *f, int32_t type, const void *record)
{
    const mla_imap_acl *a = record;
    const mla_imap_my_rights *m = record;
    const mla_imap_list_rights *l = record;

    if (type == MLA_IMAP_EV_ACL) {
        admin_name(f, a->name, a->raw_name);
        admin_words(f, "", a->entries, a->entry_count);
    } else if (type == MLA_IMAP_EV_MYRIGHTS) {
        admin_name(f, m->name, m->raw_name);
        fprintf(f, " %.*s=%u", (int)m->letters.len, m->letters.ptr, m->rights);
    } else {
        admin_name(f, l->name, l->raw_name);
        fputc(' ', f);
        admin_str(f, l->identifier);
        fputs(" required=", f);
        admin_str(f, l->required);
        admin_words(f, "", l->options, l->option_count);
    }
}

static inline void admin_server(FILE *f, int32_t type, const void *record)
{
    const mla_imap_identity *id = record;
    const mla_imap_namespaces *n = record;
    const mla_imap_languages *l = record;
    const mla_imap_comparators *c = record;
    const mla_imap_jmap_access *j = record;

    if (type == MLA_IMAP_EV_IDENTITY) {
        fputs(id->is_nil ? " nil" : "", f);
        admin_words(f, "", id->fields, id->field_count);
    } else if (type == MLA_IMAP_EV_NAMESPACES) {
        admin_namespace(f, "personal", n->personal);
        admin_namespace(f, "other", n->other);
        admin_namespace(f, "shared", n->shared);
    } else if (type == MLA_IMAP_EV_LANGUAGES) {
        admin_words(f, "", l->words, l->word_count);
    } else if (type == MLA_IMAP_EV_COMPARATORS) {
        fputc(' ', f);
        admin_str(f, c->active);
        admin_words(f, "", c->words, c->word_count);
    } else {
        fputc(' ', f);
        admin_str(f, j->url);
    }
}

/* What stands in the record of an event of this family. */
static inline void admin_tell(FILE *f, int32_t type, const void *record)
{
    const mla_imap_quota_root *q = record;
    const mla_imap_metadata *m = record;

    switch (type) {
    case MLA_IMAP_EV_ACL:
    case MLA_IMAP_EV_MYRIGHTS:
    case MLA_IMAP_EV_LISTRIGHTS:
        admin_rights(f, type, record);
        break;
    case MLA_IMAP_EV_QUOTA:
        admin_quota(f, record);
        break;
    case MLA_IMAP_EV_QUOTAROOT:
        admin_name(f, q->name, q->raw_name);
        admin_words(f, "", q->roots, q->root_count);
        break;
    case MLA_IMAP_EV_METADATA:
        admin_name(f, m->name, m->raw_name);
        fputs(m->is_news ? " news" : "", f);
        admin_words(f, "", m->entries, m->entry_count);
        break;
    default:
        admin_server(f, type, record);
        break;
    }
}

#endif
