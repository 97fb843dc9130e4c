/* test_filter.c - filter.c with what is behind it: clean.c, flowed.c, html*.c */
#include "test.h"

#include "mailaccess/types.h"
#include "mime/filter.h"

struct row {
    const char *in;
    const char *out;
};

static void fail_row(const char *in, const char *got, size_t len, const char *wanted, size_t cut)
{
    fail_msg("cut %zu of [%s]:\ngot    [%.*s]\nwanted [%s]", cut, in, (int)len, got, wanted);
}

/* Whole, in two pieces cut anywhere, and octet by octet: always the same. */
static void check(int32_t kind, uint32_t flags, const char *in, const char *wanted)
{
    size_t n = strlen(in);

    for (size_t cut = 0; cut <= n + 1; cut++) {
        struct filter f;
        struct buf out;

        buf_init(&out, mem_default(), SIZE_MAX / 2);
        assert_int_equal(filter_init(&f, kind, flags, &out), 0);
        for (size_t i = 0; cut > n && i < n; i++) {
            char *one = malloc(1);

            *one = in[i];
            assert_int_equal(filter_add(&f, one, 1), 0);
            free(one);
        }
        if (cut <= n) {
            assert_int_equal(filter_add(&f, in, cut), 0);
            assert_int_equal(filter_add(&f, in + cut, n - cut), 0);
        }
        assert_int_equal(filter_end(&f), 0);
        if (out.len != strlen(wanted) || (out.len != 0 && memcmp(out.ptr, wanted, out.len) != 0))
            fail_row(in, (const char *)out.ptr, out.len, wanted, cut);
        buf_free(&out);
    }
}

static void rows(int32_t kind, uint32_t flags, const struct row *row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(kind, flags, row[i].in, row[i].out);
}

#define ROWS(kind, flags, list) rows(kind, flags, list, sizeof(list) / sizeof(list)[0])

