#include "test.h"

#include "imap/enc.h"
#include "imap/state.h"

static struct imap_state box;

static int setup(void **state)
{
    (void)state;
    imap_state_init(&box, mem_default());
    return imap_state_begin(&box, imap_str("INBOX"), 0, 0);
}

static int teardown(void **state)
{
    (void)state;
    imap_state_clear(&box);
    return 0;
}

static int number(int32_t type, uint32_t n)
{
    struct mla_imap_event ev;

    memset(&ev, 0, sizeof ev);
    ev.type = type;
    ev.number = n;
    return imap_state_apply(&box, &ev);
}

static int fetch(uint32_t seq, uint32_t uid)
{
    struct mla_imap_event ev;
    mla_imap_fetch f;

    memset(&ev, 0, sizeof ev);
    memset(&f, 0, sizeof f);
    f.seq = seq;
    f.uid = uid;
    f.fields = uid != 0 ? MLA_IMAP_ITEM_UID : 0;
    ev.type = MLA_IMAP_EV_FETCH;
    ev.fetch = &f;
    return imap_state_apply(&box, &ev);
}

static void code(uint32_t id, uint64_t n)
{
    mla_imap_code c;

    memset(&c, 0, sizeof c);
    c.id = id;
    c.number = n;
    imap_state_code(&box, &c);
}

static void counts_messages(void **state)
{
    (void)state;
    assert_true(imap_state_has(&box, 7)); /* nothing is known yet */
    assert_false(imap_state_has(&box, 0));
    assert_int_equal(number(MLA_IMAP_EV_EXISTS, 3), 0);
    assert_true(imap_state_has(&box, 3));
    assert_false(imap_state_has(&box, 4));
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 2), 0);
    assert_int_equal(box.exists, 2);
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 3), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, 0), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(fetch(3, 9), MLA_IMAP_WARN_UNKNOWN_NUMBER);
    assert_int_equal(fetch(2, 9), 0);
    assert_int_equal(box.exists, 2);
}

/* P04: numbers move at once. The map is compared with a plain array. */
static void maps_numbers_to_uids(void **state)
{
    uint32_t plain[65] = {0};
    uint32_t count = 64;
    uint32_t seed = 7;

    (void)state;
    number(MLA_IMAP_EV_EXISTS, count);
    for (uint32_t i = 1; i <= count; i++)
        plain[i] = i <= 20 ? i * 2 : i <= 40 ? i + 30 : i * 2 + 10;
    for (uint32_t i = 0; i < count; i++) { /* in any order */
        uint32_t seq = i * 27 % 64 + 1;

        assert_int_equal(fetch(seq, plain[seq]), 0);
        assert_true(imap_state_sane(&box));
    }
    while (count > 0) {
        uint32_t gone;

        for (uint32_t i = 1; i <= count; i++)
            assert_int_equal(imap_state_uid(&box, i), plain[i]);
        seed = seed * 1103515245 + 12345;
        gone = seed / 65536 % count + 1;
        assert_int_equal(number(MLA_IMAP_EV_EXPUNGE, gone), 0);
        assert_true(imap_state_sane(&box));
        memmove(plain + gone, plain + gone + 1, (count - gone) * sizeof *plain);
        count--;
    }
    assert_int_equal(imap_state_uid(&box, 1), 0);
}

static void keeps_runs_not_messages(void **state) /* M08 */
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, UINT32_MAX);
    for (uint32_t i = 1; i <= 10000; i++)
        fetch(i, i + 500);
    assert_int_equal(box.run_count, 1);
    assert_int_equal(imap_state_uid(&box, 10000), 10500);
    for (uint32_t i = 1; i <= 20000; i++)
        fetch(i * 2, i * 7 + 100000);
    assert_true(box.run_count <= STATE_RUNS_MAX);
    assert_true(imap_state_sane(&box));
}

