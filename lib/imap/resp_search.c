/* resp_search.c - lists of numbers: SEARCH, SORT, ESEARCH, UIDBATCHES, VANISHED.
 *
 * Numbers are kept as ranges and ranges are never expanded. */
#include "imap/mbname.h"
#include "imap/resp_numbers.h"

/* Values of ESEARCH that may be long. */
enum {
    IMAP_IN_ALL = 1,
    IMAP_IN_PARTIAL = 2,
    IMAP_IN_ADDTO = 3,
    IMAP_IN_REMOVEFROM = 4,
    IMAP_IN_SCORES = 5
};

/* What a piece of a line has given so far. */
struct numbers {
    struct imap_run *r;
    mla_imap_search *s;
    struct ilex_ranges ranges;
    struct ilex_list changes;
    struct ilex_list scores;
};

static int is_full(const struct numbers *n)
{
    return n->ranges.count + n->changes.count + n->scores.count >= n->r->max;
}

void imap_run_drop(struct imap_run *r, const uint8_t *from)
{
    if (r->l->p == from && from < r->limit) /* whatever it is: nobody may stay where he was */
        r->l->p++;
    while (r->l->p < r->limit && *r->l->p != ' ' && *r->l->p != ',' && *r->l->p != ')')
        r->l->p++;
    r->state->dropped++;
    ilex_warn(r->l, MLA_IMAP_WARN_RANGE, from);
}

/* *l->p ends a range. */
static int ends_range(const struct ilex *l)
{
    return l->p >= l->end || *l->p == ' ' || *l->p == ',' || *l->p == ')';
}

/* 1 and the range at l, or 0: what stood there was dropped. */
static int take_range(struct imap_run *r, mla_range *out)
{
    const uint8_t *from = r->l->p;

    if (ilex_range(r->l, out) == 0 && ends_range(r->l))
        return 1;
    r->l->p = from + 1;
    imap_run_drop(r, from);
    return 0;
}

/* RFC 5267 section 3.2: whichever way it is written, a range means its numbers in rising order. */
static mla_range rising(mla_range range)
{
    const mla_range turned = {range.last, range.first};

    return range.first <= range.last ? range : turned;
}

static int add_range(struct numbers *n)
{
    mla_range range;

    if (!take_range(n->r, &range))
        return 0;
    if (n->r->state->kind == IMAP_LINE_VANISHED)
        return ilex_ranges_join(n->r->l, &n->ranges, range);
    if (n->r->state->kind == IMAP_LINE_UIDBATCHES || n->s->is_sorted)
        return ilex_ranges_add(n->r->l, &n->ranges, rising(range));
    return ilex_ranges_join(n->r->l, &n->ranges, range);
}

/* --- SEARCH and SORT --- */

/* "(MODSEQ 917162500)" behind the numbers of SEARCH (RFC 7162 section 3.1.5). */
static void take_search_modseq(struct numbers *n)
{
    struct ilex *l = n->r->l;
    const uint8_t *from = l->p++;
    uint64_t v;

    ilex_spaces(l);
    if (ascii_starts(l->p, (size_t)(l->end - l->p), "MODSEQ ")) {
        l->p += 7;
        ilex_spaces(l);
        if (ilex_number(l, INT64_MAX, &v) == 0 && *l->p == ')') {
            l->p++;
            n->s->modseq = v;
            n->s->fields |= MLA_IMAP_SEARCH_MODSEQ;
            return;
        }
    }
    l->p = l->end;
    ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
}

/* Numbers with blanks between them. */
static int run_search(struct numbers *n)
{
    struct ilex *l = n->r->l;
    int rc = 0;

    n->s->fields |= MLA_IMAP_SEARCH_ALL;
    while (rc == 0) {
        while (l->p < n->r->limit && (*l->p == ' ' || *l->p == ','))
            l->p++;
        if (l->p >= n->r->limit || is_full(n))
            return 0;
        if (*l->p != '(')
            rc = add_range(n);
        else if (n->r->complete)
            take_search_modseq(n);
        else
            return 0;
    }
    return rc;
}

