/* resp_fetch_section.c - sections of a message in a FETCH answer: BODY[...], BINARY[...], RFC822
 * and its kin (RFC 9051 section 7.5.2). */
#include "imap/resp_fetch.h"

/* Writes the words of a section's name without quotes and literal headers, which some servers put
 * around names of header fields. */
static int plain_name(struct ilex *l, mla_str *name, const uint8_t *to)
{
    char *copy = ilex_alloc(l, name->len);
    size_t n = 0;

    if (copy == NULL)
        return ilex_no_memory(l);
    while (l->p < to) {
        mla_str s;
        int rc;

        if (*l->p != '"' && *l->p != '{') {
            copy[n++] = (char)*l->p++;
            continue;
        }
        rc = ilex_string(l, &s);
        if (rc != 0)
            return rc;
        if (s.len != 0)
            memcpy(copy + n, s.ptr, s.len);
        n += s.len;
    }
    name->ptr = copy;
    name->len = n;
    return 0;
}

/* RFC 9051 section 9, section. */
int imap_read_section_name(struct ilex *l, mla_str *out)
{
    const uint8_t *from = ++l->p;
    int strings = 0;
    const uint8_t *to;
    size_t cut = l->cut;

    while (*l->p != ']') {
        if (*l->p == '"' || *l->p == '{') {
            int rc = ilex_skip(l);

            if (rc != 0)
                return rc;
            strings = 1;
        } else if (ilex_at_end(l)) {
            return ILEX_BAD;
        } else {
            l->p++;
        }
    }
    to = l->p;
    *out = ilex_slice(from, to);
    if (strings) {
        int rc;

        l->p = from;
        l->cut = cut;
        rc = plain_name(l, out, to);
        if (rc != 0)
            return rc;
    }
    l->p = to + 1;
    return 0;
}

/* "<0>" behind a section: the piece begins there. Some servers send "<0.1024>" as it was asked. */
static int read_origin(struct ilex *l, mla_imap_section *s)
{
    uint64_t ignored;
    int rc;

    if (!ilex_take(l, '<'))
        return 0;
    rc = ilex_number(l, INT64_MAX, &s->origin);
    if (rc == 0 && ilex_take(l, '.'))
        rc = ilex_number(l, INT64_MAX, &ignored);
    if (rc == 0 && !ilex_take(l, '>'))
        rc = ILEX_BAD;
    s->has_origin = 1;
    return rc;
}

/* What the section's data is. Yandex and iCloud leave the value out: then a word or ")" follows. */
static int read_section_value(struct ilex *l, mla_imap_section *s)
{
    int cut = 0;
    int rc;

    ilex_spaces(l);
    if (*l->p == '"') {
        rc = ilex_string(l, &s->data);
    } else if (*l->p == '{' || (*l->p == '~' && l->p[1] == '{')) {
        rc = ilex_literal(l, &s->data, &cut);
    } else if (ilex_take_nil(l) || *l->p == ')' || ilex_is(*l->p, ILEX_NAME)) {
        s->is_nil = 1;
        return 0;
    } else {
        return ILEX_BAD;
    }
    s->streamed = (uint32_t)cut;
    s->size = cut ? l->opts->cuts[l->cut - 1].size : s->data.len;
    return rc;
}

int fetch_read_section(struct ilex *l, struct fetch *x, uint32_t kind, const char *name)
{
    struct fetch_section *n = ilex_alloc(l, sizeof *n);
    mla_imap_section *s;
    int rc = 0;

    if (n == NULL)
        return ilex_no_memory(l);
    s = &n->pub;
    s->struct_size = sizeof *s;
    s->kind = kind;
    s->seq = x->f->seq;
    s->name.ptr = name;
    s->name.len = strlen(name);
    if (kind != MLA_IMAP_SECTION_RFC822)
        rc = imap_read_section_name(l, &s->name);
    if (rc == 0)
        rc = read_origin(l, s);
    if (rc == 0)
        rc = read_section_value(l, s);
    if (rc != 0)
        return rc;
    if (x->last != NULL) {
        x->last->next = n;
        x->last->pub.next = s;
    } else {
        x->first = n;
        x->f->sections = s;
    }
    x->last = n;
    x->f->section_count++;
    x->f->fields |= MLA_IMAP_ITEM_SECTIONS;
    return 0;
}

