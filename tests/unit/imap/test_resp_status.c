/* test_resp_status.c - lib/imap/resp_status */
#include "reading.h"

static void reads_counts(void **state)
{
    static const struct octets samples[] = {
        OCTETS(
            "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
            "STATUS name=\"blurdybloop\" raw=\"blurdybloop\" fields=3 messages=231 uidnext=44292"),
        OCTETS("* STATUS \"a b\" (UIDVALIDITY 1 UNSEEN 2 RECENT 3 DELETED 4 SIZE 5000000000 "
               "HIGHESTMODSEQ 7)",
               "STATUS name=\"a b\" raw=\"a b\" fields=252 uidvalidity=1 unseen=2 recent=3 "
               "deleted=4 size=5000000000 highestmodseq=7"),
        OCTETS("* STATUS &AOk- (MESSAGES 0)", "STATUS name=\"\303\251\" raw=\"&AOk-\" fields=1"),
        OCTETS("* status {3}\r\na b (messages 1)",
               "STATUS name=\"a b\" raw=\"a b\" fields=1 messages=1"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_items_of_extensions(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* STATUS a (DELETED 4 DELETED-STORAGE 8 APPENDLIMIT 257890 MAILBOXID (F22-1))",
               "STATUS name=\"a\" raw=\"a\" fields=1824 deleted=4 deleted-storage=8 "
               "append-limit=257890 mailbox-id=\"F22-1\""),
        OCTETS("* STATUS a (APPENDLIMIT NIL MESSAGES 1)",
               "STATUS name=\"a\" raw=\"a\" fields=513 messages=1 "
               "append-limit=18446744073709551615"),
        /* several servers: no parentheses */
        OCTETS("* STATUS a (MAILBOXID F22-1 MESSAGES 1)",
               "STATUS name=\"a\" raw=\"a\" fields=1025 messages=1 mailbox-id=\"F22-1\""),
        OCTETS("* STATUS a (MAILBOXID (a b) MESSAGES 1)",
               "STATUS name=\"a\" raw=\"a\" fields=1 messages=1 warn(1 \"(a b)\")"),
        OCTETS("* STATUS a (APPENDLIMIT NILS MESSAGES 1)",
               "STATUS name=\"a\" raw=\"a\" fields=1 messages=1 warn(1 \"NILS\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04; 163 sends them, too. */
static void z04_reads_empty_lists(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* STATUS \"RUU\" ()", "STATUS name=\"RUU\" raw=\"RUU\" fields=0"),
        OCTETS("* STATUS \"RUU\" ( )", "STATUS name=\"RUU\" raw=\"RUU\" fields=0"),
        OCTETS("* STATUS \"\" ()", "STATUS name=\"\" raw=\"\" fields=0"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z03: only the count concerned. */
static void z03_drops_counts_out_of_range(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* STATUS a (MESSAGES 4294967296 UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(2 \"4294967296\")"),
        OCTETS("* STATUS a (MESSAGES -1 UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(1 \"-1\")"),
        OCTETS("* STATUS a (MESSAGES NIL UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(1 \"NIL\")"),
        OCTETS("* STATUS a (HIGHESTMODSEQ 9223372036854775808 UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(2 \"9223372036854775808\")"),
        OCTETS("* STATUS a (UNSEEN 2 MESSAGES)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(1 \"\")"),
        OCTETS("* STATUS a (MESSAGES (1 2) UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(1 \"(1 2)\")"),
        OCTETS("* STATUS a (MESSAGES 5x UNSEEN 2)",
               "STATUS name=\"a\" raw=\"a\" fields=8 unseen=2 warn(1 \"5x\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void lives_with_odd_answers(void **state)
{
    static const struct octets samples[] = {
        /* several: 0 */
        OCTETS("* STATUS a (UIDNEXT 0 UIDVALIDITY 0)", "STATUS name=\"a\" raw=\"a\" fields=6"),
        /* O365: a blank at the end */
        OCTETS("* STATUS a (MESSAGES 1 ) ", "STATUS name=\"a\" raw=\"a\" fields=1 messages=1"),
        /* several: names with blanks, not quoted */
        OCTETS("* STATUS a b (c) (MESSAGES 1 MAILBOXID (x))",
               "STATUS name=\"a b (c)\" raw=\"a b (c)\" fields=1025 messages=1 mailbox-id=\"x\""),
        /* several: MAILBOXID without parentheses */
        OCTETS("* STATUS a (MAILBOXID x APPENDLIMIT NIL MESSAGES 1)",
               "STATUS name=\"a\" raw=\"a\" fields=1537 messages=1 "
               "append-limit=18446744073709551615 mailbox-id=\"x\""),
        OCTETS("* STATUS a (X \"y\" Z)", "STATUS name=\"a\" raw=\"a\" fields=0"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Z04. */
static void z04_drops_half_answers(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* STATUS", "WARNING 1 raw=\"* STATUS\""),
        OCTETS("* STATUS a", "WARNING 1 raw=\"* STATUS a\""),
        OCTETS("* STATUS \"a\"", "WARNING 1 raw=\"* STATUS \"a\"\""),
        OCTETS("* STATUS a (", "STATUS name=\"a\" raw=\"a\" fields=0 warn(1 \"\")"),
        OCTETS("* STATUS a (MESSAGES", "STATUS name=\"a\" raw=\"a\" fields=0 warn(1 \"MESSAGES\")"),
        OCTETS("* STATUS a (MESSAGES 1", "STATUS name=\"a\" raw=\"a\" fields=0 warn(1 \"1\")"),
        OCTETS("* STATUS \"a (MESSAGES 1)", "WARNING 1 raw=\"* STATUS \"a (MESSAGES 1)\""),
        OCTETS("* STATUS (MESSAGES 1)", "WARNING 1 raw=\"* STATUS (MESSAGES 1)\""),
        OCTETS("* STATUS a (\"x\" 1)", "STATUS name=\"a\" raw=\"a\" fields=0 warn(1 \"\")"),
        OCTETS("* STATUS ()", "WARNING 1 raw=\"* STATUS ()\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_counts),           cmocka_unit_test(reads_items_of_extensions),
        cmocka_unit_test(z04_reads_empty_lists),  cmocka_unit_test(z03_drops_counts_out_of_range),
        cmocka_unit_test(lives_with_odd_answers), cmocka_unit_test(z04_drops_half_answers),
    };

    return cmocka_run_group_tests_name("imap/resp_status", tests, NULL, NULL);
}
