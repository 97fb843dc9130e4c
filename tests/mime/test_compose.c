/* test_compose.c - parsing what was built gives what was asked for. What may not be said, and how a
 * body is said, is in test_compose_rules.c.
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

static int tell(void **unused)
{
    (void)unused;
    print_message("# the last seed was %llu\n", (unsigned long long)present);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
    };

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        count = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, tell);
}
