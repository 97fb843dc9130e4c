/* test_known.c - lib/keep/known: what is told, against a plain array */
#include "keep/known.h"
#include "test.h"

enum { UIDS = 200 };

static const mla_str words[] = {{"\\Seen", 5}, {"\\Recent", 7}, {"$Work", 5}};

static mla_imap_fetch fetch_of(uint32_t flags)
{
    mla_imap_fetch f;

    memset(&f, 0, sizeof f);
    f.fields = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS;
    f.flags = flags;
    f.words = words;
    f.word_count = (flags & MLA_IMAP_FLAG_KEYWORDS) != 0 ? 3 : 2;
    return f;
}

/* Applies the news to told[], which then has to be there[]. */
static void apply(struct known *k, int *told, const int *there)
{
    struct runs r;
    int kind;

    while (groups_next(&k->news, &kind, &r)) {
        for (size_t i = 0; i < r.count; i++) {
            for (uint32_t uid = r.at[i].first; uid <= r.at[i].last; uid++) {
                assert_int_equal(told[uid] != 0, kind != NEWS_NEW);
                told[uid] = kind == NEWS_GONE ? 0 : there[uid] != 0 ? there[uid] : 1;
            }
        }
        mem_free(k->map.mem, r.at);
    }
    for (uint32_t uid = 1; uid < UIDS; uid++) {
        struct msgmap_row row;
        uint32_t seq = msgmap_seq(&k->map, uid);

        assert_int_equal(told[uid], there[uid]);
        assert_int_equal(seq != 0, there[uid] != 0);
        if (seq == 0)
            continue;
        msgmap_row(&k->map, seq, &row);
        assert_int_equal(row.flags, there[uid]);
    }
}

/* The number of flags, \Recent apart. */
static int number(struct known *k, uint32_t flags)
{
    return (int)flagbook_number(&k->flags, flags & ~(uint32_t)MLA_IMAP_FLAG_RECENT, words, 3);
}

static void random_changes_are_told(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 30; seed++) {
        static const uint32_t some[] = {0, 1, 32, 33, 4 | 128, 5 | 128 | 32};
        unsigned x = seed;
        int told[UIDS] = {0};
        int there[UIDS] = {0};
        struct known k;

        known_init(&k, mem_default());
        for (int step = 0; step < 300; step++) {
            uint32_t uid;
            uint32_t flags;

            x = x * 1103515245 + 12345;
            uid = 1 + (x >> 8) % (UIDS - 1);
            flags = some[(x >> 20) % 6];
            if ((x >> 24) % 3 == 0) {
                uint32_t last = uid + (x >> 16) % 9;

                known_gone(&k, uid, last);
                for (uint32_t u = uid; u <= last && u < UIDS; u++)
                    there[u] = 0;
            } else {
                mla_imap_fetch f = fetch_of(flags);

                known_fetched(&k, uid, &f);
                there[uid] = number(&k, flags);
            }
            if (step % 7 == 0)
                apply(&k, told, there);
        }
        apply(&k, told, there);
        assert_int_equal(k.error, 0);
        assert_true(msgmap_sane(&k.map));
        known_free(&k);
    }
}

static void what_is_not_in_the_ranges_is_gone(void **state)
{
    const mla_range first[] = {{2, 3}, {7, 7}};
    const mla_range second[] = {{9, 9}};
    mla_imap_fetch f = fetch_of(0);
    struct known k;
    struct runs r;
    uint32_t at = 1;
    int kind;

    (void)state;
    known_init(&k, mem_default());
    for (uint32_t uid = 1; uid <= 12; uid++)
        known_fetched(&k, uid, &f);
    assert_int_equal(groups_next(&k.news, &kind, &r), 1);
    mem_free(k.map.mem, r.at);
    known_gone_between(&k, &at, first, 2, 0);
    known_gone_between(&k, &at, second, 1, 0);
    known_gone_between(&k, &at, NULL, 0, 1);
    assert_int_equal(k.map.count, 4);
    assert_int_equal(groups_next(&k.news, &kind, &r), 1);
    assert_int_equal(kind, NEWS_GONE);
    assert_int_equal(r.messages, 8);
    mem_free(k.map.mem, r.at);
    known_free(&k);
}

static void comparing_finds_what_is_different(void **state)
{
    const mla_str box_name = {"x", 1};
    int told[UIDS] = {0};
    int there[UIDS] = {0};
    struct imap_state box;
    struct known k;
    struct mla_imap_event ev;
    uint32_t seq = 0;

    (void)state;
    known_init(&k, mem_default());
    imap_state_init(&box, mem_default());
    assert_int_equal(imap_state_begin(&box, box_name, 0, 0), 0);
    for (uint32_t uid = 1; uid < 60; uid++) {
        mla_imap_fetch f = fetch_of(uid % 4 == 0 ? 1 | 32 : 0);

        known_fetched(&k, uid, &f);
        there[uid] = number(&k, f.flags);
    }
    apply(&k, told, there);
    memset(there, 0, sizeof there);
    memset(&ev, 0, sizeof ev);
    ev.type = MLA_IMAP_EV_EXISTS;
    ev.number = 50;
    assert_int_equal(imap_state_apply(&box, &ev), 0);
    for (uint32_t uid = 2; seq < 50; uid += uid % 5 == 0 ? 2 : 1) {
        mla_imap_fetch f = fetch_of(uid % 3 == 0 ? 5 | 128 : 1);

        f.seq = ++seq;
        f.uid = uid;
        assert_int_equal(imap_state_fetch(&box, &f), 0);
        there[uid] = number(&k, f.flags);
    }
    known_compare(&k, &box);
    apply(&k, told, there);
    known_compare(&k, &box);
    assert_null(k.news.head); /* the same again is no news */
    imap_state_clear(&box);
    known_free(&k);
}

static void memory_may_be_short(void **state)
{
    (void)state;
    for (size_t n = 1; n < 60; n++) {
        struct fail_mem f;
        struct known k;

        fail_mem_init(&f, n, 1);
        known_init(&k, &f.mem);
        for (uint32_t uid = 1; uid < 900; uid += 1 + uid % 3) {
            mla_imap_fetch told = fetch_of(uid % 5 == 0 ? 4 | 128 : uid % 2);

            known_fetched(&k, uid, &told);
        }
        if (f.calls < n)
            assert_int_equal(k.error, 0);
        known_void(&k);
        assert_int_equal(k.error, 0);
        assert_int_equal(f.held, 0);
        known_free(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_changes_are_told),
        cmocka_unit_test(what_is_not_in_the_ranges_is_gone),
        cmocka_unit_test(comparing_finds_what_is_different),
        cmocka_unit_test(memory_may_be_short),
    };

    return cmocka_run_group_tests_name("keep/known", tests, NULL, NULL);
}
