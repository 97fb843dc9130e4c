/* address.c - see address.h */
#include "mime/address.h"

#include "mailaccess/types.h"
#include "mime/encword.h"
#include "mime/lex822.h"
#include "mime/text.h"

#include <string.h>

struct reader {
    struct address_list *list;
    struct slice s;
    const uint8_t *start;
    uint64_t base;
    struct warn_set *warn;
    struct address_limits limits;
    struct buf phrase; /* words with one space where white space was: a display name */
    struct buf local;  /* the same words without white space: a local part */
    struct buf domain;
    struct buf text; /* decoded name */
    struct buf tmp;
    struct slice comment;   /* the last one in this address */
    size_t words;           /* in phrase */
    int gap;                /* two of them have white space and no dot between: no local part */
    int quoted;             /* one of them is a quoted string */
    size_t ats;             /* "@" in this address outside of quotes */
    size_t last_local;      /* where the last word behind white space begins, in local ... */
    size_t last_phrase;     /* ... and in phrase */
    size_t lone;            /* how many names without an address came directly before */
    const uint8_t *lone_at; /* the first of them */
    int close;              /* what ends an address in brackets */
    int carry;              /* phrase holds the name of an address that begins without a comma */
    int no_quotes;          /* a quote was not closed: this and all behind it are ordinary */
    int in_group;
    int full; /* the limit was reached */
    int rc;
};

void address_init(struct address_list *l, const struct mem *mem)
{
    memset(l, 0, sizeof *l);
    l->mem = mem;
}

void address_free(struct address_list *l)
{
    mem_free(l->mem, l->items);
    arena_free(&l->arena);
    l->items = NULL;
    l->count = l->cap = 0;
}

static void warn(struct reader *r, int code, const uint8_t *at)
{
    warn_add(r->warn, code, r->base + (uint64_t)(at - r->start));
}

/* Empties a buffer without losing that it had failed. */
static void reset(struct reader *r, struct buf *b)
{
    if (r->rc == 0)
        r->rc = b->failed;
    buf_clear(b);
}

static mla_address *add_item(struct reader *r)
{
    struct address_list *l = r->list;

    if (l->count >= r->limits.max_addresses) {
        warn(r, MLA_MIME_WARN_LIMIT_ADDRESSES, r->s.p);
        r->full = 1;
        return NULL;
    }
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? 4 : l->cap * 2;
        mla_address *p = mem_resize_array(l->mem, l->items, cap, sizeof *p);

        if (p == NULL) {
            r->rc = MLA_E_NOMEM;
            return NULL;
        }
        l->items = p;
        l->cap = cap;
    }
    memset(&l->items[l->count], 0, sizeof l->items[0]);
    return &l->items[l->count++];
}

/* Copies UTF-8 text into the list. */
static void set_text(struct reader *r, mla_str *out, const struct buf *b)
{
    if (b->failed != 0)
        r->rc = b->failed;
    if (b->len == 0 || r->rc != 0)
        return;
    out->ptr = arena_dup(&r->list->arena, b->ptr, b->len);
    if (out->ptr == NULL)
        r->rc = MLA_E_NOMEM;
    else
        out->len = b->len;
}

/* Raw octets of an addr-spec: made valid UTF-8, not decoded. */
static void set_raw(struct reader *r, mla_str *out, const struct buf *b)
{
    if (b->failed != 0)
        r->rc = b->failed;
    reset(r, &r->text);
    text_add_guess(&r->text, &r->tmp, b->ptr, b->len, NULL);
    set_text(r, out, &r->text);
}

static void set_name(struct reader *r, mla_str *out, const struct buf *raw)
{
    if (raw->failed != 0)
        r->rc = raw->failed;
    reset(r, &r->text);
    encword_decode(raw->ptr, raw->len, r->limits.max_words, &r->text, r->warn, r->base);
    set_text(r, out, &r->text);
}

