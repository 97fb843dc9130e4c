/* test_pace.c - lib/wire/pace */
#include "test.h"
#include "wire/pace.h"

static const struct pace_limits limits = {30000, 60000, 1024, 60000, 0};

static void assert_fails_at(struct pace *p, uint64_t at, const char *why)
{
    mla_error err = {0};

    assert_int_equal(pace_deadline(p), at);
    assert_int_equal(pace_check(p, at - 1, &err), 0);
    assert_int_equal(pace_check(p, at, &err), MLA_E_DEADLINE);
    assert_int_equal(err.code, MLA_E_DEADLINE);
    assert_non_null(strstr(err.message, why));
}

static void nothing_due_is_no_deadline(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    assert_true(pace_deadline(&p) == UINT64_MAX);
    assert_int_equal(pace_check(&p, UINT64_MAX, NULL), 0);
    pace_expect(&p, 1000);
    pace_answered(&p, 2000, 0);
    assert_true(pace_deadline(&p) == UINT64_MAX);
}

static void silence_is_limited(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    pace_expect(&p, 1000);
    assert_fails_at(&p, 31000, "nothing received for 30 s");
    pace_got(&p, 20000, 1);
    assert_fails_at(&p, 50000, "nothing received");
    /* a second command does not begin the wait anew */
    pace_expect(&p, 40000);
    assert_fails_at(&p, 50000, "nothing received");
}

/* M14: an octet now and then */
static void an_answer_is_limited_as_a_whole(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    pace_expect(&p, 0);
    for (uint64_t t = 10000; t <= 50000; t += 10000)
        pace_got(&p, t, 1);
    assert_fails_at(&p, 60000, "not complete after 60 s");
    /* the next answer has a time of its own */
    pace_answered(&p, 55000, 1);
    assert_fails_at(&p, 85000, "nothing received");
    pace_got(&p, 80000, 1);
    pace_got(&p, 100000, 1);
    assert_fails_at(&p, 115000, "not complete");
}

static void bulk_data_has_a_floor_and_no_end(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    pace_expect(&p, 0);
    pace_bulk(&p, 5000, 1);
    /* ten minutes of 1 KiB in each 50 s */
    for (uint64_t t = 30000; t <= 600000; t += 25000)
        pace_got(&p, t, 512);
    assert_int_equal(pace_check(&p, 600000, NULL), 0);
    pace_bulk(&p, 605000, 0);
    /* the time inside did not count for the answer: 5 s of its 60 are used */
    pace_got(&p, 630000, 1);
    pace_got(&p, 655000, 1);
    assert_fails_at(&p, 660000, "not complete");
    /* M16: too slow */
    pace_init(&p, &limits);
    pace_expect(&p, 0);
    pace_bulk(&p, 0, 1);
    pace_got(&p, 20000, 500);
    pace_got(&p, 40000, 500);
    assert_fails_at(&p, 60000, "fewer than 1024 octets");
    pace_got(&p, 50000, 24);
    assert_fails_at(&p, 80000, "nothing received");
}

static void the_consumers_time_does_not_count(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    pace_expect(&p, 0);
    pace_got(&p, 10000, 1);
    pace_pause(&p, 1000000);
    assert_fails_at(&p, 1030000, "nothing received");
    pace_got(&p, 1025000, 1);
    pace_got(&p, 1040000, 1);
    assert_fails_at(&p, 1050000, "not complete"); /* 10 s before, 50 s after */
    pace_bulk(&p, 1040000, 1);
    pace_got(&p, 1041000, 10);
    pace_pause(&p, 2041000);
    pace_got(&p, 2061000, 10);
    pace_got(&p, 2081000, 10);
    assert_fails_at(&p, 2100000, "fewer than"); /* 1 s before, 59 s after */
    pace_pause(&p, 5);                          /* time does not go back */
    assert_int_equal(pace_deadline(&p), 2100000);
}

static void a_command_is_limited_with_its_data(void **state)
{
    static const struct pace_limits l = {30000, 60000, 1024, 60000, 100000};
    struct pace p;

    (void)state;
    pace_init(&p, &l);
    pace_expect(&p, 1000);
    pace_command(&p, 1000, 7);
    pace_bulk(&p, 1000, 1);
    for (uint64_t t = 1000; t <= 91000; t += 10000)
        pace_got(&p, t, 5000); /* nothing else to complain about */
    pace_command(&p, 91000, 7);
    assert_fails_at(&p, 101000, "a command was not done after 100 s");
    /* the next one has its own time, and what is not the server's does not count */
    pace_got(&p, 91000, 5000);
    pace_command(&p, 91000, 8);
    pace_pause(&p, 96000);
    for (uint64_t t = 96000; t < 190000; t += 10000)
        pace_got(&p, t, 5000);
    assert_fails_at(&p, 196000, "a command was not done after 100 s");
    pace_command(&p, 191000, 0);
    pace_got(&p, 191000, 5000);
    assert_int_equal(pace_deadline(&p), 191000 + 30000);
}

static void zero_is_no_limit(void **state)
{
    static const struct pace_limits none = {0, 0, 1024, 0, 0};
    struct pace p;

    (void)state;
    pace_init(&p, &none);
    pace_expect(&p, 0);
    assert_true(pace_deadline(&p) == UINT64_MAX);
    pace_bulk(&p, 0, 1);
    assert_true(pace_deadline(&p) == UINT64_MAX);
    assert_int_equal(pace_check(&p, UINT64_MAX - 1, NULL), 0);
}

static void limits_near_the_end_of_time_do_not_wrap(void **state)
{
    struct pace p;

    (void)state;
    pace_init(&p, &limits);
    pace_expect(&p, UINT64_MAX - 5);
    assert_true(pace_deadline(&p) == UINT64_MAX);
    assert_int_equal(pace_check(&p, UINT64_MAX - 1, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_due_is_no_deadline),
        cmocka_unit_test(silence_is_limited),
        cmocka_unit_test(an_answer_is_limited_as_a_whole),
        cmocka_unit_test(bulk_data_has_a_floor_and_no_end),
        cmocka_unit_test(the_consumers_time_does_not_count),
        cmocka_unit_test(zero_is_no_limit),
        cmocka_unit_test(a_command_is_limited_with_its_data),
        cmocka_unit_test(limits_near_the_end_of_time_do_not_wrap),
    };

    return cmocka_run_group_tests_name("wire/pace", tests, NULL, NULL);
}
