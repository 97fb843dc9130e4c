/* test_seen_table.c - lib/collect/seen_table */
#include "collect/seen_table.h"

#include "test.h"

#include <stdio.h>

static mla_str str(const char *text)
{
    mla_str s = {text, strlen(text)};

    return s;
}

static int put(struct seen_table *t, uint32_t source, const char *id, uint64_t size,
               const char *note)
{
    mla_seen_record r = {.id = str(id), .size = size, .note = str(note)};

    return seen_table_put(t, source, &r);
}

static void finds_what_was_put(void **state)
{
    struct seen_table t;
    mla_seen_record r;
    uint32_t a;
    uint32_t b;

    (void)state;
    seen_table_init(&t, mem_default(), 7);
    assert_int_equal(seen_table_find(&t, 0, str("x"), &r), 0);
    assert_int_equal(seen_table_has_note(&t, str("x")), 0);
    assert_int_equal(seen_table_source(&t, str("a"), &a), 0);
    assert_int_equal(seen_table_source(&t, str("b"), &b), 0);
    assert_int_not_equal(a, b);
    assert_int_equal(seen_table_source(&t, str("a"), &b), 0);
    assert_int_equal(a, b);
    assert_int_equal(put(&t, 0, "x", 1, "f1"), 0);
    assert_int_equal(put(&t, 1, "x", 2, "f2"), 0);
    assert_int_equal(seen_table_find(&t, 0, str("x"), &r), 1);
    assert_int_equal(r.size, 1);
    assert_memory_equal(r.note.ptr, "f1", 2);
    /* replaced, by a record whose words are in the old one */
    r.size = 3;
    assert_int_equal(seen_table_put(&t, 0, &r), 0);
    assert_int_equal(seen_table_find(&t, 0, str("x"), &r), 1);
    assert_int_equal(r.size, 3);
    assert_int_equal(t.live, 2);
    assert_int_equal(seen_table_has_note(&t, str("f2")), 1);
    assert_int_equal(put(&t, 1, "x", 2, "f3"), 0);
    assert_int_equal(seen_table_has_note(&t, str("f2")), 0);
    assert_int_equal(seen_table_has_note(&t, str("f3")), 1);
    assert_int_equal(seen_table_remove(&t, 1, str("x")), 1);
    assert_int_equal(seen_table_remove(&t, 1, str("x")), 0);
    assert_int_equal(seen_table_has_note(&t, str("f3")), 0);
    assert_int_equal(seen_table_find(&t, 0, str("x"), &r), 1);
    seen_table_free(&t);
}

/* 20,000 records come and go for ever: the room that they take does not grow. */
static void its_room_is_bounded(void **state)
{
    struct seen_table t;
    mla_seen_record r;
    char id[32];

    (void)state;
    seen_table_init(&t, mem_default(), 7);
    for (int i = 0; i < 60000; i++) {
        snprintf(id, sizeof id, "id%d", i);
        assert_int_equal(put(&t, 0, id, (uint64_t)i, id), 0);
        if (i >= 20000) {
            snprintf(id, sizeof id, "id%d", i - 20000);
            assert_int_equal(seen_table_remove(&t, 0, str(id)), 1);
        }
        if (t.listed > 2 * t.live + 1000)
            seen_table_pack(&t);
    }
    assert_int_equal(t.live, 20000);
    assert_true(t.listed <= 2 * t.live + 1001);
    assert_true(t.by_id.size <= 262144 && t.by_note.size <= 262144);
    for (int i = 0; i < 60000; i++) {
        snprintf(id, sizeof id, "id%d", i);
        assert_int_equal(seen_table_find(&t, 0, str(id), &r), i >= 40000);
        assert_int_equal(seen_table_has_note(&t, str(id)), i >= 40000);
    }
    seen_table_free(&t);
}

static void each_comes_once(void **state)
{
    struct seen_table t;
    mla_seen_record r;
    char id[32];
    uint64_t at = 0;
    uint32_t source;
    int n = 0;

    (void)state;
    seen_table_init(&t, mem_default(), 7);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "id%d", i);
        assert_int_equal(put(&t, (uint32_t)i & 1, id, 1, ""), 0);
    }
    while (seen_table_each(&t, &at, &source, &r)) {
        assert_int_equal(r.size, 1);
        r.size = 2;
        if (n % 3 == 0) { /* also while they change */
            snprintf(id, sizeof id, "%.*s", (int)r.id.len, r.id.ptr);
            assert_int_equal(seen_table_remove(&t, source, str(id)), 1);
        } else {
            assert_int_equal(seen_table_put(&t, source, &r), 0);
        }
        n++;
    }
    assert_int_equal(n, 100);
    assert_int_equal(t.live, 66);
    seen_table_free(&t);
}

static int use(struct seen_table *t)
{
    char id[32];
    uint32_t source;
    int rc = seen_table_source(t, str("source"), &source);

    for (int i = 0; i < 600 && rc == 0; i++) {
        snprintf(id, sizeof id, "id%d", i);
        rc = put(t, source, id, 1, id);
        if (rc == 0 && i % 5 == 0)
            rc = put(t, source, "id0", 2, "again");
    }
    return rc;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++)
        for (size_t n = 1;; n++) {
            struct fail_mem f;
            struct seen_table t;
            size_t live;
            int rc;

            fail_mem_init(&f, n, way);
            seen_table_init(&t, &f.mem, 7);
            rc = use(&t);
            live = t.live;
            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            seen_table_pack(&t);
            assert_int_equal(t.live, live);
            seen_table_free(&t);
            assert_int_equal(f.held, 0);
            if (f.calls < n)
                break;
            assert_int_equal(rc, MLA_E_NOMEM);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put),
        cmocka_unit_test(its_room_is_bounded),
        cmocka_unit_test(each_comes_once),
        cmocka_unit_test(survives_failing_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