/* The name in a comment, "user@host (Name)": RFC 822's way. */
static void set_comment_name(struct reader *r, mla_str *out)
{
    if (r->comment.p == NULL)
        return;
    reset(r, &r->phrase);
    lex_comment_text(r->comment, &r->phrase);
    set_name(r, out, &r->phrase);
}

static void begin(struct reader *r)
{
    reset(r, &r->phrase);
    reset(r, &r->local);
    reset(r, &r->domain);
    r->comment.p = NULL;
    r->words = 0;
    r->gap = 0;
    r->quoted = 0;
    r->ats = 0;
    r->last_local = r->last_phrase = 0;
}

/* Names without an address that turn out to belong to none. */
static void end_lone(struct reader *r)
{
    if (r->lone != 0)
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, r->lone_at);
    r->lone = 0;
}

static int is_stop(int c)
{
    return c < 0 || strchr("<>,;:@", c) != NULL;
}

static int ends_in_dot(const struct buf *b)
{
    return b->len != 0 && b->ptr[b->len - 1] == '.';
}

/* Exchange's "Name [SMTP:a@b]", and what Outlook made of it: "Name [mailto:a@b]". */
static size_t bracket_prefix(const struct slice *s)
{
    static const char *const prefixes[] = {"[SMTP:", "[mailto:"};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (ascii_starts(s->p, slice_left(s), prefixes[i]))
            return strlen(prefixes[i]);
    return 0;
}

/* A quoted string, or a quote that nothing closes and that therefore is none. */
static void read_quoted(struct reader *r)
{
    struct slice from = r->s;
    size_t local = r->local.len;
    const uint8_t *text;

    if (!r->no_quotes) {
        if (lex_quoted(&r->s, &r->local)) {
            r->quoted = 1;
            text = r->local.ptr + local;
            if (r->local.failed == 0 && r->local.len != local) {
                buf_add(&r->phrase, text, r->local.len - local);
                if (r->local.len - local > 1 && memcmp(text, "=?", 2) == 0)
                    warn(r, MLA_MIME_WARN_QUOTED_WORD, from.p);
            }
            return;
        }
        r->s = from;
        if (r->local.failed == 0)
            r->local.len = local;
        r->no_quotes = 1;
    }
    warn(r, MLA_MIME_WARN_BAD_ADDRESS, r->s.p);
    r->s.p++;
}

/* Words up to a character that decides what they are. */
static void read_words(struct reader *r)
{
    for (;;) {
        size_t skipped = lex_skip_cfws(&r->s, &r->comment);
        int c = slice_peek(&r->s);

        if ((is_stop(c) && c != '\0') || (c == '[' && bracket_prefix(&r->s) != 0))
            return;
        if (skipped != 0) {
            r->last_local = r->local.len;
            r->last_phrase = r->phrase.len;
        }
        if (skipped != 0 && r->phrase.len != 0)
            buf_add_byte(&r->phrase, ' ');
        if (r->words++ != 0 && skipped != 0 && c != '.' && !ends_in_dot(&r->local))
            r->gap = 1;
        if (c == '"') {
            read_quoted(r);
        } else if (lex_is_atom(c)) {
            struct slice atom = lex_atom(&r->s);

            buf_add(&r->phrase, atom.p, slice_left(&atom));
            buf_add(&r->local, atom.p, slice_left(&atom));
        } else { /* a character that has no place here: part of the word */
            warn(r, MLA_MIME_WARN_BAD_ADDRESS, r->s.p);
            buf_add_byte(&r->phrase, *r->s.p);
            buf_add_byte(&r->local, *r->s.p++);
        }
    }
}

/* Section 3.4.1, domain-literal: to its "]" or to where it cannot go on. */
static void read_literal(struct reader *r)
{
    while (r->s.p < r->s.end && strchr("<>,;", *r->s.p) == NULL) {
        int c = *r->s.p++;

        if (!ascii_is_space(c))
            buf_add_byte(&r->domain, (uint8_t)c);
        if (c == ']')
            break;
    }
}

/* Behind "@": the domain, and a second "@" with what follows it, which makes the whole no address
 * (X13). */
