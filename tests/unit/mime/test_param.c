/* test_param.c - parameters and RFC 2231 (X07, X09, X17) */
#include "mime_test.h"

#include "base/ascii.h"
#include "mime/param.h"

#include <stdio.h>

#define BIT(code) (UINT64_C(1) << (code))
#define FFFD      "\xef\xbf\xbd"

static struct warn_set seen;

static uint64_t get(const char *field, const char *name, const char *want)
{
    struct param_list l;
    struct warn_set w;
    struct buf b;
    int rc;

    memset(&w, 0, sizeof w);
    param_init(&l, mem_default(), 500);
    buf_init(&b, mem_default(), 100000);
    assert_int_equal(param_parse(&l, (const uint8_t *)field, strlen(field), &w, 0), 0);
    rc = param_text(&l, name, 100, &b);
    assert_int_equal(rc, want != NULL);
    if (want != NULL)
        assert_string_equal(buf_text(&b), want);
    buf_free(&b);
    param_free(&l);
    seen = w;
    return w.mask[0];
}

#define GOOD(field, name, want)      assert_int_equal(get(field, name, want), 0)
#define BAD(field, name, want, code) assert_int_equal(get(field, name, want), BIT(code))

static void test_value(void **state)
{
    struct param_list l;
    const char *text = " (c) Text/Plain (d) ; charset=x";

    (void)state;
    param_init(&l, mem_default(), 500);
    assert_int_equal(param_parse(&l, (const uint8_t *)text, strlen(text), NULL, 0), 0);
    assert_int_equal(l.value_len, 10);
    assert_memory_equal(l.value, "Text/Plain", 10);
    assert_int_equal(l.count, 1);
    param_free(&l);
}

static void test_plain(void **state)
{
    (void)state;
    GOOD("text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii");
    GOOD("text/plain; charset=\"us-ascii\"", "CHARSET", "us-ascii");
    GOOD("m/m; boundary=----=_Part_1.2", "boundary", "----=_Part_1.2");
    GOOD("a/b;x=1;y=2", "y", "2");
    GOOD("a/b; x=\"a \\\"b\\\" c;d\"", "x", "a \"b\" c;d");
    GOOD("a/b; x=\"fol\r\n ded\"", "x", "fol ded");
    GOOD("a/b; x = y ; z=1", "x", "y");
    GOOD("a/b; x=\"\"", "x", "");
    GOOD("a/b; x=", "x", "");
    GOOD("a/b;;; x=1;", "x", "1");
    GOOD("a/b", "x", NULL);
    GOOD("", "x", NULL);
}

/* RFC 2231, its own examples */
static void test_rfc2231(void **state)
{
    (void)state;
    GOOD("message/external-body; access-type=URL;\r\n URL*0=\"ftp://\";\r\n"
         " URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
         "url", "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar");
    GOOD("application/x-stuff;\r\n title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
         "title", "This is ***fun***");
    GOOD("application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;"
         " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
         "title", "This is even more ***fun*** isn't it!");
}

