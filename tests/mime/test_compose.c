/* test_compose.c - parsing what was built gives what was asked for; what may not be said is
 * refused.
 *
 * The messages are made from a seed: test_compose [SEED [COUNT]] repeats one. */
#include "test.h"

#include <stdio.h>

#include <mailaccess/mailaccess.h>

enum { COUNT = 3000, PARTS = 12, LIST = 6, TEXT = 1500, MOST = 1 << 20 };

/* ------------------------------------------------------------------ chance */

static uint64_t state;
static uint64_t present; /* the seed under way, for a message that fails */

static uint32_t chance(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % n;
}

static const char *pick(const char *const *list, uint32_t n)
{
    return list[chance(n)];
}

static void add(char *out, const char *piece)
{
    if (strlen(out) + strlen(piece) < TEXT - 100)
        strcat(out, piece);
}

/* Text as people and their enemies write it into a field. */
static void make_text(char out[TEXT], int utf8)
{
    static const char *const ascii[] = {
        "word",
        "Re:",
        "a",
        "=?utf-8?Q?x?=",
        "=?",
        "?=",
        "\"",
        "\\",
        "<a@b>",
        ",",
        ";",
        "(c)",
        "=41",
        "_",
        "'",
        "%",
        "*0*=",
        "(",
        ":",
        "@",
        "[x]",
        "x.y",
        "http://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const char *const beyond[] = {"é", "Müller",      "日本語",       "😀",
                                         "Ω", "naïve",       "Здравствуйте", "ab\xc3\xa9",
                                         "ß", "界界界界界界"};
    static const char *const spaces[] = {" ", " ", " ", " ", "  ", "\t", "   ", ""};
    uint32_t n = chance(chance(8) == 0 ? 60 : 8);

    out[0] = '\0';
    if (chance(12) == 0)
        add(out, pick(spaces, 8));
    for (uint32_t i = 0; i < n; i++) {
        if (i != 0)
            add(out, pick(spaces, 8));
        if (utf8 && chance(2) == 0)
            add(out, pick(beyond, sizeof beyond / sizeof beyond[0]));
        else
            add(out, pick(ascii, sizeof ascii / sizeof ascii[0]));
    }
    if (chance(12) == 0)
        add(out, pick(spaces, 8));
    if (chance(40) == 0)
        for (int i = 0; i < 120; i++)
            add(out, "abcdefghij");
}

struct body {
    uint8_t data[3000];
    size_t len;
};

static void body_add(struct body *b, const void *p, size_t n)
{
    if (b->len + n <= sizeof b->data) {
        memcpy(b->data + b->len, p, n);
        b->len += n;
    }
}

static void make_lines(struct body *b, int utf8)
{
    static const char *const pieces[] = {"word ",    "From ",   ".",       ".\r\n", "\r\n",  "\n",
                                         "\r\n\r\n", "> ",      " ",       "\t",    "=41",   "-- ",
                                         "--x\r\n",  "a b c\n", "F",       "Fro",   "=\r\n", "--",
                                         "From a\n", "x \r\n",  "tail\t\n"};
    static const char *const beyond[] = {"é", "日本語", "😀 ", "Straße\n"};
    uint32_t n = chance(chance(6) == 0 ? 300 : 30);

    b->len = 0;
    for (uint32_t i = 0; i < n; i++) {
        const char *piece = pick(pieces, sizeof pieces / sizeof pieces[0]);

        if (utf8 && chance(4) == 0)
            piece = pick(beyond, 4);
        body_add(b, piece, strlen(piece));
        if (chance(200) == 0)
            for (int k = 0; k < 130; k++)
                body_add(b, "longwords-", 10);
    }
}

static void make_octets(struct body *b)
{
    size_t n = chance(chance(3) == 0 ? 3000 : 200);
    int any = chance(3) != 0;

    for (b->len = 0; b->len < n;) {
        uint8_t c = any ? (uint8_t)chance(256) : (uint8_t)("ab\r\n \0=."[chance(8)]);

        body_add(b, &c, 1);
    }
}

/* ------------------------------------------------------------------ what is asked for */

enum source { BY_BODY, BY_TEXT, BY_CALLS, BY_PIECES, SOURCES };