static void read_domain(struct reader *r)
{
    r->ats++;
    for (;;) {
        int c;

        lex_skip_cfws(&r->s, &r->comment);
        c = slice_peek(&r->s);
        if (c < 0 || (c != 0 && strchr("<>,;", c) != NULL) || c == r->close)
            return;
        if (c == '@')
            r->ats++;
        if (c == '[') {
            read_literal(r);
        } else if (c == '"') {
            warn(r, MLA_MIME_WARN_BAD_ADDRESS, r->s.p);
            if (r->no_quotes || !lex_quoted(&r->s, &r->domain))
                r->no_quotes = 1;
            r->s.p += slice_peek(&r->s) == '"';
        } else if (lex_is_atom(c)) {
            struct slice atom = lex_atom(&r->s);

            buf_add(&r->domain, atom.p, slice_left(&atom));
        } else {
            buf_add_byte(&r->domain, *r->s.p++);
        }
    }
}

static void set_spec(struct reader *r, mla_address *a, const uint8_t *at)
{
    if (r->ats == 1 && !r->gap && r->local.len != 0 && r->domain.len != 0) {
        set_raw(r, &a->mailbox, &r->local);
        set_raw(r, &a->host, &r->domain);
        return;
    }
    warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
    if (r->ats != 0) {
        buf_add_byte(&r->phrase, '@');
        if (r->domain.len != 0)
            buf_add(&r->phrase, r->domain.ptr, r->domain.len);
    }
    set_raw(r, &a->mailbox, &r->phrase);
}

/* Section 4.4, obs-route: "@a,@b:" is passed over. 1 when one stood here. */
static int skip_route(struct reader *r)
{
    struct slice s = r->s;

    for (;;) {
        lex_skip_cfws(&s, NULL);
        if (slice_take(&s, ','))
            continue;
        if (slice_take(&s, ':')) {
            r->s = s;
            return 1;
        }
        if (!slice_take(&s, '@'))
            return 0;
        while (s.p < s.end && (lex_is_atom(*s.p) || strchr("[]", *s.p) != NULL) && *s.p != '@')
            s.p++;
    }
}

/* "Doe, John <a@b>": words before a comma that have no address are part of the name, unless they
 * are quoted. At most two commas, and only directly before. */
static void join_names(struct reader *r, mla_address *a)
{
    struct address_list *l = r->list;
    size_t n = r->lone < 2 ? r->lone : 2;
    size_t first = l->count - 1 - n;

    if (n == 0 || r->quoted || a->name.len == 0 || a->host.len == 0 || r->rc != 0) {
        end_lone(r);
        return;
    }
    r->lone -= n;
    end_lone(r); /* there were more */
    reset(r, &r->text);
    for (size_t i = first; i < first + n; i++) {
        const mla_str *part = l->items[i].name.len != 0 ? &l->items[i].name : &l->items[i].mailbox;

        buf_add(&r->text, part->ptr, part->len);
        buf_add(&r->text, ", ", 2);
    }
    buf_add(&r->text, a->name.ptr, a->name.len);
    set_text(r, &a->name, &r->text);
    l->items[first] = *a;
    l->count = first + 1;
    warn(r, MLA_MIME_WARN_UNQUOTED_NAME, r->s.p);
}

/* What comes behind the bracket: nothing, a comment that may be the name, text that belongs to no
 * address, or another address without a comma before it. */
static void behind_angle(struct reader *r, mla_address *a, int closed, const uint8_t *at)
{
    reset(r, &r->phrase);
    r->comment.p = NULL;
    for (;;) {
        int c;

        read_words(r);
        c = slice_peek(&r->s);
        if (c < 0 || (c != 0 && strchr(",;", c) != NULL))
            break;
        if (c == '<' && closed) {
            warn(r, MLA_MIME_WARN_ADDRESS_SEPARATOR, r->s.p);
            r->carry = 1;
            return;
        }
        if (c == '>')
            warn(r, MLA_MIME_WARN_ADDRESS_BRACKET, r->s.p);
        r->s.p++;
    }
    if (r->phrase.len != 0)
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
    if (a->name.len == 0)
        set_comment_name(r, &a->name);
}

