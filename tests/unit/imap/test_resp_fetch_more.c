/* test_resp_fetch_more.c - lib/imap/resp_fetch_more */
#include "reading.h"

/* RFC 8474 section 5.3 */
static void reads_object_ids(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9))",
               "FETCH 1 fields=1536 emailid=\"M6d99ac3275bb4e\" threadid=\"T64b478a75b7ea9\""),
        OCTETS("* 1 FETCH (EMAILID (M00000001) THREADID NIL)",
               "FETCH 1 fields=1536 emailid=\"M00000001\""),
        OCTETS("* 1 FETCH (EMAILID M1 THREADID (NIL) UID 4)",
               "FETCH 1 fields=1538 uid=4 emailid=\"M1\""),
        OCTETS("* 1 FETCH (EMAILID (\"x y\") UID 4)",
               "FETCH 1 fields=2 uid=4 warn(1 \"EMAILID (\"x y\")\")"),
        OCTETS("* 1 FETCH (EMAILID (a b) UID 4)",
               "FETCH 1 fields=2 uid=4 warn(1 \"EMAILID (a b)\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 8970, RFC 8514 */
static void reads_previews_and_dates(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (PREVIEW \"Preview text!\")",
               "FETCH 1 fields=4096 preview=\"Preview text!\""),
        OCTETS("* 3 FETCH (PREVIEW {30}\r\nMessage data from message 3.\r\n)",
               "FETCH 3 fields=4096 preview=\"Message data from message 3.\\x0d\\x0a\""),
        OCTETS("* 3 FETCH (PREVIEW NIL)", "FETCH 3 fields=4096"),
        OCTETS("* 2 FETCH (PREVIEW \"\" UID 2)", "FETCH 2 fields=4098 uid=2 preview=\"\""),
        OCTETS("* 1 FETCH (UID 7 SAVEDATE \"17-Jul-1996 02:44:25 -0700\")",
               "FETCH 1 fields=2050 uid=7 saved=837596665 zone=-420"),
        OCTETS("* 1 FETCH (SAVEDATE NIL)", "FETCH 1 fields=2048"),
        OCTETS("* 1 FETCH (SAVEDATE \"yesterday\" UID 7)",
               "FETCH 1 fields=2 uid=7 warn(2 \"SAVEDATE \"yesterday\"\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Gmail: 64 bits, labels in modified UTF-7, and NIL among them */
static void reads_gmail_items(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (X-GM-THRID 1278455344230334865 X-GM-MSGID 18446744073709551615)",
               "FETCH 1 fields=49152 gm-msgid=18446744073709551615 "
               "gm-thrid=1278455344230334865"),
        OCTETS("* 1 FETCH (X-GM-LABELS (\\Inbox \\Sent Important \"Muy Importante\"))",
               "FETCH 1 fields=65536 "
               "labels[\"\\Inbox\",\"\\Sent\",\"Important\",\"Muy Importante\"]"),
        OCTETS("* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" NIL {2}\r\nab \"Entw&APw-rfe\"))",
               "FETCH 1 fields=65536 labels[\"\\Inbox\",\"ab\",\"Entw\303\274rfe\"]"),
        OCTETS("* 1 FETCH (X-GM-LABELS () UID 1)", "FETCH 1 fields=65538 uid=1"),
        OCTETS("* 1 FETCH (X-GM-LABELS NIL UID 1)", "FETCH 1 fields=65538 uid=1"),
        OCTETS("* 1 FETCH (X-GM-MSGID 18446744073709551616 UID 1)",
               "FETCH 1 fields=2 uid=1 warn(2 \"X-GM-MSGID 18446744073709551616\")"),
        OCTETS("* 1 FETCH (X-GM-LABELS (a\"b) UID 1)",
               "FETCH 1 fields=0 warn(1 \"X-GM-LABELS (a\"b) UID 1)\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 3516 */
static void reads_binary_sizes(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (BINARY.SIZE[1.2] 200 binary.size[] 0 BINARY.SIZE[3] -1)",
               "FETCH 1 fields=262144 binary=\"1.2\"=200 binary=\"\"=0 "
               "warn(1 \"BINARY.SIZE[3] -1\")"),
        OCTETS("* 1 FETCH (BINARY.SIZE 200 UID 3)",
               "FETCH 1 fields=2 uid=3 warn(1 \"BINARY.SIZE 200\")"),
        OCTETS("* 1 FETCH (BINARY.SIZE[1] 9223372036854775808 UID 3)",
               "FETCH 1 fields=2 uid=3 warn(2 \"BINARY.SIZE[1] 9223372036854775808\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* RFC 5257 section 4.4 */
static void reads_annotations(void **state)
{
    static const struct octets samples[] = {
        OCTETS("* 1 FETCH (ANNOTATION (/comment (value.priv \"My comment\" value.shared NIL)))",
               "FETCH 1 fields=131072 entry=\"/comment\" attribute=\"value.priv\" "
               "value=\"My comment\" entry=\"/comment\" attribute=\"value.shared\""),
        OCTETS("* 1 FETCH (ANNOTATION (/comment (value.priv \"a\") /altsubject (value.priv {2}\r\n"
               "bc size.priv ~{1}\r\n\000)))",
               "FETCH 1 fields=131072 entry=\"/comment\" attribute=\"value.priv\" value=\"a\" "
               "entry=\"/altsubject\" attribute=\"value.priv\" value=\"bc\" "
               "entry=\"/altsubject\" attribute=\"size.priv\" value=\"\\x00\""),
        OCTETS("* 1 FETCH (ANNOTATION (/comment /x) UID 2)",
               "FETCH 1 fields=131074 uid=2 entry=\"/comment\" entry=\"/x\""),
        /* what cannot be read to its end leaves nothing of itself behind */
        OCTETS("* 1 FETCH (ANNOTATION (/a (b c)) ANNOTATION (/d (e f) /g (h (i))) UID 2)",
               "FETCH 1 fields=131074 uid=2 entry=\"/a\" attribute=\"b\" value=\"c\" "
               "warn(1 \"ANNOTATION (/d (e f) /g (h (i)))\")"),
        OCTETS("* 1 FETCH (ANNOTATION (/a (b)) UID 2)",
               "FETCH 1 fields=2 uid=2 warn(1 \"ANNOTATION (/a (b))\")"),
        OCTETS("* 1 FETCH (ANNOTATION NIL UID 2)",
               "FETCH 1 fields=2 uid=2 warn(1 \"ANNOTATION NIL\")"),
    };

    (void)state;
    READ_SAMPLES(samples);
}

/* Many items of one response cost their own time, not that of those before them. */
static void lists_grow_in_linear_time(void **state)
{
    enum { COUNT = 20000 };
    struct imap_resp_opts o = reading_opts();
    size_t room = 64 + (size_t)COUNT * 40;
    char *in = malloc(room);
    size_t n;
    struct mla_imap_event ev;
    struct imap_resp resp;
    struct imap_raw raw;
    size_t count = 0;

    (void)state;
    assert_non_null(in);
    n = (size_t)snprintf(in, room, "* 1 FETCH (UID 1");
    for (size_t i = 0; i < COUNT; i++)
        n += (size_t)snprintf(in + n, room - n, " BINARY.SIZE[1] 1 ANNOTATION (/a (b c))");
    n += (size_t)snprintf(in + n, room - n, ")\r\n");
    raw.ptr = (const uint8_t *)in;
    raw.len = n;
    raw.offset = 0;
    memset(&ev, 0, sizeof ev);
    arena_init(&ev.arena, mem_default(), 1 << 24);
    assert_int_equal(imap_resp_parse(&raw, &o, &ev, &resp), 0);
    for (const mla_imap_annotation *a = ev.fetch->more->annotations; a != NULL; a = a->next)
        count++;
    assert_int_equal(count, COUNT);
    arena_free(&ev.arena);
    free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_object_ids),  cmocka_unit_test(reads_previews_and_dates),
        cmocka_unit_test(reads_gmail_items), cmocka_unit_test(reads_binary_sizes),
        cmocka_unit_test(reads_annotations), cmocka_unit_test(lists_grow_in_linear_time),
    };

    return cmocka_run_group_tests_name("imap/resp_fetch_more", tests, NULL, NULL);
}
