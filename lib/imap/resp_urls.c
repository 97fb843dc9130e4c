/* resp_urls.c - GENURLAUTH and URLFETCH answers (RFC 4467 section 9, RFC 5524 section 5). */
#include "imap/resp_read.h"
#include "mailaccess/imap_urlauth_types.h"

static int read_data(struct ilex *l, mla_str *out)
{
    int cut;

    return *l->p == '~' ? ilex_literal(l, out, &cut) : ilex_nstring(l, out);
}

/* "(BINARY data)", "(BODY data)", "(BODYPARTSTRUCTURE (...))"; l stands behind the "(". */
static int read_item(struct ilex *l, mla_imap_url *u)
{
    mla_str name;
    int rc;

    ilex_spaces(l);
    if (!ilex_atom(l, &name))
        return ILEX_BAD;
    ilex_spaces(l);
    if (ascii_equal_word(name.ptr, name.len, "BODYPARTSTRUCTURE")) {
        rc = imap_read_body(l, &u->structure);
    } else if (ascii_equal_word(name.ptr, name.len, "BINARY") ||
               ascii_equal_word(name.ptr, name.len, "BODY")) {
        u->is_binary = name.len == 6;
        rc = read_data(l, &u->data);
    } else {
        return ilex_skip_rest(l);
    }
    ilex_spaces(l);
    return rc != 0 ? rc : ilex_take(l, ')') ? 0 : ILEX_BAD;
}

static int read_url(struct ilex *l, int is_fetch, mla_imap_url *u)
{
    int rc = ilex_astring(l, &u->url);

    ilex_spaces(l);
    if (rc != 0 || !is_fetch || ilex_at_end(l))
        return rc;
    if (*l->p != '(')
        return read_data(l, &u->data);
    while (rc == 0 && ilex_take(l, '(')) {
        rc = read_item(l, u);
        ilex_spaces(l);
    }
    return rc;
}

int imap_read_urls(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    mla_imap_urls *urls = ilex_alloc(l, sizeof *urls);
    const mla_imap_url **next;

    if (urls == NULL)
        return ilex_no_memory(l);
    urls->struct_size = sizeof *urls;
    next = &urls->urls;
    while (!ilex_at_end(l)) {
        mla_imap_url *u = ilex_alloc(l, sizeof *u);
        int rc;

        if (u == NULL)
            return ilex_no_memory(l);
        u->struct_size = sizeof *u;
        rc = read_url(l, arg == MLA_IMAP_EV_URLFETCH, u);
        if (rc != 0)
            return rc;
        *next = u;
        next = (const mla_imap_url **)&u->next;
        ilex_spaces(l);
    }
    ev->record = urls;
    ev->type = arg;
    return 0;
}