struct want_part {
    const char *type;
    uint32_t parent;
    uint32_t depth;
    int is_multipart;
    int is_message;
    int has_text;
    enum source source;
    struct body body;
    size_t at; /* BY_CALLS */
    char filename[TEXT];
    int has_filename;
    char param[TEXT];
    int has_param;
    char id[64];
};

struct want {
    uint32_t flags;
    char subject[TEXT];
    char names[LIST][TEXT];
    char addresses[LIST][TEXT];
    mla_address list[LIST];
    size_t list_count;
    int64_t seconds;
    int32_t zone;
    int zone_known;
    char *id;
    struct want_part parts[PARTS];
    uint32_t part_count;
};

static void make_list(struct want *w, int utf8)
{
    static const char *const locals[] = {"a",   "a.b",   "two words", "a..b",
                                         ".a",  "\"q\"", "back\\s",   "a@b",
                                         "(c)", "x,y",   "+t",        "=?utf-8?Q?u?="};
    static const char *const hosts[] = {"example.org", "b", "[127.0.0.1]", "xn--bcher-kva.example"};
    int in_group = 0;

    w->list_count = 1 + chance(LIST - 1);
    for (size_t i = 0; i < w->list_count; i++) {
        mla_address *a = &w->list[i];
        uint32_t kind = chance(5);

        memset(a, 0, sizeof *a);
        if (kind == 0 && !in_group && i + 1 < w->list_count)
            a->kind = MLA_ADDRESS_GROUP_BEGIN;
        else if (in_group && (kind == 0 || i + 1 == w->list_count))
            a->kind = MLA_ADDRESS_GROUP_END;
        if (a->kind == MLA_ADDRESS_GROUP_END) {
            in_group = 0;
            continue;
        }
        do
            make_text(w->names[i], utf8);
        while (a->kind == MLA_ADDRESS_GROUP_BEGIN &&
               strspn(w->names[i], " \t") == strlen(w->names[i]));
        a->name = (mla_str){w->names[i], strlen(w->names[i])};
        in_group |= a->kind == MLA_ADDRESS_GROUP_BEGIN;
        if (a->kind == MLA_ADDRESS_GROUP_BEGIN)
            continue;
        snprintf(w->addresses[i], TEXT, "%s",
                 (w->flags & MLA_COMPOSE_UTF8) != 0 && chance(3) == 0
                     ? "用户"
                     : pick(locals, sizeof locals / sizeof locals[0]));
        a->mailbox = (mla_str){w->addresses[i], strlen(w->addresses[i])};
        a->host.ptr = pick(hosts, 4);
        a->host.len = strlen(a->host.ptr);
    }
}

static void make_part(struct want *w, uint32_t parent, uint32_t depth)
{
    static const char *const leaves[] = {
        "text/plain", "text/html",        "application/octet-stream",
        "image/png",  "application/json", "text/csv"};
    static const char *const multiparts[] = {"multipart/mixed", "multipart/alternative",
                                             "multipart/related"};
    struct want_part *p = &w->parts[w->part_count];
    uint32_t number = w->part_count++;
    uint32_t children;

    memset(p, 0, sizeof *p);
    p->parent = parent;
    p->depth = depth;
    if (number + 2 < PARTS && depth < 4 && chance(3) == 0) {
        p->is_message = number != 0 && chance(4) == 0;
        p->is_multipart = !p->is_message;
        p->type = p->is_message ? "message/rfc822" : pick(multiparts, 3);
        children = p->is_message ? 1 : 1 + chance(3);
        for (uint32_t i = 0; i < children && (i == 0 || w->part_count < PARTS); i++)
            make_part(w, number, depth + 1);
    } else {
        p->type = pick(leaves, 6);
        p->source = (enum source)chance(SOURCES);
        p->has_text = strncmp(p->type, "text/", 5) == 0;
        if (p->source == BY_TEXT && !p->has_text)
            p->source = BY_BODY;
        if (p->has_text)
            make_lines(&p->body, 1);
        else
            make_octets(&p->body);
    }
    p->has_filename = number != 0 && chance(3) == 0;
    make_text(p->filename, 1);
    p->has_param = chance(4) == 0;
    make_text(p->param, 1);
    if (number != 0 && chance(4) == 0)
        snprintf(p->id, sizeof p->id, "<part%u.%u@example.org>", number, chance(1000));
}

