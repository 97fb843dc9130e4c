/* resp_fetch.c - FETCH (RFC 9051 section 7.5.2): the items of one message. */
#include "imap/resp_fetch.h"

#include "imap/date.h"
#include "imap/strict.h"

static int read_uid(struct ilex *l, mla_imap_fetch *f)
{
    uint64_t v;
    int rc = ilex_number(l, UINT32_MAX, &v);

    if (rc == 0 && v == 0)
        rc = ILEX_RANGE;
    if (rc != 0)
        return rc;
    f->uid = (uint32_t)v;
    f->fields |= MLA_IMAP_ITEM_UID;
    return 0;
}

static int read_rfc822_size(struct ilex *l, mla_imap_fetch *f)
{
    int rc;

    if (*l->p == '-')
        return ILEX_RANGE;
    rc = ilex_size(l, &f->size);
    if (rc == 0)
        f->fields |= MLA_IMAP_ITEM_SIZE;
    return rc;
}

/* RFC 7162 section 3.1.4: in parentheses. Zoho sends -1, others no number at all. */
static int read_modseq(struct ilex *l, mla_imap_fetch *f)
{
    int parens = ilex_take(l, '(');
    uint64_t v;
    int rc = ilex_number(l, INT64_MAX, &v);

    if (rc == 0 && parens && !ilex_take(l, ')'))
        rc = ILEX_BAD;
    if (rc != 0)
        return *l->p == '-' ? ILEX_RANGE : rc;
    f->modseq = v;
    f->fields |= MLA_IMAP_ITEM_MODSEQ;
    return 0;
}

/* Lotus Domino sends "00-Jan-0000 ..." where there is no date; others NIL or "". */
static int read_internal_date(struct ilex *l, mla_imap_fetch *f)
{
    mla_str s;
    int rc = ilex_nstring(l, &s);

    if (rc != 0 || s.len == 0 || (s.len > 2 && memcmp(s.ptr, "00-", 3) == 0))
        return rc;
    if (!imap_date_parse(s.ptr, s.len, &f->internal_date, &f->internal_zone))
        return ILEX_RANGE;
    f->fields |= MLA_IMAP_ITEM_INTERNALDATE;
    return 0;
}

/* Is l where an item may end? */
static int is_between_items(const struct ilex *l)
{
    const uint8_t *p = l->p;

    while (*p == ' ')
        p++;
    return ascii_is_alpha(*p) || (*p == ')' && l->end - p <= 2) || p >= l->end;
}

static int read_envelope(struct ilex *l, mla_imap_fetch *f)
{
    const mla_imap_envelope *e;
    int rc = imap_read_envelope(l, &e);

    if (rc != 0 || e == NULL)
        return rc;
    if (!is_between_items(l))
        return ILEX_BAD;
    f->envelope = e;
    f->fields |= MLA_IMAP_ITEM_ENVELOPE;
    return 0;
}

/* Should both BODY and BODYSTRUCTURE come, the one that says more stays. */
static int read_body(struct ilex *l, mla_imap_fetch *f, uint32_t item)
{
    const mla_imap_body *b;
    int rc = imap_read_body(l, &b);

    if (rc != 0 || b == NULL)
        return rc;
    if (!is_between_items(l))
        return ILEX_BAD;
    if (f->body == NULL || item == MLA_IMAP_ITEM_BODYSTRUCTURE)
        f->body = b;
    f->fields |= item;
    return 0;
}

static int read_value(struct ilex *l, struct fetch *x, enum fetch_item item)
{
    ilex_spaces(l);
    switch (item) {
    case FETCH_UID:
        return read_uid(l, x->f);
    case FETCH_FLAGS:
        return fetch_read_flags(l, x);
    case FETCH_MODSEQ:
        return read_modseq(l, x->f);
    case FETCH_SIZE:
        return read_rfc822_size(l, x->f);
    case FETCH_DATE:
        return read_internal_date(l, x->f);
    case FETCH_ENVELOPE:
        return read_envelope(l, x->f);
    case FETCH_STRUCTURE:
        return read_body(l, x->f, MLA_IMAP_ITEM_BODYSTRUCTURE);
    default:
        return read_body(l, x->f, MLA_IMAP_ITEM_BODY);
    }
}