/* --- sets --- */

/* A set with commas in it, up to a blank or ")", or the line's end. */
static int run_set(struct numbers *n, int *out_end)
{
    struct imap_run *r = n->r;
    struct ilex *l = r->l;

    *out_end = 0;
    while (l->p < r->limit && !is_full(n)) {
        int rc;

        if (*l->p == ' ' || *l->p == ')')
            break;
        rc = *l->p == ',' ? 0 : add_range(n);
        if (rc != 0)
            return rc;
        if (l->p < r->limit && *l->p == ',')
            l->p++;
    }
    *out_end =
        (l->p < r->limit && (*l->p == ' ' || *l->p == ')')) || (r->complete && l->p >= l->end);
    return 0;
}

/* The set of VANISHED or UIDBATCHES, and nothing behind it. */
static int run_only_set(struct numbers *n)
{
    struct ilex *l = n->r->l;
    int end;
    int rc;

    n->s->fields |= MLA_IMAP_SEARCH_ALL;
    rc = run_set(n, &end);
    if (rc == 0 && n->r->complete && end && l->p < l->end) {
        const uint8_t *from = l->p;

        ilex_spaces(l);
        if (l->p < l->end)
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
        l->p = l->end;
    }
    return rc;
}

/* --- ESEARCH (RFC 9051 section 7.3.4; RFC 4731) --- */

static int copy_str(struct ilex *l, const char *p, size_t len, mla_str *out)
{
    out->ptr = arena_dup(l->arena, p, len);
    out->len = len;
    return out->ptr != NULL ? 0 : ilex_no_memory(l);
}

/* Keeps what the words in a correlator say (RFC 7377 section 2.1), for all pieces of the line. */
static int keep_correlator(struct imap_run *r, mla_str tag, mla_str mailbox, uint64_t uidvalidity)
{
    struct imap_batch *b = r->state;
    size_t n = tag.len < sizeof b->tag ? tag.len : sizeof b->tag;
    int rc;

    if (n != 0)
        memcpy(b->tag, tag.ptr, n);
    b->tag_len = n;
    if (tag.ptr != NULL) {
        rc = copy_str(r->l, tag.ptr, tag.len, &r->l->out->correlator);
        if (rc != 0)
            return rc;
    }
    b->uidvalidity = (uint32_t)uidvalidity;
    if (mailbox.ptr == NULL)
        return 1;
    if (!r->complete && mailbox.len > sizeof b->box)
        return 0;
    b->has_box = 1;
    b->is_uid = 1;
    b->box_len = mailbox.len < sizeof b->box ? mailbox.len : sizeof b->box;
    memcpy(b->box, mailbox.ptr, b->box_len);
    rc = copy_str(r->l, mailbox.ptr, mailbox.len, &r->mailbox);
    return rc != 0 ? rc : 1;
}

/* The words of a correlator; l stands behind "(" and everything is there. */
static int read_correlator(struct imap_run *r, struct ilex *l)
{
    mla_str tag = {NULL, 0};
    mla_str mailbox = {NULL, 0};
    uint64_t uidvalidity = 0;
    int rc = 0;

    for (;;) {
        mla_str word;

        ilex_spaces(l);
        if (l->p >= l->end)
            return ILEX_BAD;
        if (ilex_take(l, ')'))
            return keep_correlator(r, tag, mailbox, uidvalidity);
        if (!ilex_atom(l, &word))
            return ILEX_BAD;
        ilex_spaces(l);
        if (ascii_equal_word(word.ptr, word.len, "TAG"))
            rc = ilex_astring(l, &tag);
        else if (ascii_equal_word(word.ptr, word.len, "MAILBOX"))
            rc = ilex_astring(l, &mailbox);
        else if (ascii_equal_word(word.ptr, word.len, "UIDVALIDITY"))
            rc = ilex_number(l, UINT32_MAX, &uidvalidity);
        else if (*l->p != ')')
            rc = ilex_skip(l);
        if (rc != 0 && rc != ILEX_RANGE)
            return rc;
    }
}

