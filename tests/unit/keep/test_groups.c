/* test_groups.c - lib/keep/groups: news in an order in which they can be applied */
#include "keep/groups.h"
#include "mailaccess/types.h"
#include "test.h"

static void expect(struct groups *g, int kind, size_t count, uint32_t first, uint32_t last)
{
    struct runs r;
    int got;

    assert_int_equal(groups_next(g, &got, &r), 1);
    assert_int_equal(got, kind);
    assert_int_equal(r.count, count);
    assert_int_equal(r.at[0].first, first);
    assert_int_equal(r.at[r.count - 1].last, last);
    mem_free(g->mem, r.at);
}

static void runs_grow_together(void **state)
{
    struct groups g;
    struct runs r;
    int kind;

    (void)state;
    groups_init(&g, mem_default());
    for (uint32_t uid = 5; uid <= 2000; uid++)
        assert_int_equal(groups_add(&g, NEWS_NEW, uid, uid), 0);
    assert_int_equal(groups_add(&g, NEWS_NEW, 2000, 2000), 0); /* told again */
    assert_int_equal(groups_next(&g, &kind, &r), 1);
    assert_int_equal(r.messages, 1996);
    assert_int_equal(r.count, 1);
    mem_free(g.mem, r.at);
    assert_int_equal(groups_next(&g, &kind, &r), 0);
    assert_null(g.head);
}

static void what_came_and_went_is_told_in_that_order(void **state)
{
    struct groups g;
    struct runs r;
    int kind;

    (void)state;
    groups_init(&g, mem_default());
    assert_int_equal(groups_add(&g, NEWS_CHANGED, 3, 3), 0);
    assert_int_equal(groups_add(&g, NEWS_NEW, 9, 10), 0);
    assert_int_equal(groups_add(&g, NEWS_GONE, 9, 9), 0);
    assert_int_equal(groups_add(&g, NEWS_GONE, 1, 1), 0);
    assert_int_equal(groups_add(&g, NEWS_NEW, 11, 11), 0);
    expect(&g, NEWS_NEW, 1, 9, 10);
    expect(&g, NEWS_CHANGED, 1, 3, 3);
    expect(&g, NEWS_GONE, 2, 9, 1);
    expect(&g, NEWS_NEW, 1, 11, 11);
    assert_int_equal(groups_next(&g, &kind, &r), 0);
}

static void memory_may_be_short(void **state)
{
    (void)state;
    for (size_t n = 1; n < 8; n++) {
        struct fail_mem f;
        struct groups g;
        int rc = 0;

        fail_mem_init(&f, n, 0);
        groups_init(&g, &f.mem);
        for (uint32_t uid = 1; uid < 40 && rc == 0; uid += 2)
            rc = groups_add(&g, (int)(uid / 2 % 3), uid, uid);
        assert_int_equal(rc, f.calls >= n ? MLA_E_NOMEM : 0);
        groups_clear(&g);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_grow_together),
        cmocka_unit_test(what_came_and_went_is_told_in_that_order),
        cmocka_unit_test(memory_may_be_short),
    };

    return cmocka_run_group_tests_name("keep/groups", tests, NULL, NULL);
}
