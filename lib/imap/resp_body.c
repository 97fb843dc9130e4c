/* resp_body.c - BODY and BODYSTRUCTURE (RFC 9051 section 7.5.2 and section 9, body).
 *
 * A part may hold parts, or a message that is a part. No recursion: the part that is open has a
 * pointer to the one around it. Servers get this answer wrong more than any other, so the reader
 * looks at the shape of what comes; a part whose fields make no sense keeps those read so far. */
#include "imap/resp_read.h"
#include "imap/strict.h"

#include "base/num.h"

struct part {
    mla_imap_body pub; /* first: a part is known by this address, too */
    struct part *up;
    struct part *last; /* its last child */
    size_t level;
};

static int part_new(struct ilex *l, struct part *up, struct part **out)
{
    struct part *n;

    if (up != NULL && up->level + 1 >= l->opts->depth_max)
        return ILEX_OVER;
    n = ilex_alloc(l, sizeof *n);
    if (n == NULL)
        return ilex_no_memory(l);
    n->pub.struct_size = sizeof n->pub;
    n->up = up;
    *out = n;
    if (up == NULL)
        return 0;
    n->level = up->level + 1;
    n->pub.parent = &up->pub;
    if (up->last != NULL)
        up->last->pub.next = &n->pub;
    else
        up->pub.child = &n->pub;
    up->last = n;
    up->pub.child_count++;
    return 0;
}

static int equal(mla_str s, const char *word)
{
    return s.ptr != NULL && ascii_equal_word(s.ptr, s.len, word);
}

static mla_str text(const char *word)
{
    mla_str s = {word, strlen(word)};

    return s;
}

static int is_one_of(mla_str s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (equal(s, words[i]))
            return 1;
    return 0;
}

