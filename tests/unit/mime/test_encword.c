/* test_encword.c - RFC 2047 section 8, the faults of senders, and bounds (X06, X12, X16) */
#include "mime_test.h"

#include "mime/encword.h"

static struct warn_set seen;

static uint64_t decode(const char *in, size_t n, uint32_t max, const char *want)
{
    struct warn_set w;
    struct buf b;

    memset(&w, 0, sizeof w);
    buf_init(&b, mem_default(), 1000000);
    assert_int_equal(encword_decode((const uint8_t *)in, n, max, &b, &w, 0), 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
    seen = w;
    return w.mask[0];
}

#define BIT(code)           (UINT64_C(1) << (code))
#define GOOD(in, want)      assert_int_equal(decode(in, sizeof in - 1, 100, want), 0)
#define BAD(in, want, bits) assert_int_equal(decode(in, sizeof in - 1, 100, want), bits)
#define FFFD                "\xef\xbf\xbd"

static void test_rfc2047_section_8(void **state)
{
    (void)state;
    GOOD("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>");
    GOOD("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld J\xc3\xb8rn Simonsen");
    GOOD("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
         " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
         "If you can read this you understand the example.");
    GOOD("(=?ISO-8859-1?Q?a?=)", "(a)");
    GOOD("(=?ISO-8859-1?Q?a?= b)", "(a b)");
    GOOD("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)");
    GOOD("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)");
    GOOD("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)");
    GOOD("(=?ISO-8859-1?Q?a_b?=)", "(a b)");
    GOOD("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)");
}

static void test_plain_text_stays(void **state)
{
    (void)state;
    GOOD("", "");
    GOOD(" plain  text ", "plain  text");
    GOOD("folded\r\n here", "folded here");
    GOOD("a =? b ?= c", "a =? b ?= c");
    GOOD("=?utf-8?x?abc?=", "=?utf-8?x?abc?=");
    GOOD("=?no-such?q?abc", "=?no-such?q?abc");
    GOOD("=??q?abc?=", "=??q?abc?=");
    GOOD("=?u t?q?abc?=", "=?u t?q?abc?=");
    GOOD("=?", "=?");
    GOOD("=", "=");
}

/* X16: a character split between two words, also of different encodings; decoded once only */
static void test_joined_words(void **state)
{
    (void)state;
    GOOD("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "\xe2\x82\xac");
    GOOD("=?utf-8?B?4g==?= =?UTF-8?Q?=82=AC?=", "\xe2\x82\xac");
    GOOD("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?=");
    GOOD("=?iso-2022-jp?B?GyRCJCIbKEI=?=\r\n =?iso-2022-jp?B?GyRCJCQbKEI=?=",
         "\xe3\x81\x82\xe3\x81\x84");
    GOOD("=?utf-8*de?Q?gr=C3=BCn?=", "gr\xc3\xbcn");
}

static void test_faults_of_senders(void **state)
{
    (void)state;
    BAD("=?utf-8?Q?with space?=", "with space", BIT(MLA_MIME_WARN_BAD_WORD));
    GOOD("x=?utf-8?Q?y?=z", "xyz");
    GOOD("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab");
    GOOD("=?utf-8?Q?=41?=", "A");
    GOOD("=?utf-8?Q?"
         "?= x",
         " x");
    BAD("=?utf-8?B?Zm9vYg?=", "foob", BIT(MLA_MIME_WARN_BAD_WORD));
    BAD("=?utf-8?B?Zm9*v?=", "foo", BIT(MLA_MIME_WARN_BAD_WORD));
    BAD("=?utf-8?Q?a?b?=", "a?b", BIT(MLA_MIME_WARN_BAD_WORD));
    BAD("=?utf-8?Q?a=zz?=", "a=zz", BIT(MLA_MIME_WARN_BAD_WORD));
    BAD("=?x-none?Q?a=FF?=", "a\xc3\xbf", BIT(MLA_MIME_WARN_UNKNOWN_CHARSET));
    BAD("=?utf-8?Q?a=FF?=", "a" FFFD, BIT(MLA_MIME_WARN_INVALID_TEXT));
    BAD("=?utf-7?Q?+AOk-?=", "\xc3\xa9", BIT(MLA_MIME_WARN_UTF7));
    BAD("=?utf-8?Q?0123456789012345678901234567890123456789012345678901234567890123456789?=",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        BIT(MLA_MIME_WARN_BAD_WORD));
}

/* What is wrong with words as such; unended ones are said to be. */
static void test_more_faults(void **state)
{
    static const struct {
        const char *in;
        const char *want;
        int unended;
    } rows[] = {
        {"=?utf-8?q?abc", "abc", 1},
        {"=?utf-8?q?abc d", "abc d", 1},
        {"=?utf-8?Q?abc?", "abc", 1},
        {"=?utf-8?B?Zm9v", "foo", 1},
        {"=?utf-8?B?Zm9v <a@b>", "foo <a@b>", 1},
        {"=?utf-8?Q?abc =?utf-8?Q?def?=", "abcdef", 1},
        {"=?utf-8?Q?=?iso-8859-1?Q?a=E9?= ?=", "=?utf-8?Q?a\xc3\xa9 ?=", 0},
        {"=? utf-8 ? Q ?a?=", "a", 0},
        {"=?UTF-8?b?Zm9v?=", "foo", 0},
        {"=?Utf-8?q?=c3=bc?=", "\xc3\xbc", 0},
        {"=?\"utf-8\"?Q?a=C3=BC?=", "a\xc3\xbc", 0},
        {"=?iso_8859-1:1987?Q?=FC?=", "\xc3\xbc", 0},
        {"=?utf8?B?4oKs?=", "\xe2\x82\xac", 0},
        {"=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "\xe2\x82\xac", 0},
        {"=?utf-8?B?4oKs4o?= =?utf-8?B?Ks?=", "\xe2\x82\xac\xe2\x82\xac", 0},
        {"=?utf-8?B?4oKs4oKs4o?=\r\n =?utf-8?B?Ks?= x", "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac x",
         0},
        {"=?utf-8?B?w7w?= =?utf-8?B?w7w?=", "\xc3\xbc\xc3\xbc", 0},
        {"=?utf-8?B?YQ?= =?utf-8?B?Yg?=", "ab", 0},
        {"=?utf-8?B?YQ?= =?utf-8?B?Yg==?=", "ab", 0},
        {"=?utf-8?B?YWI?= =?utf-8?B?YWI=?=", "abab", 0},
        /* cut where the bits that are left are zero: the padding of the rest tells */
        {"=?utf-8?B?w7w?= =?utf-8?B?gMQ==?=", "\xc3\xbc 1", 0},
        {"=?utf-8?B?YQ?=\r\n =?utf-8?B?liYw==?=", "a\tbc", 0},
        {"=?utf-8?B?w7w?= =?utf-8?B?g MQ= =?=", "\xc3\xbc 1", 0},
        {"\"=?utf-8?Q?a?=\"", "\"a\"", 0},
        {"=?iso-8859-1*de-DE?Q?=FC?=", "\xc3\xbc", 0},
        {"=?utf-8?Q?a?==?utf-8?B?Yg==?=", "ab", 0},
        {"=?shift_jis?B?g2WDWINn?=", "\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", 0},
        {"=?x-sjis?B?g2WD?= =?x-sjis?B?WINn?=", "\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", 0},
        {"=?gb2312?B?1tDOxA==?=", "\xe4\xb8\xad\xe6\x96\x87", 0},
        {"=?unknown?Q?=FC?=", "\xc3\xbc", 0},
        {"=?utf-8?Q?\?=", "", 0},
        {"=?utf-8?B?\?= a", " a", 0},
        {"a =?utf-8?Q?b?= c", "a b c", 0},
        {"=?utf-8?Q?a?=\r\n\t=?utf-8?Q?_b?=", "a b", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        decode(rows[i].in, strlen(rows[i].in), 100, rows[i].want);
        assert_int_equal(warn_has(&seen, MLA_MIME_WARN_UNENDED_WORD, NULL), rows[i].unended);
    }
}

/* Raw octets: UTF-8, else the set of the part, else Windows-1252. */
static void test_raw_in_a_charset(void **state)
{
    static const struct {
        const char *in;
        const char *charset;
        const char *want;
    } rows[] = {
        {"\xf0\xd2\xc9", "koi8-r", "\xd0\x9f\xd1\x80\xd0\xb8"},
        {"\xf0\xd2\xc9", NULL, "\xc3\xb0\xc3\x92\xc3\x89"},
        {"\xd0\x9f", "koi8-r", "\xd0\x9f"},
        {"\x82\xa0 =?koi8-r?Q?=F0?=", "shift_jis", "\xe3\x81\x82 \xd0\x9f"},
        {"gr\xfc", "us-ascii", "gr\xc3\xbc"},
        {"gr\xfc", "utf-8", "gr\xc3\xbc"},
        {"gr\xfc", "x-none", "gr\xc3\xbc"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b;

        buf_init(&b, mem_default(), 1000);
        assert_int_equal(encword_decode_in((const uint8_t *)rows[i].in, strlen(rows[i].in),
                                           rows[i].charset, 100, &b, NULL, 0),
                         0);
        assert_string_equal(buf_text(&b), rows[i].want);
        buf_free(&b);
    }
}

static void test_raw_eight_bit(void **state)
{
    (void)state;
    GOOD("gr\xc3\xbcn", "gr\xc3\xbcn");
    BAD("gr\xfcn", "gr\xc3\xbcn", BIT(MLA_MIME_WARN_GUESSED_CHARSET));
    BAD("gr\xfcn =?utf-8?Q?=C3=BC?=", "gr\xc3\xbcn \xc3\xbc", BIT(MLA_MIME_WARN_GUESSED_CHARSET));
}

/* X12, Mailsploit: NUL and line ends in words */
static void test_controls(void **state)
{
    (void)state;
    GOOD("=?utf-8?Q?a=00b?=", "a" FFFD "b");
    GOOD("=?utf-8?Q?a=0D=0Ab?=", "a  b");
    GOOD("=?utf-8?B?AAAA?=", FFFD FFFD FFFD);
    GOOD("=?iso-8859-15?Q?=9B?=", FFFD);
    GOOD("a\0b", "a" FFFD "b");
    GOOD("a\rb\r", "a b");
    GOOD("a\r\rb", "a  b");
}

/* X06: unfinished words cost no more than finished ones; the limit leaves the rest as it is */
static void test_many_words(void **state)
{
    enum { N = 200000 };
    static const char piece[] = "=?u?Q?a ";
    size_t len = sizeof piece - 1;
    char *text = malloc(N * len);
    struct buf b;

    (void)state;
    for (size_t i = 0; i < N; i++)
        memcpy(text + i * len, piece, len);
    buf_init(&b, mem_default(), N * len);
    assert_int_equal(encword_decode((const uint8_t *)text, N * len, 10000, &b, NULL, 0), 0);
    assert_int_equal(b.len, N * len - 1);
    buf_free(&b);
    free(text);
    assert_int_equal(decode("=?u?Q?a?= =?u?Q?b?= =?u?Q?c?=", 29, 2, "ab =?u?Q?c?="),
                     BIT(MLA_MIME_WARN_LIMIT_WORDS) | BIT(MLA_MIME_WARN_UNKNOWN_CHARSET));
    assert_int_equal(decode("=?utf-8?Q?a?= =?utf-8?Q?b?=", 27, 2, "ab"), 0);
}

static int decode_with(const struct mem *m)
{
    static const char in[] = "a\xfc =?utf-8?Q?=C3=A9?= =?koi8-r?B?8NLJ?= x";
    struct buf b;
    int rc;

    buf_init(&b, m, 1000);
    rc = encword_decode((const uint8_t *)in, sizeof in - 1, 100, &b, NULL, 0);
    if (rc == 0 && buf_text(&b) == NULL)
        rc = b.failed;
    if (rc == 0)
        assert_string_equal(buf_text(&b), "a\xc3\xbc \xc3\xa9\xd0\x9f\xd1\x80\xd0\xb8 x");
    buf_free(&b);
    return rc;
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(decode_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc2047_section_8), cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_joined_words),      cmocka_unit_test(test_faults_of_senders),
        cmocka_unit_test(test_raw_eight_bit),     cmocka_unit_test(test_more_faults),
        cmocka_unit_test(test_raw_in_a_charset),  cmocka_unit_test(test_controls),
        cmocka_unit_test(test_many_words),        cmocka_unit_test(test_oom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
