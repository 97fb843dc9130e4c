/* test_resp.c - what a response is, and what all of them have in common */
#include "reading.h"

static void knows_status_lines(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* OK hello", "TEXT status=1 text=\"hello\""),
        OCTETS("* NO [ALERT] full",
               "TEXT status=2 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\"full\""),
        OCTETS("* BAD what", "TEXT status=3 text=\"what\""),
        OCTETS("* BYE see you", "TEXT status=4 text=\"see you\""),
        OCTETS("* PREAUTH [CAPABILITY IMAP4rev1] hi",
               "TEXT status=5 code(9 atom=\"CAPABILITY\" raw=\"CAPABILITY IMAP4rev1\" "
               "words[\"IMAP4rev1\"]) text=\"hi\" capabilities=1"),
        OCTETS("* ok", "TEXT status=1 text=\"\""),
        OCTETS("* OK ", "TEXT status=1 text=\"\""),
        OCTETS("A1 OK done", "A1 DONE status=1 text=\"done\""),
        OCTETS(
            "a.7-x NO [TRYCREATE] no such",
            "a.7-x DONE status=2 code(35 atom=\"TRYCREATE\" raw=\"TRYCREATE\") text=\"no such\""),
        OCTETS("A1 BAD", "A1 DONE status=3 text=\"\""),
        OCTETS("A1 ok [ALERT]", "A1 DONE status=1 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\"\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void knows_continuations(void **state)
{
    static const struct octets samples[] = {
        OCTETS("+ go ahead", "+ text=\"go ahead\""),
        OCTETS("+ ", "+ text=\"\""),
        /* Exchange, public-inbox: no SP */
        OCTETS("+", "+ text=\"\""),
        OCTETS("+go", "+ text=\"go\""),
        OCTETS("+ dXNlcg==", "+ text=\"dXNlcg==\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void knows_counts(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 5 EXISTS", "EXISTS =5"),
        OCTETS("* 0 EXISTS", "EXISTS"),
        OCTETS("* 4294967295 EXISTS", "EXISTS =4294967295"),
        OCTETS("* 0 RECENT", "RECENT"),
        OCTETS("* 3 expunge", "EXPUNGE =3"),
        OCTETS("* 12 FETCH (UID 4)", "FETCH 12 fields=2 uid=4"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* P14, Z03. */
static void p14_z03_refuses_numbers_out_of_range(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 4294967296 EXISTS", "WARNING 2 raw=\"* 4294967296 EXISTS\""),
        OCTETS("* 18446744073709551617 EXISTS", "WARNING 2 raw=\"* 18446744073709551617 EXISTS\""),
        OCTETS("* 0 EXPUNGE", "WARNING 2 raw=\"* 0 EXPUNGE\""),
        OCTETS("* 4294967296 EXPUNGE", "WARNING 2 raw=\"* 4294967296 EXPUNGE\""),
        OCTETS("* -1 EXPUNGE", "WARNING 2 raw=\"* -1 EXPUNGE\""),
        OCTETS("* five EXISTS", "OTHER five EXISTS"),
        OCTETS("* 4294967296 FETCH (UID 1)", "WARNING 2 raw=\"* 4294967296 FETCH (UID 1)\""),
        OCTETS("* 4294967297 FETCH (UID 1)", "WARNING 2 raw=\"* 4294967297 FETCH (UID 1)\""),
        /* Zoho */
        OCTETS("* -1 FETCH (UID 1)", "WARNING 2 raw=\"* -1 FETCH (UID 1)\""),
        /* Courier 2004 */
        OCTETS("* 0 FETCH (UID 1)", "WARNING 2 raw=\"* 0 FETCH (UID 1)\""),
        OCTETS("* 1.5 EXISTS", "OTHER 1.5 EXISTS"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void hands_on_what_it_does_not_know(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* XFOO (1 2)", "OTHER XFOO (2 #1 #2)"),
        OCTETS("* 5 XFOO", "OTHER #5 XFOO"),
        OCTETS("* XFOO ((\"\" \"/\")) NIL", "OTHER XFOO (1 (2 \"\" \"/\")) NIL"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_lines_that_are_none(void **state)
{
    static const struct octets samples[] = {
        /* Exchange: blank lines */
        OCTETS("", "-"),
        OCTETS("\000\000", "-"),
        /* several: NUL in front */
        OCTETS("\000\000* OK hi", "TEXT status=1 text=\"hi\""),
        OCTETS("\000A1 OK hi", "A1 DONE status=1 text=\"hi\""),
        /* Exchange */
        OCTETS("Server Unavailable. 15",
               "TEXT status=3 text=\"Server Unavailable. 15\" warn(1 \"Server Unavailable. 15\")"),
        /* Office365 */
        OCTETS("[ALERT] no status",
               "TEXT status=1 code(2 atom=\"ALERT\" raw=\"ALERT\") text=\"no status\""),
        /* home.pl */
        OCTETS("* [COPYUID 7 1:2 3:4] done",
               "TEXT status=1 code(13 atom=\"COPYUID\" raw=\"COPYUID 7 1:2 3:4\" uidvalidity=7 "
               "source[1:2] destination[3:4]) text=\"done\""),
        OCTETS("*", "WARNING 1 raw=\"*\""),
        OCTETS("* ", "WARNING 1 raw=\"*\""),
        OCTETS("* (", "WARNING 1 raw=\"* (\""),
        OCTETS("* \"x\"", "WARNING 1 raw=\"* \"x\"\""),
        OCTETS("**", "WARNING 1 raw=\"**\""),
        OCTETS("A1", "TEXT status=3 text=\"A1\" warn(1 \"A1\")"),
        OCTETS("A1 ", "TEXT status=3 text=\"A1 \" warn(1 \"A1 \")"),
        OCTETS("A1 PREAUTH x", "TEXT status=3 text=\"A1 PREAUTH x\" warn(1 \"A1 PREAUTH x\")"),
        OCTETS("A1 FOO x", "TEXT status=3 text=\"A1 FOO x\" warn(1 \"A1 FOO x\")"),
        OCTETS(" OK x", "TEXT status=3 text=\" OK x\" warn(1 \" OK x\")"),
        OCTETS("*OK x", "TEXT status=1 text=\"x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void says_whether_tls_was_there(void **state)
{
    struct imap_resp_opts o = reading_opts();

    (void)state;
    o.tls = 1;
    read_octets("* OK hello", 10, "TEXT status=1 tls text=\"hello\"", &o);
    read_octets("A OK hello", 10, "A DONE status=1 tls text=\"hello\"", &o);
}

/* M13: more words than allowed are left out, and said to be. */
static void m13_limits_capabilities(void **state)
{
    struct imap_resp_opts o = reading_opts();

    (void)state;
    o.words_max = 2;
    read_octets("* CAPABILITY A B", 16, "CAPABILITY [\"A\",\"B\"] capabilities=2", &o);
    read_octets("* CAPABILITY A B C", 18, "CAPABILITY [\"A\",\"B\"] capabilities=2 warn(7 \"C\")",
                &o);
    read_octets("A OK [CAPABILITY A B C] x", 25,
                "A DONE status=1 code(9 atom=\"CAPABILITY\" raw=\"CAPABILITY A B C\" "
                "words[\"A\",\"B\"]) text=\"x\" capabilities=2 warn(7 \"C\")",
                &o);
}

/* A warning has the beginning of what was wrong, and its place. */
static void warnings_are_short(void **state)
{
    struct imap_resp_opts o = reading_opts();
    struct mla_imap_event ev;
    struct imap_resp resp;
    char line[3000];
    struct imap_raw raw = {(const uint8_t *)line, sizeof line, 77};

    (void)state;
    memset(&ev, 0, sizeof ev);
    memset(line, 'x', sizeof line);
    memcpy(line, "* FLAGS ", 8);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    arena_init(&ev.arena, mem_default(), 4096);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_int_equal(ev.type, MLA_IMAP_EV_WARNING);
    assert_int_equal(ev.warning->struct_size, sizeof *ev.warning);
    assert_int_equal(ev.warning->id, MLA_IMAP_WARN_SYNTAX);
    assert_int_equal(ev.warning->raw.len, 1024);
    assert_int_equal(ev.warning->offset, 77);
    arena_free(&ev.arena);
}

/* What was read before leaves no trace in what is read next. */
static void events_are_set_anew(void **state)
{
    static const char *const lines[] = {
        "* 1 FETCH (UID 5)\r\n",
        "* LIST () \"/\" a\r\n",
        "* STATUS a ()\r\n",
        "* SEARCH 1\r\n",
        "* FLAGS (a)\r\n",
        "* 5 EXISTS\r\n",
        "* OK [ALERT] x\r\n",
        "A OK x\r\n",
        "* FLAGS\r\n",
        "+ x\r\n",
        "* XFOO\r\n",
        "\r\n",
    };
    struct imap_resp_opts o = reading_opts();
    struct mla_imap_event ev;
    struct imap_resp resp;

    (void)state;
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 20);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++) {
            struct imap_raw first = {(const uint8_t *)lines[i], strlen(lines[i]), 0};
            struct imap_raw second = {(const uint8_t *)lines[k], strlen(lines[k]), 5};
            struct reading fresh = read_once(second.ptr, second.len, mem_default(), 1 << 20, &o);
            char *again;

            arena_reset(&ev.arena);
            assert_int_equal(imap_resp_parse(&first, &o, &ev, &resp), 0);
            arena_reset(&ev.arena);
            assert_int_equal(imap_resp_parse(&second, &o, &ev, &resp), 0);
            again = tell(&ev, &resp);
            assert_string_equal(again, fresh.text);
            assert_ptr_equal(ev.raw.ptr, second.ptr);
            assert_int_equal(ev.raw.offset, 5);
            free(again);
            free(fresh.text);
        }
    arena_free(&ev.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_status_lines),
        cmocka_unit_test(knows_continuations),
        cmocka_unit_test(knows_counts),
        cmocka_unit_test(p14_z03_refuses_numbers_out_of_range),
        cmocka_unit_test(hands_on_what_it_does_not_know),
        cmocka_unit_test(lives_with_lines_that_are_none),
        cmocka_unit_test(says_whether_tls_was_there),
        cmocka_unit_test(m13_limits_capabilities),
        cmocka_unit_test(warnings_are_short),
        cmocka_unit_test(events_are_set_anew),
    };

    return cmocka_run_group_tests_name("imap/resp", tests, NULL, NULL);
}
