/* test_out.c - examples/mailaccess/out */
#include "tool_test.h"

#include "out.h"

static char written[4096];

/* What write_it() prints. */
static const char *printed(void (*write_it)(struct out *o, const char *text, size_t len),
                           const char *text, size_t len)
{
    FILE *f = fmemopen(memset(written, 0, sizeof written), sizeof written, "w");
    struct out o;

    assert_non_null(f);
    out_init(&o, f, 0);
    write_it(&o, text, len);
    fclose(f);
    return written;
}

static void one_line(struct out *o, const char *text, size_t len)
{
    out_visible(o->file, text, len);
}

static void one_json(struct out *o, const char *text, size_t len)
{
    json_begin(o);
    json_text(o, "k", text, len);
    json_end(o);
}

static const char *visible(const char *text)
{
    return printed(one_line, text, strlen(text));
}

static void control_characters_are_shown_o01_o02_o03(void **state)
{
    (void)state;
    assert_string_equal(visible("a\033[31mb\007"), "a\\x1b[31mb\\x07");
    assert_string_equal(visible("a\r\n\tb\x7f"), "a\\r\\n\\tb\\x7f");
    assert_string_equal(visible("a\302\23331mb"), "a\\u{9b}31mb");
    assert_string_equal(visible("a\233z"), "a\\x9bz");
    assert_string_equal(printed(one_line, "a\0b", 3), "a\\x00b");
    assert_string_equal(visible("Gr\303\274\303\237e \360\237\223\247"),
                        "Gr\303\274\303\237e \360\237\223\247");
}

static void turning_and_invisible_characters_are_shown_o04(void **state)
{
    (void)state;
    assert_string_equal(visible("a\342\200\256exe.txt"), "a\\u{202e}exe.txt");
    assert_string_equal(visible("\342\201\246x\342\201\251"), "\\u{2066}x\\u{2069}");
    assert_string_equal(visible("a\342\200\213b\357\273\277"), "a\\u{200b}b\\u{feff}");
    assert_string_equal(visible("\342\200\250\330\234"), "\\u{2028}\\u{61c}");
}

static void what_is_not_utf8_is_shown(void **state)
{
    (void)state;
    assert_string_equal(visible("\300\200"), "\\xc0\\x80");
    assert_string_equal(visible("\355\240\200"), "\\xed\\xa0\\x80");
    assert_string_equal(visible("\364\220\200\200"), "\\xf4\\x90\\x80\\x80");
    assert_string_equal(visible("x\342\202"), "x\\xe2\\x82");
}

static void lines_keep_their_ends_and_nothing_else(void **state)
{
    const char *text = "one\r\ntwo\tx\033\n\r\rthree";

    (void)state;
    assert_string_equal(printed(out_lines, text, strlen(text)), "one\ntwo\tx\\x1b\n\\r\\rthree");
    assert_string_equal(printed(out_lines, "\r\n", 2), "\n");
    assert_string_equal(printed(out_lines, "", 0), "");
}

static void a_copy_is_cut_between_characters(void **state)
{
    char buf[8];

    (void)state;
    out_visible_copy(buf, sizeof buf, "abcde\303\274\303\274", 9);
    assert_string_equal(buf, "abcde\303\274");
    out_visible_copy(buf, sizeof buf, "abcde\033", 6);
    assert_string_equal(buf, "abcde");
    out_visible_copy(buf, 1, "x", 1);
    assert_string_equal(buf, "");
}

static void json_text_is_always_valid(void **state)
{
    const char *text = "a\"b\\c\n\001\302\233\342\200\256\377";

    (void)state;
    assert_string_equal(printed(one_json, text, strlen(text)),
                        "{\"k\":\"a\\\"b\\\\c\\n\\u0001\\u009b\\u202e\357\277\275\"}\n");
    assert_string_equal(printed(one_json, "\363\240\200\201\360\237\223\247", 8),
                        "{\"k\":\"\\udb40\\udc01\360\237\223\247\"}\n");
    assert_string_equal(printed(one_json, "\0", 1), "{\"k\":\"\\u0000\"}\n");
}

static void nested(struct out *o, const char *text, size_t len)
{
    (void)text;
    (void)len;
    json_begin(o);
    json_array(o, "a");
    json_object(o, NULL);
    json_number(o, "n", UINT64_MAX);
    json_signed(o, "s", INT64_MIN);
    json_object_end(o);
    json_object(o, NULL);
    json_object_end(o);
    json_string(o, NULL, "x");
    json_array_end(o);
    json_array(o, "e");
    json_array_end(o);
    json_bool(o, "b", 0);
    json_end(o);
}

static void json_commas_are_where_they_belong(void **state)
{
    (void)state;
    assert_string_equal(printed(nested, "", 0),
                        "{\"a\":[{\"n\":18446744073709551615,\"s\":-9223372036854775808},{},\"x\"],"
                        "\"e\":[],\"b\":false}\n");
}

static void columns(struct out *o, const char *text, size_t len)
{
    out_column_number(o, 4, 7);
    out_column(o, 5, text, len);
    out_column(o, 3, "z", 1);
    out_end_line(o);
}

static void columns_are_padded_by_what_is_seen(void **state)
{
    (void)state;
    assert_string_equal(printed(columns, "\303\274\303\274", 4), "   7  \303\274\303\274     z\n");
    assert_string_equal(printed(columns, "\033\033", 2), "   7  \\x1b\\x1b  z\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_shown_o01_o02_o03),
        cmocka_unit_test(turning_and_invisible_characters_are_shown_o04),
        cmocka_unit_test(what_is_not_utf8_is_shown),
        cmocka_unit_test(lines_keep_their_ends_and_nothing_else),
        cmocka_unit_test(a_copy_is_cut_between_characters),
        cmocka_unit_test(json_text_is_always_valid),
        cmocka_unit_test(json_commas_are_where_they_belong),
        cmocka_unit_test(columns_are_padded_by_what_is_seen),
    };

    return cmocka_run_group_tests_name("tool/out", tests, NULL, NULL);
}
