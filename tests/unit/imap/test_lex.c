/* test_lex.c - lib/imap/lex: what the readers of answers are made of */
#include "test.h"

#include "guard.h"
#include "imap/lex.h"
#include "wire/literal.h"

#include <stdio.h>

/* A lexer over a line, which ends right before an unreadable page. */
struct line {
    struct guard g;
    struct arena arena;
    struct imap_resp_opts opts;
    struct imap_resp out;
    struct ilex l;
};

static struct ilex *line_open(struct line *x, const char *text)
{
    size_t n = strlen(text);
    struct imap_raw raw;

    memset(x, 0, sizeof *x);
    assert_true(guard_init(&x->g, n));
    raw.ptr = guard_put(&x->g, text, n);
    raw.len = n;
    raw.offset = 0;
    arena_init(&x->arena, mem_default(), 1000);
    assert_int_equal(ilex_init(&x->l, &raw, &x->opts, &x->arena, &x->out), 0);
    return &x->l;
}

static void line_close(struct line *x)
{
    arena_free(&x->arena);
    guard_free(&x->g);
}

static void wants_a_line_end(void **state)
{
    static const char *const bad[] = {"", "x", "x\r", "\r"};
    struct imap_resp_opts opts;
    struct imap_resp out;
    struct arena a;
    struct ilex l;

    (void)state;
    memset(&opts, 0, sizeof opts);
    arena_init(&a, mem_default(), 100);
    for (size_t i = 0; i < 4; i++) {
        struct imap_raw raw = {(const uint8_t *)bad[i], strlen(bad[i]), 0};

        assert_int_equal(ilex_init(&l, &raw, &opts, &a, &out), ILEX_BAD);
    }
    arena_free(&a);
}

/* in: one string and what follows; expect: the string, NULL for NIL; rest: what is left. */
static void check_nstring(const char *in, const char *expect, const char *rest)
{
    struct line x;
    struct ilex *l = line_open(&x, in);
    mla_str s;

    assert_int_equal(ilex_nstring(l, &s), 0);
    if (expect == NULL) {
        assert_null(s.ptr);
    } else {
        assert_non_null(s.ptr);
        assert_int_equal(s.len, strlen(expect));
        assert_memory_equal(s.ptr, expect, s.len);
    }
    assert_int_equal(l->end - l->p, strlen(rest));
    assert_memory_equal(l->p, rest, strlen(rest));
    line_close(&x);
}

static void reads_strings(void **state)
{
    (void)state;
    check_nstring("\"a b\" c\r\n", "a b", " c");
    check_nstring("\"\"\r\n", "", "");
    check_nstring("\"a\\\"b\\\\\"\n", "a\"b\\", "");
    check_nstring("\"a\\b\"\n", "a\\b", "");
    check_nstring("\"a\"b\" c\n", "a\"b", " c");
    check_nstring("{3}\r\na\r\n)\r\n", "a\r\n", ")");
    check_nstring("~{3 }\na\"b\r\n", "a\"b", "");
    check_nstring("{0}\r\n\r\n", "", "");
    check_nstring("NIL x\r\n", NULL, " x");
    check_nstring("nil)\r\n", NULL, ")");
    check_nstring("NILS\r\n", "NILS", "");
    check_nstring("\"NIL\"\r\n", "NIL", "");
    check_nstring("7BIT 5\r\n", "7BIT", " 5");
    /* a literal whose last octet is a CR, before a bare LF */
    check_nstring("{2}\na\r\n", "a\r", "");
}

