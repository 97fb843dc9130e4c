/* test_record.c - lib/base/record */
#include "test.h"

#include "base/record.h"
#include "mailaccess/types.h"

#include <string.h>

struct here { /* as this library knows it */
    uint32_t struct_size;
    uint32_t old;
    uint64_t later;
};

struct beyond { /* as a newer one does */
    struct here here;
    uint64_t newest;
};

static void takes_records_of_any_age(void **state)
{
    struct beyond in = {{sizeof in, 7, 9}, 0};
    struct here out;

    (void)state;
    assert_int_equal(record_in(&in, 8, sizeof out, &out), 0);
    assert_int_equal(out.later, 9);
    in.newest = 1; /* it wants what nobody here knows */
    assert_int_equal(record_in(&in, 8, sizeof out, &out), MLA_E_UNSUPPORTED);
    in.here.struct_size = 8; /* an older caller: what lies behind is not its record */
    assert_int_equal(record_in(&in, 8, sizeof out, &out), 0);
    assert_int_equal(out.old, 7);
    assert_int_equal(out.later, 0);
    in.here.struct_size = 7;
    assert_int_equal(record_in(&in, 8, sizeof out, &out), MLA_E_ARG);
    assert_int_equal(record_in(NULL, 8, sizeof out, &out), MLA_E_ARG);
}

static void steps_by_the_size_of_the_first(void **state)
{
    struct beyond in[3];
    struct here out;

    (void)state;
    memset(in, 0, sizeof in);
    for (uint32_t i = 0; i < 3; i++) {
        in[i].here.struct_size = sizeof in[i];
        in[i].here.old = i;
    }
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(record_at(in, i, 8, sizeof out, &out), 0);
        assert_int_equal(out.old, i);
    }
    in[2].newest = 1;
    assert_int_equal(record_at(in, 1, 8, sizeof out, &out), 0);
    assert_int_equal(record_at(in, 2, 8, sizeof out, &out), MLA_E_UNSUPPORTED);
    in[1].here.struct_size = sizeof(struct here); /* not all are of one size */
    assert_int_equal(record_at(in, 1, 8, sizeof out, &out), MLA_E_ARG);
    in[0].here.struct_size = 0;
    assert_int_equal(record_at(in, 1, 8, sizeof out, &out), MLA_E_ARG);
    assert_int_equal(record_at(NULL, 0, 8, sizeof out, &out), MLA_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_records_of_any_age),
        cmocka_unit_test(steps_by_the_size_of_the_first),
    };

    return cmocka_run_group_tests_name("base/record", tests, NULL, NULL);
}
