/* test_literal.c - lib/wire/literal */
#include "test.h"

#include "base/fail.h"
#include "guard.h"
#include "wire/literal.h"

#include <stdio.h>

enum { MAX = 1 << 20 };

/* What the framer said about one input, as a line: a header is "H<at>:<size>", the end
 * "D<at>:<surplus line ends>", an error "E<code>". */
struct story {
    char text[512];
    size_t len;
    struct literal f;
    mla_error err;
};

static void story_add(struct story *s, char c, uint64_t a, uint64_t b)
{
    s->len += (size_t)snprintf(s->text + s->len, sizeof s->text - s->len, "%c%llu:%llu ", c,
                               (unsigned long long)a, (unsigned long long)b);
}

/* Feeds p in pieces of `step` octets, each ending at an unreadable page. */
static int tell(struct story *s, struct guard *g, const char *p, size_t n, size_t step, size_t max,
                uint32_t flags)
{
    size_t have = 0;
    int rc = LITERAL_MORE;

    memset(s, 0, sizeof *s);
    literal_init(&s->f, max, flags);
    while (rc >= 0) {
        const uint8_t *at = guard_put(g, p, have);

        rc = literal_frame(&s->f, at, have, &s->err);
        if (rc == LITERAL_HEADER) {
            story_add(s, 'H', s->f.at, s->f.size);
            rc = literal_inline(&s->f, &s->err);
        } else if (rc == LITERAL_DONE) {
            story_add(s, 'D', s->f.at, s->f.surplus);
            return 1;
        } else if (rc == LITERAL_MORE) {
            if (have == n)
                return 0;
            have = n - have < step ? n : have + step;
        }
    }
    s->len += (size_t)snprintf(s->text + s->len, sizeof s->text - s->len, "E%d ", -rc);
    return rc;
}

/* However the octets are cut, the story is the same. */
static int frame_max(const char *p, size_t n, size_t max, uint32_t flags, const char *expect)
{
    static const size_t steps[] = {1, 2, 3, 7, 64, 1 << 20};
    struct guard g;
    struct story s;
    int rc = 0;

    assert_true(guard_init(&g, n));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        rc = tell(&s, &g, p, n, steps[i], max, flags);
        if (s.len > 0)
            s.text[s.len - 1] = '\0';
        assert_string_equal(s.text, expect);
    }
    guard_free(&g);
    return rc;
}

#define FRAME(text, expect) frame_max(text, sizeof(text) - 1, MAX, LITERAL_LF, expect)

static int frame_c(struct literal *f, const char *text)
{
    return literal_frame(f, (const uint8_t *)text, strlen(text), NULL);
}

static void ends_at_line_ends(void **state)
{
    (void)state;
    FRAME("* 5 EXISTS\r\n* 6", "D12:0");
    FRAME("* 5 EXISTS\n* 6", "D11:0");
    FRAME("\r\n", "D2:0");
    FRAME("\n", "D1:0");
    FRAME("* 5 EXISTS\r", "");
    FRAME("* 5 \rEXISTS\r\n", "D13:0");
    /* the strict form: a bare LF is an octet like others */
    frame_max("* 5\nEXISTS\r\n", 12, MAX, 0, "D12:0");
    frame_max("* 1 X {3}\nabc\r\n", 15, MAX, 0, "D15:0");
}

static void says_how_the_line_ended(void **state)
{
    struct literal f;

    (void)state;
    literal_init(&f, MAX, LITERAL_LF);
    assert_int_equal(frame_c(&f, "a\r\n"), LITERAL_DONE);
    assert_int_equal(f.bare_lf, 0);
    literal_next(&f);
    assert_int_equal(frame_c(&f, "a\n"), LITERAL_DONE);
    assert_int_equal(f.bare_lf, 1);
    literal_next(&f);
    /* a CR that is a literal's last octet does not belong to the line end behind it */
    assert_int_equal(frame_c(&f, "* X {1}\r\n\r\n"), LITERAL_HEADER);
    assert_int_equal(literal_inline(&f, NULL), 0);
    assert_int_equal(frame_c(&f, "* X {1}\r\n\r\n"), LITERAL_DONE);
    assert_int_equal(f.bare_lf, 1);
    assert_int_equal(f.at, 11);
}

