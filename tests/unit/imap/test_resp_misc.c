/* test_resp_misc.c - lib/imap/resp_misc */
#include "reading.h"

static void reads_flags(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded a]b)",
               "FLAGS "
               "[\"\\Answered\",\"\\Flagged\",\"\\Deleted\",\"\\Seen\",\"\\Draft\",\"$Forwarded\","
               "\"a]b\"]"),
        OCTETS("* FLAGS ()", "FLAGS"),
        OCTETS("* FLAGS NIL", "FLAGS"),
        /* several: NIL and quoted flags */
        OCTETS("* FLAGS (\\Seen NIL \"quoted one\" )", "FLAGS [\"\\Seen\",\"quoted one\"]"),
        OCTETS("* FLAGS (a{b c)", "WARNING 1 raw=\"* FLAGS (a{b c)\""),
        OCTETS("* FLAGS", "WARNING 1 raw=\"* FLAGS\""),
        OCTETS("* FLAGS (", "WARNING 1 raw=\"* FLAGS (\""),
        OCTETS("* FLAGS (a", "WARNING 1 raw=\"* FLAGS (a\""),
        OCTETS("* FLAGS x", "WARNING 1 raw=\"* FLAGS x\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_capabilities(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN",
               "CAPABILITY [\"IMAP4rev1\",\"STARTTLS\",\"AUTH=PLAIN\"] capabilities=3"),
        OCTETS("* CAPABILITY", "CAPABILITY"),
        /* O365: blanks at the end */
        OCTETS("* CAPABILITY IMAP4rev1  IDLE  ",
               "CAPABILITY [\"IMAP4rev1\",\"IDLE\"] capabilities=2"),
        OCTETS("* CAPABILITY IMAP4rev1 LITERAL + X",
               "CAPABILITY [\"IMAP4rev1\",\"LITERAL+\",\"X\"] capabilities=3"),
        OCTETS("* CAPABILITY + X", "CAPABILITY [\"+\",\"X\"] capabilities=2"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_enabled(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ENABLED CONDSTORE X-GOOD-IDEA", "ENABLED [\"CONDSTORE\",\"X-GOOD-IDEA\"]"),
        OCTETS("* ENABLED", "ENABLED"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* M12: millions of flags, or one of 8 MB. */
static void m12_limits_flags(void **state)
{
    enum { SIZE = 8 << 20 };
    struct imap_resp_opts o = reading_opts();
    char *line = malloc(SIZE);
    struct reading r;

    (void)state;
    assert_non_null(line);
    memset(line, ' ', SIZE);
    for (size_t i = 10; i + 3 < SIZE; i += 2)
        line[i] = 'a';
    memcpy(line, "* FLAGS (a", 10);
    memcpy(line + SIZE - 3, ")\r\n", 3);
    r = read_once((const uint8_t *)line, SIZE, mem_default(), 32 << 20, &o);
    assert_int_equal(r.rc, 0);
    assert_memory_equal(r.text, "WARNING 7 ", 10);
    free(r.text);
    memset(line + 9, 'a', SIZE - 12);
    r = read_once((const uint8_t *)line, SIZE, mem_default(), 1024, &o);
    assert_int_equal(r.rc, 0);
    assert_int_equal(strlen(r.text), SIZE - 12 + 10);
    free(r.text);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_flags),
        cmocka_unit_test(reads_capabilities),
        cmocka_unit_test(reads_enabled),
        cmocka_unit_test(m12_limits_flags),
    };

    return cmocka_run_group_tests_name("imap/resp_misc", tests, NULL, NULL);
}
