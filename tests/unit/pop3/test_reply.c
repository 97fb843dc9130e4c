/* test_reply.c - lib/pop3/reply */
#include "pop3/reply.h"
#include "test.h"

static struct pop3_reply parse(const char *line)
{
    struct pop3_reply r;

    pop3_reply_parse((const uint8_t *)line, strlen(line), &r);
    return r;
}

static void is(const char *line, int status, uint32_t code, const char *raw, const char *text)
{
    struct pop3_reply r = parse(line);

    assert_int_equal(r.status, status);
    assert_int_equal(r.code, code);
    assert_int_equal(r.code_raw.len, raw == NULL ? 0 : strlen(raw));
    if (raw != NULL)
        assert_memory_equal(r.code_raw.ptr, raw, r.code_raw.len);
    else
        assert_null(r.code_raw.ptr);
    assert_int_equal(r.text.len, text == NULL ? 0 : strlen(text));
    if (text != NULL)
        assert_memory_equal(r.text.ptr, text, r.text.len);
}

static void status_lines(void **state)
{
    (void)state;
    is("+OK", REPLY_OK, 0, NULL, "");
    is("+ok hello", REPLY_OK, 0, NULL, "hello");
    is("-ERR  two", REPLY_ERR, 0, NULL, " two");
    is("+OK<1@b>", REPLY_OK, 0, NULL, "<1@b>");
    is("+OKAY", REPLY_OTHER, 0, NULL, NULL);
    is("-ERROR", REPLY_OTHER, 0, NULL, NULL);
    is("OK", REPLY_OTHER, 0, NULL, NULL);
    is("", REPLY_OTHER, 0, NULL, NULL);
    is("+", REPLY_MORE, 0, NULL, "");
    is("+ ", REPLY_MORE, 0, NULL, "");
    is("+ abc=", REPLY_MORE, 0, NULL, "abc=");
    is("+abc=", REPLY_OTHER, 0, NULL, NULL);
    is("+ [IN-USE]", REPLY_MORE, 0, NULL, "[IN-USE]");
}

static void response_codes_P25(void **state)
{
    (void)state;
    is("-ERR [IN-USE] busy", REPLY_ERR, MLA_POP3_CODE_IN_USE, "IN-USE", "busy");
    is("-ERR [login-delay]", REPLY_ERR, MLA_POP3_CODE_LOGIN_DELAY, "login-delay", "");
    is("-ERR [SYS/TEMP/A/B]x", REPLY_ERR, MLA_POP3_CODE_SYS_TEMP, "SYS/TEMP/A/B", "x");
    is("-ERR [SYS/PERM] x", REPLY_ERR, MLA_POP3_CODE_SYS_PERM, "SYS/PERM", "x");
    is("-ERR [SYS/TEMPO] x", REPLY_ERR, MLA_POP3_CODE_OTHER, "SYS/TEMPO", "x");
    is("-ERR [SYS] x", REPLY_ERR, MLA_POP3_CODE_OTHER, "SYS", "x");
    is("-ERR [AUTH] x", REPLY_ERR, MLA_POP3_CODE_AUTH, "AUTH", "x");
    is("-ERR [UTF8] x", REPLY_ERR, MLA_POP3_CODE_UTF8, "UTF8", "x");
    is("-ERR [] x", REPLY_ERR, 0, NULL, "[] x");
    is("-ERR [AUTH x", REPLY_ERR, 0, NULL, "[AUTH x");
    is("-ERR x [AUTH]", REPLY_ERR, 0, NULL, "x [AUTH]");
}

static int item(const char *line, int uidl, mla_pop3_item *it)
{
    return pop3_reply_item((mla_str){line, strlen(line)}, uidl, it);
}

