#include "test.h"

#include "imap/uidset.h"

enum { SPAN = 20000 };

static uint64_t seed;

static uint32_t roll(uint32_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % n;
}

/* In any order, upwards, downwards, and every second one. */
static uint32_t next(unsigned kind, uint32_t i)
{
    switch (kind) {
    case 0:
        return i + 1;
    case 1:
        return SPAN - i;
    case 2:
        return i * 2 % SPAN + 1;
    default:
        return roll(SPAN) + 1;
    }
}

static void equals_a_plain_array(void **state)
{
    static uint8_t plain[SPAN + 2];

    (void)state;
    for (unsigned kind = 0; kind < 5; kind++) {
        struct uidset s;

        memset(plain, 0, sizeof plain);
        seed = kind;
        uidset_init(&s, mem_default());
        for (uint32_t i = 0; i < SPAN; i++) {
            uint32_t uid = next(kind, i);

            assert_int_equal(uidset_has(&s, uid), plain[uid]);
            assert_int_equal(uidset_add(&s, uid), 0);
            plain[uid] = 1;
            if (i % 500 == 0)
                assert_true(uidset_sane(&s));
        }
        for (uint32_t uid = 0; uid <= SPAN + 1; uid++)
            assert_int_equal(uidset_has(&s, uid), plain[uid]);
        assert_true(uidset_sane(&s));
        if (kind == 0)
            assert_int_equal(s.count, 0);
        uidset_free(&s);
    }
}

static void has_the_highest(void **state)
{
    struct uidset s;

    (void)state;
    uidset_init(&s, mem_default());
    assert_false(uidset_has(&s, 1));
    assert_int_equal(uidset_add(&s, UINT32_MAX), 0);
    assert_int_equal(uidset_add(&s, UINT32_MAX - 2), 0);
    assert_true(uidset_has(&s, UINT32_MAX));
    assert_false(uidset_has(&s, UINT32_MAX - 1));
    assert_true(uidset_has(&s, UINT32_MAX - 2));
    uidset_free(&s);
}

static void keeps_to_its_maximum(void **state)
{
    struct uidset s;
    uint32_t uid = 1;
    int rc = 0;

    (void)state;
    uidset_init(&s, mem_default());
    while (rc == 0 && uid < 20000000) {
        rc = uidset_add(&s, uid);
        uid += 2;
    }
    assert_int_equal(rc, MLA_E_LIMIT);
    assert_int_equal(uid / 2, UIDSET_BLOCKS_MAX * UIDSET_BLOCK + 2);
    assert_true(uidset_has(&s, uid - 4));
    uidset_free(&s);
}

static void survives_no_memory(void **state)
{
    (void)state;
    for (size_t at = 1; at < 30; at++) {
        static uint8_t plain[SPAN + 2];
        struct fail_mem f;
        struct uidset s;

        memset(plain, 0, sizeof plain);
        seed = at;
        fail_mem_init(&f, at, at % 2 != 0);
        uidset_init(&s, &f.mem);
        for (uint32_t i = 0; i < 4000; i++) {
            uint32_t uid = roll(SPAN) + 1;
            int rc = uidset_add(&s, uid);

            assert_true(rc == 0 || rc == MLA_E_NOMEM);
            plain[uid] |= rc == 0;
            assert_int_equal(uidset_has(&s, uid), plain[uid]);
        }
        assert_true(uidset_sane(&s));
        uidset_free(&s);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_a_plain_array),
        cmocka_unit_test(has_the_highest),
        cmocka_unit_test(keeps_to_its_maximum),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("imap/uidset", tests, NULL, NULL);
}
