/* test_utf8.c - RFC 3629: what is well-formed, and what one fault costs */
#include "test.h"

#include "codec/utf8.h"
#include "mailaccess/types.h"

static void test_every_scalar_round_trips(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        uint8_t u[UTF8_MAX];
        uint32_t back = 0;
        size_t bad;
        size_t n = utf8_write(c, u);

        if (c >= 0xd800 && c <= 0xdfff) {
            assert_int_equal(utf8_read(u, n, &back, &bad), 0);
            assert_false(utf8_valid(u, n));
            continue;
        }
        if (utf8_read(u, n, &back, &bad) != n || back != c)
            fail_msg("U+%04X", (unsigned)c);
    }
}

static void test_faults(void **state)
{
    static const char *const bad[] = {
        "\x80",         "\xc0\xaf",         "\xc1\xbf",         "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",         "\xe2\x82"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    assert_true(utf8_valid("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa7", 15));
    assert_true(utf8_valid(NULL, 0));
    assert_int_equal(utf8_ascii_run("0123456789abc\xc3\xa9", 15), 13);
}

static void repair(const char *in, const char *want, size_t want_bad)
{
    struct buf b;
    size_t bad = SIZE_MAX;

    buf_init(&b, mem_default(), 1000);
    assert_int_equal(utf8_repair(&b, in, strlen(in), &bad), 0);
    assert_string_equal(buf_text(&b), want);
    assert_int_equal(bad, want_bad);
    buf_free(&b);
}

/* One U+FFFD for each longest beginning of a character (Unicode 15, table 3-8) */
static void test_repair(void **state)
{
    (void)state;
    repair("fine \xc3\xa9", "fine \xc3\xa9", SIZE_MAX);
    repair("a\xff"
           "b",
           "a\xef\xbf\xbd"
           "b",
           1);
    repair("\xf0\x9f\x93", "\xef\xbf\xbd", 0);
    repair("\xf1\x80\x80\xe1\x80\xc2"
           "b",
           "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
           "b",
           0);
    repair("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 0);
}

static void test_repair_reports_the_limit(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 4);
    assert_int_equal(utf8_repair(&b, "\xff\xff", 2, NULL), MLA_E_LIMIT);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_scalar_round_trips),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_repair),
        cmocka_unit_test(test_repair_reports_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
