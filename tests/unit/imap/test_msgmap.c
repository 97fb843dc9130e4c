#include "test.h"

#include "imap/msgmap.h"

enum { ROOM = 6000 };

/* The mailbox as it is, and what the map was told of it. */
struct model {
    uint32_t count;
    uint32_t uid_next;
    uint32_t uid[ROOM];
    struct msgmap_row known[ROOM];
};

static struct model model;
static uint64_t seed;

static uint32_t roll(uint32_t n)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % n;
}

/* New messages; every gap-th UID is left out, and now and then many. */
static void arrive(struct msgmap *m, uint32_t n, uint32_t gap)
{
    for (; n > 0 && model.count < ROOM; n--) {
        model.uid_next +=
            1 + (gap != 0 && roll(gap) == 0 ? 1U : 0U) + (roll(2000) == 0 ? roll(900000) : 0);
        model.uid[model.count] = model.uid_next;
        memset(&model.known[model.count++], 0, sizeof model.known[0]);
    }
    msgmap_resize(m, model.count);
}

static void learn(struct msgmap *m, uint32_t s, unsigned what)
{
    struct msgmap_row told = {0, 0, 0};

    if ((what & 1) != 0)
        model.known[s].uid = told.uid = model.uid[s];
    if ((what & 2) != 0)
        model.known[s].flags = told.flags = 1 + roll(roll(20) == 0 ? 1000 : 3);
    if ((what & 4) != 0)
        model.known[s].modseq = told.modseq = ((uint64_t)roll(3) << roll(62)) + 7;
    msgmap_learn(m, s + 1, &told);
}

static void gone(uint32_t s, uint32_t n)
{
    memmove(model.uid + s, model.uid + s + n, (model.count - s - n) * sizeof model.uid[0]);
    memmove(model.known + s, model.known + s + n, (model.count - s - n) * sizeof model.known[0]);
    model.count -= n;
}

/* RFC 7162 section 3.2.10.2, as slowly as can be. */
static void vanish_one(uint32_t s)
{
    uint32_t from = s;
    uint32_t end = s + 1;

    if (model.known[s].uid == 0) {
        while (from > 0 && model.known[from - 1].uid == 0)
            from--;
        while (end < model.count && model.known[end].uid == 0)
            end++;
        if (end - from > 1)
            memset(model.known + from, 0, (end - from) * sizeof model.known[0]);
    }
    gone(s, 1);
}

static void vanish(struct msgmap *m, uint32_t s, uint32_t n)
{
    uint32_t first = model.uid[s];
    uint32_t last = first;

    while (n-- > 0 && s < model.count && (model.uid[s] == first || model.uid[s] == last + 1)) {
        last = model.uid[s];
        vanish_one(s);
    }
    assert_int_equal(msgmap_vanish(m, first, last), m != NULL ? last - first + 1 : 0);
}

static void row_same(const struct msgmap *m, uint32_t s)
{
    struct msgmap_row row;

    msgmap_row(m, s + 1, &row);
    if (row.uid != model.known[s].uid || row.flags != model.known[s].flags ||
        row.modseq != model.known[s].modseq)
        fail_msg("message %u of %u: %u %u %u, not %u %u %u", s + 1, model.count, row.uid,
                 (unsigned)row.flags, (unsigned)row.modseq, model.known[s].uid,
                 (unsigned)model.known[s].flags, (unsigned)model.known[s].modseq);
    if (row.uid != 0)
        assert_int_equal(msgmap_seq(m, row.uid), s + 1);
    else
        assert_int_equal(msgmap_seq(m, model.uid[s]), 0);
}

/* Walks over the map by both kinds of ranges and compares with the model. */
static void ranges_same(const struct msgmap *m)
{
    mla_range r = {0, 0};
    uint32_t s = 0;
    unsigned columns = 1 + roll(7);

    while (msgmap_next_uids(m, r.last + 1, &r)) {
        while (s < model.count && model.known[s].uid != r.first)
            assert_int_equal(model.known[s++].uid, 0);
        for (uint32_t uid = r.first; uid <= r.last; uid++)
            assert_int_equal(model.known[s++].uid, uid);
        /* as long as can be */
        assert_true(s == model.count || model.known[s].uid != r.last + 1);
    }
    while (s < model.count)
        assert_int_equal(model.known[s++].uid, 0);
    for (r.last = 0, s = 0; msgmap_next_missing(m, columns, r.last + 1, &r);) {
        for (; s < r.last; s++) {
            const struct msgmap_row *k = &model.known[s];
            int missing = ((columns & 1) != 0 && k->uid == 0) ||
                          ((columns & 2) != 0 && k->flags == 0) ||
                          ((columns & 4) != 0 && k->modseq == 0);

            assert_int_equal(missing, s + 1 >= r.first);
        }
    }
}

