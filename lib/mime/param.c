/* param.c - see param.h */
#include "mime/param.h"

#include "base/ascii.h"
#include "base/num.h"
#include "codec/charset.h"
#include "mailaccess/types.h"
#include "mime/chars.h"
#include "mime/encword.h"
#include "mime/lex822.h"
#include "mime/text.h"

#include <string.h>

void param_init(struct param_list *l, const struct mem *mem, size_t max)
{
    memset(l, 0, sizeof *l);
    l->mem = mem;
    l->max = max;
}

void param_free(struct param_list *l)
{
    mem_free(l->mem, l->pieces);
    l->pieces = NULL;
    l->count = l->cap = 0;
}

static void warn(const struct param_list *l, int code, const uint8_t *at)
{
    warn_add(l->warn, code, l->base + (uint64_t)(at - l->start));
}

/* White space, and comments, which RFC 2045 allows here and which few expect. */
static void skip(const struct param_list *l, struct slice *s)
{
    struct slice comment = {NULL, NULL};

    lex_skip_cfws(s, &comment);
    if (comment.p != NULL)
        warn(l, MLA_MIME_WARN_COMMENT, comment.p - 1);
}

static int is_name(uint8_t c)
{
    return char_is(c, CHAR_TOKEN);
}

/* RFC 2231 section 3 and 4: "name*1*", "name*". 0 when what follows the "*" is no section. */
static int split_name(struct param_piece *x)
{
    const uint8_t *star = memchr(x->name, '*', x->name_len);
    const uint8_t *end = x->name + x->name_len;
    uint64_t section;
    size_t digits;

    x->section = -1;
    if (star == NULL)
        return 1;
    x->name_len = (size_t)(star - x->name);
    star++;
    digits = num_parse_prefix(star, (size_t)(end - star), INT32_MAX, &section);
    if (digits != 0) {
        x->section = (int32_t)section;
        star += digits;
    }
    if (digits != 0 && star < end && *star == '*') {
        x->extended = 1;
        star++;
    } else if (digits == 0 && star == end) {
        x->extended = 1;
    }
    return star == end && x->name_len != 0;
}

/* A value without quotes that holds white space, against the grammar: is a new parameter next, its
 * ";" forgotten? */
static int looks_like_parameter(struct slice s)
{
    const uint8_t *from = s.p;

    while (s.p < s.end && is_name(*s.p))
        s.p++;
    return s.p > from && slice_peek(&s) == '=';
}

static void bare_value(const struct param_list *l, struct slice *s, struct param_piece *x)
{
    x->value = s->p;
    while (s->p < s->end && !ascii_is_space(*s->p) && *s->p != ';' && *s->p != '(')
        s->p++;
    x->value_len = (size_t)(s->p - x->value);
    for (;;) {
        const uint8_t *from = s->p;
        struct slice rest;
        struct slice comment = {NULL, NULL};

        lex_skip_cfws(s, &comment);
        rest = *s;
        if (s->p == s->end || *s->p == ';' || looks_like_parameter(rest)) {
            if (comment.p != NULL)
                warn(l, MLA_MIME_WARN_COMMENT, comment.p - 1);
            return;
        }
        /* file names with spaces and parentheses come without quotes */
        warn(l, MLA_MIME_WARN_BAD_PARAMETER, from);
        while (s->p < s->end && !ascii_is_space(*s->p) && *s->p != ';')
            s->p++;
        x->value_len = (size_t)(s->p - x->value);
    }
}

static void quoted_value(const struct param_list *l, struct slice *s, struct param_piece *x)
{
    int closed;

    x->quoted = 1;
    x->value = s->p + 1;
    closed = lex_quoted(s, NULL);
    x->value_len = (size_t)(s->p - x->value) - (closed ? 1 : 0);
    if (!closed)
        warn(l, MLA_MIME_WARN_BAD_PARAMETER, x->value);
}

/* So many pieces are searched from the first to the last. */
enum { FEW = 16 };

static uint32_t hash_of(const uint8_t *p, size_t n)
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint32_t)ascii_lower(p[i])) * 16777619U;
    return h;
}