static int read_item(struct ilex *l, struct fetch *x)
{
    const uint8_t *from = l->p;
    enum fetch_item item = fetch_take_item(l);
    int rc;

    switch (item) {
    case FETCH_BODY:
        if (*l->p == '[')
            return fetch_read_section(l, x, MLA_IMAP_SECTION_BODY, "");
        break;
    case FETCH_BINARY:
        if (*l->p == '[')
            return fetch_read_section(l, x, MLA_IMAP_SECTION_BINARY, "");
        return ILEX_BAD;
    case FETCH_RFC822:
        return fetch_read_section(l, x, MLA_IMAP_SECTION_RFC822, "");
    case FETCH_HEADER:
        return fetch_read_section(l, x, MLA_IMAP_SECTION_RFC822, "HEADER");
    case FETCH_TEXT:
        return fetch_read_section(l, x, MLA_IMAP_SECTION_RFC822, "TEXT");
    case FETCH_UNKNOWN:
        l->p = from;
        rc = imap_read_fetch_more(l, x->f, &x->more);
        return rc > 0 ? 0 : rc == 0 ? fetch_skip_item(l) : rc;
    default:
        break;
    }
    return read_value(l, x, item);
}

/* An item that cannot be read costs itself alone. One that made no sense is read again, in case
 * quotes in it were not escaped. */
static int recover(struct ilex *l, struct fetch *x, const uint8_t *from, size_t cut, int why)
{
    const uint8_t *to = l->end;

    if (why == ILEX_BAD) {
        int rc;

        l->p = from;
        l->cut = cut;
        l->wary = 1;
        rc = read_item(l, x);
        l->wary = 0;
        if (rc == MLA_E_NOMEM || (rc == 0 && is_between_items(l)))
            return rc;
    }
    for (int wary = 0; wary < 2; wary++) {
        l->p = from;
        l->cut = cut;
        l->wary = wary;
        if (fetch_skip_item(l) != 0)
            continue;
        if (is_between_items(l)) {
            to = l->p;
            break;
        }
        if (to == l->end)
            to = l->p;
    }
    l->wary = 0;
    l->p = to;
    ilex_warn(l, ilex_warning_of(why), from);
    return 0;
}

/* --- the usual shape --- */

static inline const uint8_t *strict_uid(const struct ilex *l, const uint8_t *p, mla_imap_fetch *f)
{
    uint64_t v = 0;

    p = strict_number(l, p, &v);
    if (p == NULL || v == 0 || strict_space(p) == NULL)
        return NULL;
    f->uid = (uint32_t)v;
    f->fields |= MLA_IMAP_ITEM_UID;
    return strict_space(p);
}

static inline const uint8_t *strict_size(const struct ilex *l, const uint8_t *p, mla_imap_fetch *f)
{
    uint64_t v = 0;

    p = strict_number(l, p, &v);
    if (p == NULL || strict_space(p) == NULL)
        return NULL;
    f->size = v;
    f->fields |= MLA_IMAP_ITEM_SIZE;
    return strict_space(p);
}

static inline const uint8_t *strict_modseq(const struct ilex *l, const uint8_t *p,
                                           mla_imap_fetch *f)
{
    uint64_t v = 0;

    p = strict_number(l, p, &v);
    if (p == NULL || *p != ')' || strict_space(p + 1) == NULL)
        return NULL;
    f->modseq = v;
    f->fields |= MLA_IMAP_ITEM_MODSEQ;
    return strict_space(p + 1);
}

static inline const uint8_t *strict_date(const struct ilex *l, const uint8_t *p, mla_imap_fetch *f)
{
    const size_t n = IMAP_DATE_TIME_SIZE;

    if (p >= l->near || p[n] != '"' || strict_space(p + n + 1) == NULL ||
        !imap_date_parse(p, n, &f->internal_date, &f->internal_zone))
        return NULL;
    f->fields |= MLA_IMAP_ITEM_INTERNALDATE;
    return strict_space(p + n + 1);
}

static inline const uint8_t *strict_flags(const struct ilex *l, const uint8_t *p, mla_imap_fetch *f)
{
    if ((f->fields & MLA_IMAP_ITEM_FLAGS) != 0)
        return NULL;
    p = fetch_known_flags(l, p, f);
    if (p == NULL)
        return NULL;
    p = strict_space(p);
    if (p == NULL) /* they are read once more, and are not the second list then */
        f->fields &= ~(uint32_t)MLA_IMAP_ITEM_FLAGS;
    return p;
}

/* One item of those that stand in each list of messages, up to the next. The longer ones are left
 * to readers of their own. */