static void all_same(const struct msgmap *m)
{
    assert_true(msgmap_sane(m));
    assert_int_equal(m->count, model.count);
    for (uint32_t s = 0; s < model.count; s++)
        row_same(m, s);
    ranges_same(m);
}

/* One random thing that happens to a mailbox. */
static void happen(struct msgmap *m, uint32_t gap)
{
    uint32_t s = model.count != 0 ? roll(model.count) : 0;
    uint32_t n = roll(30) == 0 ? roll(600) + 1 : roll(4) + 1;
    unsigned what = 1 + roll(7);

    if (model.count == 0 || roll(40) == 0) {
        arrive(m, roll(6) == 0 ? 1500 : roll(5), gap);
        return;
    }
    if (n > model.count - s)
        n = model.count - s;
    switch (roll(8)) {
    case 0:
        if (n > 4 && roll(4) != 0)
            n = 1;
        msgmap_erase(m, s + 1, n);
        gone(s, n);
        break;
    case 1:
        if (roll(6) == 0)
            vanish(m, s, n);
        break;
    case 2:
        if (roll(10) != 0)
            break;
        msgmap_unlearn(m, s + 1, n, what & 6);
        for (uint32_t k = s; k < s + n; k++) {
            model.known[k].flags = (what & 2) != 0 ? 0 : model.known[k].flags;
            model.known[k].modseq = (what & 4) != 0 ? 0 : model.known[k].modseq;
        }
        break;
    case 3: /* downwards */
        for (uint32_t k = s + n; k > s; k--)
            learn(m, k - 1, what);
        break;
    default:
        for (uint32_t k = s; k < s + n; k++)
            learn(m, k, what);
        break;
    }
}

static void equals_a_plain_array(void **state)
{
    static const uint32_t gaps[] = {0, 100, 2, 3};

    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        struct msgmap m;

        seed = i;
        memset(&model, 0, sizeof model);
        msgmap_init(&m, mem_default());
        if (i % 3 == 0) { /* first all UIDs or all flags, in order */
            arrive(&m, (uint32_t)test_rounds(4000), gaps[i % 4]);
            for (uint32_t s = 0; s < model.count; s++)
                learn(&m, s, i < 4 ? 1 : 2);
            all_same(&m);
        }
        for (int k = 0; k < test_rounds(1500); k++) {
            happen(&m, gaps[i % 4]);
            if (k % 10 == 0 && !msgmap_sane(&m))
                fail_msg("seed %u, step %d", i, k);
            if (k % 150 == 0)
                all_same(&m);
        }
        all_same(&m);
        assert_int_equal(m.forgets, 0);
        while (model.count > 0) {
            uint32_t s = roll(model.count);

            msgmap_erase(&m, s + 1, 1);
            gone(s, 1);
            if (model.count % 1000 == 0)
                all_same(&m);
        }
        assert_int_equal(m.block_count, 0);
        assert_int_equal(m.held, 0);
        msgmap_clear(&m);
    }
}

/* Only what is known, in the order of UIDs (RFC 9586). */
static void adds_without_numbers(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct msgmap m;

        seed = i + 100;
        memset(&model, 0, sizeof model);
        msgmap_init(&m, mem_default());
        for (int k = 0; k < test_rounds(4000); k++) {
            struct msgmap_row told = {1 + roll(i < 3 ? 3000 : 5000000), 1 + roll(3), 0};
            uint32_t s = 0;

            while (s < model.count && model.known[s].uid < told.uid)
                s++;
            if (roll(4) == 0) {
                uint32_t n = 0;

                while (s + n < model.count && model.known[s + n].uid < told.uid + 20)
                    n++;
                assert_int_equal(msgmap_drop(&m, told.uid, told.uid + 19), n);
                gone(s, n);
                continue;
            }
            assert_int_equal(msgmap_add(&m, &told), s + 1);
            if (s == model.count || model.known[s].uid != told.uid) {
                memmove(model.known + s + 1, model.known + s,
                        (model.count - s) * sizeof model.known[0]);
                model.count++;
            }
            model.known[s] = told;
            memcpy(&model.uid[s], &told.uid, sizeof told.uid);
            if (k % 10 == 0 && !msgmap_sane(&m))
                fail_msg("seed %u, step %d", i, k);
            if (k % 200 == 0)
                for (s = 0; s < model.count; s++)
                    row_same(&m, s);
        }
        assert_int_equal(m.count, model.count);
        for (uint32_t s = 0; s < model.count; s++)
            row_same(&m, s);
        msgmap_clear(&m);
    }
}