static void make_want(struct want *w)
{
    static const int32_t zones[] = {0, 60, -300, 345, -720, 840, 1439, -1439};

    memset(w, 0, sizeof *w);
    w->flags = chance(8);
    make_text(w->subject, 1);
    make_list(w, 1);
    w->seconds = (int64_t)chance(0x7fffffff) * 4 - 1000000000;
    w->zone = zones[chance(8)];
    w->zone_known = chance(8) != 0;
    if (!w->zone_known)
        w->zone = 0;
    make_part(w, 0, 0);
}

/* ------------------------------------------------------------------ building it */

static int read_calls(void *user, uint8_t *buf, size_t size, size_t *out_len)
{
    struct want_part *p = user;
    size_t n = p->body.len - p->at;

    n = n < size ? n : size;
    if (n > 700)
        n = 700;
    memcpy(buf, p->body.data + p->at, n);
    p->at += n;
    *out_len = n;
    return 0;
}

static int rewind_calls(void *user)
{
    ((struct want_part *)user)->at = 0;
    return 0;
}

static void build_body(mla_compose *c, uint32_t i, struct want_part *p)
{
    mla_compose_source source = {sizeof source, 0, p, read_calls, rewind_calls};

    if (p->is_multipart || p->is_message)
        return;
    if (p->source == BY_TEXT)
        assert_int_equal(mla_compose_text(c, i, (const char *)p->body.data, p->body.len, 0), 0);
    else if (p->source == BY_CALLS)
        assert_int_equal(mla_compose_body_from(c, i, &source), 0);
    else if (p->source == BY_BODY)
        assert_int_equal(mla_compose_body(c, i, p->body.data, p->body.len), 0);
    for (size_t at = 0; p->source == BY_PIECES && (at < p->body.len || at == 0); at += 611)
        assert_int_equal(mla_compose_survey(c, i, p->body.data + at,
                                            p->body.len - at < 611 ? p->body.len - at : 611),
                         0);
}

static mla_compose *build(struct want *w)
{
    mla_compose *c;

    assert_int_equal(mla_compose_new(NULL, w->parts[0].type, w->flags, &c), 0);
    assert_int_equal(mla_compose_header(c, 0, "Subject", w->subject), 0);
    assert_int_equal(mla_compose_mailbox(c, 0, "From", "A. Writer", "writer@example.org"), 0);
    assert_int_equal(mla_compose_addresses(c, 0, "To", w->list, w->list_count), 0);
    assert_int_equal(mla_compose_date(c, 0, "Date", w->seconds, w->zone, w->zone_known), 0);
    assert_int_equal(mla_compose_new_id(NULL, "example.org", &w->id), 0);
    assert_int_equal(mla_compose_id(c, 0, "Message-ID", w->id), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(mla_compose_id(c, 0, "References", w->id), 0);
    for (uint32_t i = 0; i < w->part_count; i++) {
        struct want_part *p = &w->parts[i];
        uint32_t number = 0;

        if (i != 0)
            assert_int_equal(mla_compose_add(c, p->parent, p->type, &number), 0);
        assert_int_equal(number, i);
        build_body(c, i, p);
        if (p->has_filename)
            assert_int_equal(mla_compose_disposition(c, i, "attachment", p->filename), 0);
        if (p->has_param)
            assert_int_equal(mla_compose_param(c, i, "x-param", p->param), 0);
        if (p->id[0] != '\0')
            assert_int_equal(mla_compose_id(c, i, "Content-ID", p->id), 0);
    }
    return c;
}

/* Takes all octets, giving pieces where they are asked for. */
static size_t serialise(mla_compose *c, struct want *w, uint8_t *out)
{
    const uint8_t *data;
    uint32_t part = 0;
    size_t given[PARTS] = {0};
    size_t n = 0;
    size_t len;
    int rc;

    while ((rc = mla_compose_output(c, &data, &len, &part)) > 0) {
        if (rc == MLA_COMPOSE_NEEDS_DATA) {
            const struct body *b = &w->parts[part].body;
            size_t more = b->len - given[part];

            if (more > 997)
                more = 1 + chance(997);
            assert_int_equal(mla_compose_feed(c, b->data + given[part], more), 0);
            given[part] += more;
            continue;
        }
        assert_true(n + len <= MOST);
        memcpy(out + n, data, len);
        n += len;
    }
    assert_int_equal(rc, 0);
    return n;
}

/* ------------------------------------------------------------------ looking at it */

static void same_text(const char *what, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0)
        fail_msg("%s: got  [%s]\nwanted [%s]", what, got, wanted);
}

