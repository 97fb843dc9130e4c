/* test_lex822.c - comments, quoted strings, atoms (RFC 5322 section 3.2) */
#include "test.h"

#include "mime/lex822.h"

static void cfws(const char *text, size_t want, const char *comment)
{
    struct slice s = slice_of(text, strlen(text));
    struct slice last = {NULL, NULL};

    assert_int_equal(lex_skip_cfws(&s, &last), want);
    if (comment == NULL) {
        assert_null(last.p);
        return;
    }
    assert_int_equal(slice_left(&last), strlen(comment));
    assert_memory_equal(last.p, comment, strlen(comment));
}

static void test_cfws(void **state)
{
    (void)state;
    cfws(" \t\r\n x", 5, NULL);
    cfws("(a)b", 3, "a");
    cfws("(a) (b(c)d) x", 12, "b(c)d");
    cfws("(a\\)b)x", 6, "a\\)b");
    cfws("(open (deep", 11, "open (deep");
    cfws("(a\\", 3, "a\\");
    cfws("x", 0, NULL);
}

/* X05: no recursion */
static void test_deep_comment(void **state)
{
    enum { N = 200000 };
    char *text = calloc(1, N);
    struct slice s = slice_of(text, N);

    (void)state;
    memset(text, '(', N / 2);
    memset(text + N / 2, ')', N / 2);
    assert_int_equal(lex_skip_cfws(&s, NULL), N);
    free(text);
}

static void quoted(const char *text, int closed, const char *want, size_t left)
{
    struct slice s = slice_of(text, strlen(text));
    struct buf b;

    buf_init(&b, mem_default(), 100);
    assert_int_equal(lex_quoted(&s, &b), closed);
    assert_string_equal(buf_text(&b), want);
    assert_int_equal(slice_left(&s), left);
    s = slice_of(text, strlen(text));
    assert_int_equal(lex_quoted(&s, NULL), closed);
    buf_free(&b);
}

/* Z07: a quoted string that never ends, or ends in a backslash */
static void test_quoted(void **state)
{
    (void)state;
    quoted("\"a b\"c", 1, "a b", 1);
    quoted("\"a\\\"b\\\\\"", 1, "a\"b\\", 0);
    quoted("\"a\r\n b\"", 1, "a b", 0);
    quoted("\"\"", 1, "", 0);
    quoted("\"open", 0, "open", 0);
    quoted("\"open\\", 0, "open", 0);
}

static void test_atom(void **state)
{
    struct slice s = slice_of("a.b+c\xc3\xa9@d", 9);
    struct slice atom = lex_atom(&s);

    (void)state;
    assert_int_equal(slice_left(&atom), 7);
    assert_int_equal(slice_peek(&s), '@');
    assert_false(lex_is_atom(0));
    assert_false(lex_is_atom(-1));
    assert_false(lex_is_atom(' '));
}

static void test_comment_text(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 100);
    lex_comment_text(slice_of("a\\)\r\n b\\", 8), &b);
    assert_string_equal(buf_text(&b), "a) b\\");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cfws),         cmocka_unit_test(test_deep_comment),
        cmocka_unit_test(test_quoted),       cmocka_unit_test(test_atom),
        cmocka_unit_test(test_comment_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
