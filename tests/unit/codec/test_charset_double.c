/* test_charset_double.c - the sets of East Asia: what belongs together, and that no octet of
 * US-ASCII is swallowed by a character that is not valid */
#include "charset_rows.h"

static const struct charset_case japan[] = {
    ROW("shift_jis",
        "\x82\xa0\x83"
        "A",
        "\xe3\x81\x82\xe3\x82\xa2", 0),
    ROW("shift_jis", "\xb1\xdd", "\xef\xbd\xb1\xef\xbe\x9d", 0),
    ROW("shift_jis", "\\~", "\\~", 0),
    ROW("x-sjis", "\x87@\xfb\xfc", "\xe2\x91\xa0\xe9\xab\x99", 0),
    ROW("cp932", "\x81`", "\xef\xbd\x9e", 0),
    ROW("windows-31j", "\xf0@\xf9\xfc", "\xee\x80\x80\xee\x9d\x97", 0),
    ROW("shift_jis", "\x82", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("shift_jis", "\x82\"x", "\xef\xbf\xbd\"x", CHARSET_INVALID),
    ROW("shift_jis", "\xfdx\xa0", "\xef\xbf\xbdx\xef\xbf\xbd", CHARSET_INVALID),
    ROW("shift_jis", "\x85@z", "\xef\xbf\xbd@z", CHARSET_INVALID),
    ROW("shift_jis", "\x82\xff!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("shift_jis", "\x80", "\xc2\x80", 0),
    ROW("euc-jp", "\xa4\xa2\x8e\xb1\x8f\xb0\xa1", "\xe3\x81\x82\xef\xbd\xb1\xe4\xb8\x82", 0),
    ROW("x-euc-jp", "\xad\xa1", "\xe2\x91\xa0", 0),
    ROW("euc-jp", "\xa4", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("euc-jp", "\xa4<b>", "\xef\xbf\xbd<b>", CHARSET_INVALID),
    ROW("euc-jp", "\x8f\xa1<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("euc-jp", "\x8f<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("euc-jp", "\x8e<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("euc-jp", "\x8e\xe0!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("euc-jp", "\x8f\xb0", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("euc-jp", "\x80!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("euc-jp", "\xa4\x80!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("euc-jp", "\xa9\xa1!", "\xef\xbf\xbd!", CHARSET_INVALID),
};

static const struct charset_case china[] = {
    ROW("gb2312", "\xd6\xd0", "\xe4\xb8\xad", 0),
    ROW("gbk", "\x81@\x80", "\xe4\xb8\x82\xe2\x82\xac", 0),
    ROW("gb18030",
        "\x81"
        "0\x81"
        "0",
        "\xc2\x80", 0),
    ROW("gb18030",
        "\x94"
        "9\xda"
        "3",
        "\xf0\x9f\x92\xa9", 0),
    ROW("gb18030",
        "\x82"
        "5\x90"
        "7",
        "\xe9\xbe\xb4", 0),
    ROW("gb2312",
        "\xa1\xa1"
        "a",
        "\xe3\x80\x80"
        "a",
        0),
    ROW("gb18030", "ok\xffok", "ok\xef\xbf\xbdok", CHARSET_INVALID),
    ROW("gb18030", "\x81<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("gb18030",
        "\x81"
        "0<",
        "\xef\xbf\xbd"
        "0<",
        CHARSET_INVALID),
    ROW("gb18030",
        "\x81"
        "0\x81<",
        "\xef\xbf\xbd"
        "0\xef\xbf\xbd<",
        CHARSET_INVALID),
    ROW("gb18030", "\x81", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("gb18030",
        "\x81"
        "0",
        "\xef\xbf\xbd"
        "0",
        CHARSET_INVALID),
    ROW("gb18030",
        "\x81"
        "0\x81",
        "\xef\xbf\xbd"
        "0\xef\xbf\xbd",
        CHARSET_INVALID),
    ROW("gb18030",
        "\xfe"
        "9\xfe"
        "9",
        "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("gb18030", "\x81\x7f", "\xef\xbf\xbd\x7f", CHARSET_INVALID),
    ROW("hz-gb-2312x", "~", "~", CHARSET_UNKNOWN),
};

static const struct charset_case korea[] = {
    ROW("euc-kr", "\xb0\xa1", "\xea\xb0\x80", 0),
    ROW("ks_c_5601-1987",
        "\xb0\xa1\x81"
        "A",
        "\xea\xb0\x80\xea\xb0\x82", 0),
    ROW("cp949", "\xc6R", "\xed\x9e\xa3", 0),
    ROW("euc-kr", "\xb0", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("euc-kr", "\xb0<a", "\xef\xbf\xbd<a", CHARSET_INVALID),
    ROW("euc-kr", "\xc9\xa1x", "\xef\xbf\xbdx", CHARSET_INVALID),
    ROW("euc-kr", "\x80x\xff", "\xef\xbf\xbdx\xef\xbf\xbd", CHARSET_INVALID),
    ROW("euc-kr", "\xa2\xe8\xa5\xec", "\xef\xbf\xbd\xce\xbc", CHARSET_INVALID),
    ROW("euc-kr",
        "\xc7"
        "A",
        "\xef\xbf\xbd"
        "A",
        CHARSET_INVALID),
    ROW("johab",
        "\x88"
        "a",
        "\xea\xb0\x80", 0),
};

static const struct charset_case taiwan[] = {
    ROW("big5", "\xa4\xa4", "\xe4\xb8\xad", 0),
    ROW("big5", "\xa1\xc3\xa1\xc5\xa1Z", "\xef\xbf\xa3\xcb\x8d\xe2\x95\xb4", 0),
    ROW("big5-hkscs",
        "\x88"
        "b",
        "\xc3\x8a\xcc\x84", 0),
    ROW("136", "\xa4\xa4", "\xe4\xb8\xad", 0),
    ROW("big5", "\xa4", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("big5", "\xa4<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("big5", "\xa4\x80!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("big5", "\x80!", "\xef\xbf\xbd!", CHARSET_INVALID),
    ROW("big5", "\x81@", "\xef\xbf\xbd@", CHARSET_INVALID),
    ROW("euc-tw", "\xc4\xa1\x8e\xa2\xa1\xa1", "\xe4\xb8\x80\xe4\xb9\x82", 0),
    ROW("euc-tw", "\x8e\xa2<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("euc-tw", "\x8e\xa2\xa1<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("euc-tw", "\xc4<", "\xef\xbf\xbd<", CHARSET_INVALID),
};

static void test_japan(void **state)
{
    (void)state;
    charset_try_all(japan, sizeof japan / sizeof japan[0]);
}

static void test_china(void **state)
{
    (void)state;
    charset_try_all(china, sizeof china / sizeof china[0]);
}

static void test_korea(void **state)
{
    (void)state;
    charset_try_all(korea, sizeof korea / sizeof korea[0]);
}

static void test_taiwan(void **state)
{
    (void)state;
    charset_try_all(taiwan, sizeof taiwan / sizeof taiwan[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_japan),
        cmocka_unit_test(test_china),
        cmocka_unit_test(test_korea),
        cmocka_unit_test(test_taiwan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