/* Without memory it knows less, never anything else. */
static void errs_by_knowing_less(void **state)
{
    (void)state;
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        for (size_t at = 1; at < 60; at++) {
            struct fail_mem f;
            struct msgmap m;

            seed = at;
            memset(&model, 0, sizeof model);
            fail_mem_init(&f, at * (1 + at / 8), from_then_on);
            msgmap_init(&m, &f.mem);
            for (int k = 0; k < 150; k++) {
                happen(&m, at % 4);
                assert_true(msgmap_sane(&m));
            }
            assert_int_equal(m.count, model.count);
            for (uint32_t s = 0; s < model.count; s++) {
                struct msgmap_row row;

                msgmap_row(&m, s + 1, &row);
                assert_true(row.uid == 0 || row.uid == model.uid[s]);
                assert_true(row.flags == 0 || row.flags == model.known[s].flags);
                assert_true(row.modseq == 0 || row.modseq == model.known[s].modseq);
            }
            msgmap_clear(&m);
            assert_int_equal(f.held, 0);
        }
    }
}

static void adds_without_memory(void **state)
{
    (void)state;
    for (size_t at = 1; at < 60; at++) {
        struct fail_mem f;
        struct msgmap m;

        seed = at;
        fail_mem_init(&f, at, 1);
        msgmap_init(&m, &f.mem);
        for (int k = 0; k < test_rounds(2000); k++) {
            struct msgmap_row told = {1 + roll(20000), 1, 0};
            uint32_t seq = msgmap_add(&m, &told);

            assert_true(seq == 0 || msgmap_uid(&m, seq) == told.uid);
            assert_int_equal(m.known[MSGMAP_UID], m.count);
        }
        assert_true(msgmap_sane(&m));
        assert_true(f.calls < at || m.forgets > 0);
        msgmap_clear(&m);
        assert_int_equal(f.held, 0);
    }
}

static void tell(struct msgmap *m, uint32_t seq, uint32_t uid, uint64_t flags)
{
    const struct msgmap_row told = {uid, flags, 0};

    msgmap_learn(m, seq, &told);
}

static void forgets_what_is_contradicted(void **state)
{
    struct msgmap m;

    (void)state;
    msgmap_init(&m, mem_default());
    msgmap_resize(&m, 900);
    for (uint32_t seq = 1; seq <= 600; seq++)
        tell(&m, seq, seq + 9, 1);
    assert_int_equal(m.block_count, 1);
    tell(&m, 601, 609, 1); /* that is 600 */
    assert_int_equal(m.forgets, 1);
    assert_int_equal(msgmap_uid(&m, 600), 0);
    assert_int_equal(msgmap_uid(&m, 601), 609);
    tell(&m, 601, 710, 1);
    assert_int_equal(m.forgets, 2);
    assert_int_equal(msgmap_uid(&m, 601), 710);
    tell(&m, 700, 900, 1);
    tell(&m, 650, 850, 1);
    assert_int_equal(m.forgets, 2);
    tell(&m, 651, 852, 1); /* for 49 messages there are 48 UIDs up to 900 */
    assert_int_equal(m.forgets, 3);
    assert_int_equal(msgmap_uid(&m, 700), 0);
    tell(&m, 700, 900, 1); /* above 651 by 49, and only 48 UIDs more */
    assert_int_equal(m.forgets, 4);
    tell(&m, 5, 4, 1); /* four others are in front of it */
    assert_int_equal(m.forgets, 5);
    tell(&m, 0, 4, 1);
    tell(&m, 901, 1000, 1);
    assert_int_equal(m.known[MSGMAP_UID], 0);
    tell(&m, 3, 1000, 1);
    msgmap_resize(&m, 800);
    assert_int_equal(m.forgets, 6);
    msgmap_clear(&m);
}

/* M08: a mailbox as large as can be said costs what is known of it. */
static void holds_as_much_as_is_known(void **state)
{
    struct fail_mem f;
    struct msgmap m;

    (void)state;
    fail_mem_init(&f, 0, 0);
    msgmap_init(&m, &f.mem);
    msgmap_resize(&m, UINT32_MAX);
    assert_int_equal(f.held, 0);
    tell(&m, 4000000000, 4000000050, 3);
    tell(&m, 7, 20, 1);
    tell(&m, 4294967200, 4294967294, 1);
    assert_int_equal(m.forgets, 0);
    assert_true(msgmap_sane(&m));
    assert_true(msgmap_octets(&m) < 10000);
    assert_int_equal(msgmap_seq(&m, 4000000050), 4000000000);
    assert_int_equal(msgmap_vanish(&m, 71, 80), 10);
    assert_int_equal(msgmap_seq(&m, 4000000050), 4000000000 - 10);
    assert_int_equal(msgmap_vanish(&m, 1, 4294967294), 4294967200 - 10);
    assert_int_equal(m.count, UINT32_MAX - 4294967200);
    msgmap_clear(&m);
    assert_int_equal(f.held, 0);
}

