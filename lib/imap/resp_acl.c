/* resp_acl.c - ACL, LISTRIGHTS and MYRIGHTS (RFC 4314 section 3.6 to 3.8). */
#include "imap/rights.h"

#include "imap/resp_read.h"

uint32_t imap_rights_of(const char *letters, size_t len)
{
    static const char known[] = "lrswipkxtean";
    const uint32_t successors = MLA_IMAP_RIGHT_CREATE | MLA_IMAP_RIGHT_DELETE_MAILBOX |
                                MLA_IMAP_RIGHT_DELETE | MLA_IMAP_RIGHT_EXPUNGE;
    uint32_t rights = 0;
    int c = 0;
    int d = 0;

    for (size_t i = 0; i < len; i++) {
        const char *at = letters[i] != '\0' ? strchr(known, ascii_lower(letters[i])) : NULL;

        if (at != NULL)
            rights |= 1U << (at - known);
        else if (letters[i] == 'c')
            c = 1;
        else if (letters[i] == 'd')
            d = 1;
        else
            rights |= MLA_IMAP_RIGHT_OTHER;
    }
    /* RFC 4314 section 2.1.1: servers of RFC 2086 have no others; newer ones repeat them */
    if ((rights & successors) == 0) {
        rights |= c ? MLA_IMAP_RIGHT_CREATE | MLA_IMAP_RIGHT_DELETE_MAILBOX : 0;
        rights |= d ? MLA_IMAP_RIGHT_DELETE | MLA_IMAP_RIGHT_EXPUNGE : 0;
    }
    return rights;
}

/* Strings up to the end of the line. */
static int read_strings(struct ilex *l, const mla_str **out, size_t *out_count)
{
    struct ilex_words w;

    ilex_words_init(&w);
    for (;;) {
        mla_str s;
        int rc;

        ilex_spaces(l);
        if (ilex_at_end(l))
            break;
        rc = ilex_astring(l, &s);
        if (rc == 0)
            rc = ilex_words_add(l, &w, s);
        if (rc != 0)
            return rc;
    }
    return ilex_words_done(l, &w, out, out_count);
}

int imap_read_acl(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_acl *a = ilex_alloc(l, sizeof *a);
    int rc;

    (void)arg;
    if (a == NULL)
        return ilex_no_memory(l);
    a->struct_size = sizeof *a;
    rc = imap_read_box(l, &a->raw_name, &a->name);
    if (rc == 0)
        rc = read_strings(l, &a->entries, &a->entry_count);
    if (rc != 0)
        return rc;
    if (a->entry_count % 2 != 0) { /* an identifier without rights */
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->p);
        a->entry_count--;
    }
    ev->record = a;
    ev->type = MLA_IMAP_EV_ACL;
    return 0;
}

int imap_read_list_rights(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_list_rights *a = ilex_alloc(l, sizeof *a);
    int rc;

    (void)arg;
    if (a == NULL)
        return ilex_no_memory(l);
    a->struct_size = sizeof *a;
    rc = imap_read_box(l, &a->raw_name, &a->name);
    if (rc == 0)
        rc = ilex_astring(l, &a->identifier);
    ilex_spaces(l);
    if (rc == 0 && !ilex_at_end(l))
        rc = ilex_astring(l, &a->required);
    if (rc == 0)
        rc = read_strings(l, &a->options, &a->option_count);
    if (rc != 0)
        return rc;
    ev->record = a;
    ev->type = MLA_IMAP_EV_LISTRIGHTS;
    return 0;
}

int imap_read_my_rights(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_my_rights *a = ilex_alloc(l, sizeof *a);
    int rc;

    (void)arg;
    if (a == NULL)
        return ilex_no_memory(l);
    a->struct_size = sizeof *a;
    rc = imap_read_box(l, &a->raw_name, &a->name);
    if (rc == 0)
        rc = ilex_astring(l, &a->letters);
    if (rc != 0)
        return rc;
    a->rights = imap_rights_of(a->letters.ptr, a->letters.len);
    ev->record = a;
    ev->type = MLA_IMAP_EV_MYRIGHTS;
    return 0;
}