static int compare_names(const struct param_piece *a, const struct param_piece *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->name_len != b->name_len)
        return a->name_len < b->name_len ? -1 : 1;
    for (size_t i = 0; i < a->name_len; i++)
        if (ascii_lower(a->name[i]) != ascii_lower(b->name[i]))
            return ascii_lower(a->name[i]) < ascii_lower(b->name[i]) ? -1 : 1;
    return 0;
}

static int compare(const struct param_piece *a, const struct param_piece *b)
{
    int c = compare_names(a, b);

    if (c != 0)
        return c;
    if (a->section != b->section)
        return a->section < b->section ? -1 : 1;
    return a->extended - b->extended;
}

static int add_piece(struct param_list *l, struct param_piece *x)
{
    x->first = 1;
    for (size_t i = 0; i < l->count && l->count < FEW; i++) {
        if (l->pieces[i].hash != x->hash || compare_names(&l->pieces[i], x) != 0)
            continue;
        x->first = 0;
        if (compare(&l->pieces[i], x) == 0) {
            warn(l, MLA_MIME_WARN_DUPLICATE_PARAMETER, x->name);
            return 0;
        }
    }
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? 8 : l->cap * 2;
        struct param_piece *p = mem_resize_array(l->mem, l->pieces, cap, sizeof *p);

        if (p == NULL)
            return MLA_E_NOMEM;
        l->pieces = p;
        l->cap = cap;
    }
    l->pieces[l->count++] = *x;
    return 0;
}

/* By name and section; what is the same, as it stands in the field. */
static int is_before(const struct param_piece *x, uint32_t a, uint32_t b)
{
    int c = compare(&x[a], &x[b]);

    return c != 0 ? c < 0 : a < b;
}

static void sift(struct param_piece *x, size_t i, size_t n)
{
    uint32_t moved = x[i].order;

    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && is_before(x, x[child].order, x[child + 1].order))
            child++;
        if (!is_before(x, moved, x[child].order))
            break;
        x[i].order = x[child].order;
    }
    x[i].order = moved;
}

/* Heapsort, in the pieces themselves: whoever writes the names chooses their order and can make
 * any hashes the same, and neither may make this slow (X09). */
static void sort(struct param_list *l)
{
    struct param_piece *x = l->pieces;

    for (size_t i = 0; i < l->count; i++)
        x[i].order = (uint32_t)i;
    for (size_t i = l->count / 2; i-- > 0;)
        sift(x, i, l->count);
    for (size_t n = l->count; n-- > 1;) {
        uint32_t last = x[0].order;

        x[0].order = x[n].order;
        x[n].order = last;
        sift(x, 0, n);
    }
    l->sorted = 1;
}

/* Many pieces: marks those that are the same as one before, and the first of each name. */
static void mark(struct param_list *l)
{
    struct param_piece *x = l->pieces;
    uint32_t first = x[0].order;

    for (size_t i = 0; i < l->count; i++)
        x[i].first = 0;
    for (size_t i = 1; i < l->count; i++) {
        uint32_t at = x[i].order;

        if (compare_names(&x[x[i - 1].order], &x[at]) != 0) {
            x[first].first = 1;
            first = at;
            continue;
        }
        first = at < first ? at : first;
        x[at].duplicate = compare(&x[x[i - 1].order], &x[at]) == 0;
    }
    x[first].first = 1;
    for (size_t i = 0; i < l->count; i++)
        if (x[i].duplicate) {
            warn(l, MLA_MIME_WARN_DUPLICATE_PARAMETER, x[i].name);
            break;
        }
}

/* Behind a ";": one parameter, or nothing. */
static int one(struct param_list *l, struct slice *s)
{
    struct param_piece x;

    memset(&x, 0, sizeof x);
    x.name = s->p;
    while (s->p < s->end && is_name(*s->p))
        s->p++;
    x.name_len = (size_t)(s->p - x.name);
    skip(l, s);
    if (x.name_len == 0 || !slice_take(s, '=')) {
        if (s->p < s->end && (x.name_len != 0 || *s->p != ';'))
            warn(l, MLA_MIME_WARN_BAD_PARAMETER, x.name);
        slice_until(s, ';');
        return 0;
    }
    skip(l, s);
    if (slice_peek(s) == '"')
        quoted_value(l, s, &x);
    else
        bare_value(l, s, &x);
    if (!split_name(&x)) {
        warn(l, MLA_MIME_WARN_BAD_PARAMETER, x.name);
        return 0;
    }
    x.hash = hash_of(x.name, x.name_len);
    return add_piece(l, &x);
}