static const char *trimmed(const char *text, char out[TEXT])
{
    size_t n;

    text += strspn(text, " \t");
    snprintf(out, TEXT, "%s", text);
    n = strlen(out);
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\t'))
        out[--n] = '\0';
    return out;
}

static void check_list(const struct want *w, const mla_part *root)
{
    char wanted[TEXT];
    mla_addresses *l;

    assert_int_equal(mla_part_addresses(root, "To", &l), 0);
    assert_int_equal(mla_addresses_count(l), w->list_count);
    for (uint32_t i = 0; i < w->list_count; i++) {
        const mla_address *a = mla_addresses_at(l, i);
        char got[TEXT];

        assert_int_equal(a->kind, w->list[i].kind);
        snprintf(got, sizeof got, "%.*s", (int)a->name.len, a->name.ptr != NULL ? a->name.ptr : "");
        if (a->kind != MLA_ADDRESS_GROUP_END)
            same_text("name", got, trimmed(w->names[i], wanted));
        snprintf(got, sizeof got, "%.*s", (int)a->mailbox.len, a->mailbox.ptr);
        if (a->kind == MLA_ADDRESS_MAILBOX)
            same_text("mailbox", got, w->addresses[i]);
        assert_int_equal(a->host.len, w->list[i].host.len);
    }
    mla_addresses_free(l);
}

static void check_head(const struct want *w, const mla_part *root)
{
    int64_t seconds;
    int32_t zone, known;
    mla_strings *ids;
    char *text;

    assert_int_equal(mla_part_header(root, "Subject", 0, &text, NULL), 0);
    same_text("subject", text, w->subject);
    mla_free(text);
    assert_int_equal(mla_part_date(root, "Date", &seconds, &zone, &known), 0);
    assert_true(seconds == w->seconds);
    assert_int_equal(zone, w->zone);
    assert_int_equal(known, w->zone_known);
    assert_int_equal(mla_part_ids(root, "References", &ids), 0);
    assert_int_equal(mla_strings_count(ids), 5);
    same_text("id", mla_strings_at(ids, 4, NULL), w->id);
    mla_strings_free(ids);
    check_list(w, root);
}

/* Text comes back with lines that end in CRLF. */
static size_t canonical(const struct want_part *p, uint8_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < p->body.len; i++) {
        if (p->has_text && p->body.data[i] == '\n' && (i == 0 || p->body.data[i - 1] != '\r'))
            out[n++] = '\r';
        out[n++] = p->body.data[i];
    }
    return n;
}

static void check_part(const struct want_part *wanted, const mla_part *p)
{
    static uint8_t body[2 * sizeof wanted->body.data];
    uint8_t *data;
    char *text;
    size_t len, n;

    same_text("type", mla_part_content_type(p), wanted->type);
    if (wanted->has_filename) {
        assert_int_equal(mla_part_filename(p, &text, NULL), 0);
        same_text("filename", text, wanted->filename);
        mla_free(text);
    }
    if (wanted->has_param) {
        assert_int_equal(mla_part_param(p, "Content-Type", "x-param", &text, NULL), 0);
        same_text("parameter", text, wanted->param);
        mla_free(text);
    }
    if (wanted->id[0] != '\0') {
        assert_int_equal(mla_part_content_id(p, &text, NULL), 0);
        same_text("content-id", text, wanted->id);
        mla_free(text);
    }
    if (wanted->is_multipart || wanted->is_message)
        return;
    assert_int_equal(mla_part_decode(p, &data, &len), 0);
    n = canonical(wanted, body);
    if (n + 2 == len && memcmp(data + n, "\r\n", 2) == 0)
        len -= 2; /* base64 as a whole message */
    if (len != n || memcmp(data, body, n) != 0)
        fail_msg("a body differs (%s, %s): %zu octets, %zu wanted", wanted->type,
                 mla_part_transfer_encoding(p) != NULL ? mla_part_transfer_encoding(p) : "7bit",
                 len, n);
    mla_free(data);
}

/* Lines end in CRLF, none is longer than 998 octets (bodies in binary apart), header lines with
 * encoded words not longer than 76. */
