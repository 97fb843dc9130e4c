/* test_names.c - examples/mailaccess/names */
#include "tool_test.h"

#include "names.h"

static const char *name(const char *id, size_t len)
{
    static char out[NAME_SIZE];

    name_from_id(out, id, len);
    return out;
}

static void plain_ids_stay_o09(void **state)
{
    (void)state;
    assert_string_equal(name("1700000000-17", 13), "1700000000-17");
    assert_string_equal(name("aZ09_-=@,+", 10), "aZ09_-=@,+");
}

static void nothing_climbs_out_o05_o06_o09(void **state)
{
    (void)state;
    assert_string_equal(name("../../etc/passwd", 16), "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd");
    assert_string_equal(name(".", 1), "%2E");
    assert_string_equal(name("a\0b", 3), "a%00b");
    assert_string_equal(name("%41", 3), "%2541");
    assert_string_equal(name("Entw\303\274rfe \\", 11), "Entw%C3%BCrfe%20%5C");
    assert_string_equal(name("", 0), "%");
}

static void long_ids_become_a_hash(void **state)
{
    char id[400], first[NAME_SIZE];

    (void)state;
    memset(id, 'a', sizeof id);
    assert_int_equal(strlen(name(id, 200)), 200);
    assert_string_equal(name(id, 201),
                        "h-a92efd82109373e58f9a2056dee01e807e216ce6075f7051207c0a9f7d666e50");
    memcpy(first, name(id, 400), NAME_SIZE);
    id[399] = 'b';
    assert_string_not_equal(first, name(id, 400));
    memset(id, '/', sizeof id);
    assert_int_equal(strlen(name(id, 66)), 198);
    assert_memory_equal(name(id, 67), "h-", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_ids_stay_o09),
        cmocka_unit_test(nothing_climbs_out_o05_o06_o09),
        cmocka_unit_test(long_ids_become_a_hash),
    };

    return cmocka_run_group_tests_name("tool/names", tests, NULL, NULL);
}