/* Behind the ")" that ends the list at p, or NULL. */
static const uint8_t *list_end(const uint8_t *p, const uint8_t *limit)
{
    unsigned depth = 0;
    int quote = 0;

    for (; p < limit; p++) {
        if (quote && *p == '\\' && p + 1 < limit)
            p++;
        else if (*p == '"')
            quote = !quote;
        else if (!quote && *p == '(')
            depth++;
        else if (!quote && *p == ')' && --depth == 0)
            return p + 1;
    }
    return NULL;
}

int imap_run_correlator(struct imap_run *r)
{
    struct ilex *l = r->l;
    const uint8_t *end;
    uint8_t copy[1024];
    struct ilex part = *l;
    size_t len;
    int rc;

    if (r->complete) {
        l->p++;
        return read_correlator(r, l);
    }
    end = list_end(l->p, r->limit);
    if (end == NULL || (size_t)(end - l->p) >= sizeof copy)
        return 0;
    len = (size_t)(end - l->p); /* a copy, for readers stop at a line end */
    memcpy(copy, l->p, len);
    copy[len] = '\n';
    part.base = copy;
    part.p = copy + 1;
    part.end = copy + len;
    part.limit = copy + len + 1;
    rc = read_correlator(r, &part);
    l->p = end;
    return rc;
}

static int take_scalar(struct numbers *n, mla_str name)
{
    static const struct {
        const char *name;
        uint32_t field;
        size_t at;
        uint64_t max;
    } rows[] = {
        {"MIN", MLA_IMAP_SEARCH_MIN, offsetof(mla_imap_search, min), UINT32_MAX},
        {"MAX", MLA_IMAP_SEARCH_MAX, offsetof(mla_imap_search, max), UINT32_MAX},
        {"COUNT", MLA_IMAP_SEARCH_COUNT, offsetof(mla_imap_search, count), UINT32_MAX},
        {"MODSEQ", MLA_IMAP_SEARCH_MODSEQ, 0, INT64_MAX},
    };
    struct ilex *l = n->r->l;
    const uint8_t *from = l->p;
    uint64_t v;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!ascii_equal_word(name.ptr, name.len, rows[i].name))
            continue;
        if (ilex_number(l, rows[i].max, &v) != 0 || !ends_range(l)) {
            imap_run_drop(n->r, from);
            return 1;
        }
        n->s->fields |= rows[i].field;
        if (rows[i].field == MLA_IMAP_SEARCH_MODSEQ)
            n->s->modseq = v;
        else
            *(uint32_t *)(void *)((char *)n->s + rows[i].at) = (uint32_t)v;
        return 1;
    }
    return 0;
}

/* 1 and an end of a window: a number, negative when it counts from the end. */
static int take_place(struct ilex *l, int64_t *out)
{
    const int minus = ilex_take(l, '-');
    uint64_t v;

    if (ilex_number(l, UINT32_MAX, &v) != 0 || v == 0)
        return 0;
    *out = minus ? -(int64_t)v : (int64_t)v;
    return 1;
}

/* "(1:500 " in front of PARTIAL's set. 1; 0: more octets are needed; or ILEX_BAD. */
static int open_partial(struct numbers *n)
{
    struct imap_run *r = n->r;
    struct imap_batch *b = r->state;

    if (!ilex_take(r->l, '('))
        return ILEX_BAD;
    if (r->l->p >= r->limit)
        return r->complete ? ILEX_BAD : 0;
    if (!take_place(r->l, &b->partial_first) || !ilex_take(r->l, ':') ||
        !take_place(r->l, &b->partial_last))
        return ILEX_BAD;
    imap_run_spaces(r);
    if (r->l->p >= r->limit)
        return r->complete ? ILEX_BAD : 0;
    if (ilex_take_nil(r->l) && *r->l->p != ')')
        return ILEX_BAD;
    return 1;
}

static int open_list(struct numbers *n)
{
    n->r->state->has_position = 0;
    return ilex_take(n->r->l, '(') ? 1 : ILEX_BAD;
}