/* "<mailto:a@b>", "<SMTP:a@b>" */
static void skip_scheme(struct reader *r)
{
    if (slice_take_word(&r->s, "mailto:") || slice_take_word(&r->s, "SMTP:"))
        warn(r, MLA_MIME_WARN_OBSOLETE_ADDRESS, r->s.p);
}

static void open_angle(struct reader *r)
{
    size_t prefix = bracket_prefix(&r->s);

    r->close = '>';
    if (prefix != 0) {
        warn(r, MLA_MIME_WARN_ADDRESS_BRACKET, r->s.p);
        r->close = ']';
        r->s.p += prefix;
        return;
    }
    r->s.p++;
    lex_skip_cfws(&r->s, NULL);
    while (slice_peek(&r->s) == '<') { /* "<<a@b>>" */
        warn(r, MLA_MIME_WARN_ADDRESS_BRACKET, r->s.p);
        r->s.p++;
        lex_skip_cfws(&r->s, NULL);
    }
    skip_scheme(r);
    if (slice_peek(&r->s) == '@' && skip_route(r))
        warn(r, MLA_MIME_WARN_OBSOLETE_ADDRESS, r->s.p);
}

/* At "<": section 3.4, angle-addr; the display name is in phrase. */
static void read_angle(struct reader *r, mla_address *a)
{
    const uint8_t *at = r->s.p;
    int quoted = r->quoted;
    int closed;

    set_name(r, &a->name, &r->phrase);
    reset(r, &r->phrase);
    reset(r, &r->local);
    reset(r, &r->domain);
    r->ats = 0;
    r->words = 0;
    r->gap = 0;
    open_angle(r);
    for (;;) {
        read_words(r);
        if (slice_peek(&r->s) != ':') /* a colon has no place in a local part: kept, not an end */
            break;
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, r->s.p);
        buf_add_byte(&r->phrase, ':');
        buf_add_byte(&r->local, *r->s.p++);
    }
    if (slice_take(&r->s, '@'))
        read_domain(r);
    closed = slice_take(&r->s, r->close);
    r->close = '>';
    if (!closed)
        warn(r, MLA_MIME_WARN_ADDRESS_BRACKET, at);
    set_spec(r, a, at);
    r->quoted = quoted;
    behind_angle(r, a, closed, at);
    join_names(r, a);
}

/* Words that ended at a comma, a semicolon or the end: an address without a host, or a name without
 * an address. */
static void lone_words(struct reader *r, const uint8_t *at)
{
    mla_address *a;

    if (r->words == 0)
        return;
    a = add_item(r);
    if (a == NULL)
        return;
    if (r->quoted) {
        end_lone(r);
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
    } else if (r->lone++ == 0) {
        r->lone_at = at;
    }
    if (r->words == 1 && !r->quoted && !ascii_starts(r->local.ptr, r->local.len, "=?")) {
        set_raw(r, &a->mailbox, &r->local);
        set_comment_name(r, &a->name);
    } else {
        set_name(r, &a->name, &r->phrase);
    }
}

static void add_marker(struct reader *r, uint32_t kind, int named)
{
    mla_address *a = add_item(r);

    end_lone(r);
    if (a == NULL)
        return;
    a->kind = kind;
    if (named)
        set_name(r, &a->name, &r->phrase);
}

static void end_group(struct reader *r)
{
    if (r->in_group)
        add_marker(r, MLA_ADDRESS_GROUP_END, 0);
    r->in_group = 0;
}

/* "John Doe john@b>": the "<" is missing. The last word is the local part, those before it are the
 * name. */
