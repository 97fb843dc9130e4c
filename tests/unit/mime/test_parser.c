/* test_parser.c - events of the parser: where things are, in any split, by each table of vec.h */
#include "mime_test.h"

#include "codec/vec.h"
#include "guard.h"
#include "mime/parser.h"

#include <stdio.h>

enum { LOG = 60000 };

struct log {
    char text[LOG];
    size_t n;
    uint64_t body_end; /* of the last body event: what goes on there is written as one */
};

static void put(struct log *l, const char *what, uint64_t a, uint64_t b)
{
    int n = snprintf(l->text + l->n, LOG - l->n, "%s %llu %llu\n", what, (unsigned long long)a,
                     (unsigned long long)b);

    assert_true(n > 0 && (size_t)n < LOG - l->n);
    l->n += (size_t)n;
}

/* Warnings may come earlier or later than other events: they are left out, and looked at alone. */
static void write_event(struct log *l, const mla_mime_event *ev)
{
    switch (ev->type) {
    case MLA_MIME_EV_PART:
        put(l, "part", ev->depth, ev->offset);
        break;
    case MLA_MIME_EV_HEADER:
        put(l, "field", ev->offset, ev->name.len);
        put(l, "value", ev->offset + (uint64_t)(ev->data.ptr - ev->name.ptr), ev->data.len);
        break;
    case MLA_MIME_EV_BODY_START:
        put(l,
            ev->flags & MLA_PART_MULTIPART ? "multipart"
            : ev->flags & MLA_PART_MESSAGE ? "message"
                                           : "leaf",
            ev->depth, ev->offset);
        break;
    case MLA_MIME_EV_BODY:
        assert_true(ev->data.len != 0);
        if (l->body_end != ev->offset)
            put(l, "body", ev->offset, 0);
        l->body_end = ev->offset + ev->data.len;
        break;
    case MLA_MIME_EV_PART_END:
        put(l, "end", ev->depth, ev->offset);
        break;
    default:
        break;
    }
}

/* The first place of each kind of warning. */
static void note_warning(uint64_t at[64], const mla_mime_event *ev)
{
    if (ev->type == MLA_MIME_EV_WARNING && ev->code < 64 && at[ev->code] == UINT64_MAX)
        at[ev->code] = ev->offset;
}

static mla_mime_limits limits; /* all zero: the defaults */

/* n octets in pieces, each of which ends at a page that nobody may touch (guard not NULL). */
static int parse(const struct mem *mem, const void *data, size_t n, size_t piece, struct guard *g,
                 struct log *l, uint64_t warned[64])
{
    const mla_mime_event *ev;
    struct mime_parser p;
    int rc = mime_parser_init(&p, mem, &limits);

    l->n = 0;
    l->text[0] = '\0';
    l->body_end = UINT64_MAX;
    for (int i = 0; i < 64; i++)
        warned[i] = UINT64_MAX;
    for (size_t at = 0; rc == 0 && at <= n; at += piece) {
        const uint8_t *in = (const uint8_t *)data + at;
        size_t len = n - at < piece ? n - at : piece;

        rc = mime_parser_feed(&p, g != NULL ? guard_put(g, in, len) : in, len);
        if (rc == 0 && at + piece > n)
            rc = mime_parser_end(&p);
        while (rc == 0 && (rc = mime_parser_next(&p, &ev)) == 1) {
            write_event(l, ev);
            note_warning(warned, ev);
            rc = 0;
        }
    }
    mime_parser_free(&p);
    return rc;
}

static const char sample[] = "From: a@b\r\n"                                 /* 0 */
                             "Subject: long enough for the short way,\r\n"   /* 11 */
                             " folded\r\n"                                   /* 52 */
                             "Content-Type: multipart/mixed; boundary=b\r\n" /* 61 */
                             "\r\n"                                          /* 104 */
                             "preamble\r\n"                                  /* 106 */
                             "--b\r\n"                                       /* 116 */
                             "\r\n"                                          /* 121 */
                             "one\r\n"                                       /* 123 */
                             "--not\r\n"                                     /* 128 */
                             "-\r\n"                                         /* 135 */
                             "--b\r\n"                                       /* 138 */
                             "X: y\r\n"                                      /* 143 */
                             "\r\n"                                          /* 149 */
                             "two\r\n"                                       /* 151 */
                             "--b--\r\n"                                     /* 156 */
                             "epilogue";                                     /* 163 */