static void keeps_to_its_maximum(void **state)
{
    struct msgmap m;

    (void)state;
    msgmap_init(&m, mem_default());
    m.held_max = 20000;
    msgmap_resize(&m, 100000);
    for (uint32_t seq = 1; seq <= 100000; seq++) {
        tell(&m, seq, seq * 2, seq % 7 + 1);
        assert_true(m.held <= 20000);
    }
    assert_true(m.forgets > 5);
    assert_true(msgmap_sane(&m));
    msgmap_clear(&m);
    assert_int_equal(m.held_max, 20000);
}

/* RFC 7162 section 3.2.10.2: of several that are not known it is not said which has gone. */
static void vanishes_among_the_unknown(void **state)
{
    struct msgmap_row row;
    struct msgmap m;

    (void)state;
    msgmap_init(&m, mem_default());
    msgmap_resize(&m, 6);
    tell(&m, 1, 10, 1);
    tell(&m, 2, 0, 2);
    tell(&m, 3, 0, 3);
    tell(&m, 4, 20, 4);
    tell(&m, 5, 0, 5);
    assert_int_equal(msgmap_vanish(&m, 15, 15), 1);
    assert_int_equal(m.count, 5);
    assert_int_equal(msgmap_seq(&m, 20), 3);
    msgmap_row(&m, 2, &row);
    assert_int_equal(row.flags, 0);
    assert_int_equal(msgmap_vanish(&m, 12, 18), 1); /* there is only one it can have been */
    assert_int_equal(msgmap_seq(&m, 20), 2);
    assert_int_equal(msgmap_vanish(&m, 11, 11), 0); /* nobody is left there */
    assert_int_equal(msgmap_vanish(&m, 30, 30), 1);
    msgmap_row(&m, 3, &row);
    assert_int_equal(row.flags, 0);
    assert_int_equal(m.count, 3);
    assert_int_equal(msgmap_vanish(&m, 0, 5), 0);
    msgmap_clear(&m);
}

/* Runs of messages at a time are the same as each of them alone. */
static void appends_many_at_a_time(void **state)
{
    (void)state;
    for (unsigned start = 1; start < 8; start++) {
        struct msgmap one;
        struct msgmap many;
        uint32_t uid = 1;
        unsigned x = start;
        uint32_t n;

        msgmap_init(&one, mem_default());
        msgmap_init(&many, mem_default());
        for (int i = 0; i < 60; i++, uid += n) {
            struct msgmap_row row;

            x = x * 1103515245 + 12345;
            n = 1 + (x >> 16) % ((x >> 12) % 3 == 0 ? 700 : 5);
            uid += (x >> 8) % 3;
            row.flags = (x >> 20) % 3;
            row.modseq = 0;
            assert_int_equal(msgmap_append(&many, uid, n, row.flags), 0);
            for (row.uid = uid; row.uid < uid + n; row.uid++)
                assert_true(msgmap_add(&one, &row) != 0);
            assert_true(msgmap_sane(&many));
        }
        assert_int_equal(one.count, many.count);
        for (uint32_t seq = 1; seq <= one.count; seq += n) {
            uint64_t flags;

            n = msgmap_same_flags(&many, seq, &flags);
            assert_in_range(n, 1, one.count - seq + 1);
            for (uint32_t i = 0; i < n; i++) {
                struct msgmap_row a;
                struct msgmap_row b;

                msgmap_row(&one, seq + i, &a);
                msgmap_row(&many, seq + i, &b);
                assert_int_equal(a.uid, b.uid);
                assert_int_equal(a.flags, b.flags);
                assert_int_equal(a.flags, flags);
            }
        }
        msgmap_clear(&one);
        msgmap_clear(&many);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_a_plain_array),
        cmocka_unit_test(adds_without_numbers),
        cmocka_unit_test(errs_by_knowing_less),
        cmocka_unit_test(adds_without_memory),
        cmocka_unit_test(forgets_what_is_contradicted),
        cmocka_unit_test(holds_as_much_as_is_known),
        cmocka_unit_test(keeps_to_its_maximum),
        cmocka_unit_test(vanishes_among_the_unknown),
        cmocka_unit_test(appends_many_at_a_time),
    };

    return cmocka_run_group_tests_name("imap/msgmap", tests, NULL, NULL);
}
