/* test_scan.c - lib/base/scan.h */
#include "base/scan.h"

#include "test.h"

#include <stdio.h>

/* Octets at random, the same in each run; few different ones, so that some are equal. */
static uint8_t next(uint32_t *state)
{
    static const uint8_t octets[] = {'"', '\\', ')', 'a', 0, 0x80, 0xff, '!', 0xa2, '#'};

    *state = *state * 1664525U + 1013904223U;
    return octets[(*state >> 16) % sizeof octets];
}

static void finds_octets(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t p[16];
        uint8_t a = next(&seed);
        uint8_t b = next(&seed);
        unsigned want = 0;

        for (unsigned i = 0; i < 16; i++) {
            p[i] = next(&seed);
            want |= (unsigned)(p[i] == a || p[i] == b) << i;
        }
        assert_int_equal(scan_either(p, a, b), want);
        assert_int_equal(scan_word(scan_load(p), a) | scan_word(scan_load(p), b), want & 0xff);
        if (want != 0) {
            assert_true((want >> scan_first(want) & 1) != 0);
            assert_int_equal(want & ((1U << scan_first(want)) - 1), 0);
        }
    }
}

static void reads_numbers(void **state)
{
    static const char *const tails[] = {")xxxxxxx",
                                        " 1234567",
                                        "\r\n)9xxxx",
                                        "/0000000",
                                        ":9999999",
                                        "\0\0\0\0\0\0\0",
                                        "\xff\xb0\xb9\x80\xff\xff\xff"};
    static const uint32_t numbers[] = {0,      1,       9,       10,     12,    99,
                                       100,    305,     4711,    65535,  65536, 100000,
                                       999999, 1000000, 1234567, 9999999};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            uint8_t p[24];
            uint64_t got = 0;
            int n = snprintf((char *)p, sizeof p, "%u", numbers[i]);

            memcpy(p + n, tails[t], 8);
            assert_int_equal(scan_number(p, &got), n);
            assert_int_equal(got, numbers[i]);
        }
}

static void leaves_other_numbers_alone(void **state)
{
    uint64_t got = 77;

    (void)state;
    assert_int_equal(scan_number((const uint8_t *)"12345678", &got), 8);
    assert_int_equal(scan_number((const uint8_t *)"99999999", &got), 8);
    assert_int_equal(scan_number((const uint8_t *)"-2345678", &got), 0);
    assert_int_equal(scan_number((const uint8_t *)"\xb1\x31\x31\x31\x31\x31\x31\x31", &got), 0);
    assert_int_equal(got, 77);
    assert_int_equal(scan_number((const uint8_t *)"00000007", &got), 8);
    assert_int_equal(scan_number((const uint8_t *)"0000007)", &got), 7);
    assert_int_equal(got, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_octets),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(leaves_other_numbers_alone),
    };

    return cmocka_run_group_tests_name("base/scan", tests, NULL, NULL);
}