static void check_lines(const struct want *w, const uint8_t *p, size_t n)
{
    size_t start = 0;

    if ((w->flags & MLA_COMPOSE_BINARY) != 0)
        return;
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\n') {
            assert_true(p[i] != '\r' || (i + 1 < n && p[i + 1] == '\n'));
            assert_true(p[i] != 0);
            continue;
        }
        assert_true(i > 0 && p[i - 1] == '\r');
        assert_true(i - start <= 999);
        start = i + 1;
    }
    assert_true(n - start <= 998);
}

static void check_words(const uint8_t *p, const mla_part *root)
{
    size_t start = 0;

    for (size_t i = 0; i < mla_part_body_offset(root); i++) {
        size_t len = i - 1 - start;

        if (p[i] != '\n')
            continue;
        if (len > 78 && memmem(p + start, len, "=?utf-8?", 8) != NULL &&
            memmem(p + start, len, "=?utf-8?Q?x?=", 13) == NULL)
            fail_msg("a long line: %.*s", (int)len, (const char *)p + start);
        start = i + 1;
    }
}

static void check_message(const struct want *w, const uint8_t *p, size_t n)
{
    mla_message *m;

    check_lines(w, p, n);
    assert_int_equal(mla_message_parse(NULL, NULL, p, n, &m), 0);
    check_words(p, mla_message_root(m));
    check_head(w, mla_message_root(m));
    assert_int_equal(mla_message_part_count(m), w->part_count);
    for (uint32_t i = 0; i < w->part_count; i++) {
        assert_int_equal(mla_part_depth(mla_message_part_at(m, i)), w->parts[i].depth);
        check_part(&w->parts[i], mla_message_part_at(m, i));
    }
    assert_int_equal(mla_message_check(m), 0);
    for (uint32_t i = 0; i < mla_message_warning_count(m); i++) {
        int32_t code = mla_message_warning(m, i, NULL);

        if (mla_mime_warning_grade(code) == MLA_MIME_AMBIGUOUS && code != MLA_MIME_WARN_NUL &&
            code != MLA_MIME_WARN_UNKNOWN_CHARSET)
            fail_msg("what was built is ambiguous: %s", mla_mime_warning_name(code));
    }
    mla_message_free(m);
}

static uint64_t first_seed = 1;
static uint64_t count = COUNT;

static void test_round_trip(void **unused)
{
    static struct want w;
    uint8_t *out = malloc(2 * MOST);

    (void)unused;
    assert_non_null(out);
    for (uint64_t i = 0; i < count; i++) {
        mla_compose *c;
        uint64_t size;
        size_t n;

        present = first_seed + i;
        state = (first_seed + i) * UINT64_C(0x9e3779b97f4a7c15);
        make_want(&w);
        c = build(&w);
        assert_int_equal(mla_compose_size(c, &size), 0);
        n = serialise(c, &w, out);
        if (n != size)
            fail_msg("seed %llu: %zu octets, %llu were said", (unsigned long long)(first_seed + i),
                     n, (unsigned long long)size);
        if (getenv("MLA_SHOW") != NULL)
            fwrite(out, 1, n, stderr);
        check_message(&w, out, n);
        assert_int_equal(mla_compose_rewind(c), 0);
        assert_int_equal(serialise(c, &w, out + MOST), n);
        assert_memory_equal(out, out + MOST, n);
        mla_compose_free(c);
        mla_free(w.id);
    }
    free(out);
}

/* ------------------------------------------------------------------ what is refused (I12) */

static mla_compose *fresh(const char *type, uint32_t flags)
{
    mla_compose *c;

    assert_int_equal(mla_compose_new(NULL, type, flags, &c), 0);
    return c;
}

