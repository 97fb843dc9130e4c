/* resp_fetch.c - FETCH (RFC 9051 section 7.5.2): the items of one message. */
#include "imap/date.h"
#include "imap/resp_read.h"

/* The public record, and a way to write to it later. */
struct section {
    mla_imap_section pub;
    struct section *next;
};

/* The record, and room for a few flags, which nearly all answers have. */
struct fetch_record {
    mla_imap_fetch pub;
    mla_str words[FLAGTEXT_WORDS];
};

/* One FETCH answer under way. */
struct fetch {
    mla_imap_fetch *f; /* of the record */
    struct fetch_record *record;
    struct section *first;
    struct section *last;
    struct imap_fetch_more *more;
};

/* The words go where they fit: a few come with the record. */
static int keep_words(struct ilex *l, struct fetch *x, struct ilex_words *w)
{
    size_t count;

    if (w->count > FLAGTEXT_WORDS) {
        int rc = ilex_words_done(l, w, &x->f->words, &count);

        if (rc != 0)
            return rc;
    } else {
        for (size_t i = 0; i < w->count; i++)
            x->record->words[i] = w->items[i];
        x->f->words = w->count != 0 ? x->record->words : NULL;
    }
    x->f->word_count = (uint32_t)w->count;
    return 0;
}

/* The row for the text in the parentheses behind l, or NULL. */
static struct imap_flagtext *flagtext_row(const struct ilex *l, struct imap_flagkey *out_key)
{
    struct imap_flagtexts *texts = l->opts->flagtexts;

    if (texts == NULL || *l->p != '(')
        return NULL;
    return imap_flagtext_row(texts, l->p + 1, (size_t)(l->limit - l->p - 1), out_key);
}

/* A set that was read before. 0: it was not. The words are those of the row: it changes at the
 * earliest when the next set is read. */
static int take_known_flags(struct ilex *l, struct fetch *x)
{
    struct imap_flagkey key;
    struct imap_flagtext *row = flagtext_row(l, &key);

    if (row == NULL)
        return 0;
    if (!imap_flagtext_is(row, &key, l->p + 1) && !imap_flagtext_is(++row, &key, l->p + 1))
        return 0;
    l->p += row->key.len + 2;
    x->f->flags = row->flags;
    x->f->words = row->count != 0 ? row->words : NULL;
    x->f->word_count = row->count;
    x->f->fields |= MLA_IMAP_ITEM_FLAGS;
    return 1;
}

/* Keeps what the text at l was read as, in the first row of its two; what was there moves on. */
static void keep_flagtext(const struct ilex *l, const mla_imap_fetch *f)
{
    const char *text = (const char *)l->p + 1;
    struct imap_flagkey key;
    struct imap_flagtext *row = flagtext_row(l, &key);

    if (row == NULL)
        return;
    row[1] = row[0];
    for (uint32_t i = 0; i < row[1].count; i++)
        row[1].words[i].ptr = row[1].text + (row[0].words[i].ptr - row[0].text);
    memset(row, 0, sizeof *row);
    row->key = key;
    memcpy(row->text, text, (size_t)key.len);
    for (uint32_t i = 0; i < f->word_count; i++) {
        row->words[i].ptr = row->text + (f->words[i].ptr - text);
        row->words[i].len = f->words[i].len;
    }
    row->flags = f->flags;
    row->count = f->word_count;
}

/* A few plain words with single blanks. 0: it is something else, and nothing was read. */
static int take_plain_flags(struct ilex *l, struct fetch *x)
{
    mla_str *words = x->record->words;
    const uint8_t *p = l->p;
    uint32_t flags = 0;
    uint32_t n = 0;

    if (*p++ != '(')
        return 0;
    while (*p != ')') {
        const uint8_t *from = p;

        while (ilex_is(*p, ILEX_ATOM))
            p++;
        if (p == from || n == FLAGTEXT_WORDS || (p == from + 3 && (*from | 0x20) == 'n'))
            return 0; /* it may be NIL */
        words[n] = ilex_slice(from, p);
        flags |= imap_flag_of(words[n++]);
        if (*p == ' ')
            p++;
        else if (*p != ')')
            return 0;
    }
    x->f->flags = flags;
    x->f->words = n != 0 ? words : NULL;
    x->f->word_count = n;
    x->f->fields |= MLA_IMAP_ITEM_FLAGS;
    keep_flagtext(l, x->f);
    l->p = p + 1;
    return 1;
}

