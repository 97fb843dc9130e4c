/* test_chars.c - the table of lib/mime/chars against the grammars */
#include "test.h"

#include "base/ascii.h"
#include "mime/chars.h"

static int in(const char *set, int c)
{
    return c != 0 && strchr(set, c) != NULL;
}

static void test_classes(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        int token = c > 32 && c < 127 && !in("()<>@,;:\\\"/[]?=", c);
        int atom = c > 32 && c != 127 && !in("()<>[]:;@\\,\"", c);
        int boundary = ascii_is_alpha(c) || ascii_is_digit(c) || in("'()+_,-./:=? ", c);

        assert_int_equal(char_is((uint8_t)c, CHAR_TOKEN) != 0, token);
        assert_int_equal(char_is((uint8_t)c, CHAR_ATOM) != 0, atom);
        assert_int_equal(char_is((uint8_t)c, CHAR_BOUNDARY) != 0, boundary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
