/* resp_search.c - lists of numbers: SEARCH, SORT, ESEARCH, VANISHED, and sets of UIDs.
 *
 * Numbers are kept as ranges and ranges are never expanded. A line may be read in pieces: what is
 * certain of it so far becomes one event, its octets are dropped. */
#include "imap/resp_read.h"

void ilex_ranges_init(struct ilex_ranges *r)
{
    r->items = r->first;
    r->count = 0;
    r->room = sizeof r->first / sizeof r->first[0];
}

int ilex_ranges_add(struct ilex *l, struct ilex_ranges *r, mla_range range)
{
    if (r->count == r->room) {
        mla_range *items = arena_array(l->arena, r->room * 4, sizeof *items);

        if (items == NULL)
            return ilex_no_memory(l);
        memcpy(items, r->items, r->count * sizeof *items);
        r->items = items;
        r->room *= 4;
    }
    r->items[r->count++] = range;
    return 0;
}

int ilex_ranges_join(struct ilex *l, struct ilex_ranges *r, mla_range range)
{
    mla_range *last = r->count > 0 ? &r->items[r->count - 1] : NULL;

    if (last != NULL && last->first <= last->last && range.first <= range.last &&
        last->last != UINT32_MAX && range.first == last->last + 1) {
        last->last = range.last;
        return 0;
    }
    return ilex_ranges_add(l, r, range);
}

int ilex_ranges_done(struct ilex *l, struct ilex_ranges *r, const mla_range **out,
                     size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    if (r->count == 0)
        return 0;
    if (r->items == r->first) {
        mla_range *items = arena_array(l->arena, r->count, sizeof *items);

        if (items == NULL)
            return ilex_no_memory(l);
        memcpy(items, r->first, r->count * sizeof *items);
        r->items = items;
    }
    *out = r->items;
    *out_count = r->count;
    return 0;
}

/* nz-number (RFC 9051 section 9). */
static int nz_number(struct ilex *l, uint32_t *out)
{
    uint64_t v = 0;
    int rc = ilex_number(l, UINT32_MAX, &v);

    if (rc == 0 && v == 0)
        rc = ILEX_RANGE;
    *out = (uint32_t)v;
    return rc;
}

int ilex_range(struct ilex *l, mla_range *out)
{
    int rc = nz_number(l, &out->first);
    int rc2;

    if (rc == ILEX_BAD)
        return rc;
    out->last = out->first;
    if (*l->p != ':')
        return rc;
    l->p++;
    rc2 = nz_number(l, &out->last);
    return rc2 == ILEX_BAD || rc == 0 ? rc2 : rc;
}

int ilex_set(struct ilex *l, const mla_range **out, size_t *out_count)
{
    struct ilex_ranges r;
    int rc;

    ilex_ranges_init(&r);
    do {
        mla_range range;

        rc = ilex_range(l, &range);
        if (rc == 0)
            rc = ilex_ranges_add(l, &r, range);
    } while (rc == 0 && ilex_take(l, ','));
    return rc != 0 ? rc : ilex_ranges_done(l, &r, out, out_count);
}

/* One run over (a piece of) a line. */
struct run {
    struct ilex *l;
    struct imap_batch *state;
    mla_imap_search *s;
    struct ilex_ranges ranges;
    size_t max;           /* ranges at most, then the rest waits */
    const uint8_t *limit; /* what is certain ends here; == l->end when all is there */
    int complete;
};

static int run_full(const struct run *r)
{
    return r->ranges.count >= r->max;
}

/* Goes over a word that is no number in range: it costs only itself. */
static void drop_word(struct run *r, const uint8_t *from)
{
    while (r->l->p < r->limit && *r->l->p != ' ' && *r->l->p != ',')
        r->l->p++;
    r->state->dropped++;
    ilex_warn(r->l, MLA_IMAP_WARN_RANGE, from);
}

/* *l->p ends a range. */
static int ends_range(const struct ilex *l)
{
    return *l->p == ' ' || *l->p == ',' || l->p >= l->end;
}

static int take_range(struct run *r)
{
    const uint8_t *from = r->l->p;
    mla_range range;
    int rc = ilex_range(r->l, &range);

    if (rc == 0 && ends_range(r->l))
        return ilex_ranges_join(r->l, &r->ranges, range);
    r->l->p = from + 1;
    drop_word(r, from);
    return 0;
}

