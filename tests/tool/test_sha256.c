/* test_sha256.c - examples/mailaccess/sha256 */
#include "tool_test.h"

#include "sha256.h"

/* FIPS 180-4's own examples. */
static void gives_the_known_digests(void **state)
{
    char hex[65];

    (void)state;
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_change_nothing(void **state)
{
    char data[300], whole[65], pieces[65];

    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7);
    for (size_t len = 0; len < sizeof data; len++) {
        struct sha256 s;

        sha256_hex(data, len, whole);
        sha256_init(&s);
        sha256_update(&s, data, len / 3);
        for (size_t i = len / 3; i < len; i++)
            sha256_update(&s, data + i, 1);
        sha256_final_hex(&s, pieces);
        assert_string_equal(whole, pieces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_known_digests),
        cmocka_unit_test(pieces_change_nothing),
    };

    return cmocka_run_group_tests_name("tool/sha256", tests, NULL, NULL);
}
