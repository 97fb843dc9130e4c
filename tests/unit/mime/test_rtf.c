/* test_rtf.c - text of RTF, and HTML that is hidden in it */
#include "test.h"

#include "guard.h"
#include "mailaccess/types.h"
#include "mime/rtf.h"

struct rtf_case {
    const char *rtf;
    const char *want;
};

static void try_one(const char *rtf, size_t n, int show_hidden, int want_html, const char *want)
{
    struct guard g;
    struct buf b;
    int is_html = 7;

    assert_true(guard_init(&g, n));
    buf_init(&b, mem_default(), 100000);
    assert_int_equal(rtf_text(guard_put(&g, rtf, n), n, show_hidden, &b, &is_html), 0);
    if (strcmp(buf_text(&b), want) != 0 || is_html != want_html)
        fail_msg("%s: \"%s\", not \"%s\"", rtf, buf_text(&b), want);
    buf_free(&b);
    guard_free(&g);
}

static void try_all(const struct rtf_case *c, size_t count, int want_html)
{
    for (size_t i = 0; i < count; i++)
        try_one(c[i].rtf, strlen(c[i].rtf), 0, want_html, c[i].want);
}

#define ALL(cases, html) try_all(cases, sizeof cases / sizeof cases[0], html)

static const struct rtf_case texts[] = {
    {"{\\rtf1\\ansi hello\\par world}\r\n", "hello\nworld"},
    {" \r\n{\\rtf1 a\r\nb}tail", "ab"},
    {"{\\rtf1 {\\b bold}{ nested {deep}}}", "bold nested deep"},
    {"{\\rtf1 a\\tab b\\line c\\cell d\\row e\\\nf}", "a\tb\nc\td\ne\nf"},
    {"{\\rtf1 \\{\\\\\\}}", "{\\}"},
    {"{\\rtf1 \\lquote x\\rquote  \\emdash\\bullet}",
     "\xe2\x80\x98x\xe2\x80\x99 \xe2\x80\x94\xe2\x80\xa2"},
    {"{\\rtf1 a\\~b\\-c\\_d}", "a\xc2\xa0"
                               "bc\xe2\x80\x91"
                               "d"},
    {"{\\rtf1 caf\\'e9 \\'80}", "caf\xc3\xa9 \xe2\x82\xac"},
    {"{\\rtf1 caf\xe9}", "caf\xc3\xa9"},
    {"{\\rtf1\\ansicpg1251 \\'cf\\'f0}", "\xd0\x9f\xd1\x80"},
    {"{\\rtf1\\ansicpg65001 \\'c3\\'a9}", "\xc3\xa9"},
    {"{\\rtf1\\mac \\'8e}", "\xc3\xa9"},
    /* a character's two octets, the second as a letter */
    {"{\\rtf1\\ansicpg932 \\'83A\\'83\\'41}", "\xe3\x82\xa2\xe3\x82\xa2"},
    {"{\\rtf1{\\fonttbl{\\f0 Arial;}{\\f3\\fcharset204 Arial{\\*\\falt X};}}\\f3 \\'cf\\f0 \\'cf}",
     "\xd0\x9f\xc3\x8f"},
    {"{\\rtf1\\deff2{\\fonttbl{\\f2\\fcharset161 A;}}\\'e1{\\f0 \\'e1}\\plain\\'e1}",
     "\xce\xb1\xc3\xa1\xce\xb1"},
    {"{\\rtf1{\\fonttbl{\\f5000\\fcharset204 A;}}\\f5000 \\'e1}", "\xc3\xa1"},
    {"{\\rtf1 \\u8364?\\u-3913?!}", "\xe2\x82\xac\xef\x82\xb7!"},
    {"{\\rtf1\\uc2 \\u8364\\'80ab}", "\xe2\x82\xac"
                                     "b"},
    {"{\\rtf1\\uc0\\u8364 x{\\uc1\\u8364 ?}\\u8364 x}", "\xe2\x82\xacx\xe2\x82\xac\xe2\x82\xacx"},
    {"{\\rtf1\\uc5 {\\u8364 a}b\\u8364\\par c}", "\xe2\x82\xac"
                                                 "b\xe2\x82\xac\nc"},
    {"{\\rtf1 \\u55357?\\u56832?}", "\xf0\x9f\x98\x80"},
    {"{\\rtf1 \\u55357?x\\u56832?\\u55357?}", "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"},
    {"{\\rtf1{\\info{\\title T}}{\\colortbl;\\red0;}{\\stylesheet{\\s0 N;}}{\\*\\unknown x}y}",
     "y"},
    {"{\\rtf1{\\pict 0102}{\\header h}{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt go}}}",
     "go"},
    {"{\\rtf1 a\\bin3 }}}b\\bin-3 c}", "abc"},
    {"{\\rtf1 a\\bin999999999999 b}", "a"},
    {"{\\rtf1 a{\\v hidden}b\\v c\\v0 d\\v\\plain e}", "abde"},
    {"{\\rtf1\\htmlrtf shown in what is no HTML\\htmlrtf0}", "shown in what is no HTML"},
    {"{\\rtf1{\\*\\htmltag64 <b>}x}", "x"},
    {"{\\rtf1\\fromtext a\\par b}", "a\nb"},
    {"{\\rtf1 late\\fromhtml1 {\\*\\htmltag <b>}}", "late"},
    {"{\\rtf1", ""},
    {"{\\rtf1 a\\", "a"},
    {"{\\rtf1 a\\'", "a"},
    {"{\\rtf1 a\\'4", "a4"},
    {"{\\rtf1 a\\u", "a"},
    {"{\\rtf1 a\\*", "a"},
    {"{\\rtf1 x\\averylongcontrolwordthatnobodyhas7 y}", "xy"},
};