/* "(MODSEQ 917162500)" behind the numbers of SEARCH (RFC 7162 section 3.1.5). */
static void take_search_modseq(struct run *r)
{
    struct ilex *l = r->l;
    const uint8_t *from = l->p++;
    uint64_t v;

    ilex_spaces(l);
    if (ascii_starts(l->p, (size_t)(l->end - l->p), "MODSEQ ")) {
        l->p += 7;
        ilex_spaces(l);
        if (ilex_number(l, INT64_MAX, &v) == 0 && *l->p == ')') {
            l->p++;
            r->s->modseq = v;
            r->s->fields |= MLA_IMAP_SEARCH_MODSEQ;
            return;
        }
    }
    l->p = l->end;
    ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
}

/* SEARCH and SORT: numbers with blanks between them. Stops at the limit. */
static int run_search(struct run *r)
{
    struct ilex *l = r->l;

    r->s->fields |= MLA_IMAP_SEARCH_ALL;
    for (;;) {
        int rc = 0;

        while (l->p < r->limit && (*l->p == ' ' || *l->p == ','))
            l->p++;
        if (l->p >= r->limit || run_full(r))
            return 0;
        if (*l->p != '(') {
            rc = take_range(r);
        } else if (r->complete) {
            take_search_modseq(r);
        } else {
            return 0;
        }
        if (rc != 0)
            return rc;
    }
}

/* The numbers of VANISHED or of ESEARCH's ALL: commas between them. 1 in *out_end at the blank or
 * line end behind the set. */
static int run_set(struct run *r, int *out_end)
{
    struct ilex *l = r->l;

    *out_end = 0;
    r->s->fields |= MLA_IMAP_SEARCH_ALL;
    while (l->p < r->limit && !run_full(r)) {
        int rc;

        if (*l->p == ' ')
            break;
        rc = *l->p == ',' ? 0 : take_range(r);
        if (rc != 0)
            return rc;
        if (l->p < r->limit && *l->p == ',')
            l->p++;
    }
    *out_end = (l->p < r->limit && *l->p == ' ') || (r->complete && l->p >= l->end);
    return 0;
}

/* "(TAG "A282")" (RFC 9051 section 7.3.4, search-correlator). */
static int take_correlator(struct ilex *l, struct imap_batch *state)
{
    mla_str word;
    mla_str tag;
    size_t n;
    int rc;

    l->p++;
    ilex_spaces(l);
    if (!ilex_atom(l, &word) || !ascii_equal_word(word.ptr, word.len, "TAG"))
        return ilex_skip_rest(l);
    ilex_spaces(l);
    rc = ilex_astring(l, &tag);
    if (rc != 0)
        return rc;
    l->out->correlator = tag;
    n = tag.len < sizeof state->tag ? tag.len : sizeof state->tag;
    if (n != 0)
        memcpy(state->tag, tag.ptr, n);
    state->tag_len = n;
    return ilex_skip_rest(l);
}

/* One result of ESEARCH, ALL apart: its name was taken. */
static int take_result(struct run *r, mla_str name)
{
    static const struct {
        const char *name;
        uint32_t field;
        size_t at;
    } rows[] = {
        {"MIN", MLA_IMAP_SEARCH_MIN, offsetof(mla_imap_search, min)},
        {"MAX", MLA_IMAP_SEARCH_MAX, offsetof(mla_imap_search, max)},
        {"COUNT", MLA_IMAP_SEARCH_COUNT, offsetof(mla_imap_search, count)},
    };
    struct ilex *l = r->l;
    const uint8_t *from = l->p;
    uint64_t v;
    int rc;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_equal_word(name.ptr, name.len, rows[i].name)) {
            rc = ilex_number(l, UINT32_MAX, &v);
            if (rc == 0 && ends_range(l)) {
                *(uint32_t *)(void *)((char *)r->s + rows[i].at) = (uint32_t)v;
                r->s->fields |= rows[i].field;
            } else {
                drop_word(r, from);
            }
            return 0;
        }
    if (ascii_equal_word(name.ptr, name.len, "MODSEQ")) {
        rc = ilex_number(l, INT64_MAX, &v);
        if (rc == 0 && ends_range(l)) {
            r->s->modseq = v;
            r->s->fields |= MLA_IMAP_SEARCH_MODSEQ;
        } else {
            drop_word(r, from);
        }
        return 0;
    }
    return ilex_skip(l); /* PARTIAL, RELEVANCY and others: in raw */
}

/* ESEARCH (RFC 9051 section 7.3.4; RFC 4731): name and value, name and value. Of a line that is not
 * complete only the set is read. */