/* The name of a long value was taken. 1: its value begins; 0: more octets are needed; ILEX_BAD. */
static int open_value(struct numbers *n, int in)
{
    int rc = in == IMAP_IN_ALL ? 1 : in == IMAP_IN_PARTIAL ? open_partial(n) : open_list(n);

    if (rc == 1)
        n->r->state->in = in;
    return rc;
}

/* One range of ADDTO or REMOVEFROM; what follows it in the set goes behind it. */
static int add_change(struct numbers *n, int what)
{
    struct imap_batch *b = n->r->state;
    mla_imap_search_change c;
    mla_range range;
    uint64_t next;

    if (!take_range(n->r, &range))
        return 0;
    range = rising(range);
    c.what = (uint32_t)what;
    c.position = b->position;
    c.first = range.first;
    c.last = range.last;
    if (what == MLA_IMAP_CHANGE_ADD && b->position != 0) {
        next = (uint64_t)b->position + (range.last - range.first) + 1;
        b->position = next <= UINT32_MAX ? (uint32_t)next : UINT32_MAX;
    }
    return ilex_list_add(n->r->l, &n->changes, &c);
}

/* "1 2731:2733 4 9)": pairs of a position and a set (RFC 5267 sections 4.3.3, 4.3.4). */
static int run_changes(struct numbers *n, int what, int *out_end)
{
    struct imap_run *r = n->r;
    struct imap_batch *b = r->state;
    struct ilex *l = r->l;
    int rc = 0;

    while (rc == 0 && l->p < r->limit && !is_full(n)) {
        const uint8_t *from = l->p;
        uint64_t v;

        if (*l->p == ')')
            break;
        if (*l->p == ',') {
            l->p++;
        } else if (*l->p == ' ') { /* in front of a set, or of the next pair */
            b->has_position = b->has_position == 1 ? 2 : 0;
            imap_run_spaces(r);
        } else if (b->has_position != 0) {
            b->has_position = 2;
            rc = add_change(n, what);
        } else if (ilex_number(l, UINT32_MAX, &v) == 0 && ends_range(l)) {
            b->position = (uint32_t)v;
            b->has_position = 1;
        } else {
            imap_run_drop(r, from);
            b->position = 0;
            b->has_position = 1;
        }
    }
    *out_end = l->p < r->limit && *l->p == ')';
    return rc;
}

/* "4 99 42)" (RFC 6203 section 4). */
static int run_scores(struct numbers *n, int *out_end)
{
    struct imap_run *r = n->r;
    struct ilex *l = r->l;
    int rc = 0;

    while (rc == 0 && !is_full(n)) {
        const uint8_t *from;
        uint32_t score = 0;
        uint64_t v;

        imap_run_spaces(r);
        if (l->p >= r->limit || *l->p == ')')
            break;
        from = l->p;
        if (ilex_number(l, UINT32_MAX, &v) == 0 && ends_range(l))
            score = (uint32_t)v;
        else
            imap_run_drop(r, from); /* 0: the others keep their places */
        rc = ilex_list_add(l, &n->scores, &score);
    }
    *out_end = l->p < r->limit && *l->p == ')';
    return rc;
}

/* Goes on inside a long value. *out_end: it is over. */
static int run_value(struct numbers *n, int *out_end)
{
    static const uint32_t fields[] = {
        [IMAP_IN_ALL] = MLA_IMAP_SEARCH_ALL,
        [IMAP_IN_PARTIAL] = MLA_IMAP_SEARCH_PARTIAL,
        [IMAP_IN_ADDTO] = MLA_IMAP_SEARCH_ADDTO,
        [IMAP_IN_REMOVEFROM] = MLA_IMAP_SEARCH_REMOVEFROM,
        [IMAP_IN_SCORES] = MLA_IMAP_SEARCH_RELEVANCY,
    };
    struct imap_batch *b = n->r->state;
    int rc;

    n->s->fields |= fields[b->in];
    switch (b->in) {
    case IMAP_IN_ADDTO:
        rc = run_changes(n, MLA_IMAP_CHANGE_ADD, out_end);
        break;
    case IMAP_IN_REMOVEFROM:
        rc = run_changes(n, MLA_IMAP_CHANGE_REMOVE, out_end);
        break;
    case IMAP_IN_SCORES:
        rc = run_scores(n, out_end);
        break;
    case IMAP_IN_PARTIAL:
        n->s->partial_first = b->partial_first;
        n->s->partial_last = b->partial_last;
        rc = run_set(n, out_end);
        break;
    default:
        rc = run_set(n, out_end);
        break;
    }
    if (rc == 0 && *out_end) {
        if (b->in != IMAP_IN_ALL)
            ilex_take(n->r->l, ')');
        b->in = 0;
    }
    return rc;
}

