/* test_base64.c - RFC 4648 section 10, strictness, and mail's faults in any split (X10, Z11) */
#include "test.h"

#include "codec/base64.h"
#include "mailaccess/types.h"

static void test_vectors(void **state)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    char out[16];
    uint8_t back[16];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        size_t len = strlen(pairs[i][0]);

        assert_int_equal(base64_encoded_len(len), strlen(pairs[i][1]));
        base64_encode(pairs[i][0], len, out);
        assert_memory_equal(out, pairs[i][1], strlen(pairs[i][1]));
        assert_int_equal(base64_decode_strict(pairs[i][1], strlen(pairs[i][1]), back, len, &n), 0);
        assert_int_equal(n, len);
        assert_memory_equal(back, pairs[i][0], len);
    }
    assert_int_equal(base64_encoded_len(SIZE_MAX), 0);
}

static void test_every_octet(void **state)
{
    uint8_t in[256];
    char text[344];
    uint8_t out[258];
    size_t n;

    (void)state;
    for (int i = 0; i < 256; i++)
        in[i] = (uint8_t)i;
    assert_int_equal(base64_encoded_len(256), 344);
    base64_encode(in, 256, text);
    assert_int_equal(base64_decode_strict(text, 344, out, sizeof out, &n), 0);
    assert_int_equal(n, 256);
    assert_memory_equal(in, out, 256);
}

/* A12: a challenge that is not base64, or too large for its place */
static void test_strict_refuses(void **state)
{
    static const char *const bad[] = {"A",        "AA",       "AAA",       "AA=A", "A===",
                                      "====",     "Zg==Zg==", "Zh==",      "Zm9=", "Zm9*",
                                      "Zm9v\r\n", " Zm9v",    "Zm\xc3\xa9"};
    uint8_t out[16];
    size_t n = 7;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(base64_decode_strict(bad[i], strlen(bad[i]), out, sizeof out, &n),
                         MLA_E_SYNTAX);
    assert_int_equal(base64_decode_strict("A\0==", 4, out, sizeof out, &n), MLA_E_SYNTAX);
    assert_int_equal(base64_decode_strict("Zm9vYmFy", 8, out, 5, &n), MLA_E_LIMIT);
    assert_int_equal(n, 7);
}

struct want {
    const char *in;
    const char *out;
    uint32_t defects;
    uint64_t at; /* of the only defect */
};

static const struct want mail[] = {
    {"Zm9v\r\nYmFy\r\n", "foobar", 0, 0},
    {"Zg==\r\n==\r\n", "f", 0, 0},
    {"Zm9vYg", "foob", 1U << BASE64_UNPADDED, 6},
    {"Zm9vYmE", "fooba", 1U << BASE64_UNPADDED, 7},
    {"Zm9vY", "foo", 1U << BASE64_CUT, 5},
    {"Zm*9v", "foo", 1U << BASE64_JUNK, 2},
    {"=Zm9v", "foo", 1U << BASE64_JUNK, 0},
    {"Z=m9v", "foo", 1U << BASE64_JUNK, 1},
    {"Zg==\r\nZm9v", "f", 1U << BASE64_AFTER, 6},
    {"Zg==\r\n\r\n_____\r\nlist footer\r\n", "f", 1U << BASE64_AFTER, 8},
    {"Zm9vYg=", "foob", 0, 0},
    {"", "", 0, 0},
    {"\r\n \t\r\n", "", 0, 0},
};

static void decode_split(const struct want *w, size_t a, size_t b)
{
    uint8_t out[256];
    struct base64_dec d;
    size_t n = strlen(w->in);
    size_t got;

    memset(&d, 0, sizeof d);
    got = base64_feed(&d, w->in, a, out);
    got += base64_feed(&d, w->in + a, b - a, out + got);
    got += base64_feed(&d, w->in + b, n - b, out + got);
    got += base64_end(&d, out + got);
    assert_int_equal(got, strlen(w->out));
    assert_memory_equal(out, w->out, got);
    assert_int_equal(d.defects, w->defects);
    for (int i = 0; i < BASE64_DEFECTS; i++)
        if (w->defects == 1U << i)
            assert_int_equal(d.at[i], w->at);
}

static void test_mail_in_every_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mail / sizeof mail[0]; i++)
        for (size_t b = 0; b <= strlen(mail[i].in); b++)
            for (size_t a = 0; a <= b; a++)
                decode_split(&mail[i], a, b);
}

static void test_room_is_enough(void **state)
{
    (void)state;
    for (size_t n = 0; n < 40; n++) {
        char in[40];
        uint8_t *out = malloc(base64_room(n));
        struct base64_dec d = {0, 3, 0, 0, 0, {0}};
        size_t got;

        memset(in, 'A', sizeof in);
        if (n != 0)
            in[n - 1] = '=';
        got = base64_feed(&d, in, n, out);
        assert_true(got <= base64_room(n));
        free(out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),        cmocka_unit_test(test_every_octet),
        cmocka_unit_test(test_strict_refuses), cmocka_unit_test(test_mail_in_every_split),
        cmocka_unit_test(test_room_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