static int run_esearch(struct run *r)
{
    struct ilex *l = r->l;

    for (;;) {
        const uint8_t *from;
        mla_str name;
        int rc = 0;
        int end;

        if (r->state->in_all) {
            rc = run_set(r, &end);
            r->state->in_all = !end;
            if (rc != 0 || !end)
                return rc;
        }
        if (!r->complete)
            return 0;
        ilex_spaces(l);
        from = l->p;
        if (from >= l->end || run_full(r))
            return 0;
        if (ilex_atom(l, &name) && ascii_equal_word(name.ptr, name.len, "UID")) {
            r->state->is_uid = 1;
            continue;
        }
        ilex_spaces(l);
        if (ascii_equal_word(name.ptr, name.len, "ALL") && l->p < l->end) {
            r->state->in_all = 1;
            continue;
        }
        rc = name.len != 0 && l->p < l->end ? take_result(r, name) : ILEX_BAD;
        if (rc == MLA_E_NOMEM || rc == ILEX_OVER)
            return rc;
        if (rc != 0) {
            l->p = l->end;
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
        }
    }
}

static int run_vanished(struct run *r)
{
    int end;
    int rc = run_set(r, &end);

    if (rc == 0 && r->complete && end && r->l->p < r->l->end) {
        const uint8_t *from = r->l->p;

        ilex_spaces(r->l);
        if (r->l->p < r->l->end)
            ilex_warn(r->l, MLA_IMAP_WARN_SYNTAX, from);
        r->l->p = r->l->end;
    }
    return rc;
}

/* What stands between the name of the answer and its numbers, in a complete line. */
static int read_head(struct run *r)
{
    struct ilex *l = r->l;
    int rc;

    ilex_spaces(l);
    if (*l->p != '(')
        return 0;
    if (r->state->kind == IMAP_LINE_ESEARCH)
        return take_correlator(l, r->state);
    if (r->state->kind == IMAP_LINE_SEARCH)
        return 0;
    r->state->is_earlier = ascii_starts(l->p, (size_t)(l->end - l->p), "(EARLIER)");
    rc = ilex_skip(l);
    ilex_spaces(l);
    return rc;
}

/* The beginning of an ESEARCH line up to its set, copied so that it has a line end for the readers
 * to stop at. The set's place, or NULL: it has not come yet, or not within the first octets. */
static const uint8_t *copy_esearch_head(const uint8_t *p, const uint8_t *limit, uint8_t *copy,
                                        size_t room, size_t *out_len)
{
    int quote = 0;

    if ((size_t)(limit - p) > room)
        limit = p + room;
    for (const uint8_t *at = p; limit - at >= 5; at++) {
        quote ^= *at == '"';
        if (quote || *at != ' ' || !ascii_starts(at, (size_t)(limit - at), " ALL "))
            continue;
        *out_len = (size_t)(at - p);
        memcpy(copy, p, *out_len);
        copy[(*out_len)++] = '\n';
        return at + 5;
    }
    return NULL;
}

/* The same as read_head() for a line of which only [l->p, r->limit) is there. 1: the numbers begin;
 * 0: more octets are needed. */
static int read_head_part(struct run *r)
{
    static const char earlier[] = "(EARLIER) ";
    struct ilex *l = r->l;
    uint8_t copy[1024];
    const uint8_t *set;
    struct ilex head = *l;
    struct run run = *r;
    size_t len;

    while (l->p < r->limit && *l->p == ' ')
        l->p++;
    if (l->p >= r->limit)
        return 0;
    if (r->state->kind == IMAP_LINE_SEARCH)
        return 1;
    if (r->state->kind == IMAP_LINE_VANISHED) {
        if (!ascii_starts(l->p, (size_t)(r->limit - l->p), earlier))
            return *l->p != '(';
        r->state->is_earlier = 1;
        l->p += sizeof earlier - 1;
        return 1;
    }
    set = copy_esearch_head(l->p, r->limit, copy, sizeof copy - 1, &len);
    if (set == NULL)
        return 0;
    head.p = head.base = copy;
    head.end = copy + len - 1;
    head.limit = copy + len;
    run.l = &head;
    run.limit = head.end;
    run.complete = 1;
    if (read_head(&run) != 0 || run_esearch(&run) != 0)
        return 0;
    r->state->in_all = 1;
    l->p = set;
    return 1;
}