/* Each value into each place that takes one. */
static int each_place(mla_compose *c, unsigned place, const char *value)
{
    mla_address group[2] = {{{value, strlen(value)}, {NULL, 0}, {NULL, 0}, 1, 0},
                            {{NULL, 0}, {NULL, 0}, {NULL, 0}, 2, 0}};
    char address[300];
    uint32_t part;

    switch (place) {
    case 0:
        return mla_compose_header(c, 0, "Subject", value);
    case 1:
        return mla_compose_header(c, 0, value, "x");
    case 2:
        return mla_compose_mailbox(c, 0, "To", value, "a@b");
    case 3:
        snprintf(address, sizeof address, "%s@example.org", value);
        return mla_compose_mailbox(c, 0, "To", NULL, address);
    case 4:
        snprintf(address, sizeof address, "a@%s", value);
        return mla_compose_mailbox(c, 0, "To", NULL, address);
    case 5:
        return mla_compose_mailbox(c, 0, value, NULL, "a@b");
    case 6:
        return mla_compose_addresses(c, 0, "To", group, 2);
    case 7:
        return mla_compose_id(c, 0, "References", value);
    case 8:
        return mla_compose_id(c, 0, value, "a@b");
    case 9:
        return mla_compose_param(c, 0, "x", value);
    case 10:
        return mla_compose_param(c, 0, value, "x");
    case 11:
        return mla_compose_disposition(c, 0, value, "x");
    case 12:
        return mla_compose_disposition(c, 0, "inline", value);
    case 13:
        return mla_compose_add(c, 0, value, &part);
    case 14:
        return mla_compose_date(c, 0, value, 0, 0, 1);
    case 15: {
        char *id = NULL;
        int rc = mla_compose_new_id(NULL, value, &id);

        mla_free(id);
        return rc;
    }
    default:
        return 1;
    }
}

static void test_I12_line_ends_are_refused_everywhere(void **unused)
{
    static const char *const bad[] = {"a\r\nBcc: x@y", "a\nb",  "a\rb",  "\n",          "a\r\n",
                                      "\r\n b",        "a\x01", "a\x7f", "a\xc2\x85 b", "\x1b[2J"};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (unsigned place = 0;; place++) {
            mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_UTF8);
            int rc = each_place(c, place, bad[i]);

            mla_compose_free(c);
            if (rc == 1)
                break;
            if (rc != MLA_E_ARG)
                fail_msg("place %u took value %zu: %d", place, i, rc);
        }
    }
}

static void test_octets_that_are_not_utf8_are_refused(void **unused)
{
    (void)unused;
    for (unsigned place = 0; place < 13; place++) {
        mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_UTF8);
        int rc = each_place(c, place, "a\xff");

        mla_compose_free(c);
        assert_true(rc == MLA_E_CHARSET || rc == MLA_E_ARG);
    }
}

static void test_a_field_has_the_call_it_needs(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);

    (void)unused;
    assert_int_equal(mla_compose_header(c, 0, "To", "a@b"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 0, "content-type", "x/y"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 0, "Date", "today"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "Date", NULL, "a@b"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "nobody"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "a@b c"), MLA_E_ARG);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "\xc3\xa9@b"), MLA_E_CHARSET);
    assert_int_equal(mla_compose_mailbox(c, 0, "To", NULL, "a@\xc3\xa9"), MLA_E_CHARSET);
    assert_int_equal(mla_compose_param(c, 0, "boundary", "x"), MLA_E_ARG);
    assert_int_equal(mla_compose_param(c, 0, "x", "1"), 0);
    assert_int_equal(mla_compose_param(c, 0, "X", "2"), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Subject", "1"), 0);
    assert_int_equal(mla_compose_header(c, 0, "SUBJECT", "2"), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "1"), 0);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "2"), 0);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 1440, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", INT64_MIN, 0, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", INT64_MAX, 0, 1), MLA_E_ARG);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 0, 1), 0);
    assert_int_equal(mla_compose_date(c, 0, "Date", 0, 0, 1), MLA_E_STATE);
    assert_int_equal(mla_compose_id(c, 0, "Message-ID", "a@b"), 0);
    assert_int_equal(mla_compose_id(c, 0, "Message-ID", "a@b"), MLA_E_STATE);
    assert_int_equal(mla_compose_id(c, 0, "Content-ID", "a b"), MLA_E_ARG);
    assert_int_equal(mla_compose_header(c, 7, "Comments", "x"), MLA_E_ARG);
    assert_int_equal(mla_compose_text(c, 0, "a\0b", 3, 0), MLA_E_ARG);
    assert_int_equal(mla_compose_text(c, 0, "a\xff", 2, 0), MLA_E_CHARSET);
    assert_int_equal(mla_compose_text(c, 0, "a", 1, 0), 0);
    assert_int_equal(mla_compose_text(c, 0, "a", 1, 0), MLA_E_STATE);
    mla_compose_free(c);
}

