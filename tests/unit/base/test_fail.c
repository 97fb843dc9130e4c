/* test_fail.c - lib/base/fail */
#include "base/fail.h"
#include "test.h"

static void first_error_wins(void **state)
{
    mla_error e = {0};

    (void)state;
    assert_int_equal(fail(&e, MLA_E_IO, "a %d", 1), MLA_E_IO);
    assert_int_equal(fail(&e, MLA_E_ARG, "b"), MLA_E_ARG);
    assert_int_equal(e.code, MLA_E_IO);
    assert_string_equal(e.message, "a 1");
    assert_int_equal(fail(NULL, MLA_E_NO, "c"), MLA_E_NO);
}

static void controls_are_made_visible(void **state)
{
    mla_error e = {0};

    (void)state;
    fail(&e, MLA_E_NO, "%s", "a\r\nb\x1b[31m \xc3\xa4 \xc2\x9b \xff \x7f");
    assert_string_equal(e.message, "a\\x0d\\x0ab\\x1b[31m \xc3\xa4 \\u009b \\xff \\x7f");
}

static void long_messages_are_cut_between_characters(void **state)
{
    mla_error e = {0};
    char text[600];

    (void)state;
    memset(text, 'x', sizeof text);
    text[222] = '\xe2';
    text[223] = '\x82';
    text[224] = '\xac';
    text[599] = '\0';
    fail(&e, MLA_E_NO, "%s", text);
    assert_int_equal(strlen(e.message), 222);
    assert_int_equal(sizeof e, 256);
}

static void every_code_has_a_name(void **state)
{
    static const int codes[] = {MLA_OK,     MLA_E_NO,        MLA_E_THROTTLED,
                                MLA_E_BUSY, MLA_E_NOT_FOUND, MLA_E_INTERNAL};

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_string_not_equal(fail_name(codes[i]), "MLA_E_UNKNOWN");
    assert_string_equal(fail_name(-99), "MLA_E_UNKNOWN");
    assert_string_equal(fail_name(MLA_E_FLOOD), "MLA_E_FLOOD");
    assert_true(fail_is_fatal(MLA_E_NOMEM));
    assert_true(fail_is_fatal(MLA_E_INTERNAL));
    assert_false(fail_is_fatal(MLA_E_NOT_FOUND));
    assert_false(fail_is_fatal(0));
}

static void system_errors_carry_their_number(void **state)
{
    mla_error e = {0};

    (void)state;
    fail_sys(&e, MLA_E_CONNECT, 111, "connect");
    assert_int_equal(e.sys_code, 111);
    assert_non_null(strstr(e.message, "connect: "));
    memset(&e, 0, sizeof e);
    fail_tls(&e, MLA_E_TLS, -0x7200, "handshake");
    assert_int_equal(e.tls_code, -0x7200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(controls_are_made_visible),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(every_code_has_a_name),
        cmocka_unit_test(system_errors_carry_their_number),
    };

    return cmocka_run_group_tests_name("base/fail", tests, NULL, NULL);
}
