/* test_drop.c - lib/collect/drop */
#include "collect/drop.h"

#include "mailaccess/collect_types.h"
#include "test.h"

#include <stdio.h>

static struct drop drop;

static int add_size(uint32_t number, uint64_t size)
{
    mla_pop3_item item = {.number = number, .size = size};

    return drop_add(&drop, &item);
}

static int add_uidl(uint32_t number, const char *uidl)
{
    mla_pop3_item item = {.number = number, .uidl = {uidl, strlen(uidl)}};

    return drop_add(&drop, &item);
}

static void is(uint32_t index, uint32_t number, uint64_t size, const char *uidl)
{
    mla_str s = drop_uidl(&drop, &drop.mail[index]);

    assert_int_equal(drop.mail[index].number, number);
    assert_int_equal(drop.mail[index].size, size);
    assert_int_equal(s.len, strlen(uidl));
    assert_true(s.len == 0 || memcmp(s.ptr, uidl, s.len) == 0);
    assert_ptr_equal(drop_find(&drop, number), &drop.mail[index]);
}

/* P13: the two are joined by number, in whatever order they come. */
static void joins_by_number(void **state)
{
    (void)state;
    drop_init(&drop, mem_default());
    assert_null(drop_find(&drop, 1));
    assert_int_equal(add_uidl(7, "seven"), 0);
    assert_int_equal(add_uidl(2, "two"), 0);
    assert_int_equal(add_uidl(4294967295u, "last"), 0);
    assert_int_equal(add_uidl(9, ""), 0);
    assert_int_equal(add_size(2, 20), 0);
    assert_int_equal(add_size(9, 90), 0);
    assert_int_equal(add_size(7, 70), 0);
    assert_int_equal(add_size(7, 71), 0); /* twice */
    assert_int_equal(drop_join(&drop), 0);
    assert_int_equal(drop.count, 4);
    is(0, 2, 20, "two");
    assert_true(drop.mail[1].size == 70 || drop.mail[1].size == 71);
    is(1, 7, drop.mail[1].size, "seven");
    is(2, 9, 90, "");
    is(3, 4294967295u, 0, "last");
    assert_true(drop.mail[3].flags == 0 && drop.mail[0].flags == MAIL_LISTED);
    assert_null(drop_find(&drop, 3));
    assert_null(drop_find(&drop, 0));
    drop_free(&drop);
    assert_int_equal(drop_join(&drop), 0);
    assert_null(drop_find(&drop, 1));
    drop_free(&drop);
}

static void finds_by_uidl(void **state)
{
    char uidl[32];

    (void)state;
    for (int order = 0; order < 3; order++) {
        drop_init(&drop, mem_default());
        for (uint32_t i = 0; i < 500; i++) {
            uint32_t k = order == 0 ? i : order == 1 ? 499 - i : i * 7919 % 500;

            snprintf(uidl, sizeof uidl, "u%u", k - k % 5 / 4);
            assert_int_equal(add_uidl(i + 1, uidl), 0);
        }
        assert_int_equal(drop_join(&drop), 0);
        for (uint32_t i = 0; i < 500; i++) {
            const struct mail *m;
            int shared = i % 5 >= 3;

            snprintf(uidl, sizeof uidl, "u%u", i - i % 5 / 4);
            m = drop_find_uidl(&drop, (mla_str){uidl, strlen(uidl)});
            assert_non_null(m);
            assert_int_equal((m->flags & MLA_COLLECT_SHARED) != 0, shared);
        }
        assert_null(drop_find_uidl(&drop, (mla_str){"u", 1}));
        assert_null(drop_find_uidl(&drop, (mla_str){"v", 1}));
        drop_free(&drop);
    }
}

static void very_long_uidls_get_a_digest(void **state)
{
    char uidl[DROP_UIDL_MAX + 2];
    mla_str s;

    (void)state;
    drop_init(&drop, mem_default());
    memset(uidl, 'x', sizeof uidl);
    uidl[DROP_UIDL_MAX + 1] = 0;
    assert_int_equal(add_uidl(1, uidl), 0);
    uidl[DROP_UIDL_MAX] = 0;
    assert_int_equal(add_uidl(2, uidl), 0);
    assert_int_equal(drop_join(&drop), 0);
    s = drop_uidl(&drop, &drop.mail[0]);
    assert_int_equal(s.len, 2 + 2 * DIGEST_LEN);
    assert_memory_equal(s.ptr, "h-", 2);
    assert_int_equal(drop_uidl(&drop, &drop.mail[1]).len, DROP_UIDL_MAX);
    drop_free(&drop);
}

static void queues_go_round(void **state)
{
    struct fifo f;

    (void)state;
    assert_int_equal(fifo_init(&f, mem_default(), 3), 0);
    for (uint32_t i = 0; i < 20; i++) {
        fifo_push(&f, i);
        fifo_push(&f, i + 100);
        assert_int_equal(fifo_peek(&f), i);
        assert_int_equal(fifo_pop(&f), i);
        assert_int_equal(fifo_pop(&f), i + 100);
        assert_int_equal(f.count, 0);
    }
    fifo_free(&f, mem_default());
    fifo_free(&f, mem_default());
}

static void survives_failing_memory(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct fail_mem f;
        int rc = 0;

        fail_mem_init(&f, n, 0);
        drop_init(&drop, &f.mem);
        for (uint32_t i = 1; i <= 600 && rc == 0; i++)
            rc = add_uidl(i, "uidl");
        if (rc == 0)
            rc = drop_join(&drop);
        drop_free(&drop);
        assert_int_equal(f.held, 0);
        assert_int_equal(rc, f.calls < n ? 0 : MLA_E_NOMEM);
        if (f.calls < n)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_by_number),
        cmocka_unit_test(finds_by_uidl),
        cmocka_unit_test(very_long_uidls_get_a_digest),
        cmocka_unit_test(queues_go_round),
        cmocka_unit_test(survives_failing_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