/* --- up to a literal --- */

/* 1 when l stands at a literal header that ends where the octets end. */
static int at_last_header(const struct ilex *l)
{
    const uint8_t *p = l->p + (*l->p == '~');

    if (*p != '{')
        return 0;
    for (p++; ilex_is(*p, ILEX_DIGIT) || *p == ' ' || *p == '\t';)
        p++;
    return *p == '}' && p + 1 == l->end;
}

/* "* 12 FETCH (", "* 12 UIDFETCH (" */
static int take_head(struct ilex *l, uint64_t *out_seq, uint64_t *out_uid)
{
    while (*l->p == 0 && l->p < l->end)
        l->p++;
    if (!ilex_take(l, '*'))
        return 0;
    ilex_spaces(l);
    if (ilex_number(l, UINT32_MAX, out_seq) != 0 || *out_seq == 0)
        return 0;
    ilex_spaces(l);
    *out_uid = 0;
    if (ascii_starts(l->p, (size_t)(l->end - l->p), "UID")) {
        *out_uid = *out_seq;
        *out_seq = 0;
        l->p += 3;
    }
    if (!ascii_starts(l->p, (size_t)(l->end - l->p), "FETCH"))
        return 0;
    l->p += 5;
    ilex_spaces(l);
    return ilex_take(l, '(');
}

/* Goes over one item. 1 when it is a section whose data begins where the octets end. */
static int head_item(struct ilex *l, mla_imap_section *s)
{
    const uint8_t *from = l->p;
    enum fetch_item item = fetch_take_item(l);
    uint64_t uid;

    s->name = ilex_slice(from, from);
    s->has_origin = 0;
    s->origin = 0;
    if (item == FETCH_UID) {
        ilex_spaces(l);
        if (ilex_number(l, UINT32_MAX, &uid) == 0)
            s->uid = (uint32_t)uid;
        return 0;
    }
    if (item == FETCH_RFC822 || item == FETCH_HEADER || item == FETCH_TEXT) {
        s->kind = MLA_IMAP_SECTION_RFC822;
        if (item != FETCH_RFC822)
            s->name = ilex_slice(from + 7, l->p);
    } else if ((item == FETCH_BODY || item == FETCH_BINARY) && *l->p == '[') {
        int rc = imap_read_section_name(l, &s->name);

        if (rc == 0)
            rc = read_origin(l, s);
        if (rc != 0)
            return rc;
        s->kind = item == FETCH_BODY ? MLA_IMAP_SECTION_BODY : MLA_IMAP_SECTION_BINARY;
    } else {
        l->p = from;
        return fetch_skip_item(l);
    }
    ilex_spaces(l);
    if (at_last_header(l))
        return 1;
    /* a value that was left out: a name follows, or the end */
    if (*l->p == ')' || (ilex_is(*l->p, ILEX_NAME) && !ilex_is_nil(l)))
        return 0;
    return ilex_skip(l);
}

int imap_resp_section_head(const struct imap_raw *raw, const struct imap_resp_opts *opts,
                           uint64_t literal_size, struct arena *arena,
                           mla_imap_section *out_section)
{
    struct imap_resp out;
    struct ilex l;
    uint64_t seq;
    uint64_t uid;
    int rc = 0;

    memset(&out, 0, sizeof out);
    memset(out_section, 0, sizeof *out_section);
    if (ilex_init(&l, raw, opts, arena, &out) != 0 || !take_head(&l, &seq, &uid))
        return 0;
    out_section->uid = (uint32_t)uid;
    while (rc == 0) {
        ilex_spaces(&l);
        if (ilex_at_end(&l) || *l.p == ')')
            return 0;
        rc = head_item(&l, out_section);
    }
    if (rc != 1)
        return rc == MLA_E_NOMEM ? rc : 0;
    out_section->struct_size = sizeof *out_section;
    out_section->seq = (uint32_t)seq;
    out_section->size = literal_size;
    out_section->streamed = 1;
    return 1;
}
