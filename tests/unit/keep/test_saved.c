/* test_saved.c - lib/keep/saved: what is known, stored and read back */
#include "keep/saved.h"
#include "test.h"

enum { UIDS = 3000 };

static const mla_str seen_work[] = {{"\\Seen", 5}, {"$Work", 5}};
static const mla_str recent_two[] = {{"\\Recent", 7}, {"two", 3}};
static const mla_str flagged[] = {{"\\Flagged", 8}};

static const mla_imap_fetch kinds[] = {
    {.fields = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS},
    {.fields = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS,
     .flags = MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_KEYWORDS,
     .words = seen_work,
     .word_count = 2},
    {.fields = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS,
     .flags = MLA_IMAP_FLAG_RECENT | MLA_IMAP_FLAG_KEYWORDS,
     .words = recent_two,
     .word_count = 2},
    {.fields = MLA_IMAP_ITEM_UID | MLA_IMAP_ITEM_FLAGS,
     .flags = MLA_IMAP_FLAG_FLAGGED,
     .words = flagged,
     .word_count = 1},
    {.fields = MLA_IMAP_ITEM_UID}, /* its flags are not known */
};

static mla_imap_keep_state state_of(const mla_range *uids, size_t count)
{
    mla_imap_keep_state s;

    memset(&s, 0, sizeof s);
    s.struct_size = sizeof s;
    s.uidvalidity = 7;
    s.modseq = 9;
    s.uids = uids;
    s.uid_count = count;
    return s;
}

static void same_words(const mla_str *a, size_t n, const mla_str *b, size_t m)
{
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(a[i].len, b[i].len);
        assert_memory_equal(a[i].ptr, b[i].ptr, a[i].len);
    }
}

/* The same messages; with the same flags, as far as `a` knows them. */
static void same(const struct known *a, const struct known *b, int with_flags)
{
    assert_int_equal(a->map.count, b->map.count);
    assert_int_equal(a->uidvalidity, b->uidvalidity);
    assert_true(a->modseq == b->modseq);
    assert_true(msgmap_sane(&b->map));
    for (uint32_t seq = 1; seq <= a->map.count; seq++) {
        const mla_str *words[2];
        uint32_t count[2];
        struct msgmap_row x;
        struct msgmap_row y;

        msgmap_row(&a->map, seq, &x);
        msgmap_row(&b->map, seq, &y);
        assert_int_equal(x.uid, y.uid);
        assert_int_equal(y.flags != 0, with_flags && x.flags != 0);
        if (y.flags == 0)
            continue;
        assert_int_equal(flagbook_words(&a->flags, (uint32_t)x.flags, &words[0], &count[0]),
                         flagbook_words(&b->flags, (uint32_t)y.flags, &words[1], &count[1]));
        same_words(words[0], count[0], words[1], count[1]);
    }
}

static unsigned draw(unsigned *x)
{
    *x = *x * 1103515245 + 12345;
    return *x >> 12;
}

static void fill(struct known *k, unsigned seed)
{
    unsigned x = seed;
    uint32_t end;

    known_init(k, mem_default());
    for (uint32_t uid = 1; uid < UIDS; uid = end + draw(&x) % 3) {
        unsigned kind = draw(&x) % 5;

        end = uid + 1 + (draw(&x) % 4 == 0 ? draw(&x) % 400 : draw(&x) % 3);
        for (; uid < end; uid++)
            known_fetched(k, uid, &kinds[kind]);
    }
    k->uidvalidity = seed;
    k->modseq = seed + 40;
}

static void what_is_read_is_what_is_known(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 8; seed++) {
        struct saved s = {0};
        struct saved t = {0};
        struct known k;
        struct known later;

        fill(&k, seed);
        known_init(&later, mem_default());
        for (int with_flags = 0; with_flags < 2; with_flags++) {
            assert_int_equal(saved_read(&s, &k, with_flags), 0);
            assert_int_equal(s.state.flag_count != 0, with_flags);
            assert_int_equal(saved_load(&later, &s.state, NULL), 0);
            same(&k, &later, with_flags);
            assert_int_equal(groups_any(&later.news), 0); /* it is no news */
            /* and what is read from that is the same again */
            assert_int_equal(saved_read(&t, &later, with_flags), 0);
            assert_int_equal(t.state.uid_count, s.state.uid_count);
            assert_memory_equal(t.uids, s.uids, s.state.uid_count * sizeof *s.uids);
            assert_int_equal(t.state.flag_count, s.state.flag_count);
            for (size_t i = 0; i < s.state.flag_count; i++) {
                assert_int_equal(t.flags[i].first, s.flags[i].first);
                assert_int_equal(t.flags[i].last, s.flags[i].last);
                same_words(t.flags[i].words, t.flags[i].word_count, s.flags[i].words,
                           s.flags[i].word_count);
            }
            known_void(&later);
        }
        saved_clear(&s, mem_default());
        saved_clear(&t, mem_default());
        known_free(&k);
    }
}

static void refuse(const mla_imap_keep_state *s)
{
    struct known k;
    mla_error err = {0};

    known_init(&k, mem_default());
    assert_int_equal(saved_load(&k, s, &err), MLA_E_ARG);
    assert_non_null(strstr(err.message, "stored"));
    assert_int_equal(k.map.count, 0);
    assert_int_equal(k.uidvalidity, 0);
    known_free(&k);
}