static void missing_open(struct reader *r, mla_address *a, const uint8_t *at)
{
    warn(r, MLA_MIME_WARN_ADDRESS_BRACKET, at);
    r->s.p++;
    if (r->ats != 1 || !r->gap || r->local.failed != 0 || r->phrase.failed != 0 ||
        r->last_local >= r->local.len) {
        set_spec(r, a, at);
        return;
    }
    memmove(r->local.ptr, r->local.ptr + r->last_local, r->local.len - r->last_local);
    r->local.len -= r->last_local;
    r->gap = 0;
    set_spec(r, a, at);
    r->phrase.len = r->last_phrase;
    set_name(r, &a->name, &r->phrase);
}

/* At "@": the words were a local part, or the whole is a display name that holds an "@". */
static void bare_spec(struct reader *r, const uint8_t *at)
{
    mla_address *a;

    r->s.p++;
    read_domain(r);
    a = add_item(r);
    if (a == NULL)
        return;
    if (slice_peek(&r->s) == '<') {
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
        buf_add_byte(&r->phrase, '@');
        buf_add(&r->phrase, r->domain.ptr, r->domain.len);
        read_angle(r, a);
        return;
    }
    end_lone(r);
    if (slice_peek(&r->s) == '>') {
        missing_open(r, a, at);
        return;
    }
    set_spec(r, a, at);
    if (a->host.len != 0)
        set_comment_name(r, &a->name);
}

/* At ":": a group's name, or a scheme before an address. */
static void at_colon(struct reader *r, const uint8_t *at)
{
    r->s.p++;
    if (r->words == 1 && (ascii_equal_word(r->local.ptr, r->local.len, "mailto") ||
                          ascii_equal_word(r->local.ptr, r->local.len, "SMTP"))) {
        warn(r, MLA_MIME_WARN_OBSOLETE_ADDRESS, at);
        return;
    }
    if (r->in_group)
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
    end_group(r);
    add_marker(r, MLA_ADDRESS_GROUP_BEGIN, 1);
    r->in_group = 1;
}

static void read_one(struct reader *r)
{
    const uint8_t *at;
    mla_address *a;

    if (!r->carry) {
        begin(r);
        read_words(r);
    }
    r->carry = 0;
    at = r->s.p;
    switch (slice_peek(&r->s)) {
    case '[':
    case '<':
        a = add_item(r);
        if (a != NULL)
            read_angle(r, a);
        break;
    case '@':
        bare_spec(r, at);
        break;
    case ':':
        at_colon(r, at);
        break;
    case ';':
        lone_words(r, at);
        if (!r->in_group && r->list->count != 0)
            warn(r, MLA_MIME_WARN_ADDRESS_SEPARATOR, at);
        end_group(r);
        end_lone(r);
        r->s.p++;
        break;
    case '>':
        warn(r, MLA_MIME_WARN_BAD_ADDRESS, at);
        lone_words(r, at);
        end_lone(r);
        r->s.p++;
        break;
    default: /* a comma or the end */
        lone_words(r, at);
        slice_take(&r->s, ',');
    }
}

int address_parse(struct address_list *l, const uint8_t *p, size_t n,
                  const struct address_limits *limits, struct warn_set *w, uint64_t base)
{
    size_t max = n < SIZE_MAX / 64 ? n * 48 + 4096 : SIZE_MAX;
    struct reader r;

    memset(&r, 0, sizeof r);
    r.list = l;
    r.s = slice_of(p, n);
    r.start = p;
    r.base = base;
    r.warn = w;
    r.limits = *limits;
    r.close = '>';
    arena_init(&l->arena, l->mem, max);
    buf_init(&r.phrase, l->mem, 2 * n + 16);
    buf_init(&r.local, l->mem, 2 * n + 16);
    buf_init(&r.domain, l->mem, n + 16);
    buf_init(&r.text, l->mem, max);
    buf_init(&r.tmp, l->mem, max);
    while (r.rc == 0 && !r.full && r.s.p < r.s.end)
        read_one(&r);
    if (r.rc == 0 && !r.full)
        end_group(&r);
    end_lone(&r);
    begin(&r);
    buf_free(&r.phrase);
    buf_free(&r.local);
    buf_free(&r.domain);
    buf_free(&r.text);
    buf_free(&r.tmp);
    return r.rc;
}