static int read_flags(struct ilex *l, struct fetch *x)
{
    struct ilex_words w;
    uint32_t flags = 0;
    int rc;

    if (take_known_flags(l, x) || take_plain_flags(l, x))
        return 0;
    ilex_words_init(&w);
    rc = imap_read_word_list(l, &w);
    if (rc != 0)
        return rc;
    for (size_t i = 0; i < w.count; i++)
        flags |= imap_flag_of(w.items[i]);
    rc = keep_words(l, x, &w);
    if (rc != 0)
        return rc;
    x->f->flags = flags;
    x->f->fields |= MLA_IMAP_ITEM_FLAGS;
    return 0;
}

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
    struct ilex behind = *l;

    ilex_spaces(&behind);
    return ascii_is_alpha(*behind.p) || (*behind.p == ')' && l->end - behind.p <= 2) ||
           ilex_at_end(&behind);
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

/* l stands behind the item's name: at "[", or at the value of RFC822 and its kin, whose name of the
 * section is given. */
static int read_section(struct ilex *l, struct fetch *x, uint32_t kind, const char *name)
{
    struct section *n = ilex_alloc(l, sizeof *n);
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

enum item {
    ITEM_UNKNOWN,
    ITEM_UID,
    ITEM_BODY,
    ITEM_FLAGS,
    ITEM_RFC822,
    ITEM_MODSEQ,
    ITEM_BINARY,
    ITEM_ENVELOPE,
    ITEM_SIZE,
    ITEM_TEXT,
    ITEM_DATE,
    ITEM_STRUCTURE,
    ITEM_HEADER
};

/* Lengths and first letters tell most names apart. */
static enum item item_of(const uint8_t *p, size_t n)
{
    switch (n) {
    case 3:
        return ilex_word_is(p, "UID", 3) ? ITEM_UID : ITEM_UNKNOWN;
    case 4:
        return ilex_word_is(p, "BODY", 4) ? ITEM_BODY : ITEM_UNKNOWN;
    case 5:
        return ilex_word_is(p, "FLAGS", 5) ? ITEM_FLAGS : ITEM_UNKNOWN;
    case 6:
        return ilex_word_is(p, "MODSEQ", 6)   ? ITEM_MODSEQ
               : ilex_word_is(p, "RFC822", 6) ? ITEM_RFC822
               : ilex_word_is(p, "BINARY", 6) ? ITEM_BINARY
                                              : ITEM_UNKNOWN;
    case 8:
        return ilex_word_is(p, "ENVELOPE", 8) ? ITEM_ENVELOPE : ITEM_UNKNOWN;
    case 11:
        return ilex_word_is(p, "RFC822.SIZE", 11)   ? ITEM_SIZE
               : ilex_word_is(p, "RFC822.TEXT", 11) ? ITEM_TEXT
                                                    : ITEM_UNKNOWN;
    case 12:
        return ilex_word_is(p, "INTERNALDATE", 12) ? ITEM_DATE : ITEM_UNKNOWN;
    case 13:
        return ilex_word_is(p, "BODYSTRUCTURE", 13)   ? ITEM_STRUCTURE
               : ilex_word_is(p, "RFC822.HEADER", 13) ? ITEM_HEADER
                                                      : ITEM_UNKNOWN;
    default:
        return ITEM_UNKNOWN;
    }
}

/* The names that come in every list of messages, in their usual spelling and with the blank behind
 * them; ITEM_UNKNOWN when it is none of them. */
static enum item take_usual_item(struct ilex *l)
{
    enum item item = ITEM_UNKNOWN;
    size_t len = 0;

    if (ilex_stands(l, "FLAGS "))
        item = ITEM_FLAGS, len = 5;
    else if (ilex_stands(l, "INTERNALDATE "))
        item = ITEM_DATE, len = 12;
    else if (ilex_stands(l, "RFC822.SIZE "))
        item = ITEM_SIZE, len = 11;
    else if (ilex_stands(l, "ENVELOPE "))
        item = ITEM_ENVELOPE, len = 8;
    else if (ilex_stands(l, "BODYSTRUCTURE "))
        item = ITEM_STRUCTURE, len = 13;
    l->p += len;
    return item;
}

static enum item take_item(struct ilex *l)
{
    const uint8_t *from = l->p;
    const uint8_t *p;
    enum item usual = take_usual_item(l);

    if (usual != ITEM_UNKNOWN)
        return usual;
    for (p = from; ilex_is(*p, ILEX_NAME);)
        p++;
    l->p = p;
    return item_of(from, (size_t)(p - from));
}

static int read_value(struct ilex *l, struct fetch *x, enum item item)
{
    ilex_spaces(l);
    switch (item) {
    case ITEM_UID:
        return read_uid(l, x->f);
    case ITEM_FLAGS:
        return read_flags(l, x);
    case ITEM_MODSEQ:
        return read_modseq(l, x->f);
    case ITEM_SIZE:
        return read_rfc822_size(l, x->f);
    case ITEM_DATE:
        return read_internal_date(l, x->f);
    case ITEM_ENVELOPE:
        return read_envelope(l, x->f);
    case ITEM_STRUCTURE:
        return read_body(l, x->f, MLA_IMAP_ITEM_BODYSTRUCTURE);
    default:
        return read_body(l, x->f, MLA_IMAP_ITEM_BODY);
    }
}

/* Goes over an item that is not known or cannot be read: its name with all in brackets, and one
 * value. AOL and others have items of their own. */
static int skip_item(struct ilex *l)
{
    const uint8_t *from = l->p;
    mla_str ignored;

    while (ilex_is(*l->p, ILEX_ATOM) && *l->p != '[')
        l->p++;
    if (*l->p == '[' && imap_read_section_name(l, &ignored) == 0)
        while (ilex_is(*l->p, ILEX_ATOM))
            l->p++;
    if (l->p == from)
        return ilex_skip(l); /* a value without a name */
    ilex_spaces(l);
    return *l->p == ')' ? 0 : ilex_skip(l);
}

static int read_item(struct ilex *l, struct fetch *x)
{
    const uint8_t *from = l->p;
    enum item item;
    int rc;

    if (ilex_stands(l, "UID ")) { /* nearly all answers have it */
        l->p += 4;
        return read_value(l, x, ITEM_UID);
    }
    item = take_item(l);

    switch (item) {
    case ITEM_BODY:
        if (*l->p == '[')
            return read_section(l, x, MLA_IMAP_SECTION_BODY, "");
        break;
    case ITEM_BINARY:
        if (*l->p == '[')
            return read_section(l, x, MLA_IMAP_SECTION_BINARY, "");
        return ILEX_BAD;
    case ITEM_RFC822:
        return read_section(l, x, MLA_IMAP_SECTION_RFC822, "");
    case ITEM_HEADER:
        return read_section(l, x, MLA_IMAP_SECTION_RFC822, "HEADER");
    case ITEM_TEXT:
        return read_section(l, x, MLA_IMAP_SECTION_RFC822, "TEXT");
    case ITEM_UNKNOWN:
        l->p = from;
        rc = imap_read_fetch_more(l, x->f, &x->more);
        return rc > 0 ? 0 : rc == 0 ? skip_item(l) : rc;
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
        if (skip_item(l) != 0)
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

static int read_items(struct ilex *l, uint32_t seq, uint32_t uid, struct mla_imap_event *ev)
{
    struct fetch x = {.f = NULL};

    ilex_spaces(l);
    if (!ilex_take(l, '('))
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
    for (;;) {
        const uint8_t *from;
        size_t cut = l->cut;
        int rc;

        ilex_spaces(l);
        from = l->p;
        if (ilex_take(l, ')')) {
            ilex_spaces(l);
            if (!ilex_at_end(l)) {
                l->p = l->end;
                ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
            }
            break;
        }
        if (ilex_at_end(l)) {
            ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->base);
            break;
        }
        rc = read_item(l, &x);
        if (rc == MLA_E_NOMEM)
            return rc;
        if (rc != 0)
            rc = recover(l, &x, from, cut, rc);
        if (rc != 0)
            return rc;
    }
    for (struct section *s = x.first; s != NULL; s = s->next)
        s->pub.uid = x.f->uid; /* which may have come behind the section */
    ev->fetch = x.f;
    ev->type = MLA_IMAP_EV_FETCH;
    return 0;
}

int imap_read_fetch(struct ilex *l, uint32_t seq, struct mla_imap_event *ev)
{
    return read_items(l, seq, 0, ev);
}

int imap_read_uidfetch(struct ilex *l, uint32_t uid, struct mla_imap_event *ev)
{
    return read_items(l, 0, uid, ev);
}

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
    enum item item = take_item(l);
    uint64_t uid;

    s->name = ilex_slice(from, from);
    s->has_origin = 0;
    s->origin = 0;
    if (item == ITEM_UID) {
        ilex_spaces(l);
        if (ilex_number(l, UINT32_MAX, &uid) == 0)
            s->uid = (uint32_t)uid;
        return 0;
    }
    if (item == ITEM_RFC822 || item == ITEM_HEADER || item == ITEM_TEXT) {
        s->kind = MLA_IMAP_SECTION_RFC822;
        if (item != ITEM_RFC822)
            s->name = ilex_slice(from + 7, l->p);
    } else if ((item == ITEM_BODY || item == ITEM_BINARY) && *l->p == '[') {
        int rc = imap_read_section_name(l, &s->name);

        if (rc == 0)
            rc = read_origin(l, s);
        if (rc != 0)
            return rc;
        s->kind = item == ITEM_BODY ? MLA_IMAP_SECTION_BODY : MLA_IMAP_SECTION_BINARY;
    } else {
        l->p = from;
        return skip_item(l);
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
