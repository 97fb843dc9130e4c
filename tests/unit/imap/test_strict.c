/* test_strict.c - lib/imap/strict: what it takes means the same to the tolerant readers */
#include "reading.h"

#include "imap/strict.h"

static uint32_t state_of_random;

static uint32_t random_below(uint32_t limit)
{
    state_of_random ^= state_of_random << 13;
    state_of_random ^= state_of_random >> 17;
    state_of_random ^= state_of_random << 5;
    return state_of_random % limit;
}

#define PERSON "((\"Ann Other\" NIL \"ann\" \"example.org\"))"

static const char *const lines[] = {
    "* 12 FETCH (FLAGS (\\Seen $Junk) UID 1234 MODSEQ (624) RFC822.SIZE 99 INTERNALDATE "
    "\"17-Jul-1996 02:44:25 -0700\" X 1)\r\n",
    "* 12 FETCH (UID 1 ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"a subject that is "
    "longer than others are\" " PERSON " " PERSON " " PERSON
    " ((NIL NIL \"imap\" \"cac.example\")(\"<x@y>\" NIL \"N\" \"\")) ((NIL NIL \"group\" NIL)(NIL "
    "NIL NIL NIL)) NIL NIL \"<B27397-0100000@cac.example>\"))\r\n",
    "* 12 FETCH (ENVELOPE (NIL \"\" ((\"M\" NIL NIL \"MISSING_DOMAIN\")) ((NIL NIL "
    "\"MISSING_MAILBOX\" \"h\")) ((\"\" NIL \"\" \".MISSING-HOST-NAME.\")) ((\"<a@b>\" NIL \"c\" "
    "\"\")) NIL " PERSON " \"a\" \"b\"))\r\n",
    "* 1 FETCH (BODYSTRUCTURE (((\"text\" \"plain\" (\"charset\" \"UTF-8\" \"format\" \"flowed\") "
    "NIL NIL \"base64 \" 100 20 NIL NIL NIL NIL)(\"TEXT\" \"html\" NIL \"<id>\" \"what it is\" "
    "\"8bit\" 1 1 \"md5\" (\"inline\" NIL) \"en\" \"loc\") \"alternative\" (\"boundary\" \"=_1\") "
    "NIL NIL)(\"application\" \"pdf\" (\"name*0\" \"a\" \"name*1\" \"b\") NIL NIL \"base64\" "
    "5000000 "
    "NIL (\"attachment\" (\"filename\" \"a.pdf\")) NIL)(\"message\" \"rfc822\" NIL NIL NIL "
    "\"7bit\" "
    "10 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"image\" \"gif\" NIL NIL NIL \"7bit\" 5) 3) "
    "\"mixed\" (\"boundary\" \"=_2\") (\"\" (\"a\" \"b\")) NIL NIL))\r\n",
    "* 2 FETCH (BODY ((\"A\" \"B\" (\"c\" \"\\\"d\\\"\") NIL NIL \"e\\\\\" 1)(\"multipart\" "
    "\"mixed\" NIL NIL NIL \"x\" 2) \"s\" (\"a\" \"1\" \"b\" \"2\" \"c\" \"3\" \"d\" \"4\" \"e\" "
    "\"5\")) FLAGS (a b c d e f g) UID 99999999)\r\n",
};

/* Changes the line somewhere: an octet that means something in another's place, one more, or one
 * less; or the last octets go. The line end stays. */
static size_t change(char *line, size_t n)
{
    static const char octets[] = "\"\\() {}~NIL01-M<.*";
    size_t at = random_below((uint32_t)n - 2);

    switch (random_below(8)) {
    case 0:
        memmove(line + at + 1, line + at, n - at);
        line[at] = octets[random_below(sizeof octets - 1)];
        return n + 1;
    case 1:
    case 2:
        memmove(line + at, line + at + 1, n - at - 1);
        return n - 1;
    case 3:
        memcpy(line + at, "\r\n", 2);
        return at + 2;
    default:
        line[at] = octets[random_below(sizeof octets - 1)];
        return n;
    }
}

static void means_the_same(void **state)
{
    const struct imap_resp_opts opts = reading_opts();
    char line[2048];
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, sizeof line));
    state_of_random = 2463534242U;
    for (size_t i = 0; i < (size_t)test_rounds(20000); i++) {
        const char *from = lines[i % (sizeof lines / sizeof lines[0])];
        size_t n = strlen(from);

        memcpy(line, from, n);
        for (uint32_t k = 1 + random_below(3); k > 0 && n > 8; k--)
            n = change(line, n);
        read_both(&g, line, n, &opts);
    }
    guard_free(&g);
}

