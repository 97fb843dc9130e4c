/* test_resp_acl.c - lib/imap/resp_acl */
#include "reading.h"

#include "imap/rights.h"

static void reads_acls(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ACL INBOX Fred rwipslxetad -Fred wetd $team w",
               "ACL \"INBOX\" [\"Fred\" \"rwipslxetad\" \"-Fred\" \"wetd\" \"$team\" \"w\"]"),
        OCTETS("* acl \"a b\" \"x y\" \"\"", "ACL \"a b\" [\"x y\" \"\"]"),
        OCTETS("* ACL INBOX", "ACL \"INBOX\" []"),
        OCTETS("* ACL INBOX  Fred  lr ", "ACL \"INBOX\" [\"Fred\" \"lr\"]"),
        OCTETS("* ACL INBOX Fred lr Byron", "ACL \"INBOX\" [\"Fred\" \"lr\"] warn(1 \"\")"),
        OCTETS("* ACL &AOQ- {4}\r\nFred {2}\r\nlr",
               "ACL \"\\xc3\\xa4\" raw=\"&AOQ-\" [\"Fred\" \"lr\"]"),
        OCTETS("* ACL", "WARNING 1 raw=\"* ACL\""),
        OCTETS("* ACL INBOX (Fred lr)", "WARNING 1 raw=\"* ACL INBOX (Fred lr)\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_rights(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* MYRIGHTS INBOX rwiptsldaex", "MYRIGHTS \"INBOX\" rwiptsldaex=1983"),
        OCTETS("* MYRIGHTS INBOX \"\"", "MYRIGHTS \"INBOX\" =0"),
        OCTETS("* MYRIGHTS INBOX", "WARNING 1 raw=\"* MYRIGHTS INBOX\""),
        OCTETS("* LISTRIGHTS ~/Mail/saved smith la r swicdkxte",
               "LISTRIGHTS \"~/Mail/saved\" \"smith\" required=\"la\" [\"r\" \"swicdkxte\"]"),
        OCTETS("* LISTRIGHTS a anyone \"\"", "LISTRIGHTS \"a\" \"anyone\" required=\"\" []"),
        OCTETS("* LISTRIGHTS a anyone", "LISTRIGHTS \"a\" \"anyone\" required=NIL []"),
        OCTETS("* LISTRIGHTS a", "WARNING 1 raw=\"* LISTRIGHTS a\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void counts_rights(void **state)
{
    (void)state;
    assert_int_equal(imap_rights_of("lrswipkxtean", 12), 4095);
    assert_int_equal(imap_rights_of("LRS", 3), 7);
    assert_int_equal(imap_rights_of("", 0), 0);
    assert_int_equal(imap_rights_of("7\0", 2), MLA_IMAP_RIGHT_OTHER);
    /* RFC 2086 */
    assert_int_equal(imap_rights_of("c", 1), MLA_IMAP_RIGHT_CREATE | MLA_IMAP_RIGHT_DELETE_MAILBOX);
    assert_int_equal(imap_rights_of("d", 1), MLA_IMAP_RIGHT_DELETE | MLA_IMAP_RIGHT_EXPUNGE);
    /* the newer letters say more than those that only repeat them */
    assert_int_equal(imap_rights_of("cdk", 3), MLA_IMAP_RIGHT_CREATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_acls),
        cmocka_unit_test(reads_rights),
        cmocka_unit_test(counts_rights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
