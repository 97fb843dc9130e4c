/* test_address.c - address lists: RFC 5322 appendix A, faults, attacks (X05, X12, X13) */
#include "mime_test.h"

#include "base/buf.h"
#include "mime/address.h"

static const struct address_limits limits = {50000, 10000};

/* Writes a list as text: name<mailbox|host>, groups as [name ... ]. */
static void show(const struct address_list *l, struct buf *b)
{
    for (size_t i = 0; i < l->count; i++) {
        const mla_address *a = &l->items[i];

        if (i != 0)
            buf_add_byte(b, ' ');
        if (a->kind == MLA_ADDRESS_GROUP_END) {
            buf_add_byte(b, ']');
            continue;
        }
        if (a->kind == MLA_ADDRESS_GROUP_BEGIN)
            buf_add_byte(b, '[');
        buf_add(b, a->name.ptr, a->name.len);
        if (a->kind == MLA_ADDRESS_GROUP_BEGIN)
            continue;
        buf_add_byte(b, '<');
        buf_add(b, a->mailbox.ptr, a->mailbox.len);
        buf_add_byte(b, '|');
        buf_add(b, a->host.ptr, a->host.len);
        buf_add_byte(b, '>');
    }
}

static struct warn_set seen;

static uint64_t parse(const char *text, size_t n, const char *want)
{
    struct address_list l;
    struct warn_set w;
    struct buf b;

    memset(&w, 0, sizeof w);
    address_init(&l, mem_default());
    buf_init(&b, mem_default(), 10000);
    assert_int_equal(address_parse(&l, (const uint8_t *)text, n, &limits, &w, 0), 0);
    show(&l, &b);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
    address_free(&l);
    seen = w;
    return w.mask[0];
}

#define GOOD(text, want) assert_int_equal(parse(text, sizeof text - 1, want), 0)
#define BAD(text, want)                                                                            \
    assert_int_equal(parse(text, sizeof text - 1, want), UINT64_C(1) << MLA_MIME_WARN_BAD_ADDRESS)

static void test_rfc5322(void **state)
{
    (void)state;
    GOOD("John Doe <jdoe@machine.example>", "John Doe<jdoe|machine.example>");
    GOOD("\"Joe Q. Public\" <john.q.public@example.com>",
         "Joe Q. Public<john.q.public|example.com>");
    GOOD("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
         "Mary Smith<mary|x.test> <jdoe|example.org> Who?<one|y.test>");
    GOOD("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
         "<boss|nil.test> Giant; \"Big\" Box<sysservices|example.net>");
    GOOD("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
         "[A Group Ed Jones<c|a.test> <joe|where.test> John<jdoe|one.test> ]");
    GOOD("Undisclosed recipients:;", "[Undisclosed recipients ]");
    GOOD("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete<pete|silly.test>");
    GOOD("A Group(Some people)\r\n  :Chris Jones <c@(Chris's host.)public.example>,\r\n"
         "  joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end of the group)",
         "[A Group Chris Jones<c|public.example> <joe|example.org> John<jdoe|one.test> ]");
    GOOD("Joe Q. Public <john.q.public@example.com>", "Joe Q. Public<john.q.public|example.com>");
    GOOD("Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
         "Mary Smith<mary|example.net> <jdoe|test.example>");
    GOOD("<@a.test,@b.test:x@c.test>", "<x|c.test>");
    GOOD("", "");
    GOOD(" , ,, ", "");
}

static void test_forms(void **state)
{
    (void)state;
    GOOD("a@b.test (John Smith)", "John Smith<a|b.test>");
    GOOD("<a@b.test> (John Smith)", "John Smith<a|b.test>");
    GOOD("\"john smith\"@b.test", "<john smith|b.test>");
    GOOD("x@[192.0.2.1]", "<x|[192.0.2.1]>");
    GOOD("x@[IPv6:2001:db8::1]", "<x|[IPv6:2001:db8::1]>");
    GOOD("=?utf-8?Q?J=C3=BCrgen?= M <j@b.test>", "J\xc3\xbcrgen M<j|b.test>");
    GOOD("=?utf-8?Q?J=C3?=\r\n =?utf-8?Q?=BC?= <j@b.test>", "J\xc3\xbc<j|b.test>");
    GOOD("\"=?utf-8?Q?J=C3=BC?=\" <j@b.test>", "J\xc3\xbc<j|b.test>");
    GOOD("J\xc3\xbcrgen <j\xc3\xbc@b.test>", "J\xc3\xbcrgen<j\xc3\xbc|b.test>");
    GOOD("a@b; c@d", "<a|b> <c|d>");
    GOOD("g: a@b, c@d", "[g <a|b> <c|d> ]");
}