/* A string ends at the first quote, and a backslash before it is for others. */
static void reads_strings(void **state)
{
    static const struct {
        const char *in;
        int good;
        size_t len;
    } samples[] = {
        {"\"\" ", 1, 0},
        {"\"abc\" ", 1, 3},
        {"\"0123456789012345678901234567890\" ", 1, 31},
        {"\"01234567890123456789012345678901\" ", 1, 32},
        {"\"0123456789012345678901234567890123456789012345678901234567890123456789\" ", 1, 70},
        {"\"a\\\"b\" ", 0, 0},
        {"\"abc ", 0, 0},
        {"abc\" ", 0, 0},
        {"\"0123456789012345678901234567890123456789\\\\\" ", 0, 0},
        {"\"0123456789\" \"\\\\\" ", 1, 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        for (size_t behind = 0; behind < 40; behind++) {
            struct imap_resp_opts opts = reading_opts();
            struct imap_resp out;
            struct arena a;
            struct ilex l = {.p = NULL};
            struct guard g;
            char line[256];
            int n = snprintf(line, sizeof line, "%s%.*s\n", samples[i].in, (int)behind,
                             "........................................");
            struct imap_raw raw = {NULL, (size_t)n, 0};
            const uint8_t *p;
            mla_str s = {NULL, 0};

            assert_true(guard_init(&g, (size_t)n));
            raw.ptr = guard_put(&g, line, (size_t)n);
            arena_init(&a, mem_default(), 1024);
            assert_int_equal(ilex_init(&l, &raw, &opts, &a, &out), 0);
            p = strict_begin(&l);
            assert_ptr_equal(p, raw.ptr);
            p = strict_string(&l, p, &s);
            assert_int_equal(p != NULL, samples[i].good);
            if (p != NULL) {
                assert_int_equal(s.len, samples[i].len);
                assert_ptr_equal(s.ptr, raw.ptr + 1);
                assert_ptr_equal(p, raw.ptr + s.len + 2);
            }
            guard_free(&g);
        }
}

/* Up to seven digits, however near the end is. */
static void reads_numbers(void **state)
{
    static const struct {
        const char *in;
        uint64_t value;
    } samples[] = {{"0)\n", 0}, {"7)\n", 7}, {"1234567)\n", 1234567}, {"99)...........\n", 99}};
    struct imap_resp_opts opts = reading_opts();

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        size_t n = strlen(samples[i].in);
        struct imap_raw raw = {NULL, n, 0};
        struct imap_resp out;
        struct ilex l = {.p = NULL};
        struct guard g;
        uint64_t v = 1;
        const uint8_t *p;

        assert_true(guard_init(&g, n));
        raw.ptr = guard_put(&g, samples[i].in, n);
        assert_int_equal(ilex_init(&l, &raw, &opts, NULL, &out), 0);
        p = strict_number(&l, raw.ptr, &v);
        assert_non_null(p);
        assert_int_equal(*p, ')');
        assert_int_equal(v, samples[i].value);
        assert_null(strict_number(&l, p, &v));
        guard_free(&g);
    }
}

/* What is known of backslashes holds behind the place where it was looked for, and up to one. */
static void looks_for_backslashes(void **state)
{
    static const char line[] = "\"a\" \"b\\\\\" \"c\" \n";
    struct imap_resp_opts opts = reading_opts();
    struct imap_raw raw = {(const uint8_t *)line, sizeof line - 1, 0};
    struct imap_resp out;
    struct ilex l = {.p = NULL};

    (void)state;
    assert_int_equal(ilex_init(&l, &raw, &opts, NULL, &out), 0);
    assert_non_null(strict_begin(&l));
    assert_ptr_equal(l.slash, raw.ptr + 6);
    l.p = raw.ptr + 10; /* "c" */
    assert_non_null(strict_begin(&l));
    assert_ptr_equal(l.slash, l.limit);
    l.p = raw.ptr + 4; /* back again */
    assert_non_null(strict_begin(&l));
    assert_ptr_equal(l.slash, raw.ptr + 6);
    l.wary = 1;
    assert_null(strict_begin(&l));
    l.wary = 0;
    opts.tolerant = 1;
    assert_null(strict_begin(&l));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_the_same),
        cmocka_unit_test(reads_strings),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(looks_for_backslashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
