/* test_charset_unicode.c - UTF-16, UTF-32 and UTF-7 */
#include "charset_rows.h"

static const struct charset_case utf16[] = {
    ROW("utf-16",
        "\xfe\xff\x00"
        "A\x00"
        "B",
        "AB", 0),
    ROW("utf-16",
        "\xff\xfe"
        "A\x00"
        "B\x00",
        "AB", 0),
    ROW("utf-16", "A\x00\xfc\x00", "A\xc3\xbc", 0),
    ROW("utf-16be",
        "\x00"
        "A \xac",
        "A\xe2\x82\xac", 0),
    ROW("utf-16le", "A\x00\xac ", "A\xe2\x82\xac", 0),
    ROW("utf-16be",
        "\xfe\xff\x00"
        "A",
        "A", 0),
    ROW("utf-16le",
        "\xfe\xff\x00"
        "A",
        "A", 0),
    ROW("utf-16be",
        "\xff\xfe"
        "A\x00",
        "A", 0),
    ROW("utf-16be", "\xd8=\xde\x00\x00!", "\xf0\x9f\x98\x80!", 0),
    ROW("utf-16le", "=\xd8\x00\xde", "\xf0\x9f\x98\x80", 0),
    ROW("utf-16le",
        "\x00\xdc"
        "A\x00"
        "B\x00",
        "\xef\xbf\xbd"
        "AB",
        CHARSET_INVALID),
    ROW("utf-16be",
        "\xd8=\x00"
        "A",
        "\xef\xbf\xbd"
        "A",
        CHARSET_INVALID),
    ROW("utf-16be", "\xd8=", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("utf-16be", "\xd8=\xd8=\xde\x00", "\xef\xbf\xbd\xf0\x9f\x98\x80", CHARSET_INVALID),
    ROW("utf-16be",
        "\x00"
        "A\x00",
        "A\xef\xbf\xbd", CHARSET_INVALID),
    ROW("utf-16be", "\xd8=\xde", "\xef\xbf\xbd\xef\xbf\xbd", CHARSET_INVALID),
    ROW("utf-16be",
        "\x00"
        "A\xfe\xff",
        "A\xef\xbb\xbf", 0),
    ROW("ucs-2", "A\x00", "A", 0),
    ROW("unicodeFFFE",
        "\x00"
        "A",
        "A", 0),
};

static const struct charset_case utf32[] = {
    ROW("utf-32",
        "\x00\x00\xfe\xff\x00\x00\x00"
        "A",
        "A", 0),
    ROW("utf-32",
        "\xff\xfe\x00\x00"
        "A\x00\x00\x00",
        "A", 0),
    ROW("utf-32",
        "\x00\x00\x00"
        "A",
        "A", 0),
    ROW("utf-32", "A\x00\x00\x00", "A", 0),
    ROW("utf-32be", "\x00\x01\xf6\x00", "\xf0\x9f\x98\x80", 0),
    ROW("utf-32le", "\x00\xf6\x01\x00", "\xf0\x9f\x98\x80", 0),
    ROW("utf-32be",
        "\x00\x11\x00\x00\x00\x00\x00"
        "A",
        "\xef\xbf\xbd"
        "A",
        CHARSET_INVALID),
    ROW("utf-32be",
        "\x00\x00\xd8\x00\x00\x00\x00"
        "A",
        "\xef\xbf\xbd"
        "A",
        CHARSET_INVALID),
    ROW("utf-32be",
        "\x00\x00\x00"
        "A\x00\x00",
        "A\xef\xbf\xbd", CHARSET_INVALID),
    ROW("ucs-4be",
        "\x01\xee"
        "dA\x00\x00\x00"
        "A",
        "\xef\xbf\xbd"
        "A",
        CHARSET_INVALID),
};

/* RFC 2152; always said to be UTF-7. */
static const struct charset_case utf7[] = {
    ROW("utf-7", "+ADw-b", "<b", CHARSET_UTF7),
    ROW("utf-7", "Hi Mom -+Jjo--!", "Hi Mom -\xe2\x98\xba-!", CHARSET_UTF7),
    ROW("utf-7", "A+ImIDkQ.", "A\xe2\x89\xa2\xce\x91.", CHARSET_UTF7),
    ROW("utf-7", "+ZeVnLIqe-", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", CHARSET_UTF7),
    ROW("utf-7", "1 +- 1", "1 + 1", CHARSET_UTF7),
    ROW("utf-7", "+2D3eAA-", "\xf0\x9f\x98\x80", CHARSET_UTF7),
    ROW("utf-7", "+2D3-x", "\xef\xbf\xbdx", CHARSET_UTF7 | CHARSET_INVALID),
    ROW("utf-7",
        "a\xfc"
        "b",
        "a\xef\xbf\xbd"
        "b",
        CHARSET_UTF7 | CHARSET_INVALID),
    ROW("utf-7", "+AOk", "\xc3\xa9", CHARSET_UTF7),
    ROW("utf-7", "+", "\xef\xbf\xbd", CHARSET_UTF7 | CHARSET_INVALID),
    ROW("utf-7", "+!x", "\xef\xbf\xbd!x", CHARSET_UTF7 | CHARSET_INVALID),
    ROW("utf-7", "+AOkA-x", "\xc3\xa9\xef\xbf\xbdx", CHARSET_UTF7 | CHARSET_INVALID),
    ROW("unicode-1-1-utf-7", "+AOk-", "\xc3\xa9", CHARSET_UTF7),
    ROW("utf-7", "~\\", "~\\", CHARSET_UTF7),
    ROW("utf-7", "+AOk\xc3", "\xc3\xa9\xef\xbf\xbd", CHARSET_UTF7 | CHARSET_INVALID),
};

static void test_utf16(void **state)
{
    (void)state;
    charset_try_all(utf16, sizeof utf16 / sizeof utf16[0]);
}

static void test_utf32(void **state)
{
    (void)state;
    charset_try_all(utf32, sizeof utf32 / sizeof utf32[0]);
}

static void test_utf7(void **state)
{
    (void)state;
    charset_try_all(utf7, sizeof utf7 / sizeof utf7[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_utf32),
        cmocka_unit_test(test_utf7),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