/* Reads up to the limit into ev. */
static int run_line(struct run *r, int head, struct mla_imap_event *ev)
{
    struct ilex *l = r->l;
    int rc = 0;

    r->s = ilex_alloc(l, sizeof *r->s);
    if (r->s == NULL)
        return ilex_no_memory(l);
    r->s->struct_size = sizeof *r->s;
    ilex_ranges_init(&r->ranges);
    if (head && r->complete)
        rc = read_head(r);
    else if (head && !read_head_part(r))
        rc = ILEX_BAD;
    if (rc != 0)
        return rc;
    if (r->state->kind == IMAP_LINE_SEARCH)
        rc = run_search(r);
    else if (r->state->kind == IMAP_LINE_ESEARCH)
        rc = run_esearch(r);
    else
        rc = run_vanished(r);
    if (rc == 0)
        rc = ilex_ranges_done(l, &r->ranges, &r->s->ranges, &r->s->range_count);
    if (rc != 0)
        return rc;
    r->state->count += r->s->range_count;
    r->s->is_last = r->complete && l->p >= l->end;
    r->s->is_earlier = (uint32_t)r->state->is_earlier;
    r->s->is_uid = r->state->kind == IMAP_LINE_VANISHED || r->state->is_uid || l->opts->search_uid;
    ev->search = r->s;
    ev->type = r->state->kind == IMAP_LINE_VANISHED ? MLA_IMAP_EV_VANISHED : MLA_IMAP_EV_SEARCH;
    return 0;
}

int imap_read_numbers(struct ilex *l, int kind, struct mla_imap_event *ev)
{
    struct imap_batch state;
    struct run r;

    memset(&state, 0, sizeof state);
    state.kind = kind;
    r.l = l;
    r.state = &state;
    r.max = SIZE_MAX;
    r.limit = l->end;
    r.complete = 1;
    return run_line(&r, 1, ev);
}

/* The kind of line that begins at l, whose name is taken, or 0. */
static int take_kind(struct ilex *l, const uint8_t *limit)
{
    static const struct {
        const char *name;
        int kind;
    } rows[] = {
        {"* SEARCH ", IMAP_LINE_SEARCH},
        {"* SORT ", IMAP_LINE_SEARCH},
        {"* ESEARCH ", IMAP_LINE_ESEARCH},
        {"* VANISHED ", IMAP_LINE_VANISHED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ascii_starts(l->p, (size_t)(limit - l->p), rows[i].name)) {
            l->p += strlen(rows[i].name);
            return rows[i].kind;
        }
    return 0;
}

/* Behind the last separator of the octets at [p, end). */
static const uint8_t *certain(const uint8_t *p, const uint8_t *end)
{
    while (end > p && end[-1] != ' ' && end[-1] != ',')
        end--;
    return end;
}

int imap_resp_batch(const struct imap_raw *raw, int complete, const struct imap_resp_opts *opts,
                    struct imap_batch *state, struct mla_imap_event *ev, size_t *out_used)
{
    struct imap_resp out;
    struct ilex l;
    struct imap_batch before = *state;
    struct run r;
    int head = state->kind == 0;
    int rc;

    memset(&out, 0, sizeof out);
    memset(&l, 0, sizeof l);
    l.base = l.p = raw->ptr;
    l.arena = &ev->arena;
    l.opts = opts;
    l.out = &out;
    if (complete) {
        if (ilex_init(&l, raw, opts, &ev->arena, &out) != 0)
            return 0;
        r.limit = l.end;
    } else {
        /* the separator before the limit is the sentinel here: only numbers are read */
        r.limit = certain(raw->ptr, raw->ptr + raw->len);
        if (r.limit == raw->ptr)
            return 0;
        l.end = l.limit = r.limit;
    }
    r.l = &l;
    r.state = state;
    r.max = IMAP_BATCH_RANGES;
    r.complete = complete;
    if (head)
        state->kind = take_kind(&l, r.limit);
    if (state->kind == 0)
        return 0;
    rc = run_line(&r, head, ev);
    if (rc == MLA_E_NOMEM)
        return rc;
    if (rc != 0 && !head) { /* over the event's limit: the octets go, unread */
        ev->type = 0;
        state->dropped++;
        *out_used = complete ? raw->len : (size_t)(r.limit - raw->ptr);
        return 1;
    }
    if (rc != 0 || (!complete && l.p == raw->ptr)) {
        *state = before;
        return 0;
    }
    *out_used = complete && l.p >= l.end ? raw->len : (size_t)(l.p - raw->ptr);
    return 1;
}
