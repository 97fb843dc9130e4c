/* test_charset.c - character sets to UTF-8: never refused, never cut (X14, Z12) */
#include "test.h"

#include "codec/charset.h"
#include "codec/utf8.h"
#include "mailaccess/types.h"

static struct charset_note conv(const char *name, const void *text, size_t len, const char *want)
{
    struct charset_note note = {0, 0};
    struct buf b;

    buf_init(&b, mem_default(), 100000);
    assert_int_equal(charset_to_utf8(NULL, name, strlen(name), text, len, &b, &note), 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
    return note;
}

#define CONV(name, text, want) conv(name, text, sizeof text - 1, want)

static void test_own(void **state)
{
    (void)state;
    assert_int_equal(CONV("UTF-8", "gr\xc3\xbc", "gr\xc3\xbc").flags, 0);
    assert_int_equal(CONV("us-ascii", "plain", "plain").flags, 0);
    assert_int_equal(CONV("iso-8859-1", "gr\xfc\xdf", "gr\xc3\xbc\xc3\x9f").flags, 0);
    assert_int_equal(CONV("ISO-8859-1", "\x80\x81", "\xe2\x82\xac\xc2\x81").flags, 0);
    assert_int_equal(CONV("windows-1252", "\x80 \x93", "\xe2\x82\xac \xe2\x80\x9c").flags, 0);
}

static void test_invalid_becomes_replacement(void **state)
{
    struct charset_note n = CONV("us-ascii", "ab\xfcz", "ab\xef\xbf\xbdz");

    (void)state;
    assert_int_equal(n.flags, CHARSET_INVALID);
    assert_int_equal(n.at, 2);
    n = CONV("utf-8", "ab\xfcz", "ab\xef\xbf\xbdz");
    assert_int_equal(n.flags, CHARSET_INVALID);
    assert_int_equal(n.at, 2);
    n = CONV("windows-1252", "\x81", "\xef\xbf\xbd");
    assert_int_equal(n.flags, CHARSET_INVALID);
    n = CONV("gb18030",
             "ok\xff"
             "ok",
             "ok\xef\xbf\xbdok");
    assert_int_equal(n.flags, CHARSET_INVALID);
    assert_int_equal(n.at, 2);
    n = CONV("euc-jp", "\xa4", "\xef\xbf\xbd"); /* ends inside a character */
    assert_int_equal(n.flags, CHARSET_INVALID);
}

static void test_by_iconv(void **state)
{
    (void)state;
    assert_int_equal(CONV("koi8-r", "\xf0\xd2\xc9", "\xd0\x9f\xd1\x80\xd0\xb8").flags, 0);
    assert_int_equal(CONV("iso-2022-jp", "\x1b$B$\"\x1b(B!", "\xe3\x81\x82!").flags, 0);
    assert_int_equal(CONV("GB2312", "\xd6\xd0", "\xe4\xb8\xad").flags, 0);
    assert_int_equal(CONV("Shift_JIS", "\x82\xa0", "\xe3\x81\x82").flags, 0);
}

static void test_utf16(void **state)
{
    (void)state;
    assert_int_equal(CONV("utf-16", "\xfe\xff\0A\0B", "AB").flags, 0);
    assert_int_equal(CONV("utf-16",
                          "\xff\xfe"
                          "A\0B\0",
                          "AB")
                         .flags,
                     0);
    assert_int_equal(CONV("utf-16", "A\0", "A").flags, 0);
    /* a lone surrogate costs one unit and the rest stays in step */
    assert_int_equal(CONV("utf-16le",
                          "\x00\xdc"
                          "A\0B\0",
                          "\xef\xbf\xbd"
                          "AB")
                         .flags,
                     CHARSET_INVALID);
}

/* The C library reads UCS-4 up to 2^31: what is no character is none here either. */
static void test_beyond_unicode(void **state)
{
    struct buf b;
    struct charset_note note = {0, 0};

    (void)state;
    buf_init(&b, mem_default(), 100);
    assert_int_equal(charset_to_utf8(NULL, "UCS-4BE", 7, "\x01\xee\x64\x41\0\0\0A", 8, &b, &note),
                     0);
    assert_true(utf8_valid(b.ptr, b.len));
    assert_int_equal(b.ptr[b.len - 1], 'A');
    assert_int_equal(note.flags, CHARSET_INVALID);
    buf_free(&b);
}

static void test_guess_and_unknown(void **state)
{
    (void)state;
    assert_int_equal(CONV("", "plain", "plain").flags, 0);
    assert_int_equal(CONV("", "gr\xc3\xbc", "gr\xc3\xbc").flags, CHARSET_GUESSED);
    assert_int_equal(CONV("", "gr\xfc", "gr\xc3\xbc").flags, CHARSET_GUESSED);
    assert_int_equal(CONV("x-no-such", "gr\xc3\xbc", "gr\xc3\xbc").flags,
                     CHARSET_UNKNOWN | CHARSET_GUESSED);
    assert_int_equal(CONV("x-no-such", "gr\xfc\x81", "gr\xc3\xbc\xef\xbf\xbd").flags,
                     CHARSET_UNKNOWN | CHARSET_GUESSED | CHARSET_INVALID);
    assert_int_equal(CONV("x-unknown", "gr\xfc", "gr\xc3\xbc").flags, CHARSET_GUESSED);
}

/* A name comes from the message: it must not reach iconv's own options or the locale. */
static void test_names_from_outside(void **state)
{
    static const char *const bad[] = {"UTF-8//TRANSLIT", "char",    "wchar_t",
                                      "INTERNAL",        "a b",     "../../x",
                                      "koi8-r//IGNORE",  "\xc3\xa9"};
    char longname[300];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(charset_known(bad[i], strlen(bad[i])));
        assert_int_equal(conv(bad[i], "x", 1, "x").flags, CHARSET_UNKNOWN);
    }
    memset(longname, 'a', sizeof longname);
    assert_false(charset_known(longname, sizeof longname));
    assert_false(charset_known("koi8-r\0x", 8));
    assert_true(charset_known("koi8-r", 6));
}

