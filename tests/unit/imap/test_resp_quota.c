/* test_resp_quota.c - lib/imap/resp_quota */
#include "reading.h"

static void reads_quotas(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* QUOTA \"#user/alice\" (STORAGE 54 111 MESSAGE 42 1000)",
               "QUOTA \"#user/alice\" 1:STORAGE=54/111 2:MESSAGE=42/1000"),
        OCTETS("* QUOTA \"\" (mailbox 1 2 Annotation-Storage 3 4 X-NUM-FOLDERS 5 6)",
               "QUOTA \"\" 3:mailbox=1/2 4:Annotation-Storage=3/4 0:X-NUM-FOLDERS=5/6"),
        OCTETS("* QUOTA \"\" ()", "QUOTA \"\""),
        OCTETS("* QUOTA \"\" NIL", "QUOTA \"\""),
        OCTETS("* QUOTA a", "QUOTA \"a\""),
        OCTETS("* QUOTA (MESSAGE 2 3)", "QUOTA NIL 2:MESSAGE=2/3"),
        OCTETS("* QUOTA a ( STORAGE  1  2 )", "QUOTA \"a\" 1:STORAGE=1/2"),
        OCTETS("* QUOTA a (STORAGE 9223372036854775807 9223372036854775807)",
               "QUOTA \"a\" 1:STORAGE=9223372036854775807/9223372036854775807"),
        OCTETS("* QUOTA a (STORAGE 9223372036854775808 1 MESSAGE 1 2)",
               "QUOTA \"a\" 2:MESSAGE=1/2 warn(2 \"STORAGE 9223372036854775808 1\")"),
        OCTETS("* QUOTA a (STORAGE 1 -1 MESSAGE 1 2)",
               "QUOTA \"a\" 2:MESSAGE=1/2 warn(2 \"STORAGE 1 -1\")"),
        OCTETS("* QUOTA a (STORAGE one 2 MESSAGE 1 2)",
               "QUOTA \"a\" 2:MESSAGE=1/2 warn(2 \"STORAGE one 2\")"),
        OCTETS("* QUOTA a (MESSAGE 1 2 STORAGE 1)",
               "QUOTA \"a\" 2:MESSAGE=1/2 warn(1 \"STORAGE 1\")"),
        OCTETS("* QUOTA a (MESSAGE 1 2", "QUOTA \"a\" 2:MESSAGE=1/2 warn(1 \"\")"),
        OCTETS("* QUOTA", "WARNING 1 raw=\"* QUOTA\""),
        OCTETS("* QUOTA a b", "WARNING 1 raw=\"* QUOTA a b\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_roots(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* QUOTAROOT INBOX \"#user/alice\" \"!partition/sda4\"",
               "QUOTAROOT \"INBOX\" [\"#user/alice\" \"!partition/sda4\"]"),
        OCTETS("* QUOTAROOT comp.mail.mime", "QUOTAROOT \"comp.mail.mime\" []"),
        OCTETS("* QUOTAROOT INBOX \"\" ", "QUOTAROOT \"INBOX\" [\"\"]"),
        OCTETS("* QUOTAROOT", "WARNING 1 raw=\"* QUOTAROOT\""),
        OCTETS("* QUOTAROOT a (b)", "WARNING 1 raw=\"* QUOTAROOT a (b)\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_quotas),
        cmocka_unit_test(reads_roots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
