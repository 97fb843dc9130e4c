/* test_charset_names.c - the names that standards and mailers give to character sets */
#include "test.h"

#include "codec/charset.h"

static const char *const rows[][2] = {
    {"utf-8", "utf-8"},
    {"UTF8", "utf-8"},
    {"\"utf-8\"", "utf-8"},
    {" utf-8 ", "utf-8"},
    {"utf_8", "utf-8"},
    {"utf-8*en", "utf-8"},
    {"utf-8'en'", "utf-8"},
    {"'utf-8'", NULL},
    {"unicode-1-1-utf-8", "utf-8"},
    {"cp65001", "utf-8"},
    {"us-ascii", "us-ascii"},
    {"ANSI_X3.4-1968", "us-ascii"},
    {"iso-ir-6", "us-ascii"},
    {"646", "us-ascii"},
    {"iso-8859-1", "iso-8859-1"},
    {"ISO8859_1", "iso-8859-1"},
    {"iso_8859-1:1987", "iso-8859-1"},
    {"latin1", "iso-8859-1"},
    {"l1", "iso-8859-1"},
    {"cp819", "iso-8859-1"},
    {"csISOLatin2", "iso-8859-2"},
    {"iso-8859-8-i", "iso-8859-8-i"},
    {"logical", "iso-8859-8-i"},
    {"visual", "iso-8859-8"},
    {"iso-8859-11", "iso-8859-11"},
    {"tis-620", "tis-620"},
    {"dos-874", "windows-874"},
    {"x-cp1251", "windows-1251"},
    {"win-1251", "windows-1251"},
    {"cp-1251", "windows-1251"},
    {"204", "windows-1251"},
    {"ansi-1252", "windows-1252"},
    {"windows1252", "windows-1252"},
    {"cp-850", "ibm850"},
    {"IBM850", "ibm850"},
    {"ibm-850", "ibm850"},
    {"850", "ibm850"},
    {"cp00858", "ibm00858"},
    {"IBM00858", "ibm00858"},
    {"cspc8codepage437", "ibm437"},
    {"koi8-r", "koi8-r"},
    {"koi8", "koi8-r"},
    {"KOI8-U", "koi8-u"},
    {"macintosh", "macintosh"},
    {"x-mac-roman", "macintosh"},
    {"x-mac-ukrainian", "x-mac-cyrillic"},
    {"utf-16", "utf-16"},
    {"unicodeFFFE", "utf-16be"},
    {"utf-7", "utf-7"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"x-unicode-2-0-utf-7", "utf-7"},
    {"gb2312", "gb2312"},
    {"GB_2312-80", "gb2312"},
    {"x-gbk", "gbk"},
    {"cp936", "gbk"},
    {"gb18030", "gb18030"},
    {"hz-gb-2312", "hz-gb-2312"},
    {"x-x-big5", "big5"},
    {"136", "big5"},
    {"cp950", "big5"},
    {"x-sjis", "shift_jis"},
    {"ms_kanji", "shift_jis"},
    {"cp932", "shift_jis"},
    {"Shift-JIS", "shift_jis"},
    {"x-euc-jp", "euc-jp"},
    {"Extended_UNIX_Code_Packed_Format_for_Japanese", "euc-jp"},
    {"_iso-2022-jp$esc", "iso-2022-jp"},
    {"cp50220", "iso-2022-jp"},
    {"iso-2022-jp-2", "iso-2022-jp"},
    {"ks_c_5601-1987", "euc-kr"},
    {"windows-949", "euc-kr"},
    {"iso-2022-kr", "iso-2022-kr"},
    {"iso-2022-cn-ext", "iso-2022-cn"},
    {"johab", "johab"},
    {"x-unknown", "unknown-8bit"},
    {"unknown-8bit", "unknown-8bit"},
    {"x-no-such", NULL},
    {"cp", NULL},
    {"cp1", NULL},
    {"iso-8859-12", NULL},
    {"", NULL},
    {"-", NULL},
    {"utf-8//IGNORE", NULL},
    {"../../utf-8", NULL},
    {"utf\xc3\xa9-8", NULL},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct charset_row *r = charset_find(rows[i][0], strlen(rows[i][0]));

        if ((r == NULL) != (rows[i][1] == NULL) || (r != NULL && strcmp(r->name, rows[i][1]) != 0))
            fail_msg("%s: %s", rows[i][0], r != NULL ? r->name : "unknown");
    }
    assert_null(charset_find("koi8-r\0x", 8));
}

/* What a search by halves needs. */
static void test_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; i < charset_alias_count; i++) {
        const struct charset_alias *a = &charset_aliases[i];

        assert_true(i == 0 || strcmp(a[-1].name, a->name) < 0);
        assert_true(a->row < charset_row_count);
        assert_ptr_equal(charset_find(a->name, strlen(a->name)), &charset_rows[a->row]);
    }
}

/* Each set is found by its own name, and can be converted. */
static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < charset_row_count; i++) {
        const struct charset_row *r = &charset_rows[i];

        assert_ptr_equal(charset_find(r->name, strlen(r->name)), r);
        assert_int_equal(charset_known(r->name, strlen(r->name)), r->kind != CHARSET_KIND_GUESS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