static void test_plain_text_is_made_safe(void **unused)
{
    static const struct row list[] = {
        {"a\r\nb\nc\rd", "a\nb\nc\nd"},
        {"\x1b[31mred\x07\x7f\ttab", "\xef\xbf\xbd[31mred\xef\xbf\xbd\xef\xbf\xbd\ttab"},
        {"\xc2\x9b"
         "1m",
         "\xef\xbf\xbd"
         "1m"},
        {"\xe2\x80\xae"
         "txt.exe\xe2\x80\x8b\xef\xbb\xbf",
         "txt.exe"},
        {"\xe2\x81\xa6x\xe2\x81\xa9\xf3\xa0\x81\x81y", "xy"},
        {"na\xc3\xafve \xf0\x9f\x98\x80", "na\xc3\xafve \xf0\x9f\x98\x80"},
        {"\xff\xc3(\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd"},
        {"\xed\xa0\x80\xf4\x90\x80\x80",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe2\x80\x8d\xe2\x80\x8c", "\xe2\x80\x8d\xe2\x80\x8c"},
        {"a\xe2\x80\xa8"
         "b",
         "a\nb"},
        {"\xef\xbf\xbe", "\xef\xbf\xbd"}};

    (void)unused;
    ROWS(MLA_FILTER_PLAIN, 0, list);
}

static void test_flowed_text_is_joined(void **unused)
{
    static const struct row list[] = {
        {"one \r\ntwo\r\nthree\r\n", "one two\nthree\n"},
        {"a \nb", "a b\n"},
        {"a \n", "a \n"},
        {">a \r\n>b\r\n>> c \r\n> d\r\ne\r\n", "> a b\n>> c \n> d\ne\n"},
        {" stuffed\r\n >not a quote\r\n From\r\n", "stuffed\n>not a quote\nFrom\n"},
        {"a \r\n-- \r\nme\r\n", "a \n-- \nme\n"},
        {"> -- \r\n> me\r\n", "> -- \n> me\n"},
        {"--\r\n-- x \r\ny\r\n---\r\n", "--\n-- x y\n---\n"},
        {"\r\n\r\n>\r\n> \r\n", "\n\n>\n>\n"},
        {"cr\rhere\r", "cr\nhere\n"},
        {"", ""}};
    static const struct row delsp[] = {{"long \r\nword \r\n s\r\n", "longwords\n"},
                                       {"two  \r\nwords\r\n", "two words\n"}};

    (void)unused;
    ROWS(MLA_FILTER_FLOWED, 0, list);
    ROWS(MLA_FILTER_FLOWED, MLA_FILTER_DELSP, delsp);
}

static void test_html_becomes_lines(void **unused)
{
    static const struct row list[] = {
        {"", ""},
        {"words\n  in   a\tline", "words in a line\n"},
        {"<html><head><title>no</title><style>p{}</style></head><body>x</body></html>", "x\n"},
        {"<p>a</p><p>b</p>", "a\n\nb\n"},
        {"<div>a</div><div>b<div>c</div></div>", "a\nb\nc\n"},
        {"a<br>b<br/><br>c", "a\nb\n\nc\n"},
        {"<h1>T</h1>x<hr>y", "T\n\nx\n----------\ny\n"},
        {"<ul><li>a<li>b<ul><li>c</ul></ul>d", "* a\n* b\n  * c\n\nd\n"},
        {"<ol start=9><li>a</li><li>b</li></ol>", "9. a\n10. b\n"},
        {"a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\n> b\n>\n>> c\n\nd\n"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a\tb\nc\n"},
        {"<table><tr> <td> a b </td> <td></td> <th>c <tr><td>d</table>e", "a b\tc\nd\ne\n"},
        {"<pre>\n a  b\n\nc</pre>d", " a  b\n\nc\n\nd\n"},
        {"<q>said</q> <img src=x alt='a  cat'><img src=y>", "\"said\" [a cat]\n"},
        {"a<script>if (a</b) x('<p>')</script>b", "ab\n"},
        {"a<script></scriptx></script >b", "ab\n"},
        {"a<!-- b --><!----!>c<!-->d<!--->e<!x>f<?y>g</>h", "acdefgh\n"},
        {"a<!--[if mso]>no<![endif]--><![if !mso]>yes<![endif]>", "ayes\n"},
        {"1 < 2 <3 & 4 &; &# &#x;", "1 < 2 <3 & 4 &; &# &#x;\n"},
        {"<p title=\"a>b\" x='>'y=z>in</p>", "in\n"},
        {"<P ALIGN = left>x</P >y", "x\n\ny\n"},
        {"<unknownelementname>x</unknownelementname><x:y>z", "xz\n"},
        {"cut<b tag", "cut\n"},
        {"cut <", "cut <\n"},
        {"</div></blockquote></ul></pre>x</q>", "x\"\n"}};

    (void)unused;
    ROWS(MLA_FILTER_HTML, 0, list);
}

static void test_html_character_references(void **unused)
{
    static const struct row list[] = {
        {"&lt;&gt;&amp;&quot;&apos;", "<>&\"'\n"},
        {"&eacute;&Eacute;&eacut;&eacute", "\xc3\xa9\xc3\x89&eacut;\xc3\xa9\n"},
        {"&ampx &copy2020 &notit; &notin;", "&x \xc2\xa9"
                                            "2020 \xc2\xacit; \xe2\x88\x89\n"},
        {"&#65;&#x42;&#X43;&#68", "ABCD\n"},
        {"&#0;&#xd800;&#x110000;&#99999999999;",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n"},
        {"&#128;&#150;", "\xe2\x82\xac\xe2\x80\x93\n"},
        {"a&nbsp;&nbsp;b", "a b\n"},
        {"&CounterClockwiseContourIntegral;", "\xe2\x88\xb3\n"},
        {"&CounterClockwiseContourIntegralx;", "&CounterClockwiseContourIntegralx;\n"},
        {"&NotEqualTilde;&fjlig;", "\xe2\x89\x82\xcc\xb8"
                                   "fj\n"},
        {"&#27;[31m&#x202e;x&#8203;&shy;y", "\xef\xbf\xbd[31mxy\n"},
        {"&#10;&Tab;x", "x\n"},
        {"&amp;lt;", "&lt;\n"}};

    (void)unused;
    ROWS(MLA_FILTER_HTML, 0, list);
}

static void test_html_links_say_where_they_lead(void **unused)
{
    static const struct row list[] = {
        {"<a href='https://a.example/x?b=1&amp;c=2'>here</a>.",
         "here <https://a.example/x?b=1&c=2>.\n"},
        {"<a href=\"https://a.example/\">https://a.example</a>", "https://a.example\n"},
        {"<a href=\"https://a.example/\">a.example</a>", "a.example\n"},
        {"<a href=mailto:a@b>a@b</a>", "a@b\n"},
        {"<a href=\"https://evil.example/\">https://good.example/</a>",
         "https://good.example/ <https://evil.example/>\n"},
        {"<a href='javascript:x()'>a</a> <a href='#b'>b</a> <a name=x>c</a>", "a b c\n"},
        {"<a href='https://a.example/'></a>x", "x\n"},
        {"<a href='https://a.example/'><img alt=Logo></a>", "[Logo] <https://a.example/>\n"},
        {"<a href='https://a.example/&#13;&#10; b<c>'>x</a>", "x <https://a.example/b%3Cc%3E>\n"},
        {"<a href='https://a.example/?x&copy=1&lt'>x</a>", "x <https://a.example/?x&copy=1%3C>\n"},
        {"<a href='https://a.example/'>x<a href='https://b.example/'>y",
         "x <https://a.example/>y <https://b.example/>\n"}};
    static const struct row without[] = {{"<a href='https://a.example/'>x</a>y", "xy\n"}};

    (void)unused;
    ROWS(MLA_FILTER_HTML, 0, list);
    ROWS(MLA_FILTER_HTML, MLA_FILTER_NO_LINKS, without);
}

static void test_html_that_is_hidden(void **unused)
{
    static const struct row list[] = {
        {"<div style='color:red; DISPLAY : none !important'>no<div>no</div>no</div>yes", "yes\n"},
        {"<span hidden>no</span>yes", "yes\n"},
        {"<span style=visibility:hidden>no</span>yes", "yes\n"},
        {"<div style='display:none;display:block'>yes</div>", "yes\n"},
        {"<div style='x-display:none'>yes</div>", "yes\n"},
        {"<p style='display:none'>its end may be missing<p>yes", "its end may be missing\n\nyes\n"},
        {"<div hidden>a<p>b</div>c", "c\n"},
        {"<div hidden><script>'</div>'</script>a</div>c", "c\n"}};
    static const struct row shown[] = {{"<span hidden>a</span>b", "ab\n"}};

    (void)unused;
    ROWS(MLA_FILTER_HTML, 0, list);
    ROWS(MLA_FILTER_HTML, MLA_FILTER_SHOW_HIDDEN, shown);
}

/* X01, X18: memory and time do not grow with nesting, and no tag makes more than it costs. */
static void test_html_nested_without_end(void **unused)
{
    static const char *const tags[] = {
        "<blockquote>", "<ul><li>", "<div>", "<pre>", "<a href=http://a>", "<table>",
        "<b",           "<!",       "<br>",  "&",     "<div hidden>",      "&#"};
    const size_t many = 200000;

    (void)unused;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        size_t n = strlen(tags[i]);
        struct filter f;
        struct buf out;

        buf_init(&out, mem_default(), 100 * many);
        assert_int_equal(filter_init(&f, MLA_FILTER_HTML, 0, &out), 0);
        for (size_t k = 0; k < many / n; k++) {
            assert_int_equal(filter_add(&f, tags[i], n), 0);
            assert_int_equal(filter_add(&f, "x", 1), 0);
        }
        assert_int_equal(filter_end(&f), 0);
        assert_true(out.len < 30 * many);
        buf_free(&out);
    }
}

static void test_arguments(void **unused)
{
    struct filter f;
    struct buf out;

    (void)unused;
    buf_init(&out, mem_default(), 100);
    assert_int_equal(filter_init(&f, 3, 0, &out), MLA_E_ARG);
    assert_int_equal(filter_init(&f, -1, 0, &out), MLA_E_ARG);
    assert_int_equal(filter_init(&f, MLA_FILTER_HTML, 8, &out), MLA_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_is_made_safe),
        cmocka_unit_test(test_flowed_text_is_joined),
        cmocka_unit_test(test_html_becomes_lines),
        cmocka_unit_test(test_html_character_references),
        cmocka_unit_test(test_html_links_say_where_they_lead),
        cmocka_unit_test(test_html_that_is_hidden),
        cmocka_unit_test(test_html_nested_without_end),
        cmocka_unit_test(test_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
