/* test_html.c - examples/mailaccess/html */
#include "tool_test.h"

#include "html.h"

static void gives(const char *html, const char *text)
{
    char *out, *exact = malloc(strlen(html) + 1); /* so that a read beyond the end is noticed */
    size_t len;

    assert_non_null(exact);
    memcpy(exact, html, strlen(html));
    assert_int_equal(html_to_text(exact, strlen(html), &out, &len), 0);
    if (len != strlen(text) || memcmp(out, text, len) != 0)
        fail_msg("\"%s\" gives \"%.*s\"", html, (int)len, out);
    free(out);
    free(exact);
}

static void words_and_lines(void **state)
{
    (void)state;
    gives("<p>One <b>two</b>\n  three</p><p>four<br>five</p>", "One two three\n\nfour\nfive\n\n");
    gives("<ul><li>a<li>b</ul>", "* a\n* b\n\n");
    gives("<table><tr><td>a</td><td>b</td></tr></table>", "a b\n\n");
    gives("<pre>a\n\nb</pre>", "a\n\nb\n\n");
    gives("", "");
}

static void hidden_things_are_left_out(void **state)
{
    (void)state;
    gives("<head><title>x</title></head>a<style>p { }</style>b<script>if (1 < 2) x()</script>c",
          "abc\n");
    gives("a<!-- <b>x</b> -->b<!doctype html>c", "abc\n");
    gives("a<img src=\"http://example.test/x\">b<a href=y>c</a>", "abc\n");
}

static void entities_are_decoded(void **state)
{
    (void)state;
    gives("&lt;b&gt; &amp;amp; &quot;&#8364;&#x20ac;&euro;&#233;",
          "<b> &amp; \"\342\202\254\342\202\254\342\202\254\303\251\n");
    gives("a&nbsp;b & c &unknown; &; &#xD800; &#1114112;",
          "a b & c &unknown; &; &#xD800; &#1114112;\n");
}

static void broken_html_is_survived(void **state)
{
    (void)state;
    gives("a < b <", "a < b <\n");
    gives("a<b", "a\n");
    gives("a<!--", "a\n");
    gives("a<style", "a\n");
    gives("a<style>x", "a\n");
    gives("a</", "a</\n");
    gives("&", "&\n");
    gives("&#", "&#\n");
    gives("<p><p><p>", "");
    gives("a<p>b<p>c<p>d<p>", "a\n\nb\n\nc\n\nd\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_lines),
        cmocka_unit_test(hidden_things_are_left_out),
        cmocka_unit_test(entities_are_decoded),
        cmocka_unit_test(broken_html_is_survived),
    };

    return cmocka_run_group_tests_name("tool/html", tests, NULL, NULL);
}
