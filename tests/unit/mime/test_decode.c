/* test_decode.c - transfer encodings undone: whole, in pieces, only counted */
#include "mime_test.h"

#include "mime/decode.h"

static const struct {
    const char *encoding;
    const char *in;
    const char *out;
    int warning; /* 0: none */
    uint64_t at;
} rows[] = {
    {NULL, "as it=20is\r\n", "as it=20is\r\n", 0, 0},
    {"8bit", "as it=20is\r\n", "as it=20is\r\n", 0, 0},
    {"x-unknown", "YQ==", "YQ==", 0, 0},
    {"BASE64", "YWJj\r\nZGVm\r\n", "abcdef", 0, 0},
    {"base64", "YW!Jj", "abc", MLA_MIME_WARN_BASE64_JUNK, 2},
    {"base64", "YQ==\r\nYQ==", "a", MLA_MIME_WARN_BASE64_AFTER, 6},
    {"base64", "YWJjZA", "abcd", MLA_MIME_WARN_BASE64_UNPADDED, 6},
    {"base64", "YWJjZ", "abc", MLA_MIME_WARN_BASE64_CUT, 5},
    {"Quoted-Printable", "a=3Db \r\nc=\r\nd", "a=b\r\ncd", 0, 0},
    {"quoted-printable", "a=zz", "a=zz", MLA_MIME_WARN_QP_BAD, 2},
    {"quoted-printable", "a=4", "a=4", MLA_MIME_WARN_QP_CUT, 3},
    {"quoted-printable", "a=3d", "a=", MLA_MIME_WARN_QP_LOWER, 3},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void check_warning(const struct warn_set *w, size_t i)
{
    uint64_t at = 0;

    assert_true(rows[i].warning != 0 ? warn_has(w, rows[i].warning, &at)
                                     : (w->mask[0] | w->mask[1]) == 0);
    assert_int_equal(at, rows[i].at);
}

static void test_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct warn_set w;
        uint8_t *out;
        size_t n;

        memset(&w, 0, sizeof w);
        assert_int_equal(decode_whole(mem_default(), rows[i].encoding, rows[i].in,
                                      strlen(rows[i].in), &out, &n, &w),
                         0);
        assert_int_equal(n, strlen(rows[i].out));
        assert_memory_equal(out, rows[i].out, n + 1); /* and the NUL behind it */
        check_warning(&w, i);
        mem_free(mem_default(), out);
    }
}

static void test_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t piece = 1; piece < 8; piece++) {
            uint8_t out[2 * QP_HOLD];
            struct decoder_state d;
            struct warn_set w;
            size_t len = strlen(rows[i].in);
            size_t n = 0;

            memset(&d, 0, sizeof d);
            memset(&w, 0, sizeof w);
            d.kind = decode_kind_of(rows[i].encoding);
            for (size_t at = 0; at < len; at += piece)
                n += decode_feed(&d, rows[i].in + at, len - at < piece ? len - at : piece, out + n);
            n += decode_end(&d, out + n);
            decode_warnings(&d, &w, 0);
            assert_int_equal(n, strlen(rows[i].out));
            assert_memory_equal(out, rows[i].out, n);
            check_warning(&w, i);
        }
}

/* Counting allocates nothing, takes bodies longer than a piece, and notices the same. */
static void test_size(void **state)
{
    static char in[20000];
    static const char *const encodings[] = {"base64", "quoted-printable", "7bit"};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct warn_set w;

        memset(&w, 0, sizeof w);
        assert_int_equal(decode_size(rows[i].encoding, rows[i].in, strlen(rows[i].in), &w),
                         strlen(rows[i].out));
        check_warning(&w, i);
    }
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = "YWJjZGVm\r\nYW=41 \r\n"[i % 19];
    for (size_t i = 0; i < 3; i++) {
        uint8_t *out;
        size_t n;

        assert_int_equal(decode_whole(mem_default(), encodings[i], in, sizeof in, &out, &n, NULL),
                         0);
        assert_int_equal(decode_size(encodings[i], in, sizeof in, NULL), n);
        mem_free(mem_default(), out);
    }
}

static void test_offsets_have_a_base(void **state)
{
    struct decoder_state d;
    struct warn_set w;
    uint8_t out[64];
    uint64_t at = 0;

    (void)state;
    memset(&d, 0, sizeof d);
    memset(&w, 0, sizeof w);
    d.kind = DECODE_BASE64;
    (void)decode_feed(&d, "YW!Jj", 5, out);
    decode_warnings(&d, &w, 1000);
    assert_true(warn_has(&w, MLA_MIME_WARN_BASE64_JUNK, &at));
    assert_int_equal(at, 1002);
}

static int whole(const struct mem *m)
{
    uint8_t *out = NULL;
    size_t n;
    int rc = decode_whole(m, "base64", "YWJj", 4, &out, &n, NULL);

    if (rc == 0)
        mem_free(m, out);
    return rc;
}

static void test_no_memory(void **state)
{
    struct fail_mem f;

    (void)state;
    fail_mem_init(&f, 1, 1);
    assert_int_equal(whole(&f.mem), MLA_E_NOMEM);
    fail_mem_init(&f, 0, 0);
    assert_int_equal(whole(&f.mem), 0);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),     cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_size),      cmocka_unit_test(test_offsets_have_a_base),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