static const struct rtf_case htmls[] = {
    {"{\\rtf1\\ansi\\fromhtml1\\deff0{\\fonttbl{\\f0 A;}}\r\n{\\*\\htmltag19 <html>}"
     "{\\*\\htmltag64 <p class=\"x\">}\\htmlrtf {\\htmlrtf0 caf\\'e9\\htmlrtf\\par}\\htmlrtf0\r\n"
     "{\\*\\htmltag72 </p>}}",
     "<html><p class=\"x\">caf\xc3\xa9</p>"},
    {"{\\rtf1\\fromhtml1{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 x\\par y}", "&lt;x\ny"},
    {"{\\rtf1\\fromhtml1{\\*\\htmltag a\\par b\\tab c}{\\*\\mhtmltag no}}", "a\nb\tc"},
    {"{\\rtf1\\fromhtml1 a\\htmlrtf1 b{c}\\u8364?\\htmlrtf0 d}", "ad"},
    {"{\\rtf1\\fromhtml1 {\\htmlrtf b}d}", "d"},
    {"{\\rtf1\\fromhtml1\\ansicpg1251{\\fonttbl{\\f1\\fcharset161 G;}}\\f1 "
     "{\\*\\htmltag \\'cf}\\'e1}",
     "\xd0\x9f\xce\xb1"},
};

static void test_texts(void **state)
{
    (void)state;
    ALL(texts, 0);
}

static void test_html_in_rtf(void **state)
{
    (void)state;
    ALL(htmls, 1);
}

static void test_hidden_on_demand(void **state)
{
    static const char rtf[] = "{\\rtf1 a{\\v b}c}";

    (void)state;
    try_one(rtf, strlen(rtf), 1, 0, "abc");
}

static void test_no_rtf(void **state)
{
    struct buf b;
    int is_html;

    (void)state;
    buf_init(&b, mem_default(), 100);
    assert_int_equal(rtf_text((const uint8_t *)"", 0, 0, &b, &is_html), MLA_E_SYNTAX);
    assert_int_equal(rtf_text((const uint8_t *)"{\\rt", 4, 0, &b, &is_html), MLA_E_SYNTAX);
    assert_int_equal(rtf_text((const uint8_t *)"<html>", 6, 0, &b, &is_html), MLA_E_SYNTAX);
    buf_free(&b);
}

/* Nesting without end: what groups set is forgotten at their end, at any depth that a program
 * writes. */
static void test_depth(void **state)
{
    enum { MANY = 100000 };
    size_t n = 7;
    char *rtf = malloc(2 * MANY + 40);

    (void)state;
    memcpy(rtf, "{\\rtf1 ", n);
    memset(rtf + n, '{', MANY);
    n += MANY;
    rtf[n++] = 'x';
    memset(rtf + n, '}', MANY);
    n += MANY;
    memcpy(rtf + n, "{\\v h}y}", 8);
    try_one(rtf, n + 8, 0, 0, "xy");
    free(rtf);
}

/* Cut anywhere, and with failing memory and too little room. */
static void test_cut_and_failing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t n = strlen(texts[i].rtf);

        for (size_t k = 0; k <= n; k++) {
            struct fail_mem fm;
            struct guard g;
            struct buf b;
            int is_html;
            int rc;

            fail_mem_init(&fm, k % 5, 1);
            assert_true(guard_init(&g, k));
            buf_init(&b, &fm.mem, k % 3 == 0 ? 2 : 1000);
            rc = rtf_text(guard_put(&g, texts[i].rtf, k), k, 0, &b, &is_html);
            assert_true(rc == 0 || rc == MLA_E_SYNTAX || rc == MLA_E_NOMEM || rc == MLA_E_LIMIT);
            buf_free(&b);
            guard_free(&g);
            assert_int_equal(fm.held, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_html_in_rtf),
        cmocka_unit_test(test_hidden_on_demand),
        cmocka_unit_test(test_no_rtf),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_cut_and_failing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