/* UTF-7 is read only where the label says so, and said to be. */
static void test_utf7(void **state)
{
    (void)state;
    assert_int_equal(CONV("utf-7", "+ADw-b", "<b").flags, CHARSET_UTF7);
    assert_int_equal(CONV("", "+ADw-b", "+ADw-b").flags, 0);
    assert_int_equal(CONV("us-ascii", "+ADw-b", "+ADw-b").flags, 0);
}

static void test_long_text_grows(void **state)
{
    enum { N = 20000 };
    uint8_t *in = malloc(N);
    struct charset_cache cache;
    struct buf b;

    (void)state;
    memset(&cache, 0, sizeof cache);
    memset(in, 0xf0, N);
    buf_init(&b, mem_default(), 2 * N);
    assert_int_equal(charset_to_utf8(&cache, "koi8-r", 6, in, N, &b, NULL), 0);
    assert_int_equal(b.len, 2 * N);
    buf_clear(&b);
    b.max = N;
    assert_int_equal(charset_to_utf8(&cache, "koi8-r", 6, in, N, &b, NULL), MLA_E_LIMIT);
    charset_cache_free(&cache);
    buf_free(&b);
    free(in);
}

/* The cache forgets the shift state between two texts. */
static void test_cache_is_reset(void **state)
{
    struct charset_cache cache;
    struct buf b;

    (void)state;
    memset(&cache, 0, sizeof cache);
    buf_init(&b, mem_default(), 1000);
    assert_int_equal(charset_to_utf8(&cache, "iso-2022-jp", 11, "\x1b$B$\"", 5, &b, NULL), 0);
    assert_int_equal(charset_to_utf8(&cache, "iso-2022-jp", 11, "abcd", 4, &b, NULL), 0);
    assert_string_equal(buf_text(&b), "\xe3\x81\x82"
                                      "abcd");
    charset_cache_free(&cache);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_invalid_becomes_replacement),
        cmocka_unit_test(test_by_iconv),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_beyond_unicode),
        cmocka_unit_test(test_guess_and_unknown),
        cmocka_unit_test(test_names_from_outside),
        cmocka_unit_test(test_utf7),
        cmocka_unit_test(test_long_text_grows),
        cmocka_unit_test(test_cache_is_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