static void jumps_over_literals(void **state)
{
    (void)state;
    FRAME("* 1 FETCH (BODY[] {5}\r\na\r\n{9})\r\n", "H23:5 E108");
    FRAME("* 1 FETCH (BODY[] {6}\r\na\r\n{9} X {1}\r\n))\r\n", "H23:6 H37:1 D41:0");
    FRAME("* 1 FETCH (BINARY[1] ~{2}\r\n\0\n)\r\n", "H27:2 D32:0");
    FRAME("* LIST () \"/\" {3}\r\nfoo\r\n", "H19:3 D24:0");
    FRAME("* LIST () \"/\" {3}\nfoo\n", "H18:3 D22:0");
    FRAME("* LIST () \"/\" {0003}\r\nfoo\r\n", "H22:3 D27:0");
    /* several servers: blanks behind the digits */
    FRAME("* LIST () \"/\" {3 }\r\nfoo\r\n", "H20:3 D25:0");
    /* NUL octets in front */
    FRAME("\0\0* LIST () \"/\" {3}\r\nfoo\r\n", "H21:3 D26:0");
}

static void knows_literal8(void **state)
{
    struct literal f;

    (void)state;
    literal_init(&f, MAX, 0);
    assert_int_equal(frame_c(&f, "* 1 FETCH (BINARY[1] ~{2}\r\n"), LITERAL_HEADER);
    assert_int_equal(f.binary, 1);
    /* asked again it says the same */
    assert_int_equal(frame_c(&f, "* 1 FETCH (BINARY[1] ~{2}\r\n"), LITERAL_HEADER);
    literal_next(&f);
    assert_int_equal(frame_c(&f, "* 1 FETCH (BINARY[1] {2}\r\n"), LITERAL_HEADER);
    assert_int_equal(f.binary, 0);
}

/* Z01 */
static void z01_takes_empty_literals(void **state)
{
    (void)state;
    FRAME("* 1 FETCH (BODY[] {0}\r\n)\r\n", "H23:0 D26:0");
    FRAME("* 1 FETCH (BODY[] {0}\r\n BODY[1] {0}\r\n)\r\n", "H23:0 H37:0 D40:0");
    FRAME("* LIST () \"/\" {0}\r\n\r\n", "H19:0 D21:0");
}

/* Text for humans has no literals, whatever it looks like. */
static void leaves_text_alone(void **state)
{
    (void)state;
    FRAME("* OK hello {5}\r\n", "D16:0");
    FRAME("* ok hello {5}\r\n", "D16:0");
    FRAME("* NO [ALERT] {5}\r\n", "D18:0");
    FRAME("* BAD {5}\r\n", "D11:0");
    FRAME("* BYE {5}\r\n", "D11:0");
    FRAME("* PREAUTH {5}\r\n", "D15:0");
    FRAME("+ {5}\r\n", "D7:0");
    FRAME("+{5}\r\n", "D6:0");
    FRAME("A1 OK done {5}\r\n", "D16:0");
    FRAME("A1 NO {10+}\r\n", "D13:0");
    FRAME("* [COPYUID 1 2 3] {5}\r\n", "D23:0");
    FRAME("Server {5}\r\n", "D12:0");
    FRAME("* OKAY {5}\r\nabcde\r\n", "H12:5 D19:0");
}

/* A header counts only at the end of a line and outside quoted strings. */
static void leaves_quoted_strings_alone(void **state)
{
    (void)state;
    FRAME("* LIST () \"/\" \"a {5}\"\r\n", "D23:0");
    FRAME("* LIST () \"/\" \"a {5}\r\n", "D22:0");
    FRAME("* LIST () \"/\" \"a\\\" {5}\r\n", "D24:0");
    FRAME("* LIST () \"/\" {5} x\r\n", "D21:0");
    FRAME("* LIST () \"/\" \"a\\\\\" {1}\r\nx\r\n", "H25:1 D28:0");
    /* an unescaped quote inside a string does not end it */
    FRAME("* 1 FETCH (ENVELOPE (\"d\" \"a \"b\"c\" {1}\r\nx))\r\n", "H39:1 D44:0");
    FRAME("* LIST () \"/\" a}\r\n", "D18:0");
    FRAME("* LIST () \"/\" {name}\r\n", "D22:0");
    FRAME("}\r\n", "D3:0");
    FRAME("* }\r\n", "D5:0");
}

