/* test_der.c - lib/net/der */
#include "net/der.h"
#include "test.h"

#include <string.h>

static int take(const char *octets, size_t len, size_t *out_len)
{
    struct der in = {(const uint8_t *)octets, len};
    struct der all;
    struct der out;
    uint8_t tag;

    if (!der_take(&in, &tag, &out, &all))
        return -1;
    assert_true(out.p + out.len <= (const uint8_t *)octets + len);
    assert_ptr_equal(all.p, octets);
    assert_int_equal(all.len + in.len, len);
    *out_len = out.len;
    return tag;
}

static void elements_are_within_their_octets(void **state)
{
    char big[300] = {0x04, (char)0x82, 1, 0};
    size_t n;

    (void)state;
    assert_int_equal(take("\x02\x01\x05rest", 7, &n), 2);
    assert_int_equal(n, 1);
    assert_int_equal(take("\x05\x00", 2, &n), 5);
    assert_int_equal(n, 0);
    assert_int_equal(take("\x04\x81\x80", 3, &n), -1);
    assert_int_equal(take(big, sizeof big, &n), 4);
    assert_int_equal(n, 256);
    assert_int_equal(take(big, 259, &n), -1);                 /* one octet short */
    assert_int_equal(take("\x04\x80zz\0\0", 6, &n), -1);      /* indefinite length is BER */
    assert_int_equal(take("\x04\x85\0\0\0\0\1z", 8, &n), -1); /* no length needs five octets */
    assert_int_equal(take("\x04\x84\xff\xff\xff\xffz", 7, &n), -1);
    assert_int_equal(take("\x1f\x81\x01\x00", 4, &n), -1);
    assert_int_equal(take("\x04", 1, &n), -1);
    assert_int_equal(take("", 0, &n), -1);
}

static void other_tags_stay_where_they_are(void **state)
{
    struct der in = {(const uint8_t *)"\x02\x01\x05\x04\x00", 5};
    struct der out;

    (void)state;
    assert_int_equal(der_take_tag(&in, DER_OCTET_STRING, &out), 0);
    assert_int_equal(in.len, 5);
    assert_int_equal(der_take_tag(&in, DER_INTEGER, &out), 1);
    assert_int_equal(der_take_tag(&in, DER_OCTET_STRING, &out), 1);
    assert_int_equal(in.len, 0);
}

static int64_t seconds(uint8_t tag, const char *text)
{
    struct der t = {(const uint8_t *)text, strlen(text)};
    int64_t s;

    return der_time(tag, t, &s) ? s : -1;
}

static void times_are_seconds(void **state)
{
    (void)state;
    assert_true(seconds(0x17, "700101000000Z") == 0);
    assert_true(seconds(0x17, "000229000000Z") == 951782400);
    assert_true(seconds(0x17, "491231235959Z") == 2524607999LL); /* RFC 5280 section 4.1.2.5.1 */
    assert_true(seconds(0x17, "500101000000Z") == -631152000);
    assert_true(seconds(0x18, "20500101000000Z") == 2524608000LL);
    assert_true(seconds(0x18, "99991231235959Z") == 253402300799LL);
    assert_true(seconds(0x18, "19691231235900Z") == -60);
    assert_true(seconds(0x17, "7001010000Z") == -1);
    assert_true(seconds(0x17, "700101000000+0100") == -1);
    assert_true(seconds(0x17, "701301000000Z") == -1);
    assert_true(seconds(0x17, "700100000000Z") == -1);
    assert_true(seconds(0x17, "7001 1000000Z") == -1);
    assert_true(seconds(0x16, "700101000000Z") == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_within_their_octets),
        cmocka_unit_test(other_tags_stay_where_they_are),
        cmocka_unit_test(times_are_seconds),
    };

    return cmocka_run_group_tests_name("net/der", tests, NULL, NULL);
}
