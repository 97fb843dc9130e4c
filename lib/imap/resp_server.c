/* resp_server.c - what the server says about itself: ID, NAMESPACE, LANGUAGE, COMPARATOR,
 * JMAPACCESS. */
#include "imap/mbname.h"
#include "imap/resp_read.h"

/* --- ID, RFC 2971 section 3.2 --- */

int imap_read_id(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_identity *r = ilex_alloc(l, sizeof *r);
    struct ilex_words w;
    int rc = 0;

    (void)arg;
    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    ilex_words_init(&w);
    if (ilex_at_end(l) || ilex_take_nil(l))
        r->is_nil = 1;
    else if (!ilex_take(l, '('))
        return ILEX_BAD;
    while (rc == 0 && !r->is_nil) {
        mla_str s;

        ilex_spaces(l); /* several servers: a blank in front of ")" */
        if (ilex_take(l, ')'))
            break;
        rc = ilex_nstring(l, &s);
        if (rc == 0)
            rc = ilex_words_add(l, &w, s);
    }
    if (rc == 0)
        rc = ilex_words_done(l, &w, &r->fields, &r->field_count);
    if (rc != 0)
        return rc;
    if (r->field_count % 2 != 0) { /* a name without a value */
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->p);
        r->field_count--;
    }
    ev->record = r;
    ev->type = MLA_IMAP_EV_IDENTITY;
    return 0;
}

/* --- NAMESPACE, RFC 2342 section 6 --- */

/* Namespace-Response-Extensions: string SP "(" string *(SP string) ")". */
static int read_extensions(struct ilex *l, mla_imap_namespace_entry *n)
{
    struct ilex_words w;

    ilex_words_init(&w);
    for (;;) {
        mla_str name;
        mla_str value;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return ilex_words_done(l, &w, &n->extensions, &n->extension_count);
        rc = ilex_astring(l, &name);
        if (rc != 0)
            return rc;
        ilex_spaces(l);
        if (!ilex_take(l, '('))
            return ILEX_BAD;
        for (;;) {
            ilex_spaces(l);
            if (ilex_take(l, ')'))
                break;
            rc = ilex_nstring(l, &value);
            if (rc == 0)
                rc = ilex_words_add(l, &w, name);
            if (rc == 0)
                rc = ilex_words_add(l, &w, value);
            if (rc != 0)
                return rc;
        }
    }
}

/* Behind "(" of one description. */
static int read_description(struct ilex *l, mla_imap_namespace_entry *n)
{
    int rc;

    ilex_spaces(l);
    rc = ilex_nstring(l, &n->raw_prefix);
    ilex_spaces(l);
    if (rc == 0 && *l->p != ')') /* several servers leave out the delimiter */
        rc = imap_read_delimiter(l, &n->delimiter);
    if (rc != 0)
        return rc;
    if (mbname_decode(l->arena, n->raw_prefix, l->opts->utf8, &n->prefix) < 0)
        return ilex_no_memory(l);
    return read_extensions(l, n);
}

static int read_namespace(struct ilex *l, const mla_imap_namespace_entry **out)
{
    ilex_spaces(l);
    if (ilex_at_end(l) || ilex_take_nil(l))
        return 0;
    if (!ilex_take(l, '('))
        return ILEX_BAD;
    for (;;) {
        const uint8_t *from;
        mla_imap_namespace_entry *n;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        from = l->p;
        if (!ilex_take(l, '('))
            return ILEX_BAD;
        n = ilex_alloc(l, sizeof *n);
        if (n == NULL)
            return ilex_no_memory(l);
        n->struct_size = sizeof *n;
        rc = read_description(l, n);
        if (rc == ILEX_BAD) { /* it costs this one alone */
            l->p = from;
            rc = ilex_skip(l);
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
            if (rc != 0)
                return rc;
            continue;
        }
        if (rc != 0)
            return rc;
        *out = n;
        out = &n->next;
    }
}

int imap_read_namespace(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_namespaces *r = ilex_alloc(l, sizeof *r);
    int rc;

    (void)arg;
    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    rc = read_namespace(l, &r->personal);
    if (rc == 0)
        rc = read_namespace(l, &r->other);
    if (rc == 0)
        rc = read_namespace(l, &r->shared);
    if (rc != 0)
        return rc;
    ev->record = r;
    ev->type = MLA_IMAP_EV_NAMESPACES;
    return 0;
}

/* --- LANGUAGE and COMPARATOR, RFC 5255 sections 3.3, 4.8 --- */

static int read_list(struct ilex *l, const mla_str **out, uint32_t *out_count)
{
    struct ilex_words w;
    size_t count;
    int rc;

    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    if (rc == 0)
        rc = ilex_words_done(l, &w, out, &count);
    if (rc == 0)
        *out_count = (uint32_t)count;
    return rc;
}

int imap_read_language(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_languages *r = ilex_alloc(l, sizeof *r);
    int rc;

    (void)arg;
    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    rc = read_list(l, &r->words, &r->word_count);
    if (rc != 0)
        return rc;
    ev->record = r;
    ev->type = MLA_IMAP_EV_LANGUAGES;
    return 0;
}

int imap_read_comparator(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_comparators *r = ilex_alloc(l, sizeof *r);
    int rc;

    (void)arg;
    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    rc = ilex_astring(l, &r->active);
    ilex_spaces(l);
    if (rc == 0 && !ilex_at_end(l))
        rc = read_list(l, &r->words, &r->word_count);
    if (rc != 0)
        return rc;
    ev->record = r;
    ev->type = MLA_IMAP_EV_COMPARATORS;
    return 0;
}

/* --- JMAPACCESS, RFC 9698 section 3 --- */

int imap_read_jmap_access(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_jmap_access *r = ilex_alloc(l, sizeof *r);
    int rc;

    (void)arg;
    if (r == NULL)
        return ilex_no_memory(l);
    r->struct_size = sizeof *r;
    rc = ilex_astring(l, &r->url);
    if (rc != 0)
        return rc;
    ev->record = r;
    ev->type = MLA_IMAP_EV_JMAPACCESS;
    return 0;
}