static void listings_P14_Z03(void **state)
{
    static const char *const bad[] = {
        "", " ", "x", "0 1", "-1 1", "+1 1", "1x 1", "1,", "4294967296 1", "00 1", "+OK", "0x1 1"};
    mla_pop3_item it;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(item(bad[i], 0, &it), 0);
        assert_int_equal(item(bad[i], 1, &it), 0);
    }
    assert_int_equal(item("4294967295 18446744073709551615", 0, &it), 1);
    assert_int_equal(it.number, 4294967295U);
    assert_true(it.size == UINT64_MAX);
    assert_int_equal(it.flags, 0);
    assert_int_equal(item("1 18446744073709551616", 0, &it), 1);
    assert_int_equal(it.flags, MLA_POP3_ITEM_NO_SIZE);
    assert_true(it.size == 0);
    assert_int_equal(item("007 5 rest", 0, &it), 1);
    assert_int_equal(it.number, 7);
    assert_true(it.size == 5);
    assert_null(it.uidl.ptr);
}

static void uidls_Z13(void **state)
{
    char line[80];
    mla_pop3_item it;

    (void)state;
    assert_int_equal(item("1", 1, &it), 1);
    assert_non_null(it.uidl.ptr);
    assert_int_equal(it.uidl.len, 0);
    assert_int_equal(it.flags, MLA_POP3_ITEM_ODD_UIDL);
    assert_int_equal(item("1 !~ \t", 1, &it), 1);
    assert_int_equal(it.uidl.len, 2);
    assert_int_equal(it.flags, 0);
    assert_int_equal(item("1 a\x7f", 1, &it), 1);
    assert_int_equal(it.flags, MLA_POP3_ITEM_ODD_UIDL);
    memset(line, 'u', sizeof line);
    line[0] = '1';
    line[1] = ' ';
    assert_int_equal(pop3_reply_item((mla_str){line, 72}, 1, &it), 1);
    assert_int_equal(it.flags, 0);
    assert_int_equal(pop3_reply_item((mla_str){line, 73}, 1, &it), 1);
    assert_int_equal(it.flags, MLA_POP3_ITEM_ODD_UIDL);
    assert_int_equal(it.uidl.len, 71);
}

static void stamps_are_strict_A11(void **state)
{
    static const char *const bad[] = {"ready",      "<>",         "<a>",       "<@b>",
                                      "<a@>",       "<a@b",       "<a b@c>",   "<a@b@c>",
                                      "<a@b><c@d>", "x <a <b@c>", "<a\x01@b>", "<\xc3\xa4@b>",
                                      "<\"a\"@b>",  "<a@[1.2]>"};
    mla_str out;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(pop3_reply_stamp((mla_str){bad[i], strlen(bad[i])}, &out), 0);
    assert_int_equal(pop3_reply_stamp((mla_str){"a <1.2@h-3.example> b", 21}, &out), 1);
    assert_int_equal(out.len, 17);
    assert_memory_equal(out.ptr, "<1.2@h-3.example>", 17);
    assert_int_equal(pop3_reply_stamp((mla_str){"<a\0@b>", 6}, &out), 0);
}

static void stat_M18(void **state)
{
    mla_pop3_stat st;

    (void)state;
    assert_int_equal(pop3_reply_stat((mla_str){"2 320", 5}, &st), 1);
    assert_int_equal(st.count, 2);
    assert_true(st.size == 320);
    assert_int_equal(st.struct_size, sizeof st);
    assert_int_equal(pop3_reply_stat((mla_str){"4294967296 1", 12}, &st), 0);
    assert_int_equal(pop3_reply_stat((mla_str){"2", 1}, &st), 0);
    assert_int_equal(pop3_reply_stat((mla_str){"2 x", 3}, &st), 0);
    assert_int_equal(pop3_reply_stat((mla_str){"", 0}, &st), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_lines),          cmocka_unit_test(response_codes_P25),
        cmocka_unit_test(listings_P14_Z03),      cmocka_unit_test(uidls_Z13),
        cmocka_unit_test(stamps_are_strict_A11), cmocka_unit_test(stat_M18),
    };

    return cmocka_run_group_tests_name("pop3/reply", tests, NULL, NULL);
}