/* X07: order does not matter, a gap ends the value, the first duplicate wins */
static void test_pieces(void **state)
{
    (void)state;
    GOOD("a; n*2=c; n*0=a; n*1=b", "n", "abc");
    GOOD("a; n*0=a; n*2=c", "n", "a");
    GOOD("a; n*1=b; n*2=c", "n", NULL);
    BAD("a; n*0=a; n*0=z; n*1=b", "n", "ab", MLA_MIME_WARN_DUPLICATE_PARAMETER);
    BAD("a; n*99999999999999999999=x; n*0=a", "n", "a", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; n*x=b", "n", NULL, MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; n**=b; n*=utf-8''c", "n", "c", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; n*0**=b; n=c", "n", "c", MLA_MIME_WARN_BAD_PARAMETER);
    GOOD("a; n=plain; n*=utf-8''%C3%A9", "n", "\xc3\xa9");
    GOOD("a; n=plain; n*0=piece", "n", "piece");
    GOOD("a; n*0*=utf-8''%E2%82; n*1*=%AC", "n", "\xe2\x82\xac");
    GOOD("a; n*=%C3%A9", "n", "\xc3\xa9");
    GOOD("a; n*=iso-8859-1''%E9%zz%4", "n", "\xc3\xa9%zz%4");
    GOOD("a; n*=\"utf-8''%C3%A9\"", "n", "\xc3\xa9");
}

static void test_faults(void **state)
{
    (void)state;
    BAD("a; n=1; n=2", "n", "1", MLA_MIME_WARN_DUPLICATE_PARAMETER);
    BAD("a; n=my file (1).pdf; x=1", "n", "my file (1).pdf", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; charset=utf-8 name=foo", "charset", "utf-8", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; charset=utf-8 name=foo", "name", "foo", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; n=\"open", "n", "open", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; junk; n=1", "n", "1", MLA_MIME_WARN_BAD_PARAMETER);
    BAD("a; n=\"1\" junk; m=2", "m", "2", MLA_MIME_WARN_BAD_PARAMETER);
    GOOD("a; n=\"=?utf-8?Q?gr=C3=BCn?=\"", "n", "gr\xc3\xbcn");
    GOOD("a; n==?utf-8?Q?gr=C3=BCn?=", "n", "gr\xc3\xbcn");
    BAD("a; n=gr\xfcn", "n", "gr\xc3\xbcn", MLA_MIME_WARN_GUESSED_CHARSET);
}

/* Where there are many, they are sorted instead of compared with each other: the same names and
 * sections count, the same is said at the same place. Names in two letter cases, in the order that
 * 7 * i gives. */
static void test_many(void **state)
{
    char field[8000] = "a";
    char want[300] = "";
    size_t n = 1;
    uint64_t at;

    (void)state;
    for (int i = 0; i < 101; i++) {
        int section = i * 7 % 101;

        n += (size_t)snprintf(field + n, sizeof field - n, "; %c*%d=%c; x%d=%d", i % 2 ? 'n' : 'N',
                              section, 'a' + section % 26, section, i);
        want[section] = (char)('a' + section % 26);
    }
    at = get(field, "n", want);
    assert_int_equal(at, 0);
    assert_true(warn_has(&seen, MLA_MIME_WARN_PARAMETER_PIECES, &at)); /* out of order */
    GOOD(field, "x7", "1");
    GOOD(field, "x107", NULL);
    GOOD(field, "X100", "72");
    assert_int_equal(warn_has(&seen, MLA_MIME_WARN_DUPLICATE_PARAMETER, NULL), 0);
    at = n;
    snprintf(field + n, sizeof field - n, "; y=1; N*100*=z; N*5=z; x0=z; n=z; y=2");
    BAD(field, "x0", "0", MLA_MIME_WARN_DUPLICATE_PARAMETER);
    BAD(field, "y", "1", MLA_MIME_WARN_DUPLICATE_PARAMETER);
    BAD(field, "n*5", NULL, MLA_MIME_WARN_DUPLICATE_PARAMETER);
    at += strlen("; y=1; N*100*=z; ");
    assert_int_equal(seen.at[MLA_MIME_WARN_DUPLICATE_PARAMETER], at);
    want[100] = 'z'; /* the form with percent signs before the other, as where they are few */
    BAD(field, "n", want, MLA_MIME_WARN_DUPLICATE_PARAMETER);
}

/* What decides about structure: of two forms the first counts, and it is said that there are two.
 */
static void test_octets(void **state)
{
    static const struct {
        const char *field;
        const char *want;
        uint64_t at; /* of the other form; 0: there is one form alone */
    } rows[] = {
        {"a; n=b; n*=utf-8''c", "b", 8},        {"a; n*=utf-8''c; n=b", "c", 16},
        {"a; n=b; n*0=c; n*1=d", "b", 8},       {"a; n*0=c; n*1=d; n=b", "cd", 17},
        {"a; n*1=d; n=b; n*0=c", "b", 15},      {"a; n*=utf-8''%41", "A", 0},
        {"a; n*0*=utf-8''%41; n*1=b", "Ab", 0}, {"a; n=b", "b", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct param_list l;
        struct warn_set w;
        uint64_t at = 0;
        struct buf b;

        memset(&w, 0, sizeof w);
        param_init(&l, mem_default(), 500);
        buf_init(&b, mem_default(), 100);
        assert_int_equal(
            param_parse(&l, (const uint8_t *)rows[i].field, strlen(rows[i].field), &w, 0), 0);
        assert_int_equal(param_octets(&l, "n", &b), 1);
        assert_string_equal(buf_text(&b), rows[i].want);
        assert_int_equal(warn_has(&w, MLA_MIME_WARN_DUPLICATE_PARAMETER, &at), rows[i].at != 0);
        assert_int_equal(at, rows[i].at);
        buf_free(&b);
        param_free(&l);
    }
}

static int is_first(const struct param_list *l, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (ascii_equal(l->pieces[k].name, l->pieces[k].name_len, l->pieces[i].name,
                        l->pieces[i].name_len))
            return 0;
    return 1;
}

/* Any number of names: those that come first are marked. */
static void test_first(void **state)
{
    static const char *const names[] = {"n", "N*", "n*0", "m", "M*1", "m*1*", "o", "p"};
    char field[4000] = "a";
    size_t len = 1;
    uint32_t random = 1;

    (void)state;
    for (int count = 1; count < 100; count++) {
        struct param_list l;

        random = random * 1664525 + 1013904223;
        len += (size_t)snprintf(field + len, sizeof field - len, "; %s%u=x", names[random >> 29],
                                (random >> 20 & 7) < 6 ? 0 : random >> 17 & 7);
        param_init(&l, mem_default(), 500);
        assert_int_equal(param_parse(&l, (const uint8_t *)field, len, NULL, 0), 0);
        for (size_t i = 0; i < l.count; i++)
            assert_int_equal(l.pieces[i].first, is_first(&l, i));
        param_free(&l);
    }
}

/* The mixtures that senders make, and what is said about them. */
static void test_mixtures(void **state)
{
    static const struct {
        const char *field;
        const char *want;
        int code; /* 0: no warning at all */
    } rows[] = {
        {"a; n=\"=?utf-8?Q?gr=C3=BCn?=\"", "gr\xc3\xbcn", MLA_MIME_WARN_ENCODED_PARAMETER},
        {"a; n==?utf-8?B?w7w=?=", "\xc3\xbc", MLA_MIME_WARN_ENCODED_PARAMETER},
        {"a; n*0=\"=?utf-8?Q?gr=C3?=\"; n*1=\"=?utf-8?Q?=BCn?=\"", "gr\xc3\xbcn",
         MLA_MIME_WARN_ENCODED_PARAMETER},
        {"a; n*=\"=?utf-8?Q?=C3=BC?=\"", "\xc3\xbc", MLA_MIME_WARN_ENCODED_PARAMETER},
        {"a; n*=utf-8''%C3%BC; n=u", "\xc3\xbc", MLA_MIME_WARN_PARAMETER_CONFLICT},
        {"a; n=u; n*=utf-8''u", "u", 0},
        {"a; n=\"=?utf-8?Q?=C3=BC?=\"; n*=utf-8''%C3%BC", "\xc3\xbc",
         MLA_MIME_WARN_ENCODED_PARAMETER},
        {"a; n=x; n*0*=utf-8''%C3; n*1*=%BC", "\xc3\xbc", MLA_MIME_WARN_PARAMETER_CONFLICT},
        {"a; n=\"gr\xc3\xbcn\"", "gr\xc3\xbcn", MLA_MIME_WARN_RAW_PARAMETER},
        {"a; n=gr\xfcn", "gr\xc3\xbcn", MLA_MIME_WARN_RAW_PARAMETER},
        {"a; n*=utf-8'%C3%BC", "\xc3\xbc", MLA_MIME_WARN_BAD_PARAMETER},
        {"a; n*=it's%20x", "it's x", 0},
        {"a; n*=%C3%BC", "\xc3\xbc", MLA_MIME_WARN_RAW_PARAMETER},
        {"a; n*=''%C3%BC", "\xc3\xbc", 0},
        {"a; n*=no-such''%FC", "\xc3\xbc", MLA_MIME_WARN_UNKNOWN_CHARSET},
        {"a; n*=utf-8''%FC", FFFD, MLA_MIME_WARN_INVALID_TEXT},
        {"a; n*=utf-7''%2BAOk-", "\xc3\xa9", MLA_MIME_WARN_UTF7},
        {"a; n*=shift_jis'ja'%82%A0", "\xe3\x81\x82", 0},
        {"a; n*0*=iso-2022-jp''%1B%24B%24; n*1*=%22%1B%28B", "\xe3\x81\x82", 0},
        {"a; n*0=a; n*2=c", "a", MLA_MIME_WARN_PARAMETER_PIECES},
        {"a; n*1=b", NULL, MLA_MIME_WARN_PARAMETER_PIECES},
        {"a; n*1=b; n*0=a", "ab", MLA_MIME_WARN_PARAMETER_PIECES},
        {"a; n*0=a; n*1*=%62; n*2=c", "abc", 0},
        {"a; (x) n=1", "1", MLA_MIME_WARN_COMMENT},
        {"a(x); n=1", "1", MLA_MIME_WARN_COMMENT},
        {"a; n(x)=1", "1", MLA_MIME_WARN_COMMENT},
        {"a; n=1 (x); m=2", "1", MLA_MIME_WARN_COMMENT},
        {"a; n=\"1\"(x)", "1", MLA_MIME_WARN_COMMENT},
        {"a; n=report final (2).pdf", "report final (2).pdf", MLA_MIME_WARN_BAD_PARAMETER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        get(rows[i].field, "n", rows[i].want);
        if (rows[i].code == 0 ? (seen.mask[0] | seen.mask[1]) != 0
                              : !warn_has(&seen, rows[i].code, NULL))
            fail_msg("%s: %llx %llx", rows[i].field, (unsigned long long)seen.mask[0],
                     (unsigned long long)seen.mask[1]);
    }
}

/* X17: what was hidden in percent forms does not come out as a control character */
static void test_controls(void **state)
{
    (void)state;
    GOOD("a; n*=utf-8''x%00y%0D%0Az", "n", "x" FFFD "y  z");
}

/* X07: 50,000 pieces */
static void test_many_pieces(void **state)
{
    struct param_list l;
    struct warn_set w;
    struct buf b;

    (void)state;
    memset(&w, 0, sizeof w);
    buf_init(&b, mem_default(), 2000000);
    buf_add_word(&b, "a");
    for (uint64_t i = 0; i < 50000; i++) {
        buf_add_word(&b, "; n*");
        buf_add_number(&b, i);
        buf_add_word(&b, "=x");
    }
    param_init(&l, mem_default(), 500);
    assert_int_equal(param_parse(&l, b.ptr, b.len, &w, 0), 0);
    assert_int_equal(l.count, 500);
    assert_true(warn_has(&w, MLA_MIME_WARN_LIMIT_PARAMS, NULL));
    buf_clear(&b);
    assert_int_equal(param_octets(&l, "n", &b), 1);
    assert_int_equal(b.len, 500);
    param_free(&l);
    buf_free(&b);
}

static int parse_with(const struct mem *m)
{
    static const char in[] =
        "a; 1=a; 2=b; 3=c; 4=d; 5=e; 6=f; 7=g; 8=h; n*0*=koi8-r''%F0%D2; n*1=\xc9";
    struct param_list l;
    struct buf b;
    int rc;

    param_init(&l, m, 500);
    buf_init(&b, m, 1000);
    rc = param_parse(&l, (const uint8_t *)in, sizeof in - 1, NULL, 0);
    if (rc == 0)
        rc = param_text(&l, "n", 100, &b);
    if (rc == 1) {
        assert_int_equal(b.len, 6);
        assert_memory_equal(b.ptr, "\xd0\x9f\xd1\x80\xd0\xb8", 6);
        rc = 0;
    }
    buf_free(&b);
    param_free(&l);
    return rc;
}

static void test_oom(void **state)
{
    (void)state;
    oom_sweep(parse_with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value),       cmocka_unit_test(test_plain),
        cmocka_unit_test(test_rfc2231),     cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_faults),      cmocka_unit_test(test_many),
        cmocka_unit_test(test_first),       cmocka_unit_test(test_octets),
        cmocka_unit_test(test_mixtures),    cmocka_unit_test(test_controls),
        cmocka_unit_test(test_many_pieces), cmocka_unit_test(test_oom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
