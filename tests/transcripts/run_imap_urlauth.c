/* run_imap_urlauth.c - IMAP for the runner: URLs that others may read.
 *
 *   genurlauth [mechanism=NAME] URL ... · resetkey [NAME [MECHANISM ...]]
 *   urlfetch [binary] [structure] [body] URL ... */
#include "run_imap.h"

enum { MAX_URLS = 16 };

static int urlfetch(mla_imap *s, const struct runner_word *words, size_t count,
                    uint64_t *out_ticket)
{
    mla_imap_urlfetch_args f = {.struct_size = sizeof f};
    mla_str urls[MAX_URLS];

    f.urls = urls;
    for (size_t i = 1; i < count && f.url_count < MAX_URLS; i++) {
        if (is(&words[i], "binary"))
            f.what |= MLA_IMAP_URLFETCH_BINARY;
        else if (is(&words[i], "structure"))
            f.what |= MLA_IMAP_URLFETCH_STRUCTURE;
        else if (is(&words[i], "body"))
            f.what |= MLA_IMAP_URLFETCH_BODY;
        else
            urls[f.url_count++] = str_of(&words[i]);
    }
    return mla_imap_urlfetch(s, &f, out_ticket);
}

static int command(struct runner *r, mla_imap *s, const struct runner_word *words, size_t count,
                   int *out_rc, uint64_t *out_ticket)
{
    mla_imap_genurlauth_args g = {.struct_size = sizeof g};
    mla_imap_resetkey_args k = {.struct_size = sizeof k};
    mla_str list[MAX_URLS];
    size_t n = 0;

    (void)r;
    for (size_t i = is(&words[0], "resetkey") ? 2 : 1; i < count && n < MAX_URLS; i++)
        list[n++] = str_of(&words[i]);
    if (is(&words[0], "genurlauth")) {
        const int named = n > 0 && strncmp(list[0].ptr, "mechanism=", 10) == 0;

        g.mechanism = named ? list[0].ptr + 10 : NULL;
        g.urls = list + named;
        g.url_count = n - (size_t)named;
        *out_rc = mla_imap_genurlauth(s, &g, out_ticket);
    } else if (is(&words[0], "resetkey")) {
        k.mailbox = count > 1 ? words[1].ptr : NULL;
        k.mechanisms = list;
        k.mechanism_count = n;
        *out_rc = mla_imap_resetkey(s, &k, out_ticket);
    } else if (is(&words[0], "urlfetch")) {
        *out_rc = urlfetch(s, words, count, out_ticket);
    } else {
        return 0;
    }
    return 1;
}

static int describe(struct runner *r, struct text *t, const mla_imap_event *ev)
{
    const mla_imap_urls *urls = mla_imap_event_urls(ev);

    if (urls == NULL)
        return 0;
    add(t, "%s %s", mla_imap_event_type(ev) == MLA_IMAP_EV_URLAUTH ? "URLAUTH" : "URLFETCH",
        runner_ticket(r, mla_imap_event_ticket(ev)));
    for (const mla_imap_url *u = urls->urls; u != NULL; u = u->next) {
        add_str(r, t, "", u->url);
        if (mla_imap_event_type(ev) == MLA_IMAP_EV_URLFETCH)
            add_str(r, t, u->is_binary ? "binary=" : "data=", u->data);
        if (u->structure != NULL)
            add(t, " body=%.*s/%.*s:%.*s:%llu", (int)u->structure->type.len, u->structure->type.ptr,
                (int)u->structure->subtype.len, u->structure->subtype.ptr,
                (int)u->structure->encoding.len, u->structure->encoding.ptr,
                (unsigned long long)u->structure->size);
    }
    return 1;
}

const struct run_imap_family run_imap_urlauth = {command, describe};