/* Short and long ones are read in different ways: each length, with something odd at each place. */
static void reads_strings_of_any_length(void **state)
{
    (void)state;
    for (size_t n = 0; n < 50; n++)
        for (size_t odd = 0; odd <= n; odd++)
            for (int what = 0; what < 4; what++) {
                static const char *const odds[] = {"a", "\\\"", "\\\\", "\"x"};
                static const char *const means[] = {"a", "\"", "\\", "\"x"};
                char in[300];
                char expect[300];

                memset(in, 'b', sizeof in);
                in[0] = '"';
                snprintf(in + 1 + odd, sizeof in - 51,
                         "%s%.*s\" and more than thirty-two octets behind\n", odds[what],
                         (int)(n - odd),
                         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
                memset(expect, 'b', sizeof expect);
                snprintf(expect + odd, sizeof expect - 50, "%s%.*s", means[what], (int)(n - odd),
                         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
                check_nstring(in, expect, " and more than thirty-two octets behind");
            }
}

/* Framer and parser agree on where a string ends. */
static void knows_what_ends_strings(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++)
        assert_int_equal(ilex_is(c, ILEX_ENDS), literal_ends_quoted(c));
}

/* Z07 */
static void z07_refuses_half_strings(void **state)
{
    static const char *const bad[] = {
        "\"\r\n",
        "\"abc\r\n",
        "\"abc\\\r\n",
        "\"abc\\\"\r\n",
        "{3}\r\n",
        "{4}\r\nab\r\n",
        "{3\r\n",
        "{\r\n",
        "{x}\r\n",
        "{3}abc\r\n",
        "{-1}\r\n",
        "{}\r\nabc\r\n",
        "(a\r\n",
        ")\r\n",
        "\r\n",
        " a\r\n",
        "~{9}\r\n",
        "{18446744073709551617}\r\na\r\n",
        "{4294967297}\r\na\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct line x;
        struct ilex *l = line_open(&x, bad[i]);
        mla_str s;

        if (ilex_nstring(l, &s) != ILEX_BAD)
            print_message("taken: %s", bad[i]);
        l->p = l->base;
        assert_int_equal(ilex_nstring(l, &s), ILEX_BAD);
        line_close(&x);
    }
}

static void skip_check(const char *in, int rc, const char *rest)
{
    struct line x;
    struct ilex *l = line_open(&x, in);

    assert_int_equal(ilex_skip(l), rc);
    if (rc == 0) {
        assert_int_equal(l->end - l->p, strlen(rest));
        assert_memory_equal(l->p, rest, strlen(rest));
    }
    line_close(&x);
}

static void goes_over_values(void **state)
{
    (void)state;
    skip_check("a b\r\n", 0, " b");
    skip_check("\"a)\\\" b\" c\r\n", 0, " c");
    skip_check("(a (b \"c)\" {2}\r\n)) d)) e\r\n", 0, " e");
    skip_check("()\r\n", 0, "");
    skip_check("(\t{x} ~)\r\n", 0, "");
    skip_check("((a)\r\n", ILEX_BAD, "");
    skip_check("(\"a)\r\n", ILEX_BAD, "");
    skip_check("\r\n", ILEX_BAD, "");
    skip_check(")\r\n", ILEX_BAD, "");
}

static void number_check(const char *in, uint64_t max, int rc, uint64_t value, size_t left)
{
    struct line x;
    struct ilex *l = line_open(&x, in);
    uint64_t v = 0;

    assert_int_equal(ilex_number(l, max, &v), rc);
    assert_true(v == value);
    assert_int_equal(l->end - l->p, left);
    line_close(&x);
}

/* Z03 */
static void z03_reads_numbers(void **state)
{
    (void)state;
    number_check("0\r\n", 5, 0, 0, 0);
    number_check("5 x\r\n", 5, 0, 5, 2);
    number_check("6 x\r\n", 5, ILEX_RANGE, 0, 2);
    number_check("18446744073709551615\r\n", UINT64_MAX, 0, UINT64_MAX, 0);
    number_check("18446744073709551616)\r\n", UINT64_MAX, ILEX_RANGE, 0, 1);
    number_check("99999999999999999999999999999999\r\n", UINT64_MAX, ILEX_RANGE, 0, 0);
    number_check("000000000000000000000000000000004\r\n", 5, 0, 4, 0);
    number_check("-1\r\n", 5, ILEX_BAD, 0, 2);
    number_check("\r\n", 5, ILEX_BAD, 0, 0);
}

/* The first warning stays. */
static void keeps_the_first_warning(void **state)
{
    struct line x;
    struct ilex *l = line_open(&x, "abcdef\r\n");

    (void)state;
    l->p += 4;
    ilex_warn(l, MLA_IMAP_WARN_RANGE, l->base + 1);
    ilex_warn(l, MLA_IMAP_WARN_SYNTAX, l->base);
    assert_int_equal(x.out.warn.id, MLA_IMAP_WARN_RANGE);
    assert_int_equal(x.out.warn.at, 1);
    assert_int_equal(x.out.warn.len, 3);
    line_close(&x);
}

/* Lists that outgrow the stack. */
static void grows_lists(void **state)
{
    struct ilex_words w;
    struct line x;
    struct ilex *l = line_open(&x, "x\r\n");
    const mla_str *words;
    size_t count;
    mla_str s = {"x", 1};
    int rc = 0;

    (void)state;
    ilex_words_init(&w);
    assert_int_equal(ilex_words_done(l, &w, &words, &count), 0);
    assert_null(words);
    for (int i = 0; i < 16; i++)
        assert_int_equal(ilex_words_add(l, &w, s), 0);
    assert_int_equal(ilex_words_add(l, &w, s), ILEX_OVER); /* 64 words are more than 1,000 octets */
    assert_int_equal(x.arena.over, 0);
    arena_free(&x.arena);
    arena_init(&x.arena, mem_default(), 1 << 20);
    ilex_words_init(&w);
    for (int i = 0; rc == 0 && i < 1000; i++) {
        s.len = (size_t)i;
        rc = ilex_words_add(l, &w, s);
    }
    assert_int_equal(rc, 0);
    assert_int_equal(ilex_words_done(l, &w, &words, &count), 0);
    assert_int_equal(count, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(words[i].len, i);
    line_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wants_a_line_end),
        cmocka_unit_test(reads_strings),
        cmocka_unit_test(reads_strings_of_any_length),
        cmocka_unit_test(knows_what_ends_strings),
        cmocka_unit_test(z07_refuses_half_strings),
        cmocka_unit_test(goes_over_values),
        cmocka_unit_test(z03_reads_numbers),
        cmocka_unit_test(keeps_the_first_warning),
        cmocka_unit_test(grows_lists),
    };

    return cmocka_run_group_tests_name("imap/lex", tests, NULL, NULL);
}
