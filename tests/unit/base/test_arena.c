/* test_arena.c - lib/base/arena */
#include "base/arena.h"
#include "test.h"

static void stops_at_its_maximum(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, mem_default(), 64);
    assert_non_null(arena_alloc(&a, 32));
    assert_non_null(arena_alloc(&a, 32));
    assert_null(arena_alloc(&a, 1));
    assert_int_equal(a.over, 1);
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 1));
    assert_true(arena_sane(&a));
    arena_free(&a);
}

static void rejects_overflow(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, mem_default(), SIZE_MAX);
    assert_null(arena_array(&a, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(&a, SIZE_MAX));
    arena_free(&a);
}

static void survives_failing_memory(void **state)
{
    struct fail_mem f;
    struct arena a;

    (void)state;
    fail_mem_init(&f, 1, 0);
    arena_init(&a, &f.mem, 1 << 20);
    assert_null(arena_alloc(&a, 10));
    assert_int_equal(a.over, 0);
    assert_non_null(arena_alloc(&a, 10));
    assert_non_null(arena_alloc(&a, 100000));
    arena_reset(&a);
    assert_non_null(arena_dup(&a, "abc", 3));
    arena_free(&a);
    assert_int_equal(f.held, 0);
}

static void memory_is_zero_and_aligned(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, mem_default(), 1 << 20);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 200; n++) {
            unsigned char *p = arena_alloc(&a, n);

            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xff, n);
        }
        arena_reset(&a);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_at_its_maximum),
        cmocka_unit_test(rejects_overflow),
        cmocka_unit_test(survives_failing_memory),
        cmocka_unit_test(memory_is_zero_and_aligned),
    };

    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
