/* test_resp_list.c - lib/imap/resp_list */
#include "reading.h"

static void reads_lists(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST (\\Noselect) \"/\" ~/Mail/foo",
               "LIST attributes=2 words[\"\\Noselect\"] delimiter=/ name=\"~/Mail/foo\" "
               "raw=\"~/Mail/foo\""),
        OCTETS("* LIST () NIL INBOX", "LIST attributes=0 name=\"INBOX\" raw=\"INBOX\""),
        OCTETS("* LSUB () \".\" #news.comp.mail.mime",
               "LIST lsub attributes=0 delimiter=. name=\"#news.comp.mail.mime\" "
               "raw=\"#news.comp.mail.mime\""),
        OCTETS("* LIST (\\Marked \\HasNoChildren) \"/\" \"a b\"",
               "LIST attributes=36 words[\"\\Marked\",\"\\HasNoChildren\"] delimiter=/ name=\"a "
               "b\" raw=\"a b\""),
        OCTETS("* LIST () \"\\\\\" \"a\\\\b \\\"c\\\"\"",
               "LIST attributes=0 delimiter=\\ name=\"a\\b \"c\"\" raw=\"a\\b \"c\"\""),
        OCTETS("* LIST () \"/\" {5}\r\nfoo\"b",
               "LIST attributes=0 delimiter=/ name=\"foo\"b\" raw=\"foo\"b\""),
        OCTETS("* LIST () \"/\" \"\"", "LIST attributes=0 delimiter=/ name=\"\" raw=\"\""),
        OCTETS("* LIST () \"/\" {0}\r\n", "LIST attributes=0 delimiter=/ name=\"\" raw=\"\""),
        OCTETS("* LIST () \"/\" NIL", "LIST attributes=0 delimiter=/ name=\"NIL\" raw=\"NIL\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void knows_attributes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST (\\Noinferiors \\Noselect \\Marked \\Unmarked \\HasChildren "
               "\\HasNoChildren) \"/\" a",
               "LIST attributes=63 "
               "words[\"\\Noinferiors\",\"\\Noselect\",\"\\Marked\",\"\\Unmarked\","
               "\"\\HasChildren\",\"\\HasNoChildren\"] delimiter=/ name=\"a\" raw=\"a\""),
        OCTETS("* LIST (\\Subscribed \\Remote \\All \\Archive \\Drafts) \"/\" a",
               "LIST attributes=3968 "
               "words[\"\\Subscribed\",\"\\Remote\",\"\\All\",\"\\Archive\",\"\\Drafts\"] "
               "delimiter=/ name=\"a\" raw=\"a\""),
        OCTETS("* LIST (\\Flagged \\Important \\Junk \\Sent \\Trash \\X) \"/\" a",
               "LIST attributes=126976 "
               "words[\"\\Flagged\",\"\\Important\",\"\\Junk\",\"\\Sent\",\"\\Trash\",\"\\X\"] "
               "delimiter=/ name=\"a\" raw=\"a\""),
        /* several: \NonExistent implies \Noselect */
        OCTETS("* LIST (\\NONEXISTENT) \"/\" a",
               "LIST attributes=66 words[\"\\NONEXISTENT\"] delimiter=/ name=\"a\" raw=\"a\""),
        OCTETS("* LIST NIL \"/\" a", "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void goes_over_extended_data(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST () \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" children=1"),
        OCTETS("* LIST () \"/\" a (\"childinfo\" (\"X\" \"SPECIAL-USE\" \"SUBSCRIBED\"))",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" children=7"),
        OCTETS("* LIST () \".\" \"foo\" (CHILDINFO (\"SUBSCRIBED\"))",
               "LIST attributes=0 delimiter=. name=\"foo\" raw=\"foo\" children=1"),
        OCTETS("* LIST () \"/\" a (\"OLDNAME\" (\"&AOQ-\"))",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" old=\"\303\244\" "
               "raw-old=\"&AOQ-\""),
        OCTETS("* LIST () \"/\" a (\"X\" (1 (2)) \"OLDNAME\" (b) \"Y\" z)",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" old=\"b\" raw-old=\"b\""),
        OCTETS("* LIST () \"/\" a (\"OLDNAME\" b)",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" warn(1 \"(\"OLDNAME\" \")"),
        OCTETS("* LIST () \"/\" \"a\" ()", "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\""),
        OCTETS("* LIST () \"/\" a (\"X\" (",
               "LIST attributes=0 delimiter=/ name=\"a\" raw=\"a\" warn(1 \"(\"X\" (\")"),
        OCTETS("* LIST () \"/\" \"a\" junk", "WARNING 1 raw=\"* LIST () \"/\" \"a\" junk\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Gmail before RFC 6154; its inbox has a name in the user's language there and nowhere else. */
static void reads_xlist(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Posteingang\"",
               "LIST attributes=32 words[\"\\HasNoChildren\",\"\\Inbox\"] delimiter=/ "
               "name=\"INBOX\" raw=\"INBOX\""),
        OCTETS("* XLIST (\\AllMail \\Spam \\Starred) \"/\" a",
               "LIST attributes=20992 words[\"\\AllMail\",\"\\Spam\",\"\\Starred\"] "
               "delimiter=/ name=\"a\" raw=\"a\""),
        OCTETS("* LIST (\\Inbox) \"/\" Posteingang",
               "LIST attributes=0 words[\"\\Inbox\"] delimiter=/ name=\"Posteingang\" "
               "raw=\"Posteingang\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void decodes_names(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST () \"/\" &ZeVnLIqe-",
               "LIST attributes=0 delimiter=/ name=\"\346\227\245\346\234\254\350\252\236\" "
               "raw=\"&ZeVnLIqe-\""),
        OCTETS("* LIST () \"/\" \"a &- b\"",
               "LIST attributes=0 delimiter=/ name=\"a & b\" raw=\"a &- b\""),
        OCTETS("* LIST () \"/\" &2D3eAA-",
               "LIST attributes=0 delimiter=/ name=\"\360\237\230\200\" raw=\"&2D3eAA-\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* I13, Z04. */
static void i13_flags_names_that_do_not_lead_back(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST () \"/\" R&D",
               "LIST attributes=0 delimiter=/ name=\"R&D\" raw=\"R&D\" undecodable"),
        OCTETS("* LIST () \"/\" &AGE-",
               "LIST attributes=0 delimiter=/ name=\"&AGE-\" raw=\"&AGE-\" undecodable"),
        OCTETS("* LIST () \"/\" &ZeV-",
               "LIST attributes=0 delimiter=/ name=\"&ZeV-\" raw=\"&ZeV-\" undecodable"),
        OCTETS("* LIST () \"/\" &2D0-",
               "LIST attributes=0 delimiter=/ name=\"&2D0-\" raw=\"&2D0-\" undecodable"),
        OCTETS("* LIST () \"/\" \303\251",
               "LIST attributes=0 delimiter=/ name=\"\303\251\" raw=\"\303\251\" undecodable"),
        OCTETS("* LIST () \"/\" \377",
               "LIST attributes=0 delimiter=/ name=\"\377\" raw=\"\377\" undecodable"),
        OCTETS("* LIST () \"/\" &AAAA-",
               "LIST attributes=0 delimiter=/ name=\"&AAAA-\" raw=\"&AAAA-\" undecodable"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_odd_names(void **state)
{
    static const struct octets samples[] = {
        /* Exchange: a TAB, not quoted */
        OCTETS("* LIST () \"/\" a\tb",
               "LIST attributes=0 delimiter=/ name=\"a\\x09b\" raw=\"a\\x09b\" undecodable"),
        /* Gmail: blanks, not quoted */
        OCTETS("* LIST () \"/\" Foo bar (x)",
               "LIST attributes=0 delimiter=/ name=\"Foo bar (x)\" raw=\"Foo bar (x)\""),
        /* several: brackets */
        OCTETS("* LIST () \"/\" [Gmail]/<All>%*",
               "LIST attributes=0 delimiter=/ name=\"[Gmail]/<All>%*\" raw=\"[Gmail]/<All>%*\""),
        /* several: a backslash that is not escaped */
        OCTETS("* LIST () \"\\\" a\\b",
               "LIST attributes=0 delimiter=\\ name=\"a\\b\" raw=\"a\\b\""),
        OCTETS("* LIST () \"\\\"\" a", "LIST attributes=0 delimiter=\" name=\"a\" raw=\"a\""),
        /* several: a quote that is not escaped */
        OCTETS("* LIST () \"/\" \"a \"b\" c\"",
               "LIST attributes=0 delimiter=/ name=\"a \"b\" c\" raw=\"a \"b\" c\""),
        OCTETS("* LIST () \"/\" {name}",
               "LIST attributes=0 delimiter=/ name=\"{name}\" raw=\"{name}\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* O06. */
static void o06_takes_no_strange_delimiter(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST () \"\" a", "LIST attributes=0 name=\"a\" raw=\"a\""),
        OCTETS("* LIST () \"//\" a", "LIST attributes=0 name=\"a\" raw=\"a\" warn(2 \"\"//\"\")"),
        OCTETS("* LIST () \" \" a", "LIST attributes=0 name=\"a\" raw=\"a\" warn(2 \"\" \"\")"),
        OCTETS("* LIST () \"\303\251\" a",
               "LIST attributes=0 name=\"a\" raw=\"a\" warn(2 \"\"\303\251\"\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04, Z07. */
static void z04_drops_half_answers(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LIST", "WARNING 1 raw=\"* LIST\""),
        OCTETS("* LIST ()", "WARNING 1 raw=\"* LIST ()\""),
        OCTETS("* LIST () \"/\"", "WARNING 1 raw=\"* LIST () \"/\"\""),
        OCTETS("* LIST () \"/\" ", "WARNING 1 raw=\"* LIST () \"/\"\""),
        OCTETS("* LIST (", "WARNING 1 raw=\"* LIST (\""),
        OCTETS("* LIST (\\Noselect \"/\" a", "WARNING 1 raw=\"* LIST (\\Noselect \"/\" a\""),
        OCTETS("* LIST () \"/\" \"a", "WARNING 1 raw=\"* LIST () \"/\" \"a\""),
        OCTETS("* LIST () \"/\" \"a\\", "WARNING 1 raw=\"* LIST () \"/\" \"a\\\""),
        OCTETS("* LIST () \"/\" \"", "WARNING 1 raw=\"* LIST () \"/\" \"\""),
        OCTETS("* LIST () ( a", "WARNING 1 raw=\"* LIST () ( a\""),
        OCTETS("* LIST \"/\" a", "WARNING 1 raw=\"* LIST \"/\" a\""),
        OCTETS("* LSUB x", "WARNING 1 raw=\"* LSUB x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 6855, RFC 9051: after ENABLE names are UTF-8 and "&" is a character like others. */
static void reads_utf8_names(void **state)
{
    struct imap_resp_opts o = reading_opts();

    (void)state;
    o.utf8 = 1;
    read_octets("* LIST () \"/\" \"\303\251&AOk-\"", 23,
                "LIST attributes=0 delimiter=/ name=\"\303\251&AOk-\" raw=\"\303\251&AOk-\"", &o);
    read_octets("* LIST () \"/\" \"\303\"", 17,
                "LIST attributes=0 delimiter=/ name=\"\303\" raw=\"\303\" undecodable", &o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(knows_attributes),
        cmocka_unit_test(goes_over_extended_data),
        cmocka_unit_test(reads_xlist),
        cmocka_unit_test(decodes_names),
        cmocka_unit_test(i13_flags_names_that_do_not_lead_back),
        cmocka_unit_test(lives_with_odd_names),
        cmocka_unit_test(o06_takes_no_strange_delimiter),
        cmocka_unit_test(z04_drops_half_answers),
        cmocka_unit_test(reads_utf8_names),
    };

    return cmocka_run_group_tests_name("imap/resp_list", tests, NULL, NULL);
}
