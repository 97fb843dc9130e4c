/* test_resp_envelope.c - lib/imap/resp_envelope */
#include "reading.h"

static void reads_all_fields(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* 1 FETCH (ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg "
            "summary and minutes\" ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" "
            "\"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) ((NIL NIL "
            "\"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) "
            "((NIL NIL \"b\" \"c\")) \"<a@b>\" \"<B27397-0100000@cac.washington.edu>\"))",
            "FETCH 1 fields=4 env( date=\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" "
            "subject=\"IMAP4rev1 WG mtg summary and minutes\" from[\"Terry "
            "Gray\"<\"gray\"@\"cac.washington.edu\">] sender[\"Terry "
            "Gray\"<\"gray\"@\"cac.washington.edu\">] reply-to[\"Terry "
            "Gray\"<\"gray\"@\"cac.washington.edu\">] to[<\"imap\"@\"cac.washington.edu\">] "
            "cc[<\"minutes\"@\"CNRI.Reston.VA.US\">, \"John Klensin\"<\"KLENSIN\"@\"MIT.EDU\">] "
            "bcc[<\"b\"@\"c\">] in-reply-to=\"<a@b>\" "
            "message-id=\"<B27397-0100000@cac.washington.edu>\")"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env()"),
        OCTETS("* 1 FETCH (ENVELOPE (\"\" \"\" NIL NIL NIL NIL NIL NIL \"\" \"\"))",
               "FETCH 1 fields=4 env( date=\"\" subject=\"\" in-reply-to=\"\" message-id=\"\")"),
        OCTETS("* 1 FETCH (ENVELOPE ({3}\r\na\r\n {2}\r\n\"x (({1}\r\n( NIL {2}\r\nab {3}\r\nc)d)) "
               "NIL NIL NIL NIL NIL NIL \"m\"))",
               "FETCH 1 fields=4 env( date=\"a\\x0d\\x0a\" subject=\"\"x\" "
               "from[\"(\"<\"ab\"@\"c)d\">] message-id=\"m\")"),
        OCTETS("* 1 FETCH (ENVELOPE NIL UID 3)", "FETCH 1 fields=2 uid=3"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Lists that repeat From, or only begin as it does. */
static void tells_repeated_lists_apart(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* 1 FETCH (ENVELOPE (NIL NIL ((\"A\" NIL \"a\" \"b\")) ((\"A\" NIL \"a\" \"b\")(NIL "
            "NIL \"c\" \"d\")) ((\"A\" NIL \"a\" \"b\")) ((\"A\" NIL \"a\" \"b\")) NIL NIL NIL "
            "\"m\"))",
            "FETCH 1 fields=4 env( from[\"A\"<\"a\"@\"b\">] sender[\"A\"<\"a\"@\"b\">, "
            "<\"c\"@\"d\">] reply-to[\"A\"<\"a\"@\"b\">] to[\"A\"<\"a\"@\"b\">] "
            "message-id=\"m\")"),
        OCTETS(
            "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\")) NIL ((NIL NIL \"a\" \"c\")) NIL "
            "NIL NIL NIL NIL))",
            "FETCH 1 fields=4 env( from[<\"a\"@\"b\">] reply-to[<\"a\"@\"c\">])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL NIL NIL ((NIL NIL \"a\" \"c\")) NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( reply-to[<\"a\"@\"c\">])"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 9051 section 7.5.2. */
static void reads_groups(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"friends\" NIL)(NIL NIL \"a\" \"b\")(NIL NIL "
            "\"c\" \"d\")(NIL NIL NIL NIL)(\"E\" NIL \"e\" \"f\")) NIL NIL NIL NIL NIL NIL NIL))",
            "FETCH 1 fields=4 env( from[BEGIN \"friends\", <\"a\"@\"b\">, <\"c\"@\"d\">, END, "
            "\"E\"<\"e\"@\"f\">])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"undisclosed\" NIL)(NIL NIL NIL NIL)) NIL "
               "NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[BEGIN \"undisclosed\", END])"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* A group that nobody ends is a mailbox without a host (Gmail). */
static void lives_with_odd_groups(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"root\" NIL)) NIL NIL NIL NIL NIL NIL NIL))",
            "FETCH 1 fields=4 env( from[<\"root\"@NIL>])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"one\" NIL)(NIL NIL \"two\" NIL)(NIL NIL "
               "\"a\" \"b\")(NIL NIL NIL NIL)) NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"one\"@NIL>, BEGIN \"two\", <\"a\"@\"b\">, END])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL NIL NIL)(NIL NIL \"a\" \"b\")) NIL NIL NIL "
               "NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"a\"@\"b\">])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((\"Name\" NIL \"user\" NIL)) NIL NIL NIL NIL NIL NIL "
               "NIL))",
               "FETCH 1 fields=4 env( from[\"Name\"<\"user\"@NIL>])"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_odd_addresses(void **state)
{
    static const struct octets samples[] = {
        /* c-client, Exchange */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"root\" \".MISSING-HOST-NAME.\")) NIL NIL "
               "NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"root\"@\"\">])"),
        /* Dovecot */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((\"X\" NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\")) "
               "NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[\"X\"<\"\"@\"\">])"),
        /* Gmail: swapped */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((\"<u@h>\" NIL \"Name\" NIL)) NIL NIL NIL NIL NIL "
               "NIL NIL))",
               "FETCH 1 fields=4 env( from[\"Name\"<\"u\"@\"h\">])"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((\"<x>\" NIL \"u\" \"h\")) NIL NIL NIL NIL NIL NIL "
               "NIL))",
               "FETCH 1 fields=4 env( from[\"<x>\"<\"u\"@\"h\">])"),
        /* SmarterMail: NIL */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL (NIL (NIL NIL \"a\" \"b\") NIL) NIL NIL NIL NIL NIL "
               "NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"a\"@\"b\">])"),
        /* Yahoo: an empty list, blanks */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL () NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env()"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\") (NIL NIL \"c\" \"d\") ) NIL "
               "NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"a\"@\"b\">, <\"c\"@\"d\">])"),
        /* Exchange 2007: an empty string */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL \"\" NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env()"),
        /* several: garbage costs one address */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\")(NIL \"x\")(NIL NIL \"c\" "
               "\"d\")) NIL NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"a\"@\"b\">, <\"c\"@\"d\">]) warn(1 \"(NIL \"x\")\")"),
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL (\"x\" (NIL NIL \"a\" \"b\")(1 2 3 4 5)((())) ()) NIL "
               "NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( from[<\"a\"@\"b\">]) warn(1 \"\"x\"\")"),
        /* VMime: atoms */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((Joe NIL joe example.org)) NIL NIL NIL NIL NIL NIL "
               "NIL))",
               "FETCH 1 fields=4 env( from[\"Joe\"<\"joe\"@\"example.org\">])"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_odd_shapes(void **state)
{
    static const struct octets samples[] = {
        /* Lotus Domino: one more pair of parentheses */
        OCTETS("* 1 FETCH (ENVELOPE ((\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL \"m\")))",
               "FETCH 1 fields=4 env( date=\"d\" subject=\"s\" message-id=\"m\")"),
        /* several: the last fields are left out */
        OCTETS("* 1 FETCH (ENVELOPE (\"d\" \"s\" NIL NIL NIL NIL NIL NIL))",
               "FETCH 1 fields=4 env( date=\"d\" subject=\"s\")"),
        OCTETS("* 1 FETCH (ENVELOPE (\"d\"))", "FETCH 1 fields=4 env( date=\"d\")"),
        OCTETS("* 1 FETCH (ENVELOPE ())", "FETCH 1 fields=4 env()"),
        OCTETS(
            "* 1 FETCH (ENVELOPE (\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL \"m\" \"more\" (x y)))",
            "FETCH 1 fields=4 env( date=\"d\" subject=\"s\" message-id=\"m\")"),
        /* VMime: no blanks */
        OCTETS("* 1 FETCH (ENVELOPE(\"d\" \"s\" NIL NIL NIL NIL NIL NIL NIL \"m\")UID 5)",
               "FETCH 1 fields=6 uid=5 env( date=\"d\" subject=\"s\" message-id=\"m\")"),
        /* several: a quote that is not escaped */
        OCTETS("* 1 FETCH (ENVELOPE (\"d\" \"a \"b\" c\" NIL NIL NIL NIL NIL NIL NIL \"m\"))",
               "FETCH 1 fields=4 env( date=\"d\" subject=\"a \"b\" c\" message-id=\"m\")"),
        OCTETS("* 1 FETCH (ENVELOPE (\"d\" \"\"a\" or (\"b\") (c)\" NIL NIL NIL NIL NIL NIL NIL "
               "\"m\") UID 5)",
               "FETCH 1 fields=2 uid=5 warn(1 \"ENVELOPE (\"d\" \"\"a\" or (\"b\") (c)\" NIL NIL "
               "NIL NIL NIL NIL NIL \"m\")\")"),
        /* in a name: it costs nothing, or that address */
        OCTETS("* 1 FETCH (ENVELOPE (NIL NIL ((\"J \"Joe\" Doe\" NIL \"j\" \"h\")) NIL NIL NIL NIL "
               "NIL NIL NIL) UID 5)",
               "FETCH 1 fields=6 uid=5 env( from[\"J \"Joe\" Doe\"<\"j\"@\"h\">])"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04: the other items stay. */
static void z04_drops_half_envelopes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (ENVELOPE 5 UID 5)", "FETCH 1 fields=2 uid=5 warn(1 \"ENVELOPE 5\")"),
        OCTETS("* 1 FETCH (ENVELOPE (\"d\" (x)) UID 5)",
               "FETCH 1 fields=2 uid=5 warn(1 \"ENVELOPE (\"d\" (x))\")"),
        OCTETS("* 1 FETCH (ENVELOPE (\"d\" \"s\" ((NIL NIL \"a\" \"b\") UID 5)",
               "FETCH 1 fields=0 warn(1 \"UID\")"),
        OCTETS("* 1 FETCH (UID 5 ENVELOPE (\"d",
               "FETCH 1 fields=2 uid=5 warn(1 \"ENVELOPE (\"d\")"),
        OCTETS("* 1 FETCH (UID 5 ENVELOPE ((\"d\" \"s\") UID 6)",
               "FETCH 1 fields=2 uid=5 warn(1 \"ENVELOPE ((\"d\" \"s\") UID 6)\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* M11: 300,000 addresses, in linear time and within the event's limit. */
static void m11_reads_many_addresses(void **state)
{
    enum { COUNT = 300000 };
    static const char head[] = "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL (";
    static const char unit[] = "(NIL NIL \"a\" \"b\")";
    static const char tail[] = ") NIL NIL NIL NIL) UID 9)\r\n";
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
    arena_init(&ev.arena, mem_default(), 64 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_int_equal(ev.fetch->envelope->to_count, COUNT);
    assert_int_equal(resp.warn.id, 0);
    arena_free(&ev.arena);
    /* less room: the envelope is dropped with a warning, the rest stays */
    arena_init(&ev.arena, mem_default(), 8 << 20);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    assert_null(ev.fetch->envelope);
    assert_int_equal(ev.fetch->uid, 9);
    assert_int_equal(resp.warn.id, MLA_IMAP_WARN_LIMIT);
    arena_free(&ev.arena);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_fields),
        cmocka_unit_test(tells_repeated_lists_apart),
        cmocka_unit_test(reads_groups),
        cmocka_unit_test(lives_with_odd_groups),
        cmocka_unit_test(lives_with_odd_addresses),
        cmocka_unit_test(lives_with_odd_shapes),
        cmocka_unit_test(z04_drops_half_envelopes),
        cmocka_unit_test(m11_reads_many_addresses),
    };

    return cmocka_run_group_tests_name("imap/resp_envelope", tests, NULL, NULL);
}