static int value_of(mla_str name)
{
    static const struct {
        const char *name;
        int in;
    } rows[] = {
        {"ALL", IMAP_IN_ALL},          {"PARTIAL", IMAP_IN_PARTIAL},
        {"ADDTO", IMAP_IN_ADDTO},      {"REMOVEFROM", IMAP_IN_REMOVEFROM},
        {"RELEVANCY", IMAP_IN_SCORES},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(name.ptr, name.len, rows[i].name))
            return rows[i].in;
    return 0;
}

/* An atom that ends before the limit. Behind the limit there may be no octet at all, and a comma,
 * which is the last one before it, belongs to an atom. 1, or 0 where there is none or it may go on.
 */
static int run_atom(struct imap_run *r, mla_str *out)
{
    const uint8_t *p = r->l->p;

    while (p < r->limit && ilex_is(*p, ILEX_ATOM))
        p++;
    *out = ilex_slice(r->l->p, p);
    if (p == r->limit && !r->complete)
        return 0;
    r->l->p = p;
    return out->len > 0;
}

/* One name, and its value where that is short. 1: taken; 0: more octets are needed; or an error. */
static int take_result(struct numbers *n)
{
    struct imap_run *r = n->r;
    struct ilex *l = r->l;
    mla_str name;
    int in;

    if (run_atom(r, &name) && ascii_equal_word(name.ptr, name.len, "UID")) {
        r->state->is_uid = 1;
        return 1;
    }
    if (l->p < r->limit && ilex_is(*l->p, ILEX_ATOM)) /* it may go on */
        return 0;
    imap_run_spaces(r);
    if (name.len == 0 || l->p >= r->limit)
        return r->complete ? ILEX_BAD : 0;
    in = value_of(name);
    if (in != 0)
        return open_value(n, in);
    if (take_scalar(n, name))
        return 1;
    if (!r->complete) /* of a value that is not known the end must be there */
        return 0;
    in = ilex_skip(l);
    return in != 0 ? in : 1;
}

static int run_esearch(struct numbers *n)
{
    struct imap_run *r = n->r;
    struct ilex *l = r->l;

    for (;;) {
        const uint8_t *from;
        int end;
        int rc;

        if (r->state->in != 0) {
            rc = run_value(n, &end);
            if (rc != 0 || r->state->in != 0) {
                if (rc == 0 && r->complete && l->p >= l->end) {
                    ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->p); /* it has no end */
                    r->state->in = 0;
                }
                return rc;
            }
        }
        imap_run_spaces(r);
        from = l->p;
        if (from >= r->limit || is_full(n))
            return 0;
        rc = take_result(n);
        if (rc == 1)
            continue;
        if (rc == MLA_E_NOMEM || rc == ILEX_OVER)
            return rc;
        l->p = from;
        if (rc == 0)
            return 0;
        l->p = r->complete ? l->end : r->limit;
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
    }
}

/* --- all --- */

/* What stands between the name of the answer and its numbers. 1; 0: more octets are needed; or an
 * error. */
