/* resp.c - what a response is, and which reader it goes to. */
#include "imap/resp_read.h"

enum { RAW_IN_WARNING = 1024, WARNING_ROOM = 64 };

/* RFC 9051 section 7.1; 0 for any other word. */
static uint32_t status_of(const uint8_t *p, size_t n)
{
    switch (n) {
    case 2:
        return ilex_word_is(p, "OK", 2) ? MLA_IMAP_OK : ilex_word_is(p, "NO", 2) ? MLA_IMAP_NO : 0;
    case 3:
        return ilex_word_is(p, "BAD", 3)   ? MLA_IMAP_BAD
               : ilex_word_is(p, "BYE", 3) ? MLA_IMAP_BYE
                                           : 0;
    case 7:
        return ilex_word_is(p, "PREAUTH", 7) ? MLA_IMAP_PREAUTH : 0;
    default:
        return 0;
    }
}

static int read_text_event(struct ilex *l, uint32_t status, struct mla_imap_event *ev)
{
    mla_imap_text *t = ilex_alloc(l, sizeof *t);
    int rc;

    if (t == NULL)
        return ilex_no_memory(l);
    t->struct_size = sizeof *t;
    t->status = status;
    t->is_tls = l->opts->tls != 0;
    rc = imap_read_text(l, &t->code, &t->text);
    if (rc != 0)
        return rc;
    ev->text = t;
    ev->type = MLA_IMAP_EV_TEXT;
    return 0;
}

static int read_done_event(struct ilex *l, uint32_t status, struct mla_imap_event *ev)
{
    mla_imap_done *d = ilex_alloc(l, sizeof *d);
    int rc;

    if (d == NULL)
        return ilex_no_memory(l);
    d->struct_size = sizeof *d;
    d->status = status;
    d->is_tls = l->opts->tls != 0;
    rc = imap_read_text(l, &d->code, &d->text);
    if (rc != 0)
        return rc;
    ev->done = d;
    ev->type = MLA_IMAP_EV_DONE;
    return 0;
}

/* The word at l, which is taken: letters up to a blank, a bracket or the end. */
static size_t take_word(struct ilex *l, const uint8_t **out)
{
    *out = l->p;
    while (ilex_is(*l->p, ILEX_NAME))
        l->p++;
    return (size_t)(l->p - *out);
}

/* A line without IMAP's syntax: Exchange says "Server Unavailable." */
static int read_stray_line(struct ilex *l, const uint8_t *from, struct mla_imap_event *ev)
{
    mla_imap_text *t = ilex_alloc(l, sizeof *t);

    if (t == NULL)
        return ilex_no_memory(l);
    t->struct_size = sizeof *t;
    t->status = MLA_IMAP_BAD;
    t->is_tls = l->opts->tls != 0;
    t->text = ilex_slice(from, l->end);
    l->p = l->end;
    l->out->kind = IMAP_RESP_UNTAGGED;
    ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
    ev->text = t;
    ev->type = MLA_IMAP_EV_TEXT;
    return 0;
}

static int read_tagged(struct ilex *l, struct mla_imap_event *ev)
{
    const uint8_t *from = l->p;
    const uint8_t *word;
    uint32_t status = 0;
    mla_str tag;

    if (ilex_atom(l, &tag) && *l->p == ' ') {
        size_t n;

        ilex_spaces(l);
        n = take_word(l, &word);
        status = status_of(word, n);
    }
    if (status == 0 || status == MLA_IMAP_BYE || status == MLA_IMAP_PREAUTH)
        return read_stray_line(l, from, ev);
    l->out->kind = IMAP_RESP_TAGGED;
    l->out->tag = tag;
    return read_done_event(l, status, ev);
}

/* RFC 9051 section 9, continue-req: some servers leave out the SP. */
static int read_continue(struct ilex *l)
{
    l->p++;
    ilex_take(l, ' ');
    l->out->kind = IMAP_RESP_CONTINUE;
    l->out->text = ilex_slice(l->p, l->end);
    return 0;
}