static int is_multipart_subtype(mla_str s)
{
    static const char *const words[] = {"ALTERNATIVE", "MIXED",     "RELATED",    "SIGNED",
                                        "REPORT",      "ENCRYPTED", "DIGEST",     "APPLEDOUBLE",
                                        "PARALLEL",    "FORM-DATA", "BYTERANGES", "MULTILINGUAL"};

    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

static int is_top_type(mla_str s)
{
    static const char *const words[] = {"TEXT",    "IMAGE", "AUDIO", "VIDEO",    "APPLICATION",
                                        "MESSAGE", "FONT",  "MODEL", "MULTIPART"};

    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

/* RFC 9051 section 9, body-fld-param: names and values. Exchange puts more parentheses around them;
 * Domino forgets the last value; a NIL boundary is an empty one. */
static int read_params(struct ilex *l, const mla_str **out, size_t *out_count)
{
    struct ilex_words w;
    size_t depth = 1;
    int rc = 0;

    if (*l->p != '(') {
        mla_str ignored;

        return ilex_nstring(l, &ignored);
    }
    l->p++;
    ilex_words_init(&w);
    while (rc == 0) {
        mla_str s;

        ilex_spaces(l);
        if (ilex_take(l, '(')) {
            depth++;
        } else if (ilex_take(l, ')')) {
            if (--depth == 0)
                break;
        } else {
            rc = ilex_nstring(l, &s);
            if (rc == 0 && s.ptr == NULL)
                s.ptr = "";
            if (rc == 0)
                rc = ilex_words_add(l, &w, s);
        }
    }
    if (rc == 0 && w.count % 2 != 0)
        rc = ilex_words_add(l, &w, text(""));
    if (rc == 0)
        rc = imap_join_params(l, &w);
    return rc != 0 ? rc : ilex_words_done(l, &w, out, out_count);
}

/* body-fld-lang: nstring or a list. NIL in it is skipped. */
static int read_languages(struct ilex *l, mla_imap_body *b)
{
    struct ilex_words w;
    mla_str s;
    int rc;

    ilex_words_init(&w);
    if (*l->p == '(') {
        rc = imap_read_word_list(l, &w);
    } else {
        rc = ilex_nstring(l, &s);
        if (rc == 0 && s.ptr != NULL)
            rc = ilex_words_add(l, &w, s);
    }
    return rc != 0 ? rc : ilex_words_done(l, &w, &b->languages, &b->language_count);
}

/* Exchange puts a quoted string into a quoted string. */
static mla_str trim_quotes(mla_str s)
{
    if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"') {
        s.ptr++;
        s.len -= 2;
    }
    return s;
}

/* body-fld-dsp. Exchange sends the word alone, or NIL in its place in the list. */
static int read_disposition(struct ilex *l, mla_imap_body *b)
{
    mla_str s;
    int rc;

    if (*l->p != '(') {
        rc = ilex_nstring(l, &s);
        if (rc == 0 && s.ptr != NULL)
            b->disposition = trim_quotes(s);
        return rc;
    }
    l->p++;
    ilex_spaces(l);
    if (ilex_take(l, ')'))
        return 0;
    rc = ilex_nstring(l, &s);
    ilex_spaces(l);
    if (rc == 0 && *l->p != ')')
        rc = read_params(l, &b->disposition_params, &b->disposition_param_count);
    ilex_spaces(l);
    if (rc == 0)
        rc = ilex_take(l, ')') ? 0 : ILEX_BAD;
    if (rc != 0)
        return rc;
    s = trim_quotes(s);
    b->disposition = s.len == 0 ? text("attachment") : s;
    return 0;
}

/* One more field of the part: 1 when there is one. */
static int more(struct ilex *l)
{
    ilex_spaces(l);
    return *l->p != ')';
}

/* Exchange: a Content-Description among the extension fields of a multipart, in front of the
 * disposition. It is a string where a list is due, and no disposition that anybody uses. */
static int skip_description(struct ilex *l, mla_imap_body *b)
{
    const uint8_t *from = l->p;
    mla_str s;
    int rc;

    if (*from != '"' && *from != '{')
        return 0;
    rc = ilex_string(l, &s);
    if (rc != 0)
        return rc;
    s = trim_quotes(s);
    if (equal(s, "inline") || equal(s, "attachment")) {
        l->p = from;
        return 0;
    }
    b->description = s;
    return 0;
}

/* body-ext-1part and body-ext-mpart from the disposition on, up to the part's ")". */
static int read_extension(struct ilex *l, mla_imap_body *b)
{
    int rc = 0;

    if (ilex_stands(l, " NIL NIL NIL)")) { /* most parts have none of them */
        l->p += 12;
        return 0;
    }
    if (b->kind == MLA_IMAP_BODY_MULTIPART && more(l))
        rc = skip_description(l, b);
    if (rc == 0 && more(l))
        rc = read_disposition(l, b);
    if (rc == 0 && ilex_stands(l, " NIL NIL)")) {
        l->p += 8;
        return 0;
    }
    if (rc == 0 && more(l))
        rc = read_languages(l, b);
    if (rc == 0 && more(l) && *l->p != '(')
        rc = ilex_nstring(l, &b->location);
    if (rc == 0 && more(l)) {
        const uint8_t *from = l->p;

        while (rc == 0 && more(l))
            rc = ilex_skip(l);
        b->extension = ilex_slice(from, l->p);
    }
    return rc;
}

/* Takes the part's ")" whatever stands before it; rc says how reading its fields went. Fields that
 * make no sense cost only themselves. */
static int close_part(struct ilex *l, const uint8_t *from, int rc)
{
    if (rc == 0 && ilex_take(l, ')'))
        return 0;
    if (rc == MLA_E_NOMEM || rc == ILEX_OVER)
        return rc;
    l->p = from;
    rc = ilex_skip_rest(l);
    if (rc == 0)
        ilex_warn(l, MLA_IMAP_WARN_SYNTAX, from);
    return rc;
}

/* Fields of b by read(), and once more where they make no sense, in case quotes in them are not
 * escaped. whole: they reach up to the part's ")". */
static int read_twice(struct ilex *l, mla_imap_body *b, int (*read)(struct ilex *, mla_imap_body *),
                      int whole)
{
    const uint8_t *from = l->p;
    int rc = read(l, b);

    if (l->wary || (rc != ILEX_BAD && (rc != 0 || !whole || *l->p == ')')))
        return rc;
    l->p = from;
    l->wary = 1;
    rc = read(l, b);
    l->wary = 0;
    return rc;
}

/* Parameters and what follows them in a multipart. */
static int read_multipart_fields(struct ilex *l, mla_imap_body *b)
{
    int rc = 0;

    if (more(l)) {
        b->extended = 1;
        rc = read_params(l, &b->params, &b->param_count);
        if (rc == 0)
            rc = read_extension(l, b);
    }
    return rc;
}

/* Subtype and extension fields behind the parts of a multipart. */
static int finish_multipart(struct ilex *l, struct part *n)
{
    mla_imap_body *b = &n->pub;
    const uint8_t *from = l->p;
    int rc = 0;

    if (more(l))
        rc = ilex_nstring(l, &b->subtype);
    if (b->subtype.ptr == NULL)
        b->subtype = text("MIXED");
    if (rc == 0)
        rc = read_twice(l, b, read_multipart_fields, 1);
    return close_part(l, from, rc);
}

/* An empty multipart looks like a part of another type, ("ALTERNATIVE" ("BOUNDARY" ...) NIL NIL)
 * from Gmail, QQMail and Yandex, or (NIL "alternative" ...) from Dovecot and others. */
static int finish_empty_multipart(struct ilex *l, struct part *n, mla_str subtype)
{
    mla_imap_body *b = &n->pub;
    const uint8_t *from = l->p;
    int rc = 0;

    b->kind = MLA_IMAP_BODY_MULTIPART;
    b->type = text("MULTIPART");
    b->subtype = subtype.ptr != NULL ? subtype : text("MIXED");
    rc = read_twice(l, b, read_multipart_fields, 1);
    return close_part(l, from, rc);
}

/* md5, then the rest. */
static int read_leaf_extension(struct ilex *l, mla_imap_body *b)
{
    int rc = 0;

    if (more(l)) {
        b->extended = 1;
        rc = ilex_nstring(l, &b->md5);
        if (rc == 0)
            rc = read_extension(l, b);
    }
    return rc;
}

static int finish_leaf(struct ilex *l, struct part *n, const uint8_t *from)
{
    return close_part(l, from, read_twice(l, &n->pub, read_leaf_extension, 1));
}

/* A count of lines comes with text and message parts; several servers leave it out there, or put it
 * where it does not belong. An md5 is never a bare number. */
static int read_lines(struct ilex *l, mla_imap_body *b, int nil_too)
{
    ilex_spaces(l);
    if (!ilex_is(*l->p, ILEX_DIGIT) && *l->p != '-' && !(nil_too && ilex_is_nil(l)))
        return 0;
    return ilex_size(l, &b->lines);
}

/* Type and subtype where one or both are missing. */
static void guess_type(mla_imap_body *b)
{
    if (b->type.ptr == NULL) /* Office365 and others */
        b->type = text("application");
    if (b->subtype.ptr != NULL)
        return;
    if (equal(b->type, "TEXT")) {
        b->subtype = text("plain");
    } else if (is_top_type(b->type)) {
        b->subtype = text("octet-stream");
    } else { /* ("X-ZIP" NIL ...) */
        b->subtype = b->type;
        b->type = text("application");
    }
}

/* body-fields: what all parts without parts have, type and subtype apart. */
static int read_fields(struct ilex *l, mla_imap_body *b)
{
    int rc = read_params(l, &b->params, &b->param_count);

    if (rc == 0 && more(l))
        rc = ilex_nstring(l, &b->id);
    if (rc == 0 && more(l))
        rc = ilex_nstring(l, &b->description);
    if (rc == 0 && more(l)) {
        rc = ilex_nstring(l, &b->encoding);
        while (rc == 0 && b->encoding.len > 0 && b->encoding.ptr[b->encoding.len - 1] == ' ')
            b->encoding.len--; /* Office365: "base64 " */
    }
    if (rc == 0 && more(l)) {
        const uint8_t *size = l->p;

        rc = ilex_size(l, &b->size);
        if (rc == ILEX_RANGE) {
            ilex_warn(l, MLA_IMAP_WARN_RANGE, size);
            rc = 0;
        }
    }
    return rc;
}

/* What follows the size. A message part has an envelope, a body and lines there; Gmail and others
 * send one whose content is encoded without them. 1: the body inside the message comes next. */
static int read_message(struct ilex *l, struct part *n)
{
    mla_imap_body *b = &n->pub;
    int rc;

    ilex_spaces(l);
    if (*l->p == '(') { /* no other part has a list here, whatever its type says */
        b->kind = MLA_IMAP_BODY_MESSAGE;
        rc = imap_read_envelope(l, &b->envelope);
        ilex_spaces(l);
        if (rc != 0 || *l->p == '(')
            return rc != 0 ? rc : 1;
        ilex_take_nil(l);
        return 0;
    }
    if (b->type.len != 7 || !equal(b->type, "MESSAGE") ||
        (!equal(b->subtype, "RFC822") && !equal(b->subtype, "GLOBAL")))
        return 0;
    b->kind = MLA_IMAP_BODY_MESSAGE;
    /* NIL for both, and then the lines: not md5 and what follows it */
    if (ilex_is_nil(l) && l->p[3] == ' ' && (l->p[4] | 0x20) == 'n') {
        struct ilex ahead = *l;

        ahead.p += 4;
        if (ilex_take_nil(&ahead) && ilex_take(&ahead, ' ') && ilex_is(*ahead.p, ILEX_DIGIT))
            l->p = ahead.p;
    }
    return 0;
}

/* A part without parts, behind its "(". 1: it is a message and its body comes next. */
static int read_leaf(struct ilex *l, struct part *n)
{
    mla_imap_body *b = &n->pub;
    const uint8_t *from = l->p;
    int nil_size;
    int rc;

    if (ilex_take(l, ')')) { /* "()" */
        guess_type(b);
        return 0;
    }
    rc = ilex_nstring(l, &b->type);
    if (rc != 0)
        return rc;
    if (!more(l) || *l->p == '(') {
        if (*l->p == '(' || is_multipart_subtype(b->type))
            return finish_empty_multipart(l, n, b->type);
        guess_type(b);
        imap_body_set_kind(b);
        return close_part(l, from, 0);
    }
    rc = ilex_nstring(l, &b->subtype);
    if (rc != 0) {
        guess_type(b);
        imap_body_set_kind(b);
        return close_part(l, from, rc);
    }
    if (b->type.ptr == NULL && is_multipart_subtype(b->subtype))
        return finish_empty_multipart(l, n, b->subtype);
    if (b->subtype.ptr == NULL && is_multipart_subtype(b->type)) {
        l->p -= 3; /* the NIL was for the parameters */
        return finish_empty_multipart(l, n, b->type);
    }
    guess_type(b);
    imap_body_set_kind(b);
    from = l->p;
    if (!more(l))
        return close_part(l, from, 0);
    rc = read_twice(l, b, read_fields, 0);
    nil_size = rc == 0 && (l->p[-1] | 0x20) == 'l';
    if (rc == 0)
        rc = read_message(l, n);
    if (rc == 1)
        return 1;
    if (rc == 0)
        rc = read_lines(l, b, nil_size && b->kind == MLA_IMAP_BODY_TEXT);
    return rc == 0 ? finish_leaf(l, n, from) : close_part(l, from, rc);
}

/* The numbers of most parts, "1" to "9" and "1.1" to "9.9", need no memory. */
#define ROW(n) n ".1" n ".2" n ".3" n ".4" n ".5" n ".6" n ".7" n ".8" n ".9"
static const char one_number[] = "123456789";
static const char two_numbers[] =
    ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") ROW("8") ROW("9");
#undef ROW

/* 1 when the number below up (or below none) is one of those. */
static int short_number(mla_imap_body *b, const struct part *up, uint32_t number)
{
    if (number > 9)
        return 0;
    if (up == NULL) {
        b->section.ptr = one_number + number - 1;
        b->section.len = 1;
        return 1;
    }
    if (up->pub.section.len != 1)
        return 0;
    b->section.ptr = two_numbers + ((up->pub.section.ptr[0] - '1') * 9 + (int)number - 1) * 3;
    b->section.len = 3;
    return 1;
}

/* The number by which the part is fetched (RFC 9051 section 6.4.5.1): "1.2". The multipart that a
 * message consists of has none. */
static int number_part(struct ilex *l, struct part *n)
{
    const struct part *up = n->up;
    char digits[NUM_U64_DIGITS];
    uint32_t number = n->up != NULL ? n->up->pub.child_count : 1;
    size_t len;
    char *s;

    /* the multipart that a message consists of passes the message's number on */
    while (up != NULL && up->pub.kind == MLA_IMAP_BODY_MULTIPART && up->pub.section.len == 0)
        up = up->up;
    if (n->pub.kind == MLA_IMAP_BODY_MULTIPART &&
        (n->up == NULL || n->up->pub.kind == MLA_IMAP_BODY_MESSAGE)) {
        n->pub.section = text("");
        return 0;
    }
    if (short_number(&n->pub, up, number))
        return 0;
    len = num_format(digits, number);
    s = ilex_alloc(l, (up != NULL ? up->pub.section.len + 1 : 0) + len);
    if (s == NULL)
        return ilex_no_memory(l);
    n->pub.section.ptr = s;
    if (up != NULL) {
        memcpy(s, up->pub.section.ptr, up->pub.section.len);
        s[up->pub.section.len] = '.';
        n->pub.section.len = up->pub.section.len + 1;
    }
    memcpy(s + n->pub.section.len, digits, len);
    n->pub.section.len += len;
    return 0;
}

/* What a strict reader has written means nothing. */
static void forget_fields(struct ilex *l, mla_imap_body *b)
{
    const mla_str none = {NULL, 0};

    b->subtype = b->id = b->description = b->encoding = b->md5 = b->disposition = none;
    b->params = b->disposition_params = NULL;
    b->param_count = b->disposition_param_count = 0;
    b->size = b->lines = 0;
    b->extended = 0;
    l->arena->over = 0; /* the tolerant reader finds out again */
}

/* A part without parts. What read_leaf() says. */
static int read_any_leaf(struct ilex *l, struct part *n)
{
    const mla_str none = {NULL, 0};
    const uint8_t *p = strict_begin(l);

    if (p != NULL)
        p = imap_strict_leaf(l, p, &n->pub);
    if (p != NULL) {
        l->p = p;
        return 0;
    }
    forget_fields(l, &n->pub);
    n->pub.kind = 0;
    n->pub.type = none;
    return read_leaf(l, n);
}

static int finish_any_multipart(struct ilex *l, struct part *n)
{
    const uint8_t *p = strict_begin(l);

    if (p != NULL)
        p = imap_strict_multipart(l, p, &n->pub);
    if (p != NULL) {
        l->p = p;
        return 0;
    }
    forget_fields(l, &n->pub);
    return finish_multipart(l, n);
}

/* Opens the part at "(". 1: parts follow inside it; 0: it was read to its end. */
static int open_part(struct ilex *l, struct part *up, struct part **out)
{
    struct part *n = NULL;
    int rc = part_new(l, up, &n);
    int rc2;

    if (rc != 0)
        return rc;
    *out = n;
    l->p++;
    ilex_spaces(l);
    if (*l->p == '(') {
        n->pub.kind = MLA_IMAP_BODY_MULTIPART;
        n->pub.type = text("MULTIPART");
        rc = 1;
    } else {
        rc = read_any_leaf(l, n);
    }
    if (rc < 0)
        return rc;
    rc2 = number_part(l, n);
    return rc2 != 0 ? rc2 : rc;
}

/* What follows the body inside a message: lines and extension fields. */
static int finish_message(struct ilex *l, struct part *n)
{
    const uint8_t *from = l->p;
    int rc = read_lines(l, &n->pub, 1);

    return rc == 0 ? finish_leaf(l, n, from) : close_part(l, from, rc);
}

/* From the "(" of the outermost part to its ")". */
static int read_parts(struct ilex *l, struct part **out)
{
    struct part *n = NULL;
    struct part *open;
    int rc = open_part(l, NULL, &n);

    *out = n;
    open = rc == 1 ? n : NULL;
    while (rc >= 0 && open != NULL) {
        ilex_spaces(l);
        if (*l->p == '(' && (open->pub.kind == MLA_IMAP_BODY_MULTIPART || open->last == NULL)) {
            rc = open_part(l, open, &n);
            if (rc == 1)
                open = n;
            continue;
        }
        rc = open->pub.kind == MLA_IMAP_BODY_MULTIPART ? finish_any_multipart(l, open)
                                                       : finish_message(l, open);
        open = open->up;
    }
    return rc < 0 ? rc : 0;
}

int imap_read_body(struct ilex *l, const mla_imap_body **out)
{
    struct part *top = NULL;
    int rc;

    *out = NULL;
    if (ilex_take_nil(l))
        return 0;
    if (*l->p != '(')
        return ILEX_BAD;
    if (l->p[1] == ')') { /* several servers: "()" for no body at all */
        l->p += 2;
        return 0;
    }
    rc = read_parts(l, &top);
    if (rc == 0)
        *out = &top->pub;
    return rc;
}