static inline const uint8_t *strict_item(const struct ilex *l, const uint8_t *p, mla_imap_fetch *f)
{
    if (ilex_stands_at(l, p, "UID "))
        return strict_uid(l, p + 4, f);
    if (ilex_stands_at(l, p, "FLAGS "))
        return strict_flags(l, p + 6, f);
    if (ilex_stands_at(l, p, "RFC822.SIZE "))
        return strict_size(l, p + 12, f);
    if (ilex_stands_at(l, p, "MODSEQ ("))
        return strict_modseq(l, p + 8, f);
    if (ilex_stands_at(l, p, "INTERNALDATE \""))
        return strict_date(l, p + 14, f);
    return NULL;
}

/* Goes on at l as far as all is as usual. */
static void strict_items(struct ilex *l, mla_imap_fetch *f)
{
    const uint8_t *p = l->p;

    while (p != NULL) {
        l->p = p;
        p = strict_item(l, p, f);
    }
}

/* --- all items --- */

/* Up to the ")" that ends the answer; is_bare: to the end of the line. */
static int read_items(struct ilex *l, struct fetch *x, int is_bare)
{
    for (;;) {
        const uint8_t *from;
        size_t cut = l->cut;
        int rc;

        if (!l->opts->tolerant)
            strict_items(l, x->f);
        ilex_spaces(l);
        from = l->p;
        if (ilex_take(l, ')')) {
            ilex_spaces(l);
            if (!ilex_at_end(l)) {
                l->p = l->end;
                ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
            }
            return 0;
        }
        if (ilex_at_end(l)) {
            if (!is_bare)
                ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->base);
            return 0;
        }
        rc = read_item(l, x);
        if (rc == MLA_E_NOMEM)
            return rc;
        if (rc != 0)
            rc = recover(l, x, from, cut, rc);
        if (rc != 0)
            return rc;
    }
}

static int read_answer(struct ilex *l, uint32_t seq, uint32_t uid, struct mla_imap_event *ev)
{
    struct fetch x = {.f = NULL};
    int is_bare;
    int rc;

    ilex_spaces(l);
    is_bare = !ilex_take(l, '(');
    if (is_bare && !ilex_stands_at(l, l->p, "FLAGS (")) /* GNU Mailutils tells of changes so */
        return ILEX_BAD;
    x.record = arena_raw(l->arena, sizeof *x.record);
    if (x.record == NULL)
        return ilex_no_memory(l);
    x.f = &x.record->pub;
    zero_record(x.f, sizeof *x.f); /* the words behind it have their count */
    x.f->struct_size = sizeof *x.f;
    x.f->seq = seq;
    if (uid != 0) {
        x.f->uid = uid;
        x.f->fields = MLA_IMAP_ITEM_UID;
    }
    rc = read_items(l, &x, is_bare);
    if (rc != 0)
        return rc;
    /* GNU Mailutils: a list with what it has changed behind that of all flags before. Neither is
     * what they are now. */
    if (x.flags_again)
        fetch_forget_flags(x.f);
    for (struct fetch_section *s = x.first; s != NULL; s = s->next)
        s->pub.uid = x.f->uid; /* which may have come behind the section */
    ev->fetch = x.f;
    ev->type = MLA_IMAP_EV_FETCH;
    return 0;
}

int imap_read_fetch(struct ilex *l, uint32_t seq, struct mla_imap_event *ev)
{
    return read_answer(l, seq, 0, ev);
}

int imap_resp_fetch(const uint8_t *p, size_t n, const struct imap_resp_opts *opts,
                    struct mla_imap_event *ev)
{
    const struct imap_raw raw = {p, n, 0};
    struct imap_resp out;
    struct ilex l;
    uint64_t seq = 0;

    if (n < 16 || p[0] != '*' || p[1] != ' ' || ilex_init(&l, &raw, opts, &ev->arena, &out) != 0)
        return 0;
    p = strict_number(&l, p + 2, &seq);
    if (p == NULL || seq == 0 || !ilex_stands_at(&l, p, " FETCH ("))
        return 0;
    out.warn.id = 0; /* the rest of it is not for FETCH */
    l.p = p + 7;
    return read_answer(&l, (uint32_t)seq, 0, ev) == 0 && out.warn.id == 0;
}

int imap_read_uidfetch(struct ilex *l, uint32_t uid, struct mla_imap_event *ev)
{
    return read_answer(l, 0, uid, ev);
}