/* Z02 */
static void z02_refuses_bad_sizes(void **state)
{
    static const char *const bad[] = {
        "{9223372036854775808}",
        "{18446744073709551615}",
        "{18446744073709551616}",
        "{18446744073709551617}",
        "{18446744073709551619}",
        "{-1}",
        "{+1}",
        "{0x10}",
        "{ff}",
        "{}",
        "{10+}",
        "{10-}",
        "{ 10}",
        "{1 0}",
        "{1.5}",
        "{9.3736e+06}",
        "~{10+}",
        "{999999999999999999999999999999999999999999999999999999999999999999999999999}",
    };
    char line[256];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int n = snprintf(line, sizeof line, "* 1 FETCH (BODY[] %s\r\n", bad[i]);

        assert_int_equal(frame_max(line, (size_t)n, MAX, LITERAL_LF, "E108"), MLA_E_PROTOCOL);
    }
    /* the largest one is a size, if more than anybody can hold */
    FRAME("* 1 FETCH (BODY[] {9223372036854775807}\r\n", "H41:9223372036854775807 E109");
    FRAME("* 1 FETCH (BODY[] {4294967296}\r\n", "H32:4294967296 E109");
    FRAME("* 1 FETCH (BODY[] {2147483648}\r\n", "H32:2147483648 E109");
}

/* 300 digits, most of them zeros, are a number all the same. */
static void z02_reads_long_numbers(void **state)
{
    char line[400] = "* LIST () \"/\" {";
    size_t n = strlen(line);

    (void)state;
    memset(line + n, '0', 300);
    memcpy(line + n + 300, "3}\r\nabc\r\n", 9);
    frame_max(line, n + 309, MAX, 0, "H319:3 D324:0");
    memset(line + n, '7', 300);
    frame_max(line, n + 309, MAX, 0, "E108");
}

/* P10: a length that does not fit what follows is an error, one line end apart. */
static void p10_checks_what_follows(void **state)
{
    (void)state;
    FRAME("* 1 FETCH (BODY[] {3}\r\nabcd)\r\n", "H23:3 E108");
    FRAME("* 1 FETCH (BODY[] {3}\r\nab)\r\n* 2 EXISTS\r\n", "H23:3 E108");
    FRAME("* 1 FETCH (BODY[] {3}\r\nabc\r\n)\r\n", "H23:3 D31:1");
    FRAME("* 1 FETCH (BODY[] {3}\r\nabc\n UID 5)\r\n", "H23:3 D36:1");
    FRAME("* 1 FETCH (BODY[] {3}\r\nabc\r)\r\n", "H23:3 E108");
    FRAME("* 1 FETCH (BODY[] {3}\r\nabc\r\n\r\n)\r\n", "H23:3 E108");
    FRAME("* 1 FETCH (BODY[] {3}\r\nabc\r\n* 2 EXISTS\r\n", "H23:3 E108");
    /* elsewhere a literal may be the last thing of a response */
    FRAME("* LIST () \"/\" {3}\r\nabc\r\n)\r\n", "H19:3 D24:0");
}

/* M01: a line without an end stops at the limit, not before and not behind. */
static void m01_limits_lines(void **state)
{
    char line[64];

    (void)state;
    memset(line, 'a', sizeof line);
    line[30] = '\r';
    line[31] = '\n';
    frame_max(line, 32, 32, 0, "D32:0");
    frame_max(line, 32, 31, 0, "E109");
    memset(line, 'a', sizeof line);
    frame_max(line, 31, 32, 0, "");
    frame_max(line, 32, 32, 0, "E109");
}

