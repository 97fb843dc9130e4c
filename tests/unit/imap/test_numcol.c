#include "test.h"

#include "imap/numcol.h"

static uint64_t seed;

static uint32_t roll(uint32_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % n;
}

/* Numbers of one size class, so that columns of each width come up, and now and then all of them.
 */
static uint64_t number(unsigned kind)
{
    switch (kind % 5) {
    case 0:
        return roll(3);
    case 1:
        return roll(20) != 0 ? 1000000 + roll(250) : 0;
    case 2:
        return roll(70000) + 1;
    case 3:
        return UINT32_MAX - roll(1000000);
    default:
        return ((uint64_t)1 << (1 + roll(60))) + roll(3);
    }
}

static void same(const struct numcol *c, const uint64_t *plain, uint32_t n)
{
    uint32_t known = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (numcol_get(c, i) != plain[i])
            fail_msg("number %u of %u differs", i, n);
        known += plain[i] != 0;
    }
    assert_int_equal(numcol_known(c, n), known);
    assert_true(numcol_sane(c, n));
}

static void grow(uint64_t *plain, uint32_t n, uint32_t i, uint64_t v, uint32_t step)
{
    memmove(plain + i + 1, plain + i, (n - i) * sizeof *plain);
    plain[i] = v;
    for (uint32_t k = i + 1; k <= n; k++)
        if (plain[k] != 0)
            plain[k] -= step;
}

static void shrink(uint64_t *plain, uint32_t n, uint32_t i, uint32_t step)
{
    memmove(plain + i, plain + i + 1, (n - i - 1) * sizeof *plain);
    for (uint32_t k = i; k + 1 < n; k++)
        if (plain[k] != 0)
            plain[k] += step;
}

/* One random change of both. */
static uint32_t change(struct numcol *c, const struct mem *mem, uint64_t *plain, uint32_t n,
                       unsigned kind, int *out_rc)
{
    uint32_t i = n != 0 ? roll(n) : 0;
    uint64_t v = number(kind);
    uint32_t step = roll(4) == 0;

    switch (n == 0 ? 0 : roll(5)) {
    case 0:
        if (n == NUMCOL_MAX)
            return n;
        *out_rc = numcol_push_fast(c, n, v) ? 0 : numcol_push(c, mem, n, v);
        plain[n] = v;
        return n + 1;
    case 1:
        if (n == NUMCOL_MAX)
            return n;
        for (uint32_t k = i; k < n && step != 0; k++) /* nothing behind may be smaller */
            step = v != 0 && (plain[k] == 0 || plain[k] > v);
        *out_rc = numcol_insert(c, mem, n, i, v, step);
        grow(plain, n, i, v, step);
        return n + 1;
    case 2:
        if (n < 5 || roll(3) != 0)
            return n;
        *out_rc = numcol_erase(c, mem, n, i, step);
        shrink(plain, n, i, step);
        return n - 1;
    default:
        *out_rc = numcol_set(c, mem, n, i, v);
        plain[i] = v;
        return n;
    }
}

static void equals_a_plain_array(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 10; kind++) {
        uint64_t plain[NUMCOL_MAX + 1] = {0};
        struct numcol c;
        uint32_t n = 0;

        memset(&c, 0, sizeof c);
        seed = kind;
        for (int k = 0; k < test_rounds(4000); k++) {
            int rc = 0;

            n = change(&c, mem_default(), plain, n, k % 500 == 0 ? kind + 1 : kind, &rc);
            assert_int_equal(rc, 0);
            same(&c, plain, n);
        }
        numcol_fill(&c, mem_default(), 7);
        assert_int_equal(numcol_get(&c, 3), 7);
        assert_int_equal(numcol_octets(&c), 0);
    }
}

static void gives_memory_back_when_all_are_the_same(void **state)
{
    struct fail_mem f;
    struct numcol c;

    (void)state;
    fail_mem_init(&f, 0, 0);
    memset(&c, 0, sizeof c);
    for (uint32_t i = 0; i < NUMCOL_MAX; i++)
        numcol_push(&c, &f.mem, i, i % 2 + 1);
    assert_int_equal(f.held, 1);
    assert_int_equal(numcol_octets(&c), NUMCOL_MAX);
    for (uint32_t i = 0; i < NUMCOL_MAX; i += 2)
        numcol_set(&c, &f.mem, NUMCOL_MAX, i, 2);
    assert_int_equal(f.held, 0);
    assert_true(numcol_fits(&c, 2));
    assert_true(numcol_can_erase(&c, 1000000, 500, 0));
    assert_false(numcol_can_erase(&c, 1000000, 500, 1));
    assert_true(numcol_can_erase(&c, 1000000, 0, 1));
    assert_int_equal(numcol_erase(&c, &f.mem, 1000000, 0, 1), 0);
    assert_int_equal(numcol_get(&c, 0), 3);
}

/* The last number that 1 and 2 octets hold, and the first that they do not. */
static void widens_at_the_edge(void **state)
{
    static const uint64_t tops[] = {255, 256, 1065534, 1065535, (uint64_t)1000000 + UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
        const uint64_t low = tops[i] < 1000 ? 1 : 1000000;
        struct numcol c;

        memset(&c, 0, sizeof c);
        numcol_push(&c, mem_default(), 0, low);
        numcol_push(&c, mem_default(), 1, tops[i]);
        assert_int_equal(c.width, i == 0 ? 1 : i <= 2 ? 2 : i == 3 ? 4 : 8);
        assert_int_equal(numcol_get(&c, 1), tops[i]);
        numcol_push(&c, mem_default(), 2, low);
        numcol_erase(&c, mem_default(), 3, 0, 1);
        assert_int_equal(numcol_get(&c, 0), tops[i] + 1);
        assert_int_equal(numcol_get(&c, 1), low + 1);
        numcol_fill(&c, mem_default(), 0);
    }
}

/* Where memory is short all is "not known", and the length is as it was asked for. */
static void forgets_without_memory(void **state)
{
    (void)state;
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        for (size_t at = 1; at < 40; at++) {
            uint64_t plain[NUMCOL_MAX + 1] = {0};
            struct fail_mem f;
            struct numcol c;
            uint32_t n = 0;

            fail_mem_init(&f, at, from_then_on);
            memset(&c, 0, sizeof c);
            seed = at;
            for (int k = 0; k < test_rounds(600); k++) {
                int rc = 0;

                n = change(&c, &f.mem, plain, n, (unsigned)k / 10, &rc);
                assert_true(numcol_sane(&c, n));
                if (rc != 0) {
                    assert_int_equal(rc, -100);
                    memset(plain, 0, sizeof plain);
                }
                same(&c, plain, n);
            }
            numcol_fill(&c, &f.mem, 0);
            assert_int_equal(f.held, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_a_plain_array),
        cmocka_unit_test(gives_memory_back_when_all_are_the_same),
        cmocka_unit_test(widens_at_the_edge),
        cmocka_unit_test(forgets_without_memory),
    };

    return cmocka_run_group_tests_name("imap/numcol", tests, NULL, NULL);
}
