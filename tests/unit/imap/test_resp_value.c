/* test_resp_value.c - lib/imap/resp_value */
#include "reading.h"

static void reads_trees(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* XONE", "OTHER XONE"),
        OCTETS("* XONE a 12 NIL nil NILS", "OTHER XONE a #12 NIL NIL NILS"),
        OCTETS("* 7 XONE \\Seen $Label", "OTHER #7 XONE \\Seen $Label"),
        OCTETS("* XONE () (()) (a (b (c)) d)", "OTHER XONE (0) (1 (0)) (3 a (2 b (1 c)) d)"),
        OCTETS("* XONE (\"\" \"a \\\\ \\\"b\\\"\")", "OTHER XONE (2 \"\" \"a \\ \"b\"\")"),
        OCTETS("* XONE {3}\r\nx)y ({0}\r\n)z ~{2}\r\n\0\1",
               "OTHER XONE \"x)y\" (1 \"\") z \"\\x00\\x01\""),
        OCTETS("* XONE 18446744073709551615 18446744073709551616 007",
               "OTHER XONE #18446744073709551615 18446744073709551616 #7"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* What cannot be read is no reason to end anything: the raw octets are there. */
static void lives_with_what_is_no_tree(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* XONE (a", "OTHER warn(1 \"XONE (a\")"),
        OCTETS("* XONE a)", "OTHER warn(1 \"XONE a)\")"),
        OCTETS("* XONE \001", "OTHER warn(1 \"XONE \")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void m20_is_not_led_too_deep(void **state)
{
    struct imap_resp_opts o = reading_opts();

    (void)state;
    o.depth_max = 3;
    read_octets("* X (((1)))", 11, "OTHER X (1 (1 (1 #1)))", &o);
    read_octets("* X ((((1))))", 13, "OTHER warn(7 \"X ((((\")", &o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_trees),
        cmocka_unit_test(lives_with_what_is_no_tree),
        cmocka_unit_test(m20_is_not_led_too_deep),
    };

    return cmocka_run_group_tests_name("imap/resp_value", tests, NULL, NULL);
}