static void test_an_incomplete_message_is_not_said(void **unused)
{
    const mla_address group = {{"g", 1}, {NULL, 0}, {NULL, 0}, MLA_ADDRESS_GROUP_BEGIN, 0};
    mla_compose *c = fresh("multipart/mixed", 0);
    uint64_t size;
    uint32_t part;

    (void)unused;
    assert_int_equal(mla_compose_size(c, &size), MLA_E_STATE);
    assert_int_equal(mla_compose_add(c, 0, "message/rfc822", &part), 0);
    assert_int_equal(mla_compose_add(c, part, "text/plain", &part), 0);
    assert_int_equal(mla_compose_add(c, 1, "text/plain", &part), MLA_E_STATE);
    assert_int_equal(mla_compose_add(c, 2, "text/plain", &part), MLA_E_STATE);
    assert_int_equal(mla_compose_addresses(c, 0, "Cc", &group, 1), 0);
    assert_int_equal(mla_compose_size(c, &size), MLA_E_STATE);
    assert_int_equal(mla_compose_rewind(c), MLA_E_STATE);
    mla_compose_free(c);
}

static void test_a_body_must_be_what_it_was(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const uint8_t *data;
    uint64_t size;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_survey(c, 0, (const uint8_t *)"abc", 3), 0);
    assert_int_equal(mla_compose_size(c, &size), 0);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"abc", 3), MLA_E_STATE);
    assert_int_equal(mla_compose_header(c, 0, "Comments", "late"), MLA_E_STATE);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"ab\xe9", 3), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_compose_feed(c, NULL, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_E_STATE);
    assert_int_equal(mla_compose_rewind(c), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    mla_compose_free(c);
}

static void test_pieces_nobody_showed_are_base64_of_unknown_size(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const uint8_t *data;
    uint64_t size;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_survey(c, 0, NULL, 0), 0);
    assert_int_equal(mla_compose_size(c, &size), MLA_E_NOT_FOUND);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_non_null(memmem(data, len, "Content-Transfer-Encoding: base64\r\n", 35));
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, (const uint8_t *)"a\n", 2), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), MLA_COMPOSE_NEEDS_DATA);
    assert_int_equal(mla_compose_feed(c, NULL, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(len, 6);
    assert_memory_equal(data, "YQ0K\r\n", 6);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 0);
    mla_compose_free(c);
}

