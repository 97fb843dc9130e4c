/* test_resp_fetch.c - lib/imap/resp_fetch */
#include "reading.h"

static void reads_items(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 12 FETCH (FLAGS (\\Seen \\Answered) UID 4827313 INTERNALDATE \"17-Jul-1996 "
               "02:44:25 -0700\" RFC822.SIZE 4286 MODSEQ (624140003))",
               "FETCH 12 fields=155 uid=4827313 flags=3 words[\"\\Seen\",\"\\Answered\"] size=4286 "
               "modseq=624140003 date=837596665 zone=-420"),
        OCTETS(
            "* 1 fetch (flags (\\seen \\DELETED \\Flagged \\Draft \\Recent) uid 5 rfc822.size 6)",
            "FETCH 1 fields=11 uid=5 flags=61 "
            "words[\"\\seen\",\"\\DELETED\",\"\\Flagged\",\"\\Draft\",\"\\Recent\"] size=6"),
        OCTETS("* 1 FETCH (FLAGS ($Forwarded NonJunk))",
               "FETCH 1 fields=1 flags=128 words[\"$Forwarded\",\"NonJunk\"]"),
        OCTETS("* 1 FETCH (FLAGS ())", "FETCH 1 fields=1 flags=0"),
        OCTETS("* 1 FETCH (UID 4294967295 RFC822.SIZE 9223372036854775807 MODSEQ "
               "(9223372036854775807))",
               "FETCH 1 fields=138 uid=4294967295 size=9223372036854775807 "
               "modseq=9223372036854775807"),
        OCTETS("* 4294967295 FETCH (UID 1)", "FETCH 4294967295 fields=2 uid=1"),
        /* QIP: nothing at all */
        OCTETS("* 1 FETCH ()", "FETCH 1 fields=0"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Texts that are kept, and such as are not or look like them (imap/flagtext.h). */
static void reads_sets_of_flags(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (FLAGS (\\Seen) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=1 words[\"\\Seen\"]"),
        OCTETS("* 1 FETCH (FLAGS (\\seen) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=1 words[\"\\seen\"]"),
        OCTETS("* 1 FETCH (UID 7 FLAGS (\\Seen))",
               "FETCH 1 fields=3 uid=7 flags=1 words[\"\\Seen\"]"),
        OCTETS("* 1 FETCH (UID 7 FLAGS (\\Seen a))",
               "FETCH 1 fields=3 uid=7 flags=129 words[\"\\Seen\",\"a\"]"),
        OCTETS("* 1 FETCH (UID 7 FLAGS (a b c d e))",
               "FETCH 1 fields=3 uid=7 flags=128 words[\"a\",\"b\",\"c\",\"d\",\"e\"]"),
        OCTETS("* 1 FETCH (FLAGS (a b c d) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=128 words[\"a\",\"b\",\"c\",\"d\"]"),
        /* 15 octets, 16 */
        OCTETS("* 1 FETCH (FLAGS (\\Seen \\Answered) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=3 words[\"\\Seen\",\"\\Answered\"]"),
        OCTETS("* 1 FETCH (FLAGS (\\Seen \\Answere) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=129 words[\"\\Seen\",\"\\Answere\"]"),
        OCTETS("* 1 FETCH (FLAGS (\\Seen \\Answered2) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=129 words[\"\\Seen\",\"\\Answered2\"]"),
        OCTETS("* 1 FETCH (UID 7 FLAGS (\\Seen \\Answered))",
               "FETCH 1 fields=3 uid=7 flags=3 words[\"\\Seen\",\"\\Answered\"]"),
        /* the empty set, and what is none */
        OCTETS("* 1 FETCH (FLAGS () UID 7 RFC822.SIZE 1)",
               "FETCH 1 fields=11 uid=7 flags=0 size=1"),
        OCTETS("* 1 FETCH (FLAGS (\0) UID 7 RFC822.SIZE 1)",
               "FETCH 1 fields=10 uid=7 size=1 warn(1 \"FLAGS (\\x00)\")"),
        OCTETS("* 1 FETCH (FLAGS (NIL) UID 7 RFC822.SIZE 1)",
               "FETCH 1 fields=11 uid=7 flags=0 size=1"),
        OCTETS("* 1 FETCH (FLAGS (\\Seen  a) UID 7)",
               "FETCH 1 fields=3 uid=7 flags=129 words[\"\\Seen\",\"a\"]"),
        OCTETS("* 1 FETCH (FLAGS (\"a)\") UID 7)",
               "FETCH 1 fields=3 uid=7 flags=128 words[\"a)\"]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_sections(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODY[] {5}\r\na\r\nb) UID 7)",
               "FETCH 1 fields=258 uid=7 BODY[] data=\"a\\x0d\\x0ab)\" octets=5"),
        OCTETS("* 1 FETCH (UID 7 BODY[HEADER] {6}\r\nA: b\r\n BODY[1.2.MIME] \"x\" BODY[TEXT]<5> "
               "{2}\r\nyz)",
               "FETCH 1 fields=258 uid=7 BODY[HEADER] data=\"A: b\\x0d\\x0a\" octets=6 "
               "BODY[1.2.MIME] data=\"x\" octets=1 BODY[TEXT]<5> data=\"yz\" octets=2"),
        OCTETS("* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)] {2}\r\n\r\n)",
               "FETCH 1 fields=256 BODY[HEADER.FIELDS (DATE FROM)] data=\"\\x0d\\x0a\" octets=2"),
        OCTETS("* 1 FETCH (BINARY[1.2]<0> ~{3}\r\na\000b BINARY.SIZE[1.2] 3 UID 4)",
               "FETCH 1 fields=262402 uid=4 BINARY[1.2]<0> data=\"a\\x00b\" octets=3 "
               "binary=\"1.2\"=3"),
        OCTETS("* 1 FETCH (RFC822 {1}\r\nx RFC822.HEADER \"h\" RFC822.TEXT NIL)",
               "FETCH 1 fields=256 RFC822[] data=\"x\" octets=1 RFC822[HEADER] data=\"h\" octets=1 "
               "RFC822[TEXT] nil"),
        OCTETS("* 1 FETCH (BODY[] NIL)", "FETCH 1 fields=256 BODY[] nil"),
        OCTETS("* 1 FETCH (BODY[1] \"\" BODY[2] {0}\r\n)",
               "FETCH 1 fields=256 BODY[1] data=\"\" BODY[2] data=\"\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z01, Z05: empty is not NIL. */
static void z01_keeps_empty_sections(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODY[] {0}\r\n)", "FETCH 1 fields=256 BODY[] data=\"\""),
        OCTETS("* 1 FETCH (BODY[] \"\")", "FETCH 1 fields=256 BODY[] data=\"\""),
        OCTETS("* 1 FETCH (BODY[] {1}\r\n\n)", "FETCH 1 fields=256 BODY[] data=\"\\x0a\" octets=1"),
        OCTETS("* 1 FETCH (BODY[] {2}\r\n\r\n)",
               "FETCH 1 fields=256 BODY[] data=\"\\x0d\\x0a\" octets=2"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z06. */
static void z06_keeps_octets(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODY[] {4}\r\n\000\377\r\n)",
               "FETCH 1 fields=256 BODY[] data=\"\\x00\377\\x0d\\x0a\" octets=4"),
        OCTETS("* 1 FETCH (BODY[] \"\000\377\")",
               "FETCH 1 fields=256 BODY[] data=\"\\x00\377\" octets=2"),
        OCTETS("* 1 FETCH (FLAGS (\303\251))", "FETCH 1 fields=1 flags=128 words[\"\303\251\"]"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void section_names(void **state)
{
    static const struct octets samples[] = {
        /* several: quoted names of fields */
        OCTETS("* 1 FETCH (BODY[HEADER.FIELDS (\"From\" {2}\r\nto \"a]b\")] \"x\")",
               "FETCH 1 fields=256 BODY[HEADER.FIELDS (From to a]b)] data=\"x\" octets=1"),
        /* Geary: no blank */
        OCTETS("* 1 FETCH (BODY[HEADER.FIELDS(FROM)] \"x\")",
               "FETCH 1 fields=256 BODY[HEADER.FIELDS(FROM)] data=\"x\" octets=1"),
        /* several: the origin as it was asked */
        OCTETS("* 1 FETCH (BODY[]<0.1024> \"x\")",
               "FETCH 1 fields=256 BODY[]<0> data=\"x\" octets=1"),
        /* Yandex, iCloud: no value */
        OCTETS("* 1 FETCH (BODY[1])", "FETCH 1 fields=256 BODY[1] nil"),
        OCTETS("* 1 FETCH (RFC822 UID 3)", "FETCH 1 fields=258 uid=3 RFC822[] nil"),
        OCTETS("* 1 FETCH (BODY[1] UID 3)", "FETCH 1 fields=258 uid=3 BODY[1] nil"),
        OCTETS("* 1 FETCH (BODY[1]\"x\"UID 3)", "FETCH 1 fields=0 warn(1 \"BODY[1]\"x\"UID 3)\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z03: never cut to fit. */
static void z03_drops_numbers_out_of_range(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (UID 0 FLAGS ())", "FETCH 1 fields=1 flags=0 warn(2 \"UID 0\")"),
        OCTETS("* 1 FETCH (UID 4294967296 FLAGS ())",
               "FETCH 1 fields=1 flags=0 warn(2 \"UID 4294967296\")"),
        OCTETS("* 1 FETCH (UID 18446744073709551616 FLAGS ())",
               "FETCH 1 fields=1 flags=0 warn(2 \"UID 18446744073709551616\")"),
        OCTETS("* 1 FETCH (UID -1 FLAGS ())", "FETCH 1 fields=1 flags=0 warn(1 \"UID -1\")"),
        OCTETS("* 1 FETCH (RFC822.SIZE -1 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"RFC822.SIZE -1\")"),
        OCTETS("* 1 FETCH (RFC822.SIZE 9223372036854775808 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"RFC822.SIZE 9223372036854775808\")"),
        OCTETS("* 1 FETCH (MODSEQ (9223372036854775808) UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"MODSEQ (9223372036854775808)\")"),
        /* Zoho */
        OCTETS("* 1 FETCH (MODSEQ (-1) UID 1)", "FETCH 1 fields=2 uid=1 warn(2 \"MODSEQ (-1)\")"),
        /* several: no number */
        OCTETS("* 1 FETCH (MODSEQ (x) UID 1)", "FETCH 1 fields=2 uid=1 warn(1 \"MODSEQ (x)\")"),
        OCTETS("* 1 FETCH (MODSEQ NIL UID 1)", "FETCH 1 fields=2 uid=1 warn(1 \"MODSEQ NIL\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void sizes(void **state)
{
    static const struct octets samples[] = {
        /* mail.ru */
        OCTETS("* 1 FETCH (RFC822.SIZE 9.3736e+06)", "FETCH 1 fields=8 size=9373600"),
        OCTETS("* 1 FETCH (RFC822.SIZE 1.5e1)", "FETCH 1 fields=8 size=15"),
        OCTETS("* 1 FETCH (RFC822.SIZE 15e-1 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"RFC822.SIZE 15e-1\")"),
        OCTETS("* 1 FETCH (RFC822.SIZE 1e400 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"RFC822.SIZE 1e400\")"),
        OCTETS("* 1 FETCH (RFC822.SIZE 1.23456789012345678901e3 UID 1)",
               "FETCH 1 fields=10 uid=1 size=1234"),
        OCTETS("* 1 FETCH (RFC822.SIZE 1e18 UID 1)",
               "FETCH 1 fields=10 uid=1 size=1000000000000000000"),
        OCTETS("* 1 FETCH (RFC822.SIZE 9e18 UID 1)",
               "FETCH 1 fields=10 uid=1 size=9000000000000000000"),
        OCTETS("* 1 FETCH (RFC822.SIZE 99e18 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"RFC822.SIZE 99e18\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* A date that is none costs only itself. */
static void dates(void **state)
{
    static const struct octets samples[] = {
        /* Domino */
        OCTETS("* 1 FETCH (INTERNALDATE \"00-Jan-0000 00:00:00 +0000\" UID 1)",
               "FETCH 1 fields=2 uid=1"),
        OCTETS("* 1 FETCH (INTERNALDATE NIL UID 1)", "FETCH 1 fields=2 uid=1"),
        OCTETS("* 1 FETCH (INTERNALDATE \"31-Feb-2000 00:00:00 +0000\" UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"INTERNALDATE \"31-Feb-2000 00:00:00 +0000\"\")"),
        OCTETS("* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 +0530\" UID 1)",
               "FETCH 1 fields=18 uid=1 date=836687665 zone=330"),
        OCTETS("* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700 and a lot more behind it that "
               "no date has\" UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"INTERNALDATE \"17-Jul-1996 02:44:25 -0700 and a "
               "lot more behind it that no date has\"\")"),
        OCTETS("* 1 FETCH (INTERNALDATE 17-Jul-1996 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"INTERNALDATE 17-Jul-1996\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void flags(void **state)
{
    static const struct octets samples[] = {
        /* several: NIL, quoted */
        OCTETS("* 1 FETCH (FLAGS (\\Seen NIL \"a b\" ) UID 1)",
               "FETCH 1 fields=3 uid=1 flags=129 words[\"\\Seen\",\"a b\"]"),
        /* Binc: a bare asterisk */
        OCTETS("* 1 FETCH (FLAGS (* \\*))", "FETCH 1 fields=1 flags=64 words[\"*\",\"\\*\"]"),
        /* Gmail: ] in a flag */
        OCTETS("* 1 FETCH (FLAGS ([Gmail] a]b))",
               "FETCH 1 fields=1 flags=128 words[\"[Gmail]\",\"a]b\"]"),
        OCTETS("* 1 FETCH (FLAGS NIL UID 1)", "FETCH 1 fields=3 uid=1 flags=0"),
        OCTETS("* 1 FETCH (FLAGS (a (b) c) UID 1)",
               "FETCH 1 fields=2 uid=1 warn(1 \"FLAGS (a (b) c)\")"),
        OCTETS("* 1 FETCH (FLAGS \\Seen UID 1)", "FETCH 1 fields=2 uid=1 warn(1 \"FLAGS \\Seen\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void unknown_items(void **state)
{
    static const struct octets samples[] = {
        /* AOL */
        OCTETS("* 1 FETCH (XAOL.SPAM.REASON 5 XAOL-MSGID (a (b \"c)\")) UID 1)",
               "FETCH 1 fields=2 uid=1"),
        /* Gmail */
        OCTETS("* 1 FETCH (X-GM-RAW 1278455344230334865 X-GM-OTHER (\\Inbox \"a b\" NIL "
               "{2}\r\n)( ) UID 1)",
               "FETCH 1 fields=2 uid=1"),
        OCTETS("* 1 FETCH (X[a (b) c] {3}\r\n(() UID 1)", "FETCH 1 fields=2 uid=1"),
        OCTETS("* 1 FETCH (X)", "FETCH 1 fields=0"),
        OCTETS("* 1 FETCH ((1 2) \"x\" UID 1)", "FETCH 1 fields=2 uid=1"),
        OCTETS("* 1 FETCH (XPREVIEW NIL XSAVEDATE NIL XEMAILID (M1) UID 1)",
               "FETCH 1 fields=2 uid=1"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Several servers announce a body without its last line end. */
static void literals_short_of_a_line_end(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BODY[] {3}\r\nabc\r\n)",
               "FETCH 1 fields=256 BODY[] data=\"abc\" octets=3 warn(5 \"\\x0d\\x0a\")"),
        OCTETS("* 1 FETCH (BODY[] {3}\r\nabc\r\n UID 4)",
               "FETCH 1 fields=258 uid=4 BODY[] data=\"abc\" octets=3 warn(5 \"\\x0d\\x0a\")"),
        OCTETS("* 1 FETCH (BODY[1] {3}\r\nabc\n BODY[2] {1}\r\nx\r\n)",
               "FETCH 1 fields=256 BODY[1] data=\"abc\" octets=3 BODY[2] data=\"x\" octets=1 "
               "warn(5 \"\\x0a\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04, Z07. */
static void z04_lives_with_half_answers(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH", "WARNING 1 raw=\"* 1 FETCH\""),
        OCTETS("* 1 FETCH x", "WARNING 1 raw=\"* 1 FETCH x\""),
        OCTETS("* 1 FETCH (", "FETCH 1 fields=0 warn(1 \"* 1 FETCH (\")"),
        OCTETS("* 1 FETCH (UID 5", "FETCH 1 fields=2 uid=5 warn(1 \"* 1 FETCH (UID 5\")"),
        OCTETS("* 1 FETCH (UID 5 FLAGS (\\Seen",
               "FETCH 1 fields=2 uid=5 warn(1 \"FLAGS (\\Seen\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1]<", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1]<\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1]<5", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1]<5\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] (x) FLAGS ())",
               "FETCH 1 fields=3 uid=5 flags=0 warn(1 \"BODY[1] (x)\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] \"x", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] \"x\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] {", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] {\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] {9", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] {9\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] {9}", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] {9}\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] {9}\r\nx)",
               "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] {9}\\x0d\\x0ax)\")"),
        OCTETS("* 1 FETCH (UID 5 BODY[1] ~)", "FETCH 1 fields=2 uid=5 warn(1 \"BODY[1] ~\")"),
        OCTETS("* 1 FETCH (UID) FLAGS", "FETCH 1 fields=0 warn(1 \"UID\")"),
        OCTETS("* 1 FETCH (UID 5) junk", "FETCH 1 fields=2 uid=5 warn(1 \") junk\")"),
        OCTETS("* 1 FETCH (UID 5 )", "FETCH 1 fields=2 uid=5"),
        OCTETS("* 1 FETCH  ( UID  5  FLAGS () )", "FETCH 1 fields=3 uid=5 flags=0"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Sections that were streamed are told, with the size that their literal had. */
static void knows_streamed_sections(void **state)
{
    static const char line[] = "* 1 FETCH (UID 7 BODY[1] {5000000000}\r\n BODY[2] {2}\r\nab "
                               "BODY[3]<7> {70000}\r\n)\r\n";
    const struct imap_cut cuts[] = {{39, 5000000000U}, {76, 70000}};
    struct imap_resp_opts o = reading_opts();
    struct reading r;

    (void)state;
    assert_memory_equal(line + 37, "\r\n ", 3);
    assert_memory_equal(line + 74, "\r\n)", 3);
    o.cuts = cuts;
    o.cut_count = 2;
    r = read_once((const uint8_t *)line, sizeof line - 1, mem_default(), 1 << 20, &o);
    assert_string_equal(r.text, "FETCH 1 fields=258 uid=7 BODY[1] streamed octets=5000000000 "
                                "BODY[2] data=\"ab\" octets=2 BODY[3]<7> streamed octets=70000");
    free(r.text);
}

/* A literal that was cut out where no section is: the item is dropped. */
static void streams_nothing_but_sections(void **state)
{
    static const char line[] = "* 1 FETCH (X {5}\r\n ENVELOPE ({9}\r\n NIL) UID 7)\r\n";
    const struct imap_cut cuts[] = {{18, 5}, {34, 9}};
    struct imap_resp_opts o = reading_opts();
    struct reading r;

    (void)state;
    o.cuts = cuts;
    o.cut_count = 2;
    r = read_once((const uint8_t *)line, sizeof line - 1, mem_default(), 1 << 20, &o);
    assert_string_equal(r.text, "FETCH 1 fields=2 uid=7 warn(1 \"ENVELOPE ({9}\\x0d\\x0a NIL)\")");
    free(r.text);
}

/* What imap_resp_section_head() says of a beginning, or "-". */
static char *head_of(struct guard *g, const char *in, size_t n, const struct mem *mem, int *out_rc)
{
    const struct imap_cut cuts[] = {{28, 9}};
    struct imap_resp_opts o = reading_opts();
    struct imap_raw raw = {guard_put(g, in, n), n, 0};
    mla_imap_section s;
    struct arena a;
    char *text = NULL;
    size_t len;
    FILE *f;

    o.cuts = cuts;
    o.cut_count = 1;
    arena_init(&a, mem, 1 << 20);
    *out_rc = imap_resp_section_head(&raw, &o, 42, &a, &s);
    f = open_memstream(&text, &len);
    assert_non_null(f);
    if (*out_rc == 1) {
        fprintf(f, "%u/%u", s.seq, s.uid);
        tell_section(f, &s);
    } else {
        fputc('-', f);
    }
    fclose(f);
    arena_free(&a);
    return text;
}

static void finds_the_section_of_a_literal(void **state)
{
    static const struct sample {
        const char *in;
        const char *expect;
    } samples[] = {
        {"* 1 FETCH (BODY[] {42}\r\n", "1/0 BODY[] streamed octets=42"},
        {"* 1 FETCH (BODY[] ~{42}\r\n", "1/0 BODY[] streamed octets=42"},
        {"* 12 FETCH (UID 7 BODY[1.2.HEADER]<5> {42 }\r\n",
         "12/7 BODY[1.2.HEADER]<5> streamed octets=42"},
        {"* 1 fetch (flags (a \"b\") binary[1] ~{42}\n", "1/0 BINARY[1] streamed octets=42"},
        {"* 1 FETCH (RFC822 {42}\r\n", "1/0 RFC822[] streamed octets=42"},
        {"* 1 FETCH (RFC822.TEXT {42}\r\n", "1/0 RFC822[TEXT] streamed octets=42"},
        {"* 1 FETCH (RFC822.HEADER {42}\r\n", "1/0 RFC822[HEADER] streamed octets=42"},
        {"* 1 FETCH (BODY[HEADER.FIELDS (\"a\" {1}\r\nb)] {42}\r\n",
         "1/0 BODY[HEADER.FIELDS (a b)] streamed octets=42"},
        {"* 1 FETCH (BODY[1]<3> \"x\" X (1 2) BODY[2] {3}\r\nabc BODY[3] {42}\r\n",
         "1/0 BODY[3] streamed octets=42"},
        {"* 1 FETCH (BODY[1] UID 8 BODY[3] {42}\r\n", "1/8 BODY[3] streamed octets=42"},
        /* one section was streamed before: see head_of() */
        {"* 1 FETCH (UID 7 BODY[1] {9}\r\n BODY[2] {42}\r\n", "-"},
        {"* 1 FETCH (UID 7 BODY[] {9}\r\n BODY[2] {42}\r\n", "-"},
        {"* 1 FETCH (UID 7 BODY[] {9}\n BODY[2] {42}\r\n", "1/7 BODY[2] streamed octets=42"},
        /* not the literal of a section */
        {"* 1 FETCH (ENVELOPE (NIL {42}\r\n", "-"},
        {"* 1 FETCH (BODY (\"A\" {42}\r\n", "-"},
        {"* 1 FETCH (BODYSTRUCTURE (\"A\" {42}\r\n", "-"},
        {"* 1 FETCH (BODY[HEADER.FIELDS ({42}\r\n", "-"},
        {"* 1 FETCH (X {42}\r\n", "-"},
        {"* 1 FETCH (X (BODY[] {42}\r\n", "-"},
        {"* 1 FETCH (RFC822.SIZE {42}\r\n", "-"},
        {"* 1 FETCH ({42}\r\n", "-"},
        {"* 1 FETCH (BODY[])\r\n", "-"},
        {"* 1 FETCH (BODY[] {42}", "-"},
        {"* 0 FETCH (BODY[] {42}\r\n", "-"},
        {"* 4294967296 FETCH (BODY[] {42}\r\n", "-"},
        {"* 1 EXISTS (BODY[] {42}\r\n", "-"},
        {"* LIST () \"/\" {42}\r\n", "-"},
        {"A OK BODY[] {42}\r\n", "-"},
    };
    struct guard g;

    (void)state;
    assert_true(guard_init(&g, 1000));
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        size_t n = strlen(samples[i].in);
        int rc;
        char *text = head_of(&g, samples[i].in, n, mem_default(), &rc);

        assert_string_equal(text, samples[i].expect);
        free(text);
        for (size_t k = 0; k < n; k++)
            free(head_of(&g, samples[i].in, k, mem_default(), &rc));
        for (size_t k = 1; k < 5; k++) {
            struct fail_mem f;

            fail_mem_init(&f, k, 1);
            text = head_of(&g, samples[i].in, n, &f.mem, &rc);
            assert_true(rc == MLA_E_NOMEM || strcmp(text, samples[i].expect) == 0);
            assert_int_equal(f.held, 0);
            free(text);
        }
    }
    guard_free(&g);
}

/* M10: 200,000 small literals in one response. */
static void m10_reads_many_literals(void **state)
{
    enum { COUNT = 200000 };
    static const char head[] = "* 1 FETCH (FLAGS (";
    static const char unit[] = "{1}\r\na ";
    static const char tail[] = ") UID 9)\r\n";
    size_t n = sizeof head - 1 + COUNT * (sizeof unit - 1) + sizeof tail - 1;
    struct imap_resp_opts o = reading_opts();
    char *line = malloc(n);
    struct imap_raw raw = {(const uint8_t *)line, n, 0};
    struct mla_imap_event ev;
    struct imap_resp resp;
    size_t at = sizeof head - 1;

    (void)state;
    assert_non_null(line);
    memcpy(line, head, at);
    for (size_t i = 0; i < COUNT; i++, at += sizeof unit - 1)
        memcpy(line + at, unit, sizeof unit - 1);
    memcpy(line + at, tail, sizeof tail - 1);
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 32 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_int_equal(ev.fetch->word_count, COUNT);
    assert_int_equal(ev.fetch->uid, 9);
    arena_free(&ev.arena);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_items),
        cmocka_unit_test(reads_sets_of_flags),
        cmocka_unit_test(reads_sections),
        cmocka_unit_test(z01_keeps_empty_sections),
        cmocka_unit_test(z06_keeps_octets),
        cmocka_unit_test(section_names),
        cmocka_unit_test(z03_drops_numbers_out_of_range),
        cmocka_unit_test(sizes),
        cmocka_unit_test(dates),
        cmocka_unit_test(flags),
        cmocka_unit_test(unknown_items),
        cmocka_unit_test(literals_short_of_a_line_end),
        cmocka_unit_test(z04_lives_with_half_answers),
        cmocka_unit_test(knows_streamed_sections),
        cmocka_unit_test(streams_nothing_but_sections),
        cmocka_unit_test(finds_the_section_of_a_literal),
        cmocka_unit_test(m10_reads_many_literals),
    };

    return cmocka_run_group_tests_name("imap/resp_fetch", tests, NULL, NULL);
}
