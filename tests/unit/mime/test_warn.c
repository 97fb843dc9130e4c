/* test_warn.c - each warning has a name of its own and a grade; limits have their defaults */
#include "test.h"

#include "mime/limits.h"
#include "mime/warn.h"

static void test_names(void **state)
{
    int count = 0;

    (void)state;
    for (int a = 0; a < WARN_CODES; a++) {
        if (warn_name(a) == NULL)
            continue;
        count++;
        assert_true(warn_grade(a) == MLA_MIME_HARMLESS || warn_grade(a) == MLA_MIME_AMBIGUOUS);
        for (int b = 0; b < a; b++)
            if (warn_name(b) != NULL)
                assert_string_not_equal(warn_name(a), warn_name(b));
    }
    assert_int_equal(count, 69);
    assert_null(warn_name(-1));
    assert_null(warn_name(WARN_CODES));
    assert_int_equal(warn_grade(12345), MLA_MIME_AMBIGUOUS);
}

static void test_set_keeps_the_first(void **state)
{
    struct warn_set w;
    uint64_t at = 0;

    (void)state;
    memset(&w, 0, sizeof w);
    warn_add(NULL, MLA_MIME_WARN_NUL, 1);
    assert_false(warn_has(&w, MLA_MIME_WARN_NUL, &at));
    warn_add(&w, MLA_MIME_WARN_NUL, 7);
    warn_add(&w, MLA_MIME_WARN_NUL, 9);
    warn_add(&w, MLA_MIME_WARN_FILENAME_CONFLICT, 3);
    assert_true(warn_has(&w, MLA_MIME_WARN_NUL, &at));
    assert_int_equal(at, 7);
    assert_true(warn_has(&w, MLA_MIME_WARN_FILENAME_CONFLICT, NULL));
    assert_false(warn_has(&w, MLA_MIME_WARN_BAD_REPORT, NULL));
    warn_add(&w, MLA_MIME_WARN_BAD_REPORT, 11);
    warn_add(&w, MLA_MIME_WARN_BAD_REPORT, 12);
    assert_true(warn_has(&w, MLA_MIME_WARN_BAD_REPORT, &at));
    assert_int_equal(at, 11);
}

static void test_limits(void **state)
{
    mla_mime_limits in;
    mla_mime_limits out;

    (void)state;
    mime_limits_fill(NULL, &out);
    assert_int_equal(out.max_depth, 64);
    assert_int_equal(out.max_parts, 10000);
    assert_int_equal(out.max_headers, 10000);
    assert_int_equal(out.max_header_size, 4194304);
    assert_int_equal(out.max_params, 500);
    assert_int_equal(out.max_addresses, 50000);
    memset(&in, 0, sizeof in);
    in.max_depth = 1000000;
    in.max_parts = 3;
    mime_limits_fill(&in, &out);
    assert_int_equal(out.max_depth, MIME_DEPTH_CEILING);
    assert_int_equal(out.max_parts, 3);
    assert_int_equal(out.max_ids, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_set_keeps_the_first),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