static const char sample_log[] = "part 0 0\nfield 0 4\nvalue 5 4\nfield 11 7\nvalue 19 40\n"
                                 "field 61 12\nvalue 74 28\nmultipart 0 106\npart 1 121\n"
                                 "leaf 1 123\nbody 123 0\nend 1 136\npart 1 143\nfield 143 1\n"
                                 "value 145 2\nleaf 1 151\nbody 151 0\nend 1 154\nend 0 171\n";

static void test_events(void **state)
{
    static struct log l;
    uint64_t warned[64];
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, sizeof sample));
    for (size_t piece = 1; piece <= sizeof sample; piece++) {
        assert_int_equal(parse(mem_default(), sample, sizeof sample - 1, piece, &g, &l, warned), 0);
        assert_string_equal(l.text, sample_log);
        for (int i = 0; i < 64; i++)
            assert_true(warned[i] == UINT64_MAX);
    }
    guard_free(&g);
}

static const struct {
    const char *text;
    size_t len; /* 0: strlen */
    int code;
    uint64_t at;
} odd[] = {
    {"Subject: a text that is longer than a word of 32 octets\rand goes on\r\nTo: x\r\n\r\n", 0,
     MLA_MIME_WARN_BARE_CR, 55},
    {"Subject: a text that is longer than a word of 32 octets \xe4 and goes on\r\nTo: x\r\n\r\n", 0,
     MLA_MIME_WARN_RAW_8BIT, 56},
    {"Subject: a text that is longer than a word\0of 32 octets\r\nTo: b at c dot example\r\n\r\n",
     81, MLA_MIME_WARN_NUL, 42},
    {"Subject: a text that is longer than a word of 32\r\nTo: and another of these, with LF\nX: "
     "y\n",
     0, MLA_MIME_WARN_MIXED_LINE_ENDS, 83},
    {"Subject : a text that is longer than a word of 32 octets\r\nTo: b at c dot example\r\n\r\n",
     0, MLA_MIME_WARN_SPACE_BEFORE_COLON, 0},
    {"From a@b Thu Jan  1 00:00:00 2025\nSubject: a text that is longer than a word\n\n", 0,
     MLA_MIME_WARN_MBOX_FROM, 0},
    {"\xef\xbb\xbfSubject: a text that is longer than a word of 32\r\nTo: b at c\r\n\r\n", 0,
     MLA_MIME_WARN_BOM, 0},
    {"Subject: a text that is longer than a word of 32\r\nno field, therefore body\r\n\r\n", 0,
     MLA_MIME_WARN_NO_HEADER_END, 50},
    {"Subject: the body has one\r\n\r\n0123456789abcdef0123456789abcdef\0 and ends", 70,
     MLA_MIME_WARN_NUL, 61},
    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--x \0\r\n\r\n--b--\r\n",
     76, MLA_MIME_WARN_NUL, 62},
};

/* Each warning at its octet: where the short way stops, the long one must find the same. */
static void test_warnings(void **state)
{
    static struct log l;
    uint64_t warned[64];

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        size_t n = odd[i].len != 0 ? odd[i].len : strlen(odd[i].text);

        for (size_t piece = 1; piece <= n; piece++) {
            assert_int_equal(parse(mem_default(), odd[i].text, n, piece, NULL, &l, warned), 0);
            if (warned[odd[i].code] != odd[i].at)
                fail_msg("row %zu in pieces of %zu: %llu", i, piece,
                         (unsigned long long)warned[odd[i].code]);
        }
    }
}

static uint64_t seed = 1;

