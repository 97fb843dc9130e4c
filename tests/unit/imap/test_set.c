#include "test.h"

#include "imap/set.h"

static char *text_of(const mla_range *ranges, size_t count, size_t room, size_t *at)
{
    static char out[4096];
    struct arena a;
    struct imap_set s;
    struct buf b;

    arena_init(&a, mem_default(), 1 << 20);
    buf_init(&b, mem_default(), sizeof out - 1);
    assert_int_equal(imap_set_copy(&s, &a, ranges, count), 0);
    assert_int_equal(imap_set_add(&s, at, room, &b), 0);
    memcpy(out, buf_text(&b), b.len + 1);
    buf_free(&b);
    arena_free(&a);
    return out;
}

static void check(const mla_range *ranges, size_t count, const char *want)
{
    size_t at = 0;

    assert_string_equal(text_of(ranges, count, SIZE_MAX, &at), want);
}

static void sorts_and_merges(void **state)
{
    const mla_range down[] = {{9, 7}, {1, 1}, {2, 3}, {5, 5}, {8, 12}};
    const mla_range all[] = {{1, 0}};
    const mla_range last[] = {{0, 0}};
    const mla_range mixed[] = {{0, 4}, {2, 2}, {7, 0}};
    const mla_range high[] = {{UINT32_MAX, UINT32_MAX}, {0, 0}};

    (void)state;
    check(down, 5, "1:3,5,7:12");
    check(all, 1, "1:*");
    check(last, 1, "*");
    check(mixed, 3, "2,4:*");
    /* "*" may be any number: it touches nothing */
    check(high, 2, "4294967295,*");
}

static void needs_a_range(void **state)
{
    struct arena a;
    struct imap_set s;

    (void)state;
    arena_init(&a, mem_default(), 100);
    assert_int_equal(imap_set_copy(&s, &a, NULL, 0), MLA_E_ARG);
    arena_free(&a);
}

/* Long sets are cut between ranges: some servers refuse long lines. */
static void cuts_to_fit(void **state)
{
    const mla_range r[] = {{1, 1}, {10, 19}, {100, 100}, {4294967290, 4294967294}};
    size_t at = 0;

    (void)state;
    assert_string_equal(text_of(r, 4, 7, &at), "1,10:19");
    assert_int_equal(at, 2);
    assert_string_equal(text_of(r, 4, 7, &at), "100");
    assert_int_equal(at, 3);
    /* at least one, even where it does not fit */
    assert_string_equal(text_of(r, 4, 7, &at), "4294967290:4294967294");
    assert_int_equal(at, 4);
}

static int has(const mla_range *r, size_t n, uint32_t number, uint32_t highest)
{
    struct arena a;
    struct imap_set s;
    size_t at = SIZE_MAX;
    int rc;

    arena_init(&a, mem_default(), 1 << 20);
    assert_int_equal(imap_set_copy(&s, &a, r, n), 0);
    rc = imap_set_has(&s, number, highest, &at);
    for (size_t i = 0; i < s.count; i++)
        assert_int_equal(imap_set_has_at(&s, i, number), i == at);
    arena_free(&a);
    return rc;
}

static void finds_members(void **state)
{
    const mla_range r[] = {{3, 5}, {9, 9}};
    const mla_range open[] = {{50, 0}};
    const mla_range star[] = {{0, 0}};

    (void)state;
    assert_false(has(r, 2, 2, 100));
    assert_true(has(r, 2, 3, 100));
    assert_true(has(r, 2, 5, 100));
    assert_false(has(r, 2, 6, 100));
    assert_true(has(r, 2, 9, 100));
    assert_false(has(r, 2, 10, 10));
    assert_true(has(open, 1, 51, 100));
    assert_false(has(open, 1, 49, 100));
    /* "50:*" where the highest is 40 means 40 (RFC 9051 section 9, seq-range) */
    assert_true(has(open, 1, 40, 40));
    assert_true(has(star, 1, 7, 7));
    assert_false(has(star, 1, 6, 7));
    assert_true(has(star, 1, 6, 0));
}

static void survives_no_memory(void **state)
{
    const mla_range r[] = {{9, 7}, {1, 1}};
    struct fail_mem f;
    struct arena a;
    struct imap_set s;

    (void)state;
    fail_mem_init(&f, 1, 0);
    arena_init(&a, &f.mem, 1000);
    assert_int_equal(imap_set_copy(&s, &a, r, 2), MLA_E_NOMEM);
    arena_init(&a, &f.mem, 8);
    assert_int_equal(imap_set_copy(&s, &a, r, 2), MLA_E_LIMIT);
    arena_free(&a);
    assert_int_equal(f.held, 0);
}

static int apart(const mla_range *a, size_t a_count, const mla_range *b, size_t b_count)
{
    struct arena arena;
    struct imap_set x;
    struct imap_set y;
    int one;

    arena_init(&arena, mem_default(), 1 << 20);
    assert_int_equal(imap_set_copy(&x, &arena, a, a_count), 0);
    assert_int_equal(imap_set_copy(&y, &arena, b, b_count), 0);
    one = imap_set_apart(&x, &y);
    assert_int_equal(imap_set_apart(&y, &x), one);
    arena_free(&arena);
    return one;
}

static void knows_what_is_apart(void **state)
{
    const mla_range odd[] = {{1, 1}, {3, 3}, {5, 9}};
    const mla_range even[] = {{2, 2}, {4, 4}, {10, 12}};
    const mla_range nine[] = {{9, 9}};
    const mla_range most[] = {{UINT32_MAX, UINT32_MAX}};
    const mla_range open[] = {{20, 0}};

    (void)state;
    assert_true(apart(odd, 3, even, 3));
    assert_false(apart(odd, 3, nine, 1));
    assert_true(apart(even, 3, nine, 1));
    assert_false(apart(odd, 3, odd, 3));
    assert_true(apart(odd, 3, most, 1));
    assert_false(apart(most, 1, most, 1));
    assert_false(apart(nine, 1, open, 1)); /* 9 may be the highest, which "*" is */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_and_merges),   cmocka_unit_test(needs_a_range),
        cmocka_unit_test(cuts_to_fit),        cmocka_unit_test(finds_members),
        cmocka_unit_test(survives_no_memory), cmocka_unit_test(knows_what_is_apart),
    };

    return cmocka_run_group_tests_name("imap/set", tests, NULL, NULL);
}
