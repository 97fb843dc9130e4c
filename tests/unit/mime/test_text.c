/* test_text.c - no control character reaches decoded text (X12, O02) */
#include "test.h"

#include "codec/charset.h"
#include "mailaccess/types.h"
#include "mime/text.h"

static void clean(const char *in, size_t n, const char *want)
{
    struct buf b;

    buf_init(&b, mem_default(), 100);
    assert_int_equal(text_add_clean(&b, in, n), 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

#define CLEAN(in, want) clean(in, sizeof in - 1, want)
#define FFFD            "\xef\xbf\xbd"

static void test_clean(void **state)
{
    (void)state;
    CLEAN("", "");
    CLEAN("plain\ttab gr\xc3\xbc", "plain\ttab gr\xc3\xbc");
    CLEAN("a\0b", "a" FFFD "b");
    CLEAN("a\r\nb", "a  b");
    CLEAN("\x1b[31m", FFFD "[31m");
    CLEAN("\x7f", FFFD);
    CLEAN("c1 \xc2\x9b!", "c1 " FFFD "!");
    CLEAN("nbsp \xc2\xa0", "nbsp \xc2\xa0");
}

static void test_guess(void **state)
{
    uint32_t flags = 0;
    struct buf b;
    struct buf tmp;

    (void)state;
    buf_init(&b, mem_default(), 100);
    buf_init(&tmp, mem_default(), 100);
    assert_int_equal(text_add_guess(&b, &tmp, "ab", 2, &flags), 0);
    assert_int_equal(flags, 0);
    assert_int_equal(text_add_guess(&b, &tmp, "\xc3\xa9", 2, &flags), 0);
    assert_int_equal(flags, CHARSET_GUESSED);
    assert_int_equal(text_add_guess(&b, &tmp, "\xe9\x80", 2, &flags), 0);
    assert_string_equal(buf_text(&b), "ab\xc3\xa9\xc3\xa9\xe2\x82\xac");
    tmp.max = 1;
    assert_int_equal(text_add_guess(&b, &tmp, "\xe9\x80", 2, &flags), MLA_E_LIMIT);
    buf_free(&b);
    buf_free(&tmp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clean), cmocka_unit_test(test_guess)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
