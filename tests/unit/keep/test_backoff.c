/* test_backoff.c - lib/keep/backoff: waits that double, with jitter from a seed */
#include "keep/backoff.h"
#include "test.h"

static void waits_double_up_to_the_maximum(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct backoff b;
        uint64_t now = 1000;
        uint64_t whole = 2000;

        backoff_init(&b, 2000, 300000, seed);
        assert_in_range(backoff_failed(&b, now, 0, 0), 0, 2000);
        for (uint32_t i = 2; i < 40; i++) {
            uint64_t wait;

            whole = whole * 2 > 300000 ? 300000 : whole * 2;
            now = b.at_ms;
            wait = backoff_failed(&b, now, BACKOFF_STABLE_MS - 1, 0);
            assert_in_range(wait, whole / 2, whole);
            assert_int_equal(b.at_ms, now + wait);
            assert_int_equal(b.tries, i);
        }
    }
}

static void jitter_comes_from_the_seed_alone(void **state)
{
    struct backoff a;
    struct backoff b;
    struct backoff c;
    int differs = 0;

    (void)state;
    backoff_init(&a, 2000, 300000, 5);
    backoff_init(&b, 2000, 300000, 5);
    backoff_init(&c, 2000, 300000, 6);
    for (int i = 0; i < 20; i++) {
        uint64_t wait = backoff_failed(&a, 0, 0, 0);

        assert_int_equal(wait, backoff_failed(&b, 77, 0, 0));
        differs |= wait != backoff_failed(&c, 0, 0, 0);
    }
    assert_true(differs);
}

static void a_good_connection_begins_a_new_series(void **state)
{
    struct backoff b;

    (void)state;
    backoff_init(&b, 100, 10000, 1);
    for (int i = 0; i < 8; i++)
        (void)backoff_failed(&b, 0, 0, 0);
    assert_in_range(backoff_failed(&b, 0, BACKOFF_STABLE_MS, 0), 0, 100);
    assert_int_equal(b.tries, 1);
}

static void the_servers_own_wait_is_kept(void **state)
{
    struct backoff b;

    (void)state;
    backoff_init(&b, 100, 10000, 1);
    assert_in_range(backoff_failed(&b, 1000, 0, 60000), 60000, 60100);
    backoff_hope(&b, 2000); /* whatever the network says */
    assert_int_equal(b.at_ms, 61000);
    backoff_hope(&b, 70000);
    assert_int_equal(b.at_ms, 70000);
    assert_int_equal(b.tries, 0);
    /* but not for weeks: who says so may be mistaken, or misunderstood */
    assert_in_range(backoff_failed(&b, 0, 0, UINT32_MAX), 86400000, 86400100);
    backoff_hope(&b, 86400000);
    assert_int_equal(b.at_ms, 86400000);
}

static void odd_numbers_do_no_harm(void **state)
{
    struct backoff b;

    (void)state;
    backoff_init(&b, UINT32_MAX, 1, 1); /* the maximum is below the first */
    for (int i = 0; i < 100; i++)
        assert_in_range(backoff_failed(&b, 0, 0, 0), 0, UINT32_MAX);
    backoff_init(&b, 0, 0, 1);
    assert_int_equal(backoff_failed(&b, 5, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_the_maximum),
        cmocka_unit_test(jitter_comes_from_the_seed_alone),
        cmocka_unit_test(a_good_connection_begins_a_new_series),
        cmocka_unit_test(the_servers_own_wait_is_kept),
        cmocka_unit_test(odd_numbers_do_no_harm),
    };

    return cmocka_run_group_tests_name("keep/backoff", tests, NULL, NULL);
}
