/* resp_metadata.c - METADATA (RFC 5464 section 4.4). */
#include "imap/resp_read.h"

/* entry-value: one that cannot be read costs itself alone, as long as its end can be found. */
static int read_pair(struct ilex *l, struct ilex_words *w)
{
    const uint8_t *from = l->p;
    mla_str name;
    mla_str value;
    int rc = ilex_astring(l, &name);

    if (rc != 0)
        return rc;
    ilex_spaces(l);
    if (*l->p == '(') { /* no value that the RFC knows */
        rc = ilex_skip(l);
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
        return rc;
    }
    rc = ilex_nstring(l, &value);
    if (rc == 0)
        rc = ilex_words_add(l, w, name);
    return rc == 0 ? ilex_words_add(l, w, value) : rc;
}

static int read_pairs(struct ilex *l, struct ilex_words *w)
{
    for (;;) {
        const uint8_t *from;
        int rc;

        ilex_spaces(l);
        if (ilex_take(l, ')'))
            return 0;
        from = l->p;
        rc = read_pair(l, w);
        if (rc == ILEX_BAD && w->count > 0) { /* what came before it counts */
            w->count -= w->count % 2;
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
            return 0;
        }
        if (rc != 0)
            return rc;
    }
}

static int read_names(struct ilex *l, struct ilex_words *w)
{
    while (!ilex_at_end(l)) {
        mla_str s;
        int rc = ilex_astring(l, &s);

        if (rc == 0)
            rc = ilex_words_add(l, w, s);
        if (rc != 0)
            return rc;
        ilex_spaces(l);
    }
    return 0;
}

int imap_read_metadata(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_metadata *m = ilex_alloc(l, sizeof *m);
    struct ilex_words w;
    int rc;

    (void)arg;
    if (m == NULL)
        return ilex_no_memory(l);
    m->struct_size = sizeof *m;
    ilex_words_init(&w);
    rc = imap_read_box(l, &m->raw_name, &m->name);
    if (rc != 0)
        return rc;
    m->is_news = *l->p != '(';
    if (ilex_take(l, '('))
        rc = read_pairs(l, &w);
    else
        rc = read_names(l, &w);
    if (rc == 0)
        rc = ilex_words_done(l, &w, &m->entries, &m->entry_count);
    if (rc != 0)
        return rc;
    ev->record = m;
    ev->type = MLA_IMAP_EV_METADATA;
    return 0;
}
