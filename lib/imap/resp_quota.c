/* resp_quota.c - QUOTA and QUOTAROOT (RFC 9208 section 4.2, RFC 2087). */
#include "imap/resp_read.h"

static uint32_t kind_of(mla_str name)
{
    static const struct {
        const char *name;
        uint32_t kind;
    } rows[] = {
        {"STORAGE", MLA_IMAP_QUOTA_STORAGE},
        {"MESSAGE", MLA_IMAP_QUOTA_MESSAGE},
        {"MAILBOX", MLA_IMAP_QUOTA_MAILBOX},
        {"ANNOTATION-STORAGE", MLA_IMAP_QUOTA_ANNOTATION_STORAGE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(name.ptr, name.len, rows[i].name))
            return rows[i].kind;
    return MLA_IMAP_QUOTA_OTHER;
}

/* RFC 9208 section 7: usage and limit have 63 bits. Negative ones, by which some servers mean that
 * there is no limit, are of no use; 0 would be wrong. */
static int read_count(struct ilex *l, uint64_t *out)
{
    const uint8_t *from = l->p;
    int rc;

    if (*l->p == '-') {
        rc = ilex_skip(l);
        return rc != 0 ? rc : ILEX_RANGE;
    }
    rc = ilex_size(l, out);
    if (rc == ILEX_BAD) {
        l->p = from;
        return *l->p != ')' && ilex_skip(l) == 0 ? ILEX_RANGE : ILEX_BAD;
    }
    return rc;
}

/* One resource: 0, ILEX_RANGE when it was read and is of no use, or another error. */
static int read_resource(struct ilex *l, mla_imap_quota_resource *r)
{
    int rc = ilex_astring(l, &r->name);
    int limit_rc;

    if (rc != 0)
        return rc;
    ilex_spaces(l);
    rc = read_count(l, &r->usage);
    if (rc != 0 && rc != ILEX_RANGE)
        return rc;
    ilex_spaces(l);
    limit_rc = read_count(l, &r->limit);
    r->kind = kind_of(r->name);
    return limit_rc != 0 ? limit_rc : rc;
}

static int read_resources(struct ilex *l, mla_imap_quota *q)
{
    const mla_imap_quota_resource **at = &q->resources;

    if (!ilex_take(l, '('))
        return ilex_at_end(l) || ilex_take_nil(l) ? 0 : ILEX_BAD;
    for (;;) {
        const uint8_t *from;
        mla_imap_quota_resource *r;
        int rc;

        ilex_spaces(l); /* several servers: blanks at the end of the list */
        if (ilex_take(l, ')'))
            return 0;
        from = l->p;
        r = ilex_alloc(l, sizeof *r);
        if (r == NULL)
            return ilex_no_memory(l);
        r->struct_size = sizeof *r;
        rc = read_resource(l, r);
        if (rc == 0) {
            *at = r;
            at = &r->next;
        } else if (rc == ILEX_RANGE) {
            ilex_warn(l, MLA_IMAP_WARN_RANGE, from);
        } else if (rc == ILEX_BAD) {
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
            return 0;
        } else {
            return rc;
        }
    }
}

int imap_read_quota(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_quota *q = ilex_alloc(l, sizeof *q);
    int rc = 0;

    (void)arg;
    if (q == NULL)
        return ilex_no_memory(l);
    q->struct_size = sizeof *q;
    if (*l->p != '(') /* several servers leave out a root whose name is empty */
        rc = ilex_astring(l, &q->root);
    ilex_spaces(l);
    if (rc == 0)
        rc = read_resources(l, q);
    if (rc != 0)
        return rc;
    ev->record = q;
    ev->type = MLA_IMAP_EV_QUOTA;
    return 0;
}

int imap_read_quota_root(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_quota_root *q = ilex_alloc(l, sizeof *q);
    struct ilex_words w;
    size_t count;
    int rc;

    (void)arg;
    if (q == NULL)
        return ilex_no_memory(l);
    q->struct_size = sizeof *q;
    ilex_words_init(&w);
    rc = imap_read_box(l, &q->raw_name, &q->name);
    while (rc == 0 && !ilex_at_end(l)) {
        mla_str s;

        rc = ilex_astring(l, &s);
        if (rc == 0)
            rc = ilex_words_add(l, &w, s);
        ilex_spaces(l);
    }
    if (rc == 0)
        rc = ilex_words_done(l, &w, &q->roots, &count);
    if (rc != 0)
        return rc;
    q->root_count = (uint32_t)count;
    ev->record = q;
    ev->type = MLA_IMAP_EV_QUOTAROOT;
    return 0;
}