int param_parse(struct param_list *l, const uint8_t *p, size_t n, struct warn_set *w, uint64_t base)
{
    struct slice s = slice_of(p, n);
    size_t seen = 0;

    l->count = 0;
    l->sorted = 0;
    l->start = p;
    l->base = base;
    l->warn = w;
    skip(l, &s);
    l->value = s.p;
    while (s.p < s.end && !ascii_is_space(*s.p) && *s.p != ';' && *s.p != '(')
        s.p++;
    l->value_len = (size_t)(s.p - l->value);
    skip(l, &s);
    if (s.p < s.end && *s.p != ';') /* "text/plain charset=x": the ";" is missing */
        warn(l, MLA_MIME_WARN_BAD_PARAMETER, s.p);
    while (s.p < s.end) {
        int rc;

        slice_take(&s, ';');
        skip(l, &s);
        if (s.p == s.end)
            break;
        if (seen++ == l->max) {
            warn(l, MLA_MIME_WARN_LIMIT_PARAMS, s.p);
            break;
        }
        rc = one(l, &s);
        if (rc != 0)
            return rc;
        skip(l, &s);
        if (s.p < s.end && *s.p != ';')
            warn(l, MLA_MIME_WARN_BAD_PARAMETER, s.p);
    }
    if (l->count >= FEW) {
        sort(l);
        mark(l);
    }
    return 0;
}

/* Where the first piece is that is not before the key. */
static size_t search(const struct param_list *l, const struct param_piece *key)
{
    size_t low = 0;
    size_t high = l->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&l->pieces[l->pieces[middle].order], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct param_piece key_of(const char *name, int section, int extended)
{
    struct param_piece key;

    memset(&key, 0, sizeof key);
    key.name = (const uint8_t *)name;
    key.name_len = strlen(name);
    key.hash = hash_of(key.name, key.name_len);
    key.section = section;
    key.extended = (uint8_t)extended;
    return key;
}

static const struct param_piece *find(const struct param_list *l, const char *name, int section,
                                      int extended)
{
    if (l->sorted) {
        struct param_piece key = key_of(name, section, extended);
        size_t at = search(l, &key);
        const struct param_piece *x = at < l->count ? &l->pieces[l->pieces[at].order] : NULL;

        return x != NULL && compare(x, &key) == 0 ? x : NULL;
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct param_piece *x = &l->pieces[i];

        if (x->section == section && x->extended == extended &&
            ascii_equal_word(x->name, x->name_len, name))
            return x;
    }
    return NULL;
}

/* A section, in the form with percent signs if there are both; they are asked for in order from 0.
 * *next is for this function: where many are sorted, the next section is behind this one. */
static const struct param_piece *find_section(const struct param_list *l, const char *name,
                                              int section, size_t *next)
{
    const struct param_piece *found = NULL;
    struct param_piece key;

    if (!l->sorted) {
        found = find(l, name, section, 1);
        return found != NULL ? found : find(l, name, section, 0);
    }
    key = key_of(name, section, 0);
    if (section == 0)
        *next = search(l, &key);
    for (; *next < l->count; ++*next) {
        const struct param_piece *x = &l->pieces[l->pieces[*next].order];

        if (x->section != section || compare_names(x, &key) != 0)
            break;
        if (!x->duplicate)
            found = x;
    }
    return found;
}

/* Quoted pairs undone, line ends of folding gone. */
static void add_plain(const struct param_piece *x, struct buf *out)
{
    const uint8_t *p = x->value;
    const uint8_t *end = p + x->value_len;

    while (p < end) {
        const uint8_t *from = p;

        while (p < end && *p != '\r' && *p != '\n' && (*p != '\\' || !x->quoted))
            p++;
        buf_add(out, from, (size_t)(p - from));
        if (p == end)
            break;
        if (*p == '\\')
            buf_add_byte(out, p + 1 < end ? *++p : *p);
        p++;
    }
}

static void add_percent(const uint8_t *p, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%' && n - i >= 3 && ascii_hex(p[i + 1]) >= 0 && ascii_hex(p[i + 2]) >= 0) {
            buf_add_byte(out, (uint8_t)(ascii_hex(p[i + 1]) << 4 | ascii_hex(p[i + 2])));
            i += 2;
        } else if (p[i] != '\r' && p[i] != '\n') {
            buf_add_byte(out, p[i]);
        }
    }
}