/* "* 12 EXISTS" and so on. */
static int read_numbered(struct ilex *l, struct mla_imap_event *ev)
{
    const uint8_t *word;
    const uint8_t *from = l->p;
    uint64_t number = 0;
    int rc = ilex_number(l, UINT32_MAX, &number);
    size_t n;

    if (rc == 0 && number != 0 && l->end - l->p > 8 && memcmp(l->p, " FETCH (", 8) == 0) {
        l->p += 7;
        return imap_read_fetch(l, (uint32_t)number, ev);
    }
    ilex_spaces(l);
    n = take_word(l, &word);
    if (n == 5 && ilex_word_is(word, "FETCH", 5)) {
        if (rc == 0 && number != 0)
            return imap_read_fetch(l, (uint32_t)number, ev);
        return ILEX_RANGE; /* Courier: 0 */
    }
    if (n == 8 && ilex_word_is(word, "UIDFETCH", 8))
        return rc == 0 && number != 0 ? imap_read_uidfetch(l, (uint32_t)number, ev) : ILEX_RANGE;
    if (n == 6 && ilex_word_is(word, "EXISTS", 6))
        ev->type = MLA_IMAP_EV_EXISTS;
    else if (n == 6 && ilex_word_is(word, "RECENT", 6))
        ev->type = MLA_IMAP_EV_RECENT;
    else if (n == 7 && ilex_word_is(word, "EXPUNGE", 7))
        ev->type = MLA_IMAP_EV_EXPUNGE;
    else
        return imap_read_other(l, from, ev);
    if (ev->type == MLA_IMAP_EV_EXPUNGE && number == 0)
        rc = ILEX_RANGE;
    ev->number = (uint32_t)number;
    return rc;
}

static int read_word_event(struct ilex *l, int type, struct mla_imap_event *ev)
{
    int rc = imap_read_words(l, -1, l->opts->words_max, &ev->words, &ev->word_count);

    if (rc != 0)
        return rc;
    ev->type = type;
    if (type == MLA_IMAP_EV_CAPABILITY) {
        l->out->capabilities = ev->words;
        l->out->capability_count = ev->word_count;
    }
    return 0;
}

static int read_flags(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    (void)arg;
    return imap_read_flags(l, ev);
}

static int read_status(struct ilex *l, int arg, struct mla_imap_event *ev)
{
    (void)arg;
    return imap_read_status(l, ev);
}

/* Untagged data by the word that it begins with; adding a kind is adding a row. */
static const struct {
    const char *word;
    int (*read)(struct ilex *l, int arg, struct mla_imap_event *ev);
    int arg;
} named[] = {
    {"LIST", imap_read_list, IMAP_LIST_LIST},
    {"SEARCH", imap_read_numbers, IMAP_LINE_SEARCH},
    {"ESEARCH", imap_read_numbers, IMAP_LINE_ESEARCH},
    {"STATUS", read_status, 0},
    {"FLAGS", read_flags, 0},
    {"CAPABILITY", read_word_event, MLA_IMAP_EV_CAPABILITY},
    {"ENABLED", read_word_event, MLA_IMAP_EV_ENABLED},
    {"LSUB", imap_read_list, IMAP_LIST_LSUB},
    {"XLIST", imap_read_list, IMAP_LIST_XLIST},
    {"SORT", imap_read_numbers, IMAP_LINE_SORT},
    {"THREAD", imap_read_numbers, IMAP_LINE_THREAD},
    {"UIDBATCHES", imap_read_numbers, IMAP_LINE_UIDBATCHES},
    {"VANISHED", imap_read_numbers, IMAP_LINE_VANISHED},
    {"ID", imap_read_id, 0},
    {"NAMESPACE", imap_read_namespace, 0},
    {"ACL", imap_read_acl, 0},
    {"MYRIGHTS", imap_read_my_rights, 0},
    {"LISTRIGHTS", imap_read_list_rights, 0},
    {"QUOTA", imap_read_quota, 0},
    {"QUOTAROOT", imap_read_quota_root, 0},
    {"METADATA", imap_read_metadata, 0},
    {"LANGUAGE", imap_read_language, 0},
    {"COMPARATOR", imap_read_comparator, 0},
    {"JMAPACCESS", imap_read_jmap_access, 0},
    {"GENURLAUTH", imap_read_urls, MLA_IMAP_EV_URLAUTH},
    {"URLFETCH", imap_read_urls, MLA_IMAP_EV_URLFETCH},
};