static void forgets_what_is_contradicted(void **state)
{
    (void)state;
    number(MLA_IMAP_EV_EXISTS, 9);
    fetch(1, 10);
    fetch(2, 11);
    fetch(2, 50);
    assert_int_equal(imap_state_uid(&box, 1), 0);
    assert_int_equal(imap_state_uid(&box, 2), 50);
    number(MLA_IMAP_EV_EXISTS, 5); /* fewer without EXPUNGE */
    assert_int_equal(imap_state_uid(&box, 2), 0);
    fetch(2, 50);
    code(MLA_IMAP_CODE_UIDVALIDITY, 1);
    assert_int_equal(imap_state_uid(&box, 2), 50);
    code(MLA_IMAP_CODE_UIDVALIDITY, 2); /* P08 */
    assert_int_equal(imap_state_uid(&box, 2), 0);
    assert_int_equal(box.uidvalidity, 2);
    fetch(3, 0);
    assert_int_equal(imap_state_uid(&box, 3), 0);
}

static void reads_codes(void **state)
{
    const mla_str words[] = {{"\\seen", 5}, {"$Work", 5}, {"\\*", 2}, {"\\Weird", 6}};
    mla_imap_code c;

    (void)state;
    assert_int_equal(box.permanent_flags, 95); /* all, where the server does not say */
    memset(&c, 0, sizeof c);
    c.id = MLA_IMAP_CODE_PERMANENTFLAGS;
    c.words = words;
    c.word_count = 4;
    imap_state_code(&box, &c);
    assert_int_equal(box.permanent_flags,
                     MLA_IMAP_FLAG_SEEN | MLA_IMAP_FLAG_ANY | MLA_IMAP_FLAG_KEYWORDS);
    code(MLA_IMAP_CODE_READ_ONLY, 0);
    assert_true(box.read_only);
    code(MLA_IMAP_CODE_READ_WRITE, 0);
    assert_false(box.read_only);
    code(MLA_IMAP_CODE_UIDNOTSTICKY, 0);
    assert_true(box.uid_not_sticky);
    code(MLA_IMAP_CODE_UIDNEXT, 77);
    code(MLA_IMAP_CODE_UIDNEXT, (uint64_t)UINT32_MAX + 5); /* never cut to fit */
    assert_int_equal(box.uidnext, 77);
    code(MLA_IMAP_CODE_APPENDUID, 3);
    assert_int_equal(box.uidvalidity, 0);
}

/* P32, and names as LIST gave them. */
static void begins_anew(void **state)
{
    const mla_str raw = {"caf&AOk-", 8};

    (void)state;
    number(MLA_IMAP_EV_EXISTS, 9);
    imap_state_forget(&box);
    assert_false(box.has_exists);
    assert_string_equal(box.name, "INBOX");
    assert_int_equal(imap_state_begin(&box, raw, 1, 0), 0);
    assert_string_equal(box.name, "caf\xc3\xa9");
    assert_string_equal(box.raw, "caf&AOk-");
    imap_state_forget(&box);
    assert_string_equal(box.raw, "caf&AOk-");
}

static void survives_no_memory(void **state)
{
    const mla_str raw = {"caf&AOk-", 8};

    (void)state;
    for (size_t n = 1; n < 12; n++) {
        struct fail_mem f;
        struct imap_state s;

        fail_mem_init(&f, n, 1);
        imap_state_init(&s, &f.mem);
        if (imap_state_begin(&s, raw, 1, 0) == 0)
            imap_state_learn(&s, 1, 5); /* not remembered, and no error */
        assert_true(imap_state_sane(&s));
        imap_state_clear(&s);
        assert_int_equal(f.held, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(maps_numbers_to_uids, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_runs_not_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_what_is_contradicted, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_codes, setup, teardown),
        cmocka_unit_test_setup_teardown(begins_anew, setup, teardown),
        cmocka_unit_test(survives_no_memory),
    };

    return cmocka_run_group_tests_name("imap/state", tests, NULL, NULL);
}