/* RFC 2231 section 4: charset'language'value. Some write one quote only, which counts behind the
 * name of a character set. Returns where the value begins. */
static size_t take_charset(const struct param_list *l, const struct param_piece *x,
                           const uint8_t **charset, size_t *len)
{
    const uint8_t *first = memchr(x->value, '\'', x->value_len);
    const uint8_t *second;

    if (first == NULL)
        return 0;
    second = memchr(first + 1, '\'', x->value_len - (size_t)(first + 1 - x->value));
    if (second == NULL) {
        if (charset_find((const char *)x->value, (size_t)(first - x->value)) == NULL)
            return 0;
        warn(l, MLA_MIME_WARN_BAD_PARAMETER, first);
        second = first;
    }
    *charset = x->value;
    *len = (size_t)(first - x->value);
    return (size_t)(second + 1 - x->value);
}

static void add_piece_octets(const struct param_piece *x, size_t from, struct buf *out)
{
    if (x->extended)
        add_percent(x->value + from, x->value_len - from, out);
    else
        add_plain(x, out);
}

/* Sections in order. A gap ends the value (X07). */
static void add_sections(const struct param_list *l, const char *name, size_t first_from,
                         struct buf *out)
{
    size_t next = 0;

    for (int32_t section = 0;; section++) {
        const struct param_piece *x = find_section(l, name, section, &next);

        if (x == NULL)
            break;
        add_piece_octets(x, section == 0 ? first_from : 0, out);
    }
}

/* Pieces of a parameter that are not part of its value: something before them is missing. */
static void check_pieces(const struct param_list *l, const char *name)
{
    int32_t last = -1;
    int32_t gap = 0;
    size_t next = 0;

    while (find_section(l, name, gap, &next) != NULL)
        gap++;
    for (size_t i = 0; i < l->count; i++) {
        const struct param_piece *x = &l->pieces[i];

        if (x->section < 0 || x->duplicate || !ascii_equal_word(x->name, x->name_len, name))
            continue;
        if (x->section > gap || x->section < last)
            warn(l, MLA_MIME_WARN_PARAMETER_PIECES, x->name);
        last = x->section;
    }
}

/* 2: the octets are in *charset (which may be empty), 1: a plain value, 0: not there.
 * The form of RFC 2231 counts where both are given. */
static int collect(const struct param_list *l, const char *name, struct buf *out,
                   const uint8_t **charset, size_t *charset_len)
{
    const struct param_piece *x = find(l, name, -1, 1);
    size_t from = 0;

    if (x != NULL) {
        from = take_charset(l, x, charset, charset_len);
        add_piece_octets(x, from, out);
        return *charset != NULL ? 2 : 1;
    }
    x = find(l, name, 0, 1);
    if (x != NULL)
        from = take_charset(l, x, charset, charset_len);
    if (x != NULL || find(l, name, 0, 0) != NULL) {
        add_sections(l, name, from, out);
        return *charset != NULL ? 2 : 1;
    }
    x = find(l, name, -1, 0);
    if (x == NULL)
        return 0;
    add_plain(x, out);
    return 1;
}

/* Where the same name comes in two forms. */
static const struct param_piece *first_of(const struct param_piece *a, const struct param_piece *b)
{
    return a == NULL || (b != NULL && b->name < a->name) ? b : a;
}

/* These decide how a message is taken apart, so the form counts that comes first, which is what
 * others take: parts must not be seen by some and not by others. */