/* M04: the announced size is held against the limit before an octet of it comes. */
static void m04_limits_literals(void **state)
{
    (void)state;
    frame_max("* LIST () \"/\" {5}\r\n", 19, 24, 0, "H19:5");
    frame_max("* LIST () \"/\" {6}\r\n", 19, 24, 0, "H19:6 E109");
    frame_max("* LIST () \"/\" {3}\r\nabc\r\n", 24, 24, 0, "H19:3 D24:0");
    frame_max("* LIST () \"/\" {4}\r\nabcd\r\n", 25, 24, 0, "H19:4 E109");
}

static void cuts_literals(void **state)
{
    static const char head[] = "* 1 FETCH (UID 7 BODY[] {4294967296}\r\n";
    static const char whole[] = "* 1 FETCH (UID 7 BODY[] {4294967296}\r\n FLAGS ())\r\n";
    struct literal f;

    (void)state;
    literal_init(&f, 60, 0);
    assert_int_equal(frame_c(&f, head), LITERAL_HEADER);
    assert_true(f.size == 4294967296U);
    assert_int_equal(f.at, sizeof head - 1);
    literal_cut(&f);
    assert_int_equal(frame_c(&f, head), LITERAL_MORE);
    assert_int_equal(frame_c(&f, whole), LITERAL_DONE);
    assert_int_equal(f.at, sizeof whole - 1);
    assert_int_equal(f.count, 1);
}

static void drops_from_the_front(void **state)
{
    struct literal f;

    (void)state;
    literal_init(&f, 30, 0);
    assert_int_equal(frame_c(&f, "* SEARCH 1 2 3 4"), LITERAL_MORE);
    literal_drop(&f, 15);
    assert_int_equal(frame_c(&f, "4 5 6 7"), LITERAL_MORE);
    literal_drop(&f, 6);
    assert_int_equal(frame_c(&f, "7 {1}\r\na\r\n"), LITERAL_HEADER);
    assert_int_equal(literal_inline(&f, NULL), 0);
    assert_int_equal(frame_c(&f, "7 {1}\r\na\r\n"), LITERAL_DONE);
    assert_int_equal(f.at, 10);
}

/* M10: 200,000 small literals in one response; single octets. Linear, or this takes for ever. */
static void m10_is_linear(void **state)
{
    enum { COUNT = 200000 };
    const char unit[] = " \"q\" {1}\r\nx";
    size_t n = 12 + COUNT * (sizeof unit - 1) + 3;
    char *text = malloc(n);
    struct literal f;
    size_t at = 12;

    (void)state;
    assert_non_null(text);
    memcpy(text, "* 1 FETCH (A", 12);
    for (size_t i = 0; i < COUNT; i++, at += sizeof unit - 1)
        memcpy(text + at, unit, sizeof unit - 1);
    memcpy(text + at, ")\r\n", 3);
    literal_init(&f, n, 0);
    for (size_t have = 1; have <= n; have++) {
        int rc = literal_frame(&f, (const uint8_t *)text, have, NULL);

        if (rc == LITERAL_HEADER)
            rc = literal_inline(&f, NULL);
        assert_int_equal(rc, have == n ? LITERAL_DONE : LITERAL_MORE);
    }
    assert_int_equal(f.at, n);
    assert_int_equal(f.count, COUNT);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_at_line_ends),
        cmocka_unit_test(says_how_the_line_ended),
        cmocka_unit_test(jumps_over_literals),
        cmocka_unit_test(knows_literal8),
        cmocka_unit_test(z01_takes_empty_literals),
        cmocka_unit_test(leaves_text_alone),
        cmocka_unit_test(leaves_quoted_strings_alone),
        cmocka_unit_test(z02_refuses_bad_sizes),
        cmocka_unit_test(z02_reads_long_numbers),
        cmocka_unit_test(p10_checks_what_follows),
        cmocka_unit_test(m01_limits_lines),
        cmocka_unit_test(m04_limits_literals),
        cmocka_unit_test(cuts_literals),
        cmocka_unit_test(drops_from_the_front),
        cmocka_unit_test(m10_is_linear),
    };

    return cmocka_run_group_tests_name("wire/literal", tests, NULL, NULL);
}