static size_t any(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

static size_t random_mail(char *out, size_t max)
{
    static const char *const pieces[] = {
        "Subject: ",
        "X-Name: a longer value than one word of the processor\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type: text/plain\n",
        "\r\n\r\n",
        "\n",
        "\r\n",
        "--b\r\n",
        "--b--\r\n",
        "--b",
        " folded text that goes on and on and on\r\n",
        "a line of text that is not a field at all\r\n",
        "-",
        "\r",
        "\xe4",
        ":",
        "\t"};
    size_t n = 0;

    for (size_t count = 1 + any(40); count > 0; count--) {
        const char *p = pieces[any(sizeof pieces / sizeof pieces[0])];

        if (n + strlen(p) >= max)
            break;
        memcpy(out + n, p, strlen(p));
        n += strlen(p);
        if (any(30) == 0)
            out[n++] = '\0';
    }
    return n;
}

/* Whatever it is: whole, in pieces and octet by octet, and with each table, the same. */
static void test_any_split(void **state)
{
    static struct log wanted;
    static struct log l;
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, 4096));
    for (int i = 0; i < 800; i++) {
        const struct vec *v;
        uint64_t wanted_warned[64];
        uint64_t warned[64];
        char mail[2048];
        size_t n = random_mail(mail, sizeof mail - 64);

        limits.max_header_size = any(4) == 0 ? 1 + any(200) : 0;
        limits.max_headers = any(8) == 0 ? 1 + (uint32_t)any(3) : 0;
        atomic_store(&vec_chosen, &vec_plain);
        assert_int_equal(parse(mem_default(), mail, n, 1, NULL, &wanted, wanted_warned), 0);
        for (size_t t = 0; (v = vec_table(t)) != NULL; t++) {
            atomic_store(&vec_chosen, v);
            assert_int_equal(
                parse(mem_default(), mail, n, any(2) == 0 ? n + 1 : 1 + any(100), &g, &l, warned),
                0);
            assert_string_equal(l.text, wanted.text);
            assert_memory_equal(warned, wanted_warned, sizeof warned);
        }
    }
    atomic_store(&vec_chosen, NULL);
    memset(&limits, 0, sizeof limits);
    guard_free(&g);
}

/* More parts open at a time than the parser has room for without asking. */
static void test_deep(void **state)
{
    static struct log l;
    static char mail[8192];
    uint64_t warned[64];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(mail + n, sizeof mail - n,
                              "Content-Type: multipart/mixed; boundary=b%02d.\r\n\r\n--b%02d.\r\n",
                              i, i);
    n += (size_t)snprintf(mail + n, sizeof mail - n, "\r\nleaf\r\n");
    for (int i = 39; i >= 0; i--)
        n += (size_t)snprintf(mail + n, sizeof mail - n, "--b%02d.--\r\n", i);
    assert_int_equal(parse(mem_default(), mail, n, n, NULL, &l, warned), 0);
    assert_non_null(strstr(l.text, "leaf 40 "));
    assert_true(warned[MLA_MIME_WARN_MISSING_FINAL_BOUNDARY] == UINT64_MAX);
    assert_true(warned[MLA_MIME_WARN_EMPTY_MULTIPART] == UINT64_MAX);
}

/* A boundary that looks like a field ends a header all the same. */
static void test_boundary_like_a_field(void **state)
{
    static const char mail[] =
        "Content-Type: multipart/mixed; boundary=\"b:c\"\r\n\r\n"
        "--b:c\r\n--b:c\r\nX: a field that is long enough\r\n\r\n--b:c--\r\n";
    static struct log l;
    uint64_t warned[64];

    (void)state;
    for (size_t piece = 1; piece <= sizeof mail; piece++) {
        assert_int_equal(parse(mem_default(), mail, sizeof mail - 1, piece, NULL, &l, warned), 0);
        assert_non_null(strstr(l.text, "part 1 56\nleaf 1 56\nend 1 56\npart 1 63\nfield 63 1\n"));
    }
}

static void test_order_of_calls(void **state)
{
    const mla_mime_event *ev;
    struct mime_parser p;

    (void)state;
    assert_int_equal(mime_parser_init(&p, mem_default(), NULL), 0);
    assert_int_equal(mime_parser_feed(&p, (const uint8_t *)"a: b", 4), 0);
    assert_int_equal(mime_parser_feed(&p, (const uint8_t *)"c", 1), MLA_E_STATE);
    while (mime_parser_next(&p, &ev) == 1)
        ;
    assert_int_equal(mime_parser_feed(&p, (const uint8_t *)"c", 1), 0);
    assert_int_equal(mime_parser_end(&p), 0);
    while (mime_parser_next(&p, &ev) == 1)
        ;
    assert_int_equal(mime_parser_next(&p, &ev), 0);
    assert_int_equal(mime_parser_feed(&p, (const uint8_t *)"c", 1), MLA_E_STATE);
    mime_parser_free(&p);
}

static int parse_sample(const struct mem *mem)
{
    static struct log l;
    uint64_t warned[64];

    return parse(mem, sample, sizeof sample - 1, 7, NULL, &l, warned);
}

static void test_no_memory(void **state)
{
    (void)state;
    oom_sweep(parse_sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_any_split),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_boundary_like_a_field),
        cmocka_unit_test(test_order_of_calls),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
