/* test_digest.c - lib/collect/digest */
#include "collect/digest.h"

#include "test.h"

static void digest_of(const char *text, size_t piece, uint8_t header[DIGEST_LEN],
                      uint8_t whole[DIGEST_LEN])
{
    struct digest d;
    size_t len = strlen(text);

    assert_int_equal(digest_begin(&d, 1), 0);
    for (size_t at = 0; at < len; at += piece)
        digest_add(&d, text + at, len - at < piece ? len - at : piece);
    assert_int_equal(d.octets, len);
    assert_int_equal(digest_end(&d, header, whole), 0);
}

static int same_header(const char *a, const char *b)
{
    uint8_t ha[DIGEST_LEN], hb[DIGEST_LEN], whole[DIGEST_LEN];

    digest_of(a, 1000, ha, whole);
    for (size_t piece = 1; piece < 30; piece++) { /* in whatever pieces */
        digest_of(a, piece, hb, whole);
        assert_memory_equal(ha, hb, DIGEST_LEN);
    }
    digest_of(b, 1000, hb, whole);
    return memcmp(ha, hb, DIGEST_LEN) == 0;
}

static void the_header_alone_counts(void **state)
{
    static const char header[] = "Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n";
    static const struct {
        const char *text;
        int same;
    } rows[] = {
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 1},
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\nbody\r\n\r\nmore\r\n", 1},
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\r\nbody\r\n", 1},
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 3\r\n\r\n", 0},
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\nTo: y\r\n\r\n", 0},
        {"subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 0},
        /* what servers write into it when it was read */
        {"Subject: x\r\nStatus: RO\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 1},
        {"X-UID: 17\r\nSubject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 1},
        {"X-UIDL: 17\r\n folded\r\nSubject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n"
         "x-status: O\r\n\r\nbody\r\n",
         1},
        {"Subject: x\r\nStatus\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 0},
        {"Subject: x\r\nStatuses: RO\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\n\r\n", 0},
        {"Subject: x\r\nA-rather-long-name-of-a-field: 1\r\n 2\r\nStatus", 0},
        {"\r\nSubject: x\r\n", 0},
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (same_header(rows[i].text, header) != rows[i].same)
            fail_msg("%s", rows[i].text);
    assert_true(same_header("", "\r\nbody\r\n"));
}

static void the_whole_counts_all(void **state)
{
    uint8_t header[DIGEST_LEN], a[DIGEST_LEN], b[DIGEST_LEN];

    (void)state;
    digest_of("Status: x\r\n\r\nbody\r\n", 3, header, a);
    digest_of("Status: x\r\n\r\nbody\r\n", 100, header, b);
    assert_memory_equal(a, b, DIGEST_LEN);
    digest_of("Status: y\r\n\r\nbody\r\n", 100, header, b);
    assert_memory_not_equal(a, b, DIGEST_LEN);
}

static void is_written_and_read(void **state)
{
    uint8_t in[DIGEST_LEN] = {0x00, 0x1f, 0xff, 0xa0};
    uint8_t out[DIGEST_LEN];
    char text[2 * DIGEST_LEN];

    (void)state;
    digest_text(in, text);
    assert_memory_equal(text, "001fffa000000000", 16);
    assert_int_equal(digest_parse(text, sizeof text, out), 1);
    assert_memory_equal(in, out, DIGEST_LEN);
    assert_int_equal(digest_parse(text, sizeof text - 1, out), 0);
    text[5] = 'g';
    assert_int_equal(digest_parse(text, sizeof text, out), 0);
    assert_int_equal(digest_parse(NULL, 0, out), 0);
}

static void may_be_dropped(void **state)
{
    struct digest d;

    (void)state;
    memset(&d, 0, sizeof d);
    digest_drop(&d);
    assert_int_equal(digest_begin(&d, 1), 0);
    digest_add(&d, "x", 1);
    digest_drop(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_alone_counts),
        cmocka_unit_test(the_whole_counts_all),
        cmocka_unit_test(is_written_and_read),
        cmocka_unit_test(may_be_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