int param_octets(const struct param_list *l, const char *name, struct buf *out)
{
    const struct param_piece *plain = find(l, name, -1, 0);
    const struct param_piece *other =
        first_of(find(l, name, -1, 1), first_of(find(l, name, 0, 1), find(l, name, 0, 0)));
    const uint8_t *charset = NULL;
    size_t len = 0;
    int rc = 1;

    if (plain != NULL && other != NULL)
        warn(l, MLA_MIME_WARN_DUPLICATE_PARAMETER,
             first_of(plain, other) == plain ? other->name : plain->name);
    if (plain != NULL && first_of(plain, other) == plain)
        add_plain(plain, out);
    else
        rc = collect(l, name, out, &charset, &len);
    if (out->failed != 0)
        return out->failed;
    return rc != 0;
}

static int has_high(const struct buf *b)
{
    for (size_t i = 0; i < b->len; i++)
        if (b->ptr[i] >= 0x80)
            return 1;
    return 0;
}

static int has_word(const struct buf *b)
{
    for (size_t i = 0; i + 6 < b->len; i++)
        if (b->ptr[i] == '=' && b->ptr[i + 1] == '?')
            return 1;
    return 0;
}

/* A value that is no RFC 2231: what senders do instead. */
static int add_guessed(const struct param_list *l, const struct param_how *how,
                       const struct buf *octets, struct buf *out)
{
    if (has_word(octets))
        warn(l, MLA_MIME_WARN_ENCODED_PARAMETER, l->start);
    if (has_high(octets))
        warn(l, MLA_MIME_WARN_RAW_PARAMETER, l->start);
    return encword_decode_in(octets->ptr, octets->len, how->charset, how->max_words, out, l->warn,
                             l->base);
}

static void warn_text(const struct param_list *l, uint32_t flags)
{
    if (flags & CHARSET_UNKNOWN)
        warn(l, MLA_MIME_WARN_UNKNOWN_CHARSET, l->start);
    if (flags & CHARSET_INVALID)
        warn(l, MLA_MIME_WARN_INVALID_TEXT, l->start);
    if (flags & CHARSET_UTF7)
        warn(l, MLA_MIME_WARN_UTF7, l->start);
}

/* Where "name" stands beside what was read from "name*": do they say the same? */
static int compare_plain(const struct param_list *l, const char *name, const struct param_how *how,
                         const struct buf *out)
{
    const struct param_piece *x = find(l, name, -1, 0);
    struct buf octets;
    struct buf text;
    int rc;

    if (x == NULL || l->warn == NULL ||
        (find(l, name, -1, 1) == NULL && find(l, name, 0, 0) == NULL &&
         find(l, name, 0, 1) == NULL))
        return 0;
    buf_init(&octets, l->mem, SIZE_MAX / 16);
    buf_init(&text, l->mem, SIZE_MAX / 2);
    add_plain(x, &octets);
    rc = octets.failed != 0 ? octets.failed : add_guessed(l, how, &octets, &text);
    if (rc == 0 &&
        (text.len != out->len || (text.len != 0 && memcmp(text.ptr, out->ptr, text.len) != 0)))
        warn(l, MLA_MIME_WARN_PARAMETER_CONFLICT, x->name);
    buf_free(&octets);
    buf_free(&text);
    return rc;
}

int param_text_in(const struct param_list *l, const char *name, const struct param_how *how,
                  struct buf *out)
{
    const uint8_t *charset = NULL;
    size_t len = 0;
    uint32_t flags = 0;
    struct buf octets;
    struct buf tmp;
    int found;
    int rc = 0;

    buf_init(&octets, l->mem, SIZE_MAX / 16);
    buf_init(&tmp, l->mem, SIZE_MAX / 2);
    found = collect(l, name, &octets, &charset, &len);
    check_pieces(l, name);
    if (octets.failed != 0)
        rc = octets.failed;
    else if (found == 1)
        rc = add_guessed(l, how, &octets, out);
    else if (found == 2)
        rc = text_add_charset(out, &tmp, NULL, (const char *)charset, len, octets.ptr, octets.len,
                              &flags);
    warn_text(l, flags);
    buf_free(&octets);
    buf_free(&tmp);
    if (rc == 0 && found != 0)
        rc = compare_plain(l, name, how, out);
    return rc != 0 ? rc : found != 0;
}

int param_text(const struct param_list *l, const char *name, uint32_t max_words, struct buf *out)
{
    struct param_how how = {NULL, max_words};

    return param_text_in(l, name, &how, out);
}