static void test_faults(void **state)
{
    (void)state;
    BAD("root", "<root|>");
    BAD("John Smith", "John Smith<|>");
    BAD("\"John\"", "John<|>");
    BAD("a@b.test <c@d.test>", "a@b.test<c|d.test>");
    BAD("<a@b> trailing", "<a|b>");
    BAD("one: two: a@b;", "[one ] [two <a|b> ]");
    BAD("\"open <a@b>", "open<a|b>");
    BAD("a@", "<a@|>");
    BAD("bob smith@b.test", "<bob smith@b.test|>");
    BAD("<bob smith@b.test>", "<bob smith@b.test|>");
    GOOD("bob . smith@b.test", "<bob.smith|b.test>");
    BAD("@b", "<@b|>");
    BAD("<>", "<|>");
    BAD("<a:b@c>", "<a:b|c>");
    BAD("a\\b@c", "<a\\b|c>");
    BAD("a>b@c", "<a|> <b|c>");
    BAD("a\0b@c", "<a\xef\xbf\xbd"
                  "b|c>");
}

/* What can be read all the same, and what is said about it. */
static void test_repaired(void **state)
{
    static const struct {
        const char *text;
        const char *want;
        int code;
    } rows[] = {
        {"a <b@c", "a<b|c>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"a <b@c, d@e", "a<b|c> <d|e>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"a b@c>", "a<b|c>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"John Q Doe jd@c>, x@y", "John Q Doe<jd|c> <x|y>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"b@c>", "<b|c>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"<<a@b>>", "<a|b>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"Doe, John <a@b>", "Doe, John<a|b>", MLA_MIME_WARN_UNQUOTED_NAME},
        {"Doe, John, Dr. <a@b>, x@y", "Doe, John, Dr.<a|b> <x|y>", MLA_MIME_WARN_UNQUOTED_NAME},
        {"m, n, o, p <a@b>", "<m|> n, o, p<a|b>", MLA_MIME_WARN_UNQUOTED_NAME},
        {"=?utf-8?Q?D=C3=B6?=, J <a@b>", "D\xc3\xb6, J<a|b>", MLA_MIME_WARN_UNQUOTED_NAME},
        {"x@y, Doe, John <a@b>", "<x|y> Doe, John<a|b>", MLA_MIME_WARN_UNQUOTED_NAME},
        {"root, \"John\" <a@b>", "<root|> John<a|b>", MLA_MIME_WARN_BAD_ADDRESS},
        {"root, <a@b>", "<root|> <a|b>", MLA_MIME_WARN_BAD_ADDRESS},
        {"a@b; c@d", "<a|b> <c|d>", MLA_MIME_WARN_ADDRESS_SEPARATOR},
        {"A <a@b>; C <c@d>;", "A<a|b> C<c|d>", MLA_MIME_WARN_ADDRESS_SEPARATOR},
        {"<a@b> <c@d>", "<a|b> <c|d>", MLA_MIME_WARN_ADDRESS_SEPARATOR},
        {"A <a@b> C D <c@d>, e@f", "A<a|b> C D<c|d> <e|f>", MLA_MIME_WARN_ADDRESS_SEPARATOR},
        {"<@a.test,@b.test:x@c.test>", "<x|c.test>", MLA_MIME_WARN_OBSOLETE_ADDRESS},
        {"<mailto:a@b>", "<a|b>", MLA_MIME_WARN_OBSOLETE_ADDRESS},
        {"mailto:a@b", "<a|b>", MLA_MIME_WARN_OBSOLETE_ADDRESS},
        {"Doe, John [SMTP:a@b]", "Doe, John<a|b>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"John [mailto:a@b], c@d", "John<a|b> <c|d>", MLA_MIME_WARN_ADDRESS_BRACKET},
        {"\"=?utf-8?Q?J=C3=BC?=\" <j@b>", "J\xc3\xbc<j|b>", MLA_MIME_WARN_QUOTED_WORD},
        {"j\xc3\xbc@\xc3\xbc.test", "<j\xc3\xbc|\xc3\xbc.test>", 0},
        {"x@xn--tda.test", "<x|xn--tda.test>", 0},
        {"'John' <a@b>", "'John'<a|b>", 0},
        {"/O=ORG/OU=SITE/CN=RECIPIENTS/CN=JD", "</O=ORG/OU=SITE/CN=RECIPIENTS/CN=JD|>",
         MLA_MIME_WARN_BAD_ADDRESS},
        {"IMCEAEX-_O=ORG_OU=S@a.test", "<IMCEAEX-_O=ORG_OU=S|a.test>", 0},
        {"\"a \\\" <b@c> \\\" d", "a \\<b|c>", MLA_MIME_WARN_BAD_ADDRESS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parse(rows[i].text, strlen(rows[i].text), rows[i].want);
        if (rows[i].code == 0 ? (seen.mask[0] | seen.mask[1]) != 0
                              : !warn_has(&seen, rows[i].code, NULL))
            fail_msg("%s: warnings %llx %llx", rows[i].text, (unsigned long long)seen.mask[0],
                     (unsigned long long)seen.mask[1]);
    }
}

/* X13: more than one "@" gives no host, whichever one an attacker wants to be seen */
static void test_many_at(void **state)
{
    (void)state;
    BAD("a@evil.test@good.test", "<a@evil.test@good.test|>");
    BAD("<a@evil.test@good.test>", "<a@evil.test@good.test|>");
    BAD("a@b(c)@d", "<a@b@d|>");
    GOOD("\"a@evil.test\"@good.test", "<a@evil.test|good.test>");
}

/* X12: what an encoded word says is a name and never an address */
static void test_mailsploit(void **state)
{
    (void)state;
    GOOD("=?utf-8?Q?potus=40whitehouse.test=00?= <x@evil.test>",
         "potus@whitehouse.test\xef\xbf\xbd<x|evil.test>");
    GOOD("=?utf-8?Q?potus=40whitehouse.test?=@evil.test",
         "<=?utf-8?Q?potus=40whitehouse.test?=|evil.test>");
    BAD("=?utf-8?Q?a=40b.test?=", "a@b.test<|>");
    GOOD("=?utf-8?Q?a=0Ab?= <x@y>", "a b<x|y>");
}

static void count(const char *piece, size_t times, size_t want, int limited)
{
    size_t len = strlen(piece);
    char *text = malloc(len * times);
    struct address_list l;
    struct warn_set w;

    memset(&w, 0, sizeof w);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, piece, len);
    address_init(&l, mem_default());
    assert_int_equal(address_parse(&l, (const uint8_t *)text, len * times, &limits, &w, 0), 0);
    assert_int_equal(l.count, want);
    assert_int_equal(warn_has(&w, MLA_MIME_WARN_LIMIT_ADDRESSES, NULL), limited);
    address_free(&l);
    free(text);
}

/* X05: linear, bounded, no recursion. A quadratic reader would not come back from these. */
static void test_many(void **state)
{
    (void)state;
    count("a@b,", 50000, 50000, 0);
    count("a@b,", 50001, 50000, 1);
    count("a@b,", 100000, 50000, 1);
    count(";", 500000, 0, 0);
    count("(", 500000, 0, 0);
    count("()", 250000, 0, 0);
    count("<@a,", 100000, 50000, 1);
    count("\"a", 100000, 1, 0);
    count(":", 100000, 50000, 1);
    count("a ", 200000, 1, 0);
    count("@", 200000, 1, 0);
    count("<", 200000, 1, 0);
    count("[", 100000, 1, 0);
    count("[SMTP:", 100000, 1, 0);
    count("\"\\", 100001, 1, 0);
    count("<a@b>", 100000, 50000, 1);
    count("a@b>", 100000, 50000, 1);
    count("a,b<c@d>,", 40000, 40000, 0);
    count("mailto:", 100000, 0, 0);
}

static int parse_with(const struct mem *m)
{
    static const char in[] =
        "g: =?utf-8?Q?x?= <a@b>, c@d (n\xfcm), e, \"f g\" <h@[1]>;, j@k, l@m, n@o";
    struct address_list l;
    int rc;

    address_init(&l, m);
    rc = address_parse(&l, (const uint8_t *)in, sizeof in - 1, &limits, NULL, 0);
    if (rc == 0)
        assert_int_equal(l.count, 9);
    address_free(&l);
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
        cmocka_unit_test(test_rfc5322),  cmocka_unit_test(test_forms),
        cmocka_unit_test(test_repaired), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_many_at),  cmocka_unit_test(test_mailsploit),
        cmocka_unit_test(test_many),     cmocka_unit_test(test_oom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
