/* test_qp.c - RFC 2045 section 6.7 and what senders make of it, in any split (X10, X24) */
#include "test.h"

#include "codec/qp.h"

struct want {
    const char *in;
    const char *out;
    uint32_t defects;
    uint64_t at;
};

static const struct want rows[] = {
    {"plain\r\ntext", "plain\r\ntext", 0, 0},
    {"a=3Db=20", "a=b ", 0, 0},
    {"soft=\r\nbreak", "softbreak", 0, 0},
    {"soft=\nbreak", "softbreak", 0, 0},
    {"soft=  \t\r\nbreak", "softbreak", 0, 0},
    {"end  \r\nnext \nlast \t", "end\r\nnext\nlast", 0, 0},
    {"in the  middle", "in the  middle", 0, 0},
    {"=20 \r\n", " \r\n", 0, 0},
    {"lower =c3=a9", "lower \xc3\xa9", 1U << QP_LOWER, 8},
    {"a=b", "a=b", 1U << QP_CUT, 3},
    {"a=", "a", 0, 0},
    {"a= ", "a", 0, 0},
    {"a=\r", "a", 0, 0},
    {"x=zy", "x=zy", 1U << QP_BAD, 2},
    {"x=Zy", "x=Zy", 1U << QP_BAD, 2},
    {"x=4Zy", "x=4Zy", 1U << QP_BAD, 3},
    {"==41", "=A", 1U << QP_BAD, 1},
    {"x= y", "x= y", 1U << QP_BAD, 3},
    {"x=\ry", "x=\ry", 1U << QP_BAD, 3},
    {"cr\ralone\r", "cr\ralone\r", 0, 0},
    {"a \rb", "a \rb", 0, 0},
    {"a \r\rb", "a \r\rb", 0, 0},
    {"", "", 0, 0},
};

static void decode_split(const struct want *w, size_t a, size_t b)
{
    uint8_t out[QP_HOLD + 64];
    struct qp_dec d;
    size_t n = strlen(w->in);
    size_t got;

    memset(&d, 0, sizeof d);
    got = qp_feed(&d, w->in, a, out);
    got += qp_feed(&d, w->in + a, b - a, out + got);
    got += qp_feed(&d, w->in + b, n - b, out + got);
    got += qp_end(&d, out + got);
    assert_int_equal(got, strlen(w->out));
    assert_memory_equal(out, w->out, got);
    assert_int_equal(d.defects, w->defects);
    for (int i = 0; i < QP_DEFECTS; i++)
        if (w->defects == 1U << i)
            assert_int_equal(d.at[i], w->at);
}

static void test_every_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t b = 0; b <= strlen(rows[i].in); b++)
            for (size_t a = 0; a <= b; a++)
                decode_split(&rows[i], a, b);
}

static void decode_line(size_t blanks, const char *lead, size_t step, size_t want)
{
    size_t n = strlen(lead) + blanks + 2;
    uint8_t *in = malloc(n);
    uint8_t *out = malloc(qp_room(n));
    struct qp_dec d;
    size_t got = 0;

    memcpy(in, lead, strlen(lead));
    memset(in + strlen(lead), ' ', blanks);
    memcpy(in + n - 2, "\r\n", 2);
    memset(&d, 0, sizeof d);
    for (size_t at = 0; at < n; at += step)
        got += qp_feed(&d, in + at, n - at < step ? n - at : step, out + got);
    got += qp_end(&d, out + got);
    assert_int_equal(got, want);
    free(in);
    free(out);
}

/* A run of white space longer than what is held is text; nothing is lost, nothing overflows. */
static void test_hold_is_bounded(void **state)
{
    (void)state;
    for (size_t step = 1; step < 5000; step += 1249) {
        decode_line(QP_HOLD - 1, "x", step, 3);
        decode_line(QP_HOLD, "x", step, 1 + QP_HOLD + 2);
        decode_line(3 * QP_HOLD + 7, "x", step, 1 + 3 * QP_HOLD + 2);
        decode_line(QP_HOLD - 2, "=", step, 0);
        decode_line(QP_HOLD - 1, "=", step, QP_HOLD + 2);
    }
}

/* White space of any length before a line end, "=" or text: the same whole and octet by octet. */
static void test_long_white_space(void **state)
{
    static const char *const tails[] = {"\r\n", "\n", "=\n", "=41", "x\n", "\r", "", "\r\r\n"};
    static uint8_t in[QP_HOLD * 3];
    static uint8_t whole[QP_HOLD * 4];
    static uint8_t single[QP_HOLD * 4];

    (void)state;
    for (size_t n = 1; n < 2 * QP_HOLD + 20;
         n += n % (QP_HOLD / 2) < 10 || n % (QP_HOLD / 2) > QP_HOLD / 2 - 45 ? 1 : 35)
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            struct qp_dec a = {0};
            struct qp_dec b = {0};
            size_t len = n + 1 + strlen(tails[t]);
            size_t got;
            size_t want = 0;

            memset(in, n % 2 == 0 ? ' ' : '\t', sizeof in);
            in[0] = 'A';
            memcpy(in + n + 1, tails[t], strlen(tails[t]));
            got = qp_feed(&a, in, len, whole);
            got += qp_end(&a, whole + got);
            for (size_t i = 0; i < len; i++)
                want += qp_feed(&b, in + i, 1, single + want);
            want += qp_end(&b, single + want);
            assert_int_equal(got, want);
            assert_memory_equal(whole, single, want);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_split),
        cmocka_unit_test(test_hold_is_bounded),
        cmocka_unit_test(test_long_white_space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
