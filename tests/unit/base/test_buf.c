/* test_buf.c - lib/base/buf */
#include "base/buf.h"
#include "mailaccess/types.h"
#include "test.h"

static void holds_exactly_its_maximum(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, mem_default(), 5);
    assert_int_equal(buf_add(&b, "abcde", 5), 0);
    assert_string_equal(buf_text(&b), "abcde");
    assert_int_equal(buf_add_byte(&b, 'f'), MLA_E_LIMIT);
    assert_int_equal(buf_add(&b, "", 0), MLA_E_LIMIT);
    assert_null(buf_text(&b));
    buf_clear(&b);
    assert_int_equal(buf_add_number(&b, 42), 0);
    assert_string_equal(buf_text(&b), "42");
    buf_free(&b);
}

static void reports_failing_memory(void **state)
{
    struct fail_mem f;
    struct buf b;

    (void)state;
    fail_mem_init(&f, 2, 1);
    buf_init(&b, &f.mem, 10000);
    assert_int_equal(buf_add_word(&b, "hello"), 0);
    assert_null(buf_room(&b, 1000));
    assert_int_equal(b.failed, MLA_E_NOMEM);
    assert_int_equal(b.len, 5);
    buf_free(&b);
    assert_int_equal(f.held, 0);
}

static void is_handed_over(void **state)
{
    struct buf b;
    size_t n;
    char *s;

    (void)state;
    buf_init(&b, mem_default(), 100);
    assert_int_equal(buf_add(&b, "a\0b", 3), 0);
    s = buf_take(&b, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(s, "a\0b", 4);
    free(s);
    buf_free(&b);
}

static void secrets_never_go_through_realloc(void **state)
{
    struct fail_mem f;
    struct buf b;

    (void)state;
    fail_mem_init(&f, 0, 0);
    f.mem.resize = NULL; /* calling it would crash */
    buf_init(&b, &f.mem, 100000);
    b.secret = 1;
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buf_add_byte(&b, 'x'), 0);
    buf_free(&b);
    assert_int_equal(f.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_exactly_its_maximum),
        cmocka_unit_test(reports_failing_memory),
        cmocka_unit_test(is_handed_over),
        cmocka_unit_test(secrets_never_go_through_realloc),
    };

    return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
