/* test_charset_escape.c - ISO-2022 and HZ: sets are switched, lines are never lost */
#include "charset_rows.h"

static const struct charset_case iso2022jp[] = {
    ROW("iso-2022-jp", "\x1b$B$\"\x1b(B!", "\xe3\x81\x82!", 0),
    ROW("iso-2022-jp", "\x1b$@$\"\x1b(J\\~a",
        "\xe3\x81\x82\xc2\xa5\xe2\x80\xbe"
        "a",
        0),
    ROW("_iso-2022-jp$esc", "\x1b$B$\"\x1b(Bx", "\xe3\x81\x82x", 0),
    ROW("iso-2022-jp", "\x1b(I1]\x1b(B!", "\xef\xbd\xb1\xef\xbe\x9d!", 0),
    ROW("cp50222",
        "\x0e"
        "1\x0f!",
        "\xef\xbd\xb1!", 0),
    ROW("iso-2022-jp-1", "\x1b$(D0!\x1b(B", "\xe4\xb8\x82", 0),
    ROW("iso-2022-jp-2", "\x1b$AVP\x1b$(C0!\x1b(B", "\xe4\xb8\xad\xea\xb0\x80", 0),
    ROW("iso-2022-jp-2", "\x1b.A\x1bNi\x1b.F\x1bNa", "\xc3\xa9\xce\xb1", 0),
    ROW("iso-2022-jp", "\x1b$B$\"\x1b(B\x1b$B$$\x1b(B", "\xe3\x81\x82\xe3\x81\x84", 0),
    ROW("iso-2022-jp", "\x1b&@\x1b$B$\"\x1b(B", "\xe3\x81\x82", 0),
};

/* X14: escape sequences swallow no text. */
static const struct charset_case iso2022jp_faults[] = {
    ROW("iso-2022-jp", "\x1b$B$\"\nabc", "\xe3\x81\x82\nabc", 0),
    ROW("iso-2022-jp", "\x1b$B$\"\r\nabc", "\xe3\x81\x82\r\nabc", 0),
    ROW("iso-2022-jp", "\x1b$B$\" $$", "\xe3\x81\x82 \xe3\x81\x84", 0),
    ROW("iso-2022-jp", "\x1b$B$\x1b(B<b>", "\xef\xbf\xbd<b>", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b$B$", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b$B$\n<", "\xef\xbf\xbd\n<", CHARSET_INVALID),
    ROW("iso-2022-jp", "a\x1b", "a\xef\xbf\xbd", CHARSET_INVALID),
    ROW("iso-2022-jp", "a\x1b$", "a\xef\xbf\xbd$", CHARSET_INVALID),
    ROW("iso-2022-jp", "a\x1b[31m<", "a\xef\xbf\xbd[31m<", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b$(<", "\xef\xbf\xbd$(<", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b\x1b$B$\"\x1b(B", "\xef\xbf\xbd\xe3\x81\x82", CHARSET_INVALID),
    ROW("iso-2022-jp", "\xb1<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b(B\xb1", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b$B))x", "\xef\xbf\xbd\xef\xbf\xbd", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b(I~!", "\xef\xbf\xbd\xef\xbd\xa1", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1bNx", "\xef\xbf\xbdNx", CHARSET_INVALID),
    ROW("iso-2022-jp", "\x1b$B$\xa2$\"", "\xef\xbf\xbd\xe3\x81\x82", CHARSET_INVALID),
};

static const struct charset_case iso2022kr[] = {
    ROW("iso-2022-kr",
        "\x1b$)C\x0e"
        "0!\x0f ok",
        "\xea\xb0\x80 ok", 0),
    ROW("iso-2022-kr",
        "\x0e"
        "0!\x0f",
        "\xea\xb0\x80", 0),
    ROW("iso-2022-kr",
        "\x1b$)C\x0e"
        "0!\nabc\x0e"
        "0!",
        "\xea\xb0\x80\nabc\xea\xb0\x80", 0),
    ROW("iso-2022-kr",
        "\x1b$)C\x0e"
        "0\x0f<",
        "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("iso-2022-kr", "plain", "plain", 0),
};

static const struct charset_case iso2022cn[] = {
    ROW("iso-2022-cn", "\x1b$)A\x0eVP\x0f.", "\xe4\xb8\xad.", 0),
    ROW("iso-2022-cn",
        "\x1b$)G\x0e"
        "D!\x0f.",
        "\xe4\xb8\x80.", 0),
    ROW("iso-2022-cn", "\x1b$*H\x1bN!!.", "\xe4\xb9\x82.", 0),
    ROW("iso-2022-cn", "\x1b$)A\x0eVP\nVP", "\xe4\xb8\xad\nVP", 0),
    ROW("iso-2022-cn", "\x1b$*H\x1bN\n.", "\xef\xbf\xbdN\n.", CHARSET_INVALID),
    ROW("iso-2022-cn", "\x1b$*H\x1bN!\n.", "\xef\xbf\xbdN!\n.", CHARSET_INVALID),
};

static const struct charset_case hz[] = {
    ROW("hz-gb-2312", "~{VPND~}.", "\xe4\xb8\xad\xe6\x96\x87.", 0),
    ROW("hz", "a~~b", "a~b", 0),
    ROW("hz", "a~\nb", "ab", 0),
    ROW("hz", "a~\r\nb", "ab", 0),
    ROW("hz", "~{VP\nVP", "\xe4\xb8\xad\nVP", 0),
    ROW("hz", "~x", "\xef\xbf\xbdx", CHARSET_INVALID),
    ROW("hz", "~{V\n<", "\xef\xbf\xbd\n<", CHARSET_INVALID),
    ROW("hz", "~", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("hz", "~{V", "\xef\xbf\xbd", CHARSET_INVALID),
    ROW("hz", "~\rx", "\xef\xbf\xbd\rx", CHARSET_INVALID),
    ROW("hz", "~\r~~", "\xef\xbf\xbd\r~", CHARSET_INVALID),
    ROW("hz", "\xd6x", "\xef\xbf\xbdx", CHARSET_INVALID),
    ROW("hz", "~\xd6", "\xef\xbf\xbd\xef\xbf\xbd", CHARSET_INVALID),
    ROW("hz", "~{V\xd6~}<", "\xef\xbf\xbd<", CHARSET_INVALID),
    ROW("hz", "~{~}<", "<", 0),
};

static void test_iso2022jp(void **state)
{
    (void)state;
    charset_try_all(iso2022jp, sizeof iso2022jp / sizeof iso2022jp[0]);
}

static void test_iso2022jp_faults(void **state)
{
    (void)state;
    charset_try_all(iso2022jp_faults, sizeof iso2022jp_faults / sizeof iso2022jp_faults[0]);
}

static void test_iso2022kr(void **state)
{
    (void)state;
    charset_try_all(iso2022kr, sizeof iso2022kr / sizeof iso2022kr[0]);
}

static void test_iso2022cn(void **state)
{
    (void)state;
    charset_try_all(iso2022cn, sizeof iso2022cn / sizeof iso2022cn[0]);
}

static void test_hz(void **state)
{
    (void)state;
    charset_try_all(hz, sizeof hz / sizeof hz[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iso2022jp), cmocka_unit_test(test_iso2022jp_faults),
        cmocka_unit_test(test_iso2022kr), cmocka_unit_test(test_iso2022cn),
        cmocka_unit_test(test_hz),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