static int read_head(struct imap_run *r)
{
    static const char earlier[] = "(EARLIER)";
    struct ilex *l = r->l;
    const int kind = r->state->kind;
    int rc;

    imap_run_spaces(r);
    if (l->p >= r->limit)
        return r->complete;
    if (*l->p != '(' || kind == IMAP_LINE_SEARCH || kind == IMAP_LINE_SORT)
        return 1;
    if (kind != IMAP_LINE_VANISHED) {
        rc = imap_run_correlator(r);
        if (rc == 1)
            imap_run_spaces(r);
        return rc;
    }
    if (ascii_starts(l->p, (size_t)(r->limit - l->p), earlier)) {
        r->state->is_earlier = 1;
        l->p += sizeof earlier - 1;
    } else if (!r->complete) {
        return 0;
    } else {
        rc = ilex_skip(l);
        if (rc != 0)
            return rc;
    }
    imap_run_spaces(r);
    return 1;
}

static int run_kind(struct numbers *n)
{
    switch (n->r->state->kind) {
    case IMAP_LINE_SEARCH:
    case IMAP_LINE_SORT:
        return run_search(n);
    case IMAP_LINE_ESEARCH:
        return run_esearch(n);
    default:
        return run_only_set(n);
    }
}

/* The mailbox of the line, in each of its pieces. */
static int name_mailbox(struct numbers *n)
{
    const struct imap_batch *b = n->r->state;
    struct ilex *l = n->r->l;
    int rc;

    if (!b->has_box)
        return 0;
    n->s->uidvalidity = b->uidvalidity;
    n->s->raw_mailbox = n->r->mailbox;
    if (n->s->raw_mailbox.ptr == NULL) {
        rc = copy_str(l, b->box, b->box_len, &n->s->raw_mailbox);
        if (rc != 0)
            return rc;
    }
    rc = mbname_decode(l->arena, n->s->raw_mailbox, l->opts->utf8, &n->s->mailbox);
    return rc < 0 ? ilex_no_memory(l) : 0;
}

/* The set of a piece, and what holds for all pieces. */
static int fill(struct numbers *n)
{
    struct imap_run *r = n->r;
    mla_imap_search *s = n->s;
    int rc = ilex_ranges_done(r->l, &n->ranges, &s->ranges, &s->range_count);

    if (rc == 0)
        rc = name_mailbox(n);
    if (rc != 0)
        return rc;
    r->state->count += s->range_count;
    s->changes = (const mla_imap_search_change *)(const void *)n->changes.items;
    s->change_count = n->changes.count;
    s->scores = (const uint32_t *)(const void *)n->scores.items;
    s->score_count = n->scores.count;
    s->is_last = r->complete && r->l->p >= r->l->end;
    s->is_earlier = (uint32_t)r->state->is_earlier;
    s->is_uid = r->state->kind == IMAP_LINE_VANISHED || r->state->kind == IMAP_LINE_UIDBATCHES ||
                r->state->is_uid || r->l->opts->search_uid;
    return 0;
}

int imap_run_numbers(struct imap_run *r, int head, struct mla_imap_event *ev)
{
    struct numbers n;
    int rc = 1;

    n.r = r;
    n.s = ilex_alloc(r->l, sizeof *n.s);
    if (n.s == NULL)
        return ilex_no_memory(r->l);
    n.s->struct_size = sizeof *n.s;
    n.s->is_sorted = r->state->kind == IMAP_LINE_SORT ||
                     (r->state->kind == IMAP_LINE_ESEARCH && r->l->opts->search_sorted);
    ilex_ranges_init(&n.ranges);
    ilex_list_init(&n.changes, sizeof(mla_imap_search_change));
    ilex_list_init(&n.scores, sizeof(uint32_t));
    if (head)
        rc = read_head(r);
    if (rc != 1)
        return rc == 0 ? ILEX_BAD : rc;
    rc = run_kind(&n);
    if (rc == 0)
        rc = fill(&n);
    if (rc != 0)
        return rc;
    ev->search = n.s;
    ev->type = r->state->kind == IMAP_LINE_VANISHED     ? MLA_IMAP_EV_VANISHED
               : r->state->kind == IMAP_LINE_UIDBATCHES ? MLA_IMAP_EV_UIDBATCHES
                                                        : MLA_IMAP_EV_SEARCH;
    return 0;
}
