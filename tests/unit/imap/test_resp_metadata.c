/* test_resp_metadata.c - lib/imap/resp_metadata */
#include "reading.h"

static void reads_values(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* METADATA \"\" (/shared/comment \"Shared comment\")",
               "METADATA \"\" [\"/shared/comment\" \"Shared comment\"]"),
        OCTETS("* METADATA INBOX (/private/a {3}\r\nx\ny /shared/b ~{2}\r\n\0\0 /shared/c NIL)",
               "METADATA \"INBOX\" [\"/private/a\" \"x\\x0ay\" \"/shared/b\" \"\\x00\\x00\" "
               "\"/shared/c\" NIL]"),
        OCTETS("* METADATA INBOX (\"/shared/a\" {0}\r\n)",
               "METADATA \"INBOX\" [\"/shared/a\" \"\"]"),
        OCTETS("* METADATA INBOX ()", "METADATA \"INBOX\" []"),
        OCTETS("* METADATA INBOX ( /shared/a  x )", "METADATA \"INBOX\" [\"/shared/a\" \"x\"]"),
        OCTETS("* METADATA a (/shared/a (1 2) /shared/b x)",
               "METADATA \"a\" [\"/shared/b\" \"x\"] warn(1 \"/shared/a (1 2)\")"),
        OCTETS("* METADATA a (/shared/a x /shared/b",
               "METADATA \"a\" [\"/shared/a\" \"x\"] warn(1 \"/shared/b\")"),
        OCTETS("* METADATA a (/shared/a", "WARNING 1 raw=\"* METADATA a (/shared/a\""),
        OCTETS("* METADATA", "WARNING 1 raw=\"* METADATA\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_news(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* METADATA \"INBOX\" /shared/comment /private/comment",
               "METADATA \"INBOX\" news [\"/shared/comment\" \"/private/comment\"]"),
        OCTETS("* METADATA \"\" /shared/comment", "METADATA \"\" news [\"/shared/comment\"]"),
        OCTETS("* METADATA \"\"", "METADATA \"\" news []"),
        OCTETS("* METADATA \"\" /a (", "WARNING 1 raw=\"* METADATA \"\" /a (\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values),
        cmocka_unit_test(reads_news),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