static void said(uint32_t flags, const char *type, const char *body, const char *encoding)
{
    mla_compose *c = fresh(type, flags);
    const uint8_t *data;
    char line[80];
    size_t len;

    snprintf(line, sizeof line, "Content-Transfer-Encoding: %s\r\n", encoding);
    assert_int_equal(mla_compose_body(c, 0, (const uint8_t *)body, strlen(body)), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    if (strcmp(encoding, "7bit") == 0 ? memmem(data, len, "Transfer-Enc", 12) != NULL
                                      : memmem(data, len, line, strlen(line)) == NULL)
        fail_msg("[%s] as %s: not %s\n%.*s", body, type, encoding, (int)len, (const char *)data);
    mla_compose_free(c);
}

static void test_the_encoding_follows_from_what_a_body_holds(void **unused)
{
    (void)unused;
    said(0, "text/plain", "words\r\n", "7bit");
    said(0, "text/plain", "words\nand lines\n", "7bit");
    said(0, "text/plain", "From here\r\n", "quoted-printable");
    said(0, "text/plain", "a\r\nFrom here\r\n", "quoted-printable");
    said(0, "text/plain", "Fromage\r\n", "7bit");
    said(0, "text/plain", "a blank \r\nb", "quoted-printable");
    said(0, "text/plain", "one bare\rCR in a long enough line of text", "quoted-printable");
    said(0, "text/plain", "mostly words, one \xc3\xa9\r\n", "quoted-printable");
    said(0, "text/plain", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "base64");
    said(MLA_COMPOSE_8BIT, "text/plain", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "8bit");
    said(MLA_COMPOSE_8BIT, "text/plain", "\xc3\xa9\r\r\n", "base64");
    said(MLA_COMPOSE_BINARY, "text/plain", "\xc3\xa9\r\r\n", "binary");
    said(0, "application/json", "{}", "7bit");
    said(0, "application/json", "{\n}", "base64");
    said(0, "message/rfc822", "Subject: \xc3\xa9\n\nx", "8bit");
    said(0, "message/rfc822", "Subject: x\n\nx", "7bit");
}

/* RFC 2045 section 6.4: what holds other parts says the widest of them. */
static void test_a_multipart_is_labelled_as_what_it_holds(void **unused)
{
    mla_compose *c = fresh("multipart/mixed", MLA_COMPOSE_8BIT);
    const uint8_t *data;
    uint32_t inner;
    uint32_t leaf;
    mla_message *m;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_add(c, 0, "multipart/mixed", &inner), 0);
    assert_int_equal(mla_compose_add(c, inner, "text/plain", &leaf), 0);
    assert_int_equal(mla_compose_text(c, leaf, "\xc3\xa9", 2, 0), 0);
    assert_int_equal(mla_compose_add(c, 0, "text/plain", &leaf), 0);
    assert_int_equal(mla_compose_text(c, leaf, "a", 1, 0), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_int_equal(mla_message_parse(NULL, NULL, data, len, &m), 0);
    same_text("root", mla_part_transfer_encoding(mla_message_part_at(m, 0)), "8bit");
    same_text("inner", mla_part_transfer_encoding(mla_message_part_at(m, 1)), "8bit");
    same_text("leaf", mla_part_transfer_encoding(mla_message_part_at(m, 2)), "8bit");
    assert_null(mla_part_transfer_encoding(mla_message_part_at(m, 3)));
    mla_message_free(m);
    mla_compose_free(c);
}

static void test_quoted_printable_lines_survive_the_way(void **unused)
{
    mla_compose *c = fresh("text/plain", 0);
    const char body[] = ".\nFrom a\nFroma\nend \n\xc3\xa9";
    const char wanted[] = "\r\n\r\n=2E\r\n=46rom a\r\nFroma\r\nend=20\r\n=C3=A9";
    const uint8_t *data;
    size_t len;

    (void)unused;
    assert_int_equal(mla_compose_body(c, 0, (const uint8_t *)body, sizeof body - 1), 0);
    assert_int_equal(mla_compose_output(c, &data, &len, NULL), 1);
    assert_non_null(memmem(data, len, wanted, sizeof wanted - 1));
    mla_compose_free(c);
}

/* What format=flowed makes of a text, and that no line of it is too long. */
static void flowed(const char *text, uint32_t flags, const char *wanted)
{
    mla_compose *c = fresh("text/plain", 0);
    char got[4096];
    const uint8_t *data;
    size_t n = 0;
    size_t len;
    char *body;

    assert_int_equal(mla_compose_text(c, 0, text, strlen(text), MLA_COMPOSE_FLOWED | flags), 0);
    while (mla_compose_output(c, &data, &len, NULL) == 1) {
        memcpy(got + n, data, len);
        n += len;
    }
    got[n] = '\0';
    assert_non_null(strstr(got, "format=flowed"));
    body = strstr(got, "\r\n\r\n") + 4;
    same_text("flowed", body, wanted);
    mla_compose_free(c);
}

static void test_flowed_text(void **unused)
{
    (void)unused;
    flowed("short\n", 0, "short\r\n");
    flowed("> quoted\n>> twice\nFrom me\n x\n", 0, "> quoted\r\n>> twice\r\n From me\r\n  x\r\n");
    flowed("blanks go   \n-- \nme", 0, "blanks go\r\n-- \r\nme");
    flowed("1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 end", 0,
           "1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567 \r\n"
           "1234567 end");
    flowed("1234567812345678123456781234567812345678123456781234567812345678123456781234",
           MLA_COMPOSE_DELSP,
           "123456781234567812345678123456781234567812345678123456781234567812345678 \r\n1234");
}

static int tell(void **unused)
{
    (void)unused;
    print_message("# the last seed was %llu\n", (unsigned long long)present);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_I12_line_ends_are_refused_everywhere),
        cmocka_unit_test(test_octets_that_are_not_utf8_are_refused),
        cmocka_unit_test(test_a_field_has_the_call_it_needs),
        cmocka_unit_test(test_an_incomplete_message_is_not_said),
        cmocka_unit_test(test_a_body_must_be_what_it_was),
        cmocka_unit_test(test_pieces_nobody_showed_are_base64_of_unknown_size),
        cmocka_unit_test(test_the_encoding_follows_from_what_a_body_holds),
        cmocka_unit_test(test_a_multipart_is_labelled_as_what_it_holds),
        cmocka_unit_test(test_quoted_printable_lines_survive_the_way),
        cmocka_unit_test(test_flowed_text),
        cmocka_unit_test(test_round_trip),
    };

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        count = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, tell);
}
