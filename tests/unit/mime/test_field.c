/* test_field.c - names, values and folding (RFC 5322 section 2.2) */
#include "test.h"

#include "mime/field.h"

static void split(const char *text, int ok, size_t name, size_t value, size_t end, int space)
{
    struct field f;

    assert_int_equal(field_split((const uint8_t *)text, strlen(text), &f), ok);
    if (!ok)
        return;
    assert_int_equal(f.name_len, name);
    assert_int_equal(f.value, value);
    assert_int_equal(f.end, end);
    assert_int_equal(f.space, space);
}

static void test_split(void **state)
{
    (void)state;
    split("A: b\r\n", 1, 1, 2, 4, 0);
    split("A: b\n", 1, 1, 2, 4, 0);
    split("A:", 1, 1, 2, 2, 0);
    split("A:\r\n", 1, 1, 2, 2, 0);
    split("Ab \t: c", 1, 2, 5, 7, 1);
    split("A: b\r\n c\r\n", 1, 1, 2, 8, 0);
    split(": b", 0, 0, 0, 0, 0);
    split("no colon", 0, 0, 0, 0, 0);
    split("From a@b 10:00:00", 0, 0, 0, 0, 0);
    split(" A: b", 0, 0, 0, 0, 0);
    split("A\x01: b", 0, 0, 0, 0, 0);
    split("\xc3\xa9: b", 0, 0, 0, 0, 0);
    split("", 0, 0, 0, 0, 0);
}

static void unfold(const char *in, const char *want)
{
    struct buf b;

    buf_init(&b, mem_default(), 100);
    assert_int_equal(field_unfold((const uint8_t *)in, strlen(in), &b), 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

static void test_unfold(void **state)
{
    (void)state;
    unfold(" a b \r\n", "a b");
    unfold(" a\r\n b", "a b");
    unfold(" a\n\tb\n", "a\tb");
    unfold(" a\r\n \r\n b", "a  b");
    unfold("a\rb", "a\rb");
    unfold("\r\n \r\n", "");
    unfold("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_unfold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
