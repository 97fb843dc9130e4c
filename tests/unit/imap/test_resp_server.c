/* test_resp_server.c - lib/imap/resp_server */
#include "reading.h"

static void reads_id(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* ID NIL", "IDENTITY nil []"),
        OCTETS("* ID", "IDENTITY nil []"),
        OCTETS("* ID ()", "IDENTITY []"),
        OCTETS("* ID (\"name\" \"Cyrus\" \"version\" NIL)",
               "IDENTITY [\"name\" \"Cyrus\" \"version\" NIL]"),
        OCTETS("* ID ( name  {2}\r\nab )", "IDENTITY [\"name\" \"ab\"]"),
        OCTETS("* ID (\"name\")", "IDENTITY [] warn(1 \"\")"),
        OCTETS("* ID (\"name\" \"a\"", "WARNING 1 raw=\"* ID (\"name\" \"a\"\""),
        OCTETS("* ID \"name\"", "WARNING 1 raw=\"* ID \"name\"\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_namespaces(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* NAMESPACE ((\"\" \"/\")) NIL NIL",
               "NAMESPACES personal[ \"\" '/' ] other[ ] shared[ ]"),
        OCTETS("* NAMESPACE NIL ((\"~\" \"/\")) ((\"#ftp/\" \"/\")(\"#news.\" \".\"))",
               "NAMESPACES personal[ ] other[ \"~\" '/' ] shared[ \"#ftp/\" '/' \"#news.\" '.' ]"),
        OCTETS("* NAMESPACE ((\"#mh/\" \"/\" \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) NIL NIL",
               "NAMESPACES personal[ \"#mh/\" '/' [\"X-PARAM\" \"FLAG1\" \"X-PARAM\" \"FLAG2\"] ] "
               "other[ ] shared[ ]"),
        OCTETS("* NAMESPACE ((\"\" \"\\\")) ((\"a\" \"\\\\\"))",
               "NAMESPACES personal[ \"\" '\\' ] other[ \"a\" '\\' ] shared[ ]"),
        OCTETS("* NAMESPACE ((\"\" NIL)) ((\"a\")) ((NIL \".\"))",
               "NAMESPACES personal[ \"\" '-' ] other[ \"a\" '-' ] shared[ \"\" '.' ]"),
        OCTETS("* NAMESPACE ((\"&AOQ-/\" \"/\")) NIL NIL",
               "NAMESPACES personal[ \"\\xc3\\xa4/\" raw=\"&AOQ-/\" '/' ] other[ ] shared[ ]"),
        OCTETS("* NAMESPACE (((\"y\") \"/\")(\"z\" \"/\")) NIL NIL",
               "NAMESPACES personal[ \"z\" '/' ] other[ ] shared[ ] warn(1 \"((\"y\") \"/\")\")"),
        OCTETS("* NAMESPACE ((\"a\" \"//\")) NIL NIL",
               "NAMESPACES personal[ \"a\" '-' ] other[ ] shared[ ] warn(2 \"\"//\"\")"),
        OCTETS("* NAMESPACE", "NAMESPACES personal[ ] other[ ] shared[ ]"),
        OCTETS("* NAMESPACE x", "WARNING 1 raw=\"* NAMESPACE x\""),
        OCTETS("* NAMESPACE ((\"a\" \"/\" \"X\"))", "NAMESPACES personal[ ] other[ ] shared[ ] "
                                                    "warn(1 \"(\"a\" \"/\" \"X\")\")"),
        OCTETS("* NAMESPACE ((\"a\" \"/\"", "WARNING 1 raw=\"* NAMESPACE ((\"a\" \"/\"\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

static void reads_languages(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* LANGUAGE (EN DE IT i-default)", "LANGUAGES [\"EN\" \"DE\" \"IT\" \"i-default\"]"),
        OCTETS("* LANGUAGE (\"DE\")", "LANGUAGES [\"DE\"]"),
        OCTETS("* LANGUAGE NIL", "LANGUAGES []"),
        OCTETS("* LANGUAGE DE", "WARNING 1 raw=\"* LANGUAGE DE\""),
        OCTETS("* COMPARATOR i;basic", "COMPARATORS \"i;basic\" []"),
        OCTETS("* COMPARATOR \"i;basic\" (\"i;octet\" i;basic)",
               "COMPARATORS \"i;basic\" [\"i;octet\" \"i;basic\"]"),
        OCTETS("* COMPARATOR i;basic x", "WARNING 1 raw=\"* COMPARATOR i;basic x\""),
        OCTETS("* COMPARATOR", "WARNING 1 raw=\"* COMPARATOR\""),
        OCTETS("* JMAPACCESS \"https://example.com/.s/[jmap]\"",
               "JMAPACCESS \"https://example.com/.s/[jmap]\""),
        OCTETS("* JMAPACCESS", "WARNING 1 raw=\"* JMAPACCESS\""),
    };

    (void)state;
    READ_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_id),
        cmocka_unit_test(reads_namespaces),
        cmocka_unit_test(reads_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
