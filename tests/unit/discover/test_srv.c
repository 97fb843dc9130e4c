/* test_srv.c - lib/discover/srv */
#include "discover/srv.h"
#include "test.h"

static struct dns_record record(unsigned priority, unsigned weight, unsigned port)
{
    struct dns_record r = {.priority = (uint16_t)priority, .weight = (uint16_t)weight};

    r.port = (uint16_t)port;
    memcpy(r.target, "a.test", 7);
    return r;
}

static void priorities_come_in_order(void **state)
{
    struct srv_random random = {1};

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct dns_record r[] = {record(30, 9, 1), record(10, 1, 2), record(20, 500, 3),
                                 record(10, 2, 4), record(0, 0, 5),  record(65535, 0, 6)};

        srv_order(r, 6, &random);
        for (int i = 1; i < 6; i++)
            assert_true(r[i - 1].priority <= r[i].priority);
        assert_int_equal(r[0].port, 5);
        assert_int_equal(r[1].port + r[2].port, 6);
        assert_int_equal(r[5].port, 6);
    }
    srv_order(NULL, 0, &random);
}

/* RFC 2782: in proportion to the weight; one of weight 0 has a small chance, not none. */
static void weights_are_chances(void **state)
{
    struct srv_random random = {42};
    int first[4] = {0};
    int none_first = 0;

    (void)state;
    for (int round = 0; round < 6000; round++) {
        struct dns_record r[] = {record(1, 10, 1), record(1, 20, 2), record(1, 30, 3)};

        srv_order(r, 3, &random);
        first[r[0].port]++;
        assert_int_equal(r[0].port + r[1].port + r[2].port, 6);
    }
    assert_in_range(first[1], 800, 1200);
    assert_in_range(first[2], 1750, 2250);
    assert_in_range(first[3], 2700, 3300);
    for (int round = 0; round < 6000; round++) {
        struct dns_record r[] = {record(1, 9, 1), record(1, 0, 2)};

        srv_order(r, 2, &random);
        none_first += r[0].port == 2;
    }
    assert_in_range(none_first, 450, 750);
    none_first = 0;
    for (int round = 0; round < 6000; round++) {
        struct dns_record r[] = {record(1, 1, 1), record(1, 0, 2)};

        srv_order(r, 2, &random);
        none_first += r[0].port == 2;
    }
    assert_in_range(none_first, 2700, 3300);
    /* the greatest weights do not overflow */
    for (int round = 0; round < 100; round++) {
        struct dns_record r[DNS_RECORDS_MAX];

        for (unsigned i = 0; i < DNS_RECORDS_MAX; i++)
            r[i] = record(1, 65535, i + 1);
        srv_order(r, DNS_RECORDS_MAX, &random);
    }
}

static void a_dot_is_not_here(void **state)
{
    struct dns_answer a = {.count = 1};

    (void)state;
    assert_true(srv_not_offered(&a));
    a.count = 2;
    assert_false(srv_not_offered(&a));
    a.count = 0;
    assert_false(srv_not_offered(&a));
    a.count = 1;
    a.records[0].target[0] = 'a';
    assert_false(srv_not_offered(&a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priorities_come_in_order),
        cmocka_unit_test(weights_are_chances),
        cmocka_unit_test(a_dot_is_not_here),
    };

    return cmocka_run_group_tests_name("discover/srv", tests, NULL, NULL);
}