static void what_is_malformed_is_refused(void **state)
{
    static const mla_range good[] = {{1, 3}, {4, 4}};
    static const mla_range bad[][2] = {{{0, 3}, {4, 4}},          {{3, 1}, {4, 4}},
                                       {{1, 4}, {4, 4}},          {{1, 3}, {2, 2}},
                                       {{1, 3}, {4, UINT32_MAX}}, {{1, 0}, {4, 4}}};
    mla_imap_keep_state s = state_of(good, 2);
    mla_imap_keep_flags f[2] = {{1, 3, seen_work, 2}, {4, 4, NULL, 0}};
    mla_str empty = {"", 0};
    struct known k;

    (void)state;
    s.flags = f;
    s.flag_count = 2;
    known_init(&k, mem_default());
    assert_int_equal(saved_load(&k, &s, NULL), 0);
    known_free(&k);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        s = state_of(bad[i], 2);
        refuse(&s);
    }
    s = state_of(NULL, 1);
    refuse(&s);
    s = state_of(good, 2);
    s.uidvalidity = 0;
    refuse(&s);
    s = state_of(good, 2);
    s.modseq = (uint64_t)INT64_MAX + 1;
    refuse(&s);
    s = state_of(good, 2);
    s.flag_count = 1;
    refuse(&s);
    s.flags = f;
    s.flag_count = 2;
    f[1].first = 3;
    refuse(&s);
    f[1].first = 4;
    f[1].word_count = 1;
    refuse(&s);
    f[1].words = &empty;
    refuse(&s);
}

/* Four billion messages are claimed in eight octets, and cost no more. */
static void a_lie_costs_nothing(void **state)
{
    static const mla_range all[] = {{1, UINT32_MAX - 1}};
    const mla_imap_keep_flags f = {2, UINT32_MAX - 2, seen_work, 2};
    mla_imap_keep_state in = state_of(all, 1);
    struct saved s = {0};
    struct known k;
    struct runs r;
    int kind;

    (void)state;
    in.flags = &f;
    in.flag_count = 1;
    known_init(&k, mem_default());
    assert_int_equal(saved_load(&k, &in, NULL), 0);
    assert_int_equal(k.map.count, UINT32_MAX - 1);
    assert_in_range(msgmap_octets(&k.map), 1, 4096);
    assert_int_equal(saved_read(&s, &k, 1), 0);
    assert_int_equal(s.state.uid_count, 1);
    assert_int_equal(s.state.flag_count, 1);
    assert_int_equal(s.flags[0].first, 2);
    assert_int_equal(s.flags[0].last, UINT32_MAX - 2);
    saved_clear(&s, mem_default());
    known_fetched(&k, 1000000, &kinds[3]);
    known_gone(&k, 5, UINT32_MAX);
    assert_int_equal(k.map.count, 4);
    assert_int_equal(groups_next(&k.news, &kind, &r), 1);
    assert_int_equal(kind, NEWS_CHANGED);
    mem_free(mem_default(), r.at);
    assert_int_equal(groups_next(&k.news, &kind, &r), 1);
    assert_true(r.messages == UINT32_MAX - 5);
    mem_free(mem_default(), r.at);
    assert_int_equal(k.error, 0);
    known_free(&k);
}

static void more_than_may_be_held_is_refused(void **state)
{
    mla_range *uids = calloc(UIDS, sizeof *uids);
    mla_imap_keep_state in = state_of(uids, UIDS);
    struct known k;

    (void)state;
    assert_non_null(uids);
    for (uint32_t stride = 2; stride <= 300; stride += 298) {
        for (uint32_t i = 0; i < UIDS; i++) {
            uids[i].first = 1 + i * stride;
            uids[i].last = uids[i].first + stride / 2 - 1;
        }
        known_init(&k, mem_default());
        k.map.held_max = 20000;
        assert_int_equal(saved_load(&k, &in, NULL), stride == 2 ? 0 : MLA_E_LIMIT);
        known_void(&k);
        k.map.held_max = 2000;
        assert_int_equal(saved_load(&k, &in, NULL), MLA_E_LIMIT);
        assert_int_equal(k.map.count, 0);
        known_free(&k);
    }
    free(uids);
}

static void memory_may_be_short(void **state)
{
    struct saved whole = {0};
    struct known k;
    size_t n;

    (void)state;
    fill(&k, 3);
    assert_int_equal(saved_read(&whole, &k, 1), 0);
    for (n = 1; n < 400; n++) {
        struct saved s = {0};
        struct known later;
        struct fail_mem f;
        int rc;

        fail_mem_init(&f, n, 0);
        known_init(&later, &f.mem);
        rc = saved_load(&later, &whole.state, NULL);
        if (rc == 0)
            rc = saved_read(&s, &later, 1);
        else
            assert_int_equal(later.map.count, 0);
        if (rc == 0) /* a set may have had no number: its flags are not known then */
            assert_int_equal(later.map.count, k.map.count);
        else
            assert_int_equal(rc, MLA_E_NOMEM);
        saved_clear(&s, &f.mem);
        known_free(&later);
        assert_int_equal(f.held, 0);
        if (f.calls < n)
            break;
    }
    assert_in_range(n, 10, 399);
    saved_clear(&whole, mem_default());
    known_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_is_known),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(a_lie_costs_nothing),
        cmocka_unit_test(more_than_may_be_held_is_refused),
        cmocka_unit_test(memory_may_be_short),
    };

    return cmocka_run_group_tests_name("keep/saved", tests, NULL, NULL);
}