static int read_named(struct ilex *l, struct mla_imap_event *ev)
{
    const uint8_t *w;
    size_t n = take_word(l, &w);
    uint32_t status = status_of(w, n);

    if (status != 0)
        return read_text_event(l, status, ev);
    ilex_spaces(l);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (ascii_equal_word(w, n, named[i].word))
            return named[i].read(l, named[i].arg, ev);
    return imap_read_other(l, w, ev);
}

/* The first octet decides. */
static int read_response(struct ilex *l, struct mla_imap_event *ev)
{
    if (l->p[0] == '*' && l->p[1] == ' ' && ilex_is(l->p[2], ILEX_DIGIT)) { /* most of them */
        l->p += 2;
        return read_numbered(l, ev);
    }
    while (*l->p == 0 && l->p < l->end) /* several servers: NUL octets in front */
        l->p++;
    if (ilex_at_end(l)) /* Exchange: blank lines */
        return 0;
    if (*l->p == '+')
        return read_continue(l);
    if (*l->p == '[') /* Office365: a response code without "* OK" */
        return read_text_event(l, MLA_IMAP_OK, ev);
    if (*l->p != '*')
        return read_tagged(l, ev);
    l->p++;
    ilex_spaces(l);
    if (ilex_is(*l->p, ILEX_DIGIT))
        return read_numbered(l, ev);
    if (*l->p == '-' && ilex_is(l->p[1], ILEX_DIGIT)) /* Zoho */
        return ILEX_RANGE;
    if (*l->p == '[') /* home.pl: "* [COPYUID ...]" */
        return read_text_event(l, MLA_IMAP_OK, ev);
    return ilex_is(*l->p, ILEX_NAME) ? read_named(l, ev) : ILEX_BAD;
}

/* Nothing of the response could be read. */
static int make_warning(struct mla_imap_event *ev, uint32_t id)
{
    mla_imap_warning *w;

    imap_event_clear(ev);
    w = arena_alloc(&ev->arena, sizeof *w);
    if (w == NULL)
        return MLA_E_NOMEM;
    w->struct_size = sizeof *w;
    w->id = id;
    w->raw.ptr = (const char *)ev->raw.ptr;
    w->raw.len = ev->raw.len;
    while (w->raw.len > 0 && ascii_is_space(w->raw.ptr[w->raw.len - 1]))
        w->raw.len--;
    if (w->raw.len > RAW_IN_WARNING)
        w->raw.len = RAW_IN_WARNING;
    w->offset = ev->raw.offset;
    ev->warning = w;
    ev->type = MLA_IMAP_EV_WARNING;
    return 0;
}

int imap_resp_parse(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                    struct mla_imap_event *ev, struct imap_resp *out)
{
    /* room for a warning stays when the rest is full; the arena cannot be reset, for raw may be in
     * it */
    size_t room = ev->arena.max - ev->arena.used < WARNING_ROOM ? 0 : WARNING_ROOM;
    struct ilex l;
    int rc;

    zero_record(out, sizeof *out);
    out->kind = IMAP_RESP_UNTAGGED;
    if (ev->type != 0)
        imap_event_clear(ev);
    ev->raw = *raw;
    ev->arena.max -= room;
    rc = ilex_init(&l, raw, opts, &ev->arena, out);
    if (rc == 0)
        rc = read_response(&l, ev);
    ev->arena.max += room;
    if (rc == 0 || rc == MLA_E_NOMEM)
        return rc;
    zero_record(out, sizeof *out);
    out->kind = IMAP_RESP_UNTAGGED;
    return make_warning(ev, ilex_warning_of(rc));
}
